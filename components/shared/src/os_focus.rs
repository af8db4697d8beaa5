/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The audio focus of the operating system: what a platform tells the session manager of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::TabId;

/// Why the operating system silences sessions.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OsReason {
    /// A call of another program. Interrupts every type.
    Call,
    /// The machine sleeps. Interrupts every type.
    Sleep,
    /// The sound server silences the streams of a tab, whose process says so: it corked or muted them,
    /// or stopped their clock, mostly for a call. Interrupts every type.
    Stream,
    /// The output device is gone, for instance headphones that were pulled. Interrupts every type;
    /// never resumed.
    Device,
    /// Another program has taken the system's audio focus. Interrupts exclusive types.
    Focus,
    /// Another player sounds; each has a number. Interrupts exclusive types.
    Player(u32),
}

impl fmt::Display for OsReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call => f.write_str("another program began a call"),
            Self::Sleep => f.write_str("the machine went to sleep"),
            Self::Stream => f.write_str("the sound server silenced it"),
            Self::Device => f.write_str("the output device went away"),
            Self::Focus => f.write_str("another program took the system's audio focus"),
            Self::Player(number) => write!(f, "another player ({number}) began to play"),
        }
    }
}

/// What a platform reports of audio focus.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum OsFocusEvent {
    /// The focus that was asked for is granted. Sessions sound before that already.
    Granted,
    /// The focus that was asked for is refused: what asked last is silent.
    Denied,
    /// Another program took focus for good. A loss for a time ([`OsReason::Focus`]) is over by this.
    Lost,
    /// A reason to be silent begins.
    Began {
        /// Why.
        reason: OsReason,
        /// The only tab that it concerns, for instance because only its stream was corked; `None`
        /// for all.
        tab: Option<TabId>,
    },
    /// A reason to be silent ends.
    Ended {
        /// Why.
        reason: OsReason,
        /// As when it began.
        tab: Option<TabId>,
    },
}
