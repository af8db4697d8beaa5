/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The bytes of one resource on their way from the network into a player.
//!
//! GStreamer asks for another offset on one of its threads and waits there for the answer; what is
//! pushed meanwhile is ignored, and what is pushed right after the answer is thrown away with what
//! was queued before. So from that question on nothing is pushed until GStreamer wants data, which
//! it says when it has thrown away what it does not want. Both are noted at once, on its threads.
//! (Of a seek to just where the data has come to, servo-media tells nothing, though GStreamer throws
//! data away there too; a push at that very moment would be lost.)
//!
//! Of a resource that is larger than [`LIMIT`], only what is near to where GStreamer reads is kept, and
//! the network waits when enough is there. What is not there any more, or not yet, is fetched from
//! its offset on, or from the start if the server cannot do that.

//!
//! # Threads
//!
//! Whoever fetches puts bytes into the [`Store`], the media thread takes them out; both hold its lock for
//! moments only. A [`Feed`] is the way from there into one player.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::cache::Cache;
use crate::lock::lock;
use crossbeam_channel::Receiver;
use servo_media::player::{Player, PlayerError, SeekLock};

/// How many bytes of a resource are kept.
const LIMIT: usize = 16 * 1024 * 1024;
/// How many bytes are fetched before they are read, when there are more than are kept.
const AHEAD: u64 = 8 * 1024 * 1024;
/// How many bytes are kept after they were read.
const BEHIND: u64 = 4 * 1024 * 1024;
/// How many bytes are fetched in advance of what is not to be played soon.
const IDLE_AHEAD: u64 = 512 * 1024;
/// How many bytes a fetch may be before what is wanted without being begun anew there.
const NEAR: u64 = 256 * 1024;

/// What is known of a resource before its bytes come.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Resource {
    /// Its length in bytes, if it is known.
    pub length: Option<u64>,
    /// Whether it can be fetched from any offset on.
    pub can_seek: bool,
}

/// What is wanted of the fetch that brings a resource.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct FetchWish {
    /// Which fetch it is; another number is another fetch, in whose place it comes.
    pub number: u64,
    /// The offset that it is to begin at.
    pub from: u64,
    /// Whether it is to bring nothing for now, as enough is there.
    pub paused: bool,
}

#[derive(Debug)]
struct Fetch {
    wish: FetchWish,
    /// The offset of the byte that comes next.
    at: u64,
    is_running: bool,
}

#[derive(Debug)]
struct State {
    resource: Resource,
    cache: Cache,
    fetch: Fetch,
    /// Whether it is to be played soon.
    is_eager: bool,
    /// What is read next.
    offset: u64,
}

impl State {
    fn reaches_end(&self, end: u64) -> bool {
        self.resource.length.is_some_and(|length| end >= length)
    }

    /// Decides what is wanted of the fetch; whether that is something else than before.
    fn decide(&mut self) -> bool {
        let end = self.cache.end_from(self.offset);
        let ahead = end - self.offset;
        let (limit, enough) = if self.is_eager { (LIMIT, AHEAD) } else { (0, IDLE_AHEAD) };
        let is_full = self.cache.len() > limit;
        let has_enough = is_full && ahead >= enough / 2;
        let Fetch { at, is_running, wish } = self.fetch;
        let is_wanted = match self.reaches_end(end) {
            true => !is_full,
            // It pauses later than it goes on.
            false if wish.paused => !has_enough,
            false => !(is_full && ahead >= enough),
        };
        let brings_it = at == end || at < end && (!self.resource.can_seek || end - at <= NEAR);
        if is_running && (brings_it || self.reaches_end(end)) {
            let paused = !is_wanted && (at >= end || self.resource.can_seek);
            return std::mem::replace(&mut self.fetch.wish.paused, paused) != paused;
        }
        if self.reaches_end(end) || has_enough {
            return false;
        }
        self.begin(if self.resource.can_seek { end } else { 0 });
        true
    }

    fn begin(&mut self, from: u64) {
        let number = self.fetch.wish.number + 1;
        let wish = FetchWish { number, from, paused: false };
        self.fetch = Fetch { wish, at: from, is_running: true };
    }

    fn shrink(&mut self) {
        let end = self.cache.end_from(self.offset);
        self.cache.shrink(LIMIT, &(self.offset.saturating_sub(BEHIND)..end));
    }
}

/// The bytes of a resource, and what is wanted of whoever fetches it.
#[derive(Debug)]
pub(crate) struct Store(Mutex<State>);

impl Store {
    pub(crate) fn new(resource: Resource) -> Self {
        let fetch = Fetch { wish: FetchWish::default(), at: 0, is_running: true };
        let cache = Cache::default();
        Self(Mutex::new(State { resource, cache, fetch, is_eager: true, offset: 0 }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }

    /// Bytes came, which belong to that offset.
    pub(crate) fn append(&self, offset: u64, bytes: &[u8]) {
        let mut state = self.state();
        state.cache.insert(offset, bytes);
        // Else it is of a fetch that is not wanted any more.
        if offset == state.fetch.at {
            state.fetch.at += bytes.len() as u64;
        }
        state.shrink();
    }

    /// The fetch has come to its end at this offset.
    pub(crate) fn fetch_ended(&self, offset: u64) {
        let mut state = self.state();
        if offset == state.fetch.at {
            state.fetch.is_running = false;
            state.resource.length.get_or_insert(offset);
        }
    }

    /// The server gives bytes from the start, whatever it is asked for.
    pub(crate) fn fetch_restarted(&self) {
        let mut state = self.state();
        state.resource.can_seek = false;
        (state.fetch.at, state.fetch.wish.from) = (0, 0);
    }

    /// Nobody fetches any more.
    pub(crate) fn fetch_stopped(&self) {
        self.state().fetch.is_running = false;
    }

    /// Whether it is to be played soon.
    pub(crate) fn set_eager(&self, is_eager: bool) {
        self.state().is_eager = is_eager;
    }

    /// What is wanted of the fetch, and whether that is new.
    pub(crate) fn wish(&self) -> (FetchWish, bool) {
        let mut state = self.state();
        let is_new = state.decide();
        (state.fetch.wish, is_new)
    }

    /// Whether all of the resource is there.
    pub(crate) fn is_complete(&self) -> bool {
        let state = self.state();
        state.reaches_end(state.cache.end_from(0))
    }

    /// The length in bytes, if it is known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.state().resource.length
    }

    /// What is there, in bytes.
    pub(crate) fn ranges(&self) -> Vec<Range<u64>> {
        self.state().cache.ranges()
    }
}

/// The way of a resource into one player.
#[derive(Debug)]
pub(crate) struct Feed {
    store: Arc<Store>,
    /// Whether the end was pushed. Held while something is.
    end_pushed: Mutex<bool>,
    /// Whether GStreamer has asked for another offset, and not wanted data since. GStreamer's threads
    /// must not wait for what is pushed, under which they are called back.
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
    /// From the start.
    pub(crate) fn new(store: Arc<Store>) -> Self {
        store.state().offset = 0;
        Self { store, end_pushed: Mutex::new(false), seeking: AtomicBool::new(false) }
    }

    /// Pushes one piece. Returns whether there is more to push at once.
    pub(crate) fn push_to(&self, player: &(impl Target + ?Sized)) -> bool {
        let mut end_pushed = lock(&self.end_pushed);
        if self.seeking.load(Ordering::SeqCst) {
            return false;
        }
        let state = self.store.state();
        let piece = state.cache.read(state.offset).to_vec();
        let (offset, is_at_end) = (state.offset, state.reaches_end(state.offset));
        drop(state);
        if !piece.is_empty() {
            let end = offset + piece.len() as u64;
            return match player.push(piece) {
                Ok(()) => {
                    let mut state = self.store.state();
                    state.offset = end;
                    state.shrink();
                    true
                }
                Err(PlayerError::EnoughData) => false,
                Err(error) => {
                    log::warn!("cannot push media data: {error:?}");
                    false
                }
            };
        }
        if is_at_end && !*end_pushed {
            *end_pushed = true;
            if let Err(error) = player.end() {
                log::warn!("cannot end the media data: {error:?}");
            }
        }
        false
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
        let mut end_pushed = lock(&self.end_pushed);
        *end_pushed = false;
        self.store.state().offset = offset;
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

    const PIECE: u64 = 64 * 1024;

    fn feed(length: Option<u64>, can_seek: bool) -> Feed {
        Feed::new(Arc::new(Store::new(Resource { length, can_seek })))
    }

    /// A fetch brings bytes from an offset to another, which are told by their piece of the resource.
    fn bring(feed: &Feed, bytes: Range<u64>) {
        for offset in bytes.step_by(PIECE as usize) {
            feed.store.append(offset, &[(offset / PIECE) as u8; PIECE as usize]);
        }
    }

    /// What is wanted of the fetch, if that is something new.
    fn news(feed: &Feed) -> Option<FetchWish> {
        let (wish, is_new) = feed.store.wish();
        is_new.then_some(wish)
    }

    fn complete_feed() -> Feed {
        let feed = feed(None, false);
        bring(&feed, 0..3 * PIECE);
        assert!(!feed.store.is_complete());
        feed.store.fetch_ended(3 * PIECE);
        assert!(feed.store.is_complete());
        feed
    }

    #[test]
    fn everything_is_pushed_in_order_and_ended_once() {
        let feed = complete_feed();
        let piece = PIECE as usize;
        let all = [Some((0, piece)), Some((1, piece)), Some((2, piece)), None];
        assert_eq!(push_all(&feed), all);
        assert_eq!(push_all(&feed), []);
    }

    #[test]
    fn after_a_seek_nothing_is_pushed_before_data_is_wanted() {
        let feed = complete_feed();
        push_all(&feed);
        feed.stop();
        assert_eq!(push_all(&feed), []);
        feed.seek(PIECE + 10);
        assert_eq!(push_all(&feed), [], "it would be thrown away");
        feed.go_on();
        let piece = PIECE as usize;
        assert_eq!(push_all(&feed), [Some((1, piece - 10)), Some((2, piece)), None]);
    }

    #[test]
    fn seeks_may_follow_each_other_before_data_is_wanted() {
        let feed = complete_feed();
        feed.stop();
        feed.seek(2 * PIECE);
        feed.stop();
        feed.seek(0);
        feed.go_on();
        assert_eq!(push_all(&feed).len(), 4);
    }

    #[test]
    fn a_fetch_waits_when_enough_is_there_and_goes_on_when_that_was_read() {
        let length = 100 * LIMIT as u64;
        let feed = feed(Some(length), true);
        bring(&feed, 0..LIMIT as u64);
        assert_eq!(news(&feed), None, "small resources are kept in whole");
        bring(&feed, LIMIT as u64..LIMIT as u64 + PIECE);
        assert!(news(&feed).unwrap().paused);
        assert_eq!(news(&feed), None, "it is told once");
        let mut at = LIMIT as u64 + PIECE;
        for _ in 0..10 {
            while news(&feed).is_none() {
                assert!(feed.push_to(&Pushed::default()), "it never goes on");
            }
            assert_eq!(feed.store.wish().0, FetchWish::default(), "the same fetch goes on");
            while news(&feed).is_none() {
                bring(&feed, at..at + PIECE);
                at += PIECE;
            }
            assert!(feed.store.wish().0.paused);
            let state = feed.store.state();
            assert!(state.cache.len() <= LIMIT + PIECE as usize);
            assert!(at - state.offset >= AHEAD);
        }
    }

    #[test]
    fn a_seek_to_what_is_not_there_is_fetched_from_there_if_that_can_be() {
        let length = 100 * LIMIT as u64;
        for (can_seek, from) in [(true, length / 2), (false, 0)] {
            let feed = feed(Some(length), can_seek);
            bring(&feed, 0..10 * PIECE);
            assert_eq!(news(&feed), None);
            feed.seek(length / 2);
            match can_seek {
                true => assert_eq!(news(&feed).unwrap().from, from),
                false => assert_eq!(news(&feed), None, "it comes"),
            }
            feed.store.fetch_stopped();
            assert_eq!(news(&feed).unwrap().from, from, "after a failure, too");
            // What another fetch brought meanwhile does not count for this one.
            bring(&feed, 10 * PIECE..11 * PIECE);
            bring(&feed, from..from + PIECE);
            assert_eq!(feed.store.state().fetch.at, from + PIECE);
            assert_eq!(news(&feed), None);
        }
    }

    #[test]
    fn without_ranges_what_was_forgotten_is_fetched_from_the_start() {
        let length = 4 * LIMIT as u64;
        let feed = feed(Some(length), false);
        feed.seek(3 * LIMIT as u64);
        bring(&feed, 0..3 * LIMIT as u64 + PIECE);
        assert!(feed.store.state().cache.len() <= LIMIT);
        assert!(feed.push_to(&Pushed::default()), "what is wanted has come");
        feed.seek(0);
        assert_eq!(news(&feed), Some(FetchWish { number: 1, from: 0, paused: false }));
    }

    #[test]
    fn what_is_not_played_soon_is_not_fetched_much() {
        let feed = feed(Some(10 * IDLE_AHEAD), true);
        feed.store.set_eager(false);
        bring(&feed, 0..IDLE_AHEAD - PIECE);
        assert_eq!(news(&feed), None);
        bring(&feed, IDLE_AHEAD - PIECE..IDLE_AHEAD);
        assert!(news(&feed).unwrap().paused);
        feed.store.set_eager(true);
        assert!(!news(&feed).unwrap().paused);
    }

    #[test]
    fn a_server_that_ignores_what_it_is_asked_for_gives_all_of_it() {
        let length = 100 * PIECE;
        let feed = feed(Some(length), true);
        bring(&feed, 0..PIECE);
        feed.seek(50 * PIECE);
        assert_eq!(news(&feed).unwrap().from, 50 * PIECE);
        feed.store.fetch_restarted();
        assert_eq!(news(&feed), None);
        bring(&feed, 0..51 * PIECE);
        assert!(feed.push_to(&Pushed::default()));
    }
}
