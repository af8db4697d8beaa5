/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the manager shows of its sessions to its embedder.

use sordino_traits::controls::{ControlsCommand, ControlsState};
use sordino_traits::{ActionDetails, DocumentId};

use super::{Command, ManagerError, SessionManagerProxy};
use crate::arbiter::{Explanation, Hold, Policy, SessionSnapshot};
use crate::router::{Choice, Target};

/// One audio session.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SessionView {
    /// The session.
    pub session: SessionSnapshot,
    /// Why it is what it is.
    pub explanation: Explanation,
}

/// Everything at one moment.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// The policy.
    pub policy: Policy,
    /// The audio sessions, by their ids.
    pub sessions: Vec<SessionView>,
    /// The document with the active media session, and why it has it.
    pub active: Option<(DocumentId, Choice)>,
    /// Every document with what the controls would show of it, for controls of each tab.
    pub media_sessions: Vec<(DocumentId, ControlsState)>,
    /// What the media controls show.
    pub controls: Option<ControlsState>,
}

/// A handle to one document and its sessions, for whoever shows it: a picture-in-picture window, an
/// inspector. It stays when the document is gone, and then does nothing.
#[derive(Clone, Debug)]
pub struct ContentHandle {
    proxy: SessionManagerProxy,
    document: DocumentId,
}

impl ContentHandle {
    pub(super) fn new(proxy: SessionManagerProxy, document: DocumentId) -> Self {
        Self { proxy, document }
    }

    /// The document.
    pub fn document(&self) -> DocumentId {
        self.document
    }

    /// Triggers an action of the document's media session, whether or not that is the active one.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn action(&self, details: ActionDetails) -> Result<(), ManagerError> {
        self.command(details)
    }

    /// Does what a key would do, in this document.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn command(&self, command: impl Into<ControlsCommand>) -> Result<(), ManagerError> {
        self.proxy.command_to(Target::Document(self.document), command)
    }

    /// Interrupts the document's audio session, and the entries that it has now, for a reason of the
    /// embedder, or no longer.
    /// [`Hold::User`] ends also when the user makes the document play.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn set_held(&self, hold: Hold, held: bool) -> Result<(), ManagerError> {
        self.proxy.send(Command::Hold(self.document, hold, held))
    }

    /// Why the document's audio session is what it is, in values and, by its `Display`, in words;
    /// `None` when the document is gone. It waits for the manager's thread, so do not call it from
    /// there.
    ///
    /// # Errors
    ///
    /// [`ManagerError::ShutDown`].
    pub fn explain(&self) -> Result<Option<Explanation>, ManagerError> {
        self.proxy.ask(|reply| Command::Explain(self.document, reply))
    }
}
