/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which microphones there are.

use gstreamer::prelude::*;
use gstreamer::{Device, DeviceProviderFactory};

/// An audio input. What a sink plays can be recorded too, but is never one.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Microphone {
    /// Its name for the sound server: of PulseAudio's source, or PipeWire's node. It stays when the
    /// program ends.
    pub id: String,
    /// Its name for the user, which servo-media has as the `device_id` also.
    pub label: String,
    /// Whether it is what a program gets that chooses none.
    pub is_default: bool,
}

impl Microphone {
    fn of(device: &Device) -> Option<Self> {
        if !device.has_classes("Audio/Source") {
            return None;
        }
        // Only GStreamer's provider for PulseAudio has it.
        device.find_property("internal-name")?;
        let id = device.property::<Option<String>>("internal-name")?;
        let properties = device.properties();
        let text = |name: &str| properties.as_ref().and_then(|it| it.get::<String>(name).ok());
        // The second is for a server that does not tell the class.
        let is_monitor = text("device.class").as_deref() == Some("monitor");
        if is_monitor || id.ends_with(".monitor") {
            return None;
        }
        let is_default = properties.as_ref().and_then(|it| it.get::<bool>("is-default").ok());
        let (label, is_default) = (device.display_name().into(), is_default.unwrap_or_default());
        Some(Self { id, label, is_default })
    }
}

/// The microphones, the default one first; none without a sound server, for which it waits.
pub(crate) fn microphones() -> Vec<Microphone> {
    let Some(provider) = DeviceProviderFactory::by_name("pulsedeviceprovider") else {
        log::warn!("GStreamer has no plugin for PulseAudio: no microphone can be found");
        return Vec::new();
    };
    // It learns the default one only when it is started.
    if provider.start().is_err() {
        return Vec::new();
    }
    let mut microphones: Vec<_> = provider.devices().iter().filter_map(Microphone::of).collect();
    provider.stop();
    microphones.sort_by_key(|microphone| !microphone.is_default);
    microphones
}
