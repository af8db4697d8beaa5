/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What tests of several crates share: private servers, media files, and the built program.
//!
//! * [`bus`]: a private D-Bus daemon and the real `playerctl`.
//! * [`manager`]: a session manager over a process of a test.
//! * [`media`]: media files, made by GStreamer.
//! * [`meter`]: how loud a recording is, tone by tone, and whether it clicks.
//! * [`program`]: `sordino` itself, with its events.
//! * [`rude`]: a web server that does what no server should.
//! * [`site`]: a folder of pages, as files and over HTTP from two origins.
//! * [`sound`]: a private PulseAudio or PipeWire server, other programs on it, and recordings.
//!
//! Everything panics when the machine lacks something: that is a failed test.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

pub mod bus;
mod http;
pub mod manager;
pub mod media;
pub mod media_server;
pub mod meter;
pub mod npm;
mod pipewire;
pub mod program;
pub mod rude;
pub mod site;
pub mod sound;

use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

use crossbeam_channel::{Receiver, unbounded};

pub use bus::Bus;
pub use media_server::MediaServer;
pub use meter::{Samples, Tone};
pub use program::Sordino;
pub use rude::RudeServer;
pub use site::Site;
pub use sound::{Recording, SoundServer};

/// What any wait ends after: far more than a slow machine needs.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The lines of a program's output, which can be waited for.
pub fn lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = unbounded();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}
