/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The session sink on a real PulseAudio server.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "sink/rig.rs"]
mod rig;

use std::time::{Duration, Instant};

use gstreamer::State;
use gstreamer::prelude::*;
use sordino_media::sink::{self, ProcessFacts};
use sordino_tests::sound::{LEVEL, QUIET, SPEAKER, Stream};
use sordino_tests::{PATIENCE, Recording};

use rig::{Playing, Rig};

const TONE: &str = "audiotestsrc freq=1000 samplesperbuffer=480 volume=0.25 ! autoaudiosink";
const HERTZ: f64 = 1_000.0;

fn sleep(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

/// Waits until the tone is heard.
fn hear(recording: &Recording) {
    recording.until_steady(HERTZ, LEVEL, 0.1);
}

#[test]
fn it_is_chosen_and_heard() {
    let rig = Rig::new();
    let recording = rig.server.record(SPEAKER);
    let playing = Playing::new(TONE).play();
    assert_eq!(playing.inner().factory().unwrap().name(), "pulsesink");
    hear(&recording);
    playing.goes_on();
    rig.expect_nothing();
}

#[test]
fn the_volume_of_playbin_is_ours_and_not_the_servers() {
    let rig = Rig::new();
    let recording = rig.server.record(SPEAKER);
    let file = tempfile::Builder::new().suffix(".wav").tempfile().unwrap();
    let make = format!(
        "audiotestsrc freq=1000 num-buffers=3000 samplesperbuffer=480 volume=0.25 ! \
         audio/x-raw,rate=48000,channels=1 ! wavenc ! filesink location={}",
        file.path().display()
    );
    let made = Playing::new(&make).play();
    made.0
        .bus()
        .unwrap()
        .timed_pop_filtered(gstreamer::ClockTime::from_seconds(30), &[gstreamer::MessageType::Eos]);
    drop(made);

    let playing = Playing::new(&format!("playbin3 uri=file://{}", file.path().display()));
    playing.0.set_property("volume", 0.5);
    let playing = playing.play();
    recording.until_steady(HERTZ, LEVEL - 6.02, 0.1);
    for (volume, muted) in [(1.0, false), (0.1, false), (1.0, true), (1.0, false)] {
        playing.0.set_property("mute", muted);
        playing.0.set_property("volume", volume);
        match muted {
            true => recording.until_no_tone(HERTZ, QUIET),
            false => recording.until_steady(HERTZ, LEVEL + 20.0 * f64::log10(volume), 0.1),
        };
        let inner = playing.inner();
        assert_eq!(inner.property::<f64>("volume"), 1.0);
        assert!(!inner.property::<bool>("mute"));
        let stream = &rig.server.streams()[0];
        assert_eq!((stream.muted, stream.gain), (false, 1.0), "{stream:?}");
    }
    let children = playing.element().children();
    assert_eq!(children[0].factory().unwrap().name(), "volume", "playsink takes the first");
}

#[test]
fn the_system_is_told_the_facts() {
    let rig = Rig::new();
    let facts = ProcessFacts {
        role: Some("music"),
        application_name: "A browser".into(),
        icon_name: Some("web-browser".into()),
        stream_name: Some("A song".into()),
    };
    sink::process().set_facts(facts.clone());
    let playing = Playing::new(TONE).play();
    let is = |role: &'static str, name: &'static str| {
        move |streams: &[Stream]| {
            streams.len() == 1 && {
                let Stream { role: is_role, name: is_name, application, icon, .. } = &streams[0];
                is_role.as_deref() == Some(role)
                    && is_name.as_deref() == Some(name)
                    && application.as_deref() == Some("A browser")
                    && icon.as_deref() == Some("web-browser")
            }
        }
    };
    rig.server.until("the facts", is("music", "A song"));
    sink::process().set_facts(ProcessFacts {
        role: Some("video"),
        stream_name: Some("A film".into()),
        ..facts
    });
    rig.server.until("the name at once", is("music", "A film"));
    playing.set(State::Paused);
    sleep(100);
    let recording = rig.server.record(SPEAKER);
    playing.set(State::Playing);
    rig.server.until("the role after a pause", is("video", "A film"));
    hear(&recording);
}

#[test]
fn without_a_server_it_plays_in_real_time_to_the_end() {
    let _rig = Rig::without_server();
    let start = Instant::now();
    let playing = Playing::new(
        "audiotestsrc num-buffers=100 samplesperbuffer=480 ! audio/x-raw,rate=48000 ! \
         autoaudiosink",
    )
    .play();
    assert_eq!(playing.inner().factory().unwrap().name(), "fakesink");
    let end = playing
        .0
        .bus()
        .unwrap()
        .timed_pop_filtered(gstreamer::ClockTime::from_seconds(30), &[gstreamer::MessageType::Eos]);
    assert!(end.is_some());
    assert!(start.elapsed() > Duration::from_millis(900), "{:?}", start.elapsed());
}

#[test]
fn a_server_that_comes_later_is_used() {
    let mut rig = Rig::without_server();
    let playing = Playing::new(TONE).play();
    playing.goes_on();
    rig.server.start_again();
    hear(&rig.server.record(SPEAKER));
    assert_eq!(playing.inner().factory().unwrap().name(), "pulsesink");
}

#[test]
fn the_death_of_the_server_is_survived() {
    let mut rig = Rig::new();
    let playing = Playing::new(TONE).play();
    let resting = Playing::new(TONE).play();
    rig.server.until("both", |streams| streams.len() == 2);
    resting.set(State::Paused);
    for _ in 0..3 {
        rig.server.kill();
        playing.goes_on();
        rig.server.start_again();
        hear(&rig.server.record(SPEAKER));
        playing.goes_on();
        assert_eq!(playing.0.current_state(), State::Playing);
    }
    let children = playing.element().children();
    assert_eq!(children[0].factory().unwrap().name(), "volume", "playsink takes the first");
    playing.set(State::Null);
    let recording = rig.server.record(SPEAKER);
    resting.set(State::Playing);
    hear(&recording);
    rig.expect_nothing();
}

#[test]
fn the_death_of_the_server_is_survived_by_what_is_paused() {
    for has_played in [false, true] {
        let mut rig = Rig::new();
        let playing = Playing::new(TONE);
        playing.set(State::Paused);
        if has_played {
            playing.set(State::Playing);
            rig.server.until("a stream", |streams| streams.len() == 1);
            playing.set(State::Paused);
        }
        rig.server.kill();
        playing.set(State::Playing);
        playing.goes_on();
        rig.server.start_again();
        hear(&rig.server.record(SPEAKER));
    }
}

#[test]
fn the_loss_of_a_device_is_survived() {
    let rig = Rig::new();
    let playing = Playing::new(TONE).play();
    rig.server.until("a stream", |streams| streams.len() == 1);
    rig.server.load_module("module-null-sink sink_name=second norewinds=1");
    rig.server.pactl(&["unload-module", "module-null-sink"]).unwrap();
    rig.server.load_module("module-null-sink sink_name=third norewinds=1");
    hear(&rig.server.record("third"));
    assert_eq!(playing.0.current_state(), State::Playing);
}

#[test]
fn a_call_interrupts_and_gives_back() {
    let rig = Rig::new();
    rig.server.load_module("module-role-cork");
    sink::process().set_facts(ProcessFacts { role: Some("music"), ..ProcessFacts::default() });
    let first = Playing::new(TONE).play();
    let second = Playing::new(TONE).play();
    rig.server.until("both", |streams| streams.len() == 2);
    rig.expect_nothing();
    let call = rig.server.play_tone("phone", 400.0, 0.25);
    rig.expect(true);
    sleep(300);
    assert_eq!(first.0.current_state(), State::Playing);
    rig.expect_nothing();
    drop(call);
    rig.expect(false);
    sleep(300);
    rig.expect_nothing();
    drop(second);

    // It is paused by the page.
    let call = rig.server.play_tone("phone", 400.0, 0.25);
    rig.expect(true);
    first.set(State::Paused);
    drop(call);
    rig.expect(false);
}

#[test]
fn a_stream_that_starts_during_a_call_is_interrupted() {
    let rig = Rig::new();
    rig.server.load_module("module-role-cork");
    sink::process().set_facts(ProcessFacts { role: Some("music"), ..ProcessFacts::default() });
    let call = rig.server.play_tone("phone", 400.0, 0.25);
    let playing = Playing::new(TONE).play();
    rig.expect(true);
    playing.set(State::Paused);
    drop(call);
    rig.expect(false);

    // The server lets a stream that resumes during a call be heard.
    playing.set(State::Playing);
    let call = rig.server.play_tone("phone", 400.0, 0.25);
    rig.expect(true);
    drop(playing);
    rig.expect(false);
    drop(call);
}

#[test]
fn a_user_who_mutes_the_stream_interrupts() {
    let rig = Rig::new();
    let playing = Playing::new(TONE).play();
    rig.server.until("a stream", |streams| streams.len() == 1);
    let stream = rig.server.streams()[0].index;
    for pause in [false, true] {
        rig.server.set_muted(stream, true);
        rig.expect(true);
        if pause {
            playing.set(State::Paused);
        }
        rig.server.set_muted(stream, false);
        rig.expect(false);
    }
}

#[test]
fn a_stall_interrupts() {
    let rig = Rig::new();
    let playing = Playing::new(TONE).play();
    hear(&rig.server.record(SPEAKER));
    rig.expect_nothing();
    rig.server.set_stalled(true);
    rig.expect(true);
    rig.server.set_stalled(false);
    rig.expect(false);
    hear(&rig.server.record(SPEAKER));

    rig.server.set_stalled(true);
    rig.expect(true);
    // pulsesink waits for the server's answer, here up to libpulse's 30 seconds.
    let pipeline = playing.0.clone();
    let pause = std::thread::spawn(move || pipeline.set_state(State::Paused).unwrap());
    sleep(500);
    rig.expect_nothing();
    rig.server.set_stalled(false);
    rig.expect(false);
    pause.join().unwrap();
}

#[test]
fn levels_are_told_while_someone_listens() {
    let _rig = Rig::new();
    let (sender, levels) = std::sync::mpsc::channel();
    let listener = sink::process().listen_levels(move |level| {
        let _ = sender.send(level);
    });
    let start = Instant::now();
    let playing = Playing::new(TONE).play();
    for _ in 0..10 {
        let level = levels.recv_timeout(PATIENCE).unwrap();
        assert!((0.24..0.26).contains(&level.peak), "{level:?}");
        assert!((0.17..0.185).contains(&level.rms), "{level:?}");
    }
    drop(listener);
    let (count, most) = (10 + levels.try_iter().count(), start.elapsed().as_millis() / 49 + 1);
    assert!(count as u128 <= most, "{count} are more than {most}");
    sleep(200);
    assert!(levels.try_recv().is_err());
    drop(playing);
}

#[test]
fn many_come_and_go() {
    let mut rig = Rig::new();
    let count = |what: &str| std::fs::read_dir(format!("/proc/self/{what}")).unwrap().count();
    let round = |rounds: u32| {
        std::thread::scope(|scope| {
            for thread in 0..2 {
                scope.spawn(move || {
                    for round in 0..rounds {
                        let playing = Playing::new(TONE);
                        playing.0.set_state(State::Playing).unwrap();
                        sleep(u64::from((round + thread) % 4) * 10);
                    }
                });
            }
        });
    };
    round(10);
    let before = (count("fd"), count("task"));
    std::thread::scope(|scope| {
        scope.spawn(|| round(60));
        for _ in 0..3 {
            sleep(400);
            rig.server.kill();
            sleep(200);
            rig.server.start_again();
        }
    });
    let start = Instant::now();
    loop {
        let after = (count("fd"), count("task"));
        if after.0 <= before.0 + 8 && after.1 <= before.1 + 8 {
            break;
        }
        assert!(start.elapsed() < PATIENCE, "there were {before:?}, and are {after:?}");
        sleep(20);
    }
}
