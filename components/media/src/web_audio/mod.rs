/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Web Audio](https://webaudio.github.io/web-audio-api/): audio contexts of pages, under their sessions.
//!
//! * this file: what script has of a context.
//! * `block`, `timeline`, `param`, `wave`, `nodes`, `graph`: the rendering algorithms. Pure.
//! * `renderer`, `output`: the rendering thread, and GStreamer behind it.
//! * `decode`: files to samples.
//!
//! servo-media has audio graphs, too, which are for engines that use its interface. They do not do for
//! pages that are not trusted or run for long: version 0.7.0 keeps every node until its context ends and
//! looks at all of them for each quantum; a chain of 40,000 nodes overflows the stack of its thread, and
//! with it the process ends; what is set for a time that has passed, or while a node is silent, is lost;
//! and what has been decoded wrongly may wait for ever.
//!
//! # Threads
//!
//! Each context has a rendering thread. What script does is sent to it; nothing waits for it. What
//! happens there is told by the media thread, as a
//! [`MediaEvent::AudioContext`](crate::MediaEvent::AudioContext). One more thread decodes.

mod block;
mod decode;
mod graph;
mod nodes;
mod output;
mod param;
mod renderer;
mod timeline;
mod wave;

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};

pub use block::{ChannelCountMode, ChannelInterpretation, Channels, QUANTUM};
pub(crate) use decode::{Decoder, Job};
pub use graph::{NodeId, Port};
pub use nodes::{DistanceModel, NodeInit, NodeKind, NodeMessage, PannerSettings, SampleBuffer};
pub use param::{CurrentValue, ParamInit, ParamName};
pub use renderer::AudioContextEvent;
pub(crate) use renderer::{Control, Renderer, Setup};
pub use timeline::Automation;
pub use wave::{PeriodicWave, Waveform};

use renderer::Shared;

use crate::sink::Buffering;

/// The sample rates that a context may have, in frames a second:
/// [supported sample rates](https://webaudio.github.io/web-audio-api/#sample-rates).
pub const SAMPLE_RATES: std::ops::RangeInclusive<f32> = 3_000.0..=768_000.0;

/// The sample rate of a context that asks for none.
pub const DEFAULT_SAMPLE_RATE: f32 = 48_000.0;

/// How many channels a node or a buffer may have.
pub const MAX_CHANNELS: u32 = 32;

/// What script has of an audio context. All copies of it are the same; the context is closed when the
/// last is dropped. Every call returns at once.
#[derive(Clone, Debug)]
pub struct AudioContext(Arc<Handle>);

#[derive(Debug)]
struct Handle {
    rate: f32,
    limit: u64,
    shared: Arc<Shared>,
    controls: Sender<Control>,
}

impl Handle {
    fn send(&self, control: Control) {
        // A context that is closed does nothing more.
        let _ = self.controls.send(control);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.send(Control::Close);
    }
}

impl AudioContext {
    /// A context of this rate in frames a second, which keeps about `latency` seconds of sound before
    /// those of the sink, and whose listener has these parameters. Somebody must render it.
    pub(crate) fn new(rate: f32, latency: f64, listener: Vec<ParamInit>) -> (Self, Setup) {
        let rate = rate.clamp(*SAMPLE_RATES.start(), *SAMPLE_RATES.end());
        let quantum = QUANTUM as u64;
        // NaN is 0.
        let quanta = (latency * f64::from(rate) / QUANTUM as f64) as u64;
        let most = (rate as u64 / 2).div_ceil(quantum);
        let limit = quanta.clamp(2, most.max(2)) * quantum;
        let (controls, inbox): (_, Receiver<Control>) = unbounded();
        let shared = Arc::new(Shared::default());
        let wake = controls.clone();
        let setup = Setup { rate, limit, listener, shared: shared.clone(), controls: inbox, wake };
        (Self(Arc::new(Handle { rate, limit, shared, controls })), setup)
    }

    /// [sampleRate](https://webaudio.github.io/web-audio-api/#dom-baseaudiocontext-samplerate), in frames a
    /// second.
    pub fn sample_rate(&self) -> f32 {
        self.0.rate
    }

    /// [currentTime](https://webaudio.github.io/web-audio-api/#dom-baseaudiocontext-currenttime), in seconds.
    pub fn current_time(&self) -> f64 {
        self.0.shared.frames() as f64 / f64::from(self.0.rate)
    }

    /// [baseLatency](https://webaudio.github.io/web-audio-api/#dom-audiocontext-baselatency), in seconds.
    pub fn base_latency(&self) -> f64 {
        self.0.limit as f64 / f64::from(self.0.rate)
    }

    /// [outputLatency](https://webaudio.github.io/web-audio-api/#dom-audiocontext-outputlatency), in seconds,
    /// while it runs: what the session sink keeps for its server.
    pub fn output_latency(&self) -> f64 {
        let is_running = self.0.shared.frames() > 0;
        if is_running { Buffering::default().buffer.as_secs_f64() } else { 0.0 }
    }

    /// Starts rendering. [`AudioContextEvent::Running`] with this number follows. The caller counts.
    pub fn resume(&self, request: u64) {
        self.0.send(Control::Resume(request));
    }

    /// Stops rendering. [`AudioContextEvent::Suspended`] with this number follows.
    pub fn suspend(&self, request: u64) {
        self.0.send(Control::Suspend(request));
    }

    /// Gives all back that the system gave. [`AudioContextEvent::Closed`] follows.
    pub fn close(&self) {
        self.0.send(Control::Close);
    }

    /// Makes a node. The caller counts from above [`NodeId::LISTENER`].
    pub fn add(&self, node: NodeId, init: NodeInit) {
        self.0.send(Control::Add(node, init));
    }

    /// Nobody can do anything with a node any more. It sounds to its end.
    pub fn release(&self, node: NodeId) {
        self.0.send(Control::Release(node));
    }

    /// Connects the output of a node.
    pub fn connect(&self, from: NodeId, to: Port) {
        self.0.send(Control::Connect(from, to));
    }

    /// Disconnects the output of a node from something, or from all.
    pub fn disconnect(&self, from: NodeId, to: Option<Port>) {
        self.0.send(Control::Disconnect(from, to));
    }

    /// Does something to the timeline of a parameter.
    pub fn automate(&self, node: NodeId, name: ParamName, automation: Automation) {
        self.0.send(Control::Automate { node, name, automation, set: None });
    }

    /// [Sets the value](https://webaudio.github.io/web-audio-api/#dom-audioparam-value) of a parameter now.
    pub fn set_value(&self, node: NodeId, name: ParamName, current: &CurrentValue, value: f32) {
        let set = Some(current.set(value));
        let automation = Automation::SetValue { value, time: 0.0 };
        self.0.send(Control::Automate { node, name, automation, set });
    }

    /// Whether the value of a parameter is taken for each frame, rather than for each quantum.
    pub fn set_a_rate(&self, node: NodeId, name: ParamName, is_a_rate: bool) {
        self.0.send(Control::SetARate(node, name, is_a_rate));
    }

    /// Tells a node something.
    pub fn tell(&self, node: NodeId, message: NodeMessage) {
        self.0.send(Control::Tell(node, message));
    }
}
