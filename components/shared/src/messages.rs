/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Messages between a content process and the session manager.
//!
//! A content process has one channel to the manager. The manager has two channels to it, because
//! silence must not wait for script: [`ScriptCommand`] goes to the event loop, [`MediaCommand`]
//! straight to the media thread. Who sent a message is known from its channel, never from a field.

use ipc_channel::ipc::IpcSender;
use serde::{Deserialize, Serialize};

use crate::audio_session::{AudioSessionState, AudioSessionType, SessionTypes};
use crate::embedder::{ShellCommand, ShellRequest};
use crate::id::{DocumentId, FrameId, SessionId};
use crate::media_session::{
    ActionDetails, ActionSet, MediaImage, MediaMetadata, MediaSessionAction, PositionState,
};

/// The version of all messages of this crate. Both sides must have the same.
pub const PROTOCOL_VERSION: u32 = 10;

/// The first message of a content process, sent through the one-shot server that its parent
/// opened for it: how to reach it.
#[derive(Debug, Deserialize, Serialize)]
pub struct ContentHello {
    /// The sender's [`PROTOCOL_VERSION`].
    pub version: u32,
    /// How the parent answers.
    pub welcome: IpcSender<ContentWelcome>,
    /// How the manager reaches the event loop.
    pub script: IpcSender<ScriptCommand>,
    /// How the manager reaches the media thread.
    pub media: IpcSender<MediaCommand>,
    /// How the shell reaches the process.
    pub shell: IpcSender<ShellCommand>,
}

/// The parent's answer to [`ContentHello`]: how the process reaches others. The parent has made these
/// channels, so that the process has nothing of their other ends.
#[derive(Debug, Deserialize, Serialize)]
pub struct ContentWelcome {
    /// What the process says to the session manager.
    pub content: IpcSender<ContentMessage>,
    /// What the process asks of the shell.
    pub requests: IpcSender<ShellRequest>,
}

/// From a content process to the session manager.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum ContentMessage {
    /// A document exists. Sent before any other message that names it.
    DocumentOpened {
        /// The new document.
        document: DocumentId,
        /// The browsing context that shows it.
        frame: FrameId,
        /// The document's URL.
        url: String,
        /// Whether its [permissions policy](https://w3c.github.io/mediasession/#permissions-policy)
        /// lets it use `mediasession`.
        may_use_media_session: bool,
    },
    /// The document's title changed.
    DocumentTitle {
        /// The document.
        document: DocumentId,
        /// Its new title.
        title: String,
    },
    /// The document's icon changed; [`MediaImage::src`] is absolute.
    ///
    /// [`MediaImage::src`]: crate::media_session::MediaImage::src
    DocumentIcon {
        /// The document.
        document: DocumentId,
        /// The icon that a `link` element names.
        icon: Option<MediaImage>,
    },
    /// The document was discarded, and its sessions with it.
    DocumentClosed {
        /// The document.
        document: DocumentId,
    },
    /// The page manages an entry beside its document's session. Sent before any other message that
    /// names it. The document is open, and has fewer than [`MAX_ENTRIES`] of them.
    ///
    /// [`MAX_ENTRIES`]: crate::validate::MAX_ENTRIES
    EntryOpened {
        /// The entry.
        session: SessionId,
    },
    /// Nobody has the entry any more.
    EntryClosed {
        /// The entry.
        session: SessionId,
    },
    /// Something happened to an audio session: a document's or an entry.
    AudioSession {
        /// The session.
        session: SessionId,
        /// What happened.
        message: AudioSessionMessage,
    },
    /// The document's media session changed. Everything that changed in one turn of the event
    /// loop is in one message.
    MediaSession {
        /// The document.
        document: DocumentId,
        /// What changed.
        update: Box<MediaSessionUpdate>,
    },
    /// The answer to [`ScriptCommand::Action`]: whether a handler ran.
    ActionDone {
        /// The document.
        document: DocumentId,
        /// The action.
        action: MediaSessionAction,
        /// Which handler ran, if any.
        outcome: ActionOutcome,
    },
    /// The sound server silences the streams of the process (it corked or muted them, or stopped their
    /// clock), or does not any more. It is for the tab what [`OsReason::Stream`] is, unless the tab is
    /// in a call itself.
    ///
    /// [`OsReason::Stream`]: crate::os_focus::OsReason::Stream
    StreamsSilenced(bool),
    /// The answer to [`MediaCommand::Ping`].
    Alive,
}

/// What became of an action in its document.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum ActionOutcome {
    /// The page's handler ran.
    PageHandler,
    /// The page has no handler for it; the default handler ran.
    DefaultHandler,
    /// Nobody handles it.
    Unhandled,
}

/// Which request of an audio session an answer is for. A session knows from it whether
/// an answer is already out of date.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct RequestNumber(pub u32);

/// What an audio session tells the manager.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum AudioSessionMessage {
    /// [Try activating](https://w3c.github.io/audio-session/#try-activating): an element became
    /// audible. Answered by [`ScriptCommand::AudioSessionState`].
    TryActivate {
        /// The number of the request, for the answer.
        request: RequestNumber,
        /// What the session is from now on.
        types: SessionTypes,
        /// Whether the user has caused it: by a command, or with
        /// [transient activation](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation).
        by_user: bool,
    },
    /// [Inactivate](https://w3c.github.io/audio-session/#inactivate): the last audible element
    /// stopped. Answered by [`ScriptCommand::AudioSessionState`].
    Inactivate {
        /// The number of the request, for the answer.
        request: RequestNumber,
    },
    /// The types changed, and nothing has started.
    TypesChanged {
        /// What the session is from now on.
        types: SessionTypes,
    },
}

/// What changed in a media session. `None` is "as before".
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct MediaSessionUpdate {
    /// The page's metadata; `Some(None)` is null or empty metadata.
    pub metadata: Option<Option<MediaMetadata>>,
    /// Whether the [actual playback state](https://w3c.github.io/mediasession/#actual-playback-state)
    /// is playing.
    pub playing: Option<bool>,
    /// The actions for which the page has a handler.
    pub handlers: Option<ActionSet>,
    /// The actions for which the document has a default handler now.
    pub default_handlers: Option<ActionSet>,
    /// The position as of the sending of this message; `Some(None)` is none.
    pub position: Option<Option<PositionState>>,
    /// The piece that the document's media plays changed, whatever the metadata says.
    pub new_track: bool,
}

impl MediaSessionUpdate {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// From the session manager to the event loop of a content process.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum ScriptCommand {
    /// The state that the manager gave to an audio session. The event loop queues a
    /// task to [notify the state's change](https://w3c.github.io/audio-session/#notify-the-states-change).
    AudioSessionState {
        /// The session.
        session: SessionId,
        /// The state.
        state: AudioSessionState,
        /// The request that this answers; `None` when the state changed from outside.
        answers: Option<RequestNumber>,
    },
    /// Whether an entry is ducked. The audio session of a document is not told: no state of its draft
    /// says so.
    EntryDucked {
        /// The entry.
        session: SessionId,
        /// Whether it is.
        ducked: bool,
    },
    /// The user triggered an action for this document. The event loop queues a task to
    /// [handle the media session action](https://w3c.github.io/mediasession/#handle-media-session-action).
    Action {
        /// The document.
        document: DocumentId,
        /// The action.
        details: ActionDetails,
    },
}

/// From the session manager to the media thread of a content process. It is obeyed while script
/// runs, and does not change what the page reads back.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub enum MediaCommand {
    /// The user muted or unmuted the whole tab.
    SetTabMuted(bool),
    /// How loud the user wants the whole tab: a gain in 0..=1.
    SetTabVolume(f64),
    /// An audio session was interrupted or ended by another, or may sound again. Its
    /// elements are paused by script later; they are not heard from now on.
    SetSilenced {
        /// The session.
        session: SessionId,
        /// Whether it is not to be heard.
        silenced: bool,
    },
    /// How loud a session is, besides what its page wants: 1, or less while it is ducked.
    SetGain {
        /// The session.
        session: SessionId,
        /// A gain in 0..=1.
        gain: f64,
    },
    /// What the tab is for the sound server: the computed type of its selected audio session; `None`
    /// while it has none.
    SetTabType(Option<AudioSessionType>),
    /// Answered with [`ContentMessage::Alive`] at once, whatever script does: a process that does
    /// not is stuck as a whole.
    Ping,
}
