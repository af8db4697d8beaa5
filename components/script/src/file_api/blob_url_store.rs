/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [blob URL store](https://w3c.github.io/FileAPI/#BlobURLStore) of a content process: a blob URL is
//! fetched here and never by the shell.

use std::cell::RefCell;
use std::collections::HashMap;

use sordino_traits::DocumentId;
use sordino_traits::embedder::{
    ContentRange, FetchError, FetchEvent, FetchId, Header, Request, ResponseHead, ResponseType,
};
use sordino_traits::headers::{HeaderList, resolve_range};
use url::{Origin, Position, Url};
use uuid::Uuid;

use super::BlobData;
use crate::agent::Agent;
use crate::page::Page;

/// A [blob URL entry](https://w3c.github.io/FileAPI/#blob-url-entry).
struct Entry {
    blob: BlobData,
    origin: Origin,
    document: DocumentId,
}

/// The blobs that have URLs. An entry goes with the document that made it.
#[derive(Default)]
pub(crate) struct BlobUrlStore {
    /// By URL without fragment.
    entries: RefCell<HashMap<String, Entry>>,
}

impl BlobUrlStore {
    /// [Adds an entry](https://w3c.github.io/FileAPI/#add-an-entry), and returns its new URL. That of a
    /// discarded document leads to nothing.
    pub(crate) fn add(&self, page: &Page, blob: BlobData) -> String {
        let origin = page.origin().clone();
        let url = format!("blob:{}/{}", origin.ascii_serialization(), Uuid::new_v4());
        if !page.is_discarded() {
            let entry = Entry { blob, origin, document: page.document_id() };
            self.entries.borrow_mut().insert(url.clone(), entry);
        }
        url
    }

    /// [Revokes](https://w3c.github.io/FileAPI/#dfn-revokeObjectURL) a URL, if it is one of that origin.
    pub(crate) fn revoke(&self, url: &str, origin: &Origin) {
        let Ok(url) = Url::parse(url) else { return };
        let url = &url[..Position::AfterQuery];
        let mut entries = self.entries.borrow_mut();
        if entries.get(url).is_some_and(|entry| entry.origin == *origin) {
            entries.remove(url);
        }
    }

    /// [Resolves](https://w3c.github.io/FileAPI/#blob-url-resolve) a blob URL for a document of that
    /// origin, or for a navigation.
    pub(crate) fn resolve(&self, url: &Url, origin: Option<&Origin>) -> Option<BlobData> {
        let entries = self.entries.borrow();
        let entry = entries.get(&url[..Position::AfterQuery])?;
        let may_see = origin.is_none_or(|origin| entry.origin == *origin);
        may_see.then(|| entry.blob.clone())
    }

    /// Forgets what a document has made.
    pub(crate) fn forget(&self, document: DocumentId) {
        self.entries.borrow_mut().retain(|_, entry| entry.document != document);
    }
}

impl Agent {
    /// The [scheme fetch](https://fetch.spec.whatwg.org/#scheme-fetch) of a blob URL: the same events as
    /// those of the shell.
    pub(crate) fn fetch_blob(&self, id: FetchId, request: &Request, blob: Option<BlobData>) {
        let failed = |reason: &str| {
            let error = FetchError::Network { url: request.url.clone(), reason: reason.into() };
            self.fetch_event(id, FetchEvent::Failed(error));
        };
        if request.method != "GET" {
            return failed("a blob can be had by GET only");
        }
        let Some(blob) = blob else {
            return failed("there is no such blob, or it is of another origin");
        };
        let mime: Option<data_url::mime::Mime> = blob.type_.parse().ok();
        let total = blob.bytes.len() as u64;
        let mut headers = vec![Header::new("content-type", blob.type_)];
        let mut part = &blob.bytes[..];
        let mut range = None;
        let (mut status, mut status_text) = (200, "OK");
        if let Some(value) = HeaderList(request.headers.clone()).get("range") {
            let Some((start, length)) = resolve_range(&value, total) else {
                return failed("the blob does not have this range");
            };
            // Both are within the blob.
            part = &part[start as usize..(start + length) as usize];
            range = Some(ContentRange { start, total: Some(total) });
            (status, status_text) = (206, "Partial Content");
            let value = format!("bytes {start}-{}/{total}", start + length - 1);
            headers.push(Header::new("content-range", value));
        }
        headers.insert(0, Header::new("content-length", part.len().to_string()));
        let head = ResponseHead {
            response_type: ResponseType::Basic,
            url: request.url.clone(),
            redirected: false,
            status,
            status_text: status_text.into(),
            headers,
            mime_type: mime.as_ref().map(|mime| format!("{}/{}", mime.type_, mime.subtype)),
            charset: mime.and_then(|mime| Some(mime.get_parameter("charset")?.to_owned())),
            length: Some(part.len() as u64),
            range,
            validator: None,
            cookies: None,
        };
        self.fetch_event(id, FetchEvent::Response(head));
        if !part.is_empty() {
            self.fetch_event(id, FetchEvent::Chunk(part.to_vec()));
        }
        self.fetch_event(id, FetchEvent::Done);
    }
}
