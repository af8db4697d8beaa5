/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Cookies.

use sordino_tests::site::Answer;

use super::*;

/// The cookies that a server gets.
fn cookies(tab: &Tab, request: Request) -> String {
    let asked = tab.echo(request);
    asked["headers"].get("cookie").map_or_else(String::new, |it| it.as_str().unwrap().to_owned())
}

fn site() -> Site {
    let site = Site::new();
    for name in ["echo", "set"] {
        let echo = Answer::echo()
            .header("Access-Control-Allow-Origin", &site.origin())
            .header("Access-Control-Allow-Credentials", "true");
        let cookie = if name == "set" { "a=1; HttpOnly" } else { "" };
        let answer = if name == "set" { echo.header("Set-Cookie", cookie) } else { echo };
        site.answer(name, answer);
    }
    site
}

#[test]
fn credentials_decide_who_sends_and_keeps_cookies() {
    use CredentialsMode::{Include, Omit, SameOrigin};

    let site = site();
    for (credentials, url, is_kept) in [
        (SameOrigin, site.url("set"), true),
        (Include, site.url("set"), true),
        (Omit, site.url("set"), false),
        (SameOrigin, site.other_url("set"), false),
        (Include, site.other_url("set"), true),
        // Another site may not, without SameSite=None, which needs https.
        (Include, site.foreign_url("set"), false),
    ] {
        let tab = Tab::of(&site);
        let request = |url: String, credentials| Request { credentials, ..from(&site, url) };
        tab.fetch(request(url.clone(), credentials)).unwrap();
        let echo = url.replace("/set", "/echo");
        let case = format!("{credentials:?} {url}");
        let expected = if is_kept { "a=1" } else { "" };
        assert_eq!(cookies(&tab, request(echo.clone(), Include)), expected, "{case}");
        assert_eq!(cookies(&tab, request(echo, Omit)), "", "{case}");
    }
}

#[test]
fn cookies_of_a_redirect_are_kept_and_go_with_the_next_request() {
    let site = site();
    site.answer("hop", Answer::redirect(302, "/echo").header("Set-Cookie", "hop=1"));
    let tab = Tab::of(&site);
    assert_eq!(cookies(&tab, from(&site, site.url("hop"))), "hop=1");
}

#[test]
fn a_preflight_has_no_cookies() {
    let site = site();
    let tab = Tab::of(&site);
    let request = |name: &str| Request {
        credentials: CredentialsMode::Include,
        use_cors_preflight: name == "echo",
        ..from(&site, site.other_url(name))
    };
    tab.fetch(request("set")).unwrap();
    assert_eq!(cookies(&tab, request("echo")), "a=1");
    let asked = site.asked("echo");
    assert_eq!((&*asked[0].method, asked[0].header("cookie")), ("OPTIONS", None));
}

#[test]
fn tabs_share_a_jar_and_a_private_tab_has_its_own() {
    let site = site();
    let network = Network::new(LONG);
    let page = site.url("page.html");
    let (first, second) = (Tab::new(&page, &network), Tab::new(&page, &network));
    let private = Tab::new(&page, &network.private());
    let navigation = |name| Request::new(site.url(name), Destination::Document);
    first.fetch(navigation("set")).unwrap();
    assert_eq!(cookies(&second, navigation("echo")), "a=1");
    assert_eq!(cookies(&private, navigation("echo")), "");
}

#[test]
fn a_frame_in_a_page_of_another_site_has_no_cookies_of_its_site() {
    let site = site();
    let tab = Tab::of(&site);
    let request = |ancestors: &[String]| Request {
        credentials: CredentialsMode::Include,
        ancestors: ancestors.to_vec(),
        ..from(&site, site.url("echo"))
    };
    tab.fetch(from(&site, site.url("set"))).unwrap();
    assert_eq!(cookies(&tab, request(&[site.origin()])), "a=1");
    assert_eq!(cookies(&tab, request(&[site.origin(), "https://a.example".into()])), "");
    assert_eq!(cookies(&tab, request(&["null".into()])), "");
}
