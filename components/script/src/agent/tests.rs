/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

mod nodes;

use sordino_script_bindings::live_handles;

use super::*;
use crate::testing::{agent, eval, run_all_tasks, show};

/// Sessions, metadata and handlers in every cycle that a page can make of them.
const DOCUMENT: &str = r#"<!DOCTYPE html><title>Leak</title><audio id=a></audio>
<body onload="last = event"><button id=b onclick="pressed = () => this"></button><script>
const { audioSession, mediaSession } = navigator;
audioSession.onstatechange = () => audioSession;
audioSession.addEventListener("statechange", { handleEvent() { return mediaSession; } });
audioSession.self = audioSession;
audioSession.type = "playback";
const actions = ["play", "pause", "seekto", "nexttrack", "togglemicrophone", "hangup"];
for (const action of actions)
    mediaSession.setActionHandler(action, details => [details, mediaSession, metadata]);
const image = { src: "cover.png", sizes: "96x96", type: "image/png" };
const metadata = new MediaMetadata({
    title: "Title", artist: "Artist", album: "Album", artwork: [image],
    chapterInfo: [{ title: "One", startTime: 0, artwork: [image] }],
});
metadata.self = [metadata, metadata.artwork, metadata.chapterInfo[0].artwork];
mediaSession.metadata = metadata;
metadata.title = "Changed";
mediaSession.setPositionState({ duration: 60, position: 10 });
mediaSession.playbackState = "playing";
mediaSession.setCameraActive(false).then(() => mediaSession);
const { mediaDevices } = navigator;
mediaDevices.ondevicechange = () => mediaDevices;
mediaDevices.enumerateDevices().then(() => mediaDevices);
mediaDevices.getUserMedia({ audio: true, video: true }).then(() => mediaDevices);
const stream = new MediaStream();
stream.self = [stream, stream.clone(), new OverconstrainedError("width")];
stream.self[2].self = stream;
stream.onaddtrack = () => stream;
document.getElementById("a").onplay = () => document;
document.getElementById("b").click();
const dropped = () => {
    const other = new MediaMetadata({ title: "Other" });
    other.handler = () => other;
};
dropped();
dropped.done = true;
</script>"#;

/// Has something done often, and checks that nothing is left of it.
fn assert_leaves_nothing(agent: &Rc<Agent>, mut act: impl FnMut()) {
    let _alone = crate::testing::MEMORY.lock();
    let mut counts_after = |times: u32| {
        for _ in 0..times {
            act();
        }
        // What a freed object lets go of may be found by the next pass only.
        for _ in 0..2 {
            agent.runtime.run_gc();
            run_all_tasks(agent);
        }
        let counts = (agent.runtime.live_wrappers(), live_handles(), agent.tree.len());
        (counts, agent.runtime.engine().memory_usage().memory_used_size)
    };
    // A leak is found after the first few, before it takes all memory.
    let (counts, _) = counts_after(10);
    let (_, engine) = counts_after(90);
    let (counts_after, engine_after) = counts_after(900);
    assert_eq!(counts_after, counts, "wrappers, handles and nodes");
    // A few bytes of each time would be seen.
    assert!(engine_after < engine + 20_000, "{engine} to {engine_after} bytes");
}

#[test]
fn a_thousand_navigations_leave_nothing() {
    let agent = agent(&[]);
    assert_leaves_nothing(&agent, || {
        let page = show(&agent, DOCUMENT);
        let done = eval(&page, "dropped.done");
        assert_eq!(done.as_bool(), Some(true), "the script ran to its end");
    });
    agent.close();
}

#[test]
fn a_thousand_frames_leave_nothing() {
    let agent = agent(&[]);
    let page = show(&agent, "<!DOCTYPE html><body>");
    let frame = DOCUMENT.replace('&', "&amp;").replace('\'', "&#39;");
    let insert = format!(
        "var frame = document.createElement('iframe'); frame.srcdoc = `{frame}`;
         frame.onload = () => frame; document.body.appendChild(frame); null"
    );
    assert_leaves_nothing(&agent, || {
        eval(&page, &insert);
        run_all_tasks(&agent);
        let inside = "frame.contentDocument.title === 'Leak'";
        assert_eq!(eval(&page, inside).as_bool(), Some(true));
        eval(&page, "frame.remove(); frame.contentDocument === null || fail(); frame = null");
        run_all_tasks(&agent);
    });
    agent.close();
}

/// Modules in every state that they can be left in.
const MODULES: &str = r#"<!DOCTYPE html><script>
const modules = {};
const url = text => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
const leaf = url("export const own = document; window.reach = () => own;");
const importing = url(`import { own } from "${leaf}"; own.importer = import.meta; export { own };`);
import(importing).then(module => { modules.done = module; });
// The engine frees what it compiled when that was much.
import(url("//" + "x".repeat(200_000)));
import(url("throw document")).catch(() => {});
import(url("no code")).catch(error => { modules.error = error; });
import(url("await new Promise(resolve => { window.resume = resolve; })")).then(() => document);
import("https://example.org/never.js").then(() => document);
import("bare").catch(error => { modules.bare = error; });
</script>
<script type="module">document.self = [import.meta, import.meta.resolve("./x")];</script>
<script type="module">import "bare";</script>
<script type="module">import "https://example.org/never.js";</script>
<script async type="module" src="https://example.org/never.js"></script>
<script defer src="https://example.org/never.js"></script>
<script>
for (const async of [true, false]) {
    const script = document.createElement("script");
    script.async = async;
    script.src = "https://example.org/never.js";
    script.onload = () => script;
    document.documentElement.appendChild(script);
}
</script>"#;

#[test]
fn navigations_away_from_modules_leave_nothing() {
    let agent = agent(&[]);
    assert_leaves_nothing(&agent, || {
        let page = show(&agent, MODULES);
        let state = "[modules.done.own === document, reach() === document, !!resume,
            modules.error instanceof SyntaxError, modules.bare instanceof TypeError].join()";
        assert_eq!(page.realm().describe(&eval(&page, state)), "true,true,true,true,true");
    });
    agent.close();
}

#[test]
fn nodes_live_as_long_as_script_can_reach_them() {
    let agent = agent(&[]);
    let page = show(&agent, "<!DOCTYPE html><body><div id=d><p><b id=b>text</b></p></div>");
    let nodes = agent.tree.len();
    // All of a removed tree is reached from one of its nodes, with what script put on the others.
    eval(
        &page,
        "document.getElementById('b').parentNode.mark = 1; \
                 var b = document.getElementById('b'); document.getElementById('d').remove()",
    );
    agent.runtime.run_gc();
    run_all_tasks(&agent);
    assert_eq!(agent.tree.len(), nodes);
    assert_eq!(eval(&page, "b.parentNode.mark").as_f64(), Some(1.0));
    eval(&page, "b = null");
    agent.runtime.run_gc();
    run_all_tasks(&agent);
    assert_eq!(agent.tree.len(), nodes - 4, "div, p, b and the text are freed");
    assert_eq!(eval(&page, "document.title = 'still there'").as_f64(), None);
    agent.close();
}

#[test]
fn what_was_parsed_or_cloned_and_freed_does_nothing_later() {
    let agent = agent(&[]);
    let page = show(&agent, "<!DOCTYPE html><body>");
    let nodes = agent.tree.len();
    let html = "<template><audio><source></audio></template><audio><source></audio>\
                <iframe></iframe><script></script><input type=radio name=x checked>";
    eval(
        &page,
        &format!(
            "(() => {{ const html = `{html}`, div = document.createElement('div'); \
                 div.innerHTML = html; div.cloneNode(true).firstChild.content.cloneNode(true); \
                 new DOMParser().parseFromString(html, 'text/html').cloneNode(true); }})()"
        ),
    );
    run_all_tasks(&agent);
    agent.runtime.run_gc();
    run_all_tasks(&agent);
    agent.runtime.run_gc();
    run_all_tasks(&agent);
    assert_eq!(agent.tree.len(), nodes + 1, "the document of templates stays");
    eval(&page, "document.body.append('text')");
    assert_eq!(eval(&page, "document.body.textContent === 'text'").as_bool(), Some(true));
    agent.close();
}

#[test]
fn windows_are_proxies_that_survive_navigation_and_keep_origins_apart() {
    let agent = agent(&[]);
    let page = show(&agent, "<!DOCTYPE html><iframe id=f name=inner></iframe>");
    let holds = |source: &str| {
        let value = page.realm().eval(source, "test");
        let value = value.unwrap_or_else(|error| {
            let thrown = page.realm().exception_value(error);
            panic!("{source}: {}", page.realm().describe(&thrown))
        });
        assert_eq!(value.as_bool(), Some(true), "{source}");
    };
    holds("window === self && window === globalThis && window === this && window === frames");
    holds("parent === window && top === window && window instanceof Window && opener === null");
    eval(&page, "var inner = document.getElementById('f').contentWindow; inner.mark = 1");
    holds("inner === frames[0] && inner === window.inner && frames.length === 1 && length === 1");
    holds("inner.parent === window && inner.top === window && inner.self === inner");
    holds(
        "inner.frameElement === f && inner.document.defaultView === inner && inner.name === 'inner'",
    );
    holds("inner.mark === 1 && inner.Array !== Array && !(inner instanceof Window)");

    let frame = agent.top().unwrap().children()[0].clone();
    frame.show_text("https://example.org/two", "<script>var two = () => parent</script>");
    run_all_tasks(&agent);
    holds("inner === frames[0] && inner.mark === undefined && inner.two() === window");

    frame.show_text("https://other.example/", "<script>var secret = 1</script>");
    run_all_tasks(&agent);
    let blocked = "(act => { try { act(); return false; } catch (error) {
        return error instanceof DOMException && error.name === 'SecurityError'; } })";
    for act in [
        "inner.secret",
        "inner.document",
        "inner.secret = 2",
        "inner.location.href",
        "inner.location.reload",
        "Object.defineProperty(inner, 'x', { value: 1 })",
        "delete inner.x",
        "inner.Function('return secret')",
        "addEventListener.call(inner, 'x', () => {})",
    ] {
        holds(&format!("{blocked}(() => {{ {act} }})"));
    }
    holds("inner === frames[0] && inner.window === inner && inner.parent === window");
    holds("inner.closed === false && inner.length === 0 && inner.then === undefined");
    holds("Object.getPrototypeOf(inner) === null && f.contentDocument === null");
    holds("!Object.keys(inner).includes('secret')");
    let other = frame.page().unwrap();
    assert_eq!(eval(&other, "parent === top && parent !== window").as_bool(), Some(true));
    assert_eq!(eval(&other, "frameElement === null").as_bool(), Some(true));

    frame.show_text("https://example.org/three", "<script>var three = 3</script>");
    run_all_tasks(&agent);
    holds("inner.three === 3");
    eval(&page, "f.remove()");
    holds("inner.closed && inner.parent === null && frames.length === 0 && inner.three === 3");
    agent.close();
}

/// What waits for answers that never come, in cycles with those who wait.
const WAITING: &str = r#"<!DOCTYPE html><script>
const controller = new AbortController();
const { signal } = controller;
const request = new Request("/never", { method: "POST", body: new Blob(["x"]), signal });
request.signal.onabort = () => request;
const pending = fetch(request).then(response => [response, pending]);
fetch("/never", { signal, keepalive: true }).finally(() => controller);
const url = URL.createObjectURL(new Blob(["text".repeat(1000)]));
const reading = new Response("x").text().then(() => reading);
const copies = [new Response("a"), new Response("b")].map(it => [it, it.clone()]);
copies.push(copies);
new FileReader().readAsText(new Blob(["x"]));
const link = new URL("https://example.org/?a=1");
link.searchParams.own = link;
const xhr = new XMLHttpRequest();
xhr.open("POST", "/never");
xhr.upload.onprogress = xhr.onload = () => xhr;
xhr.timeout = 1e6;
xhr.send("x");
const channel = new MessageChannel(), inner = new MessageChannel();
channel.port1.onmessage = () => [channel, inner];
channel.port2.postMessage({ inner: inner.port1 }, [inner.port1]);
channel.port2.postMessage("waits");
inner.port2.onclose = () => inner;
var done = true;
</script>"#;

#[test]
fn a_thousand_documents_that_wait_for_answers_leave_nothing() {
    let agent = agent(&[]);
    assert_leaves_nothing(&agent, || {
        let page = show(&agent, WAITING);
        assert_eq!(eval(&page, "done").as_bool(), Some(true), "the script ran to its end");
        let lost = "for (let i = 0; i < 3; i++) fetch('/never').then(() => i); null";
        eval(&page, lost);
    });
    agent.close();
}

#[test]
fn a_thousand_frames_with_channels_leave_nothing() {
    let agent = agent(&[]);
    let page = show(&agent, "<!DOCTYPE html><body>");
    let inside = "<script>onmessage = event => { const port = event.ports[0]; \
                  port.onmessage = () => port.postMessage(''); self.kept = event; }</script>";
    let insert = format!(
        "var heard = 0, frame = document.createElement('iframe'); frame.srcdoc = `{inside}`;
         frame.onload = () => {{
           const {{ port1, port2 }} = new MessageChannel();
           port1.onmessage = () => {{ heard++; frame.own = port1; }};
           frame.contentWindow.postMessage('', '*', [port2]);
           port1.postMessage('');
         }};
         document.body.appendChild(frame); null"
    );
    assert_leaves_nothing(&agent, || {
        eval(&page, &insert);
        run_all_tasks(&agent);
        assert_eq!(eval(&page, "heard").as_f64(), Some(1.0));
        eval(&page, "frame.remove(); frame = null");
        run_all_tasks(&agent);
    });
    agent.close();
}
