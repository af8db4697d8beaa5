/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Another program that plays, like that of a phone call.

use std::process::{Child, Stdio};

use super::{SoundServer, Stream, end};

/// A `gst-launch-1.0` that plays a tone until this is dropped.
#[derive(Debug)]
pub struct Player {
    process: Child,
}

impl Player {
    /// Its process, by which [`SoundServer::streams`] knows its stream.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Its stream among those of a server.
    pub fn stream<'a>(&self, streams: &'a [Stream]) -> Option<&'a Stream> {
        streams.iter().find(|stream| stream.pid == self.pid())
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

impl SoundServer {
    /// Lets another program play a tone; its stream is there when this returns, though it may not
    /// sound yet.
    ///
    /// `role` is its `media.role`, `hertz` the frequency in Hz, `amplitude` that of the sine: 0.25
    /// is -12.04 dBFS.
    pub fn play_tone(&self, role: &str, hertz: f64, amplitude: f64) -> Player {
        let process = self
            .client("gst-launch-1.0")
            .args(["-q", "audiotestsrc"])
            .args([format!("freq={hertz}"), format!("volume={amplitude}")])
            .args(["!", "audio/x-raw,format=F32LE,rate=48000,channels=2", "!", "pulsesink"])
            .arg(format!("stream-properties=props,media.role={role}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gst-launch-1.0 is installed");
        let player = Player { process };
        self.until("the program plays", |streams| player.stream(streams).is_some());
        player
    }
}
