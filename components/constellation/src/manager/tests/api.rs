/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What an embedder asks of the manager.

use super::*;

#[test]
fn frames_of_one_tab_in_two_processes_are_one_tab() {
    let fixture = Fixture::new();
    let mut top = FakeContent::join_tab(&fixture.manager, 1, 1, false);
    let mut frame = FakeContent::join_tab(&fixture.manager, 1, 2, false);
    let (player, advertisement) = (top.play("Player"), frame.play("Advertisement"));
    fixture.manager.proxy().set_tab_volume(top.tab, 0.5).unwrap();
    let states = fixture.manager.proxy().snapshot().unwrap().sessions;
    let active = |id| {
        let is_id = |view: &&SessionView| view.session.session.document == id;
        states.iter().find(is_id).unwrap().session.state == AudioSessionState::Active
    };
    assert!(active(player) && active(advertisement), "two auto playbacks of one tab coexist");
    fixture.keys.send(ActionDetails::new(MediaSessionAction::Pause).into()).unwrap();
    for (content, document) in [(&top, player), (&frame, advertisement)] {
        assert_eq!(content.wait_for_action(MediaSessionAction::Pause), document);
        content.wait_for_media(MediaCommand::SetTabVolume(0.5));
    }
}

#[test]
fn of_a_private_tab_nothing_is_shown_or_recorded_but_that_it_plays() {
    let (record, recorded) = unbounded();
    let fixture = Fixture::with(|builder| builder.record(move |it| record.send(it).unwrap()));
    let mut content = FakeContent::join_tab(&fixture.manager, 1, 1, true);
    let document = content.ids.document();
    let frame = content.ids.frame();
    content.send(opened(document, frame, "https://secret.example/"));
    content.send(ContentMessage::DocumentTitle { document, title: "secret page".into() });
    content.play("secret song");
    fixture.wait_for_title(Some("Private tab"));
    fixture.manager.shutdown();
    let entries: Vec<_> = recorded.try_iter().collect();
    assert!(entries.len() > 3);
    let text = format!("{entries:?}");
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn the_focus_of_the_operating_system_is_asked_for_and_heard() {
    let (asked, requests) = unbounded();
    let (events, focus_events) = unbounded();
    let fixture = Fixture::with(|builder| {
        builder.os_focus(move |session_type| asked.send(session_type).unwrap(), focus_events)
    });
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    let next = || requests.recv_timeout(PATIENCE).unwrap();
    assert_eq!(next(), Some(AudioSessionType::Playback));
    let session_type = Some(AudioSessionType::Playback);
    let tab = content.tab;
    fixture.wait_for_event(|it| *it == ManagerEvent::TabType { tab, session_type });
    events.send(OsFocusEvent::Began { reason: OsReason::Call, tab: None }).unwrap();
    fixture.wait_for_state(document, AudioSessionState::Interrupted);
    events.send(OsFocusEvent::Ended { reason: OsReason::Call, tab: None }).unwrap();
    fixture.wait_for_state(document, AudioSessionState::Active);
    events.send(OsFocusEvent::Lost).unwrap();
    fixture.wait_for_state(document, AudioSessionState::Inactive);
    content.play("Next song");
    assert_eq!(next(), session_type, "asked for all through the call, and anew after the loss");
}

#[test]
fn streams_that_the_sound_server_silences_interrupt_their_tab_unless_it_is_in_a_call() {
    let fixture = Fixture::new();
    let (mut music, mut caller) =
        (FakeContent::join(&fixture.manager, 1), FakeContent::join(&fixture.manager, 2));
    let song = music.play("Song");
    let session_type = Some(AudioSessionType::Playback);
    music.wait_for_media(MediaCommand::SetTabType(session_type));
    music.send(ContentMessage::StreamsSilenced(true));
    fixture.wait_for_state(song, AudioSessionState::Interrupted);
    music.send(ContentMessage::StreamsSilenced(true));
    music.send(ContentMessage::StreamsSilenced(false));
    fixture.wait_for_state(song, AudioSessionState::Active);

    // Its own call silences what else it plays.
    let call = caller.call("Call");
    caller.wait_for_media(MediaCommand::SetTabType(Some(AudioSessionType::PlayAndRecord)));
    fixture.wait_for_state(call, AudioSessionState::Active);
    caller.send(ContentMessage::StreamsSilenced(true));
    caller.stop(call);
    let next = fixture.wait_for_event(
        |it| matches!(it, ManagerEvent::AudioSession { document, .. } if *document == call),
    );
    assert!(
        matches!(next, ManagerEvent::AudioSession { state: AudioSessionState::Inactive, .. }),
        "it was never interrupted: {next:?}"
    );

    // A process that ends silenced leaves nothing behind.
    music.send(ContentMessage::StreamsSilenced(true));
    drop(music);
    fixture.wait_for_event(|it| matches!(it, ManagerEvent::ContentEnded { .. }));
    let mut next = FakeContent::join_tab(&fixture.manager, 1, 3, false);
    drop(caller);
    fixture.wait_for_event(|it| matches!(it, ManagerEvent::ContentEnded { .. }));
    let song = next.play("Next song");
    fixture.wait_for_state(song, AudioSessionState::Active);
}

#[test]
fn pause_all_silences_what_cannot_be_asked() {
    let fixture =
        Fixture::with(|builder| builder.policy(Policy { mode: Mode::None, ..Default::default() }));
    let (mut first, mut second) =
        (FakeContent::join(&fixture.manager, 1), FakeContent::join(&fixture.manager, 2));
    let (asked, silenced) = (first.play("Asked"), second.play("Silenced"));
    second.handle_by_default(silenced, &[]);
    fixture.wait_for_event(|event| {
        matches!(event, ManagerEvent::Controls(Some(state))
            if !state.actions.contains(MediaSessionAction::Pause))
    });
    fixture.manager.proxy().pause_all().unwrap();
    assert_eq!(first.wait_for_action(MediaSessionAction::Pause), asked);
    second.wait_for_media(MediaCommand::SetSilenced { session: silenced.into(), silenced: true });
    fixture.wait_for_state(silenced, AudioSessionState::Inactive);
}

#[test]
fn what_the_user_holds_waits_until_it_is_let_go() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    let handle = fixture.manager.proxy().content(document);
    handle.set_held(Hold::User, true).unwrap();
    fixture.wait_for_state(document, AudioSessionState::Interrupted);
    assert!(handle.explain().unwrap().unwrap().to_string().contains("the user holds it"));
    handle.set_held(Hold::User, false).unwrap();
    fixture.wait_for_state(document, AudioSessionState::Active);
    let nobody = fixture.manager.proxy().content(content.ids.document());
    assert_eq!(nobody.explain().unwrap(), None);
}

#[test]
fn events_that_nobody_reads_are_counted_and_ends_are_kept() {
    let fixture = Fixture::new();
    let content = FakeContent::join(&fixture.manager, 1);
    // Each is refused with an event.
    for _ in 0..2 * EVENT_QUEUE {
        fixture.manager.proxy().command(ControlsCommand::PlayPause).unwrap();
    }
    fixture.manager.proxy().remove_content(content.id).unwrap();
    fixture.manager.proxy().snapshot().unwrap();
    let events: Vec<_> = fixture.manager.events().try_iter().collect();
    let lost = ManagerEvent::Lost { count: EVENT_QUEUE as u64 };
    let reason = ContentEnd::Removed;
    let ended = ManagerEvent::ContentEnded { content: content.id, tab: content.tab, reason };
    assert_eq!(events[EVENT_QUEUE..], [lost, ended]);
}

#[test]
fn a_record_gives_the_same_outputs_again() {
    let (record, recorded) = unbounded();
    let fixture = Fixture::with(|builder| builder.record(move |it| record.send(it).unwrap()));
    let mut song = FakeContent::join(&fixture.manager, 1);
    song.play("Song");
    let mut other = FakeContent::join(&fixture.manager, 2);
    other.call("Call");
    fixture.wait_for_title(Some("Call"));
    fixture.keys.send(ActionDetails::new(MediaSessionAction::NextTrack).into()).unwrap();
    other.wait_for_action(MediaSessionAction::NextTrack);
    drop(other);
    fixture.wait_for_title(Some("Song"));
    fixture.manager.shutdown();
    let mut cores = crate::cores::Cores::new(Policy::default());
    let mut outputs = 0;
    for entry in recorded.try_iter() {
        let again = cores.handle(entry.input, entry.at);
        assert_eq!(again, entry.outputs);
        outputs += again.len();
    }
    assert!(outputs > 10, "{outputs}");
}

#[test]
fn a_tab_that_moves_takes_its_keys_along_and_a_closed_one_is_forgotten() {
    let fixture = Fixture::new();
    let proxy = fixture.manager.proxy();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    let other = TabId::new(NamespaceId(0), 7).unwrap();
    proxy.set_tab_muted(other, true).unwrap();
    proxy.move_content(content.id, other).unwrap();
    content.wait_for_media(MediaCommand::SetTabMuted(true));
    let snapshot = proxy.snapshot().unwrap();
    assert_eq!(snapshot.sessions[0].session.tab, other);
    assert_eq!(snapshot.controls.map(|it| it.tab), Some(other));
    assert_eq!(snapshot.media_sessions[0].0, document);
    let next = ActionDetails::new(MediaSessionAction::NextTrack);
    proxy.command_to(Target::Tab(other), next).unwrap();
    content.wait_for_action(MediaSessionAction::NextTrack);

    proxy.close_tab(other).unwrap();
    assert_eq!(fixture.wait_for_end(other), ContentEnd::Removed);
    fixture.wait_for_title(None);
    let again = FakeContent::join_tab(&fixture.manager, 7, 2, false);
    proxy.set_tab_volume(other, 0.5).unwrap();
    assert_eq!(
        again.media.try_recv_timeout(PATIENCE).unwrap(),
        MediaCommand::SetTabVolume(0.5),
        "it is no longer muted"
    );
}

#[test]
fn a_namespace_has_one_process_at_a_time() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    content.play("Song");
    let second = FakeContent::join_tab(&fixture.manager, 2, 1, false);
    let namespace = NamespaceId(1);
    assert_eq!(fixture.wait_for_end(second.tab), ContentEnd::NamespaceTaken(namespace));
    assert_eq!(fixture.manager.proxy().snapshot().unwrap().sessions.len(), 1);
}

#[test]
fn pause_all_keeps_what_waits_from_coming_back() {
    let fixture = Fixture::new();
    let mut song = FakeContent::join(&fixture.manager, 1);
    let document = song.play("Song");
    let mut other = FakeContent::join(&fixture.manager, 2);
    let call = other.call("Call");
    fixture.wait_for_state(document, AudioSessionState::Interrupted);
    // Its elements are paused meanwhile.
    let update = MediaSessionUpdate { playing: Some(false), ..Default::default() };
    song.send(ContentMessage::MediaSession { document, update: Box::new(update) });
    fixture.manager.proxy().pause_all().unwrap();
    assert_eq!(song.wait_for_action(MediaSessionAction::Pause), document);
    assert_eq!(other.wait_for_action(MediaSessionAction::Pause), call);
}
