/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `iterable<K, V>`: `entries`, `forEach`, `keys`, `values`, and the iterators that they return.
//! <https://webidl.spec.whatwg.org/#js-iterable>
//!
//! An iterator asks its object for the pair at an index at each step, so script sees what is added or removed meanwhile.

use std::cell::Cell;

use crate::class::ObjectData;
use crate::convert::ToJs;
use crate::dom_object::DomInterface;
use crate::error::{Error, Fallible};
use crate::glue::Call;
use crate::impl_trace;
use crate::interface::InterfaceId;
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};

/// A DOM object with a pair iterator; written by the generator.
pub trait PairIterable: DomInterface {
    /// The type of the keys.
    type Key: ToJs;
    /// The type of the values.
    type Value: ToJs;

    /// One of the value pairs to iterate over, `None` past the last.
    fn value_pair(&self, realm: &Realm, index: usize) -> Option<(Self::Key, Self::Value)>;
}

#[derive(Clone, Copy)]
enum Kind {
    Key,
    Value,
    KeyAndValue,
}

/// A default iterator object. <https://webidl.spec.whatwg.org/#js-default-iterator-object>
pub(crate) struct PairIterator {
    target: JsValue,
    interface: InterfaceId,
    kind: Kind,
    index: Cell<usize>,
}

impl_trace!(PairIterator { target });

impl ObjectData for PairIterator {}

fn create<T: PairIterable>(call: &Call<'_>, kind: Kind) -> Fallible<JsValue> {
    let realm = call.realm();
    let target = call.this::<T>()?.to_js(realm)?;
    let prototype = realm.iterator_prototype_of(T::INFO.id)?;
    let iterator = PairIterator { target, interface: T::INFO.id, kind, index: Cell::new(0) };
    let class = &realm.runtime().iterator_class;
    class.create(realm, prototype.as_value(), iterator).map(JsObject::into_value)
}

/// The body of `entries`, and of `[Symbol.iterator]`.
pub fn entries<T: PairIterable>(call: &Call<'_>) -> Fallible<JsValue> {
    create::<T>(call, Kind::KeyAndValue)
}

/// The body of `keys`.
pub fn keys<T: PairIterable>(call: &Call<'_>) -> Fallible<JsValue> {
    create::<T>(call, Kind::Key)
}

/// The body of `values`.
pub fn values<T: PairIterable>(call: &Call<'_>) -> Fallible<JsValue> {
    create::<T>(call, Kind::Value)
}

/// The body of `forEach`.
pub fn for_each<T: PairIterable>(call: &Call<'_>) -> Fallible<JsValue> {
    let realm = call.realm();
    let object = call.this::<T>()?;
    call.require(1)?;
    let callback = call.arg(0);
    if !callback.is_callable(realm) {
        return Err(Error::type_error("the callback of forEach is not a function"));
    }
    let this = object.to_js(realm)?;
    let mut index = 0;
    while let Some((key, value)) = object.value_pair(realm, index) {
        let arguments = [value.to_js(realm)?, key.to_js(realm)?, this.clone()];
        realm.call(callback, call.arg(1), &arguments)?;
        index += 1;
    }
    Ok(JsValue::undefined())
}

/// The body of the iterator's `next`. <https://webidl.spec.whatwg.org/#js-iterator-prototype-object>
pub fn next<T: PairIterable>(call: &Call<'_>) -> Fallible<JsValue> {
    let realm = call.realm();
    let iterator = realm.runtime().iterator_class.data_of(call.this_value());
    let iterator =
        iterator.filter(|iterator| iterator.interface == T::INFO.id).ok_or_else(|| {
            Error::Type(format!("the object is not an iterator of interface {}", T::INFO.name))
        })?;
    let object = crate::convert::interface::<T>(realm, &iterator.target)?;
    let index = iterator.index.get();
    let Some((key, value)) = object.value_pair(realm, index) else {
        return result(realm, JsValue::undefined(), true);
    };
    iterator.index.set(index + 1);
    let value = match iterator.kind {
        Kind::Key => key.to_js(realm)?,
        Kind::Value => value.to_js(realm)?,
        Kind::KeyAndValue => {
            realm.new_array([key.to_js(realm)?, value.to_js(realm)?])?.into_value()
        }
    };
    result(realm, value, false)
}

/// `CreateIterResultObject(value, done)`
fn result(realm: &Realm, value: JsValue, done: bool) -> Fallible<JsValue> {
    let result: JsObject = realm.new_object()?;
    result.define(realm, "value", value)?;
    result.define(realm, "done", JsValue::from_bool(done))?;
    Ok(result.into_value())
}
