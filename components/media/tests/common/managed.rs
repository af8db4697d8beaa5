/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The test engine under a session manager in this process.

use crossbeam_channel::unbounded;
use ipc_channel::ipc::{self, IpcOneShotServer, IpcSender};
use sordino_constellation::{ContentChannels, SessionManager};
use sordino_tests::SoundServer;
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{
    AudioSessionMessage, ContentHello, ContentMessage, ContentWelcome, RequestNumber,
};
use sordino_traits::{AudioSessionType, DocumentId, NamespaceId, SessionTypes};

use super::TestEngine;

const ENGINE: NamespaceId = NamespaceId(1);
const OTHER: NamespaceId = NamespaceId(2);

/// A tab that only says that it sounds.
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
        self.content.send(ContentMessage::AudioSession { document, message }).unwrap();
    }

    pub fn sounds_as(&mut self, set_type: AudioSessionType) {
        let types = SessionTypes { set_type, computed_type: set_type, is_short: false };
        self.say(|request| AudioSessionMessage::TryActivate { request, types, by_user: true });
    }

    pub fn is_silent(&mut self) {
        self.say(|request| AudioSessionMessage::Inactivate { request });
    }
}

/// The engine, and another tab that the manager has.
pub struct Managed {
    pub engine: TestEngine,
    pub other: OtherTab,
    manager: SessionManager,
}

impl Managed {
    /// `arguments` come before those that say that it is managed.
    pub fn start(server: &SoundServer, arguments: &[&str]) -> Self {
        let (_keys, commands) = unbounded();
        let manager = SessionManager::builder().media_controls(|_| {}, commands).spawn().unwrap();
        let (parent, name) = IpcOneShotServer::<ContentHello>::new().unwrap();
        let joins = std::thread::spawn(move || parent.accept().unwrap().1);
        let namespace = ENGINE.to_string();
        let arguments = [arguments, &["managed", &name, &namespace]].concat();
        let engine = std::thread::scope(|scope| {
            let engine = scope.spawn(|| TestEngine::start(Some(server), &arguments));
            let hello = joins.join().unwrap();
            let (content, from_content) = ipc::channel().unwrap();
            let (requests, _) = ipc::channel().unwrap();
            hello.welcome.send(ContentWelcome { content, requests }).unwrap();
            let mut tabs = IdAllocator::new(NamespaceId(0));
            let _other = tabs.tab();
            let channels = ContentChannels {
                tab: tabs.tab(),
                namespace: ENGINE,
                is_private: false,
                opened_file: None,
                content: from_content,
                script: hello.script,
                media: hello.media,
            };
            manager.proxy().add_content(channels).unwrap();
            engine.join().unwrap()
        });
        let other = OtherTab::open(&manager);
        Self { engine, other, manager }
    }

    pub fn shut_down(self) {
        self.manager.shutdown();
    }
}
