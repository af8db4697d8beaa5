/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The reader and the two writer threads of one content process.
//!
//! The reader blocks on its process, and on the manager when that is behind. Each writer blocks on its
//! process: that to the event loop, and that to the media thread, which does not wait for the other.
//! None is ever waited for.

use std::collections::HashSet;

use crossbeam_channel::{Sender, TrySendError, bounded};
use ipc_channel::ipc::IpcSender;
use sordino_traits::artwork::ArtworkRule;
use sordino_traits::messages::{ContentMessage, MediaCommand, ScriptCommand};
use sordino_traits::rate;
use sordino_traits::validate::{Violation, validate};
use sordino_traits::{DocumentId, NamespaceId, TabId, Timestamp};

use super::{ContentChannels, ContentEnd, ContentId};
use crate::untrusted::UntrustedReceiver;

/// How many messages wait for a content process before it counts as not reading.
const OUTGOING_QUEUE: usize = 16_384;

/// What a reader hands on: a message that is valid as far as can be told without state, or the end.
pub(super) struct Incoming {
    pub(super) from: ContentId,
    pub(super) message: Result<ContentMessage, ContentEnd>,
}

/// A content process as the manager's thread sees it.
pub(super) struct Content {
    pub(super) tab: TabId,
    pub(super) is_private: bool,
    pub(super) namespace: NamespaceId,
    /// For which files it may be used.
    pub(super) files: ArtworkRule,
    /// Its open documents.
    pub(super) documents: HashSet<DocumentId>,
    /// Whether it has said anything since it was asked whether it is alive.
    pub(super) is_heard: bool,
    /// Whether it says that the sound server silences its streams.
    pub(super) is_silenced: bool,
    to_script: Sender<ScriptCommand>,
    to_media: Sender<MediaCommand>,
}

impl Content {
    pub(super) fn start(
        number: ContentId,
        channels: ContentChannels,
        incoming: Sender<Incoming>,
    ) -> std::io::Result<Self> {
        let ContentChannels { tab, namespace, is_private, opened_file, content, script, media } =
            channels;
        let content = UntrustedReceiver::new(content);
        std::thread::Builder::new().name(format!("ContentReader {tab}")).spawn(move || {
            read(number, namespace, &content, &incoming);
        })?;
        let to_script = write_to(script, format!("ScriptWriter {tab}"))?;
        let to_media = write_to(media, format!("MediaWriter {tab}"))?;
        Ok(Self {
            tab,
            is_private,
            namespace,
            files: opened_file
                .map_or_else(ArtworkRule::default, |url| ArtworkRule::of_document(url.as_str())),
            documents: HashSet::new(),
            is_heard: true,
            is_silenced: false,
            to_script,
            to_media,
        })
    }

    /// Queues a command for the event loop.
    pub(super) fn send_script(&self, command: ScriptCommand) -> Result<(), ContentEnd> {
        queue(&self.to_script, command)
    }

    /// Queues a command for the media thread.
    pub(super) fn send_media(&self, command: MediaCommand) -> Result<(), ContentEnd> {
        queue(&self.to_media, command)
    }
}

fn queue<T>(to_write: &Sender<T>, command: T) -> Result<(), ContentEnd> {
    match to_write.try_send(command) {
        Err(TrySendError::Full(_)) => Err(ContentEnd::NotReading),
        // The reader reports the end of the process.
        Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(()),
    }
}

/// A thread that writes what is queued.
fn write_to<T>(channel: IpcSender<T>, name: String) -> std::io::Result<Sender<T>>
where
    T: serde::Serialize + Send + 'static,
{
    let (queue, to_write) = bounded(OUTGOING_QUEUE);
    std::thread::Builder::new().name(name).spawn(move || {
        // A failed send means that the process is gone; its reader says so.
        while let Ok(command) = to_write.recv()
            && channel.send(command).is_ok()
        {}
    })?;
    Ok(queue)
}

fn read(
    from: ContentId,
    namespace: NamespaceId,
    content: &UntrustedReceiver<ContentMessage>,
    incoming: &Sender<Incoming>,
) {
    let mut limits = rate::Limits::new(rate::MANAGER, rate::MANAGER_AUDIO, Timestamp::now());
    loop {
        let message = content.recv().map_err(ContentEnd::from).and_then(|message| {
            limits
                .count(&message, Timestamp::now())
                .map_err(|early| Violation::TooFast { limit: early.limit.per_second })?;
            validate(&message, namespace)?;
            Ok(message)
        });
        let is_end = message.is_err();
        if incoming.send(Incoming { from, message }).is_err() || is_end {
            return;
        }
    }
}
