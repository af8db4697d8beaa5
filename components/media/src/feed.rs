/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The bytes of one resource on their way into a player.
//!
//! GStreamer asks for another offset on a streaming thread and waits there for the answer; what is
//! pushed meanwhile is ignored. A seek counts in `seeks` at once, on that thread, and until after its
//! answer; while any counts, nothing is pushed, so no byte is lost. (The streaming thread may ask for
//! the next one before the answer to the last is taken off the count.)

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, Sender};
use servo_media::player::{Player, PlayerError, SeekLock};
use sordino_traits::ElementId;

use crate::thread::Message;

/// How much is pushed at a time, in bytes.
const CHUNK: usize = 64 * 1024;

#[derive(Debug, Default)]
struct State {
    data: Vec<u8>,
    offset: usize,
    complete: bool,
    end_pushed: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Feed {
    state: Mutex<State>,
    /// How many wait for their answer.
    seeks: AtomicUsize,
}

impl Feed {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn append(&self, bytes: &[u8]) {
        self.state().data.extend_from_slice(bytes);
    }

    /// Returns how many bytes the resource has.
    pub(crate) fn complete(&self) -> u64 {
        let mut state = self.state();
        state.complete = true;
        state.data.len() as u64
    }

    /// Pushes one chunk. Returns whether there is more to push at once.
    pub(crate) fn push_to(&self, player: &dyn Player) -> bool {
        if self.seeks.load(Ordering::SeqCst) > 0 {
            return false;
        }
        let mut state = self.state();
        let end = state.data.len().min(state.offset.saturating_add(CHUNK));
        if state.offset < end {
            let chunk = state.data[state.offset..end].to_vec();
            match player.push_data(chunk) {
                Ok(()) => {
                    state.offset = end;
                    true
                }
                Err(PlayerError::EnoughData) => false,
                Err(error) => {
                    log::warn!("cannot push media data: {error:?}");
                    false
                }
            }
        } else {
            if state.complete && !state.end_pushed {
                state.end_pushed = true;
                if let Err(error) = player.end_of_stream() {
                    log::warn!("cannot end the media data: {error:?}");
                }
            }
            false
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.state().complete
    }

    /// How many bytes there are.
    pub(crate) fn len(&self) -> u64 {
        self.state().data.len() as u64
    }

    /// The same bytes for another player; this feed has none after that.
    pub(crate) fn take_from_the_start(&self) -> Self {
        let mut state = self.state();
        let data = std::mem::take(&mut state.data);
        let state = State { data, complete: state.complete, ..State::default() };
        Self { state: Mutex::new(state), seeks: AtomicUsize::new(0) }
    }

    fn seek(&self, offset: u64) {
        let mut state = self.state();
        state.offset = usize::try_from(offset).unwrap_or(usize::MAX);
        state.end_pushed = false;
    }
}

/// A request for data at another offset.
pub(crate) struct Seek {
    element: ElementId,
    feed: Arc<Feed>,
    offset: u64,
    lock: SeekLock,
}

impl Seek {
    /// To be called on the streaming thread that asks.
    pub(crate) fn new(element: ElementId, feed: Arc<Feed>, offset: u64, lock: SeekLock) -> Self {
        feed.seeks.fetch_add(1, Ordering::SeqCst);
        Self { element, feed, offset, lock }
    }

    fn answer(self, media: &Sender<Message>) {
        self.feed.seek(self.offset);
        self.lock.unlock(true);
        self.feed.seeks.fetch_sub(1, Ordering::SeqCst);
        // The media thread ends with the process.
        let _ = media.send(Message::Feed(self.element));
    }
}

/// Answers seeks until the media thread has gone.
pub(crate) fn answer_seeks(seeks: &Receiver<Seek>, media: &Sender<Message>) {
    for seek in seeks {
        let answer = std::panic::AssertUnwindSafe(|| seek.answer(media));
        // servo-media panics when the player is gone before the answer.
        if std::panic::catch_unwind(answer).is_err() {
            log::debug!("a player went away while it waited for data");
        }
    }
}
