/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Sound on its way through the element.

use std::sync::atomic::Ordering;
use std::time::Duration;

use gstreamer::prelude::*;
use gstreamer::subclass::prelude::*;
use gstreamer::{
    Buffer, BufferList, Element, Event, EventView, FlowError, FlowSuccess, Pad, PadProbeData,
    PadProbeInfo, PadProbeReturn, PadProbeType,
};

use super::element::Imp;
use super::inner::is_pulse;
use super::parts::Parts;
use super::process::process;

impl Imp {
    pub(super) fn chain(
        &self,
        pad: &gstreamer::GhostPad,
        parent: Option<&gstreamer::Object>,
        buffer: Buffer,
    ) -> Result<FlowSuccess, FlowError> {
        let exchanges = self.exchanges.load(Ordering::SeqCst);
        self.outcome(gstreamer::ProxyPad::chain_default(pad, parent, buffer), exchanges)
    }

    pub(super) fn chain_list(
        &self,
        pad: &gstreamer::GhostPad,
        parent: Option<&gstreamer::Object>,
        list: BufferList,
    ) -> Result<FlowSuccess, FlowError> {
        let exchanges = self.exchanges.load(Ordering::SeqCst);
        self.outcome(gstreamer::ProxyPad::chain_list_default(pad, parent, list), exchanges)
    }

    /// What whoever delivers sound is told.
    fn outcome(
        &self,
        result: Result<FlowSuccess, FlowError>,
        exchanges: u64,
    ) -> Result<FlowSuccess, FlowError> {
        self.note(|progress| progress.leave(result.is_ok()));
        match result {
            Ok(_) => {
                if !self.followed.load(Ordering::Relaxed) {
                    self.follow_sink();
                }
                result
            }
            Err(FlowError::Eos) => result,
            Err(_) => self.outlast(result, exchanges),
        }
    }

    fn follow_sink(&self) {
        let inner = self.facts().inner.as_ref().map(|inner| inner.element.clone());
        let Some(inner) = inner.filter(|_| self.progress().is_playing()) else { return };
        self.followed.store(true, Ordering::Relaxed);
        if inner.has_property("slave-method")
            && let Some(clock) = inner.provide_clock()
        {
            self.clock.follow(&clock);
            // An exchange may have let go of the clock just before.
            let is_present = self.facts().inner.as_ref().is_some_and(|now| now.element == inner);
            if !is_present {
                self.clock.go_free();
            }
        }
    }

    /// Sees to it that a pulsesink has its own clock, set to ours, whenever sound reaches it.
    pub(super) fn keep_own_clock(&self, entry: &Pad) {
        let this = self.obj().downgrade();
        entry.add_probe(PadProbeType::BUFFER | PadProbeType::BUFFER_LIST, move |entry, _| {
            if let Some(this) = this.upgrade()
                && let Some(inner) = entry.parent_element()
                && let Some(own) = inner.provide_clock()
                && inner.clock().as_ref() != Some(&own)
            {
                this.imp().set_own_clock(&inner);
            }
            PadProbeReturn::Ok
        });
    }

    /// Gives a pulsesink its own clock instead of ours, and sets that to ours.
    ///
    /// With another clock than its own, it would start its stream while it holds the lock of itself
    /// as an object. When the server has died by then, it reports that, and takes this lock for the
    /// report: it would wait for itself for good, and with it, since it holds libpulse's lock as
    /// well, each stream of the process. So it starts when it is given data, without the lock.
    pub(super) fn set_own_clock(&self, inner: &Element) {
        // It has none before the stream has a format.
        let Some(own) = inner.provide_clock().filter(|_| is_pulse(inner)) else { return };
        own.set_calibration(own.internal_time(), self.clock.time(), 1, 1);
        if let Err(error) = inner.set_clock(Some(&own)) {
            log::warn!("a sink refuses its own clock: {error}");
        }
    }

    /// What is about to reach the inner sink.
    pub(super) fn see(&self, pad: &Pad, info: &mut PadProbeInfo<'_>) -> PadProbeReturn {
        match &mut info.data {
            Some(PadProbeData::Buffer(buffer)) => {
                let pieces = self.gain().cut(buffer);
                if let Some(pieces) = pieces {
                    // Each is seen here by itself, once the sink has taken the one before.
                    let all = |_, piece| self.push_to_present(pad, &piece);
                    info.flow_res = pieces.into_iter().try_fold(FlowSuccess::Ok, all);
                    return PadProbeReturn::Handled;
                }
                self.see_buffer(buffer);
            }
            Some(PadProbeData::Event(event)) => self.see_event(event),
            _ => {}
        }
        PadProbeReturn::Ok
    }

    fn see_buffer(&self, buffer: &mut Buffer) {
        if self.name_due.swap(false, Ordering::Relaxed)
            && let Some(name) = process().stream_name()
            && let Some(exit) = self.parts().and_then(Parts::exit)
        {
            exit.push_event(named(&name));
        }
        let metered = process().is_metered();
        let measure = self.gain().apply(buffer, metered);
        if let Some(measure) = measure {
            process().measured(self.number, measure);
        }
        let ahead = self.ahead(buffer);
        self.progress().enter(ahead);
    }

    /// How far the end of a buffer is ahead of the present.
    fn ahead(&self, buffer: &Buffer) -> Duration {
        let duration = buffer.duration().unwrap_or_default();
        let end = self
            .facts()
            .segment
            .as_ref()
            .and_then(|segment| segment.to_running_time(buffer.pts()? + duration));
        let ahead = match (end, self.obj().current_running_time()) {
            (Some(end), Some(now)) => end.saturating_sub(now),
            _ => duration,
        };
        ahead.into()
    }

    fn see_event(&self, event: &mut Event) {
        match event.view() {
            EventView::Caps(caps) => {
                if let Some(caps) = caps.caps().structure(0) {
                    self.gain().set_format(caps);
                }
            }
            EventView::Segment(segment) => {
                self.facts().segment = segment.segment().downcast_ref().cloned();
            }
            EventView::Tag(_) => {
                if let Some(name) = process().stream_name() {
                    *event = named(&name);
                }
            }
            _ => {}
        }
    }
}

fn named(name: &str) -> Event {
    let mut tags = gstreamer::TagList::new();
    tags.make_mut().add::<gstreamer::tags::Title>(&name, gstreamer::TagMergeMode::Replace);
    gstreamer::event::Tag::new(tags)
}
