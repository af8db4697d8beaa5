/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the keys of the terminal do.

use ratatui::crossterm::event::KeyEvent;
use sordino_constellation::arbiter::Mode;
use sordino_constellation::router::Choice;
use sordino_traits::TabId;

use super::{Shell, number};
use crate::prompt::{Question, parse_action};
use crate::report::Report;
use crate::status::Key;

impl Shell {
    pub(super) fn active_tab(&self) -> Option<TabId> {
        let active = self.shown.controls.as_ref().map(|state| state.tab);
        active.or_else(|| self.tabs.keys().next_back().copied())
    }

    pub(super) fn show_muted(&mut self) {
        self.shown.muted = self.active_tab().is_some_and(|tab| self.muted.contains(&tab));
    }

    pub(super) fn handle_key(&mut self, key: KeyEvent) {
        let shown = &self.shown;
        let Some(key) = self.status.as_mut().and_then(|status| status.interpret(key, shown)) else {
            return;
        };
        // The calls fail when the manager has ended; its closed channel ends the main loop.
        match key {
            Key::Command(command) => {
                let _ = self.proxy.command(command);
            }
            Key::ToggleMute => {
                let Some(tab) = self.active_tab() else { return };
                let muted = !self.muted.contains(&tab);
                self.muted.retain(|other| *other != tab);
                if muted {
                    self.muted.push(tab);
                }
                let _ = self.proxy.set_tab_muted(tab, muted);
                self.show_muted();
            }
            Key::PauseAll => {
                let _ = self.proxy.pause_all();
            }
            Key::Volume(step) => {
                let Some(tab) = self.active_tab() else { return };
                let volume = self.volumes.get(&tab).map_or(1.0, |it| *it) + step;
                let volume = volume.clamp(0.0, 1.0);
                self.volumes.insert(tab, volume);
                let _ = self.proxy.set_tab_volume(tab, volume);
                self.last(&Report::Volume { tab: number(tab), volume });
            }
            Key::Permit(granted) => {
                // There was a question when the key was read.
                let _ = self.answer_permission(None, granted);
            }
            Key::TogglePin => self.toggle_pin(),
            Key::NextMode => self.next_mode(),
            Key::Explain => self.explain(),
            Key::Answer(Question::Click, selector) => {
                if let Some(tab) = self.active_tab() {
                    self.click(tab, vec![selector], None);
                }
            }
            Key::Answer(Question::Action, text) => {
                if let Err(reason) = self.act(&text) {
                    self.last(&Report::NotDone { reason });
                }
            }
            Key::Quit => self.quitting = true,
            Key::Redraw => {}
        }
    }

    /// Has an action done that was typed.
    pub(super) fn act(&self, text: &str) -> Result<String, String> {
        let (target, command) = parse_action(text)?;
        self.proxy.command_to(target, command).map_err(|error| error.to_string())?;
        Ok(format!("asked for {text}"))
    }

    /// What is active keeps the keys, as what is in picture-in-picture does.
    fn toggle_pin(&mut self) {
        let Ok(snapshot) = self.proxy.snapshot() else { return };
        let active = snapshot.active.filter(|(_, choice)| *choice != Choice::Pinned);
        let _ = self.proxy.pin(active.map(|(document, _)| document));
        let tab = snapshot.controls.filter(|_| active.is_some()).map(|state| number(state.tab));
        self.last(&Report::Pinned { tab });
    }

    fn next_mode(&mut self) {
        let place = Mode::ALL.iter().position(|mode| *mode == self.policy.mode).unwrap_or(0);
        self.policy.mode = Mode::ALL[(place + 1) % Mode::ALL.len()];
        let _ = self.proxy.set_mode(self.policy.mode);
        self.last(&Report::Mode { mode: self.policy.mode.as_str() });
    }

    fn explain(&mut self) {
        let Ok(snapshot) = self.proxy.snapshot() else { return };
        if let (Some((_, choice)), Some(controls)) = (snapshot.active, &snapshot.controls) {
            self.report(&Report::HasKeys { tab: number(controls.tab), why: choice.to_string() });
        }
        for view in snapshot.sessions {
            let (tab, document) = (number(view.session.tab), view.session.session.to_string());
            self.report(&Report::Why { tab, document, why: view.explanation.to_string() });
        }
    }
}
