/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The cookies of a run, or of one private tab: [RFC 6265bis](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html).
//! `cookie_store` parses, keeps and matches them; who may set and get which is here.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cookie_store::{Cookie, CookieDomain, CookieStore, RawCookie};
use sordino_traits::embedder::Destination;
use url::Url;

use super::referrer::is_potentially_trustworthy;
use super::request::{Request, RequestOrigin};
use super::site::{is_public_suffix, is_same_site};

/// The longest name and value of a cookie together, in bytes.
const MAX_COOKIE: usize = 4_096;
/// The most cookies of one host or domain. The oldest goes first.
const MAX_OF_DOMAIN: usize = 180;
/// The most cookies of a jar.
const MAX_COOKIES: usize = 3_000;

/// How a request relates to the site that it goes to, which decides which [`SameSite`](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-samesite-cookies)
/// cookies are for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum CookieAccess {
    /// It is of the same site, or of the user.
    SameSite,
    /// Another site opens a page with it, which changes nothing on the server.
    TopLevel,
    /// Another site.
    CrossSite,
}

impl CookieAccess {
    pub(super) fn of(request: &Request) -> Self {
        let is_same_site = match &request.origin {
            RequestOrigin::User => true,
            RequestOrigin::Opaque => false,
            RequestOrigin::Tuple(origin) => is_same_site(origin, request.url()),
        };
        let opens_page = request.destination == Destination::Document
            && matches!(&*request.method, "GET" | "HEAD");
        match (is_same_site, opens_page) {
            (true, _) => Self::SameSite,
            (false, true) => Self::TopLevel,
            (false, false) => Self::CrossSite,
        }
    }
}

/// A jar.
#[derive(Debug, Default)]
pub(super) struct CookieJar(Mutex<CookieStore>);

impl CookieJar {
    fn store(&self) -> MutexGuard<'_, CookieStore> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value of `Cookie` for a URL, if there is any: those with the longest path first.
    pub(super) fn header(&self, url: &Url, access: CookieAccess) -> Option<String> {
        let store = self.store();
        let mut cookies = store.matches(url);
        cookies.retain(|cookie| match access {
            CookieAccess::SameSite => true,
            CookieAccess::TopLevel => !cookie.same_site().is_some_and(|it| it.is_strict()),
            CookieAccess::CrossSite => cookie.same_site().is_some_and(|it| it.is_none()),
        });
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<_> =
            cookies.iter().map(|it| format!("{}={}", it.name(), it.value())).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Keeps what a `Set-Cookie` header says, if that server may say it.
    pub(super) fn set(&self, url: &Url, header: &[u8], access: CookieAccess) {
        let Some(cookie) = parse(url, header, access) else {
            log::debug!("a cookie of {} is refused", url.host_str().unwrap_or_default());
            return;
        };
        let mut store = self.store();
        // What is secure stays as it is for whoever is not.
        let hides_secure = |other: &&Cookie<'_>| {
            other.secure() == Some(true)
                && other.name() == cookie.name()
                && other.domain.matches(url)
        };
        if !is_potentially_trustworthy(url) && store.iter_unexpired().any(|it| hides_secure(&it)) {
            return;
        }
        let domain = String::from(&cookie.domain);
        // It fails for a cookie that is there to delete one that is not there.
        let _ = store.insert(cookie, url);
        remove(&mut store, Cookie::is_expired, 0);
        remove(&mut store, |cookie| String::from(&cookie.domain) == domain, MAX_OF_DOMAIN);
        remove(&mut store, |_| true, MAX_COOKIES);
    }
}

/// Removes the oldest of some cookies until there are at most so many.
fn remove(store: &mut CookieStore, is_one: impl Fn(&Cookie<'static>) -> bool, keep: usize) {
    let keys: Vec<_> = store
        .iter_any()
        .filter(|cookie| is_one(cookie))
        .map(|it| (String::from(&it.domain), String::from(&it.path), it.name().to_owned()))
        .collect();
    let excess = keys.len().saturating_sub(keep);
    for (domain, path, name) in keys.into_iter().take(excess) {
        store.remove(&domain, &path, &name);
    }
}

/// The checks of the [storage model](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-storage-model)
/// that need no other cookie.
fn parse(url: &Url, header: &[u8], access: CookieAccess) -> Option<Cookie<'static>> {
    let text = std::str::from_utf8(header).ok()?;
    if text.chars().any(|character| character.is_ascii_control() && character != '\t') {
        return None;
    }
    let raw = RawCookie::parse(text).ok()?;
    if raw.name().len() + raw.value().len() > MAX_COOKIE {
        return None;
    }
    let mut cookie = Cookie::try_from_raw_cookie(&raw, url).ok()?.into_owned();
    if let CookieDomain::Suffix(domain) = &cookie.domain
        && is_public_suffix(domain)
    {
        if Some(domain.as_str()) != url.host_str() {
            return None;
        }
        cookie.domain = CookieDomain::host_only(url).ok()?;
    }
    let is_secure = raw.secure() == Some(true);
    let is_for_other_sites = raw.same_site().is_some_and(|it| it.is_none());
    let has_prefix = |prefix: &str| {
        let start = raw.name().get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let is_of_host = matches!(cookie.domain, CookieDomain::HostOnly(_));
    let may_be = (!is_secure || is_potentially_trustworthy(url))
        && (!is_for_other_sites || is_secure)
        && (is_for_other_sites || access != CookieAccess::CrossSite)
        && (!has_prefix("__Secure-") || is_secure)
        && (!has_prefix("__Host-") || (is_secure && is_of_host && raw.path() == Some("/")));
    may_be.then_some(cookie)
}

#[cfg(test)]
mod tests {
    use super::CookieAccess::{CrossSite, SameSite, TopLevel};
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn jar(cookies: &[(&str, &str)]) -> CookieJar {
        let jar = CookieJar::default();
        for (from, cookie) in cookies {
            jar.set(&url(from), cookie.as_bytes(), SameSite);
        }
        jar
    }

    #[test]
    fn cookies_go_back_to_whom_they_are_from() {
        let jar = jar(&[
            ("https://a.example.org/x/y", "all=1; Path=/"),
            ("https://a.example.org/x/y", "path=2"),
            ("https://a.example.org/", "domain=3; Domain=example.org"),
            ("https://a.example.org/", "secure=4; Secure"),
            ("https://a.example.org/", "gone=5; Max-Age=0"),
            ("https://a.example.org/", "hidden=6; HttpOnly"),
        ]);
        for (target, expected) in [
            ("https://a.example.org/", Some("all=1; domain=3; secure=4; hidden=6")),
            ("http://a.example.org/", Some("all=1; domain=3; hidden=6")),
            ("https://a.example.org/x/z", Some("path=2; all=1; domain=3; secure=4; hidden=6")),
            ("https://b.example.org/", Some("domain=3")),
            ("https://other.org/", None),
        ] {
            let mut found: Vec<String> = jar
                .header(&url(target), SameSite)
                .map(|it| it.split("; ").map(str::to_owned).collect())
                .unwrap_or_default();
            let mut expected: Vec<_> =
                expected.map(|it| it.split("; ").collect()).unwrap_or_default();
            if let Some(first) = expected.first().filter(|it| it.starts_with("path")) {
                assert_eq!(found[0], *first, "the longest path is first");
            }
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{target}");
        }
    }

    #[test]
    fn a_cookie_is_replaced_and_deleted() {
        let site = "https://a.example.org/";
        let all = |jar: &CookieJar| jar.header(&url(site), SameSite);
        let jar = jar(&[(site, "a=1"), (site, "b=2"), (site, "a=3")]);
        assert_eq!(all(&jar).unwrap(), "a=3; b=2");
        jar.set(&url(site), b"a=; Max-Age=0", SameSite);
        assert_eq!(all(&jar).unwrap(), "b=2");
    }

    #[test]
    fn what_nobody_may_set() {
        for (from, cookie) in [
            ("https://a.example.org/", "a=1; Domain=other.org"),
            ("https://a.example.org/", "a=1; Domain=org"),
            ("https://one.github.io/", "a=1; Domain=github.io"),
            ("http://a.example.org/", "a=1; Secure"),
            ("https://a.example.org/", "a=1; SameSite=None"),
            ("https://a.example.org/", "__Secure-a=1"),
            ("https://a.example.org/", "__Host-a=1; Secure"),
            ("https://a.example.org/", "__host-a=1; Secure; Path=/; Domain=a.example.org"),
            ("https://a.example.org/", "a=1\u{1}"),
            ("https://a.example.org/", "a"),
        ] {
            assert_eq!(jar(&[(from, cookie)]).header(&url(from), SameSite), None, "{cookie}");
        }
        let long = format!("a={}", "x".repeat(MAX_COOKIE));
        assert_eq!(
            jar(&[("https://a.example/", &long)]).header(&url("https://a.example/"), SameSite),
            None
        );
        let good = jar(&[("https://a.example/", "__Host-a=1; Secure; Path=/")]);
        assert!(good.header(&url("https://a.example/"), SameSite).is_some());
        let jar = jar(&[("https://a.example/", "a=1; Secure"), ("http://a.example/", "a=2")]);
        assert_eq!(jar.header(&url("https://a.example/"), SameSite).unwrap(), "a=1");
    }

    #[test]
    fn other_sites_get_what_is_for_other_sites() {
        let site = "https://a.example/";
        let jar = jar(&[
            (site, "default=1"),
            (site, "lax=2; SameSite=Lax"),
            (site, "strict=3; SameSite=Strict"),
            (site, "none=4; SameSite=None; Secure"),
        ]);
        for (access, expected) in [
            (SameSite, "default=1; lax=2; strict=3; none=4"),
            (TopLevel, "default=1; lax=2; none=4"),
            (CrossSite, "none=4"),
        ] {
            assert_eq!(jar.header(&url(site), access).unwrap(), expected, "{access:?}");
        }
        jar.set(&url(site), b"other=5", CrossSite);
        jar.set(&url(site), b"top=6", TopLevel);
        assert_eq!(jar.header(&url(site), TopLevel).unwrap(), "default=1; lax=2; none=4; top=6");
    }

    #[test]
    fn a_jar_has_room_for_so_many_of_a_host() {
        let site = url("https://a.example/");
        let jar = CookieJar::default();
        for number in 0..=MAX_OF_DOMAIN {
            jar.set(&site, format!("c{number}=x").as_bytes(), SameSite);
        }
        let all = jar.header(&site, SameSite).unwrap();
        assert_eq!(all.split("; ").count(), MAX_OF_DOMAIN);
        assert!(!all.contains("c0=") && all.contains("c180="), "the oldest has gone");
    }
}
