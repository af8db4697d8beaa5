/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The rules of audio focus, a second time: written from RULES.md alone, without regard to speed.
//! The arbiter is compared with it. Comments name the chapters of RULES.md.

use sordino_constellation::arbiter::{
    Hold, Input, Mode, OsReason, Output, OverCall, Policy, SessionId,
};
use sordino_traits::messages::RequestNumber;
use sordino_traits::{AudioSessionState, AudioSessionType, SessionTypes, TabId, Timestamp};

use AudioSessionType::{Ambient, Auto, PlayAndRecord, Playback, Transient, TransientSolo};

/// "Lost for good".
#[derive(Clone, Copy)]
struct Loss {
    taker: SessionId,
    at: Timestamp,
}

/// "Requests": what a session gave up.
#[derive(Clone, Copy)]
enum GaveUp {
    Place,
    Loss(Loss),
}

#[derive(Clone)]
struct Session {
    id: SessionId,
    tab: TabId,
    types: SessionTypes,
    holds: Vec<Hold>,
    claim: bool,
    loss: Option<Loss>,
    gave_up: Option<GaveUp>,
    user_grant: Option<Timestamp>,

    // From here on: what `Reference::settle` and `Reference::duck` find out anew each time.
    blocked: bool,
    active: bool,
    ducked: bool,
    /// To whom the session is about to be lost.
    taker: Option<SessionId>,
}

impl Session {
    fn new(id: SessionId, tab: TabId) -> Self {
        Self {
            id,
            tab,
            types: SessionTypes::default(),
            holds: Vec::new(),
            claim: false,
            loss: None,
            gave_up: None,
            user_grant: None,
            blocked: false,
            active: false,
            ducked: false,
            taker: None,
        }
    }

    fn weight(&self) -> AudioSessionType {
        self.types.weight()
    }

    fn is_exclusive(&self) -> bool {
        self.types.computed_type.is_exclusive()
    }

    fn is_solo_entry(&self) -> bool {
        self.id.is_entry() && self.weight() == TransientSolo
    }

    /// "Terms": what its page sees.
    fn state(&self) -> AudioSessionState {
        if self.loss.is_some() {
            AudioSessionState::Interrupted
        } else if !self.claim {
            AudioSessionState::Inactive
        } else if self.blocked {
            AudioSessionState::Interrupted
        } else {
            AudioSessionState::Active
        }
    }
}

/// A reason of the operating system in force.
struct Reason {
    reason: OsReason,
    tab: Option<TabId>,
    began: Timestamp,
}

impl Reason {
    /// "Blocked": the second item.
    fn blocks(&self, session: &Session) -> bool {
        let concerns_tab = self.tab.is_none_or(|tab| tab == session.tab);
        let concerns_session = match self.reason {
            OsReason::Call | OsReason::Sleep | OsReason::Stream | OsReason::Device => true,
            OsReason::Focus => session.is_exclusive(),
            OsReason::Player(_) => {
                session.is_exclusive() && session.user_grant.is_none_or(|grant| self.began > grant)
            }
        };
        concerns_tab && concerns_session
    }
}

pub struct Reference {
    policy: Policy,
    /// From the oldest to the newest.
    sessions: Vec<Session>,
    reasons: Vec<Reason>,
    os_focus: Option<AudioSessionType>,
}

impl Reference {
    pub fn new(policy: Policy) -> Self {
        Self { policy, sessions: Vec::new(), reasons: Vec::new(), os_focus: None }
    }

    /// All outputs, in any order inside the groups that RULES.md names.
    pub fn handle(&mut self, input: &Input, now: Timestamp) -> Vec<Output> {
        let before = self.sessions.clone();
        let winner = self.apply(input, now);
        self.cascade(winner);
        self.lose(now);
        self.duck();
        self.outputs(&before, input)
    }

    pub fn state(&self, session: SessionId) -> AudioSessionState {
        self.index(session).map_or(AudioSessionState::Inactive, |x| self.sessions[x].state())
    }

    pub fn is_ducked(&self, session: SessionId) -> bool {
        self.index(session).is_some_and(|x| self.sessions[x].ducked)
    }

    fn index(&self, session: SessionId) -> Option<usize> {
        self.sessions.iter().position(|x| x.id == session)
    }

    /// What the input itself changes, and the winner of the cascade. All derived facts are still
    /// those from before the input.
    fn apply(&mut self, input: &Input, now: Timestamp) -> Option<SessionId> {
        match *input {
            Input::Joined { session, tab } => {
                // "Requests": joining twice is ignored.
                if self.index(session).is_none() {
                    self.sessions.push(Session::new(session, tab));
                }
            }
            Input::Left { session } => self.sessions.retain(|x| x.id != session),
            Input::Moved { session, tab } => self.change(session, |x| x.tab = tab),
            Input::TabClosed { tab } => {
                self.sessions.retain(|x| x.tab != tab);
                self.reasons.retain(|r| r.tab != Some(tab));
            }
            Input::Request { session, types, by_user, .. } => {
                return self.request(session, types, by_user, now);
            }
            // "Requests": these end claim and loss.
            Input::Abandon { session, .. } | Input::Pause { session } => {
                self.change(session, |x| {
                    if let Some(loss) = x.loss {
                        x.gave_up = Some(GaveUp::Loss(loss));
                    } else if x.claim && x.blocked {
                        x.gave_up = Some(GaveUp::Place);
                    }
                    (x.claim, x.loss) = (false, None);
                });
            }
            Input::TypesChanged { session, types } => {
                let x = self.index(session)?;
                return self.take_over_types(x, types).then_some(session);
            }
            Input::SetHold { session, hold, held } => self.change(session, |x| {
                x.holds.retain(|other| *other != hold);
                if held {
                    x.holds.push(hold);
                }
            }),
            Input::OsBegan { reason, tab } => self.begin(reason, tab, now),
            Input::OsEnded { reason, tab } => self.end(reason, tab, now),
            // "The operating system": the newest active session.
            Input::OsFocusDenied => {
                if let Some(x) = self.sessions.iter_mut().rfind(|x| x.active) {
                    x.claim = false;
                }
            }
            // "The operating system": those that are active or blocked by a loss for a time.
            Input::OsFocusLost => {
                for x in &mut self.sessions {
                    let is_focus = |r: &&Reason| r.reason == OsReason::Focus;
                    let is_held = self.reasons.iter().filter(is_focus).any(|r| r.blocks(x));
                    if (x.active || is_held) && x.is_exclusive() {
                        x.claim = false;
                    }
                }
                self.reasons.retain(|r| r.reason != OsReason::Focus);
                self.os_focus = None;
            }
            Input::SetPolicy(policy) => {
                self.policy = policy;
                // "Lost for good": in other modes every lost session is inactive.
                if policy.mode != Mode::Browser {
                    for x in &mut self.sessions {
                        x.loss = None;
                    }
                }
            }
        }
        None
    }

    fn change(&mut self, session: SessionId, change: impl FnOnce(&mut Session)) {
        if let Some(x) = self.index(session) {
            change(&mut self.sessions[x]);
        }
    }

    /// "Requests", and the winner.
    fn request(
        &mut self,
        session: SessionId,
        types: SessionTypes,
        by_user: bool,
        now: Timestamp,
    ) -> Option<SessionId> {
        let x = self.index(session)?;
        let wins_by_types = self.take_over_types(x, types);
        if let Some(loss) = self.sessions[x].loss {
            // 1.
            if !by_user && now.since(loss.at) < self.policy.reclaim_guard {
                return None;
            }
        } else if self.sessions[x].claim && self.sessions[x].blocked && !by_user {
            // 2.
            return wins_by_types.then_some(session);
        }
        // 3.
        if !by_user && self.sessions[x].loss.is_none() && self.take_up(x, now) {
            return None;
        }
        // 4.
        self.grant(x, by_user, now);
        Some(session)
    }

    /// "Requests": 3.
    fn take_up(&mut self, x: usize, now: Timestamp) -> bool {
        let is_held = match self.sessions[x].gave_up {
            None => false,
            Some(GaveUp::Place) => self.is_blocked(x),
            Some(GaveUp::Loss(loss)) => {
                self.policy.mode == Mode::Browser && now.since(loss.at) < self.policy.reclaim_guard
            }
        };
        if is_held {
            let session = &mut self.sessions[x];
            match session.gave_up.take() {
                Some(GaveUp::Loss(loss)) => session.loss = Some(loss),
                _ => session.claim = true,
            }
        }
        is_held
    }

    /// "The cascade": whether this makes the session the winner.
    fn take_over_types(&mut self, x: usize, types: SessionTypes) -> bool {
        let x = &mut self.sessions[x];
        let wins = x.claim && x.types != types;
        x.types = types;
        wins
    }

    fn grant(&mut self, x: usize, by_user: bool, now: Timestamp) {
        // "Requests": 4.
        let mut session = self.sessions.remove(x);
        session.claim = true;
        session.loss = None;
        session.gave_up = None;
        if by_user {
            session.holds.retain(|hold| *hold != Hold::User);
            session.user_grant = Some(now);
        }
        // "Terms": the order, and its one exception.
        let waits = self.policy.mode == Mode::Browser
            && self.policy.over_call == OverCall::Hold
            && session.weight() == Playback;
        let oldest_call = self.sessions.iter().position(|other| {
            waits && other.active && other.tab != session.tab && other.weight() == PlayAndRecord
        });
        let place = oldest_call.unwrap_or(self.sessions.len());
        self.sessions.insert(place, session);
    }

    fn begin(&mut self, reason: OsReason, tab: Option<TabId>, now: Timestamp) {
        // "The operating system": what is in force does not begin.
        if self.reason(reason, tab).is_none() {
            self.reasons.push(Reason { reason, tab, began: now });
        }
    }

    fn end(&mut self, reason: OsReason, tab: Option<TabId>, now: Timestamp) {
        // "The operating system": what is not in force does not end.
        let Some(r) = self.reason(reason, tab) else {
            return;
        };
        let ended = self.reasons.remove(r);
        // "The operating system": the end of a permanent reason.
        let lasted = now.since(ended.began);
        let is_permanent = match reason {
            OsReason::Device => true,
            OsReason::Player(_) => lasted > self.policy.peer_resume,
            OsReason::Sleep => lasted > self.policy.sleep_resume,
            OsReason::Call | OsReason::Stream | OsReason::Focus => false,
        };
        for x in &mut self.sessions {
            if is_permanent && ended.blocks(x) {
                x.claim = false;
            }
        }
    }

    fn reason(&self, reason: OsReason, tab: Option<TabId>) -> Option<usize> {
        self.reasons.iter().position(|r| r.reason == reason && r.tab == tab)
    }

    /// "Blocked", the last sentence: settles who is active, blocked or about to be lost.
    fn settle(&mut self) {
        for x in &mut self.sessions {
            x.active = false;
            x.blocked = false;
            x.taker = None;
        }
        for exclusive in [true, false] {
            for x in (0..self.sessions.len()).rev() {
                if self.sessions[x].weight().is_exclusive() != exclusive || !self.sessions[x].claim
                {
                    continue;
                }
                let taker = self.taker(x);
                let blocked = self.is_blocked(x);
                self.sessions[x].taker = taker;
                self.sessions[x].blocked = blocked;
                self.sessions[x].active = !blocked && taker.is_none();
            }
        }
    }

    /// "Blocked": the five items.
    fn is_blocked(&self, x: usize) -> bool {
        let session = &self.sessions[x];
        if !session.holds.is_empty() || self.reasons.iter().any(|r| r.blocks(session)) {
            return true;
        }
        if self.policy.mode == Mode::None {
            return false;
        }
        let weight = session.weight();
        let mut others = self.sessions.iter().enumerate();
        others.any(|(y, other)| {
            let concerns = match other.tab == session.tab {
                true => y != x && other.is_solo_entry(),
                false => self.policy.mode == Mode::Browser,
            };
            let interrupts = match other.weight() {
                PlayAndRecord => y > x && weight != Ambient,
                // The non-exclusive also wait for an older one.
                TransientSolo if matches!(weight, Transient | Ambient) => true,
                TransientSolo => y > x && weight != PlayAndRecord,
                _ => false,
            };
            other.active && concerns && interrupts
        })
    }

    /// "Lost for good": the newest session that takes `x` for good.
    fn taker(&self, x: usize) -> Option<SessionId> {
        let session = &self.sessions[x];
        let can_be_lost = self.policy.mode == Mode::Browser
            && matches!(session.weight(), Playback | TransientSolo | Transient);
        let mut newer = self.sessions[x + 1..].iter();
        newer
            .rfind(|other| {
                can_be_lost
                    && other.active
                    && other.tab != session.tab
                    && other.weight() == Playback
            })
            .map(|other| other.id)
    }

    /// "The cascade". Afterwards all is settled.
    fn cascade(&mut self, winner: Option<SessionId>) {
        // As things would be if nobody were evicted.
        self.settle();
        if self.policy.mode == Mode::None {
            return;
        }
        // The first item.
        if let Some(w) = winner.and_then(|winner| self.index(winner))
            && self.sessions[w].active
        {
            while let Some(x) = (0..self.sessions.len()).find(|x| *x != w && self.conflict(*x, w)) {
                self.sessions[x].claim = false;
                self.settle();
            }
        }
        // The second item: one at a time, as each eviction can let others resume.
        while let Some(x) = self.next_to_evict() {
            self.sessions[x].claim = false;
            self.settle();
        }
    }

    /// Whether the two conflict and would be active.
    fn conflict(&self, x: usize, y: usize) -> bool {
        let (x, y) = (&self.sessions[x], &self.sessions[y]);
        let both = |is: &dyn Fn(&Session) -> bool| is(x) && is(y);
        let conflict = if both(&|it| it.id.is_entry()) {
            both(&|it| it.types.computed_type == Playback)
        } else {
            !x.id.is_entry()
                && !y.id.is_entry()
                && both(&Session::is_exclusive)
                && !both(&|it| it.types.set_type == Auto)
        };
        conflict && x.tab == y.tab && x.active && y.active
    }

    /// Of the first pair that conflicts and would be active, the session that is settled later.
    fn next_to_evict(&self) -> Option<usize> {
        let is_exclusive = |x: &usize| self.sessions[*x].weight().is_exclusive();
        let newest_first = || (0..self.sessions.len()).rev();
        let in_settling_order: Vec<usize> = newest_first()
            .filter(is_exclusive)
            .chain(newest_first().filter(|x| !is_exclusive(x)))
            .collect();
        for (place, first) in in_settling_order.iter().enumerate() {
            for later in &in_settling_order[place + 1..] {
                if self.conflict(*first, *later) {
                    return Some(*later);
                }
            }
        }
        None
    }

    /// "Lost for good": losses begin, and end with their taker's claim.
    fn lose(&mut self, now: Timestamp) {
        for x in &mut self.sessions {
            if let Some(taker) = x.taker {
                x.claim = false;
                x.loss = Some(Loss { taker, at: now });
            }
        }
        for x in 0..self.sessions.len() {
            let taker = self.sessions[x].loss.and_then(|loss| self.index(loss.taker));
            if !taker.is_some_and(|taker| self.sessions[taker].claim) {
                self.sessions[x].loss = None;
            }
            if let Some(GaveUp::Loss(loss)) = self.sessions[x].gave_up {
                let taker = self.index(loss.taker);
                if !taker.is_some_and(|taker| self.sessions[taker].claim) {
                    self.sessions[x].gave_up = None;
                }
            }
        }
        self.settle();
    }

    /// "Ducked".
    fn duck(&mut self) {
        for x in 0..self.sessions.len() {
            let mut others = 0..self.sessions.len();
            self.sessions[x].ducked = others.any(|y| x != y && self.ducks(y, x));
        }
    }

    fn ducks(&self, y: usize, x: usize) -> bool {
        let (session, other) = (&self.sessions[x], &self.sessions[y]);
        if !session.claim || !other.active || self.policy.mode == Mode::None {
            return false;
        }
        let (weight, other_weight) = (session.weight(), other.weight());
        if other.tab == session.tab {
            let by_solo = other.is_solo_entry() && y > x && weight == PlayAndRecord;
            return by_solo || other_weight == Transient && weight != Transient;
        }
        if self.policy.mode != Mode::Browser {
            return false;
        }
        if y > x {
            (other_weight == Transient && matches!(weight, Playback | PlayAndRecord))
                || (other_weight == TransientSolo && weight == PlayAndRecord)
        } else {
            self.policy.over_call == OverCall::Duck
                && other_weight == PlayAndRecord
                && weight == Playback
        }
    }

    /// "Outputs".
    fn outputs(&mut self, before: &[Session], input: &Input) -> Vec<Output> {
        let mut inactive = Vec::new();
        let mut active = Vec::new();
        let mut ducks = Vec::new();
        for x in &self.sessions {
            let old = before.iter().find(|old| old.id == x.id);
            let answers = answered(input, x.id);
            if answers.is_some() || x.state() != old.map(Session::state).unwrap_or_default() {
                let output = Output::State { session: x.id, state: x.state(), answers };
                if x.active {
                    active.push(output);
                } else {
                    inactive.push(output);
                }
            }
            if x.ducked != old.is_some_and(|old| old.ducked) {
                ducks.push(Output::Ducked { session: x.id, ducked: x.ducked });
            }
        }

        let mut outputs = inactive;
        outputs.append(&mut active);
        outputs.append(&mut ducks);

        let mut tabs = Vec::new();
        for x in before.iter().chain(&self.sessions) {
            if !tabs.contains(&x.tab) {
                tabs.push(x.tab);
            }
        }
        for tab in tabs {
            let session = selected(&self.sessions, tab);
            if session != selected(before, tab) {
                outputs.push(Output::Selected { tab, session });
            }
        }
        let waits = !self.reasons.is_empty() && self.sessions.iter().any(|x| x.claim);
        let focus = match self.sessions.iter().rfind(|x| x.active) {
            Some(newest) => Some(newest.types.computed_type),
            None if waits => self.os_focus,
            None => None,
        };
        if focus != self.os_focus {
            self.os_focus = focus;
            outputs.push(Output::OsFocus(focus));
        }
        outputs
    }
}

/// "Requests": each request and each abandon is answered.
fn answered(input: &Input, x: SessionId) -> Option<RequestNumber> {
    match *input {
        Input::Request { session, request, .. } | Input::Abandon { session, request }
            if session == x =>
        {
            Some(request)
        }
        _ => None,
    }
}

/// "Outputs": the selected session of a tab.
fn selected(sessions: &[Session], tab: TabId) -> Option<(SessionId, AudioSessionType)> {
    let session = sessions.iter().rfind(|x| x.tab == tab && x.active && x.is_exclusive())?;
    Some((session.id, session.types.computed_type))
}
