/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! String types and enumerations.

#![allow(unsafe_code)]

use std::str;

use rquickjs::qjs;

use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::string::{ByteString, DomString};
use crate::value::JsValue;

/// `DOMString`
pub fn dom_string(realm: &Realm, value: &JsValue) -> Fallible<DomString> {
    // SAFETY: all are alive; `ToString` runs once, and its result is kept until the text is copied.
    unsafe {
        let string = if value.is_string() {
            value.clone()
        } else {
            realm.own(qjs::JS_ToString(realm.ctx(), value.as_raw()))?
        };
        let mut length = 0;
        let text = qjs::JS_ToCStringLen(realm.ctx(), &mut length, string.as_raw());
        if text.is_null() {
            return Err(Error::JsException);
        }
        let bytes = std::slice::from_raw_parts(text.cast::<u8>(), length);
        let valid = str::from_utf8(bytes).ok().map(DomString::from);
        qjs::JS_FreeCString(realm.ctx(), text);
        if let Some(valid) = valid {
            return Ok(valid);
        }
        // A lone surrogate has no UTF-8.
        let mut length = 0;
        let units = qjs::JS_ToCStringLenUTF16(realm.ctx(), &mut length, string.as_raw());
        if units.is_null() {
            return Err(Error::JsException);
        }
        let string = DomString::from_utf16(std::slice::from_raw_parts(units, length as usize));
        qjs::JS_FreeCStringUTF16(realm.ctx(), units);
        Ok(string)
    }
}

/// `[LegacyNullToEmptyString] DOMString`
pub fn dom_string_null_empty(realm: &Realm, value: &JsValue) -> Fallible<DomString> {
    if value.is_null() {
        return Ok(DomString::new());
    }
    dom_string(realm, value)
}

/// `USVString`
pub fn usv_string(realm: &Realm, value: &JsValue) -> Fallible<String> {
    dom_string(realm, value).map(DomString::into_string_lossy)
}

/// `ByteString`: a character above U+00FF is a `TypeError`.
pub fn byte_string(realm: &Realm, value: &JsValue) -> Fallible<ByteString> {
    let text = dom_string(realm, value)?;
    let bytes = text.as_str().and_then(|text| text.chars().map(|c| u8::try_from(c).ok()).collect());
    let bytes: Vec<u8> =
        bytes.ok_or_else(|| Error::type_error("the string has characters above U+00FF"))?;
    Ok(bytes.into())
}

/// An enumeration as an argument: an unknown value is a `TypeError`.
pub fn enumeration<T>(
    realm: &Realm,
    value: &JsValue,
    parse: impl FnOnce(&str) -> Option<T>,
    name: &str,
) -> Fallible<T> {
    let text = dom_string(realm, value)?;
    text.as_str()
        .and_then(parse)
        .ok_or_else(|| Error::Type(format!("'{text}' is not a valid value for enumeration {name}")))
}

/// An enumeration in an attribute setter: an unknown value is ignored.
pub fn enumeration_or_ignore<T>(
    realm: &Realm,
    value: &JsValue,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Fallible<Option<T>> {
    Ok(dom_string(realm, value)?.as_str().and_then(parse))
}
