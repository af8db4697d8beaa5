/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Navigator](https://html.spec.whatwg.org/multipage/system-state.html#the-navigator-object).

use sordino_script_bindings::{DomObjectExt, DomRoot, DomString, Realm, Reflector, dom_object};

use super::{AudioSession, MediaSession};
use crate::bindings::NavigatorMethods;
use crate::page::Page;

/// `navigator`: where the two sessions of a document are found.
pub(crate) struct Navigator {
    reflector: Reflector,
}

dom_object!(Navigator, reflector);

impl Navigator {
    pub(crate) fn new() -> Self {
        Self { reflector: Reflector::new() }
    }
}

impl NavigatorMethods for Navigator {
    fn user_agent(&self, _realm: &Realm) -> DomString {
        concat!("Mozilla/5.0 (Linux) Sordino/", env!("CARGO_PKG_VERSION")).into()
    }

    /// <https://w3c.github.io/audio-session/#extensions-to-navigator>
    fn audio_session(&self, _realm: &Realm) -> DomRoot<AudioSession> {
        Page::of(&self.realm()).audio_session()
    }

    /// <https://w3c.github.io/mediasession/#dom-navigator-mediasession>
    fn media_session(&self, _realm: &Realm) -> DomRoot<MediaSession> {
        Page::of(&self.realm()).media_session()
    }
}
