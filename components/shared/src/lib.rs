/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What every Sordino crate agrees on: ids, the value types of the two specifications, the typed
//! messages between a content process and the rest, and the checks that each message must pass.
//!
//! * [`id`]: ids with the layout of Servo's (namespace and index).
//! * [`audio_session`], [`media_session`]: the value types of the two drafts.
//! * [`artwork`]: which artwork a document may show.
//! * [`controls`]: what a set of media controls (MPRIS, a lock screen) shows and sends.
//! * [`messages`]: content process ↔ session manager.
//! * [`cookies`]: the cookies of documents, between content processes and the shell.
//! * [`embedder`]: content process ↔ the engine's shell: the network, the console, page loads.
//! * [`headers`]: header lists, as Fetch has them.
//! * [`origin`]: whom a page can trust.
//! * [`os_focus`]: what a platform reports of the system's audio focus.
//! * [`rate`]: how many messages a process may send.
//! * [`storage`]: the items of storage areas, kept in content processes and in the shell.
//! * [`validate`]: the limits of a message, checked once, at the boundary.
//! * [`time`]: the one time scale on which positions and decisions are stamped.
//!
//! Nothing here starts a thread or does I/O.

pub mod artwork;
pub mod audio_session;
pub mod controls;
pub mod cookies;
pub mod embedder;
pub mod headers;
pub mod id;
pub mod media_session;
pub mod messages;
pub mod origin;
pub mod os_focus;
pub mod rate;
pub mod storage;
pub mod time;
pub mod validate;

pub use audio_session::{AudioSessionState, AudioSessionType, SessionTypes};
pub use id::{DocumentId, ElementId, EntryId, FrameId, NamespaceId, SessionId, TabId};
pub use media_session::{
    ActionDetails, ActionSet, MediaImage, MediaMetadata, MediaSessionAction,
    MediaSessionPlaybackState, PositionState,
};
pub use time::Timestamp;
