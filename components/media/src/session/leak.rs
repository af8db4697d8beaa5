/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Frees what servo-media 0.7 does not: each of its players that was set up keeps its `GstPlay`, with
//! two threads and five descriptors, until the process ends, because the callbacks of three GObjects
//! hold what holds the GObjects. This lets go of the callbacks when a player is dropped.
//!
//! The way to these objects leads through the signal adapter of the `GstPlay`, which nobody but
//! servo-media has. So its class is made to say when one is made: on the thread that sets the player
//! up.
//!
//! # Threads
//!
//! A `GstPlay` must not be freed on its own thread, which may be about to run one of the callbacks.
//! So the last reference to it is always that of a thread of ours, *MediaReaper*, which waits for the
//! others to go, and then for the thread of the `GstPlay` to end. Nobody waits for the reaper.

#![allow(unsafe_code, reason = "GLib has no safe way to see others' objects, or to free callbacks")]

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use gstreamer::glib::gobject_ffi;
use gstreamer::glib::object::{ObjectType, WeakRef};
use gstreamer::glib::prelude::*;
use gstreamer::glib::subclass::SignalId;
use gstreamer::glib::translate::{IntoGlib, from_glib_none};
use gstreamer::prelude::*;
use gstreamer_app::{AppSrc, AppSrcCallbacks};
use gstreamer_play::{Play, PlaySignalAdapter, PlayState};

use super::buffers;

type Constructed = unsafe extern "C" fn(*mut gobject_ffi::GObject);

/// What the class did before.
static ORIGINAL: OnceLock<Option<Constructed>> = OnceLock::new();

thread_local! {
    static WATCHES: Cell<bool> = const { Cell::new(false) };
    static MADE: RefCell<Option<WeakRef<PlaySignalAdapter>>> = const { RefCell::new(None) };
}

unsafe extern "C" fn constructed(object: *mut gobject_ffi::GObject) {
    if let Some(Some(original)) = ORIGINAL.get() {
        // SAFETY: it is what GLib would have called with this object.
        unsafe { original(object) };
    }
    if WATCHES.get() {
        // SAFETY: the class is that of signal adapters, so the object is one.
        let adapter: PlaySignalAdapter = unsafe { from_glib_none(object.cast()) };
        MADE.set(Some(adapter.downgrade()));
    }
}

/// To be called before the first player is made.
pub(crate) fn watch_signal_adapters() {
    ORIGINAL.get_or_init(|| {
        let class_type = PlaySignalAdapter::static_type().into_glib();
        // SAFETY: the type is a class of GObjects. Its class is kept for good, as the reference is
        // not given back. Nobody makes an instance before this returns.
        unsafe {
            let class: *mut gobject_ffi::GObjectClass =
                gobject_ffi::g_type_class_ref(class_type).cast();
            (*class).constructed.replace(constructed)
        }
    });
}

/// The GObjects of a player that was set up.
#[derive(Debug, Default)]
pub(crate) struct Leak(Option<WeakRef<PlaySignalAdapter>>);

impl Leak {
    /// Sets a player up, [limits its buffers](buffers), and remembers what it leaks.
    pub(crate) fn of<T>(set_up: impl FnOnce() -> T) -> (T, Self) {
        WATCHES.set(true);
        let result = set_up();
        WATCHES.set(false);
        let made = MADE.take();
        if let Some(adapter) = made.as_ref().and_then(WeakRef::upgrade) {
            buffers::limit(&adapter.play().pipeline());
        }
        (result, Self(made))
    }

    /// What another call has set up: only one of them did.
    pub(crate) fn add(&mut self, other: Self) {
        self.0 = self.0.take().or(other.0);
    }

    /// Waits until the source of a player that was set up is ready for a stream: servo-media panics
    /// now and then when it is given one before that. Not for long, if it never is.
    pub(crate) fn wait_for_source(&self) {
        let Some(adapter) = self.0.as_ref().and_then(WeakRef::upgrade) else { return };
        let pipeline = adapter.play().pipeline();
        for _ in 0..SOURCE_LOOKS {
            let source = pipeline.property::<Option<gstreamer::Element>>("source");
            // The pipeline tells of it before it has taken it.
            if source.is_some_and(|source| {
                source.parent().is_some() && source.current_state() >= gstreamer::State::Paused
            }) {
                return;
            }
            std::thread::sleep(LOOKS.start);
        }
    }

    /// Drops a player, and frees what it leaks.
    pub(crate) fn free_after<T>(self, player: T, reaper: &Reaper) {
        if let Some(adapter) = self.0.and_then(|adapter| adapter.upgrade()) {
            free(adapter, reaper, |play| {
                // One that stands would not say that it has stopped.
                play.pause();
                drop(player);
            });
            return;
        }
        // A player that was not set up is set up by its drop.
        let ((), Self(made)) = Self::of(|| drop(player));
        if let Some(adapter) = made.and_then(|adapter| adapter.upgrade()) {
            free(adapter, reaper, |_| {});
        }
    }
}

/// Frees a `GstPlay` after `stop`.
fn free(adapter: PlaySignalAdapter, reaper: &Reaper, stop: impl FnOnce(&Play)) {
    let play = adapter.play();
    let pipeline = play.pipeline();
    let source = pipeline.property::<Option<gstreamer::Element>>("source");
    // Whoever drops a player hears nothing of it any more.
    for signal in SIGNALS {
        disconnect_all(&adapter, signal);
    }
    let stopped = Arc::new(AtomicBool::new(false));
    let stops = stopped.clone();
    adapter.connect_state_changed(move |_, state| {
        if state == PlayState::Stopped {
            stops.store(true, Ordering::Relaxed);
        }
    });
    stop(&play);
    if let Some(source) = source.and_then(|source| source.dynamic_cast::<gstreamer::Bin>().ok()) {
        for element in source.children() {
            if let Ok(appsrc) = element.downcast::<AppSrc>() {
                appsrc.set_callbacks(AppSrcCallbacks::builder().build());
            }
        }
    }
    disconnect_all(&pipeline, "source-setup");
    reaper.free(Dead { play, adapter, stopped, since: Instant::now() });
}

/// What the callbacks of a player are connected to.
const SIGNALS: [&str; 7] = [
    "end-of-stream",
    "error",
    "state-changed",
    "position-updated",
    "seek-done",
    "media-info-updated",
    "duration-changed",
];

/// What nobody else will have any more. They are dropped in this order: the thread of the `GstPlay`
/// uses the adapter until its end, without a reference.
struct Dead {
    play: Play,
    adapter: PlaySignalAdapter,
    /// Before it has stopped, its streaming threads take references to the `GstPlay` at any moment.
    stopped: Arc<AtomicBool>,
    since: Instant,
}

/// After which time it has stopped, whether it says so or not.
const STOP_PATIENCE: Duration = Duration::from_secs(10);
/// After which time it is left alone for ever: somebody else has it.
const REAP_PATIENCE: Duration = Duration::from_secs(60);

impl Dead {
    fn is_ours_alone(&self) -> bool {
        let has_stopped =
            self.stopped.load(Ordering::Relaxed) || self.since.elapsed() > STOP_PATIENCE;
        has_stopped && self.play.ref_count() == 1 && self.adapter.ref_count() == 1
    }
}

/// How to reach the thread that frees.
pub(crate) struct Reaper(Sender<Dead>);

impl Reaper {
    /// # Errors
    ///
    /// The operating system gives no thread.
    pub(crate) fn start() -> std::io::Result<Self> {
        let (sender, dead) = unbounded();
        std::thread::Builder::new().name("MediaReaper".into()).spawn(move || reap(&dead))?;
        Ok(Self(sender))
    }

    fn free(&self, dead: Dead) {
        if let Err(error) = self.0.send(dead) {
            // To free it on this thread might be wrong; to leak it is not.
            std::mem::forget(error.into_inner());
        }
    }
}

/// How often the reaper looks, while it waits for callbacks to end: they take no time to speak of.
const LOOKS: std::ops::Range<Duration> = Duration::from_millis(1)..Duration::from_millis(200);

/// How often it is looked for a source to be ready; it takes a few milliseconds.
const SOURCE_LOOKS: u32 = 500;

fn reap(dead: &Receiver<Dead>) {
    let mut waiting: Vec<Dead> = Vec::new();
    let mut pause = LOOKS.start;
    loop {
        let next = match waiting.is_empty() {
            true => dead.recv().map_err(|_| RecvTimeoutError::Disconnected),
            false => dead.recv_timeout(pause),
        };
        match next {
            Ok(next) => {
                waiting.push(next);
                pause = LOOKS.start;
            }
            Err(RecvTimeoutError::Timeout) => pause = (pause * 2).min(LOOKS.end),
            Err(RecvTimeoutError::Disconnected) if waiting.is_empty() => return,
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(pause),
        }
        waiting.retain(|dead| !dead.is_ours_alone());
        for dead in waiting.extract_if(.., |dead| dead.since.elapsed() > REAP_PATIENCE) {
            log::warn!("a player cannot be freed");
            std::mem::forget(dead);
        }
    }
}

fn disconnect_all(object: &impl ObjectType, signal: &str) {
    let Some(signal) = SignalId::lookup(signal, object.type_()) else { return };
    let instance = object.as_ptr().cast();
    loop {
        let (mask, none) = (gobject_ffi::G_SIGNAL_MATCH_ID, std::ptr::null_mut());
        let closure = std::ptr::null_mut();
        let signal = signal.into_glib();
        // SAFETY: the object lives as long as its reference, and the handler was found on it.
        unsafe {
            let handler =
                gobject_ffi::g_signal_handler_find(instance, mask, signal, 0, closure, none, none);
            if handler == 0 {
                return;
            }
            gobject_ffi::g_signal_handler_disconnect(instance, handler);
        }
    }
}
