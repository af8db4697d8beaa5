/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::time::Duration;

use sordino_traits::controls::ControlsCommand;
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::MediaSessionUpdate;
use sordino_traits::{
    ActionDetails, ActionSet, MediaImage, MediaMetadata, MediaSessionAction, NamespaceId,
    PositionState,
};

use super::*;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_origin(Duration::from_secs(seconds))
}

fn actions(actions: &[MediaSessionAction]) -> ActionSet {
    actions.iter().copied().collect()
}

fn position(position: f64) -> Option<Option<PositionState>> {
    Some(Some(PositionState { duration: 100.0, playback_rate: 1.0, position }))
}

fn titled(title: &str) -> Option<Option<MediaMetadata>> {
    Some(Some(MediaMetadata { title: title.into(), ..Default::default() }))
}

/// What a page with one playing element and no handlers of its own sends.
fn playing() -> MediaSessionUpdate {
    MediaSessionUpdate {
        playing: Some(true),
        default_handlers: Some(actions(&[MediaSessionAction::Play, MediaSessionAction::Pause])),
        position: position(0.0),
        ..Default::default()
    }
}

/// Inputs, by their names.
impl Router {
    fn happens(&mut self, input: Input, now: Timestamp) {
        assert_eq!(self.handle(input, now), []);
    }

    fn opened(&mut self, document: DocumentId, tab: TabId, url: String) {
        let (is_private, is_allowed) = (false, true);
        self.happens(Input::Opened { document, tab, url, is_private, is_allowed }, at(0));
    }

    fn titled(&mut self, document: DocumentId, title: String) {
        self.happens(Input::Titled { document, title }, at(0));
    }

    fn updated(&mut self, document: DocumentId, update: MediaSessionUpdate, now: Timestamp) {
        self.happens(Input::Updated { document, update: Box::new(update) }, now);
    }

    fn route_to(
        &mut self,
        target: Target,
        command: &ControlsCommand,
    ) -> Result<Vec<Delivery>, NotRouted> {
        let input = Input::Command { target, command: command.clone() };
        let outputs = self.handle(input, at(0)).into_iter();
        outputs
            .map(|output| match output {
                Output::Deliver(delivery) => Ok(delivery),
                Output::NotRouted { command: of, reason } => {
                    // NaN is not equal to itself.
                    assert_eq!(format!("{of:?}"), format!("{command:?}"));
                    Err(reason)
                }
                output => panic!("{output:?}"),
            })
            .collect()
    }

    fn route_to_active(&mut self, command: &ControlsCommand) -> Result<Vec<Delivery>, NotRouted> {
        self.route_to(Target::Active, command)
    }
}

struct Fixture {
    router: Router,
    ids: IdAllocator,
    grants: u64,
}

impl Fixture {
    fn new() -> Self {
        Self { router: Router::new(), ids: IdAllocator::new(NamespaceId(1)), grants: 0 }
    }

    fn play(&mut self, document: DocumentId) {
        self.grants += 1;
        self.router.set_focus(document, Focus::Holds { is_exclusive: true, order: self.grants });
    }

    fn playing_page(&mut self, tab: TabId) -> DocumentId {
        let document = self.ids.document();
        self.router.opened(document, tab, "https://example.org/music/a.html".into());
        self.router.updated(document, playing(), at(0));
        self.play(document);
        document
    }

    fn one_page() -> (Self, DocumentId) {
        let mut fixture = Self::new();
        let tab = fixture.ids.tab();
        let document = fixture.playing_page(tab);
        (fixture, document)
    }

    fn only_delivery(&mut self, command: impl Into<ControlsCommand>) -> ActionDetails {
        let deliveries = self.router.route_to_active(&command.into()).unwrap();
        assert_eq!(deliveries.len(), 1);
        deliveries[0].details.clone()
    }
}

#[test]
fn the_newest_holder_is_active_and_the_one_that_still_sounds_comes_back() {
    let mut fixture = Fixture::new();
    let tabs = [fixture.ids.tab(), fixture.ids.tab()];
    let [first, second] = tabs.map(|tab| fixture.playing_page(tab));
    assert_eq!(fixture.router.active(), Some(second));
    fixture.router.set_focus(second, Focus::None);
    assert_eq!(fixture.router.choice(), Some((first, Choice::SoundsLast)));
    fixture.router.set_focus(first, Focus::None);
    assert_eq!(fixture.router.choice(), Some((first, Choice::SoundedLast)), "the last holder");
    fixture.router.close(first);
    assert_eq!(fixture.router.active(), Some(second));
    fixture.router.close(second);
    assert_eq!(fixture.router.controls(), None);
}

#[test]
fn a_page_that_never_sounded_is_not_shown() {
    let mut fixture = Fixture::new();
    let (document, tab) = (fixture.ids.document(), fixture.ids.tab());
    fixture.router.opened(document, tab, "https://example.org/".into());
    let handlers = Some(actions(&[MediaSessionAction::Play]));
    let update = MediaSessionUpdate { handlers, ..Default::default() };
    fixture.router.updated(document, update, at(0));
    assert_eq!(fixture.router.active(), None);
    assert_eq!(
        fixture.router.route_to_active(&ControlsCommand::PlayPause,),
        Err(NotRouted::NoActiveSession)
    );
}

#[test]
fn without_metadata_the_document_names_the_piece() {
    let (mut fixture, document) = Fixture::one_page();
    let title = |fixture: &Fixture| fixture.router.controls().unwrap().metadata.title;
    assert_eq!(title(&fixture), "example.org");
    fixture.router.titled(document, "My page".into());
    assert_eq!(title(&fixture), "My page");
    let update = MediaSessionUpdate { metadata: titled("Song"), ..Default::default() };
    fixture.router.updated(document, update, at(0));
    assert_eq!(title(&fixture), "Song");
}

#[test]
fn a_new_piece_has_a_new_track_number_and_a_new_picture_of_it_has_not() {
    let (mut fixture, document) = Fixture::one_page();
    let track = |fixture: &Fixture| fixture.router.controls().unwrap().track;
    let mut tracks = vec![track(&fixture)];
    let update = |fixture: &mut Fixture, update| {
        fixture.router.updated(document, update, at(0));
        track(fixture)
    };
    let new_resource = MediaSessionUpdate { new_track: true, ..Default::default() };
    tracks.push(update(&mut fixture, new_resource.clone()));
    let named =
        |title| MediaSessionUpdate { metadata: titled(title), ..MediaSessionUpdate::default() };
    tracks.push(update(&mut fixture, named("One")));
    tracks.push(update(&mut fixture, named("Two")));
    let mut distinct = tracks.clone();
    distinct.sort_by_key(|track| track.0);
    distinct.dedup();
    assert_eq!(distinct.len(), 4, "{tracks:?}");
    let mut with_art = named("Two");
    with_art.metadata.as_mut().unwrap().as_mut().unwrap().artwork.push(Default::default());
    assert_eq!(update(&mut fixture, with_art), tracks[3]);
    assert_eq!(update(&mut fixture, new_resource), tracks[3], "the page names its pieces");
}

#[test]
fn play_pause_goes_by_what_is_really_playing() {
    let (mut fixture, document) = Fixture::one_page();
    let action = |fixture: &mut Fixture| fixture.only_delivery(ControlsCommand::PlayPause).action;
    assert_eq!(action(&mut fixture), MediaSessionAction::Pause);
    let paused = MediaSessionUpdate { playing: Some(false), ..Default::default() };
    fixture.router.updated(document, paused, at(0));
    assert_eq!(action(&mut fixture), MediaSessionAction::Play);
}

#[test]
fn pause_reaches_every_playing_frame_of_the_tab_and_no_other_tab() {
    let mut fixture = Fixture::new();
    let (tab, other_tab) = (fixture.ids.tab(), fixture.ids.tab());
    let elsewhere = fixture.playing_page(other_tab);
    let frames = [fixture.playing_page(tab), fixture.playing_page(tab)];
    let pause = ControlsCommand::from(ActionDetails::new(MediaSessionAction::Pause));
    let deliveries = fixture.router.route_to_active(&pause).unwrap();
    let documents: Vec<_> = deliveries.iter().map(|delivery| delivery.document).collect();
    assert_eq!(documents, [frames[1], frames[0]]);
    assert!(!documents.contains(&elsewhere));
    let play = ControlsCommand::from(ActionDetails::new(MediaSessionAction::Play));
    assert_eq!(fixture.router.route_to_active(&play).unwrap().len(), 1);
}

#[test]
fn an_action_without_a_handler_is_refused_with_the_reason() {
    let (mut fixture, _) = Fixture::one_page();
    let next = ControlsCommand::from(ActionDetails::new(MediaSessionAction::NextTrack));
    assert_eq!(
        fixture.router.route_to_active(&next,),
        Err(NotRouted::NotAvailable(MediaSessionAction::NextTrack))
    );
}

#[test]
fn relative_seeks_take_the_best_handler_there_is() {
    let (mut fixture, document) = Fixture::one_page();
    let mut with = |handlers: &[MediaSessionAction], defaults: &[MediaSessionAction]| {
        let update = MediaSessionUpdate {
            handlers: Some(actions(handlers)),
            default_handlers: Some(actions(defaults)),
            position: position(50.0),
            ..Default::default()
        };
        fixture.router.updated(document, update, at(0));
        fixture.only_delivery(ControlsCommand::SeekBy(20.0))
    };
    use MediaSessionAction::{NextTrack, SeekForward, SeekTo};
    assert_eq!(with(&[SeekForward], &[SeekTo]), ActionDetails::seek_by(20.0));
    assert_eq!(with(&[SeekTo], &[SeekForward]), ActionDetails::seek_to(70.0));
    assert_eq!(with(&[], &[SeekForward]), ActionDetails::seek_by(20.0));
    let command = ControlsCommand::SeekBy(60.0);
    with(&[SeekTo], &[]);
    assert_eq!(fixture.only_delivery(command.clone()), ActionDetails::seek_to(100.0));
    let handlers = Some(actions(&[SeekTo, NextTrack]));
    let update = MediaSessionUpdate { handlers, ..Default::default() };
    fixture.router.updated(document, update, at(0));
    assert_eq!(fixture.only_delivery(command), ActionDetails::new(NextTrack));
}

#[test]
fn set_position_is_for_the_shown_track_and_inside_it() {
    let (mut fixture, document) = Fixture::one_page();
    let handlers = Some(actions(&[MediaSessionAction::SeekTo]));
    let update = MediaSessionUpdate { handlers, ..Default::default() };
    fixture.router.updated(document, update, at(0));
    let track = fixture.router.controls().unwrap().track;
    let mut set = |track, position| {
        fixture.router.route_to_active(&ControlsCommand::SetPosition { track, position })
    };
    assert_eq!(set(track, 30.0).unwrap()[0].details, ActionDetails::seek_to(30.0));
    assert_eq!(set(track, 100.5), Err(NotRouted::OutOfRange));
    assert_eq!(set(track, f64::NAN), Err(NotRouted::OutOfRange));
    assert_eq!(set(TrackNumber(track.0 + 1), 30.0), Err(NotRouted::StaleTrack));
}

#[test]
fn only_a_jump_is_a_discontinuity() {
    let (mut fixture, document) = Fixture::one_page();
    let mut jumps = |update, now| {
        fixture.router.updated(document, update, at(now));
        fixture.router.controls().unwrap().discontinuities
    };
    let report = |seconds| MediaSessionUpdate { position: position(seconds), ..Default::default() };
    let start = jumps(report(0.0), 0);
    assert_eq!(jumps(report(10.1), 10), start, "where the clock says");
    assert_eq!(jumps(report(40.0), 11), start + 1, "a seek");
    let pause = MediaSessionUpdate { playing: Some(false), ..report(41.0) };
    assert_eq!(jumps(pause, 12), start + 1, "a pause");
    assert_eq!(jumps(report(41.0), 60), start + 1, "time stands still");
    assert_eq!(jumps(report(0.0), 60), start + 2, "back to the start");
}

/// What a frame with an audio element sends, and what it handles itself.
fn with_handlers(handlers: &[MediaSessionAction]) -> MediaSessionUpdate {
    MediaSessionUpdate { handlers: Some(actions(handlers)), ..Default::default() }
}

#[test]
fn in_a_tab_the_frame_that_sounds_and_uses_its_session_is_active() {
    let mut fixture = Fixture::new();
    let tab = fixture.ids.tab();
    let player = fixture.playing_page(tab);
    fixture.router.updated(player, with_handlers(&[MediaSessionAction::NextTrack]), at(0));
    let advertisement = fixture.playing_page(tab);
    assert_eq!(fixture.router.active(), Some(player), "the other is newer, but uses no session");
    fixture.router.set_focus(player, Focus::None);
    assert_eq!(fixture.router.active(), Some(advertisement), "only the other sounds");
    let elsewhere = fixture.ids.tab();
    let newest = fixture.playing_page(elsewhere);
    assert_eq!(fixture.router.active(), Some(newest), "between tabs the newest counts");
}

#[test]
fn a_frame_that_may_not_use_media_sessions_gets_nothing() {
    let mut fixture = Fixture::new();
    let tab = fixture.ids.tab();
    let document = fixture.ids.document();
    let url = "https://example.org/".to_owned();
    let opened = Input::Opened { document, tab, url, is_private: false, is_allowed: false };
    fixture.router.happens(opened, at(0));
    fixture.router.updated(document, playing(), at(0));
    fixture.play(document);
    assert_eq!(fixture.router.active(), None);
    let pause = ControlsCommand::from(ActionDetails::new(MediaSessionAction::Pause));
    let not_available = Err(NotRouted::NotAvailable(MediaSessionAction::Pause));
    assert_eq!(fixture.router.route_to(Target::Document(document), &pause), not_available);
    let pause_tab = Input::Command { target: Target::Tab(tab), command: pause.clone() };
    assert_eq!(fixture.router.handle(pause_tab, at(0)), [Output::Silence(document)]);
    let allowed = fixture.playing_page(tab);
    assert_eq!(fixture.router.active(), Some(allowed));
    let outputs =
        fixture.router.handle(Input::Command { target: Target::Active, command: pause }, at(0));
    assert!(matches!(outputs[..], [Output::Deliver(_), Output::Silence(it)] if it == document));
}

#[test]
fn picture_in_picture_keeps_the_keys_while_it_can_be_controlled() {
    let mut fixture = Fixture::new();
    let tabs = [fixture.ids.tab(), fixture.ids.tab()];
    let [pinned, newest] = tabs.map(|tab| fixture.playing_page(tab));
    fixture.router.happens(Input::Pinned(Some(pinned)), at(0));
    assert_eq!(fixture.router.choice(), Some((pinned, Choice::Pinned)));
    fixture.router.set_focus(pinned, Focus::None);
    assert_eq!(fixture.router.active(), Some(pinned), "also while it is silent");
    fixture.router.close(pinned);
    assert_eq!(fixture.router.active(), Some(newest));
    let next = fixture.playing_page(tabs[0]);
    fixture.router.happens(Input::Pinned(Some(newest)), at(0));
    fixture.router.happens(Input::Pinned(None), at(0));
    assert_eq!(fixture.router.active(), Some(next));
}

#[test]
fn a_tab_or_a_document_that_is_meant_gets_the_action() {
    use MediaSessionAction::{HangUp, NextTrack, Pause, VoiceActivity};
    let mut fixture = Fixture::new();
    let (tab, other_tab) = (fixture.ids.tab(), fixture.ids.tab());
    let music = fixture.playing_page(tab);
    fixture.router.updated(music, with_handlers(&[NextTrack]), at(0));
    let (call, silent) = (fixture.ids.document(), fixture.ids.document());
    for document in [call, silent] {
        fixture.router.opened(document, tab, "https://example.org/call".into());
    }
    fixture.router.updated(call, with_handlers(&[HangUp, VoiceActivity]), at(0));
    let newest = fixture.playing_page(other_tab);
    assert_eq!(fixture.router.active(), Some(newest));
    let mut receiver = |target, action| {
        let command = ControlsCommand::from(ActionDetails::new(action));
        let deliveries = fixture.router.route_to(target, &command)?;
        assert_eq!(deliveries.len(), 1);
        Ok(deliveries[0].document)
    };
    assert_eq!(receiver(Target::Tab(tab), NextTrack), Ok(music));
    assert_eq!(receiver(Target::Tab(tab), HangUp), Ok(call), "a frame that never sounded");
    assert_eq!(receiver(Target::Document(call), VoiceActivity), Ok(call));
    let not_available = |action| Err(NotRouted::NotAvailable(action));
    assert_eq!(receiver(Target::Document(silent), Pause), not_available(Pause));
    assert_eq!(receiver(Target::Active, HangUp), not_available(HangUp));
    let nowhere = fixture.ids.tab();
    assert_eq!(
        fixture.router.route_to(Target::Tab(nowhere), &ControlsCommand::PlayPause),
        Err(NotRouted::NoSuchSession)
    );
}

#[test]
fn pause_all_reaches_every_tab_and_silences_what_handles_no_pause() {
    let mut fixture = Fixture::new();
    let tabs = [fixture.ids.tab(), fixture.ids.tab()];
    let [first, second] = tabs.map(|tab| fixture.playing_page(tab));
    let paused = MediaSessionUpdate { playing: Some(false), ..Default::default() };
    let third = fixture.playing_page(tabs[0]);
    fixture.router.updated(third, paused, at(0));
    fixture.router.set_focus(third, Focus::None);
    let no_handlers =
        MediaSessionUpdate { default_handlers: Some(ActionSet::EMPTY), ..Default::default() };
    fixture.router.updated(second, no_handlers, at(0));
    let details = ActionDetails::new(MediaSessionAction::Pause);
    let delivery = Delivery { tab: tabs[0], document: first, details };
    let outputs = fixture.router.handle(Input::PauseAll, at(0));
    assert_eq!(outputs, [Output::Deliver(delivery), Output::Silence(second)]);
}

#[test]
fn the_icon_stands_in_for_artwork() {
    let (mut fixture, document) = Fixture::one_page();
    let image = |src: &str| MediaImage { src: src.into(), ..Default::default() };
    let icon = image("https://example.org/icon.png");
    fixture.router.happens(Input::Icon { document, icon: Some(icon.clone()) }, at(0));
    let artwork = |fixture: &Fixture| fixture.router.controls().unwrap().metadata.artwork;
    assert_eq!(artwork(&fixture), [icon]);
    let metadata = MediaMetadata {
        artwork: vec![image("https://example.org/cover.png")],
        ..Default::default()
    };
    let update =
        MediaSessionUpdate { metadata: Some(Some(metadata.clone())), ..Default::default() };
    fixture.router.updated(document, update, at(0));
    assert_eq!(artwork(&fixture), metadata.artwork);
}

#[test]
fn of_a_private_tab_only_is_shown_that_it_plays_and_what_can_be_done() {
    let mut fixture = Fixture::new();
    let (document, tab) = (fixture.ids.document(), fixture.ids.tab());
    let url = "https://secret.example/song".to_owned();
    let update = MediaSessionUpdate { metadata: titled("Secret song"), ..playing() };
    let image = MediaImage { src: "https://secret.example/i.png".into(), ..Default::default() };
    for input in [
        Input::Opened { document, tab, url, is_private: false, is_allowed: true },
        Input::Titled { document, title: "Secret page".into() },
        Input::Icon { document, icon: Some(image) },
        Input::Updated { document, update: Box::new(update) },
    ] {
        let input = input.without_private_data();
        assert!(!format!("{input:?}").to_lowercase().contains("secret"), "{input:?}");
        fixture.router.happens(input, at(0));
    }
    fixture.play(document);
    let controls = fixture.router.controls().unwrap();
    assert_eq!(controls.metadata.title, "Private tab");
    assert_eq!((controls.url, controls.position), (None, None));
    assert!(controls.playing && controls.actions.contains(MediaSessionAction::Pause));
    assert_eq!(fixture.only_delivery(ControlsCommand::PlayPause).action, MediaSessionAction::Pause);
}

#[test]
fn what_is_shown_is_told_once_and_as_one_picture() {
    let (mut fixture, document) = Fixture::one_page();
    let publish = |fixture: &mut Fixture| fixture.router.handle(Input::Publish, at(0));
    assert_eq!(publish(&mut fixture).len(), 1);
    assert_eq!(publish(&mut fixture), []);
    let next =
        MediaSessionUpdate { metadata: titled("Next"), position: position(0.0), ..playing() };
    fixture.router.updated(document, next, at(0));
    let [Output::Controls(Some(shown))] = &publish(&mut fixture)[..] else { panic!() };
    assert_eq!(shown.metadata.title, "Next");
    fixture.router.happens(Input::Closed { document }, at(0));
    assert_eq!(publish(&mut fixture), [Output::Controls(None)]);
}

#[test]
fn actions_without_the_times_that_they_need_go_nowhere() {
    let (mut fixture, document) = Fixture::one_page();
    let all: Vec<_> = MediaSessionAction::ALL.to_vec();
    fixture.router.updated(document, with_handlers(&all), at(0));
    let seek_to = MediaSessionAction::SeekTo;
    for (details, action) in [
        (ActionDetails::new(seek_to), seek_to),
        (ActionDetails::seek_to(f64::NAN), seek_to),
        (ActionDetails::seek_to(-1.0), seek_to),
        (ActionDetails::seek_by(f64::INFINITY), MediaSessionAction::SeekForward),
    ] {
        let refused = fixture.router.route_to_active(&details.into());
        assert_eq!(refused, Err(NotRouted::BadDetails(action)));
    }
    let seek = ControlsCommand::SeekBy(f64::NAN);
    assert!(matches!(fixture.router.route_to_active(&seek), Err(NotRouted::BadDetails(_))));
}
