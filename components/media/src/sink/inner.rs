/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The sinks that can be inside the element.

use gstreamer::prelude::*;
use gstreamer::{Element, ElementFactory, ElementFactoryType, Rank, State};

use super::process::Settings;
use super::{ELEMENT, RANK};

const PULSE: &str = "pulsesink";

/// Whether the machine has anything that may come to have a device.
pub(super) fn is_possible() -> bool {
    !factories().is_empty()
}

/// pulsesink, or else every real sink, the best first.
fn factories() -> Vec<ElementFactory> {
    if let Some(pulse) = ElementFactory::find(PULSE) {
        return vec![pulse];
    }
    let kind = ElementFactoryType::SINK | ElementFactoryType::MEDIA_AUDIO;
    let list = ElementFactory::factories_with_type(kind, Rank::MARGINAL);
    let mut list: Vec<_> = list
        .into_iter()
        .filter(|factory| {
            let class = factory.metadata("klass").unwrap_or_default();
            class.split('/').eq(["Sink", "Audio"])
                && factory.name() != ELEMENT
                && factory.rank() < Rank::from(RANK)
        })
        .collect();
    list.sort_by_key(|factory| std::cmp::Reverse(factory.rank()));
    list
}

/// A real sink that found its device or server, in READY. It blocks as long as a server that hangs.
pub(super) fn open(settings: &Settings) -> Option<Element> {
    factories().iter().find_map(|factory| {
        let sink = factory.create().build().ok()?;
        configure(&sink, settings);
        if sink.set_state(State::Ready).is_ok() {
            return Some(sink);
        }
        let _ = sink.set_state(State::Null);
        None
    })
}

fn configure(sink: &Element, settings: &Settings) {
    let micros = |time: std::time::Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
    if sink.has_property_with_type("buffer-time", i64::static_type()) {
        sink.set_property("buffer-time", micros(settings.buffering.buffer));
        sink.set_property("latency-time", micros(settings.buffering.latency));
    }
    if sink.has_property("slave-method") {
        // The pipeline's clock follows this sink's: nothing is to be corrected.
        sink.set_property_from_str("slave-method", "none");
    }
    if !is_pulse(sink) {
        return;
    }
    if let Some(server) = &settings.server {
        sink.set_property("server", server);
    }
    let facts = &settings.facts;
    if !facts.application_name.is_empty() {
        sink.set_property("client-name", &facts.application_name);
    }
    let mut properties = gstreamer::Structure::builder("properties");
    if !facts.application_name.is_empty() {
        // With a server of its own, pulsesink adds that to the client's name.
        properties = properties.field("application.name", &facts.application_name);
    }
    if let Some(role) = facts.role {
        properties = properties.field("media.role", role);
    }
    if let Some(icon) = &facts.icon_name {
        properties = properties.field("application.icon_name", icon);
    }
    sink.set_property("stream-properties", properties.build());
}

pub(super) fn is_pulse(sink: &Element) -> bool {
    sink.factory().is_some_and(|factory| factory.name() == PULSE)
}

/// What plays in real time to nowhere.
pub(super) fn fallback() -> Option<Element> {
    let sink = ElementFactory::make("fakesink").property("sync", true).build();
    sink.inspect_err(|error| log::error!("no fakesink: {error}")).ok()
}
