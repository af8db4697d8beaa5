/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! When an [AudioScheduledSourceNode](https://webaudio.github.io/web-audio-api/#AudioScheduledSourceNode)
//! sounds.

use std::ops::Range;

use super::Moment;
use crate::web_audio::block::QUANTUM;

/// When a source sounds, in seconds of the context.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    start: Option<f64>,
    stop: f64,
    ended: bool,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { start: None, stop: f64::INFINITY, ended: false }
    }
}

impl Schedule {
    pub(super) fn start(&mut self, when: f64) {
        self.start = Some(when);
    }

    pub(super) fn stop(&mut self, when: f64) {
        self.stop = when;
    }

    pub(super) fn start_time(&self) -> f64 {
        self.start.unwrap_or(f64::INFINITY)
    }

    /// Whether it has been started and has not ended.
    pub(super) fn is_playing(&self) -> bool {
        self.start.is_some() && !self.ended
    }

    /// The frames of the quantum in which it sounds.
    pub(super) fn frames(&self, moment: Moment) -> Range<usize> {
        if !self.is_playing() {
            return 0..0;
        }
        let first_at = |time: f64| {
            // What comes later than one can count comes never.
            let frame = (time * moment.rate).ceil() - moment.frame as f64;
            (frame.clamp(0.0, QUANTUM as f64)) as usize
        };
        let start = first_at(self.start_time());
        start..first_at(self.stop).max(start)
    }

    /// It has ended for a reason of its own.
    pub(super) fn end(&mut self) {
        self.stop = 0.0;
    }

    /// Whether its end is in this quantum, and was not in an earlier one.
    pub(super) fn has_ended(&mut self, moment: Moment) -> bool {
        let ends = self.is_playing() && self.stop <= moment.end();
        self.ended |= ends;
        ends
    }
}
