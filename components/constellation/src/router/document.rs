/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the router keeps of a document.

use sordino_traits::controls::{ControlsState, TrackNumber};
use sordino_traits::media_session::StampedPosition;
use sordino_traits::messages::MediaSessionUpdate;
use sordino_traits::{
    ActionSet, DocumentId, MediaImage, MediaMetadata, NamespaceId, TabId, Timestamp,
};
use url::Url;

use super::input::Focus;

/// How far a reported position may be from the one that the previous report and the clock give,
/// in seconds, before it counts as a jump. Media start and stop with some delay; a seek by the
/// user is longer.
const JUMP_TOLERANCE: f64 = 0.25;

/// What the controls call the piece of a private tab.
const PRIVATE_TITLE: &str = "Private tab";

/// Who comes first: who holds focus, exclusively rather than not, and was granted it last; then who
/// held it last. From the highest bit: whether it holds focus, whether exclusively, 62 bits of the
/// order in which that was, and the id of the document; to compare it is one instruction or two.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Rank(u128);

impl Rank {
    fn new(holds_focus: bool, is_exclusive: bool, order: u64, id: DocumentId) -> Self {
        let order = order.min(u64::MAX >> 2);
        let place = u64::from(holds_focus) << 63 | u64::from(is_exclusive) << 62 | order;
        let id = u64::from(id.namespace.0) << 32 | u64::from(id.index.get());
        Self(u128::from(place) << 64 | u128::from(id))
    }

    pub(super) fn document(self) -> DocumentId {
        let (namespace, index) = ((self.0 >> 32) as u32, self.0 as u32);
        DocumentId::new(NamespaceId(namespace), index).expect("made of the id of a document")
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Document {
    pub(super) tab: TabId,
    pub(super) url: String,
    pub(super) is_private: bool,
    pub(super) is_allowed: bool,
    pub(super) title: String,
    pub(super) icon: Option<Box<MediaImage>>,
    pub(super) metadata: Option<Box<MediaMetadata>>,
    pub(super) playing: bool,
    pub(super) handlers: ActionSet,
    pub(super) default_handlers: ActionSet,
    pub(super) position: Option<StampedPosition>,
    pub(super) track: TrackNumber,
    pub(super) discontinuities: u64,
    pub(super) focus: Focus,
    /// When it lost focus, or asked for it in vain, in the order of all such moments; 0 if it never
    /// asked for focus.
    pub(super) left: u64,
    /// As it is in the router's ranking.
    pub(super) rank: Option<Rank>,
}

impl Document {
    pub(super) fn new(tab: TabId, url: String, track: TrackNumber) -> Self {
        Self {
            tab,
            url,
            is_private: false,
            is_allowed: true,
            title: String::new(),
            icon: None,
            metadata: None,
            playing: false,
            handlers: ActionSet::EMPTY,
            default_handlers: ActionSet::EMPTY,
            position: None,
            track,
            discontinuities: 0,
            focus: Focus::None,
            left: 0,
            rank: None,
        }
    }

    /// The [media session actions](https://w3c.github.io/mediasession/#media-session-action) that
    /// can be triggered.
    pub(super) fn actions(&self) -> ActionSet {
        match self.is_allowed {
            true => self.handlers.union(self.default_handlers),
            false => ActionSet::EMPTY,
        }
    }

    /// Whether the page itself uses its media session.
    pub(super) fn has_session(&self) -> bool {
        self.is_allowed && (!self.handlers.is_empty() || self.metadata.is_some())
    }

    pub(super) fn holds_focus(&self) -> bool {
        matches!(self.focus, Focus::Holds { .. })
    }

    /// Whether it sounds, or would if nobody held it: whether there is something to pause.
    pub(super) fn can_be_silenced(&self) -> bool {
        self.playing || self.focus != Focus::None
    }

    /// Where it is among the documents that the user can expect to control: those that have sounded
    /// or wait to, and handle actions.
    pub(super) fn rank_as(&self, id: DocumentId) -> Option<Rank> {
        let is_known = self.left > 0 || self.focus != Focus::None;
        let (holds_focus, is_exclusive, order) = match self.focus {
            Focus::Holds { is_exclusive, order } => (true, is_exclusive, order),
            Focus::Waits | Focus::None => (false, false, self.left),
        };
        let is_controllable = is_known && !self.actions().is_empty();
        is_controllable.then(|| Rank::new(holds_focus, is_exclusive, order, id))
    }

    /// Takes an update in. `next_track` is the number of the piece, if it is a new one.
    pub(super) fn update(
        &mut self,
        update: MediaSessionUpdate,
        next_track: TrackNumber,
        now: Timestamp,
    ) {
        let was_playing = self.playing;
        // A page that names its pieces says itself when the piece changes.
        let new_piece = match &update.metadata {
            Some(metadata) => !self.is_same_piece(metadata.as_ref()),
            None => update.new_track && self.metadata.is_none(),
        };
        if let Some(metadata) = update.metadata {
            self.metadata = metadata.map(Box::new);
        }
        if new_piece {
            self.track = next_track;
        }
        self.playing = update.playing.unwrap_or(self.playing);
        self.handlers = update.handlers.unwrap_or(self.handlers);
        self.default_handlers = update.default_handlers.unwrap_or(self.default_handlers);
        if let Some(position) = update.position {
            let position = position.map(|state| StampedPosition { state, at: now });
            self.set_position(position, was_playing, now);
        } else if was_playing != self.playing
            && let Some(position) = &mut self.position
        {
            position.state.position = position.position_at(now, was_playing);
            position.at = now;
        }
    }

    fn is_same_piece(&self, metadata: Option<&MediaMetadata>) -> bool {
        let piece = |it: &MediaMetadata| (it.title.clone(), it.artist.clone(), it.album.clone());
        self.metadata.as_deref().map(piece) == metadata.map(piece)
    }

    fn set_position(
        &mut self,
        position: Option<StampedPosition>,
        was_playing: bool,
        now: Timestamp,
    ) {
        let jumped = match (self.position, position) {
            (Some(old), Some(new)) => {
                let expected = old.position_at(now, was_playing);
                (new.state.position - expected).abs() > JUMP_TOLERANCE
            }
            (None, None) | (Some(_), None) => false,
            (None, Some(new)) => new.state.position > JUMP_TOLERANCE,
        };
        if jumped {
            self.discontinuities += 1;
        }
        self.position = position;
    }

    /// The page's metadata; what it leaves open comes from the document.
    fn effective_metadata(&self) -> MediaMetadata {
        let mut metadata = self.metadata.as_deref().cloned().unwrap_or_default();
        if metadata.title.is_empty() {
            metadata.title = if self.title.is_empty() { self.origin() } else { self.title.clone() };
        }
        if metadata.artwork.is_empty() {
            metadata.artwork.extend(self.icon.as_deref().cloned());
        }
        metadata
    }

    /// What names the document when it has no title: its host, its file name, or the kind of its URL.
    fn origin(&self) -> String {
        let Ok(url) = Url::parse(&self.url) else { return String::new() };
        let file_name = url.path_segments().and_then(|mut segments| segments.next_back());
        url.host_str().or(file_name).unwrap_or(url.scheme()).to_owned()
    }

    /// The URL without the user's name and password.
    fn shown_url(&self) -> String {
        let Ok(mut url) = Url::parse(&self.url) else { return self.url.clone() };
        // These fail for a URL that has no place for them.
        let _ = (url.set_username(""), url.set_password(None));
        url.into()
    }

    /// What the controls show of it. Of one that is private: that it plays, and what can be done.
    pub(super) fn controls(&self) -> ControlsState {
        let placeholder =
            || MediaMetadata { title: PRIVATE_TITLE.to_owned(), ..Default::default() };
        ControlsState {
            tab: self.tab,
            track: self.track,
            playing: self.playing,
            metadata: if self.is_private { placeholder() } else { self.effective_metadata() },
            url: (!self.is_private).then(|| self.shown_url()),
            position: self.position.filter(|_| !self.is_private),
            discontinuities: if self.is_private { 0 } else { self.discontinuities },
            actions: self.actions(),
        }
    }
}
