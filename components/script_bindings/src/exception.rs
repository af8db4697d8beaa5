/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Throwing, taking and describing exceptions; `DOMException`.
//!
//! `DOMException` itself is QuickJS-ng's own class: it has the standard's members, constants, prototype chain and a
//! `stack`, and the engine throws it too (`atob`). This module makes instances of it in the right realm.

#![allow(unsafe_code)]

use std::ffi::CString;

use rquickjs::qjs;

use crate::convert::{self, ToJs};
use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::string::DomString;
use crate::value::{JsObject, JsValue};

impl Realm {
    /// A new `DOMException` object of this realm.
    pub fn new_dom_exception(&self, name: &str, message: &str) -> Fallible<JsValue> {
        let constructor = self.inner().dom_exception.borrow().clone();
        self.construct(&constructor, &[message.to_js(self)?, name.to_js(self)?])
    }

    /// Makes `error` the pending exception.
    pub fn throw(&self, error: Error) {
        let text = |message: String| CString::new(message.replace('\0', "")).unwrap_or_default();
        // SAFETY: the context is alive, the format takes one C string, and the result is only a marker.
        unsafe {
            match error {
                Error::Type(message) => {
                    qjs::JS_ThrowTypeError(self.ctx(), c"%s".as_ptr(), text(message).as_ptr());
                }
                Error::Range(message) => {
                    qjs::JS_ThrowRangeError(self.ctx(), c"%s".as_ptr(), text(message).as_ptr());
                }
                Error::Dom(name, message) => {
                    if let Ok(exception) = self.new_dom_exception(name.as_str(), &message) {
                        self.throw_value(exception);
                    }
                }
                Error::JsException => {
                    if !qjs::JS_HasException(self.ctx()) {
                        let message = c"a method failed without an exception";
                        qjs::JS_ThrowInternalError(self.ctx(), c"%s".as_ptr(), message.as_ptr());
                    }
                }
            }
        }
    }

    /// Makes `value` the pending exception, and returns the error that says so.
    pub fn throw_value(&self, value: JsValue) -> Error {
        // SAFETY: gives the reference to the engine.
        unsafe { qjs::JS_Throw(self.ctx(), value.into_raw()) };
        Error::JsException
    }

    /// Takes the pending exception; `undefined` if there is none.
    pub fn take_exception(&self) -> JsValue {
        // SAFETY: the context is alive; the result is owned, and is "uninitialized" when nothing is pending.
        unsafe {
            if !qjs::JS_HasException(self.ctx()) {
                return JsValue::undefined();
            }
            JsValue::from_raw(qjs::JS_GetException(self.ctx()))
        }
    }

    /// The exception value that `error` stands for; a pending one is taken.
    pub fn exception_value(&self, error: Error) -> JsValue {
        self.throw(error);
        self.take_exception()
    }

    /// Reports an exception that nobody caught, to the hook of the runtime.
    /// <https://html.spec.whatwg.org/#report-an-exception>
    pub fn report_exception(&self, exception: JsValue) {
        self.runtime().report_exception(self, exception);
    }

    /// A line of text for logs: the value as a string, and its stack if it has one. Runs no script for a plain error. Can
    /// tell also of the error that there is no more stack, or no more memory, while that is so.
    pub fn describe(&self, value: &JsValue) -> String {
        self.runtime().with_reserve(|| self.describe_now(value))
    }

    fn describe_now(&self, value: &JsValue) -> String {
        // The engine throws it when there is no memory for an error.
        if value.is_null() && self.runtime().limits.memory.has_run_out() {
            return "InternalError: out of memory".into();
        }
        if value.is_uncatchable_error() {
            return self.describe_stopped(value);
        }
        let text = convert::dom_string(self, value).map(DomString::into_string_lossy);
        let text = text.unwrap_or_else(|_| {
            drop(self.take_exception());
            "[an object that cannot be converted to a string]".into()
        });
        match value.as_object().map(|object| object.get(self, "stack")) {
            Some(Ok(stack)) if stack.is_string() => {
                let stack = convert::dom_string(self, &stack).unwrap_or_default();
                format!("{text}\n{stack}")
            }
            Some(Err(_)) => {
                drop(self.take_exception());
                text
            }
            _ => text,
        }
    }
}

impl Realm {
    /// The text for script that was stopped: where it was. Without running more of it.
    fn describe_stopped(&self, error: &JsValue) -> String {
        let stack = self.call(&self.intrinsics().error_stack, error, &[]);
        let stack = stack.and_then(|stack| convert::dom_string(self, &stack)).unwrap_or_default();
        format!("InternalError: script was stopped\n{stack}")
    }
}

/// A `DOMException` as an argument or an attribute.
#[derive(Clone, Debug)]
pub struct DomException(JsObject);

impl DomException {
    /// A new one, in `realm`.
    pub fn new(
        realm: &Realm,
        name: crate::error::DomExceptionName,
        message: &str,
    ) -> Fallible<Self> {
        Ok(Self(realm.new_dom_exception(name.as_str(), message)?.try_into()?))
    }

    /// Converts a value, with the brand check.
    pub fn from_js(realm: &Realm, value: &JsValue) -> Fallible<Self> {
        // SAFETY: reads the class of a live value.
        let class = unsafe { qjs::JS_GetClassID(value.as_raw()) };
        if value.is_object() && class == realm.runtime().dom_exception_class.get() {
            Ok(Self(value.clone().try_into()?))
        } else {
            Err(Error::type_error("the value is not a DOMException"))
        }
    }

    /// Its name, for example `AbortError`.
    pub fn name(&self, realm: &Realm) -> Fallible<DomString> {
        convert::dom_string(realm, &self.0.get(realm, "name")?)
    }

    /// Its message.
    pub fn message(&self, realm: &Realm) -> Fallible<DomString> {
        convert::dom_string(realm, &self.0.get(realm, "message")?)
    }

    /// The object.
    pub fn as_object(&self) -> &JsObject {
        &self.0
    }
}

impl ToJs for DomException {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.0.as_value().clone())
    }
}
