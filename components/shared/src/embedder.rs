/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Messages between a content process and the shell that embeds the engine: page loads, the
//! network, the console. A content process opens no socket and no file; the shell's `net` does.
//! What is said about a fetch is in `fetch`.

mod fetch;

use serde::{Deserialize, Serialize};

pub use self::fetch::{
    ByteString, ContentRange, CredentialsMode, Destination, FetchError, FetchEvent, FetchId,
    Header, RedirectMode, ReferrerPolicy, Request, RequestMode, ResponseHead, ResponseType,
};
use crate::cookies::DocumentCookies;
use crate::id::{NamespaceId, TabId};
use crate::storage::{LocalStorageArea, LocalStorageChanged, StorageChange};

/// What servers and pages are told that they deal with: the
/// [default `User-Agent` value](https://fetch.spec.whatwg.org/#default-user-agent-value).
pub const USER_AGENT: &str = concat!("Mozilla/5.0 (Linux) Sordino/", env!("CARGO_PKG_VERSION"));

/// From a content process to the shell.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum ShellRequest {
    /// Start a fetch. Answered by [`ShellCommand::Fetch`] events with the same id, the last of
    /// which is `Done` or `Failed`.
    Fetch {
        /// The fetch.
        id: FetchId,
        /// What to fetch, and how. It must pass [`crate::validate::request`].
        request: Box<Request>,
    },
    /// Stop a fetch; no further event of it is wanted.
    CancelFetch {
        /// The fetch.
        id: FetchId,
    },
    /// Bring nothing more of the body of a fetch for now, or go on. The server is not read meanwhile.
    PauseFetch {
        /// The fetch.
        id: FetchId,
        /// Whether it is to bring nothing.
        paused: bool,
    },
    /// Change the local storage of an origin that the process was given. Answered by
    /// [`ShellCommand::LocalStorageChanged`].
    ChangeLocalStorage {
        /// The origin, serialized.
        origin: String,
        /// The URL of the document whose script does it.
        url: String,
        /// The change.
        change: StorageChange,
    },
    /// Script has written to `document.cookie`. Answered by [`ShellCommand::CookiesChanged`].
    SetCookie {
        /// The URL of the document.
        url: String,
        /// What was written.
        cookie: String,
    },
    /// A line for the console.
    Console {
        /// How serious it is.
        level: ConsoleLevel,
        /// The text.
        text: String,
    },
    /// A document asks to capture. Answered by [`ShellCommand::Permission`].
    AskPermission {
        /// Which request it is; the process counts.
        id: PermissionId,
        /// Who asks: an origin, serialized, or the URL of a document that has none.
        site: String,
        /// Whether it wants a microphone.
        microphone: bool,
        /// Whether it wants a camera.
        camera: bool,
    },
    /// What the tab captures now.
    Capturing {
        /// Whether a microphone.
        microphone: bool,
        /// Whether a camera.
        camera: bool,
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
        /// The selectors that were asked for.
        selectors: Vec<String>,
        /// What was clicked, as `tag#id`, or why nothing was.
        result: Result<String, String>,
    },
}

/// The number of a request for a permission.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct PermissionId(pub u64);

/// What makes the names that pages have for devices others in each run of the program, and in each private
/// tab.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct DeviceSalt(pub [u8; 16]);

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
        /// For the names that its pages have for devices.
        device_salt: DeviceSalt,
    },
    /// The answer to [`ShellRequest::AskPermission`].
    Permission {
        /// The request.
        id: PermissionId,
        /// Whether the document may.
        granted: bool,
    },
    /// Something happened to a fetch.
    Fetch {
        /// The fetch.
        id: FetchId,
        /// What happened.
        event: FetchEvent,
    },
    /// The user clicked an element: a real activation.
    Click {
        /// CSS selectors; each means the first element that matches. All but the last are of frames,
        /// from the outermost in.
        selectors: Vec<String>,
    },
    /// The local storage of an origin. It comes once, before the response of the first document of
    /// that origin.
    LocalStorage(LocalStorageArea),
    /// The local storage of an origin that the process was given has changed.
    LocalStorageChanged(LocalStorageChanged),
    /// Cookies have changed.
    CookiesChanged {
        /// How many [`ShellRequest::SetCookie`] requests were seen. They did to the cookies of each document
        /// what they do to the copy, where nothing else is said.
        written: u64,
        /// The documents whose cookies are others than the process can know.
        documents: Vec<DocumentCookies>,
    },
    /// Discard the document and end.
    Shutdown,
}
