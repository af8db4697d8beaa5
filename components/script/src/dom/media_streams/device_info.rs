/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! [MediaDeviceInfo](https://w3c.github.io/mediacapture-main/#device-info) and
//! [InputDeviceInfo](https://w3c.github.io/mediacapture-main/#input-specific-device-info).

use sordino_media::capture::InputKind;
use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, Fallible, JsObject, Realm, Reflector, ToJs, dom_object,
};

use super::dictionaries::capabilities_of;
use crate::bindings::{
    InputDeviceInfoMethods, MediaDeviceInfoMethods, MediaDeviceKind, MediaTrackCapabilities,
};
use crate::capture::KnownDevice;

/// What a page may know of a device now.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shown {
    pub(super) kind: InputKind,
    /// `None`: only that there is one of this kind.
    pub(super) device: Option<KnownDevice>,
}

/// A device.
pub(crate) struct MediaDeviceInfo {
    reflector: Reflector,
    shown: Shown,
}

dom_object!(MediaDeviceInfo, reflector);

impl MediaDeviceInfo {
    fn text(&self, of: impl Fn(&KnownDevice) -> &str) -> DomString {
        self.shown.device.as_ref().map(of).unwrap_or_default().into()
    }
}

impl MediaDeviceInfoMethods for MediaDeviceInfo {
    fn device_id(&self, _realm: &Realm) -> DomString {
        self.text(|known| &known.id)
    }

    fn kind(&self, _realm: &Realm) -> MediaDeviceKind {
        match self.shown.kind {
            InputKind::Microphone => MediaDeviceKind::Audioinput,
            InputKind::Camera => MediaDeviceKind::Videoinput,
        }
    }

    fn label(&self, _realm: &Realm) -> DomString {
        self.text(|known| &known.device.label)
    }

    fn group_id(&self, _realm: &Realm) -> DomString {
        self.text(|known| &known.group)
    }

    /// <https://webidl.spec.whatwg.org/#default-tojson-steps>
    fn to_json(&self, realm: &Realm) -> Fallible<JsObject> {
        let object = realm.new_object()?;
        object.define(realm, "deviceId", self.device_id(realm).to_js(realm)?)?;
        object.define(realm, "kind", MediaDeviceInfoMethods::kind(self, realm).to_js(realm)?)?;
        object.define(realm, "label", self.label(realm).to_js(realm)?)?;
        object.define(realm, "groupId", self.group_id(realm).to_js(realm)?)?;
        Ok(object)
    }
}

/// A microphone or a camera.
pub(crate) struct InputDeviceInfo {
    media_device_info: MediaDeviceInfo,
}

dom_object!(InputDeviceInfo: MediaDeviceInfo, media_device_info);

impl InputDeviceInfo {
    pub(super) fn create(realm: &Realm, shown: Shown) -> DomRoot<Self> {
        let media_device_info = MediaDeviceInfo { reflector: Reflector::new(), shown };
        DomRoot::new(realm, Self { media_device_info })
    }
}

impl InputDeviceInfoMethods for InputDeviceInfo {
    /// <https://w3c.github.io/mediacapture-main/#dom-inputdeviceinfo-getcapabilities>
    fn get_capabilities(&self, _realm: &Realm) -> Fallible<MediaTrackCapabilities> {
        let device = self.upcast::<MediaDeviceInfo>().shown.device.as_ref();
        Ok(device.map(capabilities_of).unwrap_or_default())
    }
}
