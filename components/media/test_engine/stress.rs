/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Players that come and go while another thread silences them.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use servo_base::generic_channel::GenericCallback;
use servo_media::Backend;
use servo_media::player::{PlayerEvent, StreamType};
use sordino_media::session::Sessions;

use crate::engine::{NoGl, context_id, say};

/// Nothing of this takes a second.
const WATCHDOG: Duration = Duration::from_secs(20);

/// What the process has, as the kernel counts.
pub fn count() -> (usize, usize, u64) {
    let entries = |path| std::fs::read_dir(path).expect("Linux").count();
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("RssAnon")).expect("Linux");
    let kilobytes = line.split_whitespace().nth(1).and_then(|it| it.parse().ok());
    (entries("/proc/self/task"), entries("/proc/self/fd"), kilobytes.expect("a number"))
}

/// Makes `players` players and drops each, while another thread suspends and resumes their session.
/// Says what the process has after it, or `hangs`.
pub fn run(backend: &dyn Backend, sessions: Option<&Sessions>, players: u32) {
    let (ended, made) = (AtomicBool::new(false), AtomicU32::new(0));
    let session = context_id(1);
    // The context is known before anybody does something to it, and has one that stays.
    let make = || {
        let callback = GenericCallback::new(|_: Result<PlayerEvent, _>| {}).expect("a channel");
        let (kind, gl) = (StreamType::Seekable, Box::new(NoGl));
        let player = backend.create_player(&session, kind, callback, None, None, gl);
        player.lock().expect("nobody panics").play().expect("it is set up");
        player
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                for suspended in [true, false] {
                    match (sessions, suspended) {
                        (Some(sessions), _) => sessions.set_suspended(session, suspended),
                        (None, true) => backend.suspend(&session),
                        (None, false) => backend.resume(&session),
                    }
                    std::thread::yield_now();
                }
            }
        });
        scope.spawn(|| {
            let mut last = (0, Instant::now());
            while !ended.load(Ordering::Relaxed) {
                let now = made.load(Ordering::Relaxed);
                if now != last.0 {
                    last = (now, Instant::now());
                } else if last.1.elapsed() > WATCHDOG {
                    say(&format!("hangs after {now} players"));
                    std::process::abort();
                }
                std::thread::park_timeout(Duration::from_millis(100));
            }
        });
        for _ in 0..players {
            drop(make());
            made.fetch_add(1, Ordering::Relaxed);
        }
        ended.store(true, Ordering::Relaxed);
    });
    let (threads, descriptors, kilobytes) = count();
    say(&format!("has {threads} threads, {descriptors} descriptors, {kilobytes} kB"));
}
