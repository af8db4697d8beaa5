/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which content processes owe an answer, and since when. Pure: it is told the time.
//!
//! A page has [`SCRIPT_PATIENCE`] to deal with an action of the user. After that the manager does
//! what it can without the page, and asks the process whether it is alive; its media side answers
//! while script is stuck. A process that says nothing for some time is stuck as a whole.

use std::collections::VecDeque;
use std::time::Duration;

use sordino_traits::{DocumentId, MediaSessionAction, Timestamp};

use super::ContentId;

/// How long a page may take to deal with an action.
const SCRIPT_PATIENCE: Duration = Duration::from_millis(400);

/// An action on its way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Owed {
    pub(super) number: ContentId,
    pub(super) document: DocumentId,
    pub(super) action: MediaSessionAction,
}

/// What is due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Due {
    /// This was not answered in time.
    Action(Owed),
    /// The process was asked so long ago whether it is alive.
    Process(ContentId),
}

/// Both lists are in the order of their times, as each has one patience.
#[derive(Debug)]
pub(super) struct Liveness {
    /// How long a process may take to say that it is alive; `None` for ever.
    process_patience: Option<Duration>,
    actions: VecDeque<(Timestamp, Owed)>,
    /// Those that are late, and may still be answered.
    late: Vec<Owed>,
    processes: VecDeque<(Timestamp, ContentId)>,
}

impl Liveness {
    pub(super) fn new(process_patience: Option<Duration>) -> Self {
        Self {
            process_patience,
            actions: VecDeque::new(),
            late: Vec::new(),
            processes: VecDeque::new(),
        }
    }

    pub(super) fn sent(&mut self, owed: Owed, now: Timestamp) {
        self.actions.push_back((now + SCRIPT_PATIENCE, owed));
    }

    /// Actions of one kind are answered in the order in which they were sent. Returns whether this
    /// was owed.
    pub(super) fn answered(&mut self, answer: Owed) -> bool {
        if let Some(place) = self.late.iter().position(|owed| *owed == answer) {
            self.late.remove(place);
            return true;
        }
        let place = self.actions.iter().position(|(_, owed)| *owed == answer);
        place.and_then(|place| self.actions.remove(place)).is_some()
    }

    /// Returns whether the process is to be asked: it has not been already.
    pub(super) fn ask(&mut self, number: ContentId, now: Timestamp) -> bool {
        let is_new = self.processes.iter().all(|(_, asked)| *asked != number);
        match self.process_patience.filter(|_| is_new) {
            Some(patience) => {
                self.processes.push_back((now + patience, number));
                true
            }
            None => false,
        }
    }

    pub(super) fn forget_document(&mut self, document: DocumentId) {
        self.actions.retain(|(_, owed)| owed.document != document);
        self.late.retain(|owed| owed.document != document);
    }

    pub(super) fn forget_process(&mut self, number: ContentId) {
        self.actions.retain(|(_, owed)| owed.number != number);
        self.late.retain(|owed| owed.number != number);
        self.processes.retain(|(_, asked)| *asked != number);
    }

    /// When something is due next.
    pub(super) fn next(&self) -> Option<Timestamp> {
        let action = self.actions.front().map(|(at, _)| *at);
        let process = self.processes.front().map(|(at, _)| *at);
        action.into_iter().chain(process).min()
    }

    /// Takes out what is due.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Vec<Due> {
        let mut due = Vec::new();
        while let Some((_, owed)) = self.actions.pop_front_if(|(at, _)| *at <= now) {
            self.late.push(owed);
            due.push(Due::Action(owed));
        }
        while let Some((_, number)) = self.processes.pop_front_if(|(at, _)| *at <= now) {
            due.push(Due::Process(number));
        }
        due
    }
}
