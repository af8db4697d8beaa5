/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The elements of an audio session.

use sordino_traits::{AudioSessionState, AudioSessionType};

/// What kind of [element](https://w3c.github.io/audio-session/#audio-session-element) something
/// is; it decides the default type and the steps.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ElementKind {
    /// An `AudioContext`.
    AudioContext,
    /// An `HTMLMediaElement`.
    MediaElement,
    /// A microphone: a source, with all tracks of this document that come from it.
    Microphone,
}

impl ElementKind {
    /// The [default type](https://w3c.github.io/audio-session/#default-type).
    pub fn default_type(self) -> AudioSessionType {
        match self {
            Self::AudioContext => AudioSessionType::Ambient,
            Self::MediaElement => AudioSessionType::Playback,
            Self::Microphone => AudioSessionType::PlayAndRecord,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    pub(super) kind: ElementKind,
    pub(super) audible: bool,
    /// Whether it is in `[[interruptedElements]]`.
    pub(super) interrupted: bool,
    /// What its queued [`Task::UpdateElement`] will do.
    pub(super) pending: Option<Pending>,
    /// Whether its resume steps have run, and the engine has not said yet what came of them.
    pub(super) is_resuming: bool,
    /// Whether it is about to begin to sound.
    pub(super) begins: bool,
    /// Whether it waits for the end of an interruption before it sounds.
    pub(super) blocked: bool,
    /// Of its last start: whether the user has caused it, and whether it is a short sound.
    pub(super) by_user: bool,
    pub(super) is_short: bool,
}

/// What is to be done with an element.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Pending {
    Suspend,
    Resume,
}

impl Element {
    pub(super) fn new(kind: ElementKind) -> Self {
        Self {
            kind,
            audible: false,
            interrupted: false,
            pending: None,
            is_resuming: false,
            begins: false,
            blocked: false,
            by_user: false,
            is_short: false,
        }
    }

    /// Whether its [update steps](https://w3c.github.io/audio-session/#microphone-track-source) end
    /// it when this is the type that the page has set. Only a microphone has update steps.
    pub(super) fn is_ended_by(self, set_type: AudioSessionType) -> bool {
        self.kind == ElementKind::Microphone && !allows_microphone(set_type)
    }

    /// Whether it will sound again without anybody's doing.
    pub(super) fn is_to_resume(&self) -> bool {
        self.interrupted || self.is_resuming || self.pending == Some(Pending::Resume)
    }

    /// The [element state](https://w3c.github.io/audio-session/#element-state).
    pub(super) fn state(self) -> AudioSessionState {
        if self.interrupted {
            AudioSessionState::Interrupted
        } else if self.audible {
            AudioSessionState::Active
        } else {
            AudioSessionState::Inactive
        }
    }
}

/// Whether a session with this set type may record.
pub(super) fn allows_microphone(set_type: AudioSessionType) -> bool {
    matches!(set_type, AudioSessionType::Auto | AudioSessionType::PlayAndRecord)
}
