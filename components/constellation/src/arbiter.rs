/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Who holds audio focus. Pure: no clock, thread, channel or lock.
//!
//! There is one mode so far, `page`: tabs have no effect on each other, and every request is
//! granted. The order of the grants is kept; the newest is on top.

use std::collections::HashMap;

use sordino_traits::messages::RequestNumber;
use sordino_traits::{AudioSessionState, AudioSessionType, DocumentId, TabId, Timestamp};

/// What happened to a session. A session is named by its document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// A document exists in a tab, and its session with it.
    Joined {
        /// The session.
        session: DocumentId,
        /// Its tab.
        tab: TabId,
    },
    /// The document was discarded.
    Left {
        /// The session.
        session: DocumentId,
    },
    /// [Try activating](https://w3c.github.io/audio-session/#try-activating).
    Request {
        /// The session.
        session: DocumentId,
        /// The request, for the answer.
        request: RequestNumber,
        /// `[[type]]`.
        set_type: AudioSessionType,
        /// The computed type.
        computed_type: AudioSessionType,
    },
    /// [Inactivate](https://w3c.github.io/audio-session/#inactivate).
    Abandon {
        /// The session.
        session: DocumentId,
        /// The request, for the answer.
        request: RequestNumber,
    },
    /// The set or the computed type changed.
    TypeChanged {
        /// The session.
        session: DocumentId,
        /// `[[type]]`.
        set_type: AudioSessionType,
        /// The computed type.
        computed_type: AudioSessionType,
    },
}

/// What to tell whom.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Output {
    /// The state of a session.
    State {
        /// The session.
        session: DocumentId,
        /// Its state now.
        state: AudioSessionState,
        /// The request that this answers.
        answers: Option<RequestNumber>,
    },
}

/// A session that has joined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Session {
    /// Its tab.
    pub tab: TabId,
    /// `[[type]]`.
    pub set_type: AudioSessionType,
    /// The computed type.
    pub computed_type: AudioSessionType,
    /// The state that it was last given.
    pub state: AudioSessionState,
    /// The place of its last grant in the order of all grants, from 1; 0 before the first.
    pub grant: u64,
    /// When it was last granted or taken.
    pub since: Timestamp,
}

/// The arbiter.
#[derive(Debug, Default)]
pub struct Arbiter {
    sessions: HashMap<DocumentId, Session>,
    grants: u64,
}

impl Arbiter {
    /// An arbiter without sessions.
    pub fn new() -> Self {
        Self::default()
    }

    /// The session of a document.
    pub fn session(&self, session: DocumentId) -> Option<&Session> {
        self.sessions.get(&session)
    }

    /// Takes one input in, and returns what to do about it. An input about a session that has not
    /// joined has no effect: the boundary refuses such messages.
    #[must_use]
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Option<Output> {
        match input {
            Input::Joined { session, tab } => {
                self.sessions.entry(session).or_insert(Session {
                    tab,
                    set_type: AudioSessionType::Auto,
                    computed_type: AudioSessionType::Ambient,
                    state: AudioSessionState::Inactive,
                    grant: 0,
                    since: now,
                });
                None
            }
            Input::Left { session } => {
                self.sessions.remove(&session);
                None
            }
            Input::Request { session, request, set_type, computed_type } => {
                let entry = self.sessions.get_mut(&session)?;
                self.grants += 1;
                entry.grant = self.grants;
                (entry.set_type, entry.computed_type) = (set_type, computed_type);
                entry.state = AudioSessionState::Active;
                entry.since = now;
                Some(Output::State { session, state: entry.state, answers: Some(request) })
            }
            Input::Abandon { session, request } => {
                let entry = self.sessions.get_mut(&session)?;
                if entry.state != AudioSessionState::Inactive {
                    entry.state = AudioSessionState::Inactive;
                    entry.since = now;
                }
                Some(Output::State { session, state: entry.state, answers: Some(request) })
            }
            Input::TypeChanged { session, set_type, computed_type } => {
                let entry = self.sessions.get_mut(&session)?;
                (entry.set_type, entry.computed_type) = (set_type, computed_type);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sordino_traits::NamespaceId;
    use sordino_traits::id::IdAllocator;

    const NOW: Timestamp = Timestamp::from_origin(std::time::Duration::ZERO);

    fn request(session: DocumentId, number: u32) -> Input {
        Input::Request {
            session,
            request: RequestNumber(number),
            set_type: AudioSessionType::Auto,
            computed_type: AudioSessionType::Playback,
        }
    }

    #[test]
    fn a_request_is_granted_and_the_newest_grant_is_on_top() {
        let mut ids = IdAllocator::new(NamespaceId(1));
        let mut arbiter = Arbiter::new();
        let [first, second] = [ids.document(), ids.document()];
        for session in [first, second] {
            assert_eq!(arbiter.handle(Input::Joined { session, tab: ids.tab() }, NOW), None);
            assert_eq!(
                arbiter.handle(request(session, 1), NOW),
                Some(Output::State {
                    session,
                    state: AudioSessionState::Active,
                    answers: Some(RequestNumber(1)),
                })
            );
        }
        let grant = |arbiter: &Arbiter, session| arbiter.session(session).unwrap().grant;
        assert!(grant(&arbiter, second) > grant(&arbiter, first));
        assert!(arbiter.handle(request(first, 2), NOW).is_some());
        assert!(grant(&arbiter, first) > grant(&arbiter, second));
    }

    #[test]
    fn every_abandon_is_answered_and_a_session_that_left_is_not() {
        let mut ids = IdAllocator::new(NamespaceId(1));
        let mut arbiter = Arbiter::new();
        let session = ids.document();
        let tab = ids.tab();
        let _ = arbiter.handle(Input::Joined { session, tab }, NOW);
        let _ = arbiter.handle(request(session, 1), NOW);
        for number in [2, 3] {
            let abandon = Input::Abandon { session, request: RequestNumber(number) };
            assert_eq!(
                arbiter.handle(abandon, NOW),
                Some(Output::State {
                    session,
                    state: AudioSessionState::Inactive,
                    answers: Some(RequestNumber(number)),
                })
            );
        }
        let _ = arbiter.handle(Input::Left { session }, NOW);
        assert_eq!(arbiter.handle(request(session, 4), NOW), None);
        assert_eq!(arbiter.session(session), None);
    }
}
