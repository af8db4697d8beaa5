/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What is said about a fetch: the request, the head of the response, and the errors. The names are
//! those of the [Fetch Standard](https://fetch.spec.whatwg.org/).

use std::fmt;

use crate::cookies::DocumentCookies;
use serde::{Deserialize, Serialize};

/// The number of a fetch, chosen by the content process and unique in it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct FetchId(pub u64);

/// Bytes that are mostly text: the value of a header, or a body. They cross as one block.
#[derive(Clone, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct ByteString(#[serde(with = "byte_block")] pub Vec<u8>);

impl ByteString {
    /// The [isomorphic decoding](https://infra.spec.whatwg.org/#isomorphic-decode): one character
    /// for each byte.
    pub fn decode(&self) -> String {
        self.0.iter().map(|byte| char::from(*byte)).collect()
    }
}

impl fmt::Debug for ByteString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.decode(), f)
    }
}

impl From<&str> for ByteString {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<String> for ByteString {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

/// A [header](https://fetch.spec.whatwg.org/#concept-header).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Header {
    /// Its name. Those of a response are in lower case.
    pub name: String,
    /// Its value, without spaces around it.
    pub value: ByteString,
}

impl Header {
    /// A header of these.
    pub fn new(name: impl Into<String>, value: impl Into<ByteString>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// What a fetch is for: the [request destination](https://fetch.spec.whatwg.org/#concept-request-destination).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum Destination {
    /// `fetch()` and `XMLHttpRequest`: the response is for script. What script may not see of it is
    /// not even sent to the content process.
    #[default]
    Empty,
    /// The page itself.
    Document,
    /// The document of a frame.
    Frame,
    /// A script; a classic one with [`RequestMode::NoCors`], a module with [`RequestMode::Cors`].
    Script,
    /// The script of a worker.
    Worker,
    /// A style sheet.
    Style,
    /// An image.
    Image,
    /// A font.
    Font,
    /// A media resource.
    Media,
    /// Text tracks of media.
    Track,
}

impl Destination {
    /// Whether the response becomes a document.
    pub fn is_navigation(self) -> bool {
        matches!(self, Self::Document | Self::Frame)
    }
}

/// The [request mode](https://fetch.spec.whatwg.org/#concept-request-mode).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum RequestMode {
    /// What is fetched becomes a document.
    Navigate,
    /// Another origin is an error.
    SameOrigin,
    /// Another origin must allow it.
    Cors,
    /// Another origin may be asked, but script may not see its answer.
    #[default]
    NoCors,
}

/// The [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode): whether
/// cookies go along, and whether those of the response are kept.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum CredentialsMode {
    /// Never.
    Omit,
    /// While the response is of the origin of the request, or a document.
    #[default]
    SameOrigin,
    /// Always.
    Include,
}

/// The [redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum RedirectMode {
    /// Redirects are followed.
    #[default]
    Follow,
    /// A redirect is an error.
    Error,
    /// A redirect is the response, of which nothing can be seen.
    Manual,
}

/// The [referrer policy](https://w3c.github.io/webappsec-referrer-policy/#referrer-policies).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum ReferrerPolicy {
    /// `no-referrer`
    NoReferrer,
    /// `no-referrer-when-downgrade`
    NoReferrerWhenDowngrade,
    /// `same-origin`
    SameOrigin,
    /// `origin`
    Origin,
    /// `strict-origin`
    StrictOrigin,
    /// `origin-when-cross-origin`
    OriginWhenCrossOrigin,
    /// `strict-origin-when-cross-origin`
    #[default]
    StrictOriginWhenCrossOrigin,
    /// `unsafe-url`
    UnsafeUrl,
}

impl ReferrerPolicy {
    /// The policy with that name; names are in lower case.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "no-referrer" => Self::NoReferrer,
            "no-referrer-when-downgrade" => Self::NoReferrerWhenDowngrade,
            "same-origin" => Self::SameOrigin,
            "origin" => Self::Origin,
            "strict-origin" => Self::StrictOrigin,
            "origin-when-cross-origin" => Self::OriginWhenCrossOrigin,
            "strict-origin-when-cross-origin" => Self::StrictOriginWhenCrossOrigin,
            "unsafe-url" => Self::UnsafeUrl,
            _ => return None,
        })
    }
}

/// A [request](https://fetch.spec.whatwg.org/#concept-request), as a content process makes it.
///
/// The shell adds the headers that pages cannot set (`Origin`, `Referer`, `Cookie` and others), and
/// does all that Fetch says of redirects, CORS and credentials.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Request {
    /// The method, normalized.
    pub method: String,
    /// An absolute URL; its fragment goes along through redirects.
    pub url: String,
    /// What the page or the engine has set. [Forbidden request-headers](https://fetch.spec.whatwg.org/#forbidden-request-header)
    /// are left out by the shell.
    pub headers: Vec<Header>,
    /// The body, if there is one; `GET` and `HEAD` have none.
    pub body: Option<ByteString>,
    /// What it is for.
    pub destination: Destination,
    /// Its mode.
    pub mode: RequestMode,
    /// Its credentials mode.
    pub credentials: CredentialsMode,
    /// Its redirect mode.
    pub redirect: RedirectMode,
    /// Whether another origin is asked in advance even for a simple request, as for an upload whose
    /// progress script watches: the [use-CORS-preflight flag](https://fetch.spec.whatwg.org/#use-cors-preflight-flag).
    pub use_cors_preflight: bool,
    /// The origin of the document that asks, serialized; `null` for an opaque one. `None` for what
    /// the user opens.
    pub origin: Option<String>,
    /// The origins, serialized, of the documents that the one that asks is in, from the inside out; of a
    /// request that becomes a document, those which that will be in. With one of another site among them,
    /// the request is not a [same-site](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-same-site-and-cross-site-re)
    /// one.
    pub ancestors: Vec<String>,
    /// The URL of the document that asks, or what it gives as its referrer; `None` for no referrer.
    /// The shell cuts it down to what the policy lets the server know.
    pub referrer: Option<String>,
    /// Which part of the referrer is sent.
    pub referrer_policy: ReferrerPolicy,
}

impl Request {
    /// A `GET` of that URL for what the user opens, or what an element of that document needs: it
    /// has the mode that HTML gives to such a fetch without a `crossorigin` attribute, and
    /// credentials.
    pub fn new(url: impl Into<String>, destination: Destination) -> Self {
        let mode =
            if destination.is_navigation() { RequestMode::Navigate } else { RequestMode::NoCors };
        Self {
            method: "GET".into(),
            url: url.into(),
            headers: Vec::new(),
            body: None,
            destination,
            mode,
            credentials: CredentialsMode::Include,
            redirect: RedirectMode::Follow,
            use_cors_preflight: false,
            origin: None,
            ancestors: Vec::new(),
            referrer: None,
            referrer_policy: ReferrerPolicy::default(),
        }
    }

    /// The bytes that it has together, without what the shell adds.
    pub fn size(&self) -> usize {
        let headers = self.headers.iter().map(|it| it.name.len() + it.value.0.len()).sum::<usize>();
        self.method.len()
            + self.url.len()
            + headers
            + self.body.as_ref().map_or(0, |body| body.0.len())
            + self.origin.as_ref().map_or(0, String::len)
            + self.ancestors.iter().map(String::len).sum::<usize>()
            + self.referrer.as_ref().map_or(0, String::len)
    }
}

/// A step of a fetch.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum FetchEvent {
    /// The response's head.
    Response(ResponseHead),
    /// The next bytes of the body.
    Chunk(#[serde(with = "byte_block")] Vec<u8>),
    /// The body is complete.
    Done,
    /// The fetch failed; nothing follows.
    Failed(FetchError),
}

/// The [response type](https://fetch.spec.whatwg.org/#concept-response-type): how much of a response
/// script may see.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum ResponseType {
    /// Everything but cookies.
    #[default]
    Basic,
    /// What another origin exposes.
    Cors,
    /// Nothing.
    Opaque,
    /// Nothing; it was a redirect that was not followed.
    OpaqueRedirect,
}

/// Which part of a resource a body is: [`Content-Range`](https://httpwg.org/specs/rfc9110.html#field.content-range).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ContentRange {
    /// The offset of its first byte.
    pub start: u64,
    /// The length of the whole resource in bytes, if the server knows it.
    pub total: Option<u64>,
}

/// A response without its body.
///
/// Of an opaque one for [`Destination::Empty`], and of an opaque redirect, there is nothing: the
/// status is 0, the URL empty, there are no headers and no body. An opaque one for an element of a
/// document has no headers; the rest is for the engine, not for script.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct ResponseHead {
    /// How much of it script may see.
    pub response_type: ResponseType,
    /// The final URL, after redirects, with its fragment.
    pub url: String,
    /// Whether there was a redirect on the way.
    pub redirected: bool,
    /// The HTTP status; 200 for `file:` and `data:`.
    pub status: u16,
    /// What the server calls the status, such as `Not Found`.
    pub status_text: String,
    /// The headers that script may see, in the order of the response.
    pub headers: Vec<Header>,
    /// The essence of the `Content-Type`, in lower case, if there is one.
    pub mime_type: Option<String>,
    /// The `charset` parameter, if there is one.
    pub charset: Option<String>,
    /// How many bytes the body has, if that is known.
    pub length: Option<u64>,
    /// Which part of the resource the body is, if the server says that it is one.
    pub range: Option<ContentRange>,
    /// By what it can be told whether it is the same resource as another: the `ETag`, or the time of the
    /// last change.
    pub validator: Option<ByteString>,
    /// The cookies of the document that it becomes.
    pub cookies: Option<Box<DocumentCookies>>,
}

/// Why a fetch failed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The URL's scheme is not one that can be fetched.
    #[error("the scheme of {url} is not supported: use http, https, file or data")]
    UnsupportedScheme {
        /// The URL.
        url: String,
    },
    /// The file does not exist, or cannot be read.
    #[error("cannot read {path}: {reason}")]
    File {
        /// The path.
        path: String,
        /// The operating system's reason.
        reason: String,
    },
    /// A page that is not a file may not read files, and one that is shows documents of its folder only.
    #[error(
        "{url} may not be read: files are for pages that are files, and their documents are in the folder of the page that was opened, or below"
    )]
    Forbidden {
        /// The URL.
        url: String,
    },
    /// The rules of the web do not let the document have it: CORS, the mode, or a redirect.
    #[error("{url} is blocked: {reason}")]
    Blocked {
        /// The URL.
        url: String,
        /// Which rule, and what it lacks.
        reason: String,
    },
    /// No connection, no answer, or a broken one.
    #[error("cannot fetch {url}: {reason}")]
    Network {
        /// The URL.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The body is larger than the shell hands over.
    #[error("{url} is larger than {limit} bytes")]
    TooLarge {
        /// The URL.
        url: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// The request is one that the shell would not take, see [`crate::validate::request`].
    #[error("the request for {url} cannot be sent: {reason}")]
    BadRequest {
        /// The URL.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Bytes as one block instead of one element after the other.
mod byte_block {
    use serde::de::{self, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }

            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }

        deserializer.deserialize_byte_buf(Bytes)
    }
}
