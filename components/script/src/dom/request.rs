/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Request](https://fetch.spec.whatwg.org/#request-class).

use std::cell::RefCell;

use sordino_script_bindings::{
    ByteString, Dom, DomObjectExt, DomRoot, DomString, Error, Fallible, JsPromise, Realm,
    Reflector, dom_object,
};
use sordino_traits::embedder;
use sordino_traits::headers::HeaderList;
use sordino_traits::validate::{is_cors_safelisted_method, is_forbidden_method, is_token};
use url::Url;

use super::body::body_methods;
use super::headers::Guard;
use super::{AbortSignal, Headers};
use crate::bindings::{
    ReferrerPolicy, RequestCache, RequestCredentials, RequestDestination, RequestInit,
    RequestMethods, RequestMode, RequestOrUsvString as RequestInfo, RequestRedirect,
};
use crate::fetch::{Body, ByteStream, extract};
use crate::file_api::BlobData;
use crate::page::Page;

/// The [referrer](https://fetch.spec.whatwg.org/#concept-request-referrer) of a request.
#[derive(Clone)]
enum Referrer {
    None,
    Client,
    Url(Url),
}

/// What a [request](https://fetch.spec.whatwg.org/#concept-request) has besides headers and body.
#[derive(Clone)]
struct Parameters {
    method: String,
    url: Url,
    /// What the URL stood for when the request was made, if it is a blob URL.
    blob: Option<BlobData>,
    referrer: Referrer,
    referrer_policy: ReferrerPolicy,
    mode: RequestMode,
    credentials: RequestCredentials,
    cache: RequestCache,
    redirect: RequestRedirect,
    integrity: DomString,
    keepalive: bool,
}

/// What script wants to have fetched.
pub(crate) struct Request {
    reflector: Reflector,
    parameters: Parameters,
    pub(super) headers: Dom<Headers>,
    pub(super) body: Body,
    /// The signal that its own one depends on.
    source_signal: Option<Dom<AbortSignal>>,
    /// Its own signal, once script has asked for it.
    signal: RefCell<Option<Dom<AbortSignal>>>,
}

dom_object!(Request, reflector, trace(headers, body, source_signal, signal));

/// [Normalizes](https://fetch.spec.whatwg.org/#concept-method-normalize) a method, if it is one that
/// script may use.
pub(super) fn normalize_method(method: &ByteString) -> Option<String> {
    let method = std::str::from_utf8(method).ok().filter(|method| is_token(method))?;
    let normal = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    let known = normal.iter().find(|known| known.eq_ignore_ascii_case(method));
    Some(known.map_or(method, |known| known).to_owned())
}

fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

impl Parameters {
    fn new(page: &Page, url: &str) -> Fallible<Self> {
        let parsed = page.base_url().join(url);
        let url = parsed.map_err(|error| Error::Type(format!("'{url}' is no URL: {error}")))?;
        if has_credentials(&url) {
            return Err(Error::Type(format!("the URL of a request has no user name: '{url}'")));
        }
        Ok(Self {
            method: "GET".into(),
            blob: page.agent().blob_urls().resolve(&url, Some(page.origin())),
            url,
            referrer: Referrer::Client,
            referrer_policy: ReferrerPolicy::Empty,
            mode: RequestMode::Cors,
            credentials: RequestCredentials::SameOrigin,
            cache: RequestCache::Default,
            redirect: RequestRedirect::Follow,
            integrity: DomString::new(),
            keepalive: false,
        })
    }

    /// Steps 13 to 25 of the [constructor](https://fetch.spec.whatwg.org/#dom-request).
    fn update(&mut self, page: &Page, init: &RequestInit) -> Fallible<()> {
        // 13
        if !is_empty(init) {
            if self.mode == RequestMode::Navigate {
                self.mode = RequestMode::SameOrigin;
            }
            self.referrer = Referrer::Client;
            self.referrer_policy = ReferrerPolicy::Empty;
        }
        // 14
        if let Some(referrer) = &init.referrer {
            self.referrer = parse_referrer(page, referrer)?;
        }
        // 15 to 24
        self.referrer_policy = init.referrer_policy.unwrap_or(self.referrer_policy);
        if init.mode == Some(RequestMode::Navigate) {
            return Err(Error::type_error("script does not navigate by a request"));
        }
        self.mode = init.mode.unwrap_or(self.mode);
        self.credentials = init.credentials.unwrap_or(self.credentials);
        self.cache = init.cache.unwrap_or(self.cache);
        if self.cache == RequestCache::OnlyIfCached && self.mode != RequestMode::SameOrigin {
            return Err(Error::type_error("'only-if-cached' needs the mode 'same-origin'"));
        }
        self.redirect = init.redirect.unwrap_or(self.redirect);
        if let Some(integrity) = &init.integrity {
            self.integrity = integrity.clone();
        }
        self.keepalive = init.keepalive.unwrap_or(self.keepalive);
        // 25
        if let Some(method) = &init.method {
            let normalized = normalize_method(method).filter(|it| !is_forbidden_method(it));
            self.method = normalized
                .ok_or_else(|| Error::Type(format!("'{method}' is no method of a request")))?;
        }
        Ok(())
    }
}

fn is_empty(init: &RequestInit) -> bool {
    let RequestInit {
        method,
        headers,
        body,
        referrer,
        referrer_policy,
        mode,
        credentials,
        cache,
        redirect,
        integrity,
        keepalive,
        signal,
        window,
    } = init;
    method.is_none()
        && headers.is_none()
        && body.is_none()
        && referrer.is_none()
        && referrer_policy.is_none()
        && mode.is_none()
        && credentials.is_none()
        && cache.is_none()
        && redirect.is_none()
        && integrity.is_none()
        && keepalive.is_none()
        && signal.is_none()
        && window.is_undefined()
}

/// Step 14 of the constructor.
fn parse_referrer(page: &Page, referrer: &str) -> Fallible<Referrer> {
    if referrer.is_empty() {
        return Ok(Referrer::None);
    }
    let url = page.base_url().join(referrer);
    let url = url.map_err(|error| Error::Type(format!("'{referrer}' is no URL: {error}")))?;
    let is_client = url.scheme() == "about" && url.path() == "client";
    if is_client || url.origin() != *page.origin() {
        return Ok(Referrer::Client);
    }
    Ok(Referrer::Url(url))
}

impl Request {
    /// The [constructor](https://fetch.spec.whatwg.org/#dom-request)'s steps.
    pub(crate) fn create(
        realm: &Realm,
        input: RequestInfo,
        mut init: RequestInit,
    ) -> Fallible<DomRoot<Self>> {
        let page = Page::of(realm);
        // 1 to 12
        let (mut parameters, input) = match input {
            RequestInfo::UsvString(url) => (Parameters::new(&page, &url)?, None),
            RequestInfo::Request(request) => (request.parameters.clone(), Some(request)),
        };
        if !init.window.is_nullish() {
            return Err(Error::type_error("the window of a request can only be null"));
        }
        // 13 to 25
        parameters.update(&page, &init)?;
        // 26 to 30: the request's own signal is made when script asks for it.
        let source_signal = match (init.signal.take(), &input) {
            (Some(signal), _) => signal,
            (None, Some(input)) => input.effective_signal(),
            (None, None) => None,
        };
        // 31 to 33
        let guard = match parameters.mode {
            RequestMode::NoCors if !is_cors_safelisted_method(&parameters.method) => {
                let method = &parameters.method;
                return Err(Error::Type(format!("the mode 'no-cors' has no method '{method}'")));
            }
            RequestMode::NoCors => Guard::RequestNoCors,
            _ => Guard::Request,
        };
        let headers = Headers::new(realm, HeaderList::default(), guard);
        let inherited = input.as_ref().map(|input| input.headers.list().borrow().clone());
        match init.headers.take() {
            Some(init) => headers.fill(init)?,
            None => headers.fill_from(inherited.unwrap_or_default())?,
        }
        // 34 to 42
        let body = extract_body(realm, &parameters, init.body.take().flatten(), &headers, input)?;
        Ok(DomRoot::new(
            realm,
            Self {
                reflector: Reflector::new(),
                parameters,
                headers: Dom::new(&headers)?,
                body,
                source_signal: source_signal.map(|signal| Dom::new(&signal)).transpose()?,
                signal: RefCell::default(),
            },
        ))
    }

    /// The signal that aborts what is done with this request.
    pub(crate) fn effective_signal(&self) -> Option<DomRoot<AbortSignal>> {
        let own = self.signal.borrow().as_ref().map(Dom::root);
        own.or_else(|| self.source_signal.as_ref().map(Dom::root))
    }

    /// What its URL stood for, if it is a blob URL.
    pub(crate) fn blob(&self) -> Option<BlobData> {
        self.parameters.blob.clone()
    }

    pub(crate) fn is_head(&self) -> bool {
        self.parameters.method == "HEAD"
    }

    pub(crate) fn keepalive(&self) -> bool {
        self.parameters.keepalive
    }

    pub(crate) fn integrity(&self) -> &DomString {
        &self.parameters.integrity
    }

    /// Whether only a cache may answer it.
    pub(crate) fn is_only_if_cached(&self) -> bool {
        self.parameters.cache == RequestCache::OnlyIfCached
    }

    pub(crate) fn url(&self) -> &Url {
        &self.parameters.url
    }

    /// The request as the shell takes it.
    pub(crate) fn to_shell(&self, page: &Page) -> embedder::Request {
        let Parameters { method, url, referrer, referrer_policy, mode, credentials, .. } =
            &self.parameters;
        let client = page.new_request(url, embedder::Destination::Empty);
        let policy = embedder::ReferrerPolicy::from_name(referrer_policy.as_str());
        embedder::Request {
            method: method.clone(),
            headers: self.headers.list().borrow().0.clone(),
            body: self.body.source().map(|bytes| embedder::ByteString(bytes.to_vec())),
            mode: match mode {
                RequestMode::Navigate => embedder::RequestMode::Navigate,
                RequestMode::SameOrigin => embedder::RequestMode::SameOrigin,
                RequestMode::NoCors => embedder::RequestMode::NoCors,
                RequestMode::Cors => embedder::RequestMode::Cors,
            },
            credentials: match credentials {
                RequestCredentials::Omit => embedder::CredentialsMode::Omit,
                RequestCredentials::SameOrigin => embedder::CredentialsMode::SameOrigin,
                RequestCredentials::Include => embedder::CredentialsMode::Include,
            },
            redirect: match self.parameters.redirect {
                RequestRedirect::Follow => embedder::RedirectMode::Follow,
                RequestRedirect::Error => embedder::RedirectMode::Error,
                RequestRedirect::Manual => embedder::RedirectMode::Manual,
            },
            referrer: match referrer {
                Referrer::None => None,
                Referrer::Client => client.referrer.clone(),
                Referrer::Url(url) => Some(url.to_string()),
            },
            referrer_policy: policy.unwrap_or_default(),
            ..client
        }
    }
}

/// Steps 34 to 42 of the constructor.
fn extract_body(
    realm: &Realm,
    parameters: &Parameters,
    init: Option<crate::fetch::BodyInit>,
    headers: &Headers,
    input: Option<DomRoot<Request>>,
) -> Fallible<Body> {
    let inherited = input.filter(|input| !input.body.is_null());
    let has_body = init.is_some() || inherited.is_some();
    if has_body && matches!(&*parameters.method, "GET" | "HEAD") {
        let method = &parameters.method;
        return Err(Error::Type(format!("a request with the method {method} has no body")));
    }
    match (init, inherited) {
        (Some(init), _) => {
            let (bytes, type_) = extract(realm, &init);
            let mut list = headers.list().borrow_mut();
            if let Some(type_) = type_ {
                list.append_default("Content-Type", type_);
            }
            Ok(Body::new(Some(ByteStream::of(bytes))))
        }
        (None, Some(input)) => input.body.give(),
        (None, None) => Ok(Body::default()),
    }
}

impl RequestMethods for Request {
    fn constructor(
        realm: &Realm,
        input: RequestInfo,
        init: RequestInit,
    ) -> Fallible<DomRoot<Self>> {
        Self::create(realm, input, init)
    }

    fn method(&self, _realm: &Realm) -> ByteString {
        ByteString::from(&*self.parameters.method)
    }

    fn url(&self, _realm: &Realm) -> String {
        self.parameters.url.to_string()
    }

    fn headers(&self, _realm: &Realm) -> DomRoot<Headers> {
        self.headers.root()
    }

    /// What script makes is for no element.
    fn destination(&self, _realm: &Realm) -> RequestDestination {
        RequestDestination::Empty
    }

    /// <https://fetch.spec.whatwg.org/#dom-request-referrer>
    fn referrer(&self, _realm: &Realm) -> String {
        match &self.parameters.referrer {
            Referrer::None => String::new(),
            Referrer::Client => "about:client".into(),
            Referrer::Url(url) => url.to_string(),
        }
    }

    fn referrer_policy(&self, _realm: &Realm) -> ReferrerPolicy {
        self.parameters.referrer_policy
    }

    fn mode(&self, _realm: &Realm) -> RequestMode {
        self.parameters.mode
    }

    fn credentials(&self, _realm: &Realm) -> RequestCredentials {
        self.parameters.credentials
    }

    fn cache(&self, _realm: &Realm) -> RequestCache {
        self.parameters.cache
    }

    fn redirect(&self, _realm: &Realm) -> RequestRedirect {
        self.parameters.redirect
    }

    fn integrity(&self, _realm: &Realm) -> DomString {
        self.parameters.integrity.clone()
    }

    fn keepalive(&self, _realm: &Realm) -> bool {
        self.parameters.keepalive
    }

    fn signal(&self, _realm: &Realm) -> Fallible<DomRoot<AbortSignal>> {
        if let Some(own) = &*self.signal.borrow() {
            return Ok(own.root());
        }
        let sources: Vec<_> = self.source_signal.iter().map(Dom::root).collect();
        let own = AbortSignal::create_dependent(&self.realm(), &sources)?;
        *self.signal.borrow_mut() = Some(Dom::new(&own)?);
        Ok(own)
    }

    /// <https://fetch.spec.whatwg.org/#dom-request-clone>
    fn clone(&self, realm: &Realm) -> Fallible<DomRoot<Request>> {
        let body = self.body.try_clone()?;
        let list = self.headers.list().borrow().clone();
        let headers = Headers::new(realm, list, self.headers.guard());
        let signal = self.effective_signal();
        Ok(DomRoot::new(
            realm,
            Self {
                reflector: Reflector::new(),
                parameters: self.parameters.clone(),
                headers: Dom::new(&headers)?,
                body,
                source_signal: signal.map(|signal| Dom::new(&signal)).transpose()?,
                signal: RefCell::default(),
            },
        ))
    }

    body_methods! { body_used, array_buffer, blob, bytes, json, text }
}
