/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Our engine: it opens the page, and says as lines of JSON what happens.
//!
//! Clicks are asked for on its standard input, a line of JSON each:
//! `{"command":"click","tab":1,"selectors":["#frame","#button"]}`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Stdio};
use std::time::Instant;

use crossbeam_channel::RecvTimeoutError;
use serde::Deserialize;
use serde_json::json;

use super::process::Processes;
use super::{Browser, TIME_LIMIT, command, lines};
use crate::outcome::{Next, Outcome};

/// What is not as a user's; as in the other browsers, pages capture devices that are made up.
const PREFS: [&str; 2] = ["media.capture=allow", "media.test_devices=true"];

/// What tests in a folder need besides: what is off by default.
const FOLDER_PREFS: [(&str, &str); 1] = [("/audio-focus/", "dom.audio_focus.enabled=true")];

/// A line of `sordino run --json`, as far as it matters here.
#[derive(Deserialize)]
struct Event {
    event: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reason: String,
}

pub(crate) struct Sordino {
    program: PathBuf,
}

impl Sordino {
    pub(crate) fn new(program: &Path) -> Self {
        Self { program: program.to_owned() }
    }

    fn run_into(&self, url: &str, outcome: &mut Outcome) -> Result<(), String> {
        let runtime_folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut engine = Processes::start(
            command(&self.program, &runtime_folder)
                .args(["run", "--json", "--test-mode"])
                .args(prefs(url).flat_map(|pref| ["--pref", pref]))
                .arg(url)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped()),
        )?;
        let output = engine.leader.stdout.take().ok_or("the engine has no output")?;
        let mut input = engine.leader.stdin.take().ok_or("the engine has no input")?;
        let lines = lines(output);
        let deadline = Instant::now() + TIME_LIMIT;
        loop {
            let line = lines.recv_deadline(deadline).map_err(|error| match error {
                RecvTimeoutError::Timeout => format!("no result within {TIME_LIMIT:?}"),
                RecvTimeoutError::Disconnected => "the engine ended".to_owned(),
            })?;
            let event: Event =
                serde_json::from_str(&line).map_err(|error| format!("{error} in: {line}"))?;
            match event.event.as_str() {
                "console" => match outcome.take(&event.text) {
                    Next::Wait => {}
                    Next::Click(selectors) => click(&mut input, &selectors)?,
                    Next::Done => return Ok(()),
                },
                "not-done" => println!("  not done: {}", event.reason),
                "failed" | "closed" => return Err(event.reason),
                _ => {}
            }
        }
    }
}

fn prefs(url: &str) -> impl Iterator<Item = &'static str> {
    let of_folders = FOLDER_PREFS.iter().filter(|(folder, _)| url.contains(folder));
    PREFS.into_iter().chain(of_folders.map(|(_, pref)| *pref))
}

impl Browser for Sordino {
    fn run(&mut self, url: &str) -> Outcome {
        let mut outcome = Outcome::default();
        if let Err(error) = self.run_into(url, &mut outcome) {
            outcome.error = Some(error);
        }
        outcome
    }
}

fn click(input: &mut ChildStdin, selectors: &[String]) -> Result<(), String> {
    let request = json!({ "command": "click", "tab": 1, "selectors": selectors });
    writeln!(input, "{request}").map_err(|error| format!("the engine takes no clicks: {error}"))
}
