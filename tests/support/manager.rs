/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A session manager in this process, over another process and a tab without one.

use crossbeam_channel::unbounded;
use ipc_channel::ipc::{self, IpcOneShotServer, IpcSender};
use sordino_constellation::{ContentChannels, SessionManager};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{
    AudioSessionMessage, ContentHello, ContentMessage, ContentWelcome, RequestNumber,
};
use sordino_traits::{AudioSessionType, DocumentId, NamespaceId, SessionTypes};

const PROCESS: NamespaceId = NamespaceId(1);
const OTHER: NamespaceId = NamespaceId(2);

/// A tab that only says that it sounds.
#[derive(Debug)]
pub struct OtherTab {
    content: IpcSender<ContentMessage>,
    document: DocumentId,
    requests: u32,
}

impl OtherTab {
    fn open(manager: &SessionManager) -> Self {
        let mut ids = IdAllocator::new(OTHER);
        let (content, from_content) = ipc::channel().unwrap();
        let (script, _) = ipc::channel().unwrap();
        let (media, _) = ipc::channel().unwrap();
        let channels = ContentChannels {
            tab: IdAllocator::new(NamespaceId(0)).tab(),
            namespace: OTHER,
            is_private: false,
            opened_file: None,
            content: from_content,
            script,
            media,
        };
        manager.proxy().add_content(channels).unwrap();
        let (document, frame) = (ids.document(), ids.frame());
        let opened = ContentMessage::DocumentOpened {
            document,
            frame,
            url: "https://other.test/".into(),
            may_use_media_session: true,
        };
        content.send(opened).unwrap();
        Self { content, document, requests: 0 }
    }

    fn say(&mut self, message: impl FnOnce(RequestNumber) -> AudioSessionMessage) {
        self.requests += 1;
        let message = message(RequestNumber(self.requests));
        let document = self.document;
        self.content
            .send(ContentMessage::AudioSession { session: document.into(), message })
            .unwrap();
    }

    /// It sounds, by its user's wish.
    pub fn sounds_as(&mut self, set_type: AudioSessionType) {
        let types = SessionTypes { set_type, computed_type: set_type, is_short: false };
        self.say(|request| AudioSessionMessage::TryActivate { request, types, by_user: true });
    }

    /// It sounds no more.
    pub fn is_silent(&mut self) {
        self.say(|request| AudioSessionMessage::Inactivate { request });
    }
}

/// A session manager with two tabs: that of a process, and one that only says that it sounds.
#[derive(Debug)]
pub struct Managed<P> {
    /// The process.
    pub process: P,
    /// The other tab.
    pub other: OtherTab,
    manager: SessionManager,
}

impl<P: Send> Managed<P> {
    /// `start` starts a process that joins the one-shot server of that name, with that namespace for
    /// its ids.
    pub fn start(start: impl FnOnce(&str, &str) -> P + Send) -> Self {
        let (_keys, commands) = unbounded();
        let manager = SessionManager::builder().media_controls(|_| {}, commands).spawn().unwrap();
        let (parent, name) = IpcOneShotServer::<ContentHello>::new().unwrap();
        let joins = std::thread::spawn(move || parent.accept().unwrap().1);
        let namespace = PROCESS.to_string();
        let process = std::thread::scope(|scope| {
            let process = scope.spawn(|| start(&name, &namespace));
            let hello = joins.join().unwrap();
            let (content, from_content) = ipc::channel().unwrap();
            let (requests, _) = ipc::channel().unwrap();
            hello.welcome.send(ContentWelcome { content, requests }).unwrap();
            let mut tabs = IdAllocator::new(NamespaceId(0));
            let _other = tabs.tab();
            let channels = ContentChannels {
                tab: tabs.tab(),
                namespace: PROCESS,
                is_private: false,
                opened_file: None,
                content: from_content,
                script: hello.script,
                media: hello.media,
            };
            manager.proxy().add_content(channels).unwrap();
            process.join().unwrap()
        });
        let other = OtherTab::open(&manager);
        Self { process, other, manager }
    }

    /// Ends the manager.
    pub fn shut_down(self) {
        self.manager.shutdown();
    }
}
