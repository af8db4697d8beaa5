/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [OscillatorNode](https://webaudio.github.io/web-audio-api/#OscillatorNode).

use std::sync::Arc;

use super::schedule::Schedule;
use super::{Moment, Params};
use crate::web_audio::block::Block;
use crate::web_audio::param::ParamName;
use crate::web_audio::wave::PeriodicWave;

pub(crate) struct Oscillator {
    pub(super) schedule: Schedule,
    wave: Arc<PeriodicWave>,
    /// In 0..1; `None` before it has begun.
    phase: Option<f64>,
}

impl Oscillator {
    pub(super) fn new(wave: Arc<PeriodicWave>) -> Self {
        Self { schedule: Schedule::default(), wave, phase: None }
    }

    pub(super) fn set_wave(&mut self, wave: Arc<PeriodicWave>) {
        self.wave = wave;
    }

    pub(super) fn process(
        &mut self,
        params: Params<'_>,
        moment: Moment,
        output: &mut Block,
    ) -> bool {
        output.silence();
        let (frequency, detune) =
            (params.values(ParamName::Frequency), params.values(ParamName::Detune));
        // As a part of the sample rate. In half of it is the Nyquist frequency.
        let step = |frame: usize| {
            let cents = f64::from(detune.at(frame)) / 1_200.0;
            let step = f64::from(frequency.at(frame)) * cents.exp2() / moment.rate;
            if step.is_nan() { 0.0 } else { step.clamp(-0.5, 0.5) }
        };
        let constant = frequency.constant().and(detune.constant()).map(|_| {
            let step = step(0);
            (step, self.wave.table(step.abs()))
        });
        let frames = self.schedule.frames(moment);
        if !frames.is_empty() {
            let channel = &mut output.clear_to(1)[0];
            for frame in frames {
                let (step, table) = constant.unwrap_or_else(|| {
                    let step = step(frame);
                    (step, self.wave.table(step.abs()))
                });
                // It need not start with a frame; what should have started earlier starts now.
                let phase = self.phase.get_or_insert_with(|| {
                    let late = (moment.time(frame) - self.schedule.start_time()) * moment.rate;
                    (if late < 1.0 { late * step } else { 0.0 }).rem_euclid(1.0)
                });
                channel[frame] = table.value(*phase);
                let next = *phase + step;
                *phase = next - next.floor();
            }
        }
        self.schedule.has_ended(moment)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{run, samples};
    use super::super::{NodeKind, NodeMessage, Processor};
    use super::*;
    use crate::web_audio::param::{Param, ParamInit};
    use crate::web_audio::wave::Waveform;

    const RATE: f64 = 48_000.0;

    fn sine(hertz: f32, cents: f32, start: f64) -> Vec<f32> {
        let wave = PeriodicWave::of(Waveform::Sine);
        let mut oscillator = Processor::new(NodeKind::Oscillator(wave));
        let range = (f32::MIN, f32::MAX);
        let mut params = [(ParamName::Frequency, hertz), (ParamName::Detune, cents)]
            .map(|(name, value)| Param::new(ParamInit::new(name, value, range, true)));
        oscillator.handle(NodeMessage::Start(start));
        samples(&run(&mut oscillator, &mut params, RATE, 8).0)
    }

    fn expected(hertz: f64, start: f64, frame: usize) -> f32 {
        let time = frame as f64 / RATE - start;
        (time * hertz * std::f64::consts::TAU).sin() as f32
    }

    #[test]
    fn a_sine_has_its_frequency_and_starts_between_frames() {
        let start = 100.5 / RATE;
        let samples = sine(1_000.0, 0.0, start);
        assert!(samples[..101].iter().all(|it| *it == 0.0));
        for frame in [101, 128, 1_000] {
            assert!((samples[frame] - expected(1_000.0, start, frame)).abs() < 1e-3, "{frame}");
        }
    }

    #[test]
    fn detune_is_in_cents_and_no_frequency_is_too_high() {
        let octave = sine(500.0, 1_200.0, 0.0);
        assert!((octave[1_000] - expected(1_000.0, 0.0, 1_000)).abs() < 1e-3);
        for (hertz, cents) in [(1e30, 0.0), (f32::MAX, f32::MAX), (-1e30, 1e30), (0.0, f32::MAX)] {
            assert!(sine(hertz, cents, 0.0).iter().all(|it| it.is_finite()));
        }
    }
}
