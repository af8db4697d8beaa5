/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A folder of pages and media, read as files or over HTTP from two origins. A test can also say what
//! the server answers under a name, let requests wait, and see what was asked.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use serde_json::json;
use tempfile::TempDir;

pub use crate::http::Asked;
use crate::http::{Listener, Reply};

/// A folder that is not in the repository, with a web server.
pub struct Site {
    folder: TempDir,
    shared: Arc<Shared>,
    listeners: [Listener; 2],
}

struct Shared {
    root: PathBuf,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    answers: HashMap<String, Answer>,
    held: HashSet<String>,
    asked: Vec<Asked>,
    is_over: bool,
}

/// What the server answers under a name.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    phrase: String,
    headers: Vec<(String, String)>,
    /// `None`: what was asked, as JSON.
    body: Option<Vec<u8>>,
}

impl Answer {
    /// Status 200 with this body.
    pub fn new(body: impl Into<Vec<u8>>) -> Self {
        let (phrase, headers) = ("Fine".into(), Vec::new());
        Self { status: 200, phrase, headers, body: Some(body.into()) }
    }

    /// What was asked, as a JSON object with `method`, `name`, `headers` (an object with names in lower
    /// case) and `body`.
    pub fn echo() -> Self {
        Self { body: None, ..Self::new("") }.header("Content-Type", "application/json")
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new("").status(status).header("Location", location)
    }

    /// With this status.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// With this reason phrase.
    #[must_use]
    pub fn phrase(self, phrase: &str) -> Self {
        Self { phrase: phrase.into(), ..self }
    }

    /// With one header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Site {
    /// An empty one.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shared = Arc::new(Shared {
            root: folder.path().to_owned(),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let listeners = [(); 2].map(|()| {
            let shared = shared.clone();
            Listener::answer(move |asked| shared.reply(asked))
        });
        Self { folder, shared, listeners }
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

    /// The URL of a file or an answer.
    pub fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.origin())
    }

    /// The URL of the same at the second origin.
    pub fn other_url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.listeners[1].address)
    }

    /// The URL of the same at a third origin, which is of another site.
    pub fn foreign_url(&self, name: &str) -> String {
        self.other_url(name).replace("127.0.0.1", "localhost")
    }

    /// The origin of [`Site::url`].
    pub fn origin(&self) -> String {
        format!("http://{}", self.listeners[0].address)
    }

    /// Says what is answered under a name from now on, to every method and at each origin.
    pub fn answer(&self, name: &str, answer: Answer) {
        self.shared.state().answers.insert(name.to_owned(), answer);
    }

    /// Lets requests under this name wait until [`Site::release`].
    pub fn hold(&self, name: &str) {
        self.shared.state().held.insert(name.to_owned());
    }

    /// Answers the requests under this name.
    pub fn release(&self, name: &str) {
        self.shared.state().held.remove(name);
        self.shared.changed.notify_all();
    }

    /// How many connections there were to [`Site::origin`] so far.
    pub fn connections(&self) -> usize {
        self.listeners[0].connections.load(Ordering::Relaxed)
    }

    /// What was asked under this name so far.
    pub fn asked(&self, name: &str) -> Vec<Asked> {
        let state = self.shared.state();
        state.asked.iter().filter(|asked| asked.name == name).cloned().collect()
    }
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.shared.state().is_over = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn reply(&self, asked: &Asked) -> Reply {
        let path = asked.name.split('?').next().unwrap_or_default().to_owned();
        let mut state = self.state();
        state.asked.push(asked.clone());
        let is_held = |state: &mut State| state.held.contains(&asked.name) && !state.is_over;
        let state = self.changed.wait_while(state, is_held).unwrap();
        let answer = state.answers.get(&path).cloned();
        drop(state);
        let answer = answer.unwrap_or_else(|| match fs::read(self.root.join(&path)) {
            Ok(bytes) => Answer::new(bytes).header("Content-Type", mime(&path)),
            Err(_) => Answer::new("no").status(404),
        });
        let body = answer.body.unwrap_or_else(|| {
            let headers: HashMap<_, _> = asked.headers.iter().cloned().collect();
            let Asked { method, name, body, .. } = asked;
            let echo = json!({ "method": method, "name": name, "headers": headers, "body": body });
            echo.to_string().into_bytes()
        });
        Reply { status: answer.status, phrase: answer.phrase, headers: answer.headers, body }
    }
}

fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("json") => "application/json",
        Some("css") => "text/css",
        Some("txt") => "text/plain",
        Some("mp3") => "audio/mpeg",
        Some("ogg") => "audio/ogg",
        Some("wav") => "audio/wav",
        Some("m4a") => "audio/mp4",
        _ => "application/octet-stream",
    }
}
