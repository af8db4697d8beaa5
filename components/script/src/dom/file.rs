/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [File](https://w3c.github.io/FileAPI/#file-section).

use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use sordino_script_bindings::{DomRoot, DomString, Fallible, Realm, Serializable, dom_object};

use super::Blob;
use crate::bindings::{BufferSourceOrBlobOrUsvString as BlobPart, FileMethods, FilePropertyBag};
use crate::file_api::BlobData;

/// A blob with a name.
pub(crate) struct File {
    blob: Blob,
    name: String,
    /// In milliseconds since 1970.
    last_modified: i64,
}

dom_object!(File: Blob, blob);

fn now() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

/// What is left of a file between realms.
pub(crate) struct SerializedFile {
    data: BlobData,
    name: String,
    last_modified: i64,
}

impl Serializable for File {
    type Data = SerializedFile;

    fn serialize(&self, _realm: &Realm) -> Fallible<Rc<SerializedFile>> {
        let (data, name) = (self.blob.data().clone(), self.name.clone());
        Ok(Rc::new(SerializedFile { data, name, last_modified: self.last_modified }))
    }

    fn deserialize(realm: &Realm, file: Rc<SerializedFile>) -> Fallible<DomRoot<Self>> {
        let (blob, name) = (Blob::new_inherited(file.data.clone()), file.name.clone());
        Ok(DomRoot::new(realm, Self { blob, name, last_modified: file.last_modified }))
    }
}

impl FileMethods for File {
    /// <https://w3c.github.io/FileAPI/#file-constructor>
    fn constructor(
        realm: &Realm,
        file_bits: Vec<BlobPart>,
        file_name: String,
        options: FilePropertyBag,
    ) -> Fallible<DomRoot<Self>> {
        let data = Blob::process_parts(realm, file_bits, &options.parent)?;
        let blob = Blob::new_inherited(data);
        let last_modified = options.last_modified.unwrap_or_else(now);
        Ok(DomRoot::new(realm, Self { blob, name: file_name, last_modified }))
    }

    fn name(&self, _realm: &Realm) -> DomString {
        self.name.as_str().into()
    }

    fn last_modified(&self, _realm: &Realm) -> i64 {
        self.last_modified
    }
}
