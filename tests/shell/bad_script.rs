/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Scripts that never end, or take all memory: each ends with an error, and the page goes on.

use rustix::process::Signal;
use sordino_tests::{Site, Sordino};

/// Runs a page whose first script is this one; a script after it says "goes on". Returns the console.
fn run(script: &str, prefs: &[&str]) -> Vec<String> {
    let site = Site::new();
    let after = "<script>setTimeout(() => console.log('goes on'))</script>";
    site.page("page.html", "Bad script", &format!("<script>{script}</script>{after}"));
    let page = site.argument("page.html");
    let prefs = prefs.iter().flat_map(|pref| ["--pref", *pref]);
    let arguments: Vec<_> = std::iter::once(page.as_str()).chain(prefs).collect();
    let mut sordino = Sordino::run(&arguments, None);
    sordino.wait_for_console("goes on");
    sordino.signal(Signal::INT);
    sordino.wait().console()
}

#[test]
fn an_endless_script_is_stopped() {
    for script in [
        "for (;;);",
        "Promise.resolve().then(function again() { return Promise.resolve().then(again); })",
    ] {
        let console = run(script, &["content.script_seconds=0.5"]);
        let stopped = |line: &String| line.contains("a script was stopped, as it ran for 0.5 s");
        assert!(console.iter().any(stopped), "{script}: {console:?}");
    }
}

#[test]
fn an_endless_script_cannot_catch_its_end() {
    let script = "for (;;) { try { for (;;); } catch { console.log('caught'); } finally { console.log('finally'); } }";
    let console = run(script, &["content.script_seconds=0.5"]);
    assert!(!console.iter().any(|line| line == "caught" || line == "finally"), "{console:?}");
}

#[test]
fn a_script_that_takes_all_memory_gets_an_error() {
    let strings = "const all = []; for (;;) all.push('x'.repeat(1 << 20) + all.length);";
    let buffers = "const all = []; for (;;) all.push(new ArrayBuffer(1 << 20));";
    // There is no room for even an error.
    let objects = "const all = []; for (;;) all.push({});";
    for script in [strings, buffers, objects] {
        // What the script holds goes with it, so that the page has memory again.
        let script = format!("(() => {{ {script} }})();");
        let console = run(&script, &["content.memory_mebibytes=64"]);
        let limit = "64 MiB; the preference content.memory_mebibytes is the limit";
        for part in ["Uncaught InternalError: out of memory", "page.html:3", limit] {
            let is_told = |line: &String| line.contains(part);
            assert!(console.iter().any(is_told), "{script}: no {part:?} in {console:?}");
        }
    }
}

#[test]
fn endless_recursion_is_a_range_error() {
    for script in [
        "(function again() { again(); })();",
        "class A { get x() { return this.x; } } new A().x;",
        "let deep = []; for (let i = 0; i < 1e6; i++) deep = [deep]; JSON.stringify(deep);",
    ] {
        let console = run(script, &[]);
        let is_error = |line: &String| line.contains("RangeError") || line.contains("stack");
        assert!(console.iter().any(is_error), "{script}: {console:?}");
    }
}
