/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `sordino click`: the user's clicks, from another terminal.

use rustix::process::Signal;
use sordino_tests::{Site, Sordino};

#[test]
fn a_click_from_another_terminal_is_the_users() {
    let site = Site::new();
    site.page(
        "page.html",
        "Click",
        r#"<button id=play>Play</button>
        <script>
        document.getElementById("play").addEventListener("click", event => {
            console.log(`trusted: ${event.isTrusted}`);
        });
        </script>"#,
    );
    let mut sordino = Sordino::run(&[&site.argument("page.html")], None);
    sordino.wait_for("loaded", |_| true);
    assert_eq!(sordino.click(&["#play"]).unwrap(), "clicked button#play");
    sordino.wait_for_console("trusted: true");
    let tab = sordino.click(&["--tab", "1", "button"]).unwrap();
    assert_eq!(tab, "clicked button#play");

    for (arguments, reason) in [
        (["#missing"].as_slice(), "no element matches '#missing'"),
        (&["..."], "'...' is not a valid selector"),
        (&["--tab", "7", "#play"], "there is no tab 7"),
        (&["--process", "1", "#play"], "no `sordino run` has the process number 1"),
    ] {
        let error = sordino.click(arguments).unwrap_err();
        assert!(error.contains(reason), "{arguments:?}: {error}");
    }
    sordino.signal(Signal::INT);
    let trusted = sordino.wait().console();
    assert_eq!(trusted, ["trusted: true", "trusted: true"]);
}

#[test]
fn a_click_on_a_tab_that_ends_is_answered() {
    let site = Site::new();
    site.page("page.html", "Button", "<button>Play</button>");
    let mut sordino = Sordino::run(&[&site.argument("page.html")], None);
    let process = sordino.wait_for("loaded", |_| true);
    let pid = process["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok());
    let pid = pid.and_then(rustix::process::Pid::from_raw).unwrap();
    let error = std::thread::scope(|scope| {
        let click = scope.spawn(|| sordino.click(&["button"]));
        rustix::process::kill_process(pid, Signal::KILL).unwrap();
        click.join().unwrap().unwrap_err()
    });
    let answers = ["sordino is ending", "sordino has ended", "no `sordino run`"];
    assert!(answers.iter().any(|answer| error.contains(answer)), "{error}");
    assert!(!sordino.wait().status.success());
}
