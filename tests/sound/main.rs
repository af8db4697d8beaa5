/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The sound servers of the tests do what the tests of Sordino take for granted.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use sordino_tests::sound::{Builder, GONE, LEVEL, QUIET, SPEAKER, Stream};
use sordino_tests::{SoundServer, Tone};

fn records_tones(server: &Builder) {
    let server = server.clone().start();
    let recording = server.record(SPEAKER);
    let music = server.play_tone("music", 400.0, 0.25);
    let from = recording.until_steady(400.0, LEVEL, 0.2);
    let samples = recording.samples();
    let exact = samples.tone_db(400.0, from + 0.05..from + 0.15);
    assert!((exact - LEVEL).abs() < 0.1, "{exact} dBFS");
    let other = samples.tone_db(1_000.0, from + 0.05..from + 0.15);
    assert!(other < QUIET, "{other} dBFS at 1000 Hz");

    let stream = server.until_stream("it has a sink", |stream| stream.sink.is_some());
    assert_eq!(stream.pid, music.pid());
    assert_eq!(stream.sink.as_deref(), Some(SPEAKER));
    assert_eq!(stream.role.as_deref(), Some("music"));
    assert_eq!(stream.application.as_deref(), Some("gst-launch-1.0"));
    assert!(!stream.corked && !stream.muted && (stream.gain - 1.0).abs() < 0.01, "{stream:?}");

    let call = server.play_tone("phone", 1_000.0, 0.25);
    recording.until_steady(1_000.0, LEVEL, 0.2);
    recording.until_steady(400.0, LEVEL, 0.2);

    drop(call);
    let end = recording.until_no_tone(1_000.0, GONE);
    recording.until_steady(400.0, LEVEL, 0.2);
    let samples = recording.stop();
    let last = samples.last_tone(Tone::apart(1_000.0), GONE).unwrap();
    assert!((last - end).abs() < 0.05, "it ended at {last} s, not {end} s");
    assert!(samples.click_db(last - 0.1..last + 0.1) > -50.0, "a program that is killed clicks");
}

#[test]
fn pulseaudio_plays_two_tones() {
    records_tones(&SoundServer::builder());
}

#[test]
fn pipewire_plays_two_tones() {
    records_tones(&SoundServer::builder().pipewire());
}

fn obeys_the_mixer(server: Builder) {
    let server = server.sinks(&[SPEAKER, "headset"]).start();
    let (speaker, headset) = (server.record(SPEAKER), server.record("headset"));
    let music = server.play_tone("music", 400.0, 0.5);
    speaker.until_tone(400.0, -7.0);
    let stream = music.stream(&server.streams()).unwrap().index;

    server.set_gain(stream, 0.5);
    server.until("it is set", |streams| {
        music.stream(streams).is_some_and(|stream| (stream.gain - 0.5).abs() < 0.01)
    });
    speaker.until_steady(400.0, LEVEL, 0.2);

    let before = speaker.mark();
    server.set_muted(stream, true);
    let after = speaker.mark();
    server.until("it is mute", |streams| streams.iter().all(|stream| stream.muted));
    speaker.until_no_tone(400.0, QUIET);
    let end = speaker.samples().last_tone(Tone::fast(400.0), QUIET).unwrap();
    assert!((before - 0.05..after + 0.3).contains(&end), "{before}..{after}, but {end}");

    server.set_muted(stream, false);
    speaker.until_tone(400.0, -13.0);
    server.move_to(stream, "headset");
    headset.until_tone(400.0, -13.0);
    speaker.until_no_tone(400.0, QUIET);
}

#[test]
fn pulseaudio_obeys_the_mixer() {
    obeys_the_mixer(SoundServer::builder());
}

#[test]
fn pipewire_obeys_the_mixer() {
    obeys_the_mixer(SoundServer::builder().pipewire());
}

/// Music is silent while a call lasts, and sounds again after it.
fn yields_to_a_call(server: &SoundServer, held: impl Fn(&Stream) -> bool) {
    let recording = server.record(SPEAKER);
    let music = server.play_tone("music", 400.0, 0.25);
    recording.until_tone(400.0, -13.0);
    let call = server.play_tone("phone", 1_000.0, 0.25);
    server.until("the music is held", |streams| music.stream(streams).is_some_and(&held));
    recording.until_no_tone(400.0, QUIET);
    recording.until_steady(1_000.0, LEVEL, 0.2);
    drop(call);
    server.until("the music goes on", |streams| {
        music.stream(streams).is_some_and(|stream| !held(stream))
    });
    recording.until_steady(400.0, LEVEL, 0.2);
}

#[test]
fn pulseaudio_corks_for_a_role() {
    let cork = "module-role-cork trigger_roles=phone cork_roles=music,video";
    let server = SoundServer::builder().module(cork).start();
    yields_to_a_call(&server, |stream| stream.corked && stream.muted);
}

#[test]
fn a_module_comes_and_goes() {
    let server = SoundServer::start();
    let duck = "module-role-ducking trigger_roles=phone ducking_roles=music volume=-20dB";
    let module = server.load_module(duck);
    let recording = server.record(SPEAKER);
    let _music = server.play_tone("music", 400.0, 0.25);
    recording.until_tone(400.0, -13.0);
    let _call = server.play_tone("phone", 1_000.0, 0.25);
    recording.until_no_tone(400.0, -25.0);
    server.unload_module(module);
    recording.until_tone(400.0, -13.0);
}

#[test]
fn wireplumber_holds_for_a_role() {
    let server = SoundServer::builder().pipewire_with_roles().start();
    yields_to_a_call(&server, |stream| stream.corked && !stream.muted && stream.sink.is_none());
}

fn comes_back(mut server: SoundServer) {
    for _ in 0..2 {
        assert!(server.pactl(&["info"]).is_err(), "there is no server");
        server.start_again();
        let recording = server.record(SPEAKER);
        let _music = server.play_tone("music", 400.0, 0.25);
        recording.until_tone(400.0, -13.0);
        server.kill();
        recording.until_ended();
    }
}

#[test]
fn pulseaudio_comes_back() {
    comes_back(SoundServer::absent());
}

#[test]
fn pipewire_comes_back() {
    comes_back(SoundServer::builder().pipewire().absent());
}
