/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! One player of a media element: servo-media's, under the session of its document.

use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use servo_base::generic_channel::GenericCallback;
use servo_media::player::context::{GlApi, GlContext, NativeDisplay, PlayerGLContext};
use servo_media::player::{
    PlaybackState, Player as ServoPlayer, PlayerError, PlayerEvent as ServoEvent, StreamType,
};
use servo_media::{Backend, ClientContextId};
use sordino_traits::{ElementId, SessionId, Timestamp};

use crate::feed::{Feed, Resource, Seek, Store};
use crate::lock::lock;
use crate::thread::{Message, Playable};
use crate::{PlayerEvent, PlayerNumber, plugins};

/// No video is drawn.
struct NoGl;

impl PlayerGLContext for NoGl {
    fn get_gl_context(&self) -> GlContext {
        GlContext::Unknown
    }

    fn get_native_display(&self) -> NativeDisplay {
        NativeDisplay::Unknown
    }

    fn get_gl_api(&self) -> GlApi {
        GlApi::None
    }
}

/// How many chunks are pushed before other messages have their turn.
const CHUNKS_PER_TURN: usize = 4;

/// What a player is made of.
pub(crate) struct Setup {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) session: SessionId,
    pub(crate) element: ElementId,
    pub(crate) number: PlayerNumber,
    pub(crate) media: Playable,
    pub(crate) messages: Sender<Message>,
    pub(crate) seeks: Sender<Seek>,
}

/// Each audio session is a session of the backend. No document and no entry of a namespace have the
/// same index.
pub(crate) fn session_of(session: SessionId) -> ClientContextId {
    let document = session.document;
    let index = if session.is_entry() { session.entry } else { document.index.get() };
    ClientContextId::build(document.namespace.0, index)
}

type Inner = Arc<Mutex<dyn ServoPlayer>>;

pub(crate) struct Player {
    setup: Setup,
    /// `None` while it sleeps: it gave its threads and descriptors back, and is made anew when it
    /// is wanted.
    inner: Option<Inner>,
    /// Empty for a stream.
    store: Arc<Store>,
    feed: Arc<Feed>,
    /// The gain of the page, 0..1.
    volume: f64,
    /// Whether the page muted it.
    muted: bool,
    rate: f64,
    metadata: Metadata,
    /// In seconds, if it is known.
    duration: Option<f64>,
    /// In seconds, as it was said last.
    position: f64,
    /// Where it was said that there are data, in seconds.
    buffered: Vec<(f64, f64)>,
    /// The length that GStreamer was told, in bytes.
    told_length: Cell<Option<u64>>,
    /// Where to go, in seconds, when a player that was made anew is ready.
    wake_at: Option<f64>,
    /// Whether the element wants time to advance.
    is_playing: bool,
    /// Whether it is on its way to another position.
    is_seeking: bool,
    has_ended: bool,
    /// When it last was told or has said something of that.
    since: Instant,
}

/// A player from the start of its media.
fn make_inner(setup: &Setup, store: &Arc<Store>) -> Result<(Inner, Arc<Feed>), String> {
    let feed = Arc::new(Feed::new(store.clone()));
    let (element, number) = (setup.element, setup.number);
    let callback = {
        let (feed, messages, seeks) = (feed.clone(), setup.messages.clone(), setup.seeks.clone());
        GenericCallback::new(move |event| {
            let Ok(event) = event else { return };
            // Whoever receives these has gone when the process is about to exit.
            if let ServoEvent::SeekData(offset, lock) = event {
                let _ = seeks.send(Seek::new(feed.clone(), offset, lock));
            } else {
                if matches!(event, ServoEvent::NeedData) {
                    feed.go_on();
                }
                let message = Message::Servo(element, number, event, Timestamp::now());
                let _ = messages.send(message);
            }
        })
        .map_err(|error| format!("no channel to the player: {error:?}"))?
    };
    let session = session_of(setup.session);
    let kind = match setup.media {
        Playable::Stream(_) => StreamType::Stream,
        Playable::Resource(_) => StreamType::Seekable,
    };
    let inner = setup.backend.create_player(&session, kind, callback, None, None, Box::new(NoGl));
    call(&inner, |inner| {
        if let Playable::Stream(stream) = &setup.media {
            return inner.set_stream(stream, true);
        }
        inner.set_download_buffering_enabled(store.is_complete())?;
        if let Some(length) = store.length() {
            inner.set_input_size(length)?;
        }
        inner.set_seekable(true)
    })?;
    Ok((inner, feed))
}

fn call(
    inner: &Inner,
    method: impl FnOnce(&dyn ServoPlayer) -> Result<(), PlayerError>,
) -> Result<(), String> {
    let inner = lock(inner);
    method(&*inner).map_err(|error| match error {
        PlayerError::Backend(reason) => reason,
        error => format!("{error:?}"),
    })
}

/// GstPlay reports the media's kind, and right after that the duration if it knows one. The two are
/// one report to the element.
enum Metadata {
    Unknown,
    /// Without a duration; to be reported at the latest at that time.
    Held {
        kind: Kind,
        until: Instant,
    },
    Reported,
}

/// What there is in the media.
#[derive(Clone, Copy)]
struct Kind {
    has_audio: bool,
    /// In pixels.
    video_size: Option<(u32, u32)>,
}

impl Kind {
    fn metadata(self, duration: Option<Duration>) -> PlayerEvent {
        let Self { has_audio, video_size } = self;
        PlayerEvent::Metadata { duration, has_audio, video_size }
    }
}

/// The latest position, in seconds: some 30 years.
const LATEST: f64 = 1e9;

/// How long the duration may take to follow.
const HOLD: Duration = Duration::from_millis(100);

impl Player {
    /// # Errors
    ///
    /// GStreamer's reason why nothing can be played.
    pub(crate) fn new(setup: Setup) -> Result<Self, String> {
        let store = match &setup.media {
            Playable::Resource(store) => store.clone(),
            Playable::Stream(_) => Arc::new(Store::new(Resource::default())),
        };
        let (inner, feed) = make_inner(&setup, &store)?;
        Ok(Self {
            setup,
            inner: Some(inner),
            store,
            feed,
            volume: 1.0,
            muted: false,
            rate: 1.0,
            metadata: Metadata::Unknown,
            duration: None,
            position: 0.0,
            buffered: Vec::new(),
            told_length: Cell::new(None),
            wake_at: None,
            is_playing: false,
            is_seeking: false,
            has_ended: false,
            since: Instant::now(),
        })
    }

    pub(crate) fn number(&self) -> PlayerNumber {
        self.setup.number
    }

    pub(crate) fn is_asleep(&self) -> bool {
        self.inner.is_none()
    }

    /// Whether something else is wanted of the fetch than before.
    pub(crate) fn wants_other_fetch(&self) -> bool {
        !self.is_asleep() && self.is_of_resource() && self.store.wish().1
    }

    fn is_of_resource(&self) -> bool {
        matches!(self.setup.media, Playable::Resource(_))
    }

    /// Since when it has nothing to do, if it is awake.
    pub(crate) fn idle_since(&self) -> Option<Instant> {
        let is_busy = self.is_asleep() || self.is_playing || self.is_seeking;
        (!is_busy && self.can_be_made_anew()).then_some(self.since)
    }

    /// Whether it is not known yet what it plays.
    pub(crate) fn is_loading(&self) -> bool {
        !matches!(self.metadata, Metadata::Reported)
    }

    /// Whether it stands at its end, awake.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended && self.idle_since().is_some()
    }

    /// Whether it has all that it takes to go on where it is after it has slept.
    fn can_be_made_anew(&self) -> bool {
        matches!(self.metadata, Metadata::Reported)
            && self.is_of_resource()
            && self.store.length().is_some()
    }

    /// Gives back what the system gave; only the bytes stay.
    pub(crate) fn sleep(&mut self) {
        if self.can_be_made_anew() {
            self.inner = None;
        }
    }

    /// # Errors
    ///
    /// GStreamer's reason why nothing can be played.
    pub(crate) fn wake(&mut self) -> Result<(), String> {
        let (inner, feed) = make_inner(&self.setup, &self.store)?;
        (self.inner, self.feed) = (Some(inner), feed);
        self.told_length.set(None);
        self.wake_at.get_or_insert(if self.has_ended { 0.0 } else { self.position });
        self.apply_volume();
        self.try_call("change its rate", |inner| inner.set_playback_rate(self.rate));
        Ok(())
    }

    /// # Errors
    ///
    /// GStreamer's reason why nothing can be played any more.
    pub(crate) fn move_to(&mut self, session: SessionId) -> Result<(), String> {
        if std::mem::replace(&mut self.setup.session, session) == session || self.is_asleep() {
            return Ok(());
        }
        if !self.can_be_made_anew() {
            return Err("live media cannot be taken to another audio session".into());
        }
        self.inner = None;
        self.wake()?;
        if self.is_playing {
            self.play();
        }
        Ok(())
    }

    fn call(
        &self,
        method: impl FnOnce(&dyn ServoPlayer) -> Result<(), PlayerError>,
    ) -> Result<(), String> {
        let Some(inner) = &self.inner else { return Ok(()) };
        call(inner, method)
    }

    fn try_call(
        &self,
        what: &str,
        method: impl FnOnce(&dyn ServoPlayer) -> Result<(), PlayerError>,
    ) {
        if let Err(error) = self.call(method) {
            log::warn!("a player cannot {what}: {error}");
        }
    }

    /// Tells GStreamer the length in bytes once it is known.
    pub(crate) fn length_may_be_known(&self) {
        let length = self.store.length();
        if let Some(length) = length
            && self.told_length.replace(Some(length)) != Some(length)
        {
            self.try_call("take the length", |inner| inner.set_input_size(length));
        }
    }

    /// Pushes some data. Returns whether there is more to push at once.
    pub(crate) fn push(&self) -> bool {
        let Some(inner) = &self.inner else { return false };
        let inner = lock(inner);
        (0..CHUNKS_PER_TURN).all(|_| self.feed.push_to(&*inner))
    }

    pub(crate) fn play(&mut self) {
        (self.is_playing, self.has_ended) = (true, false);
        self.try_call("play", |inner| inner.play());
    }

    pub(crate) fn pause(&mut self) {
        (self.is_playing, self.since) = (false, Instant::now());
        self.try_call("pause", |inner| inner.pause());
    }

    pub(crate) fn seek(&mut self, position: f64) -> Result<(), String> {
        (self.has_ended, self.since) = (false, Instant::now());
        // GStreamer counts nanoseconds in 64 bits, and servo-media panics when they do not do.
        let position = position.clamp(0.0, LATEST);
        self.position = position;
        if let Some(wake_at) = &mut self.wake_at {
            *wake_at = position;
            return Ok(());
        }
        let seek = self.call(|inner| inner.seek(position));
        self.is_seeking = seek.is_ok();
        seek
    }

    pub(crate) fn set_rate(&mut self, rate: f64) {
        self.rate = rate;
        self.try_call("change its rate", |inner| inner.set_playback_rate(rate));
    }

    pub(crate) fn set_volume(&mut self, volume: f64, muted: bool) {
        (self.volume, self.muted) = (volume, muted);
        self.apply_volume();
    }

    fn apply_volume(&self) {
        self.try_call("change its volume", |inner| {
            inner.set_volume(self.volume)?;
            inner.set_mute(self.muted)
        });
    }

    /// What an event of servo-media means to the element.
    pub(crate) fn translate(&mut self, event: &ServoEvent, at: Timestamp) -> Vec<PlayerEvent> {
        let event = match event {
            ServoEvent::MetadataUpdated(metadata) => {
                let has_video = !metadata.video_tracks.is_empty();
                let kind = Kind {
                    has_audio: !metadata.audio_tracks.is_empty(),
                    video_size: has_video.then_some((metadata.width, metadata.height)),
                };
                return self.metadata_updated(metadata.duration, kind);
            }
            ServoEvent::DurationChanged(duration) => match self.metadata {
                Metadata::Held { kind, .. } => return self.metadata_updated(*duration, kind),
                _ => {
                    self.duration = duration.map(|it| it.as_secs_f64());
                    PlayerEvent::Duration(*duration)
                }
            },
            ServoEvent::PositionChanged(seconds) => {
                self.position = *seconds;
                PlayerEvent::Position(*seconds, at)
            }
            ServoEvent::SeekDone(seconds) => {
                (self.position, self.is_seeking) = (*seconds, false);
                PlayerEvent::Seeked(*seconds)
            }
            ServoEvent::EndOfStream => {
                (self.has_ended, self.since) = (true, Instant::now());
                PlayerEvent::Ended
            }
            ServoEvent::Error(reason) => PlayerEvent::Error(plugins::explain(reason)),
            ServoEvent::StateChanged(PlaybackState::Playing) => PlayerEvent::Playing,
            ServoEvent::StateChanged(PlaybackState::Paused) => PlayerEvent::Paused,
            ServoEvent::StateChanged(PlaybackState::Buffering) => PlayerEvent::Buffering,
            ServoEvent::StateChanged(PlaybackState::Stopped)
            | ServoEvent::EnoughData
            | ServoEvent::NeedData
            | ServoEvent::SeekData(..)
            | ServoEvent::VideoFrameUpdated => return Vec::new(),
        };
        let goes_on = matches!(event, PlayerEvent::Playing | PlayerEvent::Ended);
        let held = goes_on.then(|| self.release_metadata()).flatten();
        held.into_iter().chain([event]).collect()
    }

    /// What is to be said of how much is there, when it is a hundredth more than was said.
    pub(crate) fn newly_buffered(&mut self) -> Option<PlayerEvent> {
        let duration = self.duration.filter(|_| matches!(self.metadata, Metadata::Reported))?;
        let length = self.store.length().filter(|length| *length > 0)?;
        let seconds = |offset: u64| duration * (offset.min(length) as f64 / length as f64);
        let ranges = self.store.ranges().into_iter();
        let buffered: Vec<_> = ranges.map(|it| (seconds(it.start), seconds(it.end))).collect();
        let step = duration / 100.0;
        let is_news = buffered.len() != self.buffered.len()
            || buffered.iter().zip(&self.buffered).any(|(new, old)| {
                let is_at_end = new.1 == duration && old.1 != duration;
                is_at_end || (new.0 - old.0).abs() >= step || (new.1 - old.1).abs() >= step
            });
        is_news.then(|| {
            self.buffered.clone_from(&buffered);
            PlayerEvent::Buffered(buffered)
        })
    }

    fn metadata_updated(&mut self, duration: Option<Duration>, kind: Kind) -> Vec<PlayerEvent> {
        self.duration = duration.map(|it| it.as_secs_f64()).or(self.duration);
        let event = match self.metadata {
            Metadata::Reported => {
                // It comes again with new tags, and when the player was made anew.
                if let Some(position) = self.wake_at.take() {
                    if position == 0.0 {
                        return vec![PlayerEvent::Seeked(0.0)];
                    }
                    if let Err(error) = self.seek(position) {
                        log::warn!("a player cannot seek to {position} s: {error}");
                        return vec![PlayerEvent::Seeked(position)];
                    }
                }
                return duration.map(|it| PlayerEvent::Duration(Some(it))).into_iter().collect();
            }
            Metadata::Held { .. } if duration.is_none() => return Vec::new(),
            Metadata::Unknown if duration.is_none() => {
                self.metadata = Metadata::Held { kind, until: Instant::now() + HOLD };
                return Vec::new();
            }
            _ => kind.metadata(duration),
        };
        self.metadata = Metadata::Reported;
        vec![event]
    }

    /// When [`Player::release_metadata`] is due.
    pub(crate) fn metadata_held_until(&self) -> Option<Instant> {
        match self.metadata {
            Metadata::Held { until, .. } => Some(until),
            _ => None,
        }
    }

    /// Metadata whose duration did not follow: it is unknown, or there is no end.
    pub(crate) fn release_metadata(&mut self) -> Option<PlayerEvent> {
        let Metadata::Held { kind, .. } = self.metadata else { return None };
        self.metadata = Metadata::Reported;
        Some(kind.metadata(None))
    }
}
