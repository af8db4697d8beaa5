/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::time::Duration;

use crossbeam_channel::unbounded;
use ipc_channel::ipc;
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{AudioSessionMessage, MediaSessionUpdate, RequestNumber};
use sordino_traits::os_focus::OsReason;
use sordino_traits::rate;
use sordino_traits::validate;
use sordino_traits::{
    ActionSet, AudioSessionType, FrameId, MediaImage, MediaMetadata, SessionTypes,
};

use super::*;

mod api;
mod entries;
mod processes;

const PATIENCE: Duration = Duration::from_secs(10);

fn opened(document: DocumentId, frame: FrameId, url: &str) -> ContentMessage {
    let url = url.to_owned();
    ContentMessage::DocumentOpened { document, frame, url, may_use_media_session: true }
}

/// A content process without the process.
struct FakeContent {
    id: ContentId,
    tab: TabId,
    ids: IdAllocator,
    to_manager: IpcSender<ContentMessage>,
    script: IpcReceiver<ScriptCommand>,
    media: IpcReceiver<MediaCommand>,
}

impl FakeContent {
    fn join(manager: &SessionManager, number: u32) -> Self {
        Self::join_tab(manager, number, number, false)
    }

    fn join_tab(manager: &SessionManager, tab: u32, number: u32, is_private: bool) -> Self {
        let tab = TabId::new(NamespaceId(0), tab).unwrap();
        let namespace = NamespaceId(number);
        let (to_manager, content) = ipc::channel().unwrap();
        let (script_sender, script) = ipc::channel().unwrap();
        let (media_sender, media) = ipc::channel().unwrap();
        let channels = ContentChannels {
            tab,
            namespace,
            is_private,
            opened_file: None,
            content,
            script: script_sender,
            media: media_sender,
        };
        let id = manager.proxy().add_content(channels).unwrap();
        Self { id, tab, ids: IdAllocator::new(namespace), to_manager, script, media }
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

    fn call(&mut self, title: &str) -> DocumentId {
        let computed_type = AudioSessionType::PlayAndRecord;
        self.play_as(title, SessionTypes { computed_type, ..Default::default() })
    }

    fn play_as(&mut self, title: &str, types: SessionTypes) -> DocumentId {
        let document = self.ids.document();
        let frame = self.ids.frame();
        self.send(opened(document, frame, "https://example.org/"));
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
            session: document.into(),
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

impl FakeContent {
    /// Waits for a command to the media thread.
    fn wait_for_media(&self, wanted: MediaCommand) {
        while self.media.try_recv_timeout(PATIENCE).expect("the command comes") != wanted {}
    }

    /// Waits for an action and returns whose it is.
    fn wait_for_action(&self, wanted: MediaSessionAction) -> DocumentId {
        loop {
            let command = self.script.try_recv_timeout(PATIENCE).expect("the action comes");
            if let ScriptCommand::Action { document, details } = command
                && details.action == wanted
            {
                return document;
            }
        }
    }

    fn stop(&self, document: DocumentId) {
        let message = AudioSessionMessage::Inactivate { request: RequestNumber(2) };
        self.send(ContentMessage::AudioSession { session: document.into(), message });
    }

    fn handle_by_default(&self, document: DocumentId, actions: &[MediaSessionAction]) {
        let default_handlers = Some(actions.iter().copied().collect());
        let update = MediaSessionUpdate { default_handlers, ..Default::default() };
        self.send(ContentMessage::MediaSession { document, update: Box::new(update) });
    }

    fn done(&self, document: DocumentId, action: MediaSessionAction) {
        let outcome = ActionOutcome::PageHandler;
        self.send(ContentMessage::ActionDone { document, action, outcome });
    }
}

struct Fixture {
    manager: SessionManager,
    shown: Receiver<Option<ControlsState>>,
    keys: Sender<ControlsCommand>,
}

impl Fixture {
    fn new() -> Self {
        Self::with(|builder| builder)
    }

    fn with(set_up: impl FnOnce(SessionManagerBuilder) -> SessionManagerBuilder) -> Self {
        let (show, shown) = unbounded();
        let (keys, commands) = unbounded();
        let builder = SessionManager::builder()
            .media_controls(move |state| show.send(state).unwrap(), commands);
        Self { manager: set_up(builder).spawn().unwrap(), shown, keys }
    }

    fn wait_for_state(&self, of: DocumentId, wanted: AudioSessionState) {
        self.wait_for_event(|event| {
            matches!(event, ManagerEvent::AudioSession { document, state, .. }
                if *document == of && *state == wanted)
        });
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
fn the_song_that_comes_back_after_a_call_keeps_the_keys_when_it_pauses() {
    let fixture = Fixture::new();
    let mut song = FakeContent::join(&fixture.manager, 1);
    let document = song.play("Song");
    let mut other = FakeContent::join(&fixture.manager, 2);
    let call = other.call("Call");
    fixture.wait_for_title(Some("Call"));
    other.stop(call);
    fixture.wait_for_title(Some("Song"));
    song.stop(document);
    fixture.wait_for_state(document, AudioSessionState::Inactive);
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
fn a_short_sound_does_not_get_the_keys_and_ducks_the_song() {
    let fixture = Fixture::new();
    let mut song = FakeContent::join(&fixture.manager, 1);
    let document = song.play("Song");
    fixture.wait_for_title(Some("Song"));
    song.wait_for_media(MediaCommand::SetTabType(Some(AudioSessionType::Playback)));
    let mut page = FakeContent::join(&fixture.manager, 2);
    let types = SessionTypes {
        computed_type: AudioSessionType::Playback,
        is_short: true,
        ..Default::default()
    };
    let ping = page.play_as("Ping", types);
    let ducked = MediaCommand::SetGain { session: document.into(), gain: 0.2 };
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
        session: ping.into(),
        message: AudioSessionMessage::TypesChanged { types },
    });
    fixture.wait_for_title(Some("Ping"));
    let taken = MediaCommand::SetSilenced { session: document.into(), silenced: true };
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
