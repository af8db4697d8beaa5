/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The media thread.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use servo_media::Backend;
use servo_media::player::PlayerEvent as ServoEvent;
use servo_media::streams::registry::MediaStreamId;
use sordino_traits::{DocumentId, ElementId, SessionId, Timestamp};

use crate::contexts::Contexts;
use crate::feed::{Seek, Store, answer_seeks};
use crate::player::{Player, Setup as PlayerSetup};
use crate::startup::start_gstreamer;
use crate::web_audio::{Job, Setup};
use crate::{CommandTarget, MediaEvent, PlayerEvent, PlayerNumber};

/// What the media thread is told.
pub(crate) enum Message {
    Request(ElementId, Request),
    /// From a streaming thread.
    Servo(ElementId, PlayerNumber, ServoEvent, Timestamp),
    /// Push more data.
    Feed(ElementId),
    /// There is something new in the store of a player. The flag is taken back when it is seen.
    Data(ElementId, PlayerNumber, Arc<AtomicBool>),
    /// From the session sink.
    StreamsSilenced(bool),
    /// An audio context is to be rendered.
    AudioContext {
        document: DocumentId,
        id: ElementId,
        setup: Box<Setup>,
    },
    Decode(Job),
    /// From the thread of the captures, a rendering thread, or the one that decodes.
    Report(MediaEvent),
    Shutdown,
}

/// What a player is to play.
#[derive(Clone)]
pub(crate) enum Playable {
    Resource(Arc<Store>),
    Stream(MediaStreamId),
}

/// What the event loop asks for.
pub(crate) enum Request {
    Create { session: SessionId, number: PlayerNumber, media: Playable },
    Remove,
    Player(PlayerRequest),
}

/// What a player should do.
#[derive(Clone, Copy)]
pub(crate) enum PlayerRequest {
    Play,
    Pause,
    Seek(f64),
    SetVolume { volume: f64, muted: bool },
    SetRate(f64),
    Move(SessionId),
}

pub(crate) fn spawn(
    own_audio_sink: bool,
    observer: impl Fn(MediaEvent) + Send + 'static,
    messages: Sender<Message>,
    inbox: Receiver<Message>,
    commands: CommandTarget,
) -> std::io::Result<Receiver<Infallible>> {
    let (seeks, seek_requests) = unbounded();
    std::thread::Builder::new()
        .name("MediaSeek".into())
        .spawn(move || answer_seeks(&seek_requests))?;
    let (running, ended) = bounded(0);
    std::thread::Builder::new().name("Media".into()).spawn(move || {
        // Dropped, and so seen by whoever waits for it, when all else is.
        let _running = running;
        let thread = MediaThread {
            backend: start_gstreamer(own_audio_sink, &observer, &messages, &commands),
            contexts: Contexts::new(commands, messages.clone()),
            observer,
            messages,
            seeks,
            players: HashMap::new(),
            waiting: HashMap::new(),
        };
        thread.run(&inbox);
    })?;
    Ok(ended)
}

struct MediaThread<F> {
    /// `None` when GStreamer does not work.
    backend: Option<Arc<dyn Backend>>,
    contexts: Contexts,
    observer: F,
    messages: Sender<Message>,
    seeks: Sender<Seek>,
    players: HashMap<ElementId, Player>,
    /// Those that are not made yet.
    waiting: HashMap<ElementId, Waiting>,
}

/// A player that is made when its resource is complete, when enough of it is there, or after [`GRACE`].
///
/// GStreamer downloads what is complete into a buffer of its own, where demuxers look things up:
/// without it Ogg files have wrong durations and inexact seeks. But that buffer plays nothing until
/// everything is there, so what comes slowly is played as it comes.
struct Waiting {
    session: SessionId,
    number: PlayerNumber,
    media: Playable,
    /// Until when it waits for its resource.
    until: Instant,
    /// Whether it waits for others to make room.
    is_queued: bool,
    /// What is to be done with it when it is made.
    requests: Vec<PlayerRequest>,
}

/// How long a resource may take to be complete before it is played as it comes.
const GRACE: Duration = Duration::from_millis(200);
/// How many players a process may have at work: each has several threads and descriptors.
const MAX_PLAYERS: usize = 75;
/// How many players that have come to their end are kept ready to play again at once.
const MAX_ENDED: usize = 4;

fn too_many() -> String {
    format!("the page has {MAX_PLAYERS} media players already")
}

impl<F: Fn(MediaEvent)> MediaThread<F> {
    fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            let message = match self.due() {
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => inbox.recv_deadline(due),
            };
            match message {
                Ok(Message::Request(element, request)) => self.handle_request(element, request),
                Ok(Message::Servo(element, number, event, at)) => {
                    self.handle_event(element, number, &event, at);
                }
                Ok(Message::Feed(element)) => self.push(element),
                Ok(Message::Data(element, number, is_told)) => {
                    is_told.store(false, Ordering::Release);
                    self.more_is_there(element, number);
                }
                Ok(Message::StreamsSilenced(silenced)) => {
                    (self.observer)(MediaEvent::StreamsSilenced(silenced));
                }
                Ok(Message::AudioContext { document, id, setup }) => {
                    self.contexts.render(document, id, *setup);
                }
                Ok(Message::Decode(job)) => self.contexts.decode(job),
                Ok(Message::Report(event)) => (self.observer)(event),
                Err(RecvTimeoutError::Timeout) => self.do_what_is_due(),
                Ok(Message::Shutdown) | Err(RecvTimeoutError::Disconnected) => return,
            }
            self.make_queued();
        }
    }

    fn due(&self) -> Option<Instant> {
        let held = self.players.values().filter_map(Player::metadata_held_until);
        let waiting = self.waiting.values().filter(|waiting| !waiting.is_queued);
        held.chain(waiting.map(|waiting| waiting.until)).min()
    }

    fn do_what_is_due(&mut self) {
        let now = Instant::now();
        let due = |player: &Player| player.metadata_held_until().is_some_and(|until| until <= now);
        let released: Vec<_> = self
            .players
            .iter_mut()
            .filter(|(_, player)| due(player))
            .filter_map(|(element, player)| {
                Some((*element, player.number(), player.release_metadata()?))
            })
            .collect();
        for (element, number, event) in released {
            self.report(element, number, event);
        }
        let waiting = self.waiting.iter().filter(|(_, it)| it.until <= now && !it.is_queued);
        let start: Vec<_> = waiting.map(|(element, _)| *element).collect();
        for element in start {
            self.make(element);
        }
    }

    fn report(&self, element: ElementId, player: PlayerNumber, event: PlayerEvent) {
        (self.observer)(MediaEvent::Player { element, player, event });
    }

    fn handle_request(&mut self, element: ElementId, request: Request) {
        match request {
            Request::Create { session, number, media } => {
                self.players.remove(&element);
                let is_live = matches!(media, Playable::Stream(_));
                let until = Instant::now() + GRACE;
                let (is_queued, requests) = (false, Vec::new());
                let waiting = Waiting { session, number, media, until, is_queued, requests };
                self.waiting.insert(element, waiting);
                if is_live {
                    self.make(element);
                }
            }
            Request::Remove => {
                self.waiting.remove(&element);
                self.players.remove(&element);
            }
            Request::Player(request) => match self.waiting.get_mut(&element) {
                Some(waiting) => waiting.requests.push(request),
                None => self.handle_request_to_player(element, request),
            },
        }
    }

    fn more_is_there(&mut self, element: ElementId, number: PlayerNumber) {
        if let Some(waiting) = self.waiting.get(&element).filter(|it| it.number == number) {
            if let Playable::Resource(store) = &waiting.media
                && !waiting.is_queued
                && (store.is_complete() || store.wish().0.paused)
            {
                self.make(element);
            }
        } else if let Some(player) = self.players.get(&element)
            && player.number() == number
        {
            player.length_may_be_known();
            self.push(element);
            self.report_buffered(element);
        }
    }

    fn handle_request_to_player(&mut self, element: ElementId, request: PlayerRequest) {
        // What else is asked of one that sleeps is only noted.
        let wakes = matches!(request, PlayerRequest::Play | PlayerRequest::Seek(_))
            && self.players.get(&element).is_some_and(Player::is_asleep);
        let has_room = !wakes || self.make_room();
        // A request for a player that failed or was replaced is out of date.
        let Some(player) = self.players.get_mut(&element) else { return };
        let number = player.number();
        if wakes && let Err(reason) = if has_room { player.wake() } else { Err(too_many()) } {
            self.players.remove(&element);
            self.report(element, number, PlayerEvent::Error(reason));
            return;
        }
        match request {
            PlayerRequest::Play => player.play(),
            PlayerRequest::Pause => player.pause(),
            PlayerRequest::Seek(position) => {
                if let Err(error) = player.seek(position) {
                    log::warn!("a player cannot seek to {position} s: {error}");
                    // The element waits for the end of the seek, wherever that is.
                    self.report(element, number, PlayerEvent::Seeked(position));
                }
            }
            PlayerRequest::SetVolume { volume, muted } => player.set_volume(volume, muted),
            PlayerRequest::SetRate(rate) => player.set_rate(rate),
            PlayerRequest::Move(session) => {
                if let Err(reason) = player.move_to(session) {
                    self.players.remove(&element);
                    self.report(element, number, PlayerEvent::Error(reason));
                }
            }
        }
    }

    fn report_buffered(&mut self, element: ElementId) {
        let Some(player) = self.players.get_mut(&element) else { return };
        let number = player.number();
        if let Some(event) = player.newly_buffered() {
            self.report(element, number, event);
        }
    }

    fn at_work(&self) -> usize {
        self.players.values().filter(|player| !player.is_asleep()).count()
    }

    /// Whether one more player may be at work: if there are too many, the one that has had nothing to do
    /// for the longest time is put to sleep.
    fn make_room(&mut self) -> bool {
        if self.at_work() < MAX_PLAYERS {
            return true;
        }
        let idle = self.players.values_mut().filter(|player| player.idle_since().is_some());
        let longest = idle.min_by_key(|player| player.idle_since());
        longest.map(Player::sleep).is_some()
    }

    /// Makes the player that has waited for room for the longest time, if there is some now.
    fn make_queued(&mut self) {
        let queued = self.waiting.iter().filter(|(_, waiting)| waiting.is_queued);
        let first = queued.min_by_key(|(_, waiting)| waiting.until).map(|(element, _)| *element);
        if let Some(element) = first {
            self.make(element);
        }
    }

    /// Makes a player that waits for it.
    fn make(&mut self, element: ElementId) {
        let has_room = self.make_room();
        // Those that load will come to rest, unless they are to play.
        let will_be_room = || self.players.values().any(Player::is_loading);
        if !has_room && will_be_room() {
            if let Some(waiting) = self.waiting.get_mut(&element) {
                waiting.is_queued = true;
            }
            return;
        }
        let Some(waiting) = self.waiting.remove(&element) else { return };
        let player = match &self.backend {
            None => Err("GStreamer is not available".to_owned()),
            Some(_) if !has_room => Err(too_many()),
            Some(backend) => Player::new(PlayerSetup {
                backend: backend.clone(),
                session: waiting.session,
                element,
                number: waiting.number,
                media: waiting.media,
                messages: self.messages.clone(),
                seeks: self.seeks.clone(),
            }),
        };
        match player {
            Ok(player) => {
                self.players.insert(element, player);
                for request in waiting.requests {
                    self.handle_request_to_player(element, request);
                }
            }
            Err(reason) => self.report(element, waiting.number, PlayerEvent::Error(reason)),
        }
        self.report_buffered(element);
    }

    fn handle_event(
        &mut self,
        element: ElementId,
        number: PlayerNumber,
        event: &ServoEvent,
        at: Timestamp,
    ) {
        let Some(player) = self.players.get_mut(&element) else { return };
        if player.number() != number {
            return;
        }
        let translated = player.translate(event, at);
        match event {
            ServoEvent::NeedData => self.push(element),
            ServoEvent::EndOfStream => {
                // GstPlay stops at the end; paused, it can be moved and played again.
                player.pause();
                self.put_ended_to_sleep();
            }
            ServoEvent::Error(_) => {
                self.players.remove(&element);
            }
            _ => {}
        }
        for event in translated {
            self.report(element, number, event);
        }
        self.report_buffered(element);
    }

    /// Pages make many short sounds, each with an element of its own that they forget.
    fn put_ended_to_sleep(&mut self) {
        let mut ended: Vec<_> = self.players.values_mut().filter(|it| it.has_ended()).collect();
        ended.sort_by_key(|player| player.idle_since());
        let surplus = ended.len().saturating_sub(MAX_ENDED);
        ended.into_iter().take(surplus).for_each(Player::sleep);
    }

    fn push(&self, element: ElementId) {
        let Some(player) = self.players.get(&element) else { return };
        if player.push() {
            // This thread holds a receiver of its own inbox.
            let _ = self.messages.send(Message::Feed(element));
        }
        if player.wants_other_fetch() {
            self.report(element, player.number(), PlayerEvent::Fetch);
        }
    }
}
