/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The test engine in a process of its own.

#![allow(dead_code, reason = "no test uses all of it")]

use std::io::Write;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Instant;

use crossbeam_channel::Receiver;
use sordino_tests::manager::Managed;
use sordino_tests::{PATIENCE, SoundServer, lines};

pub struct TestEngine {
    process: Child,
    input: ChildStdin,
    output: Receiver<String>,
    /// What it said and nobody has waited for.
    said: Vec<String>,
}

impl TestEngine {
    /// `arguments` say which backend it has.
    pub fn start(server: Option<&SoundServer>, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_test-engine"));
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        match server {
            Some(server) => command.env("PULSE_SERVER", &server.address),
            // A server that nobody listens at.
            None => command.env("PULSE_SERVER", "unix:/nonexistent"),
        };
        let mut process = command.spawn().expect("cargo has built it");
        let input = process.stdin.take().unwrap();
        let output = lines(process.stdout.take().unwrap());
        let mut engine = Self { process, input, output, said: Vec::new() };
        engine.until("ready");
        engine
    }

    /// One of which a session manager is in charge.
    pub fn start_managed(server: &SoundServer, arguments: &[&str]) -> Managed<Self> {
        Managed::start(|name, namespace| {
            Self::start(Some(server), &[arguments, &["managed", name, namespace]].concat())
        })
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Returns when it is done, with what it said meanwhile.
    pub fn tell(&mut self, command: &str) -> Vec<String> {
        let before = self.said.len();
        self.tell_at_once(command);
        self.until("done");
        self.said[before..].to_vec()
    }

    /// How often it has said this line, for which nobody waited.
    pub fn count(&mut self, line: &str) -> usize {
        self.said.extend(self.output.try_iter());
        self.said.iter().filter(|said| *said == line).count()
    }

    pub fn tell_at_once(&mut self, command: &str) {
        writeln!(self.input, "{command}").unwrap();
    }

    /// Waits for a line that contains this, and returns it.
    pub fn until(&mut self, wanted: &str) -> String {
        self.until_any(&[wanted])
    }

    /// Waits for a line that contains one of these, and returns it.
    pub fn until_any(&mut self, wanted: &[&str]) -> String {
        let start = Instant::now();
        let is_wanted = |line: &String| wanted.iter().any(|wanted| line.contains(wanted));
        loop {
            if let Some(at) = self.said.iter().position(is_wanted) {
                return self.said.remove(at);
            }
            let left = PATIENCE.saturating_sub(start.elapsed());
            match self.output.recv_timeout(left) {
                Ok(line) => self.said.push(line),
                Err(_) => panic!("it never says {wanted:?}; it said {:?}", self.said),
            }
        }
    }

    /// A player that has read enough of a file to play it.
    pub fn load(&mut self, player: u32, session: u32, file: &std::path::Path) {
        self.tell(&format!("player {player} {session} {}", file.display()));
        self.until(&format!("{player} paused"));
    }
}

impl Drop for TestEngine {
    fn drop(&mut self) {
        // It fails when the process has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
