/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! An engine that uses servo-media's own interface, and a session manager in another process.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::TestEngine;
use sordino_tests::manager::Managed;
use sordino_tests::sound::{DUCKED, LEVEL, QUIET, SPEAKER};
use sordino_tests::{SoundServer, media};
use sordino_traits::AudioSessionType;

#[test]
fn an_engine_that_knows_nothing_of_it_is_ducked_suspended_and_resumed() {
    let server = SoundServer::start();
    let folder = tempfile::tempdir().unwrap();
    let tone = media::pure_tone(folder.path(), 400, 0.25, 60);

    let mut managed = TestEngine::start_managed(&server, &[]);
    let Managed { process: engine, other, .. } = &mut managed;
    let recording = server.record(SPEAKER);
    engine.load(1, 7, &tone);
    engine.tell("play 1");
    recording.until_steady(400.0, LEVEL, 0.2);

    other.sounds_as(AudioSessionType::Transient);
    recording.until_steady(400.0, DUCKED, 0.2);
    other.is_silent();
    recording.until_steady(400.0, LEVEL, 0.2);

    other.sounds_as(AudioSessionType::PlayAndRecord);
    recording.until_no_tone(400.0, QUIET);
    server.until("its stream stands still", |streams| streams.iter().all(|stream| stream.corked));
    other.is_silent();
    recording.until_steady(400.0, LEVEL, 0.2);

    // Lost for good: it sounds again when its own user wants it to.
    other.sounds_as(AudioSessionType::Playback);
    recording.until_no_tone(400.0, QUIET);
    other.is_silent();
    engine.tell("pause 1");
    engine.tell("play 1");
    recording.until_steady(400.0, LEVEL, 0.2);

    engine.tell("drop 1");
    recording.until_no_tone(400.0, QUIET);
    managed.shut_down();
}
