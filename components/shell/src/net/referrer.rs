/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a server learns of the document that asks: [Referrer Policy](https://w3c.github.io/webappsec-referrer-policy/).
//! The policy and the referrer come from the content process; what is sent is computed here, anew
//! after each redirect.

use sordino_traits::embedder::ReferrerPolicy;
use sordino_traits::origin::is_potentially_trustworthy;
use url::Url;

use sordino_traits::headers::HeaderList;

/// The most bytes of a referrer that is more than an origin.
const MAX_REFERRER: usize = 4_096;

/// [Determines a request's referrer](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer):
/// the value of `Referer`, if there is any.
pub(super) fn determine_referrer(
    source: Option<&Url>,
    policy: ReferrerPolicy,
    target: &Url,
) -> Option<String> {
    let source = source?;
    let origin = strip_url(source, true)?;
    let full = strip_url(source, false).filter(|url| url.len() <= MAX_REFERRER);
    let full = Some(full.unwrap_or_else(|| origin.clone()));
    let origin = Some(origin);
    let is_same_origin = source.origin() == target.origin();
    let is_downgrade = is_potentially_trustworthy(source) && !is_potentially_trustworthy(target);
    match policy {
        ReferrerPolicy::NoReferrer => None,
        ReferrerPolicy::Origin => origin,
        ReferrerPolicy::UnsafeUrl => full,
        ReferrerPolicy::StrictOrigin => origin.filter(|_| !is_downgrade),
        ReferrerPolicy::SameOrigin => full.filter(|_| is_same_origin),
        ReferrerPolicy::NoReferrerWhenDowngrade => full.filter(|_| !is_downgrade),
        ReferrerPolicy::OriginWhenCrossOrigin => {
            if is_same_origin {
                full
            } else {
                origin
            }
        }
        ReferrerPolicy::StrictOriginWhenCrossOrigin => {
            if is_same_origin {
                full
            } else {
                origin.filter(|_| !is_downgrade)
            }
        }
    }
}

/// [Strips a URL for use as a referrer](https://w3c.github.io/webappsec-referrer-policy/#strip-url).
/// Only addresses of the web are told to anyone.
fn strip_url(url: &Url, only_origin: bool) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let mut stripped = url.clone();
    stripped.set_fragment(None);
    // These fail for URLs without a host only.
    let _ = stripped.set_username("");
    let _ = stripped.set_password(None);
    if only_origin {
        stripped.set_path("");
        stripped.set_query(None);
    }
    Some(stripped.into())
}

/// [Parses a referrer policy](https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header)
/// of a response: the last that is known, if any.
pub(super) fn policy_of(headers: &HeaderList) -> Option<ReferrerPolicy> {
    let names = headers.tokens("referrer-policy")?;
    names.iter().rev().find_map(|name| ReferrerPolicy::from_name(&name.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use sordino_traits::embedder::Header;

    use super::*;

    #[test]
    fn each_policy_says_so_much() {
        use ReferrerPolicy::*;

        let source = Url::parse("https://user:word@a.example/page?q#part").unwrap();
        let (full, origin) = (Some("https://a.example/page?q"), Some("https://a.example/"));
        let targets = ["https://a.example/x", "https://b.example/x", "http://a.example/x"];
        for (policy, expected) in [
            (NoReferrer, [None, None, None]),
            (NoReferrerWhenDowngrade, [full, full, None]),
            (SameOrigin, [full, None, None]),
            (Origin, [origin, origin, origin]),
            (StrictOrigin, [origin, origin, None]),
            (OriginWhenCrossOrigin, [full, origin, origin]),
            (StrictOriginWhenCrossOrigin, [full, origin, None]),
            (UnsafeUrl, [full, full, full]),
        ] {
            for (target, expected) in targets.iter().zip(expected) {
                let target = Url::parse(target).unwrap();
                let found = determine_referrer(Some(&source), policy, &target);
                assert_eq!(found.as_deref(), expected, "{policy:?} to {target}");
            }
        }
    }

    #[test]
    fn files_and_data_are_told_to_nobody_and_long_urls_are_cut() {
        let target = Url::parse("https://a.example/").unwrap();
        let referrer = |source: &str| {
            let source = Url::parse(source).unwrap();
            determine_referrer(Some(&source), ReferrerPolicy::UnsafeUrl, &target)
        };
        assert_eq!(referrer("file:///home/me/page.html"), None);
        assert_eq!(referrer("data:text/html,x"), None);
        let long = format!("https://a.example/{}", "x".repeat(5_000));
        assert_eq!(referrer(&long).as_deref(), Some("https://a.example/"));
        assert_eq!(determine_referrer(None, ReferrerPolicy::UnsafeUrl, &target), None);
    }

    #[test]
    fn the_last_known_policy_of_a_response_counts() {
        let policy =
            |value: &str| policy_of(&HeaderList(vec![Header::new("Referrer-Policy", value)]));
        assert_eq!(policy("no-referrer, Origin, strange"), Some(ReferrerPolicy::Origin));
        assert_eq!(policy("strange"), None);
    }
}
