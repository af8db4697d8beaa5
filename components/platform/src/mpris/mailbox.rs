/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The way of a state to the D-Bus thread: a channel that keeps the newest one, so that neither
//! a slow bus nor a busy page makes it grow.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use sordino_traits::controls::ControlsState;

/// The channel. Any thread may put something in; one task takes it out.
#[derive(Debug, Default)]
pub(super) struct Mailbox(Mutex<Slot>);

#[derive(Debug, Default)]
struct Slot {
    /// The newest state that was not taken yet.
    newest: Option<Option<ControlsState>>,
    stopping: bool,
    /// Wakes the one task that waits.
    waker: Option<Waker>,
}

impl Mailbox {
    /// Puts a state in, instead of one that was not taken yet. Does not block.
    pub(super) fn put(&self, state: Option<ControlsState>) {
        self.change(|slot| slot.newest = Some(state));
    }

    /// Asks the task to end, before it takes anything else. Does not block.
    pub(super) fn stop(&self) {
        self.change(|slot| slot.stopping = true);
    }

    /// The next state, or `None` when the task is to end.
    pub(super) async fn next(&self) -> Option<Option<ControlsState>> {
        self.when(|slot| match slot.stopping {
            true => Some(None),
            false => slot.newest.take().map(Some),
        })
        .await
    }

    /// Waits until the task is to end.
    pub(super) async fn stopped(&self) {
        self.when(|slot| slot.stopping.then_some(())).await;
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Slot)) {
        let mut slot = self.slot();
        change(&mut slot);
        let waker = slot.waker.take();
        drop(slot);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits until `take` finds something.
    async fn when<T>(&self, take: impl Fn(&mut Slot) -> Option<T>) -> T {
        poll_fn(|context| {
            let mut slot = self.slot();
            match take(&mut slot) {
                Some(taken) => Poll::Ready(taken),
                None => {
                    slot.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

/// Which of two futures was done first.
pub(super) enum Either<A, B> {
    First(A),
    Second(B),
}

/// Waits for either of two futures; when both are done, the first wins.
pub(super) async fn race<A, B>(
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> Either<A, B> {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|context| {
        if let Poll::Ready(done) = first.as_mut().poll(context) {
            return Poll::Ready(Either::First(done));
        }
        second.as_mut().poll(context).map(Either::Second)
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    #[test]
    fn a_waiting_task_is_woken() {
        let mailbox = Arc::new(Mailbox::default());
        let waiting = thread::spawn({
            let mailbox = mailbox.clone();
            move || {
                let first = zbus::block_on(mailbox.next());
                mailbox.put(None);
                (first, zbus::block_on(mailbox.stopped()))
            }
        });
        mailbox.put(None);
        while mailbox.slot().waker.is_none() {
            thread::yield_now();
        }
        mailbox.stop();
        assert_eq!(waiting.join().unwrap(), (Some(None), ()));
        assert_eq!(zbus::block_on(mailbox.next()), None, "stopping goes first");
    }

    #[test]
    fn the_first_of_two_that_are_ready_wins() {
        let mailbox = Mailbox::default();
        let done = zbus::block_on(race(async { 1 }, async { 2 }));
        assert!(matches!(done, Either::First(1)));
        let done = zbus::block_on(race(mailbox.stopped(), async { 2 }));
        assert!(matches!(done, Either::Second(2)));
    }
}
