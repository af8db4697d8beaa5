/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a player costs, of sixteen in one process: time and memory while it plays and while its
//! session is interrupted. An interrupted one costs no time.
//!
//! The time is that of the process, in ticks of the kernel's clock; the wake-ups are those of all
//! its threads. The memory is the process's share of what it maps, with the media file that the
//! engine keeps of each player.

#![allow(clippy::unwrap_used, reason = "a benchmark")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use common::TestEngine;
use sordino_tests::media::Kind;
use sordino_tests::{SoundServer, media};

const PLAYERS: u32 = 16;
const WATCHED: Duration = Duration::from_secs(10);
/// How long whatever began is given to come to rest. pulsesink is silent at first, for as long as a
/// player had been loaded before it played.
const REST: Duration = Duration::from_secs(4);
/// Of the file, in seconds.
const LENGTH: u32 = 120;
/// In a second.
const TICKS: f64 = 100.0;

/// What a process has used since it started.
struct Usage {
    ticks: u64,
    /// By the id of a thread, its name and how often it gave the processor away.
    switches: BTreeMap<String, (String, u64)>,
}

impl Usage {
    fn of(process: u32) -> Self {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        // The name of the program, in parentheses, may have spaces.
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let times = fields.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().unwrap());
        let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
        let switches = tasks.filter_map(|task| {
            let task = task.unwrap();
            // A thread may have ended meanwhile.
            let status = fs::read_to_string(task.path().join("status")).ok()?;
            let field = |name: &str| {
                status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned()
            };
            let switches = field("voluntary_ctxt_switches:").parse().unwrap();
            Some((task.file_name().into_string().unwrap(), (field("Name:"), switches)))
        });
        Self { ticks: times.sum(), switches: switches.collect() }
    }
}

/// What a process did while it was watched.
struct Cost {
    ticks: u64,
    /// By the names of the threads.
    wake_ups: BTreeMap<String, u64>,
    threads: usize,
    /// In kB.
    memory: u64,
}

impl Cost {
    fn watch(process: u32) -> Self {
        std::thread::sleep(REST);
        let before = Usage::of(process);
        std::thread::sleep(WATCHED);
        let after = Usage::of(process);
        let mut wake_ups = BTreeMap::new();
        for (id, (name, switches)) in &after.switches {
            let since = switches - before.switches.get(id).map_or(0, |(_, before)| *before);
            if since > 0 {
                *wake_ups.entry(name.clone()).or_default() += since;
            }
        }
        let ticks = after.ticks - before.ticks;
        Self { ticks, wake_ups, threads: after.switches.len(), memory: memory(process) }
    }

    fn print(&self, what: &str, base: &Self) {
        let players = f64::from(PLAYERS);
        let percent = self.ticks as f64 / TICKS / WATCHED.as_secs_f64() * 100.0;
        let wake_ups: u64 = self.wake_ups.values().sum();
        let each = (self.memory as f64 - base.memory as f64) / players;
        println!(
            "{what:<16} {:6} {percent:9.1} {:9.2} {wake_ups:10} {:8} {:10} {each:9.0}",
            self.ticks,
            percent / players,
            self.threads,
            self.memory,
        );
    }

    fn print_threads(&self, what: &str) {
        for (name, wake_ups) in &self.wake_ups {
            println!("{what}: threads {name} woke up {wake_ups} times");
        }
    }
}

/// The share of the process in what it maps, in kB.
fn memory(process: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap();
    let line = rollup.lines().find(|line| line.starts_with("Pss:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn main() {
    let server = SoundServer::start();
    let folder = tempfile::tempdir().unwrap();
    let tone = media::tone(folder.path(), Kind::Ogg, LENGTH);
    let file = fs::metadata(&tone).unwrap().len() / 1_024;
    let mut engine = TestEngine::start(Some(&server), &["own-sink", "sessions"]);
    let process = engine.pid();

    let base = Cost::watch(process);
    for player in 1..=PLAYERS {
        engine.load(player, 7, &tone);
    }
    for player in 1..=PLAYERS {
        engine.tell(&format!("play {player}"));
    }
    let all = |corked: bool| {
        server.until("all are so", |streams| {
            streams.len() == PLAYERS as usize && streams.iter().all(|it| it.corked == corked)
        });
    };
    all(false);
    let playing = Cost::watch(process);
    engine.tell("suspend 7 1");
    all(true);
    let interrupted = Cost::watch(process);
    engine.tell("suspend 7 0");
    all(false);
    for player in 1..=PLAYERS {
        engine.tell(&format!("pause {player}"));
    }
    all(true);
    let paused = Cost::watch(process);

    let seconds = WATCHED.as_secs();
    println!("{PLAYERS} players of a file of {file} kB in one process, for {seconds} s each");
    println!();
    println!("                  time in  % of one core   wake-ups  threads  memory   of each");
    println!("                    ticks      all      each                       in kB    player");
    for (what, cost) in [
        ("no player", &base),
        ("playing", &playing),
        ("interrupted", &interrupted),
        ("paused", &paused),
    ] {
        cost.print(what, &base);
    }
    println!();
    playing.print_threads("playing");
    interrupted.print_threads("interrupted");
}
