/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::time::Duration;

use sordino_traits::NamespaceId;
use sordino_traits::id::IdAllocator;
use sordino_traits::media_session::PictureInPictureReason;

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
        interrupted: false,
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

fn position_at(session: &MediaSession, seconds: u64) -> f64 {
    let position = session.effective_position().unwrap();
    position.position_at(at(seconds), session.is_playing())
}

#[test]
fn set_position_state_step_1_clears_for_an_empty_dictionary() {
    let mut session = MediaSession::new();
    session.set_position_state(init(60.0, 10.0), at(0)).unwrap();
    session.set_position_state(PositionStateInit::default(), at(2)).unwrap();
    assert_eq!(session.effective_position(), None);
    session.set_position_state(PositionStateInit::default(), at(3)).unwrap();
    assert_eq!(session.effective_position(), None);
}

#[test]
fn set_position_state_steps_2_to_7_refuse_and_keep_the_old_state() {
    let mut session = MediaSession::new();
    session.set_position_state(init(60.0, 10.0), at(0)).unwrap();
    let before = session.effective_position();
    let out_of_range = PositionStateError::OutOfRange;
    let rate = |playback_rate| PositionStateInit {
        duration: Some(1.0),
        playback_rate: Some(playback_rate),
        position: None,
    };
    let no_duration = PositionStateInit { position: Some(1.0), ..Default::default() };
    let only_rate = PositionStateInit { playback_rate: Some(1.0), ..Default::default() };
    for (step, bad, error) in [
        (2, no_duration, PositionStateError::NoDuration),
        (2, only_rate, PositionStateError::NoDuration),
        (3, init(f64::NAN, 0.0), out_of_range("duration")),
        (3, init(-1.0, 0.0), out_of_range("duration")),
        (3, init(f64::NEG_INFINITY, 0.0), out_of_range("duration")),
        (5, init(5.0, -1.0), out_of_range("position")),
        (5, init(5.0, 5.1), out_of_range("position")),
        (5, init(f64::INFINITY, f64::INFINITY), out_of_range("position")),
        (5, init(5.0, f64::NAN), out_of_range("position")),
        (7, rate(0.0), out_of_range("playback rate")),
        (7, rate(-0.0), out_of_range("playback rate")),
        (7, rate(f64::NAN), out_of_range("playback rate")),
        (7, rate(f64::INFINITY), out_of_range("playback rate")),
    ] {
        assert_eq!(session.set_position_state(bad, at(1)), Err(error), "step {step}: {bad:?}");
        assert_eq!(session.effective_position(), before, "step {step}: {bad:?}");
    }
}

#[test]
fn set_position_state_steps_4_6_and_8_fill_in_and_update() {
    let mut session = MediaSession::new();
    for duration in [0.0, 5.0, f64::INFINITY] {
        let only = PositionStateInit { duration: Some(duration), ..Default::default() };
        session.set_position_state(only, at(3)).unwrap();
        let state = PositionState { duration, playback_rate: 1.0, position: 0.0 };
        assert_eq!(session.effective_position(), Some(StampedPosition { state, at: at(3) }));
    }
    for (duration, position) in [(0.0, 0.0), (5.0, 5.0), (f64::INFINITY, f64::MAX), (5.0, -0.0)] {
        assert_eq!(session.set_position_state(init(duration, position), at(0)), Ok(()));
    }
    let backwards = PositionStateInit { playback_rate: Some(-2.5), ..init(60.0, 10.0) };
    session.set_position_state(backwards, at(0)).unwrap();
    assert_eq!(session.effective_position().unwrap().state.playback_rate, -2.5);
}

#[test]
fn current_playback_position_follows_the_actual_playback_rate() {
    let mut session = MediaSession::new();
    session.set_position_state(init(60.0, 10.0), at(0)).unwrap();
    assert_eq!(position_at(&session, 5), 10.0, "paused: the actual playback rate is zero");
    session.set_playback_state(MediaSessionPlaybackState::Playing, at(5));
    assert_eq!(position_at(&session, 7), 12.0);
    session.set_playback_state(MediaSessionPlaybackState::Paused, at(8));
    assert_eq!(position_at(&session, 20), 13.0);
    session.set_playback_state(MediaSessionPlaybackState::Playing, at(20));
    assert_eq!(position_at(&session, 22), 15.0);
}

#[test]
fn current_playback_position_stays_between_zero_and_the_duration() {
    let mut session = MediaSession::new();
    session.set_playback_state(MediaSessionPlaybackState::Playing, at(0));
    session.set_position_state(init(60.0, 10.0), at(0)).unwrap();
    assert_eq!(position_at(&session, 1000), 60.0);
    for (playback_rate, expected) in [(-1.0, 6.0), (-10.0, 0.0), (2.0, 18.0)] {
        let state = PositionStateInit { playback_rate: Some(playback_rate), ..init(60.0, 10.0) };
        session.set_position_state(state, at(0)).unwrap();
        assert_eq!(position_at(&session, 4), expected, "{playback_rate}");
    }
    session.set_position_state(init(f64::INFINITY, 10.0), at(0)).unwrap();
    assert_eq!(position_at(&session, 1000), 1010.0, "live media has no end");
}

#[test]
fn the_position_goes_on_at_the_right_rate_when_real_playback_changes_the_state() {
    let [element] = elements();
    let mut session = MediaSession::new();
    session.set_position_state(init(60.0, 10.0), at(0)).unwrap();
    session.set_media(element, media(true, 0.0, at(4)), at(4));
    assert_eq!(position_at(&session, 6), 12.0);
    session.remove_media(element, at(7));
    assert_eq!(position_at(&session, 50), 13.0);
}

#[test]
fn guessed_playback_state_is_playing_for_one_element_that_plays_and_is_not_muted() {
    let [first, second] = elements();
    for (playing, muted, expected) in
        [(true, false, true), (true, true, false), (false, false, false), (false, true, false)]
    {
        let mut session = MediaSession::new();
        assert!(!session.is_guessed_playing());
        session.set_media(first, media(false, 0.0, at(0)), at(0));
        session.set_media(second, MediaState { muted, ..media(playing, 0.0, at(0)) }, at(0));
        assert_eq!(session.is_guessed_playing(), expected, "{playing} {muted}");
        session.remove_media(second, at(0));
        assert!(!session.is_guessed_playing());
    }
}

#[test]
fn actual_playback_state_is_the_declared_playing_or_else_the_guess() {
    use MediaSessionPlaybackState::{None, Paused, Playing};

    let [element] = elements();
    for (declared, real, expected) in [
        (Playing, false, true),
        (Playing, true, true),
        (Paused, false, false),
        (Paused, true, true),
        (None, false, false),
        (None, true, true),
    ] {
        let mut session = MediaSession::new();
        session.set_media(element, media(real, 0.0, at(0)), at(0));
        session.set_playback_state(declared, at(0));
        assert_eq!(session.playback_state(), declared);
        assert_eq!(session.is_playing(), expected, "{declared:?} {real}");
    }
}

#[test]
fn update_action_handler_adds_and_removes_each_of_the_17_actions() {
    let mut session = MediaSession::new();
    let microphone = IdAllocator::new(NamespaceId(2)).element();
    session.captures().add_track(microphone, CaptureKind::Microphone);
    for action in MediaSessionAction::ALL {
        let details = ActionDetails::new(action);
        let is_handled = |session: &mut MediaSession| {
            matches!(session.handle_action(&details, at(0)), Handling::PageHandler { .. })
        };
        assert!(!is_handled(&mut session), "{action}");
        // 2, and again with another handler.
        for _ in 0..2 {
            session.set_action_handler(action, true);
            assert!(is_handled(&mut session), "{action}");
        }
        let handlers = session.flush(at(0)).unwrap().handlers.unwrap();
        assert_eq!(handlers, ActionSet::from_iter([action]), "{action}");
        // 1
        for _ in 0..2 {
            session.set_action_handler(action, false);
            assert!(!is_handled(&mut session), "{action}");
        }
        assert_eq!(session.flush(at(0)).unwrap().handlers, Some(ActionSet::EMPTY), "{action}");
    }
}

#[test]
fn handle_action_step_5_ends_for_an_action_that_nobody_handles() {
    let mut session = MediaSession::new();
    for action in MediaSessionAction::ALL {
        let handling = session.handle_action(&ActionDetails::new(action), at(0));
        assert_eq!(handling, Handling::Unhandled, "{action}");
    }
}

#[test]
fn handle_action_step_7_passes_the_details_on() {
    let mut session = MediaSession::new();
    for details in [
        ActionDetails { fast_seek: Some(true), ..ActionDetails::seek_to(12.5) },
        ActionDetails::seek_by(-7.0),
        ActionDetails {
            enter_picture_in_picture_reason: Some(PictureInPictureReason::UserAction),
            ..ActionDetails::new(MediaSessionAction::EnterPictureInPicture)
        },
    ] {
        session.set_action_handler(details.action, true);
        let handling = session.handle_action(&details, at(0));
        assert_eq!(handling, Handling::PageHandler { details, toggled: None });
    }
}

#[test]
fn a_toggle_says_whether_it_activates_and_mutes_after_the_handler() {
    let mut ids = IdAllocator::new(NamespaceId(1));
    let mut session = MediaSession::new();
    for (action, kind) in [
        (MediaSessionAction::ToggleMicrophone, CaptureKind::Microphone),
        (MediaSessionAction::ToggleCamera, CaptureKind::Camera),
    ] {
        let track = ids.element();
        session.captures().add_track(track, kind);
        session.set_action_handler(action, true);
        for is_activating in [false, true] {
            let details = ActionDetails::new(action);
            let Handling::PageHandler { details, toggled } = session.handle_action(&details, at(0))
            else {
                panic!("the page handles {action}")
            };
            assert_eq!((details.is_activating, toggled), (Some(is_activating), Some(kind)));
            let mutings = session.captures().mutings(kind);
            assert_eq!(mutings, [TrackMuting { track, muted: !is_activating }]);
        }
        session.set_action_handler(action, false);
        assert_eq!(
            session.handle_action(&ActionDetails::new(action), at(0)),
            Handling::Default(vec![DefaultAction::SetMuted(TrackMuting { track, muted: true })])
        );
        session.captures().remove_track(track);
        let handling = session.handle_action(&ActionDetails::new(action), at(0));
        assert_eq!(handling, Handling::Unhandled, "there is nothing to mute");
    }
}

#[test]
fn voice_activity_reaches_a_page_only_while_its_microphone_is_live() {
    let mut session = MediaSession::new();
    let track = IdAllocator::new(NamespaceId(1)).element();
    let activity = ActionDetails::new(MediaSessionAction::VoiceActivity);
    session.set_action_handler(MediaSessionAction::VoiceActivity, true);
    assert_eq!(session.handle_action(&activity, at(0)), Handling::Unhandled);
    session.captures().add_track(track, CaptureKind::Camera);
    assert_eq!(session.handle_action(&activity, at(0)), Handling::Unhandled);
    session.captures().add_track(track, CaptureKind::Microphone);
    assert_ne!(session.handle_action(&activity, at(0)), Handling::Unhandled);
    session.captures().remove_track(track);
    assert_eq!(session.handle_action(&activity, at(0)), Handling::Unhandled);
}

#[test]
fn default_play_takes_the_element_that_was_paused_last() {
    let [first, second] = elements();
    let mut session = MediaSession::new();
    session.set_media(first, MediaState { paused_order: 2, ..media(false, 0.0, at(0)) }, at(0));
    session.set_media(second, MediaState { paused_order: 1, ..media(false, 0.0, at(0)) }, at(0));
    let handling = session.handle_action(&ActionDetails::new(MediaSessionAction::Play), at(1));
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
        session.handle_action(&pause, at(1)),
        Handling::Default(vec![DefaultAction::Pause(first), DefaultAction::Pause(second)])
    );
    session.set_action_handler(MediaSessionAction::Pause, true);
    assert_eq!(
        session.handle_action(&pause, at(1)),
        Handling::PageHandler { details: pause.clone(), toggled: None }
    );
    session.set_action_handler(MediaSessionAction::Pause, false);
    assert!(matches!(session.handle_action(&pause, at(1)), Handling::Default(_)));
    let next = ActionDetails::new(MediaSessionAction::NextTrack);
    assert_eq!(session.handle_action(&next, at(1)), Handling::Unhandled);
}

#[test]
fn default_seeks_move_the_single_element_inside_its_duration() {
    let [element] = elements();
    let mut session = MediaSession::new();
    session.set_media(element, media(true, 50.0, at(0)), at(0));
    let mut seek = |details| session.handle_action(&details, at(10));
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
    session.update_metadata(Some(MediaMetadata { title: "A".into(), ..Default::default() }));
    session.set_action_handler(MediaSessionAction::NextTrack, true);
    let update = session.flush(at(2)).unwrap();
    assert_eq!(update.metadata.unwrap().unwrap().title, "A");
    assert_eq!(update.playing, Some(true));
    assert_eq!(update.position.unwrap().unwrap().position, 9.0, "as of the sending");
    assert!(update.new_track);
    assert_eq!(session.flush(at(3)), None);
    session.update_metadata(Some(MediaMetadata::default()));
    let update = session.flush(at(4)).unwrap();
    assert_eq!(update, MediaSessionUpdate { metadata: Some(None), ..Default::default() });
}

/// What is sent is what the track does, also when the handler decides otherwise than the user.
#[test]
fn a_toggle_whose_handler_disagrees_leaves_the_tracks_as_the_page_says() {
    let track = elements::<1>()[0];
    let mut session = MediaSession::new();
    session.captures().add_track(track, CaptureKind::Microphone);
    session.set_action_handler(MediaSessionAction::ToggleMicrophone, true);
    let toggle = ActionDetails::new(MediaSessionAction::ToggleMicrophone);
    assert!(matches!(session.handle_action(&toggle, at(0)), Handling::PageHandler { .. }));
    // The handler says no: the microphone stays on.
    let captures = session.captures();
    assert!(captures.update(true, true, true, CaptureKind::Microphone).is_ok());
    assert_eq!(captures.mutings(CaptureKind::Microphone), [TrackMuting { track, muted: false }]);
}

#[test]
fn default_pause_and_stop_take_what_is_interrupted_too() {
    let [element] = elements();
    let mut session = MediaSession::new();
    let state = MediaState { interrupted: true, ..media(false, 5.0, at(0)) };
    session.set_media(element, state, at(0));
    for action in [MediaSessionAction::Pause, MediaSessionAction::Stop] {
        assert_eq!(
            session.handle_action(&ActionDetails::new(action), at(1)),
            Handling::Default(vec![DefaultAction::Pause(element)])
        );
    }
}

/// The position that the manager hears of, with those that it counts on from.
fn sent_position(session: &mut MediaSession, seconds: u64) -> Option<Option<f64>> {
    let update = session.flush(at(seconds))?;
    update.position.map(|position| position.map(|state| state.position))
}

#[test]
fn muted_media_goes_on_and_says_where_it_is_when_it_is_unmuted() {
    let [element] = elements();
    let mut session = MediaSession::new();
    let muted = MediaState { muted: true, ..media(true, 0.0, at(0)) };
    session.set_media(element, muted, at(0));
    assert_eq!(sent_position(&mut session, 0), Some(Some(0.0)));
    session.set_media(element, MediaState { muted: false, ..muted }, at(60));
    assert_eq!(sent_position(&mut session, 60), Some(Some(60.0)));
    session.set_position_state(init(300.0, 5.0), at(60)).unwrap();
    assert_eq!(sent_position(&mut session, 60), Some(Some(5.0)));
    session.set_media(element, muted, at(70));
    assert_eq!(sent_position(&mut session, 70), Some(Some(15.0)), "it stands still from now on");
    session.set_position_state(PositionStateInit::default(), at(80)).unwrap();
    assert_eq!(sent_position(&mut session, 80), Some(Some(80.0)));
}

#[test]
fn media_that_stands_still_has_no_default_position_while_the_page_says_that_it_plays() {
    let [element] = elements();
    let mut session = MediaSession::new();
    session.set_media(element, media(false, 30.0, at(0)), at(0));
    assert_eq!(sent_position(&mut session, 0), Some(Some(30.0)));
    session.set_playback_state(MediaSessionPlaybackState::Playing, at(1));
    assert_eq!(sent_position(&mut session, 1), Some(None));
    session.set_playback_state(MediaSessionPlaybackState::None, at(2));
    assert_eq!(sent_position(&mut session, 2), Some(Some(30.0)));
}

#[test]
fn metadata_of_which_nothing_may_be_sent_is_empty() {
    let mut session = MediaSession::new();
    let image = sordino_traits::MediaImage { src: "ftp://e/x".into(), ..Default::default() };
    let metadata = MediaMetadata { artwork: vec![image], ..Default::default() };
    session.update_metadata(Some(metadata.clone()));
    assert_eq!(session.flush(at(0)), None);
    let [warning] = &session.take_warnings()[..] else { panic!("no warning") };
    assert!(warning.starts_with("the artwork ftp://e/x is not shown"), "{warning}");
    session.update_metadata(Some(metadata));
    assert!(session.take_warnings().is_empty(), "once is enough");
}
