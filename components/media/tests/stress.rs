/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Players that are dropped while their session is suspended and resumed.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::time::Instant;

use common::TestEngine;
use sordino_tests::{PATIENCE, SoundServer};

/// What a process has.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Has {
    threads: u32,
    descriptors: u32,
    kilobytes: i64,
}

fn count(engine: &mut TestEngine) -> Has {
    engine.tell_at_once("count");
    let line = engine.until("has ");
    let mut numbers = line.split(' ').filter_map(|word| word.parse().ok());
    let mut next = || numbers.next().unwrap();
    let (threads, descriptors, kilobytes) = (next(), next(), next());
    engine.until("done");
    Has { threads: threads as u32, descriptors: descriptors as u32, kilobytes }
}

/// Waits until the process has no more threads and descriptors than this: what is freed is freed on
/// a thread of its own.
fn until_it_has(engine: &mut TestEngine, start: Has) -> Has {
    let begin = Instant::now();
    loop {
        let now = count(engine);
        if now.threads <= start.threads && now.descriptors <= start.descriptors {
            return now;
        }
        assert!(begin.elapsed() < PATIENCE, "it had {start:?}, and has {now:?}");
    }
}

/// Nearly every run hangs.
const RUNS: u32 = 10;

/// How much a player may leave, in bytes: an object or a map entry would be more. The heap comes to
/// rest late; after 20,000 players it does not grow at all.
const TRACES: i64 = 100;

#[test]
fn thousands_of_players_come_and_go_while_their_session_is_suspended_and_resumed() {
    let server = SoundServer::start();
    let mut engine = TestEngine::start(Some(&server), &["sessions"]);
    // Threads of GStreamer and of its connection to the server stay.
    engine.tell("stress 1000");
    let start = count(&mut engine);
    for _ in 0..9 {
        engine.tell("stress 1000");
    }
    let before = until_it_has(&mut engine, start);
    for _ in 0..5 {
        engine.tell("stress 1000");
    }
    let after = until_it_has(&mut engine, start);
    let traces = (after.kilobytes - before.kilobytes) * 1024 / 5_000;
    assert!(traces < TRACES, "each of 5,000 players left {traces} bytes: {before:?}, {after:?}");
}

/// It is why there is a backend of ours. When it passes no more, much of that can go.
#[test]
fn the_same_hangs_on_the_inner_backend() {
    let server = SoundServer::start();
    let hangs = |_| {
        let mut engine = TestEngine::start(Some(&server), &["plain"]);
        engine.tell_at_once("stress 1000");
        engine.until_any(&["hangs after", "done"]).starts_with("hangs")
    };
    assert!((1..=RUNS).any(hangs), "{RUNS} runs came to their end");
}
