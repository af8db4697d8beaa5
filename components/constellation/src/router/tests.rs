/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::time::Duration;

use sordino_traits::id::IdAllocator;
use sordino_traits::{NamespaceId, PositionState};

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
        self.router.open(document, tab, "https://example.org/music/a.html".into());
        self.router.update(document, playing(), at(0));
        self.play(document);
        document
    }

    fn one_page() -> (Self, DocumentId) {
        let mut fixture = Self::new();
        let tab = fixture.ids.tab();
        let document = fixture.playing_page(tab);
        (fixture, document)
    }

    fn only_delivery(&self, command: impl Into<ControlsCommand>) -> ActionDetails {
        let deliveries = self.router.route(&command.into(), at(0)).unwrap();
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
    assert_eq!(fixture.router.active(), Some(first));
    fixture.router.set_focus(first, Focus::None);
    assert_eq!(fixture.router.active(), Some(first), "nobody sounds: the last holder");
    fixture.router.close(first);
    assert_eq!(fixture.router.active(), Some(second));
    fixture.router.close(second);
    assert_eq!(fixture.router.controls(), None);
}

#[test]
fn a_page_that_never_sounded_is_not_shown() {
    let mut fixture = Fixture::new();
    let (document, tab) = (fixture.ids.document(), fixture.ids.tab());
    fixture.router.open(document, tab, "https://example.org/".into());
    let handlers = Some(actions(&[MediaSessionAction::Play]));
    let update = MediaSessionUpdate { handlers, ..Default::default() };
    fixture.router.update(document, update, at(0));
    assert_eq!(fixture.router.active(), None);
    assert_eq!(
        fixture.router.route(&ControlsCommand::PlayPause, at(0)),
        Err(NotRouted::NoActiveSession)
    );
}

#[test]
fn without_metadata_the_document_names_the_piece() {
    let (mut fixture, document) = Fixture::one_page();
    let title = |fixture: &Fixture| fixture.router.controls().unwrap().metadata.title;
    assert_eq!(title(&fixture), "example.org");
    fixture.router.set_title(document, "My page".into());
    assert_eq!(title(&fixture), "My page");
    let update = MediaSessionUpdate { metadata: titled("Song"), ..Default::default() };
    fixture.router.update(document, update, at(0));
    assert_eq!(title(&fixture), "Song");
}

#[test]
fn a_new_piece_has_a_new_track_number_and_a_new_picture_of_it_has_not() {
    let (mut fixture, document) = Fixture::one_page();
    let track = |fixture: &Fixture| fixture.router.controls().unwrap().track;
    let mut tracks = vec![track(&fixture)];
    let update = |fixture: &mut Fixture, update| {
        fixture.router.update(document, update, at(0));
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
    let action = |fixture: &Fixture| fixture.only_delivery(ControlsCommand::PlayPause).action;
    assert_eq!(action(&fixture), MediaSessionAction::Pause);
    let paused = MediaSessionUpdate { playing: Some(false), ..Default::default() };
    fixture.router.update(document, paused, at(0));
    assert_eq!(action(&fixture), MediaSessionAction::Play);
}

#[test]
fn pause_reaches_every_playing_frame_of_the_tab_and_no_other_tab() {
    let mut fixture = Fixture::new();
    let (tab, other_tab) = (fixture.ids.tab(), fixture.ids.tab());
    let elsewhere = fixture.playing_page(other_tab);
    let frames = [fixture.playing_page(tab), fixture.playing_page(tab)];
    let pause = ControlsCommand::from(ActionDetails::new(MediaSessionAction::Pause));
    let deliveries = fixture.router.route(&pause, at(0)).unwrap();
    let documents: Vec<_> = deliveries.iter().map(|delivery| delivery.document).collect();
    assert_eq!(documents, [frames[1], frames[0]]);
    assert!(!documents.contains(&elsewhere));
    let play = ControlsCommand::from(ActionDetails::new(MediaSessionAction::Play));
    assert_eq!(fixture.router.route(&play, at(0)).unwrap().len(), 1);
}

#[test]
fn an_action_without_a_handler_is_refused_with_the_reason() {
    let (fixture, _) = Fixture::one_page();
    let next = ControlsCommand::from(ActionDetails::new(MediaSessionAction::NextTrack));
    assert_eq!(
        fixture.router.route(&next, at(0)),
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
        fixture.router.update(document, update, at(0));
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
    fixture.router.update(document, update, at(0));
    assert_eq!(fixture.only_delivery(command), ActionDetails::new(NextTrack));
}

#[test]
fn set_position_is_for_the_shown_track_and_inside_it() {
    let (mut fixture, document) = Fixture::one_page();
    let handlers = Some(actions(&[MediaSessionAction::SeekTo]));
    let update = MediaSessionUpdate { handlers, ..Default::default() };
    fixture.router.update(document, update, at(0));
    let track = fixture.router.controls().unwrap().track;
    let set = |track, position| {
        fixture.router.route(&ControlsCommand::SetPosition { track, position }, at(0))
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
        fixture.router.update(document, update, at(now));
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
