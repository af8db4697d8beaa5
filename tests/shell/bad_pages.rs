/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Pages that are too large, too deep or too much, and servers that do not behave: each is an event or
//! an error that says what, where and what to do, and the player in the next tab goes on.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;
use sordino_tests::media::{Kind, tone};
use sordino_tests::rude::Conduct;
use sordino_tests::site::Answer;
use sordino_tests::{Bus, RudeServer, Site, Sordino};

const MEBIBYTE: usize = 1 << 20;

/// Says "next" and how often it was told so, whether it plays, and what its session is.
const PLAYER: &str = r#"<audio src=tone.wav loop></audio><script>
const audio = document.querySelector("audio");
let count = 0;
navigator.mediaSession.setActionHandler("nexttrack", () => {
    console.log(`next ${++count}, ${audio.paused ? "paused" : "plays"}, ${navigator.audioSession.state}`);
});
audio.play().then(() => {
    navigator.mediaSession.metadata = new MediaMetadata({ title: "Goes on" });
});
</script>"#;

/// A bad page in tab 1 and a player in tab 2.
struct Beside {
    sordino: Sordino,
    bus: Bus,
    asked: u32,
}

impl Beside {
    /// Opens the bad page of the site, which comes when the player plays.
    fn open(site: &Site, prefs: &[&str]) -> Self {
        site.hold("bad.html");
        let mut both = Self::start(site, &site.url("bad.html"), prefs);
        both.sordino.wait_for_playing("playing", "Goes on");
        site.release("bad.html");
        both
    }

    /// Opens both at once.
    fn start(site: &Site, bad: &str, prefs: &[&str]) -> Self {
        tone(site.folder(), Kind::Wav, 6);
        site.page("player.html", "Player", PLAYER);
        let bus = Bus::start();
        let player = site.url("player.html");
        let prefs = prefs.iter().flat_map(|pref| ["--pref", *pref]);
        let pages: Vec<_> = [bad, &player].into_iter().chain(prefs).collect();
        Self { sordino: Sordino::run(&pages, Some(&bus)), bus, asked: 0 }
    }

    /// A key is pressed, and the player obeys it as ever.
    fn player_goes_on(&mut self) {
        self.asked += 1;
        self.bus.playerctl(&["next"]).unwrap();
        self.sordino.wait_for_console(&format!("next {}, plays, active", self.asked));
    }

    fn wait_for_error(&mut self, parts: &[&str]) {
        self.sordino.wait_for("console", |event| is_error(event, parts));
    }

    /// Ends the program, which has nothing to complain of, and returns the console.
    fn end(mut self) -> Vec<String> {
        self.player_goes_on();
        self.sordino.signal(Signal::INT);
        self.sordino.wait().console()
    }
}

fn is_error(event: &Value, parts: &[&str]) -> bool {
    let text = event["text"].as_str().unwrap_or_default();
    event["level"] == "error" && parts.iter().all(|part| text.contains(part))
}

/// The memory of a process that no file backs, in bytes.
fn memory(pid: &Value) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

#[test]
fn a_page_of_50_mebibytes_is_shown() {
    let site = Site::new();
    let paragraph = format!("<p>{}\n", "words and words ".repeat(256));
    let count = 50 * MEBIBYTE / paragraph.len() + 1;
    let end = "<script>console.log(document.querySelectorAll('p').length)</script>";
    site.page("bad.html", "Large", &(paragraph.repeat(count) + end));
    let mut both = Beside::open(&site, &[]);
    both.sordino.wait_for_console(&count.to_string());
    let loaded = both.sordino.wait_for("loaded", |event| event["title"] == "Large");
    let used = memory(&loaded["pid"]);
    assert!(used < 400 * MEBIBYTE, "{used} bytes");
    both.end();
}

#[test]
fn a_page_can_be_used_and_left_while_it_is_parsed() {
    let site = Site::new();
    let begin = "<button id=b onclick='console.log(`clicked, ${document.readyState}`)'></button>\
                 <script>setTimeout(() => console.log(document.readyState))</script>";
    // One tag with more and more attributes, which the parser compares with each other.
    let attributes: String = (0..400_000).map(|number| format!("a{number}=b ")).collect();
    let links = "<a>".repeat(50 * MEBIBYTE / 3);
    for markup in [links, format!("<p {attributes}>")] {
        site.page("bad.html", "Long", &format!("{begin}{markup}"));
        let mut both = Beside::open(&site, &[]);
        both.sordino.wait_for_console("loading");
        both.sordino.click(&["--tab", "1", "#b"]).unwrap();
        both.sordino.wait_for_console("clicked, loading");
        both.player_goes_on();
        let start = Instant::now();
        let console = both.end();
        assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
        assert_eq!(console.len(), 4, "{console:?}");
    }
}

#[test]
fn a_hundred_thousand_nested_elements_are_as_any() {
    let site = Site::new();
    site.page(
        "bad.html",
        "Deep",
        &format!("{}<script src=deep.js></script>", "<div>".repeat(100_000)),
    );
    site.write("deep.js", include_str!("../pages/deep.js"));
    let mut both = Beside::open(&site, &[]);
    both.sordino.wait_for_console("parsed 100000");
    both.sordino.wait_for_console("a message, 100000 deep");
    let console = both.end();
    let lines = [
        "markup 1100000",
        "text deepest",
        "clone 99999, equal",
        "selected",
        "heard at the top",
        "normal 1",
        "adopted",
        "gone",
        "templates 2100000",
        "fragment 100000",
    ];
    for line in lines {
        assert!(console.iter().any(|it| it == line), "no {line:?}: {console:#?}");
    }
}

#[test]
fn what_matches_slowly_is_stopped_as_a_script() {
    let site = Site::new();
    let script = "let node = document.body; for (let i = 0; i < 100000; i++) \
                  node = node.appendChild(document.createElement('p')); \
                  try { document.querySelector('p:has(b)') } finally { console.log('goes on') }";
    site.page("bad.html", "Slow", &format!("<body><script>{script}</script>"));
    let prefs = ["content.script_seconds=5"];
    let mut both = Beside::open(&site, &prefs);
    both.wait_for_error(&["Uncaught InternalError: script was stopped", "bad.html:3"]);
    both.sordino.wait_for("loaded", |event| event["title"] == "Slow");
    let console = both.end();
    assert!(!console.iter().any(|line| line == "goes on"), "{console:?}");
}

#[test]
fn scripts_without_end_leave_other_tabs_alone() {
    let endless = ("for (;;);", &["script was stopped", "bad.html:4"][..]);
    let memory = ("let all = []; for (;;) all.push({});", &["out of memory", "bad.html:4"][..]);
    let depth = (
        "addEventListener('x', () => dispatchEvent(new Event('x'))); dispatchEvent(new Event('x'));",
        &["RangeError: Maximum call stack size exceeded", "bad.html:4"][..],
    );
    for (script, parts) in [endless, memory, depth] {
        let site = Site::new();
        let after = "<script>console.log('after')</script>";
        let script = format!("<script>\n(() => {{ {script} }})();</script>{after}");
        site.page("bad.html", "Bad", &script);
        let prefs = ["content.script_seconds=2", "content.memory_mebibytes=64"];
        let mut both = Beside::open(&site, &prefs);
        both.wait_for_error(parts);
        both.sordino.wait_for_console("after");
        let loaded = both.sordino.wait_for("loaded", |event| event["title"] == "Bad");
        let used = self::memory(&loaded["pid"]);
        assert!(used < 128 * MEBIBYTE, "{used} bytes after {script}");
        both.end();
    }
}

#[test]
fn a_tab_that_takes_all_memory_ends() {
    let grows = [
        "for (;;) document.body.append('x'.repeat(1e6));",
        "const t = 'x'.repeat(1e7); const all = []; for (;;) all.push(new Blob([t]));",
        "document.body.innerHTML = '<a>'.repeat(1e8);",
    ];
    for script in grows {
        let site = Site::new();
        site.page("bad.html", "Grows", &format!("<body><script>{script}</script>"));
        let prefs = ["content.process_mebibytes=600"];
        let mut both = Beside::open(&site, &prefs);
        let failed = both.sordino.wait_for("failed", |event| event["tab"] == 1);
        let reason = failed["reason"].as_str().unwrap();
        for part in ["600 MiB", "content.process_mebibytes"] {
            assert!(reason.contains(part), "no {part:?} in {reason:?}");
        }
        both.player_goes_on();
        both.sordino.signal(Signal::INT);
        let ended = both.sordino.wait();
        assert_eq!(ended.status.code(), Some(1), "{script}: {ended:?}");
        assert_eq!(ended.errors, "", "{script}");
        assert!(
            !ended.events.iter().any(|event| event["event"] == "closed"),
            "{script}: {ended:?}"
        );
    }
}

/// Asks for a URL in each way, and says what came.
const ASKS: &str = r#"<body><script>
const asks = url => {
    const events = [];
    const one = (name, element) => new Promise(resolve => {
        const heard = event => resolve(events.push(`${name} ${event.type}`));
        element.onload = element.onerror = heard;
        element.src = url;
        document.body.append(element);
    });
    return Promise.all([
        one("script", document.createElement("script")),
        one("audio", new Audio()),
        one("iframe", document.createElement("iframe")),
        fetch(url).then(answer => answer.text()).then(
            text => events.push(`fetch ${text.length}`),
            error => events.push(`fetch ${error.name}`)),
    ]).then(() => events.sort().join(", "));
};
(async () => {
    for (const url of urls) console.log(`${url.split("/").pop()}: ${await asks(url)}`);
    console.log("done");
})();
</script>"#;

#[test]
fn servers_that_do_not_behave_are_errors_of_what_asked() {
    let (site, rude) = (Site::new(), RudeServer::start());
    site.answer("loop", Answer::redirect(302, "loop"));
    let conducts = [
        (Conduct::Never, "no answer within 1 s"),
        (Conduct::Stall, "sent nothing for 1 s"),
        (Conduct::HalfBody, "closed the connection before the end"),
        (Conduct::HalfChunk, "closed the connection before the end"),
        (Conduct::TwoLengths, "cannot fetch"),
    ];
    let mut urls: Vec<_> = conducts.iter().map(|(conduct, _)| rude.url(*conduct)).collect();
    urls.push(site.url("loop"));
    let urls = serde_json::to_string(&urls).unwrap();
    site.page("bad.html", "Asks", &format!("<script>const urls = {urls}</script>{ASKS}"));
    let prefs = ["network.answer_seconds=1", "network.idle_seconds=1"];
    let mut both = Beside::open(&site, &prefs);
    both.sordino.wait_for_console("done");
    let console = both.end();
    let names = conducts.iter().map(|(conduct, reason)| (format!("{conduct:?}"), *reason));
    for (name, reason) in names.chain([("loop".into(), "redirects more than 20 times")]) {
        let heard = format!("{name}: audio error, fetch TypeError, iframe load, script error");
        assert!(console.contains(&heard), "no {heard:?}: {console:#?}");
        // A document that breaks off is shown as far as it came.
        for what in [
            &["a script is missing"][..],
            &["<audio> cannot play"],
            &["cannot be shown", "the page is not complete"],
        ] {
            let is_told = |line: &String| {
                what.iter().any(|what| line.contains(what))
                    && line.contains(&name)
                    && line.contains(reason)
            };
            assert!(console.iter().any(is_told), "{what:?}, {name}, {reason}: {console:#?}");
        }
    }
}

#[test]
fn a_tab_that_cannot_be_shown_says_why() {
    let (site, rude) = (Site::new(), RudeServer::start());
    site.answer("loop", Answer::redirect(302, "loop"));
    for (url, reason) in [
        (rude.url(Conduct::Never), "no answer within 1 s"),
        (site.url("loop"), "redirects more than 20 times"),
    ] {
        let prefs = ["network.answer_seconds=1", "network.idle_seconds=1"];
        let mut both = Beside::start(&site, &url, &prefs);
        let [failed, _] = both.sordino.wait_for_all([
            ("failed", &|event| event["tab"] == 1),
            ("now-playing", &|event| event["title"] == "Goes on"),
        ]);
        let told = failed["reason"].as_str().unwrap();
        assert!(told.contains(&url) && told.contains(reason), "{told}");
        both.player_goes_on();
        both.sordino.signal(Signal::INT);
        let ended = both.sordino.wait();
        assert_eq!((ended.status.code(), ended.errors.as_str()), (Some(1), ""));
    }
}

#[test]
fn a_page_that_breaks_off_is_shown_as_far_as_it_came() {
    let (site, rude) = (Site::new(), RudeServer::start());
    for (conduct, reason) in [
        (Conduct::StallWithoutLength, "sent nothing for 1 s"),
        (Conduct::HalfChunk, "closed the connection before the end"),
    ] {
        let mut both = Beside::start(&site, &rude.url(conduct), &["network.idle_seconds=1"]);
        let is_told = |event: &Value| {
            let text = event["text"].as_str().unwrap_or_default();
            text.contains("the page is not complete") && text.contains(reason)
        };
        both.sordino.wait_for_all([
            ("console", &is_told),
            ("loaded", &|event| event["tab"] == 1),
            ("now-playing", &|event| event["title"] == "Goes on"),
        ]);
        both.end();
    }
}

#[test]
fn bytes_that_are_no_utf_8_are_replaced() {
    let site = Site::new();
    let page = b"<!DOCTYPE html><meta charset=utf-8><title>a\xff\xc3(\xed\xa0\x80b\xf0\x9f</title>\
                 <script>console.log(escape(document.title))</script>";
    site.write("bad.html", page);
    let mut both = Beside::open(&site, &[]);
    both.sordino.wait_for_console("a%uFFFD%uFFFD%28%uFFFD%uFFFD%uFFFDb%uFFFD");
    both.end();
}

#[test]
fn frames_of_themselves_end() {
    let count = "const all = page => 1 + [...Array(page.length).keys()].reduce((sum, i) => \
                 sum + all(page[i]), 0); if (window === top) onload = () => console.log(`${all(window)} in all`);";
    let page = |frames: &str| format!("<body><script>{count}</script>{frames}");
    let random = "<script>for (let i = 0; i < 3; i++) { const frame = document.createElement('iframe'); \
                  frame.src = `?${Math.random()}`; document.body.append(frame); }</script>";
    let one = random.replace("i < 3", "i < 1");
    for (frames, all, error) in [
        // The frame is empty.
        ("<iframe src=bad.html></iframe>", "2 in all", None),
        ("<iframe src='#x'></iframe>", "2 in all", None),
        (one.as_str(), "16 in all", Some("at most 16 documents can be in each other")),
        (random, "256 in all", Some("a tab can have at most 256 documents")),
    ] {
        let site = Site::new();
        site.page("bad.html", "Frames", &page(frames));
        let mut both = Beside::open(&site, &[]);
        both.sordino.wait_for_console(all);
        let console = both.end();
        if let Some(error) = error {
            let is_told = |line: &String| line.contains("the iframe '?0.") && line.contains(error);
            assert!(console.iter().any(is_told), "{error}: {console:#?}");
        }
    }
}

#[test]
fn much_of_everything_is_done() {
    let site = Site::new();
    site.write("x.txt", "x");
    site.page("bad.html", "Much", include_str!("../pages/much.html"));
    let mut both = Beside::open(&site, &[]);
    both.sordino.wait_for_console("all is done");
    let console = both.end();
    for line in [
        "timers 10000",
        "microtasks 200000",
        "hash changes 1000",
        "message 67108864",
        "localStorage QuotaExceededError",
        "sessionStorage QuotaExceededError",
        "fetches 20000",
        "classes 1000",
    ] {
        assert!(console.iter().any(|it| it == line), "no {line:?}: {console:#?}");
    }
}

#[test]
fn frames_that_go_at_the_wrong_moment_leave_nothing() {
    let site = Site::new();
    site.page("bad.html", "Frames", include_str!("../pages/frames_that_go.html"));
    let mut both = Beside::open(&site, &[]);
    both.sordino.wait_for_console("all is done");
    // With the document everything of it goes: standard error says when it does not.
    let console = both.end();
    let is_bad = |line: &String| line.contains("must not run") || line.contains("Uncaught");
    assert!(!console.iter().any(is_bad), "{console:#?}");
    for line in ["heard 1", "left while it was heard", "own load", "pagehide", "came back"] {
        assert!(console.iter().any(|it| it == line), "no {line:?}: {console:#?}");
    }
}
