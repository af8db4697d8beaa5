/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Buffer types: `ArrayBuffer`, its views, `BufferSource`. <https://webidl.spec.whatwg.org/#idl-buffer-source-types>
//!
//! - `array_buffer`: the bytes. They can be copied out and in, but not borrowed: any script may detach or resize a buffer.
//! - `view`: typed arrays and `DataView`, as `ArrayBufferView` and as a type for each.

mod array_buffer;
mod view;

pub use array_buffer::ArrayBuffer;
pub use view::{
    ArrayBufferView, BigInt64Array, BigUint64Array, DataView, Float32Array, Float64Array,
    Int8Array, Int16Array, Int32Array, Uint8Array, Uint8ClampedArray, Uint16Array, Uint32Array,
    ViewType,
};

use crate::convert::ToJs;
use crate::error::Fallible;
use crate::realm::Realm;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};

/// A buffer type as a conversion from script.
pub trait Buffer: Sized {
    /// The name that errors mention.
    const NAME: &'static str;

    /// The value as this type, whether its buffer can be resized or not; `None` if it is of another type.
    fn of(value: &JsValue) -> Option<Self>;

    /// The buffer.
    fn array_buffer(&self, realm: &Realm) -> Fallible<ArrayBuffer>;
}

/// `BufferSource`, and `AllowSharedBufferSource`, since there is no `SharedArrayBuffer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BufferSource {
    /// A buffer as a whole.
    ArrayBuffer(ArrayBuffer),
    /// A view of a buffer.
    ArrayBufferView(ArrayBufferView),
}

impl BufferSource {
    /// The number of bytes; 0 if the buffer is detached, or too short by now for the view.
    pub fn byte_length(&self, realm: &Realm) -> usize {
        match self {
            Self::ArrayBuffer(buffer) => buffer.byte_length(realm),
            Self::ArrayBufferView(view) => view.byte_length(realm),
        }
    }

    /// Whether the buffer is detached.
    pub fn is_detached(&self, realm: &Realm) -> bool {
        match self {
            Self::ArrayBuffer(buffer) => buffer.is_detached(realm),
            Self::ArrayBufferView(view) => view.is_detached(realm),
        }
    }

    /// A copy of the bytes; empty if the buffer is detached.
    /// <https://webidl.spec.whatwg.org/#dfn-get-buffer-source-copy>
    pub fn to_vec(&self, realm: &Realm) -> Vec<u8> {
        match self {
            Self::ArrayBuffer(buffer) => buffer.to_vec(realm),
            Self::ArrayBufferView(view) => view.to_vec(realm),
        }
    }

    /// Writes bytes, from byte `start` on. A `TypeError` if they do not fit.
    /// <https://webidl.spec.whatwg.org/#arraybuffer-write>
    pub fn write(&self, realm: &Realm, start: usize, bytes: &[u8]) -> Fallible<()> {
        match self {
            Self::ArrayBuffer(buffer) => buffer.write(realm, start, bytes),
            Self::ArrayBufferView(view) => view.write(realm, start, bytes),
        }
    }

    /// The object.
    pub fn as_object(&self) -> &JsObject {
        match self {
            Self::ArrayBuffer(buffer) => buffer.as_object(),
            Self::ArrayBufferView(view) => view.as_object(),
        }
    }
}

impl Buffer for BufferSource {
    const NAME: &'static str = "BufferSource";

    fn of(value: &JsValue) -> Option<Self> {
        let buffer = ArrayBuffer::of(value).map(Self::ArrayBuffer);
        buffer.or_else(|| ArrayBufferView::of(value).map(Self::ArrayBufferView))
    }

    fn array_buffer(&self, realm: &Realm) -> Fallible<ArrayBuffer> {
        match self {
            Self::ArrayBuffer(buffer) => Ok(buffer.clone()),
            Self::ArrayBufferView(view) => view.buffer(realm),
        }
    }
}

impl ToJs for BufferSource {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.as_object().as_value().clone())
    }
}

#[allow(unsafe_code)]
// SAFETY: the one object.
unsafe impl Trace for BufferSource {
    fn trace(&self, tracer: &mut Tracer) {
        self.as_object().trace(tracer);
    }
}
