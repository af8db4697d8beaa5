/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [PeriodicWave](https://webaudio.github.io/web-audio-api/#PeriodicWave)s: a waveform as tables, each with
//! fewer harmonics, so that none is above the Nyquist frequency.

use std::f32::consts::PI;
use std::sync::{Arc, LazyLock, OnceLock};

use realfft::RealFftPlanner;
use realfft::num_complex::Complex32;

/// The samples of a table; one more repeats the first.
const SIZE: usize = 16_384;
/// The harmonics of the first table.
const MOST_HARMONICS: usize = SIZE / 2 - 1;
/// In each octave of the frequency there are so many tables.
const TABLES_PER_OCTAVE: f64 = 3.0;
/// The last has a single harmonic.
const TABLES: usize = 40;

/// The shape of an oscillator.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs, reason = "they are the values of OscillatorType of these names")]
pub enum Waveform {
    Sine,
    Square,
    Sawtooth,
    Triangle,
}

/// A waveform.
#[derive(Debug)]
pub struct PeriodicWave {
    real: Vec<f32>,
    imag: Vec<f32>,
    scale: f32,
    tables: [OnceLock<Box<[f32]>>; TABLES],
}

impl PeriodicWave {
    /// The wave with these Fourier coefficients, cosines and sines, of which the first are not used. Its
    /// greatest value is 1 if it is to be normalized.
    pub fn new(mut real: Vec<f32>, mut imag: Vec<f32>, is_normalized: bool) -> Self {
        for coefficients in [&mut real, &mut imag] {
            coefficients.truncate(MOST_HARMONICS + 1);
            coefficients.shrink_to_fit();
        }
        let mut wave =
            Self { real, imag, scale: 1.0, tables: std::array::from_fn(|_| OnceLock::new()) };
        if is_normalized {
            let full = wave.make_table(0);
            let greatest = full.iter().fold(0.0_f32, |greatest, it| greatest.max(it.abs()));
            if greatest.is_normal() {
                wave.scale = greatest.recip();
            }
        }
        wave
    }

    /// One of the waves that have names.
    pub fn of(waveform: Waveform) -> Arc<Self> {
        static WAVES: LazyLock<[OnceLock<Arc<PeriodicWave>>; 4]> = LazyLock::new(Default::default);
        WAVES[waveform as usize].get_or_init(|| Arc::new(Self::make(waveform))).clone()
    }

    /// The [coefficients](https://webaudio.github.io/web-audio-api/#oscillator-coefficients).
    fn make(waveform: Waveform) -> Self {
        let harmonic = |number: usize| {
            let n = number as f32;
            let sign = if number.is_multiple_of(2) { 1.0 } else { -1.0 };
            match waveform {
                Waveform::Sine => f32::from(number == 1),
                Waveform::Square => 2.0 / (n * PI) * (1.0 - sign),
                Waveform::Sawtooth => -sign * 2.0 / (n * PI),
                Waveform::Triangle => {
                    let quarter = [0.0, 1.0, 0.0, -1.0][number % 4];
                    8.0 * quarter / (PI * n * PI * n)
                }
            }
        };
        let imag = std::iter::once(0.0).chain((1..=MOST_HARMONICS).map(harmonic)).collect();
        Self::new(Vec::new(), imag, true)
    }

    /// The table for an oscillator with this frequency, as a part of the sample rate in 0..=0.5.
    pub(crate) fn table(&self, frequency: f64) -> Table<'_> {
        let harmonics = 0.5 / frequency.max(f64::MIN_POSITIVE);
        let number = (MOST_HARMONICS as f64 / harmonics).log2() * TABLES_PER_OCTAVE;
        // Below 0 it is 0.
        let number = (number.ceil() as usize).min(TABLES - 1);
        Table(self.tables[number].get_or_init(|| self.make_table(number)))
    }

    fn make_table(&self, number: usize) -> Box<[f32]> {
        let fraction = (-(number as f64) / TABLES_PER_OCTAVE).exp2();
        let harmonics = ((MOST_HARMONICS as f64 * fraction) as usize).max(1);
        let mut spectrum = vec![Complex32::ZERO; SIZE / 2 + 1];
        for (harmonic, value) in spectrum.iter_mut().enumerate().take(harmonics + 1).skip(1) {
            let of = |list: &[f32]| list.get(harmonic).copied().unwrap_or(0.0);
            *value = Complex32::new(of(&self.real), -of(&self.imag)) * (0.5 * self.scale);
        }
        let transform = RealFftPlanner::new().plan_fft_inverse(SIZE);
        let mut table = vec![0.0; SIZE];
        transform.process(&mut spectrum, &mut table).expect("the lengths are those of its size");
        table.push(table[0]);
        table.into_boxed_slice()
    }
}

/// A wave for some frequencies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'a>(&'a [f32]);

impl Table<'_> {
    /// The value at a phase in 0..1.
    pub(crate) fn value(self, phase: f64) -> f32 {
        let position = phase * SIZE as f64;
        let index = (position as usize).min(SIZE - 1);
        let part = (position - index as f64) as f32;
        self.0[index] + (self.0[index + 1] - self.0[index]) * part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn greatest(wave: &PeriodicWave, frequency: f64) -> f32 {
        let values =
            (0..1_000).map(|it| wave.table(frequency).value(f64::from(it) / 1_000.0).abs());
        values.fold(0.0, f32::max)
    }

    #[test]
    fn waves_have_their_shapes() {
        let at = |waveform, phase| PeriodicWave::of(waveform).table(0.001).value(phase);
        for (waveform, phase, expected) in [
            (Waveform::Sine, 0.25, 1.0),
            (Waveform::Sine, 0.75, -1.0),
            (Waveform::Triangle, 0.25, 1.0),
            (Waveform::Triangle, 0.125, 0.5),
            (Waveform::Square, 0.25, 0.85),
            (Waveform::Square, 0.75, -0.85),
            (Waveform::Sawtooth, 0.25, 0.43),
            (Waveform::Sawtooth, 0.75, -0.43),
        ] {
            let value = at(waveform, phase);
            assert!((value - expected).abs() < 0.02, "{waveform:?} at {phase} is {value}");
        }
    }

    #[test]
    fn high_notes_have_no_harmonics_above_the_nyquist_frequency() {
        let square = PeriodicWave::of(Waveform::Square);
        // The third harmonic would be at 0.6: a sine is left, whose amplitude the scale leaves as it is.
        let sine = |phase: f64| (phase * std::f64::consts::TAU).sin() as f32;
        let amplitude = greatest(&square, 0.2);
        for phase in [0.1, 0.3, 0.6] {
            assert!((square.table(0.2).value(phase) - sine(phase) * amplitude).abs() < 1e-3);
        }
        assert!(greatest(&square, 0.5) > 0.9);
    }

    #[test]
    fn a_wave_is_normalized_if_it_is_to_be() {
        let coefficients = || (vec![0.0, 3.0], vec![0.0, 4.0]);
        let (real, imag) = coefficients();
        assert!((greatest(&PeriodicWave::new(real, imag, true), 0.01) - 1.0).abs() < 1e-3);
        let (real, imag) = coefficients();
        assert!((greatest(&PeriodicWave::new(real, imag, false), 0.01) - 5.0).abs() < 1e-3);
        assert_eq!(greatest(&PeriodicWave::new(vec![0.0; 2], vec![0.0; 2], true), 0.01), 0.0);
    }
}
