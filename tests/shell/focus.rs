/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Who sounds when several tabs want to: pages, their sessions and the sound server.

use rustix::process::Signal;
use serde_json::Value;
use sordino_tests::media::{Kind, tone};
use sordino_tests::{Bus, Site, Sordino, SoundServer};

/// What pages have: a console, their audio session, signals of the test, sounds.
pub(super) const LOG: &str = r#"
const log = console.log;
const session = navigator.audioSession;
session.onstatechange = () => log(session.state);
const found = name => new Promise(resolve => {
    const script = document.createElement("script");
    script.src = `${name}.js`;
    script.addEventListener("load", () => resolve(true));
    script.addEventListener("error", () => resolve(false));
    document.body.appendChild(script);
});
const signal = async name => {
    while (!await found(name)) await new Promise(resolve => setTimeout(resolve, 20));
};
const play = async (source, loop) => {
    const audio = new Audio(source);
    audio.loop = loop;
    audio.onpause = () => log("pause");
    audio.onplaying = () => log("playing");
    await audio.play();
    log("plays");
    return audio;
};
"#;

/// A site with tones, and a page of each of these scripts.
pub(super) fn site<const N: usize>(scripts: [&str; N]) -> (Site, [String; N]) {
    let site = Site::new();
    tone(site.folder(), Kind::Wav, 100);
    std::fs::rename(site.file("tone.wav"), site.file("song.wav")).unwrap();
    // As long as a short sound may be, so that a slow machine sees it.
    tone(site.folder(), Kind::Wav, 5);
    std::fs::rename(site.file("tone.wav"), site.file("ping.wav")).unwrap();
    let pages = pages(&site, scripts);
    (site, pages)
}

/// Writes a page of each of these scripts.
pub(super) fn pages<const N: usize>(site: &Site, scripts: [&str; N]) -> [String; N] {
    std::array::from_fn(|number| {
        let name = format!("{}.html", number + 1);
        let script =
            format!("<body><script>{LOG}(async () => {{ {} }})();</script>", scripts[number]);
        site.page(&name, &format!("Page {}", number + 1), &script);
        site.argument(&name)
    })
}

/// Lets pages go on that wait for `signal(name)`.
pub(super) fn signal(site: &Site, name: &str) {
    site.write(&format!("{name}.js"), "");
}

pub(super) fn says(tab: u32, text: &str) -> impl Fn(&Value) -> bool {
    move |event| event["tab"] == tab && event["text"] == text
}

pub(super) fn is_in(tab: u32, state: &str) -> impl Fn(&Value) -> bool {
    move |event| event["tab"] == tab && event["state"] == state
}

#[test]
fn the_newer_song_silences_the_older_and_the_user_brings_it_back() {
    let later = "await signal('go'); play('song.wav', true);";
    let (site, [first, second]) = site(["play('song.wav', true);", later]);
    let bus = Bus::start();
    let mut sordino = Sordino::run(&[&first, &second], Some(&bus));
    sordino.wait_for("audio-session", is_in(1, "active"));
    signal(&site, "go");
    // What a page says and what the session manager says comes on different ways.
    let [taken, ..] = sordino.wait_for_all([
        ("audio-session", &is_in(1, "interrupted")),
        ("console", &says(1, "interrupted")),
        ("console", &says(1, "pause")),
    ]);
    let why = taken["why"].as_str().unwrap();
    assert!(why.starts_with("interrupted: tab 2 began to play"), "{why}");
    assert!(why.ends_with("for good"), "{why}");

    // Tab 2 is in control. When it pauses, tab 1 is told that it is over.
    bus.playerctl(&["pause"]).unwrap();
    sordino.wait_for_all([
        ("audio-session", &is_in(1, "inactive")),
        ("audio-session", &is_in(2, "inactive")),
        ("console", &says(1, "inactive")),
    ]);
    bus.playerctl(&["play"]).unwrap();
    sordino.wait_for("audio-session", is_in(2, "active"));
    sordino.signal(Signal::INT);
    sordino.wait();
}

#[test]
fn a_ping_ducks_the_song_until_it_is_over() {
    let later = "await signal('go'); play('ping.wav', false);";
    let (site, [first, second]) = site(["play('song.wav', true);", later]);
    let mut sordino = Sordino::run(&[&first, &second], None);
    sordino.wait_for("audio-session", is_in(1, "active"));
    signal(&site, "go");
    let ducked = sordino.wait_for("ducked", |event| event["ducked"] == true);
    assert_eq!(ducked["tab"], 1);
    sordino.wait_for("ducked", |event| event["tab"] == 1 && event["ducked"] == false);
    sordino.signal(Signal::INT);
    let ended = sordino.wait();
    let states: Vec<_> = ended
        .events
        .iter()
        .filter(|event| event["event"] == "audio-session" && event["tab"] == 1)
        .map(|event| event["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["active"], "the song is never interrupted");
}

#[test]
fn a_page_that_never_ends_its_script_falls_silent_too() {
    let hangs = "await play('song.wav', true); log('hangs'); while (true);";
    let later = "await signal('go'); play('song.wav', true);";
    let (site, [first, second]) = site([hangs, later]);
    let sound = SoundServer::start();
    let mut sordino = Sordino::run_with_sound(&[&first, &second], None, Some(&sound));
    sordino.wait_for_all([("console", &says(1, "hangs")), ("audio-session", &is_in(1, "active"))]);
    signal(&site, "go");
    sordino.wait_for("audio-session", is_in(1, "interrupted"));
    sound.until("one stream stands still and another is heard", |streams| {
        streams.len() == 2 && streams.iter().filter(|stream| stream.corked).count() == 1
    });
    sordino.signal(Signal::INT);
    sordino.wait();
}

#[test]
fn a_page_that_is_stuck_is_paused_without_it_and_goes_on_paused() {
    let stuck = "const audio = await play('song.wav', true);
        navigator.mediaSession.setActionHandler('nexttrack', () => {
            log('stuck');
            for (const start = Date.now(); Date.now() - start < 2000;);
            log('goes on');
        });
        navigator.mediaSession.setActionHandler('pause', () => { audio.pause(); log('told'); });";
    let (site, [page, _]) = site([stuck, ""]);
    let (sound, bus) = (SoundServer::start(), Bus::start());
    let mut sordino = Sordino::run_with_sound(&[&page], Some(&bus), Some(&sound));
    sordino.wait_for_all([("console", &says(1, "plays")), ("audio-session", &is_in(1, "active"))]);
    bus.until("the next track", || bus.playerctl(&["next"]).is_ok());
    sordino.wait_for("console", says(1, "stuck"));
    bus.playerctl(&["pause"]).unwrap();
    sordino.wait_for("not-answered", |event| event["action"] == "pause");
    let held = sordino.wait_for("audio-session", is_in(1, "interrupted"));
    assert!(held["why"].as_str().unwrap().contains("its page does not answer"), "{held}");
    sound.until("it stands still", |streams| streams.iter().all(|stream| stream.corked));
    sordino.wait_for_all([
        ("console", &says(1, "goes on")),
        ("console", &says(1, "told")),
        ("action", &|event| event["action"] == "pause"),
        ("audio-session", &is_in(1, "inactive")),
    ]);
    drop(site);
    sordino.signal(Signal::INT);
    sordino.wait();
}

/// A call in tab 2 interrupts what tab 1 plays, and ends; `while_held` is what the page does when it
/// hears of the interruption. Returns what the page said from then on, to its last state.
fn during_a_call(while_held: &str, last_state: &str) -> Vec<String> {
    let song = format!(
        "const audio = await play('song.wav', true);
         session.addEventListener('statechange', async () => {{
             if (session.state == 'interrupted') {{ {while_held} }}
         }});"
    );
    let call = "await signal('call');
        session.type = 'play-and-record';
        const audio = await play('song.wav', true);
        await signal('end');
        audio.pause();";
    let (site, [first, second]) = site([&song, call]);
    let mut sordino = Sordino::run(&[&first, &second], None);
    sordino.wait_for_all([("audio-session", &is_in(1, "active")), ("console", &says(1, "plays"))]);
    signal(&site, "call");
    // What does not come back is in its last state before the call ends.
    let comes_back = last_state != "inactive";
    sordino.wait_for_all([
        ("audio-session", &is_in(2, "active")),
        ("console", &says(2, "plays")),
        ("console", &says(1, "pause")),
        ("console", &says(1, if comes_back { "held" } else { last_state })),
    ]);
    signal(&site, "end");
    if comes_back {
        sordino.wait_for_all([
            ("audio-session", &is_in(2, "inactive")),
            ("console", &says(1, last_state)),
        ]);
    } else {
        sordino.wait_for("audio-session", is_in(2, "inactive"));
    }
    sordino.signal(Signal::INT);
    let console = sordino.wait().events.into_iter();
    let console = console.filter(|event| event["event"] == "console" && event["tab"] == 1);
    let texts = console.map(|event| event["text"].as_str().unwrap().to_owned());
    texts.skip_while(|text| text != "interrupted").collect()
}

#[test]
fn a_song_comes_back_after_a_call() {
    let said = during_a_call("log('held');", "playing");
    assert_eq!(said, ["interrupted", "held", "pause", "active", "playing"]);
}

#[test]
fn what_the_page_pauses_during_a_call_does_not_come_back() {
    let pauses = "audio.addEventListener('pause', () => { audio.pause(); log('held'); });";
    let said = during_a_call(pauses, "inactive");
    assert_eq!(said, ["interrupted", "pause", "held", "inactive"]);
}

#[test]
fn what_gets_another_resource_during_a_call_does_not_come_back() {
    let changes =
        "audio.addEventListener('pause', () => { audio.src = 'ping.wav'; log('held'); });";
    let said = during_a_call(changes, "inactive");
    assert_eq!(said, ["interrupted", "pause", "held", "inactive"]);
}

#[test]
fn what_the_page_plays_during_a_call_waits_for_its_end() {
    let plays = "audio.addEventListener('play', () => log('held'));
        audio.addEventListener('pause', async () => {
            await audio.play();
            log('resolved');
        }, { once: true });";
    let said = during_a_call(plays, "resolved");
    let expected = ["interrupted", "pause", "held", "active", "playing", "resolved"];
    assert_eq!(said, expected, "the promise waits, and nothing is paused again");
}

#[test]
fn what_the_page_plays_and_pauses_during_a_call_does_not_come_back() {
    let plays = "audio.addEventListener('pause', () => {
            const play = audio.play();
            audio.addEventListener('play', () => audio.pause());
            play.catch(error => log(error.name));
        }, { once: true });";
    let said = during_a_call(plays, "inactive");
    assert!(said.contains(&"AbortError".to_owned()), "{said:?}");
    assert!(!said.contains(&"playing".to_owned()), "{said:?}");
}

#[test]
fn a_page_cannot_take_focus_back_by_unmuting_what_the_user_once_started() {
    let grabs = "const audio = new Audio('song.wav');
        audio.muted = audio.loop = true;
        navigator.mediaSession.setActionHandler('nexttrack', () => audio.play());
        const song = await play('song.wav', true);
        audio.onplaying = () => setTimeout(() => log('activation is over'), 5100);
        session.addEventListener('statechange', () => {
            if (session.state == 'interrupted') { audio.muted = false; log('grabs'); }
        });";
    let later = "await signal('go'); play('song.wav', true);";
    let (site, [first, second]) = site([grabs, later]);
    let bus = Bus::start();
    let mut sordino = Sordino::run(&[&first, &second], Some(&bus));
    sordino.wait_for("audio-session", is_in(1, "active"));
    bus.until("the next track", || bus.playerctl(&["next"]).is_ok());
    sordino.wait_for("console", says(1, "activation is over"));
    signal(&site, "go");
    sordino.wait_for_all([
        ("console", &says(1, "grabs")),
        ("console", &says(2, "plays")),
        ("audio-session", &is_in(2, "active")),
    ]);
    bus.playerctl(&["pause"]).unwrap();
    sordino.wait_for("audio-session", is_in(2, "inactive"));
    sordino.signal(Signal::INT);
    sordino.wait();
}

#[test]
fn in_the_mode_page_tabs_play_together() {
    let later = "await signal('go'); await play('song.wav', true);";
    let (site, [first, second]) = site(["play('song.wav', true);", later]);
    let mut sordino = Sordino::run(&["--pref", "focus.mode=page", &first, &second], None);
    sordino.wait_for("audio-session", is_in(1, "active"));
    signal(&site, "go");
    sordino.wait_for_all([("audio-session", &is_in(2, "active")), ("console", &says(2, "plays"))]);
    sordino.signal(Signal::INT);
    let ended = sordino.wait();
    let is_interrupted =
        |event: &&Value| event["event"] == "audio-session" && event["state"] != "active";
    assert_eq!(ended.events.iter().find(is_interrupted), None);
}

#[test]
fn a_preference_that_cannot_be_set_says_what_to_write() {
    for (pref, expected) in [
        ("focus.mode=loud", "'focus.mode' is browser, page or none; 'loud' is none"),
        ("focus.mod=page", "there is no preference 'focus.mod'"),
        ("focus.duck_gain=1.5", "'focus.duck_gain' is from 0 to 1; 1.5 is not"),
        ("focus.reclaim_guard=-1", "'focus.reclaim_guard' is a time; -1 s is none"),
        (
            "media.autoplay=no",
            "'media.autoplay' is allowed, muted-only or user-gesture; 'no' is none",
        ),
    ] {
        let ended = Sordino::run(&["--pref", pref], None).wait();
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
        assert!(ended.errors.contains(expected), "{ended:?}");
    }
}
