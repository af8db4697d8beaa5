/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Whether a document's captures are paused: `setMicrophoneActive()` and its siblings, and the
//! actions that toggle them.

use std::collections::BTreeMap;

use sordino_traits::{ElementId, MediaSessionAction};

/// What is captured.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CaptureKind {
    /// [`setMicrophoneActive()`](https://w3c.github.io/mediasession/#dom-mediasession-setmicrophoneactive).
    Microphone,
    /// [`setCameraActive()`](https://w3c.github.io/mediasession/#dom-mediasession-setcameraactive).
    Camera,
    /// [`setScreenshareActive()`](https://w3c.github.io/mediasession/#dom-mediasession-setscreenshareactive).
    Screenshare,
}

impl CaptureKind {
    /// What an action toggles, if it does.
    fn toggled_by(action: MediaSessionAction) -> Option<Self> {
        match action {
            MediaSessionAction::ToggleMicrophone => Some(Self::Microphone),
            MediaSessionAction::ToggleCamera => Some(Self::Camera),
            MediaSessionAction::ToggleScreenshare => Some(Self::Screenshare),
            _ => None,
        }
    }

    /// Whether all input sources of the kind are paused in response to UI
    /// ([applyPausePolicy](https://w3c.github.io/mediasession/#pausing-all-input-sources)). The
    /// draft leaves it open; ours is to pause what hears and sees the user.
    fn is_paused_by_ui(self) -> bool {
        match self {
            Self::Microphone | Self::Camera => true,
            Self::Screenshare => false,
        }
    }
}

/// The [muted state](https://w3c.github.io/mediacapture-main/#track-muted) that a track gets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TrackMuting {
    /// The track.
    pub track: ElementId,
    /// Its muted state from then on.
    pub muted: bool,
}

/// A task of the user interaction task source, in the order in which they are to be queued.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CaptureTask {
    /// Resolve the promise with `undefined`.
    Resolve,
    /// Set the muted state of a track.
    SetMuted(TrackMuting),
}

/// The promise is rejected with an `InvalidStateError`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureStateError {
    /// The document is not fully active.
    #[error("InvalidStateError: the document is not fully active")]
    NotFullyActive,
    /// A document that nobody sees may not begin to listen or to watch.
    #[error("InvalidStateError: a hidden document cannot activate a capture")]
    Hidden,
}

/// The capture state of a document, as the user agent's UI shows it, and its live tracks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CaptureState {
    microphone_paused: bool,
    camera_paused: bool,
    /// Only shown: see [`CaptureKind`].
    screenshare_inactive: bool,
    tracks: BTreeMap<ElementId, CaptureKind>,
}

impl CaptureState {
    /// Whether the page says that it uses captures of this kind. A microphone or camera track that
    /// is added while this is false begins muted.
    pub fn is_active(&self, kind: CaptureKind) -> bool {
        match kind {
            CaptureKind::Microphone => !self.microphone_paused,
            CaptureKind::Camera => !self.camera_paused,
            CaptureKind::Screenshare => !self.screenshare_inactive,
        }
    }

    /// The document has a new live track.
    pub fn add_track(&mut self, track: ElementId, kind: CaptureKind) {
        self.tracks.insert(track, kind);
    }

    /// A track has ended.
    pub fn remove_track(&mut self, track: ElementId) {
        self.tracks.remove(&track);
    }

    /// Whether the document has a live track of this kind.
    pub fn has_live_track(&self, kind: CaptureKind) -> bool {
        self.tracks.values().any(|other| *other == kind)
    }

    /// The [update capture state algorithm](https://w3c.github.io/mediasession/#update-capture-state-algorithm).
    /// Its parallel part is done at once: nobody is asked and nothing is denied, the microphone or
    /// camera was allowed before.
    ///
    /// # Errors
    ///
    /// Those of steps 1 and 2.
    pub fn update(
        &mut self,
        is_fully_active: bool,
        is_visible: bool,
        active: bool,
        kind: CaptureKind,
    ) -> Result<Vec<CaptureTask>, CaptureStateError> {
        // 1
        if !is_fully_active {
            return Err(CaptureStateError::NotFullyActive);
        }
        // 2
        if active && !is_visible {
            return Err(CaptureStateError::Hidden);
        }
        // 4.1 and 4.2
        if kind.is_paused_by_ui() && active == self.is_active(kind) {
            return Ok(vec![CaptureTask::Resolve]);
        }
        // 4.3 to 4.5
        self.set_active(kind, active);
        let mutings = self.mutings(kind).into_iter().map(CaptureTask::SetMuted);
        Ok(std::iter::once(CaptureTask::Resolve).chain(mutings).collect())
    }

    /// Step 4.3: what the user agent's UI shows.
    fn set_active(&mut self, kind: CaptureKind, active: bool) {
        let inactive = match kind {
            CaptureKind::Microphone => &mut self.microphone_paused,
            CaptureKind::Camera => &mut self.camera_paused,
            CaptureKind::Screenshare => &mut self.screenshare_inactive,
        };
        *inactive = !active;
    }

    /// Step 4.5: the muted states that the tracks of this kind must have now.
    pub fn mutings(&self, kind: CaptureKind) -> Vec<TrackMuting> {
        let muted = !self.is_active(kind);
        self.tracks
            .iter()
            .filter(|(_, other)| kind.is_paused_by_ui() && **other == kind)
            .map(|(track, _)| TrackMuting { track: *track, muted })
            .collect()
    }

    /// The user toggles a capture: all its input sources are paused, or go on, see
    /// [`CaptureState::mutings`]. `None` for actions that pause nothing; the page alone decides
    /// then.
    pub(crate) fn toggle(&mut self, action: MediaSessionAction) -> Option<CaptureKind> {
        let kind = CaptureKind::toggled_by(action).filter(|kind| kind.is_paused_by_ui())?;
        self.set_active(kind, !self.is_active(kind));
        Some(kind)
    }

    /// The toggling actions that do something in a page without handlers.
    pub(crate) fn default_handlers(&self) -> impl Iterator<Item = MediaSessionAction> {
        [MediaSessionAction::ToggleMicrophone, MediaSessionAction::ToggleCamera].into_iter().filter(
            |action| CaptureKind::toggled_by(*action).is_some_and(|kind| self.has_live_track(kind)),
        )
    }
}

#[cfg(test)]
mod tests;
