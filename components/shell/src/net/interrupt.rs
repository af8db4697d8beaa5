/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Ends what a thread waits for, from another thread.

use std::io::{Error, ErrorKind, Result};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::{Errno, write};

/// Whoever waits with it stops when it is set, and it stays so. Clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct Interrupt(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    is_set: AtomicBool,
    event: OwnedFd,
}

impl Interrupt {
    pub(super) fn new() -> Result<Self> {
        let event = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self(Arc::new(Inner { is_set: AtomicBool::new(false), event })))
    }

    pub(super) fn set(&self) {
        self.0.is_set.store(true, Ordering::Release);
        // It fails only when it was set very often.
        let _ = write(&self.0.event, &1_u64.to_ne_bytes());
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.is_set.load(Ordering::Acquire)
    }

    /// Waits until one of these events has come to a descriptor.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TimedOut`] after the limit, another kind when it is interrupted.
    pub(super) fn wait(
        &self,
        descriptor: impl AsFd,
        events: PollFlags,
        limit: Option<Duration>,
    ) -> Result<()> {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        loop {
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            let left = left.and_then(|left| Timespec::try_from(left).ok());
            let mut descriptors =
                [PollFd::new(&descriptor, events), PollFd::new(&self.0.event, PollFlags::IN)];
            match poll(&mut descriptors, left.as_ref()) {
                _ if self.is_set() => return Err(Error::other("it was cancelled")),
                Ok(0) => return Err(ErrorKind::TimedOut.into()),
                Ok(_) => return Ok(()),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Holds a thread up while it is closed. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub(super) fn set_closed(&self, closed: bool) {
        *self.is_closed() = closed;
        self.0.1.notify_all();
    }

    fn is_closed(&self) -> MutexGuard<'_, bool> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is open.
    pub(super) fn pass(&self) {
        let closed = self.is_closed();
        // It is not poisoned: nobody panics with it.
        drop(self.0.1.wait_while(closed, |closed| *closed));
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn waiting_ends_with_an_event_at_the_limit_or_when_interrupted() {
        let (mut near, far) = UnixStream::pair().unwrap();
        let interrupt = Interrupt::new().unwrap();
        let wait = |limit| interrupt.wait(&far, PollFlags::IN, limit);
        let too_late = wait(Some(Duration::from_millis(1))).unwrap_err();
        assert_eq!(too_late.kind(), ErrorKind::TimedOut);
        near.write_all(b"x").unwrap();
        wait(None).unwrap();

        let silent = UnixStream::pair().unwrap();
        let waiting = {
            let interrupt = interrupt.clone();
            std::thread::spawn(move || interrupt.wait(&silent.0, PollFlags::IN, None))
        };
        interrupt.set();
        assert!(waiting.join().unwrap().is_err());
        assert!(wait(None).is_err(), "it stays so");
    }
}
