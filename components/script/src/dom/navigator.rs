/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Navigator](https://html.spec.whatwg.org/multipage/system-state.html#the-navigator-object).

use std::cell::RefCell;
use std::env::consts::{ARCH, OS};

use sordino_script_bindings::{
    Dom, DomObjectExt, DomRoot, DomString, Fallible, FrozenArray, Realm, Reflector, dom_object,
};

use super::{
    AudioContext, AudioSession, HTMLMediaElement, MediaDevices, MediaSession, UserActivation,
};
use crate::bindings::{AutoplayPolicy, AutoplayPolicyMediaType, NavigatorMethods};
use crate::page::Page;

/// `navigator`: what the page may know of the engine and of its user, and where the two sessions of a
/// document are found.
pub(crate) struct Navigator {
    reflector: Reflector,
    user_activation: RefCell<Option<Dom<UserActivation>>>,
    languages: RefCell<Option<FrozenArray>>,
}

dom_object!(Navigator, reflector, trace(user_activation, languages));

impl Navigator {
    pub(crate) fn new() -> Self {
        Self {
            reflector: Reflector::new(),
            user_activation: RefCell::default(),
            languages: RefCell::default(),
        }
    }

    /// The user's languages, the preferred one first; there is one at least.
    fn preferred_languages(&self) -> Vec<DomString> {
        let agent = Page::of(&self.realm()).agent();
        let languages = agent.prefs().text("intl.languages").split(',').map(str::trim);
        let languages: Vec<_> =
            languages.filter(|it| !it.is_empty()).map(DomString::from).collect();
        if languages.is_empty() { vec!["en-US".into()] } else { languages }
    }
}

/// An audio context cannot be muted.
fn policy_of_contexts(policy: AutoplayPolicy) -> AutoplayPolicy {
    match policy {
        AutoplayPolicy::AllowedMuted => AutoplayPolicy::Disallowed,
        policy => policy,
    }
}

/// Such as `Linux x86_64`.
fn platform() -> DomString {
    let system = if OS == "linux" { "Linux" } else { OS };
    format!("{system} {ARCH}").as_str().into()
}

/// The strings by which pages tell browsers apart are those of the
/// [navigator compatibility mode](https://html.spec.whatwg.org/multipage/system-state.html#concept-navigator-compatibility-mode)
/// "Gecko", the one that names no vendor.
impl NavigatorMethods for Navigator {
    fn app_code_name(&self, _realm: &Realm) -> DomString {
        "Mozilla".into()
    }

    fn app_name(&self, _realm: &Realm) -> DomString {
        "Netscape".into()
    }

    fn app_version(&self, _realm: &Realm) -> DomString {
        "5.0 (Linux)".into()
    }

    fn platform(&self, _realm: &Realm) -> DomString {
        platform()
    }

    fn product(&self, _realm: &Realm) -> DomString {
        "Gecko".into()
    }

    fn product_sub(&self, _realm: &Realm) -> DomString {
        "20100101".into()
    }

    fn user_agent(&self, _realm: &Realm) -> DomString {
        sordino_traits::embedder::USER_AGENT.into()
    }

    fn vendor(&self, _realm: &Realm) -> DomString {
        DomString::default()
    }

    fn vendor_sub(&self, _realm: &Realm) -> DomString {
        DomString::default()
    }

    fn taint_enabled(&self, _realm: &Realm) -> Fallible<bool> {
        Ok(false)
    }

    fn oscpu(&self, _realm: &Realm) -> DomString {
        platform()
    }

    /// <https://html.spec.whatwg.org/multipage/system-state.html#dom-navigator-language>
    fn language(&self, _realm: &Realm) -> DomString {
        self.preferred_languages().swap_remove(0)
    }

    /// <https://html.spec.whatwg.org/multipage/system-state.html#dom-navigator-languages>
    fn languages(&self, _realm: &Realm) -> Fallible<FrozenArray> {
        if let Some(languages) = &*self.languages.borrow() {
            return Ok(languages.clone());
        }
        let languages = FrozenArray::new(&self.realm(), self.preferred_languages())?;
        self.languages.replace(Some(languages.clone()));
        Ok(languages)
    }

    /// Whether something can be reached is found out by asking for it.
    fn on_line(&self, _realm: &Realm) -> bool {
        true
    }

    /// <https://html.spec.whatwg.org/multipage/interaction.html#dom-navigator-useractivation>
    fn user_activation(&self, _realm: &Realm) -> DomRoot<UserActivation> {
        if let Some(activation) = &*self.user_activation.borrow() {
            return activation.root();
        }
        let activation = UserActivation::create(&self.realm());
        self.user_activation.replace(Dom::new(&activation).ok());
        activation
    }

    /// <https://w3c.github.io/autoplay/#dom-navigator-getautoplaypolicy>
    fn get_autoplay_policy(
        &self,
        _realm: &Realm,
        type_: AutoplayPolicyMediaType,
    ) -> Fallible<AutoplayPolicy> {
        let policy = Page::of(&self.realm()).autoplay_policy();
        Ok(match type_ {
            AutoplayPolicyMediaType::Mediaelement => policy,
            AutoplayPolicyMediaType::Audiocontext => policy_of_contexts(policy),
        })
    }

    /// It is that of all media elements of the document.
    fn get_autoplay_policy_2(
        &self,
        _realm: &Realm,
        _element: DomRoot<HTMLMediaElement>,
    ) -> Fallible<AutoplayPolicy> {
        Ok(Page::of(&self.realm()).autoplay_policy())
    }

    /// It is that of all audio contexts of the document.
    fn get_autoplay_policy_3(
        &self,
        _realm: &Realm,
        _context: DomRoot<AudioContext>,
    ) -> Fallible<AutoplayPolicy> {
        Ok(policy_of_contexts(Page::of(&self.realm()).autoplay_policy()))
    }

    /// <https://w3c.github.io/audio-session/#extensions-to-navigator>
    fn audio_session(&self, _realm: &Realm) -> DomRoot<AudioSession> {
        Page::of(&self.realm()).audio_session()
    }

    /// <https://w3c.github.io/mediacapture-main/#dom-navigator-mediadevices>
    fn media_devices(&self, _realm: &Realm) -> DomRoot<MediaDevices> {
        Page::of(&self.realm()).window().media_devices()
    }

    /// <https://w3c.github.io/mediasession/#dom-navigator-mediasession>
    fn media_session(&self, _realm: &Realm) -> DomRoot<MediaSession> {
        Page::of(&self.realm()).media_session()
    }
}
