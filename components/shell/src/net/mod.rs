/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Fetches for content processes, which open no socket and no file themselves.
//!
//! What a process may fetch is decided by the page that the user opened in it, as far as files go:
//! files are for pages that are files. What is said of origins and modes is said by the content
//! process, which keeps documents of several origins apart itself.
//!
//! * [`fetches`]: the fetches of a content process, their threads and their end.
//! * [`fetch`]: from a request to a response, with redirects.
//! * [`request`], [`redirect`], [`cors`], [`blocking`], [`referrer`], [`site`]: the rules of the Fetch
//!   Standard, pure.
//! * [`tab_cookies`]: what a content process knows of the cookies.
//! * [`http`], [`connection`], [`reason`], [`interrupt`]: HTTP by ureq, over connections that can be
//!   given up.
//! * [`encoding`]: content codings.
//! * [`data`], [`mod@file`]: the other schemes.
//!
//! # Threads
//!
//! Each fetch has a thread, which blocks on the network or the disk, and on its content process:
//! one that does not read slows its own fetches only. Cancelling a fetch wakes its thread wherever it
//! waits, but for its content process. A name is looked up by one more thread, which nothing wakes;
//! there are few of them.

mod blocking;
mod connection;
mod cors;
mod data;
mod encoding;
mod fetch;
mod fetches;
mod file;
mod http;
mod interrupt;
mod reason;
mod redirect;
mod referrer;
mod request;
mod site;
mod tab_cookies;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use sordino_script::cookies::CookieJar;
use ureq::tls::TlsConfig;

pub(crate) use self::fetches::Fetches;
pub(crate) use self::http::Limits;

/// What the tabs of a run share of the network. Clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    cookies: Arc<CookieJar>,
    limits: Limits,
    tls: TlsConfig,
}

impl Network {
    /// One without cookies.
    pub(crate) fn new(limits: Limits) -> Self {
        Self { cookies: Arc::default(), limits, tls: TlsConfig::default() }
    }

    /// One with the same limits and cookies of its own, for a private tab.
    pub(crate) fn private(&self) -> Self {
        Self { cookies: Arc::default(), ..self.clone() }
    }
}
