/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A bus that is not there, is silent or goes away, and names that are taken.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use common::client::{Client, Recorder, Seen};
use common::{Bus, PLAYER_NAME, options, piece, player};
use crossbeam_channel::{bounded, unbounded};
use sordino_platform::{ControlsError, MediaControls, MprisControls, MprisOptions};

fn connect(address: &str) -> Result<MprisControls, ControlsError> {
    let options = MprisOptions { bus_address: Some(address.into()), ..MprisOptions::default() };
    MprisControls::connect(options, unbounded().0)
}

#[test]
fn a_bus_that_cannot_be_used_is_said_so_quickly() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bus");
    let address = format!("unix:path={}", socket.display());
    let start = Instant::now();
    assert!(matches!(connect("autolaunch:"), Err(ControlsError::NoBus)));
    let error = connect(&address).unwrap_err();
    assert!(matches!(error, ControlsError::Connect { .. }), "{error}");
    drop(UnixListener::bind(&socket).unwrap());
    let error = connect(&address).unwrap_err();
    assert!(error.to_string().contains(&address), "{error}");
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_silent_bus_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bus");
    let _silent = UnixListener::bind(&socket).unwrap();
    let error = connect(&format!("unix:path={}", socket.display())).unwrap_err();
    assert!(matches!(error, ControlsError::Timeout(_)), "{error}");
}

#[test]
fn the_second_address_of_a_list_is_tried() {
    let bus = Bus::start();
    assert!(connect(&format!("unix:path=/nonexistent;{}", bus.address)).is_ok());
}

#[test]
fn a_bad_name_is_refused() {
    let bus = Bus::start();
    let options = MprisOptions { name_suffix: "a b".into(), ..options(&bus) };
    let error = MprisControls::connect(options, unbounded().0).unwrap_err();
    assert!(matches!(error, ControlsError::InvalidName(_)), "{error}");
}

#[test]
fn a_taken_name_is_replaced_by_the_next() {
    let bus = Bus::start();
    let recorder = Recorder::start(&bus);
    let mut players: Vec<_> = (0..9).map(|_| player(options(&bus)).0).collect();
    let name = |number: usize| match number {
        1 => PLAYER_NAME.into(),
        _ => format!("{}_{number}", PLAYER_NAME),
    };
    for number in 1..=8 {
        players[number - 1].update(Some(piece(number as u64)));
        assert_eq!(recorder.next(), Seen::Appeared(name(number)));
    }
    // The ninth finds all names taken and stays away; until it asks again.
    let client = Client::new(&bus, PLAYER_NAME);
    players[8].update(Some(piece(9)));
    players[2].update(None);
    assert_eq!(recorder.next(), Seen::Vanished(name(3)));
    client.until("the ninth gets the free name", |_| {
        players[8].update(None);
        players[8].update(Some(piece(9)));
        players[8].bus_name() == Some(name(3))
    });
    // Each shows its own state under its own name.
    for number in [1, 2, 4] {
        let title = Client::new(&bus, &name(number)).get_all(common::client::PLAYER);
        let title = common::client::show(&common::client::metadata(&title), "xesam:title");
        assert_eq!(title, format!("Title {number}"));
    }
}

#[test]
fn a_bus_that_freezes_does_not_hold_up_the_owner() {
    let bus = Bus::start();
    let recorder = Recorder::start(&bus);
    let (mut player, _commands) = player(options(&bus));
    player.update(Some(piece(1)));
    recorder.wait_for_name();
    bus.freeze();
    let start = Instant::now();
    for number in 0..10_000 {
        player.update(Some(piece(number)));
    }
    assert!(start.elapsed() < Duration::from_secs(2));
    drop(player);
    assert!(start.elapsed() < Duration::from_secs(8));
}

#[test]
fn a_full_command_channel_does_not_hold_up_the_bus() {
    let bus = Bus::start();
    let recorder = Recorder::start(&bus);
    let (commands, received) = bounded(1);
    let mut player = MprisControls::connect(options(&bus), commands).unwrap();
    player.update(Some(piece(1)));
    recorder.wait_for_name();
    let client = Client::new(&bus, PLAYER_NAME);
    for _ in 0..100 {
        client.press("Next");
    }
    assert_eq!(received.len(), 1);
    drop(received);
    client.press("Next");
}
