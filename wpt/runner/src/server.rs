/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The web server of the tests.
//!
//! | path | what |
//! |---|---|
//! | `/resources/testharness.js`, `idlharness.js`, `webidl2.js` | of the npm package `wpt-runner` |
//! | `/resources/testharnessreport.js` | ours: writes results to the console |
//! | `/interfaces.js` | `INTERFACES`, the text of each IDL file of `@webref/idl` by its name |
//! | anything else | a file in the folder of the tests |

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use tiny_http::{Header, Request, Response};

/// Writes each result as a line of the console, marked so that [`crate::run`] finds it.
const REPORT: &str = include_str!("../resources/testharnessreport.js");

pub(crate) struct Server {
    address: String,
}

struct Files {
    tests: PathBuf,
    harness: PathBuf,
    interfaces: String,
}

impl Server {
    /// Starts to serve, until the process ends.
    pub(crate) fn start(tests: &Path, packages: &Path) -> Result<Self, String> {
        let files = Files {
            tests: tests.to_owned(),
            harness: packages.join("wpt-runner/testharness"),
            interfaces: interfaces(&packages.join("@webref/idl"))?,
        };
        let server = tiny_http::Server::http("127.0.0.1:0")
            .map_err(|error| format!("cannot serve the tests: {error}"))?;
        let address = server.server_addr().to_string();
        std::thread::Builder::new()
            .name("Server".into())
            .spawn(move || {
                for request in server.incoming_requests() {
                    files.answer(request);
                }
            })
            .map_err(|error| format!("cannot serve the tests: {error}"))?;
        Ok(Self { address })
    }

    pub(crate) fn url(&self, test: &str) -> String {
        format!("http://{}/{test}", self.address)
    }
}

/// `const INTERFACES = {"audio-session": "...", ...};`
fn interfaces(folder: &Path) -> Result<String, String> {
    let error = |error: std::io::Error| {
        format!("cannot read the IDL files in {}: {error}", folder.display())
    };
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.extension().is_some_and(|extension| extension == "idl") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            texts.insert(name, std::fs::read_to_string(&path).map_err(error)?);
        }
    }
    let json = serde_json::to_string(&texts).map_err(|error| error.to_string())?;
    Ok(format!("const INTERFACES = {json};\n"))
}

impl Files {
    fn answer(&self, request: Request) {
        let path = request.url().trim_start_matches('/');
        let path = path.split(['?', '#']).next().unwrap_or_default().to_owned();
        let body = match path.as_str() {
            "interfaces.js" => Some(self.interfaces.clone().into_bytes()),
            "resources/testharnessreport.js" => Some(REPORT.as_bytes().to_vec()),
            _ => self.file(&path).and_then(|file| std::fs::read(file).ok()),
        };
        // The engine may have gone.
        let _ = match body {
            Some(body) => request.respond(Response::from_data(body).with_header(mime(&path))),
            None => request.respond(Response::from_string("not found").with_status_code(404)),
        };
    }

    fn file(&self, path: &str) -> Option<PathBuf> {
        let is_plain = |path: &Path| {
            path.components().all(|component| matches!(component, Component::Normal(_)))
        };
        let (folder, path) = match path.strip_prefix("resources/") {
            Some(resource) => (&self.harness, resource),
            None => (&self.tests, path),
        };
        is_plain(Path::new(path)).then(|| folder.join(path))
    }
}

fn mime(path: &str) -> Header {
    let essence = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wav") => "audio/wav",
        Some("ogg") => "audio/ogg",
        Some("mp3") => "audio/mpeg",
        _ => "application/octet-stream",
    };
    Header::from_bytes("Content-Type", essence).expect("an ASCII header")
}
