/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Audio contexts of pages: what is heard of them, and what they and the sound of other tabs do to each
//! other.

use rustix::process::Signal;
use sordino_tests::media::pure_tone;
use sordino_tests::meter::Samples;
use sordino_tests::sound::{GONE, INAUDIBLE, LEVEL, SPEAKER};
use sordino_tests::{Bus, Recording, Site, Sordino, SoundServer, Tone};

use super::focus::{is_in, pages, says, signal};

/// The tones, in hertz.
const SYNTH: f64 = 400.0;
const OTHER: f64 = 1_000.0;

/// A context whose oscillator can be heard.
const PLAY_SYNTH: &str = "
    const context = new AudioContext();
    context.onstatechange = () => log(`context ${context.state}`);
    const oscillator = new OscillatorNode(context, { frequency: 400 });
    const gain = new GainNode(context, { gain: 0.25 });
    oscillator.connect(gain).connect(context.destination);
    oscillator.start();
";

/// The same of a page whose sound is more than ambience, which a call takes.
const LISTENED_TO: &str = "session.type = 'playback';";

/// Plays a tone as a call, until it is told to end.
const CALL: &str = "session.type = 'play-and-record'; await signal('call'); \
    const audio = await play('1000.wav', true); await signal('end'); audio.pause(); log('ended');";

fn run<const N: usize>(server: &SoundServer, scripts: [&str; N]) -> (Sordino, Recording, Site) {
    let site = Site::new();
    for hertz in [1_000, 1_600] {
        pure_tone(site.folder(), hertz, 0.25, 60);
    }
    let pages = pages(&site, scripts);
    let pages = pages.each_ref().map(String::as_str);
    let recording = server.record(SPEAKER);
    (Sordino::run_with_sound(&pages, None, Some(server)), recording, site)
}

#[test]
fn an_oscillator_is_heard_through_a_gain_that_changes() {
    let script = format!(
        "{PLAY_SYNTH} await signal('softer'); \
         gain.gain.setTargetAtTime(0.025, context.currentTime, 0.02); await signal('suspend'); \
         await context.suspend(); await signal('resume'); gain.gain.value = 0.25; \
         await context.resume(); await signal('close'); await context.close(); log('closed');"
    );
    let server = SoundServer::start();
    let (mut sordino, recording, site) = run(&server, [&script]);
    sordino.wait_for("audio-session", is_in(1, "active"));
    recording.until_steady(SYNTH, LEVEL, 0.3);
    signal(&site, "softer");
    recording.until_steady(SYNTH, LEVEL - 20.0, 0.3);
    signal(&site, "suspend");
    sordino.wait_for_all([
        ("console", &says(1, "context suspended")),
        ("audio-session", &is_in(1, "inactive")),
    ]);
    recording.until_no_tone(SYNTH, INAUDIBLE);
    signal(&site, "resume");
    recording.until_steady(SYNTH, LEVEL, 0.3);
    signal(&site, "close");
    sordino.wait_for("console", says(1, "closed"));
    recording.until_no_tone(SYNTH, INAUDIBLE);
    server.until("a context that is closed has no stream", |streams| streams.is_empty());
}

/// For how many seconds on end, from a time on, a tone was away. A busy machine leaves short gaps.
fn longest_pause(samples: &Samples, hertz: f64, from: f64) -> f64 {
    let mut last = from;
    let tone = samples.tone_envelope(Tone::apart(hertz));
    let heard = tone.filter(|(at, level)| *at >= from && *level >= GONE);
    heard.map(|(at, _)| at - std::mem::replace(&mut last, at)).fold(0.0, f64::max)
}

#[test]
fn the_effects_of_a_game_do_nothing_to_music_in_another_tab() {
    let music = "const audio = await play('1000.wav', true);";
    let game = "
        const context = new AudioContext();
        const file = await fetch('1000.wav').then(answer => answer.arrayBuffer());
        const buffer = await context.decodeAudioData(file);
        const effect = buffer => {
            const source = new AudioBufferSourceNode(context, { buffer, playbackRate: 0.4 });
            source.connect(context.destination);
            source.start(0, 0, 0.08);
            return new Promise(resolve => { source.onended = resolve; });
        };
        await signal('game');
        for (let i = 0; i < 5; i++) await effect(buffer);
        log('played');
    ";
    let server = SoundServer::start();
    let (mut sordino, recording, site) = run(&server, [music, game]);
    recording.until_steady(OTHER, LEVEL, 0.3);
    let begin = recording.mark();
    signal(&site, "game");
    sordino.wait_for_all([
        ("audio-session", &is_in(2, "active")),
        ("console", &says(2, "played")),
        ("audio-session", &is_in(2, "inactive")),
    ]);
    let effects = recording.samples();
    assert!(effects.first_tone(Tone::apart(SYNTH), GONE, begin).is_some(), "no effect was heard");
    recording.until_steady(OTHER, LEVEL, 0.3);
    assert!(longest_pause(&recording.samples(), OTHER, begin) < 0.1, "the music was disturbed");
    sordino.signal(Signal::INT);
    let ended = sordino.wait();
    let of_music = |event: &&serde_json::Value| event["tab"] == 1;
    let states: Vec<_> = ended
        .events
        .iter()
        .filter(of_music)
        .filter(|event| event["event"] == "audio-session" || event["event"] == "ducked")
        .map(|event| event["state"].as_str().unwrap_or("ducked"))
        .collect();
    assert_eq!(states, ["active"]);
}

#[test]
fn a_call_interrupts_a_context_which_comes_back() {
    let server = SoundServer::start();
    let script = format!("{LISTENED_TO} {PLAY_SYNTH}");
    let (mut sordino, recording, site) = run(&server, [&script, CALL]);
    recording.until_steady(SYNTH, LEVEL, 0.3);
    signal(&site, "call");
    sordino.wait_for_all([
        ("audio-session", &is_in(1, "interrupted")),
        ("console", &says(1, "interrupted")),
        ("console", &says(1, "context interrupted")),
    ]);
    recording.until_no_tone(SYNTH, INAUDIBLE);
    recording.until_steady(OTHER, LEVEL, 0.3);
    signal(&site, "end");
    sordino.wait_for_all([
        ("audio-session", &is_in(1, "active")),
        ("console", &says(1, "context running")),
    ]);
    recording.until_steady(SYNTH, LEVEL, 0.3);
}

#[test]
fn what_the_page_suspends_during_an_interruption_stays_suspended() {
    let script = format!(
        "{LISTENED_TO} {PLAY_SYNTH} await signal('suspend'); log(context.state); await context.suspend(); \
         log('done');"
    );
    let server = SoundServer::start();
    let (mut sordino, recording, site) = run(&server, [&script, CALL]);
    recording.until_steady(SYNTH, LEVEL, 0.3);
    signal(&site, "call");
    sordino.wait_for("console", says(1, "context interrupted"));
    signal(&site, "suspend");
    sordino.wait_for_all([
        ("console", &says(1, "context suspended")),
        ("console", &says(1, "done")),
        ("audio-session", &is_in(1, "inactive")),
    ]);
    signal(&site, "end");
    sordino.wait_for("console", says(2, "ended"));
    let end = recording.until_no_tone(OTHER, INAUDIBLE);
    recording.until_long(end + 0.5);
    let after = recording.samples().first_tone(Tone::apart(SYNTH), GONE, end);
    assert_eq!(after, None, "it resumed by itself");
}

#[test]
fn to_resume_during_an_interruption_waits_for_its_end() {
    let script = format!(
        "{LISTENED_TO} {PLAY_SYNTH} await signal('resume'); \
         context.resume().then(() => log('resumed'), error => log(error.name)); \
         setTimeout(() => log(`still ${{context.state}}`), 300);"
    );
    let server = SoundServer::start();
    let (mut sordino, recording, site) = run(&server, [&script, CALL]);
    recording.until_steady(SYNTH, LEVEL, 0.3);
    signal(&site, "call");
    sordino.wait_for("console", says(1, "context interrupted"));
    signal(&site, "resume");
    sordino.wait_for("console", says(1, "still interrupted"));
    let begin = recording.mark();
    signal(&site, "end");
    sordino.wait_for_all([
        ("console", &says(1, "resumed")),
        ("console", &says(1, "context running")),
        ("audio-session", &is_in(1, "active")),
    ]);
    recording.until_steady(SYNTH, LEVEL, 0.3);
    let samples = recording.samples();
    let heard = samples.first_tone(Tone::apart(SYNTH), GONE, begin).unwrap();
    let call = samples.last_tone(Tone::apart(OTHER), GONE).unwrap();
    // What has left either process sounds to its end.
    assert!(heard > call - 0.2, "it was heard at {heard} s, before the call ended at {call} s");
}

#[test]
fn a_context_that_plays_music_loses_it_to_a_song_and_takes_it_back() {
    let synth = format!(
        "{LISTENED_TO} {PLAY_SYNTH} await signal('again'); \
         await context.resume(); log('resumed');"
    );
    let song = "await signal('call'); const audio = await play('1000.wav', true); \
                await signal('end'); audio.pause();";
    let server = SoundServer::start();
    let (mut sordino, recording, site) = run(&server, [&synth, song]);
    recording.until_steady(SYNTH, LEVEL, 0.3);
    signal(&site, "call");
    sordino.wait_for("console", says(1, "context interrupted"));
    recording.until_steady(OTHER, LEVEL, 0.3);
    signal(&site, "end");
    sordino.wait_for_all([
        ("audio-session", &is_in(1, "inactive")),
        ("console", &says(1, "context suspended")),
    ]);
    signal(&site, "again");
    sordino
        .wait_for_all([("console", &says(1, "resumed")), ("audio-session", &is_in(1, "active"))]);
    recording.until_steady(SYNTH, LEVEL, 0.3);
}

#[test]
fn a_transient_solo_sound_interrupts_ambience() {
    let solo = CALL.replace("play-and-record", "transient-solo");
    let server = SoundServer::start();
    let (mut sordino, recording, site) = run(&server, [PLAY_SYNTH, &solo]);
    recording.until_steady(SYNTH, LEVEL, 0.3);
    signal(&site, "call");
    sordino.wait_for("console", says(1, "context interrupted"));
    recording.until_no_tone(SYNTH, INAUDIBLE);
    signal(&site, "end");
    sordino.wait_for("console", says(1, "context running"));
    recording.until_steady(SYNTH, LEVEL, 0.3);
}

#[test]
fn a_context_that_begins_during_an_interruption_waits_for_its_end() {
    let later = format!(
        "{LISTENED_TO} const audio = await play('1000.wav', true); await signal('context'); \
         {PLAY_SYNTH} log('begun');"
    );
    let call = CALL.replace("1000.wav", "1600.wav");
    let server = SoundServer::start();
    let (mut sordino, recording, site) = run(&server, [&later, &call]);
    recording.until_steady(OTHER, LEVEL, 0.3);
    signal(&site, "call");
    sordino.wait_for("console", says(1, "interrupted"));
    signal(&site, "context");
    sordino.wait_for_all([
        ("console", &says(1, "begun")),
        ("console", &says(1, "context interrupted")),
    ]);
    let begin = recording.mark();
    recording.until_long(begin + 0.3);
    assert_eq!(recording.samples().first_tone(Tone::apart(SYNTH), GONE, begin), None);
    signal(&site, "end");
    sordino.wait_for("console", says(1, "context running"));
    recording.until_steady(SYNTH, LEVEL, 0.3);
}

#[test]
fn the_contexts_of_a_frame_that_goes_fall_silent() {
    let server = SoundServer::start();
    let site = Site::new();
    let embeds = "const frame = document.createElement('iframe'); frame.src = '1.html'; \
                  document.body.append(frame); await signal('go'); frame.remove();";
    // Files are of different origins, and so not allowed to play in frames.
    pages(&site, [PLAY_SYNTH, embeds]);
    let page = site.url("2.html");
    let recording = server.record(SPEAKER);
    let _sordino = Sordino::run_with_sound(&[&page], None, Some(&server));
    recording.until_steady(SYNTH, LEVEL, 0.3);
    signal(&site, "go");
    recording.until_no_tone(SYNTH, INAUDIBLE);
    server.until("there is no stream", |streams| streams.is_empty());
}

#[test]
fn media_keys_pause_what_the_user_listens_to() {
    let script = format!("{LISTENED_TO} {PLAY_SYNTH}");
    let (server, bus) = (SoundServer::start(), Bus::start());
    let site = Site::new();
    let [page] = pages(&site, [&script]);
    let recording = server.record(SPEAKER);
    let mut sordino = Sordino::run_with_sound(&[&page], Some(&bus), Some(&server));
    sordino.wait_for_playing("playing", "Page 1");
    recording.until_steady(SYNTH, LEVEL, 0.3);
    bus.playerctl(&["pause"]).unwrap();
    sordino.wait_for("console", says(1, "context suspended"));
    recording.until_no_tone(SYNTH, INAUDIBLE);
    bus.playerctl(&["play"]).unwrap();
    sordino.wait_for("console", says(1, "context running"));
    recording.until_steady(SYNTH, LEVEL, 0.3);
}

#[test]
fn a_context_waits_for_the_user_if_the_preference_says_so() {
    let site = Site::new();
    let script = "
        const context = new AudioContext();
        new OscillatorNode(context).start();
        console.log(navigator.getAutoplayPolicy(context));
        context.resume().then(() => console.log(`resumed ${context.state}`));
        onclick = () => context.resume();
        setTimeout(() => console.log(context.state), 200);
    ";
    site.page("page.html", "Autoplay", &format!("<body><script>{script}</script>"));
    for policy in ["muted-only", "user-gesture"] {
        let pref = format!("media.autoplay={policy}");
        let mut sordino = Sordino::run(&["--pref", &pref, &site.argument("page.html")], None);
        sordino.wait_for_console("disallowed");
        sordino.wait_for_console("suspended");
        sordino.click(&["body"]).unwrap();
        sordino.wait_for_console("resumed running");
        sordino.signal(Signal::INT);
        assert!(sordino.wait().status.success());
    }
}

#[test]
fn a_page_whose_script_never_ends_falls_silent_all_the_same() {
    let hangs =
        format!("{LISTENED_TO} {PLAY_SYNTH} await signal('hang'); log('hangs'); while (true);");
    let server = SoundServer::start();
    let (mut sordino, recording, site) = run(&server, [&hangs, CALL]);
    recording.until_steady(SYNTH, LEVEL, 0.3);
    signal(&site, "hang");
    sordino.wait_for("console", says(1, "hangs"));
    signal(&site, "call");
    recording.until_steady(OTHER, LEVEL, 0.3);
    recording.until_no_tone(SYNTH, INAUDIBLE);
}
