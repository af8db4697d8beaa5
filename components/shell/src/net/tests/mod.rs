/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Fetches of a content process, from its channel to real servers.
//!
//! * `http`: methods, headers, bodies, redirects, codings.
//! * `origins`: CORS and what is seen of other origins.
//! * `jar`: cookies.
//! * `rude`: servers that misbehave, limits, and giving up.
//! * `tls`: https.
//! * `schemes`: files, data and others.

mod http;
mod jar;
mod origins;
mod rude;
mod schemes;
mod tls;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use crossbeam_channel::{Receiver, unbounded};
use ipc_channel::ipc;
use serde_json::Value;
use sordino_tests::{PATIENCE, Site};
use sordino_traits::NamespaceId;
use sordino_traits::embedder::{
    CredentialsMode, Destination, FetchError, FetchEvent, FetchId, Request, RequestMode,
    ResponseHead, ShellCommand,
};
use sordino_traits::id::IdAllocator;
use url::Url;

use super::{Fetches, Limits, Network};
use crate::local_storage::{LocalStorage, TabStorage};

/// Limits that no test reaches unless it wants to.
const LONG: Limits = limits(PATIENCE, PATIENCE, PATIENCE);
/// Shorter than a test takes, longer than a slow machine takes to answer itself.
const SHORT: Duration = Duration::from_millis(300);

const fn limits(connect: Duration, answer: Duration, idle: Duration) -> Limits {
    Limits { connect: Some(connect), answer: Some(answer), idle: Some(idle) }
}

/// What becomes of a fetch.
type Fetched = Result<(ResponseHead, Vec<u8>), FetchError>;

/// The channels of a content process.
struct Tab {
    fetches: Fetches,
    /// Read all the time, as a content process does.
    commands: Receiver<ShellCommand>,
    early: RefCell<HashMap<FetchId, Vec<FetchEvent>>>,
    last: Cell<u64>,
}

impl Tab {
    fn new(page: &str, network: &Network) -> Self {
        let (content, from_shell) = ipc::channel().unwrap();
        let (sender, commands) = unbounded();
        std::thread::spawn(move || {
            while from_shell.recv().is_ok_and(|command| sender.send(command).is_ok()) {}
        });
        let tab = IdAllocator::new(NamespaceId(0)).tab();
        let storage = TabStorage::start(LocalStorage::default(), tab, content.clone()).unwrap();
        let fetches = Fetches::new(content, Url::parse(page).unwrap(), network, storage);
        Self { fetches, commands, early: RefCell::default(), last: Cell::default() }
    }

    fn of(site: &Site) -> Self {
        Self::new(&site.url("page.html"), &Network::new(LONG))
    }

    fn start(&self, request: Request) -> FetchId {
        let id = FetchId(self.last.get() + 1);
        self.last.set(id.0);
        self.fetches.start(id, Box::new(request)).unwrap();
        id
    }

    /// The next event of a fetch.
    fn next(&self, id: FetchId) -> FetchEvent {
        loop {
            if let Some(events) = self.early.borrow_mut().get_mut(&id)
                && !events.is_empty()
            {
                return events.remove(0);
            }
            let command = self.commands.recv_timeout(PATIENCE).expect("an event in time");
            match command {
                ShellCommand::Fetch { id, event } => {
                    self.early.borrow_mut().entry(id).or_default().push(event);
                }
                // They come before a document, and when a server has set cookies.
                ShellCommand::LocalStorage(_) | ShellCommand::CookiesChanged { .. } => {}
                command => panic!("{command:?}"),
            }
        }
    }

    fn finish(&self, id: FetchId) -> Fetched {
        let (mut head, mut body) = (None, Vec::new());
        loop {
            match self.next(id) {
                FetchEvent::Response(response) => head = Some(response),
                FetchEvent::Chunk(bytes) => body.extend(bytes),
                FetchEvent::Done => return Ok((head.expect("a head comes first"), body)),
                FetchEvent::Failed(error) => return Err(error),
            }
        }
    }

    fn fetch(&self, request: Request) -> Fetched {
        let id = self.start(request);
        self.finish(id)
    }

    /// What a server says that it was asked.
    fn echo(&self, request: Request) -> Value {
        let (_, body) = self.fetch(request).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// Fails, and says why.
    fn refused(&self, request: Request) -> String {
        match self.fetch(request) {
            Err(error) => error.to_string(),
            Ok((head, body)) => panic!("{head:?} {:.80}", String::from_utf8_lossy(&body)),
        }
    }
}

/// What `fetch(url)` of a page of that site asks for.
fn from(site: &Site, url: String) -> Request {
    Request {
        mode: RequestMode::Cors,
        credentials: CredentialsMode::SameOrigin,
        origin: Some(site.origin()),
        referrer: Some(site.url("page.html?secret")),
        ..Request::new(url, Destination::Empty)
    }
}
