/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the arbiter keeps of a session, and of the tabs.

use sordino_traits::{AudioSessionState, AudioSessionType, SessionTypes, TabId, Timestamp};

use super::input::{Hold, SessionId};
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

/// What a session gave up when it stopped of its own accord while it was interrupted. It gets it back,
/// and no more, when it goes on without the user.
#[derive(Clone, Copy, Debug)]
pub(super) enum GaveUp {
    /// Its place in the order, which it still has.
    Place,
    /// A loss to this claim of its taker.
    Loss { loss: Loss, claim: u64 },
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
    pub(super) types: SessionTypes,
    pub(super) weight: AudioSessionType,
    /// Whether it has left, and its slot waits for another.
    pub(super) has_left: bool,
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
    pub(super) gave_up: Option<GaveUp>,
    /// The number of its present or last claim; no two claims have the same.
    pub(super) claim_number: u64,
    /// The sessions that were lost to this one.
    pub(super) took: Vec<Slot>,
    pub(super) granted_at: Timestamp,
    /// When its state changed last.
    pub(super) since: Timestamp,
    pub(super) ended: Ended,
}

impl Session {
    pub(super) fn new(id: SessionId, (tab, tab_id): (TabSlot, TabId), now: Timestamp) -> Self {
        let types = SessionTypes::default();
        Self {
            id,
            tab,
            tab_id,
            types,
            weight: types.weight(),
            has_left: false,
            claim: false,
            active: false,
            ducked: false,
            told_ducked: false,
            holds: 0,
            told: AudioSessionState::Inactive,
            order: 0,
            user_grant: 0,
            loss: None,
            gave_up: None,
            claim_number: 0,
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
        match (self.id.is_entry(), other.id.is_entry()) {
            (true, true) => self.is_playback() && other.is_playback(),
            (false, false) => {
                self.is_exclusive() && other.is_exclusive() && !(self.is_auto() && other.is_auto())
            }
            _ => false,
        }
    }

    fn is_playback(&self) -> bool {
        self.types.computed_type == AudioSessionType::Playback
    }

    /// Whether it acts on the other sessions of its tab as on those of other tabs: a page that manages
    /// an entry means its other sound, too, when it says that one must be heard alone.
    pub(super) fn is_solo_entry(&self) -> bool {
        self.id.is_entry() && self.weight == AudioSessionType::TransientSolo
    }

    /// Where its tab notes it as active, if the cascade concerns it.
    pub(super) fn cascade_group(&self) -> Option<CascadeGroup> {
        match self.id.is_entry() {
            true => self.is_playback().then_some(CascadeGroup::Entry),
            false if !self.is_exclusive() => None,
            false if self.is_auto() => Some(CascadeGroup::Auto),
            false => Some(CascadeGroup::Explicit),
        }
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

/// Sessions of a tab that the cascade takes for the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum CascadeGroup {
    /// Documents that set an exclusive type.
    Explicit,
    /// Documents that set none.
    Auto,
    /// Entries of type `playback`.
    Entry,
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
    /// The first active session of each [`CascadeGroup`].
    pub(super) first: [Option<Slot>; 3],
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
            first: [None; 3],
        }
    }

    pub(super) fn start_pass(&mut self, pass: u64) {
        if self.pass != pass {
            self.pass = pass;
            self.first = [None; 3];
            self.visited = 0;
        }
    }

    pub(super) fn active_exclusive(&self, pass: u64) -> [Option<Slot>; 3] {
        if self.pass == pass { self.first } else { [None; 3] }
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

    /// The newest of another tab.
    pub(super) fn other_than(&self, tab: TabSlot) -> Option<Slot> {
        [self.first, self.second].into_iter().flatten().find(|(it, _)| *it != tab).map(|it| it.1)
    }
}

/// What the active sessions that a pass has seen do to the others.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// By the weight of the other: who interrupts it when it is older, who takes it for good, and
    /// who interrupts it though it is newer.
    interrupting: [Newest; 6],
    taking: [Newest; 6],
    silencing: [Newest; 6],
    /// Whose other sessions an entry acts on, see [`Session::is_solo_entry`]; in mode `page`, too.
    solo_entries: Vec<TabSlot>,
}

const WEIGHTS: [AudioSessionType; 5] = [
    AudioSessionType::Playback,
    AudioSessionType::Transient,
    AudioSessionType::TransientSolo,
    AudioSessionType::Ambient,
    AudioSessionType::PlayAndRecord,
];

/// No active session.
pub(super) static NOTHING: Seen = {
    let nobody = Newest { first: None, second: None };
    Seen {
        interrupting: [nobody; 6],
        taking: [nobody; 6],
        silencing: [nobody; 6],
        solo_entries: Vec::new(),
    }
};

impl Seen {
    pub(super) fn add(&mut self, session: &Session, slot: Slot) {
        if session.is_solo_entry() {
            self.solo_entries.push(session.tab);
        }
        for weight in WEIGHTS {
            let index = weight as usize;
            let list = match effect(session.weight, weight, true) {
                Effect::Interrupt => &mut self.interrupting[index],
                Effect::Take => &mut self.taking[index],
                Effect::Duck | Effect::None => continue,
            };
            list.add(session.tab, slot);
            if effect(session.weight, weight, false) == Effect::Interrupt {
                self.silencing[index].add(session.tab, slot);
            }
        }
    }

    /// The newest of another tab that takes an older session for good.
    pub(super) fn taker(&self, session: &Session) -> Option<Slot> {
        self.taking[session.weight as usize].other_than(session.tab)
    }

    /// Whether one of another tab interrupts an older session.
    pub(super) fn interrupts(&self, session: &Session) -> bool {
        self.interrupting[session.weight as usize].other_than(session.tab).is_some()
    }

    /// Whether an entry of its own tab interrupts an older session.
    pub(super) fn interrupts_in_tab(&self, session: &Session) -> bool {
        self.solo_entries.contains(&session.tab)
            && effect(AudioSessionType::TransientSolo, session.weight, true) == Effect::Interrupt
    }

    /// Whether an entry of its own tab interrupts even a newer session.
    pub(super) fn silences_in_tab(&self, session: &Session) -> bool {
        self.solo_entries.contains(&session.tab)
            && effect(AudioSessionType::TransientSolo, session.weight, false) == Effect::Interrupt
    }

    /// Whether one of another tab interrupts even a newer session.
    pub(super) fn silences(&self, session: &Session) -> bool {
        self.silencing[session.weight as usize].other_than(session.tab).is_some()
    }

    /// In which tabs older sessions of this weight cannot be active; `None` for in none.
    pub(super) fn covers(&self, weight: AudioSessionType) -> Option<Covered> {
        let index = weight as usize;
        let of = |newest: &Newest| match (newest.first, newest.second) {
            (None, _) => None,
            (Some((tab, _)), None) => Some(Covered::AllBut(tab)),
            (Some(_), Some(_)) => Some(Covered::All),
        };
        match (of(&self.interrupting[index]), of(&self.taking[index])) {
            (Some(one), Some(other)) if one != other => Some(Covered::All),
            (one, other) => one.or(other),
        }
    }
}

/// See [`Seen::covers`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Covered {
    All,
    AllBut(TabSlot),
}
