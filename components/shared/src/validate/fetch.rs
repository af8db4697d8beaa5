/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The check of a request.

use url::Url;

use super::{MAX_DOCUMENTS, Violation};
use crate::embedder::{Header, Request, RequestMode};

/// The most bytes that a request has together; a message cannot have many more.
pub const MAX_REQUEST: usize = 3 * 1024 * 1024 + 512 * 1024;
/// The most headers of a request.
pub const MAX_REQUEST_HEADERS: usize = 256;
/// The most bytes that the headers of a request have together.
pub const MAX_REQUEST_HEADER_BYTES: usize = 256 * 1024;

/// Checks a request: nothing in it can become another header or another request on the wire. The
/// content process makes sure of it before it sends; script gets a `TypeError` for most of this.
///
/// # Errors
///
/// The first [`Violation`] found.
pub fn request(request: &Request) -> Result<(), Violation> {
    let too_long = |what, found, limit| Err(Violation::TooLong { what, found, limit });
    let bad = |what| Err(Violation::BadRequest { what });
    let Request { method, headers, body, mode, origin, .. } = request;
    if request.size() > MAX_REQUEST {
        return too_long("request", request.size(), MAX_REQUEST);
    }
    if headers.len() > MAX_REQUEST_HEADERS {
        return too_long("list of headers", headers.len(), MAX_REQUEST_HEADERS);
    }
    let header_bytes = headers.iter().map(|it| it.name.len() + it.value.0.len()).sum();
    if header_bytes > MAX_REQUEST_HEADER_BYTES {
        return too_long("list of headers in bytes", header_bytes, MAX_REQUEST_HEADER_BYTES);
    }
    if !is_token(method) {
        return bad("a method that is none");
    }
    if is_forbidden_method(method) {
        return bad("a forbidden method");
    }
    if body.is_some() && matches!(&**method, "GET" | "HEAD") {
        return bad("a body of GET or HEAD");
    }
    if *mode == RequestMode::NoCors && !is_cors_safelisted_method(method) {
        return bad("a method that needs CORS");
    }
    if !headers.iter().all(is_header) {
        return bad("a header that is none");
    }
    if request.ancestors.len() > MAX_DOCUMENTS {
        return too_long("list of ancestors", request.ancestors.len(), MAX_DOCUMENTS);
    }
    if !request.ancestors.iter().all(|it| it == "null" || is_serialized_origin(it)) {
        return bad("an ancestor that is no origin");
    }
    match origin.as_deref() {
        None | Some("null") => Ok(()),
        Some(origin) if is_serialized_origin(origin) => Ok(()),
        Some(_) => bad("an origin that is none"),
    }
}

/// Whether it is a [method](https://fetch.spec.whatwg.org/#concept-method) or a
/// [header name](https://fetch.spec.whatwg.org/#header-name): a
/// [token](https://httpwg.org/specs/rfc9110.html#rule.token).
pub fn is_token(text: &str) -> bool {
    let is_token_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// Whether it is a [header value](https://fetch.spec.whatwg.org/#header-value).
pub fn is_header_value(value: &[u8]) -> bool {
    let is_blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t' | b'\r' | b'\n'));
    !is_blank(value.first())
        && !is_blank(value.last())
        && !value.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n'))
}

fn is_header(header: &Header) -> bool {
    is_token(&header.name) && is_header_value(&header.value.0)
}

/// Whether it is a [forbidden method](https://fetch.spec.whatwg.org/#forbidden-method).
pub fn is_forbidden_method(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"].iter().any(|it| it.eq_ignore_ascii_case(method))
}

/// Whether it is a [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method).
pub fn is_cors_safelisted_method(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

fn is_serialized_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let origin = url.origin();
        origin.is_tuple() && origin.ascii_serialization() == text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedder::{ByteString, Destination};

    fn cors() -> Request {
        Request {
            mode: RequestMode::Cors,
            ..Request::new("https://example.org/", Destination::Empty)
        }
    }

    #[test]
    fn an_ordinary_request_passes() {
        let ordinary = Request {
            method: "PUT".into(),
            headers: vec![Header::new("X-Own", "a b"), Header::new("x-empty", "")],
            body: Some("text".into()),
            origin: Some("https://example.org".into()),
            ..cors()
        };
        assert_eq!(request(&ordinary), Ok(()));
        assert_eq!(request(&Request { origin: Some("null".into()), ..ordinary }), Ok(()));
    }

    #[test]
    fn what_is_not_http_is_refused() {
        let header = |name: &str, value: &[u8]| Request {
            headers: vec![Header { name: name.into(), value: ByteString(value.to_vec()) }],
            ..cors()
        };
        let method = |method: &str| Request { method: method.into(), ..cors() };
        let origin = |origin: &str| Request { origin: Some(origin.into()), ..cors() };
        for (case, bad) in [
            ("no method", method("")),
            ("a space in a method", method("GET /")),
            ("a line in a method", method("GET\r\nx: y")),
            ("a forbidden method", method("Trace")),
            ("no header name", header("", b"x")),
            ("a colon in a name", header("x:y", b"x")),
            ("a line in a value", header("x", b"y\nz: a")),
            ("a null byte", header("x", b"\0")),
            ("a space at the end", header("x", b"y ")),
            ("a path in an origin", origin("https://example.org/")),
            ("an opaque origin", origin("file:///")),
            ("a line in an origin", origin("https://example.org\r\nx: y")),
            ("a body of a GET", Request { body: Some("x".into()), ..cors() }),
            ("a method without CORS", Request { mode: RequestMode::NoCors, ..method("DELETE") }),
        ] {
            let refused = request(&bad);
            assert!(matches!(refused, Err(Violation::BadRequest { .. })), "{case}: {refused:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_refused() {
        let long = "x".repeat(MAX_REQUEST);
        let header = Header::new("x", long[..2_000].to_owned());
        for (what, bad) in [
            (
                "request",
                Request { method: "POST".into(), body: Some(long.clone().into()), ..cors() },
            ),
            ("request", Request { url: format!("data:,{long}"), ..cors() }),
            ("list of headers", Request { headers: vec![header.clone(); 257], ..cors() }),
            ("list of headers in bytes", Request { headers: vec![header; 200], ..cors() }),
        ] {
            let refused = request(&bad);
            let Err(Violation::TooLong { what: found, .. }) = refused else {
                panic!("{what}: {refused:?}")
            };
            assert_eq!(found, what);
        }
    }
}
