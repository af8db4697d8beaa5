/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A gain that never jumps.

use std::f32::consts::PI;
use std::time::Duration;

/// How long sound takes to fall silent.
pub(crate) const TO_SILENCE: Duration = Duration::from_millis(10);
/// How long silence takes to become sound.
pub(crate) const FROM_SILENCE: Duration = Duration::from_millis(30);
/// How long one loudness takes to become another.
pub(crate) const BETWEEN: Duration = Duration::from_millis(100);

/// A gain that goes to its target along half a cosine, whose bends are not heard as clicks.
#[derive(Clone, Debug)]
pub(crate) struct Ramp {
    from: f32,
    to: f32,
    /// In frames.
    length: u32,
    /// How many frames of `length` are done.
    done: u32,
}

impl Ramp {
    /// It stays at `gain`.
    pub(crate) fn new(gain: f32) -> Self {
        Self { from: gain, to: gain, length: 0, done: 0 }
    }

    /// The gain of the next frame.
    pub(crate) fn gain(&self) -> f32 {
        if self.done >= self.length {
            return self.to;
        }
        let progress = self.done as f32 / self.length as f32;
        self.from + (self.to - self.from) * (0.5 - 0.5 * (PI * progress).cos())
    }

    /// Where it goes.
    pub(crate) fn target(&self) -> f32 {
        self.to
    }

    /// Whether it has arrived.
    pub(crate) fn is_settled(&self) -> bool {
        self.done >= self.length
    }

    /// Goes to `target` from where it is, in the time that such a change takes. `rate` is in frames a
    /// second.
    pub(crate) fn go_to(&mut self, target: f32, rate: u32) {
        if target == self.to {
            return;
        }
        let from = self.gain();
        let time = if target == 0.0 {
            TO_SILENCE
        } else if from == 0.0 {
            FROM_SILENCE
        } else {
            BETWEEN
        };
        let length = (time.as_secs_f32() * rate as f32) as u32;
        *self = Self { from, to: target, length, done: 0 };
    }

    /// Is at `target` at once: for what has not begun to sound.
    pub(crate) fn jump_to(&mut self, target: f32) {
        *self = Self::new(target);
    }

    /// Applies the gain to interleaved samples.
    pub(crate) fn apply(&mut self, samples: &mut [f32], channels: usize) {
        let channels = channels.max(1);
        if self.is_settled() && self.to == 1.0 {
            return;
        }
        for frame in samples.chunks_mut(channels) {
            let gain = self.next();
            for sample in frame {
                *sample *= gain;
            }
        }
    }

    /// The gain of the next frame, which is done by that.
    pub(crate) fn next(&mut self) -> f32 {
        let gain = self.gain();
        self.done = self.done.saturating_add(1).min(self.length);
        gain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;

    fn run(ramp: &mut Ramp, frames: usize) -> Vec<f32> {
        let mut samples = vec![1.0; frames * 2];
        ramp.apply(&mut samples, 2);
        samples
    }

    #[test]
    fn it_arrives_in_time_and_stays() {
        let mut ramp = Ramp::new(1.0);
        ramp.go_to(0.0, RATE);
        let samples = run(&mut ramp, 480);
        assert!(samples.windows(2).all(|pair| pair[0] >= pair[1]), "it only falls");
        assert!(ramp.is_settled());
        assert_eq!(run(&mut ramp, 10), [0.0; 20]);
        ramp.go_to(1.0, RATE);
        run(&mut ramp, 1_439);
        assert!(!ramp.is_settled());
        run(&mut ramp, 1);
        assert_eq!(ramp.gain(), 1.0);
    }

    #[test]
    fn a_change_on_the_way_starts_from_where_it_is() {
        let mut ramp = Ramp::new(1.0);
        ramp.go_to(0.0, RATE);
        run(&mut ramp, 200);
        let before = ramp.gain();
        ramp.go_to(0.2, RATE);
        assert!((ramp.gain() - before).abs() < 1e-6);
        run(&mut ramp, 4_800);
        assert_eq!(ramp.gain(), 0.2);
    }

    #[test]
    fn both_channels_of_a_frame_have_the_same_gain() {
        let mut ramp = Ramp::new(0.0);
        ramp.go_to(1.0, RATE);
        let samples = run(&mut ramp, 300);
        assert!(samples.chunks(2).all(|frame| frame[0] == frame[1]));
    }
}
