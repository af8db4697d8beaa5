/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Tracking user activation](https://html.spec.whatwg.org/multipage/interaction.html#tracking-user-activation):
//! when the user has last done something with a window. There is nothing here that consumes it, such as
//! opening a window.

use std::cell::Cell;
use std::time::Duration;

use sordino_traits::Timestamp;

/// The user activation of one window.
#[derive(Debug)]
pub(crate) struct ActivationState {
    /// The [last activation timestamp](https://html.spec.whatwg.org/multipage/interaction.html#last-activation-timestamp);
    /// `None` is positive infinity: the user has done nothing yet.
    last: Cell<Option<Timestamp>>,
    /// The [transient activation duration](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation-duration).
    transient_duration: Duration,
}

impl ActivationState {
    pub(crate) fn new(transient_duration: Duration) -> Self {
        Self { last: Cell::new(None), transient_duration }
    }

    /// The step of the [activation notification](https://html.spec.whatwg.org/multipage/interaction.html#activation-notification)
    /// for this window.
    pub(crate) fn notify(&self, now: Timestamp) {
        self.last.set(Some(now));
    }

    /// [Sticky activation](https://html.spec.whatwg.org/multipage/interaction.html#sticky-activation).
    pub(crate) fn is_sticky(&self) -> bool {
        self.last.get().is_some()
    }

    /// [Transient activation](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation).
    pub(crate) fn is_transient(&self, now: Timestamp) -> bool {
        self.last.get().is_some_and(|at| now < at + self.transient_duration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> Timestamp {
        Timestamp::from_origin(Duration::from_millis(milliseconds))
    }

    fn states(activation: &ActivationState, now: Timestamp) -> (bool, bool) {
        (activation.is_sticky(), activation.is_transient(now))
    }

    #[test]
    fn activation_is_transient_for_its_duration_and_sticky_for_good() {
        let activation = ActivationState::new(Duration::from_secs(5));
        assert_eq!(states(&activation, at(0)), (false, false));
        activation.notify(at(1_000));
        assert_eq!(states(&activation, at(1_000)), (true, true));
        assert_eq!(states(&activation, at(5_999)), (true, true));
        assert_eq!(states(&activation, at(6_000)), (true, false));
        activation.notify(at(7_000));
        assert_eq!(states(&activation, at(7_001)), (true, true));
    }
}
