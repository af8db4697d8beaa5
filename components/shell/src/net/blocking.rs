/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which requests are not sent, and which responses are withheld: all of it is pure.

use sordino_traits::embedder::{Destination, RequestMode};
use url::Url;

use super::request::{Request, RequestOrigin, Tainting};
use super::site::is_schemelessly_same_site;
use sordino_traits::headers::{HeaderList, is_javascript_mime_type};

/// Whether the port is a [bad port](https://fetch.spec.whatwg.org/#bad-port): one of a service that
/// could take a request for something else.
pub(super) fn has_bad_port(url: &Url) -> bool {
    #[rustfmt::skip]
    const BAD: [u16; 83] = [
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
        102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
        465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
        993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
        6668, 6669, 6679, 6697, 10080,
    ];

    url.port().is_some_and(|port| BAD.contains(&port))
}

/// Whether a response is withheld from its destination [due to its MIME type](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?)
/// or [due to nosniff](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?);
/// an error is its reason.
pub(super) fn check_mime_type(
    destination: Destination,
    headers: &HeaderList,
) -> Result<(), String> {
    let is_script = matches!(destination, Destination::Script | Destination::Worker);
    let mime_type = headers.mime_type().0;
    let essence = mime_type.as_deref().unwrap_or_default();
    let is_other = ["audio/", "image/", "video/"].iter().any(|it| essence.starts_with(it));
    if is_script && (is_other || essence == "text/csv") {
        return Err(format!("it is {essence}, and no script"));
    }
    let options = headers.split("x-content-type-options").unwrap_or_default();
    let is_nosniff = options.first().is_some_and(|it| it.eq_ignore_ascii_case("nosniff"));
    let is_fit = match destination {
        Destination::Style => essence == "text/css",
        _ => !is_script || is_javascript_mime_type(essence),
    };
    match is_nosniff && !is_fit {
        true => Err(format!("its type is '{essence}', and it has X-Content-Type-Options: nosniff")),
        false => Ok(()),
    }
}

/// The [cross-origin resource policy check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check):
/// who does not want to be part of other pages is not; an error is its reason.
pub(super) fn check_resource_policy(request: &Request, headers: &HeaderList) -> Result<(), String> {
    if request.mode != RequestMode::NoCors || request.tainting != Tainting::Opaque {
        return Ok(());
    }
    let policy = headers.get_text("cross-origin-resource-policy").unwrap_or_default();
    let is_allowed = match (&*policy, &request.origin) {
        ("same-origin", _) => request.is_same_origin(),
        ("same-site", RequestOrigin::Tuple(origin)) => {
            let is_downgrade = request.url().scheme() == "https"
                && !origin.ascii_serialization().starts_with("https:");
            is_schemelessly_same_site(origin, request.url()) && !is_downgrade
        }
        ("same-site", _) => false,
        _ => true,
    };
    match is_allowed {
        true => Ok(()),
        false => Err(format!("its Cross-Origin-Resource-Policy is '{policy}'")),
    }
}

#[cfg(test)]
mod tests {
    use sordino_traits::embedder::{self, Header};

    use super::*;

    #[test]
    fn ports_of_other_services_are_not_used() {
        for (url, expected) in [
            ("http://a.example:25/", true),
            ("http://a.example:10080/", true),
            ("http://a.example/", false),
            ("https://a.example:443/", false),
            ("http://a.example:8080/", false),
        ] {
            assert_eq!(has_bad_port(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn types_that_are_no_script_and_no_style() {
        use Destination::{Empty, Image, Script, Style, Worker};

        for (destination, type_, options, is_withheld) in [
            (Script, "image/png", "", true),
            (Worker, "text/csv", "", true),
            (Script, "text/plain", "", false),
            (Script, "", "", false),
            (Script, "text/plain", "nosniff", true),
            (Script, "", "NoSniff, x", true),
            (Script, "text/plain", "x, nosniff", false),
            (Script, "text/javascript; charset=utf-8", "nosniff", false),
            (Style, "text/plain", "nosniff", true),
            (Style, "text/css", "nosniff", false),
            (Image, "text/plain", "nosniff", false),
            (Empty, "image/png", "nosniff", false),
        ] {
            let headers = HeaderList(vec![
                Header::new("Content-Type", type_),
                Header::new("X-Content-Type-Options", options),
            ]);
            let found = check_mime_type(destination, &headers);
            assert_eq!(found.is_err(), is_withheld, "{destination:?} {type_} {options}: {found:?}");
        }
    }

    #[test]
    fn who_does_not_want_to_be_part_of_other_pages() {
        for (origin, url, policy, is_withheld) in [
            ("https://a.example.org", "https://b.example.org/", "", false),
            ("https://a.example.org", "https://b.example.org/", "cross-origin", false),
            ("https://a.example.org", "https://b.example.org/", "same-site", false),
            ("https://a.example.org", "http://b.example.org/", "same-site", false),
            ("http://a.example.org", "https://b.example.org/", "same-site", true),
            ("https://a.example.org", "https://other.org/", "same-site", true),
            ("https://a.example.org", "https://b.example.org/", "same-origin", true),
            ("null", "https://b.example.org/", "same-site", true),
            ("null", "https://b.example.org/", "", false),
        ] {
            let mut request = Request::parse(embedder::Request {
                origin: Some(origin.into()),
                ..embedder::Request::new(url, Destination::Media)
            })
            .unwrap();
            request.tainting = Tainting::Opaque;
            let headers = HeaderList(vec![Header::new("Cross-Origin-Resource-Policy", policy)]);
            let found = check_resource_policy(&request, &headers);
            assert_eq!(found.is_err(), is_withheld, "{origin} {url} {policy}: {found:?}");
        }
    }
}
