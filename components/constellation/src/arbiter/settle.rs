/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Who is active: passes over the sessions with a claim, from the newest to the oldest.
//!
//! Exclusive weights come first: whether one is active depends on newer ones only. The cost is that
//! of the claims; sessions that sound nothing and wait for nothing are not looked at.

use sordino_traits::{AudioSessionType, Timestamp};

use super::Arbiter;
use super::input::{Mode, OverCall};
use super::session::{Ended, Loss, Seen, Session, Slot};
use super::table::{Effect, effect, is_ducked_in_tab, is_ducked_under_call};

/// What a pass finds of a session with a claim.
#[derive(Clone, Copy)]
enum Verdict {
    Free,
    Blocked,
    Taken(Slot),
}

impl Arbiter {
    /// Brings everything up to date. `winner` is the session that evicts what conflicts with it.
    pub(super) fn settle(&mut self, winner: Option<Slot>, now: Timestamp) {
        let winner =
            winner.filter(|slot| self.policy.mode != Mode::None && self.would_be_active(*slot));
        self.pass += 1;
        self.has_duckers = false;
        let seen = self.settle_exclusive(winner, now);
        self.settle_others(winner, &seen, now);
        self.release_of_ended();
        self.settle_ducks();
    }

    /// Whether reasons of the operating system or holds block a session.
    fn is_held(&self, session: &Session) -> bool {
        session.is_held() || self.os.iter().any(|it| it.concerns(session))
    }

    /// `newer` has the active sessions that are newer, `all` every active one that is settled yet.
    fn verdict(&self, session: &Session, newer: &Seen, all: &Seen) -> Verdict {
        let mut blocked = self.is_held(session);
        if self.policy.mode == Mode::Browser {
            for (weight, slot) in newer.others(session.tab) {
                match effect(weight, session.weight, true) {
                    Effect::Take => return Verdict::Taken(slot),
                    Effect::Interrupt => blocked = true,
                    Effect::Duck | Effect::None => {}
                }
            }
            blocked = blocked
                || all
                    .others(session.tab)
                    .any(|(weight, _)| effect(weight, session.weight, false) == Effect::Interrupt);
        }
        if blocked { Verdict::Blocked } else { Verdict::Free }
    }

    /// Whether a session is neither blocked nor taken, if nobody is evicted.
    fn would_be_active(&self, slot: Slot) -> bool {
        let session = self.at(slot);
        if !session.claim || !session.is_exclusive() {
            return false;
        }
        let nothing = Seen::default();
        if self.exclusive.last() == Some(&slot) {
            return matches!(self.verdict(session, &nothing, &nothing), Verdict::Free);
        }
        let (mut newer, mut all) = (Seen::default(), Seen::default());
        for other in self.exclusive.iter().rev() {
            let candidate = self.at(*other);
            let verdict = self.verdict(candidate, &all, &nothing);
            if *other == slot {
                return matches!(verdict, Verdict::Free);
            }
            if matches!(verdict, Verdict::Free) {
                all.add(candidate, *other);
                if candidate.order > session.order {
                    newer.add(candidate, *other);
                }
            }
        }
        matches!(self.verdict(session, &newer, &all), Verdict::Free)
    }

    fn settle_exclusive(&mut self, winner: Option<Slot>, now: Timestamp) -> Seen {
        let nothing = Seen::default();
        let mut seen = Seen::default();
        let mut has_ended = false;
        for index in (0..self.exclusive.len()).rev() {
            let slot = self.exclusive[index];
            let verdict = self.verdict(self.at(slot), &seen, &nothing);
            has_ended |= self.carry_out(slot, verdict, winner, now);
            if self.at(slot).active {
                seen.add(&self.sessions[slot.0 as usize], slot);
            }
        }
        if has_ended {
            let sessions = &self.sessions;
            self.exclusive.retain(|slot| sessions[slot.0 as usize].claim);
        }
        seen
    }

    fn settle_others(&mut self, winner: Option<Slot>, all: &Seen, now: Timestamp) {
        let mut newer = Seen::default();
        let mut exclusive = self.exclusive.len();
        let mut has_ended = false;
        for index in (0..self.others.len()).rev() {
            let slot = self.others[index];
            let order = self.at(slot).order;
            while let Some(next) = exclusive.checked_sub(1)
                && self.at(self.exclusive[next]).order > order
            {
                let other = self.exclusive[next];
                if self.at(other).active {
                    newer.add(&self.sessions[other.0 as usize], other);
                }
                exclusive = next;
            }
            let verdict = self.verdict(self.at(slot), &newer, all);
            has_ended |= self.carry_out(slot, verdict, winner, now);
        }
        if has_ended {
            let sessions = &self.sessions;
            self.others.retain(|slot| sessions[slot.0 as usize].claim);
        }
    }

    /// Makes a session what a pass found. Returns whether its claim ended.
    fn carry_out(
        &mut self,
        slot: Slot,
        verdict: Verdict,
        winner: Option<Slot>,
        now: Timestamp,
    ) -> bool {
        if matches!(verdict, Verdict::Free)
            && let Some(by) = self.evicted_by(slot, winner)
        {
            self.end_claim(slot, Ended::Evicted(self.at(by).id));
            return true;
        }
        if let Verdict::Taken(taker) = verdict {
            let id = self.at(taker).id;
            self.end_claim(slot, Ended::Taken(id));
            self.at_mut(slot).loss = Some(Loss { taker, at: now });
            self.at_mut(taker).took.push(slot);
            return true;
        }
        let active = matches!(verdict, Verdict::Free);
        if self.at(slot).active != active {
            self.at_mut(slot).active = active;
            self.touch(slot);
        }
        if active {
            self.enter_tab(slot);
        }
        false
    }

    /// The session of the same tab for which one that is free must yield.
    fn evicted_by(&self, slot: Slot, winner: Option<Slot>) -> Option<Slot> {
        let session = self.at(slot);
        if self.policy.mode == Mode::None || !session.is_exclusive() || winner == Some(slot) {
            return None;
        }
        let by_winner = winner.filter(|winner| {
            let winner = self.at(*winner);
            winner.tab == session.tab && winner.conflicts_with(session)
        });
        let tab = &self.tabs[session.tab.0 as usize];
        by_winner.or_else(|| {
            tab.active_exclusive(self.pass)
                .into_iter()
                .flatten()
                .find(|other| self.at(*other).conflicts_with(session))
        })
    }

    /// Notes an active session in its tab, for those that are settled later.
    fn enter_tab(&mut self, slot: Slot) {
        let session = &self.sessions[slot.0 as usize];
        let tab = &mut self.tabs[session.tab.0 as usize];
        tab.start_pass(self.pass);
        if session.is_exclusive() {
            let place = if session.is_auto() { &mut tab.auto } else { &mut tab.explicit };
            place.get_or_insert(slot);
        }
        match session.weight {
            AudioSessionType::Transient => {
                tab.has_transient = true;
                self.has_duckers = true;
            }
            AudioSessionType::TransientSolo | AudioSessionType::PlayAndRecord => {
                self.has_duckers = true;
            }
            _ => {}
        }
    }

    /// What was lost to a session whose claim has ended is inactive.
    pub(super) fn release_of_ended(&mut self) {
        while let Some(slot) = self.ended.pop() {
            for lost in std::mem::take(&mut self.at_mut(slot).took) {
                if self.at(lost).loss.is_some_and(|loss| loss.taker == slot) {
                    self.at_mut(lost).loss = None;
                    self.touch(lost);
                }
            }
        }
    }

    fn settle_ducks(&mut self) {
        if !self.has_duckers && !self.has_ducked {
            return;
        }
        self.has_ducked = self.has_duckers;
        if self.policy.mode == Mode::None {
            self.unduck_all();
            return;
        }
        let mut newer = Seen::default();
        let (mut exclusive, mut others) = (self.exclusive.len(), self.others.len());
        // Both lists as one, from the newest to the oldest.
        loop {
            let next = |list: &[Slot], end: usize| end.checked_sub(1).map(|it| list[it]);
            let slot = match (next(&self.exclusive, exclusive), next(&self.others, others)) {
                (Some(a), Some(b)) if self.at(a).order > self.at(b).order => {
                    exclusive -= 1;
                    a
                }
                (_, Some(b)) => {
                    others -= 1;
                    b
                }
                (Some(a), None) => {
                    exclusive -= 1;
                    a
                }
                (None, None) => break,
            };
            let session = self.at(slot);
            let ducked = self.is_ducked_by_newer(session, &newer);
            if session.active {
                newer.add(&self.sessions[slot.0 as usize], slot);
            }
            self.set_ducked(slot, ducked);
        }
        if self.policy.mode == Mode::Browser && self.policy.over_call == OverCall::Duck {
            self.duck_under_older_calls();
        }
    }

    fn is_ducked_by_newer(&self, session: &Session, newer: &Seen) -> bool {
        let tab = &self.tabs[session.tab.0 as usize];
        let in_tab = tab.pass == self.pass
            && tab.has_transient
            && is_ducked_in_tab(AudioSessionType::Transient, session.weight);
        in_tab
            || self.policy.mode == Mode::Browser
                && newer
                    .others(session.tab)
                    .any(|(weight, _)| effect(weight, session.weight, true) == Effect::Duck)
    }

    fn duck_under_older_calls(&mut self) {
        let mut older = Seen::default();
        for index in 0..self.exclusive.len() {
            let slot = self.exclusive[index];
            let session = self.at(slot);
            let weight = session.weight;
            if older.others(session.tab).any(|(older, _)| is_ducked_under_call(older, weight)) {
                self.set_ducked(slot, true);
            } else if session.active {
                older.add(&self.sessions[slot.0 as usize], slot);
            }
        }
    }

    fn unduck_all(&mut self) {
        for index in 0..self.exclusive.len() {
            self.set_ducked(self.exclusive[index], false);
        }
        for index in 0..self.others.len() {
            self.set_ducked(self.others[index], false);
        }
    }

    fn set_ducked(&mut self, slot: Slot, ducked: bool) {
        if self.at(slot).ducked != ducked {
            self.at_mut(slot).ducked = ducked;
            self.touch(slot);
        }
    }
}
