/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Cookies: [RFC 6265bis](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html).
//! `cookie_store` parses, keeps and matches them; who may set and get which is here.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cookie_store::{Cookie, CookieDomain, CookieExpiration, CookieStore, RawCookie};
use sordino_traits::cookies::{CookieAccess, DocumentCookies};
use sordino_traits::origin::{is_localhost, is_potentially_trustworthy};
use url::Url;

use super::date::with_http_dates;

/// The longest name and value of a cookie together, in bytes.
const MAX_COOKIE: usize = 4_096;
/// The most cookies of one host or domain. The oldest goes first.
const MAX_OF_DOMAIN: usize = 180;
/// The most cookies of a jar.
const MAX_COOKIES: usize = 3_000;

/// A jar.
#[derive(Debug, Default)]
pub struct CookieJar {
    store: Mutex<CookieStore>,
    version: AtomicU64,
}

/// Who sets a cookie.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Setter {
    Server,
    Script,
}

impl CookieJar {
    /// One with the cookies of a document at this URL.
    pub fn of_document(url: &Url, document: &DocumentCookies) -> Self {
        let jar = Self::default();
        for cookie in &document.cookies {
            jar.set(url, cookie.as_bytes(), document.access);
        }
        jar
    }

    fn store(&self) -> MutexGuard<'_, CookieStore> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that grows whenever a cookie is set.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Does something with the cookies of a URL, those with the longest path first.
    fn with_matches<R>(
        &self,
        url: &Url,
        access: CookieAccess,
        read: impl FnOnce(&[&Cookie<'static>]) -> R,
    ) -> R {
        let store = self.store();
        let mut cookies = store.matches(url);
        cookies.retain(|cookie| match access {
            CookieAccess::SameSite => true,
            CookieAccess::TopLevel => !cookie.same_site().is_some_and(|it| it.is_strict()),
            CookieAccess::CrossSite => cookie.same_site().is_some_and(|it| it.is_none()),
        });
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        read(&cookies)
    }

    /// The value of `Cookie` for a URL, if there is any.
    pub fn header(&self, url: &Url, access: CookieAccess) -> Option<String> {
        let text = self.with_matches(url, access, |cookies| pairs(cookies.iter().copied()));
        (!text.is_empty()).then_some(text)
    }

    /// What script of a document of this URL reads.
    pub fn script_text(&self, url: &Url, access: CookieAccess) -> String {
        self.with_matches(url, access, |cookies| {
            pairs(cookies.iter().copied().filter(|it| it.http_only() != Some(true)))
        })
    }

    /// What a content process may know of the cookies of a document of this URL, each as it would be
    /// set: nothing of the values that script does not read.
    pub fn for_script(&self, url: &Url, access: CookieAccess) -> Vec<String> {
        self.with_matches(url, access, |cookies| cookies.iter().map(|it| as_set(it)).collect())
    }

    /// Keeps what a `Set-Cookie` header says, if that server may say it.
    pub fn set(&self, url: &Url, header: &[u8], access: CookieAccess) {
        self.set_by(Setter::Server, url, header, access);
    }

    /// Keeps what script of a document of this URL has written, if it may write that.
    pub fn set_by_script(&self, url: &Url, text: &str, access: CookieAccess) {
        self.set_by(Setter::Script, url, text.as_bytes(), access);
    }

    fn set_by(&self, setter: Setter, url: &Url, header: &[u8], access: CookieAccess) {
        let Some(cookie) = parse(url, header, access) else {
            log::debug!("a cookie of {} is refused", url.host_str().unwrap_or_default());
            return;
        };
        let mut store = self.store();
        let domain = String::from(&cookie.domain);
        // What is secure stays as it is for whoever is not.
        let hides_secure = |other: &Cookie<'_>| {
            let other_domain = String::from(&other.domain);
            other.secure() == Some(true)
                && other.name() == cookie.name()
                && (is_in(&domain, &other_domain) || is_in(&other_domain, &domain))
                && is_below(&String::from(&cookie.path), &String::from(&other.path))
        };
        if !is_potentially_trustworthy(url) && store.iter_unexpired().any(hides_secure) {
            return;
        }
        if setter == Setter::Script {
            let is_servers = |it: &Cookie<'_>| it.http_only() == Some(true);
            let old = store.get(&domain, &String::from(&cookie.path), cookie.name());
            if is_servers(&cookie) || old.is_some_and(is_servers) {
                return;
            }
        }
        // It fails for a cookie that is there to delete one that is not there.
        let _ = store.insert(cookie, url);
        remove(&mut store, Cookie::is_expired, 0);
        remove(&mut store, |cookie| String::from(&cookie.domain) == domain, MAX_OF_DOMAIN);
        remove(&mut store, |_| true, MAX_COOKIES);
        self.version.fetch_add(1, Ordering::Release);
    }
}

fn pairs<'a>(cookies: impl Iterator<Item = &'a Cookie<'static>>) -> String {
    let pairs: Vec<_> = cookies.map(|it| format!("{}={}", it.name(), it.value())).collect();
    pairs.join("; ")
}

/// A `Set-Cookie` that makes this cookie, without a value that script does not read.
fn as_set(cookie: &Cookie<'static>) -> String {
    let is_hidden = cookie.http_only() == Some(true);
    let value = if is_hidden { "" } else { cookie.value() };
    let mut raw = RawCookie::new(cookie.name(), value);
    raw.set_path(String::from(&cookie.path));
    raw.set_same_site(cookie.same_site());
    if is_hidden {
        raw.set_http_only(true);
    }
    if cookie.secure() == Some(true) {
        raw.set_secure(true);
    }
    if let CookieDomain::Suffix(domain) = &cookie.domain {
        raw.set_domain(domain.clone());
    }
    if let CookieExpiration::AtUtc(time) = &cookie.expires {
        raw.set_expires(*time);
    }
    raw.to_string()
}

/// Whether a domain is another one, or in it.
fn is_in(domain: &str, other: &str) -> bool {
    let rest = domain.strip_suffix(other);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// [Path-matches](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-paths-and-path-match).
fn is_below(path: &str, other: &str) -> bool {
    let rest = path.strip_prefix(other);
    rest.is_some_and(|rest| rest.is_empty() || other.ends_with('/') || rest.starts_with('/'))
}

/// Removes the oldest of some cookies until there are at most so many, and those that are secure last.
fn remove(store: &mut CookieStore, is_one: impl Fn(&Cookie<'static>) -> bool, keep: usize) {
    let mut found: Vec<_> = store.iter_any().filter(|cookie| is_one(cookie)).collect();
    let excess = found.len().saturating_sub(keep);
    found.sort_by_key(|cookie| cookie.secure() == Some(true));
    let key =
        |it: &Cookie<'_>| (String::from(&it.domain), String::from(&it.path), it.name().to_owned());
    let keys: Vec<_> = found.into_iter().take(excess).map(key).collect();
    for (domain, path, name) in keys {
        store.remove(&domain, &path, &name);
    }
}

/// Whether anybody can have a name below this one, as below `com` or `co.uk`.
fn is_public_suffix(domain: &str) -> bool {
    !is_localhost(domain) && psl::suffix_str(domain) == Some(domain)
}

/// The checks of the [storage model](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-storage-model)
/// that need no other cookie.
fn parse(url: &Url, header: &[u8], access: CookieAccess) -> Option<Cookie<'static>> {
    let text = std::str::from_utf8(header).ok()?;
    if text.chars().any(|character| character.is_ascii_control() && character != '\t') {
        return None;
    }
    let text = with_http_dates(text);
    let raw = RawCookie::parse(&*text).ok()?;
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
    use CookieAccess::{CrossSite, SameSite, TopLevel};

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
    fn a_date_of_script_deletes() {
        let site = url("https://a.example/");
        let jar = jar(&[("https://a.example/", "a=1"), ("https://a.example/", "b=2")]);
        let date = "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)";
        jar.set_by_script(&site, &format!("a=; expires={date}"), SameSite);
        assert_eq!(jar.script_text(&site, SameSite), "b=2");
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
    fn suffixes_belong_to_everybody() {
        for (domain, expected) in
            [("com", true), ("co.uk", true), ("example.com", false), ("localhost", false)]
        {
            assert_eq!(is_public_suffix(domain), expected, "{domain}");
        }
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
        for (secure, from, other, is_kept) in [
            ("a=1", "http://w.a.example/", "a=2", false),
            ("a=1", "http://w.a.example/", "a=2; Domain=a.example", false),
            ("a=1; Domain=a.example", "http://w.a.example/", "a=2", false),
            ("a=1; Path=/x", "http://w.a.example/", "a=2; Path=/", true),
            ("a=1; Path=/x", "http://w.a.example/", "a=2; Path=/x/y", false),
            ("a=1", "http://w.a.example/", "b=2", true),
            ("a=1", "http://v.a.example/", "a=2", true),
        ] {
            let jar = jar(&[("https://w.a.example/", &format!("{secure}; Secure")), (from, other)]);
            let path = if other.ends_with("/y") { "x/y" } else { "" };
            let kept = jar.header(&url(&format!("{from}{path}")), SameSite).is_some();
            assert_eq!(kept, is_kept, "{secure} {from} {other}");
        }
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
    fn script_has_no_part_in_what_is_for_servers() {
        let site = url("https://a.example/x/page");
        let jar = jar(&[
            ("https://a.example/x/page", "seen=1; Domain=a.example; Secure; SameSite=Strict"),
            ("https://a.example/x/page", "hidden=secret; HttpOnly; Max-Age=1000; Path=/"),
            ("https://a.example/x/page", "elsewhere=1; Path=/other"),
        ]);
        assert_eq!(jar.script_text(&site, SameSite), "seen=1");
        let version = jar.version();
        for text in ["hidden=2; Path=/", "hidden=; Path=/; Max-Age=0", "own=1; HttpOnly"] {
            jar.set_by_script(&site, text, SameSite);
        }
        assert_eq!(jar.version(), version);
        assert_eq!(jar.header(&site, SameSite).unwrap(), "seen=1; hidden=secret");
        jar.set_by_script(&site, "hidden=of this path", SameSite);
        jar.set_by_script(&site, "seen=2; domain=a.example; Secure", SameSite);
        assert_eq!(jar.script_text(&site, SameSite), "seen=2; hidden=of this path");

        let given = jar.for_script(&site, SameSite);
        assert!(!given.concat().contains("secret"), "{given:?}");
        let copy = CookieJar::default();
        for cookie in &given {
            copy.set(&site, cookie.as_bytes(), SameSite);
        }
        assert_eq!(copy.for_script(&site, SameSite), given);
        assert_eq!(copy.script_text(&site, SameSite), jar.script_text(&site, SameSite));
        assert_eq!(copy.script_text(&url("https://b.a.example/x/"), SameSite), "seen=2");
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
        jar.set(&site, b"a=secure; Secure", SameSite);
        for number in 0..=MAX_OF_DOMAIN {
            jar.set(&url("http://a.example/"), format!("d{number}=x").as_bytes(), SameSite);
        }
        let all = jar.header(&site, SameSite).unwrap();
        assert_eq!(all.split("; ").count(), MAX_OF_DOMAIN);
        assert!(all.contains("a=secure"), "what is secure goes last");
    }
}
