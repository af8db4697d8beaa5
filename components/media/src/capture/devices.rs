/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! Which devices there are, and when that changes.

use std::collections::HashMap;

use gstreamer::glib::Object;
use gstreamer::prelude::*;
use gstreamer::{
    Bus, BusSyncReply, Caps, Device, DeviceMonitor, DeviceProvider, DeviceProviderFactory,
    Fraction, FractionRange, IntRange, MessageType, StructureRef,
};

use super::{InputDevice, InputKind, VideoMode};
use crate::session::Sessions;

/// What a camera that says nothing else is asked for, and sizes that one with a range of them is.
const SIZES: [(i32, i32); 4] = [(640, 480), (1_280, 720), (320, 240), (1_920, 1_080)];
const DEFAULT_RATE: f64 = 30.0;
/// The fastest that is asked for, in pictures a second.
const MAX_RATE: f64 = 60.0;

/// What begins the names of devices that are made up.
pub(crate) const TEST: &str = "sordino-test-";

/// The devices, and of the cameras how they are opened.
#[derive(Default)]
pub(super) struct Devices {
    pub(super) all: Vec<InputDevice>,
    pub(super) cameras: HashMap<String, Device>,
}

impl Devices {
    /// Waits for the sound server and for drivers.
    pub(super) fn list(sessions: &Sessions) -> Self {
        let microphone = |it: crate::session::Microphone| InputDevice {
            kind: InputKind::Microphone,
            id: it.id,
            label: it.label,
            modes: Vec::new(),
        };
        let mut devices = Self {
            all: sessions.microphones().into_iter().map(microphone).collect(),
            cameras: HashMap::new(),
        };
        for camera in camera_monitor().devices() {
            let Some(found) = camera_of(&camera) else { continue };
            if !devices.cameras.contains_key(&found.id) {
                devices.cameras.insert(found.id.clone(), camera);
                devices.all.push(found);
            }
        }
        devices
    }

    /// Those that are made up.
    pub(super) fn for_tests() -> Self {
        let device = |kind, name: &str, label: &str, modes| InputDevice {
            kind,
            id: format!("{TEST}{name}"),
            label: label.to_owned(),
            modes,
        };
        let mode = |width, height, frame_rate| VideoMode { width, height, frame_rate };
        let modes = vec![mode(640, 480, 30.0), mode(1_280, 720, 30.0), mode(320, 240, 15.0)];
        let microphone = |name, label| device(InputKind::Microphone, name, label, Vec::new());
        let all = vec![
            microphone("microphone", "Test microphone"),
            microphone("headset", "Test headset"),
            device(InputKind::Camera, "camera", "Test camera", modes),
        ];
        Self { all, cameras: HashMap::new() }
    }
}

fn camera_monitor() -> DeviceMonitor {
    let monitor = DeviceMonitor::new();
    monitor.add_filter(Some("Video/Source"), None);
    monitor
}

fn camera_of(device: &Device) -> Option<InputDevice> {
    let label = device.display_name().to_string();
    let properties = device.properties();
    let text = |name: &str| properties.as_ref().and_then(|it| it.get::<String>(name).ok());
    let id = text("device.path").or_else(|| text("api.v4l2.path")).unwrap_or_else(|| label.clone());
    let mut modes = Vec::new();
    for structure in device.caps().unwrap_or_else(Caps::new_empty).iter() {
        for mode in modes_of(structure) {
            if !modes.contains(&mode) {
                modes.push(mode);
            }
        }
    }
    // What a page gets that wants nothing special.
    modes.sort_by_key(|mode| mode.width.abs_diff(640) + mode.height.abs_diff(480));
    (!modes.is_empty()).then_some(InputDevice { kind: InputKind::Camera, id, label, modes })
}

fn modes_of(structure: &StructureRef) -> Vec<VideoMode> {
    let has = |name: &str, wanted: i32| match structure.get::<i32>(name) {
        Ok(only) => only == wanted,
        Err(_) => structure
            .get::<IntRange<i32>>(name)
            .is_ok_and(|range| (range.min()..=range.max()).contains(&wanted)),
    };
    let as_f64 = |it: Fraction| f64::from(it.numer()) / f64::from(it.denom().max(1));
    let rate = structure.get::<Fraction>("framerate").map(as_f64);
    let rate = rate
        .or_else(|_| structure.get::<FractionRange>("framerate").map(|range| as_f64(range.max())));
    let frame_rate = rate.unwrap_or(DEFAULT_RATE).clamp(1.0, MAX_RATE);
    let own = structure.get::<i32>("width").ok().zip(structure.get::<i32>("height").ok());
    let sizes: Vec<_> = match own {
        Some(size) => vec![size],
        None => SIZES.into_iter().filter(|it| has("width", it.0) && has("height", it.1)).collect(),
    };
    let mode = |(width, height): (i32, i32)| {
        let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
        Some(VideoMode { width, height, frame_rate })
    };
    sizes.into_iter().filter_map(mode).collect()
}

/// Tells when devices come and go, until it is dropped.
pub(super) struct Watch {
    microphones: Option<DeviceProvider>,
    cameras: DeviceMonitor,
}

impl Watch {
    /// Waits for the sound server. `changed` is called on threads of GStreamer's.
    pub(super) fn start(changed: impl Fn() + Clone + Send + Sync + 'static) -> Self {
        // One of its own: the one that all share does not notice that its server was another meanwhile.
        let shared = DeviceProviderFactory::by_name("pulsedeviceprovider");
        let own = shared.map(|shared| Object::with_type(shared.type_()));
        let microphones = own.and_then(|own| own.downcast::<DeviceProvider>().ok());
        if let Some(provider) = &microphones {
            tell(&provider.bus(), changed.clone());
            if provider.start().is_err() {
                log::debug!("there is no sound server whose devices come and go");
            }
        }
        let cameras = camera_monitor();
        tell(&cameras.bus(), changed);
        if cameras.start().is_err() {
            log::debug!("cameras that come and go are not noticed");
        }
        Self { microphones, cameras }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(provider) = &self.microphones
            && provider.is_started()
        {
            provider.stop();
        }
        self.cameras.stop();
    }
}

fn tell(bus: &Bus, changed: impl Fn() + Send + Sync + 'static) {
    bus.set_sync_handler(move |_, message| {
        if matches!(
            message.type_(),
            MessageType::DeviceAdded | MessageType::DeviceRemoved | MessageType::DeviceChanged
        ) {
            changed();
        }
        BusSyncReply::Drop
    });
}
