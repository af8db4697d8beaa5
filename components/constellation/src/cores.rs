/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The arbiter and the router as one deterministic machine, and the record of what it did.
//!
//! An engine with an IPC of its own drives this: it makes an [`Input`] of whatever its processes,
//! its user and its operating system do, and carries the [`Output`]s out. The example
//! `own_ipc` of this crate does so. A list of [`Entry`]s, from the start, is a complete account:
//! the same inputs at the same times give the same outputs again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sordino_traits::{AudioSessionState, AudioSessionType, DocumentId, SessionTypes, Timestamp};

use crate::arbiter::{self, Arbiter, Policy, SessionId};
use crate::router::{self, Focus, Router};

/// What has happened.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum Input {
    /// To audio sessions.
    Arbiter(arbiter::Input),
    /// To media sessions and their controls.
    Router(router::Input),
}

impl From<arbiter::Input> for Input {
    fn from(input: arbiter::Input) -> Self {
        Self::Arbiter(input)
    }
}

impl From<router::Input> for Input {
    fn from(input: router::Input) -> Self {
        Self::Router(input)
    }
}

/// What to do.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum Output {
    /// About audio sessions.
    Arbiter(arbiter::Output),
    /// About media sessions and their controls.
    Router(router::Output),
}

/// The start of a record.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Header {
    /// The [`RECORD_VERSION`] of whoever wrote it.
    pub version: u32,
    /// What the policy was at the start.
    pub policy: Policy,
}

/// The version of the inputs and outputs, as they are recorded.
pub const RECORD_VERSION: u32 = 1;

/// One input with its time and what came of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What has happened.
    pub input: Input,
    /// What was to be done about it.
    pub outputs: Vec<Output>,
}

/// An [`Arbiter`] and a [`Router`], of which the second is told what the first decides: who sounds,
/// and which documents have moved to another tab or are gone.
#[derive(Debug, Default)]
pub struct Cores {
    arbiter: Arbiter,
    router: Router,
    entries: BTreeSet<SessionId>,
}

impl Cores {
    /// Cores without documents.
    pub fn new(policy: Policy) -> Self {
        Self { arbiter: Arbiter::new(policy), router: Router::new(), entries: BTreeSet::new() }
    }

    /// Takes one input in, and returns what to do about it, in that order.
    #[must_use]
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Vec<Output> {
        match input {
            Input::Router(input) => {
                self.router.handle(input, now).into_iter().map(Output::Router).collect()
            }
            Input::Arbiter(input) => {
                self.follow(&input, now);
                let outputs = self.arbiter.handle(&input, now);
                self.note_entries(&input);
                // Its state may be as before.
                if let arbiter::Input::TypesChanged { session, .. }
                | arbiter::Input::Left { session } = input
                {
                    self.tell_router(session.document, now);
                }
                for output in &outputs {
                    if let arbiter::Output::State { session, .. } = output {
                        self.tell_router(session.document, now);
                    }
                }
                outputs.into_iter().map(Output::Arbiter).collect()
            }
        }
    }

    /// Documents go where their own sessions go.
    fn follow(&mut self, input: &arbiter::Input, now: Timestamp) {
        match *input {
            arbiter::Input::Moved { session: SessionId { document, entry: 0 }, tab } => {
                self.tell(router::Input::Moved { document, tab }, now);
            }
            arbiter::Input::Left { session: SessionId { document, entry: 0 } } => {
                self.tell(router::Input::Closed { document }, now);
            }
            arbiter::Input::TabClosed { tab } => {
                for document in self.router.documents_of(tab) {
                    self.tell(router::Input::Closed { document }, now);
                }
            }
            _ => {}
        }
    }

    fn tell(&mut self, input: router::Input, now: Timestamp) {
        let outputs = self.router.handle(input, now);
        debug_assert!(outputs.is_empty(), "what changes is shown when it is published");
    }

    fn note_entries(&mut self, input: &arbiter::Input) {
        match *input {
            arbiter::Input::Joined { session, .. } if session.is_entry() => {
                self.entries.insert(session);
            }
            arbiter::Input::Left { session } => {
                self.entries.remove(&session);
            }
            arbiter::Input::TabClosed { .. } => {
                let arbiter = &self.arbiter;
                self.entries.retain(|entry| arbiter.types(*entry).is_some());
            }
            _ => {}
        }
    }

    /// Tells the router whether a document sounds: its own session, or else one of its entries.
    fn tell_router(&mut self, document: DocumentId, now: Timestamp) {
        let own = SessionId::from(document);
        let last = SessionId { document, entry: u32::MAX };
        let entries = self.entries.range(own..=last).copied();
        let all = entries.chain([own]).map(|session| self.focus_of(session));
        let rank = |focus: &Focus| match *focus {
            Focus::None => (0, false, 0),
            Focus::Waits => (1, false, 0),
            Focus::Holds { is_exclusive, order } => (2, is_exclusive, order),
        };
        let focus = all.max_by_key(rank).unwrap_or(Focus::None);
        self.tell(router::Input::Focus { document, focus }, now);
    }

    /// What counts as a short sound never gets the media keys.
    fn focus_of(&self, session: SessionId) -> Focus {
        let weight = self.arbiter.types(session).map(SessionTypes::weight);
        let weight = weight.filter(|weight| *weight != AudioSessionType::Transient);
        match (weight, self.arbiter.state(session).unwrap_or_default()) {
            (Some(weight), AudioSessionState::Active) => Focus::Holds {
                is_exclusive: weight.is_exclusive(),
                order: self.arbiter.order(session),
            },
            (Some(_), AudioSessionState::Interrupted) => Focus::Waits,
            _ => Focus::None,
        }
    }

    /// The audio sessions.
    pub fn arbiter(&self) -> &Arbiter {
        &self.arbiter
    }

    /// The media sessions.
    pub fn router(&self) -> &Router {
        &self.router
    }
}
