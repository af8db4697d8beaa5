/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `ArrayBuffer`. Unsafe because it copies from and to the engine's memory.

#![allow(unsafe_code)]

use std::ops::Range;
use std::ptr;

use rquickjs::qjs;

use crate::buffer::Buffer;
use crate::convert::{self, ToJs};
use crate::error::{Error, Fallible};
use crate::impl_trace;
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};

/// An `ArrayBuffer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayBuffer {
    object: JsObject,
}

impl_trace!(ArrayBuffer { object });

impl ArrayBuffer {
    /// A new one of `realm`, with a copy of `bytes`. A `RangeError` if they are more than the engine can hold.
    pub fn new(realm: &Realm, bytes: impl AsRef<[u8]>) -> Fallible<Self> {
        let bytes = bytes.as_ref();
        // SAFETY: pointer and length are those of `bytes`, which the engine copies.
        let raw =
            unsafe { qjs::JS_NewArrayBufferCopy(realm.ctx(), bytes.as_ptr(), bytes.len() as _) };
        Ok(Self { object: realm.own(raw)?.try_into()? })
    }

    /// A new one of `realm` that can be resized up to `max_byte_length` bytes, with a copy of `bytes`.
    pub fn new_resizable(
        realm: &Realm,
        bytes: impl AsRef<[u8]>,
        max_byte_length: usize,
    ) -> Fallible<Self> {
        let bytes = bytes.as_ref();
        let options = realm.new_object()?;
        options.define(realm, "maxByteLength", JsValue::from_f64(max_byte_length as f64))?;
        let arguments = [JsValue::from_f64(bytes.len() as f64), options.into_value()];
        let object = realm.construct(&realm.intrinsics().array_buffer, &arguments)?;
        let buffer = Self { object: object.try_into()? };
        buffer.write(realm, 0, bytes)?;
        Ok(buffer)
    }

    /// Where the bytes are now, and how many; `None` if detached. Valid until script runs.
    fn bytes(&self, realm: &Realm) -> Option<(*mut u8, usize)> {
        let mut length = 0;
        // SAFETY: all are alive; the engine writes the length.
        let data = unsafe {
            qjs::JS_GetArrayBuffer(realm.ctx(), &mut length, self.object.as_value().as_raw())
        };
        if data.is_null() {
            drop(realm.take_exception());
            return None;
        }
        Some((data, usize::try_from(length).unwrap_or(0)))
    }

    /// The number of bytes; 0 if detached.
    pub fn byte_length(&self, realm: &Realm) -> usize {
        self.bytes(realm).map_or(0, |(_, length)| length)
    }

    /// Whether it was detached, for example because it was transferred.
    pub fn is_detached(&self, realm: &Realm) -> bool {
        self.bytes(realm).is_none()
    }

    /// Whether it was made with a `maxByteLength`.
    pub fn is_resizable(&self, realm: &Realm) -> bool {
        let getter = &realm.intrinsics().array_buffer_resizable;
        let result = realm.call(getter, self.object.as_value(), &[]);
        result.is_ok_and(|value| value.as_bool() == Some(true))
    }

    /// How many bytes it can be resized to, if it can be resized.
    pub fn max_byte_length(&self, realm: &Realm) -> Option<usize> {
        let getter = &realm.intrinsics().array_buffer_max_byte_length;
        self.is_resizable(realm).then(|| byte_count(realm, getter, &self.object))
    }

    /// `resize`, whatever script put in its place.
    pub(super) fn resize(&self, realm: &Realm, byte_length: usize) -> Fallible<()> {
        let resize = &realm.intrinsics().array_buffer_resize;
        let length = JsValue::from_f64(byte_length as f64);
        realm.call(resize, self.object.as_value(), &[length]).map(drop)
    }

    /// Whether its bytes can never change.
    pub fn is_immutable(&self) -> bool {
        // SAFETY: reads a flag of a live object.
        unsafe { qjs::JS_IsImmutableArrayBuffer(self.object.as_value().as_raw()) == 1 }
    }

    /// A copy of the bytes; empty if detached.
    pub fn to_vec(&self, realm: &Realm) -> Vec<u8> {
        self.copy(realm, 0..usize::MAX)
    }

    /// A copy of the bytes of a range, as far as they exist.
    pub(super) fn copy(&self, realm: &Realm, range: Range<usize>) -> Vec<u8> {
        let Some((data, length)) = self.bytes(realm) else {
            return Vec::new();
        };
        let end = range.end.min(length);
        let start = range.start.min(end);
        // SAFETY: within the buffer, and no script runs before the copy is made.
        unsafe { std::slice::from_raw_parts(data.add(start), end - start).to_vec() }
    }

    /// Writes bytes, from byte `start` on. A `TypeError` if they do not fit, or if the buffer is detached or immutable.
    /// <https://webidl.spec.whatwg.org/#arraybuffer-write>
    pub fn write(&self, realm: &Realm, start: usize, bytes: &[u8]) -> Fallible<()> {
        let Some((data, length)) = self.bytes(realm) else {
            return Err(Error::type_error("the ArrayBuffer is detached"));
        };
        if self.is_immutable() {
            return Err(Error::type_error("the ArrayBuffer is immutable"));
        }
        if start.checked_add(bytes.len()).is_none_or(|end| end > length) {
            return Err(Error::type_error("the ArrayBuffer is too short for the bytes"));
        }
        // SAFETY: within the buffer, as was just checked; Rust never borrows a buffer, so they do not overlap.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), data.add(start), bytes.len()) };
        Ok(())
    }

    /// Detaches the buffer and returns its bytes. A `TypeError` if it is detached already, or immutable.
    /// <https://webidl.spec.whatwg.org/#arraybuffer-detach>
    pub fn detach(&self, realm: &Realm) -> Fallible<Vec<u8>> {
        if self.is_immutable() || self.is_detached(realm) {
            return Err(Error::type_error("the ArrayBuffer cannot be detached"));
        }
        let bytes = self.to_vec(realm);
        // SAFETY: all are alive.
        unsafe { qjs::JS_DetachArrayBuffer(realm.ctx(), self.object.as_value().as_raw()) };
        Ok(bytes)
    }

    /// The object.
    pub fn as_object(&self) -> &JsObject {
        &self.object
    }
}

impl Buffer for ArrayBuffer {
    const NAME: &'static str = "ArrayBuffer";

    fn of(value: &JsValue) -> Option<Self> {
        // SAFETY: reads the class of a live value.
        let is_buffer = unsafe { qjs::JS_IsArrayBuffer(value.as_raw()) };
        is_buffer.then(|| value.as_object().map(|object| Self { object: object.clone() }))?
    }

    fn array_buffer(&self, _realm: &Realm) -> Fallible<ArrayBuffer> {
        Ok(self.clone())
    }
}

impl ToJs for ArrayBuffer {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.object.as_value().clone())
    }
}

/// The result of a getter of the engine: a number of bytes.
pub(super) fn byte_count(realm: &Realm, getter: &JsValue, object: &JsObject) -> usize {
    let result = realm.call(getter, object.as_value(), &[]);
    match result.and_then(|value| convert::unrestricted_double(realm, &value)) {
        Ok(count) => count as usize,
        Err(_) => {
            // The view is out of bounds.
            drop(realm.take_exception());
            0
        }
    }
}
