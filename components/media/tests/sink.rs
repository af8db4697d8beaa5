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

use rig::{Playing, Rig};

const TONE: &str = "audiotestsrc freq=1000 samplesperbuffer=480 volume=0.5 ! autoaudiosink";

fn sleep(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

fn is_loud(level: f32) -> bool {
    (0.34..0.37).contains(&level)
}

#[test]
fn it_is_chosen_and_heard() {
    let rig = Rig::new();
    let recorder = rig.record();
    let playing = Playing::new(TONE).play();
    assert_eq!(playing.inner().factory().unwrap().name(), "pulsesink");
    recorder.until("the tone", is_loud);
    let before = playing.position();
    let start = Instant::now();
    sleep(1_000);
    let advanced = (playing.position() - before).as_secs_f64();
    let ratio = advanced / start.elapsed().as_secs_f64();
    assert!((0.9..1.1).contains(&ratio), "{ratio}");
    rig.expect_nothing();
}

#[test]
fn the_volume_of_playbin_is_ours_and_not_the_servers() {
    let rig = Rig::new();
    let recorder = rig.record();
    let file = tempfile::Builder::new().suffix(".wav").tempfile().unwrap();
    let make = format!(
        "audiotestsrc freq=1000 num-buffers=3000 samplesperbuffer=480 volume=0.5 ! \
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
    recorder.until("half of it at once", |level| (0.17..0.185).contains(&level));
    for (volume, muted) in [(1.0, false), (0.1, false), (1.0, true), (1.0, false)] {
        let start = Instant::now();
        playing.0.set_property("mute", muted);
        playing.0.set_property("volume", volume);
        let wanted = if muted { 0.0 } else { 0.3535 * volume as f32 };
        let at = recorder.until("the new volume", |level| (level - wanted).abs() < 0.003);
        println!("{volume} {muted}: heard after {:?}", at.duration_since(start));
        let inner = playing.inner();
        assert_eq!(inner.property::<f64>("volume"), 1.0);
        assert!(!inner.property::<bool>("mute"));
        let stream = &rig.streams()[0];
        assert_eq!(stream["mute"], false);
        assert_eq!(stream["volume"]["mono"]["value"], 65_536, "{stream}");
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
        move |streams: &[serde_json::Value]| {
            streams.len() == 1 && {
                let properties = &streams[0]["properties"];
                properties["media.role"] == role
                    && properties["media.name"] == name
                    && properties["application.name"] == "A browser"
                    && properties["application.icon_name"] == "web-browser"
            }
        }
    };
    rig.until("the facts", is("music", "A song"));
    sink::process().set_facts(ProcessFacts {
        role: Some("video"),
        stream_name: Some("A film".into()),
        ..facts
    });
    rig.until("the name at once", is("music", "A film"));
    playing.set(State::Paused);
    sleep(100);
    let recorder = rig.record();
    playing.set(State::Playing);
    rig.until("the role after a pause", is("video", "A film"));
    recorder.until("the tone", is_loud);
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
    sleep(300);
    rig.start();
    let start = Instant::now();
    rig.record().until("the tone", is_loud);
    println!("heard after {:?}", start.elapsed());
    assert_eq!(playing.inner().factory().unwrap().name(), "pulsesink");
}

#[test]
fn the_death_of_the_server_is_survived() {
    let mut rig = Rig::new();
    let playing = Playing::new(TONE).play();
    let resting = Playing::new(TONE).play();
    rig.until("both", |streams| streams.len() == 2);
    resting.set(State::Paused);
    for round in 0..3 {
        let before = playing.position();
        let start = Instant::now();
        rig.kill();
        sleep(700);
        let ratio = (playing.position() - before).as_secs_f64() / start.elapsed().as_secs_f64();
        assert!((0.8..1.2).contains(&ratio), "round {round}: {ratio}");
        rig.start();
        let start = Instant::now();
        let recorder = rig.record();
        let at = recorder.until("the tone", is_loud);
        println!("round {round}: heard after {:?}", at.duration_since(start));
        assert!(at.duration_since(start) < Duration::from_secs(2));
        let before = playing.position();
        let start = Instant::now();
        sleep(500);
        let ratio = (playing.position() - before).as_secs_f64() / start.elapsed().as_secs_f64();
        assert!((0.8..1.2).contains(&ratio), "round {round}, back: {ratio}");
        assert_eq!(playing.0.current_state(), State::Playing);
    }
    let children = playing.element().children();
    assert_eq!(children[0].factory().unwrap().name(), "volume", "playsink takes the first");
    playing.set(State::Null);
    let recorder = rig.record();
    resting.set(State::Playing);
    recorder.until("the tone of the other", is_loud);
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
            rig.until("a stream", |streams| streams.len() == 1);
            playing.set(State::Paused);
        }
        rig.kill();
        playing.set(State::Playing);
        playing.goes_on(500);
        rig.start();
        rig.record().until("the tone", is_loud);
    }
}

#[test]
fn the_loss_of_a_device_is_survived() {
    let rig = Rig::new();
    let playing = Playing::new(TONE).play();
    rig.until("a stream", |streams| streams.len() == 1);
    rig.pactl(&["load-module", "module-null-sink", "sink_name=second", "norewinds=1"]);
    rig.pactl(&["unload-module", "module-null-sink"]);
    rig.pactl(&["load-module", "module-null-sink", "sink_name=third", "norewinds=1"]);
    rig.record().until("the tone", is_loud);
    assert_eq!(playing.0.current_state(), State::Playing);
}

#[test]
fn a_call_interrupts_and_gives_back() {
    let rig = Rig::new();
    rig.pactl(&["load-module", "module-role-cork"]);
    sink::process().set_facts(ProcessFacts { role: Some("music"), ..ProcessFacts::default() });
    let first = Playing::new(TONE).play();
    let second = Playing::new(TONE).play();
    rig.until("both", |streams| streams.len() == 2);
    rig.expect_nothing();
    let call = rig.other_program("phone");
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
    let call = rig.other_program("phone");
    rig.expect(true);
    first.set(State::Paused);
    drop(call);
    rig.expect(false);
}

#[test]
fn a_stream_that_starts_during_a_call_is_interrupted() {
    let rig = Rig::new();
    rig.pactl(&["load-module", "module-role-cork"]);
    sink::process().set_facts(ProcessFacts { role: Some("music"), ..ProcessFacts::default() });
    let call = rig.other_program("phone");
    rig.until("the call", |streams| streams.len() == 1);
    let playing = Playing::new(TONE).play();
    rig.expect(true);
    playing.set(State::Paused);
    drop(call);
    rig.expect(false);

    // The server lets a stream that resumes during a call be heard.
    playing.set(State::Playing);
    let call = rig.other_program("phone");
    rig.expect(true);
    drop(playing);
    rig.expect(false);
    drop(call);
}

#[test]
fn a_user_who_mutes_the_stream_interrupts() {
    let rig = Rig::new();
    let playing = Playing::new(TONE).play();
    rig.until("a stream", |streams| streams.len() == 1);
    let index = rig.streams()[0]["index"].to_string();
    for pause in [false, true] {
        rig.pactl(&["set-sink-input-mute", &index, "1"]);
        rig.expect(true);
        if pause {
            playing.set(State::Paused);
        }
        rig.pactl(&["set-sink-input-mute", &index, "0"]);
        rig.expect(false);
    }
}

#[test]
fn a_stall_interrupts() {
    let rig = Rig::new();
    let playing = Playing::new(TONE).play();
    rig.record().until("the tone", is_loud);
    rig.expect_nothing();
    rig.signal("-STOP");
    let start = Instant::now();
    rig.expect(true);
    println!("seen after {:?}", start.elapsed());
    rig.signal("-CONT");
    rig.expect(false);
    rig.record().until("the tone", is_loud);

    rig.signal("-STOP");
    rig.expect(true);
    // pulsesink waits for the server's answer, here up to libpulse's 30 seconds.
    let pipeline = playing.0.clone();
    let pause = std::thread::spawn(move || pipeline.set_state(State::Paused).unwrap());
    sleep(500);
    rig.expect_nothing();
    rig.signal("-CONT");
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
    let playing = Playing::new(TONE).play();
    sleep(1_000);
    drop(listener);
    let count = levels.try_iter().inspect(|level| {
        assert!((0.49..0.51).contains(&level.peak), "{level:?}");
        assert!(is_loud(level.rms), "{level:?}");
    });
    let count = count.count();
    assert!((10..=24).contains(&count), "{count}");
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
            rig.kill();
            sleep(200);
            rig.start();
        }
    });
    sleep(500);
    let after = (count("fd"), count("task"));
    assert!(after.0 <= before.0 + 8 && after.1 <= before.1 + 8, "{before:?} {after:?}");
}
