/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! How loud a recording is, in whole and at one frequency, and whether it clicks.
//!
//! Times and lengths are in seconds from the first sample; a span reaches from the first to before
//! the second of its two times. Levels are in dBFS of the amplitude of a sine: a sine that peaks
//! at 0.25 has -12.04 dBFS, and digital silence has [`SILENCE`].

use std::f64::consts::TAU;
use std::ops::Range;

/// Samples per second of every recording.
pub const RATE: u32 = 48_000;

/// The seconds of one step of an envelope, and of a search for a tone.
pub const STEP: f64 = 0.005;

/// The level, in dBFS, that stands for no sound at all.
pub const SILENCE: f64 = -200.0;

/// Below this frequency, in Hz, nothing counts as a click: tones must be lower than 1.4 kHz.
const CLICK_HERTZ: f64 = 2_000.0;

/// The seconds of digital silence that are a gap, and below which amplitude it is silence.
const GAP: f64 = 3e-4;
const GAP_AMPLITUDE: f32 = 1e-6;

/// The samples on each side of the centre of the filter that leaves the clicks.
const CLICK_REACH: usize = 150;

/// A recording in one channel, at [`RATE`].
#[derive(Clone, Debug, Default)]
pub struct Samples {
    samples: Vec<f32>,
}

/// What span of a tone is measured at once, and how often.
///
/// Another tone does not disturb the measure when both frequencies are multiples of
/// `1 / seconds` and differ by at least twice that, or by far: two tones 600 Hz apart are 65 dB
/// apart in any span of 20 ms or more.
#[derive(Clone, Copy, Debug)]
pub struct Tone {
    /// Its frequency in Hz.
    pub hertz: f64,
    /// The length of one measure.
    pub seconds: f64,
}

impl Tone {
    /// Measures of 5 ms, to find edges: for multiples of 200 Hz that do not begin or end nearby.
    pub fn fast(hertz: f64) -> Self {
        Self { hertz, seconds: STEP }
    }

    /// Measures of 20 ms: for tones that begin and end next to others.
    pub fn apart(hertz: f64) -> Self {
        Self { hertz, seconds: 0.02 }
    }

    /// Measures of 50 ms, for exact levels.
    pub fn exact(hertz: f64) -> Self {
        Self { hertz, seconds: 0.05 }
    }
}

impl Samples {
    /// A recording in one channel.
    pub fn mono(samples: Vec<f32>) -> Self {
        Self { samples }
    }

    /// The mean of the channels of interleaved samples.
    pub fn interleaved(samples: &[f32], channels: usize) -> Self {
        let mean = |frame: &[f32]| frame.iter().sum::<f32>() / channels as f32;
        Self { samples: samples.chunks_exact(channels).map(mean).collect() }
    }

    /// The samples themselves, full scale being -1..1.
    pub fn values(&self) -> &[f32] {
        &self.samples
    }

    /// The length in seconds.
    pub fn seconds(&self) -> f64 {
        seconds(self.samples.len())
    }

    fn span(&self, span: &Range<f64>) -> &[f32] {
        let end = index(span.end).min(self.samples.len());
        &self.samples[index(span.start).min(end)..end]
    }

    /// The level, in dBFS, of all that sounds in `span`.
    pub fn level_db(&self, span: Range<f64>) -> f64 {
        level_db(self.span(&span))
    }

    /// The level, in dBFS, of each whole [`STEP`].
    pub fn envelope(&self) -> Vec<f64> {
        self.samples.chunks_exact(index(STEP)).map(level_db).collect()
    }

    /// The level, in dBFS, of one frequency over the whole of `span`.
    pub fn tone_db(&self, hertz: f64, span: Range<f64>) -> f64 {
        tone_db(self.span(&span), hertz)
    }

    /// The level of a tone: the seconds at which each measure is centred, [`STEP`] apart, and its
    /// dBFS.
    pub fn tone_envelope(&self, tone: Tone) -> impl DoubleEndedIterator<Item = (f64, f64)> {
        let (length, step) = (index(tone.seconds), index(STEP));
        let count = (self.samples.len() + step).saturating_sub(length) / step;
        (0..count).map(move |at| {
            let start = at * step;
            let level = tone_db(&self.samples[start..start + length], tone.hertz);
            (seconds(start) + tone.seconds / 2.0, level)
        })
    }

    /// When, at or after the seconds `from`, the tone is first at `db` dBFS or above.
    pub fn first_tone(&self, tone: Tone, db: f64, from: f64) -> Option<f64> {
        self.tone_envelope(tone).find(|(at, level)| *at >= from && *level >= db).map(|(at, _)| at)
    }

    /// When, at or after the seconds `from`, the tone is first below `db` dBFS.
    pub fn first_without_tone(&self, tone: Tone, db: f64, from: f64) -> Option<f64> {
        self.tone_envelope(tone).find(|(at, level)| *at >= from && *level < db).map(|(at, _)| at)
    }

    /// When the tone is last at `db` dBFS or above.
    pub fn last_tone(&self, tone: Tone, db: f64) -> Option<f64> {
        self.tone_envelope(tone).rfind(|(_, level)| *level >= db).map(|(at, _)| at)
    }

    /// Whether digital silence lies between sounds in `span`: what plays came too late for a while.
    pub fn has_gap(&self, span: Range<f64>) -> bool {
        let is_silent = |sample: &f32| sample.abs() < GAP_AMPLITUDE;
        let spells = self.span(&span).chunk_by(|a, b| is_silent(a) == is_silent(b));
        let long = spells.filter(|spell| !is_silent(&spell[0]) || spell.len() >= index(GAP));
        let mut silences: Vec<bool> = long.map(|spell| is_silent(&spell[0])).collect();
        silences.dedup();
        silences.windows(3).any(|spells| spells == [false, true, false])
    }

    /// The peak, in dBFS, of what is left in `span` above 2 kHz: a click has much, tones below
    /// 1.4 kHz and gentle ramps of them have nothing.
    ///
    /// The 3 ms at each end of the recording cannot be judged and are left out.
    pub fn click_db(&self, span: Range<f64>) -> f64 {
        let filter = high_pass();
        let first = index(span.start).saturating_sub(CLICK_REACH);
        let end = (index(span.end) + CLICK_REACH).min(self.samples.len());
        let heard = self.samples.get(first..end).unwrap_or_default();
        let residue = |window: &[f32]| {
            window.iter().zip(&filter).map(|(&sample, tap)| f64::from(sample) * tap).sum::<f64>()
        };
        heard
            .windows(filter.len())
            .map(|window| to_db(residue(window).abs()))
            .fold(SILENCE, f64::max)
    }
}

fn index(seconds: f64) -> usize {
    (seconds.max(0.0) * f64::from(RATE)).round() as usize
}

fn seconds(index: usize) -> f64 {
    index as f64 / f64::from(RATE)
}

/// An amplitude in dBFS.
fn to_db(amplitude: f64) -> f64 {
    (20.0 * amplitude.log10()).max(SILENCE)
}

/// The level, in dBFS, of samples: a sine has that of its amplitude.
pub fn level_db(samples: &[f32]) -> f64 {
    let power: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    to_db((2.0 * power / samples.len().max(1) as f64).sqrt())
}

/// The level, in dBFS, of one frequency in samples, by Goertzel's way with a Hann window.
pub fn tone_db(samples: &[f32], hertz: f64) -> f64 {
    let turn = 2.0 * (TAU * hertz / f64::from(RATE)).cos();
    let count = samples.len().max(1) as f64;
    // The cosine of the window, by the same recurrence.
    let swing = 2.0 * (TAU / count).cos();
    let (mut cosine, mut before) = (1.0, swing / 2.0);
    let (mut last, mut second) = (0.0, 0.0);
    for &sample in samples {
        let windowed = f64::from(sample) * (0.5 - 0.5 * cosine);
        (last, second) = (windowed + turn * last - second, last);
        (cosine, before) = (swing * cosine - before, cosine);
    }
    let power = last * last + second * second - turn * last * second;
    // Of a sine's amplitude, half is in this frequency (the rest in the negative one), and the
    // window has a mean of a half.
    to_db(power.max(0.0).sqrt() * 4.0 / count)
}

/// A windowed sinc (Blackman): at least 70 dB down below 1.4 kHz.
fn high_pass() -> Vec<f64> {
    let cutoff = CLICK_HERTZ / f64::from(RATE);
    let reach = CLICK_REACH as f64;
    let sinc = |at: f64| {
        if at == 0.0 { 2.0 * cutoff } else { (TAU * cutoff * at).sin() / (at * TAU / 2.0) }
    };
    let window = |at: f64| {
        let phase = TAU * (at + reach) / (2.0 * reach);
        0.42 - 0.5 * phase.cos() + 0.08 * (2.0 * phase).cos()
    };
    let mut low: Vec<f64> = (0..=2 * CLICK_REACH)
        .map(|tap| tap as f64 - reach)
        .map(|at| sinc(at) * window(at))
        .collect();
    let sum: f64 = low.iter().sum();
    for tap in &mut low {
        *tap /= -sum;
    }
    low[CLICK_REACH] += 1.0;
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hertz: f64, amplitude: f64, length: f64) -> Vec<f32> {
        (0..index(length))
            .map(|at| (amplitude * (TAU * hertz * seconds(at)).sin()) as f32)
            .collect()
    }

    fn sum(a: &[f32], b: &[f32]) -> Vec<f32> {
        a.iter().zip(b).map(|(a, b)| a + b).collect()
    }

    fn near(level: f64, wanted: f64, within: f64) {
        assert!((level - wanted).abs() <= within, "{level} dBFS, not {wanted}");
    }

    #[test]
    fn a_level_is_that_of_the_amplitude() {
        let music = Samples::mono(sine(400.0, 0.25, 1.0));
        near(music.level_db(0.0..1.0), -12.04, 0.01);
        assert_eq!(music.envelope().len(), 200);
        music.envelope().iter().for_each(|level| near(*level, -12.04, 0.01));
        near(music.tone_db(400.0, 0.2..0.25), -12.04, 0.01);
        near(Samples::mono(vec![0.0; 480]).level_db(0.0..1.0), SILENCE, 0.0);
        near(Samples::default().level_db(0.0..1.0), SILENCE, 0.0);
        near(Samples::default().tone_db(400.0, 0.0..1.0), SILENCE, 0.0);
    }

    #[test]
    fn channels_are_averaged() {
        let frames: Vec<f32> = sine(400.0, 0.5, 0.1).iter().flat_map(|&left| [left, 0.0]).collect();
        let samples = Samples::interleaved(&frames, 2);
        near(samples.seconds(), 0.1, 1e-9);
        near(samples.level_db(0.0..0.1), -12.04, 0.01);
    }

    #[test]
    fn two_tones_are_told_apart() {
        let call = Samples::mono(sine(1_000.0, 0.25, 1.0));
        for (start, length) in
            [(0.3, 0.02), (0.3007, 0.02), (0.1003, 0.027), (0.2, 0.05), (0.2, 0.5)]
        {
            let leak = call.tone_db(400.0, start..start + length);
            assert!(leak < -65.0, "{leak} dBFS leak in {length} s from {start}");
        }
        let both = Samples::mono(sum(&sine(1_000.0, 0.25, 1.0), &sine(400.0, 0.01, 1.0)));
        for tone in [Tone::fast(400.0), Tone::apart(400.0), Tone::exact(400.0)] {
            both.tone_envelope(tone).for_each(|(_, level)| near(level, -40.0, 0.2));
        }
        both.tone_envelope(Tone::fast(1_000.0)).for_each(|(_, level)| near(level, -12.04, 0.1));
    }

    #[test]
    fn edges_of_a_tone_are_found() {
        let mut samples = vec![0.0; index(0.3)];
        samples.extend(sine(400.0, 0.25, 0.4));
        samples.extend(vec![0.0; index(0.3)]);
        let samples = Samples::mono(samples);
        for tone in [Tone::fast(400.0), Tone::apart(400.0), Tone::exact(400.0)] {
            let half = tone.seconds / 2.0 + STEP;
            near(samples.first_tone(tone, -40.0, 0.0).unwrap(), 0.3, half);
            near(samples.first_without_tone(tone, -40.0, 0.5).unwrap(), 0.7, half);
            near(samples.last_tone(tone, -40.0).unwrap(), 0.7, half);
        }
        assert_eq!(samples.first_tone(Tone::fast(400.0), -40.0, 0.75), None);
        assert_eq!(samples.last_tone(Tone::fast(1_000.0), -20.0), None);
    }

    /// A tone of 200 Hz that `gain` ends at 0.5 s and later; the residue around its end.
    fn residue(cut: f64, gain: impl Fn(f64) -> f64) -> f64 {
        let tone = sine(200.0, 0.25, 1.0);
        let ended = tone.iter().enumerate();
        let ended = ended.map(|(at, sample)| sample * gain(seconds(at) - cut) as f32).collect();
        Samples::mono(ended).click_db(0.45..0.6)
    }

    #[test]
    fn a_cut_clicks_and_a_fade_does_not() {
        // At the crossing of zero, at the peak, and between.
        for cut in [0.5, 0.501_25, 0.500_5, 0.502_5, 0.503] {
            let click = residue(cut, |after| if after < 0.0 { 1.0 } else { 0.0 });
            assert!(click > -50.0, "{click} dBFS for a cut at {cut}");
            let fade = |after: f64| 0.5 + 0.5 * (TAU / 2.0 * (after / 0.01).clamp(0.0, 1.0)).cos();
            let fade = residue(cut, fade);
            assert!(fade < -70.0, "{fade} dBFS for a fade at {cut}");
        }
    }

    #[test]
    fn a_gap_is_silence_between_sounds() {
        let tone = sine(200.0, 0.25, 0.1);
        let silent = |count: usize| vec![0.0; count];
        let is_gap = |parts: [&[f32]; 3]| Samples::mono(parts.concat()).has_gap(0.0..1.0);
        assert!(is_gap([&tone, &silent(20), &tone]));
        assert!(!is_gap([&tone, &silent(2), &tone]), "the tone crosses zero");
        assert!(!is_gap([&silent(480), &tone, &silent(480)]), "it begins and ends");
        assert!(!is_gap([&silent(480), &[], &[]]));
    }

    #[test]
    fn tones_leave_no_residue() {
        for hertz in [200.0, 400.0, 1_000.0, 1_400.0] {
            let residue = Samples::mono(sine(hertz, 1.0, 0.5)).click_db(0.0..0.5);
            assert!(residue < -60.0, "{residue} dBFS of {hertz} Hz");
        }
        near(Samples::mono(sine(4_000.0, 0.25, 0.5)).click_db(0.1..0.4), -12.04, 0.1);
        near(Samples::default().click_db(0.0..1.0), SILENCE, 0.0);
    }
}
