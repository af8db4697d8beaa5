/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the arbiter keeps of a session, and of the tabs.

use sordino_traits::{AudioSessionState, AudioSessionType, TabId, Timestamp};

use super::input::{Hold, SessionId, Types};
use super::table::{Effect, effect};

/// The place of a session in the arbiter's list, valid until it leaves.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct Slot(pub(super) u32);

/// The same for a tab.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct TabSlot(pub(super) u32);

/// A session that was lost for good, while its taker has a claim.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loss {
    pub(super) taker: Slot,
    pub(super) at: Timestamp,
}

/// Why a session was last silenced for good, if it was.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ended {
    Never,
    Abandoned,
    Paused,
    Evicted(SessionId),
    Taken(SessionId),
    Os(super::OsReason),
    FocusDenied,
    FocusLost,
    ModeChanged,
}

#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) id: SessionId,
    pub(super) tab: TabSlot,
    pub(super) tab_id: TabId,
    pub(super) types: Types,
    pub(super) weight: AudioSessionType,
    pub(super) claim: bool,
    pub(super) active: bool,
    pub(super) ducked: bool,
    pub(super) told_ducked: bool,
    holds: u8,
    pub(super) told: AudioSessionState,
    /// Its place: the newest is the greatest.
    pub(super) order: u64,
    pub(super) user_grant: u64,
    pub(super) loss: Option<Loss>,
    /// The sessions that were lost to this one.
    pub(super) took: Vec<Slot>,
    pub(super) granted_at: Timestamp,
    /// When its state changed last.
    pub(super) since: Timestamp,
    pub(super) ended: Ended,
}

impl Session {
    pub(super) fn new(id: SessionId, (tab, tab_id): (TabSlot, TabId), now: Timestamp) -> Self {
        let types = Types::default();
        Self {
            id,
            tab,
            tab_id,
            types,
            weight: types.weight(),
            claim: false,
            active: false,
            ducked: false,
            told_ducked: false,
            holds: 0,
            told: AudioSessionState::Inactive,
            order: 0,
            user_grant: 0,
            loss: None,
            took: Vec::new(),
            granted_at: now,
            since: now,
            ended: Ended::Never,
        }
    }

    pub(super) fn state(&self) -> AudioSessionState {
        match (self.claim, self.active, self.loss) {
            (true, true, _) => AudioSessionState::Active,
            (true, false, _) | (false, _, Some(_)) => AudioSessionState::Interrupted,
            (false, _, None) => AudioSessionState::Inactive,
        }
    }

    pub(super) fn is_exclusive(&self) -> bool {
        self.types.computed_type.is_exclusive()
    }

    pub(super) fn is_auto(&self) -> bool {
        self.types.set_type == AudioSessionType::Auto
    }

    /// Whether the two, which are in one tab, cannot both be active.
    pub(super) fn conflicts_with(&self, other: &Self) -> bool {
        self.is_exclusive() && other.is_exclusive() && !(self.is_auto() && other.is_auto())
    }

    pub(super) fn set_hold(&mut self, hold: Hold, held: bool) {
        let bit = 1 << hold as u8;
        if held {
            self.holds |= bit;
        } else {
            self.holds &= !bit;
        }
    }

    pub(super) fn is_held(&self) -> bool {
        self.holds != 0
    }

    pub(super) fn holds(&self) -> impl Iterator<Item = Hold> {
        let holds = self.holds;
        [Hold::User, Hold::Policy, Hold::Hang]
            .into_iter()
            .filter(move |it| holds & 1 << *it as u8 != 0)
    }
}

/// A tab, while it has sessions.
#[derive(Clone, Debug)]
pub(super) struct Tab {
    pub(super) id: TabId,
    pub(super) sessions: u32,
    /// How many of them have a claim and an exclusive weight, and how many of these the pass below
    /// has visited.
    pub(super) exclusive_claims: u32,
    pub(super) visited: u32,
    /// How many of its sessions are active.
    pub(super) active: u32,
    /// What was last told of its selected session.
    pub(super) selected: Option<(SessionId, AudioSessionType)>,
    /// Whether that is to be found anew.
    pub(super) is_dirty: bool,
    /// The pass of which the rest tells.
    pub(super) pass: u64,
    /// The first active session with an exclusive computed type that has set none, and one that has.
    pub(super) auto: Option<Slot>,
    pub(super) explicit: Option<Slot>,
}

impl Tab {
    pub(super) fn new(id: TabId) -> Self {
        Self {
            id,
            sessions: 0,
            exclusive_claims: 0,
            visited: 0,
            active: 0,
            selected: None,
            is_dirty: false,
            pass: 0,
            auto: None,
            explicit: None,
        }
    }

    pub(super) fn start_pass(&mut self, pass: u64) {
        if self.pass != pass {
            self.pass = pass;
            (self.auto, self.explicit) = (None, None);
            self.visited = 0;
        }
    }

    pub(super) fn active_exclusive(&self, pass: u64) -> [Option<Slot>; 2] {
        if self.pass == pass { [self.explicit, self.auto] } else { [None, None] }
    }
}

/// The newest active session of a weight, and the newest of another tab than that.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Newest {
    first: Option<(TabSlot, Slot)>,
    second: Option<(TabSlot, Slot)>,
}

impl Newest {
    /// To be called from the newest to the oldest.
    pub(super) fn add(&mut self, tab: TabSlot, slot: Slot) {
        match self.first {
            None => self.first = Some((tab, slot)),
            Some((first, _)) if first != tab && self.second.is_none() => {
                self.second = Some((tab, slot));
            }
            Some(_) => {}
        }
    }

    /// The only tab of which there is one.
    fn only_tab(&self) -> Option<TabSlot> {
        self.first.filter(|_| self.second.is_none()).map(|it| it.0)
    }

    fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// The newest of another tab.
    pub(super) fn other_than(&self, tab: TabSlot) -> Option<Slot> {
        [self.first, self.second].into_iter().flatten().find(|(it, _)| *it != tab).map(|it| it.1)
    }
}

/// The active sessions that a pass has seen, by weight.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    playback: Newest,
    call: Newest,
    solo: Newest,
    transient: Newest,
}

impl Seen {
    pub(super) fn add(&mut self, session: &Session, slot: Slot) {
        if let Some(newest) = self.of_mut(session.weight) {
            newest.add(session.tab, slot);
        }
    }

    fn of_mut(&mut self, weight: AudioSessionType) -> Option<&mut Newest> {
        match weight {
            AudioSessionType::Playback => Some(&mut self.playback),
            AudioSessionType::PlayAndRecord => Some(&mut self.call),
            AudioSessionType::TransientSolo => Some(&mut self.solo),
            AudioSessionType::Transient => Some(&mut self.transient),
            AudioSessionType::Ambient | AudioSessionType::Auto => None,
        }
    }

    /// The newest of each weight, of another tab.
    pub(super) fn others(&self, tab: TabSlot) -> impl Iterator<Item = (AudioSessionType, Slot)> {
        [
            (AudioSessionType::Playback, self.playback),
            (AudioSessionType::PlayAndRecord, self.call),
            (AudioSessionType::TransientSolo, self.solo),
            (AudioSessionType::Transient, self.transient),
        ]
        .into_iter()
        .filter_map(move |(weight, newest)| Some((weight, newest.other_than(tab)?)))
    }

    /// Which tabs have no session of this weight that could be active, as far as newer sessions
    /// interrupt it: `None` for none, one tab that is excepted, or all.
    pub(super) fn covers(&self, weight: AudioSessionType) -> Option<Covered> {
        let mut tabs = [
            (AudioSessionType::Playback, self.playback),
            (AudioSessionType::PlayAndRecord, self.call),
            (AudioSessionType::TransientSolo, self.solo),
        ]
        .into_iter()
        .filter(|(holder, newest)| {
            let effect = effect(*holder, weight, true);
            !newest.is_empty() && matches!(effect, Effect::Interrupt | Effect::Take)
        })
        .map(|it| it.1.only_tab());
        let first = tabs.next()?;
        match first {
            Some(tab) if tabs.all(|other| other == Some(tab)) => Some(Covered::AllBut(tab)),
            _ => Some(Covered::All),
        }
    }
}

/// See [`Seen::covers`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Covered {
    All,
    AllBut(TabSlot),
}
