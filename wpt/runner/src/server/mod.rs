/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The web server of the tests, on two ports, which are two origins.
//!
//! | path | what |
//! |---|---|
//! | `/resources/testharness.js`, `idlharness.js`, `webidl2.js` | of the npm package `wpt-runner` |
//! | `/resources/testharnessreport.js`, `testdriver.js`, `testdriver-vendor.js` | ours, see [`crate::outcome`] |
//! | `/interfaces.js` | `INTERFACES`, the text of each IDL file of `@webref/idl` by its name |
//! | `/handlers/…` | see [`handlers`] |
//! | `….window.html`, `….any.html` | a page for the script `….window.js`, `….any.js` |
//! | anything else | a file in the folder of the tests |
//!
//! As with [wptserve](https://web-platform-tests.org/writing-tests/server-features.html), the lines
//! of a file `name.headers` are response headers of `name`, [`pipes`] change a response, and
//! [`template`] fills in what a file with `.sub.` in its name leaves open.
//!
//! It is not a general web server: tests want answers that no proper one gives, such as bodies that
//! end early. So [`http`] writes them byte by byte, one for each connection.
//!
//! # Threads
//!
//! One for each port and one for each connection. [`memory`] is where they meet.

mod handlers;
mod http;
mod memory;
mod pipes;
mod template;
mod wrapper;

use std::collections::BTreeMap;
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use http::{Request, Response};
use memory::Memory;

/// The files of `/resources/` that are ours.
const RESOURCES: [(&str, &str); 3] = [
    ("testharnessreport.js", include_str!("../../resources/testharnessreport.js")),
    ("testdriver.js", include_str!("../../resources/testdriver.js")),
    ("testdriver-vendor.js", include_str!("../../resources/testdriver-vendor.js")),
];

/// The host of the tests. `localhost` is the same machine, but another site.
const HOST: &str = "127.0.0.1";

pub(crate) struct Server {
    port: u16,
}

/// What the threads share.
struct Site {
    tests: PathBuf,
    harness: PathBuf,
    interfaces: String,
    ports: [u16; 2],
    memory: Memory,
}

impl Server {
    /// Starts to serve, until the process ends.
    pub(crate) fn start(tests: &Path, packages: &Path) -> Result<Self, String> {
        let error = |error: std::io::Error| format!("cannot serve the tests: {error}");
        let listen = || TcpListener::bind((HOST, 0));
        let listeners = [listen().map_err(error)?, listen().map_err(error)?];
        let mut ports = [0; 2];
        for (port, listener) in ports.iter_mut().zip(&listeners) {
            *port = listener.local_addr().map_err(error)?.port();
        }
        let site = Arc::new(Site {
            tests: tests.to_owned(),
            harness: packages.join("wpt-runner/testharness"),
            interfaces: interfaces(&packages.join("@webref/idl"))?,
            ports,
            memory: Memory::default(),
        });
        for listener in listeners {
            let site = site.clone();
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let site = site.clone();
                    std::thread::spawn(move || site.serve(stream));
                }
            });
        }
        Ok(Self { port: ports[0] })
    }

    pub(crate) fn url(&self, test: &str) -> String {
        format!("http://{HOST}:{}/{test}", self.port)
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

impl Site {
    fn serve(&self, mut stream: TcpStream) {
        // The client may go at any time.
        if let Ok(Some(request)) = http::read(&mut stream) {
            let response = self.answer(&request);
            let _ = http::write(&mut stream, &request, &response, &self.memory);
        }
    }

    fn answer(&self, request: &Request) -> Response {
        let path = request.path().trim_start_matches('/').to_owned();
        let response = match path.strip_prefix("handlers/") {
            Some(name) => handlers::answer(name, request, &self.memory),
            None => self.page(&path, request),
        };
        let response = response.unwrap_or_else(|| Response::text(404, "there is no such file"));
        match request.parameter("pipe") {
            Some(pipe) => match pipes::apply(&pipe, request, response, self) {
                Ok(response) => response,
                Err(error) => Response::text(500, &format!("the pipe is wrong: {error}")),
            },
            None => response,
        }
    }

    fn page(&self, path: &str, request: &Request) -> Option<Response> {
        if path == "interfaces.js" {
            return Some(Response::new(mime(path), self.interfaces.clone()));
        }
        if let Some(resource) = path.strip_prefix("resources/") {
            if let Some((_, text)) = RESOURCES.iter().find(|(name, _)| *name == resource) {
                return Some(Response::new(mime(path), *text));
            }
            let bytes = std::fs::read(below(&self.harness, resource)?).ok()?;
            return Some(Response::new(mime(path), bytes));
        }
        let file = below(&self.tests, path)?;
        let mut response = match std::fs::read(&file) {
            Ok(bytes) => Response::new(mime(path), bytes),
            Err(_) => Response::new(mime(path), wrapper::page(path, &file)?),
        };
        if path.contains(".sub.") {
            template::fill(&mut response, request, self);
        }
        if let Ok(headers) = std::fs::read_to_string(format!("{}.headers", file.display())) {
            for (name, value) in headers.lines().filter_map(|line| line.split_once(':')) {
                response.set_header(name.trim(), value.trim());
            }
        }
        if let Some(range) = request.header("range") {
            response.cut(range);
        }
        Some(response)
    }
}

/// A file below a folder, unless the path leads out of it.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let mut components = Path::new(path).components();
    let is_plain = components.all(|component| matches!(component, Component::Normal(_)));
    is_plain.then(|| folder.join(path))
}

fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html",
        Some("js" | "mjs") => "text/javascript",
        Some("json") => "application/json",
        Some("txt") => "text/plain",
        Some("css") => "text/css",
        Some("wav") => "audio/wav",
        Some("ogg") => "audio/ogg",
        Some("mp3") => "audio/mpeg",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
