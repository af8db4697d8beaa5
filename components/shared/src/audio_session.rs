/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The value types of the [Audio Session](https://w3c.github.io/audio-session/) draft.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An [audio session type](https://w3c.github.io/audio-session/#enumdef-audiosessiontype).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AudioSessionType {
    /// The engine computes the type from what the document does.
    #[default]
    Auto,
    /// Music, video, podcasts.
    Playback,
    /// A short sound, such as a notification ping.
    Transient,
    /// A short sound that must be heard alone, such as driving directions.
    TransientSolo,
    /// Sound that mixes with all other sound.
    Ambient,
    /// A call: the microphone and the far end.
    PlayAndRecord,
}

impl AudioSessionType {
    /// All types, in the draft's order.
    pub const ALL: [Self; 6] = [
        Self::Auto,
        Self::Playback,
        Self::Transient,
        Self::TransientSolo,
        Self::Ambient,
        Self::PlayAndRecord,
    ];

    /// Whether this is an [exclusive type](https://w3c.github.io/audio-session/#exclusive-type).
    pub fn is_exclusive(self) -> bool {
        matches!(self, Self::Playback | Self::PlayAndRecord | Self::TransientSolo)
    }

    /// The `media.role` of its streams at a PulseAudio or PipeWire server, by which the server routes
    /// them and decides which of them yield to a call.
    #[doc(alias = "media.role")]
    pub fn media_role(self) -> &'static str {
        match self {
            Self::Auto | Self::Playback => "music",
            Self::Transient => "event",
            Self::TransientSolo => "a11y",
            Self::Ambient => "game",
            Self::PlayAndRecord => "phone",
        }
    }

    /// The IDL enumeration value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Playback => "playback",
            Self::Transient => "transient",
            Self::TransientSolo => "transient-solo",
            Self::Ambient => "ambient",
            Self::PlayAndRecord => "play-and-record",
        }
    }
}

impl fmt::Display for AudioSessionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an audio session says of itself.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct SessionTypes {
    /// `[[type]]`.
    pub set_type: AudioSessionType,
    /// The computed type; never `auto`.
    pub computed_type: AudioSessionType,
    /// Whether all that sounds in it are short pieces: with `[[type]]` `auto` and the computed type
    /// `playback` it then counts as `transient` between tabs, and never gets the media keys.
    pub is_short: bool,
}

impl Default for SessionTypes {
    fn default() -> Self {
        Self {
            set_type: AudioSessionType::Auto,
            computed_type: AudioSessionType::Ambient,
            is_short: false,
        }
    }
}

impl SessionTypes {
    /// What the focus table goes by.
    pub fn weight(self) -> AudioSessionType {
        let is_auto = self.set_type == AudioSessionType::Auto;
        match self.computed_type {
            AudioSessionType::Playback if is_auto && self.is_short => AudioSessionType::Transient,
            AudioSessionType::Auto => AudioSessionType::Ambient,
            computed => computed,
        }
    }
}

/// An [audio session state](https://w3c.github.io/audio-session/#enumdef-audiosessionstate).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AudioSessionState {
    /// Neither playing sound nor recording.
    #[default]
    Inactive,
    /// Playing sound or recording.
    Active,
    /// Silent for now; it can resume when the interruption ends.
    Interrupted,
}

impl AudioSessionState {
    /// The IDL enumeration value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Active => "active",
            Self::Interrupted => "interrupted",
        }
    }
}
