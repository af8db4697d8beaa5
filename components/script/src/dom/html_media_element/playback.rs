/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Playing, pausing, seeking, the end.

use sordino_media::{PlayerEvent, PlayerNumber};
use sordino_script_bindings::{DomExceptionName, DomObjectExt, Error, JsValue};
use sordino_traits::Timestamp;

use super::{ErrorCode, HTMLMediaElement, Settlement, network, ready};

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

    pub(super) fn stop_clock(&self) {
        let now = Timestamp::now();
        self.clock.set((self.position(now), now, false));
    }

    fn set_clock(&self, position: f64, at: Timestamp, advances: bool) {
        self.clock.set((position, at, advances));
    }

    /// [Potentially playing](https://html.spec.whatwg.org/multipage/media.html#potentially-playing).
    pub(super) fn is_potentially_playing(&self) -> bool {
        !self.paused.get()
            && !self.has_ended()
            && self.error.borrow().is_none()
            && self.ready_state.get() >= ready::FUTURE_DATA
    }

    /// [Ended playback](https://html.spec.whatwg.org/multipage/media.html#ended-playback).
    pub(super) fn has_ended(&self) -> bool {
        self.at_end.get() && !self.has_attribute("loop")
    }

    /// The [internal play steps](https://html.spec.whatwg.org/multipage/media.html#internal-play-steps).
    pub(super) fn internal_play(&self) {
        if self.paused.get() || self.has_ended() {
            self.is_short.set(None);
            self.started_by_user.set(self.page().has_transient_activation());
        }
        if self.network_state.get() == network::EMPTY {
            self.select_resource();
        }
        if self.has_ended() {
            self.seek(0.0);
        }
        if self.paused.replace(false) {
            self.queue_event("play");
            if self.ready_state.get() <= ready::CURRENT_DATA {
                self.queue_event("waiting");
            } else {
                self.notify_about_playing();
            }
        } else if self.ready_state.get() >= ready::FUTURE_DATA {
            self.queue_settlement(&[], None);
        }
        self.autoplaying.set(false);
        if self.ready_state.get() >= ready::FUTURE_DATA {
            self.page().media().play(self.media_id);
        }
        self.report();
    }

    /// [Notify about playing](https://html.spec.whatwg.org/multipage/media.html#notify-about-playing).
    fn notify_about_playing(&self) {
        self.queue_settlement(&["playing"], None);
    }

    /// The [internal pause steps](https://html.spec.whatwg.org/multipage/media.html#internal-pause-steps).
    pub(super) fn internal_pause(&self) {
        self.autoplaying.set(false);
        if self.paused.replace(true) {
            return;
        }
        self.stop_clock();
        self.paused_order.set(self.page().next_pause());
        self.page().media().pause(self.media_id);
        let rejection = (DomExceptionName::AbortError, "the media was paused");
        self.queue_settlement(&["timeupdate", "pause"], Some(rejection));
        self.report();
    }

    /// `pause()` of the page, or of the user through the default handler: it also cancels a resume
    /// that waits for the end of an interruption.
    pub(crate) fn pause_by_page(&self) {
        if self.network_state.get() == network::EMPTY {
            self.select_resource();
        }
        self.internal_pause();
        self.forget_interruption();
        self.report();
    }

    /// The element is not resumed when an interruption ends.
    pub(super) fn forget_interruption(&self) {
        let page = self.page();
        page.audio_session().update(&page, |core| core.forget_interruption(self.media_id));
    }

    /// The default handler of `play`.
    pub(crate) fn play_by_user(&self) {
        self.internal_play();
    }

    /// The [element suspend steps](https://w3c.github.io/audio-session/#media-element-sink).
    pub(crate) fn suspend(&self) {
        self.internal_pause();
    }

    /// The [element resume steps](https://w3c.github.io/audio-session/#media-element-sink).
    pub(crate) fn resume(&self) {
        let is_short = self.is_short.get();
        self.internal_play();
        self.started_by_user.set(false);
        self.is_short.set(is_short);
        // The session waits to hear whether it sounds.
        self.report();
    }

    /// Starts what is [eligible for autoplay](https://html.spec.whatwg.org/multipage/media.html#eligible-for-autoplay),
    /// if it is allowed to play.
    pub(super) fn autoplay_if_allowed(&self) {
        let eligible = self.autoplaying.get()
            && self.paused.get()
            && self.has_attribute("autoplay")
            && self.ready_state.get() == ready::ENOUGH_DATA;
        if eligible && self.is_allowed_to_play() {
            self.started_by_user.set(false);
            self.is_short.set(None);
            self.paused.set(false);
            self.queue_event("play");
            self.notify_about_playing();
            self.page().media().play(self.media_id);
            self.report();
        }
    }

    /// [Seeks](https://html.spec.whatwg.org/multipage/media.html#dom-media-seek) to a position in
    /// seconds.
    pub(crate) fn seek(&self, position: f64) {
        if self.ready_state.get() == ready::NOTHING {
            return;
        }
        let duration = self.duration.get();
        let position = position.max(0.0).min(if duration.is_nan() { 0.0 } else { duration });
        self.seeking.set(true);
        self.at_end.set(false);
        self.set_clock(position, Timestamp::now(), false);
        self.queue_event("seeking");
        self.page().media().seek(self.media_id, position);
        self.report();
    }

    pub(super) fn change_rate(&self, rate: f64) {
        if self.playback_rate.get() == rate {
            return;
        }
        let (_, _, advances) = self.clock.get();
        let now = Timestamp::now();
        self.set_clock(self.position(now), now, advances);
        self.playback_rate.set(rate);
        self.queue_event("ratechange");
        if self.ready_state.get() > ready::NOTHING {
            self.page().media().set_rate(self.media_id, rate);
        }
        self.report();
    }

    pub(super) fn volume_changed(&self, was_inaudible: bool) {
        self.queue_event("volumechange");
        self.pause_if_no_longer_allowed(was_inaudible);
        self.apply_volume();
        self.report();
    }

    /// Something happened to the player. Runs as a task of its own.
    pub(crate) fn handle_player(&self, player: PlayerNumber, event: PlayerEvent) {
        if player != self.player.get() {
            return;
        }
        match event {
            PlayerEvent::Metadata { duration, has_audio } => {
                self.has_audio.set(has_audio);
                self.set_duration(duration.map_or(f64::INFINITY, |it| it.as_secs_f64()));
                // The handler of `durationchange` may have loaded something else.
                if player == self.player.get() && self.ready_state.get() == ready::NOTHING {
                    self.metadata_loaded();
                }
            }
            PlayerEvent::Duration(duration) => {
                self.set_duration(duration.map_or(f64::INFINITY, |it| it.as_secs_f64()));
            }
            PlayerEvent::Position(position, at) => {
                let (_, _, advances) = self.clock.get();
                if !self.seeking.get() && !self.at_end.get() && advances {
                    self.set_clock(position, at, true);
                    self.fire("timeupdate");
                }
            }
            PlayerEvent::Playing if !self.paused.get() && !self.seeking.get() => {
                let now = Timestamp::now();
                self.set_clock(self.position(now), now, true);
            }
            PlayerEvent::Buffering | PlayerEvent::Paused => self.stop_clock(),
            PlayerEvent::Seeked(position) => self.seeked(position),
            PlayerEvent::Ended => self.reached_end(),
            PlayerEvent::Error(reason) => self.failed(ErrorCode::Decode, reason),
            _ => {}
        }
        self.report();
    }

    fn set_duration(&self, duration: f64) {
        // NaN, as it is at first, is unlike any other.
        if self.duration.replace(duration) != duration {
            self.reconsider_length();
            self.fire("durationchange");
        }
    }

    /// [Once enough of the media data has been fetched to determine the duration](https://html.spec.whatwg.org/multipage/media.html#getting-media-metadata);
    /// GStreamer has decoded the first data by then.
    fn metadata_loaded(&self) {
        let load = self.load_count.get();
        let media = self.page().media();
        self.ready_state.set(ready::METADATA);
        self.fire("loadedmetadata");
        if self.load_count.get() != load {
            return;
        }
        if self.playback_rate.get() != 1.0 {
            media.set_rate(self.media_id, self.playback_rate.get());
        }
        let start = self.default_start.replace(0.0);
        if start > 0.0 {
            self.seek(start);
        }
        self.ready_state.set(ready::ENOUGH_DATA);
        self.queue_event("loadeddata");
        self.queue_event("canplay");
        if !self.paused.get() {
            self.notify_about_playing();
            media.play(self.media_id);
        }
        self.queue_event("canplaythrough");
        self.autoplay_if_allowed();
    }

    fn seeked(&self, position: f64) {
        let now = Timestamp::now();
        let advances = self.is_potentially_playing();
        self.set_clock(position, now, advances);
        if self.seeking.replace(false) {
            self.fire("timeupdate");
            self.fire("seeked");
        }
    }

    /// [When the current playback position reaches the end](https://html.spec.whatwg.org/multipage/media.html#reaches-the-end).
    fn reached_end(&self) {
        self.stop_clock();
        if self.has_attribute("loop") {
            self.seek(0.0);
            self.page().media().play(self.media_id);
            return;
        }
        let duration = self.duration.get();
        let end = if duration.is_finite() { duration } else { self.position(Timestamp::now()) };
        self.set_clock(end, Timestamp::now(), false);
        self.duration.set(end);
        self.is_short.set(None);
        self.page().short_sounds().borrow_mut().ended(end, false, Timestamp::now());
        self.at_end.set(true);
        let load = self.load_count.get();
        self.fire("timeupdate");
        if self.load_count.get() == load && !self.paused.replace(true) {
            self.paused_order.set(self.page().next_pause());
            self.fire("pause");
            self.reject_pending(DomExceptionName::AbortError, "the media has ended");
        }
        if self.load_count.get() == load {
            self.fire("ended");
        }
    }

    /// Queues a task that fires these events and then settles the promises that are pending now.
    fn queue_settlement(
        &self,
        events: &'static [&'static str],
        rejection: Option<(DomExceptionName, &'static str)>,
    ) {
        let promises = std::mem::take(&mut *self.pending_play_promises.borrow_mut());
        self.settlements.borrow_mut().push_back(Settlement { promises, rejection });
        let load = self.load_count.get();
        self.queue(move |element| {
            for event in events {
                element.fire(event);
            }
            // A handler that loaded something else has had it settled by that.
            if element.load_count.get() == load {
                element.settle_next();
            }
        });
    }

    fn settle_next(&self) -> bool {
        let next = self.settlements.borrow_mut().pop_front();
        let Some(Settlement { promises, rejection }) = next else { return false };
        let realm = self.realm();
        for promise in promises {
            match rejection {
                None => promise.resolve(&realm, &JsValue::undefined()),
                Some((name, reason)) => promise.reject(&realm, Error::dom(name, reason)),
            }
        }
        true
    }

    /// What the load algorithm does with tasks that settle promises, instead of dropping them.
    pub(super) fn settle_all(&self) {
        while self.settle_next() {}
    }

    pub(super) fn reject_pending(&self, name: DomExceptionName, reason: &str) {
        let promises = std::mem::take(&mut *self.pending_play_promises.borrow_mut());
        let realm = self.realm();
        for promise in promises {
            promise.reject(&realm, Error::dom(name, reason));
        }
    }
}
