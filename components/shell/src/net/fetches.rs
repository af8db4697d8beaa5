/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The fetches of one content process: which run, which wait, and their threads. At most
//! [`MAX_FETCHES`] run at a time; up to [`MAX_QUEUED`] wait for their turn, and further ones fail.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipc_channel::ipc::IpcSender;
use sordino_traits::embedder::{
    Destination, FetchError, FetchEvent, FetchId, Request, ShellCommand,
};
use sordino_traits::validate::{self, Violation};
use url::Url;

use super::Network;
use super::fetch::{Context, main_fetch};
use super::http::{Client, Clients};
use super::interrupt::{Gate, Interrupt};
use super::request::{self, shown};
use super::tab_cookies::TabCookies;
use crate::local_storage::TabStorage;

/// The most fetches of one content process at a time.
const MAX_FETCHES: usize = 64;
/// The most fetches of one content process that wait for their turn.
const MAX_QUEUED: usize = 1_024;
/// The most bytes that the requests of fetches that wait have together.
const MAX_QUEUED_BYTES: usize = 64 * 1024 * 1024;
/// The most threads of one content process's fetches.
const MAX_THREADS: usize = 128;
/// The largest body in bytes, but for media: all of others is kept in the content process.
const MAX_BODY: u64 = 256 * 1024 * 1024;
/// How much of a body is sent at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// The fetches of one content process.
#[derive(Clone)]
pub(crate) struct Fetches {
    content: IpcSender<ShellCommand>,
    clients: Arc<Clients>,
    cookies: Arc<TabCookies>,
    /// What the user opened.
    page: Url,
    storage: Arc<TabStorage>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    running: HashMap<FetchId, Running>,
    queued: VecDeque<(FetchId, Box<Request>)>,
    queued_bytes: usize,
    /// The threads, with those of cancelled fetches that still wait for the content process.
    threads: usize,
}

struct Running {
    interrupt: Interrupt,
    /// Closed while nothing of the body is wanted.
    gate: Gate,
    is_paused: bool,
}

impl Running {
    fn cancel(&self) {
        self.interrupt.set();
        self.gate.set_closed(false);
    }
}

impl Fetches {
    pub(crate) fn new(
        content: IpcSender<ShellCommand>,
        page: Url,
        network: &Network,
        storage: Arc<TabStorage>,
    ) -> Self {
        // As the content process reads it: without the dots that the path of a file may have.
        let page = Url::parse(page.as_str()).unwrap_or(page);
        Self {
            content,
            clients: Arc::new(Clients::new(network.limits, network.tls.clone())),
            cookies: Arc::new(TabCookies::new(network.cookies.clone())),
            page,
            storage,
            state: Arc::default(),
        }
    }

    fn send(&self, id: FetchId, event: FetchEvent) -> bool {
        // It fails when the content process is gone, and then nobody wants the rest.
        self.content.send(ShellCommand::Fetch { id, event }).is_ok()
    }

    fn fail(&self, id: FetchId, url: &str, reason: String) {
        self.send(id, FetchEvent::Failed(FetchError::Network { url: shown(url), reason }));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a fetch, or lets it wait.
    ///
    /// # Errors
    ///
    /// [`Violation::FetchTwice`], or what is wrong with the request.
    pub(crate) fn start(&self, id: FetchId, request: Box<Request>) -> Result<(), Violation> {
        validate::request(&request)?;
        let mut state = self.state();
        if state.running.contains_key(&id) || state.queued.iter().any(|other| other.0 == id) {
            return Err(Violation::FetchTwice);
        }
        let bytes = state.queued_bytes + request.size();
        if state.queued.len() >= MAX_QUEUED || bytes > MAX_QUEUED_BYTES {
            drop(state);
            self.fail(id, &request.url, "too many fetches wait already".into());
            return Ok(());
        }
        state.queued_bytes = bytes;
        state.queued.push_back((id, request));
        drop(state);
        self.run_queued();
        Ok(())
    }

    fn run_queued(&self) {
        loop {
            let mut state = self.state();
            let at_work = state.running.values().filter(|it| !it.is_paused).count();
            if at_work >= MAX_FETCHES || state.threads >= MAX_THREADS {
                return;
            }
            let Some((id, request)) = state.queued.pop_front() else { return };
            state.queued_bytes -= request.size();
            let client = match self.clients.take() {
                Ok(client) => client,
                Err(error) => {
                    drop(state);
                    self.fail(id, &request.url, error.to_string());
                    continue;
                }
            };
            let gate = Gate::default();
            let interrupt = client.interrupt.clone();
            let running = Running { interrupt, gate: gate.clone(), is_paused: false };
            state.running.insert(id, running);
            state.threads += 1;
            drop(state);
            self.spawn(id, request, client, gate);
        }
    }

    fn spawn(&self, id: FetchId, request: Box<Request>, client: Client, gate: Gate) {
        let fetches = self.clone();
        let url = shown(&request.url);
        let thread = std::thread::Builder::new()
            .name("Fetch".into())
            .spawn(move || fetches.run(id, *request, client, &gate));
        if let Err(error) = thread {
            let mut state = self.state();
            state.threads -= 1;
            state.running.remove(&id);
            drop(state);
            self.fail(id, &url, error.to_string());
        }
    }

    fn run(&self, id: FetchId, request: Request, client: Client, gate: &Gate) {
        let url = shown(&request.url);
        // Whatever a server makes the HTTP client do, it costs one fetch.
        let fetched = catch_unwind(AssertUnwindSafe(|| self.fetch(id, request, &client, gate)));
        let is_whole = fetched.is_ok();
        let event = match fetched {
            Ok(Ok(())) => FetchEvent::Done,
            Ok(Err(error)) => FetchEvent::Failed(error),
            Err(_) => {
                let reason = "the answer is more than the HTTP client can take".into();
                FetchEvent::Failed(FetchError::Network { url, reason })
            }
        };
        let mut state = self.state();
        state.threads -= 1;
        let is_cancelled = client.interrupt.is_set();
        if !is_cancelled {
            state.running.remove(&id);
        }
        drop(state);
        if is_whole {
            self.clients.put_back(client);
        }
        if !is_cancelled {
            self.tell_of_changed_cookies();
            self.send(id, event);
        }
        self.run_queued();
    }

    /// Stops a fetch: nothing more of it is sent, and another has its place.
    pub(crate) fn cancel(&self, id: FetchId) {
        let mut state = self.state();
        if let Some(index) = state.queued.iter().position(|fetch| fetch.0 == id)
            && let Some((_, request)) = state.queued.remove(index)
        {
            state.queued_bytes -= request.size();
        }
        if let Some(running) = state.running.remove(&id) {
            running.cancel();
        }
        drop(state);
        self.run_queued();
    }

    /// Lets a fetch bring nothing more for now, or go on. One that waits for its turn, or has ended, is
    /// left alone.
    pub(crate) fn pause(&self, id: FetchId, paused: bool) {
        let mut state = self.state();
        if let Some(running) = state.running.get_mut(&id) {
            running.is_paused = paused;
            running.gate.set_closed(paused);
        }
        drop(state);
        self.run_queued();
    }

    /// Stops all of them: the content process is gone.
    pub(crate) fn cancel_all(&self) {
        let mut state = self.state();
        state.queued.clear();
        state.queued_bytes = 0;
        state.running.drain().for_each(|(_, running)| running.cancel());
    }

    fn tell_of_changed_cookies(&self) {
        if let Some(command) = self.cookies.changed() {
            // It fails when the process is gone.
            let _ = self.content.send(command);
        }
    }

    /// Script has written to `document.cookie`.
    ///
    /// # Errors
    ///
    /// [`Violation::ForeignCookie`], or that it is too long.
    pub(crate) fn set_cookie(&self, url: &str, cookie: &str) -> Result<(), Violation> {
        let answer = self.cookies.set(url, cookie)?;
        let _ = self.content.send(answer);
        Ok(())
    }

    /// Whether the process shows a document of a site, and so may ask the user on its behalf.
    ///
    /// # Errors
    ///
    /// [`Violation::ForeignSite`].
    pub(crate) fn check_site(&self, site: &str) -> Result<(), Violation> {
        let is_shown = match Url::parse(site) {
            _ if site.len() > validate::MAX_URL => false,
            Ok(url) if url.scheme() == "file" => self.page.scheme() == "file",
            Ok(_) => self.cookies.has_shown(site),
            Err(_) => false,
        };
        if is_shown { Ok(()) } else { Err(Violation::ForeignSite) }
    }

    fn fetch(
        &self,
        id: FetchId,
        request: Request,
        client: &Client,
        gate: &Gate,
    ) -> Result<(), FetchError> {
        let context = Context { client, cookies: self.cookies.jar(), page: &self.page };
        let url = shown(&request.url);
        let is_navigation = request.destination.is_navigation();
        // Of media the content process keeps what it needs now.
        let limit = if request.destination == Destination::Media { u64::MAX } else { MAX_BODY };
        let mut response = main_fetch(&context, request::Request::parse(request)?)?;
        let too_large = || FetchError::TooLarge { url: url.clone(), limit };
        if response.head.length.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        if is_navigation && !client.interrupt.is_set() {
            self.storage.give(&response.head.url);
        }
        if !client.interrupt.is_set() {
            self.tell_of_changed_cookies();
        }
        let access = response.cookie_access.filter(|_| is_navigation);
        response.head.cookies =
            access.and_then(|access| self.cookies.open(&response.head.url, access)).map(Box::new);
        if client.interrupt.is_set() || !self.send(id, FetchEvent::Response(response.head)) {
            return Ok(());
        }
        let mut total = 0;
        let mut chunk = vec![0; CHUNK];
        loop {
            gate.pass();
            let read = match response.body.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    return Err(FetchError::Network { url, reason: error.to_string() });
                }
            };
            total += read as u64;
            if total > limit {
                return Err(too_large());
            }
            if client.interrupt.is_set()
                || !self.send(id, FetchEvent::Chunk(chunk[..read].to_vec()))
            {
                return Ok(());
            }
        }
    }
}
