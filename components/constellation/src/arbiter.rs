/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

#![doc = include_str!("arbiter/RULES.md")]

mod claims;
mod explain;
mod input;
mod outputs;
mod session;
mod settle;
pub mod table;

use rustc_hash::FxHashMap;
use sordino_traits::{AudioSessionState, AudioSessionType, SessionTypes, TabId, Timestamp};

pub use explain::{Cause, Explanation, Other};
pub use input::{Hold, Input, Mode, OsReason, Output, OverCall, Policy, SessionId};
pub use outputs::{SessionSnapshot, Waiting};
use session::{Ended, Session, Slot, Tab, TabSlot};
use settle::Scope;

/// A reason of the operating system in force.
#[derive(Clone, Copy, Debug)]
struct OsInForce {
    reason: OsReason,
    tab: Option<TabId>,
    /// Its place among these reasons and the grants by the user.
    number: u64,
    since: Timestamp,
}

impl OsInForce {
    fn concerns(&self, session: &Session) -> bool {
        let is_in_scope = self.tab.is_none_or(|tab| tab == session.tab_id);
        is_in_scope
            && match self.reason {
                OsReason::Call | OsReason::Sleep | OsReason::Stream | OsReason::Device => true,
                OsReason::Focus => session.is_exclusive(),
                OsReason::Player(_) => session.is_exclusive() && self.number > session.user_grant,
            }
    }
}

/// The arbiter.
#[derive(Clone, Debug, Default)]
pub struct Arbiter {
    policy: Policy,
    sessions: Vec<Session>,
    free_sessions: Vec<Slot>,
    index: FxHashMap<SessionId, Slot>,
    tabs: Vec<Tab>,
    free_tabs: Vec<TabSlot>,
    tab_index: FxHashMap<TabId, TabSlot>,
    /// The sessions with a claim and an exclusive weight, the oldest first.
    exclusive: Vec<Slot>,
    /// The sessions with a claim and the weight `transient`, and with `ambient`, the oldest first.
    transients: Vec<Slot>,
    ambients: Vec<Slot>,
    os: Vec<OsInForce>,
    grants: u64,
    claim_numbers: u64,
    /// Counts grants by the user and reasons of the operating system.
    numbers: u64,
    pass: u64,
    told_focus: Option<AudioSessionType>,
    /// What the present input may have changed.
    touched: Vec<Slot>,
    dirty_tabs: Vec<TabSlot>,
    /// Whose claims the present input has ended.
    ended: Vec<Slot>,
    /// How many claims there are of each weight.
    counts: [u32; 6],
    /// How many sessions of each weight are active.
    active: [u32; 6],
    /// Whether the activity, or the place, of a session of each weight changed since the last
    /// settling.
    changed: [bool; 6],
    /// The active sessions whose weight ducks others.
    duckers: Vec<Slot>,
    /// Whether one with an exclusive weight, or one of weight `ambient`, may be ducked.
    has_ducked: bool,
    has_ducked_ambients: bool,
}

impl Arbiter {
    /// An arbiter without sessions.
    pub fn new(policy: Policy) -> Self {
        Self { policy, ..Self::default() }
    }

    /// The preferences in force.
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// The state of a session; `None` if it has not joined.
    pub fn state(&self, session: SessionId) -> Option<AudioSessionState> {
        self.find(session).map(|slot| self.at(slot).told)
    }

    /// What a session says of itself; `None` if it has not joined.
    pub fn types(&self, session: SessionId) -> Option<SessionTypes> {
        self.find(session).map(|slot| self.at(slot).types)
    }

    /// Whether a session is ducked.
    pub fn is_ducked(&self, session: SessionId) -> bool {
        self.find(session).is_some_and(|slot| self.at(slot).ducked)
    }

    /// The place of a session in the order of all grants, from 1; 0 before its first.
    pub fn order(&self, session: SessionId) -> u64 {
        self.find(session).map_or(0, |slot| self.at(slot).order)
    }

    /// Takes one input in, and returns what to do about it.
    #[must_use]
    pub fn handle(&mut self, input: &Input, now: Timestamp) -> Vec<Output> {
        let mut answer = None;
        match *input {
            Input::Joined { session, tab } => self.join(session, tab, now),
            Input::Left { session } => {
                if let Some(slot) = self.find(session) {
                    let order = self.at(slot).order;
                    self.leave(slot);
                    self.settle(None, Scope::DownTo(order), now);
                }
            }
            Input::Moved { session, tab } => {
                if let Some(slot) = self.find(session) {
                    self.leave_tab(slot);
                    self.relist(slot, |this| {
                        let place = this.tab_slot(tab);
                        this.tabs[place.0 as usize].sessions += 1;
                        let session = this.at_mut(slot);
                        (session.tab, session.tab_id) = (place, tab);
                    });
                    self.settle(None, Scope::All, now);
                }
            }
            Input::TabClosed { tab } => {
                self.os.retain(|reason| reason.tab != Some(tab));
                let tab = self.tab_index.get(&tab).copied();
                let all = self.index.values().copied();
                let gone: Vec<_> = all.filter(|slot| Some(self.at(*slot).tab) == tab).collect();
                for slot in gone {
                    self.leave(slot);
                }
                self.settle(None, Scope::All, now);
            }
            Input::Request { session, request, types, by_user } => {
                if let Some(slot) = self.find(session) {
                    answer = Some((slot, request));
                    self.request(slot, types, by_user, now);
                }
            }
            Input::Abandon { session, request } => {
                if let Some(slot) = self.find(session) {
                    answer = Some((slot, request));
                    self.end(slot, Ended::Abandoned, now);
                }
            }
            Input::Pause { session } => {
                if let Some(slot) = self.find(session) {
                    self.end(slot, Ended::Paused, now);
                }
            }
            Input::TypesChanged { session, types } => {
                let slot = self.find(session).filter(|slot| self.at(*slot).types != types);
                if let Some(slot) = slot {
                    self.set_types(slot, types);
                    let order = self.at(slot).order;
                    self.settle(Some(slot), Scope::DownTo(order), now);
                }
            }
            Input::SetHold { session, hold, held } => {
                if let Some(slot) = self.find(session) {
                    self.at_mut(slot).set_hold(hold, held);
                    self.settle(None, Scope::All, now);
                }
            }
            Input::OsBegan { reason, tab } => self.os_began(reason, tab, now),
            Input::OsEnded { reason, tab } => self.os_ended(reason, tab, now),
            Input::OsFocusDenied => {
                if let Some(slot) = self.newest_active() {
                    self.end(slot, Ended::FocusDenied, now);
                }
            }
            Input::OsFocusLost => {
                let (for_a_time, others): (Vec<_>, Vec<_>) =
                    self.os.drain(..).partition(|it| it.reason == OsReason::Focus);
                self.os = others;
                for slot in self.claims() {
                    let session = self.at(slot);
                    let is_held = for_a_time.iter().any(|reason| reason.concerns(session));
                    if (session.active || is_held) && session.is_exclusive() {
                        self.end_claim(slot, Ended::FocusLost);
                    }
                }
                self.unlist_ended();
                // Another has it: whoever wants it asks anew.
                self.told_focus = None;
                self.settle(None, Scope::All, now);
            }
            Input::SetPolicy(policy) => self.set_policy(policy, now),
        }
        self.outputs(answer, now)
    }

    fn find(&self, session: SessionId) -> Option<Slot> {
        self.index.get(&session).copied()
    }

    fn at(&self, slot: Slot) -> &Session {
        &self.sessions[slot.0 as usize]
    }

    fn at_mut(&mut self, slot: Slot) -> &mut Session {
        &mut self.sessions[slot.0 as usize]
    }

    /// All sessions with a claim.
    fn claims(&self) -> Vec<Slot> {
        self.exclusive.iter().chain(&self.transients).chain(&self.ambients).copied().collect()
    }

    /// What is told of the session and of its tab may change.
    fn touch(&mut self, slot: Slot) {
        self.touched.push(slot);
        self.mark_tab(self.at(slot).tab);
    }

    fn mark_tab(&mut self, slot: TabSlot) {
        let tab = &mut self.tabs[slot.0 as usize];
        if !std::mem::replace(&mut tab.is_dirty, true) {
            self.dirty_tabs.push(slot);
        }
    }

    fn tab_slot(&mut self, id: TabId) -> TabSlot {
        if let Some(slot) = self.tab_index.get(&id) {
            return *slot;
        }
        let tab = Tab::new(id);
        let slot = if let Some(slot) = self.free_tabs.pop() {
            self.tabs[slot.0 as usize] = tab;
            slot
        } else {
            self.tabs.push(tab);
            TabSlot(slot_number(self.tabs.len() - 1))
        };
        self.tab_index.insert(id, slot);
        slot
    }

    fn join(&mut self, id: SessionId, tab: TabId, now: Timestamp) {
        if self.index.contains_key(&id) {
            return;
        }
        let place = self.tab_slot(tab);
        self.tabs[place.0 as usize].sessions += 1;
        let session = Session::new(id, (place, tab), now);
        let slot = if let Some(slot) = self.free_sessions.pop() {
            *self.at_mut(slot) = session;
            slot
        } else {
            self.sessions.push(session);
            Slot(slot_number(self.sessions.len() - 1))
        };
        self.index.insert(id, slot);
    }

    fn leave(&mut self, slot: Slot) {
        self.end_now(slot, Ended::Never);
        self.release_of_ended();
        self.leave_tab(slot);
        let id = self.at(slot).id;
        self.index.remove(&id);
        self.at_mut(slot).has_left = true;
        self.free_sessions.push(slot);
    }

    /// The tab is kept until its last selection is told.
    fn leave_tab(&mut self, slot: Slot) {
        let tab = self.at(slot).tab;
        self.tabs[tab.0 as usize].sessions -= 1;
        self.mark_tab(tab);
    }

    fn request(&mut self, slot: Slot, types: SessionTypes, by_user: bool, now: Timestamp) {
        let old_order = self.at(slot).order;
        self.set_types(slot, types);
        let session = self.at(slot);
        let is_kept = match session.loss {
            Some(loss) => !by_user && now.since(loss.at) < self.policy.reclaim_guard,
            None => session.state() == AudioSessionState::Interrupted && !by_user,
        };
        let is_taken_up = !is_kept && !by_user && self.take_up(slot, now);
        if !is_kept && !is_taken_up {
            self.grant(slot, by_user, now);
        }
        let order = old_order.min(self.at(slot).order);
        self.settle(Some(slot).filter(|_| !is_taken_up), Scope::DownTo(order), now);
    }

    fn os_began(&mut self, reason: OsReason, tab: Option<TabId>, now: Timestamp) {
        if self.os.iter().any(|it| (it.reason, it.tab) == (reason, tab)) {
            return;
        }
        self.numbers += 1;
        self.os.push(OsInForce { reason, tab, number: self.numbers, since: now });
        self.settle(None, Scope::All, now);
    }

    fn os_ended(&mut self, reason: OsReason, tab: Option<TabId>, now: Timestamp) {
        let Some(place) = self.os.iter().position(|it| (it.reason, it.tab) == (reason, tab)) else {
            return;
        };
        let ended = self.os.remove(place);
        let lasted = now.since(ended.since);
        let is_permanent = match reason {
            OsReason::Device => true,
            OsReason::Player(_) => lasted > self.policy.peer_resume,
            OsReason::Sleep => lasted > self.policy.sleep_resume,
            OsReason::Call | OsReason::Stream | OsReason::Focus => false,
        };
        if is_permanent {
            for slot in self.claims() {
                if ended.concerns(self.at(slot)) {
                    self.end_claim(slot, Ended::Os(reason));
                }
            }
            self.unlist_ended();
        }
        self.settle(None, Scope::All, now);
    }

    fn set_policy(&mut self, policy: Policy, now: Timestamp) {
        self.policy = policy;
        if policy.mode != Mode::Browser {
            for slot in self.claims() {
                for lost in std::mem::take(&mut self.at_mut(slot).took) {
                    let session = self.at_mut(lost);
                    session.loss = None;
                    session.ended = Ended::ModeChanged;
                    self.touch(lost);
                }
            }
        }
        self.settle(None, Scope::All, now);
    }
}

fn slot_number(index: usize) -> u32 {
    u32::try_from(index).expect("there are fewer than 2^32 sessions")
}
