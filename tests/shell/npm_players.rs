/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Players that many pages use, as npm has them.

use rustix::process::Signal;
use sordino_tests::media::pure_tone;
use sordino_tests::sound::{INAUDIBLE, LEVEL, QUIET, SPEAKER};
use sordino_tests::{Site, Sordino, SoundServer, npm};

const TONE: f64 = 400.0;

/// howler plays, pauses, seeks and fades, as its buttons say.
fn howler_plays(options: &str) {
    let site = Site::new();
    pure_tone(site.folder(), 400, 0.25, 20);
    let howler = std::fs::read(npm::package("howler").join("dist/howler.js")).unwrap();
    site.write("howler.js", howler);
    let page = format!(
        r#"<script src="howler.js"></script>
        <button id=play onclick="sound.play()"></button>
        <button id=pause onclick="sound.pause()"></button>
        <button id=fade onclick="sound.fade(1, 0.1, 400)"></button>
        <button id=loud onclick="sound.volume(1)"></button>
        <button id=seek onclick="sound.seek(19)"></button>
        <script>
        const sound = new Howl({{ src: ["400.wav"], {options} }});
        console.log(`web audio: ${{Howler.usingWebAudio && !sound._html5}}`);
        for (const type of ["load", "loaderror", "playerror", "play", "pause", "seek", "fade", "end"])
            sound.on(type, (id, error) => console.log(error ? `${{type}} ${{error}}` : type));
        sound.on("load", () => console.log(`${{Math.round(sound.duration())}} s`));
        </script>"#
    );
    site.page("page.html", "Howler", &page);
    let server = SoundServer::start();
    let recording = server.record(SPEAKER);
    let mut sordino = Sordino::run_with_sound(&[&site.url("page.html")], None, Some(&server));
    sordino.wait_for_console("20 s");
    let click = |what: &str| sordino.click(&[&format!("#{what}")]).unwrap();
    click("play");
    recording.until_steady(TONE, LEVEL, 0.2);
    click("pause");
    recording.until_no_tone(TONE, INAUDIBLE);
    click("play");
    recording.until_steady(TONE, LEVEL, 0.2);
    click("fade");
    // To a tenth: 20 dB less.
    recording.until_steady(TONE, LEVEL - 20.0, 0.2);
    click("loud");
    recording.until_steady(TONE, LEVEL, 0.2);
    click("seek");
    recording.until_no_tone(TONE, QUIET);
    sordino.wait_for_console("end");
    sordino.signal(Signal::INT);
    let console = sordino.wait().console();
    let events = ["20 s", "load", "play", "pause", "play", "fade", "seek", "end"];
    assert_eq!(console[1..], events);
    let is_web_audio = !options.contains("html5");
    assert_eq!(console[0], format!("web audio: {is_web_audio}"));
}

#[test]
fn howler_plays_with_elements() {
    howler_plays("html5: true");
}
