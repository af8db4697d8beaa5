/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! CORS, and what is seen of other origins.

use sordino_tests::site::Answer;
use sordino_traits::embedder::{Header, ResponseType};

use super::*;

const ALLOW: &str = "Access-Control-Allow-Origin";

#[test]
fn a_simple_request_goes_without_a_preflight_and_is_read_when_allowed() {
    let site = Site::new();
    site.answer("open", Answer::echo().header(ALLOW, "*").header("X-Own", "1"));
    site.answer("closed", Answer::new("secret"));
    let tab = Tab::of(&site);
    let post = |name: &str| Request {
        method: "POST".into(),
        headers: vec![Header::new("Content-Type", "text/plain")],
        body: Some("words".into()),
        ..from(&site, site.other_url(name))
    };
    let (head, body) = tab.fetch(post("open")).unwrap();
    assert_eq!(head.response_type, ResponseType::Cors);
    let names: Vec<_> = head.headers.iter().map(|header| &*header.name).collect();
    assert!(names.contains(&"content-type") && !names.contains(&"x-own"), "{names:?}");
    let asked: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(asked["headers"]["origin"], site.origin());
    assert_eq!(site.asked("open").len(), 1);

    let refused = tab.refused(post("closed"));
    assert!(refused.contains(ALLOW), "{refused}");
    assert_eq!(site.asked("closed").len(), 1, "it was asked all the same");
}

#[test]
fn a_preflight_comes_before_what_is_not_simple() {
    let site = Site::new();
    let allowed = Answer::echo()
        .header(ALLOW, &site.origin())
        .header("Access-Control-Allow-Methods", "PUT")
        .header("Access-Control-Allow-Headers", "X-Own, Content-Type")
        .header("Access-Control-Expose-Headers", "X-Seen")
        .header("X-Seen", "1");
    site.answer("open", allowed.clone());
    site.answer("closed", Answer::echo().header(ALLOW, "*"));
    site.answer("error", allowed.status(500));
    let tab = Tab::of(&site);
    let put = |name: &str| Request {
        method: "PUT".into(),
        headers: vec![Header::new("X-Own", "1"), Header::new("Content-Type", "application/json")],
        body: Some("{}".into()),
        ..from(&site, site.other_url(name))
    };
    let (head, _) = tab.fetch(put("open")).unwrap();
    assert!(head.headers.contains(&Header::new("x-seen", "1")));
    let asked = site.asked("open");
    let methods: Vec<_> = asked.iter().map(|asked| &*asked.method).collect();
    assert_eq!(methods, ["OPTIONS", "PUT"]);
    let preflight = &asked[0];
    assert_eq!(preflight.header("access-control-request-method"), Some("PUT"));
    assert_eq!(preflight.header("access-control-request-headers"), Some("content-type,x-own"));
    assert_eq!(preflight.header("origin"), Some(&*site.origin()));
    assert_eq!((preflight.header("x-own"), &*preflight.body), (None, ""));
    assert_eq!(asked[1].body, "{}");

    assert!(tab.refused(put("closed")).contains("does not allow the method PUT"));
    assert!(tab.refused(put("error")).contains("HTTP 500"));
    for name in ["closed", "error"] {
        assert_eq!(site.asked(name).len(), 1, "{name}: only the preflight was sent");
    }
}

#[test]
fn a_preflight_can_be_asked_for() {
    let site = Site::new();
    site.answer("open", Answer::echo().header(ALLOW, "*"));
    let request = Request { use_cors_preflight: true, ..from(&site, site.other_url("open")) };
    Tab::of(&site).fetch(request).unwrap();
    assert_eq!(site.asked("open").len(), 2);
}

#[test]
fn every_hop_must_allow_it_and_the_third_origin_learns_no_origin() {
    let site = Site::new();
    site.answer("end", Answer::echo().header(ALLOW, "*"));
    site.answer("named", Answer::echo().header(ALLOW, &site.origin()));
    let hop = |to: &str| Answer::redirect(302, to).header(ALLOW, "*");
    site.answer("hop", hop(&site.foreign_url("end")));
    site.answer("hop-to-named", hop(&site.foreign_url("named")));
    site.answer("silent-hop", Answer::redirect(302, &site.other_url("end")));
    site.answer("home", hop(&site.url("named")));
    let tab = Tab::of(&site);
    let to_other = |name: &str| from(&site, site.other_url(name));
    let asked = tab.echo(to_other("hop"));
    assert_eq!(asked["headers"]["origin"], "null");
    assert!(tab.refused(to_other("hop-to-named")).contains("not 'null'"));
    assert!(tab.refused(to_other("silent-hop")).contains(ALLOW));
    // Back home it is still a response of another origin, which has been led there.
    assert!(tab.refused(to_other("home")).contains("not 'null'"));
    // From home the first hop needs to allow nothing.
    site.answer("leave", Answer::redirect(302, &site.other_url("end")));
    let (head, _) = tab.fetch(from(&site, site.url("leave"))).unwrap();
    assert_eq!((head.response_type, head.redirected), (ResponseType::Cors, true));
}

#[test]
fn a_redirect_to_what_is_not_simple_elsewhere_is_asked_in_advance() {
    let site = Site::new();
    let end = Answer::echo().header(ALLOW, "*").header("Access-Control-Allow-Headers", "x-own");
    site.answer("end", end);
    site.answer("leave", Answer::redirect(307, &site.other_url("end")));
    let request = Request {
        headers: vec![Header::new("X-Own", "1"), Header::new("Authorization", "secret")],
        ..from(&site, site.url("leave"))
    };
    let asked = Tab::of(&site).echo(request);
    assert_eq!(asked["headers"]["x-own"], "1");
    assert!(asked["headers"].get("authorization").is_none(), "it stays at home");
    let methods: Vec<_> = site.asked("end").into_iter().map(|asked| asked.method).collect();
    assert_eq!(methods, ["OPTIONS", "GET"]);
}

#[test]
fn without_cors_script_sees_nothing_and_an_element_what_it_needs() {
    let site = Site::new();
    let answer = Answer::new("words").status(404).header("Content-Type", "text/plain");
    site.answer("words", answer.header("X-Own", "1"));
    let tab = Tab::of(&site);
    let no_cors =
        |destination, url| Request { mode: RequestMode::NoCors, destination, ..from(&site, url) };
    let (head, body) = tab.fetch(no_cors(Destination::Empty, site.other_url("words"))).unwrap();
    let opaque = ResponseHead { response_type: ResponseType::Opaque, ..Default::default() };
    assert_eq!((head, body), (opaque, Vec::new()));

    let (head, body) = tab.fetch(no_cors(Destination::Media, site.other_url("words"))).unwrap();
    assert_eq!(head.response_type, ResponseType::Opaque);
    assert_eq!((head.status, &*body, head.headers), (404, &b"words"[..], vec![]));
    assert_eq!(head.mime_type.as_deref(), Some("text/plain"));

    let (head, _) = tab.fetch(no_cors(Destination::Empty, site.url("words"))).unwrap();
    assert_eq!((head.response_type, head.status), (ResponseType::Basic, 404), "it is its own");
    assert!(site.asked("words").iter().all(|asked| asked.header("origin").is_none()));
}

#[test]
fn what_is_no_script_or_not_for_others_is_withheld() {
    let site = Site::new();
    site.answer("image", Answer::new("x").header("Content-Type", "image/png"));
    let own = Answer::new("x").header("Cross-Origin-Resource-Policy", "same-origin");
    site.answer("own", own);
    let tab = Tab::of(&site);
    let element =
        |destination, url| Request { mode: RequestMode::NoCors, destination, ..from(&site, url) };
    assert!(tab.refused(element(Destination::Script, site.url("image"))).contains("no script"));
    assert!(tab.fetch(element(Destination::Image, site.url("image"))).is_ok());
    let refused = tab.refused(element(Destination::Media, site.other_url("own")));
    assert!(refused.contains("Cross-Origin-Resource-Policy"), "{refused}");
    assert!(tab.fetch(element(Destination::Media, site.url("own"))).is_ok());
}
