/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Standard output.
//!
//! # Threads
//!
//! One thread writes, and blocks when nobody reads. The main loop then waits too, so that nothing
//! is lost or piles up, but never for longer than until it is asked to end.

use std::convert::Infallible;
use std::io::Write;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, select};

/// How many lines wait to be written.
const QUEUE: usize = 256;
/// How long the last lines may take, when the program ends.
const LAST_LINES: Duration = Duration::from_millis(500);

/// Lines on their way to standard output.
pub(crate) struct Output {
    lines: Sender<String>,
    /// Closed when all has been written, or can never be.
    done: Receiver<Infallible>,
}

impl Output {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// There is no thread to be had.
    pub(crate) fn start() -> std::io::Result<Self> {
        let (lines, to_write) = bounded::<String>(QUEUE);
        let (writing, done) = bounded(0);
        std::thread::Builder::new().name("Output".into()).spawn(move || {
            let _writing = writing;
            for line in to_write {
                if writeln!(std::io::stdout().lock(), "{line}").is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { lines, done })
    }

    /// Writes a line. Returns `false` when nobody reads any more, or when `signals` said something
    /// while it waited: the program is to end.
    #[must_use]
    pub(crate) fn write(&self, line: String, signals: &Receiver<()>) -> bool {
        select! {
            send(self.lines, line) -> sent => sent.is_ok(),
            recv(signals) -> _ => false,
        }
    }

    /// Writes a line if that can be done at once.
    pub(crate) fn try_write(&self, line: String) {
        // The program is ending, and nobody reads.
        let _ = self.lines.try_send(line);
    }

    /// Waits for the last lines, if anybody reads them.
    pub(crate) fn finish(self) {
        drop(self.lines);
        // Closed, or too late.
        let _ = self.done.recv_timeout(LAST_LINES);
    }
}
