/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::time::Duration;

use crossbeam_channel::unbounded;
use ipc_channel::ipc;
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{AudioSessionMessage, MediaSessionUpdate, RequestNumber};
use sordino_traits::rate;
use sordino_traits::validate;
use sordino_traits::{
    ActionSet, AudioSessionType, FrameId, MediaImage, MediaMetadata, SessionTypes,
};

use super::*;

const PATIENCE: Duration = Duration::from_secs(10);

fn opened(document: DocumentId, frame: FrameId, url: &str) -> ContentMessage {
    let url = url.to_owned();
    ContentMessage::DocumentOpened { document, frame, url, may_use_media_session: true }
}

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
            may_show_files: false,
            content,
            script: script_sender,
            media: media_sender,
        };
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
fn a_page_that_does_not_answer_is_paused_without_it_and_learns_of_it_later() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    fixture.keys.send(ActionDetails::new(MediaSessionAction::Pause).into()).unwrap();
    let unanswered = fixture.wait_for_event(|it| matches!(it, ManagerEvent::NotAnswered { .. }));
    let (tab, action) = (content.tab, MediaSessionAction::Pause);
    assert_eq!(unanswered, ManagerEvent::NotAnswered { tab, document, action });
    content.wait_for_media(MediaCommand::Ping);
    content.wait_for_media(MediaCommand::SetSilenced { document, silenced: true });
    content.send(ContentMessage::Alive);
    fixture.wait_for_state(document, AudioSessionState::Interrupted);
    let why = fixture.manager.proxy().content(document).explain().unwrap().unwrap().to_string();
    assert!(why.starts_with("interrupted: its page does not answer"), "{why}");

    // It goes on, and pauses as it was told.
    assert_eq!(content.wait_for_action(action), document);
    content.send(ContentMessage::AudioSession {
        document,
        message: AudioSessionMessage::Inactivate { request: RequestNumber(2) },
    });
    content.done(document, action);
    fixture.wait_for_state(document, AudioSessionState::Inactive);
}

#[test]
fn a_page_that_does_not_answer_plays_on_when_the_user_says_so() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    let proxy = fixture.manager.proxy().content(document);
    proxy.action(ActionDetails::new(MediaSessionAction::Pause)).unwrap();
    content.wait_for_media(MediaCommand::SetSilenced { document, silenced: true });
    content.wait_for_action(MediaSessionAction::Pause);
    let handlers = [MediaSessionAction::Play, MediaSessionAction::Pause].into_iter().collect();
    let update = MediaSessionUpdate { default_handlers: Some(handlers), ..Default::default() };
    content.send(ContentMessage::MediaSession { document, update: Box::new(update) });
    proxy.action(ActionDetails::new(MediaSessionAction::Play)).unwrap();
    content.wait_for_media(MediaCommand::SetSilenced { document, silenced: false });
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
    let last = std::iter::repeat_with(next).nth(2);
    assert_eq!(last, Some(None), "given back, asked for again and given back");
}

#[test]
fn pause_all_silences_what_cannot_be_asked() {
    let fixture =
        Fixture::with(|builder| builder.policy(Policy { mode: Mode::None, ..Default::default() }));
    let (mut first, mut second) =
        (FakeContent::join(&fixture.manager, 1), FakeContent::join(&fixture.manager, 2));
    let (asked, silenced) = (first.play("Asked"), second.play("Silenced"));
    let default_handlers = Some(ActionSet::EMPTY);
    let update = MediaSessionUpdate { default_handlers, ..Default::default() };
    second.send(ContentMessage::MediaSession { document: silenced, update: Box::new(update) });
    fixture.wait_for_event(|event| {
        matches!(event, ManagerEvent::Controls(Some(state))
            if !state.actions.contains(MediaSessionAction::Pause))
    });
    fixture.manager.proxy().pause_all().unwrap();
    assert_eq!(first.wait_for_action(MediaSessionAction::Pause), asked);
    second.wait_for_media(MediaCommand::SetSilenced { document: silenced, silenced: true });
    fixture.wait_for_state(silenced, AudioSessionState::Inactive);
}

#[test]
fn what_the_user_holds_waits_until_it_is_let_go() {
    let fixture = Fixture::new();
    let mut content = FakeContent::join(&fixture.manager, 1);
    let document = content.play("Song");
    let handle = fixture.manager.proxy().content(document);
    handle.set_held(true).unwrap();
    fixture.wait_for_state(document, AudioSessionState::Interrupted);
    assert!(handle.explain().unwrap().unwrap().to_string().contains("the user holds it"));
    handle.set_held(false).unwrap();
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
    fixture.manager.proxy().remove_content(content.tab).unwrap();
    fixture.manager.proxy().snapshot().unwrap();
    let events: Vec<_> = fixture.manager.events().try_iter().collect();
    let lost = ManagerEvent::Lost { count: EVENT_QUEUE as u64 };
    let ended = ManagerEvent::ContentEnded { tab: content.tab, reason: ContentEnd::Removed };
    assert_eq!(events[EVENT_QUEUE..], [lost, ended]);
}

#[test]
fn a_record_gives_the_same_outputs_again() {
    let (record, recorded) = unbounded();
    let fixture = Fixture::with(|builder| builder.record(move |it| record.send(it).unwrap()));
    let mut song = FakeContent::join(&fixture.manager, 1);
    song.play("Song");
    let mut other = FakeContent::join(&fixture.manager, 2);
    let types =
        SessionTypes { computed_type: AudioSessionType::PlayAndRecord, ..Default::default() };
    other.play_as("Call", types);
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
