/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Callback functions and callback interfaces.

use crate::convert::ToJs;
use crate::error::{Error, Fallible};
use crate::impl_trace;
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};

/// What all generated callback types hold: the object that script gave, and the realm it was given in.
#[derive(Clone, Debug)]
pub struct Callback {
    object: JsObject,
    realm: Realm,
}

impl_trace!(Callback { object, realm });

impl Callback {
    /// For a callback function: the value must be callable.
    pub fn function(realm: &Realm, value: &JsValue, name: &str) -> Fallible<Self> {
        if !value.is_callable(realm) {
            return Err(Error::Type(format!("{name}: the value is not callable")));
        }
        Self::object(realm, value, name)
    }

    /// For a callback interface, or a callback function with `[LegacyTreatNonObjectAsNull]`: the value must be an object.
    pub fn object(realm: &Realm, value: &JsValue, name: &str) -> Fallible<Self> {
        let Some(object) = value.as_object() else {
            return Err(Error::Type(format!("{name}: the value is not an object")));
        };
        Ok(Self { object: object.clone(), realm: realm.clone() })
    }

    /// The object that script gave.
    pub fn as_object(&self) -> &JsObject {
        &self.object
    }

    /// The realm it was given in, which callbacks run and report in.
    pub fn realm(&self) -> &Realm {
        &self.realm
    }

    /// Invokes a callback function; an exception is the error.
    /// <https://webidl.spec.whatwg.org/#invoke-a-callback-function>
    pub fn invoke<R>(
        &self,
        this: &JsValue,
        arguments: impl FnOnce(&Realm) -> Fallible<Vec<JsValue>>,
        convert: impl FnOnce(&Realm, &JsValue) -> Fallible<R>,
    ) -> Result<R, JsValue> {
        let realm = &self.realm;
        realm.run_script(|| {
            let function = self.object.as_value();
            if !function.is_callable(realm) {
                // Only with [LegacyTreatNonObjectAsNull]: the result is undefined, converted.
                return convert(realm, &JsValue::undefined()).map_err(|e| realm.exception_value(e));
            }
            arguments(realm)
                .and_then(|arguments| realm.call(function, this, &arguments))
                .and_then(|result| convert(realm, &result))
                .map_err(|error| realm.exception_value(error))
        })
    }

    /// Calls the operation of a callback interface; an exception is the error.
    /// <https://webidl.spec.whatwg.org/#call-a-user-objects-operation>
    pub fn call_operation<R>(
        &self,
        operation: &str,
        this: &JsValue,
        arguments: impl FnOnce(&Realm) -> Fallible<Vec<JsValue>>,
        convert: impl FnOnce(&Realm, &JsValue) -> Fallible<R>,
    ) -> Result<R, JsValue> {
        let realm = &self.realm;
        realm.run_script(|| {
            let own = self.object.as_value();
            let call = || {
                if own.is_callable(realm) {
                    return realm.call(own, this, &arguments(realm)?);
                }
                // Looked up at each call, and `this` is then the object itself.
                let function = self.object.get(realm, operation)?;
                if !function.is_callable(realm) {
                    return Err(Error::Type(format!("{operation} is not a function")));
                }
                realm.call(&function, own, &arguments(realm)?)
            };
            call()
                .and_then(|result| convert(realm, &result))
                .map_err(|error| realm.exception_value(error))
        })
    }

    /// The arguments of a call: trailing missing ones are left out, others are `undefined`.
    /// <https://webidl.spec.whatwg.org/#web-idl-arguments-list-converting>
    pub fn arguments(mut arguments: Vec<Option<JsValue>>) -> Vec<JsValue> {
        while let Some(None) = arguments.last() {
            arguments.pop();
        }
        let arguments = arguments.into_iter();
        arguments.map(Option::unwrap_or_default).collect()
    }

    /// Reports the exception of a call, if there was one.
    pub fn report<R>(&self, result: Result<R, JsValue>) -> Option<R> {
        match result {
            Ok(value) => Some(value),
            Err(exception) => {
                self.realm.report_exception(exception);
                None
            }
        }
    }
}

impl ToJs for Callback {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.object.as_value().clone())
    }
}

impl PartialEq for Callback {
    /// Identity of the object.
    fn eq(&self, other: &Self) -> bool {
        self.object == other.object
    }
}
