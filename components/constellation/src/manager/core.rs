/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the manager's thread does: it drives the pure cores, and carries out what they say.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, after, never, select};
use sordino_traits::controls::ControlsCommand;
use sordino_traits::messages::{MediaCommand, RequestNumber, ScriptCommand};
use sordino_traits::os_focus::{OsFocusEvent, OsReason};
use sordino_traits::{
    AudioSessionState, AudioSessionType, DocumentId, MediaSessionAction, TabId, Timestamp,
};

use super::content::{Content, Incoming};
use super::liveness::{Due, Liveness, Owed};
use super::open_document::OpenDocument;
use super::{
    Command, ContentChannels, ContentEnd, ContentId, EVENT_QUEUE, INCOMING_QUEUE, LONG_EVENT_QUEUE,
    ManagerEvent, Platform, SessionView, Snapshot,
};
use crate::arbiter::{self, Hold, Policy, SessionId};
use crate::cores::{Cores, Entry, Input, Output};
use crate::router::{self, Delivery};

/// What the processes of a tab are told of it, and what they say of it.
#[derive(Clone, Copy)]
struct TabSettings {
    /// Whether the user muted it.
    muted: bool,
    /// What the user wants: 0..=1.
    gain: f64,
    /// The type of its selected session.
    session_type: Option<AudioSessionType>,
    /// Whether the arbiter knows that the sound server silences it.
    silenced: bool,
}

impl Default for TabSettings {
    fn default() -> Self {
        Self { muted: false, gain: 1.0, session_type: None, silenced: false }
    }
}

/// The events on their way to an embedder, who may not read them.
pub(super) struct Events {
    sender: Sender<ManagerEvent>,
    lost: u64,
}

impl Events {
    pub(super) fn new(sender: Sender<ManagerEvent>) -> Self {
        Self { sender, lost: 0 }
    }

    fn emit(&mut self, event: ManagerEvent) {
        // There are as many of these as processes, and somebody must act on them.
        let most = match event {
            ManagerEvent::ContentEnded { .. } | ManagerEvent::QuitRequested => usize::MAX,
            ManagerEvent::Controls(_) => LONG_EVENT_QUEUE,
            _ => EVENT_QUEUE,
        };
        if self.sender.len() >= most {
            self.lost += 1;
            return;
        }
        let lost = std::mem::take(&mut self.lost);
        let lost = (lost > 0).then_some(ManagerEvent::Lost { count: lost });
        for event in lost.into_iter().chain([event]) {
            // Nobody is obliged to listen.
            let _ = self.sender.send(event);
        }
    }
}

pub(super) struct Core {
    pub(super) cores: Cores,
    duck_gain: f64,
    platform: Platform,
    pub(super) contents: BTreeMap<ContentId, Content>,
    pub(super) documents: HashMap<DocumentId, OpenDocument>,
    tabs: HashMap<TabId, TabSettings>,
    pub(super) liveness: Liveness,
    /// Which processes are to be ended, and why.
    failed: Vec<(ContentId, ContentEnd)>,
    /// Tabs whose type has changed, or their processes.
    unsettled: Vec<TabId>,
    events: Events,
    incoming: Sender<Incoming>,
}

impl Core {
    pub(super) fn new(
        policy: Policy,
        duck_gain: f64,
        process_patience: Option<Duration>,
        platform: Platform,
        events: Events,
        incoming: Sender<Incoming>,
    ) -> Self {
        Self {
            cores: Cores::new(policy),
            duck_gain,
            platform,
            contents: BTreeMap::new(),
            documents: HashMap::new(),
            tabs: HashMap::new(),
            liveness: Liveness::new(process_patience),
            failed: Vec::new(),
            unsettled: Vec::new(),
            events,
            incoming,
        }
    }

    pub(super) fn run(mut self, commands: &Receiver<Command>, incoming: &Receiver<Incoming>) {
        loop {
            let due = self.liveness.next().map(|at| after(at.since(Timestamp::now())));
            select! {
                recv(commands) -> command => match command {
                    Ok(Command::ShutDown) | Err(_) => break,
                    Ok(command) => self.handle_command(command, Timestamp::now()),
                },
                recv(incoming) -> message => {
                    let Ok(message) = message else { break };
                    self.handle_incoming(message);
                    // What is already here belongs to the same picture.
                    for message in incoming.try_iter().take(INCOMING_QUEUE) {
                        self.handle_incoming(message);
                    }
                },
                recv(self.platform.controls_commands) -> command => match command {
                    Ok(command) => {
                        self.handle_controls(router::Target::Active, command, Timestamp::now());
                    }
                    Err(_) => self.platform.controls_commands = never(),
                },
                recv(self.platform.focus_events) -> event => match event {
                    Ok(event) => self.handle_focus_event(event, Timestamp::now()),
                    Err(_) => self.platform.focus_events = never(),
                },
                recv(due.unwrap_or_else(never)) -> _ => {
                    // An answer that is here already is in time.
                    let mut answers = 0;
                    for message in incoming.try_iter().take(INCOMING_QUEUE) {
                        answers += 1;
                        self.handle_incoming(message);
                    }
                    // Where there may be more, others have their turn, and this comes again.
                    if answers < INCOMING_QUEUE {
                        self.do_what_is_due(Timestamp::now());
                    }
                },
            }
            self.settle(Timestamp::now());
            self.drive(router::Input::Publish, Timestamp::now());
        }
        (self.platform.controls)(None);
        (self.platform.focus)(None);
    }

    pub(super) fn emit(&mut self, event: ManagerEvent) {
        self.events.emit(event);
    }

    /// Lets something happen to the pure cores, and carries out what they say.
    pub(super) fn drive(&mut self, input: impl Into<Input>, now: Timestamp) {
        let input = input.into();
        let outputs = if let Some(record) = &mut self.platform.record {
            let outputs = self.cores.handle(input.clone(), now);
            // It is asked after everything that happens, and mostly nothing has changed.
            let is_idle = input == Input::Router(router::Input::Publish) && outputs.is_empty();
            if !is_idle {
                record(Entry { at: now, input, outputs: outputs.clone() });
            }
            outputs
        } else {
            self.cores.handle(input, now)
        };
        for output in outputs {
            match output {
                Output::Arbiter(output) => self.carry_out(output, now),
                Output::Router(output) => self.carry_out_for_controls(output, now),
            }
        }
    }

    fn carry_out(&mut self, output: arbiter::Output, now: Timestamp) {
        match output {
            arbiter::Output::State { session, state, answers } => {
                self.set_state(session, state, answers, now);
            }
            arbiter::Output::Ducked { session, ducked } => self.set_ducked(session, ducked, now),
            arbiter::Output::Selected { tab, session } => {
                let session_type = session.map(|(_, session_type)| session_type);
                self.set_tab_type(tab, session_type);
                self.emit(ManagerEvent::TabType { tab, session_type });
            }
            arbiter::Output::OsFocus(session_type) => (self.platform.focus)(session_type),
        }
    }

    fn carry_out_for_controls(&mut self, output: router::Output, now: Timestamp) {
        match output {
            router::Output::Controls(state) => {
                (self.platform.controls)(state.as_deref().cloned());
                self.emit(ManagerEvent::Controls(state));
            }
            router::Output::Deliver(delivery) => self.deliver(delivery, now),
            router::Output::NotRouted { command, reason } => {
                self.emit(ManagerEvent::NotRouted { command, reason });
            }
            router::Output::Silence(document) => {
                for session in self.sessions_of(document) {
                    self.drive(arbiter::Input::Pause { session }, now);
                }
            }
        }
    }

    fn handle_command(&mut self, command: Command, now: Timestamp) {
        match command {
            Command::AddContent(id, channels) => self.add_content(id, *channels),
            Command::RemoveContent(id) => self.end_on_error(id, Err(ContentEnd::Removed)),
            Command::MoveContent(id, tab) => self.move_content(id, tab, now),
            Command::CloseTab(tab) => {
                for id in self.contents_of(tab) {
                    self.end_content(id, ContentEnd::Removed);
                }
                self.tabs.remove(&tab);
                self.drive(arbiter::Input::TabClosed { tab }, now);
            }
            Command::Controls(target, command) => self.handle_controls(target, command, now),
            Command::PauseAll => self.drive(router::Input::PauseAll, now),
            Command::Pin(document) => self.drive(router::Input::Pinned(document), now),
            Command::Hold(document, hold, held) => self.set_held(document, hold, held, now),
            Command::SetTabMuted(tab, muted) => {
                self.tabs.entry(tab).or_default().muted = muted;
                self.send_media_to(tab, MediaCommand::SetTabMuted(muted));
            }
            Command::SetTabVolume(tab, gain) => {
                self.tabs.entry(tab).or_default().gain = gain;
                self.send_media_to(tab, MediaCommand::SetTabVolume(gain));
            }
            Command::SetPolicy(policy) => self.drive(arbiter::Input::SetPolicy(policy), now),
            Command::SetMode(mode) => {
                let policy = Policy { mode, ..self.cores.arbiter().policy() };
                self.drive(arbiter::Input::SetPolicy(policy), now);
            }
            // Who asked may have gone.
            Command::Snapshot(reply) => drop(reply.send(self.snapshot(now))),
            Command::Explain(document, reply) => {
                drop(reply.send(self.cores.arbiter().explain(document.into(), now)));
            }
            Command::ShutDown => {}
        }
    }

    fn handle_focus_event(&mut self, event: OsFocusEvent, now: Timestamp) {
        let input = match event {
            // Nobody has waited for it.
            OsFocusEvent::Granted => return,
            OsFocusEvent::Denied => arbiter::Input::OsFocusDenied,
            OsFocusEvent::Lost => arbiter::Input::OsFocusLost,
            OsFocusEvent::Began { reason, tab } => arbiter::Input::OsBegan { reason, tab },
            OsFocusEvent::Ended { reason, tab } => arbiter::Input::OsEnded { reason, tab },
        };
        self.drive(input, now);
    }

    fn snapshot(&self, now: Timestamp) -> Snapshot {
        let arbiter = self.cores.arbiter();
        let view = |session: arbiter::SessionSnapshot| {
            let explanation = arbiter.explain(session.session, now)?;
            Some(SessionView { session, explanation })
        };
        Snapshot {
            policy: arbiter.policy(),
            sessions: arbiter.snapshot().into_iter().filter_map(view).collect(),
            active: self.cores.router().choice(),
            media_sessions: self.cores.router().media_sessions(),
            controls: self.cores.router().controls(),
        }
    }

    fn contents_of(&self, tab: TabId) -> Vec<ContentId> {
        let of_tab =
            |(number, content): (&ContentId, &Content)| (content.tab == tab).then_some(*number);
        self.contents.iter().filter_map(of_tab).collect()
    }

    fn send_media_to(&mut self, tab: TabId, command: MediaCommand) {
        for number in self.contents_of(tab) {
            self.send_media(number, command);
        }
    }

    fn send_media(&mut self, number: ContentId, command: MediaCommand) {
        let sent = self.contents[&number].send_media(command);
        self.end_on_error(number, sent);
    }

    fn send_settings(&mut self, number: ContentId, settings: TabSettings) {
        let TabSettings { muted, gain, session_type, silenced: _ } = settings;
        self.send_media(number, MediaCommand::SetTabMuted(muted));
        self.send_media(number, MediaCommand::SetTabVolume(gain));
        self.send_media(number, MediaCommand::SetTabType(session_type));
    }

    fn set_tab_type(&mut self, tab: TabId, session_type: Option<AudioSessionType>) {
        self.tabs.entry(tab).or_default().session_type = session_type;
        self.send_media_to(tab, MediaCommand::SetTabType(session_type));
        self.unsettled.push(tab);
    }

    /// Does what came of what was done, and was not to be done in the middle of it.
    pub(super) fn settle(&mut self, now: Timestamp) {
        self.end_failed();
        while let Some(tab) = self.unsettled.pop() {
            self.consider_streams(tab, now);
            self.end_failed();
        }
    }

    /// Tells the arbiter whether the sound server silences a tab. Where the tab's own call sounds, the
    /// server silences its other streams for that; it is nothing to the tab.
    pub(super) fn consider_streams(&mut self, tab: TabId, now: Timestamp) {
        let silences = |content: &Content| content.tab == tab && content.is_silenced;
        let silenced = self.contents.values().any(silences);
        if !silenced && !self.tabs.contains_key(&tab) {
            return;
        }
        let settings = self.tabs.entry(tab).or_default();
        let in_call = settings.session_type == Some(AudioSessionType::PlayAndRecord);
        let silenced = silenced && !in_call;
        if std::mem::replace(&mut settings.silenced, silenced) != silenced {
            let (reason, tab) = (OsReason::Stream, Some(tab));
            let input = match silenced {
                true => arbiter::Input::OsBegan { reason, tab },
                false => arbiter::Input::OsEnded { reason, tab },
            };
            self.drive(input, now);
        }
    }

    fn move_content(&mut self, id: ContentId, tab: TabId, now: Timestamp) {
        let Some(content) = self.contents.get_mut(&id) else { return };
        let before = std::mem::replace(&mut content.tab, tab);
        // What it must not sound for there holds before it leaves here.
        self.consider_streams(tab, now);
        let Some(content) = self.contents.get(&id) else { return };
        let documents: Vec<_> = content.documents.iter().copied().collect();
        for document in documents {
            for session in self.sessions_of(document) {
                self.drive(arbiter::Input::Moved { session, tab }, now);
            }
        }
        self.unsettled.push(before);
        // The user may have said other things of the other tab.
        self.send_settings(id, self.tabs.get(&tab).copied().unwrap_or_default());
    }

    fn add_content(&mut self, number: ContentId, channels: ContentChannels) {
        let (tab, namespace) = (channels.tab, channels.namespace);
        if self.contents.values().any(|content| content.namespace == namespace) {
            let reason = ContentEnd::NamespaceTaken(namespace);
            self.emit(ManagerEvent::ContentEnded { content: number, tab, reason });
            return;
        }
        match Content::start(number, channels, self.incoming.clone()) {
            Ok(content) => {
                self.contents.insert(number, content);
                // What the user said of the tab before its process was there.
                if let Some(settings) = self.tabs.get(&tab).copied() {
                    self.send_settings(number, settings);
                }
            }
            Err(error) => {
                log::error!("no thread for the content process of tab {tab}: {error}");
                let (content, reason) = (number, ContentEnd::Closed);
                self.emit(ManagerEvent::ContentEnded { content, tab, reason });
            }
        }
    }

    /// Forgets a content process and everything in it.
    fn end_content(&mut self, number: ContentId, reason: ContentEnd) {
        let Some(content) = self.contents.remove(&number) else { return };
        self.liveness.forget_process(number);
        // None of them is told of the others' ends.
        let documents = content.documents.iter();
        let open: Vec<_> =
            documents.filter_map(|id| Some((*id, self.documents.remove(id)?))).collect();
        for (document, open) in open {
            self.forget_document(document, &open, Timestamp::now());
        }
        let tab = content.tab;
        self.unsettled.push(tab);
        self.emit(ManagerEvent::ContentEnded { content: number, tab, reason });
    }

    /// Notes that a content process must end. It does when what is being done now is done: its end
    /// lets others sound, who must not hear of that in the middle of something else.
    pub(super) fn end_on_error(&mut self, number: ContentId, result: Result<(), ContentEnd>) {
        if let Err(reason) = result {
            self.failed.push((number, reason));
        }
    }

    pub(super) fn end_failed(&mut self) {
        while let Some((number, reason)) = self.failed.pop() {
            self.end_content(number, reason);
        }
    }

    pub(super) fn close_document(&mut self, document: DocumentId, now: Timestamp) {
        let Some(open) = self.documents.remove(&document) else { return };
        if let Some(content) = self.contents.get_mut(&open.content) {
            content.documents.remove(&document);
        }
        self.forget_document(document, &open, now);
    }

    /// Nothing of it is told of the end of the rest.
    fn forget_document(&mut self, document: DocumentId, open: &OpenDocument, now: Timestamp) {
        self.liveness.forget_document(document);
        // Its own session is the first; the router forgets the document with it.
        for session in open.sessions().into_iter().rev() {
            self.drive(arbiter::Input::Left { session }, now);
        }
    }

    /// The entry of a document is gone.
    pub(super) fn close_entry(&mut self, entry: SessionId, now: Timestamp) {
        if let Some(open) = self.documents.get_mut(&entry.document) {
            open.told.remove(&entry);
        }
        self.drive(arbiter::Input::Left { session: entry }, now);
    }

    fn sessions_of(&self, document: DocumentId) -> Vec<SessionId> {
        self.documents.get(&document).map(OpenDocument::sessions).unwrap_or_default()
    }

    fn set_held(&mut self, document: DocumentId, hold: Hold, held: bool, now: Timestamp) {
        for session in self.sessions_of(document) {
            self.drive(arbiter::Input::SetHold { session, hold, held }, now);
        }
    }

    fn why(&self, session: SessionId, now: Timestamp) -> String {
        let explanation = self.cores.arbiter().explain(session, now);
        explanation.map(|it| it.to_string()).unwrap_or_default()
    }

    fn set_ducked(&mut self, session: SessionId, ducked: bool, now: Timestamp) {
        let document = session.document;
        let Some((number, content)) = self.content_of(document) else { return };
        let gain = if ducked { self.duck_gain } else { 1.0 };
        let mut sent = content.send_media(MediaCommand::SetGain { session, gain });
        if session.is_entry() {
            let command = ScriptCommand::EntryDucked { session, ducked };
            sent = sent.and_then(|()| content.send_script(command));
        }
        let (tab, why) = (content.tab, self.why(session, now));
        let entry = session.entry;
        self.emit(ManagerEvent::Ducked { tab, document, entry, ducked, why });
        self.end_on_error(number, sent);
    }

    /// `None` for a document that is closed.
    fn content_of(&self, document: DocumentId) -> Option<(ContentId, &Content)> {
        let number = self.documents.get(&document)?.content;
        Some((number, self.contents.get(&number)?))
    }

    fn set_state(
        &mut self,
        session: SessionId,
        state: AudioSessionState,
        answers: Option<RequestNumber>,
        now: Timestamp,
    ) {
        let document = session.document;
        let open = self.documents.get_mut(&document);
        let Some(told) = open.and_then(|it| it.told.get_mut(&session)) else { return };
        let has_changed = std::mem::replace(told, state) != state;
        let Some((number, content)) = self.content_of(document) else { return };
        // Silence does not wait for script, nor does its end. What a page ends itself is silent.
        let mut sent = Ok(());
        if answers.is_none() || state != AudioSessionState::Inactive {
            let silenced = state != AudioSessionState::Active;
            sent = content.send_media(MediaCommand::SetSilenced { session, silenced });
        }
        let command = ScriptCommand::AudioSessionState { session, state, answers };
        let sent = sent.and_then(|()| content.send_script(command));
        if has_changed {
            let (tab, why) = (content.tab, self.why(session, now));
            let entry = session.entry;
            self.emit(ManagerEvent::AudioSession { tab, document, entry, state, why });
        }
        self.end_on_error(number, sent);
    }

    fn handle_controls(
        &mut self,
        target: router::Target,
        command: ControlsCommand,
        now: Timestamp,
    ) {
        if command == ControlsCommand::Quit {
            self.emit(ManagerEvent::QuitRequested);
        } else {
            self.drive(router::Input::Command { target, command }, now);
        }
    }

    fn deliver(&mut self, Delivery { tab, document, details }: Delivery, now: Timestamp) {
        let Some((number, content)) = self.content_of(document) else { return };
        let action = details.action;
        let sent =
            content.send_script(ScriptCommand::Action { document, details: details.clone() });
        self.liveness.sent(Owed { number, document, action }, now);
        self.emit(ManagerEvent::ActionSent { tab, document, details });
        self.end_on_error(number, sent);
    }

    fn do_what_is_due(&mut self, now: Timestamp) {
        for due in self.liveness.take_due(now) {
            match due {
                Due::Action(owed) => self.do_without_page(owed, now),
                Due::Process(number) => {
                    if self.contents.get(&number).is_some_and(|content| !content.is_heard) {
                        self.end_on_error(number, Err(ContentEnd::NotAnswering));
                    }
                }
            }
        }
    }

    /// The media thread obeys the user; the page learns of it when it goes on.
    fn do_without_page(&mut self, owed: Owed, now: Timestamp) {
        let Owed { number, document, action } = owed;
        let Some(content) = self.contents.get_mut(&number) else { return };
        let tab = content.tab;
        let mut sent = Ok(());
        if self.liveness.ask(number, now) {
            content.is_heard = false;
            sent = content.send_media(MediaCommand::Ping);
        }
        self.emit(ManagerEvent::NotAnswered { tab, document, action });
        match action {
            MediaSessionAction::Pause | MediaSessionAction::Stop => {
                self.hold_hung(document, Some(action), now);
            }
            MediaSessionAction::Play => self.hold_hung(document, None, now),
            _ => {}
        }
        self.end_on_error(number, sent);
    }

    /// Silences a document whose page does not answer, or lets it sound again.
    pub(super) fn hold_hung(
        &mut self,
        document: DocumentId,
        action: Option<MediaSessionAction>,
        now: Timestamp,
    ) {
        let Some(open) = self.documents.get_mut(&document) else { return };
        open.done_without_it = action;
        self.set_held(document, Hold::Hang, action.is_some(), now);
    }
}
