/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [XMLHttpRequest](https://xhr.spec.whatwg.org/), asynchronous only: `open()` throws an
//! `InvalidAccessError` for a synchronous request, since a document's event loop waits for nothing.
//!
//! * this file: the object, and what script sets before it sends.
//! * `event_target`: the events that it has in common with its upload.
//! * `send`: sending, and what happens then.
//! * `response`: what script gets of the response.

mod event_target;
mod response;
mod send;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use data_url::mime::Mime;
use sordino_script_bindings::{
    ByteString, Dom, DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, JsValue,
    Realm, dom_object,
};
use sordino_traits::Timestamp;
use sordino_traits::embedder::{self, FetchId, Header, ResponseHead};
use sordino_traits::headers::{HeaderList, is_forbidden_request_header, normalize_value};
use sordino_traits::validate::{is_forbidden_method, is_header_value, is_token};
use url::Url;

use super::event_handlers::event_handlers;
use super::progress_event::Progress;
use super::request::normalize_method;
use super::{Document, EventTarget, fire};
use crate::bindings::{
    DocumentOrBlobOrBufferSourceOrURLSearchParamsOrUsvString as BodyOrDocument,
    EventHandlerNonNull, XMLHttpRequestMethods, XMLHttpRequestResponseType as ResponseType,
};
use crate::event_loop::TimerId;
use crate::file_api::BlobData;
use crate::page::Page;
pub(crate) use event_target::{XMLHttpRequestEventTarget, XMLHttpRequestUpload};

const UNSENT: u16 = 0;
const OPENED: u16 = 1;
const HEADERS_RECEIVED: u16 = 2;
const LOADING: u16 = 3;
const DONE: u16 = 4;

/// What is to be fetched: the request method, the request URL and the author request headers.
#[derive(Clone)]
struct OpenedRequest {
    method: String,
    url: Url,
    /// What the URL stood for when it was opened, if it is a blob URL.
    blob: Option<BlobData>,
    headers: HeaderList,
}

/// The fetch that is under way.
#[derive(Clone, Copy)]
struct Running {
    id: FetchId,
    started: Timestamp,
    timer: Option<TimerId>,
}

/// A request of the old kind.
pub(crate) struct XMLHttpRequest {
    event_target: XMLHttpRequestEventTarget,
    upload: RefCell<Option<Dom<XMLHttpRequestUpload>>>,
    state: Cell<u16>,
    /// The `send()` flag.
    sent: Cell<bool>,
    /// In milliseconds; 0 for none.
    timeout: Cell<u32>,
    with_credentials: Cell<bool>,
    request: RefCell<Option<OpenedRequest>>,
    upload_length: Cell<u64>,
    upload_complete: Cell<bool>,
    /// The upload listener flag.
    upload_is_heard: Cell<bool>,
    /// `None` is a network error.
    response: RefCell<Option<ResponseHead>>,
    received: RefCell<Vec<u8>>,
    /// The progress that was fired last, and when.
    reported: Cell<Option<(Progress, Timestamp)>>,
    response_type: Cell<ResponseType>,
    /// The [response object](https://xhr.spec.whatwg.org/#response-object), once script has asked for it;
    /// null when it cannot be made.
    response_object: RefCell<Option<JsValue>>,
    override_mime_type: RefCell<Option<Mime>>,
    running: Cell<Option<Running>>,
    /// Counts sendings: what belongs to an older one is out of date.
    sendings: Cell<u64>,
}

dom_object!(XMLHttpRequest: XMLHttpRequestEventTarget, event_target, trace(upload, response_object));

fn invalid_state(reason: &str) -> Error {
    Error::dom(DomExceptionName::InvalidStateError, reason)
}

fn syntax_error(reason: String) -> Error {
    Error::dom(DomExceptionName::SyntaxError, reason)
}

impl XMLHttpRequest {
    fn page(&self) -> Rc<Page> {
        Page::of(&self.realm())
    }

    fn set_state(&self, state: u16) {
        self.state.set(state);
        fire(&self.root().upcast(), "readystatechange");
    }

    /// Forgets what came.
    fn clear_response(&self) {
        let old = (self.response.take(), self.received.take(), self.response_object.take());
        drop(old);
    }

    /// The [open()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-open) steps for an asynchronous
    /// request.
    fn open_async(
        &self,
        method: &ByteString,
        url: &str,
        username: Option<String>,
        password: Option<String>,
    ) -> Fallible<()> {
        let page = self.page();
        // 1
        if page.is_discarded() {
            return Err(invalid_state("the document is not shown any more"));
        }
        // 2 to 4
        let Some(normalized) = normalize_method(method) else {
            return Err(syntax_error(format!("'{method}' is no method")));
        };
        if is_forbidden_method(&normalized) {
            let reason = format!("the method {method} is not for pages");
            return Err(Error::dom(DomExceptionName::SecurityError, reason));
        }
        // 5 and 6
        let mut url = page
            .base_url()
            .join(url)
            .map_err(|error| syntax_error(format!("'{url}' is no URL: {error}")))?;
        // 8: a URL without a host has no credentials.
        if let Some(username) = username {
            url.set_username(&username).ok();
        }
        if let Some(password) = password {
            url.set_password(Some(&password)).ok();
        }
        // 10 and 11
        self.terminate();
        self.sent.set(false);
        self.upload_is_heard.set(false);
        let blob = page.agent().blob_urls().resolve(&url, Some(page.origin()));
        let headers = HeaderList::default();
        self.request.replace(Some(OpenedRequest { method: normalized, url, blob, headers }));
        self.clear_response();
        // 12
        if self.state.get() != OPENED {
            self.set_state(OPENED);
        }
        Ok(())
    }

    /// Throws once the response has begun to come.
    fn require_before_loading(&self) -> Fallible<()> {
        if self.state.get() >= LOADING {
            return Err(invalid_state("the response is coming already"));
        }
        Ok(())
    }

    fn require_unsent(&self) -> Fallible<()> {
        if self.sent.get() {
            return Err(invalid_state("the request was sent already"));
        }
        Ok(())
    }
}

impl XMLHttpRequestMethods for XMLHttpRequest {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        let request = Self {
            event_target: XMLHttpRequestEventTarget::new(),
            upload: RefCell::default(),
            state: Cell::new(UNSENT),
            sent: Cell::new(false),
            timeout: Cell::new(0),
            with_credentials: Cell::new(false),
            request: RefCell::default(),
            upload_length: Cell::new(0),
            upload_complete: Cell::new(false),
            upload_is_heard: Cell::new(false),
            response: RefCell::default(),
            received: RefCell::default(),
            reported: Cell::new(None),
            response_type: Cell::new(ResponseType::Empty),
            response_object: RefCell::default(),
            override_mime_type: RefCell::default(),
            running: Cell::new(None),
            sendings: Cell::new(0),
        };
        Ok(DomRoot::new(realm, request))
    }

    event_handlers! { EventHandlerNonNull: onreadystatechange set_onreadystatechange }

    fn ready_state(&self, _realm: &Realm) -> u16 {
        self.state.get()
    }

    fn open(&self, _realm: &Realm, method: ByteString, url: String) -> Fallible<()> {
        self.open_async(&method, &url, None, None)
    }

    fn open_2(
        &self,
        _realm: &Realm,
        method: ByteString,
        url: String,
        async_: bool,
        username: Option<String>,
        password: Option<String>,
    ) -> Fallible<()> {
        if !async_ {
            let reason = "there are no synchronous requests: they would stop all of the tab";
            return Err(Error::dom(DomExceptionName::InvalidAccessError, reason));
        }
        self.open_async(&method, &url, username, password)
    }

    /// <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-setrequestheader>
    fn set_request_header(
        &self,
        _realm: &Realm,
        name: ByteString,
        value: ByteString,
    ) -> Fallible<()> {
        if self.state.get() != OPENED {
            return Err(invalid_state("the request is not open"));
        }
        self.require_unsent()?;
        let value = embedder::ByteString(normalize_value(&value).to_vec());
        let header = Header::new(name.to_string(), value);
        if !is_token(&header.name) || !is_header_value(&header.value.0) {
            return Err(syntax_error(format!("'{name}' or its value is no header")));
        }
        let mut request = self.request.borrow_mut();
        if let Some(request) = request.as_mut().filter(|_| !is_forbidden_request_header(&header)) {
            request.headers.combine(header);
        }
        Ok(())
    }

    fn timeout(&self, _realm: &Realm) -> u32 {
        self.timeout.get()
    }

    fn set_timeout(&self, _realm: &Realm, value: u32) {
        self.timeout.set(value);
        self.restart_timer();
    }

    fn with_credentials(&self, _realm: &Realm) -> bool {
        self.with_credentials.get()
    }

    /// <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-withcredentials>
    fn set_with_credentials(&self, _realm: &Realm, value: bool) -> Fallible<()> {
        if self.state.get() > OPENED {
            return Err(invalid_state("the request was sent already"));
        }
        self.require_unsent()?;
        self.with_credentials.set(value);
        Ok(())
    }

    fn upload(&self, _realm: &Realm) -> Fallible<DomRoot<XMLHttpRequestUpload>> {
        if let Some(upload) = &*self.upload.borrow() {
            return Ok(upload.root());
        }
        let upload = DomRoot::new(&self.realm(), XMLHttpRequestUpload::new());
        *self.upload.borrow_mut() = Some(Dom::new(&upload)?);
        Ok(upload)
    }

    fn send(&self, realm: &Realm, body: Option<BodyOrDocument>) -> Fallible<()> {
        self.send_body(realm, body)
    }

    fn abort(&self, _realm: &Realm) -> Fallible<()> {
        self.abort_steps();
        Ok(())
    }

    fn response_url(&self, _realm: &Realm) -> String {
        let response = self.response.borrow();
        let url = response.as_ref().map(|head| head.url.split('#').next().unwrap_or_default());
        url.unwrap_or_default().to_owned()
    }

    fn status(&self, _realm: &Realm) -> u16 {
        self.response.borrow().as_ref().map_or(0, |head| head.status)
    }

    fn status_text(&self, _realm: &Realm) -> ByteString {
        let response = self.response.borrow();
        response.as_ref().map(|head| ByteString::from(&*head.status_text)).unwrap_or_default()
    }

    fn get_response_header(
        &self,
        _realm: &Realm,
        name: ByteString,
    ) -> Fallible<Option<ByteString>> {
        Ok(self.response_headers().get(&name.to_string()).map(ByteString::from))
    }

    /// <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-getallresponseheaders>
    fn get_all_response_headers(&self, _realm: &Realm) -> Fallible<ByteString> {
        let mut headers = self.response_headers().sort_and_combine();
        headers.sort_by_key(|header| header.name.to_ascii_uppercase());
        let mut lines = Vec::new();
        for Header { name, value } in headers {
            lines.extend([name.as_bytes(), b": ", &*value.0, b"\r\n"].concat());
        }
        Ok(lines.into())
    }

    /// <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-overridemimetype>
    fn override_mime_type(&self, _realm: &Realm, mime: DomString) -> Fallible<()> {
        self.require_before_loading()?;
        let mime = mime.to_str_lossy().parse();
        let mime = mime.unwrap_or_else(|_| Mime::new("application", "octet-stream"));
        self.override_mime_type.replace(Some(mime));
        Ok(())
    }

    fn response_type(&self, _realm: &Realm) -> ResponseType {
        self.response_type.get()
    }

    /// <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsetype>
    fn set_response_type(&self, _realm: &Realm, value: ResponseType) -> Fallible<()> {
        self.require_before_loading()?;
        self.response_type.set(value);
        Ok(())
    }

    fn response(&self, _realm: &Realm) -> JsValue {
        self.response_of_type()
    }

    /// <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsetext>
    fn response_text(&self, _realm: &Realm) -> Fallible<String> {
        if !matches!(self.response_type.get(), ResponseType::Empty | ResponseType::Text) {
            return Err(invalid_state("the response is not of the type text"));
        }
        Ok(self.text_response())
    }

    /// <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsexml>
    fn response_xml(&self, _realm: &Realm) -> Fallible<Option<DomRoot<Document>>> {
        if !matches!(self.response_type.get(), ResponseType::Empty | ResponseType::Document) {
            return Err(invalid_state("the response is not of the type document"));
        }
        self.document_response()
    }
}
