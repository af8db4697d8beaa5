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
use super::session::{Covered, Ended, Loss, NOTHING, Seen, Session, Slot};
use super::table::{Effect, effect, is_ducked_in_tab, is_ducked_under_call};

/// What a pass finds of a session with a claim.
#[derive(Clone, Copy)]
enum Verdict {
    Free,
    Blocked,
    Taken(Slot),
}

/// How far down a pass must go in any case.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Scope {
    /// To the oldest: what concerns everybody has changed.
    All,
    /// To this place in the order, where something has changed.
    DownTo(u64),
}

const EXCLUSIVE: [AudioSessionType; 3] =
    [AudioSessionType::Playback, AudioSessionType::PlayAndRecord, AudioSessionType::TransientSolo];

const DUCKERS: [AudioSessionType; 3] =
    [AudioSessionType::PlayAndRecord, AudioSessionType::TransientSolo, AudioSessionType::Transient];

impl Arbiter {
    /// Brings everything up to date. `changed` is the session that was granted, or whose types
    /// changed: it evicts what conflicts with it.
    pub(super) fn settle(&mut self, changed: Option<Slot>, scope: Scope, now: Timestamp) {
        let candidate = changed.filter(|_| self.policy.mode != Mode::None);
        let rivals = candidate.and_then(|slot| Some((slot, self.rivals_of_winner(slot)?)));
        let winner = rivals.as_ref().map(|(winner, _)| *winner);
        if let Some((winner, rivals)) = rivals {
            let by = self.at(winner).id;
            for rival in rivals {
                self.end_now(rival, Ended::Evicted(by));
            }
        }
        self.pass += 1;
        let seen = self.settle_exclusive(changed, winner, scope, now);
        let is_changed = |this: &Self, weights: &[AudioSessionType]| {
            scope == Scope::All || weights.iter().any(|weight| this.changed[*weight as usize])
        };
        if is_changed(self, &EXCLUSIVE) || is_changed(self, &[AudioSessionType::Transient]) {
            self.settle_transients(winner, &seen, now);
        }
        if is_changed(self, &[AudioSessionType::TransientSolo]) {
            for index in 0..self.ambients.len() {
                self.settle_ambient(self.ambients[index], &seen, now);
            }
        } else if let Some(slot) = changed.filter(|slot| self.at(*slot).claim)
            && self.at(slot).weight == AudioSessionType::Ambient
        {
            self.settle_ambient(slot, &seen, now);
        }
        self.release_of_ended();
        if is_changed(self, &DUCKERS) {
            self.settle_ducks();
        }
        // Whoever else sounds is as it was for the others.
        for index in 0..self.touched.len() {
            let slot = self.touched[index];
            let ducked = self.at(slot).claim && self.find_ducker(slot);
            self.set_ducked(slot, ducked);
        }
        self.changed = [false; 6];
    }

    /// Notes that a session became active, or is no longer.
    pub(super) fn note_activity(&mut self, slot: Slot) {
        let session = &self.sessions[slot.0 as usize];
        let (weight, active) = (session.weight, session.active);
        let tab = &mut self.tabs[session.tab.0 as usize];
        let change =
            |count: &mut u32| *count = count.wrapping_add_signed(if active { 1 } else { -1 });
        change(&mut tab.active);
        change(&mut self.active[weight as usize]);
        self.changed[weight as usize] = true;
        self.touch(slot);
    }

    pub(super) fn active_exclusive(&self) -> u32 {
        EXCLUSIVE.into_iter().map(|weight| self.active[weight as usize]).sum()
    }

    /// Whether reasons of the operating system or holds block a session.
    pub(super) fn is_held(&self, session: &Session) -> bool {
        session.is_held() || self.os.iter().any(|it| it.concerns(session))
    }

    /// `newer` has the active sessions that are newer, `all` every active one that is settled yet.
    fn verdict(&self, session: &Session, newer: &Seen, all: &Seen) -> Verdict {
        let mut blocked = self.is_held(session);
        if self.policy.mode == Mode::Browser {
            if let Some(taker) = newer.taker(session) {
                return Verdict::Taken(taker);
            }
            blocked = blocked || newer.interrupts(session) || all.silences(session);
        }
        if self.policy.mode != Mode::None {
            blocked = blocked || newer.interrupts_in_tab(session) || all.silences_in_tab(session);
        }
        if blocked { Verdict::Blocked } else { Verdict::Free }
    }

    /// Whether a session is neither blocked nor taken if nobody is evicted; then with those of its
    /// tab that conflict with it and would be active, too.
    fn rivals_of_winner(&self, slot: Slot) -> Option<Vec<Slot>> {
        let session = self.at(slot);
        if !session.claim || !session.is_exclusive() {
            return None;
        }
        let is_alone = self.tabs[session.tab.0 as usize].sessions == 1;
        // Nobody is newer than one that was just granted: the usual case, and so the cheap one.
        if is_alone && self.exclusive.last() == Some(&slot) {
            let is_free = matches!(self.verdict(session, &NOTHING, &NOTHING), Verdict::Free);
            return is_free.then(Vec::new);
        }
        let mut all = Seen::default();
        let mut free = Vec::new();
        for other in self.exclusive.iter().rev() {
            let candidate = self.at(*other);
            if matches!(self.verdict(candidate, &all, &NOTHING), Verdict::Free) {
                all.add(candidate, *other);
                free.push(*other);
            }
            if is_alone && *other == slot {
                break;
            }
        }
        if !is_alone || !session.weight.is_exclusive() {
            let exclusive = free.len();
            let (mut newer, mut next) = (Seen::default(), 0);
            for other in self.transients.iter().rev() {
                let candidate = self.at(*other);
                while let Some(above) = free[..exclusive].get(next).copied()
                    && self.at(above).order > candidate.order
                {
                    newer.add(self.at(above), above);
                    next += 1;
                }
                if matches!(self.verdict(candidate, &newer, &all), Verdict::Free) {
                    free.push(*other);
                }
            }
        }
        let is_free = free.contains(&slot);
        free.retain(|other| {
            let other_session = self.at(*other);
            *other != slot
                && other_session.tab == session.tab
                && other_session.conflicts_with(session)
        });
        is_free.then_some(free)
    }

    fn settle_exclusive(
        &mut self,
        changed: Option<Slot>,
        winner: Option<Slot>,
        scope: Scope,
        now: Timestamp,
    ) -> Seen {
        let mut seen = Seen::default();
        let mut has_ended = false;
        let mut has_new_taker = false;
        let mut remaining = self.counts;
        let mut remaining_active = self.active_exclusive();
        for index in (0..self.exclusive.len()).rev() {
            let slot = self.exclusive[index];
            let session = self.at(slot);
            let (order, weight, was_active) = (session.order, session.weight, session.active);
            let tab = session.tab;
            remaining[weight as usize] -= 1;
            remaining_active -= u32::from(was_active);
            let tab = &mut self.tabs[tab.0 as usize];
            tab.start_pass(self.pass);
            tab.visited += 1;
            let verdict = self.verdict(self.at(slot), &seen, &NOTHING);
            has_ended |= self.carry_out(slot, verdict, winner, now);
            let session = self.at(slot);
            if session.active {
                let is_new = !was_active || changed == Some(slot);
                has_new_taker |= weight == AudioSessionType::Playback && is_new;
                seen.add(&self.sessions[slot.0 as usize], slot);
            }
            let is_done = remaining_active == 0
                && matches!(scope, Scope::DownTo(last) if order <= last)
                && self.is_rest_blocked(&seen, &remaining, has_new_taker);
            if is_done {
                break;
            }
        }
        if has_ended {
            self.unlist_ended();
        }
        seen
    }

    /// Whether all that the pass has not visited yet is blocked by other tabs, as it was before.
    fn is_rest_blocked(&self, seen: &Seen, remaining: &[u32; 6], has_new_taker: bool) -> bool {
        let tabs_act = self.policy.mode == Mode::Browser;
        EXCLUSIVE.into_iter().all(|weight| {
            if remaining[weight as usize] == 0 {
                return true;
            }
            // What was blocked for a time is lost to a new taker.
            let may_be_taken =
                has_new_taker && effect(AudioSessionType::Playback, weight, true) == Effect::Take;
            !may_be_taken
                && tabs_act
                && match seen.covers(weight) {
                    None => false,
                    Some(Covered::All) => true,
                    Some(Covered::AllBut(tab)) => {
                        let tab = &self.tabs[tab.0 as usize];
                        tab.visited == tab.exclusive_claims
                    }
                }
        })
    }

    fn settle_transients(&mut self, winner: Option<Slot>, all: &Seen, now: Timestamp) {
        let mut newer = Seen::default();
        let mut exclusive = self.exclusive.len();
        let mut has_ended = false;
        for index in (0..self.transients.len()).rev() {
            let slot = self.transients[index];
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
            self.unlist_ended();
        }
    }

    /// Ambient sound is interrupted by what plays exclusively, newer or older; its place does not
    /// matter, and it conflicts with nothing.
    fn settle_ambient(&mut self, slot: Slot, all: &Seen, now: Timestamp) {
        let verdict = self.verdict(self.at(slot), all, all);
        let has_ended = self.carry_out(slot, verdict, None, now);
        debug_assert!(!has_ended, "nothing takes or evicts ambient sound");
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
        self.set_active(slot, active);
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
        if let Some(group) = session.cascade_group() {
            tab.first[group as usize].get_or_insert(slot);
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

    /// Whether an active session interrupts another with a claim, which then resumes.
    pub(super) fn interrupts(&self, other: &Session, session: &Session) -> bool {
        let is_newer = other.order > session.order;
        self.acts_by_table(other, session)
            && effect(other.weight, session.weight, is_newer) == Effect::Interrupt
    }

    /// Whether the focus table says what an active session does to another one.
    fn acts_by_table(&self, other: &Session, session: &Session) -> bool {
        match other.tab == session.tab {
            true => self.policy.mode != Mode::None && other.is_solo_entry(),
            false => self.policy.mode == Mode::Browser,
        }
    }

    /// Whether an active session ducks another with a claim.
    pub(super) fn ducks(&self, other: &Session, session: &Session) -> bool {
        let is_newer = other.order > session.order;
        let by_table = self.acts_by_table(other, session)
            && effect(other.weight, session.weight, is_newer) == Effect::Duck;
        let besides = match other.tab == session.tab {
            true => {
                self.policy.mode != Mode::None && is_ducked_in_tab(other.weight, session.weight)
            }
            false => {
                self.policy.mode == Mode::Browser
                    && !is_newer
                    && self.policy.over_call == OverCall::Duck
                    && is_ducked_under_call(other.weight, session.weight)
            }
        };
        by_table || besides
    }

    /// Whether an active session ducks one with a claim, looking at every one that could.
    fn find_ducker(&self, slot: Slot) -> bool {
        let session = self.at(slot);
        self.duckers.iter().any(|other| self.ducks(self.at(*other), session))
    }

    fn settle_ducks(&mut self) {
        let sessions = &self.sessions;
        let is_active_ducker = |slot: &&Slot| {
            let session = &sessions[slot.0 as usize];
            session.active && DUCKERS.contains(&session.weight)
        };
        let [calls, solos, transients] = DUCKERS.map(|weight| self.active[weight as usize]);
        self.duckers.clear();
        if calls + solos > 0 {
            self.duckers.extend(self.exclusive.iter().filter(is_active_ducker));
        }
        if transients > 0 {
            self.duckers.extend(self.transients.iter().filter(is_active_ducker));
        }
        let has_ducked = std::mem::replace(&mut self.has_ducked, !self.duckers.is_empty());
        if self.duckers.is_empty() && !has_ducked {
            return;
        }
        for index in 0..self.exclusive.len() {
            let slot = self.exclusive[index];
            let ducked = self.find_ducker(slot);
            self.set_ducked(slot, ducked);
        }
        // Ambient sound is ducked only inside its tab, and a transient never.
        let has_transients = transients > 0;
        if std::mem::replace(&mut self.has_ducked_ambients, has_transients) || has_transients {
            for index in 0..self.ambients.len() {
                let slot = self.ambients[index];
                let ducked = self.find_ducker(slot);
                self.set_ducked(slot, ducked);
            }
        }
    }

    fn set_ducked(&mut self, slot: Slot, ducked: bool) {
        if self.at(slot).ducked != ducked {
            self.at_mut(slot).ducked = ducked;
            self.touch(slot);
        }
    }
}
