/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! The streams of a source: each consumer of a track has one of its own.
//!
//! What the source gives is read at one place, and goes on from there into each stream, under the gate of
//! its track. All pipelines have the same clock and the same base time, which are servo-media's; so what
//! has a time in one has it in all.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use gstreamer::prelude::*;
use gstreamer::{Buffer, Caps, ClockTime, Element, ElementFactory};
use gstreamer_app::AppSrc;
use servo_media::streams::MediaStream;
use servo_media::streams::registry::{MediaStreamId, get_stream};
use servo_media_gstreamer::media_stream::GStreamerMediaStream;

use super::{InputKind, MICROPHONE_RATE};
use crate::Media;
use crate::lock::lock;
use crate::ramp::Ramp;
use crate::session::stop_stream;

/// How much waits for a consumer before the oldest is lost.
const PATIENCE: ClockTime = ClockTime::from_mseconds(100);
/// By how much what a consumer gets is later than the source says.
const LATENCY: ClockTime = ClockTime::from_mseconds(20);

/// Whether a track lets anything through: it is live, enabled and not muted. Clones are the same gate; it
/// begins open.
#[derive(Clone, Debug)]
pub struct TrackGate(Arc<AtomicBool>);

impl Default for TrackGate {
    fn default() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }
}

impl TrackGate {
    /// Opens or closes it. What was heard fades within 10 ms.
    pub fn set_open(&self, open: bool) {
        self.0.store(open, Ordering::Relaxed);
    }

    fn is_open(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A stream of a track for one consumer, until this is dropped.
pub struct TrackStream {
    id: MediaStreamId,
    number: u64,
    outlets: Arc<Outlets>,
    media: Media,
}

impl std::fmt::Debug for TrackStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrackStream").field("number", &self.number).finish_non_exhaustive()
    }
}

impl TrackStream {
    /// What servo-media's players, audio contexts and connections take.
    pub fn id(&self) -> MediaStreamId {
        self.id
    }
}

impl Drop for TrackStream {
    fn drop(&mut self) {
        // It is gone when the source was closed before.
        if let Some(outlet) = self.outlets.take(self.number) {
            self.media.drop_later(outlet);
        }
    }
}

/// The inner end of a stream.
pub(super) struct Outlet {
    number: u64,
    gate: TrackGate,
    ramp: Ramp,
    entrance: AppSrc,
    id: MediaStreamId,
    stream: Arc<Mutex<dyn MediaStream>>,
}

impl Outlet {
    /// Lets go of its consumer. Waits for GStreamer.
    pub(super) fn stop(self) {
        stop_stream(&self.id, &self.stream, self.entrance.upcast_ref());
    }

    /// Takes samples, or a picture.
    fn push(&mut self, buffer: &Buffer, kind: InputKind) {
        let mut buffer = buffer.clone();
        let passes = match kind {
            InputKind::Microphone => self.fade(&mut buffer),
            InputKind::Camera => self.gate.is_open() || darken(&mut buffer),
        };
        if passes {
            // The consumer has not begun, or has ended, when it fails.
            let _ = self.entrance.push_buffer(buffer);
        }
    }

    /// Whether there are samples then.
    fn fade(&mut self, buffer: &mut Buffer) -> bool {
        self.ramp.go_to(if self.gate.is_open() { 1.0 } else { 0.0 }, MICROPHONE_RATE);
        if self.ramp.is_settled() && self.ramp.target() == 1.0 {
            return true;
        }
        let Ok(mut map) = buffer.make_mut().map_writable() else { return false };
        for bytes in map.as_mut_slice().as_chunks_mut().0 {
            *bytes = (f32::from_le_bytes(*bytes) * self.ramp.next()).to_le_bytes();
        }
        true
    }
}

/// Makes a picture in the format I420 black; whether it is.
fn darken(buffer: &mut Buffer) -> bool {
    let Ok(mut map) = buffer.make_mut().map_writable() else { return false };
    // The brightness of all pixels comes first, and takes two thirds.
    let brightness = map.len() / 3 * 2;
    let (brightness, colours) = map.as_mut_slice().split_at_mut(brightness);
    brightness.fill(16);
    colours.fill(128);
    true
}

/// All streams of a source.
pub(super) struct Outlets {
    kind: InputKind,
    caps: Caps,
    numbers: AtomicU64,
    /// `None` when the source is closed.
    open: Mutex<Option<Vec<Outlet>>>,
}

impl std::fmt::Debug for Outlets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outlets").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Outlets {
    /// What is pushed has this format: one channel of 32-bit floats, or pictures as I420.
    pub(super) fn new(kind: InputKind, caps: Caps) -> Self {
        Self { kind, caps, numbers: AtomicU64::default(), open: Mutex::new(Some(Vec::new())) }
    }

    /// Opens a stream.
    ///
    /// # Errors
    ///
    /// Why GStreamer can make none.
    pub(super) fn open(
        self: &Arc<Self>,
        gate: &TrackGate,
        media: Media,
    ) -> Result<TrackStream, String> {
        let entrance: Element = ElementFactory::make("appsrc")
            .property("caps", &self.caps)
            .property_from_str("format", "time")
            .property("is-live", true)
            .property("max-bytes", 0u64)
            .property("max-buffers", 0u64)
            .property("max-time", PATIENCE)
            .property_from_str("leaky-type", "downstream")
            .property("min-latency", LATENCY.nseconds() as i64)
            .build()
            .map_err(|error| error.to_string())?;
        let entrance: AppSrc = entrance.downcast().map_err(|_| "appsrc is none".to_owned())?;
        let element = entrance.clone().upcast();
        let id = match self.kind {
            InputKind::Microphone => GStreamerMediaStream::create_audio_from(element),
            InputKind::Camera => GStreamerMediaStream::create_video_from(element),
        };
        let stream = get_stream(&id).ok_or("the stream is gone")?;
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let gain = if gate.is_open() { 1.0 } else { 0.0 };
        let (gate, ramp) = (gate.clone(), Ramp::new(gain));
        let outlet = Outlet { number, gate, ramp, entrance, id, stream };
        match &mut *lock(&self.open) {
            Some(open) => open.push(outlet),
            None => {
                media.drop_later(outlet);
                return Err("the source is closed".into());
            }
        }
        Ok(TrackStream { id, number, outlets: self.clone(), media })
    }

    fn take(&self, number: u64) -> Option<Outlet> {
        let mut open = lock(&self.open);
        let open = open.as_mut()?;
        let place = open.iter().position(|outlet| outlet.number == number)?;
        Some(open.swap_remove(place))
    }

    /// Hands on what the source gives; on its streaming thread.
    pub(super) fn push(&self, buffer: &Buffer) {
        for outlet in lock(&self.open).iter_mut().flatten() {
            outlet.push(buffer, self.kind);
        }
    }

    /// Lets go of all consumers. Waits for GStreamer.
    pub(super) fn close(&self) {
        let open = lock(&self.open).take();
        for outlet in open.into_iter().flatten() {
            outlet.stop();
        }
    }
}
