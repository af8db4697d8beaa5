/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use sordino_traits::NamespaceId;
use sordino_traits::id::IdAllocator;

use super::*;
use AudioSessionState::{Active, Inactive, Interrupted};
use FocusOutput::{Abort, Deny, FireStateChange, Grant, Open, Refuse, Resume, Suspend, Unblock};

/// An entry with two elements, and the turns of its event loop.
struct Fixture {
    entry: AudioFocusEntry,
    first: ElementId,
    second: ElementId,
}

impl Fixture {
    fn new() -> Self {
        let mut ids = IdAllocator::new(NamespaceId(1));
        let (first, second) = (ids.element(), ids.element());
        let mut entry = AudioFocusEntry::new(AudioFocusType::Playback);
        entry.add_element(first);
        entry.add_element(second);
        Self { entry, first, second }
    }

    /// One that `request()` has made active.
    fn active() -> Self {
        let mut this = Self::new();
        this.entry.request(false);
        let request = this.asks();
        assert_eq!(this.answer(request, Active), [FireStateChange, Grant]);
        this
    }

    /// One in which the first element sounds, which has asked for itself.
    fn sounding() -> Self {
        let mut this = Self::new();
        this.entry.set_audible(this.first, true, false);
        let request = this.asks();
        assert_eq!(this.answer(request, Active), [FireStateChange, Unblock(this.first)]);
        assert_eq!(this.end_turn(), []);
        this
    }

    fn end_turn(&mut self) -> Vec<FocusOutput> {
        self.entry.take_outputs()
    }

    /// Ends a turn that asks for focus and for nothing else; the number of the request.
    fn asks(&mut self) -> RequestNumber {
        let outputs = self.end_turn();
        match outputs[..] {
            [FocusOutput::Send(AudioSessionMessage::TryActivate { request, .. })]
            | [Open, FocusOutput::Send(AudioSessionMessage::TryActivate { request, .. })] => {
                request
            }
            _ => panic!("it does not ask: {outputs:?}"),
        }
    }

    /// The same for one that gives focus back.
    fn gives_back(&mut self) -> RequestNumber {
        let outputs = self.end_turn();
        match outputs[..] {
            [FocusOutput::Send(AudioSessionMessage::Inactivate { request })] => request,
            _ => panic!("it gives nothing back: {outputs:?}"),
        }
    }

    fn answer(&mut self, request: RequestNumber, state: AudioSessionState) -> Vec<FocusOutput> {
        self.entry.state_changed(state, Some(request));
        self.entry.take_outputs_of_turn()
    }

    fn told(&mut self, state: AudioSessionState) -> Vec<FocusOutput> {
        self.entry.state_changed(state, None);
        self.entry.take_outputs_of_turn()
    }

    /// The engine has paused an element, as an output said.
    fn paused(&mut self, element: ElementId) {
        self.entry.set_audible(element, false, false);
    }
}

#[test]
fn every_type_is_a_session_type_of_the_same_name() {
    for type_ in AudioFocusType::ALL {
        let mut entry = AudioFocusEntry::new(type_);
        entry.request(true);
        let wanted = type_.session_type();
        let types = SessionTypes { set_type: wanted, computed_type: wanted, is_short: false };
        let request = RequestNumber(1);
        let message = AudioSessionMessage::TryActivate { request, types, by_user: true };
        assert_eq!(entry.take_outputs(), [Open, FocusOutput::Send(message)], "{type_:?}");
    }
}

#[test]
fn what_the_page_asks_for_lasts_until_it_abandons_it() {
    let mut fixture = Fixture::active();
    assert_eq!(fixture.entry.state(), AudioFocusState::Active);
    assert_eq!(fixture.end_turn(), []);
    fixture.entry.set_audible(fixture.first, true, false);
    assert!(!fixture.entry.is_blocked(fixture.first));
    assert_eq!(fixture.end_turn(), []);
    fixture.paused(fixture.first);
    assert_eq!(fixture.end_turn(), [], "the page has not abandoned it");
    fixture.entry.abandon();
    let request = fixture.gives_back();
    assert_eq!(fixture.entry.state(), AudioFocusState::Active, "until that is answered");
    assert_eq!(fixture.answer(request, Inactive), [FireStateChange]);
    assert_eq!(fixture.entry.state(), AudioFocusState::Inactive);
    assert!(!fixture.entry.is_in_use());
}

#[test]
fn what_an_element_asks_for_ends_with_the_last_that_sounds() {
    let mut fixture = Fixture::sounding();
    fixture.entry.set_audible(fixture.second, true, false);
    assert!(!fixture.entry.is_blocked(fixture.second), "the entry is active");
    fixture.paused(fixture.first);
    assert_eq!(fixture.end_turn(), []);
    fixture.paused(fixture.second);
    let request = fixture.gives_back();
    assert_eq!(fixture.answer(request, Inactive), [FireStateChange]);
}

#[test]
fn an_element_waits_for_the_answer() {
    let mut fixture = Fixture::new();
    fixture.entry.set_audible(fixture.first, true, false);
    assert!(fixture.entry.is_blocked(fixture.first));
    let request = fixture.asks();
    assert!(fixture.entry.is_blocked(fixture.first));
    fixture.answer(request, Active);
    assert!(!fixture.entry.is_blocked(fixture.first));
}

#[test]
fn who_plays_and_pauses_in_one_turn_asks_for_nothing() {
    let mut fixture = Fixture::new();
    fixture.entry.set_audible(fixture.first, true, false);
    fixture.paused(fixture.first);
    assert_eq!(fixture.end_turn(), []);
    fixture.entry.request(false);
    fixture.entry.abandon();
    assert_eq!(fixture.end_turn(), [Abort]);
    assert!(!fixture.entry.is_in_use());
}

#[test]
fn what_cannot_be_active_now_is_refused_and_does_not_wait() {
    let mut fixture = Fixture::new();
    fixture.entry.request(false);
    fixture.entry.set_audible(fixture.first, true, false);
    let request = fixture.asks();
    assert_eq!(fixture.answer(request, Interrupted), [Deny, Refuse(fixture.first)]);
    assert_eq!(fixture.entry.state(), AudioFocusState::Inactive, "the page never sees it wait");
    fixture.paused(fixture.first);
    let request = fixture.gives_back();
    assert_eq!(fixture.told(Active), [], "its turn came before it was heard");
    assert_eq!(fixture.answer(request, Inactive), []);
    assert!(!fixture.entry.is_in_use());
    fixture.entry.request(false);
    fixture.asks();
}

#[test]
fn who_asks_again_as_soon_as_it_is_refused_is_answered_again() {
    let mut fixture = Fixture::new();
    fixture.entry.request(false);
    let request = fixture.asks();
    assert_eq!(fixture.answer(request, Interrupted), [Deny]);
    fixture.entry.request(false);
    let request = fixture.asks();
    assert_eq!(fixture.answer(request, Active), [FireStateChange, Grant]);
    assert_eq!(fixture.end_turn(), []);
}

#[test]
fn what_sounds_is_suspended_and_goes_on_with_its_entry() {
    let mut fixture = Fixture::sounding();
    let first = fixture.first;
    assert_eq!(fixture.told(Interrupted), [FireStateChange, Suspend(first)]);
    assert_eq!(fixture.entry.state(), AudioFocusState::Suspended);
    fixture.paused(first);
    assert!(fixture.entry.is_interrupted(first));
    assert_eq!(fixture.end_turn(), [], "it waits");
    assert_eq!(fixture.told(Active), [FireStateChange, Resume(first)]);
    assert!(fixture.entry.is_to_resume(first));
    fixture.entry.set_audible(first, true, false);
    fixture.entry.resumed(first);
    assert_eq!(fixture.end_turn(), []);
    assert!(!fixture.entry.is_interrupted(first));
}

#[test]
fn what_was_muted_meanwhile_gives_focus_back_when_it_goes_on() {
    let mut fixture = Fixture::sounding();
    fixture.told(Interrupted);
    fixture.paused(fixture.first);
    assert_eq!(fixture.told(Active), [FireStateChange, Resume(fixture.first)]);
    fixture.entry.resumed(fixture.first);
    fixture.gives_back();
}

#[test]
fn what_the_page_pauses_meanwhile_does_not_go_on() {
    let mut fixture = Fixture::sounding();
    fixture.told(Interrupted);
    fixture.paused(fixture.first);
    fixture.entry.forget_interruption(fixture.first);
    let request = fixture.gives_back();
    assert_eq!(fixture.told(Active), []);
    assert_eq!(fixture.answer(request, Inactive), [FireStateChange]);
}

#[test]
fn what_the_page_pauses_as_it_hears_of_the_end_does_not_go_on() {
    let mut fixture = Fixture::sounding();
    fixture.told(Interrupted);
    fixture.paused(fixture.first);
    assert_eq!(fixture.told(Active), [FireStateChange, Resume(fixture.first)]);
    fixture.entry.forget_interruption(fixture.first);
    assert!(!fixture.entry.is_to_resume(fixture.first));
    fixture.gives_back();
}

#[test]
fn who_is_suspended_is_refused_and_goes_on_by_itself() {
    let mut fixture = Fixture::sounding();
    let first = fixture.first;
    fixture.told(Interrupted);
    fixture.paused(first);
    fixture.entry.request(false);
    fixture.entry.set_audible(first, true, false);
    assert!(fixture.entry.is_blocked(first));
    let request = fixture.asks();
    assert_eq!(fixture.answer(request, Interrupted), [Deny, Refuse(first)]);
    fixture.paused(first);
    assert_eq!(fixture.end_turn(), []);
    assert_eq!(fixture.entry.state(), AudioFocusState::Suspended);
    assert_eq!(fixture.told(Active), [FireStateChange, Resume(first)]);
}

#[test]
fn the_user_gets_focus_for_what_is_suspended() {
    let mut fixture = Fixture::sounding();
    fixture.told(Interrupted);
    fixture.paused(fixture.first);
    fixture.entry.set_audible(fixture.first, true, true);
    let request = fixture.asks();
    assert_eq!(fixture.answer(request, Active), [FireStateChange, Unblock(fixture.first)]);
}

#[test]
fn what_is_lost_for_good_is_paused_for_good() {
    let mut fixture = Fixture::active();
    fixture.entry.set_audible(fixture.first, true, false);
    assert_eq!(fixture.told(Inactive), [FireStateChange, Suspend(fixture.first)]);
    fixture.paused(fixture.first);
    assert_eq!(fixture.end_turn(), [], "there is nothing to give back");
    assert!(!fixture.entry.is_interrupted(fixture.first));
    assert!(!fixture.entry.is_in_use());
}

#[test]
fn what_the_user_starts_while_the_loss_is_on_its_way_waits_for_its_answer() {
    let mut fixture = Fixture::sounding();
    let (first, second) = (fixture.first, fixture.second);
    fixture.told(Interrupted);
    fixture.paused(first);
    fixture.entry.set_audible(second, true, true);
    let request = fixture.asks();
    assert_eq!(fixture.told(Inactive), [FireStateChange]);
    assert!(fixture.entry.is_blocked(second));
    let outputs = fixture.answer(request, Active);
    assert_eq!(outputs, [FireStateChange, Unblock(second)], "the first was lost");
}

#[test]
fn abandoning_pauses_what_sounds_and_what_waits() {
    let mut fixture = Fixture::sounding();
    fixture.entry.abandon();
    assert_eq!(fixture.entry.take_outputs_of_turn(), [Suspend(fixture.first)]);
    fixture.paused(fixture.first);
    fixture.gives_back();
    fixture.entry.set_audible(fixture.second, true, false);
    fixture.entry.request(false);
    fixture.asks();
    fixture.entry.abandon();
    assert_eq!(fixture.entry.take_outputs_of_turn(), [Abort, Suspend(fixture.second)]);
    fixture.paused(fixture.second);
    fixture.gives_back();
}

#[test]
fn who_asks_again_before_the_end_is_answered_sees_no_end() {
    let mut fixture = Fixture::active();
    fixture.entry.abandon();
    let end = fixture.gives_back();
    fixture.entry.request(false);
    let again = fixture.asks();
    assert_eq!(fixture.answer(end, Inactive), []);
    assert_eq!(fixture.answer(again, Active), [Grant]);
    assert_eq!(fixture.entry.state(), AudioFocusState::Active);
}

#[test]
fn ducking_is_a_state_while_it_is_active() {
    let mut fixture = Fixture::active();
    let mut duck = |ducked| {
        fixture.entry.set_ducked(ducked);
        (fixture.entry.take_outputs_of_turn(), fixture.entry.state())
    };
    assert_eq!(duck(true), (vec![FireStateChange], AudioFocusState::Ducking));
    assert_eq!(duck(true), (vec![], AudioFocusState::Ducking));
    assert_eq!(duck(false), (vec![FireStateChange], AudioFocusState::Active));
    fixture.told(Interrupted);
    fixture.entry.set_ducked(true);
    assert_eq!(fixture.entry.take_outputs_of_turn(), []);
    assert_eq!(fixture.entry.state(), AudioFocusState::Suspended);
}

#[test]
fn an_entry_too_many_is_refused() {
    let mut fixture = Fixture::new();
    fixture.entry.request(false);
    fixture.entry.set_audible(fixture.first, true, false);
    fixture.asks();
    fixture.entry.not_opened();
    assert_eq!(fixture.entry.take_outputs_of_turn(), [Deny, Refuse(fixture.first)]);
    fixture.paused(fixture.first);
    assert_eq!(fixture.end_turn(), []);
    assert!(!fixture.entry.is_in_use());
    fixture.entry.request(false);
    assert!(matches!(fixture.end_turn()[..], [Open, FocusOutput::Send(_)]), "it tries again");
}

#[test]
fn an_element_that_is_removed_counts_no_more() {
    let mut fixture = Fixture::sounding();
    fixture.entry.remove_element(fixture.first);
    fixture.gives_back();
}
