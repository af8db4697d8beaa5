/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! An entry of audio focus that a page manages, as the explainer of audio focus has it.
//!
//! The explainer is no specification: it names the four states, and says that one managed entry of type
//! `playback` is active at most. These are our decisions.
//!
//! - An entry is one more session for the session manager, beside that of its document. Its type is
//!   fixed, and is one that an audio session may have, see [`AudioFocusType`]. What it does to sessions of
//!   other tabs, and they to it, is what any session of that type does and suffers. Between sessions of
//!   its own tab see the rules of the arbiter.
//! - Its states are those of its session: `suspended` is *interrupted*, `ducking` is *active* and ducked.
//! - It asks for focus when the page says so, and when one of its elements is about to sound. What the
//!   page has asked for lasts until it abandons it, or until it is lost for good; what an element has
//!   asked for ends with the last element that sounds or is suspended.
//! - An entry does not wait in a queue. Who cannot be active now is refused, and asks again later: the
//!   promise of `request()` is rejected, and so is that of `play()`. An entry that is suspended is
//!   refused nevertheless, stays suspended, and goes on by itself.
//! - When it is suspended, what sounds in it is paused, and is resumed with it, unless the page or the user
//!   has paused it meanwhile. When it is abandoned or lost, what sounds in it is paused for good.

use std::collections::BTreeMap;

use sordino_traits::messages::{AudioSessionMessage, RequestNumber};
use sordino_traits::{AudioSessionState, AudioSessionType, ElementId, SessionTypes};

/// What an entry is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AudioFocusType {
    /// Music, video, podcasts.
    Playback,
    /// A short sound, such as a notification ping.
    Transient,
    /// A short sound that must be heard alone, such as driving directions.
    TransientSolo,
    /// Sound that mixes with all other sound.
    Ambient,
}

impl AudioFocusType {
    /// All types.
    pub const ALL: [Self; 4] =
        [Self::Playback, Self::Transient, Self::TransientSolo, Self::Ambient];

    /// The type that its session has, of the same name.
    pub fn session_type(self) -> AudioSessionType {
        match self {
            Self::Playback => AudioSessionType::Playback,
            Self::Transient => AudioSessionType::Transient,
            Self::TransientSolo => AudioSessionType::TransientSolo,
            Self::Ambient => AudioSessionType::Ambient,
        }
    }

    /// The IDL enumeration value.
    pub fn as_str(self) -> &'static str {
        self.session_type().as_str()
    }
}

/// What a page sees of its entry.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AudioFocusState {
    /// It has no focus.
    #[default]
    Inactive,
    /// It may sound.
    Active,
    /// It may sound, and is made softer for something else.
    Ducking,
    /// It may not sound now; it goes on when what has taken its focus ends.
    Suspended,
}

impl AudioFocusState {
    /// The IDL enumeration value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Active => "active",
            Self::Ducking => "ducking",
            Self::Suspended => "suspended",
        }
    }
}

/// What an entry wants done, in this order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FocusOutput {
    /// Send this to the session manager. The first of them comes after [`FocusOutput::Open`].
    Send(AudioSessionMessage),
    /// Tell the session manager of the entry. If there can be no more entries, call
    /// [`AudioFocusEntry::not_opened`] instead, and do none of what follows.
    Open,
    /// Fire `statechange`.
    FireStateChange,
    /// Pause this element.
    Suspend(ElementId),
    /// Let this element go on, if it still [is to](AudioFocusEntry::is_to_resume), and then call
    /// [`AudioFocusEntry::resumed`].
    Resume(ElementId),
    /// The media element that waits to sound may begin.
    Unblock(ElementId),
    /// The media element that waits to sound will not: run the internal pause steps, and reject with a
    /// `NotAllowedError`.
    Refuse(ElementId),
    /// Resolve all promises of `request()`.
    Grant,
    /// Reject all promises of `request()` with a `NotAllowedError`.
    Deny,
    /// Reject all promises of `request()` with an `AbortError`: the page has abandoned the entry.
    Abort,
}

#[derive(Clone, Copy, Debug, Default)]
struct Element {
    /// Whether it sounds, or waits to.
    audible: bool,
    /// Whether it waits for the entry to become active before it sounds.
    waits: bool,
    /// Whether it goes on when the entry does.
    suspended: bool,
    /// Whether it was told to go on, and nobody has said yet that it was.
    is_resuming: bool,
}

impl Element {
    fn wants_focus(self) -> bool {
        self.audible || self.suspended || self.is_resuming
    }
}

/// An `AudioFocusEntry`, without its object.
#[derive(Debug)]
pub struct AudioFocusEntry {
    focus_type: AudioFocusType,
    /// As the page sees them.
    session: AudioSessionState,
    is_ducked: bool,
    elements: BTreeMap<ElementId, Element>,
    /// Whether the page has got focus by `request()`, and not abandoned it.
    is_managed: bool,
    /// Whether promises of `request()` are pending.
    has_promises: bool,
    /// Whether its session waits for focus, which it does not want.
    waits_in_vain: bool,
    /// The request that is to be sent at the end of the turn, and whether the user has caused it.
    unsent: Option<bool>,
    /// The last request and what it asked for, until it is answered.
    asked: Option<(RequestNumber, AudioSessionState)>,
    last_request: RequestNumber,
    is_open: bool,
    outputs: Vec<FocusOutput>,
}

impl AudioFocusEntry {
    /// An inactive entry without elements, of which the session manager does not know.
    pub fn new(focus_type: AudioFocusType) -> Self {
        Self {
            focus_type,
            session: AudioSessionState::Inactive,
            is_ducked: false,
            elements: BTreeMap::new(),
            is_managed: false,
            has_promises: false,
            waits_in_vain: false,
            unsent: None,
            asked: None,
            last_request: RequestNumber::default(),
            is_open: false,
            outputs: Vec::new(),
        }
    }

    /// What it is for.
    pub fn focus_type(&self) -> AudioFocusType {
        self.focus_type
    }

    /// What the page sees.
    pub fn state(&self) -> AudioFocusState {
        match (self.session, self.is_ducked) {
            (AudioSessionState::Inactive, _) => AudioFocusState::Inactive,
            (AudioSessionState::Active, false) => AudioFocusState::Active,
            (AudioSessionState::Active, true) => AudioFocusState::Ducking,
            (AudioSessionState::Interrupted, _) => AudioFocusState::Suspended,
        }
    }

    /// Whether anything may still happen to it without its page's doing, of which the page would hear.
    pub fn is_in_use(&self) -> bool {
        self.session != AudioSessionState::Inactive
            || self.unsent.is_some()
            || self.asked.is_some()
            || self.waits_in_vain
            || self.has_promises
    }

    /// What there is to do since the last call within a turn of the event loop.
    #[must_use]
    pub fn take_outputs_of_turn(&mut self) -> Vec<FocusOutput> {
        std::mem::take(&mut self.outputs)
    }

    /// What there is to do since the last call, at the end of a turn: what is wanted after it is asked
    /// for, and what is not is given back.
    #[must_use]
    pub fn take_outputs(&mut self) -> Vec<FocusOutput> {
        let is_wanted = self.is_managed
            || self.has_promises
            || self.elements.values().any(|it| it.wants_focus());
        let has_claim = self.asked.map_or(
            self.session != AudioSessionState::Inactive || self.waits_in_vain,
            |(_, wanted)| wanted != AudioSessionState::Inactive,
        );
        let by_user = self.unsent.take();
        if is_wanted && let Some(by_user) = by_user {
            self.ask(by_user);
        } else if !is_wanted && has_claim {
            self.waits_in_vain = false;
            let request = self.next_request(AudioSessionState::Inactive);
            self.outputs.push(FocusOutput::Send(AudioSessionMessage::Inactivate { request }));
        }
        self.take_outputs_of_turn()
    }

    fn next_request(&mut self, wanted: AudioSessionState) -> RequestNumber {
        self.last_request = RequestNumber(self.last_request.0.wrapping_add(1));
        self.asked = Some((self.last_request, wanted));
        self.last_request
    }

    fn ask(&mut self, by_user: bool) {
        if !std::mem::replace(&mut self.is_open, true) {
            self.outputs.push(FocusOutput::Open);
        }
        let request = self.next_request(AudioSessionState::Active);
        let session_type = self.focus_type.session_type();
        let types =
            SessionTypes { set_type: session_type, computed_type: session_type, is_short: false };
        let message = AudioSessionMessage::TryActivate { request, types, by_user };
        self.outputs.push(FocusOutput::Send(message));
    }

    /// Notes that focus is wanted. What the user asks for does not wait for the answer to what the page
    /// has asked for.
    fn want(&mut self, by_user: bool) {
        let is_asked = self.asked.is_some_and(|(_, wanted)| wanted == AudioSessionState::Active);
        if let Some(own) = &mut self.unsent {
            *own |= by_user;
        } else if !is_asked || by_user {
            self.unsent = Some(by_user);
        }
    }

    /// Whether it is active, and has not given that back.
    fn is_sounding(&self) -> bool {
        self.session == AudioSessionState::Active
            && self.asked.is_none_or(|(_, wanted)| wanted != AudioSessionState::Inactive)
    }

    /// `request()`: the promise that was made for it is settled by an output.
    pub fn request(&mut self, by_user: bool) {
        if self.is_sounding() {
            self.is_managed = true;
            self.outputs.push(FocusOutput::Grant);
            return;
        }
        self.has_promises = true;
        self.want(by_user);
    }

    /// `abandon()`: what sounds in it is paused.
    pub fn abandon(&mut self) {
        self.is_managed = false;
        self.unsent = None;
        if std::mem::take(&mut self.has_promises) {
            self.outputs.push(FocusOutput::Abort);
        }
        self.silence();
    }

    /// Pauses what sounds or waits, for good.
    fn silence(&mut self) {
        for (id, element) in &mut self.elements {
            (element.suspended, element.waits) = (false, false);
            if element.audible {
                self.outputs.push(FocusOutput::Suspend(*id));
            }
        }
    }

    /// There can be no more entries: all that was asked for is refused.
    pub fn not_opened(&mut self) {
        self.is_open = false;
        self.asked = None;
        self.refuse();
    }

    /// Nobody gets what was asked for.
    fn refuse(&mut self) {
        if std::mem::take(&mut self.has_promises) {
            self.outputs.push(FocusOutput::Deny);
        }
        for (id, element) in &mut self.elements {
            if std::mem::take(&mut element.waits) {
                self.outputs.push(FocusOutput::Refuse(*id));
            }
        }
    }

    /// Adds an element, which is not audible yet.
    pub fn add_element(&mut self, id: ElementId) {
        self.elements.entry(id).or_default();
    }

    /// Removes an element. One that was audible stops counting.
    pub fn remove_element(&mut self, id: ElementId) {
        self.elements.remove(&id);
    }

    /// An element is audible now, or about to be, or not any more. When it begins and the entry is not
    /// active, it [waits](Self::is_blocked), until it is [unblocked](FocusOutput::Unblock) or
    /// [refused](FocusOutput::Refuse), or is not audible any more. `by_user`: the user has caused it.
    pub fn set_audible(&mut self, id: ElementId, audible: bool, by_user: bool) {
        let may_sound = self.is_sounding();
        let Some(element) = self.elements.get_mut(&id) else { return };
        if std::mem::replace(&mut element.audible, audible) == audible {
            return;
        }
        element.waits = audible && !may_sound;
        if audible {
            // It sounds by its own doing.
            element.suspended &= !may_sound;
            if !may_sound {
                self.want(by_user);
            }
        }
    }

    /// Whether an element was told to go on and has not done so yet.
    pub fn is_to_resume(&self, id: ElementId) -> bool {
        self.elements.get(&id).is_some_and(|element| element.is_resuming)
    }

    /// An element that was told to go on has done so, as far as it can.
    pub fn resumed(&mut self, id: ElementId) {
        if let Some(element) = self.elements.get_mut(&id) {
            element.is_resuming = false;
        }
    }

    /// The page or the user has paused a suspended element: it does not go on with the entry.
    pub fn forget_interruption(&mut self, id: ElementId) {
        if let Some(element) = self.elements.get_mut(&id) {
            (element.suspended, element.is_resuming) = (false, false);
        }
    }

    /// Whether an element goes on when the entry does.
    pub fn is_interrupted(&self, id: ElementId) -> bool {
        self.elements.get(&id).is_some_and(|element| element.suspended || element.is_resuming)
    }

    /// Whether an element waits for the entry to become active before it begins to sound.
    pub fn is_blocked(&self, id: ElementId) -> bool {
        self.elements.get(&id).is_some_and(|element| element.waits)
    }

    /// The session manager says whether the entry is ducked. Runs as a task.
    pub fn set_ducked(&mut self, ducked: bool) {
        self.change(|this| this.is_ducked = ducked);
    }

    /// The session manager says what the state of the session is. Runs as a task.
    pub fn state_changed(&mut self, state: AudioSessionState, answers: Option<RequestNumber>) {
        match (self.asked, answers) {
            (Some((asked, _)), Some(answered)) if answered == asked => self.asked = None,
            // An answer to an older request: a newer answer is on its way.
            (_, Some(_)) => return,
            // It has given back what it had.
            (Some((_, AudioSessionState::Inactive)), None) => return,
            (_, None) => {}
        }
        match state {
            AudioSessionState::Active => self.activated(),
            AudioSessionState::Interrupted => self.interrupted(answers.is_some()),
            AudioSessionState::Inactive => self.ended(),
        }
    }

    /// Changes the state, and says so if the page sees a difference.
    fn change(&mut self, change: impl FnOnce(&mut Self)) {
        let before = self.state();
        change(self);
        if self.state() != before {
            self.outputs.push(FocusOutput::FireStateChange);
        }
    }

    fn activated(&mut self) {
        self.waits_in_vain = false;
        self.change(|this| this.session = AudioSessionState::Active);
        if std::mem::take(&mut self.has_promises) {
            self.is_managed = true;
            self.outputs.push(FocusOutput::Grant);
        }
        for (id, element) in &mut self.elements {
            if std::mem::take(&mut element.waits) {
                element.suspended = false;
                self.outputs.push(FocusOutput::Unblock(*id));
            } else if std::mem::take(&mut element.suspended) && !element.audible {
                element.is_resuming = true;
                self.outputs.push(FocusOutput::Resume(*id));
            }
        }
    }

    fn interrupted(&mut self, is_answer: bool) {
        match self.session {
            // It does not wait. That nobody wants it any more is said at the end of the turn.
            AudioSessionState::Inactive => {
                self.waits_in_vain = true;
                self.refuse();
            }
            AudioSessionState::Active => {
                self.change(|this| this.session = AudioSessionState::Interrupted);
                for (id, element) in &mut self.elements {
                    if element.audible && !element.waits {
                        element.suspended = true;
                        self.outputs.push(FocusOutput::Suspend(*id));
                    }
                    element.suspended |= std::mem::take(&mut element.is_resuming);
                }
                if is_answer {
                    self.refuse();
                }
            }
            AudioSessionState::Interrupted if is_answer => self.refuse(),
            AudioSessionState::Interrupted => {}
        }
    }

    fn ended(&mut self) {
        let was_inactive = self.session == AudioSessionState::Inactive;
        (self.is_managed, self.waits_in_vain) = (false, false);
        self.change(|this| this.session = AudioSessionState::Inactive);
        // What was asked for since then waits for its own answer.
        if self.asked.is_some() || self.unsent.is_some() {
            for element in self.elements.values_mut() {
                let (audible, waits) = (element.audible, element.audible);
                *element = Element { audible, waits, ..Element::default() };
            }
            return;
        }
        self.refuse();
        if !was_inactive {
            self.silence();
        }
    }
}

#[cfg(test)]
mod tests;
