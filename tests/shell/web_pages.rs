/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Pages as web developers write them, in `tests/pages`, from the first click to the end.

use rustix::process::Signal;
use serde_json::Value;
use sordino_tests::media::{Kind, tone};
use sordino_tests::{Bus, Site, Sordino};

/// A site with these pages, and tones of 6 s; what is shorter never gets the media keys.
fn site(pages: &[(&str, &str)]) -> Site {
    let site = Site::new();
    tone(site.folder(), Kind::Wav, 6);
    tone(site.folder(), Kind::Ogg, 6);
    for (name, page) in pages {
        site.write(name, page);
    }
    site
}

/// Ends the program, and checks that nothing was wrong with it.
fn end(sordino: Sordino) -> Vec<String> {
    sordino.signal(Signal::INT);
    sordino.wait().console()
}

#[test]
fn a_music_player_as_guides_teach_it() {
    let site = site(&[("player.html", include_str!("../pages/player.html"))]);
    let bus = Bus::start();
    let mut panel = bus.follow("{{status}} {{title}} {{artist}} {{album}}");
    let mut sordino = Sordino::run(&[&site.url("player.html")], Some(&bus));
    sordino.wait_for("loaded", |_| true);
    sordino.click(&["#toggle"]).unwrap();
    panel.until("Playing First Light A. Player Guides");
    assert_eq!(bus.playerctl(&["metadata", "mpris:length"]).unwrap(), "6000000");
    let art = bus.playerctl(&["metadata", "mpris:artUrl"]).unwrap_or_default();
    assert!(art.is_empty() || art.ends_with("cover-512.png"), "{art}");

    bus.playerctl(&["pause"]).unwrap();
    panel.until("Paused First Light A. Player Guides");
    bus.playerctl(&["position", "4"]).unwrap();
    bus.playerctl(&["play"]).unwrap();
    panel.until("Playing First Light A. Player Guides");
    let position: f64 = bus.playerctl(&["position"]).unwrap().parse().unwrap();
    assert!((4.0..6.0).contains(&position), "{position} s");
    bus.playerctl(&["position", "3-"]).unwrap();

    // The page's own button does the same as the key.
    sordino.click(&["#next"]).unwrap();
    panel.until("Playing Second Wind A. Player Guides");
    bus.playerctl(&["previous"]).unwrap();
    panel.until("Playing First Light A. Player Guides");
    // At the end of one piece the page goes on with the next.
    bus.playerctl(&["position", "5.5"]).unwrap();
    panel.until("Playing Second Wind A. Player Guides");
    bus.playerctl(&["stop"]).unwrap();
    sordino.wait_for("action", |event| event["action"] == "stop");
    let lines = end(sordino);
    assert_eq!(lines.first().map(String::as_str), Some("playing"), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("not supported")), "{lines:?}");
}

#[test]
fn slides_follow_a_presenters_remote_control() {
    let site = site(&[("slides.html", include_str!("../pages/slides.html"))]);
    let mut sordino = Sordino::run(&[&site.url("slides.html")], None);
    sordino.wait_for("loaded", |_| true);
    sordino.click(&["#start"]).unwrap();
    sordino.wait_for_console("slide: 1 Welcome");
    for (action, shown) in [
        ("nextslide", "slide: 1 What we found"),
        ("nextslide", "slide: 1 Thank you"),
        ("previousslide", "slide: 1 What we found"),
    ] {
        sordino.action(&[action]).unwrap();
        let has_title =
            |event: &Value| event["title"].as_str().is_some_and(|title| shown.ends_with(title));
        let is_shown = |event: &Value| event["text"] == shown;
        sordino.wait_for_all([("console", &is_shown), ("now-playing", &has_title)]);
    }
    let lines = end(sordino);
    let offers: Vec<_> = lines.iter().filter(|line| line.starts_with("next slide")).collect();
    assert_eq!(offers, ["next slide: yes", "next slide: no", "next slide: yes"]);
}

#[test]
fn frames_of_both_origins_have_sessions() {
    let pages = [
        ("frames.html", include_str!("../pages/frames.html")),
        ("frame.html", include_str!("../pages/frame.html")),
    ];
    let (own, other) = (site(&pages), site(&pages));
    let bus = Bus::start();
    let mut panel = bus.follow("{{status}} {{title}}");
    let url = format!("{}?other={}", own.url("frames.html"), other.url(""));
    let mut sordino = Sordino::run(&[&url], Some(&bus));
    sordino.wait_for_console("ready");
    sordino.wait_for_console("own: plays piece of own (same origin)");
    panel.until("Playing Song of own");
    bus.playerctl(&["next"]).unwrap();
    sordino.wait_for_console("own: action nexttrack (same origin)");
    panel.until("Playing Next of own");

    // Another origin's player takes over within the tab, and keeps the keys.
    sordino.click(&["#play-other"]).unwrap();
    sordino.wait_for_console("other: plays piece of other (another origin)");
    sordino.wait_for_console("own: state inactive (same origin)");
    panel.until("Playing Song of other");
    bus.playerctl(&["next"]).unwrap();
    sordino.wait_for_console("other: action nexttrack (another origin)");

    // A frame that is taken away takes its session along.
    sordino.click(&["#remove-other"]).unwrap();
    panel.until("Paused Next of own");
    let lines = end(sordino);
    assert!(lines.contains(&"own title: A player in a frame, piece of own, 2".into()), "{lines:?}");
    assert!(lines.contains(&"other: null SecurityError true".into()), "{lines:?}");
}

#[test]
fn a_page_that_goes_to_another_while_it_plays_leaves_nothing() {
    let site = site(&[
        ("leaves.html", include_str!("../pages/leaves.html")),
        ("arrives.html", include_str!("../pages/arrives.html")),
    ]);
    let bus = Bus::start();
    let mut panel = bus.follow("{{status}} {{title}}");
    let mut sordino = Sordino::run(&[&site.url("leaves.html")], Some(&bus));
    sordino.wait_for_console("plays");
    panel.until("Playing On the first page");
    // The key makes the page go where its link leads.
    bus.playerctl(&["next"]).unwrap();
    sordino.wait_for_console("leaves, persisted: false");
    sordino.wait_for_console("arrived ?from=first #there, undefined, null, inactive");
    panel.until("Playing On the second page");
    assert_eq!(bus.playerctl(&["-l"]).unwrap().lines().count(), 1);
    let lines = end(sordino);
    assert_eq!(lines.len(), 4, "nothing of the first page went on: {lines:?}");
}

#[test]
fn pages_that_are_files_show_those_of_their_folder() {
    let site = site(&[]);
    std::fs::create_dir(site.folder().join("talk")).unwrap();
    site.write("outside.html", "<script>console.log('outside')</script>");
    site.write("talk/two.html", "<title>Two</title><script>console.log('two')</script>");
    site.write(
        "talk/one.html",
        "<title>One</title><iframe src=../outside.html></iframe>\
         <script>onload = () => { location = 'two.html' }</script>",
    );
    let mut sordino = Sordino::run(&[&site.argument("talk/one.html")], None);
    sordino.wait_for_console("two");
    sordino.wait_for("loaded", |event| event["title"] == "Two");
    let lines = end(sordino);
    assert!(!lines.contains(&"outside".to_owned()), "{lines:?}");
    let is_told = |line: &String| line.contains("outside.html may not be read");
    assert!(lines.iter().any(is_told), "{lines:?}");
}
