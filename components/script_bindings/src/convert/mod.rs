/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Conversions between JavaScript values and IDL types, to the letter of <https://webidl.spec.whatwg.org/#js-type-mapping>.
//!
//! From script, each IDL type is a function `fn(&Realm, &JsValue) -> Fallible<T>`, since one Rust type serves several IDL types
//! (`f64` is `double` and `unrestricted double`); the generator composes them. To script, the Rust type says it all: [`ToJs`].

mod buffer;
mod number;
mod object;
mod sequence;
mod string;
mod to_js;

pub use buffer::{buffer, buffer_allow_resizable, is_buffer};
pub use number::{
    IntegerMode, byte, double, float, long, long_long, octet, short, unrestricted_double,
    unrestricted_float, unsigned_long, unsigned_long_long, unsigned_short,
};
pub use object::{any, boolean, interface, is_interface, member, object, promise, undefined};
pub use sequence::{Record, has_iterator, nullable, record, sequence};
pub use string::{
    byte_string, dom_string, dom_string_null_empty, enumeration, enumeration_or_ignore, usv_string,
};
pub use to_js::{FrozenArray, ToJs};
