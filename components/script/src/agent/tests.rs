/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::{fs, thread};

use ipc_channel::ipc;
use sordino_media::Media;
use sordino_media::session::ToManager;
use sordino_script_bindings::{JsValue, live_handles};
use sordino_traits::NamespaceId;

use super::*;

/// A channel whose other end is read, as the shell and the session manager do.
fn read<T>() -> ipc::IpcSender<T>
where
    T: for<'de> serde::Deserialize<'de> + serde::Serialize + Send + 'static,
{
    let (sender, receiver) = ipc::channel::<T>().unwrap();
    thread::spawn(move || while receiver.recv().is_ok() {});
    sender
}

/// Sessions, metadata and handlers in every cycle that a page can make of them.
const DOCUMENT: &str = r#"<!DOCTYPE html><title>Leak</title><audio id=a></audio><script>
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
document.getElementById("a").onplay = () => document;
const dropped = () => {
    const other = new MediaMetadata({ title: "Other" });
    other.handler = () => other;
};
dropped();
dropped.done = true;
</script>"#;

fn agent() -> Rc<Agent> {
    let media = Media::start(None, |_| {}).unwrap();
    let outside = Outside { manager: ToManager::new(read()), shell: read(), media };
    let agent = Agent::new(Prefs::default(), IdAllocator::new(NamespaceId(1)), outside).unwrap();
    let top = BrowsingContext::top_level(agent.weak(), agent.new_frame_id());
    *agent.top.borrow_mut() = Some(top);
    agent
}

fn run_all_tasks(agent: &Rc<Agent>) {
    while agent.run_task() {}
}

/// Navigates the tab to this document.
fn show(agent: &Rc<Agent>, html: &str) -> Rc<Page> {
    let top = agent.top().unwrap();
    top.show_text("https://example.org/", html);
    run_all_tasks(agent);
    top.page().unwrap()
}

fn eval(page: &Page, source: &str) -> JsValue {
    page.realm().eval(source, "test").unwrap()
}

/// The memory of the process, in bytes.
fn resident_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// Has something done often, and checks that nothing is left of it.
fn assert_leaves_nothing(agent: &Rc<Agent>, mut act: impl FnMut()) {
    let _alone = crate::MEMORY.lock();
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
        (counts, agent.runtime.engine().memory_usage().memory_used_size, resident_memory())
    };
    // A leak is found after the first few, before it takes all memory.
    let (counts, _, _) = counts_after(10);
    let (_, engine, resident) = counts_after(90);
    let (counts_after, engine_after, resident_after) = counts_after(900);
    assert_eq!(counts_after, counts, "wrappers, handles and nodes");
    // A few bytes of each time would be seen in the first, a whole object in the second.
    assert!(engine_after < engine + 20_000, "{engine} to {engine_after} bytes");
    assert!(resident_after < resident + (4 << 20), "{resident} to {resident_after} bytes");
}

#[test]
fn a_thousand_navigations_leave_nothing() {
    let agent = agent();
    assert_leaves_nothing(&agent, || {
        let page = show(&agent, DOCUMENT);
        let done = eval(&page, "dropped.done");
        assert_eq!(done.as_bool(), Some(true), "the script ran to its end");
    });
    agent.close();
}

#[test]
fn a_thousand_frames_leave_nothing() {
    let agent = agent();
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

#[test]
fn nodes_live_as_long_as_script_can_reach_them() {
    let agent = agent();
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

mod nodes;
