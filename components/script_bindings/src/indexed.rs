/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Legacy platform objects with an indexed getter (`NodeList`).
//! <https://webidl.spec.whatwg.org/#js-legacy-platform-objects>
//!
//! Only reading is supported: indexed setters, deleters and named properties are not needed here. The module is unsafe
//! because the engine calls these methods with raw pointers.

#![allow(unsafe_code)]

use std::ffi::c_int;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use rquickjs::qjs;

use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};
use crate::wrapper;

/// The indexed getter of an interface; written by the generator.
pub struct Indexed {
    /// How many indices there are.
    pub length: fn(&Realm, &JsObject) -> Fallible<u32>,
    /// The value at an index below the length.
    pub get: fn(&Realm, &JsObject, u32) -> Fallible<JsValue>,
    /// Whether there is `iterable<T>`: `entries`, `forEach`, `keys` and `values`.
    pub iterable: bool,
}

const INDEX_BIT: u32 = 1 << 31;

/// The table is immutable, so one for the process is enough.
struct Methods(qjs::JSClassExoticMethods);

// SAFETY: holds function pointers only, and nobody writes.
unsafe impl Sync for Methods {}

static METHODS: Methods = Methods(qjs::JSClassExoticMethods {
    get_own_property: Some(get_own_property),
    get_own_property_names: Some(get_own_property_names),
    delete_property: Some(delete_property),
    define_own_property: Some(define_own_property),
    has_property: None,
    get_property: None,
    set_property: None,
});

/// The engine wants a mutable pointer but never writes through it.
pub(crate) fn exotic_methods() -> *mut qjs::JSClassExoticMethods {
    ptr::from_ref(&METHODS.0).cast_mut()
}

/// What to do with `property` of `object`: `None` if it is not an index below the length.
fn with_indexed<R>(
    ctx: *mut qjs::JSContext,
    object: qjs::JSValue,
    f: impl FnOnce(&Realm, &JsObject, &Indexed) -> Fallible<R>,
) -> Fallible<Option<R>> {
    // SAFETY: the engine passes a live context and object.
    let realm = unsafe { Realm::borrow_context(ctx) };
    let Some(realm) = realm else { return Ok(None) };
    let value = ManuallyDrop::new(JsValue::view(object));
    let (Some(object), Some(owner)) = (value.as_object(), wrapper::owner_of(&realm, &value)) else {
        return Ok(None);
    };
    let Some(indexed) = owner.info().indexed else {
        return Ok(None);
    };
    let call = AssertUnwindSafe(|| f(&realm, object, indexed));
    let result = catch_unwind(call).unwrap_or_else(|_| Err(Error::type_error("internal error")));
    match result {
        Ok(result) => Ok(Some(result)),
        Err(error) => {
            realm.throw(error);
            Err(Error::JsException)
        }
    }
}

fn value_at(
    ctx: *mut qjs::JSContext,
    object: qjs::JSValue,
    atom: qjs::JSAtom,
) -> Fallible<Option<JsValue>> {
    if atom & INDEX_BIT == 0 {
        return Ok(None);
    }
    let index = atom & !INDEX_BIT;
    let found = with_indexed(ctx, object, |realm, object, indexed| {
        if index >= (indexed.length)(realm, object)? {
            return Ok(None);
        }
        (indexed.get)(realm, object, index).map(Some)
    })?;
    Ok(found.flatten())
}

unsafe extern "C" fn get_own_property(
    ctx: *mut qjs::JSContext,
    descriptor: *mut qjs::JSPropertyDescriptor,
    object: qjs::JSValue,
    atom: qjs::JSAtom,
) -> c_int {
    match value_at(ctx, object, atom) {
        Err(_) => -1,
        Ok(None) => 0,
        Ok(Some(value)) => {
            // SAFETY: the engine passes null or a descriptor to fill, whose values it then owns.
            unsafe {
                if let Some(descriptor) = descriptor.as_mut() {
                    descriptor.flags =
                        (qjs::JS_PROP_ENUMERABLE | qjs::JS_PROP_CONFIGURABLE) as c_int;
                    descriptor.value = value.into_raw();
                    descriptor.getter = qjs::JS_UNDEFINED;
                    descriptor.setter = qjs::JS_UNDEFINED;
                }
            }
            1
        }
    }
}

unsafe extern "C" fn get_own_property_names(
    ctx: *mut qjs::JSContext,
    table: *mut *mut qjs::JSPropertyEnum,
    length: *mut u32,
    object: qjs::JSValue,
) -> c_int {
    let count = with_indexed(ctx, object, |realm, object, indexed| (indexed.length)(realm, object));
    let Ok(count) = count else { return -1 };
    let count = count.unwrap_or(0);
    // SAFETY: the engine frees the table, which it wants from its own allocator; it is large enough.
    unsafe {
        let bytes = size_of::<qjs::JSPropertyEnum>() * (count as usize).max(1);
        let entries = qjs::js_malloc(ctx, bytes as _).cast::<qjs::JSPropertyEnum>();
        if entries.is_null() {
            return -1;
        }
        for index in 0..count {
            let entry = entries.add(index as usize);
            (*entry).is_enumerable = true;
            (*entry).atom = qjs::JS_NewAtomUInt32(ctx, index);
        }
        *table = entries;
        *length = count;
    }
    0
}

unsafe extern "C" fn delete_property(
    ctx: *mut qjs::JSContext,
    object: qjs::JSValue,
    atom: qjs::JSAtom,
) -> c_int {
    match value_at(ctx, object, atom) {
        Err(_) => -1,
        Ok(found) => c_int::from(found.is_none()),
    }
}

unsafe extern "C" fn define_own_property(
    ctx: *mut qjs::JSContext,
    object: qjs::JSValue,
    atom: qjs::JSAtom,
    value: qjs::JSValue,
    getter: qjs::JSValue,
    setter: qjs::JSValue,
    flags: c_int,
) -> c_int {
    if atom & INDEX_BIT != 0 {
        // An array index without a setter can never be defined.
        if flags & qjs::JS_PROP_THROW as c_int != 0 {
            // SAFETY: the context is alive.
            unsafe {
                qjs::JS_ThrowTypeError(ctx, c"%s".as_ptr(), c"the index is read-only".as_ptr());
            }
            return -1;
        }
        return 0;
    }
    let flags = flags | qjs::JS_PROP_NO_EXOTIC as c_int;
    // SAFETY: passes on what the engine gave, as an ordinary definition.
    unsafe { qjs::JS_DefineProperty(ctx, object, atom, value, getter, setter, flags) }
}
