/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Whom a page can trust: [Secure Contexts](https://w3c.github.io/webappsec-secure-contexts/), as the
//! shell and content processes read it.

use std::net::IpAddr;

use url::{Host, Url};

/// Whether a name is one of [this machine](https://datatracker.ietf.org/doc/html/rfc6761#section-6.3).
pub fn is_localhost(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    domain == "localhost" || domain.ends_with(".localhost")
}

/// Whether the origin of a URL is [potentially trustworthy](https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy).
pub fn is_origin_potentially_trustworthy(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "wss" | "file")
        || match url.host() {
            Some(Host::Domain(domain)) => is_localhost(domain),
            Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
            None => false,
        }
}

/// Whether a URL is [potentially trustworthy](https://w3c.github.io/webappsec-secure-contexts/#potentially-trustworthy-url).
pub fn is_potentially_trustworthy(url: &Url) -> bool {
    url.scheme() == "data" || is_origin_potentially_trustworthy(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_is_for_what_nobody_else_can_change() {
        for (url, of_url, of_origin) in [
            ("https://example.org/", true, true),
            ("http://example.org/", false, false),
            ("http://127.0.0.9/", true, true),
            ("http://[::1]:80/", true, true),
            ("http://a.localhost./", true, true),
            ("http://notlocalhost/", false, false),
            ("file:///a", true, true),
            ("data:,x", true, false),
        ] {
            let parsed = Url::parse(url).unwrap();
            assert_eq!(is_potentially_trustworthy(&parsed), of_url, "{url}");
            assert_eq!(is_origin_potentially_trustworthy(&parsed), of_origin, "{url}");
        }
    }
}
