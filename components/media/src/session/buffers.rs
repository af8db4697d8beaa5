/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! How much of a resource a player has in its pipeline. servo-media lets its source queue 50 MB, and
//! the buffer behind it 500 MB: all of most files, twice, though the engine has the bytes as well.

use gstreamer::prelude::*;
use gstreamer::{Bin, Element};

/// How much the source queues, in bytes.
const SOURCE: u64 = 512 * 1024;
/// How much the buffer behind it holds, in bytes: GStreamer's own default.
const BUFFER: u32 = 2 * 1024 * 1024;

/// Limits what is in a pipeline, and what will be.
pub(super) fn limit(pipeline: &Element) {
    let Some(bin) = pipeline.downcast_ref::<Bin>() else { return };
    bin.connect_deep_element_added(|_, _, element| limit_element(element));
    for element in bin.iterate_recurse() {
        match element {
            Ok(element) => limit_element(&element),
            // It changed meanwhile; what is new is told to the callback.
            Err(_) => break,
        }
    }
}

/// By the type: the factory that an element's class names may be gone.
fn limit_element(element: &Element) {
    match element.type_().name() {
        "GstAppSrc" => element.set_property("max-bytes", SOURCE),
        "GstQueue2" => element.set_property("max-size-bytes", BUFFER),
        _ => {}
    }
}
