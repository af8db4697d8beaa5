/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use sordino_traits::NamespaceId;
use sordino_traits::id::IdAllocator;

use super::*;

use CaptureKind::{Camera, Microphone, Screenshare};
use CaptureTask::Resolve;

const KINDS: [CaptureKind; 3] = [Microphone, Camera, Screenshare];

/// A visible document with two tracks of each kind.
fn capturing() -> (CaptureState, [[ElementId; 2]; 3]) {
    let mut ids = IdAllocator::new(NamespaceId(1));
    let mut state = CaptureState::default();
    let tracks = KINDS.map(|kind| {
        std::array::from_fn(|_| {
            let track = ids.element();
            state.add_track(track, kind);
            track
        })
    });
    (state, tracks)
}

fn muting(track: ElementId, muted: bool) -> TrackMuting {
    TrackMuting { track, muted }
}

fn set_muted(track: ElementId, muted: bool) -> CaptureTask {
    CaptureTask::SetMuted(muting(track, muted))
}

fn update(state: &mut CaptureState, active: bool, kind: CaptureKind) -> Vec<CaptureTask> {
    state.update(true, true, active, kind).unwrap()
}

#[test]
fn step_1_refuses_a_document_that_is_not_fully_active() {
    let (mut state, _) = capturing();
    for kind in KINDS {
        for (active, visible) in [(true, true), (true, false), (false, true), (false, false)] {
            let refused = state.update(false, visible, active, kind);
            assert_eq!(refused, Err(CaptureStateError::NotFullyActive));
        }
        assert!(state.is_active(kind), "a refusal changes nothing");
    }
}

#[test]
fn step_2_refuses_to_activate_in_a_hidden_document() {
    let (mut state, _) = capturing();
    for kind in KINDS {
        assert!(state.update(true, false, false, kind).is_ok(), "off is always allowed");
        assert_eq!(state.update(true, false, true, kind), Err(CaptureStateError::Hidden));
        assert!(!state.is_active(kind), "a refusal changes nothing");
    }
}

#[test]
fn step_4_2_2_only_resolves_when_it_is_so_already() {
    let (mut state, _) = capturing();
    for kind in [Microphone, Camera] {
        assert_eq!(update(&mut state, true, kind), [Resolve]);
        update(&mut state, false, kind);
        assert_eq!(update(&mut state, false, kind), [Resolve]);
    }
}

#[test]
fn steps_4_4_and_4_5_resolve_and_then_mute_the_tracks_of_the_kind() {
    let (mut state, tracks) = capturing();
    for (kind, [first, second]) in [(Microphone, tracks[0]), (Camera, tracks[1])] {
        for active in [false, true] {
            assert_eq!(
                update(&mut state, active, kind),
                [Resolve, set_muted(first, !active), set_muted(second, !active)]
            );
            assert_eq!(state.is_active(kind), active);
        }
    }
}

#[test]
fn steps_4_2_and_4_5_do_not_mute_a_screen_share() {
    let (mut state, _) = capturing();
    for active in [false, false, true] {
        assert_eq!(update(&mut state, active, Screenshare), [Resolve]);
        assert_eq!(state.is_active(Screenshare), active, "step 4.3");
    }
}

#[test]
fn step_4_5_2_leaves_out_tracks_that_have_ended() {
    let (mut state, [[first, second], ..]) = capturing();
    state.remove_track(first);
    assert_eq!(update(&mut state, false, Microphone), [Resolve, set_muted(second, true)]);
    state.remove_track(second);
    assert_eq!(update(&mut state, true, Microphone), [Resolve]);
}

#[test]
fn a_toggle_of_the_user_pauses_what_the_page_may_then_confirm() {
    let (mut state, [[first, second], ..]) = capturing();
    let toggle = MediaSessionAction::ToggleMicrophone;
    assert_eq!(state.toggle(toggle), Some(Microphone));
    assert!(!state.is_active(Microphone));
    assert!(state.is_active(Camera), "each kind for itself");
    assert_eq!(update(&mut state, false, Microphone), [Resolve], "the handler says so too");
    assert_eq!(state.mutings(Microphone), [muting(first, true), muting(second, true)]);
    assert_eq!(state.toggle(toggle), Some(Microphone));
    assert!(state.is_active(Microphone));
    for other in [MediaSessionAction::ToggleScreenshare, MediaSessionAction::HangUp] {
        assert_eq!(state.toggle(other), None);
    }
}
