/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! [MediaStreamTrackEvent](https://w3c.github.io/mediacapture-main/#mediastreamtrackevent) and
//! [DeviceChangeEvent](https://w3c.github.io/mediacapture-main/#devicechangeevent).

use sordino_script_bindings::{Dom, DomRoot, DomString, Fallible, FrozenArray, Realm, dom_object};

use super::{MediaDeviceInfo, MediaStreamTrack};
use crate::bindings::{
    DeviceChangeEventInit, DeviceChangeEventMethods, EventInit, MediaStreamTrackEventInit,
    MediaStreamTrackEventMethods,
};
use crate::dom::Event;

/// A track has come or gone.
pub(crate) struct MediaStreamTrackEvent {
    event: Event,
    track: Dom<MediaStreamTrack>,
}

dom_object!(MediaStreamTrackEvent: Event, event, trace(track));

impl MediaStreamTrackEventMethods for MediaStreamTrackEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: MediaStreamTrackEventInit,
    ) -> Fallible<DomRoot<Self>> {
        let event = Event::new(type_, &init.parent);
        Ok(DomRoot::new(realm, Self { event, track: Dom::new(&init.track)? }))
    }

    fn track(&self, _realm: &Realm) -> DomRoot<MediaStreamTrack> {
        self.track.root()
    }
}

/// Devices have come or gone.
pub(crate) struct DeviceChangeEvent {
    event: Event,
    devices: FrozenArray,
    user_inserted_devices: FrozenArray,
}

dom_object!(DeviceChangeEvent: Event, event, trace(devices, user_inserted_devices));

impl DeviceChangeEvent {
    fn create(
        realm: &Realm,
        event: Event,
        devices: Vec<DomRoot<MediaDeviceInfo>>,
    ) -> Fallible<DomRoot<Self>> {
        let devices = FrozenArray::new(realm, devices)?;
        let user_inserted_devices =
            FrozenArray::new(realm, Vec::<DomRoot<MediaDeviceInfo>>::new())?;
        Ok(DomRoot::new(realm, Self { event, devices, user_inserted_devices }))
    }

    /// The event of these devices. Who has put one in is not known.
    pub(super) fn new_trusted(
        realm: &Realm,
        devices: Vec<DomRoot<MediaDeviceInfo>>,
    ) -> Fallible<DomRoot<Self>> {
        let event = Event::new("devicechange".into(), &EventInit::default());
        event.set_trusted(true);
        Self::create(realm, event, devices)
    }
}

impl DeviceChangeEventMethods for DeviceChangeEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: DeviceChangeEventInit,
    ) -> Fallible<DomRoot<Self>> {
        Self::create(realm, Event::new(type_, &init.parent), init.devices)
    }

    fn devices(&self, _realm: &Realm) -> FrozenArray {
        self.devices.clone()
    }

    fn user_inserted_devices(&self, _realm: &Realm) -> FrozenArray {
        self.user_inserted_devices.clone()
    }
}
