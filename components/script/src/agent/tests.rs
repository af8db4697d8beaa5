/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use std::{fs, thread};

use ipc_channel::ipc;
use sordino_media::Media;
use sordino_media::session::ToManager;
use sordino_script_bindings::{DomObjectExt, live_handles};
use sordino_traits::embedder::ShellRequest;
use sordino_traits::messages::ContentMessage;
use sordino_traits::{NamespaceId, Timestamp};

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
document.getElementById("a").onplay = () => document;
document.getElementById("b").click();
const dropped = () => {
    const other = new MediaMetadata({ title: "Other" });
    other.handler = () => other;
};
dropped();
dropped.done = true;
</script>"#;

fn open_and_discard(
    agent: &Agent,
    manager: &ipc::IpcSender<ContentMessage>,
    (shell, media): &(ipc::IpcSender<ShellRequest>, Media),
    number: u32,
) {
    let url = Url::parse("https://example.org/").unwrap();
    let ids = IdAllocator::new(NamespaceId(number));
    // Each document is in a process of its own, as far as the rate of messages goes.
    let manager = ToManager::new(manager.clone());
    let outside = Outside { manager, shell: shell.clone(), media: media.clone() };
    let (page, window) = agent.open_page(url, ids, outside).unwrap();
    page.parse(DOCUMENT.as_bytes(), None);
    while let Some(task) = page.events().next(Timestamp::now()) {
        task(&page);
        page.end_turn();
    }
    let done = window.realm().eval("dropped.done", "test").unwrap();
    assert_eq!(done.as_bool(), Some(true), "the script ran to its end");
    page.discard();
}

/// The memory of the process, in bytes.
fn resident_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

#[test]
fn ten_thousand_documents_leave_nothing() {
    let manager = read();
    let others = (read(), Media::start(None, |_| {}).unwrap());
    let agent = Agent::new(Prefs::default()).unwrap();
    let handles = live_handles();
    let mut number = 0;
    let mut memory_after = |count: u32| {
        for _ in 0..count {
            number += 1;
            open_and_discard(&agent, &manager, &others, number);
        }
        agent.runtime.run_gc();
        assert_eq!(agent.runtime.live_wrappers(), 0);
        assert_eq!(live_handles(), handles);
        (agent.runtime.engine().memory_usage().memory_used_size, resident_memory())
    };
    // A leak is found after the first few, before it takes all memory.
    memory_after(10);
    let (engine, resident) = memory_after(990);
    let (engine_after, resident_after) = memory_after(9_000);
    // A few bytes of each document would be seen in the first, a whole object in the second.
    assert!(engine_after < engine + 20_000, "{engine} to {engine_after} bytes");
    assert!(resident_after < resident + (4 << 20), "{resident} to {resident_after} bytes");
    others.1.shutdown();
}
