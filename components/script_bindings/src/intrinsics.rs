/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Objects and functions of the language's own built-ins, taken when a realm is made: what script puts in their places
//! later does not matter to Rust code that needs them.

use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};

macro_rules! intrinsics {
    ($($field:ident: $kind:ident($object:literal, $name:literal);)*) => {
        /// The built-ins of one realm.
        #[derive(Default)]
        pub(crate) struct Intrinsics {
            $(
                #[doc = concat!("`", $object, "`'s `", $name, "`")]
                pub(crate) $field: JsValue,
            )*
        }

        impl Intrinsics {
            /// Takes them from a realm in which no script ran yet.
            pub(crate) fn capture(realm: &Realm) -> Fallible<Self> {
                Ok(Self { $($field: $kind(realm, &source(realm, $object)?, $name)?,)* })
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

// A constructor's name stands for its prototype.
intrinsics! {
    array_buffer: own("ArrayBuffer", "constructor");
    array_buffer_max_byte_length: getter("ArrayBuffer", "maxByteLength");
    array_buffer_resizable: getter("ArrayBuffer", "resizable");
    array_buffer_resize: own("ArrayBuffer", "resize");
    big_int: own("BigInt", "constructor");
    big_int_value_of: own("BigInt", "valueOf");
    boolean_value_of: own("Boolean", "valueOf");
    data_view: own("DataView", "constructor");
    data_view_buffer: getter("DataView", "buffer");
    data_view_byte_length: getter("DataView", "byteLength");
    data_view_byte_offset: getter("DataView", "byteOffset");
    date_get_time: own("Date", "getTime");
    error_stack: getter("Error", "stack");
    eval_error: own("EvalError", "constructor");
    frozen: own("frozen", "object");
    map: own("Map", "constructor");
    map_for_each: own("Map", "forEach");
    map_set: own("Map", "set");
    number_value_of: own("Number", "valueOf");
    range_error: own("RangeError", "constructor");
    reference_error: own("ReferenceError", "constructor");
    reflect_get: own("Reflect", "get");
    reflect_set: own("Reflect", "set");
    reg_exp: own("RegExp", "constructor");
    reg_exp_dot_all: getter("RegExp", "dotAll");
    reg_exp_global: getter("RegExp", "global");
    reg_exp_has_indices: getter("RegExp", "hasIndices");
    reg_exp_ignore_case: getter("RegExp", "ignoreCase");
    reg_exp_multiline: getter("RegExp", "multiline");
    reg_exp_source: getter("RegExp", "source");
    reg_exp_sticky: getter("RegExp", "sticky");
    reg_exp_unicode: getter("RegExp", "unicode");
    reg_exp_unicode_sets: getter("RegExp", "unicodeSets");
    set: own("Set", "constructor");
    set_add: own("Set", "add");
    set_for_each: own("Set", "forEach");
    string_value_of: own("String", "valueOf");
    syntax_error: own("SyntaxError", "constructor");
    type_error: own("TypeError", "constructor");
    typed_array_buffer: getter("%TypedArray%", "buffer");
    typed_array_byte_length: getter("%TypedArray%", "byteLength");
    typed_array_byte_offset: getter("%TypedArray%", "byteOffset");
    uri_error: own("URIError", "constructor");
    weak_map: own("WeakMap", "constructor");
    weak_map_get: own("WeakMap", "get");
    weak_map_set: own("WeakMap", "set");
}

/// The object that a built-in is found on.
fn source(realm: &Realm, name: &str) -> Fallible<JsObject> {
    let global = realm.global();
    let prototype = |name: &str| -> Fallible<JsObject> {
        let constructor: JsObject = global.get(realm, name)?.try_into()?;
        constructor.get(realm, "prototype")?.try_into()
    };
    match name {
        "frozen" => {
            let (holder, frozen) = (realm.new_object()?, realm.new_object()?);
            frozen.freeze(realm)?;
            holder.define(realm, "object", frozen.into_value())?;
            Ok(holder)
        }
        "Reflect" => global.get(realm, name)?.try_into(),
        "%TypedArray%" => prototype("Uint8Array")?.prototype(realm)?.try_into(),
        name => prototype(name),
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
