/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which media of an `auto` session counts as `transient` between tabs.

use std::time::Duration;

use sordino_traits::Timestamp;

/// A short sound that begins this soon after another ended goes on with it.
const CHAIN: Duration = Duration::from_secs(1);

/// Tells a ping from playback: a media element counts as a short sound when its duration is known
/// and finite, it does not loop, and the document's last short sound did not end just before: a chain
/// of clips is playback.
#[derive(Clone, Copy, Debug)]
pub struct ShortSounds {
    max_seconds: f64,
    last_end: Option<Timestamp>,
}

impl ShortSounds {
    /// `max_seconds` is the longest duration of a short sound; with 0 there are none. The preference
    /// `auto.transient_max_seconds`.
    pub fn new(max_seconds: f64) -> Self {
        Self { max_seconds, last_end: None }
    }

    /// Whether what starts now is a short sound. `duration` is in seconds; NaN if it is not known.
    pub fn is_short(&self, duration: f64, loops: bool, now: Timestamp) -> bool {
        let is_chained = self.last_end.is_some_and(|end| now.since(end) < CHAIN);
        self.could_be_short(duration, loops) && !is_chained
    }

    /// Whether media like this is a short sound when it is not part of a chain.
    pub fn could_be_short(&self, duration: f64, loops: bool) -> bool {
        duration > 0.0 && duration <= self.max_seconds && !loops
    }

    /// Media has come to its end. That of a long piece begins no chain, that of a clip in a chain
    /// goes on with it.
    pub fn ended(&mut self, duration: f64, loops: bool, now: Timestamp) {
        if self.could_be_short(duration, loops) {
            self.last_end = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> Timestamp {
        Timestamp::from_origin(Duration::from_millis(milliseconds))
    }

    #[test]
    fn a_short_sound_has_a_known_finite_duration_and_does_not_loop() {
        let sounds = ShortSounds::new(5.0);
        for (duration, loops, expected) in [
            (0.5, false, true),
            (5.0, false, true),
            (5.1, false, false),
            (0.5, true, false),
            (f64::NAN, false, false),
            (f64::INFINITY, false, false),
            (0.0, false, false),
        ] {
            assert_eq!(sounds.is_short(duration, loops, at(0)), expected, "{duration} {loops}");
        }
        assert!(!ShortSounds::new(0.0).is_short(0.1, false, at(0)), "switched off");
    }

    #[test]
    fn a_chain_of_clips_is_playback() {
        let mut sounds = ShortSounds::new(5.0);
        assert!(sounds.is_short(2.0, false, at(0)));
        for clip in 1..4 {
            let end = clip * 2_500;
            sounds.ended(2.0, false, at(end));
            assert!(!sounds.is_short(2.0, false, at(end + 500)), "clip {clip} goes on");
        }
        assert!(sounds.is_short(2.0, false, at(8_500)), "a second after the last");
        sounds.ended(100.0, false, at(20_000));
        assert!(sounds.is_short(2.0, false, at(20_100)), "a ping after a song");
    }
}
