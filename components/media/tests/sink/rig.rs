/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The sink's process, a sound server for it, and pipelines.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gstreamer::prelude::*;
use sordino_media::sink::{self, ProcessFacts, SinkEvent};
use sordino_tests::{PATIENCE, SoundServer};

/// The facts of the sink are the process's: one test at a time.
static TURN: Mutex<()> = Mutex::new(());

/// How far from the real time that of a pipeline may be, of what has passed.
const TOLERANCE: f64 = 0.1;

pub struct Rig {
    pub server: SoundServer,
    pub events: Receiver<SinkEvent>,
    _turn: MutexGuard<'static, ()>,
}

impl Rig {
    /// With an address where no server is yet.
    pub fn without_server() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        gstreamer::init().unwrap();
        sink::register().unwrap();
        let server = SoundServer::absent();
        sink::process().set_server(Some(server.address.clone()));
        sink::process().set_facts(ProcessFacts::default());
        let (sender, events) = channel();
        sink::process().observe(Box::new(move |event| {
            let _ = sender.send(event);
        }));
        Self { server, events, _turn: turn }
    }

    pub fn new() -> Self {
        let mut rig = Self::without_server();
        rig.server.start_again();
        rig
    }

    pub fn expect(&self, interrupted: bool) {
        let event = self.events.recv_timeout(PATIENCE).unwrap();
        assert_eq!(event, SinkEvent::Interrupted(interrupted));
    }

    pub fn expect_nothing(&self) {
        assert_eq!(self.events.try_recv().ok(), None);
    }
}

/// A pipeline, stopped when dropped, that fails the test when it has posted an error.
pub struct Playing(pub gstreamer::Pipeline);

impl Playing {
    pub fn new(description: &str) -> Self {
        let pipeline = gstreamer::parse::launch(description).unwrap();
        Self(pipeline.downcast().unwrap())
    }

    pub fn play(self) -> Self {
        self.0.set_state(gstreamer::State::Playing).unwrap();
        self.0.state(gstreamer::ClockTime::from_seconds(30)).0.unwrap();
        self
    }

    pub fn set(&self, state: gstreamer::State) {
        self.0.set_state(state).unwrap();
        self.0.state(gstreamer::ClockTime::from_seconds(30)).0.unwrap();
    }

    /// There is none for a moment while the sink is exchanged.
    fn position(&self) -> Option<Duration> {
        self.0.query_position::<gstreamer::ClockTime>().map(Duration::from)
    }

    /// Waits until its time has gone on for half a second as the real time does.
    pub fn goes_on(&self) {
        let start = Instant::now();
        let mut ratio = None;
        while !ratio.is_some_and(|ratio: f64| (ratio - 1.0).abs() < TOLERANCE) {
            assert!(start.elapsed() < PATIENCE, "its time does not go on: {ratio:?}");
            let (from, before) = (Instant::now(), self.position());
            std::thread::sleep(Duration::from_millis(500));
            let gone = self.position().zip(before).map(|(now, before)| now.saturating_sub(before));
            ratio = gone.map(|gone| gone.as_secs_f64() / from.elapsed().as_secs_f64());
        }
    }

    pub fn element(&self) -> gstreamer::Bin {
        let found = self.0.iterate_recurse().into_iter().flatten().find(|element| {
            element.factory().is_some_and(|factory| factory.name() == sink::ELEMENT)
        });
        found.expect("the element was chosen").downcast().unwrap()
    }

    /// The real sink, or what stands in for it.
    pub fn inner(&self) -> gstreamer::Element {
        let mut sinks = self.element().iterate_sinks().into_iter().flatten();
        sinks.next().expect("there is a sink")
    }

    /// Nothing that an application would act on was posted.
    pub fn assert_quiet(&self) {
        use gstreamer::MessageType;
        let bad = [MessageType::Error, MessageType::RequestState, MessageType::ClockLost];
        if let Some(message) = self.0.bus().unwrap().pop_filtered(&bad) {
            panic!("{message:?}");
        }
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        let _ = self.0.set_state(gstreamer::State::Null);
        if !std::thread::panicking() {
            self.assert_quiet();
        }
    }
}
