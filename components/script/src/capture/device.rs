/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! What pages may know of a device: names of their own for it, and what it can do.

use sha2::{Digest, Sha256};
use sordino_media::capture::{
    InputDevice, InputKind, MICROPHONE_LATENCY, MICROPHONE_RATE, VideoMode,
};

use super::constraints::{Property, Settings, Value};

/// The properties of microphones, and those of cameras.
pub(crate) const AUDIO: [Property; 9] = [
    "sampleRate",
    "sampleSize",
    "echoCancellation",
    "autoGainControl",
    "noiseSuppression",
    "latency",
    "channelCount",
    "deviceId",
    "groupId",
];
pub(crate) const VIDEO: [Property; 8] = [
    "width",
    "height",
    "aspectRatio",
    "frameRate",
    "facingMode",
    "resizeMode",
    "deviceId",
    "groupId",
];

/// The bits of a sample.
pub(crate) const SAMPLE_SIZE: u32 = 32;

/// A device as the documents of one site know it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KnownDevice {
    pub(crate) device: InputDevice,
    /// Its [deviceId](https://w3c.github.io/mediacapture-main/#dom-mediadeviceinfo-deviceid): another for each
    /// site, and for each run of the program.
    pub(crate) id: String,
    /// Its [groupId](https://w3c.github.io/mediacapture-main/#dom-mediadeviceinfo-groupid). Each is a group of
    /// its own: nothing says which are parts of one thing.
    pub(crate) group: String,
}

fn name(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl KnownDevice {
    /// `salt` is the program's.
    pub(crate) fn new(device: InputDevice, salt: &[u8], site: &str) -> Self {
        let kind: &[u8] = match device.kind {
            InputKind::Microphone => b"microphone",
            InputKind::Camera => b"camera",
        };
        let name = |what: &[u8]| name(&[salt, site.as_bytes(), what, kind, device.id.as_bytes()]);
        let (id, group) = (name(b"device"), name(b"group"));
        Self { device, id, group }
    }

    /// All that it can be set to, the preferred settings first, with the mode that they stand for.
    pub(crate) fn configurations(&self) -> Vec<(Settings, Option<VideoMode>)> {
        match self.device.kind {
            InputKind::Microphone => vec![(self.settings(None), None)],
            InputKind::Camera => {
                let mode = |mode: &VideoMode| (self.settings(Some(*mode)), Some(*mode));
                self.device.modes.iter().map(mode).collect()
            }
        }
    }

    /// What it is set to, in this mode.
    pub(crate) fn settings(&self, mode: Option<VideoMode>) -> Settings {
        let number = |value: u32| Value::Number(f64::from(value));
        let mut settings = vec![
            ("deviceId", Value::Text(self.id.clone())),
            ("groupId", Value::Text(self.group.clone())),
        ];
        match mode {
            Some(VideoMode { width, height, frame_rate }) => settings.extend([
                ("width", number(width)),
                ("height", number(height)),
                ("aspectRatio", Value::Number(f64::from(width) / f64::from(height.max(1)))),
                ("frameRate", Value::Number(frame_rate)),
                ("resizeMode", Value::Text("none".into())),
            ]),
            None => settings.extend([
                ("sampleRate", number(MICROPHONE_RATE)),
                ("sampleSize", number(SAMPLE_SIZE)),
                ("channelCount", number(1)),
                ("latency", Value::Number(MICROPHONE_LATENCY)),
                ("echoCancellation", Value::Boolean(false)),
                ("autoGainControl", Value::Boolean(false)),
                ("noiseSuppression", Value::Boolean(false)),
            ]),
        }
        Settings(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(id: &str, salt: &str, site: &str) -> KnownDevice {
        let device = InputDevice {
            kind: InputKind::Microphone,
            id: id.into(),
            label: "A microphone".into(),
            modes: Vec::new(),
        };
        KnownDevice::new(device, salt.as_bytes(), site)
    }

    #[test]
    fn ids_are_the_same_for_one_site_only() {
        let one = known("desk", "salt", "https://one.example");
        assert_eq!(one.id, known("desk", "salt", "https://one.example").id);
        assert_eq!(one.id.len(), 64);
        assert_ne!(one.id, one.group);
        for other in [
            known("desk", "salt", "https://other.example"),
            known("desk", "other salt", "https://one.example"),
            known("headset", "salt", "https://one.example"),
            known("", "salt", "https://one.exampledesk"),
        ] {
            assert!(other.id != one.id && other.group != one.group);
        }
    }

    #[test]
    fn a_microphone_has_one_configuration_with_all_of_its_properties() {
        let configurations = known("desk", "salt", "site").configurations();
        let [(settings, None)] = &configurations[..] else { panic!("{configurations:?}") };
        assert!(AUDIO.iter().all(|property| settings.get(property).is_some()));
    }
}
