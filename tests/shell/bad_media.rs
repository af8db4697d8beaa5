/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Media that is large, and servers that give it wrongly: the right events and errors, and nothing is
//! stuck.

use serde_json::Value;
use sordino_tests::media_server::Manner;
use sordino_tests::{MediaServer, Site, Sordino};

/// A page that says what its element is told, with an element for this source.
fn page(site: &Site, source: &str, script: &str) -> String {
    site.page(
        "page.html",
        "Media",
        &format!(
            r#"<script>
const audio = new Audio();
const events = ["loadedmetadata", "canplaythrough", "playing", "waiting", "stalled", "suspend",
                "seeked", "ended", "pause"];
for (const type of events) audio.addEventListener(type, () => console.log(type));
audio.addEventListener("error", () => console.log(`error ${{audio.error.code}}: ${{audio.error.message}}`));
const until = type => new Promise(resolve => audio.addEventListener(type, resolve, {{ once: true }}));
const reaches = time => new Promise(resolve => audio.addEventListener("timeupdate", function check() {{
    if (audio.currentTime >= time) {{ audio.removeEventListener("timeupdate", check); resolve(); }}
}}));
audio.src = "{source}";
(async () => {{ {script} }})();
</script>"#
        ),
    );
    site.argument("page.html")
}

fn open(site: &Site, server: &MediaServer, script: &str) -> Sordino {
    let page = page(site, &server.url(), script);
    Sordino::run(&[&page], None)
}

fn says_error<'a>(parts: &'a [&'a str]) -> impl Fn(&Value) -> bool + 'a {
    move |event| {
        let text = event["text"].as_str().unwrap_or_default();
        text.starts_with("error ") && parts.iter().all(|part| text.contains(part))
    }
}

/// A gibibyte, of which little is played.
#[test]
fn of_a_huge_file_no_more_is_fetched_and_kept_than_is_needed() {
    let server = MediaServer::start(Manner::Ranges, 65_536);
    let site = Site::new();
    let script = "await until('canplaythrough'); await audio.play(); await reaches(0.5); \
                  console.log('plays'); audio.currentTime = 60000; await until('seeked'); \
                  await reaches(60000.5); console.log('far'); audio.currentTime = 1; \
                  await until('seeked'); await reaches(1.5); console.log('back');";
    let mut sordino = open(&site, &server, script);
    for text in ["plays", "far", "back"] {
        sordino.wait_for_console(text);
        let given = server.given();
        assert!(given < server.length() / 8, "{text}: {given} bytes were fetched");
    }
    let [content] = sordino.children()[..] else { panic!("one page, one process") };
    let memory = content.own_memory();
    assert!(memory < 100 << 20, "the process has {memory} bytes");
    let ranges = server.ranges();
    assert!(ranges.len() < 20, "{ranges:?}");
}

#[test]
fn a_server_without_ranges_still_plays_and_a_seek_goes_where_the_bytes_have_come() {
    let server = MediaServer::start(Manner::Whole, 3_000);
    let site = Site::new();
    let script = "await until('canplaythrough'); await audio.play(); await reaches(0.5); \
                  audio.currentTime = 2900; await until('seeked'); await reaches(2900.5); \
                  console.log('far'); audio.currentTime = 10; await until('seeked'); \
                  await reaches(10.5); console.log('back');";
    let mut sordino = open(&site, &server, script);
    sordino.wait_for_console("far");
    sordino.wait_for_console("back");
    let [content] = sordino.children()[..] else { panic!("one page, one process") };
    let memory = content.own_memory();
    assert!(memory < 100 << 20, "the process has {memory} bytes");
}

#[test]
fn a_server_that_stalls_is_noticed_and_playing_goes_on_with_it() {
    let server = MediaServer::start(Manner::Stalls, 600);
    let site = Site::new();
    let script = "audio.playbackRate = 4; await until('canplay'); await audio.play();";
    let mut sordino = open(&site, &server, script);
    for event in ["playing", "stalled", "waiting"] {
        sordino.wait_for_console(event);
    }
    server.go_on();
    sordino.wait_for_console("playing");
}

#[test]
fn a_server_that_breaks_off_is_asked_for_the_rest() {
    let server = MediaServer::start(Manner::BreaksOff, 100);
    let site = Site::new();
    let script = "await until('canplay'); await audio.play(); audio.currentTime = 99; \
                  await until('ended'); console.log('all of it');";
    let mut sordino = open(&site, &server, script);
    sordino.wait_for_console("all of it");
    let ranges = server.ranges();
    assert!(ranges.contains(&"bytes=200000-".to_owned()), "{ranges:?}");
}

#[test]
fn a_file_that_changes_on_the_server_and_a_part_that_nobody_wanted_are_errors() {
    for (manner, reason) in
        [(Manner::Changes, "has changed on the server"), (Manner::OtherPart, "sent another range")]
    {
        let server = MediaServer::start(manner, 20_000);
        let site = Site::new();
        let script = "await until('canplay'); await audio.play(); await reaches(0.2); \
                      audio.currentTime = 19000;";
        let mut sordino = open(&site, &server, script);
        sordino.wait_for_all([
            ("console", &says_error(&["error 2", reason, &server.url()])),
            ("audio-session", &|event| event["state"] == "inactive"),
        ]);
    }
}

#[test]
fn a_page_may_have_200_elements() {
    let site = Site::new();
    sordino_tests::media::tone(site.folder(), sordino_tests::media::Kind::Wav, 1);
    let script = "const all = Array.from({ length: 200 }, () => new Audio('tone.wav')); \
                  await Promise.all(all.map(it => new Promise((resolve, reject) => { \
                      it.oncanplaythrough = resolve; it.onerror = () => reject(it.error); }))); \
                  console.log('all are there'); \
                  for (const it of [all[0], all[199], all[100]]) { \
                      await it.play(); await new Promise(resolve => it.onended = resolve); } \
                  console.log('all play');";
    let page = page(&site, "tone.wav", script);
    let mut sordino = Sordino::run(&[&page], None);
    sordino.wait_for_console("all are there");
    sordino.wait_for_console("all play");
}

/// Longer than the network may be idle.
#[test]
fn what_waits_as_enough_is_there_is_not_cut_off() {
    let server = MediaServer::start(Manner::Whole, 3_000);
    let site = Site::new();
    let script = "await until('suspend'); await new Promise(done => setTimeout(done, 1500)); \
                  await audio.play(); audio.currentTime = 2999; await until('ended'); \
                  console.log('all of it');";
    let page = page(&site, &server.url(), script);
    let mut sordino = Sordino::run(&[&page, "--pref", "network.idle_seconds=0.5"], None);
    sordino.wait_for_console("all of it");
    assert_eq!(server.ranges().len(), 1, "by one request");
}
