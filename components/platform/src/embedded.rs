/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Media controls inside the process: the default where there is no bus.
//!
//! [`EmbeddedControls`] remembers the last state; any number of [`EmbeddedHandle`]s read it and
//! send commands, such as the shell does for the keys of its terminal. There is no thread.

use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Sender, TrySendError};
use sordino_traits::controls::{ControlsCommand, ControlsState};
use thiserror::Error;

use crate::controls::MediaControls;

type Shown = Arc<Mutex<Option<Arc<ControlsState>>>>;

/// The in-process backend.
///
/// ```
/// use sordino_platform::{EmbeddedControls, MediaControls};
/// use sordino_traits::controls::ControlsCommand;
///
/// let (commands, received) = crossbeam_channel::unbounded();
/// let mut controls = EmbeddedControls::new(commands);
/// let keys = controls.handle();
/// controls.update(None);
///
/// keys.send(ControlsCommand::PlayPause)?;
/// assert_eq!(received.try_recv(), Ok(ControlsCommand::PlayPause));
/// assert!(keys.state().is_none());
/// # Ok::<(), sordino_platform::SendCommandError>(())
/// ```
#[derive(Debug)]
pub struct EmbeddedControls {
    shown: Shown,
    commands: Sender<ControlsCommand>,
}

impl EmbeddedControls {
    /// Controls that send the user's commands to `commands`.
    pub fn new(commands: Sender<ControlsCommand>) -> Self {
        Self { shown: Shown::default(), commands }
    }

    /// A handle for whatever shows the state and takes the user's commands.
    pub fn handle(&self) -> EmbeddedHandle {
        EmbeddedHandle { shown: self.shown.clone(), commands: self.commands.clone() }
    }
}

impl MediaControls for EmbeddedControls {
    fn update(&mut self, state: Option<ControlsState>) {
        let state = state.map(Arc::new);
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn backend_name(&self) -> &'static str {
        "embedded"
    }
}

/// Reads the state of [`EmbeddedControls`] and sends commands. It can be cloned and sent to any
/// thread, and outlives the controls it came from.
#[derive(Clone, Debug)]
pub struct EmbeddedHandle {
    shown: Shown,
    commands: Sender<ControlsCommand>,
}

impl EmbeddedHandle {
    /// The state that was last shown; `None` when nothing can be controlled.
    pub fn state(&self) -> Option<Arc<ControlsState>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends a command to the active session, without waiting.
    ///
    /// # Errors
    ///
    /// [`SendCommandError::Full`] when the session manager is behind by a whole channel,
    /// [`SendCommandError::Disconnected`] when it is gone.
    pub fn send(&self, command: ControlsCommand) -> Result<(), SendCommandError> {
        self.commands.try_send(command).map_err(|error| match error {
            TrySendError::Full(_) => SendCommandError::Full,
            TrySendError::Disconnected(_) => SendCommandError::Disconnected,
        })
    }
}

/// Why a command was not sent.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum SendCommandError {
    /// The channel has no room.
    #[error("too many commands are waiting")]
    Full,
    /// Nobody receives commands any more.
    #[error("the session manager is gone")]
    Disconnected,
}
