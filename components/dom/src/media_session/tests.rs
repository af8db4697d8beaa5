/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use sordino_traits::NamespaceId;
use sordino_traits::id::IdAllocator;
use std::time::Duration;

use super::*;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_origin(Duration::from_secs(seconds))
}

fn elements<const N: usize>() -> [ElementId; N] {
    let mut ids = IdAllocator::new(NamespaceId(1));
    std::array::from_fn(|_| ids.element())
}

fn media(playing: bool, position: f64, now: Timestamp) -> MediaState {
    MediaState {
        paused: !playing,
        playing,
        muted: false,
        position: Some(StampedPosition {
            state: PositionState { duration: 100.0, playback_rate: 1.0, position },
            at: now,
        }),
        paused_order: 0,
    }
}

fn init(duration: f64, position: f64) -> PositionStateInit {
    PositionStateInit { duration: Some(duration), position: Some(position), playback_rate: None }
}

#[test]
fn set_position_state_refuses_what_the_draft_refuses_and_keeps_the_old_state() {
    let mut session = MediaSession::new();
    session.set_position_state(init(60.0, 10.0), at(0)).unwrap();
    let before = session.effective_position();
    let no_duration = PositionStateInit { position: Some(1.0), ..Default::default() };
    let rate = |playback_rate| PositionStateInit {
        duration: Some(1.0),
        playback_rate: Some(playback_rate),
        position: None,
    };
    for (bad, error) in [
        (no_duration, PositionStateError::NoDuration),
        (init(f64::NAN, 0.0), PositionStateError::OutOfRange("duration")),
        (init(-1.0, 0.0), PositionStateError::OutOfRange("duration")),
        (init(5.0, -1.0), PositionStateError::OutOfRange("position")),
        (init(5.0, 5.1), PositionStateError::OutOfRange("position")),
        (rate(0.0), PositionStateError::OutOfRange("playback rate")),
    ] {
        assert_eq!(session.set_position_state(bad, at(1)), Err(error));
        assert_eq!(session.effective_position(), before);
    }
    session.set_position_state(PositionStateInit::default(), at(2)).unwrap();
    assert_eq!(session.effective_position(), None);
    session.set_position_state(init(f64::INFINITY, 3.0), at(3)).unwrap();
    assert_eq!(session.effective_position().unwrap().state.playback_rate, 1.0);
}

#[test]
fn a_position_advances_only_while_the_actual_playback_state_is_playing() {
    let mut session = MediaSession::new();
    session.set_position_state(init(60.0, 10.0), at(0)).unwrap();
    session.set_playback_state(MediaSessionPlaybackState::Playing, at(5));
    session.set_playback_state(MediaSessionPlaybackState::Paused, at(8));
    let position = session.effective_position().unwrap();
    assert_eq!(position.position_at(at(20), session.is_playing()), 13.0);
    session.set_playback_state(MediaSessionPlaybackState::Playing, at(20));
    let position = session.effective_position().unwrap();
    assert_eq!(position.position_at(at(1000), session.is_playing()), 60.0);
}

#[test]
fn declared_paused_does_not_hide_real_playback() {
    let [element] = elements();
    let mut session = MediaSession::new();
    session.set_media(element, media(true, 0.0, at(0)), at(0));
    session.set_playback_state(MediaSessionPlaybackState::Paused, at(1));
    assert!(session.is_playing());
    session.set_media(element, MediaState { muted: true, ..media(true, 0.0, at(0)) }, at(2));
    assert!(!session.is_playing());
}

#[test]
fn default_play_takes_the_element_that_was_paused_last() {
    let [first, second] = elements();
    let mut session = MediaSession::new();
    session.set_media(first, MediaState { paused_order: 2, ..media(false, 0.0, at(0)) }, at(0));
    session.set_media(second, MediaState { paused_order: 1, ..media(false, 0.0, at(0)) }, at(0));
    let handling = session.handling_of(&ActionDetails::new(MediaSessionAction::Play), at(1));
    assert_eq!(handling, Handling::Default(vec![DefaultAction::Play(first)]));
}

#[test]
fn default_pause_takes_every_playing_element_and_a_page_handler_replaces_it() {
    let [first, second, third] = elements();
    let mut session = MediaSession::new();
    session.set_media(first, media(true, 0.0, at(0)), at(0));
    session.set_media(second, media(true, 0.0, at(0)), at(0));
    session.set_media(third, media(false, 0.0, at(0)), at(0));
    let pause = ActionDetails::new(MediaSessionAction::Pause);
    assert_eq!(
        session.handling_of(&pause, at(1)),
        Handling::Default(vec![DefaultAction::Pause(first), DefaultAction::Pause(second)])
    );
    session.set_action_handler(MediaSessionAction::Pause, true);
    assert_eq!(session.handling_of(&pause, at(1)), Handling::PageHandler);
    session.set_action_handler(MediaSessionAction::Pause, false);
    assert_ne!(session.handling_of(&pause, at(1)), Handling::PageHandler);
    let next = ActionDetails::new(MediaSessionAction::NextTrack);
    assert_eq!(session.handling_of(&next, at(1)), Handling::Unhandled);
}

#[test]
fn default_seeks_move_the_single_element_inside_its_duration() {
    let [element] = elements();
    let mut session = MediaSession::new();
    session.set_media(element, media(true, 50.0, at(0)), at(0));
    let seek = |details| session.handling_of(&details, at(10));
    let to = |seconds| Handling::Default(vec![DefaultAction::SeekTo(element, seconds)]);
    assert_eq!(seek(ActionDetails::new(MediaSessionAction::SeekForward)), to(70.0));
    assert_eq!(seek(ActionDetails::seek_by(-75.0)), to(0.0));
    assert_eq!(seek(ActionDetails::seek_to(1e6)), to(100.0));
}

#[test]
fn two_playing_elements_have_no_default_position() {
    let [first, second] = elements();
    let mut session = MediaSession::new();
    session.set_media(first, media(true, 1.0, at(0)), at(0));
    session.set_media(second, media(false, 2.0, at(0)), at(0));
    assert_eq!(session.effective_position().unwrap().state.position, 1.0);
    session.set_media(second, media(true, 2.0, at(0)), at(0));
    assert_eq!(session.effective_position(), None);
    assert!(!session.default_handlers().contains(MediaSessionAction::SeekTo));
}

#[test]
fn one_turn_gives_one_update_with_what_changed_and_no_second() {
    let [element] = elements();
    let mut session = MediaSession::new();
    session.media_resource_changed();
    session.set_media(element, media(true, 7.0, at(0)), at(0));
    session.set_metadata(Some(MediaMetadata { title: "A".into(), ..Default::default() }));
    session.set_action_handler(MediaSessionAction::NextTrack, true);
    let update = session.flush(at(2)).unwrap();
    assert_eq!(update.metadata.unwrap().unwrap().title, "A");
    assert_eq!(update.playing, Some(true));
    assert_eq!(update.position.unwrap().unwrap().position, 9.0, "as of the sending");
    assert!(update.new_track);
    assert_eq!(session.flush(at(3)), None);
    session.set_metadata(Some(MediaMetadata::default()));
    let update = session.flush(at(4)).unwrap();
    assert_eq!(update, MediaSessionUpdate { metadata: Some(None), ..Default::default() });
}
