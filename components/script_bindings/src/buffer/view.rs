/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Views of buffers: typed arrays and `DataView`.

#![allow(unsafe_code)]

use std::ops::Deref;

use byte_slice_cast::AsByteSlice as _;
use rquickjs::qjs;

use crate::buffer::array_buffer::byte_count;
use crate::buffer::{ArrayBuffer, Buffer};
use crate::convert::ToJs;
use crate::error::{Error, Fallible};
use crate::impl_trace;
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};

macro_rules! view_types {
    ($($name:ident = $engine:ident, $size:literal;)*) => {
        /// What a view's elements are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ViewType {
            /// `DataView`
            DataView,
            $(#[doc = concat!("`", stringify!($name), "`")] $name,)*
        }

        impl ViewType {
            /// The name of the constructor.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::DataView => "DataView",
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// The size of an element, in bytes.
            pub const fn element_size(self) -> usize {
                match self {
                    Self::DataView => 1,
                    $(Self::$name => $size,)*
                }
            }

            fn from_engine(number: i32) -> Option<Self> {
                let number = qjs::JSTypedArrayEnum::try_from(number).ok()?;
                $(
                    if number == qjs::$engine {
                        return Some(Self::$name);
                    }
                )*
                None
            }

            fn to_engine(self) -> Option<qjs::JSTypedArrayEnum> {
                match self {
                    Self::DataView => None,
                    $(Self::$name => Some(qjs::$engine),)*
                }
            }
        }
    };
}

view_types! {
    Int8Array = JSTypedArrayEnum_JS_TYPED_ARRAY_INT8, 1;
    Uint8Array = JSTypedArrayEnum_JS_TYPED_ARRAY_UINT8, 1;
    Uint8ClampedArray = JSTypedArrayEnum_JS_TYPED_ARRAY_UINT8C, 1;
    Int16Array = JSTypedArrayEnum_JS_TYPED_ARRAY_INT16, 2;
    Uint16Array = JSTypedArrayEnum_JS_TYPED_ARRAY_UINT16, 2;
    Int32Array = JSTypedArrayEnum_JS_TYPED_ARRAY_INT32, 4;
    Uint32Array = JSTypedArrayEnum_JS_TYPED_ARRAY_UINT32, 4;
    BigInt64Array = JSTypedArrayEnum_JS_TYPED_ARRAY_BIG_INT64, 8;
    BigUint64Array = JSTypedArrayEnum_JS_TYPED_ARRAY_BIG_UINT64, 8;
    Float16Array = JSTypedArrayEnum_JS_TYPED_ARRAY_FLOAT16, 2;
    Float32Array = JSTypedArrayEnum_JS_TYPED_ARRAY_FLOAT32, 4;
    Float64Array = JSTypedArrayEnum_JS_TYPED_ARRAY_FLOAT64, 8;
}

/// An `ArrayBufferView`: any typed array, or a `DataView`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayBufferView {
    object: JsObject,
    view_type: ViewType,
}

impl_trace!(ArrayBufferView { object });

impl ArrayBufferView {
    /// A new view of `length` elements (for a `DataView`, bytes) from byte `offset` of a buffer; without a length, one of all
    /// that follows, now and after the buffer was resized. A `RangeError` if the buffer has not as many.
    pub fn new(
        realm: &Realm,
        view_type: ViewType,
        buffer: &ArrayBuffer,
        offset: usize,
        length: Option<usize>,
    ) -> Fallible<Self> {
        let number = |count: usize| JsValue::from_f64(count as f64);
        let arguments =
            [buffer.to_js(realm)?, number(offset), length.map_or(JsValue::undefined(), number)];
        let object = match view_type.to_engine() {
            // SAFETY: all are alive; `JsValue` is a transparent wrapper, and the engine does not write to the arguments.
            Some(kind) => realm.own(unsafe {
                let arguments = arguments.as_ptr().cast_mut().cast();
                qjs::JS_NewTypedArray(realm.ctx(), 3, arguments, kind)
            })?,
            None => realm.construct(&realm.intrinsics().data_view, &arguments)?,
        };
        Ok(Self { object: object.try_into()?, view_type })
    }

    /// What its elements are.
    pub fn view_type(&self) -> ViewType {
        self.view_type
    }

    /// The buffer.
    pub fn buffer(&self, realm: &Realm) -> Fallible<ArrayBuffer> {
        let intrinsics = realm.intrinsics();
        let getter = match self.view_type {
            ViewType::DataView => &intrinsics.data_view_buffer,
            _ => &intrinsics.typed_array_buffer,
        };
        let buffer = realm.call(getter, self.object.as_value(), &[])?;
        let none = || Error::type_error("the view is not of an ArrayBuffer");
        ArrayBuffer::of(&buffer).ok_or_else(none)
    }

    /// Where in the buffer the view begins, in bytes; 0 if the buffer is detached, or too short by now.
    pub fn byte_offset(&self, realm: &Realm) -> usize {
        let intrinsics = realm.intrinsics();
        match self.view_type {
            ViewType::DataView => {
                byte_count(realm, &intrinsics.data_view_byte_offset, &self.object)
            }
            _ => byte_count(realm, &intrinsics.typed_array_byte_offset, &self.object),
        }
    }

    /// The number of bytes; 0 if the buffer is detached, or too short by now.
    pub fn byte_length(&self, realm: &Realm) -> usize {
        let intrinsics = realm.intrinsics();
        match self.view_type {
            ViewType::DataView => {
                byte_count(realm, &intrinsics.data_view_byte_length, &self.object)
            }
            _ => byte_count(realm, &intrinsics.typed_array_byte_length, &self.object),
        }
    }

    /// The number of elements.
    pub fn length(&self, realm: &Realm) -> usize {
        self.byte_length(realm) / self.view_type.element_size()
    }

    /// Whether the buffer is detached.
    pub fn is_detached(&self, realm: &Realm) -> bool {
        self.buffer(realm).is_ok_and(|buffer| buffer.is_detached(realm))
    }

    /// Whether the view begins or ends beyond its buffer, as it does when that is detached or was made shorter.
    /// <https://tc39.es/ecma262/#sec-isarraybufferviewoutofbounds>
    pub fn is_out_of_bounds(&self, realm: &Realm) -> bool {
        match self.view_type.to_engine() {
            // SAFETY: all are alive; nothing is asked for.
            Some(_) => unsafe {
                let none = std::ptr::null_mut();
                let object = self.object.as_value().as_raw();
                let buffer =
                    qjs::JS_GetTypedArrayBuffer(realm.ctx(), object, none, none as _, none as _);
                let buffer = realm.own(buffer);
                if buffer.is_err() {
                    drop(realm.take_exception());
                }
                buffer.is_err()
            },
            None => {
                let getter = &realm.intrinsics().data_view_byte_length;
                let length = realm.call(getter, self.object.as_value(), &[]);
                if length.is_err() {
                    drop(realm.take_exception());
                }
                length.is_err()
            }
        }
    }

    /// Whether the view ends where its buffer ends, also after that is resized. The engine does not say so: the buffer is
    /// resized by an element and back, with the bytes that it had.
    pub(crate) fn tracks_length(&self, realm: &Realm) -> Fallible<bool> {
        let buffer = self.buffer(realm)?;
        let Some(max) = buffer.max_byte_length(realm) else {
            return Ok(false);
        };
        let (size, length) = (self.view_type.element_size(), self.length(realm));
        let bytes = buffer.to_vec(realm);
        let other = match bytes.len() + size {
            longer if longer <= max => longer,
            _ => bytes.len().saturating_sub(size),
        };
        buffer.resize(realm, other)?;
        let follows = self.length(realm) != length;
        let is_gone = self.is_out_of_bounds(realm);
        buffer.resize(realm, bytes.len())?;
        buffer.write(realm, 0, &bytes)?;
        Ok(follows && !is_gone)
    }

    /// A copy of the bytes; empty if the buffer is detached.
    pub fn to_vec(&self, realm: &Realm) -> Vec<u8> {
        let Ok(buffer) = self.buffer(realm) else {
            return Vec::new();
        };
        let start = self.byte_offset(realm);
        buffer.copy(realm, start..start + self.byte_length(realm))
    }

    /// Writes bytes, from byte `start` of the view on. A `TypeError` if they do not fit, or if the buffer is detached.
    /// <https://webidl.spec.whatwg.org/#arraybufferview-write>
    pub fn write(&self, realm: &Realm, start: usize, bytes: &[u8]) -> Fallible<()> {
        if start.checked_add(bytes.len()).is_none_or(|end| end > self.byte_length(realm)) {
            return Err(Error::type_error("the view is too short for the bytes"));
        }
        self.buffer(realm)?.write(realm, self.byte_offset(realm) + start, bytes)
    }

    /// The object.
    pub fn as_object(&self) -> &JsObject {
        &self.object
    }
}

impl Buffer for ArrayBufferView {
    const NAME: &'static str = "ArrayBufferView";

    fn of(value: &JsValue) -> Option<Self> {
        let object = value.as_object()?;
        // SAFETY: both read the class of a live value.
        let (number, is_data_view) = unsafe {
            (qjs::JS_GetTypedArrayType(value.as_raw()), qjs::JS_IsDataView(value.as_raw()))
        };
        let view_type =
            if is_data_view { ViewType::DataView } else { ViewType::from_engine(number)? };
        Some(Self { object: object.clone(), view_type })
    }

    fn array_buffer(&self, realm: &Realm) -> Fallible<ArrayBuffer> {
        self.buffer(realm)
    }
}

impl ToJs for ArrayBufferView {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.object.as_value().clone())
    }
}

/// The types of single views, which are all [`ArrayBufferView`]s.
macro_rules! views {
    ($($name:ident $(: $element:ty)?;)*) => {
        $(
            #[doc = concat!("`", stringify!($name), "`")]
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub struct $name {
                view: ArrayBufferView,
            }

            impl_trace!($name { view });

            $(
                impl $name {
                    /// A new one of `realm`, with a buffer of its own.
                    pub fn new(realm: &Realm, elements: impl AsRef<[$element]>) -> Fallible<Self> {
                        let elements = elements.as_ref();
                        let buffer = ArrayBuffer::new(realm, elements.as_byte_slice())?;
                        let length = Some(elements.len());
                        let view =
                            ArrayBufferView::new(realm, ViewType::$name, &buffer, 0, length)?;
                        Ok(Self { view })
                    }

                    /// A copy of the elements; empty if the buffer is detached.
                    pub fn elements(&self, realm: &Realm) -> Vec<$element> {
                        let bytes = self.view.to_vec(realm);
                        let (elements, _) = bytes.as_chunks();
                        elements.iter().map(|bytes| <$element>::from_ne_bytes(*bytes)).collect()
                    }
                }
            )?

            impl Deref for $name {
                type Target = ArrayBufferView;

                fn deref(&self) -> &ArrayBufferView {
                    &self.view
                }
            }

            impl Buffer for $name {
                const NAME: &'static str = stringify!($name);

                fn of(value: &JsValue) -> Option<Self> {
                    let view = ArrayBufferView::of(value)?;
                    (view.view_type == ViewType::$name).then_some(Self { view })
                }

                fn array_buffer(&self, realm: &Realm) -> Fallible<ArrayBuffer> {
                    self.view.buffer(realm)
                }
            }

            impl ToJs for $name {
                fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
                    self.view.to_js(realm)
                }
            }
        )*
    };
}

views! {
    DataView;
    Int8Array: i8;
    Uint8Array: u8;
    Uint8ClampedArray: u8;
    Int16Array: i16;
    Uint16Array: u16;
    Int32Array: i32;
    Uint32Array: u32;
    BigInt64Array: i64;
    BigUint64Array: u64;
    Float32Array: f32;
    Float64Array: f64;
}
