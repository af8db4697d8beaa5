/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What each kind of node does to its input in a quantum. Pure.

mod buffer_source;
mod oscillator;
mod panner;
mod schedule;
mod stereo_panner;

use std::sync::Arc;

use super::block::{Block, Channels, QUANTUM};
use super::param::{Param, ParamInit, ParamName, Values};
use super::wave::PeriodicWave;

pub use buffer_source::SampleBuffer;
pub use panner::{DistanceModel, PannerSettings};

use buffer_source::BufferSource;
use oscillator::Oscillator;
use panner::{Panner, listen};
use schedule::Schedule;

/// What a node is made of.
#[derive(Debug)]
pub struct NodeInit {
    /// Which kind it is.
    pub kind: NodeKind,
    /// Its parameters, all that the kind has.
    pub params: Vec<ParamInit>,
    /// The channels of its input, if it has one.
    pub channels: Channels,
}

/// A kind of node.
#[derive(Debug)]
#[allow(missing_docs, reason = "they are the interfaces of these names")]
pub enum NodeKind {
    Oscillator(Arc<PeriodicWave>),
    ConstantSource,
    BufferSource,
    Gain,
    StereoPanner,
    Panner(PannerSettings),
}

/// What a node is told, besides its parameters.
#[derive(Debug)]
#[non_exhaustive]
pub enum NodeMessage {
    /// The channels of its input.
    Channels(Channels),
    /// When a source begins, in seconds of the context.
    Start(f64),
    /// From where in its buffer a buffer source begins, and how much of it is played, in seconds.
    Range {
        /// From where.
        offset: f64,
        /// How much; infinity for all.
        duration: f64,
    },
    /// When a source ends.
    Stop(f64),
    /// The shape of an oscillator.
    Wave(Arc<PeriodicWave>),
    /// What a buffer source plays.
    Buffer(Option<Arc<SampleBuffer>>),
    /// What a buffer source repeats.
    Loop {
        /// Whether it repeats anything.
        enabled: bool,
        /// From where in the buffer, in seconds.
        start: f64,
        /// To where.
        end: f64,
    },
    /// All that a panner has besides its parameters.
    Panner(PannerSettings),
}

/// The moment of a quantum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// How many frames there were before.
    pub(crate) frame: u64,
    /// In frames a second.
    pub(crate) rate: f64,
}

impl Moment {
    /// When a frame of the quantum is.
    pub(crate) fn time(self, frame: usize) -> f64 {
        (self.frame + frame as u64) as f64 / self.rate
    }

    /// When the quantum is over.
    pub(crate) fn end(self) -> f64 {
        self.time(QUANTUM)
    }
}

/// The parameters of a node, with their values of the quantum.
#[derive(Clone, Copy)]
pub(crate) struct Params<'a>(pub(crate) &'a [Param]);

impl<'a> Params<'a> {
    /// A kind of node that has no such parameter asks for none.
    fn values(self, name: ParamName) -> &'a Values {
        const NONE: &Values = &Values::Constant(0.0);
        self.0.iter().find(|param| param.name() == name).map_or(NONE, |param| &param.values)
    }
}

/// A node at work.
pub(crate) enum Processor {
    Destination,
    /// The [`AudioListener`](https://webaudio.github.io/web-audio-api/#AudioListener). Its output, which
    /// only panners have, are its parameters.
    Listener,
    Oscillator(Oscillator),
    ConstantSource(Schedule),
    BufferSource(Box<BufferSource>),
    Gain,
    StereoPanner,
    Panner(Box<Panner>),
}

impl Processor {
    pub(crate) fn new(kind: NodeKind) -> Self {
        match kind {
            NodeKind::Oscillator(wave) => Self::Oscillator(Oscillator::new(wave)),
            NodeKind::ConstantSource => Self::ConstantSource(Schedule::default()),
            NodeKind::BufferSource => Self::BufferSource(Box::default()),
            NodeKind::Gain => Self::Gain,
            NodeKind::StereoPanner => Self::StereoPanner,
            NodeKind::Panner(settings) => Self::Panner(Box::new(Panner::new(settings))),
        }
    }

    fn schedule(&mut self) -> Option<&mut Schedule> {
        match self {
            Self::Oscillator(oscillator) => Some(&mut oscillator.schedule),
            Self::ConstantSource(schedule) => Some(schedule),
            Self::BufferSource(source) => Some(&mut source.schedule),
            _ => None,
        }
    }

    /// Whether it may sound without any input, or will.
    pub(crate) fn is_playing(&mut self) -> bool {
        self.schedule().is_some_and(|schedule| schedule.is_playing())
    }

    /// What is not meant for its kind changes nothing.
    pub(crate) fn handle(&mut self, message: NodeMessage) {
        match (message, self) {
            (NodeMessage::Start(when), node) => {
                if let Some(schedule) = node.schedule() {
                    schedule.start(when);
                }
            }
            (NodeMessage::Stop(when), node) => {
                if let Some(schedule) = node.schedule() {
                    schedule.stop(when);
                }
            }
            (NodeMessage::Wave(wave), Self::Oscillator(oscillator)) => oscillator.set_wave(wave),
            (NodeMessage::Buffer(buffer), Self::BufferSource(source)) => source.set_buffer(buffer),
            (NodeMessage::Range { offset, duration }, Self::BufferSource(source)) => {
                source.set_range(offset, duration);
            }
            (NodeMessage::Loop { enabled, start, end }, Self::BufferSource(source)) => {
                source.set_loop(enabled.then_some((start, end)));
            }
            (NodeMessage::Panner(settings), Self::Panner(panner)) => panner.set(settings),
            _ => {}
        }
    }

    /// Makes the output of a quantum. Returns whether a source has just ended.
    pub(crate) fn process(
        &mut self,
        input: &Block,
        params: Params<'_>,
        listener: &Block,
        moment: Moment,
        output: &mut Block,
    ) -> bool {
        match self {
            Self::Destination => output.copy_from(input),
            Self::Listener => listen(params, output),
            Self::Oscillator(oscillator) => return oscillator.process(params, moment, output),
            Self::ConstantSource(schedule) => {
                let offset = params.values(ParamName::Offset);
                let frames = schedule.frames(moment);
                output.silence();
                if !frames.is_empty() {
                    let channel = &mut output.clear_to(1)[0];
                    for frame in frames {
                        channel[frame] = offset.at(frame);
                    }
                }
                return schedule.has_ended(moment);
            }
            Self::BufferSource(source) => return source.process(params, moment, output),
            Self::Gain => {
                let gain = params.values(ParamName::Gain);
                output.copy_from(input);
                for channel in output.channels_mut() {
                    for (frame, sample) in channel.iter_mut().enumerate() {
                        *sample *= gain.at(frame);
                    }
                }
            }
            Self::StereoPanner => stereo_panner::pan(input, params.values(ParamName::Pan), output),
            Self::Panner(panner) => panner.process(input, params, listener, output),
        }
        false
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The blocks of a node that is alone, from the first quantum on, and in which quantum it ended.
    pub(crate) fn run(
        processor: &mut Processor,
        params: &mut [Param],
        rate: f64,
        quanta: u64,
    ) -> (Vec<Block>, Option<u64>) {
        let mut ended = None;
        let blocks = (0..quanta).map(|quantum| {
            let moment = Moment { frame: quantum * QUANTUM as u64, rate };
            for param in &mut *params {
                param.compute(std::iter::empty(), |frame| moment.time(frame));
            }
            let (silence, mut output) = (Block::default(), Block::default());
            if processor.process(&silence, Params(params), &silence, moment, &mut output) {
                ended = Some(quantum);
            }
            output
        });
        (blocks.collect(), ended)
    }

    /// The first channel of all blocks.
    pub(crate) fn samples(blocks: &[Block]) -> Vec<f32> {
        let first = |block: &Block| block.channels().first().copied().unwrap_or([0.0; QUANTUM]);
        blocks.iter().flat_map(first).collect()
    }

    #[test]
    fn a_constant_source_sounds_between_its_times() {
        let mut source = Processor::new(NodeKind::ConstantSource);
        let init = ParamInit::new(ParamName::Offset, 0.5, (f32::MIN, f32::MAX), true);
        let mut params = [Param::new(init)];
        source.handle(NodeMessage::Start(2.0));
        source.handle(NodeMessage::Stop(200.0));
        let (blocks, ended) = run(&mut source, &mut params, 1.0, 4);
        let samples = samples(&blocks);
        assert!(samples[..2].iter().all(|it| *it == 0.0));
        assert!(samples[2..200].iter().all(|it| *it == 0.5));
        assert!(samples[200..].iter().all(|it| *it == 0.0));
        assert_eq!(ended, Some(1));
        assert!(!source.is_playing());
    }
}
