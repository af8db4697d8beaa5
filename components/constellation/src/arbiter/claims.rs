/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Claims: how they begin and end, their order, and the counts of them.

use sordino_traits::{AudioSessionType, SessionTypes, Timestamp};

use super::Arbiter;
use super::input::{Hold, Mode, OverCall};
use super::session::{Ended, GaveUp, Slot};
use super::settle::Scope;

impl Arbiter {
    pub(super) fn grant(&mut self, slot: Slot, by_user: bool, now: Timestamp) {
        self.forget_loss(slot);
        self.relist(slot, |this| {
            let order = this.new_order(slot);
            let number = this.numbers + u64::from(by_user);
            this.numbers = number;
            this.begin_claim(slot);
            let session = this.at_mut(slot);
            session.order = order;
            session.granted_at = now;
            if by_user {
                session.user_grant = number;
                session.set_hold(Hold::User, false);
            }
        });
    }

    fn begin_claim(&mut self, slot: Slot) {
        let number = self.claim_numbers + 1;
        let session = self.at_mut(slot);
        session.gave_up = None;
        if !session.claim {
            (session.claim, session.claim_number) = (true, number);
            self.claim_numbers = number;
        }
    }

    /// Gives a session what it gave up while it was interrupted, if that lasts. Returns whether it does.
    pub(super) fn take_up(&mut self, slot: Slot, now: Timestamp) -> bool {
        let session = self.at(slot);
        match session.gave_up {
            Some(GaveUp::Loss { loss, claim }) => {
                let is_held = self.has_claim(loss.taker, claim)
                    && self.policy.mode == Mode::Browser
                    && now.since(loss.at) < self.policy.reclaim_guard;
                if is_held {
                    self.at_mut(loss.taker).took.push(slot);
                    let session = self.at_mut(slot);
                    (session.gave_up, session.loss) = (None, Some(loss));
                    self.touch(slot);
                }
                is_held
            }
            Some(GaveUp::Place) => {
                let mut others = self.claims().into_iter().map(|other| self.at(other));
                let is_held = self.is_held(session)
                    || others.any(|other| other.active && self.interrupts(other, session));
                if is_held {
                    self.relist(slot, |this| this.begin_claim(slot));
                }
                is_held
            }
            None => false,
        }
    }

    /// Whether the claim with this number lasts, which that session had.
    pub(super) fn has_claim(&self, slot: Slot, number: u64) -> bool {
        let session = self.at(slot);
        !session.has_left && session.claim && session.claim_number == number
    }

    /// What a session gives up that stops now.
    fn would_give_up(&self, slot: Slot) -> Option<GaveUp> {
        let session = self.at(slot);
        match session.loss {
            Some(loss) => Some(GaveUp::Loss { loss, claim: self.at(loss.taker).claim_number }),
            None => (session.claim && !session.active).then_some(GaveUp::Place),
        }
    }

    /// Changes what decides in which list a session is, where, and how it counts: as if it stopped,
    /// and went on as something else.
    pub(super) fn relist(&mut self, slot: Slot, change: impl FnOnce(&mut Self)) {
        let was_active = self.set_active(slot, false);
        self.unlist(slot);
        change(self);
        if self.at(slot).claim {
            self.list(slot);
            self.set_active(slot, was_active);
            self.touch(slot);
        }
    }

    /// Returns whether the session was active.
    pub(super) fn set_active(&mut self, slot: Slot, active: bool) -> bool {
        let was_active = std::mem::replace(&mut self.at_mut(slot).active, active);
        if was_active != active {
            self.note_activity(slot);
        }
        was_active
    }

    /// The place of a session that is granted now: on top, or below the calls that it waits for.
    fn new_order(&mut self, slot: Slot) -> u64 {
        self.grants += 1;
        let session = self.at(slot);
        let waits = self.policy.mode == Mode::Browser
            && self.policy.over_call == OverCall::Hold
            && session.weight == AudioSessionType::Playback;
        if !waits {
            return self.grants;
        }
        let oldest_call = self.exclusive.iter().map(|it| self.at(*it)).find(|other| {
            other.active
                && other.tab != session.tab
                && other.weight == AudioSessionType::PlayAndRecord
        });
        let Some(order) = oldest_call.map(|call| call.order) else { return self.grants };
        // Those too that may take their place up again.
        for other in &mut self.sessions {
            other.order += u64::from(other.order >= order);
        }
        order
    }

    /// The list in which a session with a claim is.
    fn list_of(&mut self, slot: Slot) -> &mut Vec<Slot> {
        match self.at(slot).weight {
            AudioSessionType::Transient => &mut self.transients,
            AudioSessionType::Ambient => &mut self.ambients,
            _ => &mut self.exclusive,
        }
    }

    /// Where in its list a session is, or belongs.
    fn place_of(&self, slot: Slot, list: &[Slot]) -> usize {
        let order = self.at(slot).order;
        list.partition_point(|other| self.at(*other).order < order)
    }

    fn list(&mut self, slot: Slot) {
        let mut list = std::mem::take(self.list_of(slot));
        list.insert(self.place_of(slot, &list), slot);
        *self.list_of(slot) = list;
        self.count(slot, 1);
    }

    fn unlist(&mut self, slot: Slot) {
        if !self.at(slot).claim {
            return;
        }
        let mut list = std::mem::take(self.list_of(slot));
        list.remove(self.place_of(slot, &list));
        *self.list_of(slot) = list;
        self.count(slot, -1);
    }

    /// Counts a session that enters its list or leaves it, with what it does there.
    fn count(&mut self, slot: Slot, change: i32) {
        let session = &self.sessions[slot.0 as usize];
        let weight = session.weight;
        let count = &mut self.counts[weight as usize];
        *count = count.wrapping_add_signed(change);
        if weight.is_exclusive() {
            let count = &mut self.tabs[session.tab.0 as usize].exclusive_claims;
            *count = count.wrapping_add_signed(change);
        }
        self.changed[weight as usize] = true;
    }

    pub(super) fn set_types(&mut self, slot: Slot, types: SessionTypes) {
        if self.at(slot).types == types {
            return;
        }
        self.relist(slot, |this| {
            let session = this.at_mut(slot);
            session.types = types;
            session.weight = types.weight();
        });
    }

    pub(super) fn forget_loss(&mut self, slot: Slot) {
        if let Some(loss) = self.at_mut(slot).loss.take() {
            self.at_mut(loss.taker).took.retain(|it| *it != slot);
            self.touch(slot);
        }
    }

    /// Ends a claim; the session is still in its list.
    pub(super) fn end_claim(&mut self, slot: Slot, why: Ended) {
        self.set_active(slot, false);
        let session = self.at_mut(slot);
        (session.claim, session.ducked) = (false, false);
        session.ended = why;
        self.ended.push(slot);
        self.touch(slot);
    }

    /// Ends a session's claim or loss, and settles.
    pub(super) fn end(&mut self, slot: Slot, why: Ended, now: Timestamp) {
        let order = self.at(slot).order;
        let by_itself = matches!(why, Ended::Abandoned | Ended::Paused);
        let gives_up = self.would_give_up(slot).filter(|_| by_itself);
        let was_lost = self.at(slot).loss.is_some();
        self.end_now(slot, why);
        let session = self.at_mut(slot);
        session.gave_up = gives_up.or(session.gave_up);
        if was_lost {
            session.ended = why;
        }
        self.settle(None, Scope::DownTo(order), now);
    }

    pub(super) fn end_now(&mut self, slot: Slot, why: Ended) {
        self.forget_loss(slot);
        if self.at(slot).claim {
            self.unlist(slot);
            self.end_claim(slot, why);
        }
    }

    /// Takes sessions whose claims have ended out of the lists.
    pub(super) fn unlist_ended(&mut self) {
        for slot in self.claims() {
            if !self.at(slot).claim {
                self.count(slot, -1);
            }
        }
        let sessions = &self.sessions;
        for list in [&mut self.exclusive, &mut self.transients, &mut self.ambients] {
            list.retain(|slot| sessions[slot.0 as usize].claim);
        }
    }
}
