/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What is inside the element besides its sink.

use gstreamer::glib;
use gstreamer::prelude::*;
use gstreamer::{Bin, Caps, Element, ElementFactory, Pad};

const NATIVE: &str = if cfg!(target_endian = "little") { "F32LE" } else { "F32BE" };

#[derive(Debug)]
pub(super) struct Parts {
    chain: [Element; 4],
    /// playsink takes it for the stream's volume. It is linked to nothing.
    pub(super) decoy: Element,
}

fn make(name: &str) -> Result<Element, glib::BoolError> {
    ElementFactory::make(name).build()
}

/// # Errors
///
/// An element is missing.
pub(super) fn check() -> Result<(), glib::BoolError> {
    Parts::new()?;
    make("fakesink")?;
    Ok(())
}

impl Parts {
    /// # Errors
    ///
    /// An element is missing.
    pub(super) fn new() -> Result<Self, glib::BoolError> {
        let caps =
            Caps::builder("audio/x-raw").field("format", NATIVE).field("layout", "interleaved");
        let filter = ElementFactory::make("capsfilter").property("caps", caps.build()).build()?;
        let chain = [make("audioconvert")?, make("audioresample")?, filter, make("audioconvert")?];
        Ok(Self { chain, decoy: make("volume")? })
    }

    /// # Errors
    ///
    /// GStreamer refuses to put them together.
    pub(super) fn put_in(&self, bin: &Bin) -> Result<(), glib::BoolError> {
        bin.add_many(&self.chain)?;
        bin.add(&self.decoy)?;
        Element::link_many(&self.chain)
    }

    /// Where sound enters.
    pub(super) fn entry(&self) -> Option<Pad> {
        self.chain[0].static_pad("sink")
    }

    /// Where the samples are F32.
    pub(super) fn gain_pad(&self) -> Option<Pad> {
        self.chain[2].static_pad("src")
    }

    /// Where the sink is linked.
    pub(super) fn exit(&self) -> Option<Pad> {
        self.chain[3].static_pad("src")
    }

    pub(super) fn has(&self, object: &gstreamer::Object) -> bool {
        let is = |element: &Element| element.upcast_ref::<gstreamer::Object>() == object;
        self.chain.iter().any(is) || is(&self.decoy)
    }
}
