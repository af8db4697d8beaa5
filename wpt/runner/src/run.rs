/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! One test: the engine opens its page, and the results come as lines of the page's console.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, unbounded};
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Deserializer};

/// How long a test may take. testharness.js gives up earlier by itself.
const TIME_LIMIT: Duration = Duration::from_secs(90);

/// How a subtest ended: the
/// [codes](https://web-platform-tests.org/writing-tests/testharness-api.html) of testharness.js.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Status {
    Pass,
    Fail,
    Timeout,
    NotRun,
    PreconditionFailed,
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match u8::deserialize(deserializer)? {
            0 => Self::Pass,
            2 => Self::Timeout,
            3 => Self::NotRun,
            4 => Self::PreconditionFailed,
            _ => Self::Fail,
        })
    }
}

/// A subtest and its result.
#[derive(Debug, Deserialize)]
pub(crate) struct Subtest {
    pub(crate) name: String,
    pub(crate) status: Status,
    pub(crate) message: Option<String>,
}

impl fmt::Display for Subtest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match self.status {
            Status::Pass => "PASS",
            Status::Fail => "FAIL",
            Status::Timeout => "TIMEOUT",
            Status::NotRun => "NOTRUN",
            Status::PreconditionFailed => "PRECONDITION_FAILED",
        };
        write!(f, "{status} {}", self.name)?;
        self.message.iter().try_for_each(|message| write!(f, ": {message}"))
    }
}

/// What became of a test.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) subtests: Vec<Subtest>,
    /// Why the test as a whole is no good.
    pub(crate) error: Option<String>,
}

/// The status of the whole harness; 0 is well.
#[derive(Deserialize)]
struct Complete {
    status: u8,
    message: Option<String>,
}

/// A line of `sordino run --json`, as far as it matters here.
#[derive(Deserialize)]
struct Event {
    event: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reason: String,
}

/// Runs one test to its end.
pub(crate) fn run(sordino: &Path, url: &str) -> Outcome {
    let mut outcome = Outcome::default();
    if let Err(error) = run_into(sordino, url, &mut outcome) {
        outcome.error = Some(error);
    }
    outcome
}

fn run_into(sordino: &Path, url: &str, outcome: &mut Outcome) -> Result<(), String> {
    // No sound server and no session bus of the desktop's: tests are the same everywhere.
    let runtime_folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut engine = Command::new(sordino)
        .args(["run", "--json", url])
        .env("XDG_RUNTIME_DIR", runtime_folder.path())
        .env_remove("PULSE_SERVER")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {}: {error}", sordino.display()))?;
    let result = follow(&lines(&mut engine)?, outcome);
    end(&mut engine);
    result
}

fn lines(engine: &mut Child) -> Result<Receiver<String>, String> {
    let output = engine.stdout.take().ok_or("the engine has no output")?;
    let (sender, lines) = unbounded();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    Ok(lines)
}

fn follow(lines: &Receiver<String>, outcome: &mut Outcome) -> Result<(), String> {
    let deadline = Instant::now() + TIME_LIMIT;
    loop {
        let line = lines.recv_deadline(deadline).map_err(|error| match error {
            RecvTimeoutError::Timeout => format!("no result within {TIME_LIMIT:?}"),
            RecvTimeoutError::Disconnected => "the engine ended".to_owned(),
        })?;
        let event: Event =
            serde_json::from_str(&line).map_err(|error| format!("{error} in: {line}"))?;
        let bad = |error: serde_json::Error| format!("{error} in: {}", event.text);
        match event.event.as_str() {
            "console" => match event.text.split_once(' ') {
                Some(("wpt-subtest", result)) => {
                    outcome.subtests.push(serde_json::from_str(result).map_err(bad)?);
                }
                Some(("wpt-complete", result)) => {
                    let Complete { status, message } = serde_json::from_str(result).map_err(bad)?;
                    return match status {
                        0 => Ok(()),
                        _ => Err(message.unwrap_or_else(|| format!("harness status {status}"))),
                    };
                }
                _ => println!("  console: {}", event.text),
            },
            "failed" | "closed" => return Err(event.reason),
            _ => {}
        }
    }
}

fn end(engine: &mut Child) {
    // It may have ended already.
    let _ = kill_process(Pid::from_child(engine), Signal::INT);
    let _ = engine.wait();
}
