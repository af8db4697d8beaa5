/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The gain of a stream, and its level.

use byte_slice_cast::AsMutSliceOf;
use gstreamer::{Buffer, StructureRef};

use crate::ramp::Ramp;

/// How many levels a stream measures in a second.
const LEVELS_PER_SECOND: u32 = 20;

/// What a stream measured lately.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    pub(super) peak: f32,
    pub(super) mean_square: f32,
}

/// Of interleaved F32 samples.
#[derive(Debug)]
pub(super) struct Gain {
    ramp: Ramp,
    /// Whether any of the sound has passed.
    began: bool,
    /// In frames a second.
    rate: u32,
    channels: usize,
    peak: f32,
    squares: f64,
    /// How many samples these two are of.
    samples: usize,
}

impl Default for Gain {
    fn default() -> Self {
        Self {
            ramp: Ramp::new(1.0),
            began: false,
            rate: 48_000,
            channels: 2,
            peak: 0.0,
            squares: 0.0,
            samples: 0,
        }
    }
}

impl Gain {
    pub(super) fn set_format(&mut self, caps: &StructureRef) {
        let positive = |name| caps.get::<i32>(name).ok().and_then(|value| value.try_into().ok());
        self.rate = positive("rate").unwrap_or(self.rate);
        self.channels = positive("channels").map_or(self.channels, |count: u32| count as usize);
    }

    /// Goes to a gain.
    pub(super) fn go_to(&mut self, gain: f32) {
        self.ramp.go_to(gain, self.rate);
    }

    /// Goes to a gain while nothing is heard. What has not begun has it at once; what rests in the
    /// middle of a sound becomes louder as it goes on, but is never heard as loud as it was.
    pub(super) fn go_to_unheard(&mut self, gain: f32) {
        if self.began && gain > self.ramp.gain() {
            self.ramp.go_to(gain, self.rate);
        } else {
            self.ramp.jump_to(gain);
        }
    }

    /// What comes next is the begin of a sound.
    pub(super) fn begin(&mut self) {
        self.began = false;
        self.ramp.jump_to(self.ramp.target());
    }

    /// Nothing is heard any more.
    pub(super) fn rest(&mut self) {
        self.go_to_unheard(self.ramp.target());
    }

    /// Applies the gain, and measures what comes out if `metered`.
    pub(super) fn apply(&mut self, buffer: &mut Buffer, metered: bool) -> Option<Measure> {
        self.began = true;
        if !metered {
            self.samples = 0;
            if self.ramp.is_settled() && self.ramp.target() == 1.0 {
                return None;
            }
        }
        let mut map = buffer.make_mut().map_writable().ok()?;
        let samples = map.as_mut_slice_of::<f32>().ok()?;
        self.ramp.apply(samples, self.channels);
        if metered { self.measure(samples) } else { None }
    }

    fn measure(&mut self, samples: &[f32]) -> Option<Measure> {
        if self.samples == 0 {
            (self.peak, self.squares) = (0.0, 0.0);
        }
        for sample in samples {
            self.peak = self.peak.max(sample.abs());
            self.squares += f64::from(sample * sample);
        }
        self.samples += samples.len();
        if self.samples < (self.rate / LEVELS_PER_SECOND) as usize * self.channels {
            return None;
        }
        let mean_square = (self.squares / self.samples as f64) as f32;
        self.samples = 0;
        Some(Measure { peak: self.peak, mean_square })
    }
}
