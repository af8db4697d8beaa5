/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The built program, with its events.

use std::collections::BTreeMap;
use std::io::Read;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::thread::JoinHandle;
use std::time::Instant;

use crossbeam_channel::Receiver;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::{Bus, PATIENCE, SoundServer, lines};

/// The program: `SORDINO_BIN`, which `./mach test` sets, or else what cargo builds now.
pub fn binary() -> &'static str {
    static BINARY: OnceLock<String> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var("SORDINO_BIN") {
        Ok(path) if !path.is_empty() => path,
        _ => build(),
    })
}

fn build() -> String {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--package", "sordino", "--bin", "sordino", "--message-format=json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "sordino does not build");
    let messages = String::from_utf8_lossy(&output.stdout);
    let mut executables = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(str::to_owned));
    executables.next().expect("cargo names the program")
}

/// The name of an event, and what must hold for it.
pub type Wanted<'a> = (&'a str, &'a dyn Fn(&Value) -> bool);

/// A running `sordino run --json`.
#[derive(Debug)]
pub struct Sordino {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<Value>,
    errors: Option<JoinHandle<String>>,
    runtime_folder: TempDir,
}

/// How a [`Sordino`] ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit status.
    pub status: ExitStatus,
    /// All of its events, in order.
    pub events: Vec<Value>,
    /// What it wrote to standard error.
    pub errors: String,
}

impl Ended {
    /// What the pages wrote to their consoles, after an end that is in order: status 0 and nothing
    /// on standard error.
    pub fn console(&self) -> Vec<String> {
        assert!(self.status.success(), "{self:?}");
        assert_eq!(self.errors, "");
        let console = self.events.iter().filter(|event| event["event"] == "console");
        console.map(|event| event["text"].as_str().unwrap().to_owned()).collect()
    }
}

/// `sordino` with these arguments, with no bus or that one, and without a sound server.
pub fn command(arguments: &[&str], bus: Option<&Bus>, runtime_folder: &TempDir) -> Command {
    let mut command = Command::new(binary());
    command
        .args(arguments)
        .env("XDG_RUNTIME_DIR", runtime_folder.path())
        .env("TMPDIR", runtime_folder.path())
        .env_remove("PULSE_SERVER")
        .env_remove("RUST_LOG")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(bus) = bus {
        command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
    }
    command
}

fn parse(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{line:?} is no JSON: {error}"))
}

fn read_all(mut output: ChildStderr) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        output.read_to_end(&mut text).unwrap();
        String::from_utf8_lossy(&text).into_owned()
    })
}

impl Sordino {
    /// Opens these pages.
    pub fn run(pages: &[&str], bus: Option<&Bus>) -> Self {
        Self::run_with_sound(pages, bus, None)
    }

    /// Opens these pages, on a sound server.
    pub fn run_with_sound(pages: &[&str], bus: Option<&Bus>, sound: Option<&SoundServer>) -> Self {
        Self::run_lacking(&[], pages, bus, sound)
    }

    /// Opens these pages, as if GStreamer lacked these elements.
    pub fn run_lacking(
        elements: &[&str],
        pages: &[&str],
        bus: Option<&Bus>,
        sound: Option<&SoundServer>,
    ) -> Self {
        let runtime_folder = tempfile::tempdir().unwrap();
        let arguments = [&["run", "--json"], pages].concat();
        let mut command = command(&arguments, bus, &runtime_folder);
        if let Some(sound) = sound {
            command.env("PULSE_SERVER", &sound.address);
        }
        let ranks: Vec<_> = elements.iter().map(|element| format!("{element}:NONE")).collect();
        command.env("GST_PLUGIN_FEATURE_RANK", ranks.join(","));
        let mut child = command.spawn().unwrap();
        let lines = lines(child.stdout.take().unwrap());
        let errors = Some(read_all(child.stderr.take().unwrap()));
        Self { child, lines, seen: Vec::new(), errors, runtime_folder }
    }

    /// Clicks as another terminal of the user does: `sordino click`. What it printed, or why not.
    pub fn click(&self, arguments: &[&str]) -> Result<String, String> {
        self.drive("click", arguments)
    }

    /// Has an action done from another terminal: `sordino action`.
    pub fn action(&self, arguments: &[&str]) -> Result<String, String> {
        self.drive("action", arguments)
    }

    /// Allows what a page has asked for: `sordino permit`.
    pub fn permit(&self, arguments: &[&str]) -> Result<String, String> {
        self.drive("permit", arguments)
    }

    /// Refuses it: `sordino deny`.
    pub fn deny(&self, arguments: &[&str]) -> Result<String, String> {
        self.drive("deny", arguments)
    }

    fn drive(&self, subcommand: &str, arguments: &[&str]) -> Result<String, String> {
        let arguments = [&[subcommand], arguments].concat();
        let output = command(&arguments, None, &self.runtime_folder).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        match output.status.success() {
            true => Ok(text(&output.stdout)),
            false => Err(text(&output.stderr)),
        }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the next event with this name for which `wanted` holds.
    pub fn wait_for(&mut self, event: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let [value] = self.wait_for_all([(event, &wanted)]);
        value
    }

    /// Waits for one event each with these names for which these functions hold, in any order.
    pub fn wait_for_all<const N: usize>(&mut self, wanted: [Wanted<'_>; N]) -> [Value; N] {
        let deadline = Instant::now() + PATIENCE;
        let mut found = [const { None }; N];
        while found.iter().any(Option::is_none) {
            let Ok(line) = self.lines.recv_deadline(deadline) else {
                let names = wanted.map(|(event, _)| event);
                panic!("not all of {names:?}, only {:#?}", self.seen);
            };
            let value = parse(&line);
            self.seen.push(value.clone());
            for (slot, (event, wanted)) in found.iter_mut().zip(&wanted) {
                if slot.is_none() && value["event"] == *event && wanted(&value) {
                    *slot = Some(value.clone());
                    break;
                }
            }
        }
        found.map(|value| value.expect("the loop ends when all are found"))
    }

    /// Waits until the controls show this status and title, and returns that event.
    pub fn wait_for_playing(&mut self, status: &str, title: &str) -> Value {
        self.wait_for("now-playing", |event| event["status"] == status && event["title"] == title)
    }

    /// Waits until a page writes this text to its console.
    pub fn wait_for_console(&mut self, text: &str) -> Value {
        self.wait_for("console", |event| event["text"] == text)
    }

    /// Waits until the pages of so many tabs are loaded, and returns their processes in the order
    /// of the tabs.
    pub fn wait_for_content_processes(&mut self, tabs: usize) -> Vec<ContentProcess> {
        let mut processes = BTreeMap::new();
        while processes.len() < tabs {
            let event = self.wait_for("loaded", |_| true);
            let pid = event["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok());
            let pid = pid.and_then(Pid::from_raw).expect("an event with the process");
            processes.insert(event["tab"].as_u64(), ContentProcess(pid));
        }
        processes.into_values().collect()
    }

    /// The content processes that run now, also those whose page is not loaded.
    pub fn children(&self) -> Vec<ContentProcess> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.pid())).unwrap();
        let of_task = |task: std::io::Result<std::fs::DirEntry>| {
            std::fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default()
        };
        let pids: String = tasks.map(of_task).collect();
        let pids = pids.split_whitespace().map(|pid| Pid::from_raw(pid.parse().unwrap()));
        pids.flatten().map(ContentProcess).collect()
    }

    /// Sends it a signal, such as that of Ctrl-C.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until it ends by itself.
    pub fn wait(mut self) -> Ended {
        let deadline = Instant::now() + PATIENCE;
        loop {
            use crossbeam_channel::RecvTimeoutError::{Disconnected, Timeout};
            match self.lines.recv_deadline(deadline) {
                Ok(line) => self.seen.push(parse(&line)),
                Err(Disconnected) => break,
                Err(Timeout) => panic!("it does not end, after {:#?}", self.seen),
            }
        }
        let status = self.child.wait().unwrap();
        let errors = self.errors.take().map(|thread| thread.join().unwrap());
        let events = std::mem::take(&mut self.seen);
        Ended { status, events, errors: errors.unwrap_or_default() }
    }
}

impl Drop for Sordino {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// In which Linux tells programs of times, whatever its own clock has.
const TICKS_PER_SECOND: f64 = 100.0;

/// A content process of a [`Sordino`].
#[derive(Clone, Copy, Debug)]
pub struct ContentProcess(Pid);

impl ContentProcess {
    /// Kills it with no chance to say anything.
    pub fn kill(self) {
        kill_process(self.0, Signal::KILL).unwrap();
    }

    /// The memory that no other process has now, in bytes: also the pages of the program that no other
    /// uses.
    pub fn memory(self) -> u64 {
        self.mapped("Private_Dirty:") + self.mapped("Private_Clean:")
    }

    /// The memory that it has filled itself, in bytes. Other processes make no difference to that.
    pub fn own_memory(self) -> u64 {
        self.mapped("Anonymous:")
    }

    fn mapped(self, what: &str) -> u64 {
        let pid = self.0.as_raw_nonzero();
        let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap();
        let line = rollup.lines().find_map(|line| line.strip_prefix(what)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// How many threads it has, and how many descriptors.
    pub fn resources(self) -> (usize, usize) {
        let pid = self.0.as_raw_nonzero();
        let count = |what: &str| std::fs::read_dir(format!("/proc/{pid}/{what}")).unwrap().count();
        (count("task"), count("fd"))
    }

    /// When it was started, in milliseconds since the machine was: the kernel counts hundredths of
    /// a second.
    pub fn started(self) -> f64 {
        let pid = self.0.as_raw_nonzero();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        // The name, which may have spaces, is in parentheses; the time is field 22.
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks: f64 = fields.split_whitespace().nth(19).unwrap().parse().unwrap();
        ticks * 1000.0 / TICKS_PER_SECOND
    }

    /// Whether it still runs.
    pub fn runs(self) -> bool {
        test_kill_process(self.0).is_ok()
    }

    /// Waits until it is gone.
    pub fn wait_until_gone(self) {
        let start = Instant::now();
        while self.runs() {
            assert!(start.elapsed() < PATIENCE, "{self:?} does not end");
            std::thread::yield_now();
        }
    }
}
