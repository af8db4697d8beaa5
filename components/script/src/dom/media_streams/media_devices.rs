/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! [MediaDevices](https://w3c.github.io/mediacapture-main/#mediadevices).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use sordino_media::capture::InputKind;
use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, Error, Fallible, JsPromise, Realm, dom_object,
};

use super::device_info::Shown;
use super::dictionaries::constraints_of;
use super::{DeviceChangeEvent, InputDeviceInfo, MediaDeviceInfo};
use crate::bindings::{
    BooleanOrMediaTrackConstraints, EventHandlerNonNull, MediaDevicesMethods,
    MediaStreamConstraints, MediaTrackConstraints, MediaTrackSupportedConstraints,
};
use crate::capture::Want;
use crate::dom::event_handlers::event_handlers;
use crate::dom::{EventTarget, dispatch};
use crate::exception::thrown_by;
use crate::page::Page;
use crate::permissions_policy::Feature;

const KINDS: [InputKind; 2] = [InputKind::Microphone, InputKind::Camera];

/// `navigator.mediaDevices`.
pub(crate) struct MediaDevices {
    event_target: EventTarget,
    /// [`[[canExposeMicrophoneInfo]]`](https://w3c.github.io/mediacapture-main/#dfn-canexposemicrophoneinfo)
    /// and its sibling for cameras: whether the page has captured one.
    exposed: [Cell<bool>; KINDS.len()],
    /// What was last shown, or would have been.
    shown: RefCell<Option<Vec<Shown>>>,
}

dom_object!(MediaDevices: EventTarget, event_target);

fn feature(kind: InputKind) -> Feature {
    match kind {
        InputKind::Microphone => Feature::Microphone,
        InputKind::Camera => Feature::Camera,
    }
}

impl MediaDevices {
    pub(crate) fn create(realm: &Realm) -> DomRoot<Self> {
        let devices = Self {
            event_target: EventTarget::new(),
            exposed: Default::default(),
            shown: RefCell::default(),
        };
        let devices = DomRoot::new(realm, devices);
        if let Some(page) = realm.data::<Page>() {
            let agent = page.agent();
            agent.captures().watch(&agent);
        }
        devices
    }

    /// The page has captured a device of this kind, and may know of all.
    pub(crate) fn expose(&self, kind: InputKind) {
        self.exposed[kind as usize].set(true);
    }

    /// What the page may know of the devices:
    /// [the list](https://w3c.github.io/mediacapture-main/#creating-a-device-info-object) that is resolved with.
    fn devices(&self, page: &Page) -> Vec<Shown> {
        let known = page.agent().captures().known_devices(page);
        let mut shown = Vec::new();
        for kind in KINDS {
            if !page.policy().allows(feature(kind)) {
                continue;
            }
            let own = known.iter().filter(|known| known.device.kind == kind);
            match self.exposed[kind as usize].get() {
                true => shown.extend(own.cloned().map(|it| Shown { kind, device: Some(it) })),
                false => shown.extend(own.take(1).map(|_| Shown { kind, device: None })),
            }
        }
        shown
    }

    fn infos(&self, shown: &[Shown]) -> Vec<DomRoot<InputDeviceInfo>> {
        let realm = self.realm();
        shown.iter().map(|shown| InputDeviceInfo::create(&realm, shown.clone())).collect()
    }

    /// Resolves the promise of an enumeration.
    pub(crate) fn settle(&self, page: &Page, promise: &JsPromise) {
        let shown = self.devices(page);
        promise.resolve(&self.realm(), &self.infos(&shown));
    }

    /// The [device change notification steps](https://w3c.github.io/mediacapture-main/#dfn-device-change-notification-steps).
    pub(crate) fn devices_may_have_changed(&self, page: &Page) {
        let shown = self.devices(page);
        let before = self.shown.replace(Some(shown.clone()));
        // What the page learns by a permission is no change of the devices.
        let names = |shown: &[Shown], exposed: &[Shown]| -> Vec<_> {
            let is_known = |kind| exposed.iter().any(|it| it.kind == kind && it.device.is_some());
            shown
                .iter()
                .map(|it| (it.kind, it.device.clone().filter(|_| is_known(it.kind))))
                .collect()
        };
        let Some(before) = before else { return };
        if names(&shown, &before) == names(&before, &shown) {
            return;
        }
        let realm = self.realm();
        let infos = self.infos(&shown).iter().map(DomRoot::upcast::<MediaDeviceInfo>).collect();
        match DeviceChangeEvent::new_trusted(&realm, infos) {
            Ok(event) => {
                dispatch(&self.root().upcast(), &event.upcast());
            }
            Err(error) => page.report_exception(realm.exception_value(error)),
        }
    }
}

fn wanted(given: BooleanOrMediaTrackConstraints) -> Option<MediaTrackConstraints> {
    match given {
        BooleanOrMediaTrackConstraints::Boolean(false) => None,
        BooleanOrMediaTrackConstraints::Boolean(true) => Some(MediaTrackConstraints::default()),
        BooleanOrMediaTrackConstraints::MediaTrackConstraints(constraints) => Some(constraints),
    }
}

impl MediaDevicesMethods for MediaDevices {
    /// <https://w3c.github.io/mediacapture-main/#dom-mediadevices-enumeratedevices>
    fn enumerate_devices(&self, realm: &Realm) -> Fallible<JsPromise> {
        let promise = JsPromise::new(realm)?;
        // In a document that is discarded it never settles.
        if let Some(page) = self.realm().data::<Page>().filter(|page| !page.is_discarded()) {
            page.agent().captures().enumerate(&page, promise.clone());
        }
        Ok(promise)
    }

    /// <https://w3c.github.io/mediacapture-main/#dom-mediadevices-getsupportedconstraints>
    fn get_supported_constraints(
        &self,
        _realm: &Realm,
    ) -> Fallible<MediaTrackSupportedConstraints> {
        Ok(MediaTrackSupportedConstraints::default())
    }

    /// <https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia>
    fn get_user_media(
        &self,
        realm: &Realm,
        constraints: MediaStreamConstraints,
    ) -> Fallible<JsPromise> {
        // 2 and 3
        let kinds = [
            (InputKind::Microphone, wanted(constraints.audio)),
            (InputKind::Camera, wanted(constraints.video)),
        ];
        let wants: Vec<_> = kinds
            .into_iter()
            .filter_map(|(kind, given)| {
                let given = given?;
                let constraints = constraints_of(&given);
                Some(Want::new(kind, given, constraints))
            })
            .collect();
        if wants.is_empty() {
            return Err(Error::type_error("neither audio nor video is asked for"));
        }
        // 4 and 5
        let page = self.realm().data::<Page>().filter(|page| !page.is_discarded());
        let page = page.ok_or_else(|| {
            let reason = "the document is not fully active";
            Error::dom(DomExceptionName::InvalidStateError, reason)
        })?;
        // 6 and 7
        for want in &wants {
            if !page.policy().allows(feature(want.kind)) {
                let reason = "the permissions policy of the document does not allow it";
                return Err(Error::dom(DomExceptionName::NotAllowedError, reason));
            }
        }
        // https://w3c.github.io/audio-session/#microphone-track-source
        if wants.iter().any(|want| want.kind == InputKind::Microphone) {
            page.audio_session()
                .ask(|core| core.check_microphone())
                .map_err(|refused| thrown_by(&refused))?;
        }
        // 10 and 11
        let promise = JsPromise::new(realm)?;
        page.agent().captures().request(&page, wants, promise.clone());
        Ok(promise)
    }

    event_handlers! { EventHandlerNonNull: ondevicechange set_ondevicechange }
}
