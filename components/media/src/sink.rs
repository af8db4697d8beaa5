/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `sordinoaudiosink`: the GStreamer element through which all sound of a process runs.
//!
//! Once [registered](register), `autoaudiosink`, playbin3 and GstPlay choose it by its rank. An
//! embedder opts in by registering it before any pipeline exists.
//!
//! ```text
//! audioconvert ! audioresample ! capsfilter (F32) ! [gain, level] ! audioconvert ! real sink
//! ```
//!
//! The real sink is pulsesink where that is installed. While there is no server, a fakesink plays
//! in real time to nowhere in its place, and time goes on.
//!
//! The element cannot know whose pipeline it is in, so what it tells the system and what the system
//! does to it are facts of the process: see [`ProcessSink`].
//!
//! # Threads
//!
//! * Streaming threads of GStreamer apply the gain, and see that a sink failed or is muted.
//! * Threads of GStreamer's pool exchange a sink that failed.
//! * `SinkWatch`, one per process, looks for stalls and for a server that is back. It sleeps
//!   without a timeout while nothing plays.
//! * `SinkProbe` lives only while a stalled stream stands still: see [`SinkEvent::Interrupted`].
//!
//! Observers are called on any of these, and on libpulse's; they only hand on.

mod clock;
mod element;
mod exchange;
mod flow;
mod gain;
mod inner;
mod parts;
mod process;
mod progress;
mod watch;

use std::time::Duration;

use gstreamer::glib;
use gstreamer::prelude::*;

pub use process::{LevelListener, ProcessSink, process};

/// The name of the element's factory.
pub const ELEMENT: &str = "sordinoaudiosink";

/// Above every real sink's.
const RANK: i32 = 356;

/// What the system is told of this process's streams.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ProcessFacts {
    /// PulseAudio's `media.role`, such as `music`, `video` or `phone`.
    pub role: Option<&'static str>,
    /// The name of the program; when it is empty, GStreamer's guess.
    pub application_name: String,
    /// A name of the freedesktop icon themes.
    pub icon_name: Option<String>,
    /// The name of the streams. When there is none, the title in the media's tags.
    pub stream_name: Option<String>,
}

/// What the system does to this process's sound.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SinkEvent {
    /// The first of the streams was corked, muted or stalled (`true`), or none is any more or the
    /// last of them has gone (`false`). A stream that stalled and was then paused is known to be
    /// free again when a silent stream of its kind, which is ours, makes progress.
    Interrupted(bool),
}

/// How loud the process is, after the gain, all streams together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// The largest sample, in 0..=1 unless a gain is above 1.
    pub peak: f32,
    /// The root of the mean of the squares, on the same scale.
    pub rms: f32,
}

/// How much sound is on its way between the gain and the server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Buffering {
    /// The real sink's `buffer-time`.
    pub buffer: Duration,
    /// The real sink's `latency-time`: how much is written at once.
    pub latency: Duration,
}

impl Default for Buffering {
    fn default() -> Self {
        Self { buffer: Duration::from_millis(40), latency: Duration::from_millis(10) }
    }
}

/// Registers the element; later calls change nothing. GStreamer must be initialized.
///
/// # Errors
///
/// GStreamer lacks the elements that it is made of, or refuses.
pub fn register() -> Result<(), glib::BoolError> {
    if gstreamer::ElementFactory::find(ELEMENT).is_some() {
        return Ok(());
    }
    parts::check()?;
    let kind = element::AudioSink::static_type();
    gstreamer::Element::register(None, ELEMENT, gstreamer::Rank::from(RANK), kind)
}

/// Whether there is a real sink that opens now.
pub fn finds_device() -> bool {
    inner::open(&process().settings()).is_some_and(|sink| {
        // It held no stream; nothing can be lost here.
        let _ = sink.set_state(gstreamer::State::Null);
        true
    })
}
