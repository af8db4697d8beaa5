/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The position in the media: how it advances, [seeking](https://html.spec.whatwg.org/multipage/media.html#seeking)
//! and the end.

use std::ops::RangeInclusive;
use std::time::Duration;

use sordino_script_bindings::{DomExceptionName, DomObjectExt};
use sordino_traits::Timestamp;

use super::time_ranges::Ranges;
use super::{HTMLMediaElement, ready};

/// The playback rates that GStreamer can play, with some reserve.
pub(super) const RATES: RangeInclusive<f64> = 0.0625..=16.0;

/// How often `timeupdate` is fired while time advances.
const TICK: Duration = Duration::from_millis(250);
/// How far what the player says may be from where the position should be without a jump, in seconds.
const JUMP: f64 = 0.5;

/// At the rate 0 time stands still.
pub(super) fn is_playable_rate(rate: f64) -> bool {
    rate == 0.0 || RATES.contains(&rate)
}

/// The rate that can be played instead of another one.
pub(super) fn nearest_rate(rate: f64) -> f64 {
    if is_playable_rate(rate) { rate } else { rate.clamp(*RATES.start(), *RATES.end()) }
}

impl HTMLMediaElement {
    /// The [current playback position](https://html.spec.whatwg.org/multipage/media.html#current-playback-position)
    /// in seconds.
    pub(super) fn position(&self, now: Timestamp) -> f64 {
        let (base, at, advances) = self.clock.get();
        let elapsed = if advances { now.since(at).as_secs_f64() } else { 0.0 };
        let position = base + elapsed * self.playback_rate.get();
        let duration = self.duration.get();
        if duration.is_nan() { position } else { position.min(duration) }
    }

    pub(super) fn position_now(&self) -> f64 {
        self.position(Timestamp::now())
    }

    pub(super) fn stop_clock(&self) {
        let now = Timestamp::now();
        self.set_clock(self.position(now), now, false);
    }

    /// The position is this, in seconds, at a moment, and advances from there or does not.
    pub(super) fn set_clock(&self, position: f64, at: Timestamp, advances: bool) {
        let is_correction =
            advances && self.clock.get().2 && (position - self.position(at)).abs() < JUMP;
        if !is_correction {
            let played = self.played_ranges();
            *self.played.borrow_mut() = played;
            self.played_from.set(advances.then_some(position));
        }
        self.clock.set((position, at, advances));
        if advances {
            self.tick_later();
        }
    }

    /// [`played`](https://html.spec.whatwg.org/multipage/media.html#dom-media-played).
    pub(super) fn played_ranges(&self) -> Ranges {
        let mut played = self.played.borrow().clone();
        if let Some(from) = self.played_from.get() {
            played.add(from, self.position_now());
        }
        played
    }

    /// [`seekable`](https://html.spec.whatwg.org/multipage/media.html#dom-media-seekable): all of what
    /// has a length; of a stream nothing.
    pub(super) fn seekable_ranges(&self) -> Ranges {
        let duration = self.duration.get();
        if self.ready_state.get() == ready::NOTHING {
            Ranges::default()
        } else if duration.is_finite() {
            // A duration of 0 is a range, too, but an empty one.
            Ranges::of([(0.0, duration)])
        } else if self.has_known_length() {
            self.buffered.borrow().clone()
        } else {
            Ranges::default()
        }
    }

    pub(super) fn tick_later(&self) {
        if self.tick_timer.get().is_some() {
            return;
        }
        let element = self.root();
        let page = self.page();
        let timer = page.new_timer();
        self.tick_timer.set(Some(timer));
        page.set_timer(timer, TICK, move |_| {
            element.tick_timer.set(None);
            if element.clock.get().2 && !element.seeking.get() {
                element.fire("timeupdate");
            }
            if element.clock.get().2 {
                element.tick_later();
            }
        });
    }

    /// Nothing is known any more of where it was, and in what.
    pub(super) fn forget_timeline(&self) {
        for fact in [&self.seeking, &self.at_end, &self.has_begun, &self.is_seek_under_way] {
            fact.set(false);
        }
        self.next_seek.set(None);
        self.clock.set((0.0, Timestamp::now(), false));
        self.default_start.set(0.0);
        self.duration.set(f64::NAN);
        self.has_audio.set(false);
        self.video_size.set(None);
        self.played_from.set(None);
        *self.played.borrow_mut() = Ranges::default();
        *self.buffered.borrow_mut() = Ranges::default();
    }

    /// [Seeks](https://html.spec.whatwg.org/multipage/media.html#dom-media-seek) to a position in
    /// seconds.
    pub(crate) fn seek(&self, position: f64) {
        if self.ready_state.get() == ready::NOTHING {
            return;
        }
        let duration = self.duration.get();
        let is_empty = duration == 0.0;
        let nearest = if is_empty { Some(0.0) } else { self.seekable_ranges().nearest(position) };
        let Some(position) = nearest else {
            self.seeking.set(false);
            return;
        };
        self.seeking.set(true);
        self.at_end.set(false);
        self.set_clock(position, Timestamp::now(), false);
        self.queue_event("seeking");
        if self.is_seek_under_way.replace(true) {
            self.next_seek.set(Some(position));
        } else {
            self.page().media().seek(self.media_id, position);
        }
        self.report();
    }

    /// The player has come to a position. When another one was wanted meanwhile, it goes on to that.
    pub(super) fn seeked(&self, position: f64) {
        if let Some(next) = self.next_seek.take() {
            self.page().media().seek(self.media_id, next);
            return;
        }
        self.is_seek_under_way.set(false);
        let now = Timestamp::now();
        let advances = self.is_potentially_playing() && self.playback_rate.get() != 0.0;
        self.set_clock(position, now, advances);
        if self.seeking.replace(false) {
            let load = self.load_count.get();
            self.fire("timeupdate");
            if self.load_count.get() == load {
                self.fire("seeked");
            }
        }
    }

    pub(super) fn change_rate(&self, rate: f64) {
        let before = self.playback_rate.get();
        if before == rate {
            return;
        }
        let now = Timestamp::now();
        let (_, _, advances) = self.clock.get();
        self.set_clock(self.position(now), now, advances && rate != 0.0);
        self.playback_rate.set(rate);
        self.queue_event("ratechange");
        if self.ready_state.get() > ready::NOTHING {
            if rate == 0.0 {
                self.page().media().pause(self.media_id);
            } else {
                self.page().media().set_rate(self.media_id, rate);
                if before == 0.0 {
                    self.start_player();
                }
            }
        }
        self.report();
    }

    pub(super) fn set_duration(&self, duration: f64) {
        // NaN, as it is at first, is unlike any other.
        if self.duration.replace(duration) != duration {
            self.reconsider_length();
            self.fire("durationchange");
        }
    }

    /// [Ended playback](https://html.spec.whatwg.org/multipage/media.html#ended-playback).
    pub(super) fn has_ended(&self) -> bool {
        self.at_end.get() && !self.has_attribute("loop")
    }

    /// [When the current playback position reaches the end](https://html.spec.whatwg.org/multipage/media.html#reaches-the-end).
    pub(super) fn reached_end(&self) {
        self.stop_clock();
        if self.has_attribute("loop") {
            self.seek(0.0);
            self.start_player();
            return;
        }
        let load = self.load_count.get();
        let is_same = || self.load_count.get() == load;
        let duration = self.duration.get();
        let end = if duration.is_finite() { duration } else { self.position_now() };
        self.set_clock(end, Timestamp::now(), false);
        self.at_end.set(true);
        self.set_duration(end);
        self.is_short.set(None);
        self.page().short_sounds().borrow_mut().ended(end, false, Timestamp::now());
        if is_same() {
            self.fire("timeupdate");
        }
        if is_same() && self.at_end.get() && !self.paused.replace(true) {
            self.has_begun.set(false);
            self.paused_order.set(self.page().next_pause());
            self.fire("pause");
            self.reject_pending(DomExceptionName::AbortError, "the media has ended");
        }
        if is_same() {
            self.fire("ended");
        }
    }
}
