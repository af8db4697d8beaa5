/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [What script gets](https://xhr.spec.whatwg.org/#response) of the response.

use data_url::mime::Mime;
use encoding_rs::Encoding;
use sordino_script_bindings::{
    ArrayBuffer, DomObjectExt, DomRoot, Fallible, JsValue, Realm, ToJs, convert,
};
use sordino_traits::headers::HeaderList;
use url::Url;

use super::{DONE, LOADING, ResponseType, XMLHttpRequest};
use crate::dom::{Blob, Document};
use crate::encoding::{Hints, decode_document};
use crate::file_api::BlobData;
use crate::page::Page;
use crate::parser::parse_document;
use crate::tree::DocumentNode;

impl XMLHttpRequest {
    /// The headers of the response; none of a network error.
    pub(super) fn response_headers(&self) -> HeaderList {
        let response = self.response.borrow();
        response.as_ref().map(|head| HeaderList(head.headers.clone())).unwrap_or_default()
    }

    /// [Gets a response MIME type](https://xhr.spec.whatwg.org/#response-mime-type).
    fn response_mime_type(&self) -> Mime {
        let found = self.response_headers().extract_mime_type();
        found.unwrap_or_else(|| Mime::new("text", "xml"))
    }

    /// [Gets a final MIME type](https://xhr.spec.whatwg.org/#final-mime-type).
    fn final_mime_type(&self) -> Mime {
        let overriding = self.override_mime_type.borrow().clone();
        overriding.unwrap_or_else(|| self.response_mime_type())
    }

    /// [Gets a final encoding](https://xhr.spec.whatwg.org/#final-charset).
    fn final_encoding(&self) -> Option<&'static Encoding> {
        let charset = |mime: &Mime| mime.get_parameter("charset").map(str::to_owned);
        let overriding = self.override_mime_type.borrow().as_ref().and_then(charset);
        let label = overriding.or_else(|| charset(&self.response_mime_type()))?;
        Encoding::for_label(label.as_bytes())
    }

    /// [Gets a text response](https://xhr.spec.whatwg.org/#text-response), as far as it has come.
    pub(super) fn text_response(&self) -> String {
        if self.state.get() < LOADING {
            return String::new();
        }
        let encoding = self.final_encoding().unwrap_or(encoding_rs::UTF_8);
        encoding.decode(&self.received.borrow()).0.into_owned()
    }

    /// The [response](https://xhr.spec.whatwg.org/#the-response-attribute) getter's steps.
    pub(super) fn response_of_type(&self) -> JsValue {
        let realm = self.realm();
        if matches!(self.response_type.get(), ResponseType::Empty | ResponseType::Text) {
            return self.text_response().to_js(&realm).unwrap_or_default();
        }
        if self.state.get() != DONE || self.response.borrow().is_none() {
            return JsValue::null();
        }
        let made = self.response_object.borrow().clone();
        made.unwrap_or_else(|| {
            let made = self.make_response(&realm).unwrap_or_else(|error| {
                drop(realm.exception_value(error));
                JsValue::null()
            });
            self.response_object.replace(Some(made.clone()));
            made
        })
    }

    /// The response as an object of its type.
    fn make_response(&self, realm: &Realm) -> Fallible<JsValue> {
        let bytes = self.received.borrow().clone();
        match self.response_type.get() {
            ResponseType::Arraybuffer => ArrayBuffer::new(realm, bytes)?.to_js(realm),
            ResponseType::Blob => {
                let type_ = self.final_mime_type().to_string().to_ascii_lowercase();
                Blob::new(realm, BlobData { bytes: bytes.into(), type_ }).to_js(realm)
            }
            ResponseType::Json => {
                realm.parse_json(&encoding_rs::UTF_8.decode_with_bom_removal(&bytes).0)
            }
            ResponseType::Document => self.make_document().to_js(realm),
            ResponseType::Empty | ResponseType::Text => self.text_response().to_js(realm),
        }
    }

    /// The document that `responseXML` is; made once.
    pub(super) fn document_response(&self) -> Fallible<Option<DomRoot<Document>>> {
        // Without a type, only XML is a document, and there is no XML parser.
        if self.response_type.get() != ResponseType::Document {
            return Ok(None);
        }
        let response = self.response_of_type();
        convert::nullable(&self.realm(), &response, convert::interface::<Document>)
    }

    /// [Sets a document response](https://xhr.spec.whatwg.org/#document-response): a document of HTML,
    /// whose scripts do not run.
    fn make_document(&self) -> Option<DomRoot<Document>> {
        let mime = self.final_mime_type();
        if !mime.matches("text", "html") {
            return None;
        }
        let charset = self.final_encoding().map(Encoding::name);
        let hints = Hints { charset, container: Some(encoding_rs::UTF_8), is_file: false };
        let (text, encoding) = decode_document(&self.received.borrow(), hints);
        let url = self.response.borrow().as_ref().and_then(|head| Url::parse(&head.url).ok())?;
        let mut init = DocumentNode::without_page(url, true, "text/html");
        init.encoding = encoding;
        let page = Page::of(&self.realm());
        let tree = page.tree();
        let document = tree.new_document(&self.realm(), init);
        parse_document(tree, document.node_id(), &text);
        Some(document)
    }
}
