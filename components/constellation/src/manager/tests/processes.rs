/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Content processes that are stuck, broken or hostile.

use super::*;

#[test]
fn a_page_that_does_not_answer_is_paused_without_it_and_learns_of_it_later() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    fixture.keys.send(ActionDetails::new(MediaSessionAction::Pause).into()).unwrap();
    let unanswered = fixture.wait_for_event(|it| matches!(it, ManagerEvent::NotAnswered { .. }));
    let (tab, action) = (content.tab, MediaSessionAction::Pause);
    assert_eq!(unanswered, ManagerEvent::NotAnswered { tab, document, action });
    content.wait_for_media(MediaCommand::Ping);
    content.wait_for_media(MediaCommand::SetSilenced { session: document.into(), silenced: true });
    content.send(ContentMessage::Alive);
    fixture.wait_for_state(document, AudioSessionState::Interrupted);
    let why = fixture.manager.proxy().content(document).explain().unwrap().unwrap().to_string();
    assert!(why.starts_with("interrupted: its page does not answer"), "{why}");

    // It goes on, and pauses as it was told.
    assert_eq!(content.wait_for_action(action), document);
    content.stop(document);
    content.done(document, action);
    fixture.wait_for_state(document, AudioSessionState::Inactive);
}

#[test]
fn a_page_that_does_not_answer_plays_on_when_the_user_says_so() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    content.handle_by_default(document, &[MediaSessionAction::Play, MediaSessionAction::Pause]);
    fixture.wait_for_event(|event| {
        matches!(event, ManagerEvent::Controls(Some(state))
            if state.actions.contains(MediaSessionAction::Play))
    });
    let proxy = fixture.manager.proxy().content(document);
    proxy.action(ActionDetails::new(MediaSessionAction::Pause)).unwrap();
    content.wait_for_media(MediaCommand::SetSilenced { session: document.into(), silenced: true });
    content.wait_for_action(MediaSessionAction::Pause);
    proxy.action(ActionDetails::new(MediaSessionAction::Play)).unwrap();
    content.wait_for_media(MediaCommand::SetSilenced { session: document.into(), silenced: false });
    fixture.wait_for_state(document, AudioSessionState::Active);
}

#[test]
fn a_process_that_is_stuck_as_a_whole_ends_alone() {
    let fixture = Fixture::with(|builder| builder.process_patience(Some(Duration::ZERO)));
    let mut good = FakeContent::join(&fixture.manager, 1);
    good.play("Good");
    let mut stuck = FakeContent::join(&fixture.manager, 2);
    stuck.play("Stuck");
    fixture.wait_for_title(Some("Stuck"));
    fixture.keys.send(ActionDetails::new(MediaSessionAction::Pause).into()).unwrap();
    assert_eq!(fixture.wait_for_end(stuck.tab), ContentEnd::NotAnswering);
    fixture.wait_for_title(Some("Good"));
    fixture.keys.send(ActionDetails::new(MediaSessionAction::NextTrack).into()).unwrap();
    good.wait_for_action(MediaSessionAction::NextTrack);
}

#[test]
fn a_process_that_sends_too_much_ends_alone() {
    let fixture = Fixture::new();
    let mut good = FakeContent::join(&fixture.manager, 1);
    good.play("Good");
    let mut bad = FakeContent::join(&fixture.manager, 2);
    let document = bad.play("Bad");
    let title = || ContentMessage::DocumentTitle { document, title: "Bad".into() };
    // The channel closes when it has ended.
    while bad.to_manager.send(title()).is_ok() {}
    let limit = rate::MANAGER.per_second;
    let violation = Violation::TooFast { limit };
    assert_eq!(fixture.wait_for_end(bad.tab), ContentEnd::Violation(violation));
    fixture.wait_for_title(Some("Good"));
}

#[test]
fn files_are_shown_only_by_files_and_only_of_their_folder() {
    let image = |src: &str| MediaImage { src: src.into(), ..Default::default() };
    let foreign = |what| ContentEnd::Violation(Violation::ForeignFile { what });
    let fixture = Fixture::new();
    let mut web = FakeContent::join(&fixture.manager, 1);
    let document = web.play("Song");
    let icon = Some(image("file:///music/a.png"));
    web.send(ContentMessage::DocumentIcon { document, icon });
    assert_eq!(fixture.wait_for_end(web.tab), foreign("artwork"));

    let mut liar = FakeContent::join(&fixture.manager, 2);
    let (document, frame) = (liar.ids.document(), liar.ids.frame());
    liar.send(opened(document, frame, "file:///music/page.html"));
    assert_eq!(fixture.wait_for_end(liar.tab), foreign("a document"));
}

#[test]
fn a_violation_ends_that_process_and_no_other() {
    let fixture = Fixture::new();
    let mut good = FakeContent::join(&fixture.manager, 1);
    let document = good.play("Good");
    let bad = FakeContent::join(&fixture.manager, 2);
    bad.send(ContentMessage::DocumentClosed { document });
    assert!(matches!(
        fixture.wait_for_end(bad.tab),
        ContentEnd::Violation(Violation::ForeignId { .. })
    ));
    let mut liar = FakeContent::join(&fixture.manager, 3);
    let never_opened = liar.ids.document();
    liar.send(ContentMessage::DocumentTitle { document: never_opened, title: String::new() });
    assert_eq!(
        fixture.wait_for_end(liar.tab),
        ContentEnd::Violation(Violation::UnknownDocument(never_opened))
    );
    let next = ActionDetails::new(MediaSessionAction::NextTrack);
    fixture.keys.send(next.clone().into()).unwrap();
    assert_eq!(
        good.script.try_recv_timeout(PATIENCE).unwrap(),
        ScriptCommand::Action { document, details: next }
    );
}

#[test]
fn a_process_with_too_many_documents_ends_alone() {
    let fixture = Fixture::new();
    let mut good = FakeContent::join(&fixture.manager, 1);
    good.play("Good");
    let mut bad = FakeContent::join(&fixture.manager, 2);
    for _ in 0..=validate::MAX_DOCUMENTS {
        let (document, frame) = (bad.ids.document(), bad.ids.frame());
        bad.send(opened(document, frame, ""));
    }
    let limit = validate::MAX_DOCUMENTS;
    let violation = Violation::TooMany { what: "documents", found: limit + 1, limit };
    assert_eq!(fixture.wait_for_end(bad.tab), ContentEnd::Violation(violation));
    fixture.wait_for_title(Some("Good"));
}

#[test]
fn a_process_that_does_not_read_is_given_up() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    content.play("Song");
    fixture.wait_for_title(Some("Song"));
    let next = || ActionDetails::new(MediaSessionAction::NextTrack).into();
    // Far more than the socket and the queue take.
    let ended = (0..1_000_000).any(|_| {
        fixture.keys.send(next()).unwrap();
        fixture.shown.try_iter().any(|shown| shown.is_none())
    });
    assert!(ended, "the manager keeps a process that reads nothing");
    assert_eq!(fixture.wait_for_end(content.tab), ContentEnd::NotReading);
}

#[test]
fn a_process_whose_documents_act_on_each_other_ends_as_a_whole() {
    let fixture = Fixture::new();
    let mut good = FakeContent::join(&fixture.manager, 1);
    good.play("Good");
    for number in 2..6 {
        let mut frames = FakeContent::join(&fixture.manager, number);
        let computed_type = AudioSessionType::Transient;
        let ping = SessionTypes { set_type: computed_type, computed_type, is_short: false };
        for song in 0..20 {
            frames.play(&format!("Song {song}"));
        }
        frames.play_as("Ping", ping);
        let tab = frames.tab;
        drop(frames);
        assert_eq!(fixture.wait_for_end(tab), ContentEnd::Closed);
    }
    let again = good.play("Better");
    good.stop(again);
    fixture.wait_for_title(Some("Better"));
}

#[test]
fn an_answer_to_an_action_of_nobody_is_no_news() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    content.done(document, MediaSessionAction::Stop);
    fixture.keys.send(ActionDetails::new(MediaSessionAction::NextTrack).into()).unwrap();
    content.wait_for_action(MediaSessionAction::NextTrack);
    content.done(document, MediaSessionAction::NextTrack);
    let done = fixture.wait_for_event(|event| matches!(event, ManagerEvent::ActionDone { .. }));
    let (tab, action) = (content.tab, MediaSessionAction::NextTrack);
    let outcome = ActionOutcome::PageHandler;
    assert_eq!(done, ManagerEvent::ActionDone { tab, document, action, outcome });
}

#[test]
fn a_process_that_turns_the_sound_of_others_on_and_off_ends_alone() {
    let fixture = Fixture::new();
    let mut good = FakeContent::join(&fixture.manager, 1);
    let song = good.play("Good");
    let mut bad = FakeContent::join(&fixture.manager, 2);
    let document = bad.play("Bad");
    let computed_type = AudioSessionType::PlayAndRecord;
    let types = SessionTypes { computed_type, ..Default::default() };
    let request = RequestNumber(2);
    let on = AudioSessionMessage::TryActivate { request, types, by_user: true };
    let off = AudioSessionMessage::Inactivate { request };
    let send = |message| {
        bad.to_manager.send(ContentMessage::AudioSession { session: document.into(), message })
    };
    // The channel closes when it has ended.
    while send(on).is_ok() && send(off).is_ok() {}
    let limit = rate::MANAGER_AUDIO.per_second;
    assert_eq!(fixture.wait_for_end(bad.tab), ContentEnd::Violation(Violation::TooFast { limit }));
    let why = fixture.manager.proxy().content(song).explain().unwrap();
    assert!(why.is_some(), "the other one is still there");
}
