/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Entries that pages manage beside the sessions of their documents.

use sordino_traits::SessionId;

use super::*;

impl FakeContent {
    /// A document that has metadata and makes no sound.
    fn open(&mut self, title: &str) -> DocumentId {
        let (document, frame) = (self.ids.document(), self.ids.frame());
        self.send(opened(document, frame, "https://example.org/"));
        let metadata = MediaMetadata { title: title.into(), ..Default::default() };
        let update = MediaSessionUpdate {
            metadata: Some(Some(metadata)),
            playing: Some(true),
            default_handlers: Some(ActionSet::from_iter([MediaSessionAction::Pause])),
            ..Default::default()
        };
        self.send(ContentMessage::MediaSession { document, update: Box::new(update) });
        document
    }

    fn new_entry(&mut self, document: DocumentId) -> SessionId {
        let session = SessionId::of_entry(document, self.ids.entry());
        self.send(ContentMessage::EntryOpened { session });
        session
    }

    fn request(&self, session: SessionId, set_type: AudioSessionType) {
        let types = SessionTypes { set_type, computed_type: set_type, is_short: false };
        let request = RequestNumber(1);
        let message = AudioSessionMessage::TryActivate { request, types, by_user: false };
        self.send(ContentMessage::AudioSession { session, message });
    }

    fn abandon(&self, session: SessionId) {
        let message = AudioSessionMessage::Inactivate { request: RequestNumber(2) };
        self.send(ContentMessage::AudioSession { session, message });
    }

    fn wait_for_script(&self, wanted: &ScriptCommand) {
        while self.script.try_recv_timeout(PATIENCE).expect("the command comes") != *wanted {}
    }

    fn wait_for_entry(&self, session: SessionId, state: AudioSessionState) {
        self.wait_for_script(&ScriptCommand::AudioSessionState { session, state, answers: None });
    }

    fn wait_for_answer(&self, session: SessionId, state: AudioSessionState, number: u32) {
        let answers = Some(RequestNumber(number));
        self.wait_for_script(&ScriptCommand::AudioSessionState { session, state, answers });
    }
}

#[test]
fn a_chime_of_a_page_ducks_the_song_of_its_document_and_nothing_else_of_it() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    let chime = content.new_entry(document);
    content.request(chime, AudioSessionType::Transient);
    content.wait_for_answer(chime, AudioSessionState::Active, 1);
    content.wait_for_media(MediaCommand::SetGain { session: document.into(), gain: 0.2 });
    let event = fixture.wait_for_event(
        |it| matches!(it, ManagerEvent::AudioSession { entry, .. } if *entry == chime.entry),
    );
    assert!(matches!(event, ManagerEvent::AudioSession { document: of, .. } if of == document));
    content.abandon(chime);
    content.wait_for_answer(chime, AudioSessionState::Inactive, 2);
    content.wait_for_media(MediaCommand::SetGain { session: document.into(), gain: 1.0 });
}

#[test]
fn an_entry_is_silenced_and_ducked_by_other_tabs() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.open("Song");
    let song = content.new_entry(document);
    content.request(song, AudioSessionType::Playback);
    content.wait_for_answer(song, AudioSessionState::Active, 1);
    let mut other = FakeContent::join(&fixture.manager, 2);
    let computed_type = AudioSessionType::Transient;
    let chime = SessionTypes { set_type: computed_type, computed_type, is_short: false };
    let chime = other.play_as("Chime", chime);
    content.wait_for_media(MediaCommand::SetGain { session: song, gain: 0.2 });
    content.wait_for_script(&ScriptCommand::EntryDucked { session: song, ducked: true });
    other.stop(chime);
    content.wait_for_script(&ScriptCommand::EntryDucked { session: song, ducked: false });
    let call = other.call("Call");
    content.wait_for_entry(song, AudioSessionState::Interrupted);
    content.wait_for_media(MediaCommand::SetSilenced { session: song, silenced: true });
    other.stop(call);
    content.wait_for_entry(song, AudioSessionState::Active);
    content.wait_for_media(MediaCommand::SetSilenced { session: song, silenced: false });
}

#[test]
fn a_document_that_sounds_by_an_entry_alone_has_the_keys() {
    let fixture = Fixture::new();
    let mut first = FakeContent::join(&fixture.manager, 1);
    first.play("First");
    fixture.wait_for_title(Some("First"));
    let mut second = FakeContent::join(&fixture.manager, 2);
    let document = second.open("Second");
    let song = second.new_entry(document);
    second.request(song, AudioSessionType::Playback);
    fixture.wait_for_title(Some("Second"));
    // A document that waits is shown, and one that sounds before it.
    second.send(ContentMessage::EntryClosed { session: song });
    first.play("Third");
    fixture.wait_for_title(Some("Third"));
}

#[test]
fn entries_go_with_their_document() {
    let fixture = Fixture::new();
    let mut first = FakeContent::join(&fixture.manager, 1);
    let song = first.play("Song");
    fixture.wait_for_state(song, AudioSessionState::Active);
    let mut second = FakeContent::join(&fixture.manager, 2);
    let document = second.open("Directions");
    let directions = second.new_entry(document);
    second.request(directions, AudioSessionType::TransientSolo);
    fixture.wait_for_state(song, AudioSessionState::Interrupted);

    let proxy = fixture.manager.proxy();
    proxy.move_content(second.id, first.tab).unwrap();
    second.wait_for_media(MediaCommand::SetTabType(Some(AudioSessionType::TransientSolo)));
    let sessions = proxy.snapshot().unwrap().sessions;
    assert!(sessions.iter().all(|it| it.session.tab == first.tab), "{sessions:?}");
    assert_eq!(sessions.len(), 3);

    proxy.content(document).set_held(Hold::Policy, true).unwrap();
    second.wait_for_entry(directions, AudioSessionState::Interrupted);
    fixture.wait_for_state(song, AudioSessionState::Active);
    proxy.content(document).set_held(Hold::Policy, false).unwrap();
    fixture.wait_for_state(song, AudioSessionState::Interrupted);

    second.send(ContentMessage::DocumentClosed { document });
    fixture.wait_for_state(song, AudioSessionState::Active);
    assert_eq!(proxy.snapshot().unwrap().sessions.len(), 1);
}

#[test]
fn what_no_correct_process_says_of_entries_ends_it() {
    type Act = fn(&mut FakeContent, DocumentId) -> Violation;

    let acts: [Act; 5] = [
        |content, document| {
            let session = SessionId { document, entry: 1_000 };
            content.request(session, AudioSessionType::Playback);
            Violation::UnknownSession(session)
        },
        |content, document| {
            let session = content.new_entry(document);
            content.send(ContentMessage::EntryOpened { session });
            Violation::EntryTwice(session)
        },
        |content, document| {
            let session = content.new_entry(document);
            content.send(ContentMessage::EntryClosed { session });
            content.abandon(session);
            Violation::UnknownSession(session)
        },
        |content, document| {
            content.send(ContentMessage::DocumentClosed { document });
            content.new_entry(document);
            Violation::UnknownDocument(document)
        },
        |content, document| {
            for _ in 0..=validate::MAX_ENTRIES {
                content.new_entry(document);
            }
            let limit = validate::MAX_ENTRIES;
            Violation::TooMany { what: "entries", found: limit + 1, limit }
        },
    ];
    let fixture = Fixture::new();
    let mut good = FakeContent::join(&fixture.manager, 100);
    let song = good.play("Good");
    for (act, number) in acts.into_iter().zip(1..) {
        let mut content = FakeContent::join(&fixture.manager, number);
        let document = content.open("Bad");
        let violation = act(&mut content, document);
        assert_eq!(fixture.wait_for_end(content.tab), ContentEnd::Violation(violation));
    }
    let why = fixture.manager.proxy().content(song).explain().unwrap().unwrap();
    assert_eq!(why.state, AudioSessionState::Active);
}
