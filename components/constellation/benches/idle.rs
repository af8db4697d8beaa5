/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What an idle session manager does: nothing. With ten content processes, one of which plays, no
//! thread of it wakes up for ten seconds.

#![allow(clippy::unwrap_used, reason = "a benchmark")]

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use ipc_channel::ipc::{self, IpcReceiver, IpcSender};
use sordino_constellation::{ContentChannels, SessionManager};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{
    AudioSessionMessage, ContentMessage, MediaCommand, RequestNumber, ScriptCommand,
};
use sordino_traits::{AudioSessionType, NamespaceId, SessionTypes, TabId};

const WATCHED: Duration = Duration::from_secs(10);
const PROCESSES: u32 = 10;

/// The other ends of the channels of a content process.
struct Content {
    _to_manager: IpcSender<ContentMessage>,
    script: IpcReceiver<ScriptCommand>,
    _media: IpcReceiver<MediaCommand>,
}

fn join(manager: &SessionManager, number: u32) -> Content {
    let (to_manager, content) = ipc::channel().unwrap();
    let (script_sender, script) = ipc::channel().unwrap();
    let (media_sender, media) = ipc::channel().unwrap();
    let namespace = NamespaceId(number);
    let channels = ContentChannels {
        tab: TabId::new(NamespaceId(0), number).unwrap(),
        namespace,
        is_private: false,
        opened_file: None,
        content,
        script: script_sender,
        media: media_sender,
    };
    manager.proxy().add_content(channels).unwrap();
    let mut ids = IdAllocator::new(namespace);
    let (document, frame) = (ids.document(), ids.frame());
    let url = "https://example.org/".into();
    let opened =
        ContentMessage::DocumentOpened { document, frame, url, may_use_media_session: true };
    to_manager.send(opened).unwrap();
    let types =
        SessionTypes { computed_type: AudioSessionType::Playback, ..SessionTypes::default() };
    let request = RequestNumber(1);
    let message = AudioSessionMessage::TryActivate { request, types, by_user: false };
    to_manager.send(ContentMessage::AudioSession { session: document.into(), message }).unwrap();
    Content { _to_manager: to_manager, script, _media: media }
}

/// How often each thread but this one has woken up, by its id, with its name.
fn wake_ups() -> BTreeMap<String, (String, u64)> {
    let own = own_thread_id();
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let ids = tasks.map(|task| task.unwrap().file_name().into_string().unwrap());
    let of_thread = |id: String| {
        let status = fs::read_to_string(format!("/proc/self/task/{id}/status")).unwrap();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().to_owned()
        };
        let switches = field("voluntary_ctxt_switches:").parse().unwrap();
        (id, (field("Name:"), switches))
    };
    ids.filter(|id| *id != own).map(of_thread).collect()
}

fn own_thread_id() -> String {
    let link = fs::read_link("/proc/thread-self").unwrap();
    link.file_name().unwrap().to_str().unwrap().to_owned()
}

fn main() {
    let manager = SessionManager::builder().spawn().unwrap();
    let contents: Vec<_> = (1..=PROCESSES).map(|number| join(&manager, number)).collect();
    for content in &contents {
        content.script.recv().unwrap();
    }
    // Whatever they still do to each other is done.
    std::thread::sleep(Duration::from_secs(1));
    let before = wake_ups();
    std::thread::sleep(WATCHED);
    let mut woken = 0;
    for (id, (name, after)) in wake_ups() {
        let since = after - before.get(&id).map_or(0, |(_, before)| *before);
        if since > 0 {
            println!("thread {name} woke up {since} times");
            woken += since;
        }
    }
    let threads = before.len();
    let seconds = WATCHED.as_secs();
    println!("{threads} threads of an idle manager: {woken} wake-ups in {seconds} s (0 allowed)");
    drop(contents);
    manager.shutdown();
    assert_eq!(woken, 0);
}
