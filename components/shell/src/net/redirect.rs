/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Redirects: what the next request is. All of it is pure.

use sordino_traits::embedder::{FetchError, RequestMode};
use url::Url;

use super::referrer::policy_of;
use super::request::{Request, Tainting};
use sordino_traits::headers::HeaderList;

/// The most redirects of one fetch.
const MAX_REDIRECTS: usize = 20;

/// Whether it is a [redirect status](https://fetch.spec.whatwg.org/#redirect-status).
pub(super) fn is_redirect_status(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// Makes the request the one after a redirect: [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch).
/// Returns whether there is a place to go to; without one, the response is what was asked for.
pub(super) fn redirect(
    request: &mut Request,
    status: u16,
    headers: &HeaderList,
) -> Result<bool, FetchError> {
    let location = location_url(request.url(), headers);
    let Some(location) = location.map_err(|reason| request.failed(reason))? else {
        return Ok(false);
    };
    if !matches!(location.scheme(), "http" | "https") {
        let scheme = location.scheme();
        return Err(request.blocked(format!("it redirects to a {scheme}: URL")));
    }
    if request.urls.len() > MAX_REDIRECTS {
        return Err(request.failed(format!("it redirects more than {MAX_REDIRECTS} times")));
    }
    let has_credentials = !location.username().is_empty() || location.password().is_some();
    let is_elsewhere = request.mode == RequestMode::Cors && !request.origin.is_same(&location);
    if has_credentials && (is_elsewhere || request.tainting == Tainting::Cors) {
        return Err(request.blocked("it redirects another origin to a URL with a user name"));
    }
    let becomes_get = match status {
        301 | 302 => request.method == "POST",
        303 => !matches!(&*request.method, "GET" | "HEAD"),
        _ => false,
    };
    if becomes_get {
        request.method = "GET".into();
        request.body = None;
        // The request-body-header names.
        for name in ["content-encoding", "content-language", "content-location", "content-type"] {
            request.headers.remove(name);
        }
    }
    if request.url().origin() != location.origin() {
        // The CORS non-wildcard request-header names.
        request.headers.remove("authorization");
    }
    request.urls.push(location);
    if let Some(policy) = policy_of(headers) {
        request.referrer_policy = policy;
    }
    Ok(true)
}

/// The [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url) of a response.
fn location_url(current: &Url, headers: &HeaderList) -> Result<Option<Url>, String> {
    let mut locations = headers.0.iter().filter(|it| it.name.eq_ignore_ascii_case("location"));
    let Some(location) = locations.next() else { return Ok(None) };
    if locations.any(|other| other.value != location.value) {
        return Err("it redirects to more than one place".into());
    }
    let text = String::from_utf8_lossy(&location.value.0);
    let mut url = current
        .join(&text)
        .map_err(|error| format!("it redirects to '{text}', which is no URL: {error}"))?;
    if url.fragment().is_none() {
        url.set_fragment(current.fragment());
    }
    Ok(Some(url))
}

#[cfg(test)]
mod tests {
    use sordino_traits::embedder::{self, Destination, Header, ReferrerPolicy};

    use super::*;

    fn request(url: &str) -> Request {
        let request = embedder::Request {
            mode: RequestMode::Cors,
            origin: Some("https://own.example".into()),
            ..embedder::Request::new(url, Destination::Empty)
        };
        Request::parse(request).unwrap()
    }

    fn to(location: &str) -> HeaderList {
        HeaderList(vec![Header::new("location", location)])
    }

    #[test]
    fn methods_and_bodies_after_a_redirect() {
        for (status, method, expected) in [
            (301, "POST", "GET"),
            (302, "POST", "GET"),
            (303, "POST", "GET"),
            (307, "POST", "POST"),
            (308, "POST", "POST"),
            (301, "PUT", "PUT"),
            (302, "DELETE", "DELETE"),
            (303, "PUT", "GET"),
            (303, "HEAD", "HEAD"),
            (302, "HEAD", "HEAD"),
        ] {
            let mut request = request("https://own.example/a");
            request.method = method.into();
            request.body = Some(b"body".to_vec());
            request.headers.append("Content-Type", "text/plain");
            request.headers.append("X-Own", "1");
            assert_eq!(redirect(&mut request, status, &to("b")), Ok(true));
            assert_eq!(request.method, expected, "{status} {method}");
            assert_eq!(request.body.is_some(), expected == method, "{status} {method}");
            assert_eq!(request.headers.contains("content-type"), expected == method);
            assert!(request.headers.contains("x-own"));
            assert_eq!(request.url().as_str(), "https://own.example/b");
        }
    }

    #[test]
    fn secrets_stay_with_their_origin() {
        for (location, stays) in [
            ("/b", true),
            ("https://own.example:443/b", true),
            ("http://own.example/b", false),
            ("https://a.example/", false),
        ] {
            let mut request = request("https://own.example/a");
            request.headers.append("Authorization", "secret");
            assert_eq!(redirect(&mut request, 302, &to(location)), Ok(true));
            assert_eq!(request.headers.contains("authorization"), stays, "{location}");
        }
    }

    #[test]
    fn where_redirects_lead() {
        for (location, expected) in [
            ("b", "https://own.example/x/b#part"),
            ("//a.example", "https://a.example/#part"),
            ("#other", "https://own.example/x/a#other"),
            ("/ü", "https://own.example/%C3%BC#part"),
        ] {
            let mut request = request("https://own.example/x/a#part");
            assert_eq!(redirect(&mut request, 302, &to(location)), Ok(true));
            assert_eq!(request.url().as_str(), expected);
        }
        let mut request = request("https://own.example/");
        assert_eq!(redirect(&mut request, 302, &HeaderList::default()), Ok(false));
        assert_eq!(request.urls.len(), 1);
    }

    #[test]
    fn where_redirects_do_not_lead() {
        for location in [
            "data:text/html,x",
            "file:///etc/passwd",
            "javascript:alert()",
            "http://",
            "https://user:word@a.example/",
        ] {
            let mut request = request("https://own.example/");
            let refused = redirect(&mut request, 302, &to(location));
            assert!(refused.is_err(), "{location}: {refused:?}");
            assert_eq!(request.urls.len(), 1);
        }
        let mut two = to("/a");
        two.append("location", "/b");
        assert!(redirect(&mut request("https://own.example/"), 302, &two).is_err());
        let mut cors = request("https://a.example/");
        cors.tainting = Tainting::Cors;
        assert!(redirect(&mut cors, 302, &to("https://user@own.example/")).is_err());
        let mut user = request("https://own.example/");
        assert_eq!(redirect(&mut user, 302, &to("https://user@own.example/")), Ok(true));
    }

    #[test]
    fn a_loop_ends_after_twenty() {
        let mut request = request("https://own.example/");
        for _ in 0..20 {
            assert_eq!(redirect(&mut request, 302, &to("/")), Ok(true));
        }
        let error = redirect(&mut request, 302, &to("/")).unwrap_err().to_string();
        assert!(error.contains("more than 20 times"), "{error}");
    }

    #[test]
    fn a_redirect_may_change_the_referrer_policy() {
        let mut request = request("https://own.example/");
        let mut headers = to("/b");
        headers.append("referrer-policy", "no-referrer");
        assert_eq!(redirect(&mut request, 307, &headers), Ok(true));
        assert_eq!(request.referrer_policy, ReferrerPolicy::NoReferrer);
    }
}
