/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A content process that does what no correct one does, on the raw socket where that is needed. It
//! joins as any other, takes the media keys and attacks when one is pressed. The URL that it is to open
//! names the attack.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
use std::time::{Duration, Instant};

use ipc_channel::ipc::{self, IpcReceiver, IpcSender};
use rustix::fs::{MemfdFlags, ftruncate, memfd_create};
use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
    sendmsg, socketpair,
};
use rustix::process::{Signal, set_parent_process_death_signal};
use sordino_traits::embedder::{
    Destination, FetchId, Header, PermissionId, Request, ShellCommand, ShellRequest,
};
use sordino_traits::id::IdAllocator;
use sordino_traits::messages::{
    AudioSessionMessage, ContentHello, ContentMessage, ContentWelcome, MediaSessionUpdate,
    PROTOCOL_VERSION, RequestNumber, ScriptCommand,
};
use sordino_traits::{
    ActionSet, AudioSessionType, DocumentId, MediaMetadata, MediaSessionAction, NamespaceId,
    SessionTypes,
};

/// How many sockets come with one message: more than there are descriptors to spare in a few hundred.
const MANY: usize = 60;

/// The channel to the session manager, and the socket below it.
struct Attacker {
    requests: IpcSender<ShellRequest>,
    channel: IpcSender<ContentMessage>,
    socket: RawFd,
    namespace: NamespaceId,
    document: DocumentId,
    commands: IpcReceiver<ScriptCommand>,
}

fn main() {
    set_parent_process_death_signal(Some(Signal::KILL)).unwrap();
    let (attacker, attack) = Attacker::join();
    attacker.open_document();
    attacker.take_the_keys();
    match attack.as_str() {
        "garbage-header" => attacker.send_raw(&[0xff; 64], &[]).unwrap(),
        "lying-length" => attacker.send_raw(&frame(b"short", 1 << 20), &[]).unwrap(),
        "endless-length" => attacker.send_raw(&frame(b"short", 1 << 46), &[]).unwrap(),
        "truncated-fragment" => attacker.send_truncated_fragment(),
        "long-packet" => attacker.send_long_packet(),
        "short-packet" => attacker.send_short_packet(),
        "memory" => attacker.send_memory(),
        "sockets" => attacker.send_sockets(),
        "flood" => attacker.flood(),
        "foreign-id" => attacker.use_foreign_id(),
        "header-injection" => attacker.inject_a_header(),
        "foreign-site" => attacker.ask_for_a_foreign_site(),
        other => panic!("there is no attack '{other}'"),
    }
    loop {
        std::thread::park();
    }
}

/// ipc-channel gives its socket to nobody, but shows its number when it is debugged.
fn socket_of<T: std::fmt::Debug>(sender: &IpcSender<T>) -> RawFd {
    let text = format!("{sender:?}");
    let (_, number) = text.split_once("SharedFileDescriptor(").unwrap();
    number.split_once(')').unwrap().0.parse().unwrap()
}

/// What ipc-channel writes before a message: its own length with this, and that of the whole
/// message.
fn frame(data: &[u8], total: usize) -> Vec<u8> {
    let length = data.len() + 2 * size_of::<usize>();
    [&length.to_ne_bytes()[..], &total.to_ne_bytes()[..], data].concat()
}

fn packet(message: &ContentMessage) -> Vec<u8> {
    let data = postcard::to_allocvec(message).unwrap();
    frame(&data, data.len())
}

fn sockets() -> (OwnedFd, OwnedFd) {
    socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::empty(), None).unwrap()
}

fn drain<T>(receiver: IpcReceiver<T>)
where
    T: for<'de> serde::Deserialize<'de> + serde::Serialize + Send + 'static,
{
    std::thread::spawn(move || while receiver.recv().is_ok() {});
}

impl Attacker {
    /// Joins, and returns the name of the attack.
    fn join() -> (Self, String) {
        let mut server = String::new();
        io::stdin().read_line(&mut server).unwrap();
        let (welcome, answer) = ipc::channel().unwrap();
        let (script, commands) = ipc::channel().unwrap();
        let (media, media_commands) = ipc::channel().unwrap();
        let (shell, shell_commands) = ipc::channel().unwrap();
        let version = PROTOCOL_VERSION;
        let hello = ContentHello { version, welcome, script, media, shell };
        IpcSender::connect(server.trim().to_owned()).unwrap().send(hello).unwrap();
        let ContentWelcome { content: channel, requests } = answer.recv().unwrap();
        let socket = socket_of(&channel);
        drain(media_commands);
        let Ok(ShellCommand::LoadPage { namespace, url, .. }) = shell_commands.recv() else {
            panic!("the first command is to load a page")
        };
        drain(shell_commands);
        let document = IdAllocator::new(namespace).document();
        let attack = url.strip_prefix("data:,").unwrap().to_owned();
        (Self { requests, channel, socket, namespace, document, commands }, attack)
    }

    fn send(&self, message: ContentMessage) {
        self.channel.send(message).unwrap();
    }

    /// Opens a document that plays and handles the keys.
    fn open_document(&self) {
        let document = self.document;
        self.send(ContentMessage::DocumentOpened {
            document,
            frame: IdAllocator::new(self.namespace).frame(),
            url: "https://hostile.example/".into(),
            may_use_media_session: true,
        });
        // playerctl shows only what can be played.
        let actions =
            [MediaSessionAction::Play, MediaSessionAction::Pause, MediaSessionAction::NextTrack];
        let metadata = MediaMetadata { title: "Hostile".into(), ..Default::default() };
        let update = MediaSessionUpdate {
            metadata: Some(Some(metadata)),
            playing: Some(true),
            handlers: Some(ActionSet::from_iter(actions)),
            ..Default::default()
        };
        self.send(ContentMessage::MediaSession { document, update: Box::new(update) });
    }

    /// Asks for focus again and again, whoever has it, until the user presses a key.
    fn take_the_keys(&self) {
        let document = self.document;
        let computed_type = AudioSessionType::Playback;
        let types = SessionTypes { computed_type, ..Default::default() };
        let request = RequestNumber(1);
        let message = AudioSessionMessage::TryActivate { request, types, by_user: true };
        loop {
            self.send(ContentMessage::AudioSession { session: document.into(), message });
            let end = Instant::now() + Duration::from_millis(200);
            while let Some(left) = end.checked_duration_since(Instant::now()) {
                if let Ok(ScriptCommand::Action { .. }) = self.commands.try_recv_timeout(left) {
                    return;
                }
            }
        }
    }

    fn send_raw(&self, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> rustix::io::Result<()> {
        // SAFETY: `channel` keeps it open.
        #[allow(unsafe_code)]
        let socket = unsafe { BorrowedFd::borrow_raw(self.socket) };
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MANY))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !descriptors.is_empty() {
            assert!(control.push(SendAncillaryMessage::ScmRights(descriptors)));
        }
        let sent = sendmsg(socket, &[IoSlice::new(bytes)], &mut control, SendFlags::empty())?;
        assert_eq!(sent, bytes.len());
        Ok(())
    }

    /// A message that is in order, but for what comes with it.
    fn send_with(&self, descriptors: &[BorrowedFd<'_>]) {
        // The other end may have had enough already.
        let _ = self.send_raw(&self.title(), descriptors);
    }

    /// The bytes of a message that is in order.
    fn title(&self) -> Vec<u8> {
        let document = self.document;
        packet(&ContentMessage::DocumentTitle { document, title: "Hostile".into() })
    }

    /// The first part of a long message, with the channel for the rest, on which nothing comes.
    fn send_truncated_fragment(&self) {
        let (rest, receiver) = sockets();
        self.send_raw(&frame(&[0; 1000], 1 << 20), &[receiver.as_fd()]).unwrap();
        std::mem::forget(rest);
    }

    /// A packet that is shorter than any header, with a socket.
    fn send_short_packet(&self) {
        let (socket, _other) = sockets();
        self.send_raw(&8_usize.to_ne_bytes(), &[socket.as_fd()]).unwrap();
    }

    /// A packet that is longer than ipc-channel expects any to be, and then sockets.
    fn send_long_packet(&self) {
        let _ = self.send_raw(&frame(&[0; 212_900], 212_900), &[]);
        self.send_sockets();
    }

    fn send_memory(&self) {
        let memory = memfd_create("hostile", MemfdFlags::CLOEXEC).unwrap();
        ftruncate(&memory, 4096).unwrap();
        self.send_with(&[memory.as_fd()]);
    }

    fn send_sockets(&self) {
        let (socket, _other) = sockets();
        self.send_with(&[socket.as_fd(); MANY]);
    }

    fn flood(&self) {
        let title = self.title();
        // The manager closes the channel at some time.
        while self.send_raw(&title, &[]).is_ok() {}
    }

    fn use_foreign_id(&self) {
        let other = NamespaceId(self.namespace.0 + 1);
        let document = IdAllocator::new(other).document();
        self.send_raw(&packet(&ContentMessage::DocumentClosed { document }), &[]).unwrap();
    }

    fn inject_a_header(&self) {
        let mut request = Request::new("http://127.0.0.1/", Destination::Empty);
        request.headers.push(Header::new("Accept", "*/*\r\nCookie: a=b"));
        let (id, request) = (FetchId(1), Box::new(request));
        self.requests.send(ShellRequest::Fetch { id, request }).unwrap();
    }

    fn ask_for_a_foreign_site(&self) {
        let (id, site) = (PermissionId(1), "https://bank.example".to_owned());
        let request = ShellRequest::AskPermission { id, site, microphone: true, camera: false };
        self.requests.send(request).unwrap();
    }
}
