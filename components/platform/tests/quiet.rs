/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A player with nothing to do does nothing, and leaves nothing behind. The only test of its
//! process, because it counts threads, wake-ups and warnings.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::fs::{self, DirEntry};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::client::{Client, PATIENCE, Recorder};
use common::{Bus, PLAYER_NAME, options, piece, player};
use log::{Level, Log, Metadata, Record};
use sordino_platform::MediaControls;

static WARNINGS: AtomicUsize = AtomicUsize::new(0);

struct Counter;

impl Log for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn && metadata.target().starts_with("sordino")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            WARNINGS.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn flush(&self) {}
}

/// For each of the player's threads, how often it has gone to sleep, and its processor time in
/// the kernel's ticks.
fn work() -> Vec<(u64, u64)> {
    let read = |task: &DirEntry, file| fs::read_to_string(task.path().join(file)).ok();
    let work = |task: DirEntry| {
        let (status, stat) = (read(&task, "status")?, read(&task, "stat")?);
        let sleeps =
            status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        // User and system time are the 12th and 13th field after the name.
        let (name, fields) = stat.split_once('(')?.1.rsplit_once(')')?;
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks = ticks.map(|field| field.parse::<u64>().unwrap()).sum();
        (name == "sordino-mpris").then_some((sleeps.trim().parse().unwrap(), ticks))
    };
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    tasks.filter_map(|task| work(task.unwrap())).collect()
}

fn until(what: &str, found: impl Fn() -> bool) {
    let start = Instant::now();
    while !found() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        thread::yield_now();
    }
}

#[test]
fn an_idle_player_sleeps_and_a_lost_bus_is_one_warning() {
    log::set_logger(&Counter).unwrap();
    log::set_max_level(log::LevelFilter::Warn);
    let mut bus = Bus::start();
    let recorder = Recorder::start(&bus);
    let (mut player, _commands) = player(options(&bus));
    let mut playing = piece(1);
    playing.playing = true;
    player.update(Some(playing));
    recorder.wait_for_name();
    Client::new(&bus, PLAYER_NAME).position();

    // Until the traffic of the test's own clients that come and go is over, then for a second,
    // which is what is measured.
    let is_asleep = || {
        let before = work();
        thread::sleep(Duration::from_millis(100));
        before == work()
    };
    until("asleep", is_asleep);
    let before = work();
    assert_eq!(before.len(), 1, "one thread");
    thread::sleep(Duration::from_secs(1));
    assert_eq!(work(), before, "woke up without a cause");
    assert_eq!(WARNINGS.load(Ordering::SeqCst), 0);

    bus.kill();
    until("the warning", || WARNINGS.load(Ordering::SeqCst) == 1);
    for number in 0..100 {
        player.update((number % 2 == 0).then(|| piece(number)));
    }
    assert_eq!(player.bus_name(), None);
    until("asleep again", is_asleep);
    let start = Instant::now();
    drop(player);
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(work(), [], "its thread is gone");
    assert_eq!(WARNINGS.load(Ordering::SeqCst), 1);
}
