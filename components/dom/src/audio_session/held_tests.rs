/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a page does to its elements while its session is interrupted.

use super::tests::{elements, from_outside, playing_session, settle, settle_answering};
use super::*;

use AudioSessionState::{Active, Inactive, Interrupted};

/// A session whose only element was suspended.
fn held_session() -> (AudioSession, ElementId) {
    let (mut session, [element]) = playing_session();
    let outputs = from_outside(&mut session, Interrupted);
    assert_eq!(outputs, [Output::FireStateChange, Output::Suspend(element)]);
    session.set_audible(element, false);
    assert!(session.is_interrupted(element));
    (session, element)
}

/// Update an element, step 3, for one that is in `[[interruptedElements]]` already.
#[test]
fn what_the_page_starts_while_the_interruption_goes_on_is_suspended_again() {
    let (mut session, element) = held_session();
    session.set_audible(element, true);
    assert_eq!(settle_answering(&mut session, Interrupted), [Output::Suspend(element)]);
    session.set_audible(element, false);
    assert_eq!(
        from_outside(&mut session, Active),
        [Output::FireStateChange, Output::Resume(element)]
    );
}

/// Update an element, step 3, with a change before its suspend steps have run.
#[test]
fn what_is_muted_and_unmuted_before_it_is_suspended_is_suspended() {
    let (mut session, [element]) = playing_session();
    session.state_changed(Interrupted, None);
    let Output::QueueTask(notify) = session.take_outputs()[0] else { panic!() };
    session.run_task(notify);
    let outputs = session.take_outputs();
    let suspend = Task::UpdateElement(element);
    assert_eq!(outputs, [Output::QueueTask(suspend), Output::FireStateChange]);
    session.set_audible(element, false);
    session.set_audible(element, true);
    session.run_task(suspend);
    assert_eq!(settle_answering(&mut session, Interrupted), [Output::Suspend(element)]);
}

/// When the audible flag is changing, step 3, after resume steps that made no sound.
#[test]
fn what_was_muted_during_an_interruption_does_not_keep_the_session_active() {
    let (mut session, element) = held_session();
    let outputs = from_outside(&mut session, Active);
    assert_eq!(outputs, [Output::FireStateChange, Output::Resume(element)]);
    assert_eq!(settle(&mut session), [], "the engine has not said yet what came of it");
    session.set_audible(element, false);
    assert_eq!(settle(&mut session), [Output::FireStateChange]);
    assert_eq!(session.state(), Inactive);
}

/// Try activating for an element that is in `[[interruptedElements]]`; D7.
#[test]
fn a_request_during_an_interruption_asks_with_the_type_of_what_starts() {
    let (mut session, element) = held_session();
    session.set_audible(element, true);
    let [Output::Send(AudioSessionMessage::TryActivate { types, .. })] = session.take_outputs()[..]
    else {
        panic!("no request")
    };
    assert_eq!(types.computed_type, AudioSessionType::Playback);
}

/// Adding twice is adding once.
#[test]
fn an_element_that_is_added_again_keeps_its_audible_flag() {
    let (mut session, [element]) = playing_session();
    session.add_element(element, ElementKind::MediaElement);
    session.set_audible(element, false);
    assert_eq!(settle(&mut session), [Output::FireStateChange]);
    assert_eq!(session.state(), Inactive);
}

/// The type may change while the user is asked for the microphone.
#[test]
fn a_microphone_that_comes_after_the_type_forbade_it_is_ended() {
    let (mut session, [_]) = playing_session();
    let [_, microphone] = elements();
    assert_eq!(session.check_microphone(), Ok(()));
    session.change_type(AudioSessionType::Playback);
    settle(&mut session);
    session.add_element(microphone, ElementKind::Microphone);
    assert_eq!(session.take_outputs(), [Output::EndMicrophone(microphone)]);
}

/// Update the type, step 3.2, when a request has told of the type that was taken back.
#[test]
fn a_type_that_is_taken_back_in_one_turn_is_taken_back_at_the_manager() {
    let [element] = elements();
    let mut session = AudioSession::new();
    session.add_element(element, ElementKind::MediaElement);
    session.change_type(AudioSessionType::Transient);
    session.set_audible(element, true);
    let mut outputs = session.take_outputs();
    session.change_type(AudioSessionType::Auto);
    outputs.extend(session.take_outputs());
    let mut told = Vec::new();
    for output in outputs {
        match output {
            Output::QueueTask(task) => session.run_task(task),
            Output::Send(AudioSessionMessage::TryActivate { types, .. }) => {
                told.push((types.set_type, types.computed_type));
            }
            output => panic!("{output:?}"),
        }
    }
    let outputs = session.take_outputs();
    assert_eq!(told, [(AudioSessionType::Transient, AudioSessionType::Transient)]);
    assert_eq!(
        outputs,
        [Output::Send(AudioSessionMessage::TypesChanged {
            types: SessionTypes {
                set_type: AudioSessionType::Auto,
                computed_type: AudioSessionType::Playback,
                is_short: false
            }
        })]
    );
}

fn begin(session: &mut AudioSession, element: ElementId) {
    session.begins(element);
    session.set_audible(element, true);
}

/// Play during an interruption; D8.
#[test]
fn what_begins_while_its_session_is_held_waits_for_the_end_of_that() {
    let (mut session, element) = held_session();
    begin(&mut session, element);
    assert!(session.is_blocked(element));
    assert_eq!(settle_answering(&mut session, Interrupted), [], "nothing was taken from it");
    assert!(session.is_blocked(element));
    let outputs = from_outside(&mut session, Active);
    assert_eq!(outputs, [Output::Unblock(element), Output::FireStateChange]);
    assert!(!session.is_blocked(element));
    // From now on it is as any other that sounds.
    let outputs = from_outside(&mut session, Interrupted);
    assert_eq!(outputs, [Output::FireStateChange, Output::Suspend(element)]);
}

#[test]
fn what_begins_in_a_session_that_is_not_held_does_not_wait() {
    let [element, other] = elements();
    let mut session = AudioSession::new();
    session.add_element(element, ElementKind::MediaElement);
    session.add_element(other, ElementKind::MediaElement);
    for id in [element, other] {
        begin(&mut session, id);
        assert!(!session.is_blocked(id));
    }
    // What is not let in is taken.
    let outputs = settle_answering(&mut session, Interrupted);
    let suspended = [Output::Suspend(element), Output::Suspend(other)];
    assert!(suspended.iter().all(|it| outputs.contains(it)), "{outputs:?}");
}

#[test]
fn what_waits_is_refused_when_its_session_ends() {
    for is_asked in [true, false] {
        let (mut session, element) = held_session();
        begin(&mut session, element);
        let outputs = match is_asked {
            true => settle_answering(&mut session, Inactive),
            false => {
                settle_answering(&mut session, Interrupted);
                from_outside(&mut session, Inactive)
            }
        };
        assert_eq!(outputs, [Output::Refuse(element), Output::FireStateChange]);
        assert!(!session.is_blocked(element));
        session.set_audible(element, false);
        assert_eq!(settle(&mut session), []);
    }
}

#[test]
fn what_the_page_pauses_waits_no_more() {
    let (mut session, element) = held_session();
    begin(&mut session, element);
    settle_answering(&mut session, Interrupted);
    session.set_audible(element, false);
    session.forget_interruption(element);
    assert!(!session.is_blocked(element));
    assert_eq!(settle(&mut session), [Output::FireStateChange]);
    assert_eq!(session.state(), Inactive);
}

#[test]
fn what_is_taken_back_in_the_same_turn_is_not_asked_for() {
    let [element, _] = elements();
    let mut session = AudioSession::new();
    session.add_element(element, ElementKind::MediaElement);
    for _ in 0..3 {
        begin(&mut session, element);
        session.set_audible(element, false);
        assert_eq!(session.take_outputs_of_turn(), []);
    }
    assert_eq!(session.take_outputs(), []);
    // The same with a session that is active.
    begin(&mut session, element);
    settle(&mut session);
    session.set_audible(element, false);
    begin(&mut session, element);
    assert!(!session.is_blocked(element));
    assert_eq!(session.take_outputs(), []);
    assert_eq!(session.state(), Active);
}
