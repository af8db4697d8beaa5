/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What is fetched for documents, by the shell or from the blobs of the process.

use std::rc::Rc;

use sordino_traits::embedder::{FetchError, FetchEvent, FetchId, Request, ShellRequest};
use sordino_traits::{DocumentId, validate};
use url::Url;

use super::Agent;
use crate::file_api::BlobData;

/// How much bodies of requests that go on without their documents have together, in bytes: as
/// [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch) says.
const MAX_KEEPALIVE_BYTES: usize = 64 * 1024;

type FetchHandler = Rc<dyn Fn(&Rc<Agent>, FetchEvent)>;

/// A fetch that somebody waits for.
pub(super) struct Fetch {
    /// The document that wants it; without one it is a navigation.
    pub(super) document: Option<DocumentId>,
    handler: FetchHandler,
    /// The size of its body, if it goes on without its document: the
    /// [keepalive flag](https://fetch.spec.whatwg.org/#request-keepalive-flag).
    pub(super) keepalive: Option<usize>,
}

impl Agent {
    /// Fetches for a document, or for a navigation; each event is a task. A request that the shell
    /// would not take fails, and a blob URL never gets there.
    pub(crate) fn fetch(
        &self,
        document: Option<DocumentId>,
        request: Request,
        handler: impl Fn(&Rc<Self>, FetchEvent) + 'static,
    ) -> FetchId {
        let blob = Url::parse(&request.url).ok().and_then(|url| {
            let page = document.and_then(|document| self.page(document));
            self.blob_urls.resolve(&url, page.as_ref().map(|page| page.origin()))
        });
        self.fetch_resolved(
            Fetch { document, handler: Rc::new(handler), keepalive: None },
            request,
            blob,
        )
    }

    /// Fetches for script of a document: it is known already what a blob URL stands for. `None`: too
    /// much goes on without its document.
    pub(crate) fn fetch_for_script(
        &self,
        document: DocumentId,
        request: Request,
        blob: Option<BlobData>,
        keepalive: bool,
        handler: impl Fn(&Rc<Self>, FetchEvent) + 'static,
    ) -> Option<FetchId> {
        let size = request.body.as_ref().map_or(0, |body| body.0.len());
        let keepalive = keepalive.then_some(size);
        if let Some(size) = keepalive {
            let fetches = self.fetches.borrow();
            let others = fetches.values().filter_map(|fetch| fetch.keepalive).sum::<usize>();
            if others + size > MAX_KEEPALIVE_BYTES {
                return None;
            }
        }
        let fetch = Fetch { document: Some(document), handler: Rc::new(handler), keepalive };
        Some(self.fetch_resolved(fetch, request, blob))
    }

    fn fetch_resolved(&self, fetch: Fetch, request: Request, blob: Option<BlobData>) -> FetchId {
        let id = FetchId(self.last_fetch.get() + 1);
        self.last_fetch.set(id.0);
        self.fetches.borrow_mut().insert(id, fetch);
        match validate::request(&request) {
            _ if request.url.starts_with("blob:") => self.fetch_blob(id, &request, blob),
            Ok(()) => self.send_shell(ShellRequest::Fetch { id, request: Box::new(request) }),
            Err(violation) => {
                let (url, reason) = (request.url, violation.to_string());
                self.fetch_event(id, FetchEvent::Failed(FetchError::BadRequest { url, reason }));
            }
        }
        id
    }

    pub(crate) fn cancel_fetch(&self, id: FetchId) {
        let fetch = self.fetches.borrow_mut().remove(&id);
        if fetch.is_some() {
            self.send_shell(ShellRequest::CancelFetch { id });
        }
    }

    /// Lets a fetch bring nothing more for now, or go on.
    pub(crate) fn pause_fetch(&self, id: FetchId, paused: bool) {
        if self.fetches.borrow().contains_key(&id) {
            self.send_shell(ShellRequest::PauseFetch { id, paused });
        }
    }

    /// The shell reports about a fetch.
    pub(crate) fn fetch_event(&self, id: FetchId, event: FetchEvent) {
        let document = self.fetches.borrow().get(&id).map(|fetch| fetch.document);
        // A cancelled fetch has no handler.
        let Some(document) = document else { return };
        self.events.queue(document, move |agent: &Rc<Self>| {
            let is_last = matches!(event, FetchEvent::Done | FetchEvent::Failed(_));
            let handler = agent.fetches.borrow().get(&id).map(|fetch| fetch.handler.clone());
            if is_last {
                let fetch = agent.fetches.borrow_mut().remove(&id);
                drop(fetch);
            }
            if let Some(handler) = handler {
                handler(agent, event);
            }
        });
    }
}
