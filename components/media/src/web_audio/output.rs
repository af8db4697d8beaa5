/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Where a context's sound goes: a pipeline that plays what is pushed, through the sink that
//! `autoaudiosink` chooses.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gstreamer::prelude::*;
use gstreamer::{Bus, BusSyncReply, ClockTime, MessageView, State, StateChangeSuccess};
use gstreamer_app::{AppSrc, AppSrcCallbacks};

/// Two channels of 32 bits.
const BYTES_PER_FRAME: u64 = 8;

/// How long before it is heard sound goes on after it came too late.
const MARGIN: ClockTime = ClockTime::from_mseconds(20);

/// Why a context cannot be heard.
#[derive(Debug, thiserror::Error)]
pub(super) enum OutputError {
    #[error("GStreamer lacks an element: {0}")]
    Element(#[from] gstreamer::glib::BoolError),
    #[error("GStreamer's pipeline does not change its state")]
    State(#[from] gstreamer::StateChangeError),
    #[error("GStreamer takes no more data")]
    Flow(#[from] gstreamer::FlowError),
}

/// A pipeline. It is gone, with its threads, when this is dropped, which waits for that.
pub(super) struct Output {
    pipeline: gstreamer::Pipeline,
    bus: Bus,
    source: AppSrc,
    /// In frames a second.
    rate: u64,
    /// In frames.
    limit: u64,
    /// How many frames were pushed.
    pushed: u64,
    /// How much time was lost.
    lost: ClockTime,
    failed: Arc<AtomicBool>,
}

impl Output {
    /// A pipeline that keeps so many frames before those of its sink. `wake` is called on its threads
    /// when it wants more, or has failed.
    pub(super) fn new(
        rate: u64,
        limit: u64,
        wake: impl Fn() + Clone + Send + Sync + 'static,
    ) -> Result<Self, OutputError> {
        let caps = gstreamer::Caps::builder("audio/x-raw")
            .field("format", if cfg!(target_endian = "big") { "F32BE" } else { "F32LE" })
            .field("layout", "interleaved")
            .field("rate", i32::try_from(rate).unwrap_or(i32::MAX))
            .field("channels", 2)
            .build();
        let source = AppSrc::builder().caps(&caps).format(gstreamer::Format::Time).build();
        source.set_max_bytes(limit * BYTES_PER_FRAME);
        source.set_property("min-percent", 50_u32);
        let pipeline = gstreamer::Pipeline::new();
        let make = |name| gstreamer::ElementFactory::make(name).build();
        let elements = [
            source.clone().upcast(),
            make("audioconvert")?,
            make("audioresample")?,
            make("autoaudiosink")?,
        ];
        pipeline.add_many(&elements)?;
        gstreamer::Element::link_many(&elements)?;
        let failed = Arc::new(AtomicBool::new(false));
        let bus = pipeline.bus().expect("every pipeline has a bus");
        let (fails, tell) = (failed.clone(), wake.clone());
        // Nobody reads the bus.
        bus.set_sync_handler(move |_, message| {
            if let MessageView::Error(error) = message.view() {
                log::warn!("an audio context cannot be heard any more: {}", error.error());
                fails.store(true, Ordering::Relaxed);
                tell();
            }
            BusSyncReply::Drop
        });
        source.set_callbacks(AppSrcCallbacks::builder().need_data(move |_, _| wake()).build());
        Ok(Self { pipeline, bus, source, rate, limit, pushed: 0, lost: ClockTime::ZERO, failed })
    }

    /// Whether it will never play again.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    pub(super) fn play(&self) -> Result<(), OutputError> {
        self.pipeline.set_state(State::Playing)?;
        Ok(())
    }

    pub(super) fn pause(&self) -> Result<(), OutputError> {
        self.pipeline.set_state(State::Paused)?;
        Ok(())
    }

    pub(super) fn has_enough(&self) -> bool {
        self.source.current_level_bytes() >= self.limit * BYTES_PER_FRAME
    }

    /// The time of the pipeline, while it plays: on the way there it has that of another base.
    fn running_time(&self) -> Option<ClockTime> {
        let (change, state, next) = self.pipeline.state(ClockTime::ZERO);
        let plays = change == Ok(StateChangeSuccess::Success)
            && (state, next) == (State::Playing, State::VoidPending);
        self.pipeline.current_running_time().filter(|_| plays)
    }

    /// Pushes frames of two channels, one after the other.
    pub(super) fn push(&mut self, samples: Vec<u8>) -> Result<(), OutputError> {
        let frames = samples.len() as u64 / BYTES_PER_FRAME;
        let mut buffer = gstreamer::Buffer::from_mut_slice(samples);
        let at = |frames: u64| {
            let time = u128::from(frames) * u128::from(ClockTime::SECOND.nseconds());
            // Centuries from now it stands still.
            ClockTime::from_nseconds((time / u128::from(self.rate)) as u64)
        };
        if let Some(buffer) = buffer.get_mut() {
            let (start, end) = (at(self.pushed), at(self.pushed + frames));
            let due = start + self.lost;
            // What comes too late is not made up for: sinks would be silent until it is.
            let now = self.running_time().filter(|now| due < *now);
            if let Some(now) = now {
                self.lost += now - due + MARGIN;
                buffer.set_flags(gstreamer::BufferFlags::DISCONT);
            }
            buffer.set_pts(start + self.lost);
            buffer.set_duration(end.saturating_sub(start));
        }
        self.pushed += frames;
        self.source.push_buffer(buffer)?;
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.source.set_callbacks(AppSrcCallbacks::builder().build());
        if let Err(error) = self.pipeline.set_state(State::Null) {
            log::warn!("the pipeline of an audio context does not end: {error}");
        }
        self.bus.unset_sync_handler();
    }
}
