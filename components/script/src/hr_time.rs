/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The clock of a document: [High Resolution Time](https://w3c.github.io/hr-time/).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sordino_traits::Timestamp;

/// How exactly pages see the time: the resolution of [coarsen time](https://w3c.github.io/hr-time/#dfn-coarsen-time)
/// without cross-origin isolation, in microseconds.
const RESOLUTION: u128 = 100;

/// The [time origin](https://w3c.github.io/hr-time/#dfn-time-origin) of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    origin: Timestamp,
    /// The origin by the wall clock, since 1970.
    since_epoch: Duration,
}

impl Clock {
    /// A clock whose origin is the present moment.
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { origin: Timestamp::now(), since_epoch }
    }

    /// The [relative high resolution time](https://w3c.github.io/hr-time/#dfn-relative-high-resolution-time)
    /// of a moment, in milliseconds.
    pub(crate) fn relative(&self, at: Timestamp) -> f64 {
        coarse_milliseconds(at.since(self.origin))
    }

    /// The [time origin timestamp](https://w3c.github.io/hr-time/#dfn-get-time-origin-timestamp): milliseconds
    /// since 1970.
    pub(crate) fn time_origin(&self) -> f64 {
        coarse_milliseconds(self.since_epoch)
    }
}

fn coarse_milliseconds(duration: Duration) -> f64 {
    (duration.as_micros() / RESOLUTION * RESOLUTION) as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_coarse_and_count_from_the_origin() {
        let origin = Timestamp::from_origin(Duration::from_micros(500));
        let since_epoch = Duration::from_micros(1_700_000_000_123_456);
        let clock = Clock { origin, since_epoch };
        let at = |microseconds| Timestamp::from_origin(Duration::from_micros(microseconds));
        assert_eq!(clock.relative(at(500)), 0.0);
        assert_eq!(clock.relative(at(599)), 0.0);
        assert_eq!(clock.relative(at(600)), 0.1);
        assert_eq!(clock.relative(at(2_749)), 2.2);
        assert_eq!(clock.relative(at(0)), 0.0, "before the origin");
        assert_eq!(clock.time_origin(), 1_700_000_000_123.4);
    }
}
