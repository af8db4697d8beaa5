/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use sordino_traits::NamespaceId;
use sordino_traits::id::IdAllocator;

use super::*;

use AudioSessionState::{Active, Inactive, Interrupted};

pub(super) fn elements<const N: usize>() -> [ElementId; N] {
    let mut ids = IdAllocator::new(NamespaceId(1));
    std::array::from_fn(|_| ids.element())
}

/// The manager answers every request at once by granting it, and every task runs at once.
/// Returns what is left: everything that is not a request or a task.
pub(super) fn settle(session: &mut AudioSession) -> Vec<Output> {
    settle_answering(session, Active)
}

/// The same, but requests are answered with a state.
pub(super) fn settle_answering(
    session: &mut AudioSession,
    answer: AudioSessionState,
) -> Vec<Output> {
    let mut rest = Vec::new();
    loop {
        let outputs = session.take_outputs();
        if outputs.is_empty() {
            return rest;
        }
        for output in outputs {
            match output {
                Output::QueueTask(task) => session.run_task(task),
                Output::Send(AudioSessionMessage::TryActivate { request, .. }) => {
                    session.state_changed(answer, Some(request));
                }
                Output::Send(AudioSessionMessage::Inactivate { request }) => {
                    session.state_changed(Inactive, Some(request));
                }
                output => rest.push(output),
            }
        }
    }
}

pub(super) fn from_outside(session: &mut AudioSession, state: AudioSessionState) -> Vec<Output> {
    session.state_changed(state, None);
    settle(session)
}

/// A session with one silent element of each kind.
fn session_of_each_kind() -> (AudioSession, [ElementId; 3]) {
    let ids = elements();
    let mut session = AudioSession::new();
    let kinds = [ElementKind::AudioContext, ElementKind::MediaElement, ElementKind::Microphone];
    for (id, kind) in ids.into_iter().zip(kinds) {
        session.add_element(id, kind);
    }
    (session, ids)
}

pub(super) fn playing_session<const N: usize>() -> (AudioSession, [ElementId; N]) {
    let ids = elements();
    let mut session = AudioSession::new();
    for id in ids {
        session.add_element(id, ElementKind::MediaElement);
        session.set_audible(id, true);
    }
    assert_eq!(settle(&mut session), [Output::FireStateChange]);
    assert_eq!(session.state(), Active);
    (session, ids)
}

/// Try activating, steps 2.1 and 2.2; notify the state's change, steps 2 and 7.
#[test]
fn the_state_changes_only_in_a_queued_task() {
    let [element] = elements();
    let mut session = AudioSession::new();
    session.add_element(element, ElementKind::MediaElement);
    session.set_audible(element, true);
    let Some(Output::Send(AudioSessionMessage::TryActivate { request, .. })) =
        session.take_outputs().pop()
    else {
        panic!("no request")
    };
    session.state_changed(Active, Some(request));
    assert_eq!(session.state(), Inactive);
    let outputs = session.take_outputs();
    assert_eq!(outputs, [Output::QueueTask(Task::NotifyState(Active))]);
    session.run_task(Task::NotifyState(Active));
    assert_eq!(session.state(), Active);
    assert_eq!(session.take_outputs(), [Output::FireStateChange]);
}

/// When the audible flag is changing, step 3; inactivate, step 2.
#[test]
fn the_session_is_inactive_when_the_last_of_its_audible_elements_stops() {
    let (mut session, [first, second]) = playing_session();
    session.set_audible(first, false);
    assert_eq!(settle(&mut session), []);
    assert_eq!(session.state(), Active);
    session.remove_element(second);
    assert_eq!(settle(&mut session), [Output::FireStateChange]);
    assert_eq!(session.state(), Inactive);
}

/// Update an element, steps 3 and 4; when the audible flag is changing, step 2; notify the state's
/// change, step 5.
#[test]
fn an_interruption_suspends_and_resumes_only_what_sounded() {
    let (mut session, [sounding, silent]) = playing_session();
    session.set_audible(silent, false);
    settle(&mut session);
    assert_eq!(
        from_outside(&mut session, Interrupted),
        [Output::FireStateChange, Output::Suspend(sounding)]
    );
    // The suspend steps paused it; that does not inactivate the session.
    session.set_audible(sounding, false);
    assert_eq!(settle(&mut session), []);
    assert_eq!(session.state(), Interrupted);
    assert_eq!(from_outside(&mut session, Interrupted), [], "the same twice changes nothing");
    assert_eq!(
        from_outside(&mut session, Active),
        [Output::FireStateChange, Output::Resume(sounding)]
    );
}

/// Update an element, step 4; DESIGN's D6.
#[test]
fn what_the_page_paused_during_an_interruption_is_not_resumed() {
    let (mut session, [element]) = playing_session();
    from_outside(&mut session, Interrupted);
    session.set_audible(element, false);
    session.forget_interruption(element);
    assert_eq!(settle(&mut session), [Output::FireStateChange]);
    assert_eq!(session.state(), Inactive);
    // There is nothing for which it could be active.
    let twice = [Output::FireStateChange, Output::FireStateChange];
    assert_eq!(from_outside(&mut session, Active), twice);
    assert_eq!(session.state(), Inactive);
}

/// Notify the state's change, step 3, and the element suspend steps of a session that becomes
/// inactive.
#[test]
fn eviction_suspends_and_remembers_nothing() {
    let (mut session, [element]) = playing_session();
    assert_eq!(
        from_outside(&mut session, Inactive),
        [Output::FireStateChange, Output::Suspend(element)]
    );
    session.set_audible(element, false);
    assert_eq!(settle(&mut session), []);
    session.set_audible(element, true);
    assert_eq!(settle(&mut session), [Output::FireStateChange], "it activates again");
    assert_eq!(session.state(), Active);
}

/// Try activating and inactivate, step 1 of both, when the state lags behind.
#[test]
fn a_sound_that_ends_before_its_activation_is_answered_leaves_the_session_inactive() {
    let [element] = elements();
    let mut session = AudioSession::new();
    session.add_element(element, ElementKind::MediaElement);
    session.set_audible(element, true);
    let mut outputs = session.take_outputs();
    session.set_audible(element, false);
    outputs.extend(session.take_outputs());
    let [
        Output::Send(AudioSessionMessage::TryActivate { request: first, .. }),
        Output::Send(AudioSessionMessage::Inactivate { request: second }),
    ] = outputs[..]
    else {
        panic!("{outputs:?}")
    };
    session.state_changed(Active, Some(first));
    assert_eq!(settle(&mut session), [], "the first answer is out of date");
    session.state_changed(Inactive, Some(second));
    assert_eq!(settle(&mut session), []);
    assert_eq!(session.state(), Inactive);
}

/// The `type` setter, steps 1 to 3; update the type, steps 1, 2 and 3.1 to 3.3.
#[test]
fn setting_the_type_twice_in_one_turn_applies_the_last_once() {
    let mut session = AudioSession::new();
    session.change_type(AudioSessionType::Playback);
    session.change_type(AudioSessionType::Ambient);
    assert_eq!(session.set_type(), AudioSessionType::Ambient);
    assert_eq!(session.take_outputs(), [Output::QueueTask(Task::ApplyType)]);
    session.run_task(Task::ApplyType);
    assert_eq!(
        session.take_outputs(),
        [Output::Send(AudioSessionMessage::TypesChanged {
            types: SessionTypes {
                set_type: AudioSessionType::Ambient,
                computed_type: AudioSessionType::Ambient,
                is_short: false
            }
        })]
    );
    session.change_type(AudioSessionType::Playback);
    session.change_type(AudioSessionType::Ambient);
    assert_eq!(session.take_outputs().len(), 1);
    session.run_task(Task::ApplyType);
    assert_eq!(session.take_outputs(), [], "back to the applied type is no change");
}

/// Compute the audio session type.
#[test]
fn the_computed_type_follows_the_audible_elements() {
    let (mut session, [context, element, microphone]) = session_of_each_kind();
    assert_eq!(session.computed_type(), AudioSessionType::Ambient);
    session.set_audible(context, true);
    settle(&mut session);
    assert_eq!(session.computed_type(), AudioSessionType::Ambient);
    session.describe_start(element, true, false);
    session.set_audible(element, true);
    let asks = Output::Send(AudioSessionMessage::TryActivate {
        request: RequestNumber(2),
        types: SessionTypes {
            set_type: AudioSessionType::Auto,
            computed_type: AudioSessionType::Playback,
            is_short: false,
        },
        by_user: true,
    });
    assert_eq!(session.take_outputs(), [asks], "what starts makes it something else");
    session.state_changed(Active, Some(RequestNumber(2)));
    assert_eq!(settle(&mut session), [], "it was active before");
    session.set_audible(element, false);
    assert_eq!(
        settle(&mut session),
        [Output::Send(AudioSessionMessage::TypesChanged { types: SessionTypes::default() })],
        "what stops does not"
    );
    session.set_audible(element, true);
    session.set_audible(microphone, true);
    assert_eq!(session.computed_type(), AudioSessionType::PlayAndRecord);
    session.change_type(AudioSessionType::Transient);
    assert_eq!(session.computed_type(), AudioSessionType::Transient, "a set type wins");
    assert!(settle(&mut session).contains(&Output::EndMicrophone(microphone)));
}

/// Compute the audio session type, step 1.
#[test]
fn a_set_type_is_the_computed_type_whatever_sounds() {
    for set_type in AudioSessionType::ALL.into_iter().filter(|it| *it != AudioSessionType::Auto) {
        let (mut session, all) = session_of_each_kind();
        session.change_type(set_type);
        for id in all {
            session.set_audible(id, true);
            assert_eq!((session.set_type(), session.computed_type()), (set_type, set_type));
        }
    }
}

/// Compute the audio session type, steps 2 and 3: an interrupted element does not count.
#[test]
fn what_is_interrupted_has_no_part_in_the_computed_type() {
    let (mut session, [_]) = playing_session();
    assert_eq!(session.computed_type(), AudioSessionType::Playback);
    from_outside(&mut session, Interrupted);
    assert_eq!(session.computed_type(), AudioSessionType::Ambient);
    from_outside(&mut session, Active);
    assert_eq!(session.computed_type(), AudioSessionType::Playback);
}

/// Update the type, step 3.5; the microphone's element update steps, step 3; D15.
#[test]
fn a_type_that_does_not_record_ends_the_microphone() {
    for set_type in AudioSessionType::ALL {
        let (mut session, [_, _, microphone]) = session_of_each_kind();
        session.set_audible(microphone, true);
        settle(&mut session);
        session.change_type(set_type);
        let outputs = settle(&mut session);
        let records = matches!(set_type, AudioSessionType::Auto | AudioSessionType::PlayAndRecord);
        assert_eq!(outputs.contains(&Output::EndMicrophone(microphone)), !records, "{set_type}");
        assert_eq!(session.check_microphone().is_ok(), records, "{set_type}");
        let expected = if records { Active } else { Inactive };
        assert_eq!(session.state(), expected, "{set_type}: nothing else sounds");
        // It ends once, and what the track reports then concerns nobody.
        session.set_audible(microphone, false);
        assert!(
            !from_outside(&mut session, Interrupted).contains(&Output::EndMicrophone(microphone))
        );
    }
}

/// The suspend and resume steps of every kind of element.
#[test]
fn each_kind_of_element_is_suspended_and_resumed() {
    let (mut session, all) = session_of_each_kind();
    for id in all {
        session.set_audible(id, true);
    }
    settle(&mut session);
    let suspended = from_outside(&mut session, Interrupted);
    assert_eq!(suspended[0], Output::FireStateChange);
    assert_eq!(suspended[1..], all.map(Output::Suspend));
    for id in all {
        session.set_audible(id, false);
    }
    let resumed = from_outside(&mut session, Active);
    assert_eq!(resumed[0], Output::FireStateChange);
    assert_eq!(resumed[1..], all.map(Output::Resume));
}

/// When the node document of a media element is changing, steps 3 and 5.
#[test]
fn an_element_that_moves_to_another_document_leaves_its_session() {
    let (mut old, [element]) = playing_session();
    let mut new = AudioSession::new();
    old.remove_element(element);
    new.add_element(element, ElementKind::MediaElement);
    new.set_audible(element, true);
    assert_eq!(settle(&mut old), [Output::FireStateChange]);
    assert_eq!(settle(&mut new), [Output::FireStateChange]);
    assert_eq!((old.state(), new.state()), (Inactive, Active));
    old.set_audible(element, true);
    assert_eq!(settle(&mut old), [], "it is no element of the old one");
}

/// Try activating, step 2.1: setting the state to active can fail.
#[test]
fn what_may_not_sound_is_held_or_stopped() {
    for (answer, is_kept) in [(Interrupted, true), (Inactive, false)] {
        let [element] = elements();
        let mut session = AudioSession::new();
        session.add_element(element, ElementKind::MediaElement);
        session.set_audible(element, true);
        let [Output::Send(AudioSessionMessage::TryActivate { request, .. })] =
            session.take_outputs()[..]
        else {
            panic!("no request")
        };
        session.state_changed(answer, Some(request));
        let refused = settle(&mut session);
        assert!(refused.contains(&Output::Suspend(element)), "{refused:?}");
        assert_eq!(session.state(), answer);
        session.set_audible(element, false);
        settle(&mut session);
        let outputs = from_outside(&mut session, Active);
        assert_eq!(outputs.contains(&Output::Resume(element)), is_kept, "{outputs:?}");
    }
}

/// Update the type, steps 3.1 and 3.2: a change in the task's turn is a task of its own.
#[test]
fn a_type_that_is_set_after_the_task_ran_is_applied_by_another() {
    let mut session = AudioSession::new();
    session.change_type(AudioSessionType::Playback);
    settle(&mut session);
    session.change_type(AudioSessionType::Playback);
    assert_eq!(session.take_outputs(), [], "setter, step 1");
    session.change_type(AudioSessionType::Auto);
    assert_eq!(session.take_outputs(), [Output::QueueTask(Task::ApplyType)]);
}

/// Grants the request that is among the outputs, and returns the tasks, which have yet to run.
fn grant(session: &mut AudioSession) -> Vec<Task> {
    for output in session.take_outputs() {
        match output {
            Output::Send(AudioSessionMessage::TryActivate { request, .. }) => {
                session.state_changed(Active, Some(request));
            }
            Output::Send(AudioSessionMessage::Inactivate { request }) => {
                session.state_changed(Inactive, Some(request));
            }
            output => panic!("{output:?}"),
        }
    }
    let task = |output| match output {
        Output::QueueTask(task) => task,
        output => panic!("{output:?}"),
    };
    session.take_outputs().into_iter().map(task).collect()
}

/// Notify the state's change, steps 3 and 4, between two requests.
#[test]
fn what_starts_before_the_end_is_notified_plays_on() {
    let (mut session, [first]) = playing_session();
    let [_, second] = elements();
    session.add_element(second, ElementKind::MediaElement);

    session.set_audible(first, false);
    let ended = grant(&mut session);
    session.set_audible(second, true);
    let started = grant(&mut session);
    assert_eq!((ended.len(), started.len()), (1, 1), "a request of its own");

    session.run_task(ended[0]);
    assert_eq!(session.take_outputs(), [Output::FireStateChange], "and it is not suspended");
    session.run_task(started[0]);
    assert_eq!(session.take_outputs(), [Output::FireStateChange]);
    assert_eq!(session.state(), Active);
}

/// Notify the state's change for an element that has stopped.
#[test]
fn what_ends_before_its_start_is_notified_leaves_the_session_inactive() {
    let [element] = elements();
    let mut session = AudioSession::new();
    session.add_element(element, ElementKind::MediaElement);
    session.set_audible(element, true);
    let started = grant(&mut session);
    session.set_audible(element, false);
    let ended = grant(&mut session);
    assert_eq!((started.len(), ended.len()), (1, 1));
    session.run_task(started[0]);
    session.run_task(ended[0]);
    assert_eq!(session.state(), Inactive);
}

/// Notify the state's change, step 3, when something else has started since.
#[test]
fn an_eviction_suspends_only_what_sounded_then() {
    let (mut session, [first]) = playing_session();
    let [_, second] = elements();
    session.add_element(second, ElementKind::MediaElement);
    session.state_changed(Inactive, None);
    let Output::QueueTask(evicted) = session.take_outputs()[0] else { panic!() };
    session.set_audible(second, true);
    let granted = grant(&mut session);
    session.run_task(evicted);
    let suspend = Task::UpdateElement(first);
    let outputs = session.take_outputs();
    assert_eq!(outputs, [Output::QueueTask(suspend), Output::FireStateChange]);
    session.run_task(granted[0]);
    session.run_task(suspend);
    assert_eq!(session.take_outputs(), [Output::FireStateChange, Output::Suspend(first)]);
    assert_eq!(session.state(), Active);
}

/// Short sounds count as such as long as nothing longer sounds beside them.
#[test]
fn a_session_is_short_while_all_its_media_is() {
    let [ping, song] = elements();
    let mut session = AudioSession::new();
    let mut is_short_with = |id, is_short, audible| {
        session.add_element(id, ElementKind::MediaElement);
        session.describe_start(id, false, is_short);
        session.set_audible(id, audible);
        settle(&mut session);
        session.types().is_short
    };
    assert!(is_short_with(ping, true, true));
    assert!(!is_short_with(song, false, true));
    assert!(is_short_with(song, false, false));
    assert!(!is_short_with(ping, true, false), "nothing sounds");
}

/// Try activating, step 1, while the answer to another request is on its way.
#[test]
fn the_users_request_does_not_wait_for_the_answer_to_the_pages() {
    let [first, second] = elements();
    let mut session = AudioSession::new();
    let mut outputs = Vec::new();
    for (id, by_user) in [(first, false), (second, true)] {
        session.add_element(id, ElementKind::MediaElement);
        session.describe_start(id, by_user, false);
        session.set_audible(id, true);
        outputs.extend(session.take_outputs());
    }
    let by_user: Vec<_> = outputs
        .into_iter()
        .map(|output| match output {
            Output::Send(AudioSessionMessage::TryActivate { by_user, .. }) => by_user,
            output => panic!("{output:?}"),
        })
        .collect();
    assert_eq!(by_user, [false, true]);
}

/// A sound that goes on longer than it was thought to.
#[test]
fn what_turns_out_to_be_long_is_told() {
    let [element] = elements();
    let mut session = AudioSession::new();
    session.add_element(element, ElementKind::MediaElement);
    session.describe_start(element, false, true);
    session.set_audible(element, true);
    settle(&mut session);
    session.describe_start(element, false, false);
    let [Output::Send(AudioSessionMessage::TypesChanged { types })] = session.take_outputs()[..]
    else {
        panic!("nothing is told")
    };
    assert!(!types.is_short);
}
