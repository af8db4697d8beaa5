/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The `AudioFocusEntry`s of all documents of a content process.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use sordino_script_bindings::{DomRoot, DomWeak};
use sordino_traits::messages::ContentMessage;
use sordino_traits::{DocumentId, ElementId, SessionId, validate};

use crate::agent::Agent;
use crate::dom::AudioFocusEntry;
use crate::page::Page;

/// The entries by their sessions.
#[derive(Default)]
pub(crate) struct FocusEntries {
    entries: RefCell<BTreeMap<SessionId, DomWeak<AudioFocusEntry>>>,
    /// Those that the session manager knows of, until it is told that they are gone.
    open: RefCell<BTreeSet<SessionId>>,
}

impl FocusEntries {
    /// Registers a new entry.
    pub(crate) fn add(&self, entry: &DomRoot<AudioFocusEntry>) {
        self.entries.borrow_mut().insert(entry.session_id(), entry.downgrade());
    }

    /// Tells the session manager of an entry, unless its document has too many that it knows of. Returns
    /// whether it did.
    pub(crate) fn open(&self, page: &Page, session: SessionId) -> bool {
        let of_document = all_of(session.document);
        if self.open.borrow().range(of_document).count() >= validate::MAX_ENTRIES {
            return false;
        }
        self.open.borrow_mut().insert(session);
        page.send_content(ContentMessage::EntryOpened { session });
        true
    }

    /// An entry was freed, and with it its audio session.
    pub(crate) fn freed(&self, agent: &Agent, session: SessionId) {
        let entry = self.entries.borrow_mut().remove(&session);
        drop(entry);
        agent.outside().media.session_closed(session);
        let was_open = self.open.borrow_mut().remove(&session);
        if let Some(page) = agent.page(session.document).filter(|_| was_open) {
            page.send_content(ContentMessage::EntryClosed { session });
        }
    }

    /// A media element was freed.
    pub(crate) fn forget_element(&self, document: DocumentId, element: ElementId) {
        for entry in self.of_document(document) {
            entry.update(|core| core.remove_element(element));
        }
    }

    /// A document is discarded: the session manager forgets its entries with it.
    pub(crate) fn discard(&self, document: DocumentId) {
        for entry in self.of_document(document) {
            entry.discard();
        }
        self.open.borrow_mut().retain(|session| session.document != document);
    }

    /// The entry with this session, if it is still there.
    pub(crate) fn get(&self, session: SessionId) -> Option<DomRoot<AudioFocusEntry>> {
        self.entries.borrow().get(&session)?.upgrade()
    }

    /// The entries of a document that are there.
    pub(crate) fn of_document(&self, document: DocumentId) -> Vec<DomRoot<AudioFocusEntry>> {
        let entries = self.entries.borrow();
        entries.range(all_of(document)).filter_map(|(_, entry)| entry.upgrade()).collect()
    }
}

fn all_of(document: DocumentId) -> std::ops::RangeInclusive<SessionId> {
    SessionId::from(document)..=SessionId { document, entry: u32::MAX }
}
