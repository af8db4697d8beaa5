/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Buffers and byte strings.

use std::cell::RefCell;

use sordino_script_bindings::{
    ArrayBuffer, ArrayBufferView, BigInt64Array, BufferSource, ByteString, DataView, DomRoot,
    DomString, Fallible, Float32Array, Realm, Record, Reflector, Uint8Array, dom_object,
};

use crate::bindings::{
    BufferOptions, BufferSourceOrTestBuffersOrUsvString as Body,
    Int8ArrayOrDataViewOrBufferOptions as Either, TestBuffersMethods,
};

/// Copies, writes and describes what it is given.
#[derive(Default)]
pub struct TestBuffers {
    reflector: Reflector,
    kept: RefCell<Option<ArrayBuffer>>,
}

dom_object!(TestBuffers, reflector, trace(kept));

fn describe(realm: &Realm, view: &ArrayBufferView) -> Fallible<DomString> {
    let total = view.buffer(realm)?.byte_length(realm);
    let (offset, bytes) = (view.byte_offset(realm), view.byte_length(realm));
    let (name, length) = (view.view_type().name(), view.length(realm));
    Ok(format!("{name} {length} ({bytes} at {offset} of {total})").into())
}

impl TestBuffersMethods for TestBuffers {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::default()))
    }

    fn kept(&self, _realm: &Realm) -> Option<ArrayBuffer> {
        self.kept.borrow().clone()
    }

    fn set_kept(&self, _realm: &Realm, value: Option<ArrayBuffer>) {
        *self.kept.borrow_mut() = value;
    }

    fn bytes(&self, realm: &Realm, source: BufferSource) -> Fallible<Vec<u8>> {
        Ok(source.to_vec(realm))
    }

    fn buffer(&self, _realm: &Realm, buffer: ArrayBuffer) -> Fallible<ArrayBuffer> {
        Ok(buffer)
    }

    fn resizable(&self, realm: &Realm, buffer: ArrayBuffer) -> Fallible<ArrayBuffer> {
        ArrayBuffer::new(realm, [u8::from(buffer.is_resizable(realm))])
    }

    fn view(&self, realm: &Realm, view: ArrayBufferView) -> Fallible<DomString> {
        describe(realm, &view)
    }

    fn resizable_view(&self, realm: &Realm, view: ArrayBufferView) -> Fallible<DomString> {
        describe(realm, &view)
    }

    fn doubled(&self, realm: &Realm, bytes: Uint8Array) -> Fallible<Uint8Array> {
        let doubled: Vec<u8> = bytes.elements(realm).iter().map(|byte| byte * 2).collect();
        Uint8Array::new(realm, doubled)
    }

    fn halves(&self, realm: &Realm, numbers: Float32Array) -> Fallible<Float32Array> {
        let halves: Vec<f32> = numbers.elements(realm).iter().map(|n| n / 2.0).collect();
        Float32Array::new(realm, halves)
    }

    fn data_view(&self, _realm: &Realm, view: DataView) -> Fallible<DataView> {
        Ok(view)
    }

    fn big_ints(&self, realm: &Realm, numbers: BigInt64Array) -> Fallible<BigInt64Array> {
        BigInt64Array::new(realm, numbers.elements(realm))
    }

    fn fill(&self, realm: &Realm, destination: Uint8Array, value: u8) -> Fallible<u32> {
        let count = destination.byte_length(realm);
        destination.write(realm, 0, &vec![value; count])?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn write_at(
        &self,
        realm: &Realm,
        view: ArrayBufferView,
        start: u32,
        bytes: Vec<u8>,
    ) -> Fallible<()> {
        view.write(realm, start as usize, &bytes)
    }

    fn take(&self, realm: &Realm, buffer: ArrayBuffer) -> Fallible<Vec<u8>> {
        buffer.detach(realm)
    }

    fn body(&self, realm: &Realm, body: Option<Body>) -> Fallible<DomString> {
        Ok(match body {
            Some(Body::BufferSource(source)) => {
                let detached = if source.is_detached(realm) { " detached" } else { "" };
                format!("{} bytes{detached}", source.byte_length(realm)).into()
            }
            Some(Body::TestBuffers(_)) => "object".into(),
            Some(Body::UsvString(text)) => text.into(),
            None => "none".into(),
        })
    }

    fn either(&self, realm: &Realm, value: Either) -> Fallible<DomString> {
        match value {
            Either::Int8Array(view) => describe(realm, &view),
            Either::DataView(view) => describe(realm, &view),
            Either::BufferOptions(options) => self.options(realm, options),
        }
    }

    fn options(&self, realm: &Realm, options: BufferOptions) -> Fallible<DomString> {
        let key = options.key.map_or(0, |key| key.byte_length(realm));
        let bytes = options.bytes.map_or(0, |bytes| bytes.byte_length(realm));
        Ok(format!("{key} {bytes} {}", options.name).into())
    }

    fn byte_string(&self, _realm: &Realm, value: ByteString) -> Fallible<ByteString> {
        Ok(value)
    }

    fn bytes_of(&self, _realm: &Realm, value: ByteString) -> Fallible<Vec<u8>> {
        Ok(value.into_bytes())
    }

    fn headers(
        &self,
        _realm: &Realm,
        value: Record<ByteString, ByteString>,
    ) -> Fallible<Record<ByteString, ByteString>> {
        Ok(value)
    }
}
