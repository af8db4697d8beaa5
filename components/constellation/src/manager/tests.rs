/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::time::Duration;

use crossbeam_channel::unbounded;
use ipc_channel::ipc;
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{AudioSessionMessage, MediaSessionUpdate};
use sordino_traits::validate;
use sordino_traits::{ActionSet, AudioSessionType, MediaMetadata, SessionTypes};

use super::*;

const PATIENCE: Duration = Duration::from_secs(10);

/// A content process without the process.
struct FakeContent {
    tab: TabId,
    ids: IdAllocator,
    to_manager: IpcSender<ContentMessage>,
    script: IpcReceiver<ScriptCommand>,
    media: IpcReceiver<MediaCommand>,
}

impl FakeContent {
    fn join(manager: &SessionManager, number: u32) -> Self {
        let tab = TabId::new(NamespaceId(0), number).unwrap();
        let namespace = NamespaceId(number);
        let (to_manager, content) = ipc::channel().unwrap();
        let (script_sender, script) = ipc::channel().unwrap();
        let (media_sender, media) = ipc::channel().unwrap();
        let channels =
            ContentChannels { tab, namespace, content, script: script_sender, media: media_sender };
        manager.proxy().add_content(channels).unwrap();
        Self { tab, ids: IdAllocator::new(namespace), to_manager, script, media }
    }

    fn send(&self, message: ContentMessage) {
        self.to_manager.send(message).unwrap();
    }

    fn play(&mut self, title: &str) -> DocumentId {
        self.play_as(
            title,
            SessionTypes { computed_type: AudioSessionType::Playback, ..Default::default() },
        )
    }

    fn play_as(&mut self, title: &str, types: SessionTypes) -> DocumentId {
        let document = self.ids.document();
        let frame = self.ids.frame();
        let url = "https://example.org/".into();
        self.send(ContentMessage::DocumentOpened { document, frame, url });
        let metadata = MediaMetadata { title: title.into(), ..Default::default() };
        let update = MediaSessionUpdate {
            metadata: Some(Some(metadata)),
            playing: Some(true),
            handlers: Some(ActionSet::from_iter([MediaSessionAction::NextTrack])),
            default_handlers: Some(ActionSet::from_iter([MediaSessionAction::Pause])),
            ..Default::default()
        };
        self.send(ContentMessage::MediaSession { document, update: Box::new(update) });
        self.send(ContentMessage::AudioSession {
            document,
            message: AudioSessionMessage::TryActivate {
                request: Default::default(),
                types,
                by_user: false,
            },
        });
        let state = self.script.try_recv_timeout(PATIENCE).unwrap();
        assert!(matches!(state, ScriptCommand::AudioSessionState { .. }), "{state:?}");
        document
    }
}

struct Fixture {
    manager: SessionManager,
    shown: Receiver<Option<ControlsState>>,
    keys: Sender<ControlsCommand>,
}

impl Fixture {
    fn new() -> Self {
        let (show, shown) = unbounded();
        let (keys, commands) = unbounded();
        let manager = SessionManager::builder()
            .media_controls(move |state| show.send(state).unwrap(), commands)
            .spawn()
            .unwrap();
        Self { manager, shown, keys }
    }

    fn wait_for_title(&self, title: Option<&str>) {
        loop {
            let state = self.shown.recv_timeout(PATIENCE).expect("the title is shown");
            if state.as_ref().map(|state| state.metadata.title.as_str()) == title {
                return;
            }
        }
    }

    fn wait_for_event(&self, wanted: impl Fn(&ManagerEvent) -> bool) -> ManagerEvent {
        loop {
            let event = self.manager.events().recv_timeout(PATIENCE).expect("the event comes");
            if wanted(&event) {
                return event;
            }
        }
    }

    fn wait_for_end(&self, tab: TabId) -> ContentEnd {
        let is_end = |event: &ManagerEvent| matches!(event, ManagerEvent::ContentEnded { tab: ended, .. } if *ended == tab);
        match self.wait_for_event(is_end) {
            ManagerEvent::ContentEnded { reason, .. } => reason,
            event => panic!("{event:?}"),
        }
    }
}

#[test]
fn a_key_reaches_the_document_that_is_shown() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    fixture.wait_for_title(Some("Song"));
    let details = ActionDetails::new(MediaSessionAction::NextTrack);
    fixture.keys.send(details.clone().into()).unwrap();
    assert_eq!(
        content.script.try_recv_timeout(PATIENCE).unwrap(),
        ScriptCommand::Action { document, details }
    );
    fixture.keys.send(ActionDetails::new(MediaSessionAction::HangUp).into()).unwrap();
    let refused = fixture.wait_for_event(|event| matches!(event, ManagerEvent::NotRouted { .. }));
    assert!(format!("{refused:?}").contains("HangUp"));
}

#[test]
fn mute_goes_to_the_media_thread_of_the_tab() {
    let fixture = Fixture::new();
    let content = FakeContent::join(&fixture.manager, 1);
    fixture.manager.proxy().set_tab_muted(content.tab, true).unwrap();
    assert_eq!(content.media.try_recv_timeout(PATIENCE).unwrap(), MediaCommand::SetTabMuted(true));
}

#[test]
fn a_tab_is_muted_before_its_process_is_there_and_when_it_has_another() {
    let fixture = Fixture::new();
    let tab = TabId::new(NamespaceId(0), 1).unwrap();
    fixture.manager.proxy().set_tab_muted(tab, true).unwrap();
    for _ in 0..2 {
        let content = FakeContent::join(&fixture.manager, 1);
        let muted = MediaCommand::SetTabMuted(true);
        assert_eq!(content.media.try_recv_timeout(PATIENCE).unwrap(), muted);
        drop(content);
        assert_eq!(fixture.wait_for_end(tab), ContentEnd::Closed);
    }
}

#[test]
fn a_process_that_ends_leaves_the_controls_to_the_other() {
    let fixture = Fixture::new();
    let mut first = FakeContent::join(&fixture.manager, 1);
    first.play("First");
    let mut second = FakeContent::join(&fixture.manager, 2);
    second.play("Second");
    fixture.wait_for_title(Some("Second"));
    let tab = second.tab;
    drop(second);
    assert_eq!(fixture.wait_for_end(tab), ContentEnd::Closed);
    fixture.wait_for_title(Some("First"));
    drop(first);
    fixture.wait_for_title(None);
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
    let again = ContentMessage::AudioSession {
        document: good.play("Better"),
        message: AudioSessionMessage::Inactivate { request: Default::default() },
    };
    good.send(again);
    fixture.wait_for_title(Some("Better"));
}

#[test]
fn the_song_that_comes_back_after_a_call_keeps_the_keys_when_it_pauses() {
    let fixture = Fixture::new();
    let mut song = FakeContent::join(&fixture.manager, 1);
    let document = song.play("Song");
    let mut other = FakeContent::join(&fixture.manager, 2);
    let computed_type = AudioSessionType::PlayAndRecord;
    let types = SessionTypes { computed_type, ..Default::default() };
    let call = other.play_as("Call", types);
    fixture.wait_for_title(Some("Call"));
    let stop = |document| ContentMessage::AudioSession {
        document,
        message: AudioSessionMessage::Inactivate { request: Default::default() },
    };
    other.send(stop(call));
    fixture.wait_for_title(Some("Song"));
    song.send(stop(document));
    let is_silent = |event: &ManagerEvent| {
        matches!(event, ManagerEvent::AudioSession { document: it, state: AudioSessionState::Inactive, .. }
            if *it == document)
    };
    fixture.wait_for_event(is_silent);
    let next = ActionDetails::new(MediaSessionAction::NextTrack);
    fixture.keys.send(next.clone().into()).unwrap();
    let is_next = |command: &ScriptCommand| matches!(command, ScriptCommand::Action { .. });
    let command = std::iter::repeat_with(|| song.script.try_recv_timeout(PATIENCE).unwrap());
    assert_eq!(
        command.into_iter().find(is_next),
        Some(ScriptCommand::Action { document, details: next })
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
        bad.send(ContentMessage::DocumentOpened { document, frame, url: String::new() });
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
fn a_short_sound_does_not_get_the_keys_and_ducks_the_song() {
    let fixture = Fixture::new();
    let mut song = FakeContent::join(&fixture.manager, 1);
    let document = song.play("Song");
    fixture.wait_for_title(Some("Song"));
    let silenced = MediaCommand::SetSilenced { document, silenced: false };
    assert_eq!(song.media.try_recv_timeout(PATIENCE).unwrap(), silenced);
    let mut page = FakeContent::join(&fixture.manager, 2);
    let types = SessionTypes {
        computed_type: AudioSessionType::Playback,
        is_short: true,
        ..Default::default()
    };
    let ping = page.play_as("Ping", types);
    let ducked = MediaCommand::SetGain { document, gain: 0.2 };
    assert_eq!(song.media.try_recv_timeout(PATIENCE).unwrap(), ducked);
    let next = ActionDetails::new(MediaSessionAction::NextTrack);
    fixture.keys.send(next.clone().into()).unwrap();
    assert_eq!(
        song.script.try_recv_timeout(PATIENCE).unwrap(),
        ScriptCommand::Action { document, details: next }
    );
    // A clip that turns out to be long takes over.
    let types = SessionTypes { is_short: false, ..types };
    page.send(ContentMessage::AudioSession {
        document: ping,
        message: AudioSessionMessage::TypesChanged { types },
    });
    fixture.wait_for_title(Some("Ping"));
    let taken = MediaCommand::SetSilenced { document, silenced: true };
    let ended = song.media.try_recv_timeout(PATIENCE).unwrap();
    assert_eq!(ended, taken);
}

#[test]
fn shutdown_takes_the_session_off_the_controls() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    content.play("Song");
    fixture.wait_for_title(Some("Song"));
    let proxy = fixture.manager.proxy();
    let Fixture { manager, shown, keys: _keys } = fixture;
    manager.shutdown();
    assert_eq!(shown.try_iter().last(), Some(None));
    assert!(matches!(proxy.set_tab_muted(content.tab, true), Err(ManagerError::ShutDown)));
}
