/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [StereoPannerNode](https://webaudio.github.io/web-audio-api/#stereopannernode), and the panning that
//! it has in common with `PannerNode`.

use std::f64::consts::FRAC_PI_2;

use crate::web_audio::block::{Block, QUANTUM};
use crate::web_audio::param::Values;

/// Where a sound is between left and right, as gains.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    left: f32,
    right: f32,
    is_left: bool,
}

impl Place {
    /// For a place in -1..=1. A sound with two channels is moved less than one with one.
    pub(super) fn of(pan: f64, is_mono: bool) -> Self {
        let is_left = pan <= 0.0;
        let x = match (is_mono, is_left) {
            (true, _) => (pan + 1.0) / 2.0,
            (false, true) => pan + 1.0,
            (false, false) => pan,
        };
        let (right, left) = (x * FRAC_PI_2).sin_cos();
        Self { left: left as f32, right: right as f32, is_left }
    }

    /// The two channels of a frame. A mono sound has the same in both.
    pub(super) fn apply(self, left: f32, right: f32, is_mono: bool) -> (f32, f32) {
        if is_mono {
            (left * self.left, left * self.right)
        } else if self.is_left {
            (left + right * self.left, right * self.right)
        } else {
            (left * self.left, right + left * self.right)
        }
    }
}

/// Puts each frame of a sound where `place` says, with a gain.
pub(super) fn place_frames(
    input: &Block,
    output: &mut Block,
    mut place: impl FnMut(usize, bool) -> (Place, f32),
) {
    output.silence();
    let (left, right, is_mono) = match input.channels() {
        [] => return,
        [mono] => (mono, mono, true),
        [left, right, ..] => (left, right, false),
    };
    let channels = output.clear_to(2);
    for frame in 0..QUANTUM {
        let (place, gain) = place(frame, is_mono);
        let (left, right) = place.apply(left[frame], right[frame], is_mono);
        (channels[0][frame], channels[1][frame]) = (left * gain, right * gain);
    }
}

/// The [panning algorithm](https://webaudio.github.io/web-audio-api/#stereopanner-algorithm).
pub(super) fn pan(input: &Block, pan: &Values, output: &mut Block) {
    let constant = pan.constant();
    let mut known = None;
    place_frames(input, output, |frame, is_mono| {
        let of = |pan: f32| Place::of(f64::from(pan), is_mono);
        let place = match constant {
            Some(pan) => *known.get_or_insert_with(|| of(pan)),
            None => of(pan.at(frame)),
        };
        (place, 1.0)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panned(values: &[f32], to: f32) -> [f32; 2] {
        let (mut input, mut output) = (Block::default(), Block::default());
        for (channel, value) in input.clear_to(values.len()).iter_mut().zip(values) {
            *channel = [*value; QUANTUM];
        }
        pan(&input, &Values::Constant(to), &mut output);
        [output.channels()[0][5], output.channels()[1][5]]
    }

    fn is_near(values: [f32; 2], expected: [f32; 2]) {
        let is_near = values.iter().zip(expected).all(|(value, it)| (value - it).abs() < 1e-6);
        assert!(is_near, "{values:?} instead of {expected:?}");
    }

    #[test]
    fn one_channel_is_between_left_and_right_with_equal_power() {
        let half = std::f32::consts::FRAC_1_SQRT_2;
        is_near(panned(&[1.0], -1.0), [1.0, 0.0]);
        is_near(panned(&[1.0], 0.0), [half, half]);
        is_near(panned(&[1.0], 1.0), [0.0, 1.0]);
    }

    #[test]
    fn two_channels_come_together_at_a_side() {
        is_near(panned(&[0.25, 0.5], 0.0), [0.25, 0.5]);
        is_near(panned(&[0.25, 0.5], -1.0), [0.75, 0.0]);
        is_near(panned(&[0.25, 0.5], 1.0), [0.0, 0.75]);
    }
}
