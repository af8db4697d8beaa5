/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Pages and media files that are not in the repository, as files and over HTTP.

use std::time::Instant;

use rustix::process::Signal;
use sordino_tests::media::{Kind, tone};
use sordino_tests::{Bus, Site, Sordino};

/// A page that plays this file once and says how that went.
fn page_with(kind: Kind) -> Site {
    let site = Site::new();
    // What is shorter counts as a ping, which never gets the media keys.
    tone(site.folder(), kind, 6);
    let name = format!("tone.{}", kind.extension());
    site.page("page.html", "Somewhere else", &format!("<audio src={name}></audio>"));
    site.write(
        "script.js",
        r#"
        const audio = document.querySelector("audio");
        for (const type of ["playing", "error"]) {
            audio.addEventListener(type, () => console.log(type));
        }
        audio.addEventListener("ended", () => {
            console.log(`${Math.round(audio.currentTime)} s of ${Math.round(audio.duration)} s`);
        });
        navigator.mediaSession.setActionHandler("nexttrack", () => {
            navigator.mediaSession.metadata = new MediaMetadata({ title: "Another" });
        });
        audio.play();
        "#,
    );
    let page = std::fs::read_to_string(site.file("page.html")).unwrap();
    site.write("page.html", page + "<script src=script.js></script>\n");
    site
}

fn plays(kind: Kind, address: impl Fn(&Site) -> String) {
    let (site, bus) = (page_with(kind), Bus::start());
    let mut panel = bus.follow("{{status}} {{title}} {{xesam:url}}");
    let page = address(&site);
    let url = match page.starts_with("http:") {
        true => page.clone(),
        false => format!("file://{page}"),
    };
    let mut sordino = Sordino::run(&[&page], Some(&bus));
    panel.until(&format!("Playing Somewhere else {url}"));
    bus.playerctl(&["next"]).unwrap();
    panel.until(&format!("Playing Another {url}"));
    let start = Instant::now();
    sordino.wait_for_console("6 s of 6 s");
    let played = start.elapsed().as_secs_f64();
    // It had begun a moment before.
    assert!((5.0..11.0).contains(&played), "6 s took {played} s");
    sordino.signal(Signal::INT);
    let ended = sordino.wait();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(ended.errors, "");
}

fn as_file(kind: Kind) {
    plays(kind, |site| site.argument("page.html"));
}

fn over_http(kind: Kind) {
    plays(kind, |site| site.url("page.html"));
}

#[test]
fn mp3_from_a_file() {
    as_file(Kind::Mp3);
}

#[test]
fn mp3_over_http() {
    over_http(Kind::Mp3);
}

#[test]
fn ogg_from_a_file() {
    as_file(Kind::Ogg);
}

#[test]
fn ogg_over_http() {
    over_http(Kind::Ogg);
}

#[test]
fn wav_from_a_file() {
    as_file(Kind::Wav);
}

#[test]
fn wav_over_http() {
    over_http(Kind::Wav);
}

#[test]
fn m4a_from_a_file() {
    as_file(Kind::M4a);
}

#[test]
fn m4a_over_http() {
    over_http(Kind::M4a);
}
