/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a page's script may do to its media elements, and what the elements promise it.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use sordino_tests::media::{Kind, tone};
use sordino_tests::{Site, Sordino};

/// Runs a script that has `a` and `b`, two media elements, and `log`, and returns what it wrote
/// until `done`.
fn run(script: &str) -> Vec<String> {
    let site = Site::new();
    tone(site.folder(), Kind::Wav, 1);
    tone(site.folder(), Kind::Ogg, 1);
    let script = format!(
        r#"<div id=box></div>
<script>
const log = console.log;
const [a, b] = [new Audio("tone.wav"), new Audio("tone.ogg")];
const once = (target, type) => new Promise(resolve => {{
    target.addEventListener(type, resolve, {{ once: true }});
}});
const busy = milliseconds => {{
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
}};
(async () => {{
{script}
}})().catch(error => log(`${{error}}`)).then(() => log("done"));
</script>"#
    );
    site.page("page.html", "Script", &script);
    let mut sordino = Sordino::run(&[&site.argument("page.html")], None);
    sordino.wait_for_console("done");
    sordino.signal(Signal::INT);
    sordino.wait().console()
}

#[test]
fn play_is_settled_whatever_is_loaded_meanwhile() {
    let lines = run(r#"
        const outcome = promise => promise.then(() => "plays", error => error.name);
        await once(a, "canplaythrough");
        const [first, second] = [a.play(), a.play()];
        a.pause();
        const third = a.play();
        a.src = "tone.ogg";
        log(await outcome(first), await outcome(second), await outcome(third));
        log(await outcome(a.play()));
        // What waits for data has nothing to play; what could have begun counts as begun.
        const c = new Audio("tone.wav");
        const early = c.play();
        c.src = "tone.ogg";
        log(await outcome(early));
    "#);
    assert_eq!(lines, ["plays plays plays", "plays", "AbortError", "done"]);
}

#[test]
fn what_an_earlier_player_says_does_not_concern_the_next() {
    let lines = run(r#"
        for (let round = 0; round < 20; round++) {
            a.src = "tone.ogg";
            // Metadata of this one is on its way when the next is chosen.
            await new Promise(resolve => setTimeout(resolve, round * 3));
            busy(20);
        }
        a.src = "tone.wav";
        log(a.readyState, a.duration);
        await a.play();
        await once(a, "ended");
        log(a.currentSrc.endsWith("tone.wav"), a.currentTime);
    "#);
    assert_eq!(lines, ["0 NaN", "true 1", "done"]);
}

#[test]
fn a_source_that_is_set_in_durationchange_is_the_one_that_plays() {
    let lines = run(r#"
        a.addEventListener("durationchange", () => {
            b.src = a.src = "tone.ogg";
        }, { once: true });
        await once(a, "emptied");
        log(a.readyState);
        await once(a, "loadedmetadata");
        log(a.currentSrc.endsWith("tone.ogg"), a.readyState >= 1);
    "#);
    assert_eq!(lines, ["0", "true true", "done"]);
}

#[test]
fn one_that_starts_when_another_pauses_plays_on() {
    let lines = run(r#"
        navigator.audioSession.type = "playback";
        await Promise.all([once(a, "canplaythrough"), once(b, "canplaythrough")]);
        await a.play();
        await once(navigator.audioSession, "statechange");
        a.onpause = () => { b.play(); busy(100); };
        a.pause();
        busy(100);
        await once(b, "ended");
        log("b played to its end");
    "#);
    assert_eq!(lines, ["b played to its end", "done"]);
}

#[test]
fn media_that_leaves_the_document_pauses() {
    let lines = run(r#"
        const box = document.getElementById("box");
        box.appendChild(a);
        await a.play();
        box.textContent = "";
        await once(a, "pause");
        log(a.paused, a.currentTime < 1);
    "#);
    assert_eq!(lines, ["true true", "done"]);
}

#[test]
fn numbers_that_no_player_can_play_are_refused_or_bounded() {
    let lines = run(r#"
        await once(a, "canplaythrough");
        for (const rate of [-1, 1e-30, 5e-324, 17, 1e300]) {
            try { a.playbackRate = rate; } catch (error) { log(`${rate} ${error.name}`); }
        }
        a.defaultPlaybackRate = -2;
        a.load();
        log(a.playbackRate);
        await once(a, "canplaythrough");
        a.playbackRate = 1;
        a.currentTime = 1e300;
        await a.play();
        navigator.mediaSession.setPositionState({
            duration: Infinity, playbackRate: Number.MAX_VALUE, position: Number.MAX_VALUE,
        });
        await once(a, "ended");
        log("ended");
    "#);
    let refused = ["-1", "1e-30", "5e-324", "17", "1e+300"];
    let refused = refused.map(|rate| format!("{rate} NotSupportedError"));
    assert_eq!(lines[..5], refused);
    assert_eq!(lines[5..], ["0.0625", "ended", "done"]);
}

#[test]
fn a_page_that_calls_often_is_not_taken_for_a_broken_one() {
    let lines = run(r#"
        await a.play();
        for (let i = 0; i < 1000; i++) { a.play().catch(() => {}); a.pause(); }
        for (let i = 0; i < 2000; i++) a.muted = !a.muted;
        await a.play();
        log("plays");
    "#);
    assert_eq!(lines, ["plays", "done"]);
}

#[test]
fn events_that_cause_events_hold_up_no_timer() {
    let lines = run(r#"
        a.onvolumechange = () => { a.volume = Math.random(); };
        a.volume = 0.5;
        await new Promise(resolve => setTimeout(resolve, 50));
        log("timer");
        a.onvolumechange = null;
    "#);
    assert_eq!(lines, ["timer", "done"]);
}

#[test]
fn a_page_plays_more_short_sounds_than_there_are_players() {
    let start = Instant::now();
    let lines = run(r#"
        for (let round = 0; round < 10; round++) {
            const sounds = Array.from({ length: 10 }, () => new Audio("tone.wav"));
            await Promise.all(sounds.map(async sound => {
                sound.currentTime = 0.8;
                await sound.play();
                await once(sound, "ended");
            }));
        }
        log("all have played");
    "#);
    assert_eq!(lines, ["all have played", "done"]);
    assert!(start.elapsed() > Duration::from_secs(2), "each for a fifth of a second");
}

#[test]
fn what_plays_and_what_listens_stays_though_nobody_holds_it() {
    let lines = run(r#"
        const states = [];
        const ended = new Promise(resolve => {
            navigator.audioSession.onstatechange = ({ target }) => states.push(target.state);
            const audio = new Audio("tone.wav");
            audio.onended = () => resolve("ended");
            audio.play();
        });
        await once(navigator.audioSession, "statechange");
        for (let round = 0, kept; round < 200_000; round++) kept = { kept: { round } };
        log(await ended);
        if (navigator.audioSession.state != "inactive")
            await once(navigator.audioSession, "statechange");
        log(...states);
    "#);
    assert_eq!(lines, ["ended", "active inactive", "done"]);
}

#[test]
fn media_plays_from_what_was_fetched() {
    let lines = run(r#"
        const response = await fetch("tone.wav").catch(error => log(error));
        log(response.status, response.headers.get("content-type"));
        const blob = await response.blob();
        const url = URL.createObjectURL(blob);
        a.src = url;
        await a.play();
        URL.revokeObjectURL(url);
        await once(a, "ended");
        log(a.currentSrc === url, Math.round(a.duration), blob.type);
        b.src = url;
        log(await b.play().catch(error => error.name));
    "#);
    let [fetched, played, warning, revoked, _done] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert_eq!((&**fetched, &**played), ("200 audio/wav", "true 1 audio/wav"));
    assert!(warning.contains("there is no such blob"), "{warning}");
    assert_eq!(revoked, "NotSupportedError");
}
