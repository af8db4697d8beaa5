/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Each property, method and error of the player, asked by a D-Bus client.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::client::{Client, PATIENCE, PLAYER, ROOT, Recorder, Seen, metadata, show};
use common::{Bus, PLAYER_NAME, at, options, piece, player};
use crossbeam_channel::Receiver;
use sordino_platform::{MediaControls, MprisControls, MprisOptions};
use sordino_traits::controls::{ControlsCommand, ControlsState, TrackNumber};
use sordino_traits::{ActionDetails, ActionSet, MediaSessionAction as Action};
use zbus::{ObjectPath, fdo};

/// A player on a bus of its own that shows `state`.
struct Shown {
    client: Client,
    player: MprisControls,
    commands: Receiver<ControlsCommand>,
    recorder: Recorder,
    _bus: Bus,
}

impl Shown {
    fn new(state: ControlsState, change: impl FnOnce(&mut MprisOptions)) -> Self {
        let bus = Bus::start();
        let recorder = Recorder::start(&bus);
        let mut options = options(&bus);
        change(&mut options);
        let (mut player, commands) = player(options);
        player.update(Some(state));
        recorder.wait_for_name();
        Self { client: Client::new(&bus, PLAYER_NAME), player, commands, recorder, _bus: bus }
    }

    /// All commands until a Stop, which is pressed now.
    fn commands(&self) -> Vec<ControlsCommand> {
        let end = ControlsCommand::from(ActionDetails::new(Action::Stop));
        self.client.press("Stop");
        let next = || self.commands.recv_timeout(PATIENCE).unwrap();
        std::iter::repeat_with(next).take_while(|command| *command != end).collect()
    }
}

fn error_of<T: std::fmt::Debug>(result: zbus::Result<T>) -> fdo::Error {
    match result {
        Err(zbus::Error::FDO(error)) => {
            let reply = fdo::Error::from(zbus::Error::FDO(error));
            match reply {
                fdo::Error::ZBus(other) => panic!("{other:?}"),
                error => error,
            }
        }
        other => panic!("{other:?} is no D-Bus error"),
    }
}

#[test]
fn every_property_is_there_and_nothing_else() {
    let shown = Shown::new(piece(7), |options| {
        options.desktop_entry = Some("org.sordino.Sordino".into());
    });
    let root = shown.client.get_all(ROOT);
    for (name, value) in [
        ("CanQuit", "false"),
        ("CanRaise", "false"),
        ("DesktopEntry", "org.sordino.Sordino"),
        ("HasTrackList", "false"),
        ("Identity", "Sordino"),
        ("SupportedMimeTypes", "@as []"),
        ("SupportedUriSchemes", "@as []"),
    ] {
        assert_eq!(show(&root, name), value, "{name}");
    }
    assert_eq!(root.len(), 7);

    let player = shown.client.get_all(PLAYER);
    for (name, value) in [
        ("CanControl", "true"),
        ("CanGoNext", "true"),
        ("CanGoPrevious", "true"),
        ("CanPause", "true"),
        ("CanPlay", "true"),
        ("CanSeek", "true"),
        ("MaximumRate", "1"),
        ("MinimumRate", "1"),
        ("PlaybackStatus", "Paused"),
        ("Position", "20000000"),
        ("Rate", "1"),
        ("Volume", "1"),
    ] {
        assert_eq!(show(&player, name), value, "{name}");
    }
    // And Metadata; no LoopStatus, no Shuffle.
    assert_eq!(player.len(), 13);
    let title = show(&metadata(&player), "xesam:title");
    assert_eq!(title, "Title 7");
}

#[test]
fn what_is_not_known_is_absent() {
    let mut live = piece(1);
    live.metadata = Default::default();
    live.metadata.title = "A\0B".into();
    live.url = None;
    live.position = at(3.0, f64::INFINITY);
    live.actions = ActionSet::EMPTY;
    let shown = Shown::new(live, |_| {});
    let player = shown.client.get_all(PLAYER);
    let track = metadata(&player);
    let keys: Vec<_> = track.keys().collect();
    assert_eq!(keys, ["mpris:trackid", "xesam:title"]);
    assert_eq!(show(&track, "xesam:title"), "A\u{fffd}B");
    for name in ["CanGoNext", "CanGoPrevious", "CanPause", "CanPlay", "CanSeek"] {
        assert_eq!(show(&player, name), "false", "{name}");
    }

    assert!(!shown.client.get_all(ROOT).contains_key("DesktopEntry"));
    for (interface, property) in
        [(ROOT, "DesktopEntry"), (ROOT, "Fullscreen"), (PLAYER, "LoopStatus"), (PLAYER, "Shuffle")]
    {
        let error = error_of(shown.client.get(interface, property));
        assert!(matches!(error, fdo::Error::UnknownProperty(_)), "{property}: {error:?}");
    }
}

#[test]
fn the_position_is_that_of_the_moment_of_the_get() {
    let mut state = piece(1);
    state.playing = true;
    if let Some(position) = &mut state.position {
        position.state.playback_rate = 4.0;
    }
    let shown = Shown::new(state.clone(), |_| {});
    for _ in 0..50 {
        let now = || {
            let position = state.position.unwrap();
            position.position_at(sordino_traits::Timestamp::now(), true) * 1e6
        };
        let earliest = now();
        let position = shown.client.position() as f64;
        assert!((earliest - 1.0..=now() + 1.0).contains(&position));
    }
    assert_eq!(show(&shown.client.get_all(PLAYER), "MaximumRate"), "4");
}

#[test]
fn methods_become_commands_in_order() {
    let shown = Shown::new(piece(7), |options| options.can_quit = true);
    for method in ["Next", "Previous", "Play", "Pause", "PlayPause"] {
        shown.client.press(method);
    }
    for offset in [-5_250_000_i64, 1] {
        shown.client.ask(PLAYER, "Seek", &offset).unwrap();
    }
    shown.client.ask(ROOT, "Quit", &()).unwrap();
    shown.client.ask(ROOT, "Raise", &()).unwrap();
    let action = |action| ControlsCommand::from(ActionDetails::new(action));
    assert_eq!(
        shown.commands(),
        [
            action(Action::NextTrack),
            action(Action::PreviousTrack),
            action(Action::Play),
            action(Action::Pause),
            ControlsCommand::PlayPause,
            ControlsCommand::SeekBy(-5.25),
            ControlsCommand::SeekBy(0.000_001),
            ControlsCommand::Quit,
        ]
    );
}

#[test]
fn what_is_not_possible_has_no_effect() {
    let mut state = piece(7);
    state.actions = ActionSet::from_iter([Action::Stop]);
    let shown = Shown::new(state, |_| {});
    for method in ["Next", "Previous", "Play", "Pause"] {
        shown.client.press(method);
    }
    shown.client.ask(PLAYER, "Seek", &1_i64).unwrap();
    let track = ObjectPath::try_from("/org/sordino/track/7").unwrap();
    shown.client.ask(PLAYER, "SetPosition", &(track, 1_i64)).unwrap();
    shown.client.ask(ROOT, "Quit", &()).unwrap();
    let error = error_of(shown.client.ask(PLAYER, "PlayPause", &()));
    assert!(matches!(error, fdo::Error::NotSupported(_)), "{error:?}");
    assert_eq!(shown.commands(), []);
}

#[test]
fn set_position_is_for_this_track_and_inside_of_it() {
    let shown = Shown::new(piece(7), |_| {});
    let set = |track: &'static str, position: i64| {
        let track = ObjectPath::try_from(track).unwrap();
        shown.client.ask(PLAYER, "SetPosition", &(track, position)).unwrap();
    };
    for (track, position) in [
        ("/org/sordino/track/6", 1),
        ("/org/sordino/track/07", 1),
        ("/org/mpris/MediaPlayer2/TrackList/NoTrack", 1),
        ("/", 1),
        ("/org/sordino/track/7", -1),
        ("/org/sordino/track/7", 200_000_001),
        ("/org/sordino/track/7", i64::MIN),
    ] {
        set(track, position);
    }
    set("/org/sordino/track/7", 0);
    set("/org/sordino/track/7", 200_000_000);
    let jump = |position| ControlsCommand::SetPosition { track: TrackNumber(7), position };
    assert_eq!(shown.commands(), [jump(0.0), jump(200.0)]);
}

#[test]
fn setters_do_what_they_say_or_fail() {
    let mut shown = Shown::new(piece(7), |_| {});
    let client = &shown.client;
    for (property, value) in [("Rate", 2.0), ("Volume", 0.5), ("Volume", 1.0)] {
        let error = error_of(client.set(property, value));
        assert!(matches!(error, fdo::Error::NotSupported(_)), "{property}: {error:?}");
    }
    for (property, value) in [("Position", 1.0), ("Shuffle", 1.0)] {
        let error = error_of(client.set(property, value));
        assert!(
            matches!(error, fdo::Error::UnknownProperty(_) | fdo::Error::PropertyReadOnly(_)),
            "{property}: {error:?}"
        );
    }
    let error = error_of(client.set("Rate", "fast"));
    assert!(matches!(error, fdo::Error::InvalidArgs(_)), "{error:?}");
    client.set("Rate", 1.0).unwrap();

    // None of that was announced as a change.
    shown.player.update(None);
    assert_eq!(shown.recorder.next(), Seen::Vanished(PLAYER_NAME.into()));
}

#[test]
fn wrong_calls_get_errors() {
    let shown = Shown::new(piece(7), |_| {});
    let client = &shown.client;
    let error = error_of(client.ask(PLAYER, "OpenUri", &"file:///etc/passwd"));
    assert!(matches!(error, fdo::Error::NotSupported(_)), "{error:?}");
    let error = error_of(client.ask(PLAYER, "Seek", &"far"));
    assert!(matches!(error, fdo::Error::InvalidArgs(_)), "{error:?}");
    let error = error_of(client.ask(PLAYER, "SetPosition", &("/not/a/path/type", 1_i64)));
    assert!(matches!(error, fdo::Error::InvalidArgs(_)), "{error:?}");
    let error = error_of(client.ask(PLAYER, "Eject", &()));
    assert!(matches!(error, fdo::Error::UnknownMethod(_)), "{error:?}");
    let long = "x".repeat(1 << 20);
    let error = error_of(client.ask(PLAYER, "OpenUri", &long));
    assert!(matches!(error, fdo::Error::NotSupported(_)), "{error:?}");
    assert_eq!(shown.commands(), []);
}

#[test]
fn the_player_describes_itself() {
    let shown = Shown::new(piece(7), |_| {});
    let reply = shown.client.ask("org.freedesktop.DBus.Introspectable", "Introspect", &()).unwrap();
    let xml: String = reply.body().deserialize().unwrap();
    for part in [
        r#"<interface name="org.mpris.MediaPlayer2">"#,
        r#"<interface name="org.mpris.MediaPlayer2.Player">"#,
        r#"<method name="SetPosition">"#,
        r#"<arg name="track_id" type="o" direction="in"/>"#,
        r#"<signal name="Seeked">"#,
        r#"<property name="Metadata" type="a{sv}" access="read""#,
        r#"<property name="Rate" type="d" access="readwrite""#,
        r#"<property name="Position" type="x" access="read""#,
    ] {
        assert!(xml.contains(part), "{part} is not in {xml}");
    }
    for part in ["LoopStatus", "Shuffle", "Fullscreen", "MediaPlayer2.TrackList", "<!--"] {
        assert!(!xml.contains(part), "{part} is in {xml}");
    }
    let position = xml.split("name=\"Position\"").nth(1).unwrap();
    let annotation = r#"EmitsChangedSignal" value="false""#;
    assert!(position.split("</property>").next().unwrap().contains(annotation));
}
