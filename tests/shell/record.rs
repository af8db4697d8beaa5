/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the session manager decided, recorded and replayed.

use std::path::Path;
use std::process::Output;

use rustix::process::Signal;
use sordino_tests::media::{Kind, tone};
use sordino_tests::{Bus, Site, Sordino, program};
use tempfile::TempDir;

fn replay(record: &Path) -> Output {
    let folder = tempfile::tempdir().unwrap();
    program::command(&["replay", record.to_str().unwrap()], None, &folder).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Two songs of which the second takes over, and keys between; returns the record and its folder.
fn recorded_run(options: &[&str]) -> (TempDir, String) {
    let site = Site::new();
    tone(site.folder(), Kind::Wav, 100);
    let song = "<link rel='shortcut ICON' href=icon.png sizes=16x16><audio src=tone.wav autoplay loop></audio><script>
        navigator.mediaSession.metadata = new MediaMetadata({ title: 'Known song' });
        navigator.mediaSession.setActionHandler('nexttrack', () => {
            navigator.mediaSession.metadata.title = 'Next song';
        });
        navigator.mediaSession.setPositionState({ duration: Infinity });
    </script>";
    site.page("first.html", "First page", song);
    site.page("second.html", "Second page", song);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("record.ron");
    let record = format!("--record={}", file.display());
    let pages = [site.argument("first.html"), site.argument("second.html")];
    let bus = Bus::start();
    let mut arguments = vec![record.as_str(), &pages[0], &pages[1]];
    arguments.extend(options);
    let mut sordino = Sordino::run(&arguments, Some(&bus));
    sordino.wait_for("audio-session", |event| event["state"] == "interrupted");
    bus.until("a key", || bus.playerctl(&["next"]).is_ok());
    sordino.wait_for("action", |event| event["action"] == "nexttrack");
    bus.playerctl(&["pause"]).unwrap();
    sordino.wait_for("action", |event| event["action"] == "pause");
    sordino.signal(Signal::INT);
    let ended = sordino.wait();
    assert_eq!((ended.status.code(), ended.errors.as_str()), (Some(0), ""), "{ended:?}");
    let record = std::fs::read_to_string(file).unwrap();
    (folder, record)
}

#[test]
fn a_recorded_run_replays_to_identical_outputs() {
    let (folder, record) = recorded_run(&[]);
    let file = folder.path().join("record.ron");
    let Output { status, stdout, stderr } = replay(&file);
    assert!(status.success(), "{}", text(&stderr));
    let inputs = record.lines().count() - 1;
    assert_eq!(text(&stderr), format!("{inputs} inputs gave the recorded outputs\n"));
    let printed = text(&stdout);
    for wanted in [
        "state:interrupted",
        "action:nexttrack",
        "Known song",
        "Next song",
        "duration:inf",
        "icon.png",
        "// interrupted: tab ",
    ] {
        assert!(printed.contains(wanted), "no {wanted} in:\n{printed}");
    }

    // Without one of its inputs it is another run.
    let is_request = |line: &&str| line.contains("Request(");
    let first = record.lines().find(is_request).unwrap();
    std::fs::write(&file, record.replacen(&format!("{first}\n"), "", 1)).unwrap();
    let Output { status, stderr, .. } = replay(&file);
    assert_eq!(status.code(), Some(1));
    assert!(text(&stderr).contains("gives other outputs; recorded are:"), "{}", text(&stderr));
}

#[test]
fn a_record_of_private_tabs_has_no_titles_and_no_urls() {
    let (folder, record) = recorded_run(&["--private"]);
    assert!(replay(&folder.path().join("record.ron")).status.success());
    assert!(record.contains("Private tab"));
    for secret in ["song", "page", "html", "file:", "icon.png"] {
        assert!(!record.contains(secret), "{secret} in:\n{record}");
    }
}

#[test]
fn what_is_no_record_is_refused_with_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("record.ron");
    let (_, record) = recorded_run(&[]);
    let header = record.lines().next().unwrap();
    let refused = |content: &str| {
        std::fs::write(&file, content).unwrap();
        let Output { status, stderr, .. } = replay(&file);
        assert_eq!(status.code(), Some(2));
        text(&stderr).to_owned()
    };
    assert!(refused("").contains("it is empty"));
    assert!(refused("{}").contains("it does not begin as a record"));
    assert!(refused(&format!("{header}\nnonsense\n")).contains("line 2: "));
    let other = header.replace("version:1", "version:77");
    assert!(refused(&other).contains("it has version 77; this program reads 1"), "{other}");
    let missing = replay(&folder.path().join("missing.ron"));
    assert!(text(&missing.stderr).contains("cannot read"), "{}", text(&missing.stderr));
}
