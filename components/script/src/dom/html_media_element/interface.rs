/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What script sees of a media element.

use sordino_media::Support;
use sordino_script_bindings::{
    Dom, DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, JsPromise, Realm,
};
use sordino_traits::Timestamp;
use sordino_traits::embedder::CredentialsMode;

use super::formats::support_of;
use super::time_ranges::TimeRanges;
use super::timeline::{RATES, is_playable_rate};
use super::{ErrorCode, HTMLMediaElement, MediaError, ready};
use crate::bindings::{
    BlobOrMediaStream as MediaProvider, CanPlayTypeResult, HTMLMediaElementMethods,
};
use crate::dom::html::{booleans, cross_origin, keywords, urls};
use crate::dom::{AudioFocusEntry, Element};

impl HTMLMediaElementMethods for HTMLMediaElement {
    fn error(&self, _realm: &Realm) -> Option<DomRoot<MediaError>> {
        self.error.borrow().as_ref().map(Dom::root)
    }

    urls! { src set_src "src" }
    booleans! {
        autoplay set_autoplay "autoplay",
        loop_ set_loop "loop",
        controls set_controls "controls",
        default_muted set_default_muted "muted",
    }
    cross_origin! { cross_origin set_cross_origin }
    keywords! { preload set_preload "preload" ["none", "metadata", "auto"] "auto" "auto" }

    fn src_object(&self, _realm: &Realm) -> Option<MediaProvider> {
        self.provider()
    }

    fn set_src_object(&self, _realm: &Realm, value: Option<MediaProvider>) -> Fallible<()> {
        self.set_provider(value.as_ref())
    }

    fn current_src(&self, _realm: &Realm) -> String {
        self.current_src.borrow().clone()
    }

    fn network_state(&self, _realm: &Realm) -> u16 {
        self.network_state.get()
    }

    fn buffered(&self, realm: &Realm) -> DomRoot<TimeRanges> {
        TimeRanges::new(realm, self.buffered.borrow().clone())
    }

    fn played(&self, realm: &Realm) -> DomRoot<TimeRanges> {
        TimeRanges::new(realm, self.played_ranges())
    }

    fn seekable(&self, realm: &Realm) -> DomRoot<TimeRanges> {
        TimeRanges::new(realm, self.seekable_ranges())
    }

    /// <https://html.spec.whatwg.org/multipage/media.html#dom-navigator-canplaytype>
    fn can_play_type(&self, _realm: &Realm, mime_type: DomString) -> Fallible<CanPlayTypeResult> {
        Ok(match support_of(&mime_type.to_str_lossy()) {
            Support::No => CanPlayTypeResult::Empty,
            Support::Maybe => CanPlayTypeResult::Maybe,
            Support::Probably => CanPlayTypeResult::Probably,
        })
    }

    fn load(&self, _realm: &Realm) -> Fallible<()> {
        self.load_resource();
        Ok(())
    }

    fn ready_state(&self, _realm: &Realm) -> u16 {
        self.ready_state.get()
    }

    fn seeking(&self, _realm: &Realm) -> bool {
        self.seeking.get()
    }

    /// <https://html.spec.whatwg.org/multipage/media.html#dom-media-currenttime>
    fn current_time(&self, _realm: &Realm) -> f64 {
        if self.ready_state.get() == ready::NOTHING {
            self.default_start.get()
        } else {
            self.position(Timestamp::now())
        }
    }

    fn set_current_time(&self, _realm: &Realm, value: f64) {
        if self.ready_state.get() == ready::NOTHING {
            self.default_start.set(value);
        } else {
            self.seek(value);
        }
    }

    /// <https://html.spec.whatwg.org/multipage/media.html#dom-media-fastseek>
    fn fast_seek(&self, _realm: &Realm, time: f64) -> Fallible<()> {
        self.seek(time);
        Ok(())
    }

    fn duration(&self, _realm: &Realm) -> f64 {
        self.duration.get()
    }

    fn paused(&self, _realm: &Realm) -> bool {
        self.paused.get()
    }

    fn default_playback_rate(&self, _realm: &Realm) -> f64 {
        self.default_playback_rate.get()
    }

    fn set_default_playback_rate(&self, _realm: &Realm, value: f64) {
        if self.stream().is_none() && self.default_playback_rate.replace(value) != value {
            self.queue_event("ratechange");
        }
    }

    fn playback_rate(&self, _realm: &Realm) -> f64 {
        self.playback_rate.get()
    }

    /// <https://html.spec.whatwg.org/multipage/media.html#dom-media-playbackrate>
    fn set_playback_rate(&self, _realm: &Realm, value: f64) -> Fallible<()> {
        // What happens now has no other rate.
        if self.stream().is_some() {
            return Ok(());
        }
        if !is_playable_rate(value) {
            let (least, most) = (RATES.start(), RATES.end());
            let reason = format!("the rate {value} is neither 0 nor in {least} to {most}");
            return Err(Error::dom(DomExceptionName::NotSupportedError, reason));
        }
        self.change_rate(value);
        Ok(())
    }

    fn ended(&self, _realm: &Realm) -> bool {
        self.has_ended()
    }

    /// <https://html.spec.whatwg.org/multipage/media.html#dom-media-play>
    fn play(&self, realm: &Realm) -> Fallible<JsPromise> {
        if !self.is_allowed_to_play() {
            let reason = "the user has not acted with the page; it may not play by itself";
            return Err(Error::dom(DomExceptionName::NotAllowedError, reason));
        }
        let error = self.error.borrow();
        if error.as_ref().is_some_and(|error| error.is(ErrorCode::SrcNotSupported)) {
            let reason = "the media cannot be played; see the element's error";
            return Err(Error::dom(DomExceptionName::NotSupportedError, reason));
        }
        drop(error);
        let promise = JsPromise::new(realm)?;
        self.pending_play_promises.borrow_mut().push(promise.clone());
        self.internal_play();
        Ok(promise)
    }

    /// <https://html.spec.whatwg.org/multipage/media.html#dom-media-pause>
    fn pause(&self, _realm: &Realm) -> Fallible<()> {
        self.pause_by_page();
        Ok(())
    }

    fn volume(&self, _realm: &Realm) -> f64 {
        self.volume.get()
    }

    fn set_volume(&self, _realm: &Realm, value: f64) -> Fallible<()> {
        if !(0.0..=1.0).contains(&value) {
            let reason = format!("the volume {value} is outside 0 to 1");
            return Err(Error::dom(DomExceptionName::IndexSizeError, reason));
        }
        let was_inaudible = self.is_inaudible();
        if self.volume.replace(value) != value {
            self.volume_changed(was_inaudible);
        }
        Ok(())
    }

    fn focus_entry(&self, _realm: &Realm) -> Option<DomRoot<AudioFocusEntry>> {
        self.entry()
    }

    fn set_focus_entry(
        &self,
        _realm: &Realm,
        value: Option<DomRoot<AudioFocusEntry>>,
    ) -> Fallible<()> {
        self.set_entry(value.as_ref())
    }

    fn muted(&self, _realm: &Realm) -> bool {
        self.muted.get()
    }

    fn set_muted(&self, _realm: &Realm, value: bool) {
        let was_inaudible = self.is_inaudible();
        if self.muted.replace(value) != value {
            self.volume_changed(was_inaudible);
        }
    }
}
