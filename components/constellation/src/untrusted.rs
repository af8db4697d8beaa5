/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A receiver of ipc-channel for messages of a process that may be hostile.
//!
//! ipc-channel trusts its senders: it waits for the rest of what calls itself part of a message, takes
//! as much memory as a header announces, panics at some headers, and never closes a socket that comes
//! with a message and that nobody takes. So on Linux each message is looked at before ipc-channel
//! reads it: the kernel says how long it is and whether a descriptor comes with it, and its first
//! bytes how long it says it is. See the README for what remains.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ipc_channel::IpcError;
use ipc_channel::ipc::{IpcReceiver, IpcSharedMemory};
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ProbeError, UsizeDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use sordino_traits::validate::Violation;

/// The longest message, in bytes: metadata of the most bytes that are allowed, and room for what is
/// around it.
const MAX_MESSAGE: usize = 4 * 1024 * 1024;

/// Why there is no message.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// The channel closed: the process ended, or let go of it.
    #[error("its channel closed")]
    Closed,
    /// The process sent what no correct process does, and must end.
    #[error("it {0}")]
    Violation(#[from] Violation),
}

/// Receives `T`s, which must need no descriptor: no channel and no shared memory.
#[derive(Debug)]
pub struct UntrustedReceiver<T> {
    receiver: IpcReceiver<Bare<T>>,
    #[cfg(target_os = "linux")]
    socket: Option<linux::Socket>,
}

impl<T> UntrustedReceiver<T>
where
    T: for<'de> Deserialize<'de> + Serialize + Debug,
{
    /// Takes over the receiver of a process. Its channel must be made on this side: a process that
    /// has made it may keep its receiving end, read from it and change how it is read.
    pub fn new(receiver: IpcReceiver<T>) -> Self {
        let receiver = receiver.to_opaque().to();
        Self {
            #[cfg(target_os = "linux")]
            socket: linux::Socket::of(&receiver),
            receiver,
        }
    }

    /// Waits for a message.
    ///
    /// # Errors
    ///
    /// [`ReceiveError`]; nothing more is to be received after one.
    pub fn recv(&self) -> Result<T, ReceiveError> {
        #[cfg(target_os = "linux")]
        match &self.socket {
            Some(socket) => socket.check_next()?,
            None => return Err(Violation::Malformed("its channel is none of ours".into()).into()),
        }
        // ipc-channel panics at some headers.
        let received = catch_unwind(AssertUnwindSafe(|| self.receiver.recv()));
        let malformed = |reason: String| Violation::Malformed(reason).into();
        match received {
            Ok(Ok(Bare::Message(message))) => Ok(message),
            Ok(Ok(Bare::WithDescriptor)) => Err(Violation::UnexpectedDescriptor.into()),
            Ok(Err(IpcError::SerializationError(error))) => Err(malformed(error.to_string())),
            Ok(Err(IpcError::Disconnected | IpcError::Io(_))) => Err(ReceiveError::Closed),
            Err(_) => Err(malformed("the decoder gave up".into())),
        }
    }
}

/// A message, and whether a file or shared memory came with it.
#[derive(Debug)]
enum Bare<T> {
    Message(T),
    WithDescriptor,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Bare<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let message = T::deserialize(deserializer)?;
        // While a message is read, ipc-channel gives out what came with it by its number.
        let first: UsizeDeserializer<ProbeError> = 0_usize.into_deserializer();
        Ok(match IpcSharedMemory::deserialize(first) {
            Ok(_) => Self::WithDescriptor,
            Err(_) => Self::Message(message),
        })
    }
}

impl<T> Serialize for Bare<T> {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        // ipc-channel wants every message to be one that could be sent.
        Err(serde::ser::Error::custom("it is only received"))
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fmt::Debug;
    use std::io::IoSliceMut;
    use std::mem::MaybeUninit;
    use std::os::fd::{BorrowedFd, RawFd};

    use ipc_channel::platform::OsIpcSender;
    use rustix::io::Errno;
    use rustix::net::sockopt::socket_type;
    use rustix::net::{
        RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SocketType, recvmsg,
    };
    use sordino_traits::validate::Violation;

    use super::{MAX_MESSAGE, ReceiveError};

    /// What ipc-channel writes before a message: the length of this packet with these two numbers,
    /// and the length of the whole message.
    const HEADER: usize = 2 * size_of::<usize>();

    /// The socket below a receiver, which outlives it.
    #[derive(Debug)]
    pub(super) struct Socket(RawFd);

    impl Socket {
        /// ipc-channel gives its socket to nobody, but shows its number when it is debugged. `None`
        /// if it does not any more, which a test sees, or for a socket of another kind.
        pub(super) fn of(receiver: &impl Debug) -> Option<Self> {
            let text = format!("{receiver:?}");
            let (_, number) = text.split_once("fd: Cell { value: ")?;
            let (number, _) = number.split_once(' ')?;
            let socket = Self(number.parse().ok().filter(|number| *number >= 0)?);
            let is_socket = socket_type(socket.borrow()) == Ok(SocketType::SEQPACKET);
            is_socket.then_some(socket)
        }

        fn borrow(&self) -> BorrowedFd<'_> {
            // SAFETY: the receiver owns the descriptor, and is dropped with this.
            #[allow(unsafe_code)]
            unsafe {
                BorrowedFd::borrow_raw(self.0)
            }
        }

        /// Waits for the next message and looks at it, without taking it.
        pub(super) fn check_next(&self) -> Result<(), ReceiveError> {
            let malformed = |reason: &str| Violation::Malformed(reason.to_owned()).into();
            // Without room for descriptors the kernel installs none, and says that there were some.
            let (header, length, has_descriptor) = self.peek(&mut RecvAncillaryBuffer::default())?;
            let [of_packet, of_message] = header;
            if length < HEADER || of_packet != length {
                return Err(malformed("its header is none"));
            }
            let data = length - HEADER;
            // ipc-channel reads no more of one packet.
            let longest = OsIpcSender::get_max_fragment_size();
            if of_message < data || of_message > MAX_MESSAGE || data > longest {
                return Err(malformed("it announces an impossible length"));
            }
            let is_whole = of_message == data;
            if is_whole && has_descriptor {
                return Err(Violation::UnexpectedDescriptor.into());
            }
            if !is_whole {
                // The socket for the rest, and nothing else.
                let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(64))];
                let mut descriptors = RecvAncillaryBuffer::new(&mut space);
                self.peek(&mut descriptors)?;
                let rights = |message| match message {
                    RecvAncillaryMessage::ScmRights(rights) => rights.count(),
                    _ => 0,
                };
                if descriptors.drain().map(rights).sum::<usize>() != 1 {
                    return Err(Violation::UnexpectedDescriptor.into());
                }
            }
            Ok(())
        }

        /// The two numbers of the header, the length of the packet, and whether descriptors were cut
        /// off.
        fn peek(
            &self,
            descriptors: &mut RecvAncillaryBuffer<'_>,
        ) -> Result<([usize; 2], usize, bool), ReceiveError> {
            let mut bytes = [[0; size_of::<usize>()]; 2];
            let [first, second] = &mut bytes;
            let mut slices = [IoSliceMut::new(first), IoSliceMut::new(second)];
            // With TRUNC the kernel tells the length of the packet, not of what it has copied.
            let flags = RecvFlags::PEEK | RecvFlags::TRUNC | RecvFlags::CMSG_CLOEXEC;
            let received = loop {
                match recvmsg(self.borrow(), &mut slices, descriptors, flags) {
                    Err(Errno::INTR) => {}
                    received => break received,
                }
            };
            match received {
                Err(_) => Err(ReceiveError::Closed),
                // Nobody can send an empty packet on purpose: it is the end.
                Ok(received) if received.bytes == 0 => Err(ReceiveError::Closed),
                Ok(received) => {
                    let is_cut = received.flags.contains(ReturnFlags::CTRUNC);
                    Ok((bytes.map(usize::from_ne_bytes), received.bytes, is_cut))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ipc_channel::ipc;

    use super::*;

    #[test]
    fn messages_of_every_length_arrive() {
        let (sender, receiver) = ipc::channel::<Vec<u8>>().unwrap();
        let receiver = UntrustedReceiver::new(receiver);
        #[cfg(target_os = "linux")]
        assert!(receiver.socket.is_some(), "ipc-channel shows its socket in another way");
        let lengths = [0, 1, 1_000, 200_000, 1_000_000, 3_000_000];
        std::thread::spawn(move || {
            for length in lengths {
                sender.send(vec![7; length]).unwrap();
            }
        });
        for length in lengths {
            assert_eq!(receiver.recv().map(|bytes| bytes.len()), Ok(length));
        }
        assert_eq!(receiver.recv(), Err(ReceiveError::Closed));
    }

    #[test]
    fn what_comes_with_a_message_that_needs_nothing_is_refused() {
        let refused = Err(ReceiveError::Violation(Violation::UnexpectedDescriptor));
        let (sender, receiver) = ipc::channel::<Vec<u8>>().unwrap();
        let sender = sender.to_opaque().to::<(Vec<u8>, IpcSharedMemory)>();
        sender.send((vec![1], IpcSharedMemory::from_bytes(b"memory"))).unwrap();
        assert_eq!(UntrustedReceiver::new(receiver).recv(), refused);

        for length in [0, 1_000_000] {
            let (sender, receiver) = ipc::channel::<Vec<u8>>().unwrap();
            let receiver = UntrustedReceiver::new(receiver);
            let (socket, _other) = ipc::channel::<u32>().unwrap();
            let sender = sender.to_opaque().to::<(Vec<u8>, ipc::IpcSender<u32>)>();
            std::thread::spawn(move || sender.send((vec![0; length], socket)));
            assert_eq!(receiver.recv(), refused, "a socket with {length} bytes");
        }
    }

    #[test]
    fn a_message_that_is_too_long_is_refused_before_it_is_read() {
        let (sender, receiver) = ipc::channel::<Vec<u8>>().unwrap();
        let receiver = UntrustedReceiver::new(receiver);
        std::thread::spawn(move || sender.send(vec![0; MAX_MESSAGE + 1]));
        let refused = receiver.recv();
        assert!(matches!(refused, Err(ReceiveError::Violation(Violation::Malformed(_)))));
    }
}
