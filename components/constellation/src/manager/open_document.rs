/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A document and its sessions.

use std::collections::BTreeMap;

use sordino_traits::artwork::ArtworkRule;
use sordino_traits::{AudioSessionState, DocumentId, MediaSessionAction};

use super::ContentId;
use crate::arbiter::SessionId;

/// An open document as the manager's thread sees it.
pub(super) struct OpenDocument {
    pub(super) content: ContentId,
    /// What its session and its entries were last told.
    pub(super) told: BTreeMap<SessionId, AudioSessionState>,
    pub(super) artwork_rule: ArtworkRule,
    /// The action that it left unanswered and that was done without it.
    pub(super) done_without_it: Option<MediaSessionAction>,
}

impl OpenDocument {
    pub(super) fn new(document: DocumentId, content: ContentId, url: &str) -> Self {
        Self {
            content,
            told: BTreeMap::from([(document.into(), AudioSessionState::Inactive)]),
            artwork_rule: ArtworkRule::of_document(url),
            done_without_it: None,
        }
    }

    /// Its own session and its entries.
    pub(super) fn sessions(&self) -> Vec<SessionId> {
        self.told.keys().copied().collect()
    }

    pub(super) fn has(&self, session: SessionId) -> bool {
        self.told.contains_key(&session)
    }

    /// How many entries it has.
    pub(super) fn entries(&self) -> usize {
        self.told.keys().filter(|session| session.is_entry()).count()
    }

    /// Has one more entry.
    pub(super) fn add(&mut self, entry: SessionId) {
        self.told.insert(entry, AudioSessionState::Inactive);
    }
}
