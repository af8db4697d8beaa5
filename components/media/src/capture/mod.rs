/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! Microphones and cameras for a content process that must not wait for them.
//!
//! * this file: what the event loop asks for, and hears.
//! * `thread`: the thread that does it.
//! * `devices`: which devices there are. `source`: one that is captured.
//! * `outlet`: the streams of a source, one for each consumer.
//!
//! A *source* is a device that a document captures. It runs from when it is opened until it is closed,
//! whether anybody consumes it or not: the user's desktop shows that it is captured, and it is heard
//! when it goes. A microphone is under the session of its document, see [`session`](crate::session):
//! what is done to that silences its samples at once. Each consumer of a track opens a [`TrackStream`],
//! which has a stream of servo-media for it alone.
//!
//! # Threads
//!
//! The thread *Captures*, which the first request starts, opens and closes devices, and may wait for the
//! sound server and for drivers; nobody waits for it. To open a stream, or to mute, takes a lock that the
//! streaming threads have for moments.

mod devices;
mod outlet;
mod source;
mod thread;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use crossbeam_channel::{Receiver, Sender, unbounded};
use sordino_traits::{DocumentId, ElementId};

use crate::lock::lock;
use crate::session::{Capture, CaptureError};
use crate::{Media, MediaEvent};
use outlet::Outlets;
use thread::{CaptureThread, Request};

pub use outlet::{TrackGate, TrackStream};

/// What a device captures.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum InputKind {
    /// Sound.
    Microphone,
    /// Pictures.
    Camera,
}

/// How a camera takes pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VideoMode {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Pictures a second.
    pub frame_rate: f64,
}

/// A device that can be captured.
#[derive(Clone, Debug, PartialEq)]
pub struct InputDevice {
    /// What it captures.
    pub kind: InputKind,
    /// Its name for the system, which is no business of pages. It stays when the program ends.
    pub id: String,
    /// Its name for the user.
    pub label: String,
    /// How it takes pictures, the preferred way first; empty for a microphone.
    pub modes: Vec<VideoMode>,
}

/// The samples of every microphone a second, in one channel of 32-bit floats.
pub const MICROPHONE_RATE: u32 = 48_000;
/// How late the samples of every microphone are, in seconds.
pub const MICROPHONE_LATENCY: f64 = 0.01;

/// What happened to a source.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SourceEvent {
    /// It is captured from now on.
    Opened,
    /// It cannot be captured; nothing more is heard of it.
    Failed(CaptureError),
    /// The device is gone, or its server. It gives silence and darkness from now on, until it is closed.
    Ended,
    /// Somebody speaks into a microphone that is not heard. At most once a second.
    VoiceActivity,
}

/// What the event loop reaches without the thread.
#[derive(Debug, Default)]
struct Shared {
    sources: Mutex<HashMap<ElementId, Live>>,
}

/// A source that is open.
#[derive(Debug)]
struct Live {
    outlets: Arc<Outlets>,
    /// `None` of a camera.
    capture: Option<Arc<Capture>>,
}

/// The captures of a process. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Captures(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    shared: Arc<Shared>,
    thread: OnceLock<Option<(Sender<Request>, Receiver<()>)>>,
}

impl Media {
    fn capture(&self, request: Request) {
        let start = || {
            let (requests, inbox) = unbounded();
            let shared = self.captures.0.shared.clone();
            let thread = CaptureThread::new(self.clone(), shared, requests.clone());
            match thread.spawn(inbox) {
                Ok(ended) => Some((requests, ended)),
                Err(error) => {
                    log::error!("nothing can be captured: {error}");
                    None
                }
            }
        };
        match self.captures.0.thread.get_or_init(start) {
            // It ends with the process only.
            Some((thread, _)) => drop(thread.send(request)),
            None => thread::refuse(&request, |event| self.report(event)),
        }
    }

    fn report(&self, event: MediaEvent) {
        self.send(crate::thread::Message::Report(event));
    }

    /// Lists the microphones and cameras; the default ones come first.
    /// [`MediaEvent::Devices`] follows.
    pub fn list_devices(&self) {
        self.capture(Request::List);
    }

    /// Also lists them whenever there are others, from now on. Nothing is heard of devices that come with a
    /// sound server which starts later, before they are listed again.
    pub fn watch_devices(&self) {
        self.capture(Request::Watch);
    }

    /// Takes devices that are made up, two microphones and a camera, instead of real ones. For tests.
    pub fn use_test_devices(&self) {
        self.capture(Request::UseTestDevices);
    }

    /// Captures the device with this [`InputDevice::id`], for a document. `source` is a number of the
    /// caller's. [`SourceEvent::Opened`] or [`SourceEvent::Failed`] follows. A camera takes pictures in this
    /// mode, which must be one of its own; a microphone has none.
    pub fn open_source(
        &self,
        document: DocumentId,
        source: ElementId,
        kind: InputKind,
        device: String,
        mode: Option<VideoMode>,
    ) {
        self.capture(Request::Open { document, source, kind, device, mode });
    }

    /// Lets go of the device. The streams of the source end: who reads them hears silence, or nothing any more.
    pub fn close_source(&self, source: ElementId) {
        self.capture(Request::Close(source));
    }

    /// Mutes a microphone as its page or its user wants it. While nobody can hear it, somebody's voice is
    /// told of. At once; it has no effect on one that is not open.
    pub fn mute_source(&self, source: ElementId, muted: bool) {
        let sources = lock(&self.captures.0.shared.sources);
        // It stays the thread's, which may wait when it drops it.
        if let Some(Live { capture: Some(capture), .. }) = sources.get(&source) {
            capture.set_muted(muted);
        }
    }

    /// Opens a stream of a source for one consumer: a player, see
    /// [`create_stream_player`](Self::create_stream_player), a node of an audio context, or a connection. It is
    /// silent, or dark, while the gate is closed. `None`: the source is not open, or GStreamer cannot make
    /// a stream.
    ///
    /// A stream has one consumer, so each needs one of its own.
    pub fn open_track_stream(&self, source: ElementId, gate: &TrackGate) -> Option<TrackStream> {
        let outlets = lock(&self.captures.0.shared.sources).get(&source)?.outlets.clone();
        let stream = outlets.open(gate, self.clone());
        stream.inspect_err(|error| log::warn!("there is no stream of a track: {error}")).ok()
    }

    /// Has something dropped that may wait for GStreamer.
    fn drop_later(&self, outlet: outlet::Outlet) {
        self.capture(Request::Stop(Box::new(outlet)));
    }

    /// Lets go of all devices, and waits until they are let go of.
    pub(crate) fn end_captures(&self) {
        if let Some(Some((thread, ended))) = self.captures.0.thread.get()
            && thread.send(Request::Shutdown).is_ok()
        {
            // Nothing is ever sent: it is closed.
            let _ = ended.recv();
        }
    }
}

#[cfg(test)]
mod tests;
