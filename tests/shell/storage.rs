/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the tabs of a run keep together.

use rustix::process::Signal;
use sordino_tests::{Site, Sordino};

/// Two tabs of one origin greet each other, then write the same key at the same time.
const PAGE: &str = r#"<script>
const me = location.search.slice(1), other = me === "one" ? "two" : "one";
const until = condition => new Promise(resolve => {
    const check = () => condition() && resolve();
    addEventListener("storage", check);
    check();
});
addEventListener("storage", ({ key, oldValue, newValue, url, storageArea }) => {
    if (key === "greeting") {
        const from = new URL(url).search.slice(1);
        console.log(`${me}: ${oldValue} to ${newValue} by ${from}, ${storageArea.greeting}`);
    }
});
(async () => {
    localStorage[`${me} is there`] = "";
    await until(() => `${other} is there` in localStorage);
    if (me === "one") {
        localStorage.greeting = "hello";
    } else {
        await until(() => localStorage.greeting === "hello");
        localStorage.greeting = "hello too";
    }
    await until(() => localStorage.greeting === "hello too");
    for (let i = 0; i < 500; i++) {
        localStorage.key = `${me} ${i}`;
        if (i % 50 === 0) {
            localStorage.removeItem("key");
            await new Promise(resolve => setTimeout(resolve));
        }
    }
    localStorage[`${me} has ended`] = "";
    await until(() => `${other} has ended` in localStorage);
    // The other has answered all that was written here before it was told of this.
    localStorage[`${me} has seen`] = "";
    await until(() => `${other} has seen` in localStorage);
    console.log(`end: ${localStorage.key}, ${Object.keys(localStorage).length} keys`);
})();
</script>"#;

#[test]
fn tabs_of_one_origin_share_local_storage() {
    let site = Site::new();
    site.page("page.html", "Shared", PAGE);
    let pages = ["one", "two"].map(|name| format!("{}?{name}", site.url("page.html")));
    let mut sordino = Sordino::run(&[&pages[0], &pages[1]], None);
    let is_end = |line: &str| line.starts_with("end: ");
    for _ in 0..2 {
        sordino.wait_for("console", |event| event["text"].as_str().is_some_and(is_end));
    }
    sordino.signal(Signal::INT);
    let lines = sordino.wait().console();
    let said = |name: &str| lines.iter().filter(|line| line.starts_with(name)).collect::<Vec<_>>();
    assert_eq!(said("two: "), ["two: null to hello by one, hello"]);
    assert_eq!(said("one: "), ["one: hello to hello too by two, hello too"]);
    let ends: Vec<_> = lines.iter().filter(|line| is_end(line)).collect();
    assert_eq!(ends.len(), 2, "{lines:?}");
    assert_eq!(ends[0], ends[1], "both see the same in the end");
}

/// How many keys the second tab finds when the first has kept one.
fn keys_found(second: impl Fn(&Site) -> String, options: &[&str]) -> String {
    let site = Site::new();
    let first = "<script>localStorage.kept = ''; console.log('kept');</script>";
    site.page("first.html", "First", first);
    let second_page = "<script>console.log(`found ${Object.keys(localStorage)}`);</script>";
    site.page("second.html", "Second", second_page);
    site.hold("second.html");
    let (first, second) = (site.url("first.html"), second(&site));
    let mut sordino = Sordino::run(&[options, &[&first, &second]].concat(), None);
    sordino.wait_for_console("kept");
    site.release("second.html");
    let is_found = |line: &str| line.starts_with("found ");
    let found = sordino.wait_for("console", |event| event["text"].as_str().is_some_and(is_found));
    sordino.signal(Signal::INT);
    assert!(sordino.wait().status.success());
    found["text"].as_str().unwrap().to_owned()
}

#[test]
fn a_tab_finds_what_another_of_its_origin_has_kept() {
    let own = |site: &Site| site.url("second.html");
    assert_eq!(keys_found(own, &[]), "found kept");
    assert_eq!(keys_found(own, &["--private"]), "found ", "each private tab is by itself");
    assert_eq!(keys_found(|site| site.other_url("second.html"), &[]), "found ");
}
