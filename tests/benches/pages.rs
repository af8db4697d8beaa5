/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a page costs: the memory of an idle content process, the time from its start to the first script,
//! and the load of a large page against html5ever alone.
//!
//! html5ever makes the tree of its own tests from the same text, in turns with the loads; of both the
//! median of many rounds counts. The start of a process is known to a hundredth of a second only.

#![allow(clippy::unwrap_used, reason = "a benchmark")]

use std::time::{Instant, SystemTime};

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::RcDom;
use rustix::process::Signal;
use sordino_tests::program::{ContentProcess, Sordino};
use sordino_tests::site::Site;

/// The most that an idle content process may have for itself, in mebibytes.
const MEMORY_LIMIT: f64 = 15.0;
/// The most that may pass until the first script runs, in milliseconds.
const START_LIMIT: f64 = 30.0;
/// The most that the load of a page may take, as a factor.
const LOAD_LIMIT: f64 = 4.0;
/// The size of the large page, in bytes.
const PAGE_SIZE: usize = 5 << 20;

fn main() {
    let site = Site::new();
    let is_small = memory_of_an_idle_process(&site);
    let is_quick = time_to_the_first_script(&site);
    let is_lean = load_of_a_large_page(&site);
    assert!(is_small && is_quick && is_lean, "a page costs too much");
}

/// Opens a page, does something when it has logged a line that starts with `word`, and returns that
/// with the number behind it.
fn measure<T>(argument: &str, word: &str, then: impl FnOnce(ContentProcess) -> T) -> (T, f64) {
    let mut sordino = Sordino::run(&[argument], None);
    let is_wanted = |text: &str| text.split(' ').next() == Some(word);
    let line = sordino.wait_for("console", |event| event["text"].as_str().is_some_and(is_wanted));
    let result = then(sordino.children()[0]);
    sordino.signal(Signal::INT);
    sordino.wait();
    let number = line["text"].as_str().unwrap().split(' ').nth(1).unwrap();
    (result, number.parse().unwrap())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A second after an empty page was loaded: of one of two tabs, which share the pages of the program, and
/// of a tab alone, which shares them with the shell only.
fn memory_of_an_idle_process(site: &Site) -> bool {
    let script = "<script>onload = () => setTimeout(() => console.log('idle'), 1000)</script>";
    site.page("idle.html", "Idle", script);
    let page = site.argument("idle.html");
    let memory = |pages: &[&str]| {
        let mut sordino = Sordino::run(pages, None);
        for _ in pages {
            sordino.wait_for_console("idle");
        }
        let memory = sordino.children()[0].memory();
        sordino.signal(Signal::INT);
        sordino.wait();
        memory as f64 / f64::from(1 << 20)
    };
    let (of_two, alone) = (memory(&[&page, &page]), memory(&[&page]));
    println!(
        "an idle content process: {of_two:.1} MiB that no other has (at most {MEMORY_LIMIT}), {alone:.1} MiB in a tab alone"
    );
    of_two <= MEMORY_LIMIT
}

/// When the machine was started, in milliseconds of the Unix epoch: known to more than the hundredths that
/// are shown at the moment when these change.
fn start_of_machine() -> f64 {
    let uptime = || {
        let text = std::fs::read_to_string("/proc/uptime").unwrap();
        text.split(' ').next().unwrap().parse::<f64>().unwrap()
    };
    let before = uptime();
    loop {
        let (now, uptime) = (SystemTime::now(), uptime());
        if uptime != before {
            let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap();
            return (now.as_secs_f64() - uptime) * 1000.0;
        }
    }
}

/// From the start of the content process.
fn time_to_the_first_script(site: &Site) -> bool {
    const ROUNDS: usize = 30;
    site.page("first.html", "First", "<script>console.log(`first ${Date.now()}`)</script>");
    let argument = site.argument("first.html");
    let start_of_machine = start_of_machine();
    let round = |_| {
        let (started, at) = measure(&argument, "first", ContentProcess::started);
        at - start_of_machine - started
    };
    let times: Vec<f64> = (0..ROUNDS).map(round).collect();
    // The start is rounded down to a hundredth of a second.
    let mean = times.iter().sum::<f64>() / ROUNDS as f64 - 5.0;
    println!(
        "from the start of a process to its first script: {mean:.1} ms (at most {START_LIMIT})"
    );
    mean <= START_LIMIT
}

/// From the begin of the navigation to the `load` event.
fn load_of_a_large_page(site: &Site) -> bool {
    const ROUNDS: usize = 11;
    let page = large_page();
    site.write("large.html", &page);
    let argument = site.argument("large.html");
    let (mut loads, mut parses) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        loads.push(measure(&argument, "loaded", |_| ()).1);
        let start = Instant::now();
        let parser = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default());
        let tree = parser.one(&*page);
        parses.push(start.elapsed().as_secs_f64() * 1000.0);
        assert!(tree.errors.borrow().is_empty(), "{:?}", tree.errors);
    }
    let (load, parse) = (median(loads), median(parses));
    let factor = load / parse;
    println!(
        "the load of 5 MiB: {load:.0} ms, {factor:.2} times html5ever alone (at most {LOAD_LIMIT})"
    );
    factor <= LOAD_LIMIT
}

/// A list of songs.
fn large_page() -> String {
    let mut page = String::from(
        "<!DOCTYPE html><meta charset=utf-8><title>Large</title>
        <script>onload = () => console.log(`loaded ${performance.now()}`)</script><ol>",
    );
    let mut number = 0;
    while page.len() < PAGE_SIZE {
        number += 1;
        page.push_str(&format!(
            "<li class=\"track is-new\" id=track-{number} data-seconds=\"{}\">
              <a href=\"/artists/{}\">Artist {}</a> &amp; friends: <b>Song number {number}</b>
              <!-- {number} --><p>Recorded in one night, with <em>two</em> microphones.</p>
            </li>\n",
            number % 300,
            number % 1000,
            number % 1000,
        ));
    }
    page.push_str("</ol>");
    page
}
