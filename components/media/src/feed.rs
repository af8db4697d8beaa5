/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The bytes of one resource on their way into a player.
//!
//! GStreamer asks for another offset on one of its threads and waits there for the answer; what is
//! pushed meanwhile is ignored, and what is pushed right after the answer is thrown away with what
//! was queued before. So from that question on nothing is pushed until GStreamer wants data, which
//! it says when it has thrown away what it does not want. Both are noted at once, on its threads.
//! (Of a seek to just where the data has come to, servo-media tells nothing, though GStreamer throws
//! data away there too; a push at that very moment would be lost.)

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::lock::lock;
use crossbeam_channel::Receiver;
use servo_media::player::{Player, PlayerError, SeekLock};

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
    /// Whether GStreamer has asked for another offset, and not wanted data since. GStreamer's threads
    /// must not wait for `state`, under which they are called back.
    seeking: AtomicBool,
}

/// What takes the bytes.
pub(crate) trait Target {
    fn push(&self, chunk: Vec<u8>) -> Result<(), PlayerError>;
    fn end(&self) -> Result<(), PlayerError>;
}

impl Target for dyn Player {
    fn push(&self, chunk: Vec<u8>) -> Result<(), PlayerError> {
        self.push_data(chunk)
    }

    fn end(&self) -> Result<(), PlayerError> {
        self.end_of_stream()
    }
}

impl Feed {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
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
    pub(crate) fn push_to(&self, player: &(impl Target + ?Sized)) -> bool {
        let mut state = self.state();
        if self.seeking.load(Ordering::SeqCst) {
            return false;
        }
        let end = state.data.len().min(state.offset.saturating_add(CHUNK));
        if state.offset < end {
            let chunk = state.data[state.offset..end].to_vec();
            match player.push(chunk) {
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
                if let Err(error) = player.end() {
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
        Self { state: Mutex::new(state), seeking: AtomicBool::new(false) }
    }

    /// To be called on the thread that asks for another offset, before anything else.
    fn stop(&self) {
        self.seeking.store(true, Ordering::SeqCst);
    }

    /// To be called on the thread that wants data.
    pub(crate) fn go_on(&self) {
        self.seeking.store(false, Ordering::SeqCst);
    }

    /// What is wanted next. It waits for a push that has begun.
    fn seek(&self, offset: u64) {
        let mut state = self.state();
        state.offset = usize::try_from(offset).unwrap_or(usize::MAX);
        state.end_pushed = false;
    }
}

/// A request for data at another offset.
pub(crate) struct Seek {
    feed: Arc<Feed>,
    offset: u64,
    lock: SeekLock,
}

impl Seek {
    /// To be called on the thread that asks.
    pub(crate) fn new(feed: Arc<Feed>, offset: u64, lock: SeekLock) -> Self {
        feed.stop();
        Self { feed, offset, lock }
    }

    fn answer(self) {
        self.feed.seek(self.offset);
        self.lock.unlock(true);
    }
}

/// Answers seeks until the media thread has gone.
pub(crate) fn answer_seeks(seeks: &Receiver<Seek>) {
    for seek in seeks {
        let answer = std::panic::AssertUnwindSafe(|| seek.answer());
        // servo-media panics when the player is gone before the answer.
        if std::panic::catch_unwind(answer).is_err() {
            log::debug!("a player went away while it waited for data");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// What was pushed, as the first byte and the length of each chunk; `None` is the end.
    #[derive(Default)]
    struct Pushed(RefCell<Vec<Option<(u8, usize)>>>);

    impl Target for Pushed {
        fn push(&self, chunk: Vec<u8>) -> Result<(), PlayerError> {
            self.0.borrow_mut().push(Some((chunk[0], chunk.len())));
            Ok(())
        }

        fn end(&self) -> Result<(), PlayerError> {
            self.0.borrow_mut().push(None);
            Ok(())
        }
    }

    fn push_all(feed: &Feed) -> Vec<Option<(u8, usize)>> {
        let pushed = Pushed::default();
        while feed.push_to(&pushed) {}
        pushed.0.into_inner()
    }

    fn complete_feed() -> Feed {
        let feed = Feed::default();
        for number in 0..3 {
            feed.append(&[number; CHUNK]);
        }
        assert_eq!(feed.complete(), 3 * CHUNK as u64);
        feed
    }

    #[test]
    fn everything_is_pushed_in_order_and_ended_once() {
        let feed = complete_feed();
        let all = [Some((0, CHUNK)), Some((1, CHUNK)), Some((2, CHUNK)), None];
        assert_eq!(push_all(&feed), all);
        assert_eq!(push_all(&feed), []);
    }

    #[test]
    fn after_a_seek_nothing_is_pushed_before_data_is_wanted() {
        let feed = complete_feed();
        push_all(&feed);
        feed.stop();
        assert_eq!(push_all(&feed), []);
        feed.seek(CHUNK as u64 + 10);
        assert_eq!(push_all(&feed), [], "it would be thrown away");
        feed.go_on();
        assert_eq!(push_all(&feed), [Some((1, CHUNK)), Some((2, CHUNK - 10)), None]);
    }

    #[test]
    fn seeks_may_follow_each_other_before_data_is_wanted() {
        let feed = complete_feed();
        feed.stop();
        feed.seek(2 * CHUNK as u64);
        feed.stop();
        feed.seek(0);
        feed.go_on();
        assert_eq!(push_all(&feed).len(), 4);
    }
}
