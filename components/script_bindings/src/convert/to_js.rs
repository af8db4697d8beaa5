/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From Rust to script.

#![allow(unsafe_code)]

use std::borrow::Cow;
use std::rc::Rc;

use rquickjs::qjs;

use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::string::{ByteString, DomString};
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};

/// A Rust value that can become a JavaScript value.
pub trait ToJs {
    /// Converts it, in `realm`.
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue>;
}

impl ToJs for () {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(JsValue::undefined())
    }
}

impl ToJs for bool {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(JsValue::from_bool(*self))
    }
}

macro_rules! numbers {
    ($($type:ty),*) => {
        $(
            impl ToJs for $type {
                fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
                    Ok(JsValue::from_f64(f64::from(*self)))
                }
            }
        )*
    };
}
numbers!(i8, u8, i16, u16, i32, u32, f32, f64);

impl ToJs for i64 {
    /// The nearest number.
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(JsValue::from_f64(*self as f64))
    }
}

impl ToJs for u64 {
    /// The nearest number.
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(JsValue::from_f64(*self as f64))
    }
}

impl ToJs for str {
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        // SAFETY: pointer and length are those of `self`.
        realm.own(unsafe {
            qjs::JS_NewStringLen(realm.ctx(), self.as_ptr().cast(), self.len() as _)
        })
    }
}

impl ToJs for String {
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        self.as_str().to_js(realm)
    }
}

impl ToJs for Cow<'_, str> {
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        str::to_js(self, realm)
    }
}

impl ToJs for DomString {
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        match (self.as_str(), self.as_ill_formed()) {
            (Some(text), _) => text.to_js(realm),
            // SAFETY: pointer and length are those of the slice.
            (None, Some(units)) => realm.own(unsafe {
                qjs::JS_NewStringUTF16(realm.ctx(), units.as_ptr(), units.len() as _)
            }),
            (None, None) => "".to_js(realm),
        }
    }
}

impl ToJs for ByteString {
    /// Each byte is a character.
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        self.to_string().to_js(realm)
    }
}

impl ToJs for JsValue {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.clone())
    }
}

impl ToJs for JsObject {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.as_value().clone())
    }
}

impl<T: ToJs> ToJs for Option<T> {
    /// `None` is `null`.
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        match self {
            Some(value) => value.to_js(realm),
            None => Ok(JsValue::null()),
        }
    }
}

impl<T: ToJs + ?Sized> ToJs for &T {
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        (**self).to_js(realm)
    }
}

impl<T: ToJs + ?Sized> ToJs for Rc<T> {
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        (**self).to_js(realm)
    }
}

impl<T: ToJs + ?Sized> ToJs for Box<T> {
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        (**self).to_js(realm)
    }
}

impl<T: ToJs> ToJs for Vec<T> {
    /// A new array.
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        realm.new_array(self).map(JsObject::into_value)
    }
}

/// A frozen array: what an attribute of type `FrozenArray<T>` returns, the same object until its contents change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrozenArray(JsObject);

// SAFETY: owns exactly one reference.
unsafe impl Trace for FrozenArray {
    fn trace(&self, tracer: &mut Tracer) {
        self.0.trace(tracer);
    }
}

impl FrozenArray {
    /// A new frozen array of `realm`.
    ///
    /// For the invalid `FrozenArray<MediaImage>` of the Media Session draft (a dictionary cannot be its element), give
    /// converted dictionaries and use [`FrozenArray::of_frozen`].
    pub fn new<T: ToJs>(realm: &Realm, items: impl IntoIterator<Item = T>) -> Fallible<Self> {
        let array = realm.new_array(items)?;
        array.freeze(realm)?;
        Ok(Self(array))
    }

    /// A new frozen array whose elements are frozen objects.
    pub fn of_frozen<T: ToJs>(realm: &Realm, items: impl IntoIterator<Item = T>) -> Fallible<Self> {
        let items: Fallible<Vec<JsValue>> = items
            .into_iter()
            .map(|item| {
                let value = item.to_js(realm)?;
                match value.as_object() {
                    Some(object) => object.freeze(realm)?,
                    None => return Err(Error::type_error("only objects can be frozen")),
                }
                Ok(value)
            })
            .collect();
        Self::new(realm, items?)
    }

    /// The array.
    pub fn as_object(&self) -> &JsObject {
        &self.0
    }
}

impl ToJs for FrozenArray {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.0.as_value().clone())
    }
}
