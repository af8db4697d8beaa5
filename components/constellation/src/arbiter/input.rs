/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What goes into the arbiter and what comes out.

use std::time::Duration;

use serde::{Deserialize, Serialize};
pub use sordino_traits::SessionId;
use sordino_traits::messages::RequestNumber;
pub use sordino_traits::os_focus::OsReason;
use sordino_traits::{AudioSessionState, AudioSessionType, SessionTypes, TabId};

/// What sessions do to each other.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Tabs act on each other by the focus table; inside a tab the draft's cascade acts.
    #[default]
    Browser,
    /// Only the cascade inside each tab.
    Page,
    /// Neither. Reasons of the operating system still hold.
    None,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Browser, Self::Page, Self::None];

    /// Its name as the preference `focus.mode`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Page => "page",
            Self::None => "none",
        }
    }
}

/// What becomes of a playback that starts while a call of another tab goes on: the preference
/// `focus.over_call`.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OverCall {
    /// It sounds, ducked.
    #[default]
    Duck,
    /// It waits for the end of the call.
    Hold,
    /// It sounds.
    Mix,
}

/// The preferences of the arbiter.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Policy {
    /// What sessions do to each other.
    pub mode: Mode,
    /// Playback over a call.
    pub over_call: OverCall,
    /// How long a session that was lost for good is not given back without a user's act:
    /// `focus.reclaim_guard`.
    pub reclaim_guard: Duration,
    /// Another player that sounded longer than this is a permanent loss: `os.peer_resume_seconds`.
    pub peer_resume: Duration,
    /// A sleep longer than this is a permanent loss.
    pub sleep_resume: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            mode: Mode::Browser,
            over_call: OverCall::Duck,
            reclaim_guard: Duration::from_secs(2),
            peer_resume: Duration::from_secs(60),
            sleep_resume: Duration::from_secs(600),
        }
    }
}

/// Why a single session is held, apart from other sessions and the operating system.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Hold {
    /// The user holds it, in an inspector or the shell.
    User,
    /// A policy forbids that it sounds now.
    Policy,
    /// Its content process does not answer.
    Hang,
}

/// What has happened.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum Input {
    /// A session exists. One that is there already stays as it is.
    Joined {
        /// The session.
        session: SessionId,
        /// Its tab.
        tab: TabId,
    },
    /// The session is gone: its document was discarded, its process ended, its entry released.
    Left {
        /// The session.
        session: SessionId,
    },
    /// The session is in another tab now.
    Moved {
        /// The session.
        session: SessionId,
        /// Its tab from now on.
        tab: TabId,
    },
    /// A tab was closed: all its sessions are gone.
    TabClosed {
        /// The tab.
        tab: TabId,
    },
    /// [Try activating](https://w3c.github.io/audio-session/#try-activating).
    Request {
        /// The session.
        session: SessionId,
        /// The request, for the answer.
        request: RequestNumber,
        /// What the session is from now on.
        types: SessionTypes,
        /// Whether the user has caused it: a media key, the shell, or transient activation.
        by_user: bool,
    },
    /// [Inactivate](https://w3c.github.io/audio-session/#inactivate): nothing sounds any more, or
    /// what was held was paused.
    Abandon {
        /// The session.
        session: SessionId,
        /// The request, for the answer.
        request: RequestNumber,
    },
    /// The user has paused the session without its page, which does not answer.
    Pause {
        /// The session.
        session: SessionId,
    },
    /// The types changed.
    TypesChanged {
        /// The session.
        session: SessionId,
        /// What the session is from now on.
        types: SessionTypes,
    },
    /// A hold on one session begins or ends.
    SetHold {
        /// The session.
        session: SessionId,
        /// Why.
        hold: Hold,
        /// Whether it is held.
        held: bool,
    },
    /// A reason of the operating system begins.
    OsBegan {
        /// Why.
        reason: OsReason,
        /// The only tab that it concerns, for instance because only its stream was corked; `None`
        /// for all.
        tab: Option<TabId>,
    },
    /// A reason of the operating system ends.
    OsEnded {
        /// Why.
        reason: OsReason,
        /// As when it began.
        tab: Option<TabId>,
    },
    /// The operating system refused the focus that was asked for.
    OsFocusDenied,
    /// Another program took the focus of the operating system, for good.
    OsFocusLost,
    /// Preferences changed.
    SetPolicy(Policy),
}

/// What to tell whom.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Output {
    /// The state of a session: a new one, or the answer to a request.
    State {
        /// The session.
        session: SessionId,
        /// Its state now.
        state: AudioSessionState,
        /// The request that this answers.
        answers: Option<RequestNumber>,
    },
    /// Whether a session is ducked.
    Ducked {
        /// The session.
        session: SessionId,
        /// Whether it is.
        ducked: bool,
    },
    /// The [selected audio session](https://w3c.github.io/audio-session/#selected-audio-session) of
    /// a tab, which gives the tab's type for the operating system.
    Selected {
        /// The tab.
        tab: TabId,
        /// The session with its computed type.
        session: Option<(SessionId, AudioSessionType)>,
    },
    /// The type with which focus is wanted of the operating system: that of the newest session that
    /// is active; `None` to give it back.
    OsFocus(Option<AudioSessionType>),
}
