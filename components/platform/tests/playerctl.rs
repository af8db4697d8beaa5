/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The player under the real `playerctl`.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::client::{PATIENCE, Recorder};
use common::{Bus, at, options, piece, player};
use sordino_platform::MediaControls;
use sordino_traits::controls::{ControlsCommand, TrackNumber};
use sordino_traits::{ActionDetails, MediaSessionAction as Action};

#[test]
fn playerctl_reads_everything() {
    let bus = Bus::start();
    let recorder = Recorder::start(&bus);
    let (mut player, _commands) = player(options(&bus));
    assert!(bus.playerctl(&["status"]).is_err(), "no player yet");
    player.update(Some(piece(1)));
    recorder.wait_for_name();

    let says = |arguments: &[&str]| bus.playerctl(arguments).unwrap();
    assert_eq!(says(&["-l"]), "sordino.test");
    assert_eq!(says(&["status"]), "Paused");
    assert_eq!(says(&["position"]), "20.000000");
    assert_eq!(says(&["volume"]), "1.000000");
    let format = "{{title}}|{{artist}}|{{album}}|{{xesam:url}}|{{mpris:length}}|{{mpris:trackid}}";
    assert_eq!(
        says(&["metadata", "--format", format]),
        "Title 1|Artist 1|Album 1|https://music.example/1|200000000|'/org/sordino/track/1'",
    );

    let mut playing = piece(2);
    playing.playing = true;
    playing.position = at(100.0, 200.0);
    player.update(Some(playing));
    recorder.next_change();
    assert_eq!(says(&["status"]), "Playing");
    assert_eq!(says(&["metadata", "title"]), "Title 2");
    let position = || says(&["position"]).parse::<f64>().unwrap();
    let (first, second) = (position(), position());
    assert!((100.0..140.0).contains(&first) && first < second, "{first} {second}");

    player.update(None);
    recorder.next();
    assert!(bus.playerctl(&["status"]).is_err(), "it has left");
}

#[test]
fn playerctl_commands_arrive() {
    let bus = Bus::start();
    let recorder = Recorder::start(&bus);
    let (mut player, commands) = player(options(&bus));
    player.update(Some(piece(1)));
    recorder.wait_for_name();

    let action = |action| ControlsCommand::from(ActionDetails::new(action));
    for (arguments, command) in [
        (&["next"][..], action(Action::NextTrack)),
        (&["previous"], action(Action::PreviousTrack)),
        (&["play"], action(Action::Play)),
        (&["pause"], action(Action::Pause)),
        (&["play-pause"], ControlsCommand::PlayPause),
        (&["stop"], action(Action::Stop)),
        (&["position", "7.5+"], ControlsCommand::SeekBy(7.5)),
        (&["position", "2.25-"], ControlsCommand::SeekBy(-2.25)),
        (
            &["position", "61.5"],
            ControlsCommand::SetPosition { track: TrackNumber(1), position: 61.5 },
        ),
    ] {
        bus.playerctl(arguments).unwrap();
        let received = commands.recv_timeout(PATIENCE);
        assert_eq!(received, Ok(command), "{arguments:?}");
    }
    // playerctl ignores what a setter answers; nothing may arrive.
    let _ = bus.playerctl(&["volume", "0.3"]);
    assert_eq!(bus.playerctl(&["volume"]).unwrap(), "1.000000");
    assert!(commands.is_empty());
}
