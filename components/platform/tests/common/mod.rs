/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A private bus for one test, and what the tests show on it.

// Every test binary uses a part of it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod client;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crossbeam_channel::{Receiver, unbounded};
use sordino_platform::{MprisControls, MprisOptions};
use sordino_traits::controls::{ControlsCommand, ControlsState, TrackNumber};
use sordino_traits::media_session::{MediaMetadata, PositionState, StampedPosition};
use sordino_traits::{ActionSet, MediaSessionAction as Action, NamespaceId, TabId, Timestamp};
use tempfile::TempDir;

/// A `dbus-daemon` that starts no services, in a folder of its own.
pub struct Bus {
    pub address: String,
    daemon: Child,
    _folder: TempDir,
}

impl Bus {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bus.conf");
        let rules = format!(
            r#"<busconfig><type>session</type><listen>unix:path={}/bus</listen>
               <policy context="default"><allow send_destination="*" eavesdrop="true"/>
               <allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#,
            folder.path().display(),
        );
        std::fs::write(&config, rules).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--print-address=1", "--nofork"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut address = String::new();
        let output = daemon.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut address).unwrap();
        Self { address: address.trim().into(), daemon, _folder: folder }
    }

    pub fn kill(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }

    /// Lets it answer nothing any more; [`Bus::kill`] ends it nevertheless.
    pub fn freeze(&self) {
        let freeze = format!("kill -STOP {}", self.daemon.id());
        let status = Command::new("sh").args(["-c", &freeze]).status();
        assert!(status.unwrap().success());
    }

    /// The name of the player that [`Bus::player`] makes.
    pub const PLAYER: &str = "org.mpris.MediaPlayer2.sordino.test";

    pub fn options(&self) -> MprisOptions {
        MprisOptions {
            name_suffix: "sordino.test".into(),
            bus_address: Some(self.address.clone()),
            ..MprisOptions::default()
        }
    }

    pub fn player(&self, options: MprisOptions) -> (MprisControls, Receiver<ControlsCommand>) {
        let (commands, received) = unbounded();
        let player = MprisControls::connect(options, commands).unwrap();
        (player, received)
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A paused piece of 200 s at 20 s, with every action that MPRIS knows.
pub fn piece(number: u64) -> ControlsState {
    ControlsState {
        tab: TabId::new(NamespaceId(1), 1).unwrap(),
        track: TrackNumber(number),
        playing: false,
        metadata: MediaMetadata {
            title: format!("Title {number}"),
            artist: format!("Artist {number}"),
            album: format!("Album {number}"),
            ..MediaMetadata::default()
        },
        url: Some(format!("https://music.example/{number}")),
        position: at(20.0, 200.0),
        discontinuities: 0,
        actions: ActionSet::from_iter([
            Action::Play,
            Action::Pause,
            Action::Stop,
            Action::NextTrack,
            Action::PreviousTrack,
            Action::SeekTo,
        ]),
    }
}

/// A position now, in seconds.
pub fn at(position: f64, duration: f64) -> Option<StampedPosition> {
    Some(StampedPosition {
        state: PositionState { duration, playback_rate: 1.0, position },
        at: Timestamp::now(),
    })
}
