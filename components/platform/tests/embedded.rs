/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The controls inside the process.

mod common;

use std::thread;

use common::piece;
use crossbeam_channel::bounded;
use sordino_platform::{EmbeddedControls, MediaControls, SendCommandError};
use sordino_traits::controls::ControlsCommand;

#[test]
fn a_handle_sees_the_last_state_from_any_thread() {
    let (commands, _received) = bounded(1);
    let mut controls = EmbeddedControls::new(commands);
    let handle = controls.handle();
    let controls: &mut dyn MediaControls = &mut controls;
    assert_eq!(controls.backend_name(), "embedded");
    assert!(handle.state().is_none());
    controls.update(Some(piece(1)));
    controls.update(Some(piece(2)));
    let seen = thread::spawn({
        let handle = handle.clone();
        move || handle.state()
    });
    assert_eq!(seen.join().unwrap().unwrap().metadata.title, "Title 2");
    controls.update(None);
    assert!(handle.state().is_none());
}

#[test]
fn a_command_arrives_or_fails_at_once() {
    let (commands, received) = bounded(1);
    let handle = EmbeddedControls::new(commands).handle();
    assert_eq!(handle.send(ControlsCommand::PlayPause), Ok(()));
    let full = handle.send(ControlsCommand::Quit);
    assert_eq!(full, Err(SendCommandError::Full));
    assert_eq!(received.recv(), Ok(ControlsCommand::PlayPause));
    drop(received);
    let gone = handle.send(ControlsCommand::Quit);
    assert_eq!(gone, Err(SendCommandError::Disconnected));
}
