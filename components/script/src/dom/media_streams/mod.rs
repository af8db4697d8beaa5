/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! [Media Capture and Streams](https://w3c.github.io/mediacapture-main/): the objects that scripts see. What is
//! captured, and how a page gets it, is in [`crate::capture`].
//!
//! * `media_stream`: `MediaStream`. `track`: `MediaStreamTrack`.
//! * `media_devices`: `navigator.mediaDevices`. `device_info`: what it tells of devices.
//! * `events`: the events of streams and of devices.
//! * `overconstrained_error`: `OverconstrainedError`.
//! * `dictionaries`: constraints, settings and capabilities, as scripts write and read them.

mod device_info;
mod dictionaries;
mod events;
mod media_devices;
mod media_stream;
mod overconstrained_error;
mod track;

pub(crate) use device_info::{InputDeviceInfo, MediaDeviceInfo};
pub(crate) use events::{DeviceChangeEvent, MediaStreamTrackEvent};
pub(crate) use media_devices::MediaDevices;
pub(crate) use media_stream::MediaStream;
pub(crate) use overconstrained_error::OverconstrainedError;
pub(crate) use track::MediaStreamTrack;
