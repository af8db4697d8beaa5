/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Chromium, which chromedriver starts.

use std::path::Path;
use std::process::Stdio;

use serde_json::json;
use tempfile::TempDir;

use super::bidi::Session;
use super::process::Processes;
use super::{Browser, announced_port, command, lines};
use crate::outcome::Outcome;

pub(crate) struct Chromium {
    session: Session,
    _driver: Processes,
    /// The profile, and the runtime folder. Dropped last.
    _folder: TempDir,
}

impl Chromium {
    pub(crate) fn start() -> Result<Self, String> {
        Self::try_start().map_err(|error| format!("Chromium: {error}"))
    }

    fn try_start() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut driver = Processes::start(
            command(Path::new("chromedriver"), &folder)
                .arg("--port=0")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let output = driver.leader.stdout.take().ok_or("chromedriver has no output")?;
        let port = announced_port(&lines(output), "successfully on port ", ".")?;
        let mut arguments = vec![
            "--headless=new".to_owned(),
            format!("--user-data-dir={}", folder.path().join("profile").display()),
            "--autoplay-policy=no-user-gesture-required".to_owned(),
            "--use-fake-device-for-media-stream".to_owned(),
            "--use-fake-ui-for-media-stream".to_owned(),
            "--mute-audio".to_owned(),
        ];
        if rustix::process::geteuid().is_root() {
            // Its sandbox refuses to run as root.
            arguments.push("--no-sandbox".to_owned());
        }
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let session = Session::start(port, &json!({ "alwaysMatch": options }))?;
        Ok(Self { session, _driver: driver, _folder: folder })
    }
}

impl Browser for Chromium {
    fn run(&mut self, url: &str) -> Outcome {
        self.session.run(url)
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.session.end();
    }
}
