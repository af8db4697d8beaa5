/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Methods, headers, bodies, redirects and codings.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use sordino_tests::site::Answer;
use sordino_traits::embedder::{Header, RedirectMode, ReferrerPolicy, ResponseType};

use super::*;

#[test]
fn a_request_arrives_as_it_was_made() {
    let (site, body) = (Site::new(), "x".repeat(1_000_000));
    site.answer("echo", Answer::echo());
    let tab = Tab::of(&site);
    for (method, body, length) in [
        ("GET", None, None),
        ("DELETE", None, None),
        ("POST", None, Some("0")),
        ("PUT", Some(""), Some("0")),
        ("POST", Some("words"), Some("5")),
        ("PATCH", Some(&*body), Some("1000000")),
        ("DELETE", Some("words"), Some("5")),
        ("OWN-METHOD", Some("words"), Some("5")),
    ] {
        let asked = tab.echo(Request {
            method: method.into(),
            headers: vec![
                Header::new("X-Own", "one"),
                Header::new("X-Own", "two"),
                Header::new("Host", "evil.example"),
                Header::new("Sec-Own", "1"),
            ],
            body: body.map(Into::into),
            ..from(&site, site.url("echo?q=1#part"))
        });
        assert_eq!(asked["method"], method);
        assert_eq!(asked["name"], "echo?q=1");
        assert_eq!(asked["body"], body.unwrap_or_default(), "{method}");
        let headers = &asked["headers"];
        assert_eq!(headers["content-length"].as_str(), length, "{method}");
        assert_eq!(headers["x-own"], "two", "the last of the list");
        assert_eq!(headers["host"].as_str(), site.origin().strip_prefix("http://"));
        assert!(headers.get("sec-own").is_none());
        assert!(headers["user-agent"].as_str().unwrap().contains("Sordino/"));
        assert_eq!(headers["accept"], "*/*");
        assert_eq!(headers["accept-encoding"], "gzip, deflate, br");
        assert_eq!(headers["referer"], site.url("page.html?secret"));
        let sends_origin = method != "GET";
        assert_eq!(headers.get("origin").is_some(), sends_origin, "{method}");
    }
}

#[test]
fn a_response_arrives_with_its_head_and_its_body() {
    let site = Site::new();
    site.answer(
        "text",
        Answer::new("words")
            .status(404)
            .phrase("Gone Fishing")
            .header("Content-Type", "TEXT/Plain; charset=\"Latin1\"")
            .header("X-Own", "one")
            .header("X-Own", "two")
            .header("Set-Cookie", "a=b"),
    );
    let (head, body) = Tab::of(&site).fetch(from(&site, site.url("text#part"))).unwrap();
    assert_eq!(body, b"words");
    assert_eq!(head.response_type, ResponseType::Basic);
    assert_eq!(head.url, site.url("text#part"));
    assert_eq!((head.status, &*head.status_text), (404, "Gone Fishing"));
    assert_eq!((head.redirected, head.length), (false, Some(5)));
    assert_eq!(head.mime_type.as_deref(), Some("text/plain"));
    assert_eq!(head.charset.as_deref(), Some("Latin1"));
    let values = |name: &str| {
        let of_name = head.headers.iter().filter(|header| header.name == name);
        of_name.map(|header| header.value.decode()).collect::<Vec<_>>()
    };
    assert_eq!(values("x-own"), ["one", "two"]);
    assert_eq!(values("content-length"), ["5"]);
    assert_eq!(values("set-cookie"), [""; 0]);
}

#[test]
fn a_head_has_no_body() {
    let site = Site::new();
    site.write("page.txt", "words");
    let request = Request { method: "HEAD".into(), ..from(&site, site.url("page.txt")) };
    let (head, body) = Tab::of(&site).fetch(request).unwrap();
    assert_eq!((head.status, body.len(), head.length), (200, 0, None));
}

#[test]
fn a_coded_body_is_decoded_and_a_part_is_not_coded() {
    let site = Site::new();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(b"words").unwrap();
    let answer = Answer::new(gzip.finish().unwrap()).header("Content-Encoding", "gzip");
    site.answer("coded", answer);
    site.answer("echo", Answer::echo().status(206));
    let tab = Tab::of(&site);
    let (head, body) = tab.fetch(from(&site, site.url("coded"))).unwrap();
    assert_eq!((body, head.length), (b"words".to_vec(), None));
    assert!(head.headers.contains(&Header::new("content-encoding", "gzip")));

    let range = Request {
        headers: vec![Header::new("Range", "bytes=5-")],
        ..from(&site, site.url("echo"))
    };
    let asked = tab.echo(range);
    assert_eq!(asked["headers"]["range"], "bytes=5-");
    assert_eq!(asked["headers"]["accept-encoding"], "identity");
}

#[test]
fn redirects_are_followed_to_the_end() {
    let site = Site::new();
    site.answer("echo", Answer::echo());
    site.answer("see-other", Answer::redirect(303, "/echo"));
    site.answer("start", Answer::redirect(307, "/see-other?q"));
    site.answer("no-place", Answer::new("words").status(302));
    let tab = Tab::of(&site);
    let post = |name: &str| Request {
        method: "POST".into(),
        headers: vec![Header::new("Content-Type", "text/x-own")],
        body: Some("words".into()),
        ..from(&site, site.url(name))
    };
    let (head, body) = tab.fetch(post("start#part")).unwrap();
    assert_eq!((head.redirected, &*head.url), (true, &*site.url("echo#part")));
    let asked: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((asked["method"].as_str(), asked["body"].as_str()), (Some("GET"), Some("")));
    assert!(asked["headers"].get("content-type").is_none());
    assert_eq!(site.asked("see-other?q")[0].body, "words", "the first one kept its body");

    let (head, body) = tab.fetch(post("no-place")).unwrap();
    assert_eq!((head.status, &*body), (302, &b"words"[..]), "without a place it is the answer");
}

#[test]
fn redirects_that_are_not_followed() {
    let site = Site::new();
    site.answer("loop", Answer::redirect(302, "/loop"));
    site.answer("data", Answer::redirect(302, "data:text/plain,x"));
    site.answer("file", Answer::redirect(302, "file:///etc/passwd"));
    site.answer("elsewhere", Answer::redirect(302, &site.other_url("x")));
    let tab = Tab::of(&site);
    let with = |name: &str, redirect| Request { redirect, ..from(&site, site.url(name)) };
    let follow = |name| with(name, RedirectMode::Follow);
    assert!(tab.refused(follow("loop")).contains("more than 20 times"));
    assert_eq!(site.asked("loop").len(), 21);
    assert!(tab.refused(follow("data")).contains("data: URL"));
    assert!(tab.refused(follow("file")).contains("file: URL"));
    let same = Request { mode: RequestMode::SameOrigin, ..follow("elsewhere") };
    assert!(tab.refused(same).contains("another origin"));
    assert!(tab.refused(with("loop", RedirectMode::Error)).contains("redirects"));
    let (head, body) = tab.fetch(with("loop", RedirectMode::Manual)).unwrap();
    let expected =
        ResponseHead { response_type: ResponseType::OpaqueRedirect, ..Default::default() };
    assert_eq!((head, body), (expected, Vec::new()));
}

#[test]
fn the_referrer_is_cut_anew_after_each_redirect() {
    let site = Site::new();
    site.answer("echo", Answer::echo().header("Access-Control-Allow-Origin", "*"));
    site.answer("away", Answer::redirect(302, &site.other_url("echo")));
    let to_none = Answer::redirect(302, "/echo").header("Referrer-Policy", "no-referrer");
    site.answer("quiet", to_none);
    let tab = Tab::of(&site);
    let referrer = |request| {
        let asked = tab.echo(request);
        asked["headers"].get("referer").map(|it| it.as_str().unwrap().to_owned())
    };
    let origin = Some(format!("{}/", site.origin()));
    assert_eq!(referrer(from(&site, site.url("away"))), origin);
    assert_eq!(referrer(from(&site, site.url("quiet"))), None);
    let referrer_policy = ReferrerPolicy::Origin;
    assert_eq!(referrer(Request { referrer_policy, ..from(&site, site.url("echo")) }), origin);
}

#[test]
fn connections_are_used_again() {
    let site = Site::new();
    site.write("page.txt", "words");
    let tab = Tab::of(&site);
    for _ in 0..20 {
        let (_, body) = tab.fetch(from(&site, site.url("page.txt"))).unwrap();
        assert_eq!(body, b"words");
    }
    assert_eq!(site.connections(), 1);
}
