/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A limit to the memory of the whole process, so that one tab does not take that of the others.
//!
//! What script holds has a limit of its own, beyond which it gets an error. Nodes, and what else is
//! not of the engine, are counted here only; there is no error to give that would make them less, so
//! the tab ends.
//!
//! # Threads
//!
//! A thread of its own looks at the memory while the event loop is busy, also while that is in the
//! middle of a task. It waits for nobody but the event loop's next word.

use std::time::{Duration, Instant};

use crossbeam_channel::{RecvTimeoutError, Sender, unbounded};
use ipc_channel::ipc::IpcSender;
use rustix::process::{Signal, getpid, kill_process};
use sordino_traits::embedder::ShellRequest;

/// How often the memory is looked at.
const PERIOD: Duration = Duration::from_millis(100);

/// The thread that looks; it ends with this.
pub(crate) struct MemoryWatch {
    is_busy: Option<Sender<bool>>,
}

impl MemoryWatch {
    /// Watches this process, unless the limit is 0.
    ///
    /// # Errors
    ///
    /// There is no thread.
    pub(crate) fn start(mebibytes: f64, shell: IpcSender<ShellRequest>) -> std::io::Result<Self> {
        if mebibytes <= 0.0 {
            return Ok(Self { is_busy: None });
        }
        let (sender, receiver) = unbounded();
        let watch = move || {
            let (mut is_busy, mut looked) = (false, Instant::now());
            loop {
                let next = match is_busy {
                    true => receiver.recv_timeout(PERIOD),
                    false => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
                };
                match next {
                    Ok(next) => is_busy = next,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                if looked.elapsed() >= PERIOD {
                    looked = Instant::now();
                    if memory().is_some_and(|used| used > mebibytes) {
                        return end(mebibytes, &shell);
                    }
                }
            }
        };
        std::thread::Builder::new().name("MemoryWatch".into()).spawn(watch)?;
        Ok(Self { is_busy: Some(sender) })
    }

    /// The event loop has something to do, or waits.
    pub(crate) fn is_busy(&self, is_busy: bool) {
        if let Some(watch) = &self.is_busy {
            // It is gone only when it ends the process.
            let _ = watch.send(is_busy);
        }
    }
}

/// How much memory the process has that no file backs, in mebibytes; `None` where the system does not
/// say.
fn memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kibibytes: f64 = kibibytes.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}

/// Ends the process, whatever its event loop is in the middle of.
fn end(mebibytes: f64, shell: &IpcSender<ShellRequest>) {
    let reason = format!(
        "the page was ended, as its process took more than {mebibytes} MiB of memory; the \
         preference content.process_mebibytes is the limit"
    );
    // Without the shell the process ends just as well.
    let _ = shell.send(ShellRequest::PageFailed { reason });
    if let Err(error) = kill_process(getpid(), Signal::KILL) {
        log::error!("cannot end this process: {error}");
    }
}
