/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The focus table, and what else two sessions do to each other.

use sordino_traits::AudioSessionType;

/// What an active session does to a session of another tab.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// Nothing.
    None,
    /// It is ducked.
    Duck,
    /// It is interrupted, and resumes.
    Interrupt,
    /// It is interrupted, and does not resume.
    Take,
}

/// What an active session of weight `holder` does to one of weight `other` in another tab.
/// `is_newer` says whether the holder was granted later. The ducking of a playback by an older call
/// depends on a preference, see [`is_ducked_under_call`].
pub fn effect(holder: AudioSessionType, other: AudioSessionType, is_newer: bool) -> Effect {
    use AudioSessionType::{Ambient, PlayAndRecord, Playback, Transient, TransientSolo};

    match (holder, other) {
        // It plays exclusively, also before those that came later.
        (TransientSolo, Transient | Ambient) => Effect::Interrupt,
        _ if !is_newer => Effect::None,
        (Playback, Playback | TransientSolo | Transient) => Effect::Take,
        (PlayAndRecord, Playback | PlayAndRecord | TransientSolo | Transient)
        | (TransientSolo, Playback | TransientSolo) => Effect::Interrupt,
        (TransientSolo, PlayAndRecord) | (Transient, Playback | PlayAndRecord) => Effect::Duck,
        _ => Effect::None,
    }
}

/// Whether an older call ducks a session of this weight while the preference says so.
pub fn is_ducked_under_call(holder: AudioSessionType, other: AudioSessionType) -> bool {
    (holder, other) == (AudioSessionType::PlayAndRecord, AudioSessionType::Playback)
}

/// Whether an active session ducks another one of its own tab.
pub fn is_ducked_in_tab(holder: AudioSessionType, other: AudioSessionType) -> bool {
    holder == AudioSessionType::Transient && other != AudioSessionType::Transient
}
