/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Content processes that die.

use rustix::process::Signal;
use sordino_tests::media::{Kind, tone};
use sordino_tests::program::ContentProcess;
use sordino_tests::{Bus, PATIENCE, Site, Sordino};

const TITLES: [&str; 2] = ["First", "Second"];

/// Two pages that play for longer than any test.
fn two_pages() -> Site {
    let site = Site::new();
    tone(site.folder(), Kind::Wav, 100);
    for title in TITLES {
        site.page(
            &format!("{title}.html"),
            title,
            r#"<audio src="tone.wav" autoplay loop></audio>"#,
        );
    }
    site
}

/// Both pages play; those are their processes.
fn play(site: &Site, bus: &Bus) -> (Sordino, Vec<ContentProcess>) {
    let pages = TITLES.map(|title| site.argument(&format!("{title}.html")));
    let together = "--pref=focus.mode=page";
    let mut sordino = Sordino::run(&[together, &pages[0], &pages[1]], Some(bus));
    let processes = sordino.wait_for_content_processes(2);
    (sordino, processes)
}

fn the_other_tab_plays_on(killed: usize) {
    let (site, bus) = (two_pages(), Bus::start());
    let mut panel = bus.follow("{{status}} {{title}}");
    let (mut sordino, processes) = play(&site, &bus);
    // Whichever of the two is in control.
    panel.until_any(&["Playing First", "Playing Second"]);

    processes[killed].kill();
    let closed = sordino.wait_for("closed", |_| true);
    assert_eq!(closed["tab"], killed + 1);
    assert_eq!(closed["reason"], "the content process was killed by signal 9 (SIGKILL)");

    let (left, title) = (processes[1 - killed], TITLES[1 - killed]);
    let shown = || bus.playerctl(&["metadata", "title"]);
    bus.until("the other tab is in control", || shown().as_deref() == Ok(title));
    let position = || bus.playerctl(&["position"]).unwrap().parse::<f64>().unwrap();
    let before = position();
    bus.until("it plays on", || position() > before + 0.5);
    bus.playerctl(&["pause"]).unwrap();
    sordino.wait_for_playing("paused", title);
    assert!(left.runs());

    sordino.signal(Signal::INT);
    let ended = sordino.wait();
    assert_eq!((ended.status.code(), ended.errors.as_str()), (Some(1), ""), "{ended:?}");
    left.wait_until_gone();
}

#[test]
fn when_the_first_dies_the_second_plays_on() {
    the_other_tab_plays_on(0);
}

#[test]
fn when_the_second_dies_the_first_plays_on() {
    the_other_tab_plays_on(1);
}

#[test]
fn the_player_leaves_the_bus_with_the_last_tab() {
    let bus = Bus::start();
    let mut panel = bus.follow("{{status}} {{title}}");
    let mut sordino = Sordino::run(&[], Some(&bus));
    let processes = sordino.wait_for_content_processes(1);
    panel.until("Playing Morning Bells");
    processes[0].kill();
    panel.until("");
    let ended = sordino.wait();
    assert_eq!((ended.status.code(), ended.errors.as_str()), (Some(1), ""), "{ended:?}");
    let last = ended.events.iter().rfind(|event| event["event"] == "closed").unwrap();
    assert_eq!(last["reason"], "the content process was killed by signal 9 (SIGKILL)");
    assert!(bus.playerctl(&["status"]).is_err(), "the name is released");
}

/// A page whose script never ends, and its process.
fn stuck() -> (Site, Sordino, ContentProcess) {
    let site = Site::new();
    site.page("page.html", "Stuck", "<script>console.log('busy'); while (true);</script>");
    let mut sordino = Sordino::run(&[&site.argument("page.html")], None);
    sordino.wait_for_console("busy");
    let process = sordino.children()[0];
    (site, sordino, process)
}

#[test]
fn a_page_that_is_stuck_ends_with_the_program() {
    let (_site, sordino, process) = stuck();
    sordino.signal(Signal::INT);
    let ended = sordino.wait();
    assert!(ended.status.success(), "{ended:?}");
    assert!(!process.runs());
}

#[test]
fn a_page_that_is_stuck_does_not_outlive_a_killed_program() {
    let (_site, sordino, process) = stuck();
    sordino.signal(Signal::KILL);
    process.wait_until_gone();
    assert_eq!(sordino.wait().status.code(), None, "killed");
}

#[test]
fn a_content_process_does_not_outlive_the_program() {
    let bus = Bus::start();
    let mut panel = bus.follow("{{status}} {{title}}");
    let mut sordino = Sordino::run(&[], Some(&bus));
    let processes = sordino.wait_for_content_processes(1);
    panel.until("Playing Morning Bells");
    sordino.signal(Signal::KILL);
    panel.until("");
    processes[0].wait_until_gone();
    assert!(!processes[0].runs(), "within {PATIENCE:?}");
}
