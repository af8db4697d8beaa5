/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The audio session of one document.

use std::collections::{BTreeMap, VecDeque};

use sordino_traits::messages::{AudioSessionMessage, RequestNumber};
use sordino_traits::{AudioSessionState, AudioSessionType, ElementId};

/// What kind of [element](https://w3c.github.io/audio-session/#audio-session-element) something
/// is; it decides the default type and the steps.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ElementKind {
    /// An `AudioContext`.
    AudioContext,
    /// An `HTMLMediaElement`.
    MediaElement,
    /// A microphone track.
    Microphone,
}

impl ElementKind {
    /// The [default type](https://w3c.github.io/audio-session/#default-type).
    pub fn default_type(self) -> AudioSessionType {
        match self {
            Self::AudioContext => AudioSessionType::Ambient,
            Self::MediaElement => AudioSessionType::Playback,
            Self::Microphone => AudioSessionType::PlayAndRecord,
        }
    }
}

/// A task that the event loop must queue and later give to [`AudioSession::run_task`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Task {
    /// The queued part of [update the type](https://w3c.github.io/audio-session/#update-the-type).
    ApplyType,
    /// [Notify the state's change](https://w3c.github.io/audio-session/#notify-the-states-change).
    NotifyState(AudioSessionState),
}

/// What a session wants done, in this order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Output {
    /// Queue this task.
    QueueTask(Task),
    /// Send this to the session manager.
    Send(AudioSessionMessage),
    /// Fire `statechange` at the `AudioSession` object.
    FireStateChange,
    /// Run the [element suspend steps](https://w3c.github.io/audio-session/#element-suspend-steps).
    Suspend(ElementId),
    /// Run the [element resume steps](https://w3c.github.io/audio-session/#element-resume-steps).
    Resume(ElementId),
    /// End this microphone track: the session's type forbids capture.
    EndTrack(ElementId),
}

#[derive(Clone, Copy, Debug)]
struct Element {
    kind: ElementKind,
    audible: bool,
    /// Whether it is in `[[interruptedElements]]`.
    interrupted: bool,
    /// Whether the session was inactivated, though it did not ask for that, while this was audible.
    evicted: bool,
}

impl Element {
    /// The [element state](https://w3c.github.io/audio-session/#element-state).
    fn state(self) -> AudioSessionState {
        if self.interrupted {
            AudioSessionState::Interrupted
        } else if self.audible {
            AudioSessionState::Active
        } else {
            AudioSessionState::Inactive
        }
    }
}

/// The [`AudioSession`](https://w3c.github.io/audio-session/#audiosession) object of a document,
/// with the internal slots of the draft.
#[derive(Debug, Default)]
pub struct AudioSession {
    set_type: AudioSessionType,
    state: AudioSessionState,
    elements: BTreeMap<ElementId, Element>,
    applied_type: AudioSessionType,
    is_type_being_applied: bool,
    /// The state that the last request asked for, until the manager has answered it. The draft
    /// compares with `[[state]]`, which lags behind: a short sound that ends before its activation
    /// is answered would otherwise leave the session active for good.
    requested: Option<(RequestNumber, AudioSessionState)>,
    /// The states of the [`Task::NotifyState`]s that have not run yet.
    to_notify: VecDeque<AudioSessionState>,
    last_request: RequestNumber,
    /// The types that the manager knows.
    sent_types: (AudioSessionType, AudioSessionType),
    outputs: Vec<Output>,
}

impl AudioSession {
    /// A session of type `auto`, inactive, without elements.
    pub fn new() -> Self {
        Self { sent_types: (AudioSessionType::Auto, AudioSessionType::Ambient), ..Self::default() }
    }

    /// The [`type`](https://w3c.github.io/audio-session/#dom-audiosession-type) getter.
    pub fn set_type(&self) -> AudioSessionType {
        self.set_type
    }

    /// The [`state`](https://w3c.github.io/audio-session/#dom-audiosession-state) getter.
    pub fn state(&self) -> AudioSessionState {
        self.state
    }

    /// What there is to do since the last call.
    #[must_use]
    pub fn take_outputs(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }

    /// The [`type`](https://w3c.github.io/audio-session/#dom-audiosession-type) setter, with
    /// [update the type](https://w3c.github.io/audio-session/#update-the-type).
    pub fn change_type(&mut self, new_value: AudioSessionType) {
        // Setter, 1 and 2.
        if self.set_type == new_value {
            return;
        }
        self.set_type = new_value;
        // Update the type, 1 to 3.
        if self.is_type_being_applied {
            return;
        }
        self.is_type_being_applied = true;
        self.outputs.push(Output::QueueTask(Task::ApplyType));
    }

    /// Runs a task that an [`Output::QueueTask`] asked for.
    pub fn run_task(&mut self, task: Task) {
        match task {
            Task::ApplyType => self.apply_type(),
            Task::NotifyState(state) => self.notify_the_states_change(state),
        }
    }

    /// The queued steps of [update the type](https://w3c.github.io/audio-session/#update-the-type).
    fn apply_type(&mut self) {
        // 1
        self.is_type_being_applied = false;
        // 2 and 3
        if self.set_type == self.applied_type {
            return;
        }
        self.applied_type = self.set_type;
        // 4: the manager updates all states of the tab when it hears of the type, at step 7.
        // 5
        self.update_elements();
        // 6 and 7
        self.send_types();
    }

    /// The session manager says what the state of the underlying session is now: queues a task to
    /// [notify the state's change](https://w3c.github.io/audio-session/#notify-the-states-change).
    pub fn state_changed(&mut self, state: AudioSessionState, answers: Option<RequestNumber>) {
        let mut was_wanted = false;
        if let Some((request, wanted)) = self.requested {
            match answers {
                Some(answered) if answered == request => {
                    self.requested = None;
                    was_wanted = state == wanted;
                }
                // An answer to an older request: a newer answer is on its way.
                Some(_) => return,
                None => {}
            }
        }
        if state == AudioSessionState::Inactive && !was_wanted {
            for element in self.elements.values_mut() {
                element.evicted = element.audible;
            }
        }
        self.to_notify.push_back(state);
        self.outputs.push(Output::QueueTask(Task::NotifyState(state)));
    }

    /// [Notify the state's change](https://w3c.github.io/audio-session/#notify-the-states-change).
    fn notify_the_states_change(&mut self, new_state: AudioSessionState) {
        self.to_notify.pop_front();
        // 1 and 2
        let is_mutating_state = self.state != new_state;
        let was_active = self.state == AudioSessionState::Active;
        self.state = new_state;
        // 3
        if new_state == AudioSessionState::Inactive {
            for (id, element) in &mut self.elements {
                element.interrupted = false;
                // The suspend steps also run on the way from active to inactive. The draft's
                // algorithms never do that; a session that was evicted would sound on. What has
                // started since then has a request of its own.
                if std::mem::take(&mut element.evicted) && was_active && element.audible {
                    self.outputs.push(Output::Suspend(*id));
                }
            }
        }
        // 4
        self.update_elements();
        // 5
        if !is_mutating_state {
            return;
        }
        // 6: the manager updates all states of the tab; it gave this state.
        // 7
        self.outputs.push(Output::FireStateChange);
    }

    fn update_elements(&mut self) {
        let ids: Vec<_> = self.elements.keys().copied().collect();
        for id in ids {
            self.update_element(id);
        }
    }

    /// [Update an element](https://w3c.github.io/audio-session/#update-an-element).
    fn update_element(&mut self, id: ElementId) {
        let Some(element) = self.elements.get_mut(&id) else {
            return;
        };
        // 2: only a microphone track has update steps.
        if element.kind == ElementKind::Microphone
            && !matches!(self.set_type, AudioSessionType::PlayAndRecord | AudioSessionType::Auto)
        {
            self.outputs.push(Output::EndTrack(id));
        }
        // 3
        if element.audible && !element.interrupted && self.state == AudioSessionState::Interrupted {
            element.interrupted = true;
            self.outputs.push(Output::Suspend(id));
        }
        // 4
        if element.interrupted && self.state == AudioSessionState::Active {
            element.interrupted = false;
            self.outputs.push(Output::Resume(id));
        }
    }

    /// Adds an element to `[[elements]]`; it is not audible yet.
    pub fn add_element(&mut self, id: ElementId, kind: ElementKind) {
        self.elements
            .insert(id, Element { kind, audible: false, interrupted: false, evicted: false });
    }

    /// Removes an element from `[[elements]]`. One that was audible stops counting.
    pub fn remove_element(&mut self, id: ElementId) {
        if self.elements.remove(&id).is_some() {
            self.audible_flags_fell();
        }
    }

    /// The [audible flag](https://w3c.github.io/audio-session/#audible-flag) of an element is
    /// `audible` now. An unknown element is ignored: its document has moved on.
    pub fn set_audible(&mut self, id: ElementId, audible: bool) {
        let Some(element) = self.elements.get_mut(&id) else {
            return;
        };
        if element.audible == audible {
            return;
        }
        element.audible = audible;
        element.evicted = false;
        if audible {
            self.try_activating();
        } else {
            self.audible_flags_fell();
        }
    }

    /// The page or the user paused an interrupted element: it is not resumed when the interruption
    /// ends.
    pub fn forget_interruption(&mut self, id: ElementId) {
        if let Some(element) = self.elements.get_mut(&id)
            && element.interrupted
        {
            element.interrupted = false;
            self.audible_flags_fell();
        }
    }

    /// [When the audible flag is changing](https://w3c.github.io/audio-session/#integration) to
    /// `false`, steps 2 and 3. Read literally the draft inactivates the session when one of several
    /// audible elements stops; we do when the last one does.
    fn audible_flags_fell(&mut self) {
        let states = self.elements.values().map(|element| element.state());
        if states.clone().any(|state| state == AudioSessionState::Interrupted) {
            return;
        }
        if states.clone().any(|state| state == AudioSessionState::Active) {
            self.send_types();
            return;
        }
        self.inactivate();
    }

    /// The state that the session has, or will have when its last request is granted and all tasks
    /// have run.
    fn expected_state(&self) -> AudioSessionState {
        let requested = self.requested.map(|(_, state)| state);
        requested.or_else(|| self.to_notify.back().copied()).unwrap_or(self.state)
    }

    fn new_request(&mut self, state: AudioSessionState) -> RequestNumber {
        self.last_request = RequestNumber(self.last_request.0.wrapping_add(1));
        self.requested = Some((self.last_request, state));
        self.last_request
    }

    /// [Try activating](https://w3c.github.io/audio-session/#try-activating).
    fn try_activating(&mut self) {
        // 1
        if self.expected_state() == AudioSessionState::Active {
            self.send_types();
            return;
        }
        // 2
        let request = self.new_request(AudioSessionState::Active);
        let (set_type, computed_type) = self.types();
        self.sent_types = (set_type, computed_type);
        self.outputs.push(Output::Send(AudioSessionMessage::TryActivate {
            request,
            set_type,
            computed_type,
        }));
    }

    /// [Inactivate](https://w3c.github.io/audio-session/#inactivate).
    fn inactivate(&mut self) {
        // 1
        if self.expected_state() == AudioSessionState::Inactive {
            return;
        }
        // 2
        let request = self.new_request(AudioSessionState::Inactive);
        self.outputs.push(Output::Send(AudioSessionMessage::Inactivate { request }));
    }

    fn types(&self) -> (AudioSessionType, AudioSessionType) {
        (self.applied_type, self.computed_type())
    }

    /// Tells the manager the types when they are not those that it knows.
    fn send_types(&mut self) {
        let (set_type, computed_type) = self.types();
        if self.sent_types != (set_type, computed_type) {
            self.sent_types = (set_type, computed_type);
            self.outputs
                .push(Output::Send(AudioSessionMessage::TypeChanged { set_type, computed_type }));
        }
    }

    /// [Compute the audio session type](https://w3c.github.io/audio-session/#compute-the-audio-session-type).
    pub fn computed_type(&self) -> AudioSessionType {
        // 1
        if self.set_type != AudioSessionType::Auto {
            return self.set_type;
        }
        // 2 to 5
        [
            AudioSessionType::PlayAndRecord,
            AudioSessionType::Playback,
            AudioSessionType::TransientSolo,
            AudioSessionType::Transient,
        ]
        .into_iter()
        .find(|wanted| {
            self.elements.values().any(|element| {
                element.kind.default_type() == *wanted
                    && element.state() == AudioSessionState::Active
            })
        })
        // 6
        .unwrap_or(AudioSessionType::Ambient)
    }
}

#[cfg(test)]
mod tests;
