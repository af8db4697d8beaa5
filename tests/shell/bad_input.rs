/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Pages and media that cannot be shown or played: one clear line, no panic, and the rest goes on.

use sordino_tests::media::{Kind, tone};
use sordino_tests::program::Ended;
use sordino_tests::{Bus, Site, Sordino};

/// Opens a page that ends by itself, and returns why it could not be opened.
fn refusal(page: &str) -> (Ended, String) {
    let ended = Sordino::run(&[page], None).wait();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let refusals: Vec<_> = ended.events.iter().filter(|event| event["event"] == "failed").collect();
    let lines: Vec<_> = ended.errors.lines().collect();
    let reason = match (&refusals[..], &lines[..]) {
        ([refusal], []) => refusal["reason"].as_str().unwrap().to_owned(),
        // What is no address at all is refused before anything starts.
        ([], [line]) => (*line).to_owned(),
        _ => panic!("not one line: {ended:?}"),
    };
    assert!(!reason.contains('\n') && !reason.contains("panicked"), "{reason}");
    (ended, reason)
}

#[test]
fn what_is_no_page_is_refused_with_its_reason() {
    let site = Site::new();
    site.write("notes.txt", "Just words.\n");
    site.write("empty.html", "");
    let missing = site.argument("missing.html");
    let notes = site.argument("notes.txt");
    let folder = site.folder().to_str().unwrap().to_owned();
    let closed_port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    for (page, parts) in [
        (missing.as_str(), &["missing.html", "No such file"][..]),
        (&format!("file://{missing}"), &["missing.html", "No such file"]),
        (&folder, &["folder"]),
        (&notes, &["text/plain", "HTML"]),
        (&site.url("notes.txt"), &["text/plain", "HTML"]),
        (&site.url("missing.html"), &["404"]),
        (&closed_port, &["refused"]),
        ("http://host.invalid/", &["host.invalid"]),
        ("ftp://example.org/page.html", &["ftp", "http, https, file or data"]),
        ("http://", &["http://"]),
        ("", &["empty"]),
        ("data:text/plain,words", &["text/plain", "HTML"]),
    ] {
        let (_, reason) = refusal(page);
        for part in parts {
            assert!(reason.contains(part), "{page:?}: no {part:?} in {reason:?}");
        }
    }
}

/// Opens a page until it writes `done`, then ends it.
fn console_of(page: &str) -> Vec<String> {
    let mut sordino = Sordino::run(&[page], None);
    sordino.wait_for_console("done");
    sordino.signal(rustix::process::Signal::INT);
    sordino.wait().console()
}

#[test]
fn a_script_that_fails_is_one_line_and_the_page_goes_on() {
    let site = Site::new();
    site.write("broken.js", "let a = 1;\nlet a b;\n");
    site.page(
        "page.html",
        "Faults",
        r#"<script>
let fine = true;
throw new Error("on purpose");
</script>
<script src="broken.js"></script>
<script src="absent.js"></script>
<script>
function deep() { null.member; }
setTimeout(() => { deep(); });
setTimeout(() => { Promise.reject(new TypeError("nobody caught it")); });
setTimeout(() => { setTimeout(() => console.log("done")); });
</script>"#,
    );
    let console = console_of(&site.argument("page.html"));
    for (part, place) in [
        ("Error: on purpose", "page.html:5"),
        ("SyntaxError", "broken.js:2"),
        ("absent.js", "No such file"),
        ("TypeError: cannot read property 'member' of null", "page.html:10"),
        ("TypeError: nobody caught it", "page.html:12"),
    ] {
        let lines: Vec<_> = console.iter().filter(|line| line.contains(part)).collect();
        assert_eq!(lines.len(), 1, "{part:?} in {console:#?}");
        assert!(lines[0].contains(place), "no {place:?} in {:?}", lines[0]);
        assert_eq!(lines[0].lines().count(), 1, "{:?}", lines[0]);
    }
}

#[test]
fn media_that_cannot_be_played_is_an_error_of_its_element() {
    let site = Site::new();
    site.write("zero.mp3", "");
    site.write("garbage.mp3", [0x5a; 4096]);
    site.write("words.wav", "no sound at all\n".repeat(100));
    for file in ["zero.mp3", "garbage.mp3", "words.wav", "absent.ogg", "gopher://example.org/a"] {
        site.page(
            "page.html",
            "Faults",
            &format!(
                r#"<audio src="{file}"></audio><script>
const audio = document.querySelector("audio");
audio.onerror = () => {{
    const {{ code, message }} = audio.error;
    console.log(`code ${{code}}, one line: ${{message.length > 0 && !message.includes("\n")}}`);
}};
audio.play().catch(error => {{
    console.log(error.name);
    setTimeout(() => console.log("done"));
}});
</script>"#
            ),
        );
        for page in [site.argument("page.html"), site.url("page.html")] {
            let console = console_of(&page);
            // MEDIA_ERR_SRC_NOT_SUPPORTED, see HTML's "dedicated media source failure steps".
            for line in ["code 4, one line: true", "NotSupportedError"] {
                assert!(console.iter().any(|it| it == line), "{file}: no {line:?}: {console:#?}");
            }
        }
    }
}

#[test]
fn a_page_that_fails_leaves_the_others_alone() {
    let (site, bus) = (Site::new(), Bus::start());
    let mut panel = bus.follow("{{status}} {{title}}");
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../resources/demo/player.html");
    let mut sordino = Sordino::run(&[&site.argument("absent.html"), demo], Some(&bus));
    let failed = sordino.wait_for("failed", |_| true);
    assert_eq!(failed["tab"], 1);
    panel.until("Playing Morning Bells");
    sordino.signal(rustix::process::Signal::INT);
    assert_eq!(sordino.wait().status.code(), Some(1), "one page could not be opened");
}

#[test]
fn a_plugin_that_gstreamer_lacks_is_named_with_its_package() {
    let site = Site::new();
    tone(site.folder(), Kind::Mp3, 1);
    let script = "const audio = document.querySelector('audio'); \
                  audio.onerror = () => console.log(`code ${audio.error.code}`);";
    site.page("mp3.html", "MP3", &format!("<audio src=tone.mp3></audio><script>{script}</script>"));
    let decoders = ["mpg123audiodec", "avdec_mp3", "avdec_mp3float"];
    let page = site.argument("mp3.html");
    let mut sordino = Sordino::run_lacking(&decoders, &[&page], None, None);
    sordino.wait_for_all([
        // MEDIA_ERR_SRC_NOT_SUPPORTED.
        ("console", &|event| event["text"] == "code 4"),
        ("console", &|event| {
            let text = event["text"].as_str().unwrap();
            text.contains("MP3") && text.contains("Debian package gstreamer1.0-plugins-good")
        }),
    ]);
    sordino.signal(rustix::process::Signal::INT);
    let errors = sordino.wait().errors;
    assert_eq!(errors, "", "what is missing is only in the log");
}
