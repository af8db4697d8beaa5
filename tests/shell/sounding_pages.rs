/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Whole pages, as they are written, and what is heard of them at the monitor of a sound server.

use rustix::process::Signal;
use sordino_tests::media::pure_tone;
use sordino_tests::sound::{DUCKED, INAUDIBLE, LEVEL, SPEAKER};
use sordino_tests::{Bus, Recording, Site, Sordino, SoundServer};

use super::capture;
use super::focus::{is_in, says};

const LOW: f64 = 400.0;
const MIDDLE: f64 = 1_000.0;
const HIGH: f64 = 1_600.0;

/// A site with these pages, and tones of this length in seconds.
fn site(pages: &[(&str, &str)], seconds: u32) -> Site {
    let site = Site::new();
    for hertz in [400, 1_000, 1_600] {
        pure_tone(site.folder(), hertz, 0.25, seconds);
    }
    for (name, page) in pages {
        site.write(name, page);
    }
    site
}

fn open(
    site: &Site,
    names: &[&str],
    options: &[&str],
    server: &SoundServer,
    bus: Option<&Bus>,
) -> (Sordino, Recording) {
    let recording = server.record(SPEAKER);
    let urls: Vec<_> = names.iter().map(|name| site.url(name)).collect();
    let arguments: Vec<_> =
        options.iter().copied().chain(urls.iter().map(String::as_str)).collect();
    let mut sordino = Sordino::run_with_sound(&arguments, bus, Some(server));
    for _ in names {
        sordino.wait_for("loaded", |_| true);
    }
    (sordino, recording)
}

#[test]
fn a_playlist_goes_from_piece_to_piece() {
    // Shorter ones would be short sounds, which get no keys.
    let site = site(&[("page.html", include_str!("../pages/playlist.html"))], 6);
    let (server, bus) = (SoundServer::start(), Bus::start());
    let (mut sordino, recording) = open(&site, &["page.html"], &[], &server, Some(&bus));
    sordino.click(&["#play"]).unwrap();
    recording.until_steady(LOW, LEVEL, 0.2);
    sordino.wait_for_playing("playing", "Low");
    bus.playerctl(&["next"]).unwrap();
    recording.until_no_tone(LOW, INAUDIBLE);
    recording.until_steady(MIDDLE, LEVEL, 0.2);
    // By itself, at the end of the piece.
    recording.until_steady(HIGH, LEVEL, 0.2);
    sordino.wait_for_console("plays High");
    bus.playerctl(&["previous"]).unwrap();
    recording.until_no_tone(HIGH, INAUDIBLE);
    recording.until_steady(MIDDLE, LEVEL, 0.2);
    sordino.wait_for_console("the end");
    recording.until_no_tone(HIGH, INAUDIBLE);
}

#[test]
fn a_podcast_has_chapters_and_speeds() {
    let site = site(&[("page.html", include_str!("../pages/podcast.html"))], 60);
    let (server, bus) = (SoundServer::start(), Bus::start());
    let (mut sordino, recording) = open(&site, &["page.html"], &[], &server, Some(&bus));
    sordino.click(&["#toggle"]).unwrap();
    sordino.wait_for_console("chapter Welcome");
    recording.until_steady(LOW, LEVEL, 0.2);
    sordino.click(&["#speed"]).unwrap();
    sordino.wait_for_console("speed 1.5");
    bus.playerctl(&["next"]).unwrap();
    sordino.wait_for_console("chapter The long part");
    // As fast as it is, a voice stays as high as it is.
    recording.until_steady(LOW, LEVEL, 0.2);
    bus.playerctl(&["position", "48"]).unwrap();
    sordino.click(&["#speed"]).unwrap();
    sordino.wait_for_console("speed 2");
    sordino.wait_for_console("chapter Good-bye");
    sordino.wait_for_playing("playing", "An episode: Good-bye");
    bus.playerctl(&["previous"]).unwrap();
    bus.playerctl(&["pause"]).unwrap();
    recording.until_no_tone(LOW, INAUDIBLE);
    let position: f64 = bus.playerctl(&["position"]).unwrap().parse().unwrap();
    assert!((49.0..60.0).contains(&position), "{position} s");
}

#[test]
fn a_call_is_interrupted_by_another_one_and_goes_on_when_the_user_says_so() {
    let call = include_str!("../pages/call.html");
    let site = site(&[("one.html", call), ("other.html", call)], 60);
    let server = capture::server();
    let (mut sordino, recording) =
        open(&site, &["one.html", "other.html"], &capture::ALLOW, &server, None);
    sordino.click(&["--tab", "1", "#join"]).unwrap();
    sordino.wait_for("console", says(1, "joined"));
    recording.until_steady(MIDDLE, LEVEL, 0.2);
    sordino.click(&["--tab", "1", "#mute"]).unwrap();
    sordino.wait_for("console", says(1, "muted"));
    sordino.click(&["--tab", "1", "#mute"]).unwrap();

    sordino.click(&["--tab", "2", "#join"]).unwrap();
    sordino.wait_for_all([
        ("console", &says(2, "joined")),
        ("console", &says(1, "interrupted")),
        ("console", &says(1, "microphone: mute")),
    ]);
    sordino.click(&["--tab", "2", "#leave"]).unwrap();
    sordino.wait_for_all([
        ("console", &says(2, "left")),
        ("console", &says(1, "active")),
        ("console", &says(1, "microphone: unmute")),
    ]);
    recording.until_no_tone(MIDDLE, INAUDIBLE);
    sordino.click(&["--tab", "1", "#resume"]).unwrap();
    sordino.wait_for("console", says(1, "goes on"));
    recording.until_steady(MIDDLE, LEVEL, 0.2);
    sordino.signal(Signal::INT);
    sordino.wait();
}

#[test]
fn announcements_do_to_music_what_their_types_say() {
    let music = "<audio src=400.wav loop autoplay></audio><script>
        const audio = document.querySelector('audio');
        for (const type of ['pause', 'playing']) audio.addEventListener(type, () => console.log(type));
        navigator.audioSession.onstatechange = () => console.log(navigator.audioSession.state);</script>";
    let announcements = include_str!("../pages/announcements.html");
    let site = site(&[("music.html", music), ("page.html", announcements)], 3);
    let server = SoundServer::start();
    let (mut sordino, recording) = open(&site, &["music.html", "page.html"], &[], &server, None);
    recording.until_steady(LOW, LEVEL, 0.2);

    sordino.click(&["--tab", "2", "#ambient"]).unwrap();
    recording.until_steady(MIDDLE, LEVEL, 0.2);
    recording.until_steady(LOW, LEVEL, 0.2);
    sordino.wait_for("console", says(2, "over"));

    sordino.click(&["--tab", "2", "#transient"]).unwrap();
    recording.until_steady(LOW, DUCKED, 0.2);
    sordino.wait_for("console", says(2, "over"));
    recording.until_steady(LOW, LEVEL, 0.2);

    sordino.click(&["--tab", "2", "#transient-solo"]).unwrap();
    sordino.wait_for_all([
        ("audio-session", &is_in(1, "interrupted")),
        ("console", &says(1, "interrupted")),
        ("console", &says(1, "pause")),
    ]);
    recording.until_no_tone(LOW, INAUDIBLE);
    sordino.wait_for_all([("console", &says(2, "over")), ("console", &says(1, "playing"))]);
    recording.until_steady(LOW, LEVEL, 0.2);
}

/// How a page gets what it plays, as `audio`.
const KINDS: [&str; 4] = [
    "const audio = new Audio('400.wav');",
    "const audio = document.createElement('video'); audio.src = '400.wav'; \
     document.body.append(audio);",
    "document.body.innerHTML = '<audio><source src=nothing.wav><source src=400.wav></audio>'; \
     const audio = document.querySelector('audio');",
    "const audio = new Audio(); audio.srcObject = await (await fetch('400.wav')).blob();",
];

/// What an element is told, and its session.
const TELL: &str = "for (const type of ['pause', 'playing']) \
                        audio.addEventListener(type, () => console.log(type)); \
                    navigator.audioSession.onstatechange = () => \
                        console.log(navigator.audioSession.state);";

const CALL: &str = "<button id=begin></button><button id=end></button><script>
    const audio = new Audio('1000.wav');
    audio.loop = true;
    document.querySelector('#begin').onclick = () => {
        navigator.audioSession.type = 'play-and-record';
        audio.play();
    };
    document.querySelector('#end').onclick = () => audio.pause();</script>";

#[test]
fn every_kind_of_element_yields_to_a_call_and_comes_back() {
    for kind in KINDS {
        let music = format!(
            "<body><script type=module>{kind} audio.loop = true; {TELL} audio.play();</script>"
        );
        let site = site(&[("music.html", &music), ("call.html", CALL)], 10);
        let server = SoundServer::start();
        let (mut sordino, recording) =
            open(&site, &["music.html", "call.html"], &[], &server, None);
        recording.until_steady(LOW, LEVEL, 0.2);
        sordino.click(&["--tab", "2", "#begin"]).unwrap();
        sordino
            .wait_for_all([("console", &says(1, "interrupted")), ("console", &says(1, "pause"))]);
        recording.until_no_tone(LOW, INAUDIBLE);
        recording.until_steady(MIDDLE, LEVEL, 0.2);
        sordino.click(&["--tab", "2", "#end"]).unwrap();
        sordino.wait_for_all([("console", &says(1, "active")), ("console", &says(1, "playing"))]);
        recording.until_steady(LOW, LEVEL, 0.2);
    }
}

/// Inside a tab the draft's cascade acts: the music is inactive, and nobody resumes it.
#[test]
fn a_call_in_a_frame_ends_the_music_in_another_one() {
    let music = format!(
        "<body><button onclick=audio.play()></button><script>const audio = new Audio('400.wav'); \
         audio.loop = true; {TELL} audio.play();</script>"
    );
    let page = "<iframe id=music src=music.html></iframe><iframe id=call src=call.html></iframe>";
    let pages = [("page.html", page), ("music.html", &music), ("call.html", CALL)];
    let site = site(&pages, 10);
    let server = SoundServer::start();
    let (mut sordino, recording) = open(&site, &["page.html"], &[], &server, None);
    recording.until_steady(LOW, LEVEL, 0.2);
    sordino.click(&["#call", "#begin"]).unwrap();
    sordino.wait_for_all([("console", &says(1, "inactive")), ("console", &says(1, "pause"))]);
    recording.until_no_tone(LOW, INAUDIBLE);
    recording.until_steady(MIDDLE, LEVEL, 0.2);
    sordino.click(&["#call", "#end"]).unwrap();
    recording.until_no_tone(MIDDLE, INAUDIBLE);
    sordino.click(&["#music", "button"]).unwrap();
    sordino.wait_for_all([("console", &says(1, "active")), ("console", &says(1, "playing"))]);
    recording.until_steady(LOW, LEVEL, 0.2);
}
