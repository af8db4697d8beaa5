/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which media session is active, what the controls show, and where an action goes. Pure: no
//! clock, thread, channel or lock.
//!
//! The tab that can be controlled and was granted audio focus last, exclusively rather than beside
//! others, has the
//! [active media session](https://w3c.github.io/mediasession/#active-media-session); among its
//! frames that sound, one whose page uses its media session comes first. A document in
//! picture-in-picture or full screen comes before all. `playbackState` has no say in this.
//!
//! Pause and stop go to every frame of the tab that sounds or waits to, and what does not handle them
//! is silenced; all else goes to one session alone. What nobody handles is answered with a
//! [`NotRouted`].

mod commands;
mod document;
mod input;

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use sordino_traits::controls::{ControlsState, TrackNumber};
use sordino_traits::{DocumentId, TabId, Timestamp};

use document::{Document, Rank};
pub use input::{Choice, Delivery, Focus, Input, NotRouted, Output, Target};

/// The router.
#[derive(Debug, Default)]
pub struct Router {
    documents: FxHashMap<DocumentId, Document>,
    tabs: FxHashMap<TabId, Vec<DocumentId>>,
    /// The controllable documents; the last is the one that was granted focus last.
    ranking: BTreeSet<Rank>,
    pinned: Option<DocumentId>,
    tracks: u64,
    leaves: u64,
    shown: Option<ControlsState>,
    /// Whether what is to be shown may be something else by now.
    has_changed: bool,
}

impl Router {
    /// A router without documents.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one input in, and returns what to do about it. A document that is not open is ignored.
    #[must_use]
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Vec<Output> {
        self.has_changed |=
            !matches!(input, Input::Command { .. } | Input::PauseAll | Input::Publish);
        match input {
            Input::Opened { document: id, tab, url, is_private, is_allowed } => {
                if !self.documents.contains_key(&id) {
                    let document = Document::new(tab, url, self.new_track());
                    self.documents.insert(id, Document { is_private, is_allowed, ..document });
                    self.tabs.entry(tab).or_default().push(id);
                }
            }
            Input::Moved { document, tab } => self.move_to(document, tab),
            Input::Closed { document } => self.close(document),
            Input::Titled { document, title } => {
                if let Some(document) = self.documents.get_mut(&document) {
                    document.title = title;
                }
            }
            Input::Icon { document, icon } => {
                if let Some(document) = self.documents.get_mut(&document) {
                    document.icon = icon.map(Box::new);
                }
            }
            Input::Focus { document, focus } => self.set_focus(document, focus),
            Input::Updated { document: id, update } => {
                let next_track = self.new_track();
                if let Some(document) = self.documents.get_mut(&id) {
                    document.update(*update, next_track, now);
                    Self::rank(&mut self.ranking, id, document);
                }
            }
            Input::Pinned(document) => self.pinned = document,
            Input::Command { target, command } => return self.obey(target, command, now),
            Input::PauseAll => return self.pause_all(),
            Input::Publish => return self.publish(),
        }
        Vec::new()
    }

    fn move_to(&mut self, id: DocumentId, tab: TabId) {
        let Some(document) = self.documents.get_mut(&id) else { return };
        let old = std::mem::replace(&mut document.tab, tab);
        self.leave_tab(id, old);
        self.tabs.entry(tab).or_default().push(id);
    }

    fn leave_tab(&mut self, id: DocumentId, tab: TabId) {
        if let Some(frames) = self.tabs.get_mut(&tab) {
            frames.retain(|frame| *frame != id);
            if frames.is_empty() {
                self.tabs.remove(&tab);
            }
        }
    }

    fn close(&mut self, id: DocumentId) {
        let Some(document) = self.documents.remove(&id) else { return };
        document.rank.map(|rank| self.ranking.remove(&rank));
        self.leave_tab(id, document.tab);
        self.pinned = self.pinned.filter(|pinned| *pinned != id);
    }

    fn set_focus(&mut self, id: DocumentId, focus: Focus) {
        let Some(document) = self.documents.get_mut(&id) else { return };
        let held = document.holds_focus();
        let old = std::mem::replace(&mut document.focus, focus);
        let has_left = held && !document.holds_focus();
        if has_left || (old, focus) == (Focus::None, Focus::Waits) {
            self.leaves += 1;
            document.left = self.leaves;
        }
        Self::rank(&mut self.ranking, id, document);
    }

    fn new_track(&mut self) -> TrackNumber {
        self.tracks += 1;
        TrackNumber(self.tracks)
    }

    /// Puts a document where it now belongs.
    fn rank(ranking: &mut BTreeSet<Rank>, id: DocumentId, document: &mut Document) {
        let rank = document.rank_as(id);
        let old = std::mem::replace(&mut document.rank, rank);
        if old != rank {
            old.map(|old| ranking.remove(&old));
            ranking.extend(rank);
        }
    }

    /// The document whose media session is the
    /// [active media session](https://w3c.github.io/mediasession/#active-media-session).
    pub fn active(&self) -> Option<DocumentId> {
        self.choice().map(|(document, _)| document)
    }

    /// The same, with why.
    pub fn choice(&self) -> Option<(DocumentId, Choice)> {
        let is_controllable =
            |id: &DocumentId| self.documents.get(id).is_some_and(|it| it.rank.is_some());
        if let Some(pinned) = self.pinned.filter(is_controllable) {
            return Some((pinned, Choice::Pinned));
        }
        let last = self.documents.get(&self.ranking.last()?.document())?;
        let choice = if last.holds_focus() { Choice::SoundsLast } else { Choice::SoundedLast };
        Some((self.active_in(last.tab)?, choice))
    }

    /// Of a tab's controllable frames: of those that sound, one whose page uses its session before
    /// the others; if none sounds, the one that did last.
    fn active_in(&self, tab: TabId) -> Option<DocumentId> {
        let frames = self.tabs.get(&tab)?.iter().filter_map(|id| self.documents.get(id));
        let controllable = frames.filter_map(|frame| Some((frame, frame.rank?)));
        let best = controllable.max_by_key(|(frame, rank)| {
            let holds_focus = frame.holds_focus();
            (holds_focus, holds_focus && frame.has_session(), *rank)
        });
        best.map(|(_, rank)| rank.document())
    }

    /// What the controls show.
    pub fn controls(&self) -> Option<ControlsState> {
        Some(self.documents.get(&self.active()?)?.controls())
    }

    /// The documents of a tab, in the order in which they came.
    pub fn documents_of(&self, tab: TabId) -> Vec<DocumentId> {
        self.tabs.get(&tab).cloned().unwrap_or_default()
    }

    /// Every document, with what the controls would show of it if it were the active one; for the
    /// controls of each tab.
    pub fn media_sessions(&self) -> Vec<(DocumentId, ControlsState)> {
        let mut all: Vec<_> = self.documents.iter().map(|(id, it)| (*id, it.controls())).collect();
        all.sort_unstable_by_key(|(id, _)| *id);
        all
    }

    fn publish(&mut self) -> Vec<Output> {
        if !std::mem::take(&mut self.has_changed) {
            return Vec::new();
        }
        let controls = self.controls();
        if controls == self.shown {
            return Vec::new();
        }
        self.shown.clone_from(&controls);
        vec![Output::Controls(controls.map(Box::new))]
    }
}

#[cfg(test)]
mod tests;
