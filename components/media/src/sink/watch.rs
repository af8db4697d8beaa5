/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The `SinkWatch` thread: looks for what nobody tells.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use gstreamer::prelude::*;
use gstreamer::{ElementFactory, PadProbeReturn, PadProbeType, Pipeline, State};

use super::element::AudioSink;
use super::exchange::suspect_all;
use super::inner;
use super::process::process;
use super::progress::Reason;
use crate::lock::lock;

/// How often it looks while something is to be seen.
const INTERVAL: Duration = Duration::from_millis(200);
/// How many buffers of 10 ms the probe's sink must take: far more than fit into it.
const PROBE_BUFFERS: u32 = 60;

/// Wakes the thread, which starts with the first call.
#[derive(Debug, Default)]
pub(super) struct Watch {
    started: OnceLock<()>,
    woken: Mutex<bool>,
    wakes: Condvar,
    probing: Arc<AtomicBool>,
}

impl Watch {
    /// Something may be to be seen from now on.
    pub(super) fn wake(&'static self) {
        *lock(&self.woken) = true;
        self.wakes.notify_one();
        self.started.get_or_init(|| {
            let thread = std::thread::Builder::new().name("SinkWatch".into());
            if let Err(error) = thread.spawn(|| self.run()) {
                log::error!("nobody watches the sound server: {error}");
            }
        });
    }

    fn run(&self) {
        loop {
            {
                let woken = lock(&self.woken);
                let mut woken = self
                    .wakes
                    .wait_while(woken, |woken| !*woken)
                    .unwrap_or_else(PoisonError::into_inner);
                *woken = false;
            }
            while self.look(&process().streams()) {
                std::thread::sleep(INTERVAL);
            }
        }
    }

    /// Is there any reason to look again soon?
    fn look(&self, streams: &[AudioSink]) -> bool {
        let now = Instant::now();
        let mut again = false;
        let mut is_server_wanted = false;
        for stream in streams {
            let playing = stream.is_playing();
            is_server_wanted |= playing && stream.is_fallen_back();
            if playing {
                stream.look_for_stall(now);
            }
            if stream.rests_for(Reason::Muted) {
                stream.ask_mute();
                again = true;
            }
            if stream.rests_for(Reason::Stalled) {
                self.probe();
                again = true;
            }
            again |= playing;
        }
        if is_server_wanted && inner::is_possible() {
            recover(streams);
        }
        again
    }

    /// Finds out on another thread, since a stalled server blocks its clients, whether a stream of
    /// ours makes progress. If so, no stream is stalled.
    fn probe(&self) {
        if self.probing.swap(true, Ordering::SeqCst) {
            return;
        }
        let probing = self.probing.clone();
        let thread = std::thread::Builder::new().name("SinkProbe".into()).spawn(move || {
            if makes_progress() {
                for stream in process().streams() {
                    if stream.rests_for(Reason::Stalled) {
                        stream.clear(Reason::Stalled);
                    }
                }
            }
            probing.store(false, Ordering::SeqCst);
        });
        if let Err(error) = thread {
            log::error!("nobody probes the sound server: {error}");
            self.probing.store(false, Ordering::SeqCst);
        }
    }
}

/// Gives every stream that plays to nowhere a real sink, if there is one.
fn recover(streams: &[AudioSink]) {
    for stream in streams.iter().filter(|stream| stream.is_fallen_back()) {
        let settings = process().settings();
        let Some(sink) = inner::open(&settings) else { return suspect_all(None) };
        stream.recover(&sink, settings.version);
    }
}

/// Plays silence as our streams would. Returns `false` when nobody needs to know any more.
fn makes_progress() -> bool {
    let Some(sink) = inner::open(&process().settings()) else { return true };
    let taken = Arc::new(AtomicU32::new(0));
    let pipeline = Pipeline::new();
    let started = silence(&pipeline, &sink, &taken);
    let mut progress = started.is_err();
    while !progress && process().streams().iter().any(|stream| stream.rests_for(Reason::Stalled)) {
        std::thread::sleep(INTERVAL);
        progress = taken.load(Ordering::Relaxed) >= PROBE_BUFFERS;
    }
    let _ = pipeline.set_state(State::Null);
    let _ = sink.set_state(State::Null);
    progress
}

fn silence(
    pipeline: &Pipeline,
    sink: &gstreamer::Element,
    taken: &Arc<AtomicU32>,
) -> Result<(), gstreamer::glib::Error> {
    let failed = |error: gstreamer::glib::BoolError| {
        gstreamer::glib::Error::new(gstreamer::CoreError::Failed, &error.message)
    };
    let source = ElementFactory::make("audiotestsrc")
        .property("samplesperbuffer", 480)
        .build()
        .map_err(failed)?;
    source.set_property_from_str("wave", "silence");
    pipeline.add_many([&source, sink]).map_err(failed)?;
    let caps = gstreamer::Caps::builder("audio/x-raw").field("rate", 48_000).build();
    source.link_filtered(sink, &caps).map_err(failed)?;
    if let Some(pad) = sink.static_pad("sink") {
        let taken = taken.clone();
        pad.add_probe(PadProbeType::BUFFER, move |_, _| {
            taken.fetch_add(1, Ordering::Relaxed);
            PadProbeReturn::Ok
        });
    }
    pipeline.set_state(State::Playing).map(|_| ()).map_err(|_| {
        gstreamer::glib::Error::new(gstreamer::CoreError::StateChange, "it does not play")
    })
}
