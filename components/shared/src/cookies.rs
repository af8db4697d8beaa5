/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The cookies that documents see, between a content process and the shell.
//!
//! A content process has a copy of those of each of its documents, since `document.cookie` does not wait.
//! What script writes there is seen at once and said to the shell, whose answer has the last word.

use serde::{Deserialize, Serialize};

/// The longest text that script may write to `document.cookie`, in bytes; longer ones are dropped.
pub const MAX_COOKIE_TEXT: usize = 16 * 1024;

/// How whoever reads or sets cookies relates to the site that they are of, which decides which
/// [`SameSite`](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-samesite-cookies)
/// cookies these are.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum CookieAccess {
    /// It is of the same site, or of the user.
    SameSite,
    /// Another site opens a page, which changes nothing on the server.
    TopLevel,
    /// Another site.
    CrossSite,
}

/// The cookies of a document.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct DocumentCookies {
    /// The URL of the document, without a fragment.
    pub url: String,
    /// What it may read and set.
    pub access: CookieAccess,
    /// Each as `Set-Cookie` would set it. Those with `HttpOnly` are without their values: script neither
    /// reads nor replaces them.
    pub cookies: Vec<String>,
    /// Grows with each state that the process is told of; an older one may come late.
    pub version: u64,
    /// How many of the process's [`SetCookie`](crate::embedder::ShellRequest::SetCookie) requests are in it.
    pub written: u64,
}
