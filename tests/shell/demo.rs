/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The demo page under a desktop's media controls.

use std::process::Command;
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use sordino_tests::{Bus, PATIENCE, Sordino, lines, program};

const FIRST: &str = "Morning Bells";
const SECOND: &str = "Paper Boats";

#[test]
fn playerctl_drives_the_page_through_its_own_handlers() {
    let bus = Bus::start();
    let mut panel = bus.follow("{{status}} {{title}} by {{artist}} from {{album}}");
    let mut sordino = Sordino::run(&[], Some(&bus));
    let says = |arguments: &[&str]| bus.playerctl(arguments).unwrap();

    panel.until("Playing Morning Bells by Sordino from Three Small Pieces");
    assert_eq!(says(&["-l"]), format!("sordino.instance{}", sordino.pid()));
    assert_eq!(says(&["metadata", "title"]), FIRST);
    assert!(says(&["metadata", "xesam:url"]).ends_with("/demo/player.html"));
    let content = sordino.wait_for_content_processes(1)[0];
    assert!(content.runs());

    says(&["next"]);
    panel.until("Playing Paper Boats by Sordino from Three Small Pieces");
    let [_, action] = sordino.wait_for_all([
        ("console", &|event| event["text"] == "Piece: Paper Boats"),
        ("action", &|event| event["action"] == "nexttrack"),
    ]);
    assert_eq!(action["handled_by"], "the page's handler");
    assert_eq!(says(&["metadata", "title"]), SECOND);

    says(&["pause"]);
    panel.until("Paused Paper Boats by Sordino from Three Small Pieces");
    assert_eq!(says(&["status"]), "Paused");
    assert_eq!(says(&["position"]), says(&["position"]), "time stands still");

    says(&["play-pause"]);
    panel.until("Playing Paper Boats by Sordino from Three Small Pieces");
    says(&["previous"]);
    panel.until("Playing Morning Bells by Sordino from Three Small Pieces");
    says(&["stop"]);
    sordino.wait_for("action", |event| event["action"] == "stop");

    sordino.signal(Signal::INT);
    panel.until("");
    let ended = sordino.wait();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.errors, "");
    assert!(bus.playerctl(&["status"]).is_err(), "the name is released");
    assert!(!content.runs(), "its child is gone");
}

#[test]
fn the_position_advances_in_real_time() {
    let bus = Bus::start();
    let mut sordino = Sordino::run(&[], Some(&bus));
    let position = || -> (Instant, f64) {
        let before = Instant::now();
        let position = bus.playerctl(&["position"]).unwrap().parse().unwrap();
        (before, position)
    };
    sordino.wait_for("now-playing", |event| {
        event["status"] == "playing" && event["duration"].as_f64() > Some(20.0)
    });
    let mut panel = bus.follow("{{status}} {{mpris:length}}");
    panel.until(&format!("Playing {}", bus.playerctl(&["metadata", "mpris:length"]).unwrap()));

    let (start, from) = position();
    let (now, to) = loop {
        let (now, to) = position();
        if to >= from + 2.0 {
            break (now, to);
        }
        assert!(start.elapsed() < PATIENCE, "it stands still at {to}");
    };
    let (passed, advanced) = ((now - start).as_secs_f64(), to - from);
    // A call of playerctl takes milliseconds, and more on a busy machine.
    assert!((passed - advanced).abs() < 0.5, "{advanced} s in {passed} s");
}

#[test]
fn a_seek_from_the_desktop_moves_the_media() {
    let bus = Bus::start();
    let mut sordino = Sordino::run(&[], Some(&bus));
    sordino.wait_for("now-playing", |event| {
        event["status"] == "playing" && event["duration"].as_f64() > Some(20.0)
    });
    bus.playerctl(&["position", "22"]).unwrap();
    let start = Instant::now();
    // The page goes on to the next piece when this one, of 25 s, has really come to its end.
    sordino.wait_for_console("Piece: Paper Boats");
    let rest = start.elapsed().as_secs_f64();
    assert!((2.0..8.0).contains(&rest), "the rest of 3 s took {rest} s");
}

#[test]
fn without_a_bus_it_says_so_and_plays() {
    let mut sordino = Sordino::run(&[], None);
    let controls = sordino.wait_for("controls", |_| true);
    assert_eq!(controls["backend"], "embedded");
    let detail = controls["detail"].as_str().unwrap();
    assert!(detail.contains("there is no D-Bus session bus"), "{detail}");
    sordino.wait_for("no-sound-device", |_| true);
    sordino.wait_for_playing("playing", FIRST);
    sordino.signal(Signal::TERM);
    let ended = sordino.wait();
    assert!(ended.status.success(), "{ended:?}");
}

#[test]
fn mach_run_opens_the_pages_that_it_is_given() {
    let mach = concat!(env!("CARGO_MANIFEST_DIR"), "/../mach");
    let output = Command::new(mach)
        .args(["--no-bootstrap", "run", "--json", "data:text/plain,words"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("text/plain, not HTML"), "{text} {output:?}", output = output.stderr);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn people_get_a_line_for_each_event() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = program::command(&["run"], None, &folder).spawn().unwrap();
    let lines = lines(child.stdout.take().unwrap());
    let mut seen: Vec<String> = Vec::new();
    for wanted in [
        "media keys: none, because there is no D-Bus session bus",
        "no sound device",
        "tab 1: console.log: Piece: Morning Bells",
        "tab 1: loaded \"Three Small Pieces\" in process ",
        "tab 1: audio session active",
        "tab 1: playing \"Morning Bells\" by Sordino at 0:00 of 0:25",
    ] {
        while !seen.iter().any(|line| line.starts_with(wanted)) {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) => seen.push(line),
                Err(_) => panic!("no {wanted:?} in {seen:#?}"),
            }
        }
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_preferences_are_printed_with_what_they_mean() {
    let folder = tempfile::tempdir().unwrap();
    let output = program::command(&["prefs"], None, &folder).output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("[dom.audio_session]\n# Boolean. Whether pages see"), "{text}");
    assert!(!text.contains("License"), "{text}");
}
