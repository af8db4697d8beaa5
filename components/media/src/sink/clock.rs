/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A clock that outlives the sink that drives it.
//!
//! It follows the clock of the real sink, as a pipeline would, while that one plays, and goes on
//! with the system's when there is none. So a pipeline never loses its clock.

use std::sync::Mutex;
use std::time::Duration;

use crate::lock::lock;
use gstreamer::glib;
use gstreamer::prelude::*;
use gstreamer::subclass::prelude::*;
use gstreamer::{Clock, ClockTime};

/// A clock further away than this is none to follow.
const MAX_JUMP: Duration = Duration::from_millis(500);

#[derive(Debug, Default)]
struct State {
    /// The real sink's.
    leader: Option<Clock>,
    /// From the system's time to this clock's, in nanoseconds.
    offset: i64,
    /// The latest time that was told.
    last: u64,
}

#[derive(Debug, Default)]
pub struct Imp {
    state: Mutex<State>,
}

#[glib::object_subclass]
impl ObjectSubclass for Imp {
    const NAME: &'static str = "SordinoSinkClock";
    type Type = SinkClock;
    type ParentType = gstreamer::SystemClock;
}

impl ObjectImpl for Imp {}
impl GstObjectImpl for Imp {}

impl ClockImpl for Imp {
    fn internal_time(&self) -> ClockTime {
        // It takes libpulse's lock, so not under ours.
        let leader = self.lock().leader.clone();
        let led = leader.as_ref().map(|leader| (leader, leader.time().nseconds()));
        let system = self.parent_internal_time().nseconds();
        let mut state = self.lock();
        let time = match led {
            Some((leader, time)) if state.leader.as_ref() == Some(leader) => time,
            _ if state.leader.is_some() => state.last,
            _ => system.saturating_add_signed(state.offset),
        };
        state.last = state.last.max(time);
        ClockTime::from_nseconds(state.last)
    }
}

impl SystemClockImpl for Imp {}

impl Imp {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        lock(&self.state)
    }
}

glib::wrapper! {
    pub struct SinkClock(ObjectSubclass<Imp>)
        @extends gstreamer::SystemClock, gstreamer::Clock, gstreamer::Object;
}

impl Default for SinkClock {
    fn default() -> Self {
        glib::Object::builder().property("clock-type", gstreamer::ClockType::Monotonic).build()
    }
}

impl SinkClock {
    /// Follows a clock that runs already and shows about the same time. Does it follow?
    pub(super) fn follow(&self, leader: &Clock) -> bool {
        let theirs = leader.time();
        let ours = self.time();
        let distance = theirs.nseconds().abs_diff(ours.nseconds());
        if u128::from(distance) > MAX_JUMP.as_nanos() {
            log::debug!("a sink's clock is {distance} ns away");
            return false;
        }
        self.imp().lock().leader = Some(leader.clone());
        true
    }

    /// Goes on by itself.
    pub(super) fn go_free(&self) {
        let system = self.imp().parent_internal_time().nseconds();
        let mut state = self.imp().lock();
        if state.leader.take().is_some() {
            state.offset = state.last.cast_signed().wrapping_sub(system.cast_signed());
        }
    }
}
