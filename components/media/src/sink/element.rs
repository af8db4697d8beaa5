/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The element itself.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, OnceLock};
use std::time::Instant;

use gstreamer::glib;
use gstreamer::prelude::*;
use gstreamer::subclass::prelude::*;
use gstreamer::{
    Caps, Clock, Element, FlowError, FormattedSegment, Message, MessageView, PadProbeReturn,
    PadProbeType, State, StateChange, StateChangeError, StateChangeSuccess,
};

use super::clock::SinkClock;
use super::exchange::Inner;
use super::gain::Gain;
use super::parts::Parts;
use super::process::process;
use super::progress::Progress;
use crate::lock::lock;

glib::wrapper! {
    pub struct AudioSink(ObjectSubclass<Imp>)
        @extends gstreamer::Bin, gstreamer::Element, gstreamer::Object,
        @implements gstreamer::ChildProxy;
}

/// Who changes the element now. Changes of state go before exchanges of the sink.
#[derive(Debug, Default)]
pub(super) struct Turn {
    pub(super) changes: u32,
    pub(super) exchanging: bool,
}

#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) inner: Option<Inner>,
    /// Set by autoaudiosink and playsink, in nanoseconds.
    ts_offset: i64,
    pub(super) segment: Option<FormattedSegment<gstreamer::ClockTime>>,
}

#[derive(Debug)]
pub struct Imp {
    pub(super) number: u64,
    parts: OnceLock<Parts>,
    pub(super) clock: SinkClock,
    pub(super) facts: Mutex<Facts>,
    progress: Mutex<Progress>,
    gain: Mutex<Gain>,
    pub(super) turn: Mutex<Turn>,
    pub(super) turned: Condvar,
    /// Data no longer matters: a streaming thread must not wait.
    pub(super) leaving: AtomicBool,
    /// The sink is lost or being exchanged: what it says about data is void.
    pub(super) void: AtomicBool,
    /// How often the sink was exchanged.
    pub(super) exchanges: AtomicU64,
    /// Since when the sink has been there without having played.
    pub(super) rests_since: Mutex<Option<Instant>>,
    /// Whether the clock follows the present sink's, or never will.
    pub(super) followed: AtomicBool,
    /// Whether the sink has to be told the stream's name.
    pub(super) name_due: AtomicBool,
}

impl Default for Imp {
    fn default() -> Self {
        Self {
            number: process().number(),
            parts: OnceLock::new(),
            clock: SinkClock::default(),
            facts: Mutex::default(),
            progress: Mutex::default(),
            gain: Mutex::default(),
            turn: Mutex::default(),
            turned: Condvar::new(),
            leaving: AtomicBool::new(false),
            void: AtomicBool::new(false),
            exchanges: AtomicU64::new(0),
            rests_since: Mutex::default(),
            followed: AtomicBool::new(false),
            name_due: AtomicBool::new(true),
        }
    }
}

#[glib::object_subclass]
impl ObjectSubclass for Imp {
    const NAME: &'static str = "SordinoAudioSink";
    type Type = AudioSink;
    type ParentType = gstreamer::Bin;
}

impl ObjectImpl for Imp {
    fn properties() -> &'static [glib::ParamSpec] {
        static PROPERTIES: LazyLock<Vec<glib::ParamSpec>> = LazyLock::new(|| {
            vec![
                glib::ParamSpecInt64::builder("ts-offset")
                    .nick("Timestamp offset")
                    .blurb("What is added to timestamps, in nanoseconds")
                    .build(),
            ]
        });
        &PROPERTIES
    }

    fn set_property(&self, _id: usize, value: &glib::Value, _spec: &glib::ParamSpec) {
        let Ok(offset) = value.get::<i64>() else { return };
        let inner = {
            let mut facts = self.facts();
            facts.ts_offset = offset;
            facts.inner.as_ref().map(|inner| inner.element.clone())
        };
        if let Some(inner) = inner {
            self.set_ts_offset(&inner);
        }
    }

    fn property(&self, _id: usize, _spec: &glib::ParamSpec) -> glib::Value {
        self.facts().ts_offset.to_value()
    }

    fn constructed(&self) {
        self.parent_constructed();
        let bin = self.obj();
        let flags = gstreamer::ElementFlags::SINK | gstreamer::ElementFlags::PROVIDE_CLOCK;
        bin.set_suppressed_flags(flags | gstreamer::ElementFlags::REQUIRE_CLOCK);
        bin.set_element_flags(flags);
        if let Err(error) = self.build() {
            log::error!("no audio sink: {error}");
        }
    }

    fn dispose(&self) {
        process().set_interrupted(self.number, false);
    }
}

impl GstObjectImpl for Imp {}

impl ElementImpl for Imp {
    fn metadata() -> Option<&'static gstreamer::subclass::ElementMetadata> {
        static METADATA: LazyLock<gstreamer::subclass::ElementMetadata> = LazyLock::new(|| {
            gstreamer::subclass::ElementMetadata::new(
                "Sordino audio sink",
                "Sink/Audio",
                "Plays to the sound server, survives its end, and reports interruptions",
                "The Sordino developers",
            )
        });
        Some(&METADATA)
    }

    fn pad_templates() -> &'static [gstreamer::PadTemplate] {
        static TEMPLATES: LazyLock<Vec<gstreamer::PadTemplate>> = LazyLock::new(|| {
            let caps = Caps::new_empty_simple("audio/x-raw");
            let (sink, always) = (gstreamer::PadDirection::Sink, gstreamer::PadPresence::Always);
            gstreamer::PadTemplate::new("sink", sink, always, &caps).into_iter().collect()
        });
        &TEMPLATES
    }

    fn provide_clock(&self) -> Option<Clock> {
        Some(self.clock.clone().upcast())
    }

    fn change_state(&self, change: StateChange) -> Result<StateChangeSuccess, StateChangeError> {
        if change == StateChange::PausedToReady {
            self.leaving.store(true, Ordering::SeqCst);
        }
        self.begin_change();
        let result = self.transit(change);
        self.end_change();
        if result.is_ok() {
            match change {
                StateChange::PausedToPlaying => process().watch.wake(),
                StateChange::PlayingToPaused => self.obj().settings_changed(),
                StateChange::ReadyToNull => process().remove(&self.obj()),
                _ => {}
            }
        }
        result
    }
}

impl BinImpl for Imp {
    fn handle_message(&self, message: Message) {
        let foreign = |source: &gstreamer::Object| {
            *source != *self.obj().upcast_ref::<gstreamer::Object>()
                && !self.parts.get().is_some_and(|parts| parts.has(source))
        };
        if !message.src().is_some_and(foreign) {
            return self.parent_handle_message(message);
        }
        match message.view() {
            MessageView::RequestState(request) => {
                let paused = request.requested_state() < State::Playing;
                self.note(|progress| progress.set_corked(paused));
                if paused {
                    self.obj().call_async(AudioSink::ask_mute);
                }
            }
            MessageView::Error(error) if self.is_replaceable(message.src()) => {
                log::warn!("the sound server failed: {}", error.error());
                self.lose_sink(message.src());
            }
            // Ours does not change.
            MessageView::ClockProvide(_) | MessageView::ClockLost(_) => {}
            _ => self.parent_handle_message(message),
        }
    }
}

impl Imp {
    pub(super) fn facts(&self) -> MutexGuard<'_, Facts> {
        lock(&self.facts)
    }

    pub(super) fn gain(&self) -> MutexGuard<'_, Gain> {
        lock(&self.gain)
    }

    pub(super) fn parts(&self) -> Option<&Parts> {
        self.parts.get()
    }

    fn build(&self) -> Result<(), glib::BoolError> {
        let bin = self.obj();
        let parts = Parts::new()?;
        parts.put_in(bin.upcast_ref())?;
        let missing = || glib::bool_error!("a pad is missing");
        let template = bin.pad_template("sink").ok_or_else(missing)?;
        let pad = gstreamer::GhostPad::builder_from_template(&template)
            .with_target(&parts.entry().ok_or_else(missing)?)?
            .chain_function(|pad, parent, buffer| {
                let failed = || Err(FlowError::Error);
                Imp::catch_panic_pad_function(parent, failed, |imp| imp.chain(pad, parent, buffer))
            })
            .chain_list_function(|pad, parent, list| {
                let failed = || Err(FlowError::Error);
                Imp::catch_panic_pad_function(parent, failed, |imp| {
                    imp.chain_list(pad, parent, list)
                })
            })
            .build();
        bin.add_pad(&pad)?;

        let this = bin.downgrade();
        parts.gain_pad().ok_or_else(missing)?.add_probe(
            PadProbeType::BUFFER | PadProbeType::EVENT_DOWNSTREAM,
            move |pad, info| {
                let Some(this) = this.upgrade() else { return PadProbeReturn::Ok };
                this.imp().see(pad, info)
            },
        );
        for name in ["volume", "mute"] {
            let this = bin.downgrade();
            parts.decoy.connect_notify(Some(name), move |decoy, _| {
                let Some(this) = this.upgrade() else { return };
                let muted = decoy.property::<bool>("mute");
                let gain = if muted { 0.0 } else { decoy.property::<f64>("volume") as f32 };
                let playing = this.imp().progress().is_playing();
                match playing {
                    true => this.imp().gain().go_to(gain),
                    false => this.imp().gain().go_to_unheard(gain),
                }
            });
        }
        self.parts.set(parts).map_err(|_| glib::bool_error!("built twice"))
    }

    pub(super) fn set_ts_offset(&self, inner: &Element) {
        if inner.has_property_with_type("ts-offset", i64::static_type()) {
            let offset = self.facts().ts_offset;
            inner.set_property("ts-offset", offset);
        }
    }

    fn transit(&self, change: StateChange) -> Result<StateChangeSuccess, StateChangeError> {
        match change {
            StateChange::NullToReady => {
                self.begin()?;
                process().add(&self.obj());
            }
            StateChange::ReadyToPaused => {
                self.leaving.store(false, Ordering::SeqCst);
                self.renew_silent_sink();
            }
            StateChange::PausedToPlaying => {
                self.renew_rested_sink();
                let inner = self.facts().inner.as_ref().map(|inner| inner.element.clone());
                if let Some(inner) = inner {
                    self.set_own_clock(&inner);
                }
            }
            StateChange::PlayingToPaused => {
                self.progress().set_playing(false);
                self.clock.go_free();
            }
            _ => {}
        }
        let mut result = self.parent_change_state(change);
        let upwards = change.next() > change.current();
        if result.is_err() && upwards && self.fall_back_at_once() {
            result = self.parent_change_state(change);
        }
        match change {
            StateChange::PausedToPlaying if result.is_ok() => {
                self.followed.store(false, Ordering::SeqCst);
                self.progress().set_playing(true);
            }
            StateChange::PlayingToPaused => self.gain().rest(),
            StateChange::PausedToReady => {
                self.gain().begin();
                self.note(Progress::restart);
            }
            StateChange::ReadyToNull => self.finish(),
            _ => {}
        }
        result
    }

    pub(super) fn progress(&self) -> MutexGuard<'_, Progress> {
        lock(&self.progress)
    }

    pub(super) fn note(&self, change: impl FnOnce(&mut Progress)) {
        // Under the lock, so that reports have the order of the facts.
        let mut progress = self.progress();
        let before = progress.is_interrupted();
        change(&mut progress);
        if progress.is_interrupted() != before {
            process().set_interrupted(self.number, !before);
            process().watch.wake();
        }
    }

    pub(super) fn ask(&self, question: impl FnOnce(&Progress) -> bool) -> bool {
        question(&self.progress())
    }

    pub(super) fn name_stream(&self) {
        self.name_due.store(true, Ordering::Relaxed);
    }

    pub(super) fn watch_mute(&self, inner: &Element) {
        let this = self.obj().downgrade();
        inner.connect_notify(Some("mute"), move |inner, _| {
            if let Some(this) = this.upgrade() {
                this.imp().read_mute(inner);
            }
        });
    }

    /// Asks the server, and waits for it.
    pub(super) fn read_mute(&self, inner: &Element) {
        let muted = inner.property::<bool>("mute");
        let is_current =
            self.facts().inner.as_ref().is_some_and(|current| current.element == *inner);
        if is_current {
            self.note(|progress| progress.set_muted(muted));
        }
    }
}
