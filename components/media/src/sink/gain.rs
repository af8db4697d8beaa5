/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The gain of a stream, and its level.

use byte_slice_cast::AsMutSliceOf;
use gstreamer::prelude::*;
use gstreamer::{Buffer, BufferCopyFlags, BufferFlags, ClockTime, StructureRef};

use crate::ramp::Ramp;

/// How many levels a stream measures in a second.
const LEVELS_PER_SECOND: u32 = 20;

/// How many times in a second the gain follows, at least. The sink blocks while it takes a buffer,
/// and what it has been given cannot be made silent any more.
const PIECES_PER_SECOND: u32 = 100;

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

    /// What a buffer must be cut into so that none is too long; `None` if it is not.
    pub(super) fn cut(&self, buffer: &Buffer) -> Option<Vec<Buffer>> {
        let frame = self.channels.max(1) * size_of::<f32>();
        let frames = (self.rate / PIECES_PER_SECOND).max(1) as usize;
        if buffer.size() <= frames * frame {
            return None;
        }
        let at = |bytes: usize| {
            let frames = (bytes / frame) as u64;
            ClockTime::SECOND.mul_div_floor(frames, u64::from(self.rate))
        };
        let piece = |start: usize| {
            let end = buffer.size().min(start + frames * frame);
            let flags = BufferCopyFlags::FLAGS | BufferCopyFlags::META | BufferCopyFlags::MEMORY;
            let mut piece = buffer.copy_region(flags, start..end).ok()?;
            let inner = piece.get_mut()?;
            inner.set_pts(buffer.pts().and_then(|pts| pts.checked_add(at(start)?)));
            inner.set_duration(at(end)?.checked_sub(at(start)?));
            if start > 0 {
                inner.unset_flags(BufferFlags::DISCONT | BufferFlags::RESYNC);
            }
            Some(piece)
        };
        (0..buffer.size()).step_by(frames * frame).map(piece).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_buffer_is_cut_without_loss() {
        gstreamer::init().expect("it is installed");
        let gain = Gain { rate: 44_100, channels: 1, ..Gain::default() };
        let bytes: Vec<u8> = (0..4_000).map(|at| (at % 251) as u8).collect();
        let mut buffer = Buffer::from_slice(bytes.clone());
        let inner = buffer.get_mut().expect("it is ours");
        inner.set_pts(ClockTime::SECOND);
        inner.set_flags(BufferFlags::DISCONT);
        let pieces = gain.cut(&buffer).expect("1,000 frames are more than 441");
        let mut joined = Vec::new();
        let mut next = Some(ClockTime::SECOND);
        for (number, piece) in pieces.iter().enumerate() {
            assert_eq!(piece.pts(), next);
            next = piece.pts().zip(piece.duration()).map(|(pts, duration)| pts + duration);
            assert_eq!(piece.flags().contains(BufferFlags::DISCONT), number == 0);
            assert!(gain.cut(piece).is_none(), "one cut is enough");
            joined.extend_from_slice(&piece.map_readable().expect("it can be read"));
        }
        assert_eq!((pieces.len(), joined), (3, bytes));
    }
}
