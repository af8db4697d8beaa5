/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Fetches for content processes, which open no socket and no file themselves.
//!
//! # Threads
//!
//! Each fetch has a thread, which blocks on the network or the disk, and on its content process:
//! one that does not read slows its own fetches only. There are at most [`MAX_FETCHES`] per
//! content process; further ones fail.

mod data;
mod file;
mod http;

use std::collections::HashMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ipc_channel::ipc::IpcSender;
use sordino_traits::embedder::{
    Destination, FetchError, FetchEvent, FetchId, ResponseHead, ShellCommand,
};
use url::Url;

/// The most fetches of one content process at a time.
const MAX_FETCHES: usize = 64;
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
    running: Arc<Mutex<HashMap<FetchId, Arc<AtomicBool>>>>,
}

impl Fetches {
    pub(crate) fn new(content: IpcSender<ShellCommand>) -> Self {
        Self { content, agent: http::agent(), running: Arc::default() }
    }

    fn send(&self, id: FetchId, event: FetchEvent) -> bool {
        // It fails when the content process is gone, and then nobody wants the rest.
        self.content.send(ShellCommand::Fetch { id, event }).is_ok()
    }

    /// Starts a fetch.
    pub(crate) fn start(
        &self,
        id: FetchId,
        url: String,
        destination: Destination,
        referrer: Option<String>,
    ) {
        let cancelled = Arc::new(AtomicBool::new(false));
        {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            if running.len() >= MAX_FETCHES {
                let reason = format!("more than {MAX_FETCHES} fetches at a time");
                self.send(id, FetchEvent::Failed(FetchError::Network { url, reason }));
                return;
            }
            running.insert(id, cancelled.clone());
        }
        let fetches = self.clone();
        let to_thread = url.clone();
        let thread = std::thread::Builder::new().name("Fetch".into()).spawn(move || {
            let event = match fetches.fetch(id, &to_thread, destination, referrer, &cancelled) {
                Ok(()) => FetchEvent::Done,
                Err(error) => FetchEvent::Failed(error),
            };
            fetches.forget(id);
            fetches.send(id, event);
        });
        if let Err(error) = thread {
            self.forget(id);
            let reason = error.to_string();
            self.send(id, FetchEvent::Failed(FetchError::Network { url, reason }));
        }
    }

    /// Stops a fetch at its next chunk.
    pub(crate) fn cancel(&self, id: FetchId) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cancelled) = running.get(&id) {
            cancelled.store(true, Ordering::Relaxed);
        }
    }

    fn forget(&self, id: FetchId) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    fn fetch(
        &self,
        id: FetchId,
        url: &str,
        destination: Destination,
        referrer: Option<String>,
        cancelled: &AtomicBool,
    ) -> Result<(), FetchError> {
        let network_error = |reason: String| FetchError::Network { url: url.to_owned(), reason };
        let parsed = Url::parse(url).map_err(|error| network_error(error.to_string()))?;
        let mut response = match parsed.scheme() {
            "http" | "https" => http::fetch(&self.agent, &parsed)?,
            "file" => {
                // The page itself is what the user asked for; what a page asks for is not.
                let by_user = destination == Destination::Document && referrer.is_none();
                if !by_user && !referrer.is_some_and(|referrer| referrer.starts_with("file:")) {
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
