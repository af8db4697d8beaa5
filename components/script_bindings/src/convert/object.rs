/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `any`, `object`, `boolean`, interface types, dictionary members.

#![allow(unsafe_code)]

use rquickjs::qjs;

use crate::dom_object::DomInterface;
use crate::dom_ref::DomRoot;
use crate::error::{Error, Fallible};
use crate::promise::JsPromise;
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};
use crate::wrapper;

/// `any`
pub fn any(_realm: &Realm, value: &JsValue) -> Fallible<JsValue> {
    Ok(value.clone())
}

/// `undefined`, as the return type of a callback: whatever was returned.
pub fn undefined(_realm: &Realm, _value: &JsValue) -> Fallible<()> {
    Ok(())
}

/// `boolean`
pub fn boolean(realm: &Realm, value: &JsValue) -> Fallible<bool> {
    if let Some(value) = value.as_bool() {
        return Ok(value);
    }
    // SAFETY: all are alive.
    match unsafe { qjs::JS_ToBool(realm.ctx(), value.as_raw()) } {
        status if status < 0 => Err(Error::JsException),
        status => Ok(status > 0),
    }
}

/// `object`
pub fn object(_realm: &Realm, value: &JsValue) -> Fallible<JsObject> {
    value.clone().try_into()
}

/// An interface type, with the brand check.
pub fn interface<T: DomInterface>(realm: &Realm, value: &JsValue) -> Fallible<DomRoot<T>> {
    wrapper::owner_of(realm, value).and_then(DomRoot::from_owner).ok_or_else(|| {
        Error::Type(format!("the value does not implement interface {}", T::INFO.name))
    })
}

/// Whether a value implements an interface; for unions and overloads.
pub fn is_interface<T: DomInterface>(realm: &Realm, value: &JsValue) -> bool {
    interface::<T>(realm, value).is_ok()
}

/// `Promise<T>`
pub fn promise(realm: &Realm, value: &JsValue) -> Fallible<JsPromise> {
    JsPromise::resolved(realm, value)
}

/// A member of a dictionary: `None` if `undefined`, or if the dictionary value is `undefined` or `null`.
pub fn member(
    realm: &Realm,
    dictionary: &JsValue,
    dictionary_name: &str,
    name: &str,
) -> Fallible<Option<JsValue>> {
    if dictionary.is_nullish() {
        return Ok(None);
    }
    let Some(object) = dictionary.as_object() else {
        return Err(Error::Type(format!(
            "the value cannot be converted to dictionary {dictionary_name}: it is not an object"
        )));
    };
    let value = object.get(realm, name)?;
    Ok((!value.is_undefined()).then_some(value))
}
