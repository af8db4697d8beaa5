/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a session does to the sound of an audio context, and what it hears of it. All of it happens on
//! the thread that renders the context.

use std::sync::{Arc, Mutex, MutexGuard};

use servo_media::ClientContextId;

use super::SessionEvent;
use super::facts::{FADE, Facts};
use super::registry::{Object, ObjectId, Registry, Work};
use crate::lock::lock;
use crate::ramp::Ramp;

/// After how many seconds of silent samples a context is not audible any more.
const SILENT_AFTER: f32 = 0.5;

/// Wakes a thread that renders.
pub(crate) type Waker = Box<dyn Fn() + Send>;

/// What the session and the render thread share of a context.
pub(crate) struct ContextCore {
    id: ObjectId,
    session: ClientContextId,
    registry: Arc<Registry>,
    state: Mutex<ContextState>,
}

struct ContextState {
    facts: Facts,
    waker: Option<Waker>,
}

impl ContextCore {
    /// The core of a context that is to be made, which belongs to its session from now on.
    pub(crate) fn new(registry: &Arc<Registry>, session: ClientContextId) -> Arc<Self> {
        let core = Arc::new(Self {
            id: registry.next_object(),
            session,
            registry: registry.clone(),
            state: Mutex::new(ContextState { facts: Facts::default(), waker: None }),
        });
        registry.add(session, core.id, Object::Context(Arc::downgrade(&core)));
        core
    }

    pub(crate) fn id(&self) -> ObjectId {
        self.id
    }

    fn state(&self) -> MutexGuard<'_, ContextState> {
        lock(&self.state)
    }

    fn facts(&self) -> Facts {
        self.state().facts
    }

    pub(crate) fn set_waker(&self, waker: Waker) {
        self.state().waker = Some(waker);
    }

    /// Takes over new facts. Never blocks.
    pub(crate) fn set_facts(&self, facts: Facts) {
        let mut state = self.state();
        state.facts = facts;
        if let Some(wake) = &state.waker {
            wake();
        }
    }

    /// It has gone, or will never be.
    pub(crate) fn remove(&self) {
        self.registry.remove(self.session, self.id);
    }

    fn set_audible(&self, audible: bool) {
        let event = SessionEvent::Audible { session: self.session, object: self.id, audible };
        self.registry.work(Work::Tell(event));
    }
}

/// What a sink is to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum SinkChange {
    Play,
    Stop,
}

/// What a suspended session does to a context that is silent by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Silent {
    /// It stands still, as do others.
    Stops,
    /// It goes on, so that it is heard of when it begins to sound.
    GoesOn,
}

/// Stands between a context and its sink. A suspended session silences what sounds, and then lets time
/// stand still.
pub(crate) struct Gate {
    core: Arc<ContextCore>,
    silent: Silent,
    /// In frames a second.
    rate: u32,
    ramp: Ramp,
    /// Whether the context runs as the page sees it.
    runs: bool,
    /// Whether the sink was stopped because the session is suspended.
    sleeps: bool,
    /// How many frames have passed since the ramp came to silence.
    silent_frames: u32,
    audible: bool,
    /// How many frames there were since one that is not silent.
    zero_frames: u32,
}

impl Gate {
    /// A gate of a context that does not run yet, with a sink of that rate in frames a second.
    pub(crate) fn new(core: Arc<ContextCore>, rate: u32, silent: Silent) -> Self {
        let ramp = Ramp::new(core.facts().heard() as f32);
        Self {
            core,
            silent,
            rate,
            ramp,
            runs: false,
            sleeps: false,
            silent_frames: 0,
            audible: false,
            zero_frames: 0,
        }
    }

    pub(crate) fn core(&self) -> &ContextCore {
        &self.core
    }

    /// Whether the session is suspended.
    pub(crate) fn is_suspended(&self) -> bool {
        self.core.facts().suspended
    }

    /// Whether rendering waits for the session.
    pub(crate) fn sleeps(&self) -> bool {
        self.sleeps
    }

    pub(crate) fn is_audible(&self) -> bool {
        self.audible
    }

    /// The context runs, and its sink plays, from now on.
    pub(crate) fn run(&mut self) {
        self.runs = true;
        if self.is_suspended() {
            // Nothing of it is in any buffer.
            self.ramp.jump_to(0.0);
            self.silent_frames = self.fade();
        }
    }

    /// The context runs no more, and its sink stops.
    pub(crate) fn stop(&mut self) {
        (self.runs, self.sleeps) = (false, false);
        self.set_audible(false);
    }

    /// In frames.
    fn fade(&self) -> u32 {
        (FADE.as_secs_f32() * self.rate as f32).ceil() as u32
    }

    /// Does what the session wants.
    pub(crate) fn follow(&mut self) -> Option<SinkChange> {
        let facts = self.core.facts();
        self.ramp.go_to(facts.heard() as f32, self.rate);
        if !facts.suspended && self.sleeps {
            self.sleeps = false;
            self.silent_frames = 0;
            return self.runs.then_some(SinkChange::Play);
        }
        let is_over = self.ramp.is_settled() && self.silent_frames >= self.fade();
        let stops = self.audible || self.silent == Silent::Stops;
        if facts.suspended && self.runs && stops && !self.sleeps && is_over {
            self.sleeps = true;
            return Some(SinkChange::Stop);
        }
        None
    }

    /// Lets the samples of some frames pass: looks for those that are not silent, and applies the gain.
    /// Each channel has as many. None are silence.
    pub(crate) fn pass<'a>(
        &mut self,
        frames: u32,
        channels: impl Iterator<Item = &'a mut [f32]> + 'a,
    ) {
        let mut sounds = false;
        let start = self.ramp.clone();
        for channel in channels {
            let mut ramp = start.clone();
            for sample in channel {
                sounds |= *sample != 0.0;
                *sample *= ramp.next();
            }
        }
        for _ in 0..frames {
            self.ramp.next();
        }
        if self.ramp.is_settled() && self.ramp.target() == 0.0 {
            self.silent_frames = self.silent_frames.saturating_add(frames);
        } else {
            self.silent_frames = 0;
        }
        if sounds {
            self.zero_frames = 0;
            self.set_audible(true);
        } else if self.audible {
            self.zero_frames += frames;
            if self.zero_frames as f32 > SILENT_AFTER * self.rate as f32 {
                self.set_audible(false);
            }
        }
    }

    fn set_audible(&mut self, audible: bool) {
        if std::mem::replace(&mut self.audible, audible) != audible {
            self.core.set_audible(audible);
        }
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.set_audible(false);
        self.core.remove();
    }
}
