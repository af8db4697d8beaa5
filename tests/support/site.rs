/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A folder of pages and media, read as files or over HTTP.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use tempfile::TempDir;
use tiny_http::{Header, Response, Server};

/// A folder that is not in the repository, with a web server.
pub struct Site {
    folder: TempDir,
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    /// An empty one.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let thread = {
            let (root, server) = (folder.path().to_owned(), server.clone());
            std::thread::spawn(move || {
                for request in server.incoming_requests() {
                    let path = request.url().trim_start_matches('/').to_owned();
                    // The client may have gone.
                    let _ = match fs::read(root.join(&path)) {
                        Ok(bytes) => {
                            request.respond(Response::from_data(bytes).with_header(mime(&path)))
                        }
                        Err(_) => {
                            request.respond(Response::from_string("no").with_status_code(404))
                        }
                    };
                }
            })
        };
        Self { folder, server, thread: Some(thread) }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.folder().join(name), content).unwrap();
    }

    /// Writes a page with this title and body.
    pub fn page(&self, name: &str, title: &str, body: &str) {
        self.write(name, format!("<!DOCTYPE html>\n<title>{title}</title>\n{body}\n"));
    }

    /// The path of a file.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// The same as [`Site::file`] for a command line.
    pub fn argument(&self, name: &str) -> String {
        self.file(name).to_str().expect("a temporary folder with a plain name").to_owned()
    }

    /// The URL of a file.
    pub fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.server.server_addr())
    }
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn mime(path: &str) -> Header {
    let essence = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("txt") => "text/plain",
        Some("mp3") => "audio/mpeg",
        Some("ogg") => "audio/ogg",
        Some("wav") => "audio/wav",
        Some("m4a") => "audio/mp4",
        _ => "application/octet-stream",
    };
    Header::from_bytes("Content-Type", essence).expect("an ASCII header")
}
