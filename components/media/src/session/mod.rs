/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [`SessionBackend`]: a backend of servo-media that puts every player and audio context of another
//! one under a session, which is a `ClientContextId`. An engine that uses servo-media's own interface
//! and knows nothing of Sordino is silenced, ducked and resumed through [`Sessions`].
//!
//! What is heard is the product of the facts: those of the page (playing, volume, mute), those of
//! its session (suspended, muted, gain), and those of all sessions. None overwrites another: what
//! the page paused stays paused, what it muted stays muted. A [`Capture`] is of a session, too: others
//! do not hear it while its session is suspended or muted.
//!
//! # Threads
//!
//! [`Sessions`] may be used on any thread, and never blocks but for a microphone: it notes what is wanted, and one worker
//! sets the players to it, for which it may wait for GStreamer. A player that the engine is using is
//! left to the engine's thread, which sets it when it is done. Audio contexts follow on their own
//! render threads. What happens to microphones is dealt with on a thread of theirs, and what dropped
//! players leave is freed on another. Objects may be dropped at any moment, on any thread.
//!
//! ```no_run
//! use servo_media::{ClientContextId, ServoMedia};
//! use servo_media_gstreamer::GStreamerBackend;
//! use sordino_media::session::SessionBackend;
//!
//! # fn main() -> Result<(), sordino_media::MediaError> {
//! // Before the engine starts, which is the first to call `ServoMedia::init` otherwise.
//! let sessions = SessionBackend::<GStreamerBackend>::install()?;
//! let session = ClientContextId::build(1, 1);
//! sessions.observe(|event| println!("{event:?}"));
//! sessions.set_gain(session, 0.2);
//! sessions.set_suspended(session, true);
//! # Ok(())
//! # }
//! ```

mod audio;
mod buffers;
mod capture;
mod facts;
mod gate;
mod leak;
mod managed;
mod player;
mod registry;

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, Weak};

use servo_base::generic_channel::GenericCallback;
use servo_media::audio::AudioBackend;
use servo_media::audio::context::{AudioContext, AudioContextOptions};
use servo_media::audio::sink::AudioSinkError;
use servo_media::player::audio::AudioRenderer;
use servo_media::player::context::PlayerGLContext;
use servo_media::player::video::VideoFrameRenderer;
use servo_media::player::{Player, PlayerEvent, StreamType};
use servo_media::streams::capture::MediaTrackConstraintSet;
use servo_media::streams::device_monitor::MediaDeviceMonitor;
use servo_media::streams::registry::MediaStreamId;
use servo_media::streams::{MediaOutput, MediaSocket, MediaStreamType};
use servo_media::webrtc::{WebRtcController, WebRtcSignaller};
use servo_media::{Backend, BackendInit, ClientContextId, ServoMedia, SupportsMediaType};

pub use audio::{SessionAudio, SessionSink};
pub(crate) use capture::stop_stream;
pub use capture::{Capture, CaptureConstraints, CaptureError, CaptureEvent, Microphone};
pub(crate) use gate::{ContextCore, Gate, Silent, SinkChange};
pub(crate) use managed::obey;
pub use managed::{ContentProcess, ManagerChannels, ToManager};
pub use registry::ObjectId;

use crate::MediaError;
use crate::lock::lock;
use facts::Facts;
use player::SessionPlayer;
use registry::{Hand, Registry};

/// What happens in the sessions of a [`SessionBackend`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SessionEvent {
    /// A player or audio context became audible as its page wants it, or is no longer: a player plays,
    /// not muted, its volume above 0, something with an audio track; a context renders samples that
    /// are not silent, or did within the last half second. What is done to the session changes nothing
    /// of it.
    Audible {
        /// Its session.
        session: ClientContextId,
        /// Which of the session's objects it is.
        object: ObjectId,
        /// Whether it is audible now.
        audible: bool,
    },
    /// The last player or audio context of a session was dropped.
    Empty {
        /// The session.
        session: ClientContextId,
    },
}

/// What is done to the sessions of a [`SessionBackend`]. Every call returns at once, but those that
/// need a microphone.
#[derive(Clone)]
pub struct Sessions(Arc<Registry>);

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}

impl Sessions {
    /// Silences a session: its sound fades at once, then time stands still. Or lets it go on: what the
    /// page did not pause meanwhile.
    pub fn set_suspended(&self, session: ClientContextId, suspended: bool) {
        self.0.change(session, Hand::Manager, |facts| facts.suspended = suspended);
    }

    /// Mutes a session; time goes on.
    pub fn set_muted(&self, session: ClientContextId, muted: bool) {
        self.0.change(session, Hand::Manager, |facts| facts.muted = muted);
    }

    /// How loud a session is: a gain in 0..=1, besides what its page wants.
    pub fn set_gain(&self, session: ClientContextId, gain: f64) {
        self.0.change(session, Hand::Manager, |facts| facts.gain = gain.clamp(0.0, 1.0));
    }

    /// Mutes all sessions, those to come too; time goes on.
    pub fn set_all_muted(&self, muted: bool) {
        self.0.change_all(|facts| facts.muted = muted);
    }

    /// How loud all sessions are, those to come too: a gain in 0..=1.
    pub fn set_all_gain(&self, gain: f64) {
        self.0.change_all(|facts| facts.gain = gain.clamp(0.0, 1.0));
    }

    /// Does nothing to a session any more.
    pub fn release(&self, session: ClientContextId) {
        self.0.change(session, Hand::Manager, |facts| *facts = Facts::default());
    }

    /// The session's document is gone: once its last player, context and capture are dropped, nothing is known
    /// of it any more. Until then what is done to it stays.
    pub fn forget(&self, session: ClientContextId) {
        self.0.forget(session);
    }

    /// Who is told of what happens, in the order in which it does. There is one observer; it is called
    /// on the worker, which does nothing else meanwhile.
    pub fn observe(&self, observer: impl FnMut(SessionEvent) + Send + 'static) {
        self.0.work(registry::Work::Observe(Box::new(observer)));
    }

    /// A new audio context that somebody else renders.
    pub(crate) fn new_context(&self, session: ClientContextId) -> Arc<ContextCore> {
        ContextCore::new(&self.0, session)
    }

    fn downgrade(&self) -> WeakSessions {
        WeakSessions(Arc::downgrade(&self.0))
    }
}

/// Does not keep the sessions' worker.
struct WeakSessions(Weak<Registry>);

impl WeakSessions {
    fn upgrade(&self) -> Option<Sessions> {
        self.0.upgrade().map(Sessions)
    }
}

/// A backend of servo-media under sessions. `B` is the one that does the work.
pub struct SessionBackend<B> {
    registry: Arc<Registry>,
    audio: PhantomData<fn() -> B>,
}

impl<B: BackendInit + AudioBackend + 'static> SessionBackend<B> {
    /// Starts `B`.
    ///
    /// # Errors
    ///
    /// [`MediaError::Thread`] when there is no thread to be had.
    pub fn new() -> Result<(Self, Sessions), MediaError> {
        let backend = B::init();
        leak::watch_signal_adapters();
        let registry = Registry::new(backend)?;
        Ok((Self { registry: registry.clone(), audio: PhantomData }, Sessions(registry)))
    }

    /// Makes it the backend of the whole process, which is what [`ServoMedia::get`] has for every
    /// engine that is linked into it.
    ///
    /// # Errors
    ///
    /// [`MediaError::Thread`]; [`MediaError::OtherBackend`] when somebody was first.
    pub fn install() -> Result<Sessions, MediaError> {
        let (backend, sessions) = Self::new()?;
        let backend: Arc<Mutex<Option<Box<dyn Backend>>>> =
            Arc::new(Mutex::new(Some(Box::new(backend))));
        let ours = backend.clone();
        let take = move || lock(&ours).take();
        // Called at most once.
        ServoMedia::init_with_backend(move || take().unwrap_or_else(|| B::init()));
        ServoMedia::get();
        let is_left = lock(&backend).is_some();
        if is_left { Err(MediaError::OtherBackend) } else { Ok(sessions) }
    }
}

impl<B: AudioBackend + 'static> Backend for SessionBackend<B> {
    fn create_player(
        &self,
        id: &ClientContextId,
        stream_type: StreamType,
        sender: GenericCallback<PlayerEvent>,
        video_renderer: Option<Arc<Mutex<dyn VideoFrameRenderer>>>,
        audio_renderer: Option<Arc<Mutex<dyn AudioRenderer>>>,
        gl_context: Box<dyn PlayerGLContext>,
    ) -> Arc<Mutex<dyn Player>> {
        let inner = self.registry.backend();
        let player = SessionPlayer::new(&self.registry, *id, stream_type, sender, |id, sender| {
            inner.create_player(id, stream_type, sender, video_renderer, audio_renderer, gl_context)
        });
        Arc::new(Mutex::new(player))
    }

    fn create_audiostream(&self) -> MediaStreamId {
        self.registry.backend().create_audiostream()
    }

    fn create_videostream(&self) -> MediaStreamId {
        self.registry.backend().create_videostream()
    }

    fn create_stream_output(&self) -> Box<dyn MediaOutput> {
        self.registry.backend().create_stream_output()
    }

    fn create_stream_and_socket(
        &self,
        ty: MediaStreamType,
    ) -> (Box<dyn MediaSocket>, MediaStreamId) {
        self.registry.backend().create_stream_and_socket(ty)
    }

    fn create_audioinput_stream(&self, set: MediaTrackConstraintSet) -> Option<MediaStreamId> {
        self.registry.backend().create_audioinput_stream(set)
    }

    fn create_videoinput_stream(&self, set: MediaTrackConstraintSet) -> Option<MediaStreamId> {
        self.registry.backend().create_videoinput_stream(set)
    }

    fn create_audio_context(
        &self,
        id: &ClientContextId,
        options: AudioContextOptions,
    ) -> Result<Arc<Mutex<AudioContext>>, AudioSinkError> {
        audio::create_context::<B>(&self.registry, *id, options)
    }

    fn create_webrtc(&self, signaller: Box<dyn WebRtcSignaller>) -> WebRtcController {
        self.registry.backend().create_webrtc(signaller)
    }

    fn can_play_type(&self, media_type: &str) -> SupportsMediaType {
        self.registry.backend().can_play_type(media_type)
    }

    fn set_capture_mocking(&self, mock: bool) {
        self.registry.backend().set_capture_mocking(mock);
    }

    fn mute(&self, id: &ClientContextId, muted: bool) {
        self.registry.change(*id, Hand::Engine, |facts| facts.muted = muted);
    }

    fn suspend(&self, id: &ClientContextId) {
        self.registry.change(*id, Hand::Engine, |facts| facts.suspended = true);
    }

    fn resume(&self, id: &ClientContextId) {
        self.registry.change(*id, Hand::Engine, |facts| facts.suspended = false);
    }

    fn get_device_monitor(&self) -> Box<dyn MediaDeviceMonitor> {
        self.registry.backend().get_device_monitor()
    }
}
