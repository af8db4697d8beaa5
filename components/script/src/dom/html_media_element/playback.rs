/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Playing and pausing, and the promises of `play()`.

use sordino_script_bindings::{DomExceptionName, DomObjectExt, Error, JsValue};

use super::{HTMLMediaElement, Rejection, Settlement, network, ready};

const WAS_PAUSED: Rejection = (DomExceptionName::AbortError, "the media was paused");
const WAS_REFUSED: Rejection =
    (DomExceptionName::NotAllowedError, "other sound has priority, and this may not begin");

impl HTMLMediaElement {
    /// Whether it is to play and can: it does, or waits until its session lets it.
    pub(super) fn is_ready_to_play(&self) -> bool {
        let state = self.ready_state.get();
        // What waits for data goes on as soon as it comes.
        let has_data =
            state >= ready::FUTURE_DATA || self.has_begun.get() && state > ready::NOTHING;
        !self.paused.get() && !self.has_ended() && self.error.borrow().is_none() && has_data
    }

    /// [Potentially playing](https://html.spec.whatwg.org/multipage/media.html#potentially-playing).
    pub(super) fn is_potentially_playing(&self) -> bool {
        self.has_begun.get()
            && self.is_ready_to_play()
            && self.ready_state.get() >= ready::FUTURE_DATA
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
            self.has_begun.set(false);
            self.queue_event("play");
            if self.ready_state.get() <= ready::CURRENT_DATA {
                self.queue_event("waiting");
            }
        } else if self.is_potentially_playing() {
            self.queue_settlement(&[], None);
        }
        self.autoplaying.set(false);
        self.preload_changed();
        self.report();
    }

    /// Begins to play, if it can and nothing holds it:
    /// [notify about playing](https://html.spec.whatwg.org/multipage/media.html#notify-about-playing).
    pub(super) fn begin_if_not_held(&self) {
        if self.has_begun.get() || !self.is_ready_to_play() || self.is_held() {
            return;
        }
        self.has_begun.set(true);
        self.notify_about_playing();
        self.start_player();
    }

    pub(super) fn notify_about_playing(&self) {
        self.queue_settlement(&["playing"], None);
    }

    /// Lets time advance, unless it advances at no rate.
    pub(super) fn start_player(&self) {
        if self.has_begun.get() && self.playback_rate.get() != 0.0 {
            self.page().media().play(self.media_id);
        }
    }

    /// The [internal pause steps](https://html.spec.whatwg.org/multipage/media.html#internal-pause-steps).
    pub(super) fn internal_pause(&self) {
        self.pause_rejecting(WAS_PAUSED);
    }

    fn pause_rejecting(&self, rejection: Rejection) {
        self.autoplaying.set(false);
        if self.paused.replace(true) {
            return;
        }
        self.has_begun.set(false);
        self.stop_clock();
        self.paused_order.set(self.page().next_pause());
        self.page().media().pause(self.media_id);
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

    /// Its session lets it begin.
    pub(crate) fn unblock(&self) {
        self.report();
    }

    /// Its session does not let it begin.
    pub(crate) fn refuse(&self) {
        self.pause_rejecting(WAS_REFUSED);
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
            self.has_begun.set(false);
            self.queue_event("play");
            self.report();
        }
    }

    pub(super) fn volume_changed(&self, was_inaudible: bool) {
        self.queue_event("volumechange");
        self.pause_if_no_longer_allowed(was_inaudible);
        self.apply_volume();
        self.report();
    }

    /// Queues a task that fires these events and then settles the promises that are pending now.
    fn queue_settlement(&self, events: &'static [&'static str], rejection: Option<Rejection>) {
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
