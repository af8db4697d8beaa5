/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A player on a private bus, and what the tests show on it.

// Every test binary uses a part of it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod client;

use crossbeam_channel::{Receiver, unbounded};
use sordino_platform::{MprisControls, MprisOptions};
pub use sordino_tests::Bus;
use sordino_traits::controls::{ControlsCommand, ControlsState, TrackNumber};
use sordino_traits::media_session::{MediaMetadata, PositionState, StampedPosition};
use sordino_traits::{ActionSet, MediaSessionAction as Action, NamespaceId, TabId, Timestamp};

/// The name of the player that [`player`] makes.
pub const PLAYER_NAME: &str = "org.mpris.MediaPlayer2.sordino.test";

pub fn options(bus: &Bus) -> MprisOptions {
    MprisOptions {
        name_suffix: "sordino.test".into(),
        bus_address: Some(bus.address.clone()),
        ..MprisOptions::default()
    }
}

pub fn player(options: MprisOptions) -> (MprisControls, Receiver<ControlsCommand>) {
    let (commands, received) = unbounded();
    let player = MprisControls::connect(options, commands).unwrap();
    (player, received)
}

/// A paused piece of 200 s at 20 s, with every action that MPRIS knows.
pub fn piece(number: u64) -> ControlsState {
    ControlsState {
        tab: TabId::new(NamespaceId(1), 1).unwrap(),
        track: TrackNumber(number),
        playing: false,
        metadata: MediaMetadata {
            title: format!("Title {number}"),
            artist: format!("Artist {number}"),
            album: format!("Album {number}"),
            ..MediaMetadata::default()
        },
        url: Some(format!("https://music.example/{number}")),
        position: at(20.0, 200.0),
        discontinuities: 0,
        actions: ActionSet::from_iter([
            Action::Play,
            Action::Pause,
            Action::Stop,
            Action::NextTrack,
            Action::PreviousTrack,
            Action::SeekTo,
        ]),
    }
}

/// A position now, in seconds.
pub fn at(position: f64, duration: f64) -> Option<StampedPosition> {
    Some(StampedPosition {
        state: PositionState { duration, playback_rate: 1.0, position },
        at: Timestamp::now(),
    })
}
