/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Fetching scripts.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use encoding_rs::Encoding;
use sordino_traits::embedder::{
    ConsoleLevel, CredentialsMode, Destination, FetchEvent, ReferrerPolicy, Request, RequestMode,
    ResponseHead, ResponseType,
};
use url::Url;

use super::Page;
use super::scripts::{ClassicScript, ScriptResult};
use crate::encoding::decode_script;
use crate::fetch::Metadata;

/// [Script fetch options](https://html.spec.whatwg.org/multipage/webappapis.html#script-fetch-options).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ScriptFetchOptions {
    pub(super) credentials: CredentialsMode,
    pub(super) referrer_policy: ReferrerPolicy,
}

/// What a fetch brought, if all of it came with an
/// [ok status](https://fetch.spec.whatwg.org/#ok-status) and is what was expected.
pub(super) type Fetched = Option<(ResponseHead, Vec<u8>)>;

impl Page {
    /// [Fetches a classic script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script),
    /// of which the expected hashes and the encoding without a declaration are given.
    pub(super) fn fetch_classic(
        self: &Rc<Self>,
        url: &Url,
        options: ScriptFetchOptions,
        cors: Option<CredentialsMode>,
        (integrity, encoding): (&str, &'static Encoding),
        done: impl FnOnce(&Rc<Self>, ScriptResult) + 'static,
    ) {
        let mut request = self.new_request(url, Destination::Script);
        request.referrer_policy = options.referrer_policy;
        if let Some(credentials) = cors {
            (request.mode, request.credentials) = (RequestMode::Cors, credentials);
        }
        let requested = url.to_string();
        self.fetch_script(request, integrity, move |page, fetched| {
            let Some((head, bytes)) = fetched else { return done(page, ScriptResult::Null) };
            let muted_errors =
                !matches!(head.response_type, ResponseType::Basic | ResponseType::Cors);
            // Where another origin redirects to is not for script to know.
            let name = if muted_errors { requested } else { head.url };
            let scripts = &page.loader.scripts;
            scripts.set_muted(&name, muted_errors);
            scripts.note_credentials(&name, options.credentials);
            let text = decode_script(&bytes, head.charset.as_deref(), encoding);
            let script = ClassicScript { text, name, line: 1, muted_errors };
            done(page, ScriptResult::Classic(script));
        });
    }

    /// Fetches all of a script, in the requested mode. Why it could not be had is on the console.
    pub(super) fn fetch_script(
        self: &Rc<Self>,
        request: Request,
        integrity: &str,
        done: impl FnOnce(&Rc<Self>, Fetched) + 'static,
    ) {
        let url = request.url.clone();
        let integrity = Metadata::parse(integrity);
        let collected = RefCell::new((None::<ResponseHead>, Vec::new()));
        let done = Cell::new(Some(done));
        let finish = move |page: &Rc<Self>, fetched: Result<(ResponseHead, Vec<u8>), String>| {
            let fetched = fetched.map_err(|reason| {
                page.log(ConsoleLevel::Error, format!("a script is missing: {reason}"));
            });
            if let Some(done) = done.take() {
                done(page, fetched.ok());
            }
        };
        self.fetch_request(request, move |page, event| match event {
            FetchEvent::Response(head) => collected.borrow_mut().0 = Some(head),
            FetchEvent::Chunk(bytes) => collected.borrow_mut().1.extend_from_slice(&bytes),
            FetchEvent::Done => {
                let (head, bytes) = collected.take();
                finish(page, check(&url, head, bytes, &integrity));
            }
            FetchEvent::Failed(error) => finish(page, Err(error.to_string())),
        });
    }
}

/// Whether a response is a script that was expected; an error is its reason.
fn check(
    url: &str,
    head: Option<ResponseHead>,
    bytes: Vec<u8>,
    integrity: &Metadata,
) -> Result<(ResponseHead, Vec<u8>), String> {
    let head = head.ok_or_else(|| format!("{url} has no answer"))?;
    if !(200..=299).contains(&head.status) {
        return Err(format!("{url} answered HTTP {}", head.status));
    }
    let is_visible = matches!(head.response_type, ResponseType::Basic | ResponseType::Cors);
    let is_expected = integrity.is_empty() || (is_visible && integrity.matches(&bytes));
    if !is_expected {
        return Err(format!("{url} is not what 'integrity' says"));
    }
    Ok((head, bytes))
}
