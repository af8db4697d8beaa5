/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the bus is told, and when: recorded whole, so that what must not be there is seen too.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::client::{Client, PLAYER, Properties, Recorder, Seen, metadata, show};
use common::{Bus, PLAYER_NAME, at, options, piece, player};
use sordino_platform::MediaControls;
use sordino_traits::MediaSessionAction as Action;

fn keys(properties: &Properties) -> Vec<&str> {
    properties.keys().map(String::as_str).collect()
}

#[test]
fn a_new_track_is_one_signal_with_everything() {
    let bus = Bus::start();
    let recorder = Recorder::start(&bus);
    let (mut player, _commands) = player(options(&bus));
    player.update(Some(piece(1)));
    recorder.wait_for_name();

    let mut next = piece(2);
    next.playing = true;
    next.actions.remove(Action::PreviousTrack);
    next.discontinuities = 5;
    player.update(Some(next));
    let changed = recorder.next_change();
    assert_eq!(keys(&changed), ["CanGoPrevious", "Metadata", "PlaybackStatus"]);
    let track = metadata(&changed);
    assert_eq!(show(&track, "mpris:trackid"), "/org/sordino/track/2");
    assert_eq!(show(&track, "mpris:length"), "200000000");
    assert_eq!(show(&track, "xesam:title"), "Title 2");
    assert_eq!(show(&track, "xesam:artist"), r#"["Artist 2"]"#);
    assert_eq!(show(&track, "xesam:album"), "Album 2");
    assert_eq!(show(&track, "xesam:url"), "https://music.example/2");
    assert_eq!(track.len(), 6);

    // Nothing came in between, no Seeked for the new track either.
    player.update(None);
    assert_eq!(recorder.next(), Seen::Vanished(PLAYER_NAME.into()));
}

#[test]
fn seeked_comes_with_a_jump_and_only_then() {
    let bus = Bus::start();
    let recorder = Recorder::start(&bus);
    let client = Client::new(&bus, PLAYER_NAME);
    let (mut player, _commands) = player(options(&bus));
    let mut state = piece(1);
    player.update(Some(state.clone()));
    recorder.wait_for_name();

    // Re-based without a jump: seen in the property, not announced.
    state.position = at(30.0, 200.0);
    player.update(Some(state.clone()));
    client.until("re-based", |client| client.position() == 30_000_000);

    // A jump alone is Seeked alone; a jump with a change comes after it.
    state.position = at(50.0, 200.0);
    state.discontinuities += 1;
    player.update(Some(state.clone()));
    assert_eq!(recorder.next(), Seen::Seeked(50_000_000));
    state.position = at(10.0, 200.0);
    state.discontinuities += 1;
    state.playing = true;
    player.update(Some(state.clone()));
    let changed = recorder.next_change();
    assert_eq!(keys(&changed), ["PlaybackStatus"]);
    let Seen::Seeked(position) = recorder.next() else {
        panic!("no Seeked");
    };
    assert!((10_000_000..40_000_000).contains(&position), "{position}");

    // A jump that comes with a new track belongs to that track: Metadata says it all.
    state.track.0 += 1;
    state.discontinuities += 1;
    player.update(Some(state));
    assert_eq!(keys(&recorder.next_change()), ["Metadata"]);
    drop(player);
    assert_eq!(recorder.next(), Seen::Vanished(PLAYER_NAME.into()));
}

#[test]
fn what_clients_remember_is_what_they_would_read() {
    let bus = Bus::start();
    let recorder = Recorder::start(&bus);
    let client = Client::new(&bus, PLAYER_NAME);
    let (mut player, _commands) = player(options(&bus));
    player.update(Some(piece(0)));
    recorder.wait_for_name();
    let mut remembered = client.get_all(PLAYER);

    // A walk over every fact, with a fixed seed, as fast as it goes.
    let mut random = 0x2545_f491_u64;
    let mut state = piece(0);
    for step in 1..=500 {
        random = random.wrapping_mul(6_364_136_223_846_793_005) + 1;
        match random >> 61 {
            0 => state.playing = !state.playing,
            1 => state = piece(step),
            2 => state.metadata.title.push('\0'),
            3 => state.position = None,
            4 => state.position = at(1.0, f64::INFINITY),
            5 => state.actions = state.actions.iter().skip(1).collect(),
            6 => state.url = None,
            _ => state.discontinuities += 1,
        }
        player.update(Some(state.clone()));
    }
    state.metadata.title = "the end".into();
    player.update(Some(state));

    let mut signals = 0;
    while !remembered.contains_key("Metadata")
        || show(&metadata(&remembered), "xesam:title") != "the end"
    {
        match recorder.next() {
            Seen::Changed(changed) => {
                assert!(!changed.is_empty() && !changed.contains_key("Position"));
                signals += 1;
                remembered.extend(changed);
            }
            Seen::Seeked(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!((1..=501).contains(&signals), "{signals}");
    let mut read = client.get_all(PLAYER);
    assert!(read.remove("Position").is_some() && remembered.remove("Position").is_some());
    assert_eq!(remembered, read);
}

#[test]
fn the_name_is_there_while_there_is_something_to_control() {
    let bus = Bus::start();
    let recorder = Recorder::start(&bus);
    let client = Client::new(&bus, PLAYER_NAME);
    let (mut player, _commands) = player(options(&bus));
    assert!(!client.is_owned(PLAYER_NAME) && player.bus_name().is_none());

    for _ in 0..3 {
        player.update(Some(piece(1)));
        assert_eq!(recorder.next(), Seen::Appeared(PLAYER_NAME.into()));
        // Whoever sees the name reads the state.
        assert_eq!(show(&client.get_all(PLAYER), "CanPlay"), "true");
        player.update(None);
        assert_eq!(recorder.next(), Seen::Vanished(PLAYER_NAME.into()));
    }
    player.update(Some(piece(1)));
    assert_eq!(recorder.next(), Seen::Appeared(PLAYER_NAME.into()));
    client.until("the name is known here", |_| player.bus_name().as_deref() == Some(PLAYER_NAME));
    drop(player);
    assert!(!client.is_owned(PLAYER_NAME), "gone when drop returns");
}
