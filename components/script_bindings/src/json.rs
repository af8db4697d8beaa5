/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! JSON, as the language has it. Unsafe because it passes text to the engine.

#![allow(unsafe_code)]

use rquickjs::qjs;

use crate::convert;
use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::string::DomString;
use crate::value::JsValue;

impl Realm {
    /// [Parses JSON](https://infra.spec.whatwg.org/#parse-a-json-string-to-a-javascript-value). What is
    /// none throws a `SyntaxError`.
    pub fn parse_json(&self, text: &str) -> Fallible<JsValue> {
        // The engine wants a zero at the end, and reads no further than the length.
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
        // SAFETY: the buffer has one byte more than the length, and that is zero.
        self.own(unsafe {
            let length = text.len() as _;
            qjs::JS_ParseJSON(self.ctx(), bytes.as_ptr().cast(), length, c"json".as_ptr())
        })
    }

    /// [Serializes a value to JSON](https://infra.spec.whatwg.org/#serialize-a-javascript-value-to-a-json-string).
    /// One that JSON does not have is a `TypeError`.
    pub fn serialize_json(&self, value: &JsValue) -> Fallible<DomString> {
        let none = qjs::JS_UNDEFINED;
        // SAFETY: all are alive.
        let text =
            self.own(unsafe { qjs::JS_JSONStringify(self.ctx(), value.as_raw(), none, none) })?;
        if text.is_undefined() {
            return Err(Error::type_error("the value has no JSON"));
        }
        convert::dom_string(self, &text)
    }
}
