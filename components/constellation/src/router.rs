/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which media session is active, what the controls show, and where an action goes. Pure: no
//! clock, thread, channel or lock.

use std::collections::{BTreeSet, HashMap};

use sordino_traits::controls::{ControlsCommand, ControlsState, TrackNumber};
use sordino_traits::media_session::StampedPosition;
use sordino_traits::messages::MediaSessionUpdate;
use sordino_traits::{
    ActionDetails, ActionSet, DocumentId, MediaMetadata, MediaSessionAction, TabId, Timestamp,
};
use url::Url;

/// How far a reported position may be from the one that the previous report and the clock give,
/// in seconds, before it counts as a jump. Media start and stop with some delay; a seek by the
/// user is longer.
const JUMP_TOLERANCE: f64 = 0.25;

/// Why an action goes nowhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRouted {
    /// Nothing is controllable.
    #[error("there is no active media session")]
    NoActiveSession,
    /// The active session has no handler for it.
    #[error("the active media session has no handler for {0}")]
    NotAvailable(MediaSessionAction),
    /// The piece changed between the user's look and the user's act.
    #[error("another track is playing by now")]
    StaleTrack,
    /// The position is outside the track, or there is none.
    #[error("the position is outside the track")]
    OutOfRange,
}

/// An action on its way to a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The tab.
    pub tab: TabId,
    /// The document whose session is to handle it.
    pub document: DocumentId,
    /// The action.
    pub details: ActionDetails,
}

#[derive(Clone, Debug, PartialEq)]
struct Document {
    tab: TabId,
    url: String,
    title: String,
    metadata: Option<MediaMetadata>,
    playing: bool,
    handlers: ActionSet,
    default_handlers: ActionSet,
    position: Option<StampedPosition>,
    track: TrackNumber,
    discontinuities: u64,
    focus: Focus,
    /// When it lost focus, or asked for it in vain, in the order of all such moments; 0 if it never
    /// asked for focus.
    left: u64,
    /// As it is in the router's ranking.
    rank: Option<Rank>,
}

/// Who comes first: who holds focus, exclusively rather than not, and was granted it last; then who
/// held it last.
type Rank = (bool, bool, u64, DocumentId);

/// What a document's audio session is to the media controls.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Focus {
    /// It is active.
    Holds {
        /// Whether its type is an exclusive one.
        is_exclusive: bool,
        /// Its place in the order of grants.
        order: u64,
    },
    /// It is interrupted: it would sound, and the user may bring it back.
    Waits,
    /// It is silent, or sounds too shortly to be controlled.
    None,
}

impl Document {
    fn actions(&self) -> ActionSet {
        self.handlers.union(self.default_handlers)
    }

    /// Whether the user can expect to control it: it has sounded or waits to, and something handles actions.
    fn is_controllable(&self) -> bool {
        (self.left > 0 || self.focus != Focus::None) && !self.actions().is_empty()
    }

    /// The page's metadata; what it leaves open comes from the document.
    fn effective_metadata(&self) -> MediaMetadata {
        let mut metadata = self.metadata.clone().unwrap_or_default();
        if metadata.title.is_empty() {
            metadata.title = if self.title.is_empty() { self.origin() } else { self.title.clone() };
        }
        metadata
    }

    /// What names the document when it has no title: its host, or its file name.
    fn origin(&self) -> String {
        let Ok(url) = Url::parse(&self.url) else { return self.url.clone() };
        let file_name = url.path_segments().and_then(|mut segments| segments.next_back());
        url.host_str().or(file_name).unwrap_or(&self.url).to_owned()
    }

    fn is_same_piece(&self, metadata: Option<&MediaMetadata>) -> bool {
        let piece = |metadata: Option<&MediaMetadata>| {
            metadata.map(|it| (it.title.clone(), it.artist.clone(), it.album.clone()))
        };
        piece(self.metadata.as_ref()) == piece(metadata)
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
}

/// The router.
#[derive(Debug, Default)]
pub struct Router {
    documents: HashMap<DocumentId, Document>,
    /// The controllable documents; the last is the active one.
    ranking: BTreeSet<Rank>,
    tracks: u64,
    leaves: u64,
}

impl Router {
    /// A router without documents.
    pub fn new() -> Self {
        Self::default()
    }

    /// A document exists.
    pub fn open(&mut self, document: DocumentId, tab: TabId, url: String) {
        let track = self.new_track();
        self.documents.insert(
            document,
            Document {
                tab,
                url,
                title: String::new(),
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
            },
        );
    }

    /// A document is gone.
    pub fn close(&mut self, document: DocumentId) {
        if let Some(rank) = self.documents.remove(&document).and_then(|it| it.rank) {
            self.ranking.remove(&rank);
        }
    }

    /// The document's title changed.
    pub fn set_title(&mut self, document: DocumentId, title: String) {
        if let Some(document) = self.documents.get_mut(&document) {
            document.title = title;
        }
    }

    /// The document's audio session changed.
    pub fn set_focus(&mut self, id: DocumentId, focus: Focus) {
        let Some(document) = self.documents.get_mut(&id) else { return };
        let old = std::mem::replace(&mut document.focus, focus);
        let has_left = matches!(old, Focus::Holds { .. }) && !matches!(focus, Focus::Holds { .. });
        if has_left || (old, focus) == (Focus::None, Focus::Waits) {
            self.leaves += 1;
            document.left = self.leaves;
        }
        self.rank(id);
    }

    /// The document's media session changed.
    pub fn update(&mut self, id: DocumentId, update: MediaSessionUpdate, now: Timestamp) {
        let next_track = self.new_track();
        let Some(document) = self.documents.get_mut(&id) else { return };
        let was_playing = document.playing;
        // A page that names its pieces says itself when the piece changes.
        let new_piece = match &update.metadata {
            Some(metadata) => !document.is_same_piece(metadata.as_ref()),
            None => update.new_track && document.metadata.is_none(),
        };
        if let Some(metadata) = update.metadata {
            document.metadata = metadata;
        }
        if new_piece {
            document.track = next_track;
        }
        if let Some(playing) = update.playing {
            document.playing = playing;
        }
        if let Some(handlers) = update.handlers {
            document.handlers = handlers;
        }
        if let Some(default_handlers) = update.default_handlers {
            document.default_handlers = default_handlers;
        }
        if let Some(position) = update.position {
            let position = position.map(|state| StampedPosition { state, at: now });
            document.set_position(position, was_playing, now);
        } else if was_playing != document.playing
            && let Some(position) = &mut document.position
        {
            position.state.position = position.position_at(now, was_playing);
            position.at = now;
        }
        self.rank(id);
    }

    fn new_track(&mut self) -> TrackNumber {
        self.tracks += 1;
        TrackNumber(self.tracks)
    }

    fn rank(&mut self, id: DocumentId) {
        let Some(document) = self.documents.get_mut(&id) else { return };
        let rank = match document.focus {
            Focus::Holds { is_exclusive, order } => (true, is_exclusive, order, id),
            Focus::Waits | Focus::None => (false, false, document.left, id),
        };
        let rank = document.is_controllable().then_some(rank);
        let old = std::mem::replace(&mut document.rank, rank);
        if old != rank {
            old.map(|old| self.ranking.remove(&old));
            self.ranking.extend(rank);
        }
    }

    /// The document whose media session is the
    /// [active media session](https://w3c.github.io/mediasession/#active-media-session): the
    /// controllable one that holds focus since the shortest time, else the one that held it last.
    /// `playbackState` has no say in this.
    pub fn active(&self) -> Option<DocumentId> {
        self.ranking.last().map(|rank| rank.3)
    }

    /// What the controls show.
    pub fn controls(&self) -> Option<ControlsState> {
        let document = self.documents.get(&self.active()?)?;
        Some(ControlsState {
            tab: document.tab,
            track: document.track,
            playing: document.playing,
            metadata: document.effective_metadata(),
            url: Some(document.url.clone()),
            position: document.position,
            discontinuities: document.discontinuities,
            actions: document.actions(),
        })
    }

    /// Where a command of the user goes. Pause and stop go to every frame of the active tab that
    /// plays, all else to the active session alone.
    ///
    /// # Errors
    ///
    /// [`NotRouted`] with the reason for which nobody gets it. [`ControlsCommand::Quit`] is the
    /// embedder's and is never routed.
    pub fn route(
        &self,
        command: &ControlsCommand,
        now: Timestamp,
    ) -> Result<Vec<Delivery>, NotRouted> {
        let id = self.active().ok_or(NotRouted::NoActiveSession)?;
        let document = self.documents.get(&id).ok_or(NotRouted::NoActiveSession)?;
        let details = match command {
            ControlsCommand::Action(details) => details.clone(),
            ControlsCommand::PlayPause => ActionDetails::new(if document.playing {
                MediaSessionAction::Pause
            } else {
                MediaSessionAction::Play
            }),
            ControlsCommand::SeekBy(offset) => Self::seek_by(document, *offset, now)?,
            ControlsCommand::SetPosition { track, position } => {
                if *track != document.track {
                    return Err(NotRouted::StaleTrack);
                }
                let duration = document.position.map(|it| it.state.duration);
                if !duration.is_some_and(|duration| (0.0..=duration).contains(position)) {
                    return Err(NotRouted::OutOfRange);
                }
                ActionDetails::seek_to(*position)
            }
            ControlsCommand::Quit => return Err(NotRouted::NoActiveSession),
        };
        if !document.actions().contains(details.action) {
            return Err(NotRouted::NotAvailable(details.action));
        }
        let to_whole_tab =
            matches!(details.action, MediaSessionAction::Pause | MediaSessionAction::Stop);
        let deliver = |document_id: DocumentId| Delivery {
            tab: document.tab,
            document: document_id,
            details: details.clone(),
        };
        let mut deliveries = vec![deliver(id)];
        if to_whole_tab {
            deliveries.extend(
                self.documents
                    .iter()
                    .filter(|(other_id, other)| {
                        **other_id != id
                            && other.tab == document.tab
                            && other.playing
                            && other.actions().contains(details.action)
                    })
                    .map(|(other_id, _)| deliver(*other_id)),
            );
        }
        Ok(deliveries)
    }

    /// A relative seek: by the handler of the direction, else by `seekto`; the page's handlers come
    /// before the default ones. Beyond the end it is a step to the next piece, where there is one.
    fn seek_by(
        document: &Document,
        offset: f64,
        now: Timestamp,
    ) -> Result<ActionDetails, NotRouted> {
        let relative = ActionDetails::seek_by(offset);
        let target = document.position.map(|stamped| {
            let target = stamped.position_at(now, document.playing) + offset;
            (target, stamped.state.duration)
        });
        if let Some((target, duration)) = target
            && target > duration
            && document.actions().contains(MediaSessionAction::NextTrack)
        {
            return Ok(ActionDetails::new(MediaSessionAction::NextTrack));
        }
        for handlers in [document.handlers, document.default_handlers] {
            if handlers.contains(relative.action) {
                return Ok(relative);
            }
            if handlers.contains(MediaSessionAction::SeekTo)
                && let Some((target, duration)) = target
            {
                return Ok(ActionDetails::seek_to(target.clamp(0.0, duration)));
            }
        }
        Err(NotRouted::NotAvailable(relative.action))
    }
}

#[cfg(test)]
mod tests;
