/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [rendering thread](https://webaudio.github.io/web-audio-api/#rendering-thread) of a context.
//!
//! It may wait for GStreamer, and nobody waits for it but the media thread at the end of the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError};

use super::block::{Block, QUANTUM};
use super::graph::{Graph, NodeId, Port};
use super::nodes::{Moment, NodeInit, NodeMessage};
use super::output::{Output, OutputError};
use super::param::{ParamInit, ParamName};
use super::timeline::Automation;
use crate::session::{Gate, SinkChange};

/// What a rendering thread is told: [control messages](https://webaudio.github.io/web-audio-api/#control-message).
pub(crate) enum Control {
    /// Start rendering.
    Resume(u64),
    /// Stop rendering.
    Suspend(u64),
    /// Let all go, and end.
    Close,
    Add(NodeId, NodeInit),
    Release(NodeId),
    Connect(NodeId, Port),
    Disconnect(NodeId, Option<Port>),
    Automate {
        node: NodeId,
        name: ParamName,
        automation: Automation,
        set: Option<u32>,
    },
    SetARate(NodeId, ParamName, bool),
    Tell(NodeId, NodeMessage),
    /// The session or the sink wants something.
    Wake,
}

/// What happened to an audio context. It is told in this order.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AudioContextEvent {
    /// The first quantum since this request to resume, and all before it, has been rendered.
    Running(u64),
    /// Nothing is rendered since this request to suspend.
    Suspended(u64),
    /// It has let all go.
    Closed,
    /// The session manager silences the context's session, or does not any more.
    Silenced(bool),
    /// It has begun to send samples that are not zero, or has ended to half a second ago.
    Audible(bool),
    /// A source came to its end.
    Ended(NodeId),
}

/// What the threads of a context share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// How many frames have been rendered.
    frames: AtomicU64,
}

impl Shared {
    pub(crate) fn frames(&self) -> u64 {
        self.frames.load(Ordering::Relaxed)
    }
}

/// What a rendering thread is made of.
pub(crate) struct Setup {
    /// In frames a second.
    pub(crate) rate: f32,
    /// How many frames are kept before those of the sink.
    pub(crate) limit: u64,
    pub(crate) listener: Vec<ParamInit>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) controls: Receiver<Control>,
    /// The other end.
    pub(crate) wake: Sender<Control>,
}

/// Where the sound goes.
enum Sink {
    /// Nothing has been rendered yet.
    None,
    Output(Box<Output>),
    /// There is no output to be had: time goes on by the clock of the system. The next quantum is due
    /// then.
    Nowhere(Instant),
}

/// When a quantum is rendered.
enum Renders {
    Now,
    At(Instant),
    /// Something else must happen first.
    Later,
}

pub(crate) struct Renderer<F> {
    graph: Graph,
    gate: Gate,
    sink: Sink,
    setup: Setup,
    observe: F,
    runs: bool,
    /// The request to resume that has not been followed by a quantum.
    resumes: Option<u64>,
    is_audible: bool,
    is_silenced: bool,
    /// What came to its end in this quantum.
    ended: Vec<NodeId>,
}

impl<F: FnMut(AudioContextEvent)> Renderer<F> {
    pub(crate) fn new(mut setup: Setup, gate: Gate, observe: F) -> Self {
        let wake = setup.wake.clone();
        gate.core().set_waker(Box::new(move || drop(wake.send(Control::Wake))));
        Self {
            graph: Graph::new(std::mem::take(&mut setup.listener)),
            gate,
            sink: Sink::None,
            setup,
            observe,
            runs: false,
            resumes: None,
            is_audible: false,
            is_silenced: false,
            ended: Vec::new(),
        }
    }

    /// Until the context is closed.
    pub(crate) fn run(mut self) {
        loop {
            self.follow();
            let controls = &self.setup.controls;
            let control = match self.renders() {
                Renders::Later => controls.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Renders::At(due) => controls.recv_deadline(due),
                Renders::Now => controls.try_recv().map_err(|error| match error {
                    TryRecvError::Empty => RecvTimeoutError::Timeout,
                    TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
                }),
            };
            match control {
                Ok(Control::Close) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(control) => self.handle(control),
                Err(RecvTimeoutError::Timeout) => self.render(),
            }
        }
        // The sink goes before the session hears that the context has gone.
        self.sink = Sink::None;
        (self.observe)(AudioContextEvent::Closed);
    }

    /// Does what the session wants, and says so.
    fn follow(&mut self) {
        match self.gate.follow() {
            None => {}
            Some(SinkChange::Play) => self.play(),
            Some(SinkChange::Stop) => self.pause(),
        }
        let is_silenced = self.gate.is_suspended();
        if std::mem::replace(&mut self.is_silenced, is_silenced) != is_silenced {
            (self.observe)(AudioContextEvent::Silenced(is_silenced));
        }
    }

    /// When the next quantum is rendered, after all that there is to handle.
    fn renders(&self) -> Renders {
        if !self.runs || self.gate.sleeps() {
            return Renders::Later;
        }
        match &self.sink {
            Sink::None => Renders::Later,
            Sink::Nowhere(due) => Renders::At(*due),
            Sink::Output(output) if output.has_enough() && !output.has_failed() => Renders::Later,
            Sink::Output(_) => Renders::Now,
        }
    }

    fn handle(&mut self, control: Control) {
        let now = self.now().time(0);
        match control {
            Control::Resume(request) => self.resume(request),
            Control::Suspend(request) => self.suspend(request),
            Control::Add(node, init) => self.graph.add(node, init),
            Control::Release(node) => self.graph.release(node),
            Control::Connect(from, to) => self.graph.connect(from, to),
            Control::Disconnect(from, to) => self.graph.disconnect(from, to),
            Control::Automate { node, name, automation, set } => {
                self.graph.automate(node, name, automation, set, now);
            }
            Control::SetARate(node, name, is_a_rate) => {
                self.graph.set_a_rate(node, name, is_a_rate)
            }
            Control::Tell(node, message) => self.graph.tell(node, message),
            Control::Close | Control::Wake => {}
        }
    }

    fn now(&self) -> Moment {
        Moment { frame: self.setup.shared.frames(), rate: f64::from(self.setup.rate) }
    }

    fn resume(&mut self, request: u64) {
        self.resumes = Some(request);
        if !self.runs {
            self.runs = true;
            self.gate.run();
            self.play();
        }
    }

    fn suspend(&mut self, request: u64) {
        if let Some(resumed) = self.resumes.take() {
            (self.observe)(AudioContextEvent::Running(resumed));
        }
        if std::mem::take(&mut self.runs) {
            self.gate.stop();
            self.tell_audible();
            self.pause();
        }
        (self.observe)(AudioContextEvent::Suspended(request));
    }

    fn play(&mut self) {
        if matches!(self.sink, Sink::None) {
            match self.make_output() {
                Ok(output) => self.sink = Sink::Output(Box::new(output)),
                Err(error) => self.give_up(&error),
            }
        }
        match &mut self.sink {
            Sink::Output(output) => {
                if let Err(error) = output.play() {
                    self.give_up(&error);
                }
            }
            Sink::Nowhere(due) => *due = Instant::now(),
            Sink::None => {}
        }
    }

    fn make_output(&self) -> Result<Output, OutputError> {
        let wake = self.setup.wake.clone();
        // Below 2^53.
        let rate = self.setup.rate as u64;
        Output::new(rate, self.setup.limit, move || drop(wake.send(Control::Wake)))
    }

    fn pause(&mut self) {
        if let Sink::Output(output) = &self.sink
            && let Err(error) = output.pause()
        {
            self.give_up(&error);
        }
    }

    fn give_up(&mut self, error: &OutputError) {
        log::warn!("an audio context is not heard: {error}");
        self.sink = Sink::Nowhere(Instant::now());
    }

    fn render(&mut self) {
        if let Sink::Output(output) = &self.sink
            && output.has_failed()
        {
            self.sink = Sink::Nowhere(Instant::now());
        }
        let moment = self.now();
        let ended = &mut self.ended;
        let mut block = self.graph.render(moment, |node| ended.push(node)).clone();
        let channels = block.channels_mut().iter_mut().map(|channel| &mut channel[..]);
        self.gate.pass(QUANTUM as u32, channels);
        self.tell_audible();
        match &mut self.sink {
            Sink::None => {}
            Sink::Nowhere(due) => {
                // Time that was lost, as while the process was stopped, is not made up for.
                let next = *due + Duration::from_secs_f64(QUANTUM as f64 / moment.rate);
                *due = next.max(Instant::now());
            }
            Sink::Output(output) => {
                if let Err(error) = output.push(interleaved(&block)) {
                    self.give_up(&error);
                }
            }
        }
        self.setup.shared.frames.fetch_add(QUANTUM as u64, Ordering::Relaxed);
        for node in self.ended.drain(..) {
            (self.observe)(AudioContextEvent::Ended(node));
        }
        if let Some(request) = self.resumes.take() {
            (self.observe)(AudioContextEvent::Running(request));
        }
    }

    fn tell_audible(&mut self) {
        let is_audible = self.gate.is_audible();
        if std::mem::replace(&mut self.is_audible, is_audible) != is_audible {
            (self.observe)(AudioContextEvent::Audible(is_audible));
        }
    }
}

/// The bytes of two channels, frame by frame. What is no number would disturb more than this context.
fn interleaved(block: &Block) -> Vec<u8> {
    let [left, right] = block.channels() else { return vec![0; QUANTUM * 8] };
    let bytes = |sample: &f32| {
        let sample = if sample.is_finite() { *sample } else { 0.0 };
        sample.clamp(-8.0, 8.0).to_ne_bytes()
    };
    left.iter().zip(right).flat_map(|(left, right)| [bytes(left), bytes(right)]).flatten().collect()
}
