/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The reader and the writer thread of one content process.
//!
//! The reader blocks on its process, and on the manager when that is behind. The writer blocks on
//! its process. Neither is ever waited for.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::{Sender, TrySendError, bounded};
use ipc_channel::ipc::{IpcReceiver, IpcSender, IpcSharedMemory};
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ProbeError, UsizeDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use sordino_traits::messages::{ContentMessage, MediaCommand, ScriptCommand};
use sordino_traits::rate::{self, RateLimiter};
use sordino_traits::validate::{Violation, validate};
use sordino_traits::{DocumentId, NamespaceId, TabId, Timestamp};

use super::{ContentChannels, ContentEnd};

/// How many messages wait for a content process before it counts as not reading.
const OUTGOING_QUEUE: usize = 16_384;

/// Which content process of this manager, counted from the first: a tab that is replaced has the
/// same id, but not the same number here.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct ContentNumber(pub(super) u64);

/// What a reader hands on: a message that is valid as far as can be told without state, or the end.
pub(super) struct Incoming {
    pub(super) from: ContentNumber,
    pub(super) message: Result<ContentMessage, ContentEnd>,
}

enum Outgoing {
    Script(ScriptCommand),
    Media(MediaCommand),
}

/// A content process as the manager's thread sees it.
pub(super) struct Content {
    pub(super) tab: TabId,
    pub(super) is_private: bool,
    pub(super) may_show_files: bool,
    /// Its open documents.
    pub(super) documents: HashSet<DocumentId>,
    /// Whether it has said anything since it was asked whether it is alive.
    pub(super) is_heard: bool,
    outgoing: Sender<Outgoing>,
}

impl Content {
    pub(super) fn start(
        number: ContentNumber,
        channels: ContentChannels,
        incoming: Sender<Incoming>,
    ) -> std::io::Result<Self> {
        let ContentChannels { tab, namespace, is_private, may_show_files, content, script, media } =
            channels;
        // In a message without descriptors, one that comes nevertheless is found.
        let content = content.to_opaque().to::<Bare<ContentMessage>>();
        let (outgoing, to_write) = bounded(OUTGOING_QUEUE);
        std::thread::Builder::new().name(format!("ContentReader {tab}")).spawn(move || {
            // ipc-channel panics on a header that it cannot make sense of.
            let reader = AssertUnwindSafe(|| read(number, namespace, &content, &incoming));
            if catch_unwind(reader).is_err() {
                let violation = Violation::Malformed("the decoder gave up".into());
                // The manager is gone when this fails.
                let _ = incoming.send(Incoming { from: number, message: Err(violation.into()) });
            }
        })?;
        std::thread::Builder::new().name(format!("ContentWriter {tab}")).spawn(move || {
            // A failed send means that the process is gone; its reader says so.
            while let Ok(message) = to_write.recv()
                && write(message, &script, &media).is_ok()
            {}
        })?;
        Ok(Self {
            tab,
            is_private,
            may_show_files,
            documents: HashSet::new(),
            is_heard: true,
            outgoing,
        })
    }

    /// Queues a command for the event loop.
    pub(super) fn send_script(&self, command: ScriptCommand) -> Result<(), ContentEnd> {
        self.send(Outgoing::Script(command))
    }

    /// Queues a command for the media thread.
    pub(super) fn send_media(&self, command: MediaCommand) -> Result<(), ContentEnd> {
        self.send(Outgoing::Media(command))
    }

    fn send(&self, message: Outgoing) -> Result<(), ContentEnd> {
        match self.outgoing.try_send(message) {
            Err(TrySendError::Full(_)) => Err(ContentEnd::NotReading),
            // The reader reports the end of the process.
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(()),
        }
    }
}

fn read(
    from: ContentNumber,
    namespace: NamespaceId,
    content: &IpcReceiver<Bare<ContentMessage>>,
    incoming: &Sender<Incoming>,
) {
    let mut limiter = RateLimiter::new(rate::MANAGER, Timestamp::now());
    loop {
        let message = match content.recv() {
            Ok(Bare::Message(message)) => {
                let limit = rate::MANAGER.per_second;
                let in_time = limiter.count(Timestamp::now());
                in_time
                    .map_err(|_| Violation::TooFast { limit })
                    .and_then(|()| validate(&message, namespace))
                    .map(|()| message)
                    .map_err(ContentEnd::from)
            }
            Ok(Bare::WithDescriptor) => Err(Violation::UnexpectedDescriptor.into()),
            Err(error) => Err(end_of(error)),
        };
        let is_end = message.is_err();
        if incoming.send(Incoming { from, message }).is_err() || is_end {
            return;
        }
    }
}

/// A message that needs no descriptor, and whether one came with it: a file or shared memory.
/// (A socket that no message takes is closed by ipc-channel before anybody could use it.)
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

fn end_of(error: ipc_channel::IpcError) -> ContentEnd {
    match error {
        ipc_channel::IpcError::SerializationError(error) => {
            ContentEnd::Violation(Violation::Malformed(error.to_string()))
        }
        ipc_channel::IpcError::Disconnected | ipc_channel::IpcError::Io(_) => ContentEnd::Closed,
    }
}

fn write(
    message: Outgoing,
    script: &IpcSender<ScriptCommand>,
    media: &IpcSender<MediaCommand>,
) -> Result<(), ipc_channel::IpcError> {
    match message {
        Outgoing::Script(command) => script.send(command),
        Outgoing::Media(command) => media.send(command),
    }
}
