/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which media may sound before the user has acted: the preference `media.autoplay`.

use sordino_traits::embedder::ConsoleLevel;

use super::{HTMLMediaElement, ready};
use crate::bindings::AutoplayPolicy;
use crate::page::Page;
use crate::permissions_policy::Feature;

impl Page {
    /// The [autoplay policy](https://w3c.github.io/autoplay/#autoplay-policy) of the document's media
    /// elements now. Once the user has done something with the page, it may play what it wants.
    pub(crate) fn autoplay_policy(&self) -> AutoplayPolicy {
        match self.agent().prefs().text("media.autoplay") {
            _ if !self.policy().allows(Feature::Autoplay) => AutoplayPolicy::Disallowed,
            _ if self.has_sticky_activation() => AutoplayPolicy::Allowed,
            "muted-only" => AutoplayPolicy::AllowedMuted,
            "user-gesture" => AutoplayPolicy::Disallowed,
            _ => AutoplayPolicy::Allowed,
        }
    }
}

impl HTMLMediaElement {
    /// [Allowed to play](https://html.spec.whatwg.org/multipage/media.html#allowed-to-play).
    pub(super) fn is_allowed_to_play(&self) -> bool {
        match self.page().autoplay_policy() {
            AutoplayPolicy::Allowed => true,
            AutoplayPolicy::AllowedMuted => self.is_inaudible(),
            AutoplayPolicy::Disallowed => false,
        }
    }

    /// An [inaudible media element](https://w3c.github.io/autoplay/#inaudible-media-element).
    pub(super) fn is_inaudible(&self) -> bool {
        let has_no_sound = self.ready_state.get() >= ready::METADATA && !self.has_audio.get();
        self.muted.get() || self.volume.get() == 0.0 || has_no_sound
    }

    /// What may only play unheard does not begin to be heard: it pauses. The standard leaves it to the
    /// user agent; others do the same.
    pub(super) fn pause_if_no_longer_allowed(&self, was_inaudible: bool) {
        if was_inaudible && !self.paused.get() && !self.is_allowed_to_play() {
            let message =
                "media that was made audible pauses: the user has not acted with the page";
            self.page().log(ConsoleLevel::Warn, message.to_owned());
            self.internal_pause();
        }
    }
}
