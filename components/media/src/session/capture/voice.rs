/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Hears whether somebody speaks into a microphone that is muted. Pure.

/// Frames a second of every capture.
pub(super) const RATE: u32 = 48_000;

/// How many samples are judged at once: 20 ms.
const SPAN: u32 = RATE / 50;
/// The mean square from which a span may be speech: -40 dBFS.
const LOUD: f32 = 1e-4;
/// The mean square below which it is not: -46 dBFS.
const QUIET: f32 = 2.5e-5;
/// How many loud spans are speech, rather than a key or a door: 60 ms.
const ONSET: u32 = 3;
/// How many quiet spans end it: a pause between words is shorter than 400 ms.
const PAUSE: u32 = 20;
/// How many samples are between two reports at least: 1 s.
const INTERVAL: u32 = RATE;

/// Judges the samples of a microphone as they come.
#[derive(Debug)]
pub(super) struct Voice {
    sum: f32,
    count: u32,
    speaks: bool,
    /// Consecutive spans that speak against `speaks`.
    contrary: u32,
    reported: bool,
    since_report: u32,
}

impl Default for Voice {
    fn default() -> Self {
        Self {
            sum: 0.0,
            count: 0,
            speaks: false,
            contrary: 0,
            reported: false,
            since_report: INTERVAL,
        }
    }
}

impl Voice {
    /// The microphone is heard for so many samples: nobody needs to be told.
    pub(super) fn rest(&mut self, samples: usize) {
        let since_report = self.since_report.saturating_add(samples as u32);
        *self = Self { since_report, ..Self::default() };
    }

    /// Takes samples of a muted microphone, in one channel; whether voice activity is to be reported.
    pub(super) fn hear(&mut self, samples: &[f32]) -> bool {
        let mut reports = false;
        for &sample in samples {
            self.sum += sample * sample;
            self.count += 1;
            if self.count == SPAN {
                let mean = self.sum / SPAN as f32;
                (self.sum, self.count) = (0.0, 0);
                reports |= self.judge(mean);
            }
        }
        reports
    }

    fn judge(&mut self, mean: f32) -> bool {
        self.since_report = self.since_report.saturating_add(SPAN);
        let (is_contrary, enough) =
            if self.speaks { (mean < QUIET, PAUSE) } else { (mean >= LOUD, ONSET) };
        self.contrary = if is_contrary { self.contrary + 1 } else { 0 };
        if self.contrary == enough {
            self.speaks = !self.speaks;
            (self.contrary, self.reported) = (0, false);
        }
        let reports = self.speaks && !self.reported && self.since_report >= INTERVAL;
        if reports {
            (self.reported, self.since_report) = (true, 0);
        }
        reports
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seconds at which voice activity is reported of so many seconds of a level each.
    fn reports(parts: &[(f32, f64)]) -> Vec<f64> {
        let mut voice = Voice::default();
        let samples = parts.iter().flat_map(|&(amplitude, seconds)| {
            std::iter::repeat_n(amplitude, (seconds * f64::from(RATE)) as usize)
        });
        let reported = samples.enumerate().filter(|(_, sample)| voice.hear(&[*sample]));
        reported.map(|(at, _)| at as f64 / f64::from(RATE)).collect()
    }

    #[test]
    fn the_start_of_speech_is_reported_once() {
        let at = reports(&[(0.0, 1.0), (0.1, 5.0)]);
        assert_eq!(at.len(), 1, "{at:?}");
        assert!((1.05..1.09).contains(&at[0]), "{at:?}");
    }

    #[test]
    fn noise_and_clicks_are_not_speech() {
        assert!(reports(&[(0.005, 5.0)]).is_empty());
        let clicks = [(0.0, 1.0), (0.5, 0.03)].repeat(3);
        assert!(reports(&clicks).is_empty());
    }

    #[test]
    fn a_pause_between_words_is_no_end() {
        assert_eq!(
            reports(&[(0.1, 1.5), (0.0, 0.3), (0.1, 1.5), (0.007, 2.0), (0.1, 1.0)]).len(),
            1
        );
    }

    #[test]
    fn reports_are_a_second_apart() {
        let bursts = [(0.1, 0.1), (0.0, 0.41)].repeat(20);
        let at = reports(&bursts);
        assert!(at.len() > 5, "{at:?}");
        assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= 1.0), "{at:?}");
    }

    #[test]
    fn who_speaks_when_it_is_muted_again_is_reported_again() {
        let mut voice = Voice::default();
        let second = [0.1; RATE as usize];
        assert!(voice.hear(&second));
        voice.rest(RATE as usize);
        assert!(voice.hear(&second[..RATE as usize / 10]));
        voice.rest(100);
        assert!(!voice.hear(&second[..RATE as usize / 10]), "a second has not passed");
    }
}
