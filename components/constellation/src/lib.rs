/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The session manager of an engine.
//!
//! * [`arbiter`] decides which audio sessions are active. It is pure: inputs with a time stamp go
//!   in, values come out.
//! * [`router`] decides which media session is the active one, what the media controls show and
//!   where an action goes. It is pure too.
//! * [`cores`] is the two as one, with the record of what they did.
//! * [`untrusted`] receives what a process sends that may be hostile.
//! * [`manager`] is the thread and the channels around them.
//!
//! An engine with content processes uses [`SessionManager`]:
//!
//! ```
//! use ipc_channel::ipc;
//! use sordino_constellation::{ContentChannels, ManagerEvent, SessionManager};
//! use sordino_traits::id::IdAllocator;
//! use sordino_traits::messages::{
//!     AudioSessionMessage, ContentMessage, RequestNumber, ScriptCommand,
//! };
//! use sordino_traits::{AudioSessionState, AudioSessionType, NamespaceId, SessionTypes};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let manager = SessionManager::builder().spawn()?;
//!
//! // One content process: it owns the namespace, and the manager owns these ends.
//! let namespace = NamespaceId(1);
//! let tab = IdAllocator::new(NamespaceId(0)).tab();
//! let (to_manager, content) = ipc::channel()?;
//! let (script, from_manager) = ipc::channel()?;
//! let (media, _media_thread) = ipc::channel()?;
//! manager.proxy().add_content(ContentChannels {
//!     tab,
//!     namespace,
//!     is_private: false,
//!     opened_file: None,
//!     content,
//!     script,
//!     media,
//! })?;
//!
//! // What the content process says when a page starts to play.
//! let mut ids = IdAllocator::new(namespace);
//! let (document, frame) = (ids.document(), ids.frame());
//! to_manager.send(ContentMessage::DocumentOpened {
//!     document,
//!     frame,
//!     url: "https://example.org/".into(),
//!     may_use_media_session: true,
//! })?;
//! let request = RequestNumber(1);
//! to_manager.send(ContentMessage::AudioSession {
//!     session: document.into(),
//!     message: AudioSessionMessage::TryActivate {
//!         request,
//!         types: SessionTypes {
//!             computed_type: AudioSessionType::Playback,
//!             ..Default::default()
//!         },
//!         by_user: false,
//!     },
//! })?;
//! assert_eq!(
//!     from_manager.recv()?,
//!     ScriptCommand::AudioSessionState {
//!         session: document.into(),
//!         state: AudioSessionState::Active,
//!         answers: Some(request),
//!     }
//! );
//! manager.shutdown();
//! # Ok(())
//! # }
//! ```
//!
//! An engine with an IPC of its own drives [`cores::Cores`], or the two in it, directly.

pub mod arbiter;
pub mod cores;
pub mod manager;
pub mod router;
pub mod untrusted;

pub use manager::{
    ContentChannels, ContentEnd, ContentHandle, ContentId, ManagerError, ManagerEvent,
    SessionManager, SessionManagerBuilder, SessionManagerProxy, SessionView, Snapshot,
};

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
