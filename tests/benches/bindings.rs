/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the bindings cost a page: reading `navigator.audioSession.type` and setting
//! `metadata.title`, each against the same property of a plain JavaScript class in the same engine.
//!
//! A ratio of two times measured in turns in one run, the median of many rounds, so that a noisy
//! machine disturbs both alike.

use rustix::process::Signal;
use sordino_tests::{Site, Sordino};

/// The most that the bindings may cost, as a factor.
const LIMIT: f64 = 3.0;

const SCRIPT: &str = r#"<script>
"use strict";
class Session {
  #type = "auto";
  get type() { return this.#type; }
}
class Metadata {
  #title = "";
  get title() { return this.#title; }
  set title(value) { this.#title = String(value); }
}
class Navigator2 {
  #session = new Session();
  get audioSession() { return this.#session; }
}
const CALLS = 50000;
const ROUNDS = 21;

function time(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function ratio(name, ours, plain) {
  const ratios = [];
  for (let round = 0; round < ROUNDS; round++) {
    ratios.push(time(ours) / time(plain));
  }
  ratios.sort((a, b) => a - b);
  console.log(`${name} ${ratios[ROUNDS >> 1]}`);
}

const other = new Navigator2();
ratio(
  "navigator.audioSession.type",
  () => { for (let i = 0; i < CALLS; i++) navigator.audioSession.type; },
  () => { for (let i = 0; i < CALLS; i++) other.audioSession.type; },
);
const attached = navigator.mediaSession.metadata = new MediaMetadata({ title: "Song" });
const plain = new Metadata();
ratio(
  "metadata.title",
  () => { for (let i = 0; i < CALLS; i++) attached.title = "Song"; },
  () => { for (let i = 0; i < CALLS; i++) plain.title = "Song"; },
);
console.log("done");
</script>"#;

fn main() {
    let site = Site::new();
    site.page("bench.html", "Benchmark", SCRIPT);
    let mut sordino = Sordino::run(&[&site.argument("bench.html")], None);
    sordino.wait_for_console("done");
    sordino.signal(Signal::INT);
    let mut slow = false;
    for event in sordino.wait().events {
        let Some(text) = event["text"].as_str() else { continue };
        let Some((name, Ok(ratio))) =
            text.split_once(' ').map(|(name, ratio)| (name, ratio.parse::<f64>()))
        else {
            continue;
        };
        println!("{name}: {ratio:.2} times a plain class (at most {LIMIT})");
        slow |= ratio > LIMIT;
    }
    assert!(!slow, "the bindings cost too much");
}
