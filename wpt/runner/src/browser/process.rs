/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The processes of browsers. Each starts a group of processes, which is ended as a whole: when
//! the browser is no longer needed, and when the runner is interrupted.
//!
//! # Threads
//!
//! One thread waits for signals. It ends what runs, and so unblocks whoever waits for that.

use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long a process has to end when it is asked to.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked at meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// The groups of the processes that run.
static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Makes SIGINT, SIGTERM and SIGHUP end the browsers instead of the runner.
pub(crate) fn watch_signals() -> Result<(), String> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|error| format!("cannot watch signals: {error}"))?;
    std::thread::spawn(move || {
        for _ in &mut signals {
            INTERRUPTED.store(true, Ordering::SeqCst);
            for group in running().iter() {
                let _ = kill_process_group(*group, Signal::TERM);
            }
        }
    });
    Ok(())
}

/// Whether the user wants the runner to end.
pub(crate) fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

fn running() -> std::sync::MutexGuard<'static, Vec<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running program and what it started. Dropped, all of them end.
pub(crate) struct Processes {
    pub(crate) leader: Child,
    group: Pid,
}

impl Processes {
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        use std::os::unix::process::CommandExt;

        let program = command.get_program().to_string_lossy().into_owned();
        let mut running = running();
        if is_interrupted() {
            return Err("interrupted".to_owned());
        }
        let leader = command
            .process_group(0)
            .spawn()
            .map_err(|error| format!("cannot start {program}: {error}"))?;
        let group = Pid::from_child(&leader);
        running.push(group);
        Ok(Self { leader, group })
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        let _ = kill_process(self.group, Signal::INT);
        let deadline = Instant::now() + SHUTDOWN_PATIENCE;
        while matches!(self.leader.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(LOOK_AGAIN);
        }
        // As long as one of the group lives, its number is not given to another.
        running().retain(|group| *group != self.group);
        let _ = kill_process_group(self.group, Signal::KILL);
        let _ = self.leader.wait();
    }
}
