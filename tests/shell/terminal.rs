/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The live status on a terminal, and its keys.

use std::fs::File;
use std::io::{Read, Write};
use std::process::Child;
use std::time::Instant;

use crossbeam_channel::{Receiver, unbounded};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use sordino_tests::media::pure_tone;
use sordino_tests::sound::{LEVEL, QUIET, SPEAKER};
use sordino_tests::{PATIENCE, Site, SoundServer, program};
use tempfile::TempDir;

/// What a program writes to ask a terminal where the cursor is.
const CURSOR_QUERY: &[u8] = b"\x1b[6n";

/// `sordino run` on a terminal of 80 by 24 characters.
struct Terminal {
    keyboard: File,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    child: Child,
    _folder: TempDir,
}

impl Terminal {
    fn run(pages: &[&str], sound: Option<&SoundServer>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&controller, size).unwrap();
        let name = ptsname(&controller, Vec::new()).unwrap().into_string().unwrap();
        let open = || File::options().read(true).write(true).open(&name).unwrap();
        let mut command = program::command(&[&["run"], pages].concat(), None, &folder);
        if let Some(sound) = sound {
            command.env("PULSE_SERVER", &sound.address);
        }
        let child = command
            .env("TERM", "xterm-256color")
            .stdin(open())
            .stdout(open())
            .stderr(open())
            .spawn()
            .unwrap();
        let keyboard = File::from(controller);
        let mut screen = keyboard.try_clone().unwrap();
        let (sender, output) = unbounded();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // It fails when the program, the last to hold the other side, has ended.
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(24, 80, 0);
        Self { keyboard, output, screen, child, _folder: folder }
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    fn shows(&self, wanted: &str) -> bool {
        self.screen.screen().contents().contains(wanted)
    }

    /// Waits until the screen has all of these.
    fn until(&mut self, wanted: &[&str]) {
        self.until_shown(&format!("no {wanted:?}"), |it| wanted.iter().all(|text| it.shows(text)));
    }

    /// Waits until the screen has it no more.
    fn until_gone(&mut self, unwanted: &str) {
        self.until_shown(&format!("always {unwanted:?}"), |it| !it.shows(unwanted));
    }

    fn until_shown(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(self) {
            let Ok(bytes) = self.output.recv_deadline(deadline) else {
                panic!("{what} in:\n{}", self.screen.screen().contents());
            };
            self.screen.process(&bytes);
            if bytes.windows(CURSOR_QUERY.len()).any(|window| window == CURSOR_QUERY) {
                let (row, column) = self.screen.screen().cursor_position();
                self.press(&format!("\x1b[{};{}R", row + 1, column + 1));
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_status_shows_what_plays_and_obeys_its_keys() {
    let mut terminal = Terminal::run(&[], None);
    terminal.until(&[
        "there is no D-Bus session bus",
        "▶ tab 1: Morning Bells — Sordino",
        "/ 0:25",
        "space play/pause",
    ]);
    terminal.until(&["0:01 / 0:25"]);
    terminal.press("n");
    terminal.until(&["▶ tab 1: Paper Boats", "tab 1: nexttrack, by the page's handler"]);
    terminal.press(" ");
    terminal.until(&["⏸ tab 1: Paper Boats", "tab 1: pause, by the page's handler"]);
    terminal.press("m");
    terminal.until(&["Paper Boats — Sordino (muted)"]);
    terminal.press("\x1b[C");
    terminal.until(&["tab 1: seekforward, by the page's handler"]);
    terminal.press("c");
    terminal.until(&["click the element (CSS selector)"]);
    terminal.press("#previous\r");
    terminal.until(&["tab 1: clicked button#previous", "▶ tab 1: Morning Bells"]);
    terminal.press("c");
    terminal.press("no such [\r");
    terminal.until(&["not done: 'no such [' is not a valid selector"]);
    terminal.press("a");
    terminal.until(&["action, as in: hangup, seekto 30"]);
    terminal.press("1 seekto 20\r");
    terminal.until(&["tab 1: seekto, by the page's handler", "0:20 / 0:25"]);
    terminal.press("ahangup\r");
    terminal.until(&["not done: the media session has no handler for hangup"]);
    terminal.press("adance\r");
    terminal.until(&["not done: there is no action 'dance'"]);
    terminal.press("--");
    terminal.until(&["tab 1: volume 80 %"]);
    terminal.press("i");
    terminal.until(&["tab 1 keeps the keys"]);
    terminal.press("i");
    terminal.until(&["the keys go to what sounds last"]);
    terminal.press("o");
    terminal.until(&["focus mode: page"]);
    terminal.press("w");
    terminal
        .until(&["tab 1: has the media keys, as it began to sound last", "active: it was granted"]);
    terminal.press("P");
    terminal.until(&["tab 1: pause, by the page's handler", "⏸ tab 1: Morning Bells"]);
    terminal.press("q");
    assert!(terminal.child.wait().unwrap().success());
}

#[test]
fn the_users_volume_and_mute_are_heard() {
    let site = Site::new();
    pure_tone(site.folder(), 400, 0.25, 60);
    site.page("tone.html", "Tone", "<audio src=400.wav autoplay loop></audio>");
    let sound = SoundServer::start();
    let recording = sound.record(SPEAKER);
    let mut terminal = Terminal::run(&[&site.argument("tone.html")], Some(&sound));
    terminal.until(&["▶ tab 1: Tone"]);
    recording.until_steady(400.0, LEVEL, 0.2);
    terminal.press("-----");
    terminal.until(&["tab 1: volume 50 %"]);
    recording.until_steady(400.0, LEVEL - 6.02, 0.2);
    terminal.press("m");
    recording.until_no_tone(400.0, QUIET);
    terminal.press("m+");
    terminal.until(&["tab 1: volume 60 %"]);
    recording.until_steady(400.0, LEVEL - 4.44, 0.2);
    terminal.press("q");
    assert!(terminal.child.wait().unwrap().success());
}

#[test]
fn the_user_is_asked_who_may_listen_and_sees_who_does() {
    let site = Site::new();
    let script = "<script>
        const ask = async constraints => {
            try {
                window.stream = await navigator.mediaDevices.getUserMedia(constraints);
                console.log('it captures');
            } catch (error) {
                console.log(error.name);
            }
        };
        onclick = () => stream.getTracks().forEach(track => track.stop());
        (async () => { await ask({ audio: true }); await ask({ video: true }); })();
        </script><body id=page>";
    site.page("page.html", "Page", script);
    let options = ["--test-mode", "--pref", "media.test_devices=true", &site.url("page.html")];
    let mut terminal = Terminal::run(&options, None);
    terminal.until(&["wants to use the microphone", "y allow · n refuse"]);
    terminal.press("y");
    terminal.until(&["it captures", "● tab 1: the microphone", "wants to use the camera"]);
    terminal.press("n");
    terminal.until(&["NotAllowedError", "may not use the camera: the user says so"]);
    terminal.until(&["space play/pause"]);
    terminal.press("c#page\r");
    terminal.until(&["tab 1: captures nothing"]);
    terminal.until_gone("●");
    terminal.press("q");
    assert!(terminal.child.wait().unwrap().success());
}
