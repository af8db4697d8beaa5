/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Sound on servo-media's GStreamer backend, under a session manager's command.
//!
//! * [`session`]: a backend of servo-media that puts all players and audio contexts of another one under
//!   sessions, for any engine; and microphones.
//! * [`sink`]: the GStreamer element through which all sound of a process can run.
//! * [`Media`]: the players of a content process's media elements, on both.
//! * [`web_audio`]: the audio contexts of its pages; [`capture`]: what they capture.
//!
//! # Threads of [`Media`]
//!
//! One **media thread** per content process owns all players. Its inbox takes requests of the
//! event loop and what GStreamer's threads report. It may block on GStreamer; nobody blocks on
//! it. Commands of the session manager go past it and past script, to the [`session`]s of the
//! players: whoever reads them from IPC calls [`Media::command`]. A second thread answers
//! GStreamer's requests for data at another offset, because whoever answers one waits for the
//! streaming thread. A third opens what is captured, see [`capture`]. Callbacks on GStreamer's streaming
//! threads only hand on.
//!
//! ```no_run
//! use sordino_media::{Media, PlayerNumber, Resource};
//! use sordino_traits::NamespaceId;
//! use sordino_traits::id::IdAllocator;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut ids = IdAllocator::new(NamespaceId(1));
//! let (document, element) = (ids.document(), ids.element());
//! let (sender, events) = std::sync::mpsc::channel();
//! let media = Media::start(None, move |event| {
//!     let _ = sender.send(event);
//! })?;
//! let bytes = std::fs::read("tone.wav")?;
//! let length = bytes.len() as u64;
//! let resource = Resource { length: Some(length), can_seek: false };
//! let feed = media.create_player(document, element, PlayerNumber(1), resource);
//! feed.append(0, &bytes);
//! feed.fetch_ended(length);
//! media.play(element);
//! for event in events {
//!     println!("{event:?}");
//! }
//! # Ok(())
//! # }
//! ```

mod cache;
pub mod capture;
mod contexts;
mod feed;
mod lock;
mod player;
mod plugins;
mod ramp;
pub mod session;
pub mod sink;
mod startup;
mod thread;
mod types;
pub mod web_audio;

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use servo_media::ClientContextId;
use servo_media::streams::registry::MediaStreamId;
use sordino_traits::messages::MediaCommand;
use sordino_traits::{AudioSessionType, DocumentId, ElementId, SessionId, Timestamp};

use crate::lock::lock;
use capture::{Captures, InputDevice, SourceEvent};
use feed::Store;
pub use feed::{FetchWish, Resource};
use player::session_of;
use session::{Sessions, obey};
use sink::ProcessFacts;
use thread::{Message, Playable, PlayerRequest, Request};
pub use types::{Support, support};
use web_audio::{AudioContext, AudioContextEvent, Job, ParamInit, SampleBuffer};

/// Why media cannot work at all in this process.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// The operating system gives no thread.
    #[error("cannot start a media thread: {0}")]
    Thread(#[from] std::io::Error),
    /// servo-media has a backend already, which is not ours.
    #[error("servo-media has another backend already: install this one before the engine starts")]
    OtherBackend,
}

/// What the media thread reports. The observer is called on the media thread.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum MediaEvent {
    /// Media can be played from now on.
    Ready {
        /// Whether there is a sound device or a sound server. Without one, GStreamer plays in real
        /// time to nowhere.
        sound_device: bool,
    },
    /// GStreamer cannot be used; every player fails.
    Unavailable {
        /// Why, and what to do.
        reason: String,
    },
    /// The sound server corked, muted or stalled the streams of the process, or does not any more.
    /// Told with a session sink only.
    StreamsSilenced(bool),
    /// The devices that can be captured: listed, or changed.
    Devices(Vec<InputDevice>),
    /// Something happened to a device that is captured, or is to be.
    Source {
        /// Its number.
        source: ElementId,
        /// What happened.
        event: SourceEvent,
    },
    /// Something happened to a player.
    Player {
        /// Its element.
        element: ElementId,
        /// Which of the element's players it is.
        player: PlayerNumber,
        /// What happened.
        event: PlayerEvent,
    },
    /// Something happened to an audio context.
    AudioContext {
        /// Which it is.
        context: ElementId,
        /// What happened.
        event: AudioContextEvent,
    },
    /// What [`Media::decode`] was asked for.
    Decoded {
        /// The number that the caller gave.
        number: u64,
        /// The samples, or why there are none.
        result: Result<Arc<SampleBuffer>, String>,
    },
}

/// The number of a player, by which its events can be told from those of an earlier player of the
/// same element. The caller counts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PlayerNumber(pub u64);

/// What happened to a player.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PlayerEvent {
    /// The media's kind is known, and playing can start.
    Metadata {
        /// The duration; `None` while it is unknown or when there is no end.
        duration: Option<Duration>,
        /// Whether there is a sound track.
        has_audio: bool,
        /// The width and height of the picture in pixels, if there is one.
        video_size: Option<(u32, u32)>,
    },
    /// The duration changed; `None` is unknown.
    Duration(Option<Duration>),
    /// The playback position, in seconds, at a moment.
    Position(f64, Timestamp),
    /// Time advances.
    Playing,
    /// Time stands still, with data to play.
    Paused,
    /// Time stands still for want of data.
    Buffering,
    /// There are data from each of these positions in seconds to the other: an estimate by the number
    /// of bytes.
    Buffered(Vec<(f64, f64)>),
    /// What is [wanted of the fetch](ResourceFeed::wish) of the resource has changed.
    Fetch,
    /// A seek arrived at this position in seconds.
    Seeked(f64),
    /// The end was reached.
    Ended,
    /// The media cannot be played, or not any further, for this reason of GStreamer's. The player does
    /// nothing more. Before [`PlayerEvent::Metadata`] it is `MEDIA_ERR_SRC_NOT_SUPPORTED`, after it
    /// `MEDIA_ERR_DECODE`.
    Error(String),
}

/// Sends what GLib and GStreamer's elements complain of to the [`log`] crate, as warnings, instead of
/// standard error. It is a setting of the whole process, so the embedder decides.
///
/// GStreamer 1.22 has harmless complaints of its own, such as that of a timer in its download
/// buffer when two threads start it.
pub fn log_glib_messages() {
    gstreamer::glib::log_set_default_handler(|domain, _level, message| {
        log::warn!(target: "glib", "{}: {message}", domain.unwrap_or("GLib"));
    });
}

/// A handle to the media thread of this process. Every call returns at once.
#[derive(Clone, Debug)]
pub struct Media {
    messages: Sender<Message>,
    commands: CommandTarget,
    captures: Captures,
    /// Closed when the thread has ended.
    ended: Receiver<Infallible>,
}

/// Where the session manager's commands go.
#[derive(Clone, Debug, Default)]
struct CommandTarget(Arc<(Mutex<Commands>, Condvar)>);

#[derive(Debug)]
enum Commands {
    /// What came before GStreamer was set up.
    Early(Vec<MediaCommand>),
    Obeyed(Sessions),
    /// There is no GStreamer, and so no sound.
    Pointless,
}

impl Default for Commands {
    fn default() -> Self {
        Self::Early(Vec::new())
    }
}

impl CommandTarget {
    fn commands(&self) -> MutexGuard<'_, Commands> {
        lock(&self.0.0)
    }

    /// Waits until GStreamer is set up; `None` when it cannot be.
    fn sessions(&self) -> Option<Sessions> {
        let is_early = |commands: &mut Commands| matches!(commands, Commands::Early(_));
        let commands = self.0.1.wait_while(self.commands(), is_early);
        match &*commands.unwrap_or_else(PoisonError::into_inner) {
            Commands::Obeyed(sessions) => Some(sessions.clone()),
            Commands::Early(_) | Commands::Pointless => None,
        }
    }

    fn start(&self, sessions: Sessions) {
        let mut commands = self.commands();
        if let Commands::Early(early) = &mut *commands {
            for command in early.drain(..) {
                obey(&sessions, command, own_session);
            }
            *commands = Commands::Obeyed(sessions);
        }
        self.0.1.notify_all();
    }

    fn give_up(&self) {
        *self.commands() = Commands::Pointless;
        self.0.1.notify_all();
    }

    fn command(&self, command: MediaCommand) {
        match &mut *self.commands() {
            Commands::Early(early) => early.push(command),
            Commands::Obeyed(sessions) => obey(sessions, command, own_session),
            Commands::Pointless => {}
        }
    }
}

/// Each audio session is a session.
fn own_session(session: SessionId) -> Option<ClientContextId> {
    Some(session_of(session))
}

impl Media {
    /// Starts the media thread, which sets GStreamer up and then reports [`MediaEvent::Ready`] or
    /// [`MediaEvent::Unavailable`]. Requests may be made before that. `observer` must not block.
    ///
    /// With `own_audio_sink`, all sound of the process runs through the [session sink](sink), which is
    /// told these facts: without clicks, and under the eyes of the sound server. Without it, GStreamer
    /// chooses a sink for each player.
    ///
    /// # Errors
    ///
    /// [`MediaError::Thread`] when there is no thread to be had.
    pub fn start(
        own_audio_sink: Option<ProcessFacts>,
        observer: impl Fn(MediaEvent) + Send + 'static,
    ) -> Result<Self, MediaError> {
        let has_own_sink = own_audio_sink.is_some();
        if let Some(facts) = own_audio_sink {
            sink::process().set_facts(facts);
        }
        let (messages, inbox) = unbounded();
        let commands = CommandTarget::default();
        let ended =
            thread::spawn(has_own_sink, observer, messages.clone(), inbox, commands.clone())?;
        Ok(Self { messages, commands, captures: Captures::default(), ended })
    }

    /// Drops every player and capture, and waits until the media thread has ended. To be called before the
    /// process exits: GStreamer aborts a process that exits while a plugin is being loaded, and
    /// players delete their temporary files.
    pub fn shutdown(&self) {
        self.end_captures();
        if self.messages.send(Message::Shutdown).is_ok() {
            // Nothing is ever sent: it is closed.
            let _ = self.ended.recv();
        }
    }

    fn send(&self, message: Message) {
        if self.messages.send(message).is_err() {
            log::error!("the media thread is gone");
        }
    }

    fn request(&self, element: ElementId, request: Request) {
        self.send(Message::Request(element, request));
    }

    fn player_request(&self, element: ElementId, request: PlayerRequest) {
        self.request(element, Request::Player(request));
    }

    /// Makes a player for an element. An element has one player; an older one is dropped. The caller is
    /// about to fetch the resource from its start, and puts its bytes into what this returns.
    pub fn create_player(
        &self,
        session: impl Into<SessionId>,
        element: ElementId,
        number: PlayerNumber,
        resource: Resource,
    ) -> ResourceFeed {
        let store = Arc::new(Store::new(resource));
        let media = Playable::Resource(store.clone());
        self.request(element, Request::Create { session: session.into(), number, media });
        let is_told = Arc::default();
        ResourceFeed { store, element, number, messages: self.messages.clone(), is_told }
    }

    /// Makes a player of a stream for an element, as [`Media::create_player`] does of a resource. What
    /// happens now is played, so it cannot be moved; its metadata has no duration.
    pub fn create_stream_player(
        &self,
        session: impl Into<SessionId>,
        element: ElementId,
        number: PlayerNumber,
        stream: MediaStreamId,
    ) {
        let media = Playable::Stream(stream);
        self.request(element, Request::Create { session: session.into(), number, media });
    }

    /// Drops the element's player.
    pub fn remove_player(&self, element: ElementId) {
        self.request(element, Request::Remove);
    }

    /// Takes the player to another audio session. It goes on where it is; that of live media fails.
    pub fn move_player(&self, element: ElementId, session: impl Into<SessionId>) {
        self.player_request(element, PlayerRequest::Move(session.into()));
    }

    /// Lets time advance.
    pub fn play(&self, element: ElementId) {
        self.player_request(element, PlayerRequest::Play);
    }

    /// Lets time stand still.
    pub fn pause(&self, element: ElementId) {
        self.player_request(element, PlayerRequest::Pause);
    }

    /// Moves to a position in seconds. [`PlayerEvent::Seeked`] follows.
    pub fn seek(&self, element: ElementId, position: f64) {
        self.player_request(element, PlayerRequest::Seek(position));
    }

    /// The page's volume and mute; `volume` is a gain in 0..1.
    pub fn set_volume(&self, element: ElementId, volume: f64, muted: bool) {
        self.player_request(element, PlayerRequest::SetVolume { volume, muted });
    }

    /// The playback rate, a factor above 0.
    pub fn set_rate(&self, element: ElementId, rate: f64) {
        self.player_request(element, PlayerRequest::SetRate(rate));
    }

    /// Makes an audio context of this sample rate, in frames a second, in the session of a document. It
    /// keeps about `latency` seconds of sound before those of the sink. Its listener has these
    /// parameters.
    pub fn create_audio_context(
        &self,
        document: DocumentId,
        id: ElementId,
        rate: f32,
        latency: f64,
        listener: Vec<ParamInit>,
    ) -> AudioContext {
        let (context, setup) = AudioContext::new(rate, latency, listener);
        self.send(Message::AudioContext { document, id, setup: Box::new(setup) });
        context
    }

    /// Decodes the sound of a file to samples of this rate in frames a second.
    /// [`MediaEvent::Decoded`] with this number follows. The caller counts.
    pub fn decode(&self, number: u64, data: Vec<u8>, rate: f32) {
        self.send(Message::Decode(Job { number, data, rate }));
    }

    /// Obeys the session manager, whatever the media thread is doing. May be called on any thread.
    pub fn command(&self, command: MediaCommand) {
        self.commands.command(command);
    }

    /// What the sound server takes the process for while its tab has no selected audio session: so its
    /// first stream has the right role already.
    pub fn expect_type(&self, session_type: AudioSessionType) {
        sink::process().expect_type(session_type);
    }

    /// The audio session is gone, and what was done to it.
    pub fn session_closed(&self, session: impl Into<SessionId>) {
        if let Commands::Obeyed(sessions) = &*self.commands.commands() {
            sessions.forget(session_of(session.into()));
        }
    }
}

/// Where the bytes of a resource go, for the player that was made for it. Every call returns at once.
/// Clones are the same one.
#[derive(Clone, Debug)]
pub struct ResourceFeed {
    store: Arc<Store>,
    element: ElementId,
    number: PlayerNumber,
    messages: Sender<Message>,
    /// Whether the media thread was told of what is new, and has not looked since.
    is_told: Arc<AtomicBool>,
}

impl ResourceFeed {
    /// Bytes of the resource, and where in it they are.
    pub fn append(&self, offset: u64, bytes: &[u8]) {
        self.store.append(offset, bytes);
        self.tell();
    }

    /// The fetch has brought all bytes up to this offset, where the resource ends if its length was not
    /// known.
    pub fn fetch_ended(&self, offset: u64) {
        self.store.fetch_ended(offset);
        self.tell();
    }

    /// The fetch that was to begin at an offset brings the resource from its start: the server can do no
    /// other.
    pub fn fetch_restarted(&self) {
        self.store.fetch_restarted();
        self.tell();
    }

    /// There is no fetch any more; when something is wanted, another one is asked for.
    pub fn fetch_stopped(&self) {
        self.store.fetch_stopped();
        self.tell();
    }

    /// Whether it is to be played soon. If it is not, little is fetched. A new resource is.
    pub fn set_eager(&self, is_eager: bool) {
        self.store.set_eager(is_eager);
        self.tell();
    }

    /// What is wanted of the fetch now.
    pub fn wish(&self) -> FetchWish {
        self.store.wish().0
    }

    fn tell(&self) {
        if !self.is_told.swap(true, Ordering::AcqRel) {
            let (element, number) = (self.element, self.number);
            let data = Message::Data(element, number, self.is_told.clone());
            if self.messages.send(data).is_err() {
                log::error!("the media thread is gone");
            }
        }
    }
}
