/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Exchanging the sink inside the element while the element works.
//!
//! A change of state and an exchange never overlap: an exchange waits for its turn, and changes of
//! state for an exchange that has begun. A streaming thread whose data the lost sink refused waits
//! until there is another, so that time is not outrun; a stop ends that wait.

use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gstreamer::prelude::*;
use gstreamer::subclass::prelude::*;
use gstreamer::{Buffer, Element, FlowError, FlowSuccess, Pad, State, StateChangeError};

use super::element::{AudioSink, Imp, Turn};
use super::inner;
use super::process::process;
use super::progress::{Progress, Reason};
use crate::lock::lock;

/// The sink inside the element.
#[derive(Clone, Debug)]
pub(super) struct Inner {
    pub(super) element: Element,
    /// Whether it plays to a device or a server.
    pub(super) is_real: bool,
    /// Of the settings that it was made with.
    version: u64,
}

/// How often a streaming thread looks whether it may go on.
const LOOK: Duration = Duration::from_millis(5);
/// How long it does so at most.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a sink may rest before its first sound.
const SHORT_REST: Duration = Duration::from_millis(30);

impl Imp {
    fn turn(&self) -> MutexGuard<'_, Turn> {
        lock(&self.turn)
    }

    pub(super) fn begin_change(&self) {
        let turn = self.turn();
        let mut turn = self
            .turned
            .wait_while(turn, |turn| turn.exchanging)
            .unwrap_or_else(PoisonError::into_inner);
        turn.changes += 1;
    }

    pub(super) fn end_change(&self) {
        self.turn().changes -= 1;
        self.turned.notify_all();
    }

    /// Does something while nothing changes; not at all if that takes too long.
    fn exchanging<T>(&self, exchange: impl FnOnce() -> T) -> Option<T> {
        {
            let busy = |turn: &mut Turn| turn.exchanging || turn.changes > 0;
            let (mut turn, _) = self
                .turned
                .wait_timeout_while(self.turn(), PATIENCE, busy)
                .unwrap_or_else(PoisonError::into_inner);
            if busy(&mut turn) {
                return None;
            }
            turn.exchanging = true;
        }
        let result = exchange();
        self.turn().exchanging = false;
        self.turned.notify_all();
        Some(result)
    }

    fn inner(&self) -> Option<Inner> {
        self.facts().inner.clone()
    }

    pub(super) fn is_replaceable(&self, source: Option<&gstreamer::Object>) -> bool {
        let is_lost = self.void.load(Ordering::SeqCst);
        let is_real = self.inner().is_some_and(|inner| {
            inner.is_real || Some(inner.element.upcast_ref::<gstreamer::Object>()) != source
        });
        is_lost || is_real
    }

    /// Gives the element its first sink. It never lacks one.
    pub(super) fn begin(&self) -> Result<(), StateChangeError> {
        let settings = process().settings();
        let real = inner::open(&settings);
        if real.is_none() {
            suspect_all(Some(&self.obj()));
        }
        let is_real = real.is_some();
        let element = real.or_else(inner::fallback).ok_or(StateChangeError)?;
        self.exchange(&Inner { element, is_real, version: settings.version });
        Ok(())
    }

    /// Takes the sink out: the element is in NULL.
    pub(super) fn finish(&self) {
        let inner = self.facts().inner.take();
        if let Some(inner) = inner {
            let _ = self.obj().remove(&inner.element);
            let _ = inner.element.set_state(State::Null);
        }
        self.void.store(false, Ordering::SeqCst);
    }

    /// Puts a sink in, in place of the present one. Only in one's turn, or in a change of state.
    fn exchange(&self, new: &Inner) {
        let bin = self.obj();
        let Some(parts) = self.parts() else { return };
        let (Some(exit), Some(entry)) = (parts.exit(), new.element.static_pad("sink")) else {
            return;
        };
        self.void.store(true, Ordering::SeqCst);
        *lock(&self.rests_since) = (!self.ask(Progress::is_playing)).then(Instant::now);
        self.exchanges.fetch_add(1, Ordering::SeqCst);
        self.set_ts_offset(&new.element);
        if inner::is_pulse(&new.element) {
            self.watch_mute(&new.element);
            self.keep_own_clock(&entry);
        }
        let old = self.facts().inner.replace(new.clone());
        self.clock.go_free();

        // A sink that waits for its first buffer would take a playing pipeline back to PAUSED; one
        // that replaces a sink that waits must wait as well.
        let waited = |old: &Inner| old.element.pending_state() != State::VoidPending;
        let waits = bin.current_state() < State::Paused || old.as_ref().is_some_and(waited);
        set_async(&new.element, waits);
        if let Err(error) = bin.add(&new.element) {
            log::error!("the sink cannot be put in: {error}");
        }
        if let Err(error) = new.element.sync_state_with_parent() {
            log::warn!("the sink does not start: {error}");
        }
        if let Some(old) = &old
            && let Some(entry) = old.element.static_pad("sink")
            && let Err(error) = exit.unlink(&entry)
        {
            log::warn!("the old sink was not linked: {error}");
        }
        if let Err(error) = exit.link(&entry) {
            log::error!("the sink cannot be linked: {error}");
        }
        if let Some(old) = old {
            if new.is_real {
                self.set_latency(&new.element);
            }
            if let Err(error) = bin.remove(&old.element) {
                log::error!("the old sink cannot be taken out: {error}");
            }
            let _ = old.element.set_state(State::Null);
            self.end_again(&exit, entry);
        }
        set_async(&new.element, true);
        // playsink takes the volume of the element that was added last.
        if bin.remove(&parts.decoy).is_ok() && bin.add(&parts.decoy).is_ok() {
            let _ = parts.decoy.sync_state_with_parent();
        }
        self.note(Progress::restart);
        self.name_stream();
        self.followed.store(false, Ordering::SeqCst);
        self.void.store(false, Ordering::SeqCst);
    }

    /// A live pipeline has set the latency of the old sink only.
    fn set_latency(&self, sink: &Element) {
        let Some(pad) = self.obj().static_pad("sink") else { return };
        let mut query = gstreamer::query::Latency::new();
        if pad.peer_query(&mut query)
            && let (true, min, _) = query.result()
        {
            let buffer = process().settings().buffering.buffer;
            let own = gstreamer::ClockTime::from_nseconds(buffer.as_nanos() as u64);
            sink.send_event(gstreamer::event::Latency::new(min + own));
        }
    }

    /// Tells a sink that the stream has ended, if it has: no data will bring it.
    fn end_again(&self, exit: &Pad, entry: Pad) {
        if exit.sticky_event::<gstreamer::event::Eos>(0).is_none() {
            return;
        }
        let mut events = Vec::new();
        exit.sticky_events_foreach(|event| {
            events.push(event.clone());
            std::ops::ControlFlow::Continue(gstreamer::EventForeachAction::Keep)
        });
        // It blocks until the end has been played.
        self.obj().call_async(move |_| {
            for event in events {
                entry.send_event(event);
            }
        });
    }

    /// A sink failed, and is to be replaced if it is still the present one.
    pub(super) fn lose_sink(&self, source: Option<&gstreamer::Object>) {
        let is_present = self.inner().is_some_and(|inner| {
            inner.is_real && Some(inner.element.upcast_ref::<gstreamer::Object>()) == source
        });
        if is_present && !self.void.swap(true, Ordering::SeqCst) {
            self.clock.go_free();
            self.obj().call_async(|stream| stream.imp().fall_back());
        }
    }

    /// Plays to nowhere from now on.
    fn fall_back(&self) {
        while self.inner().is_some() {
            if self.exchanging(|| self.fall_back_at_once()).is_some() {
                break;
            }
        }
        self.void.store(false, Ordering::SeqCst);
        process().watch.wake();
    }

    /// The same in a change of state. Was there a sink to be replaced?
    pub(super) fn fall_back_at_once(&self) -> bool {
        if !self.inner().is_some_and(|inner| inner.is_real) {
            return false;
        }
        let Some(element) = inner::fallback() else { return false };
        self.exchange(&Inner { element, is_real: false, version: 0 });
        true
    }

    fn is_outdated(&self) -> bool {
        let version = process().version();
        self.inner().is_some_and(|inner| inner.is_real && inner.version != version)
    }

    /// Opens a sink whose settings changed anew. Only in one's turn, or in a change of state.
    pub(super) fn renew_silent_sink(&self) {
        if self.is_outdated() && !self.ask(Progress::is_playing) {
            self.renew_sink();
        }
    }

    fn renew_sink(&self) {
        let settings = process().settings();
        if let Some(element) = inner::open(&settings) {
            self.exchange(&Inner { element, is_real: true, version: settings.version });
        }
    }

    /// Opens a sink anew that was opened long before its first sound: the clock of libpulse's streams
    /// that are corked from the start runs nevertheless, by which pulsesink would be silent for as
    /// long as it has rested. Only in a change of state.
    pub(super) fn renew_rested_sink(&self) {
        let has_rested = lock(&self.rests_since).is_some_and(|since| since.elapsed() > SHORT_REST);
        if has_rested && self.inner().is_some_and(|inner| inner::is_pulse(&inner.element)) {
            self.renew_sink();
        }
        *lock(&self.rests_since) = None;
    }

    /// Pushes to the sink, and to the next if this one was taken away meanwhile.
    pub(super) fn push_to_present(
        &self,
        pad: &Pad,
        piece: &Buffer,
    ) -> Result<FlowSuccess, FlowError> {
        loop {
            let exchanges = self.exchanges.load(Ordering::SeqCst);
            let result = pad.push(piece.clone());
            if result.is_ok() || exchanges == self.exchanges.load(Ordering::SeqCst) {
                return result;
            }
            self.wait_for_sink()?;
        }
    }

    fn wait_for_sink(&self) -> Result<(), FlowError> {
        let start = Instant::now();
        while self.void.load(Ordering::SeqCst) && start.elapsed() < PATIENCE {
            if self.leaving.load(Ordering::SeqCst) {
                return Err(FlowError::Flushing);
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    /// What whoever delivers data is told after a refusal. `exchanges` is how many there had been
    /// when it delivered.
    pub(super) fn outlast(
        &self,
        result: Result<FlowSuccess, FlowError>,
        exchanges: u64,
    ) -> Result<FlowSuccess, FlowError> {
        let is_void = || self.void.load(Ordering::SeqCst);
        if !is_void() && exchanges == self.exchanges.load(Ordering::SeqCst) {
            let Some(inner) = self.inner().filter(|inner| inner.is_real) else { return result };
            if result == Err(FlowError::Flushing) {
                return result;
            }
            self.lose_sink(Some(inner.element.upcast_ref()));
        }
        self.wait_for_sink()?;
        Ok(FlowSuccess::Ok)
    }
}

fn set_async(sink: &Element, waits: bool) {
    if sink.has_property_with_type("async", bool::static_type()) {
        sink.set_property("async", waits);
    }
}

/// A server that takes no client has lost those it had. libpulse's contexts are shared by the sinks
/// of a process: the dead one must be let go by all before there can be another. Those that play
/// notice by themselves.
pub(super) fn suspect_all(except: Option<&AudioSink>) {
    for stream in process().streams() {
        if Some(&stream) != except && !stream.imp().ask(Progress::is_playing) {
            stream.call_async(|stream| stream.imp().fall_back());
        }
    }
}

impl AudioSink {
    /// The process's settings are others, or it became silent.
    pub(super) fn settings_changed(&self) {
        self.imp().name_stream();
        if self.imp().is_outdated() && !self.imp().ask(Progress::is_playing) {
            self.call_async(|stream| {
                stream.imp().exchanging(|| stream.imp().renew_silent_sink());
            });
        }
    }

    /// Whether it plays to nowhere for want of a server.
    pub(super) fn is_fallen_back(&self) -> bool {
        self.imp().inner().is_some_and(|inner| !inner.is_real)
    }

    pub(super) fn is_playing(&self) -> bool {
        self.imp().ask(Progress::is_playing)
    }

    /// Plays to a sink that has been opened, or closes that.
    pub(super) fn recover(&self, element: &Element, version: u64) {
        let new = Inner { element: element.clone(), is_real: true, version };
        let done = self.imp().exchanging(|| {
            let wanted = self.is_fallen_back();
            if wanted {
                self.imp().exchange(&new);
            }
            wanted
        });
        if done != Some(true) {
            let _ = element.set_state(State::Null);
        }
    }

    /// Looks whether the server takes what it is given.
    pub(super) fn look_for_stall(&self, now: Instant) {
        if self.is_fallen_back() || self.imp().void.load(Ordering::SeqCst) {
            return;
        }
        self.imp().note(|progress| progress.look_for_stall(now));
    }

    /// Whether it is held up by this, and stands still, so that it cannot see the end of that.
    pub(super) fn rests_for(&self, reason: Reason) -> bool {
        self.imp().ask(|progress| progress.has(reason) && !progress.is_playing())
    }

    pub(super) fn clear(&self, reason: Reason) {
        self.imp().note(|progress| progress.set(reason, false));
    }

    /// Asks the server whether it mutes this.
    pub(super) fn ask_mute(&self) {
        if let Some(inner) = self.imp().inner().filter(|inner| inner::is_pulse(&inner.element)) {
            self.imp().read_mute(&inner.element);
        }
    }
}
