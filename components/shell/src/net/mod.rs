/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Fetches for content processes, which open no socket and no file themselves.
//!
//! What a process may fetch is decided by the page that the user opened in it, never by a field of
//! its messages: files are for pages that are files.
//!
//! # Threads
//!
//! Each fetch has a thread, which blocks on the network or the disk, and on its content process:
//! one that does not read slows its own fetches only. At most [`MAX_FETCHES`] of a content process
//! run at a time; up to [`MAX_QUEUED`] wait for their turn, and further ones fail.

mod data;
mod file;
mod http;

use std::collections::{HashMap, VecDeque};
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipc_channel::ipc::IpcSender;
use sordino_traits::embedder::{
    Destination, FetchError, FetchEvent, FetchId, ResponseHead, ShellCommand,
};
use sordino_traits::validate::Violation;
use url::Url;

/// The most fetches of one content process at a time.
const MAX_FETCHES: usize = 64;
/// The most fetches of one content process that wait for their turn.
const MAX_QUEUED: usize = 1_024;
/// The most threads of one content process's fetches.
const MAX_THREADS: usize = 128;
/// The largest body, in bytes. All of a resource is kept in the content process.
const MAX_BODY: u64 = 256 * 1024 * 1024;
/// How much of a body is sent at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// A response whose body is still to be read.
struct Response {
    head: ResponseHead,
    body: Box<dyn Read + Send>,
}

/// The fetches of one content process.
#[derive(Clone)]
pub(crate) struct Fetches {
    content: IpcSender<ShellCommand>,
    agent: ureq::Agent,
    /// What the user opened.
    page: Url,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    running: HashMap<FetchId, Arc<AtomicBool>>,
    queued: VecDeque<Fetch>,
    /// The threads, with those of cancelled fetches that still wait for their server.
    threads: usize,
}

struct Fetch {
    id: FetchId,
    url: String,
    destination: Destination,
}

impl Fetches {
    pub(crate) fn new(content: IpcSender<ShellCommand>, page: Url) -> Self {
        // As the content process reads it: without the dots that the path of a file may have.
        let page = Url::parse(page.as_str()).unwrap_or(page);
        Self { content, agent: http::agent(), page, state: Arc::default() }
    }

    fn send(&self, id: FetchId, event: FetchEvent) -> bool {
        // It fails when the content process is gone, and then nobody wants the rest.
        self.content.send(ShellCommand::Fetch { id, event }).is_ok()
    }

    fn fail(&self, id: FetchId, url: String, reason: String) {
        self.send(id, FetchEvent::Failed(FetchError::Network { url, reason }));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a fetch, or lets it wait.
    ///
    /// # Errors
    ///
    /// [`Violation::FetchTwice`].
    pub(crate) fn start(
        &self,
        id: FetchId,
        url: String,
        destination: Destination,
    ) -> Result<(), Violation> {
        let mut state = self.state();
        if state.running.contains_key(&id) || state.queued.iter().any(|other| other.id == id) {
            return Err(Violation::FetchTwice);
        }
        if state.queued.len() >= MAX_QUEUED {
            drop(state);
            self.fail(id, url, format!("more than {MAX_QUEUED} fetches wait already"));
            return Ok(());
        }
        state.queued.push_back(Fetch { id, url, destination });
        drop(state);
        self.run_queued();
        Ok(())
    }

    fn run_queued(&self) {
        loop {
            let mut state = self.state();
            if state.running.len() >= MAX_FETCHES || state.threads >= MAX_THREADS {
                return;
            }
            let Some(fetch) = state.queued.pop_front() else { return };
            let cancelled = Arc::new(AtomicBool::new(false));
            state.running.insert(fetch.id, cancelled.clone());
            state.threads += 1;
            drop(state);
            self.spawn(fetch, cancelled);
        }
    }

    fn spawn(&self, fetch: Fetch, cancelled: Arc<AtomicBool>) {
        let Fetch { id, url, destination } = fetch;
        let fetches = self.clone();
        let to_thread = url.clone();
        let thread = std::thread::Builder::new().name("Fetch".into()).spawn(move || {
            let event = match fetches.fetch(id, &to_thread, destination, &cancelled) {
                Ok(()) => FetchEvent::Done,
                Err(error) => FetchEvent::Failed(error),
            };
            let mut state = fetches.state();
            state.threads -= 1;
            if !cancelled.load(Ordering::Relaxed) {
                state.running.remove(&id);
            }
            drop(state);
            if !cancelled.load(Ordering::Relaxed) {
                fetches.send(id, event);
            }
            fetches.run_queued();
        });
        if let Err(error) = thread {
            let mut state = self.state();
            state.threads -= 1;
            state.running.remove(&id);
            drop(state);
            self.fail(id, url, error.to_string());
        }
    }

    /// Stops a fetch: nothing more of it is sent, and another has its place.
    pub(crate) fn cancel(&self, id: FetchId) {
        let mut state = self.state();
        state.queued.retain(|fetch| fetch.id != id);
        if let Some(cancelled) = state.running.remove(&id) {
            cancelled.store(true, Ordering::Relaxed);
        }
        drop(state);
        self.run_queued();
    }

    /// Whether the page may have the files that it asks for.
    fn may_read_file(&self, url: &Url, destination: Destination) -> bool {
        self.page.scheme() == "file" && (destination != Destination::Document || *url == self.page)
    }

    fn fetch(
        &self,
        id: FetchId,
        url: &str,
        destination: Destination,
        cancelled: &AtomicBool,
    ) -> Result<(), FetchError> {
        let network_error = |reason: String| FetchError::Network { url: url.to_owned(), reason };
        let parsed = Url::parse(url).map_err(|error| network_error(error.to_string()))?;
        let mut response = match parsed.scheme() {
            "http" | "https" => http::fetch(&self.agent, &parsed)?,
            "file" => {
                if !self.may_read_file(&parsed, destination) {
                    return Err(FetchError::Forbidden { url: url.to_owned() });
                }
                file::fetch(&parsed)?
            }
            "data" => data::fetch(&parsed)?,
            _ => return Err(FetchError::UnsupportedScheme { url: url.to_owned() }),
        };
        let too_large = || FetchError::TooLarge { url: url.to_owned(), limit: MAX_BODY };
        if response.head.length.is_some_and(|length| length > MAX_BODY) {
            return Err(too_large());
        }
        if !self.send(id, FetchEvent::Response(response.head)) {
            return Ok(());
        }
        let mut total = 0;
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match response.body.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(network_error(error.to_string())),
            };
            total += read as u64;
            if total > MAX_BODY {
                return Err(too_large());
            }
            if cancelled.load(Ordering::Relaxed)
                || !self.send(id, FetchEvent::Chunk(chunk[..read].to_vec()))
            {
                return Ok(());
            }
        }
    }
}
