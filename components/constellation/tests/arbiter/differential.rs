/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Random histories: after every input the arbiter says and knows what the reference does, and the
//! invariants hold.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use sordino_constellation::arbiter::{
    Arbiter, Hold, Input, Mode, OsReason, Output, OverCall, Policy, SessionId,
};
use sordino_traits::messages::RequestNumber;
use sordino_traits::{
    AudioSessionState, AudioSessionType, DocumentId, NamespaceId, SessionTypes, TabId, Timestamp,
};

use crate::reference::Reference;

fn session_id(number: usize) -> SessionId {
    let number = u32::try_from(number).unwrap();
    // Every other is an entry of the document before it.
    let entry = u32::from(number % 2 == 1);
    SessionId { document: DocumentId::new(NamespaceId(1), number - entry + 1).unwrap(), entry }
}

fn tab_id(number: u32) -> TabId {
    TabId::new(NamespaceId(0), number + 1).unwrap()
}

fn types() -> impl Strategy<Value = SessionTypes> {
    let any_type = prop::sample::select(AudioSessionType::ALL.to_vec());
    (any_type.clone(), any_type, any::<bool>()).prop_map(|(set_type, computed, is_short)| {
        let computed_type = match (set_type, computed) {
            // Nothing in a document makes an `auto` session compute `auto`.
            (AudioSessionType::Auto, AudioSessionType::Auto) => AudioSessionType::Playback,
            (AudioSessionType::Auto, computed) => computed,
            (set_type, _) => set_type,
        };
        SessionTypes { set_type, computed_type, is_short }
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let mode = prop::sample::select(vec![Mode::Browser, Mode::Browser, Mode::Page, Mode::None]);
    let over_call = prop::sample::select(vec![OverCall::Duck, OverCall::Hold, OverCall::Mix]);
    (mode, over_call).prop_map(|(mode, over_call)| Policy { mode, over_call, ..Policy::default() })
}

fn input(sessions: usize, tabs: u32) -> impl Strategy<Value = Input> {
    let session = (0..sessions).prop_map(session_id);
    let tab = (0..tabs).prop_map(tab_id);
    let scope = prop::option::weighted(0.3, tab.clone());
    let reason = prop::sample::select(vec![
        OsReason::Call,
        OsReason::Sleep,
        OsReason::Stream,
        OsReason::Device,
        OsReason::Focus,
        OsReason::Player(1),
        OsReason::Player(2),
    ]);
    let hold = prop::sample::select(vec![Hold::User, Hold::Policy, Hold::Hang]);
    let request = any::<u32>().prop_map(RequestNumber);
    prop_oneof![
        4 => (session.clone(), tab.clone())
            .prop_map(|(session, tab)| Input::Joined { session, tab }),
        24 => (session.clone(), request.clone(), types(), any::<bool>()).prop_map(
            |(session, request, types, by_user)| {
                Input::Request { session, request, types, by_user }
            }
        ),
        12 => (session.clone(), request)
            .prop_map(|(session, request)| Input::Abandon { session, request }),
        2 => session.clone().prop_map(|session| Input::Pause { session }),
        6 => (session.clone(), types())
            .prop_map(|(session, types)| Input::TypesChanged { session, types }),
        2 => session.clone().prop_map(|session| Input::Left { session }),
        2 => (session.clone(), tab.clone())
            .prop_map(|(session, tab)| Input::Moved { session, tab }),
        1 => tab.prop_map(|tab| Input::TabClosed { tab }),
        4 => (session, hold, any::<bool>())
            .prop_map(|(session, hold, held)| Input::SetHold { session, hold, held }),
        4 => (reason.clone(), scope.clone())
            .prop_map(|(reason, tab)| Input::OsBegan { reason, tab }),
        5 => (reason, scope).prop_map(|(reason, tab)| Input::OsEnded { reason, tab }),
        1 => Just(Input::OsFocusDenied),
        1 => Just(Input::OsFocusLost),
        1 => policy().prop_map(Input::SetPolicy),
    ]
}

#[derive(Clone, Debug)]
struct History {
    policy: Policy,
    sessions: Vec<(SessionId, TabId)>,
    /// Each after a time in milliseconds.
    inputs: Vec<(u32, Input)>,
}

fn history(
    sessions: std::ops::RangeInclusive<usize>,
    length: usize,
) -> impl Strategy<Value = History> {
    (sessions, 1_u32..5).prop_flat_map(move |(sessions, tabs)| {
        let wait = prop_oneof![
            6 => 1_u32..1_000,
            3 => 1_000_u32..5_000,
            1 => 30_000_u32..90_000,
            1 => 500_000_u32..700_000,
        ];
        let inputs = prop::collection::vec((wait, input(sessions, tabs)), length);
        let tabs = prop::collection::vec((0..tabs).prop_map(tab_id), sessions);
        (policy(), tabs, inputs).prop_map(|(policy, tabs, inputs)| History {
            policy,
            sessions: tabs.into_iter().enumerate().map(|(n, tab)| (session_id(n), tab)).collect(),
            inputs,
        })
    })
}

/// Which group an output is in, and what it is about; their order inside a group is free.
fn group(output: &Output) -> u8 {
    match output {
        Output::State { state: AudioSessionState::Active, .. } => 1,
        Output::State { .. } => 0,
        Output::Ducked { .. } => 2,
        Output::Selected { .. } => 3,
        Output::OsFocus(_) => 4,
    }
}

fn sorted(outputs: &[Output]) -> Vec<String> {
    let mut texts: Vec<_> =
        outputs.iter().map(|output| format!("{} {output:?}", group(output))).collect();
    texts.sort();
    texts
}

/// What holds in general, said of what the arbiter tells and of nothing else.
#[derive(Default)]
struct Told {
    tabs: BTreeMap<SessionId, TabId>,
    types: BTreeMap<SessionId, SessionTypes>,
    states: BTreeMap<SessionId, AudioSessionState>,
    ducked: BTreeMap<SessionId, bool>,
    /// Whether the last that its page or its user wanted was that it sounds.
    wanted: BTreeMap<SessionId, bool>,
}

impl Told {
    fn note(&mut self, input: &Input, outputs: &[Output]) {
        match input {
            Input::Request { session, .. } => drop(self.wanted.insert(*session, true)),
            Input::Abandon { session, .. } | Input::Pause { session } => {
                self.wanted.insert(*session, false);
            }
            _ => {}
        }
        // At most a state and a duck for each session, a selection for each tab, and the focus.
        let tabs: BTreeSet<_> = self.tabs.values().collect();
        assert!(outputs.len() <= 2 * self.tabs.len() + tabs.len() + 3, "{outputs:?}");
        match input {
            Input::Joined { session, tab } => {
                self.tabs.entry(*session).or_insert(*tab);
            }
            Input::Moved { session, tab } => {
                self.tabs.entry(*session).and_modify(|it| *it = *tab);
            }
            Input::Left { session } => self.forget(*session),
            Input::TabClosed { tab } => {
                let gone: Vec<_> =
                    self.tabs.iter().filter(|it| it.1 == tab).map(|it| *it.0).collect();
                gone.into_iter().for_each(|session| self.forget(session));
            }
            Input::Request { session, types, .. } | Input::TypesChanged { session, types }
                if self.tabs.contains_key(session) =>
            {
                self.types.insert(*session, *types);
            }
            _ => {}
        }
        for output in outputs {
            match output {
                Output::State { session, state, .. } => {
                    let is_wanted = self.wanted.get(session) == Some(&true);
                    assert!(*state != AudioSessionState::Active || is_wanted, "{session} resumes");
                    if *state == AudioSessionState::Inactive {
                        self.wanted.insert(*session, false);
                    }
                    self.states.insert(*session, *state);
                }
                Output::Ducked { session, ducked } => {
                    self.ducked.insert(*session, *ducked);
                }
                Output::Selected { .. } | Output::OsFocus(_) => {}
            }
        }
    }

    fn forget(&mut self, session: SessionId) {
        self.tabs.remove(&session);
        self.types.remove(&session);
        self.states.remove(&session);
        self.ducked.remove(&session);
        self.wanted.remove(&session);
    }

    fn check(&self, policy: &Policy) {
        let active: Vec<_> = self
            .states
            .iter()
            .filter(|(_, state)| **state == AudioSessionState::Active)
            .map(|(session, _)| (*session, self.tabs[session], self.types[session]))
            .collect();
        let explicit = |types: SessionTypes| {
            types.set_type != AudioSessionType::Auto && types.computed_type.is_exclusive()
        };
        for (session, tab, types) in &active {
            for (other, other_tab, other_types) in &active {
                if session == other {
                    continue;
                }
                if policy.mode != Mode::None && tab == other_tab {
                    let plays =
                        |types: &SessionTypes| types.computed_type == AudioSessionType::Playback;
                    let both_explicit = match (session.is_entry(), other.is_entry()) {
                        (true, true) => plays(types) && plays(other_types),
                        (false, false) => explicit(*types) && explicit(*other_types),
                        _ => false,
                    };
                    assert!(
                        !both_explicit,
                        "two explicit exclusive sessions sound in one tab: {session}, {other}"
                    );
                }
                let both = [types.weight(), other_types.weight()];
                if policy.mode == Mode::Browser
                    && tab != other_tab
                    && both == [AudioSessionType::Playback; 2]
                {
                    panic!("two tabs play: {session}, {other}");
                }
            }
            let is_under_call = policy.mode == Mode::Browser
                && policy.over_call == OverCall::Duck
                && types.weight() == AudioSessionType::Playback
                && active.iter().any(|(_, other_tab, other)| {
                    other_tab != tab && other.weight() == AudioSessionType::PlayAndRecord
                });
            assert!(
                !is_under_call || self.ducked.get(session) == Some(&true),
                "{session} plays beside a call and is not ducked"
            );
        }
    }
}

fn compare(history: &History) {
    let mut arbiter = Arbiter::new(history.policy);
    let mut reference = Reference::new(history.policy);
    let mut told = Told::default();
    let mut policy = history.policy;
    let mut time = Duration::ZERO;
    let joined = history
        .sessions
        .iter()
        .map(|(session, tab)| (1, Input::Joined { session: *session, tab: *tab }));
    for (number, (wait, input)) in joined.chain(history.inputs.iter().cloned()).enumerate() {
        time += Duration::from_millis(wait.into());
        let now = Timestamp::from_origin(time);
        if let Input::SetPolicy(new) = &input {
            policy = *new;
        }
        let outputs = arbiter.handle(&input, now);
        let expected = reference.handle(&input, now);
        assert_eq!(sorted(&outputs), sorted(&expected), "after input {number}, {input:?}");
        assert!(outputs.is_sorted_by_key(group), "the order of {outputs:?}");
        for (session, _) in &history.sessions {
            let state = arbiter.state(*session).unwrap_or_default();
            assert_eq!(state, reference.state(*session), "{session} after {number}, {input:?}");
            assert_eq!(arbiter.is_ducked(*session), reference.is_ducked(*session));
        }
        told.note(&input, &outputs);
        told.check(&policy);
        check_idempotence(&arbiter, &input, now);
    }
}

/// The same input again and again tells nothing but the answer. (A request that was remembered, and
/// whose types free the session, is granted when it is repeated.)
fn check_idempotence(arbiter: &Arbiter, input: &Input, now: Timestamp) {
    // Each of these is an act of its own: it takes the next one.
    if matches!(input, Input::OsFocusDenied | Input::OsFocusLost) {
        return;
    }
    let mut arbiter = arbiter.clone();
    let again = arbiter.handle(input, now);
    let granted = matches!(input, Input::Request { .. });
    let again = if granted { arbiter.handle(input, now) } else { again };
    for output in again {
        assert!(
            matches!(output, Output::State { answers: Some(_), .. }),
            "{input:?} again tells {output:?}"
        );
    }
}

/// Compares so many histories. The seed is printed when one fails; `SORDINO_SEED` sets it.
fn compare_all(cases: u32, histories: &impl Strategy<Value = History>) {
    let seed = match std::env::var("SORDINO_SEED") {
        Ok(seed) => seed.parse().expect("SORDINO_SEED is a number"),
        Err(_) => RandomState::new().build_hasher().finish(),
    };
    println!("SORDINO_SEED={seed}");
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let compared = runner.run(histories, |history| {
        compare(&history);
        Ok(())
    });
    if let Err(failure) = compared {
        panic!("with SORDINO_SEED={seed}: {failure}");
    }
}

#[test]
fn small_histories_are_those_of_the_reference() {
    compare_all(20_000, &history(2..=8, 50));
}

#[test]
fn long_histories_are_those_of_the_reference() {
    compare_all(200, &history(50..=50, 1_000));
}
