/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A request while it is fetched, and what follows from its fields alone.

use sordino_traits::embedder::{
    self, CredentialsMode, Destination, FetchError, RedirectMode, ReferrerPolicy, RequestMode,
};
use sordino_traits::validate::is_cors_safelisted_method;
use url::{Origin, Url};

use super::referrer::determine_referrer;
use sordino_traits::headers::{
    HeaderList, cors_unsafe_request_header_names, is_forbidden_request_header,
    is_no_cors_request_header,
};

/// Who asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum RequestOrigin {
    /// The user, who opens a page.
    User,
    /// A document of a file, of data, or in a sandbox.
    Opaque,
    /// A document of the web.
    Tuple(Origin),
}

impl RequestOrigin {
    fn parse(serialized: Option<&str>) -> Self {
        match serialized {
            None => Self::User,
            Some(text) => match Url::parse(text).map(|url| url.origin()) {
                Ok(origin @ Origin::Tuple(..)) => Self::Tuple(origin),
                _ => Self::Opaque,
            },
        }
    }

    /// Whether it is [same origin](https://html.spec.whatwg.org/multipage/browsers.html#same-origin)
    /// with a URL.
    pub(super) fn is_same(&self, url: &Url) -> bool {
        matches!(self, Self::Tuple(origin) if *origin == url.origin())
    }

    fn serialize(&self) -> String {
        match self {
            Self::User | Self::Opaque => "null".into(),
            Self::Tuple(origin) => origin.ascii_serialization(),
        }
    }
}

/// The [response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Tainting {
    #[default]
    Basic,
    Cors,
    Opaque,
}

/// See [`embedder::Request`].
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: String,
    /// The [URL list](https://fetch.spec.whatwg.org/#concept-request-url-list), never empty.
    pub(super) urls: Vec<Url>,
    pub(super) headers: HeaderList,
    pub(super) body: Option<Vec<u8>>,
    pub(super) destination: Destination,
    pub(super) mode: RequestMode,
    pub(super) credentials: CredentialsMode,
    pub(super) redirect: RedirectMode,
    pub(super) use_cors_preflight: bool,
    pub(super) origin: RequestOrigin,
    /// Of the documents that the one that asks is in.
    pub(super) ancestors: Vec<RequestOrigin>,
    pub(super) referrer: Option<Url>,
    pub(super) referrer_policy: ReferrerPolicy,
    pub(super) tainting: Tainting,
}

impl Request {
    /// What a content process asks for, without the headers that it may not set.
    pub(super) fn parse(request: embedder::Request) -> Result<Self, FetchError> {
        let embedder::Request { url, mode, .. } = request;
        let parsed = Url::parse(&url)
            .map_err(|error| FetchError::Network { reason: error.to_string(), url: shown(&url) })?;
        let mut headers = HeaderList(request.headers);
        headers.0.retain(|header| {
            !is_forbidden_request_header(header)
                && (mode != RequestMode::NoCors || is_no_cors_request_header(header))
        });
        Ok(Self {
            method: request.method,
            urls: vec![parsed],
            headers,
            body: request.body.map(|body| body.0),
            destination: request.destination,
            mode,
            credentials: request.credentials,
            redirect: request.redirect,
            use_cors_preflight: request.use_cors_preflight,
            origin: RequestOrigin::parse(request.origin.as_deref()),
            ancestors: request.ancestors.iter().map(|it| RequestOrigin::parse(Some(it))).collect(),
            referrer: request.referrer.and_then(|referrer| Url::parse(&referrer).ok()),
            referrer_policy: request.referrer_policy,
            tainting: Tainting::Basic,
        })
    }

    /// The [current URL](https://fetch.spec.whatwg.org/#concept-request-current-url).
    pub(super) fn url(&self) -> &Url {
        self.urls.last().expect("a request has a URL from the start")
    }

    pub(super) fn is_same_origin(&self) -> bool {
        self.origin.is_same(self.url())
    }

    /// Whether cookies go along now, see [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch).
    pub(super) fn includes_credentials(&self) -> bool {
        match self.credentials {
            CredentialsMode::Omit => false,
            CredentialsMode::SameOrigin => self.tainting == Tainting::Basic,
            CredentialsMode::Include => true,
        }
    }

    /// Whether another origin must be asked in advance.
    pub(super) fn needs_preflight(&self) -> bool {
        self.use_cors_preflight
            || !is_cors_safelisted_method(&self.method)
            || !cors_unsafe_request_header_names(&self.headers).is_empty()
    }

    /// Whether a [redirect taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin) hides
    /// the origin: another origin sent it on to a third.
    fn is_redirect_tainted(&self) -> bool {
        self.urls
            .windows(2)
            .any(|pair| pair[0].origin() != pair[1].origin() && !self.origin.is_same(&pair[0]))
    }

    /// [Serializes the request's origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin).
    pub(super) fn serialize_origin(&self) -> String {
        if self.is_redirect_tainted() { "null".into() } else { self.origin.serialize() }
    }

    /// The value of `Origin`, if it is sent: [append a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header).
    pub(super) fn origin_header(&self) -> Option<String> {
        let serialized = self.serialize_origin();
        if self.tainting == Tainting::Cors {
            return Some(serialized);
        }
        if matches!(&*self.method, "GET" | "HEAD") {
            return None;
        }
        let is_downgrade = serialized.starts_with("https:") && self.url().scheme() != "https";
        let is_hidden = self.mode != RequestMode::Cors
            && match self.referrer_policy {
                ReferrerPolicy::NoReferrer => true,
                ReferrerPolicy::NoReferrerWhenDowngrade
                | ReferrerPolicy::StrictOrigin
                | ReferrerPolicy::StrictOriginWhenCrossOrigin => is_downgrade,
                ReferrerPolicy::SameOrigin => !self.is_same_origin(),
                ReferrerPolicy::Origin
                | ReferrerPolicy::OriginWhenCrossOrigin
                | ReferrerPolicy::UnsafeUrl => false,
            };
        Some(if is_hidden { "null".into() } else { serialized })
    }

    pub(super) fn referrer_header(&self) -> Option<String> {
        determine_referrer(self.referrer.as_ref(), self.referrer_policy, self.url())
    }

    /// An error that names the current URL.
    pub(super) fn blocked(&self, reason: impl Into<String>) -> FetchError {
        FetchError::Blocked { url: shown(self.url().as_str()), reason: reason.into() }
    }

    pub(super) fn failed(&self, reason: impl Into<String>) -> FetchError {
        FetchError::Network { url: shown(self.url().as_str()), reason: reason.into() }
    }
}

/// A URL as messages show it: of data, only the beginning.
pub(super) fn shown(url: &str) -> String {
    const LONGEST: usize = 80;

    match url.char_indices().nth(LONGEST) {
        Some((end, _)) if url.starts_with("data:") => format!("{}…", &url[..end]),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use sordino_traits::embedder::Header;

    use super::*;

    fn request(origin: Option<&str>, urls: &[&str]) -> Request {
        let first = embedder::Request {
            mode: RequestMode::Cors,
            origin: origin.map(str::to_owned),
            ..embedder::Request::new(urls[0], Destination::Empty)
        };
        let mut request = Request::parse(first).unwrap();
        request.urls = urls.iter().map(|url| Url::parse(url).unwrap()).collect();
        request
    }

    #[test]
    fn a_third_origin_after_a_redirect_learns_no_origin() {
        let (own, a, b) = ("https://own.example/", "https://a.example/", "https://b.example/");
        for (urls, expected) in [
            (&[own][..], "https://own.example"),
            (&[own, a], "https://own.example"),
            (&[a, a], "https://own.example"),
            (&[a, b], "null"),
            (&[own, a, own], "null"),
            (&[own, a, b], "null"),
        ] {
            let request = request(Some("https://own.example"), urls);
            assert_eq!(request.serialize_origin(), expected, "{urls:?}");
        }
        assert_eq!(request(Some("null"), &[a]).serialize_origin(), "null");
        assert_eq!(request(None, &[a]).serialize_origin(), "null");
    }

    #[test]
    fn when_an_origin_is_sent() {
        use ReferrerPolicy::*;

        let own = Some("https://own.example");
        for (method, tainting, mode, policy, url, expected) in [
            ("GET", Tainting::Basic, RequestMode::Cors, NoReferrer, "https://own.example/", None),
            ("GET", Tainting::Opaque, RequestMode::NoCors, UnsafeUrl, "https://a.example/", None),
            ("GET", Tainting::Cors, RequestMode::Cors, NoReferrer, "https://a.example/", own),
            ("POST", Tainting::Basic, RequestMode::Cors, NoReferrer, "https://own.example/", own),
            (
                "POST",
                Tainting::Opaque,
                RequestMode::NoCors,
                NoReferrer,
                "https://a.example/",
                Some("null"),
            ),
            (
                "POST",
                Tainting::Opaque,
                RequestMode::NoCors,
                StrictOrigin,
                "http://a.example/",
                Some("null"),
            ),
            (
                "POST",
                Tainting::Opaque,
                RequestMode::NoCors,
                SameOrigin,
                "https://a.example/",
                Some("null"),
            ),
            ("POST", Tainting::Opaque, RequestMode::NoCors, Origin, "http://a.example/", own),
        ] {
            let mut request = request(own, &[url]);
            request.method = method.into();
            (request.tainting, request.mode, request.referrer_policy) = (tainting, mode, policy);
            let found = request.origin_header();
            assert_eq!(found.as_deref(), expected, "{method} {tainting:?} {policy:?} {url}");
        }
    }

    #[test]
    fn headers_of_the_engine_are_taken_from_nobody() {
        let headers = || {
            [("Cookie", "a=b"), ("X-Own", "1"), ("Range", "bytes=1-"), ("Accept", "x")]
                .map(|(name, value)| Header::new(name, value))
                .to_vec()
        };
        let parse = |mode| {
            let request = embedder::Request {
                headers: headers(),
                mode,
                ..embedder::Request::new("https://a.example/", Destination::Media)
            };
            let headers = Request::parse(request).unwrap().headers;
            headers.0.into_iter().map(|it| it.name).collect::<Vec<_>>()
        };
        assert_eq!(parse(RequestMode::Cors), ["X-Own", "Range", "Accept"]);
        assert_eq!(parse(RequestMode::NoCors), ["Range", "Accept"]);
    }

    #[test]
    fn messages_show_no_long_data() {
        let data = format!("data:,{}", "é".repeat(1_000));
        assert!(shown(&data).chars().count() < 100);
        assert_eq!(shown("https://a.example/"), "https://a.example/");
    }
}
