/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What is told of what has changed.

use sordino_traits::messages::RequestNumber;
use sordino_traits::{AudioSessionState, AudioSessionType, SessionTypes, TabId, Timestamp};

use super::Arbiter;
use super::input::{Output, SessionId};
use super::session::{GaveUp, Session, Slot};

/// A session as it is now.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct SessionSnapshot {
    /// The session.
    pub session: SessionId,
    /// Its tab.
    pub tab: TabId,
    /// What it says of itself.
    pub types: SessionTypes,
    /// Its state.
    pub state: AudioSessionState,
    /// Whether it is ducked.
    pub ducked: bool,
    /// Its place among all that sound or wait to sound, 0 for the newest.
    pub place: Option<usize>,
    /// To whom it was lost for good.
    pub lost_to: Option<SessionId>,
    /// What it stopped to wait for, and gets back when it goes on without the user.
    pub gave_up: Option<Waiting>,
}

/// What a session gave up that stopped of its own accord while it was interrupted.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Waiting {
    /// To come back to its place, below so many that sound or wait to sound.
    At(usize),
    /// That this one ends, to which it was lost for good.
    For(SessionId),
}

impl Arbiter {
    /// All sessions, by their ids.
    pub fn snapshot(&self) -> Vec<SessionSnapshot> {
        let mut newest_first = self.claims();
        newest_first.sort_unstable_by_key(|slot| std::cmp::Reverse(self.at(*slot).order));
        let of = |slot: &Slot| {
            let session = self.at(*slot);
            SessionSnapshot {
                session: session.id,
                tab: session.tab_id,
                types: session.types,
                state: session.told,
                ducked: session.ducked,
                place: newest_first.iter().position(|other| other == slot),
                lost_to: session.loss.map(|loss| self.at(loss.taker).id),
                gave_up: self.waiting(session, &newest_first),
            }
        };
        let mut all: Vec<_> = self.index.values().map(of).collect();
        all.sort_unstable_by_key(|snapshot| snapshot.session);
        all
    }

    fn waiting(&self, session: &Session, newest_first: &[Slot]) -> Option<Waiting> {
        match session.gave_up? {
            GaveUp::Place => {
                let is_newer = |slot: &&Slot| self.at(**slot).order > session.order;
                Some(Waiting::At(newest_first.iter().take_while(is_newer).count()))
            }
            GaveUp::Loss { loss, claim } => {
                self.has_claim(loss.taker, claim).then(|| Waiting::For(self.at(loss.taker).id))
            }
        }
    }

    pub(super) fn newest_active(&self) -> Option<Slot> {
        let newest = |list: &[Slot], active: u32| {
            let mut newest_first = list.iter().rev().copied().filter(|_| active > 0);
            newest_first.find(|slot| self.at(*slot).active)
        };
        let of = |weight: AudioSessionType| self.active[weight as usize];
        [
            newest(&self.exclusive, self.active_exclusive()),
            newest(&self.transients, of(AudioSessionType::Transient)),
            newest(&self.ambients, of(AudioSessionType::Ambient)),
        ]
        .into_iter()
        .flatten()
        .max_by_key(|slot| self.at(*slot).order)
    }

    pub(super) fn outputs(
        &mut self,
        answer: Option<(Slot, RequestNumber)>,
        now: Timestamp,
    ) -> Vec<Output> {
        let mut touched = std::mem::take(&mut self.touched);
        touched.extend(answer.map(|(slot, _)| slot));
        touched.sort_unstable();
        touched.dedup();
        // With room for what mostly follows: the selections of two tabs and the system's focus.
        let mut outputs = Vec::with_capacity(touched.len() + 3);
        for slot in touched.drain(..) {
            // One that left is told nothing.
            if self.at(slot).has_left {
                continue;
            }
            let answers = answer.filter(|(asked, _)| *asked == slot).map(|(_, request)| request);
            let session = self.at_mut(slot);
            let (id, state) = (session.id, session.state());
            let has_changed = session.told != state;
            if has_changed {
                (session.told, session.since) = (state, now);
            }
            if session.told_ducked != session.ducked {
                session.told_ducked = session.ducked;
                outputs.push(Output::Ducked { session: id, ducked: session.ducked });
            }
            if has_changed || answers.is_some() {
                outputs.push(Output::State { session: id, state, answers });
            }
        }
        self.touched = touched;
        // Who falls silent comes before who begins to sound.
        outputs.sort_by_key(|output| match output {
            Output::State { state, .. } => u8::from(*state == AudioSessionState::Active),
            _ => 2,
        });
        self.tell_selections(&mut outputs);
        let newest = self.newest_active().map(|slot| self.at(slot).types.computed_type);
        // Who gave focus back because another program has it would not get it again.
        let waits = !self.os.is_empty() && self.counts.iter().any(|count| *count > 0);
        let focus = newest.or(self.told_focus.filter(|_| waits));
        if self.told_focus != focus {
            self.told_focus = focus;
            outputs.push(Output::OsFocus(focus));
        }
        outputs
    }

    fn tell_selections(&mut self, outputs: &mut Vec<Output>) {
        let mut dirty = std::mem::take(&mut self.dirty_tabs);
        for slot in dirty.drain(..) {
            let newest = |list: &[Slot]| {
                let sessions = list.iter().rev().map(|it| self.at(*it));
                sessions.clone().find(|it| it.tab == slot && it.active && it.is_exclusive())
            };
            let both = match self.tabs[slot.0 as usize].active {
                0 => [None, None],
                _ => [newest(&self.exclusive), newest(&self.transients)],
            };
            let selected = both.into_iter().flatten().max_by_key(|it| it.order);
            let selected = selected.map(|it| (it.id, it.types.computed_type));
            let tab = &mut self.tabs[slot.0 as usize];
            tab.is_dirty = false;
            let id = tab.id;
            if tab.selected != selected {
                tab.selected = selected;
                outputs.push(Output::Selected { tab: id, session: selected });
            }
            if tab.sessions == 0 {
                self.tab_index.remove(&id);
                self.free_tabs.push(slot);
            }
        }
        self.dirty_tabs = dirty;
    }
}
