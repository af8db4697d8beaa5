/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Sites: what the owner of one registrable domain runs with one scheme.

use url::{Host, Origin, Url};

/// Whether an origin and a URL are [same site](https://html.spec.whatwg.org/multipage/browsers.html#same-site).
pub(super) fn is_same_site(origin: &Origin, url: &Url) -> bool {
    let has_scheme = matches!(origin, Origin::Tuple(scheme, ..) if scheme == url.scheme());
    has_scheme && is_schemelessly_same_site(origin, url)
}

/// Whether an origin and a URL are [schemelessly same site](https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site).
pub(super) fn is_schemelessly_same_site(origin: &Origin, url: &Url) -> bool {
    let Origin::Tuple(_, host, _) = origin else { return false };
    let Some(target) = url.host().map(|host| host.to_owned()) else { return false };
    *host == target
        || registrable_domain(host).is_some_and(|it| registrable_domain(&target) == Some(it))
}

/// The [registrable domain](https://url.spec.whatwg.org/#host-registrable-domain) of a host: a public
/// suffix with one label more.
fn registrable_domain(host: &Host<String>) -> Option<&str> {
    let Host::Domain(domain) = host else { return None };
    psl::domain_str(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_a_scheme_and_a_registrable_domain() {
        for (origin, url, expected) in [
            ("https://a.example.org", "https://b.example.org:81/x", true),
            ("https://example.org", "http://example.org/", false),
            ("https://one.co.uk", "https://two.co.uk/", false),
            ("https://one.github.io", "https://two.github.io/", false),
            ("http://127.0.0.1:1", "http://127.0.0.1:2/", true),
            ("http://127.0.0.1", "http://localhost/", false),
            ("http://localhost:1", "http://localhost:2/", true),
            ("https://com", "https://org/", false),
        ] {
            let origin = Url::parse(origin).unwrap().origin();
            let found = is_same_site(&origin, &Url::parse(url).unwrap());
            assert_eq!(found, expected, "{origin:?} and {url}");
        }
        let opaque = Url::parse("file:///a").unwrap();
        assert!(!is_same_site(&opaque.origin(), &opaque));
    }
}
