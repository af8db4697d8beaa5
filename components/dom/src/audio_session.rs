/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The audio session of one document.

mod element;

use std::collections::{BTreeMap, VecDeque};

use sordino_traits::messages::{AudioSessionMessage, RequestNumber};
use sordino_traits::{AudioSessionState, AudioSessionType, ElementId, SessionTypes};

use element::{Element, Pending, allows_microphone};

pub use element::ElementKind;

/// A task that the event loop must queue and later give to [`AudioSession::run_task`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Task {
    /// The queued part of [update the type](https://w3c.github.io/audio-session/#update-the-type).
    ApplyType,
    /// [Notify the state's change](https://w3c.github.io/audio-session/#notify-the-states-change).
    NotifyState(AudioSessionState),
    /// The steps of an element that is to be suspended or resumed. Nothing comes of it when the page
    /// or the session manager has changed that meanwhile.
    UpdateElement(ElementId),
}

/// `getUserMedia()` with audio is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "InvalidStateError: navigator.audioSession.type is '{set_type}'; to record, set it to \
     'play-and-record' or 'auto'"
)]
pub struct MicrophoneRefused {
    /// The type that the page has set.
    pub set_type: AudioSessionType,
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
    /// Run the [element resume steps](https://w3c.github.io/audio-session/#element-resume-steps),
    /// and then call [`AudioSession::set_audible`] with what has come of them: what was muted
    /// meanwhile makes no sound.
    Resume(ElementId),
    /// The media element that waits to sound may begin: its session was activated.
    Unblock(ElementId),
    /// The media element that waits to sound will not: its session was not activated. Run the internal
    /// pause steps, and reject with a `NotAllowedError`.
    Refuse(ElementId),
    /// End the tracks of this microphone, which is no element of the session any more: the page
    /// has set a type that does not record.
    EndMicrophone(ElementId),
}

/// A state that the manager gave.
#[derive(Debug)]
struct Notification {
    state: AudioSessionState,
    /// What sounded when the session was inactivated though it did not ask for that.
    evicted: Vec<ElementId>,
}

/// A request that has not been sent.
#[derive(Clone, Copy, Debug)]
enum Unsent {
    TryActivate { by_user: bool },
    Inactivate,
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
    /// What is to be asked for at the end of the turn.
    unsent: Option<Unsent>,
    /// The [`Task::NotifyState`]s that have not run yet.
    to_notify: VecDeque<Notification>,
    last_request: RequestNumber,
    /// What the manager knows.
    sent_types: SessionTypes,
    outputs: Vec<Output>,
}

impl AudioSession {
    /// A session of type `auto`, inactive, without elements.
    pub fn new() -> Self {
        Self::default()
    }

    /// The [`type`](https://w3c.github.io/audio-session/#dom-audiosession-type) getter.
    pub fn set_type(&self) -> AudioSessionType {
        self.set_type
    }

    /// The [`state`](https://w3c.github.io/audio-session/#dom-audiosession-state) getter.
    pub fn state(&self) -> AudioSessionState {
        self.state
    }

    /// What there is to do since the last call, at the end of a turn of the event loop.
    #[must_use]
    pub fn take_outputs(&mut self) -> Vec<Output> {
        self.send_request();
        std::mem::take(&mut self.outputs)
    }

    /// What there is to do since the last call within a turn. A request waits for the end of the turn: a
    /// page that plays and pauses at once asks for nothing.
    #[must_use]
    pub fn take_outputs_of_turn(&mut self) -> Vec<Output> {
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
            Task::UpdateElement(id) => {
                let Some(element) = self.elements.get_mut(&id) else { return };
                match element.pending.take() {
                    Some(Pending::Suspend) => self.outputs.push(Output::Suspend(id)),
                    Some(Pending::Resume) => {
                        element.is_resuming = true;
                        self.outputs.push(Output::Resume(id));
                    }
                    None => {}
                }
            }
        }
    }

    /// The queued steps of [update the type](https://w3c.github.io/audio-session/#update-the-type).
    fn apply_type(&mut self) {
        // 1
        self.is_type_being_applied = false;
        // 2 and 3
        if self.set_type == self.applied_type {
            // A request may have told the manager of a type that was taken back.
            self.send_types();
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
        // What has asked since then waits for its own answer.
        let is_eviction = state == AudioSessionState::Inactive && !was_wanted && !self.is_asking();
        let evicted = match is_eviction {
            true => self.elements.iter().filter(|it| it.1.audible).map(|it| *it.0).collect(),
            false => Vec::new(),
        };
        self.to_notify.push_back(Notification { state, evicted });
        self.outputs.push(Output::QueueTask(Task::NotifyState(state)));
    }

    /// [Notify the state's change](https://w3c.github.io/audio-session/#notify-the-states-change).
    fn notify_the_states_change(&mut self, new_state: AudioSessionState) {
        let evicted = self.to_notify.pop_front().map_or(Vec::new(), |it| it.evicted);
        // 1 and 2
        let is_mutating_state = self.state != new_state;
        self.state = new_state;
        // 3
        if new_state == AudioSessionState::Inactive {
            for (id, element) in &mut self.elements {
                element.interrupted = false;
                if element.pending == Some(Pending::Resume) {
                    element.pending = None;
                }
                // The suspend steps also run on the way from active to inactive. The draft's
                // algorithms never do that; a session that was evicted would sound on.
                if !evicted.contains(id) || !element.audible {
                    continue;
                }
                if std::mem::take(&mut element.blocked) {
                    self.outputs.push(Output::Refuse(*id));
                } else if element.pending.is_none() {
                    element.pending = Some(Pending::Suspend);
                    self.outputs.push(Output::QueueTask(Task::UpdateElement(*id)));
                }
            }
        }
        // 4
        self.update_elements();
        // What asked for this may have been suspended while the answer was on its way.
        if new_state == AudioSessionState::Active && !self.is_asking() {
            self.audible_flags_fell();
        }
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
        for id in &ids {
            self.update_element(*id);
        }
        // A microphone that was ended may have been the last that was audible.
        if self.elements.len() < ids.len() {
            self.audible_flags_fell();
        }
    }

    /// [Update an element](https://w3c.github.io/audio-session/#update-an-element).
    fn update_element(&mut self, id: ElementId) {
        let Some(element) = self.elements.get_mut(&id) else {
            return;
        };
        // 2
        if element.is_ended_by(self.set_type) {
            self.elements.remove(&id);
            self.outputs.push(Output::EndMicrophone(id));
            return;
        }
        // What has not begun is not taken: it goes on waiting, or begins.
        if element.blocked {
            if self.state == AudioSessionState::Active {
                element.blocked = false;
                element.interrupted = false;
                self.outputs.push(Output::Unblock(id));
            }
            return;
        }
        // 3 and 4, whose steps are queued: what changes before they run undoes what has not happened.
        let update = Output::QueueTask(Task::UpdateElement(id));
        match self.state {
            AudioSessionState::Interrupted => match element.pending {
                Some(Pending::Resume) => {
                    element.interrupted = true;
                    element.pending = None;
                }
                // It will be; one that is evicted, for good.
                Some(Pending::Suspend) => {}
                // It may be in the list already, when the page has started it again.
                None if element.audible => {
                    element.interrupted = true;
                    element.pending = Some(Pending::Suspend);
                    self.outputs.push(update);
                }
                None => {}
            },
            AudioSessionState::Active if element.interrupted => {
                element.interrupted = false;
                element.pending = match element.pending {
                    // It was not suspended yet, or the page has started it again.
                    Some(_) => None,
                    None if element.audible => None,
                    None => {
                        self.outputs.push(update);
                        Some(Pending::Resume)
                    }
                };
            }
            _ => {}
        }
    }

    /// Whether a capture with audio may begin. The draft would end its track at once; we refuse
    /// it. Capture of video alone is not asked about.
    ///
    /// # Errors
    ///
    /// When the page has set a type that does not record.
    pub fn check_microphone(&self) -> Result<(), MicrophoneRefused> {
        match allows_microphone(self.set_type) {
            true => Ok(()),
            false => Err(MicrophoneRefused { set_type: self.set_type }),
        }
    }

    /// Adds an element to `[[elements]]`; it is not audible yet. One that is there already stays as
    /// it is. A microphone that the type has forbidden since it was asked for is ended at once.
    pub fn add_element(&mut self, id: ElementId, kind: ElementKind) {
        let element = Element::new(kind);
        if element.is_ended_by(self.set_type) {
            self.outputs.push(Output::EndMicrophone(id));
            return;
        }
        self.elements.entry(id).or_insert(element);
    }

    /// Whether an element waits for the end of an interruption, to be resumed then.
    pub fn is_interrupted(&self, id: ElementId) -> bool {
        self.elements.get(&id).is_some_and(|element| element.is_to_resume())
    }

    /// Whether an element waits for the end of an interruption before it begins to sound: HTML calls it
    /// a [blocked media element](https://html.spec.whatwg.org/multipage/media.html#blocked-media-element).
    pub fn is_blocked(&self, id: ElementId) -> bool {
        self.elements.get(&id).is_some_and(|element| element.blocked)
    }

    /// A media element is about to begin to play audibly. If its session is interrupted, it is
    /// [blocked](Self::is_blocked) from the next call of [`Self::set_audible`] on, until it is
    /// [unblocked](Output::Unblock) or [refused](Output::Refuse), or is not audible any more.
    pub fn begins(&mut self, id: ElementId) {
        if let Some(element) = self.elements.get_mut(&id) {
            element.begins = true;
        }
    }

    /// Says what the next start of an element is, or what a sound has turned out to be: whether the
    /// user has caused it, and whether it is short, see [`ShortSounds`](crate::ShortSounds).
    pub fn describe_start(&mut self, id: ElementId, by_user: bool, is_short: bool) {
        if let Some(element) = self.elements.get_mut(&id) {
            (element.by_user, element.is_short) = (by_user, is_short);
            if element.audible {
                self.send_types();
            }
        }
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
        let was_resuming = std::mem::take(&mut element.is_resuming);
        let begins = std::mem::take(&mut element.begins);
        if element.audible == audible {
            if was_resuming {
                self.audible_flags_fell();
            }
            return;
        }
        element.audible = audible;
        let by_user = element.by_user;
        if element.pending.take() == Some(Pending::Suspend) && !audible {
            // The page has silenced it first: nothing was taken from it.
            element.interrupted = false;
        }
        // What starts anew has a request of its own.
        for notification in &mut self.to_notify {
            notification.evicted.retain(|evicted| *evicted != id);
        }
        if !audible {
            element.blocked = false;
            self.audible_flags_fell();
            return;
        }
        let told = self.to_notify.back().map_or(self.state, |it| it.state);
        element.blocked = begins && told == AudioSessionState::Interrupted;
        self.try_activating(by_user);
    }

    /// The page or the user paused an interrupted element: it is not resumed when the interruption
    /// ends.
    pub fn forget_interruption(&mut self, id: ElementId) {
        let Some(element) = self.elements.get_mut(&id) else { return };
        let was_to_resume = element.pending.take() == Some(Pending::Resume)
            || std::mem::take(&mut element.is_resuming);
        if std::mem::take(&mut element.interrupted) || was_to_resume {
            self.audible_flags_fell();
        }
    }

    /// [When the audible flag is changing](https://w3c.github.io/audio-session/#integration) to
    /// `false`, steps 2 and 3. Read literally the draft inactivates the session when one of several
    /// audible elements stops; we do when the last one does.
    fn audible_flags_fell(&mut self) {
        if self.elements.values().any(|element| element.is_to_resume()) {
            return;
        }
        if self.elements.values().any(|element| element.audible) {
            self.send_types();
            return;
        }
        self.inactivate();
    }

    /// The state that the session has, or will have when its last request is granted and all tasks
    /// have run.
    fn expected_state(&self) -> AudioSessionState {
        match (self.unsent, self.requested) {
            (Some(Unsent::TryActivate { .. }), _) => AudioSessionState::Active,
            (Some(Unsent::Inactivate), _) => AudioSessionState::Inactive,
            (None, Some((_, state))) => state,
            (None, None) => self.to_notify.back().map_or(self.state, |it| it.state),
        }
    }

    /// Whether a request is not answered yet.
    fn is_asking(&self) -> bool {
        self.requested.is_some() || self.unsent.is_some()
    }

    /// [Try activating](https://w3c.github.io/audio-session/#try-activating). What starts in an
    /// active session asks, too, when the session becomes something else by it.
    fn try_activating(&mut self, by_user: bool) {
        match &mut self.unsent {
            Some(Unsent::TryActivate { by_user: own }) => {
                *own |= by_user;
                return;
            }
            Some(Unsent::Inactivate) => self.unsent = None,
            None => {}
        }
        // 1. What the user asks for does not wait for the answer to what the page asked for.
        let is_asked = self.expected_state() == AudioSessionState::Active
            && self.sent_types == self.types()
            && !(by_user && self.requested.is_some());
        // 2
        if !is_asked {
            self.unsent = Some(Unsent::TryActivate { by_user });
        }
    }

    /// [Inactivate](https://w3c.github.io/audio-session/#inactivate).
    fn inactivate(&mut self) {
        if matches!(self.unsent, Some(Unsent::TryActivate { .. })) {
            self.unsent = None;
        }
        // 1
        if self.expected_state() != AudioSessionState::Inactive {
            // 2
            self.unsent = Some(Unsent::Inactivate);
        }
    }

    /// Sends what is asked for; the second steps of the two algorithms.
    fn send_request(&mut self) {
        let Some(unsent) = self.unsent.take() else { return };
        self.last_request = RequestNumber(self.last_request.0.wrapping_add(1));
        let request = self.last_request;
        let (state, message) = match unsent {
            Unsent::TryActivate { by_user } => {
                let types = self.types();
                self.sent_types = types;
                let message = AudioSessionMessage::TryActivate { request, types, by_user };
                (AudioSessionState::Active, message)
            }
            Unsent::Inactivate => {
                (AudioSessionState::Inactive, AudioSessionMessage::Inactivate { request })
            }
        };
        self.requested = Some((request, state));
        self.outputs.push(Output::Send(message));
    }

    /// What the manager goes by. In the computed type counts what is to sound, too: when the page
    /// starts an interrupted element, its session does not ask as `ambient`.
    fn types(&self) -> SessionTypes {
        let counts = |element: &Element| element.audible || element.is_to_resume();
        let mut media = self
            .elements
            .values()
            .filter(|element| element.kind == ElementKind::MediaElement && counts(element));
        SessionTypes {
            set_type: self.set_type,
            computed_type: self.compute_type(counts),
            is_short: media.clone().next().is_some() && media.all(|element| element.is_short),
        }
    }

    /// Tells the manager the types when they are not those that it knows.
    fn send_types(&mut self) {
        // They go along with a request.
        if matches!(self.unsent, Some(Unsent::TryActivate { .. })) {
            return;
        }
        let types = self.types();
        if self.sent_types != types {
            self.sent_types = types;
            self.outputs.push(Output::Send(AudioSessionMessage::TypesChanged { types }));
        }
    }

    /// [Compute the audio session type](https://w3c.github.io/audio-session/#compute-the-audio-session-type).
    pub fn computed_type(&self) -> AudioSessionType {
        self.compute_type(|element| element.state() == AudioSessionState::Active)
    }

    fn compute_type(&self, counts: impl Fn(&Element) -> bool) -> AudioSessionType {
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
            self.elements
                .values()
                .any(|element| element.kind.default_type() == *wanted && counts(element))
        })
        // 6
        .unwrap_or(AudioSessionType::Ambient)
    }
}

#[cfg(test)]
mod held_tests;
#[cfg(test)]
mod tests;
