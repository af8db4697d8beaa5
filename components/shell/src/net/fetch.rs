/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From a request to a response: main fetch, scheme fetch and HTTP fetch of the
//! [Fetch Standard](https://fetch.spec.whatwg.org/#fetching).
//!
//! What is not here: HTTP authentication but by the URL, caches, HSTS, mixed content, CSP and
//! fetch metadata headers.

use std::io::Read;

use sordino_script::cookies::CookieJar;
use sordino_traits::artwork::ArtworkRule;
use sordino_traits::cookies::CookieAccess;
use sordino_traits::embedder::{
    ByteString, Destination, FetchError, RedirectMode, RequestMode, ResponseHead, ResponseType,
};
use sordino_traits::headers::{HeaderList, parse_content_range};
use url::Url;

use super::http::{Answer, Call, Client};
use super::request::{Request, RequestOrigin, Tainting, shown};
use super::site::is_same_site;
use super::{blocking, cors, data, encoding, file, redirect};

/// What a fetch needs besides its request.
pub(super) struct Context<'a> {
    pub(super) client: &'a Client,
    pub(super) cookies: &'a CookieJar,
    /// What the user opened.
    pub(super) page: &'a Url,
}

/// A response whose body is still to be read.
pub(super) struct Response {
    pub(super) head: ResponseHead,
    pub(super) body: Box<dyn Read + Send>,
    /// Of a response of a server: which cookies a document of it has.
    pub(super) cookie_access: Option<CookieAccess>,
}

/// Which cookies are for a request.
fn cookie_access(request: &Request) -> CookieAccess {
    let is_own = |origin: &RequestOrigin| match origin {
        RequestOrigin::User => true,
        RequestOrigin::Opaque => false,
        RequestOrigin::Tuple(origin) => is_same_site(origin, request.url()),
    };
    let is_same_site = is_own(&request.origin) && request.ancestors.iter().all(is_own);
    let opens_page =
        request.destination == Destination::Document && matches!(&*request.method, "GET" | "HEAD");
    match (is_same_site, opens_page) {
        (true, _) => CookieAccess::SameSite,
        (false, true) => CookieAccess::TopLevel,
        (false, false) => CookieAccess::CrossSite,
    }
}

/// [Main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch), from redirect to redirect.
pub(super) fn main_fetch(
    context: &Context<'_>,
    mut request: Request,
) -> Result<Response, FetchError> {
    loop {
        match request.url().scheme() {
            "http" | "https" => {}
            "data" => return respond(&request, data::fetch(&request)?),
            "file" => {
                if !may_read_file(&request, context.page) {
                    return Err(FetchError::Forbidden { url: request.url().to_string() });
                }
                return respond(&request, file::fetch(&request, &context.client.interrupt)?);
            }
            "blob" => {
                let reason = "only the process that made a blob: URL knows what it stands for";
                return Err(request.failed(reason));
            }
            _ => return Err(FetchError::UnsupportedScheme { url: shown(request.url().as_str()) }),
        }
        if blocking::has_bad_port(request.url()) {
            return Err(request.blocked("browsers do not use this port"));
        }
        request.tainting = tainting(&request)?;
        if let Some(response) = http_fetch(context, &mut request)? {
            return Ok(response);
        }
    }
}

/// The step of main fetch that decides how a response is tainted.
fn tainting(request: &Request) -> Result<Tainting, FetchError> {
    let is_own = request.is_same_origin() && request.tainting == Tainting::Basic;
    if is_own || request.mode == RequestMode::Navigate {
        return Ok(Tainting::Basic);
    }
    match request.mode {
        RequestMode::Navigate => Ok(Tainting::Basic),
        RequestMode::Cors => Ok(Tainting::Cors),
        RequestMode::SameOrigin => Err(request.blocked("it is of another origin")),
        RequestMode::NoCors if request.redirect == RedirectMode::Follow => Ok(Tainting::Opaque),
        RequestMode::NoCors => Err(request.blocked("without CORS, redirects must be followed")),
    }
}

/// Whether the document may have the file that it asks for: files are for pages that are files, by
/// what the user opened, and documents are those of its folder and of those inside it. A document of the
/// web in a frame of such a page may not.
fn may_read_file(request: &Request, page: &Url) -> bool {
    let is_of_web = matches!(request.origin, RequestOrigin::Tuple(_));
    let may_be_shown = !request.destination.is_navigation()
        || request.url() == page
        || ArtworkRule::of_document(page.as_str()).allows(request.url().as_str());
    page.scheme() == "file" && !is_of_web && may_be_shown
}

/// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch). `None`: the request has become that
/// of a redirect.
fn http_fetch(
    context: &Context<'_>,
    request: &mut Request,
) -> Result<Option<Response>, FetchError> {
    if request.tainting == Tainting::Cors && request.needs_preflight() {
        preflight(context, request)?;
    }
    let answer = http_network_or_cache_fetch(context, request)?;
    if request.tainting == Tainting::Cors {
        cors::cors_check(request, &answer.headers).map_err(|reason| request.blocked(reason))?;
    }
    blocking::check_resource_policy(request, &answer.headers)
        .map_err(|reason| request.blocked(reason))?;
    if redirect::is_redirect_status(answer.status) {
        match request.redirect {
            RedirectMode::Error => return Err(request.blocked("it redirects")),
            RedirectMode::Manual => {
                let response_type = ResponseType::OpaqueRedirect;
                let head = ResponseHead { response_type, ..Default::default() };
                let body = Box::new(std::io::empty());
                return Ok(Some(Response { head, body, cookie_access: None }));
            }
            RedirectMode::Follow => {
                if redirect::redirect(request, answer.status, &answer.headers)? {
                    return Ok(None);
                }
            }
        }
    }
    respond(request, response(request, answer)).map(Some)
}

/// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), which sends no
/// credentials and follows no redirect.
fn preflight(context: &Context<'_>, request: &Request) -> Result<(), FetchError> {
    let mut headers = cors::preflight_headers(request);
    headers.append("Origin", request.serialize_origin());
    if let Some(referrer) = request.referrer_header() {
        headers.append("Referer", referrer);
    }
    let call = Call {
        method: "OPTIONS",
        url: request.url(),
        headers: &headers,
        body: None,
        with_user: false,
    };
    let answer = context.client.call(&call).map_err(|reason| request.failed(reason))?;
    cors::check_preflight(request, answer.status, &answer.headers)
        .map_err(|reason| request.blocked(reason))
}

/// [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch),
/// without a cache.
fn http_network_or_cache_fetch(
    context: &Context<'_>,
    request: &Request,
) -> Result<Answer, FetchError> {
    let mut headers = request.headers.clone();
    let with_credentials = request.includes_credentials();
    let access = cookie_access(request);
    if request.body.is_none() && matches!(&*request.method, "POST" | "PUT") {
        headers.append("Content-Length", "0");
    }
    if let Some(referrer) = request.referrer_header() {
        headers.append("Referer", referrer);
    }
    if let Some(origin) = request.origin_header() {
        headers.append("Origin", origin);
    }
    headers.append_default("Accept", accept(request.destination));
    let accepted = if headers.contains("range") { "identity" } else { encoding::ACCEPTED };
    headers.append("Accept-Encoding", accepted);
    if with_credentials && let Some(cookies) = context.cookies.header(request.url(), access) {
        headers.append("Cookie", cookies);
    }
    let call = Call {
        method: &request.method,
        url: request.url(),
        headers: &headers,
        body: request.body.as_deref(),
        with_user: with_credentials,
    };
    let answer = context.client.call(&call).map_err(|reason| request.failed(reason))?;
    if with_credentials {
        let cookies = answer.headers.0.iter().filter(|header| header.name == "set-cookie");
        for cookie in cookies {
            context.cookies.set(request.url(), &cookie.value.0, access);
        }
    }
    Ok(answer)
}

/// What is accepted for a destination, as in [fetch](https://fetch.spec.whatwg.org/#fetching).
fn accept(destination: Destination) -> &'static str {
    match destination {
        Destination::Document | Destination::Frame => {
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        }
        Destination::Image => "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
        Destination::Style => "text/css,*/*;q=0.1",
        Destination::Empty
        | Destination::Script
        | Destination::Worker
        | Destination::Font
        | Destination::Media
        | Destination::Track => "*/*",
    }
}

/// The internal response of an answer, with its body decoded.
fn response(request: &Request, answer: Answer) -> Response {
    let (body, is_coded) = encoding::decode(&answer.headers, answer.body);
    let (mime_type, charset) = answer.headers.mime_type();
    let range = answer.headers.values("content-range").next().and_then(parse_content_range);
    let mut validators = ["etag", "last-modified"].into_iter();
    let validator = validators.find_map(|name| answer.headers.get(name)).map(ByteString);
    let head = ResponseHead {
        response_type: ResponseType::Basic,
        url: request.url().to_string(),
        redirected: request.urls.len() > 1,
        status: answer.status,
        status_text: answer.status_text,
        headers: answer.headers.0,
        mime_type,
        charset,
        length: answer.length.filter(|_| !is_coded),
        range: range.filter(|_| answer.status == 206),
        validator,
        cookies: None,
    };
    // The cookies of a page that another site opened are those of its own site from then on.
    let cookie_access = match cookie_access(request) {
        CookieAccess::TopLevel => CookieAccess::SameSite,
        access => access,
    };
    Response { head, body, cookie_access: Some(cookie_access) }
}

/// The end of main fetch: of a response there is what the content process may have of it.
fn respond(request: &Request, mut response: Response) -> Result<Response, FetchError> {
    let headers = HeaderList(response.head.headers);
    blocking::check_mime_type(request.destination, &headers)
        .map_err(|reason| request.blocked(reason))?;
    response.head.headers = headers.0;
    let head = cors::filter(request, response.head);
    let body =
        if cors::has_no_body(request, &head) { Box::new(std::io::empty()) } else { response.body };
    Ok(Response { head, body, ..response })
}

#[cfg(test)]
mod tests {
    use sordino_traits::embedder;

    use super::*;

    fn request(origin: Option<&str>, mode: RequestMode, url: &str) -> Request {
        Request::parse(embedder::Request {
            origin: origin.map(str::to_owned),
            mode,
            ..embedder::Request::new(url, Destination::Empty)
        })
        .unwrap()
    }

    #[test]
    fn how_responses_are_tainted() {
        use RequestMode::{Cors, Navigate, NoCors, SameOrigin};

        let own = Some("https://own.example");
        for (origin, mode, url, expected) in [
            (own, Cors, "https://own.example/x", Some(Tainting::Basic)),
            (own, SameOrigin, "https://own.example/x", Some(Tainting::Basic)),
            (own, NoCors, "https://own.example/x", Some(Tainting::Basic)),
            (own, Cors, "https://a.example/", Some(Tainting::Cors)),
            (own, NoCors, "https://a.example/", Some(Tainting::Opaque)),
            (own, SameOrigin, "https://a.example/", None),
            (own, Navigate, "https://a.example/", Some(Tainting::Basic)),
            (own, Cors, "http://own.example/", Some(Tainting::Cors)),
            (Some("null"), Cors, "https://own.example/", Some(Tainting::Cors)),
            (None, Navigate, "https://a.example/", Some(Tainting::Basic)),
        ] {
            let found = tainting(&request(origin, mode, url)).ok();
            assert_eq!(found, expected, "{origin:?} {mode:?} {url}");
        }
        let mut back = request(own, Cors, "https://own.example/");
        back.tainting = Tainting::Cors;
        assert_eq!(tainting(&back), Ok(Tainting::Cors), "it stays so after a redirect");
        let mut manual = request(own, NoCors, "https://a.example/");
        manual.redirect = RedirectMode::Manual;
        assert!(tainting(&manual).is_err());
    }

    #[test]
    fn files_are_for_pages_that_are_files() {
        let page = Url::parse("file:///music/page.html").unwrap();
        let web = Url::parse("https://example.org/").unwrap();
        for (destination, origin, url, page, expected) in [
            (Destination::Document, None, "file:///music/page.html", &page, true),
            (Destination::Document, Some("null"), "file:///etc/passwd", &page, false),
            (Destination::Document, Some("null"), "file:///music/other.html", &page, true),
            (Destination::Frame, Some("null"), "file:///music/in/frame.html", &page, true),
            (Destination::Frame, Some("null"), "file:///other/frame.html", &page, false),
            (Destination::Media, Some("null"), "file:///music/song.ogg", &page, true),
            (Destination::Empty, Some("null"), "file:///music/list.json", &page, true),
            (Destination::Frame, Some("null"), "file:///music/frame.html", &page, true),
            (Destination::Media, Some("https://a.example"), "file:///music/x", &page, false),
            (Destination::Media, Some("null"), "file:///music/song.ogg", &web, false),
            (Destination::Media, None, "file:///music/song.ogg", &web, false),
        ] {
            let mut request = request(origin, RequestMode::NoCors, url);
            request.destination = destination;
            let found = may_read_file(&request, page);
            assert_eq!(found, expected, "{destination:?} {url} of {page}");
        }
    }
}
