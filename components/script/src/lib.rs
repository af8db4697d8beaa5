/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The content process: a document, its event loop and the objects that its scripts see.
//!
//! It is the reference engine that proves the other crates, not a browser: there is no layout and no
//! painting. What is not here is absent from the page, not faked.
//!
//! * [`run_content_process`]: the whole process.
//! * [`Prefs`]: the preferences; [`PREFS_TABLE`] has their meanings.
//! * `process`: its channels and its event loop. `memory_watch`: a limit to its memory.
//! * `agent`: the engine, and what all documents of the tab share.
//! * `browsing_context`: the tab and its frames, and their navigation.
//! * `window_proxies`: browsing contexts as script sees them.
//! * `page`: one document and what its objects share; loading and running scripts.
//! * [`cookies`]: a jar, which the shell has for all tabs; and the part of it that documents see.
//! * `dom`: the objects that scripts see, one type per interface; `bindings` is generated from Web
//!   IDL.
//! * `fetch`: what script fetches. `file_api`: blobs and their URLs. `storage`: local and session
//!   storage. `messaging`, `message_ports`: messages between windows, and channels.
//! * `tree`, `sink`, `parser`, `serialize`, `selector`: the node tree, html5ever and selectors on it.
//! * `capture`: microphones and cameras. `focus_entries`: the `AudioFocusEntry`s of all documents.
//! * `event_loop`: tasks and timers. `hr_time`: the clock that pages see.
//! * `user_activation`: when the user has acted.

mod agent;
mod base64;
mod bindings;
mod browsing_context;
mod capture;
pub mod cookies;
mod dom;
mod encoding;
mod event_loop;
mod exception;
mod fetch;
mod file_api;
mod focus_entries;
mod hr_time;
mod memory_watch;
mod message_ports;
mod messaging;
mod page;
mod parser;
mod permissions_policy;
mod prefs;
mod process;
mod selector;
mod serialize;
mod sink;
mod storage;
#[cfg(test)]
mod testing;
mod tree;
mod user_activation;
mod window_proxies;

pub use prefs::{PREFS_TABLE, PrefError, Prefs};
pub use process::run_content_process;
