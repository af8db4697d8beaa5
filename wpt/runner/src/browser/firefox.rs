/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Firefox, which speaks WebDriver BiDi without a driver.

use std::path::Path;
use std::process::Stdio;

use serde_json::json;
use tempfile::TempDir;

use super::bidi::Session;
use super::process::Processes;
use super::{Browser, announced_port, command, lines};
use crate::outcome::Outcome;

/// What is not as a user's Firefox; for the rest, see its `RecommendedPreferences`.
const PREFERENCES: &str = r#"
user_pref("media.autoplay.default", 0);
user_pref("media.navigator.permission.disabled", true);
user_pref("media.navigator.streams.fake", true);
"#;

pub(crate) struct Firefox {
    session: Session,
    _browser: Processes,
    /// Without one, what makes a sound is an error.
    _sound_server: Processes,
    /// The profile, and the runtime folder. Dropped last.
    _folder: TempDir,
}

impl Firefox {
    pub(crate) fn start() -> Result<Self, String> {
        Self::try_start().map_err(|error| format!("Firefox: {error}"))
    }

    fn try_start() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let profile = folder.path().join("profile");
        std::fs::create_dir(&profile)
            .and_then(|()| std::fs::write(profile.join("user.js"), PREFERENCES))
            .map_err(|error| format!("cannot write a profile: {error}"))?;
        let socket = folder.path().join("sound");
        let protocol =
            format!("module-native-protocol-unix auth-anonymous=1 socket={}", socket.display());
        // Firefox waits for it as long as it starts.
        let sound_server = Processes::start(
            command(Path::new("pulseaudio"), &folder)
                .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"])
                .args(["--load=module-null-sink", "--load", &protocol])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let mut browser = Processes::start(
            command(Path::new("firefox"), &folder)
                .args(["--headless", "--no-remote", "--remote-debugging-port=0", "--profile"])
                .arg(&profile)
                .env("PULSE_SERVER", format!("unix:{}", socket.display()))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped()),
        )?;
        let output = browser.leader.stderr.take().ok_or("it has no output")?;
        let port = announced_port(&lines(output), "BiDi listening on ws://127.0.0.1:", "/")?;
        let session = Session::start(port, &json!({}))?;
        Ok(Self { session, _browser: browser, _sound_server: sound_server, _folder: folder })
    }
}

impl Browser for Firefox {
    fn run(&mut self, url: &str) -> Outcome {
        self.session.run(url)
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        self.session.end();
    }
}
