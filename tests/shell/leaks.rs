/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a tab keeps of documents that it shows no more.

use rustix::process::Signal;
use sordino_tests::{Site, Sordino};

/// How much more memory a thousand documents may leave than a hundred, in bytes. The allocator rounds,
/// and a leak of a document is more than a hundred times that much.
const TOLERANCE: u64 = 6 << 20;

/// Runs a page that says "at 100" and "at 1000", and compares what its process has then.
fn assert_memory_is_flat(page: &str) {
    let site = Site::new();
    site.page("page.html", "Again", page);
    let mut sordino = Sordino::run(&[&site.url("page.html")], None);
    let content = sordino.wait_for_content_processes(1)[0];
    sordino.wait_for_console("at 100");
    let early = content.memory();
    sordino.wait_for_console("at 1000");
    let late = content.memory();
    sordino.signal(Signal::INT);
    let ended = sordino.wait();
    assert!(ended.status.success(), "{ended:?}");
    assert!(!ended.events.iter().any(|event| event["level"] == "error"), "{ended:?}");
    assert!(late < early + TOLERANCE, "{early} bytes after 100 times, {late} after 1000");
}

#[test]
fn a_thousand_navigations_take_no_memory() {
    assert_memory_is_flat(
        r#"<audio id=a></audio><script>
        const count = Number(location.search.slice(1));
        const { audioSession, mediaSession } = navigator;
        audioSession.onstatechange = () => audioSession;
        mediaSession.setActionHandler("nexttrack", () => [mediaSession, document, a]);
        mediaSession.metadata = new MediaMetadata({ title: `Piece ${count}` });
        document.body.self = document.body;
        addEventListener("load", () => {
            if (count === 100 || count === 1000) console.log(`at ${count}`);
            if (count < 1000) location.search = count + 1;
        });
        </script>"#,
    );
}

#[test]
fn a_thousand_frames_take_no_memory() {
    assert_memory_is_flat(
        r#"<body><script>
        let count = 0;
        function again() {
            const frame = document.createElement("iframe");
            frame.srcdoc = "<p id=p>x</p><script>navigator.mediaSession.setActionHandler('play', () => p)<\/script>";
            frame.onload = () => {
                frame.contentWindow.self_ = frame.contentWindow;
                frame.contentDocument.owner = frame;
                frame.remove();
                count++;
                if (count === 100 || count === 1000) console.log(`at ${count}`);
                if (count < 1000) setTimeout(again);
            };
            document.body.appendChild(frame);
        }
        addEventListener("load", again);
        </script>"#,
    );
}
