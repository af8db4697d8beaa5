/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! An engine that uses servo-media's own interface, and a session manager in another process.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::TestEngine;
use crossbeam_channel::unbounded;
use ipc_channel::ipc::{self, IpcOneShotServer, IpcSender};
use sordino_constellation::{ContentChannels, SessionManager};
use sordino_tests::sound::SPEAKER;
use sordino_tests::{SoundServer, media};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{
    AudioSessionMessage, ContentHello, ContentMessage, ContentWelcome, RequestNumber,
};
use sordino_traits::{AudioSessionType, DocumentId, NamespaceId, SessionTypes};

/// The level of the tones, in dBFS, whose amplitude is 0.25.
const LEVEL: f64 = -12.04;
/// Of a ducked tone.
const DUCKED: f64 = LEVEL - 13.98;
/// What is no sound of a tone, in dBFS.
const QUIET: f64 = -65.0;

const ENGINE: NamespaceId = NamespaceId(1);
const OTHER: NamespaceId = NamespaceId(2);

/// A tab that only says that it sounds.
struct OtherTab {
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

    fn sounds_as(&mut self, set_type: AudioSessionType) {
        let types = SessionTypes { set_type, computed_type: set_type, is_short: false };
        self.say(|request| AudioSessionMessage::TryActivate { request, types, by_user: true });
    }

    fn is_silent(&mut self) {
        self.say(|request| AudioSessionMessage::Inactivate { request });
    }
}

#[test]
fn an_engine_that_knows_nothing_of_it_is_ducked_suspended_and_resumed() {
    let server = SoundServer::start();
    let folder = tempfile::tempdir().unwrap();
    let tone = media::pure_tone(folder.path(), 400, 0.25, 60);

    let (_keys, commands) = unbounded();
    let manager = SessionManager::builder().media_controls(|_| {}, commands).spawn().unwrap();
    let (parent, name) = IpcOneShotServer::<ContentHello>::new().unwrap();
    let joins = std::thread::spawn(move || parent.accept().unwrap().1);
    let namespace = ENGINE.to_string();
    let arguments = ["managed", &name, &namespace];
    let mut engine = std::thread::scope(|scope| {
        let engine = scope.spawn(|| TestEngine::start(Some(&server), &arguments));
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
    let mut other = OtherTab::open(&manager);

    let recording = server.record(SPEAKER);
    engine.load(1, 7, &tone);
    engine.tell("play 1");
    recording.until_steady(400.0, LEVEL, 0.2);

    other.sounds_as(AudioSessionType::Transient);
    recording.until_steady(400.0, DUCKED, 0.2);
    other.is_silent();
    recording.until_steady(400.0, LEVEL, 0.2);

    other.sounds_as(AudioSessionType::PlayAndRecord);
    recording.until_no_tone(400.0, QUIET);
    server.until("its stream stands still", |streams| streams.iter().all(|stream| stream.corked));
    other.is_silent();
    recording.until_steady(400.0, LEVEL, 0.2);

    // Lost for good: it sounds again when its own user wants it to.
    other.sounds_as(AudioSessionType::Playback);
    recording.until_no_tone(400.0, QUIET);
    other.is_silent();
    engine.tell("pause 1");
    engine.tell("play 1");
    recording.until_steady(400.0, LEVEL, 0.2);

    engine.tell("drop 1");
    recording.until_no_tone(400.0, QUIET);
    manager.shutdown();
}
