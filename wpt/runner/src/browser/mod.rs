/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The browsers that tests run in.
//!
//! * [`sordino`]: ours, a process of its own for each test.
//! * [`bidi`]: the client of [WebDriver BiDi](https://w3c.github.io/webdriver-bidi/), which
//!   Chromium and Firefox both speak; each test has a tab and a user context, that is cookies and
//!   storage, of its own.
//! * [`chromium`], [`firefox`]: how these are started.
//! * [`process`]: the processes of browsers, which end with the runner.

mod bidi;
mod chromium;
mod firefox;
pub(crate) mod process;
mod sordino;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, unbounded};
use tempfile::TempDir;

use crate::outcome::Outcome;
pub(crate) use chromium::Chromium;
pub(crate) use firefox::Firefox;
pub(crate) use sordino::Sordino;

/// How long a test may take. testharness.js gives up earlier by itself.
const TIME_LIMIT: Duration = Duration::from_secs(90);
/// How long a browser may take to start, and to do one thing that it is asked to.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) trait Browser {
    /// Runs the test at a URL to its end.
    fn run(&mut self, url: &str) -> Outcome;
}

/// A program with a runtime folder of its own, and no sound server and no session bus of the
/// desktop's: tests are the same everywhere.
fn command(program: &Path, runtime_folder: &TempDir) -> Command {
    let mut command = Command::new(program);
    command
        .env("XDG_RUNTIME_DIR", runtime_folder.path())
        .env_remove("PULSE_SERVER")
        .env_remove("DBUS_SESSION_BUS_ADDRESS");
    command
}

/// The lines of what a process writes. The channel closes when the process has ended.
fn lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = unbounded();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Nobody may want more; but a pipe that nobody reads stops the process.
            let _ = sender.send(line);
        }
    });
    lines
}

/// Waits for the line in which a program says on which port it listens, which is between these
/// two texts.
fn announced_port(lines: &Receiver<String>, before: &str, after: &str) -> Result<u16, String> {
    let deadline = Instant::now() + PATIENCE;
    let mut said = String::new();
    loop {
        let line = lines.recv_deadline(deadline).map_err(|error| match error {
            RecvTimeoutError::Timeout => format!("it was not ready within {PATIENCE:?}"),
            RecvTimeoutError::Disconnected => format!("it ended, after saying: {}", said.trim()),
        })?;
        let port = line.split_once(before).and_then(|(_, rest)| rest.split(after).next());
        if let Some(port) = port.and_then(|port| port.parse().ok()) {
            return Ok(port);
        }
        said = said + &line + "\n";
    }
}
