/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! A source: a device that runs, and whose samples or pictures go to all of its streams.

use std::sync::{Arc, Mutex};

use gstreamer::prelude::*;
use gstreamer::{
    Bin, BusSyncReply, Caps, Device, Element, ElementFactory, FlowError, FlowSuccess, Fraction,
    GhostPad, MessageView, Pipeline, State,
};
use gstreamer_app::{AppSink, AppSinkCallbacks};
use servo_media::streams::MediaStream;
use servo_media::streams::registry::{MediaStreamId, get_stream};
use servo_media_gstreamer::media_stream::GStreamerMediaStream;

use super::outlet::Outlets;
use super::{InputKind, Live, MICROPHONE_RATE, VideoMode};
use crate::lock::lock;
use crate::session::{Capture, CaptureError, stop_stream};

/// A device that runs.
pub(super) struct Source {
    pub(super) outlets: Arc<Outlets>,
    device: Running,
}

enum Running {
    Microphone(Arc<Capture>),
    Camera { id: MediaStreamId, stream: Arc<Mutex<dyn MediaStream>>, bin: Bin },
}

fn failed(error: impl std::fmt::Display) -> CaptureError {
    CaptureError::NotReadable(error.to_string())
}

fn make(name: &str) -> Result<Element, CaptureError> {
    ElementFactory::make(name).build().map_err(failed)
}

/// What hands everything on.
fn exit(outlets: &Arc<Outlets>, caps: &Caps) -> AppSink {
    let outlets = outlets.clone();
    let hand_on = move |sink: &AppSink| {
        let sample = sink.pull_sample().map_err(|_| FlowError::Eos)?;
        if let Some(buffer) = sample.buffer() {
            outlets.push(&buffer.to_owned());
        }
        Ok(FlowSuccess::Ok)
    };
    let callbacks = AppSinkCallbacks::builder().new_sample(hand_on).build();
    AppSink::builder().caps(caps).sync(false).async_(false).callbacks(callbacks).build()
}

fn microphone_caps() -> Caps {
    Caps::builder("audio/x-raw")
        .field("format", "F32LE")
        .field("layout", "interleaved")
        .field("rate", MICROPHONE_RATE as i32)
        .field("channels", 1)
        .build()
}

fn camera_caps(mode: VideoMode) -> Caps {
    let rate = Fraction::approximate_f64(mode.frame_rate).unwrap_or(Fraction::new(30, 1));
    Caps::builder("video/x-raw")
        .field("format", "I420")
        .field("width", mode.width as i32)
        .field("height", mode.height as i32)
        .field("framerate", rate)
        .build()
}

/// Reads a stream, as its consumer.
fn start(
    stream: &Mutex<dyn MediaStream>,
    outlets: &Arc<Outlets>,
    caps: &Caps,
) -> Result<Pipeline, CaptureError> {
    let (pipeline, last) = {
        let mut stream = lock(stream);
        let stream = stream.as_mut_any().downcast_mut::<GStreamerMediaStream>();
        let stream = stream.ok_or_else(|| failed("the stream is another backend's"))?;
        (stream.pipeline_or_new(), stream.src_element())
    };
    let exit = exit(outlets, caps);
    pipeline.add(&exit).map_err(failed)?;
    last.link(&exit).map_err(failed)?;
    pipeline.set_state(State::Playing).map_err(failed)?;
    Ok(pipeline)
}

/// Puts a real camera before `format`. What it gives may be compressed.
fn add_camera(bin: &Bin, device: &Device, format: &Element) -> Result<(), CaptureError> {
    let camera = device.create_element(None).map_err(failed)?;
    let (decoder, convert, rate) = (make("decodebin")?, make("videoconvert")?, make("videorate")?);
    bin.add_many([&camera, &decoder, &convert, &rate, format]).map_err(failed)?;
    camera.link(&decoder).map_err(failed)?;
    Element::link_many([&convert, &rate, format]).map_err(failed)?;
    decoder.connect_pad_added(move |_, pad| {
        if let Some(sink) = convert.static_pad("sink")
            && let Err(error) = pad.link(&sink)
        {
            log::warn!("the pictures of a camera cannot be used: {error}");
        }
    });
    Ok(())
}

impl Source {
    /// Starts a microphone.
    ///
    /// # Errors
    ///
    /// [`CaptureError::NotReadable`].
    pub(super) fn of_microphone(capture: Capture) -> Result<Self, CaptureError> {
        let caps = microphone_caps();
        let outlets = Arc::new(Outlets::new(InputKind::Microphone, caps.clone()));
        let stream = get_stream(&capture.stream()).ok_or_else(|| failed("the stream is gone"))?;
        start(&stream, &outlets, &caps)?;
        Ok(Self { outlets, device: Running::Microphone(Arc::new(capture)) })
    }

    /// Starts a camera, or what makes pictures for tests. `ended` is called when it goes, on a thread of
    /// GStreamer's.
    ///
    /// # Errors
    ///
    /// [`CaptureError::NotReadable`].
    pub(super) fn of_camera(
        device: Option<&Device>,
        mode: VideoMode,
        ended: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, CaptureError> {
        let caps = camera_caps(mode);
        let bin = Bin::new();
        let format = ElementFactory::make("capsfilter").property("caps", &caps).build();
        let format = format.map_err(failed)?;
        match device {
            Some(device) => add_camera(&bin, device, &format)?,
            None => {
                let camera = ElementFactory::make("videotestsrc")
                    .property("is-live", true)
                    .property("do-timestamp", true)
                    .build()
                    .map_err(failed)?;
                bin.add_many([&camera, &format]).map_err(failed)?;
                camera.link(&format).map_err(failed)?;
            }
        }
        let src = format.static_pad("src").ok_or_else(|| failed("an element has no pad"))?;
        bin.add_pad(&GhostPad::with_target(&src).map_err(failed)?).map_err(failed)?;
        let id = GStreamerMediaStream::create_video_from(bin.clone().upcast());
        let stream = get_stream(&id).ok_or_else(|| failed("the stream is gone"))?;
        let outlets = Arc::new(Outlets::new(InputKind::Camera, caps.clone()));
        let started = start(&stream, &outlets, &caps);
        let source = Self { outlets, device: Running::Camera { id, stream, bin } };
        match started {
            Ok(pipeline) => {
                watch(&pipeline, ended);
                Ok(source)
            }
            Err(error) => {
                source.close();
                Err(error)
            }
        }
    }

    pub(super) fn live(&self) -> Live {
        let capture = match &self.device {
            Running::Microphone(capture) => Some(capture.clone()),
            Running::Camera { .. } => None,
        };
        Live { outlets: self.outlets.clone(), capture }
    }

    /// Lets go of the device and of all consumers.
    pub(super) fn close(self) {
        match self.device {
            Running::Microphone(capture) => drop(capture),
            Running::Camera { id, stream, bin } => stop_stream(&id, &stream, bin.upcast_ref()),
        }
        self.outlets.close();
    }
}

fn watch(pipeline: &Pipeline, ended: impl Fn() + Send + Sync + 'static) {
    let Some(bus) = pipeline.bus() else { return };
    bus.set_sync_handler(move |_, message| {
        match message.view() {
            MessageView::Error(error) => {
                log::info!("a camera is gone: {}", error.error());
                ended();
            }
            MessageView::Eos(_) => ended(),
            _ => {}
        }
        BusSyncReply::Drop
    });
}
