/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Sound servers that come and go under pages that play.

use sordino_tests::media::pure_tone;
use sordino_tests::sound::{LEVEL, SPEAKER};
use sordino_tests::{Recording, Site, Sordino, SoundServer};

use super::focus::{LOG, says, signal};

/// How long sound may take to return, in seconds.
const SOON: f64 = 2.0;

/// A page that plays a tone, and says at a signal whether its time went on and nothing failed.
fn page(site: &Site, hertz: u32) -> String {
    pure_tone(site.folder(), hertz, 0.25, 60);
    let name = format!("{hertz}.html");
    let script = format!(
        "<body><script>{LOG}(async () => {{
            const audio = await play('{hertz}.wav', true);
            for (const name of ['error', 'emptied', 'ended']) {{
                audio.addEventListener(name, () => log(name));
            }}
            await signal('first');
            const before = audio.currentTime;
            log('noted');
            await signal('second');
            const after = audio.currentTime;
            log(audio.error || audio.paused || after <= before ? `${{before}} ${{after}}` : 'goes on');
        }})();</script>"
    );
    site.page(&name, &name, &script);
    site.argument(&name)
}

/// Waits until all of these tones are heard again.
fn return_soon(recording: &Recording, tones: &[u32], from: f64) {
    for hertz in tones {
        let begin = recording.until_steady(f64::from(*hertz), LEVEL, 0.2);
        assert!(begin - from < SOON, "{hertz} Hz came after {} s", begin - from);
    }
}

#[test]
fn three_processes_outlive_their_server_and_sound_again_with_the_next() {
    let tones = [400, 1_000, 1_600];
    let site = Site::new();
    let pages = tones.map(|hertz| page(&site, hertz));
    let mut server = SoundServer::start();
    let recording = server.record(SPEAKER);
    let mut arguments = vec!["--pref", "focus.mode=page"];
    arguments.extend(pages.iter().map(String::as_str));
    let mut sordino = Sordino::run_with_sound(&arguments, None, Some(&server));
    for hertz in tones {
        recording.until_steady(f64::from(hertz), LEVEL, 0.2);
    }

    server.kill();
    signal(&site, "first");
    let noted: [_; 3] = [1, 2, 3].map(|tab| says(tab, "noted"));
    sordino.wait_for_all([("console", &noted[0]), ("console", &noted[1]), ("console", &noted[2])]);
    server.start_again();
    let recording = server.record(SPEAKER);
    return_soon(&recording, &tones, 0.0);

    signal(&site, "second");
    let goes_on: [_; 3] = [1, 2, 3].map(|tab| says(tab, "goes on"));
    sordino.wait_for_all([
        ("console", &goes_on[0]),
        ("console", &goes_on[1]),
        ("console", &goes_on[2]),
    ]);
}

#[test]
fn sound_goes_to_another_device_when_its_own_is_gone() {
    let site = Site::new();
    let page = page(&site, 400);
    let server = SoundServer::builder().sinks(&[SPEAKER, "headset"]).start();
    let (speaker, headset) = (server.record(SPEAKER), server.record("headset"));
    let mut sordino = Sordino::run_with_sound(&[&page], None, Some(&server));
    speaker.until_steady(400.0, LEVEL, 0.2);
    signal(&site, "first");
    sordino.wait_for_console("noted");

    let modules = server.pactl(&["list", "short", "modules"]).unwrap();
    let module = modules.lines().find(|line| line.contains("sink_name=speaker")).unwrap();
    let number = module.split_whitespace().next().unwrap().parse().unwrap();
    let from = headset.mark();
    server.unload_module(number);
    return_soon(&headset, &[400], from);
    signal(&site, "second");
    sordino.wait_for_console("goes on");
}

#[test]
fn a_server_that_comes_late_is_used() {
    let site = Site::new();
    let page = page(&site, 400);
    let mut server = SoundServer::absent();
    let mut sordino = Sordino::run_with_sound(&[&page], None, Some(&server));
    sordino.wait_for_console("plays");
    signal(&site, "first");
    sordino.wait_for_console("noted");
    server.start_again();
    return_soon(&server.record(SPEAKER), &[400], 0.0);
    signal(&site, "second");
    sordino.wait_for_console("goes on");
}
