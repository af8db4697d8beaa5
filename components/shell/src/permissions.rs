/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! Who may capture: what the preferences say, what the user has said, and whom he is to be asked about.
//! Pure.

use std::collections::{BTreeMap, VecDeque};

use sordino_traits::TabId;
use sordino_traits::embedder::PermissionId;

/// How many questions of one tab wait; more are refused.
const MAX_PENDING: usize = 32;

/// What the preference `media.capture` says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum CapturePolicy {
    Ask,
    Allow,
    Deny,
}

/// What may be captured.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Devices {
    pub(crate) microphone: bool,
    pub(crate) camera: bool,
}

impl Devices {
    fn has(self, other: Self) -> bool {
        (self.microphone || !other.microphone) && (self.camera || !other.camera)
    }

    fn meets(self, other: Self) -> bool {
        (self.microphone && other.microphone) || (self.camera && other.camera)
    }

    fn add(&mut self, other: Self) {
        self.microphone |= other.microphone;
        self.camera |= other.camera;
    }

    fn remove(&mut self, other: Self) {
        self.microphone &= !other.microphone;
        self.camera &= !other.camera;
    }

    /// For a sentence.
    pub(crate) fn noun(self) -> &'static str {
        match (self.microphone, self.camera) {
            (true, true) => "the microphone and the camera",
            (true, false) => "the microphone",
            (false, true) => "the camera",
            (false, false) => "nothing",
        }
    }
}

/// Who asks for what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Question {
    pub(crate) tab: TabId,
    pub(crate) id: PermissionId,
    /// An origin, or the URL of a document that has none.
    pub(crate) site: String,
    pub(crate) devices: Devices,
}

/// What becomes of a question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// It is known already, for this reason.
    Known { granted: bool, why: Why },
    /// The user is to be asked.
    Ask,
}

/// Why something is granted or refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Why {
    Preference,
    /// The user has said so before.
    Before,
    NobodyToAsk,
    TooMany,
}

/// A question that is answered, and whether it is granted.
pub(crate) type Answered = (TabId, PermissionId, bool);

/// What is allowed, refused, and still to be asked.
#[derive(Debug)]
pub(crate) struct Permissions {
    policy: CapturePolicy,
    /// Whether there is somebody who answers.
    can_ask: bool,
    /// Whether the permissions of each tab are its own.
    is_private: bool,
    granted: BTreeMap<(Option<TabId>, String), Devices>,
    /// What was refused in a tab is not asked for again there.
    refused: BTreeMap<(TabId, String), Devices>,
    pending: VecDeque<Question>,
}

impl Permissions {
    pub(crate) fn new(policy: CapturePolicy, can_ask: bool, is_private: bool) -> Self {
        Self {
            policy,
            can_ask,
            is_private,
            granted: BTreeMap::new(),
            refused: BTreeMap::new(),
            pending: VecDeque::new(),
        }
    }

    /// A document asks. What is not known waits for an answer.
    pub(crate) fn ask(&mut self, question: Question) -> Verdict {
        let verdict = self.judge(&question);
        if verdict == Verdict::Ask {
            self.pending.push_back(question);
        }
        verdict
    }

    fn judge(&self, question: &Question) -> Verdict {
        let known = |granted, why| Verdict::Known { granted, why };
        match self.policy {
            CapturePolicy::Allow => return known(true, Why::Preference),
            CapturePolicy::Deny => return known(false, Why::Preference),
            CapturePolicy::Ask => {}
        }
        if let Some(granted) = self.remembered(question) {
            return known(granted, Why::Before);
        }
        if !self.can_ask {
            return known(false, Why::NobodyToAsk);
        }
        let of_tab = self.pending.iter().filter(|other| other.tab == question.tab);
        if of_tab.count() >= MAX_PENDING {
            return known(false, Why::TooMany);
        }
        Verdict::Ask
    }

    fn profile(&self, tab: TabId) -> Option<TabId> {
        self.is_private.then_some(tab)
    }

    fn remembered(&self, question: &Question) -> Option<bool> {
        let Question { tab, site, devices, .. } = question;
        let refused = self.refused.get(&(*tab, site.clone()));
        if refused.is_some_and(|refused| refused.meets(*devices)) {
            return Some(false);
        }
        let granted = self.granted.get(&(self.profile(*tab), site.clone()));
        granted.is_some_and(|granted| granted.has(*devices)).then_some(true)
    }

    /// The question to be answered next, in a tab or in any.
    pub(crate) fn next(&self, tab: Option<TabId>) -> Option<&Question> {
        self.pending.iter().find(|question| tab.is_none_or(|tab| question.tab == tab))
    }

    /// The user answers the next question. Returns it, and all that are answered by that, with what is
    /// answered. It is remembered: what is allowed for the site, what is refused for the tab.
    pub(crate) fn answer(
        &mut self,
        tab: Option<TabId>,
        granted: bool,
    ) -> Option<(Question, Vec<Answered>)> {
        let question = self.next(tab)?.clone();
        let Question { tab, site, devices, .. } = &question;
        let refused = self.refused.entry((*tab, site.clone())).or_default();
        match granted {
            true => {
                refused.remove(*devices);
                let key = (self.profile(*tab), site.clone());
                self.granted.entry(key).or_default().add(*devices);
            }
            false => refused.add(*devices),
        }
        let pending = std::mem::take(&mut self.pending);
        let mut answers = Vec::new();
        for other in pending {
            match self.remembered(&other) {
                Some(granted) => answers.push((other.tab, other.id, granted)),
                None => self.pending.push_back(other),
            }
        }
        Some((question, answers))
    }

    /// A tab is gone.
    pub(crate) fn forget(&mut self, tab: TabId) {
        self.pending.retain(|question| question.tab != tab);
        self.refused.retain(|(other, _), _| *other != tab);
        self.granted.retain(|(other, _), _| *other != Some(tab));
    }
}

#[cfg(test)]
mod tests {
    use sordino_traits::NamespaceId;

    use super::*;

    const MICROPHONE: Devices = Devices { microphone: true, camera: false };
    const CAMERA: Devices = Devices { microphone: false, camera: true };
    const BOTH: Devices = Devices { microphone: true, camera: true };

    fn tab(index: u32) -> TabId {
        TabId::new(NamespaceId(0), index).unwrap()
    }

    fn question(index: u32, id: u64, site: &str, devices: Devices) -> Question {
        Question { tab: tab(index), id: PermissionId(id), site: site.into(), devices }
    }

    fn asking() -> Permissions {
        Permissions::new(CapturePolicy::Ask, true, false)
    }

    fn before(granted: bool) -> Verdict {
        Verdict::Known { granted, why: Why::Before }
    }

    #[test]
    fn preferences_answer_by_themselves_and_nobody_refuses() {
        for (policy, can_ask, granted, why) in [
            (CapturePolicy::Allow, true, true, Why::Preference),
            (CapturePolicy::Deny, true, false, Why::Preference),
            (CapturePolicy::Ask, false, false, Why::NobodyToAsk),
        ] {
            let mut permissions = Permissions::new(policy, can_ask, false);
            let verdict = permissions.ask(question(1, 1, "https://a", BOTH));
            assert_eq!(verdict, Verdict::Known { granted, why });
            assert_eq!(permissions.next(None), None);
        }
    }

    #[test]
    fn what_is_allowed_is_remembered_for_the_site_in_all_tabs() {
        let mut permissions = asking();
        assert_eq!(permissions.ask(question(1, 1, "https://a", MICROPHONE)), Verdict::Ask);
        assert_eq!(permissions.ask(question(2, 1, "https://a", MICROPHONE)), Verdict::Ask);
        assert_eq!(permissions.ask(question(2, 2, "https://b", MICROPHONE)), Verdict::Ask);
        let (asked, answers) = permissions.answer(None, true).unwrap();
        assert_eq!(asked, question(1, 1, "https://a", MICROPHONE));
        let id = PermissionId(1);
        assert_eq!(answers, [(tab(1), id, true), (tab(2), id, true)]);
        assert_eq!(permissions.ask(question(3, 1, "https://a", MICROPHONE)), before(true));
        assert_eq!(permissions.ask(question(3, 2, "https://a", BOTH)), Verdict::Ask);
        assert_eq!(permissions.next(None).unwrap().site, "https://b");
    }

    #[test]
    fn what_is_refused_is_remembered_for_the_tab() {
        let mut permissions = asking();
        permissions.ask(question(1, 1, "https://a", MICROPHONE));
        permissions.ask(question(1, 2, "https://a", BOTH));
        permissions.ask(question(1, 3, "https://a", CAMERA));
        permissions.ask(question(2, 4, "https://a", MICROPHONE));
        let (_, answers) = permissions.answer(Some(tab(1)), false).unwrap();
        let ids: Vec<_> = answers.iter().map(|(_, id, granted)| (id.0, *granted)).collect();
        assert_eq!(
            ids,
            [(1, false), (2, false)],
            "the camera alone, and another tab, were not asked"
        );
        assert_eq!(permissions.ask(question(1, 5, "https://a", MICROPHONE)), before(false));
        permissions.answer(Some(tab(2)), true);
        assert_eq!(permissions.ask(question(1, 6, "https://a", MICROPHONE)), before(false));
        permissions.forget(tab(1));
        assert_eq!(permissions.next(None), None);
        assert_eq!(permissions.ask(question(1, 7, "https://a", MICROPHONE)), before(true));
    }

    #[test]
    fn private_tabs_have_permissions_of_their_own() {
        let mut permissions = Permissions::new(CapturePolicy::Ask, true, true);
        permissions.ask(question(1, 1, "https://a", CAMERA));
        permissions.answer(None, true);
        assert_eq!(permissions.ask(question(1, 2, "https://a", CAMERA)), before(true));
        assert_eq!(permissions.ask(question(2, 1, "https://a", CAMERA)), Verdict::Ask);
    }

    #[test]
    fn a_tab_cannot_ask_without_end() {
        let mut permissions = asking();
        for id in 0..MAX_PENDING as u64 {
            assert_eq!(permissions.ask(question(1, id, "https://a", CAMERA)), Verdict::Ask);
        }
        let verdict = permissions.ask(question(1, 99, "https://a", CAMERA));
        assert_eq!(verdict, Verdict::Known { granted: false, why: Why::TooMany });
        assert_eq!(permissions.ask(question(2, 1, "https://a", CAMERA)), Verdict::Ask);
    }
}
