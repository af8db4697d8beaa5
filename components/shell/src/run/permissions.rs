/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! What tabs capture, and asking the user whether they may.

use sordino_traits::TabId;
use sordino_traits::embedder::{DeviceSalt, PermissionId, ShellCommand};

use super::{Shell, number};
use crate::permissions::{Devices, Question, Verdict, Why};
use crate::report::Report;

impl Shell {
    /// A document asks to capture.
    pub(super) fn ask_permission(
        &mut self,
        tab: TabId,
        id: PermissionId,
        site: String,
        devices: Devices,
    ) {
        let question = Question { tab, id, site: site.clone(), devices };
        match self.permissions.ask(question) {
            Verdict::Ask => {
                let (microphone, camera) = (devices.microphone, devices.camera);
                self.last(&Report::AsksPermission { tab: number(tab), site, microphone, camera });
            }
            Verdict::Known { granted, why } => {
                let why = match why {
                    Why::Preference => Some("the preference media.capture says so"),
                    Why::NobodyToAsk => {
                        Some("there is nobody to ask; the preference media.capture=allow allows it")
                    }
                    Why::TooMany => Some("it asks too often"),
                    // The user knows.
                    Why::Before => None,
                };
                if let Some(why) = why {
                    self.report_permission(tab, site, devices, granted, why);
                }
                self.send_permission(tab, id, granted);
            }
        }
        self.show_question();
    }

    fn report_permission(
        &mut self,
        tab: TabId,
        site: String,
        devices: Devices,
        granted: bool,
        why: &'static str,
    ) {
        let Devices { microphone, camera } = devices;
        let tab = number(tab);
        self.last(&Report::Permission { tab, site, microphone, camera, granted, why });
    }

    fn send_permission(&self, tab: TabId, id: PermissionId, granted: bool) {
        if let Some(tab) = self.tabs.get(&tab) {
            tab.send(ShellCommand::Permission { id, granted });
        }
    }

    /// The user answers the next question, of a tab or of any.
    pub(super) fn answer_permission(
        &mut self,
        tab: Option<TabId>,
        granted: bool,
    ) -> Result<String, String> {
        let Some((question, answers)) = self.permissions.answer(tab, granted) else {
            return Err(match tab {
                Some(tab) => format!("tab {} asks for nothing", number(tab)),
                None => "no tab asks for anything".into(),
            });
        };
        let Question { tab, site, devices, .. } = question;
        self.report_permission(tab, site, devices, granted, "the user says so");
        for (tab, id, granted) in answers {
            self.send_permission(tab, id, granted);
        }
        self.show_question();
        Ok(self.shown.last.clone())
    }

    /// A tab is gone, with what it asked for.
    pub(super) fn forget_permissions(&mut self, tab: TabId) {
        self.permissions.forget(tab);
        self.shown.capturing.remove(&number(tab));
        self.show_question();
    }

    fn show_question(&mut self) {
        self.shown.question = self.permissions.next(None).map(|question| {
            let Question { tab, site, devices, .. } = question;
            let tab = number(*tab);
            format!("tab {tab}: {} wants to use {}", crate::report::plain(site), devices.noun())
        });
    }

    /// What a tab captures has changed.
    pub(super) fn capturing(&mut self, tab: TabId, devices: Devices) {
        let Devices { microphone, camera } = devices;
        let tab = number(tab);
        if devices == Devices::default() {
            self.shown.capturing.remove(&tab);
        } else {
            self.shown.capturing.insert(tab, devices);
        }
        self.report(&Report::Capturing { tab, microphone, camera });
    }
}

/// For the names that pages have for devices.
pub(super) fn new_salt() -> Result<DeviceSalt, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| format!("the system has no random bytes: {error}"))?;
    Ok(DeviceSalt(bytes))
}
