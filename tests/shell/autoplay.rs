/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What media plays before the user has acted, by the preference `media.autoplay`.

use rustix::process::Signal;
use sordino_tests::media::{Kind, tone};
use sordino_tests::{Site, Sordino};

/// What a page with three elements that play by themselves logs, under a policy.
fn log(policy: &str) -> Vec<String> {
    let site = Site::new();
    tone(site.folder(), Kind::Wav, 1);
    site.page(
        "page.html",
        "Autoplay",
        r#"<audio id=audible autoplay src="tone.wav"></audio>
<audio id=muted autoplay muted src="tone.wav"></audio>
<audio id=script src="tone.wav"></audio>
<script>
const log = text => console.log(text);
const wait = (id, type) => new Promise(resolve => {
    document.getElementById(id).addEventListener(type, resolve);
});
// Whether an element with `autoplay` begins is decided before the task of this event.
const ready = ["audible", "muted", "script"].map(id => wait(id, "canplaythrough"));
Promise.all(ready).then(async () => {
    for (const id of ["audible", "muted"])
        log(`${id} ${document.getElementById(id).paused ? "waits" : "plays"}`);
    const script = document.getElementById("script");
    log(await script.play().then(() => "play() plays", error => `play() ${error.name}`));
    script.muted = true;
    log(await script.play().then(() => "muted play() plays", error => `muted play() ${error.name}`));
    log("done");
});
</script>"#,
    );
    let pref = format!("media.autoplay={policy}");
    let mut sordino = Sordino::run(&["--pref", &pref, &site.argument("page.html")], None);
    sordino.wait_for_console("done");
    sordino.signal(Signal::INT);
    sordino.wait().console()
}

#[test]
fn everything_plays_unless_the_preference_says_otherwise() {
    let expected = ["audible plays", "muted plays", "play() plays", "muted play() plays", "done"];
    assert_eq!(log("allowed"), expected);
}

#[test]
fn only_what_cannot_be_heard_plays_by_itself() {
    let expected =
        ["audible waits", "muted plays", "play() NotAllowedError", "muted play() plays", "done"];
    assert_eq!(log("muted-only"), expected);
}

#[test]
fn nothing_plays_by_itself() {
    let refused = "play() NotAllowedError";
    let expected =
        ["audible waits", "muted waits", refused, "muted play() NotAllowedError", "done"];
    assert_eq!(log("user-gesture"), expected);
}
