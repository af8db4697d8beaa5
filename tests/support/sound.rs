/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A private PulseAudio server, and what the real `pactl` says of its streams.

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crossbeam_channel::Receiver;
use serde_json::Value;
use tempfile::TempDir;

use crate::{PATIENCE, lines};

/// A PulseAudio server with a null sink, in a folder of its own.
#[derive(Debug)]
pub struct SoundServer {
    /// What `PULSE_SERVER` must be for its clients.
    pub address: String,
    server: Child,
    subscription: Child,
    changes: Receiver<String>,
    folder: TempDir,
}

/// A stream as the server knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The process that plays it.
    pub pid: u32,
    /// Whether the server mutes it.
    pub muted: bool,
    /// Its volume, as a gain in 0..1.
    pub gain: f64,
}

impl SoundServer {
    /// Starts it; it takes clients when this returns.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("native");
        let address = format!("unix:{}", socket.display());
        let mut server = Command::new("pulseaudio")
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"])
            .args(["--log-target=stderr", "--log-level=info", "--load=module-null-sink"])
            .arg(format!(
                "--load=module-native-protocol-unix socket={} auth-anonymous=1",
                socket.display()
            ))
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("HOME", folder.path())
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("pulseaudio is installed");
        let log = lines(server.stderr.take().unwrap());
        loop {
            let line = log.recv_timeout(PATIENCE).expect("PulseAudio starts");
            if line.contains("Daemon startup complete") {
                break;
            }
        }
        let mut subscription = Command::new("pactl")
            .args(["--server", &address, "subscribe"])
            .env("LC_ALL", "C.UTF-8")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("pactl is installed");
        let changes = lines(subscription.stdout.take().unwrap());
        Self { address, server, subscription, changes, folder }
    }

    /// The streams that play now.
    pub fn streams(&self) -> Vec<Stream> {
        let output = Command::new("pactl")
            .args(["--server", &self.address, "--format=json", "list", "sink-inputs"])
            .env("LC_ALL", "C.UTF-8")
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .output()
            .expect("pactl is installed");
        assert!(output.status.success(), "{output:?}");
        let list: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        list.iter()
            .map(|stream| {
                let pid = stream["properties"]["application.process.id"].as_str().unwrap();
                let channels = stream["volume"].as_object().unwrap();
                let volume = channels.values().next().unwrap()["value"].as_f64().unwrap();
                Stream {
                    pid: pid.parse().unwrap(),
                    muted: stream["mute"].as_bool().unwrap(),
                    // A volume of PulseAudio is the cube root of a gain, in 65,536ths.
                    gain: (volume / 65_536.0).powi(3),
                }
            })
            .collect()
    }

    /// Waits until the streams are as wanted.
    pub fn until(&self, what: &str, wanted: impl Fn(&[Stream]) -> bool) {
        let start = Instant::now();
        loop {
            let streams = self.streams();
            if wanted(&streams) {
                return;
            }
            let left = PATIENCE.checked_sub(start.elapsed());
            let change = left.map(|left| self.changes.recv_timeout(left));
            assert!(matches!(change, Some(Ok(_))), "never: {what}; there is {streams:?}");
        }
    }
}

impl Drop for SoundServer {
    fn drop(&mut self) {
        for process in [&mut self.subscription, &mut self.server] {
            // It fails when the process has ended already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
