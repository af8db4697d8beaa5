/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! How many messages a content process may send: a correct process keeps to [`CONTENT`], and waits
//! where it would exceed it; one that exceeds [`MANAGER`] is broken or hostile.

use std::time::Duration;

use crate::messages::ContentMessage;
use crate::time::Timestamp;

/// A number of messages at once, and in a second.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit {
    /// How many at once, after silence.
    pub burst: u32,
    /// How many in each second, on and on.
    pub per_second: u32,
}

/// What a content process keeps to.
pub const CONTENT: Limit = Limit { burst: 1_000, per_second: 1_000 };
/// What the session manager bears. It is more than [`CONTENT`], because what was sent in time may
/// be read late.
pub const MANAGER: Limit = Limit { burst: 4_000, per_second: 2_000 };

/// What a content process keeps to with what concerns audio sessions alone: each may tell every other
/// tab to fall silent or to go on.
pub const CONTENT_AUDIO: Limit = Limit { burst: 200, per_second: 100 };
/// What the session manager bears of that.
pub const MANAGER_AUDIO: Limit = Limit { burst: 800, per_second: 400 };

/// A message came too early.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Early {
    /// After which time it may be sent.
    pub wait: Duration,
    /// The limit that it would exceed.
    pub limit: Limit,
}

/// The limits of one process: of all its messages, and of those about audio sessions.
#[derive(Clone, Debug)]
pub struct Limits {
    all: RateLimiter,
    audio: RateLimiter,
}

impl Limits {
    /// Limits of which nothing is used up.
    pub fn new(all: Limit, audio: Limit, now: Timestamp) -> Self {
        Self { all: RateLimiter::new(all, now), audio: RateLimiter::new(audio, now) }
    }

    /// Counts a message that is sent or received now.
    ///
    /// # Errors
    ///
    /// [`Early`], if it is too early; whoever waits tries again.
    pub fn count(&mut self, message: &ContentMessage, now: Timestamp) -> Result<(), Early> {
        let is_audio = matches!(
            message,
            ContentMessage::AudioSession { .. }
                | ContentMessage::EntryOpened { .. }
                | ContentMessage::EntryClosed { .. }
                | ContentMessage::StreamsSilenced(_)
        );
        // What is too early for one limit uses up nothing of the other.
        if is_audio {
            self.audio.check(now)?;
        }
        self.all.count(now)?;
        if is_audio {
            self.audio.count(now)?;
        }
        Ok(())
    }
}

/// Counts messages against a [`Limit`]. Pure: it is told the time.
#[derive(Clone, Debug)]
pub struct RateLimiter {
    limit: Limit,
    /// How many may be sent now.
    left: f64,
    at: Timestamp,
}

impl RateLimiter {
    /// A limiter that has counted nothing.
    pub fn new(limit: Limit, now: Timestamp) -> Self {
        Self { limit, left: f64::from(limit.burst), at: now }
    }

    /// Counts a message that is sent or received now.
    ///
    /// # Errors
    ///
    /// [`Early`], if it is too early now; it is not counted then.
    pub fn count(&mut self, now: Timestamp) -> Result<(), Early> {
        self.check(now)?;
        self.left -= 1.0;
        Ok(())
    }

    fn check(&mut self, now: Timestamp) -> Result<(), Early> {
        let rate = f64::from(self.limit.per_second);
        let gained = now.since(self.at).as_secs_f64() * rate;
        self.left = (self.left + gained).min(f64::from(self.limit.burst));
        self.at = self.at.max(now);
        if self.left < 1.0 {
            let wait = Duration::from_secs_f64((1.0 - self.left) / rate);
            return Err(Early { wait, limit: self.limit });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{AudioSessionMessage, RequestNumber};
    use crate::{DocumentId, NamespaceId};

    fn at(milliseconds: u64) -> Timestamp {
        Timestamp::from_origin(Duration::from_millis(milliseconds))
    }

    #[test]
    fn a_burst_passes_and_then_so_many_in_each_second() {
        let limit = Limit { burst: 10, per_second: 100 };
        let mut limiter = RateLimiter::new(limit, at(0));
        let mut passed = |now| (0..1_000).filter(|_| limiter.count(at(now)).is_ok()).count();
        assert_eq!(passed(0), 10);
        assert_eq!(passed(50), 5);
        assert_eq!(passed(60), 1);
        assert_eq!(passed(60_000), 10, "what was not sent is not saved up beyond the burst");
    }

    #[test]
    fn whoever_waits_as_long_as_it_is_told_may_send() {
        let mut limiter = RateLimiter::new(Limit { burst: 1, per_second: 100 }, at(0));
        assert_eq!(limiter.count(at(0)), Ok(()));
        let early = limiter.count(at(4)).unwrap_err();
        assert_eq!(early.wait, Duration::from_millis(6));
        assert_eq!(limiter.count(at(10)), Ok(()));
    }

    #[test]
    fn what_is_too_early_for_one_limit_uses_up_nothing_of_the_other() {
        let all = Limit { burst: 1, per_second: 1 };
        let mut limits = Limits::new(all, Limit { burst: 2, per_second: 1 }, at(0));
        let document = DocumentId::new(NamespaceId(1), 1).unwrap();
        let message = AudioSessionMessage::Inactivate { request: RequestNumber(1) };
        let message = ContentMessage::AudioSession { session: document.into(), message };
        assert_eq!(limits.count(&ContentMessage::Alive, at(0)), Ok(()));
        for _ in 0..10 {
            assert_eq!(limits.count(&message, at(0)).unwrap_err().limit, all);
        }
        assert_eq!(limits.count(&message, at(1_000)), Ok(()));
        assert_eq!(limits.count(&message, at(2_000)), Ok(()));
    }

    #[test]
    fn what_a_correct_process_sends_in_time_and_another_reads_late_is_not_too_much() {
        let mut content = RateLimiter::new(CONTENT, at(0));
        let mut manager = RateLimiter::new(MANAGER, at(0));
        let mut sent = 0;
        for now in 0..10_000 {
            sent += (0..1_000).take_while(|_| content.count(at(now)).is_ok()).count();
            // The reader is held up for most of each three seconds.
            if now % 3_000 == 2_999 {
                assert!((0..std::mem::take(&mut sent)).all(|_| manager.count(at(now)).is_ok()));
            }
        }
        assert!(sent > 0);
    }
}
