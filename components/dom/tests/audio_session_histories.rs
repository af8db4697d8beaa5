/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Random histories of an audio session: calls of its page, changes of its elements, commands of
//! the session manager, and every delay between them.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;
use sordino_dom::{AudioSession, ElementKind, Output, Task};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{AudioSessionMessage, RequestNumber};
use sordino_traits::{AudioSessionState, AudioSessionType, ElementId, NamespaceId, SessionTypes};

use AudioSessionState::{Active, Inactive, Interrupted};

const ELEMENTS: usize = 4;

const KINDS: [ElementKind; ELEMENTS] = [
    ElementKind::AudioContext,
    ElementKind::Microphone,
    ElementKind::MediaElement,
    ElementKind::MediaElement,
];

#[derive(Clone, Copy, Debug)]
enum Step {
    SetType(usize),
    Play(usize),
    Pause(usize),
    Remove(usize),
    /// The event loop runs its next task.
    RunTask,
    /// The manager reads the next message, and grants what it asks for.
    ManagerReads,
    /// The manager reads the next message, and goes on interrupting.
    ManagerHolds,
    /// The page mutes or unmutes an element.
    Mute(usize, bool),
    /// The session hears the manager's next command.
    Deliver,
    /// The manager interrupts an active session, and ends an interruption.
    Interrupt,
    EndInterruption,
    /// The manager inactivates it: another session takes over for good.
    Evict,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let element = 0..ELEMENTS;
    let step = prop_oneof![
        1 => (0..AudioSessionType::ALL.len()).prop_map(Step::SetType),
        4 => element.clone().prop_map(Step::Play),
        4 => element.clone().prop_map(Step::Pause),
        1 => element.prop_map(Step::Remove),
        8 => Just(Step::RunTask),
        8 => Just(Step::ManagerReads),
        2 => Just(Step::ManagerHolds),
        2 => (0..ELEMENTS, any::<bool>()).prop_map(|(number, muted)| Step::Mute(number, muted)),
        8 => Just(Step::Deliver),
        2 => Just(Step::Interrupt),
        2 => Just(Step::EndInterruption),
        1 => Just(Step::Evict),
    ];
    prop::collection::vec(step, 1..120)
}

#[derive(Clone, Copy, Debug, Default)]
struct Element {
    plays: bool,
    muted: bool,
    /// Whether the session suspended it, and has not resumed it since.
    suspended: bool,
    removed: bool,
    /// Whether it waits for the session to let it begin.
    waits: bool,
}

struct World {
    session: AudioSession,
    ids: Vec<ElementId>,
    elements: BTreeMap<ElementId, Element>,
    tasks: VecDeque<Task>,
    to_manager: VecDeque<AudioSessionMessage>,
    to_session: VecDeque<(AudioSessionState, Option<RequestNumber>)>,
    managed: AudioSessionState,
    /// What the manager has read of.
    managed_types: SessionTypes,
    set_type: AudioSessionType,
}

impl Element {
    fn sounds(self) -> bool {
        self.plays && !self.muted
    }

    fn is_heard(self) -> bool {
        self.sounds() && !self.waits
    }
}

impl World {
    fn new() -> Self {
        let mut allocator = IdAllocator::new(NamespaceId(1));
        let ids: Vec<_> = (0..ELEMENTS).map(|_| allocator.element()).collect();
        let mut session = AudioSession::new();
        for (id, kind) in ids.iter().zip(KINDS) {
            session.add_element(*id, kind);
        }
        Self {
            session,
            elements: ids.iter().map(|id| (*id, Element::default())).collect(),
            ids,
            tasks: VecDeque::new(),
            to_manager: VecDeque::new(),
            to_session: VecDeque::new(),
            managed: Inactive,
            managed_types: SessionTypes::default(),
            set_type: AudioSessionType::Auto,
        }
    }

    /// An element changes; the session hears what it sounds like now, also if that is as before.
    fn change(&mut self, id: ElementId, change: impl FnOnce(&mut Element)) {
        let element = self.elements.get_mut(&id).unwrap();
        if !element.removed {
            let plays_already = element.plays;
            change(element);
            let number = self.ids.iter().position(|it| *it == id).unwrap();
            if KINDS[number] == ElementKind::MediaElement && !plays_already && element.plays {
                self.session.begins(id);
            }
            self.session.set_audible(id, element.sounds());
            element.waits = self.session.is_blocked(id);
            assert!(!element.waits || element.sounds(), "{id} waits for nothing");
        }
    }

    fn step(&mut self, step: Step) {
        let before = self.session.state();
        // What a page does may all be in one turn.
        if matches!(step, Step::RunTask | Step::Deliver | Step::ManagerReads | Step::ManagerHolds) {
            self.end_turn();
        }
        match step {
            Step::SetType(number) => {
                self.set_type = AudioSessionType::ALL[number];
                self.session.change_type(self.set_type);
            }
            Step::Play(number) => {
                let id = self.ids[number];
                // A page that starts what is suspended does so anew.
                self.change(id, |element| (element.plays, element.suspended) = (true, false));
            }
            Step::Pause(number) => {
                let id = self.ids[number];
                self.change(id, |element| (element.plays, element.suspended) = (false, false));
                self.session.forget_interruption(id);
            }
            Step::Remove(number) => {
                let id = self.ids[number];
                self.change(id, |element| element.plays = false);
                self.elements.get_mut(&id).unwrap().removed = true;
                self.session.remove_element(id);
            }
            Step::Mute(number, muted) => {
                self.change(self.ids[number], |element| element.muted = muted);
            }
            Step::RunTask => self.run_task(),
            Step::ManagerReads => self.manager_reads(Active),
            Step::ManagerHolds => self.manager_reads(self.managed),
            Step::Deliver => {
                if let Some((state, answers)) = self.to_session.pop_front() {
                    self.session.state_changed(state, answers);
                }
            }
            Step::Interrupt if self.managed == Active => self.command(Interrupted),
            Step::EndInterruption if self.managed == Interrupted => self.command(Active),
            Step::Evict if self.managed != Inactive => self.command(Inactive),
            Step::Interrupt | Step::EndInterruption | Step::Evict => {}
        }
        if !matches!(step, Step::RunTask) {
            assert_eq!(self.session.state(), before, "the state changes in a task only: {step:?}");
        }
        assert_eq!(self.session.set_type(), self.set_type, "nobody but the page sets the type");
        let computed = self.session.computed_type();
        assert_ne!(computed, AudioSessionType::Auto);
        let is_set = self.set_type != AudioSessionType::Auto;
        assert!(!is_set || computed == self.set_type, "{computed} instead of {}", self.set_type);
        self.act();
    }

    fn command(&mut self, state: AudioSessionState) {
        self.managed = state;
        self.to_session.push_back((state, None));
    }

    /// A request during an interruption is answered with `while_interrupted`.
    fn manager_reads(&mut self, while_interrupted: AudioSessionState) {
        match self.to_manager.pop_front() {
            Some(AudioSessionMessage::TryActivate { request, types, .. }) => {
                self.managed_types = types;
                if self.managed != Interrupted || while_interrupted == Active {
                    self.managed = Active;
                }
                self.to_session.push_back((self.managed, Some(request)));
            }
            Some(AudioSessionMessage::Inactivate { request }) => {
                self.managed = Inactive;
                self.to_session.push_back((Inactive, Some(request)));
            }
            Some(AudioSessionMessage::TypesChanged { types }) => {
                self.managed_types = types;
            }
            None => {}
        }
        assert_ne!(self.managed_types.computed_type, AudioSessionType::Auto);
    }

    fn run_task(&mut self) {
        if let Some(task) = self.tasks.pop_front() {
            self.session.run_task(task);
        }
    }

    fn act(&mut self) {
        let outputs = self.session.take_outputs_of_turn();
        self.act_on(outputs);
    }

    /// The turn of the event loop is over.
    fn end_turn(&mut self) {
        let outputs = self.session.take_outputs();
        self.act_on(outputs);
    }

    fn act_on(&mut self, outputs: Vec<Output>) {
        let mut outputs = VecDeque::from(outputs);
        while let Some(output) = outputs.pop_front() {
            match output {
                Output::QueueTask(task) => self.tasks.push_back(task),
                Output::Send(message) => self.to_manager.push_back(message),
                Output::FireStateChange => {}
                Output::Suspend(id) => {
                    let element = self.elements.get_mut(&id).unwrap();
                    assert!(!element.suspended, "{id} is suspended twice");
                    assert!(element.is_heard(), "{id} is suspended, but is not heard");
                    element.suspended = true;
                    self.change(id, |element| element.plays = false);
                }
                Output::Resume(id) => {
                    let element = self.elements.get_mut(&id).unwrap();
                    // The page may have started it itself, silently; that changes nothing then.
                    assert!(element.suspended || element.plays, "{id} is resumed, but was paused");
                    element.suspended = false;
                    self.change(id, |element| element.plays = true);
                }
                Output::Unblock(id) => {
                    let element = self.elements.get_mut(&id).unwrap();
                    assert!(std::mem::take(&mut element.waits), "{id} does not wait");
                    assert_eq!(self.session.state(), Active, "{id} may not begin");
                }
                Output::Refuse(id) => {
                    let element = self.elements.get_mut(&id).unwrap();
                    assert!(std::mem::take(&mut element.waits), "{id} does not wait");
                    self.change(id, |element| element.plays = false);
                }
                Output::EndMicrophone(id) => {
                    assert_eq!(id, self.ids[1], "only a microphone is ended");
                    assert!(self.session.check_microphone().is_err(), "the type allows it");
                    let element = self.elements.get_mut(&id).unwrap();
                    assert!(!element.removed, "{id} is ended twice");
                    *element = Element { removed: true, ..Element::default() };
                }
            }
            outputs.extend(self.session.take_outputs_of_turn());
        }
    }

    /// Everything that is under way arrives.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            self.end_turn();
            if self.tasks.is_empty() && self.to_manager.is_empty() && self.to_session.is_empty() {
                return;
            }
            for step in [Step::RunTask, Step::ManagerReads, Step::Deliver] {
                self.step(step);
            }
        }
        panic!("it never comes to rest");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_session_and_its_manager_agree_in_the_end(steps in steps()) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.settle();
        prop_assert_eq!(world.session.state(), world.managed);
        for (id, element) in &world.elements {
            prop_assert_eq!(world.session.is_blocked(*id), element.waits);
            prop_assert!(!element.waits || world.managed == Interrupted, "{id} waits for ever");
        }
        let sounding = world.elements.values().any(|element| element.is_heard());
        prop_assert_eq!(
            sounding,
            world.managed == Active,
            "sounds while and only while it is active: {:?}",
            world.elements
        );
        if sounding {
            let types = SessionTypes {
                set_type: world.session.set_type(),
                computed_type: world.session.computed_type(),
                is_short: false,
            };
            prop_assert_eq!(world.managed_types, types, "the manager goes by the right types");
        }
    }
}
