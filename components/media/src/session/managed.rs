/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! An engine that knows nothing of Sordino, under a session manager in another process.
//!
//! Each session of a [`SessionBackend`](super::SessionBackend) is a document for the manager: it
//! exists while the session has players or audio contexts, and asks to be active as soon as one of
//! them is audible. What the manager decides is done to the session; the engine does not learn of it.
//!
//! # Threads
//!
//! Two threads read the manager's channels; a third tells it what is audible. Each may wait for the
//! manager to read, which it always does; the third and that of script also for the limit on messages.
//! None waits for the engine, and the worker of the sessions for none of them.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};

use crossbeam_channel::{Receiver, unbounded};
use ipc_channel::ipc::{self, IpcReceiver, IpcSender};
use servo_media::ClientContextId;
use sordino_traits::embedder::{ShellCommand, ShellRequest};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{
    ActionOutcome, AudioSessionMessage, ContentHello, ContentMessage, ContentWelcome, MediaCommand,
    PROTOCOL_VERSION, RequestNumber, ScriptCommand,
};
use sordino_traits::rate::{CONTENT, CONTENT_AUDIO, Limits};
use sordino_traits::{
    AudioSessionType, DocumentId, NamespaceId, SessionId, SessionTypes, Timestamp,
};

use super::{ObjectId, SessionEvent, Sessions};
use crate::lock::lock;
use crate::sink;

/// The way to the session manager. It lets no more through than a correct process sends.
#[derive(Clone, Debug)]
pub struct ToManager {
    sender: IpcSender<ContentMessage>,
    limits: Arc<Mutex<Limits>>,
}

impl ToManager {
    /// On a channel on which nothing has been sent yet.
    pub fn new(sender: IpcSender<ContentMessage>) -> Self {
        let limits = Limits::new(CONTENT, CONTENT_AUDIO, Timestamp::now());
        Self { sender, limits: Arc::new(Mutex::new(limits)) }
    }

    /// Sends as soon as the manager bears it: who sends more waits. Nothing happens when the manager is
    /// gone.
    pub fn send(&self, message: ContentMessage) {
        loop {
            let counted = lock(&self.limits).count(&message, Timestamp::now());
            match counted {
                Ok(()) => break,
                Err(early) => std::thread::sleep(early.wait),
            }
        }
        self.send_at_once(message);
    }

    /// The same for what cannot come often, and must not wait for what does.
    pub fn send_at_once(&self, message: ContentMessage) {
        if let Err(error) = self.sender.send(message) {
            log::debug!("the session manager is gone: {error}");
        }
    }
}

/// The channels of this process and the session manager.
#[derive(Debug)]
pub struct ManagerChannels {
    /// To the manager.
    pub content: ToManager,
    /// What it would have script do. There is none; nothing is handled.
    pub script: IpcReceiver<ScriptCommand>,
    /// What it wants of the sound.
    pub media: IpcReceiver<MediaCommand>,
}

/// All channels of a content process, which it has when it has joined its parent.
#[derive(Debug)]
pub struct ContentProcess {
    /// To and from the session manager.
    pub manager: ManagerChannels,
    /// What the shell wants.
    pub shell: IpcReceiver<ShellCommand>,
    /// What is asked of the shell.
    pub requests: IpcSender<ShellRequest>,
}

impl ContentProcess {
    /// Joins the parent that opened a one-shot server of this name. Waits for its answer.
    ///
    /// # Errors
    ///
    /// What the operating system or ipc-channel says when there is no such server, or the parent has
    /// gone.
    pub fn join(server_name: String) -> std::io::Result<Self> {
        let gone = |error: ipc_channel::IpcError| std::io::Error::other(error.to_string());
        let (welcome, answer) = ipc::channel()?;
        let (to_script, script) = ipc::channel()?;
        let (to_media, media) = ipc::channel()?;
        let (to_shell, shell) = ipc::channel()?;
        let parent: IpcSender<ContentHello> = IpcSender::connect(server_name)?;
        let hello = ContentHello {
            version: PROTOCOL_VERSION,
            welcome,
            script: to_script,
            media: to_media,
            shell: to_shell,
        };
        parent.send(hello).map_err(gone)?;
        let ContentWelcome { content, requests } = answer.recv().map_err(gone)?;
        let content = ToManager::new(content);
        Ok(Self { manager: ManagerChannels { content, script, media }, shell, requests })
    }
}

/// What a document of the manager is here.
struct Document {
    id: DocumentId,
    audible: HashSet<ObjectId>,
    requests: u32,
}

impl Document {
    fn next_request(&mut self) -> RequestNumber {
        self.requests += 1;
        RequestNumber(self.requests)
    }
}

struct State {
    ids: IdAllocator,
    documents: HashMap<ClientContextId, Document>,
    sessions: HashMap<DocumentId, ClientContextId>,
}

struct Manager {
    content: ToManager,
    state: Mutex<State>,
}

impl Manager {
    fn handle(&self, sessions: &Sessions, event: SessionEvent) {
        match event {
            SessionEvent::Audible { session, object, audible: true } => {
                for message in self.became_audible(sessions, session, object) {
                    self.content.send(message);
                }
            }
            SessionEvent::Audible { session, object, audible: false } => {
                if let Some(message) = self.fell_silent(session, object) {
                    self.content.send(message);
                }
            }
            SessionEvent::Empty { session } => {
                let mut state = lock(&self.state);
                let Some(document) = state.documents.remove(&session) else { return };
                state.sessions.remove(&document.id);
                drop(state);
                sessions.release(session);
                self.content.send(ContentMessage::DocumentClosed { document: document.id });
            }
        }
    }

    /// [Try activating](https://w3c.github.io/audio-session/#try-activating), in a document of its
    /// own if there is none yet.
    fn became_audible(
        &self,
        sessions: &Sessions,
        session: ClientContextId,
        object: ObjectId,
    ) -> Vec<ContentMessage> {
        let mut state = lock(&self.state);
        let mut messages = Vec::new();
        if !state.documents.contains_key(&session) {
            let (id, frame) = (state.ids.document(), state.ids.frame());
            let document = Document { id, audible: HashSet::new(), requests: 0 };
            state.documents.insert(session, document);
            state.sessions.insert(id, session);
            // What an earlier document left is not done to this one.
            sessions.release(session);
            messages.push(ContentMessage::DocumentOpened {
                document: id,
                frame,
                url: "about:blank".into(),
                may_use_media_session: false,
            });
        }
        let Some(document) = state.documents.get_mut(&session) else { return messages };
        document.audible.insert(object);
        let request = document.next_request();
        let types =
            SessionTypes { computed_type: AudioSessionType::Playback, ..SessionTypes::default() };
        let message = AudioSessionMessage::TryActivate { request, types, by_user: false };
        messages.push(ContentMessage::AudioSession { session: document.id.into(), message });
        messages
    }

    /// [Inactivate](https://w3c.github.io/audio-session/#inactivate), if it was the last.
    fn fell_silent(&self, session: ClientContextId, object: ObjectId) -> Option<ContentMessage> {
        let mut state = lock(&self.state);
        let document = state.documents.get_mut(&session)?;
        if !document.audible.remove(&object) || !document.audible.is_empty() {
            return None;
        }
        let message = AudioSessionMessage::Inactivate { request: document.next_request() };
        Some(ContentMessage::AudioSession { session: document.id.into(), message })
    }

    fn session_of(&self, document: DocumentId) -> Option<ClientContextId> {
        lock(&self.state).sessions.get(&document).copied()
    }

    fn obey(&self, sessions: &Sessions, command: MediaCommand) {
        match command {
            MediaCommand::Ping => self.content.send_at_once(ContentMessage::Alive),
            command => obey(sessions, command, |session| self.session_of(session.document)),
        }
    }
}

/// Does what the session manager wants of the sound. Its audio sessions are these sessions; what it wants of
/// one that is none is out of date.
pub(crate) fn obey(
    sessions: &Sessions,
    command: MediaCommand,
    session_of: impl Fn(SessionId) -> Option<ClientContextId>,
) {
    match command {
        // Whoever reads the commands has answered.
        MediaCommand::Ping => {}
        MediaCommand::SetTabType(session_type) => sink::process().set_type(session_type),
        MediaCommand::SetTabMuted(muted) => sessions.set_all_muted(muted),
        MediaCommand::SetTabVolume(gain) => sessions.set_all_gain(gain),
        MediaCommand::SetSilenced { session, silenced } => {
            if let Some(session) = session_of(session) {
                sessions.set_suspended(session, silenced);
            }
        }
        MediaCommand::SetGain { session, gain } => {
            if let Some(session) = session_of(session) {
                sessions.set_gain(session, gain);
            }
        }
    }
}

/// The next event, of those that count: what became of an object is news only as it is now, however
/// often a page changes it. `None` at the end.
fn next_event(
    events: &Receiver<SessionEvent>,
    pending: &mut VecDeque<SessionEvent>,
) -> Option<SessionEvent> {
    if pending.is_empty() {
        pending.push_back(events.recv().ok()?);
    }
    for event in events.try_iter() {
        if let SessionEvent::Audible { object, .. } = event {
            let is_older = |it: &SessionEvent| matches!(it, SessionEvent::Audible { object: other, .. } if *other == object);
            pending.retain(|it| !is_older(it));
        }
        pending.push_back(event);
    }
    pending.pop_front()
}

impl Sessions {
    /// Puts all sessions under a session manager, until it closes its channels: then they are as it
    /// left them. `namespace` is that which the manager has for this process. It observes the sessions
    /// ([`Sessions::observe`]), so nobody else can.
    ///
    /// # Errors
    ///
    /// The operating system gives no thread.
    pub fn follow_manager(
        &self,
        namespace: NamespaceId,
        channels: ManagerChannels,
    ) -> std::io::Result<()> {
        let ManagerChannels { content, script, media } = channels;
        let manager = Arc::new(Manager {
            content,
            state: Mutex::new(State {
                ids: IdAllocator::new(namespace),
                documents: HashMap::new(),
                sessions: HashMap::new(),
            }),
        });
        let (to_manager, sessions) = (manager.clone(), self.clone());
        std::thread::Builder::new().name("MediaCommands".into()).spawn(move || {
            while let Ok(command) = media.recv() {
                to_manager.obey(&sessions, command);
            }
        })?;
        let to_manager = manager.clone();
        std::thread::Builder::new().name("ScriptCommands".into()).spawn(move || {
            while let Ok(command) = script.recv() {
                // The state of a session is done to it by a command of its own.
                if let ScriptCommand::Action { document, details } = command {
                    let (action, outcome) = (details.action, ActionOutcome::Unhandled);
                    to_manager.content.send(ContentMessage::ActionDone {
                        document,
                        action,
                        outcome,
                    });
                }
            }
        })?;
        let (to_teller, events) = unbounded();
        // It ends with the sessions' worker, which it does not keep.
        let sessions = self.downgrade();
        std::thread::Builder::new().name("SessionEvents".into()).spawn(move || {
            let mut pending = VecDeque::new();
            while let Some(event) = next_event(&events, &mut pending) {
                let Some(sessions) = sessions.upgrade() else { return };
                manager.handle(&sessions, event);
            }
        })?;
        self.observe(move |event| {
            // The thread has ended with the sessions.
            let _ = to_teller.send(event);
        });
        Ok(())
    }
}
