/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What is heard of pages, at the monitor of a sound server.

use serde_json::Value;
use sordino_tests::media::pure_tone;
use sordino_tests::sound::{DUCKED, GONE, INAUDIBLE, LEVEL, SPEAKER};
use sordino_tests::{Bus, Recording, Site, Sordino, SoundServer, Tone};

use super::focus::{is_in, pages, says, signal};

/// The tones of the pages, in hertz.
const MUSIC: f64 = 400.0;
const CALL: f64 = 1_000.0;

/// A site with a tone of each of these frequencies, and a page of each of these scripts.
fn site<const N: usize>(scripts: [&str; N]) -> (Site, [String; N]) {
    let site = Site::new();
    for hertz in [400, 1_000, 1_600] {
        pure_tone(site.folder(), hertz, 0.25, 60);
    }
    let pages = pages(&site, scripts);
    (site, pages)
}

const PLAY_MUSIC: &str = "const audio = await play('400.wav', true);";

/// Pages on a server, the first of which plays.
struct Music {
    sordino: Sordino,
    recording: Recording,
    site: Site,
}

impl Music {
    /// It is heard.
    fn start<const N: usize>(server: &SoundServer, bus: Option<&Bus>, scripts: [&str; N]) -> Self {
        let music = Self::start_unheard(server, bus, scripts);
        music.recording.until_steady(MUSIC, LEVEL, 0.2);
        music
    }

    /// It plays, whether it is heard or not.
    fn start_unheard<const N: usize>(
        server: &SoundServer,
        bus: Option<&Bus>,
        scripts: [&str; N],
    ) -> Self {
        let (site, pages) = site(scripts);
        let recording = server.record(SPEAKER);
        let pages = pages.each_ref().map(String::as_str);
        let mut sordino = Sordino::run_with_sound(&pages, bus, Some(server));
        sordino.wait_for("audio-session", is_in(1, "active"));
        Self { sordino, recording, site }
    }

    fn is_interrupted(&mut self) {
        let interrupted = self.sordino.wait_for("audio-session", is_in(1, "interrupted"));
        let why = interrupted["why"].as_str().unwrap();
        assert!(why.contains("the sound server silenced it"), "{why}");
        self.recording.until_no_tone(MUSIC, INAUDIBLE);
    }

    fn resumes(&mut self) {
        self.sordino.wait_for("audio-session", is_in(1, "active"));
        self.recording.until_steady(MUSIC, LEVEL, 0.2);
    }
}

#[test]
fn music_yields_to_a_call_at_once_and_comes_back() {
    let call = "session.type = 'play-and-record'; await signal('call'); \
                const audio = await play('1000.wav', true); await signal('end'); audio.pause();";
    let server = SoundServer::start();
    let Music { mut sordino, recording, site } = Music::start(&server, None, [PLAY_MUSIC, call]);

    signal(&site, "call");
    recording.until_steady(CALL, LEVEL, 0.5);
    server.until("a call is a phone to the server", |streams| {
        streams.iter().any(|stream| stream.role.as_deref() == Some("phone"))
    });
    let samples = recording.samples();
    let begin = samples.first_tone(Tone::apart(CALL), GONE, 0.0).unwrap();
    let end = samples.first_without_tone(Tone::apart(MUSIC), INAUDIBLE, begin).unwrap();
    assert!(end - begin < 0.08, "the music ended {} s after the call began", end - begin);

    signal(&site, "end");
    sordino.wait_for("audio-session", is_in(2, "inactive"));
    recording.until_no_tone(CALL, INAUDIBLE);
    recording.until_steady(MUSIC, LEVEL, 0.2);
}

#[test]
fn a_ping_ducks_music_by_14_decibels_and_gives_back() {
    let ping = "session.type = 'transient'; await signal('ping'); \
                const audio = await play('1000.wav', true); await signal('end'); audio.pause();";
    let server = SoundServer::start();
    let Music { sordino: _sordino, recording, site } =
        Music::start(&server, None, [PLAY_MUSIC, ping]);
    signal(&site, "ping");
    recording.until_steady(MUSIC, DUCKED, 0.2);
    recording.until_steady(CALL, LEVEL, 0.2);
    signal(&site, "end");
    recording.until_steady(MUSIC, LEVEL, 0.2);
}

#[test]
fn a_page_whose_script_never_ends_falls_silent_when_the_user_says_pause() {
    let hangs = "const audio = await play('400.wav', true); await signal('go'); log('hangs'); \
                 while (true);";
    let (server, bus) = (SoundServer::start(), Bus::start());
    let Music { mut sordino, recording, site } = Music::start(&server, Some(&bus), [hangs]);
    sordino.wait_for_playing("playing", "Page 1");
    signal(&site, "go");
    sordino.wait_for("console", says(1, "hangs"));
    let begin = recording.mark();
    bus.playerctl(&["pause"]).unwrap();
    let end = recording.until_no_tone(MUSIC, INAUDIBLE);
    assert!(end - begin < 0.6, "it was heard {} s after the user's pause", end - begin);
}

fn corks() -> SoundServer {
    SoundServer::builder().module("module-role-cork").start()
}

#[test]
fn a_call_of_another_program_silences_music_until_it_ends() {
    let server = corks();
    let mut music = Music::start(&server, None, [PLAY_MUSIC]);
    let call = server.play_tone("phone", CALL, 0.25);
    music.is_interrupted();
    drop(call);
    music.resumes();
}

#[test]
fn music_that_starts_during_a_call_waits_for_its_end() {
    let server = corks();
    let recording = server.record(SPEAKER);
    let call = server.play_tone("phone", CALL, 0.25);
    recording.until_steady(CALL, LEVEL, 0.2);
    let mut music = Music::start_unheard(&server, None, [PLAY_MUSIC]);
    music.is_interrupted();
    drop(call);
    music.resumes();
}

#[test]
fn music_that_the_user_pauses_during_a_call_stays_paused() {
    let (server, bus) = (corks(), Bus::start());
    let mut music = Music::start(&server, Some(&bus), [PLAY_MUSIC]);
    let call = server.play_tone("phone", CALL, 0.25);
    music.is_interrupted();
    bus.playerctl(&["pause"]).unwrap();
    music.sordino.wait_for("audio-session", is_in(1, "inactive"));
    drop(call);
    server.until("the server lets it go", |streams| streams.iter().all(|stream| !stream.muted));
    let end = music.recording.mark();
    music.recording.until_long(end + 0.5);
    let after = music.recording.samples().first_tone(Tone::apart(MUSIC), GONE, end);
    assert_eq!(after, None, "it resumed by itself");
    bus.playerctl(&["play"]).unwrap();
    music.resumes();
}

#[test]
fn music_outlasts_a_very_short_call() {
    let server = corks();
    let music = Music::start(&server, None, [PLAY_MUSIC]);
    let call = server.play_tone("phone", CALL, 0.25);
    server.until_stream("it rings", |stream| stream.role.as_deref() == Some("phone"));
    drop(call);
    music.recording.until_steady(MUSIC, LEVEL, 0.5);
}

#[test]
fn music_waits_for_the_last_of_two_calls() {
    let server = corks();
    let mut music = Music::start(&server, None, [PLAY_MUSIC]);
    let first = server.play_tone("phone", CALL, 0.25);
    music.is_interrupted();
    let second = server.play_tone("phone", 1_600.0, 0.25);
    music.recording.until_steady(1_600.0, LEVEL, 0.2);
    drop(first);
    music.recording.until_no_tone(CALL, GONE);
    let begin = music.recording.mark();
    music.recording.until_long(begin + 0.3);
    assert_eq!(music.recording.samples().first_tone(Tone::apart(MUSIC), GONE, begin), None);
    drop(second);
    music.resumes();
}

fn states(events: &[Value], tab: u32) -> Vec<String> {
    let of_tab = |event: &&Value| event["event"] == "audio-session" && event["tab"] == tab;
    let states = events.iter().filter(of_tab).map(|event| event["state"].as_str().unwrap());
    states.map(str::to_owned).collect()
}

#[test]
fn a_server_that_ducks_music_interrupts_nobody() {
    let server = SoundServer::builder().module("module-role-ducking").start();
    let music = Music::start(&server, None, [PLAY_MUSIC]);
    let call = server.play_tone("phone", CALL, 0.25);
    music.recording.until_steady(CALL, LEVEL, 0.2);
    // A factor that only the server knows.
    music.recording.until_steady(MUSIC, LEVEL - 20.0, 0.2);
    drop(call);
    music.recording.until_steady(MUSIC, LEVEL, 0.2);
    music.sordino.signal(rustix::process::Signal::INT);
    assert_eq!(states(&music.sordino.wait().events, 1), ["active"]);
}

#[test]
fn a_clock_that_stands_still_is_an_interruption() {
    let server = SoundServer::builder().pipewire_with_roles().start();
    let mut music = Music::start(&server, None, [PLAY_MUSIC]);
    let call = server.play_tone("phone", CALL, 0.25);
    music.is_interrupted();
    drop(call);
    music.resumes();
}

#[test]
fn a_call_of_ours_is_not_interrupted_by_itself() {
    let call = "session.type = 'play-and-record'; play('1000.wav', true); play('400.wav', true);";
    let server = corks();
    let Music { sordino, recording, site: _site } = Music::start(&server, None, [call]);
    recording.until_steady(CALL, LEVEL, 0.5);
    recording.until_steady(MUSIC, LEVEL, 0.5);
    sordino.signal(rustix::process::Signal::INT);
    assert_eq!(states(&sordino.wait().events, 1), ["active"]);
}
