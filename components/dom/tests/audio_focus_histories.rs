/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Random histories of an entry of audio focus: calls of its page, changes of its elements, commands
//! of the session manager, and every delay between them.

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;
use sordino_dom::{AudioFocusEntry, AudioFocusState, AudioFocusType, FocusOutput};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{AudioSessionMessage, RequestNumber};
use sordino_traits::{AudioSessionState, ElementId, NamespaceId};

use AudioSessionState::{Active, Inactive, Interrupted};

const ELEMENTS: usize = 3;

#[derive(Clone, Copy, Debug)]
enum Step {
    Request(bool),
    Abandon,
    /// The page or the user plays an element.
    Play(usize, bool),
    Pause(usize),
    Mute(usize, bool),
    EndTurn,
    ManagerReads,
    /// The entry hears the manager's next command.
    Deliver,
    /// Something else begins to interrupt the entry, or ends.
    Block(bool),
    /// The manager inactivates it: another entry takes over for good.
    Evict,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let element = 0..ELEMENTS;
    let step = prop_oneof![
        2 => any::<bool>().prop_map(Step::Request),
        1 => Just(Step::Abandon),
        4 => (element.clone(), any::<bool>()).prop_map(|(it, by_user)| Step::Play(it, by_user)),
        4 => element.clone().prop_map(Step::Pause),
        1 => (element, any::<bool>()).prop_map(|(it, muted)| Step::Mute(it, muted)),
        8 => Just(Step::EndTurn),
        6 => Just(Step::ManagerReads),
        6 => Just(Step::Deliver),
        3 => any::<bool>().prop_map(Step::Block),
        1 => Just(Step::Evict),
    ];
    prop::collection::vec(step, 1..120)
}

#[derive(Debug, Default)]
struct Element {
    playing: bool,
    muted: bool,
}

struct World {
    entry: AudioFocusEntry,
    elements: BTreeMap<ElementId, Element>,
    ids: Vec<ElementId>,
    promises: usize,
    is_open: bool,
    to_manager: VecDeque<AudioSessionMessage>,
    to_entry: VecDeque<(AudioSessionState, Option<RequestNumber>)>,
    claim: bool,
    is_blocked: bool,
    told: AudioSessionState,
}

impl World {
    fn new() -> Self {
        let mut ids = IdAllocator::new(NamespaceId(1));
        let ids: Vec<_> = (0..ELEMENTS).map(|_| ids.element()).collect();
        let mut entry = AudioFocusEntry::new(AudioFocusType::Playback);
        ids.iter().for_each(|id| entry.add_element(*id));
        Self {
            entry,
            elements: ids.iter().map(|id| (*id, Element::default())).collect(),
            ids,
            promises: 0,
            is_open: false,
            to_manager: VecDeque::new(),
            to_entry: VecDeque::new(),
            claim: false,
            is_blocked: false,
            told: Inactive,
        }
    }

    fn change(&mut self, number: usize, by_user: bool, change: impl FnOnce(&mut Element)) {
        let id = self.ids[number];
        let element = self.elements.get_mut(&id).expect("all elements stay");
        change(element);
        let audible = element.playing && !element.muted;
        self.entry.set_audible(id, audible, by_user);
        let outputs = self.entry.take_outputs_of_turn();
        self.act(outputs);
    }

    fn set_playing(&mut self, id: ElementId, playing: bool) {
        let number = self.ids.iter().position(|it| *it == id).expect("it is one of them");
        self.change(number, false, |element| element.playing = playing);
    }

    fn act(&mut self, outputs: Vec<FocusOutput>) {
        for output in outputs {
            match output {
                FocusOutput::Open => {
                    assert!(!std::mem::replace(&mut self.is_open, true), "opened twice");
                }
                FocusOutput::Send(message) => {
                    assert!(self.is_open, "the manager does not know it");
                    self.to_manager.push_back(message);
                }
                FocusOutput::FireStateChange | FocusOutput::Unblock(_) => {}
                FocusOutput::Suspend(id) | FocusOutput::Refuse(id) => self.set_playing(id, false),
                FocusOutput::Resume(id) => {
                    if self.entry.is_to_resume(id) {
                        self.set_playing(id, true);
                        self.entry.resumed(id);
                    }
                }
                FocusOutput::Grant => {
                    assert_eq!(self.entry.state(), AudioFocusState::Active);
                    self.promises = 0;
                }
                FocusOutput::Deny | FocusOutput::Abort => self.promises = 0,
            }
        }
    }

    fn state(&self) -> AudioSessionState {
        match (self.claim, self.is_blocked) {
            (false, _) => Inactive,
            (true, true) => Interrupted,
            (true, false) => Active,
        }
    }

    fn tell(&mut self, answers: Option<RequestNumber>) {
        let state = self.state();
        if std::mem::replace(&mut self.told, state) != state || answers.is_some() {
            self.to_entry.push_back((state, answers));
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Request(by_user) => {
                self.promises += 1;
                self.entry.request(by_user);
            }
            Step::Abandon => self.entry.abandon(),
            Step::Play(number, by_user) => self.change(number, by_user, |it| it.playing = true),
            Step::Pause(number) => {
                self.change(number, false, |it| it.playing = false);
                self.entry.forget_interruption(self.ids[number]);
            }
            Step::Mute(number, muted) => self.change(number, false, |it| it.muted = muted),
            Step::EndTurn => {
                let outputs = self.entry.take_outputs();
                self.act(outputs);
            }
            Step::ManagerReads => match self.to_manager.pop_front() {
                Some(AudioSessionMessage::TryActivate { request, by_user, .. }) => {
                    self.claim = true;
                    self.is_blocked &= !by_user;
                    self.tell(Some(request));
                }
                Some(AudioSessionMessage::Inactivate { request }) => {
                    self.claim = false;
                    self.tell(Some(request));
                }
                Some(AudioSessionMessage::TypesChanged { .. }) => panic!("its type is fixed"),
                None => {}
            },
            Step::Deliver => {
                if let Some((state, answers)) = self.to_entry.pop_front() {
                    self.entry.state_changed(state, answers);
                }
            }
            Step::Block(blocked) => {
                self.is_blocked = blocked;
                self.tell(None);
            }
            Step::Evict => {
                self.claim = false;
                self.tell(None);
            }
        }
        let outputs = self.entry.take_outputs_of_turn();
        self.act(outputs);
    }

    /// Everything that is under way arrives.
    fn settle(&mut self) {
        for _ in 0..1_000 {
            self.step(Step::EndTurn);
            if self.to_manager.is_empty() && self.to_entry.is_empty() {
                return;
            }
            self.step(Step::ManagerReads);
            self.step(Step::Deliver);
        }
        panic!("it never comes to rest");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_entry_and_its_manager_agree_in_the_end(steps in steps()) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.settle();
        let expected = match world.state() {
            Inactive => AudioFocusState::Inactive,
            Active => AudioFocusState::Active,
            Interrupted => AudioFocusState::Suspended,
        };
        prop_assert_eq!(world.entry.state(), expected);
        prop_assert_eq!(world.promises, 0, "every promise is settled");
        prop_assert_eq!(world.entry.is_in_use(), world.claim);
        for (id, element) in &world.elements {
            prop_assert!(!world.entry.is_blocked(*id), "{id} waits for ever");
            let is_heard = element.playing && !element.muted;
            prop_assert!(!is_heard || world.state() == Active, "{id} sounds: {element:?}");
        }
        // Nothing comes of an end of the interruption that was not to come.
        world.step(Step::Abandon);
        world.settle();
        world.step(Step::Block(false));
        world.settle();
        prop_assert_eq!(world.entry.state(), AudioFocusState::Inactive);
        prop_assert!(!world.claim && !world.entry.is_in_use());
    }
}
