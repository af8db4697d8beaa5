/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the sessions of the document do to a context, and what they hear of it.

use sordino_dom::MediaState;
use sordino_script_bindings::DomExceptionName;
use sordino_traits::{AudioSessionType, Timestamp};

use super::AudioContext;
use crate::bindings::AudioContextState;

impl AudioContext {
    /// It is no element of the document's sessions any more.
    pub(super) fn leave(&self) {
        let page = self.page();
        if !page.is_discarded() {
            page.audio_session().update(&page, |core| core.remove_element(self.id));
            page.media_session().forget_media(self.id);
        }
    }

    /// The [element suspend steps](https://w3c.github.io/audio-session/#audiocontext-sink):
    /// [interrupts](https://webaudio.github.io/web-audio-api/#interruption-handling) it. One that the
    /// session does not give back is only suspended, and what the page asked for is refused.
    pub(crate) fn interrupt(&self) {
        if self.is_closed() {
            return;
        }
        let request = self.stop();
        let comes_back = self.page().audio_session().ask(|core| core.is_interrupted(self.id));
        let state =
            if comes_back { AudioContextState::Interrupted } else { AudioContextState::Suspended };
        if !comes_back {
            self.is_to_run.set(false);
            let reason = "other sound has taken the audio session";
            self.reject_resumes(request, DomExceptionName::NotAllowedError, reason);
        }
        if self.base.state.replace(state) != state {
            self.fire_statechange();
        }
        self.report_media();
        self.keep_while_needed();
    }

    /// The [element resume steps](https://w3c.github.io/audio-session/#audiocontext-sink): ends the
    /// interruption. The session hears what has come of it when the first quantum is rendered.
    pub(crate) fn end_interruption(&self) {
        if !self.is_closed() && self.base.state.get() == AudioContextState::Interrupted {
            self.run();
        } else {
            self.report();
        }
    }

    /// The session may have changed its mind: what it does not give back any more is suspended.
    pub(crate) fn session_changed(&self) {
        self.settle();
        let waits = self.page().audio_session().ask(|core| core.is_interrupted(self.id))
            || self.is_rendered.get();
        if self.base.state.get() == AudioContextState::Interrupted && !waits {
            let reason = "the audio session was not given back";
            self.reject_resumes(u64::MAX, DomExceptionName::NotAllowedError, reason);
            self.is_to_run.set(false);
            self.change_state(AudioContextState::Suspended);
        }
        self.report_media();
        self.keep_while_needed();
    }

    /// The default handler of `pause`.
    pub(crate) fn pause_by_user(&self) {
        if !self.is_closed() && self.is_to_run.get() {
            self.suspend_by_hand();
            self.paused_order.set(Some(self.page().next_pause()));
            self.change_state(AudioContextState::Suspended);
            self.report_media();
        }
    }

    /// The default handler of `play`.
    pub(crate) fn play_by_user(&self) {
        if !self.is_closed() {
            self.suspended_by_user.set(false);
            self.run();
        }
    }

    /// The page or the user suspends it, which an interruption does not undo. Returns the request.
    pub(super) fn suspend_by_hand(&self) -> u64 {
        self.suspended_by_user.set(true);
        self.is_to_run.set(false);
        self.paused_order.set(None);
        let request = self.stop();
        let page = self.page();
        page.audio_session().update(&page, |core| core.forget_interruption(self.id));
        request
    }

    /// Tells both sessions what it does now; the same twice changes nothing.
    pub(super) fn report(&self) {
        if self.is_closed() {
            return;
        }
        let page = self.page();
        let is_audible = self.is_audible.get();
        let begins = !self.is_reported.replace(is_audible) && is_audible;
        let by_user = begins && (self.started_by_user.take() || page.has_transient_activation());
        page.audio_session().update(&page, |core| {
            if begins {
                core.describe_start(self.id, by_user, false);
            }
            core.set_audible(self.id, is_audible);
        });
        self.report_media();
    }

    /// A context is [media of the document](https://w3c.github.io/mediasession/#playback-state-model) while
    /// it sounds, if the page says that its sound is more than ambience: what a game sounds like is not
    /// what the user listens to. What the user has paused stays until it runs again.
    pub(super) fn report_media(&self) {
        let page = self.page();
        if page.is_discarded() || self.is_closed() {
            return;
        }
        let is_listened_to = matches!(
            page.audio_session().ask(|core| core.set_type()),
            AudioSessionType::Playback
                | AudioSessionType::TransientSolo
                | AudioSessionType::PlayAndRecord
        );
        let is_running = self.base.state.get() == AudioContextState::Running;
        let playing = is_running && self.is_audible.get() && is_listened_to;
        let interrupted =
            page.audio_session().ask(|core| core.is_interrupted(self.id)) && is_listened_to;
        let paused_order = self.paused_order.get();
        if !playing && !interrupted && paused_order.is_none() {
            page.media_session().forget_media(self.id);
            return;
        }
        let state = MediaState {
            playing,
            paused: !playing,
            muted: false,
            interrupted,
            position: None,
            paused_order: paused_order.unwrap_or(0),
        };
        let now = Timestamp::now();
        page.media_session().update(|core| core.set_media(self.id, state, now));
    }
}
