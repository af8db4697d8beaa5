/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What `Request` and `Response` have of the [body mixin](https://fetch.spec.whatwg.org/#body-mixin).

/// Its methods, for a type with a field `body` and a field `headers`. The names are for the check of
/// the bindings, and all must be there. `JsPromise` and `Realm` must be imported.
macro_rules! body_methods {
    ($body_used:ident, $array_buffer:ident, $blob:ident, $bytes:ident, $json:ident, $text:ident) => {
        fn $body_used(&self, _realm: &Realm) -> bool {
            self.body.is_used()
        }

        /// <https://fetch.spec.whatwg.org/#dom-body-arraybuffer>
        fn $array_buffer(&self, realm: &Realm) -> Fallible<JsPromise> {
            let package = |realm: &Realm, bytes: &bytes::Bytes| {
                sordino_script_bindings::ArrayBuffer::new(realm, bytes)
            };
            self.body.consume(realm, package)
        }

        /// <https://fetch.spec.whatwg.org/#dom-body-blob>
        fn $blob(&self, realm: &Realm) -> Fallible<JsPromise> {
            let mime = self.headers.list().borrow().extract_mime_type();
            let type_ = mime.map(|mime| mime.to_string().to_ascii_lowercase()).unwrap_or_default();
            self.body.consume(realm, move |realm, bytes| {
                let data = crate::file_api::BlobData { bytes: bytes.clone(), type_ };
                Ok(crate::dom::Blob::new(realm, data))
            })
        }

        /// <https://fetch.spec.whatwg.org/#dom-body-bytes>
        fn $bytes(&self, realm: &Realm) -> Fallible<JsPromise> {
            let package = |realm: &Realm, bytes: &bytes::Bytes| {
                sordino_script_bindings::Uint8Array::new(realm, bytes)
            };
            self.body.consume(realm, package)
        }

        /// <https://fetch.spec.whatwg.org/#dom-body-json>
        fn $json(&self, realm: &Realm) -> Fallible<JsPromise> {
            self.body.consume(realm, |realm, bytes| {
                realm.parse_json(&encoding_rs::UTF_8.decode_with_bom_removal(bytes).0)
            })
        }

        /// <https://fetch.spec.whatwg.org/#dom-body-text>
        fn $text(&self, realm: &Realm) -> Fallible<JsPromise> {
            self.body.consume(realm, |_, bytes| {
                Ok(encoding_rs::UTF_8.decode_with_bom_removal(bytes).0.into_owned())
            })
        }
    };
}
pub(super) use body_methods;
