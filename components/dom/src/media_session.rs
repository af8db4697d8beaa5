/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The media session of one document.

use std::collections::{BTreeMap, BTreeSet};

use sordino_traits::artwork::{ARTWORK_SCHEMES, ArtworkRule, has_artwork_scheme};
use sordino_traits::media_session::StampedPosition;
use sordino_traits::messages::MediaSessionUpdate;
use sordino_traits::validate;
use sordino_traits::{
    ActionDetails, ActionSet, ElementId, MediaMetadata, MediaSessionAction,
    MediaSessionPlaybackState, PositionState, Timestamp,
};
use url::Url;

use crate::{CaptureKind, CaptureState, TrackMuting};

/// How far a default `seekbackward` or `seekforward` moves when the command gives no offset, in
/// seconds.
const DEFAULT_SEEK_OFFSET: f64 = 10.0;

/// How many images a page is told of that are not shown.
const MAX_WARNINGS: usize = 20;

/// What a page passes to `setPositionState()`:
/// [MediaPositionState](https://w3c.github.io/mediasession/#dictdef-mediapositionstate).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PositionStateInit {
    /// Seconds; +∞ for live media.
    pub duration: Option<f64>,
    /// A factor.
    pub playback_rate: Option<f64>,
    /// Seconds.
    pub position: Option<f64>,
}

/// Why `setPositionState()` throws.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PositionStateError {
    /// There is no `duration`.
    #[error("TypeError: setPositionState() needs a duration when the state is not empty")]
    NoDuration,
    /// A member is NaN, infinite where it may not be, or outside its range.
    #[error("TypeError: the {0} given to setPositionState() is outside its range")]
    OutOfRange(&'static str),
}

/// What a media element or an audio context of the document is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MediaState {
    /// [Potentially playing](https://html.spec.whatwg.org/multipage/media.html#potentially-playing).
    pub playing: bool,
    /// Whether its [`paused`](https://html.spec.whatwg.org/multipage/media.html#dom-media-paused)
    /// attribute is true. What is neither paused nor playing has not got its data yet, or has ended.
    pub paused: bool,
    /// Muted, or without a sound track.
    pub muted: bool,
    /// Whether an interruption has paused it, and it will be resumed.
    pub interrupted: bool,
    /// Its position, when it has a duration; the rate is that of normal playback.
    pub position: Option<StampedPosition>,
    /// When it was paused last, as a count that the document keeps; the greatest was paused last.
    pub paused_order: u64,
}

/// What a default handler does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultAction {
    /// Play this element.
    Play(ElementId),
    /// Pause this element.
    Pause(ElementId),
    /// Move this element to a position in seconds.
    SeekTo(ElementId, f64),
    /// Set the muted state of a capture track.
    SetMuted(TrackMuting),
}

/// How an action is handled in this document.
#[derive(Clone, Debug, PartialEq)]
pub enum Handling {
    /// Call the page's handler, and then queue a task for each of
    /// [`CaptureState::mutings`] of what is toggled: the handler may have decided otherwise.
    PageHandler {
        /// What the handler is called with.
        details: ActionDetails,
        /// What the action pauses, or lets go on.
        toggled: Option<CaptureKind>,
    },
    /// Do these.
    Default(Vec<DefaultAction>),
    /// There is nobody to handle it.
    Unhandled,
}

/// What the manager was told last.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sent {
    metadata: Option<MediaMetadata>,
    playing: bool,
    handlers: ActionSet,
    default_handlers: ActionSet,
    position: Option<StampedPosition>,
}

/// The [`MediaSession`](https://w3c.github.io/mediasession/#mediasession) of a document. All that
/// changes in one turn of the event loop leaves in one update, by [`MediaSession::flush`].
#[derive(Debug, Default)]
pub struct MediaSession {
    metadata: Option<MediaMetadata>,
    playback_state: MediaSessionPlaybackState,
    handlers: ActionSet,
    position: Option<StampedPosition>,
    media: BTreeMap<ElementId, MediaState>,
    captures: CaptureState,
    new_track: bool,
    sent: Sent,
    warnings: Vec<String>,
    /// Of what a warning has told.
    unshown_artwork: BTreeSet<String>,
    artwork_rule: ArtworkRule,
}

impl MediaSession {
    /// The session, with nothing set, of a document of the web.
    pub fn new() -> Self {
        Self::default()
    }

    /// The session, with nothing set, of the document with this URL, which decides about artwork
    /// that is a file.
    pub fn of_document(url: &Url) -> Self {
        Self { artwork_rule: ArtworkRule::of_document(url.as_str()), ..Self::default() }
    }

    /// The [update metadata algorithm](https://w3c.github.io/mediasession/#update-metadata-algorithm)
    /// of this document, whose metadata is `metadata` now: what the platform may see of it goes to
    /// the session manager, with what else changed in this turn.
    pub fn update_metadata(&mut self, metadata: Option<MediaMetadata>) {
        self.warn_of_artwork(metadata.as_ref());
        let cut = |mut metadata: MediaMetadata| {
            metadata.cut_to_limits(&self.artwork_rule);
            metadata
        };
        // 2 and 3
        self.metadata = metadata.map(cut).filter(|metadata| !metadata.is_empty());
    }

    /// Artwork that is never shown, though the page reads it back, is worth a word; once for each.
    fn warn_of_artwork(&mut self, metadata: Option<&MediaMetadata>) {
        let Some(metadata) = metadata else { return };
        for image in metadata.images() {
            let is_known = self.unshown_artwork.contains(&image.src);
            if self.artwork_rule.allows(&image.src)
                || is_known
                || self.unshown_artwork.len() >= MAX_WARNINGS
            {
                continue;
            }
            self.unshown_artwork.insert(image.src.clone());
            let why = if has_artwork_scheme(&image.src) {
                "only a page that is a file shows files, and only those of its folder".to_owned()
            } else {
                let schemes = ARTWORK_SCHEMES.map(|scheme| format!("{scheme}:")).join(", ");
                format!("its URL must begin with one of {schemes}")
            };
            self.warnings.push(format!("the artwork {} is not shown: {why}", image.src));
        }
    }

    /// What the page's author should know, for the console.
    #[must_use]
    pub fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    /// Whether the document's captures are paused, and which tracks it has.
    pub fn captures(&mut self) -> &mut CaptureState {
        &mut self.captures
    }

    /// The [declared playback state](https://w3c.github.io/mediasession/#declared-playback-state).
    pub fn playback_state(&self) -> MediaSessionPlaybackState {
        self.playback_state
    }

    /// Sets the [declared playback state](https://w3c.github.io/mediasession/#dom-mediasession-playbackstate).
    pub fn set_playback_state(&mut self, state: MediaSessionPlaybackState, now: Timestamp) {
        let was_playing = self.is_playing();
        self.playback_state = state;
        self.rebase_position(was_playing, now);
    }

    /// The [update action handler algorithm](https://w3c.github.io/mediasession/#update-action-handler-algorithm),
    /// as far as the set of supported actions goes; the caller keeps the handler itself.
    pub fn set_action_handler(&mut self, action: MediaSessionAction, has_handler: bool) {
        if has_handler {
            self.handlers.insert(action);
        } else {
            self.handlers.remove(action);
        }
    }

    /// [`setPositionState(state)`](https://w3c.github.io/mediasession/#dom-mediasession-setpositionstate).
    ///
    /// # Errors
    ///
    /// The `TypeError` of the step that fails; the position state is as before then.
    pub fn set_position_state(
        &mut self,
        state: PositionStateInit,
        now: Timestamp,
    ) -> Result<(), PositionStateError> {
        // 1
        if state == PositionStateInit::default() {
            self.position = None;
            return Ok(());
        }
        // 2
        let duration = state.duration.ok_or(PositionStateError::NoDuration)?;
        // 3 to 7, with the defaults of position and rate.
        let state = PositionState {
            duration,
            position: state.position.unwrap_or(0.0),
            playback_rate: state.playback_rate.unwrap_or(1.0),
        };
        validate::position_state(&state).map_err(|violation| match violation {
            validate::Violation::BadNumber { what } => PositionStateError::OutOfRange(what),
            _ => PositionStateError::OutOfRange("state"),
        })?;
        // 8
        self.position = Some(StampedPosition { state, at: now });
        Ok(())
    }

    /// A media element of the document changed, or is new.
    pub fn set_media(&mut self, element: ElementId, state: MediaState, now: Timestamp) {
        let was_playing = self.is_playing();
        self.media.insert(element, state);
        self.rebase_position(was_playing, now);
    }

    /// A media element left the document or lost its resource.
    pub fn remove_media(&mut self, element: ElementId, now: Timestamp) {
        let was_playing = self.is_playing();
        self.media.remove(&element);
        self.rebase_position(was_playing, now);
    }

    /// A media element of the document has a new resource.
    pub fn media_resource_changed(&mut self) {
        self.new_track = true;
    }

    /// Whether the [guessed playback state](https://w3c.github.io/mediasession/#guessed-playback-state)
    /// is playing.
    pub fn is_guessed_playing(&self) -> bool {
        self.media.values().any(|media| media.playing && !media.muted)
    }

    /// Whether the [actual playback state](https://w3c.github.io/mediasession/#actual-playback-state)
    /// is playing. A declared `paused` never hides real playback.
    pub fn is_playing(&self) -> bool {
        self.playback_state == MediaSessionPlaybackState::Playing || self.is_guessed_playing()
    }

    /// The page's position goes on from where it is now, at the rate that applies from now on.
    fn rebase_position(&mut self, was_playing: bool, now: Timestamp) {
        if was_playing == self.is_playing() {
            return;
        }
        if let Some(position) = &mut self.position {
            position.state.position = position.position_at(now, was_playing);
            position.at = now;
        }
    }

    /// The element that the default position and the default seek handlers are about: the only one
    /// that plays, else the only one there is.
    fn single_element(&self) -> Option<(ElementId, &MediaState)> {
        let mut playing = self.media.iter().filter(|(_, media)| media.playing);
        let single = match (playing.next(), playing.next()) {
            (Some(single), None) => single,
            (None, _) if self.media.len() == 1 => self.media.iter().next()?,
            _ => return None,
        };
        Some((*single.0, single.1))
    }

    /// The position state: the page's, else that of the single element. There is none of an element
    /// that stands still while the page says that it plays.
    pub fn effective_position(&self) -> Option<StampedPosition> {
        self.position.or_else(|| self.default_position())
    }

    fn default_position(&self) -> Option<StampedPosition> {
        let (_, media) = self.single_element()?;
        media.position.filter(|_| media.playing || !self.is_playing())
    }

    /// The position state as of `now`. Muted media goes on, though the actual playback state is
    /// `paused`.
    fn position_now(&self, now: Timestamp) -> Option<PositionState> {
        let runs = match self.position {
            Some(_) => self.is_playing(),
            None => self.single_element().is_some_and(|(_, media)| media.playing),
        };
        let stamped = self.effective_position()?;
        Some(PositionState { position: stamped.position_at(now, runs), ..stamped.state })
    }

    /// The actions for which there is a default handler now.
    pub fn default_handlers(&self) -> ActionSet {
        let mut actions = ActionSet::from_iter(self.captures.default_handlers());
        if self.media.is_empty() {
            return actions;
        }
        actions = actions.union(ActionSet::from_iter([
            MediaSessionAction::Play,
            MediaSessionAction::Pause,
            MediaSessionAction::Stop,
        ]));
        if self.seekable_element().is_some() {
            actions = actions.union(ActionSet::from_iter([
                MediaSessionAction::SeekBackward,
                MediaSessionAction::SeekForward,
                MediaSessionAction::SeekTo,
            ]));
        }
        actions
    }

    fn seekable_element(&self) -> Option<(ElementId, StampedPosition)> {
        let (element, media) = self.single_element()?;
        let position = media.position?;
        position.state.duration.is_finite().then_some((element, position))
    }

    /// Says who handles an action:
    /// [handle media session action](https://w3c.github.io/mediasession/#handle-media-session-action),
    /// steps 4 to 7, and the default handlers. A capture that the action toggles has changed then.
    pub fn handle_action(&mut self, details: &ActionDetails, now: Timestamp) -> Handling {
        let action = details.action;
        // Voice activity is heard only by a live microphone.
        let is_deaf = !self.captures.has_live_track(CaptureKind::Microphone);
        if action == MediaSessionAction::VoiceActivity && is_deaf {
            return Handling::Unhandled;
        }
        // 4 to 7
        if self.handlers.contains(action) {
            let toggled = self.captures.toggle(action);
            let mut details = details.clone();
            if let Some(kind) = toggled {
                details.is_activating = Some(self.captures.is_active(kind));
            }
            return Handling::PageHandler { details, toggled };
        }
        if !self.default_handlers().contains(action) {
            return Handling::Unhandled;
        }
        Handling::Default(self.default_actions(details, now))
    }

    fn default_actions(&mut self, details: &ActionDetails, now: Timestamp) -> Vec<DefaultAction> {
        let offset = details.seek_offset.unwrap_or(DEFAULT_SEEK_OFFSET);
        match details.action {
            MediaSessionAction::Play => self
                .media
                .iter()
                .filter(|(_, media)| !media.playing && media.paused)
                .max_by_key(|(_, media)| media.paused_order)
                .map(|(element, _)| DefaultAction::Play(*element))
                .into_iter()
                .collect(),
            MediaSessionAction::Pause | MediaSessionAction::Stop => self
                .media
                .iter()
                .filter(|(_, media)| media.playing || !media.paused || media.interrupted)
                .map(|(element, _)| DefaultAction::Pause(*element))
                .collect(),
            MediaSessionAction::SeekForward => self.default_seek(now, |present| present + offset),
            MediaSessionAction::SeekBackward => self.default_seek(now, |present| present - offset),
            MediaSessionAction::SeekTo => {
                self.default_seek(now, |present| details.seek_time.unwrap_or(present))
            }
            action => self
                .captures
                .toggle(action)
                .into_iter()
                .flat_map(|kind| self.captures.mutings(kind))
                .map(DefaultAction::SetMuted)
                .collect(),
        }
    }

    fn default_seek(&self, now: Timestamp, target: impl Fn(f64) -> f64) -> Vec<DefaultAction> {
        let Some((element, position)) = self.seekable_element() else {
            return Vec::new();
        };
        let present = position.position_at(now, self.media[&element].playing);
        let target = target(present).clamp(0.0, position.state.duration);
        vec![DefaultAction::SeekTo(element, target)]
    }

    /// All that has changed since the last call, for the session manager; `None` if nothing has.
    #[must_use]
    pub fn flush(&mut self, now: Timestamp) -> Option<MediaSessionUpdate> {
        let current = Sent {
            metadata: self.metadata.clone(),
            playing: self.is_playing(),
            handlers: self.handlers,
            default_handlers: self.default_handlers(),
            position: self.effective_position(),
        };
        fn changed<T: PartialEq>(current: &T, sent: &T) -> bool {
            current != sent
        }
        let update = MediaSessionUpdate {
            metadata: changed(&current.metadata, &self.sent.metadata)
                .then(|| current.metadata.clone()),
            playing: changed(&current.playing, &self.sent.playing).then_some(current.playing),
            handlers: changed(&current.handlers, &self.sent.handlers).then_some(current.handlers),
            default_handlers: changed(&current.default_handlers, &self.sent.default_handlers)
                .then_some(current.default_handlers),
            // The manager counts on from the last position while the session plays.
            position: (changed(&current.position, &self.sent.position)
                || changed(&current.playing, &self.sent.playing) && current.position.is_some())
            .then(|| self.position_now(now)),
            new_track: std::mem::take(&mut self.new_track),
        };
        self.sent = current;
        (!update.is_empty()).then_some(update)
    }
}

#[cfg(test)]
mod tests;
