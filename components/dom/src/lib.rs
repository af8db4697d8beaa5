/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `navigator.audioSession` and `navigator.mediaSession` of one document, and the `AudioFocusEntry`s
//! beside them, without a JS engine.
//!
//! All are state machines: calls of the page, changes of its media and commands of the session
//! manager go in, with a time stamp where time matters; what to do comes out as values. There is
//! no clock, thread, channel or lock here.
//!
//! ```
//! use sordino_dom::{AudioSession, ElementKind, Output};
//! use sordino_traits::id::IdAllocator;
//! use sordino_traits::messages::AudioSessionMessage;
//! use sordino_traits::{AudioSessionType, NamespaceId};
//!
//! let element = IdAllocator::new(NamespaceId(1)).element();
//! let mut session = AudioSession::new();
//! session.add_element(element, ElementKind::MediaElement);
//! session.set_audible(element, true);
//! let outputs = session.take_outputs();
//! assert!(matches!(
//!     outputs[..],
//!     [Output::Send(AudioSessionMessage::TryActivate { types, .. })]
//!         if types.computed_type == AudioSessionType::Playback
//! ));
//! ```

mod audio_focus_entry;
mod audio_session;
mod capture_state;
mod media_metadata;
mod media_session;
mod short_sounds;

pub use audio_focus_entry::{AudioFocusEntry, AudioFocusState, AudioFocusType, FocusOutput};
pub use audio_session::{AudioSession, ElementKind, MicrophoneRefused, Output, Task};
pub use capture_state::{CaptureKind, CaptureState, CaptureStateError, CaptureTask, TrackMuting};
pub use media_metadata::{
    ChapterInformation, ChapterInformationInit, MediaImage, MediaMetadata, MediaMetadataError,
    MediaMetadataInit,
};
pub use media_session::{
    DefaultAction, Handling, MediaSession, MediaState, PositionStateError, PositionStateInit,
};
pub use short_sounds::ShortSounds;
