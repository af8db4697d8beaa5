/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the manager's thread does: it drives the pure cores.

use std::collections::{BTreeMap, HashMap, HashSet};

use crossbeam_channel::{Receiver, Sender, never, select};
use sordino_traits::controls::{ControlsCommand, ControlsState};
use sordino_traits::messages::{
    AudioSessionMessage, ContentMessage, MediaCommand, RequestNumber, ScriptCommand,
};
use sordino_traits::validate::{self, Violation};
use sordino_traits::{
    AudioSessionState, AudioSessionType, DocumentId, SessionTypes, TabId, Timestamp,
};

use super::content::{Content, ContentNumber, Incoming};
use super::{Command, ContentChannels, ContentEnd, ControlsSink, ManagerEvent};
use crate::arbiter::{self, Arbiter, Policy, SessionId};
use crate::router::{Delivery, Focus, Router};

pub(super) struct Core {
    arbiter: Arbiter,
    duck_gain: f64,
    router: Router,
    contents: BTreeMap<ContentNumber, Content>,
    /// Which process each open document is in, and the state that its session was last given.
    documents: HashMap<DocumentId, (ContentNumber, AudioSessionState)>,
    muted_tabs: HashSet<TabId>,
    /// Which processes are to be ended, and why.
    failed: Vec<(ContentNumber, ContentEnd)>,
    next_number: u64,
    show: ControlsSink,
    shown: Option<ControlsState>,
    events: Sender<ManagerEvent>,
    incoming: Sender<Incoming>,
}

impl Core {
    pub(super) fn new(
        policy: Policy,
        duck_gain: f64,
        show: ControlsSink,
        events: Sender<ManagerEvent>,
        incoming: Sender<Incoming>,
    ) -> Self {
        Self {
            arbiter: Arbiter::new(policy),
            duck_gain,
            router: Router::new(),
            contents: BTreeMap::new(),
            documents: HashMap::new(),
            muted_tabs: HashSet::new(),
            failed: Vec::new(),
            next_number: 0,
            show,
            shown: None,
            events,
            incoming,
        }
    }

    pub(super) fn run(
        mut self,
        commands: &Receiver<Command>,
        incoming: &Receiver<Incoming>,
        mut controls_commands: Receiver<ControlsCommand>,
    ) {
        loop {
            select! {
                recv(commands) -> command => match command {
                    Ok(Command::ShutDown) | Err(_) => break,
                    Ok(command) => self.handle_command(command),
                },
                recv(incoming) -> message => {
                    let Ok(message) = message else { break };
                    self.handle_incoming(message);
                    // What is already here belongs to the same picture.
                    for message in incoming.try_iter().take(super::INCOMING_QUEUE) {
                        self.handle_incoming(message);
                    }
                },
                recv(controls_commands) -> command => match command {
                    Ok(command) => self.handle_controls(command),
                    Err(_) => controls_commands = never(),
                },
            }
            self.end_failed();
            self.publish();
        }
        (self.show)(None);
    }

    fn emit(&self, event: ManagerEvent) {
        // Nobody is obliged to listen.
        let _ = self.events.send(event);
    }

    fn handle_command(&mut self, command: Command) {
        match command {
            Command::AddContent(channels) => self.add_content(*channels),
            Command::RemoveContent(tab) => {
                for number in self.numbers_of(tab) {
                    self.end_on_error(number, Err(ContentEnd::Removed));
                }
            }
            Command::Controls(command) => self.handle_controls(command),
            Command::SetTabMuted(tab, muted) => {
                match muted {
                    true => self.muted_tabs.insert(tab),
                    false => self.muted_tabs.remove(&tab),
                };
                for number in self.numbers_of(tab) {
                    let sent = self.contents[&number].send_media(MediaCommand::SetTabMuted(muted));
                    self.end_on_error(number, sent);
                }
            }
            Command::SetPolicy(policy) => {
                self.arbitrate(&arbiter::Input::SetPolicy(policy), Timestamp::now());
            }
            Command::Os { reason, tab, begins } => {
                let input = match begins {
                    true => arbiter::Input::OsBegan { reason, tab },
                    false => arbiter::Input::OsEnded { reason, tab },
                };
                self.arbitrate(&input, Timestamp::now());
            }
            Command::ShutDown => {}
        }
    }

    fn numbers_of(&self, tab: TabId) -> Vec<ContentNumber> {
        let of_tab =
            |(number, content): (&ContentNumber, &Content)| (content.tab == tab).then_some(*number);
        self.contents.iter().filter_map(of_tab).collect()
    }

    fn add_content(&mut self, channels: ContentChannels) {
        let number = ContentNumber(self.next_number);
        self.next_number += 1;
        let tab = channels.tab;
        match Content::start(number, channels, self.incoming.clone()) {
            Ok(content) => {
                self.contents.insert(number, content);
                // The user may have muted the tab before its process was there.
                if self.muted_tabs.contains(&tab) {
                    let sent = self.contents[&number].send_media(MediaCommand::SetTabMuted(true));
                    self.end_on_error(number, sent);
                }
            }
            Err(error) => {
                log::error!("no thread for the content process of tab {tab}: {error}");
                self.emit(ManagerEvent::ContentEnded { tab, reason: ContentEnd::Closed });
            }
        }
    }

    /// Forgets a content process and everything in it.
    fn end_content(&mut self, number: ContentNumber, reason: ContentEnd) {
        let Some(content) = self.contents.remove(&number) else { return };
        // None of them is told of the others' ends.
        for document in &content.documents {
            self.documents.remove(document);
        }
        for document in content.documents {
            self.close_document(document);
        }
        self.emit(ManagerEvent::ContentEnded { tab: content.tab, reason });
    }

    /// Notes that a content process must end. It does when what is being done now is done: its end
    /// lets others sound, who must not hear of that in the middle of something else.
    fn end_on_error(&mut self, number: ContentNumber, result: Result<(), ContentEnd>) {
        if let Err(reason) = result {
            self.failed.push((number, reason));
        }
    }

    fn end_failed(&mut self) {
        while let Some((number, reason)) = self.failed.pop() {
            self.end_content(number, reason);
        }
    }

    fn handle_incoming(&mut self, Incoming { from, message }: Incoming) {
        self.end_failed();
        // A process that was ended may have messages on the way.
        if !self.contents.contains_key(&from) {
            return;
        }
        let result = match message {
            Ok(message) => self.handle_message(from, message),
            Err(reason) => Err(reason),
        };
        self.end_on_error(from, result);
    }

    fn handle_message(
        &mut self,
        from: ContentNumber,
        message: ContentMessage,
    ) -> Result<(), ContentEnd> {
        let now = Timestamp::now();
        match message {
            ContentMessage::DocumentOpened { document, frame: _, url } => {
                if self.documents.contains_key(&document) {
                    return Err(Violation::DocumentTwice(document).into());
                }
                let Some(content) = self.contents.get_mut(&from) else { return Ok(()) };
                let found = content.documents.len() + 1;
                if found > validate::MAX_DOCUMENTS {
                    let limit = validate::MAX_DOCUMENTS;
                    return Err(Violation::TooMany { what: "documents", found, limit }.into());
                }
                content.documents.insert(document);
                let tab = content.tab;
                self.documents.insert(document, (from, AudioSessionState::Inactive));
                self.arbitrate(&arbiter::Input::Joined { session: document.into(), tab }, now);
                self.router.open(document, tab, url);
            }
            ContentMessage::DocumentTitle { document, title } => {
                self.check_owner(from, document)?;
                self.router.set_title(document, title);
            }
            ContentMessage::DocumentClosed { document } => {
                self.check_owner(from, document)?;
                self.close_document(document);
            }
            ContentMessage::AudioSession { document, message } => {
                self.check_owner(from, document)?;
                self.arbitrate(&arbiter_input(document, message), now);
                if matches!(message, AudioSessionMessage::TypesChanged { .. }) {
                    // Its state may be as before.
                    self.update_focus(document.into());
                }
            }
            ContentMessage::MediaSession { document, update } => {
                self.check_owner(from, document)?;
                self.router.update(document, *update, now);
            }
            ContentMessage::ActionDone { document, action, outcome } => {
                self.check_owner(from, document)?;
                let tab = self.contents[&from].tab;
                self.emit(ManagerEvent::ActionDone { tab, action, outcome });
            }
        }
        Ok(())
    }

    fn check_owner(&self, from: ContentNumber, document: DocumentId) -> Result<(), ContentEnd> {
        if self.documents.get(&document).is_some_and(|it| it.0 == from) {
            Ok(())
        } else {
            Err(Violation::UnknownDocument(document).into())
        }
    }

    fn close_document(&mut self, document: DocumentId) {
        self.arbitrate(&arbiter::Input::Left { session: document.into() }, Timestamp::now());
        self.router.close(document);
        let owner = self.documents.remove(&document);
        if let Some(content) = owner.and_then(|(owner, _)| self.contents.get_mut(&owner)) {
            content.documents.remove(&document);
        }
    }

    fn arbitrate(&mut self, input: &arbiter::Input, now: Timestamp) {
        for output in self.arbiter.handle(input, now) {
            match output {
                arbiter::Output::State { session, state, answers } => {
                    self.set_state(session, state, answers, now);
                }
                arbiter::Output::Ducked { session, ducked } => {
                    self.set_ducked(session, ducked, now);
                }
                // There is no focus of the operating system, and nobody who wants to know the type.
                arbiter::Output::Selected { .. } | arbiter::Output::OsFocus(_) => {
                    log::debug!("{output:?}");
                }
            }
        }
    }

    /// Tells the router whether a session is active. What counts as a short sound never gets the
    /// media keys.
    fn update_focus(&mut self, session: SessionId) {
        let state = self.arbiter.state(session).unwrap_or_default();
        let weight = self.arbiter.types(session).map(SessionTypes::weight);
        let Some(weight) = weight.filter(|weight| *weight != AudioSessionType::Transient) else {
            self.router.set_focus(session.document, Focus::None);
            return;
        };
        let focus = match state {
            AudioSessionState::Active => Focus::Holds {
                is_exclusive: weight.is_exclusive(),
                order: self.arbiter.order(session),
            },
            AudioSessionState::Interrupted => Focus::Waits,
            AudioSessionState::Inactive => Focus::None,
        };
        self.router.set_focus(session.document, focus);
    }

    fn why(&self, session: SessionId, now: Timestamp) -> String {
        self.arbiter.explain(session, now).map(|it| it.to_string()).unwrap_or_default()
    }

    fn set_ducked(&mut self, session: SessionId, ducked: bool, now: Timestamp) {
        let document = session.document;
        let Some((number, content)) = self.content_of(document) else { return };
        let gain = if ducked { self.duck_gain } else { 1.0 };
        let sent = content.send_media(MediaCommand::SetGain { document, gain });
        let (tab, why) = (content.tab, self.why(session, now));
        self.emit(ManagerEvent::Ducked { tab, document, ducked, why });
        self.end_on_error(number, sent);
    }

    /// `None` for a document that is closed.
    fn content_of(&self, document: DocumentId) -> Option<(ContentNumber, &Content)> {
        let (number, _) = self.documents.get(&document)?;
        Some((*number, self.contents.get(number)?))
    }

    fn set_state(
        &mut self,
        session: SessionId,
        state: AudioSessionState,
        answers: Option<RequestNumber>,
        now: Timestamp,
    ) {
        let document = session.document;
        self.update_focus(session);
        let Some((_, told)) = self.documents.get_mut(&document) else { return };
        let has_changed = std::mem::replace(told, state) != state;
        let Some((number, content)) = self.content_of(document) else { return };
        // Silence does not wait for script, nor does its end. What a page ends itself is silent.
        let mut sent = Ok(());
        if answers.is_none() || state != AudioSessionState::Inactive {
            let silenced = state != AudioSessionState::Active;
            sent = content.send_media(MediaCommand::SetSilenced { document, silenced });
        }
        let command = ScriptCommand::AudioSessionState { document, state, answers };
        let sent = sent.and_then(|()| content.send_script(command));
        if has_changed {
            let (tab, why) = (content.tab, self.why(session, now));
            self.emit(ManagerEvent::AudioSession { tab, document, state, why });
        }
        self.end_on_error(number, sent);
    }

    fn handle_controls(&mut self, command: ControlsCommand) {
        if command == ControlsCommand::Quit {
            self.emit(ManagerEvent::QuitRequested);
            return;
        }
        match self.router.route(&command, Timestamp::now()) {
            Ok(deliveries) => {
                for delivery in deliveries {
                    self.deliver(delivery);
                }
            }
            Err(reason) => self.emit(ManagerEvent::NotRouted { command, reason }),
        }
    }

    fn deliver(&mut self, Delivery { tab, document, details }: Delivery) {
        let Some((number, content)) = self.content_of(document) else { return };
        self.emit(ManagerEvent::ActionSent { tab, document, details: details.clone() });
        let sent = content.send_script(ScriptCommand::Action { document, details });
        self.end_on_error(number, sent);
    }

    /// Shows the picture, if it is a new one.
    fn publish(&mut self) {
        let controls = self.router.controls();
        if controls == self.shown {
            return;
        }
        (self.show)(controls.clone());
        self.emit(ManagerEvent::Controls(controls.clone().map(Box::new)));
        self.shown = controls;
    }
}

fn arbiter_input(document: DocumentId, message: AudioSessionMessage) -> arbiter::Input {
    let session = document.into();
    match message {
        AudioSessionMessage::TryActivate { request, types, by_user } => {
            arbiter::Input::Request { session, request, types, by_user }
        }
        AudioSessionMessage::Inactivate { request } => arbiter::Input::Abandon { session, request },
        AudioSessionMessage::TypesChanged { types } => {
            arbiter::Input::TypesChanged { session, types }
        }
    }
}
