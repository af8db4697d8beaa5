/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The session manager's thread and its API.
//!
//! # Threads
//!
//! The manager's thread waits for its own inbox, for the readers of the content processes, for the
//! media controls, for the audio focus of the operating system and for what is due, and for nothing
//! else: what it sends to a content process goes through bounded queues to writer threads, and a
//! process that does not empty one is given up. Per content process there is one reader (blocking
//! `recv` from the process, then the bounded channel of all messages: a flood from one process waits
//! there) and a writer for each of its two channels. No thread of a content process can make the
//! manager's thread wait.

mod content;
mod core;
mod liveness;
mod messages;
mod open_document;
mod view;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, never, unbounded};
use ipc_channel::ipc::{IpcReceiver, IpcSender};
use sordino_traits::controls::{ControlsCommand, ControlsState};
use sordino_traits::messages::{ActionOutcome, ContentMessage, MediaCommand, ScriptCommand};
use sordino_traits::os_focus::OsFocusEvent;
use sordino_traits::validate::Violation;
use sordino_traits::{
    ActionDetails, AudioSessionState, AudioSessionType, DocumentId, MediaSessionAction,
    NamespaceId, TabId,
};
use url::Url;

use crate::arbiter::{Explanation, Hold, Mode, Policy};
use crate::cores::Entry;
use crate::router::{NotRouted, Target};
use crate::untrusted::ReceiveError;
use content::Incoming;
pub use view::{ContentHandle, SessionView, Snapshot};

/// How many messages of all content processes wait for the manager before their readers do.
const INCOMING_QUEUE: usize = 256;
/// How many events wait for an embedder that does not read them, besides the ends of processes.
const EVENT_QUEUE: usize = 4_096;
/// How many may wait when one with metadata is added, which may have a megabyte.
const LONG_EVENT_QUEUE: usize = 64;
/// The gain of what is ducked, if nobody says otherwise.
const DUCK_GAIN: f64 = 0.2;
/// How long a process may take to say that it is alive, if nobody says otherwise.
const PROCESS_PATIENCE: Duration = Duration::from_secs(2);

/// Why a call of the manager's API fails.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManagerError {
    /// The manager was shut down.
    #[error("the session manager is shut down")]
    ShutDown,
    /// The operating system gives no thread.
    #[error("cannot start a thread of the session manager: {0}")]
    Thread(#[from] std::io::Error),
}

/// The manager's ends of the channels of one content process.
pub struct ContentChannels {
    /// The tab that the process is.
    pub tab: TabId,
    /// The namespace of all ids that the process may use.
    pub namespace: NamespaceId,
    /// Whether the tab is private: its sessions act as any other, but nothing of what it shows goes
    /// to media controls, events or records.
    pub is_private: bool,
    /// The file that the process was told to open, if it is one: its documents may be files of that
    /// folder, and show artwork from there. Those of other processes are never files.
    pub opened_file: Option<Url>,
    /// What the process says. Make this channel here and give the process its sender alone, see
    /// [`crate::untrusted`].
    pub content: IpcReceiver<ContentMessage>,
    /// To its event loop.
    pub script: IpcSender<ScriptCommand>,
    /// To its media thread.
    pub media: IpcSender<MediaCommand>,
}

impl fmt::Debug for ContentChannels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContentChannels")
            .field("tab", &self.tab)
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

/// Which content process of a manager: no two that ever were have the same.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ContentId(u64);

/// Why the manager has nothing more to do with a content process.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentEnd {
    /// Its channel closed: it ended or was killed.
    #[error("its channel closed")]
    Closed,
    /// It did what no correct content process does. Whoever started it must end it.
    #[error("it {0}")]
    Violation(#[from] Violation),
    /// Another process that is still there has the namespace. Whoever started it must end it.
    #[error("its namespace {0} is that of another process")]
    NamespaceTaken(NamespaceId),
    /// It does not read what it is sent. Whoever started it must end it.
    #[error("it does not read what it is sent")]
    NotReading,
    /// It is stuck as a whole: neither its script nor its media thread answers. Whoever started it
    /// must end it.
    #[error("it does not answer")]
    NotAnswering,
    /// The embedder took it out.
    #[error("it was removed")]
    Removed,
}

impl From<ReceiveError> for ContentEnd {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Closed => Self::Closed,
            ReceiveError::Violation(violation) => Self::Violation(violation),
        }
    }
}

/// What the manager tells its embedder.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ManagerEvent {
    /// What the controls show has changed.
    Controls(Option<Box<ControlsState>>),
    /// The state of an audio session.
    AudioSession {
        /// The tab.
        tab: TabId,
        /// The document.
        document: DocumentId,
        /// 0 for its own session; otherwise the index of an entry.
        entry: u32,
        /// The state.
        state: AudioSessionState,
        /// Why, in words.
        why: String,
    },
    /// Whether an audio session is ducked.
    Ducked {
        /// The tab.
        tab: TabId,
        /// The document.
        document: DocumentId,
        /// 0 for its own session; otherwise the index of an entry.
        entry: u32,
        /// Whether it is.
        ducked: bool,
        /// Why, in words.
        why: String,
    },
    /// A user's action was sent to a document.
    ActionSent {
        /// The tab.
        tab: TabId,
        /// The document.
        document: DocumentId,
        /// The action.
        details: ActionDetails,
    },
    /// A document has dealt with an action.
    ActionDone {
        /// The tab.
        tab: TabId,
        /// The document.
        document: DocumentId,
        /// The action.
        action: MediaSessionAction,
        /// Which handler ran.
        outcome: ActionOutcome,
    },
    /// A document has not dealt with an action of the user for 400 ms. What the user wanted
    /// was done without it, as far as that can be; the page learns of it when it goes on.
    NotAnswered {
        /// The tab.
        tab: TabId,
        /// The document.
        document: DocumentId,
        /// The action.
        action: MediaSessionAction,
    },
    /// What the operating system is to take a tab for: the computed type of its
    /// [selected audio session](https://w3c.github.io/audio-session/#selected-audio-session).
    TabType {
        /// The tab.
        tab: TabId,
        /// The type; `None` when nothing of the tab sounds.
        session_type: Option<AudioSessionType>,
    },
    /// Events were left out here, because nobody read them for too long.
    Lost {
        /// How many.
        count: u64,
    },
    /// A user's command went nowhere.
    NotRouted {
        /// The command.
        command: ControlsCommand,
        /// Why.
        reason: NotRouted,
    },
    /// The user asked, through the controls, to end the program.
    QuitRequested,
    /// A content process is out; its sessions are gone.
    ContentEnded {
        /// The process.
        content: ContentId,
        /// The tab.
        tab: TabId,
        /// Why.
        reason: ContentEnd,
    },
}

enum Command {
    AddContent(ContentId, Box<ContentChannels>),
    RemoveContent(ContentId),
    MoveContent(ContentId, TabId),
    CloseTab(TabId),
    Controls(Target, ControlsCommand),
    PauseAll,
    Pin(Option<DocumentId>),
    Hold(DocumentId, Hold, bool),
    SetTabMuted(TabId, bool),
    SetTabVolume(TabId, f64),
    SetPolicy(Policy),
    SetMode(Mode),
    Snapshot(Sender<Snapshot>),
    Explain(DocumentId, Sender<Option<Explanation>>),
    ShutDown,
}

type ControlsSink = Box<dyn FnMut(Option<ControlsState>) + Send>;
type FocusSink = Box<dyn FnMut(Option<AudioSessionType>) + Send>;
type RecordSink = Box<dyn FnMut(Entry) + Send>;

/// What the manager is connected to.
struct Platform {
    controls: ControlsSink,
    controls_commands: Receiver<ControlsCommand>,
    focus: FocusSink,
    focus_events: Receiver<OsFocusEvent>,
    record: Option<RecordSink>,
}

/// Sets a session manager up.
#[must_use]
pub struct SessionManagerBuilder {
    platform: Platform,
    policy: Policy,
    duck_gain: f64,
    process_patience: Option<Duration>,
}

impl SessionManagerBuilder {
    /// Shows the active session. `show` is called on the manager's thread with each new picture,
    /// `None` for nothing; it must not block. `commands` is what the user does there.
    pub fn media_controls(
        mut self,
        show: impl FnMut(Option<ControlsState>) + Send + 'static,
        commands: Receiver<ControlsCommand>,
    ) -> Self {
        self.platform.controls = Box::new(show);
        self.platform.controls_commands = commands;
        self
    }

    /// Negotiates with the audio focus of the operating system. `request` is called on the
    /// manager's thread with the type of the newest session that sounds, `None` to give focus back,
    /// and at the end in any case; it must not block. `events` is what the operating system says. Sessions do not wait for it.
    pub fn os_focus(
        mut self,
        request: impl FnMut(Option<AudioSessionType>) + Send + 'static,
        events: Receiver<OsFocusEvent>,
    ) -> Self {
        self.platform.focus = Box::new(request);
        self.platform.focus_events = events;
        self
    }

    /// Hands over everything that goes into the pure cores, with its time and what came of it, but for
    /// times at which nothing new was to be shown. It is
    /// called on the manager's thread and must not block. Of private tabs there are no URLs, titles
    /// or metadata.
    pub fn record(mut self, record: impl FnMut(Entry) + Send + 'static) -> Self {
        self.platform.record = Some(Box::new(record));
        self
    }

    /// What sessions do to each other; the default is [`Policy::default`].
    pub fn policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// The gain of what is ducked, in 0..=1; the default is 0.2, which is 14 dB less. What is outside
    /// is taken as the nearest inside.
    pub fn duck_gain(self, gain: f64) -> Self {
        Self { duck_gain: if gain.is_nan() { DUCK_GAIN } else { gain.clamp(0.0, 1.0) }, ..self }
    }

    /// How long a content process that left a user's command unanswered may take to say that it is
    /// alive, before it is given up with [`ContentEnd::NotAnswering`]; the default is 2 s. `None` is
    /// for those who stop processes in a debugger.
    pub fn process_patience(self, patience: Option<Duration>) -> Self {
        Self { process_patience: patience, ..self }
    }

    /// Starts the manager's thread.
    ///
    /// # Errors
    ///
    /// [`ManagerError::Thread`] when there is no thread to be had.
    pub fn spawn(self) -> Result<SessionManager, ManagerError> {
        let (command_sender, commands) = unbounded();
        let (event_sender, events) = unbounded();
        let (incoming_sender, incoming) = bounded::<Incoming>(INCOMING_QUEUE);
        let core = core::Core::new(
            self.policy,
            self.duck_gain,
            self.process_patience,
            self.platform,
            core::Events::new(event_sender),
            incoming_sender,
        );
        let thread = std::thread::Builder::new()
            .name("SessionManager".into())
            .spawn(move || core.run(&commands, &incoming))?;
        Ok(SessionManager {
            proxy: SessionManagerProxy { commands: command_sender, contents: Arc::default() },
            events,
            thread: Some(thread),
        })
    }
}

/// A running session manager. Dropping it shuts it down.
#[derive(Debug)]
pub struct SessionManager {
    proxy: SessionManagerProxy,
    events: Receiver<ManagerEvent>,
    thread: Option<JoinHandle<()>>,
}

impl SessionManager {
    /// Starts to describe a manager; it has no media controls, and no audio focus of the operating
    /// system, until it is given some.
    pub fn builder() -> SessionManagerBuilder {
        SessionManagerBuilder {
            platform: Platform {
                controls: Box::new(|_| {}),
                controls_commands: never(),
                focus: Box::new(|_| {}),
                focus_events: never(),
                record: None,
            },
            policy: Policy::default(),
            duck_gain: DUCK_GAIN,
            process_patience: Some(PROCESS_PATIENCE),
        }
    }

    /// A handle that any thread may use.
    pub fn proxy(&self) -> SessionManagerProxy {
        self.proxy.clone()
    }

    /// What happens. Each event goes to one receiver only. Beyond 4,096 events that wait
    /// for one (64 before a [`ManagerEvent::Controls`]), the manager leaves events out and says so with [`ManagerEvent::Lost`]; never those
    /// after which something must be done.
    pub fn events(&self) -> Receiver<ManagerEvent> {
        self.events.clone()
    }

    /// Takes everything off the media controls, lets go of all content processes and waits for the
    /// manager's thread. Reader threads end when their process closes its channel.
    pub fn shutdown(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // The thread is already gone when this fails.
        let _ = self.proxy.send(Command::ShutDown);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the session manager's thread panicked");
        }
    }
}

impl Drop for SessionManager {
    fn drop(&mut self) {
        self.end();
    }
}

/// A handle to a [`SessionManager`]. Its calls return at once; what they lead to comes as
/// [`ManagerEvent`]s.
#[derive(Clone, Debug)]
pub struct SessionManagerProxy {
    commands: Sender<Command>,
    /// How many content processes were added.
    contents: Arc<AtomicU64>,
}

impl SessionManagerProxy {
    fn send(&self, command: Command) -> Result<(), ManagerError> {
        self.commands.send(command).map_err(|_| ManagerError::ShutDown)
    }

    /// Takes a content process in.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn add_content(&self, channels: ContentChannels) -> Result<ContentId, ManagerError> {
        let id = ContentId(self.contents.fetch_add(1, Ordering::Relaxed));
        self.send(Command::AddContent(id, Box::new(channels)))?;
        Ok(id)
    }

    /// Discards the documents of a process, and its channels.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn remove_content(&self, content: ContentId) -> Result<(), ManagerError> {
        self.send(Command::RemoveContent(content))
    }

    /// A process shows another tab from now on, as when a tab is torn off its window.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn move_content(&self, content: ContentId, tab: TabId) -> Result<(), ManagerError> {
        self.send(Command::MoveContent(content, tab))
    }

    /// A tab is closed: its processes are removed, and what was said of the tab is forgotten.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn close_tab(&self, tab: TabId) -> Result<(), ManagerError> {
        self.send(Command::CloseTab(tab))
    }

    /// Does what a key of the media controls would do: acts on the active media session.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn command(&self, command: impl Into<ControlsCommand>) -> Result<(), ManagerError> {
        self.command_to(Target::Active, command)
    }

    /// Acts on the media session of a tab or of a document, whichever is active. Such is the source
    /// of `voiceactivity`, of buttons on a tab and of a picture-in-picture window.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn command_to(
        &self,
        target: Target,
        command: impl Into<ControlsCommand>,
    ) -> Result<(), ManagerError> {
        self.send(Command::Controls(target, command.into()))
    }

    /// Pauses everything that plays, by its handlers; what handles no `pause` is silenced.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn pause_all(&self) -> Result<(), ManagerError> {
        self.send(Command::PauseAll)
    }

    /// A document is shown in picture-in-picture or in full screen: it gets the keys while it can be
    /// controlled. `None` ends that.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn pin(&self, document: Option<DocumentId>) -> Result<(), ManagerError> {
        self.send(Command::Pin(document))
    }

    /// A handle to one document.
    pub fn content(&self, document: DocumentId) -> ContentHandle {
        ContentHandle::new(self.clone(), document)
    }

    /// All sessions as they are now, and why. It waits for the manager's thread, so do not call it
    /// from there.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn snapshot(&self) -> Result<Snapshot, ManagerError> {
        self.ask(Command::Snapshot)
    }

    fn ask<T>(&self, question: impl FnOnce(Sender<T>) -> Command) -> Result<T, ManagerError> {
        let (reply, answer) = bounded(1);
        self.send(question(reply))?;
        answer.recv().map_err(|_| ManagerError::ShutDown)
    }

    /// Mutes or unmutes everything that a tab plays. The page does not see it.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn set_tab_muted(&self, tab: TabId, muted: bool) -> Result<(), ManagerError> {
        self.send(Command::SetTabMuted(tab, muted))
    }

    /// How loud everything is that a tab plays: a gain in 0..=1, besides what its page wants and
    /// does not see. What is outside is taken as the nearest inside.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn set_tab_volume(&self, tab: TabId, gain: f64) -> Result<(), ManagerError> {
        let gain = if gain.is_nan() { 1.0 } else { gain.clamp(0.0, 1.0) };
        self.send(Command::SetTabVolume(tab, gain))
    }

    /// Changes the mode alone.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn set_mode(&self, mode: Mode) -> Result<(), ManagerError> {
        self.send(Command::SetMode(mode))
    }

    /// Changes what sessions do to each other.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn set_policy(&self, policy: Policy) -> Result<(), ManagerError> {
        self.send(Command::SetPolicy(policy))
    }
}

#[cfg(test)]
mod tests;
