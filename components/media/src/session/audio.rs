/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Audio contexts under a session.
//!
//! servo-media's `AudioContext` is a concrete type that renders into a sink. So the sink is ours, and
//! has a [`Gate`] of the session in it.

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

use super::capture::keep_blocks_whole;
use super::gate::{ContextCore, Gate, Silent, SinkChange};
use super::registry::{ObjectId, Registry};
use crate::lock::lock;

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
    // Whom a context tells of its end; nobody needs to be told.
    let (ends, _) = std::sync::mpsc::channel();
    let ends = Arc::new(Mutex::new(ends));
    let make = |id: ObjectId| AudioContext::new::<SessionAudio<B>>(id.0, &session, ends, options);
    let context = match options {
        AudioContextOptions::OfflineAudioContext(_) => make(registry.next_object())?,
        AudioContextOptions::RealTimeAudioContext(_) => {
            let core = ContextCore::new(registry, session);
            let _guard = lock(&IN_THE_MAKING);
            *handed_over() = Some(core.clone());
            let context = make(core.id());
            // Still there when the render thread could not start.
            drop(handed_over().take());
            if context.is_err() {
                core.remove();
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
            gate: RefCell::new(None),
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
    /// Made when the sink is set up.
    gate: RefCell<Option<Gate>>,
}

impl<S: AudioSink> SessionSink<S> {
    fn follow(&self, gate: &mut Gate) {
        let followed = match gate.follow() {
            None => return,
            Some(SinkChange::Play) => self.inner.play(),
            Some(SinkChange::Stop) => self.inner.stop(),
        };
        if let Err(error) = followed {
            log::warn!("an audio context does not follow its session: {error:?}");
        }
    }
}

impl<S: AudioSink> AudioSink for SessionSink<S> {
    fn init(
        &self,
        sample_rate: f32,
        render_thread: Sender<AudioRenderThreadMsg>,
    ) -> Result<(), AudioSinkError> {
        if let Some(core) = &self.core {
            let thread = render_thread.clone();
            // The context was closed when it fails.
            core.set_waker(Box::new(move || drop(thread.send(AudioRenderThreadMsg::SinkNeedData))));
            *self.gate.borrow_mut() =
                Some(Gate::new(core.clone(), sample_rate as u32, Silent::Stops));
        }
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
        if let Some(gate) = &mut *self.gate.borrow_mut() {
            gate.run();
            if gate.follow() == Some(SinkChange::Stop) {
                return Ok(());
            }
        }
        self.inner.play()
    }

    fn stop(&self) -> Result<(), AudioSinkError> {
        if let Some(gate) = &mut *self.gate.borrow_mut() {
            gate.stop();
        }
        self.inner.stop()
    }

    fn has_enough_data(&self) -> bool {
        let sleeps = self.gate.borrow_mut().as_mut().is_some_and(|gate| {
            self.follow(gate);
            gate.sleeps()
        });
        sleeps || self.inner.has_enough_data()
    }

    fn push_data(&self, mut chunk: Chunk) -> Result<(), AudioSinkError> {
        if let Some(gate) = &mut *self.gate.borrow_mut() {
            let block = chunk.blocks.first_mut().filter(|block| !block.is_silence());
            let data = block.map(|block| block.data_mut()).unwrap_or_default();
            gate.pass(FRAMES_PER_BLOCK_USIZE as u32, data.chunks_mut(FRAMES_PER_BLOCK_USIZE));
        }
        self.inner.push_data(chunk)
    }

    fn set_eos_callback(&self, callback: SinkEosCallback) {
        self.inner.set_eos_callback(callback);
    }
}
