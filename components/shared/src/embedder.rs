/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Messages between a content process and the shell that embeds the engine: page loads, the
//! network, the console. A content process opens no socket and no file; the shell's `net` does.

use serde::{Deserialize, Serialize};

use crate::id::{NamespaceId, TabId};

/// The number of a fetch, chosen by the content process and unique in it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct FetchId(pub u64);

/// What a fetch is for: the [request destination](https://fetch.spec.whatwg.org/#concept-request-destination).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Destination {
    /// The page itself.
    Document,
    /// A classic script.
    Script,
    /// A media resource.
    Media,
}

/// From a content process to the shell.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum ShellRequest {
    /// Start a fetch. Answered by [`ShellCommand::Fetch`] events with the same id, the last of
    /// which is `Done` or `Failed`.
    Fetch {
        /// The fetch.
        id: FetchId,
        /// An absolute URL.
        url: String,
        /// What it is for.
        destination: Destination,
    },
    /// Stop a fetch; no further event of it is wanted.
    CancelFetch {
        /// The fetch.
        id: FetchId,
    },
    /// A line for the console.
    Console {
        /// How serious it is.
        level: ConsoleLevel,
        /// The text.
        text: String,
    },
    /// The page was parsed and its `load` event has fired.
    PageLoaded {
        /// The document's title.
        title: String,
    },
    /// The page cannot be shown. The process ends itself after this.
    PageFailed {
        /// Why, in one line: what, where, and what to do.
        reason: String,
    },
    /// Media can be played from now on.
    MediaReady {
        /// Whether there is a sound device or a sound server.
        sound_device: bool,
    },
    /// No media can be played in this process.
    MediaUnavailable {
        /// Why, and what to do.
        reason: String,
    },
    /// The answer to [`ShellCommand::Click`].
    Clicked {
        /// The selector that was asked for.
        selector: String,
        /// What was clicked, as `tag#id`, or why nothing was.
        result: Result<String, String>,
    },
}

/// How serious a console line is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsoleLevel {
    /// `console.debug`.
    Debug,
    /// `console.log`.
    Log,
    /// `console.info`.
    Info,
    /// `console.warn`.
    Warn,
    /// `console.error`, and exceptions that nobody caught.
    Error,
}

impl ConsoleLevel {
    /// The name of the `console` method.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Log => "log",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// From the shell to a content process.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum ShellCommand {
    /// The first command: what to be.
    LoadPage {
        /// The tab that this process is.
        tab: TabId,
        /// The namespace of all ids that the process makes.
        namespace: NamespaceId,
        /// The URL of the page.
        url: String,
        /// Preferences that differ from their defaults, as `table.key=value`.
        prefs: Vec<String>,
    },
    /// Something happened to a fetch.
    Fetch {
        /// The fetch.
        id: FetchId,
        /// What happened.
        event: FetchEvent,
    },
    /// The user clicked the first element that matches a selector: a real activation.
    Click {
        /// A CSS selector.
        selector: String,
    },
    /// Discard the document and end.
    Shutdown,
}

/// A step of a fetch.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum FetchEvent {
    /// The response's head.
    Response(ResponseHead),
    /// The next bytes of the body.
    Chunk(#[serde(with = "byte_block")] Vec<u8>),
    /// The body is complete.
    Done,
    /// The fetch failed; nothing follows.
    Failed(FetchError),
}

/// A response without its body.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ResponseHead {
    /// The final URL, after redirects.
    pub url: String,
    /// The HTTP status; 200 for `file:` and `data:`.
    pub status: u16,
    /// The essence of the `Content-Type`, in lower case, if there is one.
    pub mime_type: Option<String>,
    /// The `charset` parameter, if there is one.
    pub charset: Option<String>,
    /// How many bytes the body has, if that is known.
    pub length: Option<u64>,
}

/// Why a fetch failed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The URL's scheme is not one that can be fetched.
    #[error("the scheme of {url} is not supported: use http, https, file or data")]
    UnsupportedScheme {
        /// The URL.
        url: String,
    },
    /// The file does not exist, or cannot be read.
    #[error("cannot read {path}: {reason}")]
    File {
        /// The path.
        path: String,
        /// The operating system's reason.
        reason: String,
    },
    /// A page that is not a file may not read files.
    #[error("{url} may be read only by a file: page")]
    Forbidden {
        /// The URL.
        url: String,
    },
    /// No connection, no answer, or a broken one.
    #[error("cannot fetch {url}: {reason}")]
    Network {
        /// The URL.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The body is larger than the shell hands over.
    #[error("{url} is larger than {limit} bytes")]
    TooLarge {
        /// The URL.
        url: String,
        /// The limit in bytes.
        limit: u64,
    },
}

/// Bytes as one block instead of one element after the other.
mod byte_block {
    use serde::de::{self, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }

            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }

        deserializer.deserialize_byte_buf(Bytes)
    }
}
