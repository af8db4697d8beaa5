/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [fetch()](https://fetch.spec.whatwg.org/#fetch-method). The shell does what the standard says of
//! redirects, CORS, credentials and schemes; here is what script sees of it.
//!
//! * this file: from a request to the promise of a response.
//! * `body`: bodies.
//! * `integrity`: whether a body is the one that was expected.

mod body;
mod integrity;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use sordino_script_bindings::{DomRoot, Error, Fallible, JsPromise, JsValue, Realm};
use sordino_traits::embedder::{FetchEvent, FetchId, ResponseHead, ResponseType};
use url::Url;

use crate::bindings::{RequestInit, RequestOrUsvString as RequestInfo};
use crate::dom::{AbortAlgorithm, Request, Response, is_null_body_status};
use crate::page::Page;
pub(crate) use body::{Body, BodyInit, ByteStream, extract};
pub(crate) use integrity::Metadata;

/// A fetch that script waits for. The agent keeps it until the fetch ends, or the document.
struct Fetching {
    page: Weak<Page>,
    url: Url,
    id: Cell<Option<FetchId>>,
    /// Until it is settled.
    promise: RefCell<Option<JsPromise>>,
    /// The body of the response, once that is there.
    stream: RefCell<Option<Rc<ByteStream>>>,
    integrity: Metadata,
    /// The head of a response whose body is to be checked first.
    unchecked: RefCell<Option<ResponseHead>>,
    is_head: bool,
}

/// The [fetch method](https://fetch.spec.whatwg.org/#dom-global-fetch)'s steps.
pub(crate) fn fetch(realm: &Realm, input: RequestInfo, init: RequestInit) -> Fallible<JsPromise> {
    let request = Request::create(realm, input, init)?;
    let signal = request.effective_signal();
    if let Some(signal) = signal.as_ref().filter(|signal| signal.is_aborted()) {
        return JsPromise::rejected(realm, &signal.abort_reason());
    }
    let page = Page::of(realm);
    let promise = JsPromise::new(realm)?;
    let fetching = Rc::new(Fetching {
        page: Rc::downgrade(&page),
        url: request.url().clone(),
        id: Cell::new(None),
        promise: RefCell::new(Some(promise.clone())),
        stream: RefCell::default(),
        integrity: Metadata::parse(&request.integrity().to_str_lossy()),
        unchecked: RefCell::default(),
        is_head: request.is_head(),
    });
    let id = start(&page, &request, &fetching)?;
    fetching.id.set(Some(id));
    if let Some(signal) = signal {
        let algorithm: Weak<Fetching> = Rc::downgrade(&fetching);
        signal.add_algorithm(algorithm);
    }
    Ok(promise)
}

/// Starts the fetch, of which the agent then keeps `fetching`.
fn start(
    page: &Rc<Page>,
    request: &DomRoot<Request>,
    fetching: &Rc<Fetching>,
) -> Fallible<FetchId> {
    if request.is_only_if_cached() {
        return Err(Error::type_error("there is no cache to answer the request"));
    }
    let to_shell = request.to_shell(page);
    let own = fetching.clone();
    let handler = move |page: &Rc<Page>, event| own.handle(page, event);
    let id = page.fetch_for_script(to_shell, request.blob(), request.keepalive(), handler);
    id.ok_or_else(|| Error::type_error("the document is discarded, or has too much in flight"))
}

impl Fetching {
    fn handle(&self, page: &Rc<Page>, event: FetchEvent) {
        match event {
            FetchEvent::Response(head) if self.integrity.is_empty() => self.respond(page, head),
            FetchEvent::Response(head) => {
                // What cannot be read cannot be checked either.
                if matches!(head.response_type, ResponseType::Basic | ResponseType::Cors) {
                    self.stream.replace(Some(Rc::default()));
                    self.unchecked.replace(Some(head));
                } else {
                    self.fail(page, "an opaque response has no integrity");
                    self.cancel(page);
                }
            }
            FetchEvent::Chunk(bytes) => self.receive(page, &bytes),
            FetchEvent::Done => {
                let stream = self.stream.borrow().clone();
                let Some(stream) = stream else { return };
                stream.close();
                let unchecked = self.unchecked.take();
                if let Some(head) = unchecked {
                    let bytes = Body::new(Some(stream)).source().unwrap_or_default();
                    if self.integrity.matches(&bytes) {
                        self.respond(page, head);
                    } else {
                        self.fail(page, "the body is not the one that 'integrity' says");
                    }
                }
            }
            FetchEvent::Failed(error) => self.fail(page, &error.to_string()),
        }
    }

    /// Bytes of the body came. Nobody wants more when script has lost the response.
    fn receive(&self, page: &Rc<Page>, bytes: &[u8]) {
        let Some(stream) = self.stream.borrow().clone() else { return };
        stream.push(bytes);
        let is_lost = Rc::strong_count(&stream) == 2 && !stream.is_awaited();
        if is_lost && self.unchecked.borrow().is_none() {
            self.cancel(page);
        }
    }

    /// Resolves the promise with the response.
    fn respond(&self, page: &Rc<Page>, head: ResponseHead) {
        let Some(promise) = self.promise.take() else { return };
        let realm = page.realm();
        let can_be_read = matches!(head.response_type, ResponseType::Basic | ResponseType::Cors);
        let mut body = Body::default();
        if can_be_read && !self.is_head && !is_null_body_status(head.status) {
            let mut stream = self.stream.borrow_mut();
            body = Body::new(Some(stream.get_or_insert_default().clone()));
        }
        match Response::of_fetch(&realm, &self.url, head, body) {
            Ok(response) => promise.resolve(&realm, &response),
            Err(error) => promise.reject(&realm, error),
        }
    }

    /// A [network error](https://fetch.spec.whatwg.org/#concept-network-error), before or after the
    /// response.
    fn fail(&self, page: &Rc<Page>, reason: &str) {
        let realm = page.realm();
        let error = realm.exception_value(Error::type_error(reason));
        self.end(&realm, &error);
    }

    fn end(&self, realm: &Realm, error: &JsValue) {
        let (promise, stream) = (self.promise.take(), self.stream.borrow().clone());
        if let Some(promise) = promise {
            promise.reject_value(realm, error.clone());
        }
        if let Some(stream) = stream {
            stream.fail(error.clone());
        }
    }

    fn cancel(&self, page: &Rc<Page>) {
        if let Some(id) = self.id.take() {
            page.cancel_fetch(id);
        }
    }
}

impl AbortAlgorithm for Fetching {
    /// [Aborts the fetch() call](https://fetch.spec.whatwg.org/#abort-fetch).
    fn abort(&self, reason: &JsValue) {
        let Some(page) = self.page.upgrade().filter(|page| !page.is_discarded()) else { return };
        self.end(&page.realm(), reason);
        self.cancel(&page);
    }
}

impl Drop for Fetching {
    /// Who waits still waits for ever, and must not keep anything alive by that.
    fn drop(&mut self) {
        if let Some(stream) = &*self.stream.borrow() {
            stream.abandon();
        }
    }
}
