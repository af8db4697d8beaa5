/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Whether a document's captures are paused: `setMicrophoneActive()` and its siblings.

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

/// A task of the user interaction task source, in the order in which they are to be queued.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CaptureTask {
    /// Resolve the promise with `undefined`.
    Resolve,
    /// Set the muted state of every track whose source is of this kind.
    SetMuted(CaptureKind, bool),
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

/// The capture state of a document, as the user agent's UI shows it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct CaptureState {
    microphone_paused: bool,
    camera_paused: bool,
    /// Only shown: see [`CaptureKind`].
    screenshare_inactive: bool,
}

impl CaptureState {
    /// Whether the page says that it uses captures of this kind.
    pub fn is_active(&self, kind: CaptureKind) -> bool {
        match kind {
            CaptureKind::Microphone => !self.microphone_paused,
            CaptureKind::Camera => !self.camera_paused,
            CaptureKind::Screenshare => !self.screenshare_inactive,
        }
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
        let apply_pause_policy = kind.is_paused_by_ui();
        if apply_pause_policy && active == self.is_active(kind) {
            return Ok(vec![CaptureTask::Resolve]);
        }
        // 4.3
        let state = match kind {
            CaptureKind::Microphone => &mut self.microphone_paused,
            CaptureKind::Camera => &mut self.camera_paused,
            CaptureKind::Screenshare => &mut self.screenshare_inactive,
        };
        *state = !active;
        // 4.4
        let mut tasks = vec![CaptureTask::Resolve];
        // 4.5
        if apply_pause_policy {
            tasks.push(CaptureTask::SetMuted(kind, !active));
        }
        Ok(tasks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use CaptureKind::{Camera, Microphone, Screenshare};
    use CaptureTask::{Resolve, SetMuted};

    #[test]
    fn the_promise_is_resolved_before_tracks_are_muted() {
        for kind in [Microphone, Camera] {
            let mut state = CaptureState::default();
            assert!(state.is_active(kind));
            let off = state.update(true, true, false, kind);
            assert_eq!(off, Ok(vec![Resolve, SetMuted(kind, true)]));
            assert!(!state.is_active(kind));
            let on = state.update(true, true, true, kind);
            assert_eq!(on, Ok(vec![Resolve, SetMuted(kind, false)]));
        }
    }

    #[test]
    fn what_is_so_already_only_resolves() {
        let mut state = CaptureState::default();
        assert_eq!(state.update(true, true, true, Microphone), Ok(vec![Resolve]));
        assert!(state.update(true, true, false, Microphone).is_ok());
        assert_eq!(state.update(true, true, false, Microphone), Ok(vec![Resolve]));
        assert!(state.is_active(Camera), "each kind for itself");
    }

    #[test]
    fn a_screen_share_is_shown_but_not_muted() {
        let mut state = CaptureState::default();
        assert_eq!(state.update(true, true, false, Screenshare), Ok(vec![Resolve]));
        assert!(!state.is_active(Screenshare));
    }

    #[test]
    fn documents_that_are_inactive_or_hidden_are_refused() {
        let mut state = CaptureState::default();
        for active in [true, false] {
            let refused = state.update(false, true, active, Microphone);
            assert_eq!(refused, Err(CaptureStateError::NotFullyActive));
        }
        assert_eq!(state.update(true, false, true, Microphone), Err(CaptureStateError::Hidden));
        assert!(state.update(true, false, false, Microphone).is_ok(), "off is always allowed");
        assert_eq!(state.update(true, false, true, Microphone), Err(CaptureStateError::Hidden));
        assert!(!state.is_active(Microphone), "a refusal changes nothing");
    }
}
