/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a tab keeps of documents that it shows no more.

use rustix::process::Signal;
use sordino_tests::{Site, Sordino};

/// How much more memory a thousand documents may leave than a hundred, in bytes. The allocator rounds,
/// and a leak of a document is more than a hundred times that much.
const TOLERANCE: u64 = 6 << 20;

/// Runs a page that says "at 100" and "at 1000" after a click, and compares what its process has then.
fn assert_memory_is_flat(page: &str) {
    let site = Site::new();
    site.page("page.html", "Again", page);
    let mut sordino = Sordino::run(&[&site.url("page.html")], None);
    // What media takes is there from the start.
    let [loaded, _] = sordino.wait_for_all([("loaded", &|_| true), ("no-sound-device", &|_| true)]);
    assert_eq!(loaded["tab"], 1);
    let content = sordino.children()[0];
    sordino.click(&["body"]).unwrap();
    sordino.wait_for_console("at 100");
    let early = content.own_memory();
    sordino.wait_for_console("at 1000");
    let late = content.own_memory();
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
            const go = () => { location.search = count + 1; };
            if (count === 0) onclick = go;
            else if (count < 1000) go();
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
        onclick = again;
        </script>"#,
    );
}

#[test]
fn a_thousand_audio_contexts_take_no_memory() {
    assert_memory_is_flat(
        r#"<body><script>
        async function again() {
            const context = new AudioContext();
            const buffer = context.createBuffer(1, 1000, context.sampleRate);
            buffer.getChannelData(0).fill(0.5);
            const source = new AudioBufferSourceNode(context, { buffer });
            source.connect(context.createGain()).connect(context.destination);
            const ended = new Promise(resolve => { source.onended = resolve; });
            source.start();
            await ended;
            await context.close();
        }
        onclick = async () => {
            for (let count = 1; count <= 1000; count++) {
                await again();
                if (count === 100 || count === 1000) console.log(`at ${count}`);
            }
        };
        </script>"#,
    );
}

#[test]
fn the_sounds_of_a_long_game_take_no_memory() {
    assert_memory_is_flat(
        r#"<body><script>
        const context = new AudioContext();
        const buffer = context.createBuffer(2, 2000, context.sampleRate);
        const play = () => {
            const source = new AudioBufferSourceNode(context, { buffer });
            const gain = context.createGain();
            gain.gain.setValueAtTime(0.5, context.currentTime);
            gain.gain.linearRampToValueAtTime(0, context.currentTime + 0.02);
            source.connect(gain).connect(context.createStereoPanner()).connect(context.destination);
            source.start();
            return new Promise(resolve => { source.onended = resolve; });
        };
        onclick = async () => {
            for (let count = 1; count <= 1000; count++) {
                await Promise.all(Array.from({ length: 20 }, play));
                if (count === 100 || count === 1000) console.log(`at ${count}`);
            }
        };
        </script>"#,
    );
}
