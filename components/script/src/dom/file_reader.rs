/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [FileReader](https://w3c.github.io/FileAPI/#APIASynch).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sordino_script_bindings::{
    ArrayBuffer, DomException, DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible,
    Realm, dom_object,
};

use super::event_handlers::event_handlers;
use super::progress_event::{Progress, fire_progress};
use super::{Blob, EventTarget};
use crate::bindings::{DomStringOrArrayBuffer, EventHandlerNonNull, FileReaderMethods};
use crate::file_api::BlobData;
use crate::page::Page;

const EMPTY: u16 = 0;
const LOADING: u16 = 1;
const DONE: u16 = 2;

/// What the bytes become.
enum Package {
    ArrayBuffer,
    BinaryString,
    /// By an encoding's label.
    Text(Option<DomString>),
    DataUrl,
}

/// Reads blobs, with events.
pub(crate) struct FileReader {
    event_target: EventTarget,
    state: Cell<u16>,
    result: RefCell<Option<DomStringOrArrayBuffer>>,
    /// Counts reads: the tasks of an older one are out of date.
    reads: Cell<u64>,
}

dom_object!(FileReader: EventTarget, event_target, trace(result));

impl FileReader {
    /// The [read operation](https://w3c.github.io/FileAPI/#readOperation). All bytes are there, so it
    /// makes progress once.
    fn read(&self, blob: &Blob, package: Package) -> Fallible<()> {
        if self.state.get() == LOADING {
            let reason = "the reader is reading a blob already";
            return Err(Error::dom(DomExceptionName::InvalidStateError, reason));
        }
        self.state.set(LOADING);
        self.set_result(None);
        self.reads.set(self.reads.get() + 1);
        let data = blob.data().clone();
        let total = data.bytes.len() as u64;
        let all = Progress { loaded: total, total };
        self.queue(move |reader| reader.fire("loadstart", Progress { loaded: 0, total }));
        if total > 0 {
            self.queue(move |reader| reader.fire("progress", all));
        }
        self.queue(move |reader| reader.finish(&data, &package));
        Ok(())
    }

    fn finish(&self, data: &BlobData, package: &Package) {
        let total = data.bytes.len() as u64;
        let all = Progress { loaded: total, total };
        self.state.set(DONE);
        let packaged = package_data(&self.realm(), data, package);
        let type_ = if packaged.is_ok() { "load" } else { "error" };
        self.set_result(packaged.ok());
        self.fire(type_, all);
        // Unless it reads another by now.
        if self.state.get() != LOADING {
            self.fire("loadend", all);
        }
    }

    fn set_result(&self, result: Option<DomStringOrArrayBuffer>) {
        let old = self.result.replace(result);
        drop(old);
    }

    fn fire(&self, type_: &str, progress: Progress) {
        fire_progress(&self.root().upcast(), type_, progress);
    }

    /// Queues a task of the read that is under way.
    fn queue(&self, task: impl FnOnce(&Self) + 'static) {
        let (reader, read) = (self.root(), self.reads.get());
        Page::of(&self.realm()).queue(move |_| {
            if reader.reads.get() == read && reader.state.get() == LOADING {
                task(&reader);
            }
        });
    }
}

/// [Packages data](https://w3c.github.io/FileAPI/#blob-package-data). It fails for want of memory only.
fn package_data(
    realm: &Realm,
    data: &BlobData,
    package: &Package,
) -> Fallible<DomStringOrArrayBuffer> {
    let text = match package {
        Package::ArrayBuffer => {
            let buffer = ArrayBuffer::new(realm, &data.bytes)?;
            return Ok(DomStringOrArrayBuffer::ArrayBuffer(buffer));
        }
        Package::BinaryString => data.bytes.iter().copied().map(char::from).collect(),
        Package::Text(label) => {
            data.text_by_label(label.as_ref().map(DomString::to_str_lossy).as_deref())
        }
        Package::DataUrl => {
            let type_ = match data.type_.as_str() {
                "" => "application/octet-stream",
                type_ => type_,
            };
            format!("data:{type_};base64,{}", STANDARD.encode(&data.bytes))
        }
    };
    Ok(DomStringOrArrayBuffer::DomString(text.into()))
}

impl FileReaderMethods for FileReader {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        let reader = Self {
            event_target: EventTarget::new(),
            state: Cell::new(EMPTY),
            result: RefCell::default(),
            reads: Cell::new(0),
        };
        Ok(DomRoot::new(realm, reader))
    }

    fn read_as_array_buffer(&self, _realm: &Realm, blob: DomRoot<Blob>) -> Fallible<()> {
        self.read(&blob, Package::ArrayBuffer)
    }

    fn read_as_binary_string(&self, _realm: &Realm, blob: DomRoot<Blob>) -> Fallible<()> {
        self.read(&blob, Package::BinaryString)
    }

    fn read_as_text(
        &self,
        _realm: &Realm,
        blob: DomRoot<Blob>,
        encoding: Option<DomString>,
    ) -> Fallible<()> {
        self.read(&blob, Package::Text(encoding))
    }

    fn read_as_data_url(&self, _realm: &Realm, blob: DomRoot<Blob>) -> Fallible<()> {
        self.read(&blob, Package::DataUrl)
    }

    /// <https://w3c.github.io/FileAPI/#dfn-abort>
    fn abort(&self, _realm: &Realm) -> Fallible<()> {
        self.set_result(None);
        if self.state.get() != LOADING {
            return Ok(());
        }
        self.state.set(DONE);
        self.fire("abort", Progress::default());
        if self.state.get() != LOADING {
            self.fire("loadend", Progress::default());
        }
        Ok(())
    }

    fn ready_state(&self, _realm: &Realm) -> u16 {
        self.state.get()
    }

    fn result(&self, _realm: &Realm) -> Option<DomStringOrArrayBuffer> {
        self.result.borrow().clone()
    }

    /// Nothing fails: the bytes of every blob are there.
    fn error(&self, _realm: &Realm) -> Option<DomException> {
        None
    }

    event_handlers! { EventHandlerNonNull:
        onloadstart set_onloadstart, onprogress set_onprogress, onload set_onload,
        onabort set_onabort, onerror set_onerror, onloadend set_onloadend,
    }
}
