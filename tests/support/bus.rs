/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A private D-Bus daemon, and the real `playerctl` on it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crossbeam_channel::Receiver;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{PATIENCE, lines};

/// A `dbus-daemon` that starts no services, in a folder of its own.
#[derive(Debug)]
pub struct Bus {
    /// Where it listens.
    pub address: String,
    daemon: Child,
    _folder: TempDir,
}

impl Bus {
    /// Starts it; it listens when this returns.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bus.conf");
        let rules = format!(
            r#"<busconfig><type>session</type><listen>unix:path={}/bus</listen>
               <policy context="default"><allow send_destination="*" eavesdrop="true"/>
               <allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#,
            folder.path().display(),
        );
        std::fs::write(&config, rules).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--print-address=1", "--nofork"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut address = String::new();
        let output = daemon.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut address).unwrap();
        Self { address: address.trim().into(), daemon, _folder: folder }
    }

    /// Ends it, as a desktop that crashes does.
    pub fn kill(&mut self) {
        // It fails when the daemon has ended already.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }

    /// Lets it answer nothing any more; [`Bus::kill`] ends it nevertheless.
    pub fn freeze(&self) {
        kill_process(Pid::from_child(&self.daemon), Signal::STOP).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("playerctl");
        command
            .args(arguments)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("LC_ALL", "C.UTF-8");
        command
    }

    /// What `playerctl` prints.
    ///
    /// # Errors
    ///
    /// What it says when it fails, as when there is no player.
    pub fn playerctl(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.command(arguments).output().expect("playerctl is installed");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_string();
        match output.status.success() {
            true => Ok(text(&output.stdout)),
            false => Err(format!("{arguments:?}: {}", text(&output.stderr))),
        }
    }

    /// Asks until `found`.
    pub fn until(&self, what: &str, mut found: impl FnMut() -> bool) {
        let start = Instant::now();
        while !found() {
            assert!(start.elapsed() < PATIENCE, "never: {what}");
            std::thread::yield_now();
        }
    }

    /// Lets `playerctl` follow the player, as a desktop's panel does.
    pub fn follow(&self, format: &str) -> Follower {
        let mut playerctl = self
            .command(&["--follow", "metadata", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("playerctl is installed");
        let lines = lines(playerctl.stdout.take().unwrap());
        Follower { playerctl, lines, seen: Vec::new() }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A `playerctl --follow`: a line for each change of the player, an empty one when it leaves.
#[derive(Debug)]
pub struct Follower {
    playerctl: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Follower {
    /// Waits for a line that is `wanted`.
    pub fn until(&mut self, wanted: &str) {
        self.until_any(&[wanted]);
    }

    /// Waits for a line that is one of those `wanted`.
    pub fn until_any(&mut self, wanted: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_deadline(deadline) {
                Ok(line) if wanted.contains(&line.as_str()) => {
                    self.seen.clear();
                    return;
                }
                Ok(line) => self.seen.push(line),
                Err(_) => panic!("playerctl never said {wanted:?}, only {:?}", self.seen),
            }
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.playerctl.kill();
        let _ = self.playerctl.wait();
    }
}
