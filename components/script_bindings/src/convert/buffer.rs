/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Buffer types.

use crate::buffer::Buffer;
use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::value::JsValue;

/// A buffer type. A resizable buffer is a `TypeError`.
/// <https://webidl.spec.whatwg.org/#js-buffer-source-types>
pub fn buffer<T: Buffer>(realm: &Realm, value: &JsValue) -> Fallible<T> {
    let found = buffer_allow_resizable::<T>(realm, value)?;
    if found.array_buffer(realm)?.is_resizable(realm) {
        return Err(Error::Type(format!("the buffer of the {} can be resized", T::NAME)));
    }
    Ok(found)
}

/// `[AllowResizable]` and a buffer type.
pub fn buffer_allow_resizable<T: Buffer>(_realm: &Realm, value: &JsValue) -> Fallible<T> {
    T::of(value).ok_or_else(|| Error::Type(format!("the value is not of type {}", T::NAME)))
}

/// Whether a value is of a buffer type; for unions and overloads.
pub fn is_buffer<T: Buffer>(value: &JsValue) -> bool {
    T::of(value).is_some()
}
