/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The media thread.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use gstreamer::prelude::*;
use servo_media::player::PlayerEvent as ServoEvent;
use servo_media::{BackendInit, ServoMedia};
use servo_media_gstreamer::GStreamerBackend;
use sordino_traits::messages::MediaCommand;
use sordino_traits::{DocumentId, ElementId, Timestamp};

use crate::feed::{Seek, answer_seeks};
use crate::player::Player;
use crate::{MediaEvent, PlayerEvent};

/// What the media thread is told.
pub(crate) enum Message {
    Request(ElementId, Request),
    Command(MediaCommand),
    /// From a streaming thread.
    Servo(ElementId, ServoEvent, Timestamp),
    /// Push more data.
    Feed(ElementId),
    Shutdown,
}

/// What the event loop asks for.
pub(crate) enum Request {
    Create { document: DocumentId, length: Option<u64> },
    Remove,
    Append(Vec<u8>),
    EndOfInput,
    Play,
    Pause,
    Seek(f64),
    SetVolume { volume: f64, muted: bool },
    SetRate(f64),
}

pub(crate) fn spawn(
    observer: impl Fn(MediaEvent) + Send + 'static,
    messages: Sender<Message>,
    inbox: Receiver<Message>,
) -> std::io::Result<Receiver<Infallible>> {
    let (seeks, seek_requests) = unbounded();
    let to_media = messages.clone();
    std::thread::Builder::new()
        .name("MediaSeek".into())
        .spawn(move || answer_seeks(&seek_requests, &to_media))?;
    let (running, ended) = bounded(0);
    std::thread::Builder::new().name("Media".into()).spawn(move || {
        // Dropped, and so seen by whoever waits for it, when all else is.
        let _running = running;
        let thread = MediaThread {
            backend: start_gstreamer(&observer),
            observer,
            messages,
            seeks,
            players: HashMap::new(),
            tab_muted: false,
        };
        thread.run(&inbox);
    })?;
    Ok(ended)
}

/// Sinks that autoaudiosink would try where there is no sound server, and must not.
///
/// * OpenAL opens the same devices a second time, and complains on stderr when there is none.
/// * JACK's library keeps a database with locks in shared memory: once any program was killed while
///   it held one, every later client waits for it for ever.
const SHUNNED_SINKS: [&str; 2] = ["openalsink", "jackaudiosink"];

/// Starts servo-media with its GStreamer backend, and says how it went.
fn start_gstreamer(observer: &impl Fn(MediaEvent)) -> Option<Arc<ServoMedia>> {
    if let Err(error) = gstreamer::init() {
        observer(MediaEvent::Unavailable { reason: format!("GStreamer does not start: {error}") });
        return None;
    }
    for name in SHUNNED_SINKS {
        let sink =
            gstreamer::Registry::get().find_feature(name, gstreamer::ElementFactory::static_type());
        if let Some(sink) = sink {
            sink.set_rank(gstreamer::Rank::NONE);
        }
    }
    ServoMedia::init_with_backend(GStreamerBackend::init);
    let backend = ServoMedia::get();
    observer(MediaEvent::Ready { sound_device: has_sound_device() });
    Some(backend)
}

/// Whether the sink that every player will choose finds a device or a server. It then holds a real
/// sink instead of the one that plays to nowhere.
fn has_sound_device() -> bool {
    let Ok(sink) = gstreamer::ElementFactory::make("autoaudiosink").build() else { return false };
    let started = sink.set_state(gstreamer::State::Ready).is_ok();
    let children = sink.dynamic_cast_ref::<gstreamer::Bin>().map(|bin| bin.children());
    let is_real = |element: &gstreamer::Element| {
        element.factory().is_some_and(|factory| factory.name() != "fakesink")
    };
    let found = started && children.is_some_and(|children| children.iter().any(is_real));
    // It held no stream; nothing can be lost here.
    let _ = sink.set_state(gstreamer::State::Null);
    found
}

struct MediaThread<F> {
    /// `None` when GStreamer does not work.
    backend: Option<Arc<ServoMedia>>,
    observer: F,
    messages: Sender<Message>,
    seeks: Sender<Seek>,
    players: HashMap<ElementId, Player>,
    tab_muted: bool,
}

impl<F: Fn(MediaEvent)> MediaThread<F> {
    fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            let due = self.players.values().filter_map(Player::metadata_held_until).min();
            let message = match due.map_or_else(
                || inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                |due| inbox.recv_deadline(due),
            ) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => {
                    self.release_metadata();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            match message {
                Message::Request(element, request) => self.handle_request(element, request),
                Message::Command(MediaCommand::SetTabMuted(muted)) => {
                    self.tab_muted = muted;
                    for player in self.players.values() {
                        player.apply_volume(muted);
                    }
                }
                Message::Servo(element, event, at) => self.handle_event(element, &event, at),
                Message::Feed(element) => self.feed(element),
                Message::Shutdown => return,
            }
        }
    }

    fn report(&self, element: ElementId, event: PlayerEvent) {
        (self.observer)(MediaEvent::Player { element, event });
    }

    fn handle_request(&mut self, element: ElementId, request: Request) {
        if let Request::Create { document, length } = request {
            self.create(document, element, length);
            return;
        }
        // A request for a player that failed or was replaced is out of date.
        let Some(player) = self.players.get_mut(&element) else { return };
        match request {
            Request::Create { .. } => {}
            Request::Remove => {
                self.players.remove(&element);
            }
            Request::Append(bytes) => {
                player.append(&bytes);
                self.feed(element);
            }
            Request::EndOfInput => {
                player.end_of_input();
                self.feed(element);
            }
            Request::Play => player.play(),
            Request::Pause => player.pause(),
            Request::Seek(position) => {
                if let Err(error) = player.seek(position) {
                    log::warn!("a player cannot seek to {position} s: {error}");
                    // The element waits for the end of the seek, wherever that is.
                    self.report(element, PlayerEvent::Seeked(position));
                }
            }
            Request::SetVolume { volume, muted } => {
                player.set_volume(volume, muted, self.tab_muted);
            }
            Request::SetRate(rate) => player.set_rate(rate),
        }
    }

    fn create(&mut self, document: DocumentId, element: ElementId, length: Option<u64>) {
        self.players.remove(&element);
        let player = match &self.backend {
            Some(backend) => {
                Player::new(backend, document, element, length, &self.messages, &self.seeks)
            }
            None => Err("GStreamer is not available".to_owned()),
        };
        match player {
            Ok(player) => {
                player.apply_volume(self.tab_muted);
                self.players.insert(element, player);
            }
            Err(reason) => self.report(element, PlayerEvent::Error(reason)),
        }
    }

    fn handle_event(&mut self, element: ElementId, event: &ServoEvent, at: Timestamp) {
        let Some(player) = self.players.get_mut(&element) else { return };
        let translated = player.translate(event, at);
        match event {
            ServoEvent::NeedData => self.feed(element),
            // GstPlay stops at the end; paused, it can be moved and played again.
            ServoEvent::EndOfStream => player.pause(),
            ServoEvent::Error(_) => {
                self.players.remove(&element);
            }
            _ => {}
        }
        for event in translated {
            self.report(element, event);
        }
    }

    fn release_metadata(&mut self) {
        let now = Instant::now();
        let due = |player: &Player| player.metadata_held_until().is_some_and(|until| until <= now);
        let released: Vec<_> = self
            .players
            .iter_mut()
            .filter(|(_, player)| due(player))
            .filter_map(|(element, player)| Some((*element, player.release_metadata()?)))
            .collect();
        for (element, event) in released {
            self.report(element, event);
        }
    }

    fn feed(&self, element: ElementId) {
        let Some(player) = self.players.get(&element) else { return };
        if player.feed() {
            // This thread holds a receiver of its own inbox.
            let _ = self.messages.send(Message::Feed(element));
        }
    }
}
