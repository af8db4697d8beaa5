/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Functions of the language's own built-ins, taken when a realm is made: what script puts in their places later does not
//! matter to Rust code that needs them.

use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};

macro_rules! intrinsics {
    ($($field:ident: $kind:ident($object:ident, $name:literal);)*) => {
        /// The built-ins of one realm.
        #[derive(Default)]
        pub(crate) struct Intrinsics {
            $(
                #[doc = concat!("`", stringify!($object), "`'s `", $name, "`")]
                pub(crate) $field: JsValue,
            )*
        }

        impl Intrinsics {
            /// Takes them from a realm in which no script ran yet.
            pub(crate) fn capture(realm: &Realm) -> Fallible<Self> {
                let sources = Sources::new(realm)?;
                Ok(Self { $($field: $kind(realm, &sources.$object, $name)?,)* })
            }
        }

        // SAFETY: each value once.
        #[allow(unsafe_code)]
        unsafe impl Trace for Intrinsics {
            fn trace(&self, tracer: &mut Tracer) {
                $(self.$field.trace(tracer);)*
            }
        }
    };
}

intrinsics! {
    array_buffer_resizable: getter(array_buffer, "resizable");
    typed_array_buffer: getter(typed_array, "buffer");
    typed_array_byte_offset: getter(typed_array, "byteOffset");
    typed_array_byte_length: getter(typed_array, "byteLength");
    data_view: own(data_view, "constructor");
    data_view_buffer: getter(data_view, "buffer");
    data_view_byte_offset: getter(data_view, "byteOffset");
    data_view_byte_length: getter(data_view, "byteLength");
    reflect_get: own(reflect, "get");
    reflect_set: own(reflect, "set");
    frozen: own(frozen, "object");
}

/// The objects that the built-ins are found on.
struct Sources {
    array_buffer: JsObject,
    typed_array: JsObject,
    data_view: JsObject,
    reflect: JsObject,
    /// Has a frozen `object`.
    frozen: JsObject,
}

impl Sources {
    fn new(realm: &Realm) -> Fallible<Self> {
        let global = realm.global();
        let prototype = |name: &str| -> Fallible<JsObject> {
            let constructor: JsObject = global.get(realm, name)?.try_into()?;
            constructor.get(realm, "prototype")?.try_into()
        };
        let (frozen, inner) = (realm.new_object()?, realm.new_object()?);
        inner.freeze(realm)?;
        frozen.define(realm, "object", inner.into_value())?;
        Ok(Self {
            array_buffer: prototype("ArrayBuffer")?,
            typed_array: prototype("Uint8Array")?.prototype(realm)?.try_into()?,
            data_view: prototype("DataView")?,
            reflect: global.get(realm, "Reflect")?.try_into()?,
            frozen,
        })
    }
}

fn own(realm: &Realm, object: &JsObject, name: &str) -> Fallible<JsValue> {
    object.get(realm, name)
}

fn getter(realm: &Realm, object: &JsObject, name: &str) -> Fallible<JsValue> {
    match object.own_property(realm, name)? {
        Some(property) if property.is_accessor() => Ok(property.getter),
        _ => Err(Error::Type(format!("the engine has no {name}"))),
    }
}
