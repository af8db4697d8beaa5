/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `iterable<K, V>`: `entries`, `forEach`, `keys`, `values`, and the iterators that they return.
//! <https://webidl.spec.whatwg.org/#js-iterable>
//!
//! An iterator asks its object for the pair at an index at each step, so script sees what is added or removed meanwhile. The
//! module is unsafe because iterators are of an engine class of their own.

#![allow(unsafe_code)]

use std::cell::Cell;
use std::ptr;

use rquickjs::qjs;

use crate::convert::ToJs;
use crate::dom_object::DomInterface;
use crate::error::{Error, Fallible};
use crate::glue::Call;
use crate::interface::InterfaceId;
use crate::realm::Realm;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};
use crate::wrapper;

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
struct PairIterator {
    target: JsValue,
    interface: InterfaceId,
    kind: Kind,
    index: Cell<usize>,
}

/// # Safety
/// The runtime must be alive.
pub(crate) unsafe fn register_class(rt: *mut qjs::JSRuntime) -> qjs::JSClassID {
    let definition = qjs::JSClassDef {
        class_name: c"Object".as_ptr(),
        finalizer: Some(finalize),
        gc_mark: Some(mark),
        call: None,
        exotic: ptr::null_mut(),
    };
    // SAFETY: see above.
    unsafe { wrapper::register(rt, &definition) }
}

unsafe extern "C" fn finalize(_rt: *mut qjs::JSRuntime, value: qjs::JSValue) {
    let mut class = 0;
    // SAFETY: called once per iterator; the opaque pointer is null if making it failed midway.
    unsafe {
        let opaque = qjs::JS_GetAnyOpaque(value, &mut class).cast::<PairIterator>();
        if !opaque.is_null() {
            wrapper::free(Box::from_raw(opaque));
        }
    }
}

unsafe extern "C" fn mark(rt: *mut qjs::JSRuntime, value: qjs::JSValue, mark: qjs::JS_MarkFunc) {
    let mut class = 0;
    // SAFETY: as in `finalize`; only borrowed.
    let iterator =
        unsafe { qjs::JS_GetAnyOpaque(value, &mut class).cast::<PairIterator>().as_ref() };
    if let Some(iterator) = iterator {
        iterator.target.trace(&mut Tracer { runtime: rt, mark });
    }
}

fn create<T: PairIterable>(call: &Call<'_>, kind: Kind) -> Fallible<JsValue> {
    let realm = call.realm();
    let target = call.this::<T>()?.to_js(realm)?;
    let prototype = realm.iterator_prototype_of(T::INFO.id)?;
    let class = realm.runtime().iterator_class;
    let iterator = PairIterator { target, interface: T::INFO.id, kind, index: Cell::new(0) };
    // SAFETY: all are alive; the opaque pointer is freed by the finalizer.
    unsafe {
        let raw = qjs::JS_NewObjectProtoClass(realm.ctx(), prototype.as_value().as_raw(), class);
        let object = realm.own(raw)?;
        qjs::JS_SetOpaque(object.as_raw(), Box::into_raw(Box::new(iterator)).cast());
        Ok(object)
    }
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
    let class = realm.runtime().iterator_class;
    // SAFETY: the opaque pointer of an iterator is a live boxed `PairIterator`; `this` keeps it alive during the call.
    let iterator = unsafe {
        qjs::JS_GetOpaque(call.this_value().as_raw(), class).cast::<PairIterator>().as_ref()
    };
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
