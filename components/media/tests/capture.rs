/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Microphones of a real PulseAudio, captured under sessions and heard at its speaker.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::time::Instant;

use common::TestEngine;
use sordino_tests::sound::{LEVEL, Player, QUIET, SPEAKER};
use sordino_tests::{SoundServer, Tone};

/// The tone into the microphone, in Hz.
const TONE: f64 = 400.0;

fn start(server: &SoundServer) -> TestEngine {
    TestEngine::start(Some(server), &["sessions"])
}

/// An engine whose capture 1, of this microphone or else of the default one, its player 2 plays.
fn start_heard(server: &SoundServer, microphone: &str) -> TestEngine {
    let mut engine = start(server);
    engine.tell(format!("capture 1 1 {microphone}").trim_end());
    engine.tell("hear 2 2 1");
    engine.tell("play 2");
    engine
}

fn remap(name: &str) -> String {
    format!(
        "module-remap-source master={name}.monitor source_name={name}-source \
         source_properties=device.description={name}-label"
    )
}

/// A server with the microphones `desk-source` and `headset-source`, the first being the default.
/// What is played into the sinks `desk` and `headset`, they hear.
fn server() -> SoundServer {
    let builder = SoundServer::builder().sinks(&[SPEAKER, "desk", "headset"]);
    let server = builder.module(&remap("desk")).module(&remap("headset")).start();
    server.pactl(&["set-default-source", "desk-source"]).unwrap();
    server
}

/// A tone that a microphone hears.
fn tone_into(server: &SoundServer, sink: &str, hertz: f64) -> Player {
    let player = server.play_tone("music", hertz, 0.25);
    let stream = player.stream(&server.streams()).unwrap().index;
    server.move_to(stream, sink);
    player
}

fn source_outputs(server: &SoundServer, engine: &TestEngine) -> String {
    let all = server.pactl(&["list", "source-outputs"]).unwrap();
    let pid = format!("application.process.id = \"{}\"", engine.pid());
    all.split("\n\n").filter(|it| it.contains(&pid)).collect::<Vec<_>>().join("\n")
}

#[test]
fn microphones_are_not_what_sinks_play() {
    let server = server();
    let mut engine = start(&server);
    let found = engine.tell("microphones");
    let wanted = [
        "microphone desk-source \"desk-label\" true",
        "microphone headset-source \"headset-label\" false",
    ];
    assert_eq!(found, wanted);
    assert_eq!(engine.tell("capture 1 1"), ["capture 1 of desk-source"]);
    assert_eq!(engine.tell("capture 2 1 headset-source"), ["capture 2 of headset-source"]);
    assert_eq!(engine.tell("capture 3 1 headset-label"), ["capture 3 of headset-source"]);
    let failure = "capture 4 fails: Overconstrained(\"deviceId\")";
    assert_eq!(engine.tell("capture 4 1 speaker.monitor"), [failure]);
    assert_eq!(source_outputs(&server, &engine), "", "nobody takes them");

    let bare = SoundServer::start();
    let mut engine = start(&bare);
    assert_eq!(engine.tell("microphones"), [""; 0]);
    assert_eq!(engine.tell("capture 1 1"), ["capture 1 fails: NotFound"]);
    let mut engine = start(&SoundServer::absent());
    assert_eq!(engine.tell("capture 1 1"), ["capture 1 fails: NotFound"]);
}

#[test]
fn a_capture_is_silent_when_its_page_or_its_session_mutes_it() {
    let server = server();
    let recording = server.record(SPEAKER);
    let _tone = tone_into(&server, "desk", TONE);
    let _other = tone_into(&server, "headset", 1_000.0);
    let mut engine = start_heard(&server, "");
    recording.until_steady(TONE, LEVEL, 0.3);
    let outputs = source_outputs(&server, &engine);
    assert!(outputs.contains("media.role = \"phone\""), "{outputs}");

    for (off, on) in [
        ("suspend 1 1", "suspend 1 0"),
        ("silence 1 1", "silence 1 0"),
        ("mutecapture 1 1", "mutecapture 1 0"),
    ] {
        let start = recording.mark();
        engine.tell(off);
        let end = recording.until_no_tone(TONE, QUIET);
        println!("{off}: silent {:.3} s later", end - start);
        let start = recording.mark();
        engine.tell(on);
        let back = recording.until_steady(TONE, LEVEL, 0.3);
        println!("{on}: back {:.3} s later", back - start);
    }
    engine.tell("gain 1 0.1");
    recording.until_steady(TONE, LEVEL, 0.3);

    engine.tell("suspend 1 1");
    recording.until_no_tone(TONE, QUIET);
    engine.tell("mutecapture 1 1");
    engine.tell("suspend 1 0");
    let from = recording.mark();
    recording.until_long(from + 1.0);
    let still = recording.samples().tone_db(TONE, from..from + 1.0);
    assert!(still < QUIET, "the page muted it, but there are {still} dBFS");
    engine.tell("mutecapture 1 0");
    recording.until_steady(TONE, LEVEL, 0.3);

    let samples = recording.samples();
    let other = samples.tone_db(1_000.0, from - 1.0..samples.seconds());
    assert!(other < QUIET, "the other microphone: {other} dBFS");
    engine.tell("dropcapture 1");
    assert_eq!(source_outputs(&server, &engine), "");
    recording.until_no_tone(TONE, QUIET);
}

#[test]
fn the_device_that_is_wanted_is_captured() {
    let server = server();
    let recording = server.record(SPEAKER);
    let _tone = tone_into(&server, "desk", TONE);
    let _other = tone_into(&server, "headset", 1_000.0);
    let _engine = start_heard(&server, "headset-source");
    let from = recording.until_steady(1_000.0, LEVEL, 0.3);
    let first = recording.samples().tone_db(TONE, from..from + 0.3);
    assert!(first < QUIET, "the first microphone: {first} dBFS");
}

#[test]
fn an_audio_context_hears_it_until_it_is_dropped() {
    let server = server();
    let recording = server.record(SPEAKER);
    let _tone = tone_into(&server, "desk", TONE);
    let mut engine = start(&server);
    engine.tell("capture 1 1");
    engine.tell("listen 2 2 1");
    engine.tell("play 2");
    recording.until_steady(TONE, LEVEL, 0.3);
    engine.tell("suspend 1 1");
    recording.until_no_tone(TONE, QUIET);
    engine.tell("suspend 1 0");
    recording.until_steady(TONE, LEVEL, 0.3);
    engine.tell("dropcapture 1");
    assert_eq!(source_outputs(&server, &engine), "");
    recording.until_no_tone(TONE, QUIET);
    // It would wait for its render thread.
    engine.tell("pause 2");
    engine.tell("drop 2");
}

#[test]
fn a_microphone_that_goes_ends_its_capture() {
    let mut server = server();
    let recording = server.record(SPEAKER);
    let sounds = server.play_tone("music", 1_000.0, 0.025);
    server.pactl(&["load-module", "module-null-sink", "sink_name=usb", "norewinds=1"]).unwrap();
    let module = server.load_module(&remap("usb"));
    let _tone = tone_into(&server, "usb", TONE);
    let mut engine = start_heard(&server, "usb-source");
    recording.until_steady(TONE, LEVEL, 0.3);
    let from = recording.mark();
    server.unload_module(module);
    engine.until("capture 1 Ended");
    assert_eq!(source_outputs(&server, &engine), "", "no other device instead of it");
    recording.until_no_tone(TONE, QUIET);
    // The server has moved it to what the speaker plays, which would then be heard twice.
    recording.until_long(from + 1.0);
    let twice = recording.samples().first_tone(Tone::exact(1_000.0), LEVEL - 17.0, from);
    assert_eq!(twice, None);
    drop(sounds);

    engine.tell("dropcapture 1");
    engine.tell("drop 2");
    engine.tell("capture 3 1");
    engine.tell("hear 4 2 3");
    engine.tell("play 4");
    server.until("the capture is heard", |streams| streams.iter().any(|it| it.pid == engine.pid()));
    server.kill();
    engine.until("capture 3 Ended");
    engine.tell("dropcapture 3");
    engine.tell("drop 4");
}

#[test]
fn the_user_may_choose_another_microphone() {
    let server = server();
    let recording = server.record(SPEAKER);
    let _tone = tone_into(&server, "desk", TONE);
    let _other = tone_into(&server, "headset", 1_000.0);
    let mut engine = start_heard(&server, "");
    recording.until_steady(TONE, LEVEL, 0.3);
    let outputs = source_outputs(&server, &engine);
    let number = outputs.split_once('#').unwrap().1.lines().next().unwrap();
    server.pactl(&["move-source-output", number, "headset-source"]).unwrap();
    recording.until_steady(1_000.0, LEVEL, 0.3);
    assert_eq!(engine.count("capture 1 Ended"), 0);
}

#[test]
fn voice_activity_is_told_of_while_muted() {
    let server = server();
    let (speaker, desk) = (server.record(SPEAKER), server.record("desk"));
    let mut engine = start_heard(&server, "");
    let tone = tone_into(&server, "desk", TONE);
    speaker.until_steady(TONE, LEVEL, 0.3);
    let stream = tone.stream(&server.streams()).unwrap().index;
    let event = "capture 1 VoiceActivity";
    assert_eq!(engine.count(event), 0, "it is heard");

    // Who speaks already when it is muted.
    engine.tell("mutecapture 1 1");
    engine.until(event);
    let start = Instant::now();
    for _ in 0..8 {
        server.set_muted(stream, true);
        let from = desk.until_no_tone(TONE, QUIET);
        desk.until_long(from + 0.45);
        server.set_muted(stream, false);
        desk.until_steady(TONE, LEVEL, 0.1);
    }
    let (seconds, times) = (start.elapsed().as_secs_f64(), engine.count(event));
    println!("told {times} times in {seconds:.1} s");
    assert!(times >= 2 && times as f64 <= seconds, "{times} times in {seconds} s");

    // Who goes on speaking is not told again.
    let from = desk.mark();
    desk.until_long(from + 1.0);
    let before = engine.count(event);
    desk.until_long(from + 3.0);
    assert_eq!(engine.count(event), before);

    engine.tell("mutecapture 1 0");
    speaker.until_steady(TONE, LEVEL, 0.3);
    engine.tell("suspend 1 1");
    engine.until(event);
}

#[test]
fn a_paused_consumer_keeps_nobody() {
    let server = server();
    let recording = server.record(SPEAKER);
    let _tone = tone_into(&server, "desk", TONE);
    let mut engine = start_heard(&server, "");
    recording.until_steady(TONE, LEVEL, 0.3);
    engine.tell("pause 2");
    // Until every buffer on the way is full.
    let from = recording.mark();
    recording.until_long(from + 8.0);
    let start = Instant::now();
    engine.tell("dropcapture 1");
    println!("dropped within {:?}", start.elapsed());
    assert_eq!(source_outputs(&server, &engine), "");
    engine.tell("play 2");
    engine.tell("drop 2");
}

#[test]
fn captures_give_everything_back() {
    let server = server();
    let mut engine = start(&server);
    let said = engine.tell("captures 100");
    println!("{said:?}");
    assert_eq!(source_outputs(&server, &engine), "");
    let count = |line: &str| -> Vec<usize> {
        line.split(|it: char| !it.is_ascii_digit()).filter_map(|it| it.parse().ok()).collect()
    };
    let counts: Vec<_> =
        said.iter().filter(|it| it.starts_with("has")).map(|it| count(it)).collect();
    let [first, last] = &counts[..] else { panic!("{said:?}") };
    // Players are freed a moment later.
    assert!(last[0] <= first[0] + 10, "threads: {said:?}");
    assert!(last[1] <= first[1] + 20, "descriptors: {said:?}");
    assert!(last[2] <= first[2] + 8_000, "kilobytes: {said:?}");
}
