/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Every state that three sessions can reach, whatever the length of their history.

use std::hash::{Hash, Hasher};
use std::time::Duration;

use sordino_constellation::arbiter::{
    Arbiter, Input, Mode, OsReason, Output, Policy, SessionId, SessionSnapshot,
};
use sordino_traits::messages::RequestNumber;
use sordino_traits::{
    AudioSessionState, AudioSessionType, DocumentId, NamespaceId, SessionTypes, TabId, Timestamp,
};
use stateright::{Checker, Model, Property};

const NOW: Timestamp = Timestamp::from_origin(Duration::ZERO);

/// Two sessions are in one tab, the third in another.
const TABS: [u32; 3] = [1, 1, 2];

struct Sessions {
    policy: Policy,
    /// How many of the first are entries of the third one's document.
    entries: usize,
}

impl Sessions {
    fn session(&self, number: usize) -> SessionId {
        let index = u32::try_from(number).unwrap() + 1;
        if number < self.entries {
            return SessionId { document: self.session(TABS.len() - 1).document, entry: index };
        }
        DocumentId::new(NamespaceId(1), index).unwrap().into()
    }
}

#[derive(Clone, Debug)]
struct State {
    arbiter: Arbiter,
    sessions: Vec<SessionSnapshot>,
    is_call: bool,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        (&self.sessions, self.is_call) == (&other.sessions, other.is_call)
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.sessions, self.is_call).hash(state);
    }
}

/// Every explicit type, and the `auto` session of each kind of element; short media too.
fn all_types() -> Vec<SessionTypes> {
    use AudioSessionType::{Ambient, Auto, PlayAndRecord, Playback};

    let explicit = AudioSessionType::ALL.into_iter().filter(|it| *it != Auto).map(|it| (it, it));
    let auto = [Playback, PlayAndRecord, Ambient].map(|computed| (Auto, computed));
    let types =
        |(set_type, computed_type)| SessionTypes { set_type, computed_type, is_short: false };
    let ping = SessionTypes { is_short: true, ..types((Auto, Playback)) };
    explicit.chain(auto).map(types).chain([ping]).collect()
}

impl State {
    fn active(&self) -> impl Iterator<Item = &SessionSnapshot> {
        self.sessions.iter().filter(|it| it.state == AudioSessionState::Active)
    }
}

impl Model for Sessions {
    type State = State;
    type Action = Input;

    fn init_states(&self) -> Vec<State> {
        let mut arbiter = Arbiter::new(self.policy);
        for (number, tab) in TABS.into_iter().enumerate() {
            let tab = TabId::new(NamespaceId(0), tab).unwrap();
            let outputs =
                arbiter.handle(&Input::Joined { session: self.session(number), tab }, NOW);
            assert_eq!(outputs, []);
        }
        let sessions = arbiter.snapshot();
        vec![State { arbiter, sessions, is_call: false }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Input>) {
        for number in 0..TABS.len() {
            let session = self.session(number);
            for types in all_types() {
                for by_user in [false, true] {
                    let request = RequestNumber(0);
                    actions.push(Input::Request { session, request, types, by_user });
                }
                actions.push(Input::TypesChanged { session, types });
            }
            actions.push(Input::Abandon { session, request: RequestNumber(0) });
        }
        let (reason, tab) = (OsReason::Call, None);
        actions.push(match state.is_call {
            true => Input::OsEnded { reason, tab },
            false => Input::OsBegan { reason, tab },
        });
    }

    fn next_state(&self, last: &State, input: Input) -> Option<State> {
        let mut arbiter = last.arbiter.clone();
        let outputs = arbiter.handle(&input, NOW);
        let sessions = arbiter.snapshot();
        let named = match input {
            Input::Request { session, .. } | Input::TypesChanged { session, .. } => Some(session),
            _ => None,
        };
        // Looked at here, since a state that is reached a second time is not looked at again.
        for output in outputs {
            if let Output::State { session, state: AudioSessionState::Active, .. } = output {
                let waited = last.sessions.iter().any(|it| {
                    it.session == session
                        && it.state == AudioSessionState::Interrupted
                        && it.lost_to.is_none()
                });
                assert!(waited || Some(session) == named, "{session} resumes after {input:?}");
            }
        }
        Some(State {
            arbiter,
            sessions,
            is_call: match input {
                Input::OsBegan { .. } => true,
                Input::OsEnded { .. } => false,
                _ => last.is_call,
            },
        })
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(
                "one explicit exclusive document, and one entry that plays, of a tab sound",
                |_, state: &State| {
                    let counts = |it: &&SessionSnapshot| match it.session.is_entry() {
                        true => it.types.computed_type == AudioSessionType::Playback,
                        false => {
                            it.types.set_type != AudioSessionType::Auto
                                && it.types.computed_type.is_exclusive()
                        }
                    };
                    let all: Vec<_> = state
                        .active()
                        .filter(counts)
                        .map(|it| (it.tab, it.session.is_entry()))
                        .collect();
                    all.iter().all(|one| all.iter().filter(|other| *other == one).count() == 1)
                },
            ),
            Property::always("one tab plays", |model, state: &State| {
                let plays = |it: &&SessionSnapshot| it.types.weight() == AudioSessionType::Playback;
                let mut tabs: Vec<_> = state.active().filter(plays).map(|it| it.tab).collect();
                tabs.dedup();
                model.policy.mode != Mode::Browser || tabs.len() <= 1
            }),
            Property::always("who is interrupted has a reason", |_, state: &State| {
                state.sessions.iter().all(|it| {
                    let explanation = state.arbiter.explain(it.session, NOW).unwrap();
                    let is_interrupted = it.state == AudioSessionState::Interrupted;
                    is_interrupted == explanation.interrupted_by().next().is_some()
                })
            }),
            Property::always("who is ducked has a reason", |_, state: &State| {
                state.sessions.iter().all(|it| {
                    let explanation = state.arbiter.explain(it.session, NOW).unwrap();
                    it.ducked == explanation.ducked_by().next().is_some()
                })
            }),
            Property::always("nothing sounds during a call of the system", |_, state: &State| {
                !state.is_call || state.active().next().is_none()
            }),
        ]
    }
}

/// Explores until there is no new state. How many there are is part of the result: another number
/// means other rules, or a state that tells less or more of itself.
fn explore(policy: Policy, entries: usize, visited: usize) {
    let checker = Sessions { policy, entries }.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    let (steps, states, depth) =
        (checker.state_count(), checker.unique_state_count(), checker.max_depth());
    println!("{policy:?}: {states} states, reached by {steps} inputs, at most {depth} deep");
    assert_eq!(states, visited, "states");
    assert!(depth >= 6, "only {depth} deep");
}

#[test]
fn no_history_of_three_sessions_breaks_a_rule() {
    explore(Policy::default(), 0, 151_154);
}

#[test]
fn nor_when_what_was_lost_may_be_reclaimed_at_once() {
    explore(Policy { reclaim_guard: Duration::ZERO, ..Policy::default() }, 0, 151_154);
}

#[test]
fn nor_when_tabs_do_not_act_on_each_other() {
    explore(Policy { mode: Mode::Page, ..Policy::default() }, 0, 91_368);
}

#[test]
fn nor_when_an_entry_is_beside_a_document() {
    explore(Policy::default(), 1, 155_932);
}

#[test]
fn nor_when_two_entries_are_in_one_tab() {
    explore(Policy { mode: Mode::Page, ..Policy::default() }, 2, 93_636);
}
