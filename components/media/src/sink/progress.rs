/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Whether a stream is held up, and by what.

use std::time::{Duration, Instant};

/// How late a sink may take a buffer.
const STALL: Duration = Duration::from_millis(400);
/// The same for a sink that has taken little since it started: a device may have to wake up.
const FIRST_STALL: Duration = Duration::from_millis(2_500);
/// How many buffers it takes before it must play.
const PREROLL: u32 = 10;

/// Why the system holds a stream up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reason {
    /// The server asks us to pause.
    Corked = 1,
    /// The server mutes the stream; we never do.
    Muted = 2,
    /// The server takes no data.
    Stalled = 4,
}

#[derive(Debug, Default)]
pub(super) struct Progress {
    /// A set of [`Reason`]s.
    reasons: u8,
    playing: bool,
    /// When the sink must have taken the buffer that it has been given, if it has not.
    due: Option<Instant>,
    /// How many buffers the sink took since it started.
    taken: u32,
}

impl Progress {
    pub(super) fn is_interrupted(&self) -> bool {
        self.reasons != 0
    }

    pub(super) fn is_playing(&self) -> bool {
        self.playing
    }

    pub(super) fn has(&self, reason: Reason) -> bool {
        self.reasons & reason as u8 != 0
    }

    /// The server asks for a pause, or to go on: then it has unmuted as well.
    pub(super) fn set_corked(&mut self, corked: bool) {
        self.set(Reason::Corked, corked);
        if !corked {
            self.set(Reason::Muted, false);
        }
    }

    /// The server mutes or unmutes. It does not ask a stream to go on that has not paused, but
    /// unmutes it.
    pub(super) fn set_muted(&mut self, muted: bool) {
        if !muted && self.has(Reason::Muted) {
            self.set(Reason::Corked, false);
        }
        self.set(Reason::Muted, muted);
    }

    pub(super) fn set(&mut self, reason: Reason, holds: bool) {
        if holds {
            self.reasons |= reason as u8;
        } else {
            self.reasons &= !(reason as u8);
        }
    }

    /// There is another sink, or none.
    pub(super) fn restart(&mut self) {
        self.reasons = 0;
        self.taken = 0;
        self.due = None;
    }

    /// Time that passed while it stood still does not count.
    pub(super) fn set_playing(&mut self, playing: bool) {
        self.playing = playing;
        self.taken = 0;
        if playing && self.due.is_some() {
            self.due = Some(Instant::now() + FIRST_STALL);
        }
    }

    /// The sink is given a buffer whose end is `ahead` of the present.
    pub(super) fn enter(&mut self, ahead: Duration) {
        let stall = if self.taken < PREROLL { FIRST_STALL } else { STALL };
        self.due = Some(Instant::now() + ahead + stall);
    }

    /// The sink took it, if `taken`, or dropped it.
    pub(super) fn leave(&mut self, taken: bool) {
        self.due = None;
        if taken {
            self.taken = self.taken.saturating_add(1);
            self.set(Reason::Stalled, false);
        }
    }

    pub(super) fn look_for_stall(&mut self, now: Instant) {
        if self.playing && self.due.is_some_and(|due| now > due) {
            self.set(Reason::Stalled, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stall_is_a_buffer_that_is_not_taken_in_time() {
        let mut progress = Progress::default();
        progress.set_playing(true);
        progress.taken = PREROLL;
        progress.enter(Duration::from_secs(1));
        let now = Instant::now();
        progress.look_for_stall(now + Duration::from_millis(1_300));
        assert!(!progress.is_interrupted());
        progress.look_for_stall(now + Duration::from_millis(1_500));
        assert!(progress.has(Reason::Stalled));
        progress.leave(false);
        assert!(progress.is_interrupted(), "a flush tells nothing");
        progress.leave(true);
        assert!(!progress.is_interrupted());
    }

    #[test]
    fn what_stands_still_does_not_stall() {
        let mut progress = Progress::default();
        progress.enter(Duration::ZERO);
        let later = Instant::now() + Duration::from_secs(9);
        progress.look_for_stall(later);
        assert!(!progress.is_interrupted());
    }

    #[test]
    fn reasons_add_up() {
        let mut progress = Progress::default();
        progress.set_corked(true);
        progress.set_muted(false);
        assert!(progress.is_interrupted(), "it was never muted");
        progress.set_muted(true);
        progress.set(Reason::Stalled, true);
        progress.set_muted(false);
        assert!(progress.is_interrupted());
        progress.leave(true);
        assert!(!progress.is_interrupted());
    }
}
