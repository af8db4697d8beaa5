/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Captures of a microphone under a session: servo-media's own have none.
//!
//! Others hear a capture when neither its page nor its session mutes it. The two are apart: what the
//! page muted stays muted when an interruption of its session ends. A gain, and that all sessions are
//! muted, are about what the user hears, and do nothing to a capture.
//!
//! # Threads
//!
//! To make a [`Capture`] and to drop one waits for the sound server. [`Capture::set_muted`] and what is
//! done to the session never wait; they act on the thread that has the samples, within a period of 10 ms.
//! The thread of the microphones ends a capture whose microphone is gone, and calls observers.

mod microphones;
mod source;
mod voice;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

use gstreamer::Buffer;
use servo_media::ClientContextId;
use servo_media::streams::registry::MediaStreamId;

pub use microphones::Microphone;

pub(crate) use source::{keep_blocks_whole, stop_stream};

use super::Sessions;
use super::registry::{Object, ObjectId, Registry};
use crate::lock::lock;
use crate::ramp::Ramp;
use microphones::microphones;
use source::{Origin, Source};
use voice::{RATE, Voice};

/// Which microphone is wanted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CaptureConstraints {
    /// A [`Microphone::id`], or what servo-media has as the `device_id`, which is the label and may be
    /// that of several; `None` for the default microphone.
    pub device_id: Option<String>,
}

/// Why there is no capture.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// There is no microphone at all, or no sound server. The web sees a `NotFoundError`.
    #[error("there is no microphone")]
    NotFound,
    /// There is no microphone as wanted. The web sees an `OverconstrainedError`, whose `constraint` is
    /// this.
    #[error("no microphone satisfies {0}")]
    Overconstrained(&'static str),
    /// There is one that cannot be used. The web sees a `NotReadableError`.
    #[error("the microphone cannot be used: {0}")]
    NotReadable(String),
}

/// What happened to a capture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CaptureEvent {
    /// The microphone is gone, or its sound server. The stream is silent from now on.
    Ended,
    /// Somebody began to speak into the microphone, or speaks when it is muted, while the capture is
    /// not heard because its page or its session mutes it. At most once a second.
    VoiceActivity,
}

/// Called on the thread of the microphones.
type Observer = Box<dyn FnMut(CaptureEvent) + Send>;

/// What a thread that must not wait leaves to that of the microphones.
#[derive(Debug)]
pub(crate) enum Notice {
    Lost(String),
    Moved(String),
    VoiceActivity,
}

/// What the session, the owner and GStreamer's threads share of a capture.
pub(crate) struct CaptureCore {
    /// For those to whom it is handed on.
    me: Weak<Self>,
    id: ObjectId,
    session: ClientContextId,
    registry: Arc<Registry>,
    /// By the page.
    muted: AtomicBool,
    /// By the session.
    silenced: AtomicBool,
    /// Whether the samples are those of a device that nobody may have chosen.
    strays: AtomicBool,
    ended: AtomicBool,
    /// The name of the source that is captured.
    device: Mutex<String>,
    /// Taken when it is stopped.
    source: Mutex<Option<Source>>,
    observer: Mutex<Observer>,
}

/// What the thread that has the samples knows of those before.
#[derive(Default)]
struct Tap {
    /// `None` before the first sample.
    ramp: Option<Ramp>,
    voice: Voice,
    samples: Vec<f32>,
}

impl CaptureCore {
    /// Takes over what is done to the session. Never blocks.
    pub(crate) fn set_silenced(&self, silenced: bool) {
        self.silenced.store(silenced, Ordering::Relaxed);
    }

    fn is_heard(&self) -> bool {
        !self.muted.load(Ordering::Relaxed) && !self.silenced.load(Ordering::Relaxed)
    }

    /// Applies what is wanted to the samples of a buffer; whether it may be passed on.
    fn filter(&self, tap: &mut Tap, buffer: &mut Buffer) -> bool {
        let is_heard = self.is_heard();
        let gain = if is_heard { 1.0 } else { 0.0 };
        let ramp = tap.ramp.get_or_insert_with(|| Ramp::new(gain));
        ramp.go_to(gain, RATE);
        let strays = self.strays.load(Ordering::Relaxed);
        if strays {
            ramp.jump_to(0.0);
        } else if is_heard {
            tap.voice.rest(buffer.size() / size_of::<f32>());
            if ramp.is_settled() {
                return true;
            }
        }
        let Ok(mut map) = buffer.make_mut().map_writable() else { return false };
        let (bytes, _) = map.as_mut_slice().as_chunks_mut();
        tap.samples.clear();
        tap.samples.extend(bytes.iter().copied().map(f32::from_le_bytes));
        let is_live = !strays && !self.ended.load(Ordering::Relaxed);
        if is_live && !is_heard && tap.voice.hear(&tap.samples) {
            self.notice(Notice::VoiceActivity);
        }
        ramp.apply(&mut tap.samples, 1);
        for (bytes, sample) in bytes.iter_mut().zip(&tap.samples) {
            *bytes = sample.to_le_bytes();
        }
        true
    }

    fn notice(&self, notice: Notice) {
        self.registry.notice(self.me.clone(), notice);
    }

    /// The microphone cannot be read any more.
    fn lose(&self, reason: String) {
        // It is said for each piece that cannot be read.
        if !self.ended.swap(true, Ordering::Relaxed) {
            self.notice(Notice::Lost(reason));
        }
    }

    /// A device is captured: the server moves who captures one that goes to another, which may be what
    /// a sink plays.
    fn see_device(&self, device: String) {
        if !device.is_empty() && *lock(&self.device) != device {
            self.strays.store(true, Ordering::Relaxed);
            self.notice(Notice::Moved(device));
        }
    }

    /// On the thread of the microphones.
    pub(crate) fn handle(&self, notice: Notice) {
        match notice {
            Notice::Lost(reason) => {
                log::info!("a microphone is gone: {reason}");
                self.end();
            }
            Notice::Moved(device) => {
                let chosen = lock(&self.device).clone();
                if microphones().iter().any(|it| it.id == chosen) {
                    // So it was moved by the user.
                    *lock(&self.device) = device;
                    self.strays.store(false, Ordering::Relaxed);
                } else if !self.ended.swap(true, Ordering::Relaxed) {
                    log::info!("the microphone {chosen} is gone, and {device} instead of it");
                    self.end();
                }
            }
            Notice::VoiceActivity => self.tell(CaptureEvent::VoiceActivity),
        }
    }

    fn end(&self) {
        let mut source = lock(&self.source);
        let Some(live) = &mut *source else { return };
        live.end();
        drop(source);
        self.tell(CaptureEvent::Ended);
    }

    fn tell(&self, event: CaptureEvent) {
        lock(&self.observer)(event);
    }
}

/// A microphone that is captured for a session, until this is dropped.
///
/// It is read, and the user's desktop shows so, from when a consumer takes the stream. servo-media's
/// streams have one consumer.
pub struct Capture {
    core: Arc<CaptureCore>,
    stream: MediaStreamId,
}

impl std::fmt::Debug for Capture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { core, .. } = self;
        f.debug_struct("Capture").field("session", &core.session).finish_non_exhaustive()
    }
}

impl Capture {
    /// What servo-media's players, audio contexts and connections take. It is known to servo-media
    /// until the capture is dropped.
    pub fn stream(&self) -> MediaStreamId {
        self.stream
    }

    /// Mutes it for the page: the track is disabled, or the user muted the microphone. It fades within
    /// 10 ms.
    pub fn set_muted(&self, muted: bool) {
        self.core.muted.store(muted, Ordering::Relaxed);
    }

    /// Whether it is muted by [`Self::set_muted`].
    pub fn is_muted(&self) -> bool {
        self.core.muted.load(Ordering::Relaxed)
    }

    /// The [`Microphone::id`] of what is captured: the user may choose another one in a mixer.
    pub fn device(&self) -> String {
        lock(&self.core.device).clone()
    }

    /// Whether the microphone is gone.
    pub fn has_ended(&self) -> bool {
        self.core.ended.load(Ordering::Relaxed)
    }
}

impl Drop for Capture {
    /// The server has no stream of it any more when this returns.
    fn drop(&mut self) {
        self.core.registry.remove(self.core.session, self.core.id);
        let source = lock(&self.core.source).take();
        if let Some(source) = source {
            source.stop();
        }
    }
}

impl Sessions {
    /// The microphones, the default one first; none without a sound server, for which it waits.
    pub fn microphones(&self) -> Vec<Microphone> {
        microphones()
    }

    /// Captures a microphone for a session. `observer` is called on the thread of the microphones, and
    /// must not block. Waits for the sound server.
    ///
    /// # Errors
    ///
    /// A [`CaptureError`].
    pub fn create_capture(
        &self,
        session: ClientContextId,
        constraints: &CaptureConstraints,
        observer: impl FnMut(CaptureEvent) + Send + 'static,
    ) -> Result<Capture, CaptureError> {
        let device = choose(&microphones(), constraints)?;
        self.capture(session, Origin::Device(&device), observer)
    }

    /// Captures a tone that no device makes, as for a microphone.
    ///
    /// # Errors
    ///
    /// A [`CaptureError`].
    pub(crate) fn create_test_capture(
        &self,
        session: ClientContextId,
        observer: impl FnMut(CaptureEvent) + Send + 'static,
    ) -> Result<Capture, CaptureError> {
        self.capture(session, Origin::Test, observer)
    }

    fn capture(
        &self,
        session: ClientContextId,
        origin: Origin<'_>,
        observer: impl FnMut(CaptureEvent) + Send + 'static,
    ) -> Result<Capture, CaptureError> {
        let registry = self.0.clone();
        let id = registry.next_object();
        let core = Arc::new_cyclic(|me| CaptureCore {
            me: me.clone(),
            id,
            session,
            registry,
            muted: AtomicBool::default(),
            silenced: AtomicBool::default(),
            strays: AtomicBool::default(),
            ended: AtomicBool::default(),
            device: Mutex::new(origin.device().to_owned()),
            source: Mutex::default(),
            observer: Mutex::new(Box::new(observer)),
        });
        let source = Source::new(origin, &core.me)?;
        let stream = source.id;
        *lock(&core.source) = Some(source);
        self.0.add(session, id, Object::Capture(core.me.clone()));
        Ok(Capture { core, stream })
    }
}

/// The name of the source that is wanted.
fn choose(
    microphones: &[Microphone],
    constraints: &CaptureConstraints,
) -> Result<String, CaptureError> {
    let default = microphones.first().ok_or(CaptureError::NotFound)?;
    let chosen = match &constraints.device_id {
        None => default,
        Some(id) => {
            let by_id = microphones.iter().find(|it| it.id == *id);
            let by_label = || microphones.iter().find(|it| it.label == *id);
            by_id.or_else(by_label).ok_or(CaptureError::Overconstrained("deviceId"))?
        }
    };
    Ok(chosen.id.clone())
}
