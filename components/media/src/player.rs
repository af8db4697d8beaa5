/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! One player of a media element: servo-media's, under the session of its document.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use servo_base::generic_channel::GenericCallback;
use servo_media::player::context::{GlApi, GlContext, NativeDisplay, PlayerGLContext};
use servo_media::player::{
    PlaybackState, Player as ServoPlayer, PlayerError, PlayerEvent as ServoEvent, StreamType,
};
use servo_media::{Backend, ClientContextId};
use sordino_traits::{DocumentId, ElementId, Timestamp};

use crate::feed::{Feed, Seek};
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
    pub(crate) document: DocumentId,
    pub(crate) element: ElementId,
    pub(crate) number: PlayerNumber,
    pub(crate) media: Playable,
    /// Whether all of the resource is there.
    pub(crate) is_complete: bool,
    pub(crate) messages: Sender<Message>,
    pub(crate) seeks: Sender<Seek>,
}

/// Each document is a session of the backend.
pub(crate) fn session_of(document: DocumentId) -> ClientContextId {
    ClientContextId::build(document.namespace.0, document.index.get())
}

type Inner = Arc<Mutex<dyn ServoPlayer>>;

pub(crate) struct Player {
    setup: Setup,
    /// `None` while it sleeps: it gave its threads and descriptors back, and is made anew when it
    /// is wanted.
    inner: Option<Inner>,
    feed: Arc<Feed>,
    /// The gain of the page, 0..1.
    volume: f64,
    /// Whether the page muted it.
    muted: bool,
    rate: f64,
    metadata: Metadata,
    /// In seconds, if it is known.
    duration: Option<f64>,
    /// To where it was said that there are data, in seconds.
    buffered: f64,
    /// Where to go, in seconds, when a player that was made anew is ready.
    wake_at: Option<f64>,
    /// When it came to its end, unless it was wanted again since.
    ended_at: Option<Instant>,
}

fn make_inner(setup: &Setup, feed: &Arc<Feed>) -> Result<Inner, String> {
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
    let session = session_of(setup.document);
    let kind = match setup.media {
        Playable::Stream(_) => StreamType::Stream,
        Playable::Resource(_) => StreamType::Seekable,
    };
    let inner = setup.backend.create_player(&session, kind, callback, None, None, Box::new(NoGl));
    call(&inner, |inner| {
        let length = match &setup.media {
            Playable::Stream(stream) => return inner.set_stream(stream, true),
            Playable::Resource(length) => *length,
        };
        inner.set_download_buffering_enabled(setup.is_complete)?;
        if let Some(length) = length {
            inner.set_input_size(length)?;
        }
        inner.set_seekable(true)
    })?;
    Ok(inner)
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
        has_audio: bool,
        until: Instant,
    },
    Reported,
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
        let feed = Arc::new(Feed::default());
        let inner = make_inner(&setup, &feed)?;
        Ok(Self {
            setup,
            inner: Some(inner),
            feed,
            volume: 1.0,
            muted: false,
            rate: 1.0,
            metadata: Metadata::Unknown,
            duration: None,
            buffered: 0.0,
            wake_at: None,
            ended_at: None,
        })
    }

    pub(crate) fn number(&self) -> PlayerNumber {
        self.setup.number
    }

    pub(crate) fn is_asleep(&self) -> bool {
        self.inner.is_none()
    }

    pub(crate) fn ended_at(&self) -> Option<Instant> {
        self.ended_at.filter(|_| !self.is_asleep())
    }

    /// Gives back what the system gave; only the bytes stay.
    pub(crate) fn sleep(&mut self) {
        if self.feed.is_complete() {
            self.inner = None;
        }
    }

    /// # Errors
    ///
    /// GStreamer's reason why nothing can be played.
    pub(crate) fn wake(&mut self) -> Result<(), String> {
        self.feed = Arc::new(self.feed.take_from_the_start());
        self.setup.is_complete = true;
        self.setup.media = Playable::Resource(Some(self.feed.len()));
        self.inner = Some(make_inner(&self.setup, &self.feed)?);
        self.wake_at = Some(0.0);
        self.apply_volume();
        self.try_call("change its rate", |inner| inner.set_playback_rate(self.rate));
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

    pub(crate) fn append(&self, bytes: &[u8]) {
        self.feed.append(bytes);
    }

    pub(crate) fn end_of_input(&self) {
        let length = self.feed.complete();
        self.try_call("take the length", |inner| inner.set_input_size(length));
    }

    /// Pushes some data. Returns whether there is more to push at once.
    pub(crate) fn feed(&self) -> bool {
        let Some(inner) = &self.inner else { return false };
        let inner = lock(inner);
        (0..CHUNKS_PER_TURN).all(|_| self.feed.push_to(&*inner))
    }

    pub(crate) fn play(&mut self) {
        self.ended_at = None;
        self.try_call("play", |inner| inner.play());
    }

    pub(crate) fn pause(&self) {
        self.try_call("pause", |inner| inner.pause());
    }

    pub(crate) fn seek(&mut self, position: f64) -> Result<(), String> {
        self.ended_at = None;
        // GStreamer counts nanoseconds in 64 bits, and servo-media panics when they do not do.
        let position = position.clamp(0.0, LATEST);
        if let Some(wake_at) = &mut self.wake_at {
            *wake_at = position;
            return Ok(());
        }
        self.call(|inner| inner.seek(position))
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
                let has_audio = !metadata.audio_tracks.is_empty();
                return self.metadata_updated(metadata.duration, has_audio);
            }
            ServoEvent::DurationChanged(duration) => match self.metadata {
                Metadata::Held { has_audio, .. } => {
                    return self.metadata_updated(*duration, has_audio);
                }
                _ => {
                    self.duration = duration.map(|it| it.as_secs_f64());
                    PlayerEvent::Duration(*duration)
                }
            },
            ServoEvent::PositionChanged(seconds) => PlayerEvent::Position(*seconds, at),
            ServoEvent::SeekDone(seconds) => PlayerEvent::Seeked(*seconds),
            ServoEvent::EndOfStream => {
                self.ended_at = Some(Instant::now());
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
        let part = match self.setup.media {
            _ if self.feed.is_complete() => 1.0,
            Playable::Resource(Some(length)) if length > 0 => {
                (self.feed.len() as f64 / length as f64).min(1.0)
            }
            _ => return None,
        };
        let buffered = duration * part;
        let is_news = buffered >= self.buffered + duration / 100.0
            || (part == 1.0 && buffered != self.buffered);
        is_news.then(|| {
            self.buffered = buffered;
            PlayerEvent::Buffered(buffered)
        })
    }

    fn metadata_updated(
        &mut self,
        duration: Option<Duration>,
        has_audio: bool,
    ) -> Vec<PlayerEvent> {
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
                self.metadata = Metadata::Held { has_audio, until: Instant::now() + HOLD };
                return Vec::new();
            }
            _ => PlayerEvent::Metadata { duration, has_audio },
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
        let Metadata::Held { has_audio, .. } = self.metadata else { return None };
        self.metadata = Metadata::Reported;
        Some(PlayerEvent::Metadata { duration: None, has_audio })
    }
}
