/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol) and the filtering of
//! responses: all of it is pure.

use sordino_traits::embedder::{CredentialsMode, Destination, Header, ResponseHead, ResponseType};
use sordino_traits::validate::is_cors_safelisted_method;

use super::request::{Request, Tainting};
use sordino_traits::headers::{
    HeaderList, cors_unsafe_request_header_names, is_forbidden_response_header_name,
};

/// The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check); an error is its reason.
pub(super) fn cors_check(request: &Request, headers: &HeaderList) -> Result<(), String> {
    let with_credentials = request.credentials == CredentialsMode::Include;
    let Some(allowed) = headers.get_text("access-control-allow-origin") else {
        return Err("the answer has no Access-Control-Allow-Origin".into());
    };
    if allowed == "*" && !with_credentials {
        return Ok(());
    }
    let origin = request.serialize_origin();
    if allowed != origin {
        let hint = if allowed == "*" { ", which does not do for credentials" } else { "" };
        return Err(format!(
            "its Access-Control-Allow-Origin is '{allowed}', not '{origin}'{hint}"
        ));
    }
    let credentials = headers.get_text("access-control-allow-credentials");
    if with_credentials && credentials.as_deref() != Some("true") {
        return Err("its Access-Control-Allow-Credentials is not 'true'".into());
    }
    Ok(())
}

/// The headers of a [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0),
/// besides `Origin`.
pub(super) fn preflight_headers(request: &Request) -> HeaderList {
    let mut headers = HeaderList::default();
    headers.append("Accept", "*/*");
    headers.append("Access-Control-Request-Method", &*request.method);
    let names = cors_unsafe_request_header_names(&request.headers);
    if !names.is_empty() {
        headers.append("Access-Control-Request-Headers", names.join(","));
    }
    headers
}

/// What the answer to a [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0)
/// says of a request; an error is the reason why not.
pub(super) fn check_preflight(
    request: &Request,
    status: u16,
    headers: &HeaderList,
) -> Result<(), String> {
    const METHODS: &str = "access-control-allow-methods";
    const HEADERS: &str = "access-control-allow-headers";

    cors_check(request, headers)?;
    if !(200..=299).contains(&status) {
        return Err(format!("the preflight is answered with HTTP {status}"));
    }
    let no_list = |name| format!("the {name} of the preflight is no list of names");
    let mut methods = headers.tokens(METHODS).ok_or_else(|| no_list(METHODS))?;
    if request.use_cors_preflight && !headers.contains(METHODS) {
        methods.push(request.method.clone());
    }
    let names = headers.tokens(HEADERS).ok_or_else(|| no_list(HEADERS))?;
    let is_wild = |list: &[String]| {
        request.credentials != CredentialsMode::Include && list.iter().any(|it| it == "*")
    };
    let method = &request.method;
    if !methods.contains(method) && !is_cors_safelisted_method(method) && !is_wild(&methods) {
        return Err(format!("the preflight does not allow the method {method}"));
    }
    for name in cors_unsafe_request_header_names(&request.headers) {
        let is_listed = names.iter().any(|it| it.eq_ignore_ascii_case(&name));
        // A CORS non-wildcard request-header name.
        let needs_its_name = name == "authorization";
        if !is_listed && (needs_its_name || !is_wild(&names)) {
            return Err(format!("the preflight does not allow the header {name}"));
        }
    }
    Ok(())
}

/// A [filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response): what the content
/// process learns of one, by how the request is tainted.
pub(super) fn filter(request: &Request, mut head: ResponseHead) -> ResponseHead {
    match request.tainting {
        Tainting::Basic => {
            head.response_type = ResponseType::Basic;
            head.headers.retain(|header| !is_forbidden_response_header_name(&header.name));
        }
        Tainting::Cors => {
            head.response_type = ResponseType::Cors;
            let exposed = exposed_names(request, &head.headers);
            head.headers.retain(|header| is_exposed(&header.name, exposed.as_deref()));
        }
        // Nobody reads more of it than the type.
        Tainting::Opaque if request.destination == Destination::Empty => {
            head = ResponseHead { response_type: ResponseType::Opaque, ..Default::default() };
        }
        Tainting::Opaque => {
            head.response_type = ResponseType::Opaque;
            head.headers.clear();
        }
    }
    head
}

/// Whether nothing of the body goes to the content process.
pub(super) fn has_no_body(request: &Request, head: &ResponseHead) -> bool {
    match head.response_type {
        ResponseType::Basic | ResponseType::Cors => false,
        ResponseType::Opaque => request.destination == Destination::Empty,
        ResponseType::OpaqueRedirect => true,
    }
}

/// The names that the server exposes; `None` for all.
fn exposed_names(request: &Request, headers: &[Header]) -> Option<Vec<String>> {
    let headers = HeaderList(headers.to_vec());
    let names = headers.tokens("access-control-expose-headers").unwrap_or_default();
    let is_wild =
        request.credentials != CredentialsMode::Include && names.iter().any(|it| it == "*");
    (!is_wild).then_some(names)
}

/// Whether it is a [CORS-safelisted response-header name](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name),
/// in lower case.
fn is_exposed(name: &str, exposed: Option<&[String]>) -> bool {
    const SAFE: [&str; 7] = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];

    let is_listed =
        || exposed.is_none_or(|names| names.iter().any(|it| it.eq_ignore_ascii_case(name)));
    SAFE.contains(&name) || (!is_forbidden_response_header_name(name) && is_listed())
}

#[cfg(test)]
mod tests {
    use sordino_traits::embedder::{self, RequestMode};

    use super::*;

    fn list(headers: &[(&str, &str)]) -> HeaderList {
        HeaderList(headers.iter().map(|(name, value)| Header::new(*name, *value)).collect())
    }

    fn request(credentials: CredentialsMode) -> Request {
        let request = embedder::Request {
            mode: RequestMode::Cors,
            credentials,
            origin: Some("https://own.example".into()),
            ..embedder::Request::new("https://a.example/", Destination::Empty)
        };
        Request::parse(request).unwrap()
    }

    #[test]
    fn who_may_read_an_answer() {
        use CredentialsMode::{Include, Omit, SameOrigin};

        const ORIGIN: &str = "Access-Control-Allow-Origin";
        const CREDENTIALS: &str = "Access-Control-Allow-Credentials";
        let own = (ORIGIN, "https://own.example");
        for (credentials, headers, allowed) in [
            (SameOrigin, &[][..], false),
            (SameOrigin, &[(ORIGIN, "*")], true),
            (Omit, &[(ORIGIN, "*")], true),
            (Include, &[(ORIGIN, "*"), (CREDENTIALS, "true")], false),
            (SameOrigin, &[own], true),
            (SameOrigin, &[(ORIGIN, "https://own.example/")], false),
            (SameOrigin, &[(ORIGIN, "null")], false),
            (SameOrigin, &[own, own], false),
            (SameOrigin, &[(ORIGIN, "*, *")], false),
            (Include, &[own], false),
            (Include, &[own, (CREDENTIALS, "True")], false),
            (Include, &[own, (CREDENTIALS, "true")], true),
        ] {
            let found = cors_check(&request(credentials), &list(headers));
            assert_eq!(found.is_ok(), allowed, "{credentials:?} {headers:?}: {found:?}");
        }
    }

    #[test]
    fn what_a_preflight_asks_and_what_its_answer_allows() {
        let mut plain = request(CredentialsMode::SameOrigin);
        plain.method = "PUT".into();
        plain.headers =
            list(&[("X-B", "1"), ("Authorization", "x"), ("accept", "x"), ("x-a", "2")]);
        assert_eq!(
            preflight_headers(&plain),
            list(&[
                ("Accept", "*/*"),
                ("Access-Control-Request-Method", "PUT"),
                ("Access-Control-Request-Headers", "authorization,x-a,x-b"),
            ])
        );
        let mut with_credentials = plain.clone();
        with_credentials.credentials = CredentialsMode::Include;
        for (case, request, status, methods, headers, allowed) in [
            ("all named", &plain, 204, "GET, PUT", "X-A, x-b, Authorization", true),
            ("wild", &plain, 200, "*", "*, authorization", true),
            ("wild without authorization", &plain, 200, "*", "*", false),
            ("an error", &plain, 404, "PUT", "x-a, x-b, authorization", false),
            ("no method", &plain, 200, "DELETE", "x-a, x-b, authorization", false),
            ("another case", &plain, 200, "put", "x-a, x-b, authorization", false),
            ("one header missing", &plain, 200, "PUT", "x-a, authorization", false),
            ("no list", &plain, 200, "PUT", "x a", false),
            ("wild with credentials", &with_credentials, 200, "*", "*, authorization", false),
            ("with credentials", &with_credentials, 200, "PUT", "x-a,x-b,authorization", true),
        ] {
            let answer = list(&[
                ("access-control-allow-origin", "https://own.example"),
                ("access-control-allow-credentials", "true"),
                ("access-control-allow-methods", methods),
                ("access-control-allow-headers", headers),
            ]);
            let found = check_preflight(request, status, &answer);
            assert_eq!(found.is_ok(), allowed, "{case}: {found:?}");
        }
        let refused = check_preflight(&plain, 200, &list(&[]));
        assert!(refused.unwrap_err().contains("Access-Control-Allow-Origin"));
    }

    #[test]
    fn what_is_seen_of_a_response() {
        use CredentialsMode::{Include, SameOrigin};

        let head = ResponseHead {
            url: "https://a.example/".into(),
            status: 404,
            headers: list(&[
                ("content-type", "text/plain"),
                ("set-cookie", "a=b"),
                ("x-own", "1"),
                ("x-other", "2"),
                ("access-control-expose-headers", "X-Own, set-cookie"),
            ])
            .0,
            ..Default::default()
        };
        let mut wild = head.clone();
        wild.headers.last_mut().unwrap().value = "*".into();
        let all = &["content-type", "x-own", "x-other", "access-control-expose-headers"][..];
        for (tainting, destination, credentials, head, names) in [
            (Tainting::Basic, Destination::Empty, SameOrigin, &head, all),
            (Tainting::Cors, Destination::Empty, Include, &head, &["content-type", "x-own"]),
            (Tainting::Cors, Destination::Empty, SameOrigin, &wild, all),
            (Tainting::Cors, Destination::Empty, Include, &wild, &["content-type"]),
            (Tainting::Opaque, Destination::Media, Include, &head, &[]),
            (Tainting::Opaque, Destination::Empty, Include, &head, &[]),
        ] {
            let mut request = request(credentials);
            (request.tainting, request.destination) = (tainting, destination);
            let seen = filter(&request, head.clone());
            let found: Vec<_> = seen.headers.iter().map(|it| &*it.name).collect();
            assert_eq!(found, names, "{tainting:?} for {destination:?}");
            let is_hidden = tainting == Tainting::Opaque && destination == Destination::Empty;
            assert_eq!(seen.status, if is_hidden { 0 } else { 404 });
            assert_eq!(has_no_body(&request, &seen), is_hidden);
        }
    }
}
