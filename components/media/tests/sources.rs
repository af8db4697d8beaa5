/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Sources of a real PulseAudio, as pages capture them: each with several consumers.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::TestEngine;
use sordino_tests::SoundServer;
use sordino_tests::sound::{LEVEL, QUIET, SPEAKER};

/// The tone into the microphone, in Hz.
const TONE: f64 = 400.0;

fn microphone_of(sink: &str) -> String {
    format!("module-remap-source master={sink}.monitor source_name={sink}-source")
}

fn recorders(server: &SoundServer, engine: &TestEngine) -> usize {
    let all = server.pactl(&["list", "source-outputs"]).unwrap();
    all.matches(&format!("application.process.id = \"{}\"", engine.pid())).count()
}

#[test]
fn all_consumers_hear_one_capture_each_under_its_gate() {
    let builder = SoundServer::builder().sinks(&[SPEAKER, "desk"]);
    let server = builder.module(&microphone_of("desk")).start();
    let recording = server.record(SPEAKER);
    let player = server.play_tone("music", TONE, 0.25);
    server.move_to(player.stream(&server.streams()).unwrap().index, "desk");
    let mut engine = TestEngine::start(Some(&server), &["media"]);
    engine.tell("devices");
    engine.until("devices desk-source");
    engine.tell("open 1 desk-source");
    engine.until("Opened");
    assert_eq!(recorders(&server, &engine), 1, "it runs before anybody consumes it");
    engine.tell("hear 2 1 one");
    recording.until_steady(TONE, LEVEL, 1.0);
    // Two at once may be in any phase to each other.
    engine.tell("gate one 0");
    recording.until_no_tone(TONE, QUIET);
    engine.tell("hear 3 1 other");
    recording.until_steady(TONE, LEVEL, 1.0);
    assert_eq!(recorders(&server, &engine), 1);
    engine.tell("gate other 0");
    recording.until_no_tone(TONE, QUIET);
    engine.tell("gate other 1");
    recording.until_steady(TONE, LEVEL, 0.3);
    engine.tell("drop 3");
    recording.until_no_tone(TONE, QUIET);
    engine.tell("gate one 1");
    recording.until_steady(TONE, LEVEL, 0.3);
    engine.tell("close 1");
    recording.until_no_tone(TONE, QUIET);
    engine.tell("devices");
    engine.until("devices desk-source");
    assert_eq!(recorders(&server, &engine), 0);
}

#[test]
fn devices_that_come_and_go_are_told_of() {
    let builder = SoundServer::builder().sinks(&[SPEAKER, "desk"]);
    let server = builder.module(&microphone_of("desk")).start();
    let mut engine = TestEngine::start(Some(&server), &["media"]);
    engine.tell("watch");
    engine.tell("devices");
    engine.until("devices desk-source");
    let module = server.load_module(&microphone_of(SPEAKER));
    engine.until("speaker-source");
    engine.tell("open 1 speaker-source");
    engine.until("Opened");
    server.unload_module(module);
    engine.until("source 1.1 Ended");
    engine.until("devices desk-source");
    engine.tell("open 2 speaker-source");
    engine.until("source 1.2 Failed(NotFound)");
}
