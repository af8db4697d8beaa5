/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Audio contexts under a session.
//!
//! servo-media's `AudioContext` is a concrete type that renders into a sink. So the sink is ours: it
//! applies the session's gain, sees whether anything sounds, and lets rendering wait while the
//! session is suspended. All of it happens on the render thread of the context.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard};

use servo_media::ClientContextId;
use servo_media::audio::block::{Block, Chunk, FRAMES_PER_BLOCK_USIZE};
use servo_media::audio::context::{AudioContext, AudioContextOptions};
use servo_media::audio::decoder::AudioDecoder;
use servo_media::audio::render_thread::{AudioRenderThreadMsg, SinkEosCallback};
use servo_media::audio::sink::{AudioSink, AudioSinkError};
use servo_media::audio::{AudioBackend, AudioStreamReader};
use servo_media::streams::MediaSocket;
use servo_media::streams::registry::{MediaStreamId, get_stream};

use super::SessionEvent;
use super::capture::keep_blocks_whole;
use super::facts::{FADE, Facts};
use super::registry::{Object, ObjectId, Registry, Work};
use crate::lock::lock;
use crate::ramp::Ramp;

/// After how many seconds of silent samples a context is not audible any more.
const SILENT_AFTER: f32 = 0.5;

/// What the session and the render thread share of a context.
pub(crate) struct ContextCore {
    id: ObjectId,
    session: ClientContextId,
    registry: Arc<Registry>,
    state: Mutex<ContextState>,
}

struct ContextState {
    facts: Facts,
    /// Wakes the render thread.
    render_thread: Option<Sender<AudioRenderThreadMsg>>,
}

impl ContextCore {
    fn state(&self) -> MutexGuard<'_, ContextState> {
        lock(&self.state)
    }

    /// Takes over new facts. Never blocks.
    pub(crate) fn set_facts(&self, facts: Facts) {
        let mut state = self.state();
        state.facts = facts;
        if let Some(thread) = &state.render_thread {
            // The context was closed when it fails.
            let _ = thread.send(AudioRenderThreadMsg::SinkNeedData);
        }
    }

    fn set_audible(&self, audible: bool) {
        let event = SessionEvent::Audible { session: self.session, object: self.id, audible };
        self.registry.work(Work::Tell(event));
    }
}

/// `make_sink` has no argument that says for which context: the context that is being made leaves
/// its core here, and waits until its render thread has taken it. One at a time.
static IN_THE_MAKING: Mutex<()> = Mutex::new(());
static HANDED_OVER: Mutex<Option<Arc<ContextCore>>> = Mutex::new(None);

thread_local! {
    /// The context of this render thread. It makes a sink for each stream destination, too.
    static MINE: RefCell<Option<Arc<ContextCore>>> = const { RefCell::new(None) };
}

fn handed_over() -> MutexGuard<'static, Option<Arc<ContextCore>>> {
    lock(&HANDED_OVER)
}

/// Makes a context under a session.
pub(crate) fn create_context<B: AudioBackend + 'static>(
    registry: &Arc<Registry>,
    session: ClientContextId,
    options: AudioContextOptions,
) -> Result<Arc<Mutex<AudioContext>>, AudioSinkError> {
    let id = registry.next_object();
    // Whom a context tells of its end; nobody needs to be told.
    let (ends, _) = std::sync::mpsc::channel();
    let ends = Arc::new(Mutex::new(ends));
    let make = || AudioContext::new::<SessionAudio<B>>(id.0, &session, ends, options);
    let context = match options {
        AudioContextOptions::OfflineAudioContext(_) => make()?,
        AudioContextOptions::RealTimeAudioContext(_) => {
            let core = Arc::new(ContextCore {
                id,
                session,
                registry: registry.clone(),
                state: Mutex::new(ContextState { facts: Facts::default(), render_thread: None }),
            });
            registry.add(session, id, Object::Context(Arc::downgrade(&core)));
            let _guard = lock(&IN_THE_MAKING);
            *handed_over() = Some(core);
            let context = make();
            // Still there when the render thread could not start.
            drop(handed_over().take());
            if context.is_err() {
                registry.remove(session, id);
            }
            context?
        }
    };
    Ok(Arc::new(Mutex::new(context)))
}

/// The audio side of a [`SessionBackend`](super::SessionBackend) over `B`.
pub struct SessionAudio<B>(PhantomData<fn() -> B>);

impl<B: AudioBackend + 'static> AudioBackend for SessionAudio<B> {
    type Sink = SessionSink<B::Sink>;

    fn make_decoder() -> Box<dyn AudioDecoder> {
        B::make_decoder()
    }

    fn make_sink() -> Result<Self::Sink, AudioSinkError> {
        let mut is_first = false;
        let core = MINE.with_borrow_mut(|mine| {
            if mine.is_none() {
                *mine = handed_over().take();
                is_first = mine.is_some();
            }
            mine.clone()
        });
        Ok(SessionSink {
            inner: B::make_sink()?,
            core: core.filter(|_| is_first),
            state: RefCell::new(SinkState::default()),
        })
    }

    fn make_streamreader(
        id: MediaStreamId,
        sample_rate: f32,
    ) -> Result<Box<dyn AudioStreamReader + Send>, AudioSinkError> {
        // The inner one panics otherwise.
        if get_stream(&id).is_none() {
            return Err(AudioSinkError::Backend("the stream is gone".into()));
        }
        let inner = B::make_streamreader(id, sample_rate)?;
        keep_blocks_whole(&id);
        Ok(Box::new(SessionReader { inner, ended: Cell::new(false) }))
    }
}

/// A reader of a stream that may end: silence follows.
struct SessionReader {
    inner: Box<dyn AudioStreamReader + Send>,
    ended: Cell<bool>,
}

impl SessionReader {
    /// The inner one panics when its stream is gone, which would end the whole context.
    fn attempt<T>(&self, attempt: impl FnOnce(&dyn AudioStreamReader) -> T) -> Option<T> {
        if self.ended.get() {
            return None;
        }
        let result = std::panic::catch_unwind(AssertUnwindSafe(|| attempt(&*self.inner)));
        result.map_err(|_| self.ended.set(true)).ok()
    }
}

impl AudioStreamReader for SessionReader {
    fn pull(&self) -> Block {
        self.attempt(|inner| inner.pull()).unwrap_or_default()
    }

    fn start(&self) {
        self.attempt(|inner| inner.start());
    }

    fn stop(&self) {
        self.attempt(|inner| inner.stop());
    }
}

/// A sink of `S` under a session.
pub struct SessionSink<S: AudioSink> {
    inner: S,
    /// `None` for what goes into a stream, which is heard elsewhere if at all.
    core: Option<Arc<ContextCore>>,
    state: RefCell<SinkState>,
}

struct SinkState {
    /// In frames a second.
    rate: u32,
    ramp: Ramp,
    /// Whether the context runs as the page sees it.
    runs: bool,
    /// Whether the inner sink was stopped because the session is suspended.
    sleeps: bool,
    /// How many frames were pushed since the ramp came to silence.
    silent_frames: u32,
    audible: bool,
    /// How many frames there were since one that is not silent.
    zero_frames: u32,
}

impl Default for SinkState {
    fn default() -> Self {
        Self {
            rate: 44_100,
            ramp: Ramp::new(1.0),
            runs: false,
            sleeps: false,
            silent_frames: 0,
            audible: false,
            zero_frames: 0,
        }
    }
}

impl<S: AudioSink> SessionSink<S> {
    fn facts(&self) -> Facts {
        self.core.as_ref().map(|core| core.state().facts).unwrap_or_default()
    }

    /// Does what the session wants.
    fn follow(&self, state: &mut SinkState) -> Result<(), AudioSinkError> {
        let facts = self.facts();
        let rate = state.rate;
        state.ramp.go_to(facts.heard() as f32, rate);
        if !facts.suspended && state.sleeps {
            state.sleeps = false;
            state.silent_frames = 0;
            if state.runs {
                return self.inner.play();
            }
        }
        let has_left = FADE.as_secs_f32() * rate as f32;
        let is_silent = state.ramp.is_settled() && state.silent_frames as f32 >= has_left;
        if facts.suspended && state.runs && !state.sleeps && is_silent {
            state.sleeps = true;
            return self.inner.stop();
        }
        Ok(())
    }

    fn set_audible(&self, state: &mut SinkState, audible: bool) {
        if std::mem::replace(&mut state.audible, audible) != audible
            && let Some(core) = &self.core
        {
            core.set_audible(audible);
        }
    }

    /// Looks for samples that are not silent, before the gain.
    fn observe(&self, state: &mut SinkState, block: Option<&mut Block>) {
        let sounds = block.is_some_and(|block| {
            !block.is_silence() && block.data_mut().iter().any(|sample| *sample != 0.0)
        });
        if sounds {
            state.zero_frames = 0;
            self.set_audible(state, true);
        } else if state.audible {
            state.zero_frames += FRAMES_PER_BLOCK_USIZE as u32;
            if state.zero_frames as f32 > SILENT_AFTER * state.rate as f32 {
                self.set_audible(state, false);
            }
        }
    }
}

fn apply(ramp: &mut Ramp, block: Option<&mut Block>) {
    let gains: [f32; FRAMES_PER_BLOCK_USIZE] = std::array::from_fn(|_| ramp.next());
    let Some(block) = block.filter(|block| !block.is_silence()) else { return };
    for channel in block.data_mut().chunks_mut(FRAMES_PER_BLOCK_USIZE) {
        for (sample, gain) in channel.iter_mut().zip(&gains) {
            *sample *= gain;
        }
    }
}

impl<S: AudioSink> AudioSink for SessionSink<S> {
    fn init(
        &self,
        sample_rate: f32,
        render_thread: Sender<AudioRenderThreadMsg>,
    ) -> Result<(), AudioSinkError> {
        let mut state = self.state.borrow_mut();
        state.rate = sample_rate as u32;
        if let Some(core) = &self.core {
            core.state().render_thread = Some(render_thread.clone());
        }
        state.ramp.jump_to(self.facts().heard() as f32);
        self.inner.init(sample_rate, render_thread)
    }

    fn init_stream(
        &self,
        channels: u8,
        sample_rate: f32,
        socket: Box<dyn MediaSocket>,
    ) -> Result<(), AudioSinkError> {
        self.inner.init_stream(channels, sample_rate, socket)
    }

    fn play(&self) -> Result<(), AudioSinkError> {
        let mut state = self.state.borrow_mut();
        state.runs = true;
        let facts = self.facts();
        if facts.suspended {
            // Nothing of it is in any buffer.
            state.ramp.jump_to(0.0);
            state.sleeps = true;
            return Ok(());
        }
        self.inner.play()
    }

    fn stop(&self) -> Result<(), AudioSinkError> {
        let mut state = self.state.borrow_mut();
        state.runs = false;
        self.set_audible(&mut state, false);
        self.inner.stop()
    }

    fn has_enough_data(&self) -> bool {
        let mut state = self.state.borrow_mut();
        if let Err(error) = self.follow(&mut state) {
            log::warn!("an audio context does not follow its session: {error:?}");
        }
        state.sleeps || self.inner.has_enough_data()
    }

    fn push_data(&self, mut chunk: Chunk) -> Result<(), AudioSinkError> {
        if self.core.is_some() {
            let mut state = self.state.borrow_mut();
            self.observe(&mut state, chunk.blocks.first_mut());
            apply(&mut state.ramp, chunk.blocks.first_mut());
            if state.ramp.is_settled() && state.ramp.target() == 0.0 {
                state.silent_frames =
                    state.silent_frames.saturating_add(FRAMES_PER_BLOCK_USIZE as u32);
            } else {
                state.silent_frames = 0;
            }
        }
        self.inner.push_data(chunk)
    }

    fn set_eos_callback(&self, callback: SinkEosCallback) {
        self.inner.set_eos_callback(callback);
    }
}

impl<S: AudioSink> Drop for SessionSink<S> {
    fn drop(&mut self) {
        let mut state = self.state.borrow_mut();
        self.set_audible(&mut state, false);
        if let Some(core) = &self.core {
            core.registry.remove(core.session, core.id);
        }
    }
}
