/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The elements of a capture, in a stream of servo-media: `pulsesrc ! capsfilter ! queue`.
//!
//! A consumer of the stream puts it into a pipeline that nobody but it and servo-media knows. So what
//! `pulsesrc` says is read on a bus of its own, and what it gives is filtered by a probe. The queue
//! leaks, so that a consumer who takes nothing cannot keep `pulsesrc` from stopping.

use std::sync::{Arc, Mutex, Weak};

use gstreamer::element_factory::ElementBuilder;
use gstreamer::prelude::*;
use gstreamer::{
    Bin, Bus, BusSyncReply, Caps, ClockTime, Element, ElementFactory, EventType, GhostPad,
    MessageView, PadProbeData, PadProbeReturn, PadProbeType, Pipeline, State, Structure, event,
};
use gstreamer_app::{AppSink, AppSinkCallbacks};
use servo_media::streams::MediaStream;
use servo_media::streams::registry::{MediaStreamId, get_stream, unregister_stream};
use servo_media_gstreamer::media_stream::GStreamerMediaStream;

use super::voice::RATE;
use super::{CaptureCore, CaptureError, Tap};
use crate::lock::lock;

/// How much the server may keep back, and how much is taken from it at once.
const BUFFER: ClockTime = ClockTime::from_mseconds(40);
const PERIOD: ClockTime = ClockTime::from_mseconds(10);
/// How much waits for a consumer before the oldest is lost.
const PATIENCE: ClockTime = ClockTime::from_mseconds(100);

/// What is captured.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// A source of PulseAudio with this name.
    Device(&'a str),
    /// A tone.
    Test,
}

impl<'a> Origin<'a> {
    /// The name of the source.
    pub(super) fn device(self) -> &'a str {
        match self {
            Self::Device(name) => name,
            Self::Test => "",
        }
    }

    fn element(self) -> Result<Element, CaptureError> {
        match self {
            Self::Device(device) => {
                let role = Structure::builder("props").field("media.role", "phone").build();
                element("pulsesrc")?
                    .property("device", device)
                    .property("provide-clock", false)
                    .property("stream-properties", role)
                    .property("buffer-time", BUFFER.useconds() as i64)
                    .property("latency-time", PERIOD.useconds() as i64)
                    .build()
                    .map_err(failed)
            }
            Self::Test => made_up("sine"),
        }
    }
}

/// What makes samples by itself, 10 ms at a time.
fn made_up(wave: &str) -> Result<Element, CaptureError> {
    element("audiotestsrc")?
        .property_from_str("wave", wave)
        .property("is-live", true)
        .property("do-timestamp", true)
        .property("samplesperbuffer", RATE as i32 / 100)
        .build()
        .map_err(failed)
}

/// What makes the samples of a stream, until [`Self::stop`].
pub(super) struct Source {
    pub(super) id: MediaStreamId,
    stream: Arc<Mutex<dyn MediaStream>>,
    bin: Bin,
    /// `pulsesrc`, or what makes silence after its end.
    source: Element,
    format: Element,
}

fn element(name: &str) -> Result<ElementBuilder<'_>, CaptureError> {
    match ElementFactory::find(name) {
        Some(_) => Ok(ElementFactory::make(name)),
        None => Err(CaptureError::NotReadable(format!("GStreamer has no {name}"))),
    }
}

fn failed(error: impl std::fmt::Display) -> CaptureError {
    CaptureError::NotReadable(error.to_string())
}

impl Source {
    pub(super) fn new(origin: Origin<'_>, core: &Weak<CaptureCore>) -> Result<Self, CaptureError> {
        let source = origin.element()?;
        let opens = source.set_state(State::Ready);
        let closes = source.set_state(State::Null);
        if opens.and(closes).is_err() {
            return Err(failed("the sound server does not answer"));
        }
        let caps = Caps::builder("audio/x-raw")
            .field("format", "F32LE")
            .field("layout", "interleaved")
            .field("rate", RATE as i32)
            .field("channels", 1)
            .build();
        let format = element("capsfilter")?.property("caps", caps).build().map_err(failed)?;
        let queue = element("queue")?
            .property_from_str("leaky", "downstream")
            .property("max-size-buffers", 0u32)
            .property("max-size-bytes", 0u32)
            .property("max-size-time", PATIENCE.nseconds())
            .build()
            .map_err(failed)?;
        let bin = Bin::new();
        bin.add_many([&source, &format, &queue]).map_err(failed)?;
        Element::link_many([&source, &format, &queue]).map_err(failed)?;
        let pad = |element: &Element| {
            element.static_pad("src").ok_or_else(|| failed("an element has no pad"))
        };
        bin.add_pad(&GhostPad::with_target(&pad(&queue)?).map_err(failed)?).map_err(failed)?;
        watch(&source, core);
        filter(&pad(&format)?, core);
        let id = GStreamerMediaStream::create_audio_from(bin.clone().upcast());
        let stream = get_stream(&id).ok_or_else(|| failed("the stream is gone"))?;
        Ok(Self { id, stream, bin, source, format })
    }

    /// Lets go of the microphone. The stream goes on, silent.
    pub(super) fn end(&mut self) {
        self.release();
        // It is in the bin as long as nobody else ends it.
        let _ = self.bin.remove(&self.source);
        if let Err(error) = self.make_silence() {
            log::warn!("a stream stands still after the end of its microphone: {error}");
        }
    }

    fn make_silence(&mut self) -> Result<(), CaptureError> {
        let silence = made_up("silence")?;
        self.source = silence;
        self.bin.add(&self.source).map_err(failed)?;
        self.source.link(&self.format).map_err(failed)?;
        self.source.sync_state_with_parent().map_err(failed)
    }

    fn release(&self) {
        // Whoever starts or stops the pipeline leaves it alone from now on.
        self.source.set_locked_state(true);
        if self.source.set_state(State::Null).is_err() {
            log::warn!("a microphone does not stop");
        }
    }

    /// Lets go of everything; the stream is known no longer.
    pub(super) fn stop(self) {
        self.release();
        stop_stream(&self.id, &self.stream, self.bin.upcast_ref());
    }
}

/// Makes servo-media forget a stream and stops its consumer, if it has one. `first` is the element that
/// the stream begins with; `stream` is that with this id.
pub(crate) fn stop_stream(id: &MediaStreamId, stream: &Mutex<dyn MediaStream>, first: &Element) {
    // `stream` outlives this, or servo-media's registry would wait for itself.
    unregister_stream(id);
    let _alone = lock(stream);
    let Some(pipeline) = first.parent().and_then(|it| it.downcast::<Pipeline>().ok()) else {
        return;
    };
    let is_of = |child: &Element, name: &str| child.factory().is_some_and(|it| it.name() == name);
    let children = pipeline.children();
    let src = first.static_pad("src");
    if children.iter().any(|child| is_of(child, "webrtcbin")) {
        // The pipeline of a connection, which has other streams.
        src.map(|src| src.push_event(event::Eos::new()));
        return;
    }
    // Frees the threads that wait for a consumer who takes nothing.
    src.map(|src| src.push_event(event::FlushStart::new()));
    if pipeline.set_state(State::Null).is_err() {
        log::warn!("the pipeline of a capture does not stop");
    }
    for child in children {
        // The render thread of an audio context waits for what they send.
        if let Ok(sink) = child.downcast::<AppSink>() {
            sink.set_callbacks(AppSinkCallbacks::builder().build());
        }
    }
}

/// Makes the reader of a stream lose the samples before a gap that are no whole block, at which
/// servo-media panics.
pub(crate) fn keep_blocks_whole(id: &MediaStreamId) {
    let Some(stream) = get_stream(id) else { return };
    let mut stream = lock(&stream);
    let Some(stream) = stream.as_mut_any().downcast_mut::<GStreamerMediaStream>() else { return };
    for child in stream.pipeline_or_new().children() {
        if child.factory().is_some_and(|it| it.name() == "audiobuffersplit") {
            child.set_property("strict-buffer-size", true);
        }
    }
}

/// Reads what `pulsesrc` says; the bin reads the rest.
fn watch(source: &Element, core: &Weak<CaptureCore>) {
    let (parent, bus) = (source.bus(), Bus::new());
    let told = core.clone();
    bus.set_sync_handler(move |_, message| {
        match message.view() {
            MessageView::Error(error) => {
                if let Some(core) = told.upgrade() {
                    core.lose(format!("{} ({:?})", error.error(), error.debug()));
                }
            }
            // It is late; nobody reads the bus of the pipeline.
            MessageView::Warning(warning) => log::debug!("a microphone: {}", warning.error()),
            _ => {
                if let Some(parent) = &parent {
                    // It fails when the bin is gone.
                    let _ = parent.post(message.clone());
                }
            }
        }
        BusSyncReply::Drop
    });
    source.set_bus(Some(&bus));
    let moved = core.clone();
    source.connect_notify(Some("current-device"), move |source, _| {
        if let (Some(core), Some(device)) =
            (moved.upgrade(), source.property::<Option<String>>("current-device"))
        {
            core.see_device(device);
        }
    });
}

/// Applies what is wanted of a capture to its samples.
fn filter(pad: &gstreamer::Pad, core: &Weak<CaptureCore>) {
    let tap = Mutex::new(Tap::default());
    let core = core.clone();
    let what = PadProbeType::BUFFER | PadProbeType::EVENT_DOWNSTREAM;
    pad.add_probe(what, move |_, info| match &mut info.data {
        Some(PadProbeData::Buffer(buffer)) => {
            let mut tap = lock(&tap);
            let passes = core.upgrade().is_some_and(|core| core.filter(&mut tap, buffer));
            if passes { PadProbeReturn::Ok } else { PadProbeReturn::Drop }
        }
        // Silence follows the end of the microphone.
        Some(PadProbeData::Event(event)) if event.type_() == EventType::Eos => PadProbeReturn::Drop,
        _ => PadProbeReturn::Ok,
    });
}
