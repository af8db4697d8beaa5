/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Sending](https://xhr.spec.whatwg.org/#the-send()-method), and what happens then.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use data_url::mime::Mime;
use sordino_script_bindings::{Dom, DomExceptionName, DomObjectExt, Error, Fallible, Realm};
use sordino_traits::Timestamp;
use sordino_traits::embedder::{
    ByteString, CredentialsMode, Destination, FetchEvent, Request, RequestMode,
};
use sordino_traits::headers::HeaderList;

use super::{
    BodyOrDocument, DONE, HEADERS_RECEIVED, LOADING, OPENED, OpenedRequest, Running, UNSENT,
    XMLHttpRequest, invalid_state,
};
use crate::dom::progress_event::{Progress, fire_progress};
use crate::dom::{EventTarget, Node};
use crate::fetch::{BodyInit, extract};
use crate::page::Page;
use crate::serialize;

/// How often progress is reported at most.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(50);

impl XMLHttpRequest {
    /// The `send()` method's steps.
    pub(super) fn send_body(&self, realm: &Realm, body: Option<BodyOrDocument>) -> Fallible<()> {
        // 1 and 2
        if self.state.get() != OPENED {
            return Err(invalid_state("the request is not open"));
        }
        self.require_unsent()?;
        let Some(mut opened) = self.request.borrow().clone() else {
            return Err(invalid_state("the request is not open"));
        };
        // 3 and 4
        let body = body.filter(|_| !matches!(&*opened.method, "GET" | "HEAD"));
        let body = match body {
            Some(body) => {
                let is_text =
                    matches!(body, BodyOrDocument::UsvString(_) | BodyOrDocument::Document(_));
                let (bytes, type_) = extract_body(realm, body)?;
                set_content_type(&mut opened.headers, type_, is_text);
                Some(bytes)
            }
            None => None,
        };
        // 5
        let upload = self.upload.borrow().as_ref().map(Dom::root);
        let is_heard =
            upload.is_some_and(|upload| !upload.upcast::<EventTarget>().listeners().is_empty());
        self.upload_is_heard.set(is_heard);
        // 6
        let page = self.page();
        let request = self.to_shell(&page, &opened, body.as_ref(), is_heard);
        // 7 to 9
        self.upload_complete.set(body.is_none());
        let upload_length = body.map_or(0, |body| body.len() as u64);
        self.upload_length.set(upload_length);
        self.reported.set(None);
        self.sent.set(true);
        let sending = self.sendings.get() + 1;
        self.sendings.set(sending);
        // 11
        self.fire("loadstart", Progress::default());
        if !self.upload_complete.get() {
            self.fire_upload("loadstart", Progress { loaded: 0, total: upload_length });
        }
        if self.state.get() != OPENED || !self.sent.get() || self.sendings.get() != sending {
            return Ok(());
        }
        let own = self.root();
        let handler = move |_: &Rc<Page>, event| {
            if own.sendings.get() == sending && own.sent.get() {
                own.handle(event);
            }
        };
        // A document that is discarded meanwhile hears no more of it.
        let id = page.fetch_for_script(request, opened.blob, false, handler);
        let started = Timestamp::now();
        self.running.set(id.map(|id| Running { id, started, timer: None }));
        self.restart_timer();
        Ok(())
    }

    /// Step 6 of `send()`: the request.
    fn to_shell(
        &self,
        page: &Page,
        opened: &OpenedRequest,
        body: Option<&Bytes>,
        use_cors_preflight: bool,
    ) -> Request {
        let include = self.with_credentials.get();
        Request {
            method: opened.method.clone(),
            headers: opened.headers.0.clone(),
            body: body.map(|body| ByteString(body.to_vec())),
            mode: RequestMode::Cors,
            credentials: if include {
                CredentialsMode::Include
            } else {
                CredentialsMode::SameOrigin
            },
            use_cors_preflight,
            ..page.new_request(&opened.url, Destination::Empty)
        }
    }

    fn fire(&self, type_: &str, progress: Progress) {
        fire_progress(&self.root().upcast(), type_, progress);
    }

    /// Fires at the upload, if anybody listened there when it was sent.
    fn fire_upload(&self, type_: &str, progress: Progress) {
        let upload = self.upload.borrow().as_ref().map(Dom::root);
        if let Some(upload) = upload.filter(|_| self.upload_is_heard.get()) {
            fire_progress(&upload.upcast(), type_, progress);
        }
    }

    /// Whether what is sent still is that; handlers may have opened another request.
    fn is_sending(&self, sending: u64) -> bool {
        self.sendings.get() == sending && self.sent.get()
    }

    fn handle(&self, event: FetchEvent) {
        let sending = self.sendings.get();
        match event {
            FetchEvent::Response(head) => {
                self.process_request_end_of_body();
                if self.is_sending(sending) {
                    self.response.replace(Some(head));
                    self.set_state(HEADERS_RECEIVED);
                }
            }
            FetchEvent::Chunk(bytes) => self.process_body_chunk(&bytes),
            FetchEvent::Done => self.handle_end_of_body(),
            FetchEvent::Failed(error) => {
                log::debug!("a request failed: {error}");
                self.request_error_steps("error");
            }
        }
    }

    /// The [processRequestEndOfBody](https://xhr.spec.whatwg.org/#the-send()-method) steps. The shell does
    /// not tell before that how far it has come.
    fn process_request_end_of_body(&self) {
        if self.upload_complete.replace(true) {
            return;
        }
        let total = self.upload_length.get();
        for type_ in ["progress", "load", "loadend"] {
            self.fire_upload(type_, Progress { loaded: total, total });
        }
    }

    /// How much of the body is there.
    fn progress(&self) -> Progress {
        let length = self.response.borrow().as_ref().and_then(|head| head.length);
        Progress { loaded: self.received.borrow().len() as u64, total: length.unwrap_or(0) }
    }

    /// Fires `progress`, unless that was the last thing that was said.
    fn report_progress(&self) {
        let progress = self.progress();
        if self.reported.get().is_none_or(|(last, _)| last != progress) {
            self.reported.set(Some((progress, Timestamp::now())));
            self.fire("progress", progress);
        }
    }

    /// The [processBodyChunk](https://xhr.spec.whatwg.org/#the-send()-method) steps.
    fn process_body_chunk(&self, bytes: &[u8]) {
        let sending = self.sendings.get();
        self.received.borrow_mut().extend_from_slice(bytes);
        let last = self.reported.get().map(|(_, at)| at);
        if last.is_some_and(|at| Timestamp::now().since(at) < PROGRESS_INTERVAL) {
            return;
        }
        self.set_state(LOADING);
        if self.is_sending(sending) {
            self.report_progress();
        }
    }

    /// [Handles the response's end of body](https://xhr.spec.whatwg.org/#handle-response-end-of-body).
    fn handle_end_of_body(&self) {
        let sending = self.sendings.get();
        self.stop_timer();
        self.running.set(None);
        self.report_progress();
        if !self.is_sending(sending) {
            return;
        }
        self.sent.set(false);
        self.set_state(DONE);
        // Unless a handler has opened another request.
        if self.is_done(sending) {
            let progress = self.progress();
            self.fire("load", progress);
            self.fire("loadend", progress);
        }
    }

    fn is_done(&self, sending: u64) -> bool {
        self.sendings.get() == sending && self.state.get() == DONE
    }

    /// The [request error steps](https://xhr.spec.whatwg.org/#request-error-steps).
    fn request_error_steps(&self, type_: &str) {
        let sending = self.sendings.get();
        self.terminate();
        self.sent.set(false);
        self.clear_response();
        self.set_state(DONE);
        if !self.is_done(sending) {
            return;
        }
        let none = Progress::default();
        if !self.upload_complete.replace(true) {
            self.fire_upload(type_, none);
            self.fire_upload("loadend", none);
        }
        self.fire(type_, none);
        self.fire("loadend", none);
    }

    /// The [abort()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-abort) steps.
    pub(super) fn abort_steps(&self) {
        self.terminate();
        match self.state.get() {
            OPENED if self.sent.get() => self.request_error_steps("abort"),
            HEADERS_RECEIVED | LOADING => self.request_error_steps("abort"),
            _ => {}
        }
        if self.state.get() == DONE {
            self.state.set(UNSENT);
            self.clear_response();
        }
    }

    /// Ends the fetch that is under way, if any.
    pub(super) fn terminate(&self) {
        self.stop_timer();
        if let Some(running) = self.running.take() {
            self.page().cancel_fetch(running.id);
        }
    }

    fn stop_timer(&self) {
        let running = self.running.get();
        if let Some(timer) = running.and_then(|running| running.timer) {
            self.page().clear_timer(timer);
            self.running.set(running.map(|running| Running { timer: None, ..running }));
        }
    }

    /// The time that a request may take counts from its sending, also when it is set later.
    pub(super) fn restart_timer(&self) {
        self.stop_timer();
        let (Some(running), timeout) = (self.running.get(), self.timeout.get()) else { return };
        if timeout == 0 {
            return;
        }
        let page = self.page();
        let timer = page.new_timer();
        let elapsed = Timestamp::now().since(running.started);
        let delay = Duration::from_millis(timeout.into()).saturating_sub(elapsed);
        let (own, sending) = (self.root(), self.sendings.get());
        page.set_timer(timer, delay, move |_| {
            if own.is_sending(sending) {
                own.request_error_steps("timeout");
            }
        });
        self.running.set(Some(Running { timer: Some(timer), ..running }));
    }
}

/// Step 4 of `send()`: the bytes of the body, and its type.
fn extract_body(realm: &Realm, body: BodyOrDocument) -> Fallible<(Bytes, Option<String>)> {
    let init = match body {
        BodyOrDocument::Document(document) => {
            let node = document.upcast::<Node>();
            if !node.tree().is_in_html_document(node.id()) {
                let reason = "there is no XML serializer";
                return Err(Error::dom(DomExceptionName::NotSupportedError, reason));
            }
            let text = serialize::children(node.tree(), node.id());
            return Ok((text.into(), Some("text/html;charset=UTF-8".into())));
        }
        BodyOrDocument::Blob(blob) => BodyInit::Blob(blob),
        BodyOrDocument::BufferSource(source) => BodyInit::BufferSource(source),
        BodyOrDocument::URLSearchParams(params) => BodyInit::URLSearchParams(params),
        BodyOrDocument::UsvString(text) => BodyInit::UsvString(text),
    };
    Ok(extract(realm, &init))
}

/// Step 4 of `send()`: the type of the body, which is that of script if it gave one. Text is sent as
/// UTF-8, and its type says so.
fn set_content_type(headers: &mut HeaderList, type_: Option<String>, is_text: bool) {
    match (headers.get_text("Content-Type"), type_) {
        (Some(own), _) => {
            let mime: Option<Mime> = own.parse().ok().filter(|_| is_text);
            let Some(mut mime) = mime else { return };
            for (name, value) in &mut mime.parameters {
                if name == "charset" && !value.eq_ignore_ascii_case("utf-8") {
                    *value = "UTF-8".into();
                    headers.set("Content-Type", mime.to_string());
                    return;
                }
            }
        }
        (None, Some(type_)) => headers.append("Content-Type", type_),
        (None, None) => {}
    }
}
