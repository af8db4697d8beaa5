/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioParam](https://webaudio.github.io/web-audio-api/#AudioParam)s as the rendering thread has them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::block::{Block, Channel, ChannelCountMode, Channels, QUANTUM};
use super::timeline::{Automation, Timeline};

/// Which parameter of a node.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs, reason = "they are the attributes of these names")]
pub enum ParamName {
    Gain,
    Frequency,
    Detune,
    Offset,
    PlaybackRate,
    Pan,
    PositionX,
    PositionY,
    PositionZ,
    OrientationX,
    OrientationY,
    OrientationZ,
    ForwardX,
    ForwardY,
    ForwardZ,
    UpX,
    UpY,
    UpZ,
}

/// The [current value](https://webaudio.github.io/web-audio-api/#dom-audioparam-current-value-slot) of a
/// parameter, which script and the rendering thread share. What script sets stays until the rendering
/// thread knows of it.
#[derive(Debug)]
pub struct CurrentValue {
    /// The number of what script set last, and the value.
    packed: AtomicU64,
}

fn pack(number: u32, value: f32) -> u64 {
    u64::from(number) << 32 | u64::from(value.to_bits())
}

fn unpack(packed: u64) -> (u32, f32) {
    ((packed >> 32) as u32, f32::from_bits(packed as u32))
}

impl CurrentValue {
    pub(crate) fn new(value: f32) -> Arc<Self> {
        Arc::new(Self { packed: AtomicU64::new(pack(0, value)) })
    }

    /// The value.
    pub fn get(&self) -> f32 {
        unpack(self.packed.load(Ordering::Relaxed)).1
    }

    /// Script sets it. The number goes to the rendering thread with what it sets.
    pub(crate) fn set(&self, value: f32) -> u32 {
        let (number, _) = unpack(self.packed.load(Ordering::Relaxed));
        let number = number.wrapping_add(1);
        self.packed.store(pack(number, value), Ordering::Relaxed);
        number
    }

    /// The rendering thread has come to a value, and knows of what script set with this number.
    fn advance(&self, number: u32, value: f32) {
        let packed = self.packed.load(Ordering::Relaxed);
        if unpack(packed).0 == number {
            // When it fails, script has set another.
            let (new, order) = (pack(number, value), Ordering::Relaxed);
            let _ = self.packed.compare_exchange(packed, new, order, order);
        }
    }
}

/// What a parameter is made of.
#[derive(Clone, Debug)]
pub struct ParamInit {
    /// Which it is.
    pub name: ParamName,
    /// Its value, as script sees it, too.
    pub current: Arc<CurrentValue>,
    /// What stands for NaN.
    pub default: f32,
    /// The least value.
    pub min: f32,
    /// The greatest value.
    pub max: f32,
    /// Whether its value is taken for each frame, rather than for each quantum.
    pub is_a_rate: bool,
}

impl ParamInit {
    /// A parameter that has this value first.
    pub fn new(name: ParamName, default: f32, range: (f32, f32), is_a_rate: bool) -> Self {
        let (min, max) = range;
        Self { name, current: CurrentValue::new(default), default, min, max, is_a_rate }
    }
}

/// The values of a parameter in a quantum.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    Constant(f32),
    PerFrame(Box<Channel>),
}

impl Values {
    pub(crate) fn at(&self, frame: usize) -> f32 {
        match self {
            Self::Constant(value) => *value,
            Self::PerFrame(values) => values[frame],
        }
    }

    pub(crate) fn constant(&self) -> Option<f32> {
        match self {
            Self::Constant(value) => Some(*value),
            Self::PerFrame(_) => None,
        }
    }
}

/// What is connected to a parameter is [mixed to mono](https://webaudio.github.io/web-audio-api/#dom-audionode-connect-destinationparam-output).
const MONO: Channels = Channels { mode: ChannelCountMode::Explicit, ..Channels::up_to_max(1) };

/// A parameter of a node.
pub(crate) struct Param {
    init: ParamInit,
    timeline: Timeline,
    /// The number of what script set last, of that which has arrived.
    set: u32,
    /// The places of the nodes that are connected to it.
    pub(crate) inputs: Vec<usize>,
    pub(crate) values: Values,
}

impl Param {
    pub(crate) fn new(init: ParamInit) -> Self {
        let (number, value) = unpack(init.current.packed.load(Ordering::Relaxed));
        Self {
            timeline: Timeline::new(value),
            set: number,
            inputs: Vec::new(),
            values: Values::Constant(value),
            init,
        }
    }

    pub(crate) fn name(&self) -> ParamName {
        self.init.name
    }

    pub(crate) fn set_a_rate(&mut self, is_a_rate: bool) {
        self.init.is_a_rate = is_a_rate;
    }

    pub(crate) fn apply(&mut self, automation: Automation, set: Option<u32>, now: f64) {
        self.set = set.unwrap_or(self.set);
        self.timeline.apply(automation, now);
    }

    /// [Computes the values](https://webaudio.github.io/web-audio-api/#computation-of-value) of a quantum.
    /// `time` is that of a frame.
    pub(crate) fn compute<'a>(
        &mut self,
        inputs: impl Iterator<Item = &'a Block> + Clone,
        time: impl Fn(usize) -> f64,
    ) {
        let mut input = Block::default();
        if !self.inputs.is_empty() {
            input.mix(inputs, MONO);
        }
        let input = input.channels().first();
        let constant = self.timeline.constant();
        let first = constant.unwrap_or_else(|| self.timeline.value_at(time(0)));
        self.init.current.advance(self.set, first);
        let changes = constant.is_none() || input.is_some();
        if !changes || !self.init.is_a_rate {
            let value = self.computed(first + input.map_or(0.0, |input| input[0]));
            if constant.is_none() {
                // What ends within the quantum has ended after it.
                self.timeline.value_at(time(QUANTUM - 1));
            }
            self.values = Values::Constant(value);
            return;
        }
        let mut values = match std::mem::replace(&mut self.values, Values::Constant(first)) {
            Values::PerFrame(values) => values,
            Values::Constant(_) => Box::new([0.0; QUANTUM]),
        };
        for (frame, value) in values.iter_mut().enumerate() {
            let intrinsic = match (constant, frame) {
                (Some(constant), _) => constant,
                (None, 0) => first,
                (None, frame) => self.timeline.value_at(time(frame)),
            };
            *value = self.computed(intrinsic + input.map_or(0.0, |input| input[frame]));
        }
        self.values = Values::PerFrame(values);
    }

    fn computed(&self, sum: f32) -> f32 {
        let value = if sum.is_nan() { self.init.default } else { sum };
        value.clamp(self.init.min, self.init.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 128.0;

    fn param(is_a_rate: bool) -> Param {
        Param::new(ParamInit::new(ParamName::Gain, 1.0, (-2.0, 2.0), is_a_rate))
    }

    fn compute(param: &mut Param, quantum: u32, inputs: &[Block]) {
        param.inputs = (0..inputs.len()).collect();
        param.compute(inputs.iter(), |frame| f64::from(quantum) + frame as f64 / RATE);
    }

    fn block(value: f32) -> Block {
        let mut block = Block::default();
        block.clear_to(1)[0] = [value; QUANTUM];
        block
    }

    #[test]
    fn an_a_rate_param_changes_within_a_quantum_and_a_k_rate_param_between() {
        let ramp = Automation::LinearRamp { value: 0.0, end: 1.0 };
        let mut fine = param(true);
        fine.apply(ramp.clone(), None, 0.0);
        compute(&mut fine, 0, &[]);
        assert_eq!((fine.values.at(0), fine.values.at(64)), (1.0, 0.5));
        let mut coarse = param(false);
        coarse.apply(ramp, None, 0.0);
        compute(&mut coarse, 0, &[]);
        assert_eq!(coarse.values.constant(), Some(1.0));
        compute(&mut coarse, 1, &[]);
        assert_eq!(coarse.values.constant(), Some(0.0));
    }

    #[test]
    fn connected_nodes_are_added_and_the_sum_is_clamped() {
        let mut param = param(true);
        compute(&mut param, 0, &[block(0.25), block(0.5)]);
        assert_eq!(param.values.at(7), 1.75);
        compute(&mut param, 1, &[block(9.0)]);
        assert_eq!(param.values.at(7), 2.0);
        compute(&mut param, 2, &[block(f32::NAN)]);
        assert_eq!(param.values.at(7), 1.0);
        assert_eq!(param.init.current.get(), 1.0);
    }

    #[test]
    fn script_reads_what_it_has_set_until_that_arrives() {
        let mut param = param(true);
        let current = param.init.current.clone();
        let number = current.set(0.5);
        compute(&mut param, 0, &[]);
        assert_eq!(current.get(), 0.5);
        param.apply(Automation::SetValue { value: 0.5, time: 0.0 }, Some(number), 1.0);
        param.apply(Automation::LinearRamp { value: 0.0, end: 2.0 }, None, 1.0);
        compute(&mut param, 1, &[]);
        compute(&mut param, 2, &[]);
        assert_eq!(current.get(), 0.0);
    }
}
