/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The audio session of a media element: that of its document, or the `AudioFocusEntry` that it has.

use std::rc::Rc;

use sordino_dom::ElementKind;
use sordino_script_bindings::{Dom, DomExceptionName, DomRoot, Error, Fallible};
use sordino_traits::SessionId;

use super::HTMLMediaElement;
use crate::dom::AudioFocusEntry;
use crate::page::Page;

impl HTMLMediaElement {
    /// The entry that it has.
    pub(super) fn entry(&self) -> Option<DomRoot<AudioFocusEntry>> {
        self.focus_entry.borrow().as_ref().map(Dom::root)
    }

    /// In which audio session its player is.
    pub(super) fn session_id(&self) -> SessionId {
        match self.entry() {
            Some(entry) => entry.session_id(),
            None => self.document_id.get().into(),
        }
    }

    /// Gives it another entry of its document, or none. What sounds goes on there, if it may.
    pub(super) fn set_entry(&self, entry: Option<&DomRoot<AudioFocusEntry>>) -> Fallible<()> {
        self.go_home();
        let page = self.page();
        let is_foreign = |entry: &AudioFocusEntry| {
            page.is_discarded() || entry.session_id().document != page.document_id()
        };
        if entry.is_some_and(|entry| is_foreign(entry)) {
            let reason = "the entry is of another document, or of one that is shown no more";
            return Err(Error::dom(DomExceptionName::InvalidStateError, reason));
        }
        if self.entry().map(|own| own.session_id()) == entry.map(|entry| entry.session_id()) {
            return Ok(());
        }
        let new = entry.map(Dom::new).transpose()?;
        if !self.leave_entry() && !page.is_discarded() {
            page.audio_session().update(&page, |core| core.remove_element(self.media_id));
        }
        *self.focus_entry.borrow_mut() = new;
        if page.is_discarded() {
            return Ok(());
        }
        self.join_session(&page);
        self.move_player();
        self.report();
        Ok(())
    }

    /// Takes the player to its audio session.
    pub(super) fn move_player(&self) {
        if self.stream().is_some() {
            self.play_stream_anew();
        } else {
            self.page().media().move_player(self.media_id, self.session_id());
        }
    }

    /// Becomes an element of its audio session.
    pub(super) fn join_session(&self, page: &Rc<Page>) {
        let id = self.media_id;
        match self.entry() {
            Some(entry) => entry.update(|core| core.add_element(id)),
            None => page
                .audio_session()
                .update(page, |core| core.add_element(id, ElementKind::MediaElement)),
        }
    }

    /// Has no entry any more. Returns whether it had one.
    pub(super) fn leave_entry(&self) -> bool {
        let entry = self.entry();
        let kept = self.focus_entry.borrow_mut().take();
        drop(kept);
        if let Some(entry) = &entry {
            entry.update(|core| core.remove_element(self.media_id));
        }
        entry.is_some()
    }

    /// Says whether it is audible; before it begins, its session may hold it. `by_user`: the user has
    /// caused it.
    pub(super) fn tell_session(&self, audible: bool, by_user: bool) {
        let (page, id) = (self.page(), self.media_id);
        if let Some(entry) = self.entry() {
            let by_user = by_user || page.has_transient_activation();
            entry.update(|core| core.set_audible(id, audible, by_user));
            return;
        }
        page.audio_session().update(&page, |core| {
            if !self.has_begun.get() {
                core.begins(id);
            }
            core.set_audible(id, audible);
        });
    }

    /// Whether its session holds it, before it begins.
    pub(super) fn is_held(&self) -> bool {
        let id = self.media_id;
        match self.entry() {
            Some(entry) => entry.ask(|core| core.is_blocked(id)),
            None => self.page().audio_session().ask(|core| core.is_blocked(id)),
        }
    }

    /// Whether it is resumed when an interruption of its session ends.
    pub(super) fn is_interrupted(&self) -> bool {
        let id = self.media_id;
        match self.entry() {
            Some(entry) => entry.ask(|core| core.is_interrupted(id)),
            None => self.page().audio_session().ask(|core| core.is_interrupted(id)),
        }
    }

    /// The element is not resumed when an interruption ends.
    pub(super) fn forget_interruption(&self) {
        let (page, id) = (self.page(), self.media_id);
        match self.entry() {
            Some(entry) => entry.update(|core| core.forget_interruption(id)),
            None => page.audio_session().update(&page, |core| core.forget_interruption(id)),
        }
    }
}
