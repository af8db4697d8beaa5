/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the two sessions of the document hear of a media element.

use sordino_dom::MediaState;
use sordino_traits::Timestamp;
use sordino_traits::media_session::StampedPosition;

use super::{HTMLMediaElement, network, position_state};

/// How far the element's position may be from the one that was reported, extrapolated, before it is
/// reported again, in seconds. The player's own reports differ by less.
const TOLERANCE: f64 = 0.1;

impl HTMLMediaElement {
    /// Tells both sessions what the element does now, and begins to play what may begin; the same twice
    /// changes nothing.
    pub(super) fn report(&self) {
        self.go_home();
        self.keep_while_needed();
        let page = self.page();
        if page.is_discarded() {
            return;
        }
        // https://w3c.github.io/audio-session/#media-element-sink
        let is_silent = self.muted.get() || self.volume.get() == 0.0 || !self.has_audio.get();
        let is_ready = self.is_ready_to_play();
        let audible = is_ready && !is_silent;
        let by_user = self.note_start(is_ready, audible);
        self.tell_session(audible, by_user);
        self.begin_if_not_held();
        // At the rate 0 nothing goes on; media controls call that paused.
        let is_standing = self.playback_rate.get() == 0.0;
        let is_playing = self.is_ready_to_play() && self.has_begun.get() && !is_standing;

        let has_resource = matches!(self.network_state.get(), network::IDLE | network::LOADING);
        if !has_resource || self.error.borrow().is_some() {
            self.reported.set(None);
            page.media_session().forget_media(self.media_id);
            return;
        }
        let now = Timestamp::now();
        let state = MediaState {
            playing: is_playing,
            paused: self.paused.get(),
            muted: is_silent,
            interrupted: self.is_interrupted() || self.is_held(),
            position: self.stamped_position(is_playing, now),
            paused_order: self.paused_order.get(),
        };
        page.media_session().update(|core| core.set_media(self.media_id, state, now));
    }

    /// Says what it is that starts, before it does. Returns whether the user has caused it.
    fn note_start(&self, is_playing: bool, audible: bool) -> bool {
        // What began silently, and is unmuted later, is no longer the user's doing.
        let starts = !self.was_playing.replace(is_playing) && is_playing;
        let started_by_user = starts && self.started_by_user.take();
        if self.was_audible.replace(audible) || !audible {
            return false;
        }
        let page = self.page();
        let (duration, loops) = (self.duration.get(), self.has_attribute("loop"));
        // One that goes on after an interruption is what it was before.
        let is_short = self.is_short.get().unwrap_or_else(|| {
            page.short_sounds().borrow().is_short(duration, loops, Timestamp::now())
        });
        self.is_short.set(Some(is_short));
        let by_user = started_by_user || page.has_transient_activation();
        page.audio_session()
            .update(&page, |core| core.describe_start(self.media_id, by_user, is_short));
        by_user
    }

    /// A short sound has got a longer duration, or loops now.
    pub(super) fn reconsider_length(&self) {
        let page = self.page();
        let (duration, loops) = (self.duration.get(), self.has_attribute("loop"));
        let is_long = !page.short_sounds().borrow().could_be_short(duration, loops);
        if self.is_short.get() == Some(true) && is_long {
            self.is_short.set(Some(false));
            page.audio_session()
                .update(&page, |core| core.describe_start(self.media_id, false, false));
        }
    }

    /// The position as it was reported, as long as that holds.
    fn stamped_position(&self, is_playing: bool, now: Timestamp) -> Option<StampedPosition> {
        let position = self.position(now);
        let rate = self.playback_rate.get();
        let rate = if rate == 0.0 { 1.0 } else { rate };
        let state = position_state(self.duration.get(), rate, position)?;
        if let Some((old, was_playing)) = self.reported.get() {
            let expected = old.position_at(now, was_playing);
            let still_holds = was_playing == is_playing
                && old.state.duration == state.duration
                && old.state.playback_rate == state.playback_rate
                && (expected - state.position).abs() < TOLERANCE;
            if still_holds {
                return Some(old);
            }
        }
        let stamped = StampedPosition { state, at: now };
        self.reported.set(Some((stamped, is_playing)));
        Some(stamped)
    }
}
