/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What is common to the streams of a process.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use gstreamer::glib;
use gstreamer::prelude::*;
use sordino_traits::AudioSessionType;

use super::element::AudioSink;
use super::gain::Measure;
use super::watch::Watch;
use super::{Buffering, Level, ProcessFacts, SinkEvent};
use crate::lock::lock;

/// How often a level is told at most.
const LEVEL_INTERVAL: Duration = Duration::from_millis(50);
/// For how long a stream's measure holds.
const MEASURE_HOLDS: Duration = Duration::from_millis(100);

/// What a new inner sink is made with.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) facts: ProcessFacts,
    pub(super) buffering: Buffering,
    pub(super) server: Option<String>,
    /// Counts the changes.
    pub(super) version: u64,
}

type Observer = Box<dyn Fn(SinkEvent) + Send + Sync>;
type LevelObserver = Arc<dyn Fn(Level) + Send + Sync>;

#[derive(Default)]
struct Interruptions {
    /// The streams that are interrupted.
    streams: HashSet<u64>,
    observer: Option<Observer>,
}

#[derive(Default)]
struct Meter {
    observers: Vec<(u64, LevelObserver)>,
    measures: Vec<(u64, Instant, Measure)>,
    told: Option<Instant>,
}

/// The streams of this process, all together. Every method may be called on any thread and does not
/// block on GStreamer.
#[derive(Default)]
pub struct ProcessSink {
    settings: Mutex<Settings>,
    streams: Mutex<Vec<glib::WeakRef<AudioSink>>>,
    interruptions: Mutex<Interruptions>,
    meter: Mutex<Meter>,
    metered: AtomicBool,
    has_type: AtomicBool,
    numbers: AtomicU64,
    pub(super) watch: Watch,
}

impl std::fmt::Debug for ProcessSink {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ProcessSink").field("settings", &self.settings()).finish()
    }
}

static PROCESS: LazyLock<ProcessSink> = LazyLock::new(ProcessSink::default);

/// The sink of this process.
pub fn process() -> &'static ProcessSink {
    &PROCESS
}

impl ProcessSink {
    /// What the system is told from now on. A stream that plays keeps its role until it pauses or
    /// ends; a changed stream name is told at once.
    pub fn set_facts(&self, facts: ProcessFacts) {
        self.change(|settings| settings.facts = facts);
    }

    /// Gives the streams the role of what the process is now ([`AudioSessionType::media_role`]). When
    /// that is nothing in particular, they keep the role that they have.
    pub fn set_type(&self, session_type: Option<AudioSessionType>) {
        self.has_type.store(session_type.is_some(), Ordering::SeqCst);
        if let Some(session_type) = session_type {
            self.change(|settings| settings.facts.role = Some(session_type.media_role()));
        }
    }

    /// What the process is about to be, if it is nothing in particular now.
    pub fn expect_type(&self, session_type: AudioSessionType) {
        if !self.has_type.load(Ordering::SeqCst) {
            self.change(|settings| settings.facts.role = Some(session_type.media_role()));
        }
    }

    /// How much sound is on its way; for streams that start or resume later.
    pub fn set_buffering(&self, buffering: Buffering) {
        self.change(|settings| settings.buffering = buffering);
    }

    /// Which PulseAudio server to use instead of the one of the environment.
    pub fn set_server(&self, server: Option<String>) {
        self.change(|settings| settings.server = server);
    }

    fn change(&self, set: impl FnOnce(&mut Settings)) {
        {
            let mut settings = lock(&self.settings);
            let old = (settings.facts.clone(), settings.buffering, settings.server.clone());
            set(&mut settings);
            if (&settings.facts, settings.buffering, &settings.server) == (&old.0, old.1, &old.2) {
                return;
            }
            settings.version += 1;
        }
        for stream in self.streams() {
            stream.settings_changed();
        }
    }

    /// Who is told what the system does; there is one. It is called on GStreamer's, libpulse's and
    /// the sink's own threads, one at a time: it only hands on.
    pub fn observe(&self, observer: Box<dyn Fn(SinkEvent) + Send + Sync>) {
        let mut interruptions = lock(&self.interruptions);
        if !interruptions.streams.is_empty() {
            observer(SinkEvent::Interrupted(true));
        }
        interruptions.observer = Some(observer);
    }

    /// Tells how loud the process is, at most 20 times a second, until the listener is dropped.
    /// Nothing is told while nothing plays. `observer` is called on streaming threads: it only
    /// hands on.
    pub fn listen_levels(&self, observer: impl Fn(Level) + Send + Sync + 'static) -> LevelListener {
        let number = self.number();
        lock(&self.meter).observers.push((number, Arc::new(observer)));
        self.metered.store(true, Ordering::Relaxed);
        LevelListener(number)
    }

    pub(super) fn settings(&self) -> Settings {
        lock(&self.settings).clone()
    }

    pub(super) fn version(&self) -> u64 {
        lock(&self.settings).version
    }

    pub(super) fn stream_name(&self) -> Option<String> {
        lock(&self.settings).facts.stream_name.clone()
    }

    /// A number that no other stream or listener has.
    pub(super) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn add(&self, stream: &AudioSink) {
        let mut streams = lock(&self.streams);
        streams.retain(|stream| stream.upgrade().is_some());
        streams.push(stream.downgrade());
    }

    pub(super) fn remove(&self, stream: &AudioSink) {
        lock(&self.streams).retain(|other| other.upgrade().is_some_and(|other| other != *stream));
    }

    pub(super) fn streams(&self) -> Vec<AudioSink> {
        lock(&self.streams).iter().filter_map(glib::WeakRef::upgrade).collect()
    }

    pub(super) fn set_interrupted(&self, stream: u64, interrupted: bool) {
        let mut interruptions = lock(&self.interruptions);
        let before = interruptions.streams.is_empty();
        if interrupted {
            interruptions.streams.insert(stream);
        } else {
            interruptions.streams.remove(&stream);
        }
        let after = interruptions.streams.is_empty();
        if before != after
            && let Some(observer) = &interruptions.observer
        {
            observer(SinkEvent::Interrupted(!after));
        }
    }

    pub(super) fn is_metered(&self) -> bool {
        self.metered.load(Ordering::Relaxed)
    }

    pub(super) fn measured(&self, stream: u64, measure: Measure) {
        let now = Instant::now();
        let (level, observers) = {
            let mut meter = lock(&self.meter);
            meter.measures.retain(|(other, at, _)| {
                *other != stream && now.duration_since(*at) < MEASURE_HOLDS
            });
            meter.measures.push((stream, now, measure));
            // A little early rather than every second time.
            let interval = LEVEL_INTERVAL - Duration::from_millis(1);
            if meter.told.is_some_and(|told| now.duration_since(told) < interval) {
                return;
            }
            meter.told = Some(now);
            let level = meter.measures.iter().fold(Level::default(), |sum, (_, _, measure)| {
                Level { peak: sum.peak.max(measure.peak), rms: sum.rms + measure.mean_square }
            });
            (Level { rms: level.rms.sqrt(), ..level }, meter.observers.clone())
        };
        for (_, observer) in observers {
            observer(level);
        }
    }
}

/// Whoever listens to levels; dropped, it hears no more.
#[derive(Debug)]
#[must_use = "levels are told until it is dropped"]
pub struct LevelListener(u64);

impl Drop for LevelListener {
    fn drop(&mut self) {
        let process = process();
        let mut meter = lock(&process.meter);
        meter.observers.retain(|(number, _)| *number != self.0);
        if meter.observers.is_empty() {
            process.metered.store(false, Ordering::Relaxed);
            meter.measures.clear();
        }
    }
}
