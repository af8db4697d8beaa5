/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Nullable types, sequences and records.

#![allow(unsafe_code)]

use std::ffi::c_int;

use rquickjs::qjs;

use crate::convert::ToJs;
use crate::error::{Error, Fallible};
use crate::object::{Atom, FLAGS_ALL};
use crate::realm::Realm;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};

/// `T?`
pub fn nullable<T>(
    realm: &Realm,
    value: &JsValue,
    convert: impl FnOnce(&Realm, &JsValue) -> Fallible<T>,
) -> Fallible<Option<T>> {
    if value.is_nullish() {
        return Ok(None);
    }
    convert(realm, value).map(Some)
}

/// `GetMethod(value, @@iterator)`
fn iterator_method(realm: &Realm, object: &JsObject) -> Fallible<Option<JsValue>> {
    let method = object.get_atom(realm, realm.runtime().symbols.iterator)?;
    if method.is_nullish() {
        return Ok(None);
    }
    if !method.is_callable(realm) {
        return Err(Error::type_error("Symbol.iterator is not a function"));
    }
    Ok(Some(method))
}

/// Whether an object can be converted to a sequence; for unions.
pub fn has_iterator(realm: &Realm, value: &JsValue) -> Fallible<bool> {
    match value.as_object() {
        Some(object) => Ok(iterator_method(realm, object)?.is_some()),
        None => Ok(false),
    }
}

/// `sequence<T>`, and `FrozenArray<T>` as an argument.
/// <https://webidl.spec.whatwg.org/#create-sequence-from-iterable>
pub fn sequence<T>(
    realm: &Realm,
    value: &JsValue,
    mut convert: impl FnMut(&Realm, &JsValue) -> Fallible<T>,
) -> Fallible<Vec<T>> {
    let not_iterable = || Error::type_error("the value is not iterable");
    let object = value.as_object().ok_or_else(not_iterable)?;
    let method = iterator_method(realm, object)?.ok_or_else(not_iterable)?;
    let iterator = realm.call(&method, value, &[])?;
    let Some(iterator) = iterator.as_object() else {
        return Err(Error::type_error("the iterator is not an object"));
    };
    let next = iterator.get(realm, "next")?;
    let mut items = Vec::new();
    loop {
        let step = realm.call(&next, iterator.as_value(), &[])?;
        let Some(step) = step.as_object() else {
            return Err(Error::type_error("the iterator's result is not an object"));
        };
        if super::boolean(realm, &step.get(realm, "done")?)? {
            return Ok(items);
        }
        items.push(convert(realm, &step.get(realm, "value")?)?);
    }
}

/// `record<K, V>`, in the order of the object's keys; a later key that converts to the same replaces the earlier value.
/// <https://webidl.spec.whatwg.org/#js-to-record>
pub fn record<K: PartialEq, V>(
    realm: &Realm,
    value: &JsValue,
    mut key: impl FnMut(&Realm, &JsValue) -> Fallible<K>,
    mut convert: impl FnMut(&Realm, &JsValue) -> Fallible<V>,
) -> Fallible<Record<K, V>> {
    let object: JsObject = value.clone().try_into()?;
    let mut entries: Vec<(K, V)> = Vec::new();
    let enumerable = qjs::JS_GPN_STRING_MASK | qjs::JS_GPN_SYMBOL_MASK | qjs::JS_GPN_ENUM_ONLY;
    for name in object.own_keys_with(realm, enumerable as c_int)? {
        let typed_key = key(realm, &name.to_value()?)?;
        let typed_value = convert(realm, &object.get_atom(realm, name.raw())?)?;
        match entries.iter_mut().find(|(key, _)| *key == typed_key) {
            Some(entry) => entry.1 = typed_value,
            None => entries.push((typed_key, typed_value)),
        }
    }
    Ok(Record(entries))
}

/// `record<K, V>`: an ordered map with string keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record<K, V>(pub Vec<(K, V)>);

impl<K: ToJs, V: ToJs> ToJs for Record<K, V> {
    /// A new object.
    fn to_js(&self, realm: &Realm) -> Fallible<JsValue> {
        let object = realm.new_object()?;
        for (key, value) in &self.0 {
            let (key, value) = (key.to_js(realm)?, value.to_js(realm)?);
            object.define_with(realm, Atom::of_value(realm, &key)?.raw(), value, FLAGS_ALL)?;
        }
        Ok(object.into_value())
    }
}

// SAFETY: each key and value once.
unsafe impl<K: Trace, V: Trace> Trace for Record<K, V> {
    fn trace(&self, tracer: &mut Tracer) {
        self.0.trace(tracer);
    }
}
