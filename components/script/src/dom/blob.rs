/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Blob](https://w3c.github.io/FileAPI/#blob-section).

use std::rc::Rc;

use sordino_script_bindings::{
    ArrayBuffer, DomRoot, DomString, Fallible, JsPromise, Realm, Reflector, Serializable, ToJs,
    Uint8Array, dom_object,
};

use crate::bindings::{
    BlobMethods, BlobPropertyBag, BufferSourceOrBlobOrUsvString as BlobPart, EndingType,
};
use crate::file_api::{BlobData, convert_line_endings};
use crate::page::Page;

/// Bytes that do not change, with a type.
pub(crate) struct Blob {
    reflector: Reflector,
    data: BlobData,
}

dom_object!(Blob, reflector);

impl Blob {
    pub(crate) fn new_inherited(data: BlobData) -> Self {
        Self { reflector: Reflector::new(), data }
    }

    pub(crate) fn new(realm: &Realm, data: BlobData) -> DomRoot<Self> {
        DomRoot::new(realm, Self::new_inherited(data))
    }

    /// [Processes blob parts](https://w3c.github.io/FileAPI/#process-blob-parts).
    pub(super) fn process_parts(
        realm: &Realm,
        parts: Vec<BlobPart>,
        options: &BlobPropertyBag,
    ) -> Fallible<BlobData> {
        let mut bytes = Vec::new();
        for part in parts {
            match part {
                BlobPart::BufferSource(source) => bytes.extend(source.to_vec(realm)),
                BlobPart::Blob(blob) => bytes.extend_from_slice(&blob.data.bytes),
                BlobPart::UsvString(text) if options.endings == EndingType::Native => {
                    bytes.extend(convert_line_endings(&text).into_bytes());
                }
                BlobPart::UsvString(text) => bytes.extend(text.into_bytes()),
            }
        }
        BlobData::new(bytes, &options.type_.to_str_lossy())
    }

    pub(crate) fn data(&self) -> &BlobData {
        &self.data
    }

    /// A promise of what a task makes of the data.
    fn read<T: ToJs>(
        &self,
        realm: &Realm,
        package: impl FnOnce(&Realm, &BlobData) -> Fallible<T> + 'static,
    ) -> Fallible<JsPromise> {
        let promise = JsPromise::new(realm)?;
        let (result, data) = (promise.clone(), self.data.clone());
        Page::of(realm).queue(move |page| {
            let realm = page.realm();
            match package(&realm, &data) {
                Ok(value) => result.resolve(&realm, &value),
                Err(error) => result.reject(&realm, error),
            }
        });
        Ok(promise)
    }
}

impl Serializable for Blob {
    type Data = BlobData;

    fn serialize(&self, _realm: &Realm) -> Fallible<Rc<BlobData>> {
        Ok(Rc::new(self.data.clone()))
    }

    fn deserialize(realm: &Realm, data: Rc<BlobData>) -> Fallible<DomRoot<Self>> {
        Ok(Self::new(realm, (*data).clone()))
    }
}

impl BlobMethods for Blob {
    /// <https://w3c.github.io/FileAPI/#constructorBlob>
    fn constructor(
        realm: &Realm,
        blob_parts: Option<Vec<BlobPart>>,
        options: BlobPropertyBag,
    ) -> Fallible<DomRoot<Self>> {
        let parts = blob_parts.unwrap_or_default();
        Ok(Self::new(realm, Self::process_parts(realm, parts, &options)?))
    }

    fn size(&self, _realm: &Realm) -> u64 {
        self.data.bytes.len() as u64
    }

    fn type_(&self, _realm: &Realm) -> DomString {
        self.data.type_.as_str().into()
    }

    /// <https://w3c.github.io/FileAPI/#dfn-slice>
    fn slice(
        &self,
        realm: &Realm,
        start: Option<i64>,
        end: Option<i64>,
        content_type: Option<DomString>,
    ) -> Fallible<DomRoot<Blob>> {
        let type_ = content_type.unwrap_or_default();
        Ok(Self::new(realm, self.data.slice(start, end, &type_.to_str_lossy())))
    }

    /// <https://w3c.github.io/FileAPI/#dom-blob-text>
    fn text(&self, realm: &Realm) -> Fallible<JsPromise> {
        self.read(realm, |_, data| Ok(data.text()))
    }

    /// <https://w3c.github.io/FileAPI/#dom-blob-arraybuffer>
    fn array_buffer(&self, realm: &Realm) -> Fallible<JsPromise> {
        self.read(realm, |realm, data| ArrayBuffer::new(realm, &data.bytes))
    }

    /// <https://w3c.github.io/FileAPI/#dom-blob-bytes>
    fn bytes(&self, realm: &Realm) -> Fallible<JsPromise> {
        self.read(realm, |realm, data| Uint8Array::new(realm, &data.bytes))
    }
}
