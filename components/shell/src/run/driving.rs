/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What other processes of the user ask for, and standard input.

use crossbeam_channel::Sender;
use sordino_traits::TabId;
use sordino_traits::embedder::ShellCommand;

use super::{Shell, number};
use crate::control::{Answer, Request};
use crate::report::Report;

impl Shell {
    pub(super) fn handle_control(&mut self, request: Request, answer: Sender<Answer>) {
        let by_number = |shell: &Self, tab: u32| {
            let id = shell.tabs.keys().copied().find(|id| number(*id) == tab);
            id.ok_or_else(|| format!("there is no tab {tab}"))
        };
        let result = match request {
            Request::Click { selectors, tab } => {
                let first = || self.active_tab().or_else(|| self.tabs.keys().next().copied());
                let id = match tab {
                    Some(tab) => by_number(self, tab),
                    None => first().ok_or_else(|| "no tab is open".into()),
                };
                match id {
                    Ok(id) => return self.click(id, selectors, Some(answer)),
                    Err(reason) => Err(reason),
                }
            }
            Request::Action { text } => {
                // The asker may have gone.
                let _ = answer.try_send(self.act(&text));
                return;
            }
            Request::Permit { tab } | Request::Deny { tab } => {
                let granted = matches!(request, Request::Permit { .. });
                let tab = tab.map(|tab| by_number(self, tab)).transpose();
                tab.and_then(|tab| self.answer_permission(tab, granted))
            }
        };
        if let Err(reason) = &result {
            self.last(&Report::NotDone { reason: reason.clone() });
        }
        // The asker may have gone.
        let _ = answer.try_send(result);
    }

    /// Has a page clicked by its user.
    pub(super) fn click(
        &mut self,
        id: TabId,
        selectors: Vec<String>,
        asker: Option<Sender<Answer>>,
    ) {
        if let Some(tab) = self.tabs.get(&id) {
            self.clicks.entry(id).or_default().push_back(asker);
            tab.send(ShellCommand::Click { selectors });
        }
    }
}
