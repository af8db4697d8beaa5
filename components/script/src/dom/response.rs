/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Response](https://fetch.spec.whatwg.org/#response-class).

use bytes::Bytes;
use sordino_script_bindings::{
    ByteString, Dom, DomRoot, Error, Fallible, JsPromise, JsValue, Realm, Reflector, dom_object,
};
use sordino_traits::embedder::{self, ResponseHead};
use sordino_traits::headers::HeaderList;
use url::Url;

use super::Headers;
use super::body::body_methods;
use super::headers::Guard;
use crate::bindings::{ResponseInit, ResponseMethods, ResponseType};
use crate::fetch::{Body, BodyInit, ByteStream, extract};
use crate::page::Page;

/// What a [response](https://fetch.spec.whatwg.org/#concept-response) has besides headers and body.
#[derive(Clone)]
struct Parameters {
    type_: ResponseType,
    /// Without fragment; empty when there is none.
    url: String,
    redirected: bool,
    status: u16,
    status_text: ByteString,
}

/// An answer, from somewhere or from script.
pub(crate) struct Response {
    reflector: Reflector,
    parameters: Parameters,
    pub(super) headers: Dom<Headers>,
    pub(super) body: Body,
}

dom_object!(Response, reflector, trace(headers, body));

/// Whether it is a [null body status](https://fetch.spec.whatwg.org/#null-body-status).
pub(crate) fn is_null_body_status(status: u16) -> bool {
    matches!(status, 101 | 103 | 204 | 205 | 304)
}

/// Whether it matches the [reason-phrase](https://httpwg.org/specs/rfc9112.html#status.line) production.
fn is_reason_phrase(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..))
}

fn without_fragment(url: &str) -> String {
    url.split_once('#').map_or(url, |(url, _)| url).to_owned()
}

impl Response {
    fn create(
        realm: &Realm,
        parameters: Parameters,
        headers: &DomRoot<Headers>,
        body: Body,
    ) -> Fallible<DomRoot<Self>> {
        let headers = Dom::new(headers)?;
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new(), parameters, headers, body }))
    }

    /// The object of what was fetched from this URL.
    pub(crate) fn of_fetch(
        realm: &Realm,
        url: &Url,
        head: ResponseHead,
        body: Body,
    ) -> Fallible<DomRoot<Self>> {
        let type_ = match head.response_type {
            embedder::ResponseType::Basic => ResponseType::Basic,
            embedder::ResponseType::Cors => ResponseType::Cors,
            embedder::ResponseType::Opaque => ResponseType::Opaque,
            embedder::ResponseType::OpaqueRedirect => ResponseType::Opaqueredirect,
        };
        let parameters = Parameters {
            type_,
            url: match type_ {
                ResponseType::Opaqueredirect => without_fragment(url.as_str()),
                _ => without_fragment(&head.url),
            },
            redirected: head.redirected,
            status: head.status,
            status_text: ByteString::from(&*head.status_text),
        };
        let headers = Headers::new(realm, HeaderList(head.headers), Guard::Immutable);
        Self::create(realm, parameters, &headers, body)
    }

    /// [Initializes a response](https://fetch.spec.whatwg.org/#initialize-a-response) that is made for it.
    fn initialize(
        realm: &Realm,
        init: ResponseInit,
        body: Option<(Bytes, Option<String>)>,
    ) -> Fallible<DomRoot<Self>> {
        let ResponseInit { status, status_text, headers: init } = init;
        if !(200..=599).contains(&status) {
            return Err(Error::Range(format!("{status} is no status of a response")));
        }
        if !is_reason_phrase(&status_text) {
            return Err(Error::type_error("the status text has characters that it cannot have"));
        }
        let headers = Headers::new(realm, HeaderList::default(), Guard::Response);
        init.map_or(Ok(()), |init| headers.fill(init))?;
        let mut own = Body::default();
        if let Some((bytes, type_)) = body {
            if is_null_body_status(status) {
                return Err(Error::Type(format!("a response with status {status} has no body")));
            }
            if let Some(type_) = type_ {
                headers.list().borrow_mut().append_default("Content-Type", type_);
            }
            own = Body::new(Some(ByteStream::of(bytes)));
        }
        let (type_, url, redirected) = (ResponseType::Default, String::new(), false);
        let parameters = Parameters { type_, url, redirected, status, status_text };
        Self::create(realm, parameters, &headers, own)
    }
}

impl ResponseMethods for Response {
    /// <https://fetch.spec.whatwg.org/#dom-response>
    fn constructor(
        realm: &Realm,
        body: Option<BodyInit>,
        init: ResponseInit,
    ) -> Fallible<DomRoot<Self>> {
        Self::initialize(realm, init, body.map(|body| extract(realm, &body)))
    }

    /// <https://fetch.spec.whatwg.org/#dom-response-error>
    fn error(realm: &Realm) -> Fallible<DomRoot<Response>> {
        let parameters = Parameters {
            type_: ResponseType::Error,
            url: String::new(),
            redirected: false,
            status: 0,
            status_text: ByteString::default(),
        };
        let headers = Headers::new(realm, HeaderList::default(), Guard::Immutable);
        Self::create(realm, parameters, &headers, Body::default())
    }

    /// <https://fetch.spec.whatwg.org/#dom-response-redirect>
    fn redirect(realm: &Realm, url: String, status: u16) -> Fallible<DomRoot<Response>> {
        let parsed = Page::of(realm).base_url().join(&url);
        let url = parsed.map_err(|error| Error::Type(format!("'{url}' is no URL: {error}")))?;
        if !matches!(status, 301 | 302 | 303 | 307 | 308) {
            return Err(Error::Range(format!("{status} is no status of a redirect")));
        }
        let parameters = Parameters {
            type_: ResponseType::Default,
            url: String::new(),
            redirected: false,
            status,
            status_text: ByteString::default(),
        };
        let mut list = HeaderList::default();
        list.append("Location", url.as_str());
        let headers = Headers::new(realm, list, Guard::Immutable);
        Self::create(realm, parameters, &headers, Body::default())
    }

    /// <https://fetch.spec.whatwg.org/#dom-response-json>
    fn json_static(
        realm: &Realm,
        data: JsValue,
        init: ResponseInit,
    ) -> Fallible<DomRoot<Response>> {
        let text = realm.serialize_json(&data)?.into_string_lossy();
        Self::initialize(realm, init, Some((text.into(), Some("application/json".into()))))
    }

    fn type_(&self, _realm: &Realm) -> ResponseType {
        self.parameters.type_
    }

    fn url(&self, _realm: &Realm) -> String {
        self.parameters.url.clone()
    }

    fn redirected(&self, _realm: &Realm) -> bool {
        self.parameters.redirected
    }

    fn status(&self, _realm: &Realm) -> u16 {
        self.parameters.status
    }

    fn ok(&self, _realm: &Realm) -> bool {
        (200..=299).contains(&self.parameters.status)
    }

    fn status_text(&self, _realm: &Realm) -> ByteString {
        self.parameters.status_text.clone()
    }

    fn headers(&self, _realm: &Realm) -> DomRoot<Headers> {
        self.headers.root()
    }

    /// <https://fetch.spec.whatwg.org/#dom-response-clone>
    fn clone(&self, realm: &Realm) -> Fallible<DomRoot<Response>> {
        let body = self.body.try_clone()?;
        let list = self.headers.list().borrow().clone();
        let headers = Headers::new(realm, list, self.headers.guard());
        Self::create(realm, self.parameters.clone(), &headers, body)
    }

    body_methods! { body_used, array_buffer, blob, bytes, json, text }
}
