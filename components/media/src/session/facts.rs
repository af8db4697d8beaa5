/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What is to be heard of a player: the product of what its page wants and what is done to its
//! session. Pure.

use std::time::{Duration, Instant};

/// What is done to everything in a session, besides what the pages want.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// Nothing sounds, and the time of players stands still.
    pub suspended: bool,
    /// Nothing is heard; time goes on.
    pub muted: bool,
    /// A gain in 0..=1.
    pub gain: f64,
}

impl Default for Facts {
    /// Nothing is done.
    fn default() -> Self {
        Self { suspended: false, muted: false, gain: 1.0 }
    }
}

impl Facts {
    /// Both at once.
    pub fn and(self, other: Self) -> Self {
        Self {
            suspended: self.suspended || other.suspended,
            muted: self.muted || other.muted,
            gain: self.gain * other.gain,
        }
    }

    /// The gain that they come to.
    pub(crate) fn heard(self) -> f64 {
        if self.suspended || self.muted { 0.0 } else { self.gain }
    }
}

/// How long a suspended player goes on unheard, so that its last sound has left the buffers of the
/// sink when its time stops: the ramp to silence, the session sink's buffer of 40 ms, and the same
/// again for a machine that is busy.
pub(crate) const FADE: Duration = Duration::from_millis(100);

/// What a player of the inner backend is set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Setting {
    pub(crate) playing: bool,
    pub(crate) muted: bool,
    /// A gain in 0..=1.
    pub(crate) volume: f64,
}

/// What the page wants of a player, and its session's facts.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) playing: bool,
    pub(crate) muted: bool,
    /// A gain in 0..=1.
    pub(crate) volume: f64,
    /// Whether it is known to have no sound.
    pub(crate) is_soundless: bool,
    facts: Facts,
    /// Whether it plays what happens now. Its time cannot stand still.
    is_live: bool,
    fades_until: Option<Instant>,
    /// Grows with each change.
    version: u64,
}

impl Wanted {
    pub(crate) fn new(facts: Facts, is_live: bool) -> Self {
        Self {
            playing: false,
            muted: false,
            volume: 1.0,
            is_soundless: false,
            facts,
            is_live,
            fades_until: None,
            version: 0,
        }
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
        self.version += 1;
    }

    /// Returns when the player must be set again.
    pub(crate) fn set_facts(&mut self, facts: Facts, now: Instant) -> Option<Instant> {
        if facts.suspended != self.facts.suspended {
            self.fades_until = (facts.suspended && self.playing).then(|| now + FADE);
        }
        self.facts = facts;
        self.version += 1;
        self.fades_until
    }

    /// Nothing of it is in any buffer.
    pub(crate) fn end_fade(&mut self) {
        self.fades_until = None;
    }

    /// What the inner player is to be set to, when it is set to `before` now.
    pub(crate) fn setting(&self, before: Setting, now: Instant) -> Setting {
        let fades = self.fades_until.is_some_and(|until| now < until);
        // What makes no sound is not interrupted.
        let sounds = !self.muted && self.volume > 0.0 && !self.is_soundless;
        let stands = self.facts.suspended && !self.is_live && sounds;
        Setting {
            playing: if fades { before.playing } else { self.playing && !stands },
            muted: self.muted || self.facts.muted || self.facts.suspended,
            volume: self.volume * self.facts.gain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUSPENDED: Facts = Facts { suspended: true, muted: false, gain: 1.0 };

    fn playing() -> (Wanted, Setting, Instant) {
        let mut wanted = Wanted::new(Facts::default(), false);
        wanted.change(|it| it.playing = true);
        let before = Setting { playing: false, muted: false, volume: 1.0 };
        let now = Instant::now();
        let setting = wanted.setting(before, now);
        assert!(setting.playing && !setting.muted);
        (wanted, setting, now)
    }

    #[test]
    fn a_suspended_player_is_muted_at_once_and_stands_after_the_fade() {
        let (mut wanted, before, now) = playing();
        let due = wanted.set_facts(SUSPENDED, now);
        assert_eq!(due, Some(now + FADE));
        let fading = wanted.setting(before, now);
        assert!(fading.playing && fading.muted);
        assert!(!wanted.setting(fading, now + FADE).playing);
    }

    #[test]
    fn what_the_page_pauses_in_the_fade_stands_after_it_and_stays() {
        let (mut wanted, before, now) = playing();
        wanted.set_facts(SUSPENDED, now);
        wanted.change(|it| it.playing = false);
        assert!(wanted.setting(before, now).playing, "its sound is still in the buffers");
        let stands = wanted.setting(before, now + FADE);
        assert!(!stands.playing);
        wanted.set_facts(Facts::default(), now + FADE);
        assert!(!wanted.setting(stands, now + FADE).playing);
    }

    #[test]
    fn a_page_pauses_at_once_when_nothing_fades() {
        let (mut wanted, before, now) = playing();
        wanted.change(|it| it.playing = false);
        assert!(!wanted.setting(before, now).playing);
    }

    #[test]
    fn what_the_page_mutes_stays_muted() {
        let (mut wanted, before, now) = playing();
        wanted.change(|it| it.muted = true);
        for facts in [SUSPENDED, Facts { muted: true, ..Facts::default() }, Facts::default()] {
            wanted.set_facts(facts, now);
            assert!(wanted.setting(before, now).muted);
        }
    }

    #[test]
    fn what_makes_no_sound_goes_on_while_its_session_is_suspended() {
        let (mut wanted, before, now) = playing();
        wanted.set_facts(SUSPENDED, now);
        let later = now + FADE;
        assert!(!wanted.setting(before, later).playing);
        wanted.change(|it| it.muted = true);
        assert!(wanted.setting(before, later).playing);
        wanted.change(|it| (it.muted, it.volume) = (false, 0.0));
        assert!(wanted.setting(before, later).playing);
        wanted.change(|it| (it.volume, it.is_soundless) = (1.0, true));
        assert!(wanted.setting(before, later).playing);
    }

    #[test]
    fn gains_are_multiplied() {
        let (mut wanted, before, now) = playing();
        wanted.change(|it| it.volume = 0.5);
        let ducked = Facts { gain: 0.2, ..Facts::default() };
        let tab = Facts { gain: 0.5, ..Facts::default() };
        wanted.set_facts(ducked.and(tab), now);
        assert!((wanted.setting(before, now).volume - 0.05).abs() < 1e-9);
    }

    #[test]
    fn live_media_is_only_muted() {
        let mut wanted = Wanted::new(SUSPENDED, true);
        wanted.change(|it| it.playing = true);
        let before = Setting { playing: false, muted: false, volume: 1.0 };
        let setting = wanted.setting(before, Instant::now());
        assert!(setting.playing && setting.muted);
    }
}
