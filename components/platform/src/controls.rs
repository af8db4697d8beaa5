/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What every set of media controls does, whatever the operating system.

use std::io;
use std::time::Duration;

use sordino_traits::controls::ControlsState;
use thiserror::Error;

/// A set of media controls: the desktop's panel and media keys, a lock screen, a headset.
///
/// It is given the active media session, and sends what the user does with it to the
/// [`ControlsCommand`](sordino_traits::controls::ControlsCommand) channel that it was made with.
/// Commands are never waited for: where that channel is bounded and full, a command is dropped
/// and logged.
///
/// # Threads
///
/// It is owned by one thread, which it never blocks, and may be moved to another.
pub trait MediaControls: Send {
    /// Shows `state` from now on; `None` when nothing can be controlled.
    ///
    /// Returns at once. A backend publishes a state whole. When states arrive faster than it can
    /// publish them it goes straight to the newest one.
    fn update(&mut self, state: Option<ControlsState>);

    /// What it is, in one word for a status line, such as `mpris`.
    fn backend_name(&self) -> &'static str;
}

/// Why a set of media controls cannot be had.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ControlsError {
    /// There is no session bus. None is started: that is up to the desktop.
    #[error(
        "no D-Bus session bus: DBUS_SESSION_BUS_ADDRESS is not set and there is no \
         $XDG_RUNTIME_DIR/bus; log in to a desktop session, or start the program with \
         `dbus-run-session -- PROGRAM`"
    )]
    NoBus,
    /// There is an address of a bus, but nothing that can be used answers there.
    #[error("cannot connect to the D-Bus bus at `{address}`: {source}")]
    Connect {
        /// The D-Bus address.
        address: String,
        /// What the connection failed with.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The bus took the connection and then did not answer.
    #[error("the D-Bus bus did not answer within {0:?}")]
    Timeout(Duration),
    /// The player's name is not a valid bus name.
    #[error("`{0}` is not a valid D-Bus bus name")]
    InvalidName(String),
    /// The player's name, and each that was tried instead of it, belongs to another program. Logged,
    /// not returned: a name is requested only when there is a state to show.
    #[error("the D-Bus bus name `{0}`, and those tried instead of it, are taken")]
    NameTaken(String),
    /// The backend's thread could not be started.
    #[error("cannot start the thread of the media controls: {0}")]
    Thread(#[from] io::Error),
}
