/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Why a session is what it is, in values and in words.

use std::fmt;
use std::time::Duration;

use sordino_traits::{AudioSessionState, AudioSessionType, TabId, Timestamp};

use super::Arbiter;
use super::input::{Hold, OsReason, SessionId};
use super::session::{Ended, Session, Slot};

/// Another session that acts on the one that is explained.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Other {
    /// The session.
    pub session: SessionId,
    /// Its tab.
    pub tab: TabId,
    /// What the focus table takes it for.
    pub weight: AudioSessionType,
    /// How long ago it was granted.
    pub granted: Duration,
}

/// One reason for what a session is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// It was granted so long ago.
    Granted(Duration),
    /// It has never asked.
    NeverAsked,
    /// Its own elements stopped.
    Abandoned,
    /// The user paused it.
    Paused,
    /// Another session of its tab took over.
    Evicted(SessionId),
    /// Another session interrupts it, and it resumes when that ends.
    Interrupted(Other),
    /// Another session took focus for good.
    Taken(Other),
    /// One that took focus for good has ended.
    WasTaken(SessionId),
    /// The operating system interrupts it; since when.
    Os(OsReason, Duration),
    /// The operating system interrupted it for good.
    OsEnded(OsReason),
    /// The operating system refused focus.
    FocusDenied,
    /// The operating system took focus for good.
    FocusLost,
    /// It is held for itself.
    Held(Hold),
    /// Another session ducks it.
    Ducked(Other),
    /// The mode changed.
    ModeChanged,
}

/// Why a session is what it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Explanation {
    /// Its state.
    pub state: AudioSessionState,
    /// How long it has been in that state.
    pub since: Duration,
    /// Whether it is ducked.
    pub ducked: bool,
    /// Every reason that holds now.
    pub causes: Vec<Cause>,
}

impl Explanation {
    /// The sessions and reasons that interrupt the session; what it waits for.
    pub fn interrupted_by(&self) -> impl Iterator<Item = &Cause> {
        self.causes.iter().filter(|cause| {
            matches!(
                cause,
                Cause::Interrupted(_) | Cause::Taken(_) | Cause::Os(..) | Cause::Held(_)
            )
        })
    }

    /// The sessions that duck the session.
    pub fn ducked_by(&self) -> impl Iterator<Item = &Other> {
        self.causes.iter().filter_map(|cause| match cause {
            Cause::Ducked(other) => Some(other),
            _ => None,
        })
    }
}

impl Arbiter {
    /// Why a session is what it is; `None` if it has not joined.
    pub fn explain(&self, session: SessionId, now: Timestamp) -> Option<Explanation> {
        let slot = self.find(session)?;
        let session = self.at(slot);
        let mut causes = Vec::new();
        if session.claim {
            if session.active {
                causes.push(Cause::Granted(now.since(session.granted_at)));
            }
            causes.extend(session.holds().map(Cause::Held));
            let os = self.os.iter().filter(|reason| reason.concerns(session));
            causes.extend(os.map(|it| Cause::Os(it.reason, now.since(it.since))));
            self.others_on(slot, now, &mut causes);
        } else {
            causes.push(self.why_silent(session, now));
        }
        Some(Explanation {
            state: session.told,
            since: now.since(session.since),
            ducked: session.ducked,
            causes,
        })
    }

    fn why_silent(&self, session: &Session, now: Timestamp) -> Cause {
        if let Some(loss) = session.loss {
            return Cause::Taken(self.other(loss.taker, now));
        }
        match session.ended {
            Ended::Never => Cause::NeverAsked,
            Ended::Abandoned => Cause::Abandoned,
            Ended::Paused => Cause::Paused,
            Ended::Evicted(by) => Cause::Evicted(by),
            Ended::Taken(by) => Cause::WasTaken(by),
            Ended::Os(reason) => Cause::OsEnded(reason),
            Ended::FocusDenied => Cause::FocusDenied,
            Ended::FocusLost => Cause::FocusLost,
            Ended::ModeChanged => Cause::ModeChanged,
        }
    }

    fn other(&self, slot: Slot, now: Timestamp) -> Other {
        let other = self.at(slot);
        Other {
            session: other.id,
            tab: other.tab_id,
            weight: other.weight,
            granted: now.since(other.granted_at),
        }
    }

    /// What active sessions do to a session with a claim.
    fn others_on(&self, slot: Slot, now: Timestamp, causes: &mut Vec<Cause>) {
        let session = self.at(slot);
        for other_slot in self.claims() {
            let other = self.at(other_slot);
            if other_slot == slot || !other.active {
                continue;
            }
            if self.interrupts(other, session) {
                causes.push(Cause::Interrupted(self.other(other_slot, now)));
            }
            if self.ducks(other, session) {
                causes.push(Cause::Ducked(self.other(other_slot, now)));
            }
        }
    }
}

/// What a session of a weight does, in words.
fn act(weight: AudioSessionType) -> &'static str {
    match weight {
        AudioSessionType::PlayAndRecord => "began a call",
        AudioSessionType::Playback | AudioSessionType::Auto => "began to play",
        AudioSessionType::TransientSolo => "began something that must be heard alone",
        AudioSessionType::Transient => "began a short sound",
        AudioSessionType::Ambient => "began sound that mixes",
    }
}

fn ago(time: Duration) -> String {
    format!("{:.1} s ago", time.as_secs_f64())
}

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tab {} {} {}", self.tab.index, act(self.weight), ago(self.granted))
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "the user holds it",
            Self::Policy => "a policy forbids it to sound",
            Self::Hang => "its page does not answer",
        })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Granted(time) => write!(f, "it was granted {}", ago(*time)),
            Self::NeverAsked => f.write_str("it has never asked for focus"),
            Self::Abandoned => f.write_str("nothing sounds in it"),
            Self::Paused => f.write_str("the user paused it"),
            Self::Evicted(by) => write!(f, "session {by} of the same tab took over"),
            Self::Interrupted(other) => other.fmt(f),
            Self::Taken(other) => write!(f, "{other}, for good"),
            Self::WasTaken(by) => write!(f, "session {by} took focus for good"),
            Self::Os(reason, time) => write!(f, "{reason} {}", ago(*time)),
            Self::OsEnded(reason) => write!(f, "{reason}; that does not resume"),
            Self::FocusDenied => f.write_str("the system refused audio focus"),
            Self::FocusLost => {
                f.write_str("another program took the system's audio focus for good")
            }
            Self::Held(hold) => hold.fmt(f),
            Self::Ducked(other) => write!(f, "ducked because {other}"),
            Self::ModeChanged => f.write_str("the mode changed"),
        }
    }
}

impl fmt::Display for Explanation {
    /// For instance `interrupted: tab 2 began a call 3.2 s ago`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.state.as_str())?;
        for (number, cause) in self.causes.iter().enumerate() {
            f.write_str(if number == 0 { ": " } else { "; " })?;
            cause.fmt(f)?;
        }
        Ok(())
    }
}
