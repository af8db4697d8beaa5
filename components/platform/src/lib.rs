/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The operating system's side of media sessions: what shows the active session to the user's
//! desktop, and what brings the user's commands back.
//!
//! * [`controls`]: the trait [`MediaControls`] and its errors.
//! * [`mpris`]: the controls of a Linux desktop, on its session bus.
//! * [`embedded`]: controls inside the process, for where there is no bus.
//!
//! A session manager owns one `Box<dyn MediaControls>`, hands it a whole
//! [`ControlsState`](sordino_traits::controls::ControlsState) whenever something changed, and
//! receives [`ControlsCommand`](sordino_traits::controls::ControlsCommand)s from a channel:
//!
//! ```
//! use sordino_platform::{EmbeddedControls, MediaControls, MprisControls, MprisOptions};
//!
//! let (commands, _received) = crossbeam_channel::unbounded();
//! let mut controls: Box<dyn MediaControls> =
//!     match MprisControls::connect(MprisOptions::default(), commands.clone()) {
//!         Ok(mpris) => Box::new(mpris),
//!         Err(error) => {
//!             eprintln!("no desktop media controls: {error}");
//!             Box::new(EmbeddedControls::new(commands))
//!         },
//!     };
//! controls.update(None);
//! ```

pub mod controls;
pub mod embedded;
pub mod mpris;

pub use controls::{ControlsError, MediaControls};
pub use embedded::{EmbeddedControls, EmbeddedHandle, SendCommandError};
pub use mpris::{MprisControls, MprisOptions};
