/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Tracking user activation](https://html.spec.whatwg.org/multipage/interaction.html#tracking-user-activation):
//! when the user has last done something with a window.

use std::cell::Cell;
use std::time::Duration;

use sordino_traits::Timestamp;

/// The [last activation timestamp](https://html.spec.whatwg.org/multipage/interaction.html#last-activation-timestamp).
#[derive(Clone, Copy, Debug)]
enum LastActivation {
    /// Positive infinity: the user has done nothing yet.
    Never,
    At(Timestamp),
    /// Negative infinity: it was used up, and there was none since.
    Consumed,
}

/// The user activation of one window.
#[derive(Debug)]
pub(crate) struct ActivationState {
    last: Cell<LastActivation>,
    /// The [transient activation duration](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation-duration).
    transient_duration: Duration,
}

impl ActivationState {
    pub(crate) fn new(transient_duration: Duration) -> Self {
        Self { last: Cell::new(LastActivation::Never), transient_duration }
    }

    /// The step of the [activation notification](https://html.spec.whatwg.org/multipage/interaction.html#activation-notification)
    /// for this window.
    pub(crate) fn notify(&self, now: Timestamp) {
        self.last.set(LastActivation::At(now));
    }

    /// [Sticky activation](https://html.spec.whatwg.org/multipage/interaction.html#sticky-activation).
    pub(crate) fn is_sticky(&self) -> bool {
        !matches!(self.last.get(), LastActivation::Never)
    }

    /// [Transient activation](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation).
    pub(crate) fn is_transient(&self, now: Timestamp) -> bool {
        matches!(self.last.get(), LastActivation::At(at) if now < at + self.transient_duration)
    }

    /// The step of [consuming user activation](https://html.spec.whatwg.org/multipage/interaction.html#consume-user-activation)
    /// for this window.
    #[cfg_attr(not(test), expect(dead_code, reason = "nothing here uses activation up yet"))]
    pub(crate) fn consume(&self) {
        if self.is_sticky() {
            self.last.set(LastActivation::Consumed);
        }
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

    #[test]
    fn what_is_consumed_is_no_longer_transient_until_the_user_acts_again() {
        let activation = ActivationState::new(Duration::from_secs(5));
        activation.consume();
        assert_eq!(states(&activation, at(0)), (false, false), "there was nothing to consume");
        activation.notify(at(0));
        activation.consume();
        assert_eq!(states(&activation, at(1)), (true, false));
        activation.notify(at(2));
        assert_eq!(states(&activation, at(3)), (true, true));
    }
}
