/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Pages that manage entries of audio focus beside their audio sessions.

use rustix::process::Signal;
use sordino_tests::{Bus, Sordino, SoundServer};

use crate::focus::{is_in, says, signal, site};

const ENTRIES: &str = "dom.audio_focus.enabled=true";

/// `entered(name, source, type)`: an element with an entry, both of which say what happens to them.
const ENTERED: &str = "
const entered = (name, source, type) => {
    const audio = new Audio(source);
    audio.focusEntry = new AudioFocusEntry(type);
    audio.focusEntry.onstatechange = () => log(`${name} ${audio.focusEntry.state}`);
    for (const event of ['playing', 'pause']) {
        audio.addEventListener(event, () => log(`${name} ${event}`));
    }
    return audio;
};";

#[test]
fn a_page_with_music_and_a_chime_shares_with_another_tab() {
    let page = format!(
        "{ENTERED}
         const music = entered('music', 'song.wav', 'playback');
         const chime = entered('chime', 'ping.wav', 'transient');
         music.loop = true;
         await music.play();
         await signal('chime');
         await chime.play();
         await signal('directions');
         while (music.focusEntry.state != 'suspended') {{
             await new Promise(done => music.focusEntry.addEventListener('statechange', done));
         }}
         chime.play().catch(error => log(`chime ${{error.name}}`));"
    );
    let directions = "await signal('directions');
        session.type = 'transient-solo';
        const audio = await play('song.wav', true);
        await signal('end');
        audio.pause();";
    let (site, [first, second]) = site([&page, directions]);
    let bus = Bus::start();
    let mut sordino = Sordino::run(&["--pref", ENTRIES, &first, &second], Some(&bus));
    let [active, ..] = sordino.wait_for_all([
        ("audio-session", &is_in(1, "active")),
        ("console", &says(1, "music active")),
        ("console", &says(1, "music playing")),
    ]);
    assert!(active["entry"].is_number(), "it is the entry's: {active}");

    signal(&site, "chime");
    sordino.wait_for_all([
        ("console", &says(1, "chime active")),
        ("console", &says(1, "music ducking")),
        ("ducked", &|event| event["ducked"] == true && event["entry"] == active["entry"]),
    ]);
    sordino.wait_for_all([
        ("console", &says(1, "chime inactive")),
        ("console", &says(1, "music active")),
    ]);

    signal(&site, "directions");
    sordino.wait_for_all([
        ("audio-session", &is_in(1, "interrupted")),
        ("console", &says(1, "music suspended")),
        ("console", &says(1, "music pause")),
        ("console", &says(1, "chime NotAllowedError")),
        ("console", &says(2, "plays")),
    ]);
    signal(&site, "end");
    sordino.wait_for_all([
        ("console", &says(1, "music active")),
        ("console", &says(1, "music playing")),
        ("audio-session", &is_in(2, "inactive")),
    ]);

    // Only entries sound, and the page has the keys.
    bus.playerctl(&["pause"]).unwrap();
    sordino.wait_for_all([
        ("console", &says(1, "music pause")),
        ("console", &says(1, "music inactive")),
    ]);
    sordino.signal(Signal::INT);
    sordino.wait();
}

#[test]
fn an_entry_of_a_page_that_never_ends_its_script_falls_silent() {
    let hangs = format!(
        "{ENTERED}
         const music = entered('music', 'song.wav', 'playback');
         await music.play();
         log('hangs');
         while (true);"
    );
    let later = "await signal('go'); play('song.wav', true);";
    let (site, [first, second]) = site([&hangs, later]);
    let sound = SoundServer::start();
    let pages = ["--pref", ENTRIES, &first, &second];
    let mut sordino = Sordino::run_with_sound(&pages, None, Some(&sound));
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
fn pages_see_no_entries_unless_the_user_wants_it() {
    let looks = "log(typeof AudioFocusEntry); log('focusEntry' in new Audio()); log('looked');";
    let (_site, [page]) = site([looks]);
    let mut sordino = Sordino::run(&[&page], None);
    sordino.wait_for_console("looked");
    sordino.signal(Signal::INT);
    assert_eq!(sordino.wait().console(), ["undefined", "false", "looked"]);
}
