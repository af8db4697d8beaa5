/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Exotic objects: internal methods written in Rust.
//! <https://tc39.es/ecma262/#sec-object-internal-methods-and-internal-slots>
//!
//! The engine looks at an object's ordinary properties first; so exotic objects have none. The module is unsafe because the
//! engine calls these methods with raw pointers.

#![allow(unsafe_code)]

use std::ffi::c_int;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use rquickjs::qjs;

use crate::class::{Class, ObjectData, data_unchecked};
use crate::error::{Error, Fallible};
use crate::object::Atom;
use crate::property::{Definition, OwnProperty};
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};

/// A call of an internal method.
pub(crate) struct Internal<'a> {
    /// The realm of the running script.
    pub(crate) realm: &'a Realm,
    /// The exotic object.
    pub(crate) object: &'a JsObject,
    /// The property; none for [`Exotic::own_keys`].
    pub(crate) atom: qjs::JSAtom,
}

/// The internal methods of an exotic object, by the names of the standard.
pub(crate) trait Exotic: ObjectData {
    /// `[[GetOwnProperty]]`. Without `wants_value`, only whether there is one and its flags are asked for.
    fn get_own_property(
        &self,
        call: &Internal<'_>,
        wants_value: bool,
    ) -> Fallible<Option<OwnProperty>>;

    /// `[[OwnPropertyKeys]]`
    fn own_keys<'a>(&self, call: &Internal<'a>) -> Fallible<Vec<Atom<'a>>>;

    /// `[[Delete]]`
    fn delete(&self, call: &Internal<'_>) -> Fallible<bool>;

    /// `[[DefineOwnProperty]]`
    fn define_own_property(
        &self,
        call: &Internal<'_>,
        definition: &Definition<'_>,
    ) -> Fallible<bool>;

    /// `[[Get]]`
    fn get(&self, call: &Internal<'_>, receiver: &JsValue) -> Fallible<JsValue> {
        let own = self.get_own_property(call, true)?;
        call.ordinary_get(own, receiver)
    }

    /// `[[Set]]`
    fn set(&self, call: &Internal<'_>, value: &JsValue, receiver: &JsValue) -> Fallible<bool> {
        let own = self.get_own_property(call, true)?;
        call.ordinary_set(own, value, receiver)
    }
}

impl Internal<'_> {
    /// <https://tc39.es/ecma262/#sec-ordinarysetwithowndescriptor>
    pub(crate) fn ordinary_set(
        &self,
        own: Option<OwnProperty>,
        value: &JsValue,
        receiver: &JsValue,
    ) -> Fallible<bool> {
        let realm = self.realm;
        let own = match own {
            Some(own) => own,
            None => match self.object.prototype(realm)?.as_object() {
                Some(parent) => return parent.reflect_set(realm, self.atom, value, receiver),
                None => OwnProperty::data(JsValue::undefined(), qjs::JS_PROP_C_W_E as c_int),
            },
        };
        if own.is_accessor() {
            if own.setter.is_undefined() {
                return Ok(false);
            }
            realm.call(&own.setter, receiver, std::slice::from_ref(value))?;
            return Ok(true);
        }
        let Some(receiver) = receiver.as_object().filter(|_| own.is_writable()) else {
            return Ok(false);
        };
        match receiver.own_property_atom(realm, self.atom)? {
            Some(existing) if existing.is_accessor() || !existing.is_writable() => Ok(false),
            Some(_) => Definition::of_value(value, false).apply(realm, receiver, self.atom),
            None => Definition::of_value(value, true).apply(realm, receiver, self.atom),
        }
    }

    /// <https://tc39.es/ecma262/#sec-ordinaryget>
    pub(crate) fn ordinary_get(
        &self,
        own: Option<OwnProperty>,
        receiver: &JsValue,
    ) -> Fallible<JsValue> {
        let realm = self.realm;
        let mut found = own;
        let mut prototype = self.object.prototype(realm)?;
        loop {
            match found {
                Some(own) if !own.is_accessor() => return Ok(own.value),
                Some(own) if own.getter.is_undefined() => return Ok(JsValue::undefined()),
                Some(own) => return realm.call(&own.getter, receiver, &[]),
                None => {}
            }
            let Some(parent) = prototype.as_object() else {
                return Ok(JsValue::undefined());
            };
            if parent.is_proxy() {
                return parent.reflect_get(realm, self.atom, receiver);
            }
            found = parent.own_property_atom(realm, self.atom)?;
            let next = parent.prototype(realm)?;
            prototype = next;
        }
    }
}

struct Methods<T>(std::marker::PhantomData<T>);

impl<T: Exotic> Methods<T> {
    const TABLE: &'static qjs::JSClassExoticMethods = &qjs::JSClassExoticMethods {
        get_own_property: Some(get_own_property::<T>),
        get_own_property_names: Some(get_own_property_names::<T>),
        delete_property: Some(delete_property::<T>),
        define_own_property: Some(define_own_property::<T>),
        has_property: None,
        get_property: Some(get_property::<T>),
        set_property: Some(set_property::<T>),
    };

    /// For the prototype of a global object: with a `get_property`, the engine would not see that a variable does not exist.
    const OF_PROTOTYPE: &'static qjs::JSClassExoticMethods =
        &qjs::JSClassExoticMethods { get_property: None, set_property: None, ..*Self::TABLE };
}

impl<T: Exotic> Class<T> {
    /// Registers a class of exotic objects.
    ///
    /// # Safety
    /// The runtime must be alive.
    pub(crate) unsafe fn register_exotic(rt: *mut qjs::JSRuntime) -> Self {
        // SAFETY: see above; the methods are those for this type of data.
        unsafe { Self::register_with(rt, Methods::<T>::TABLE) }
    }

    /// Registers a class of exotic objects that are on the prototype chain of a global object. They have data properties
    /// that can be written only, as what is written belongs on the global object.
    ///
    /// # Safety
    /// The runtime must be alive.
    pub(crate) unsafe fn register_exotic_prototype(rt: *mut qjs::JSRuntime) -> Self {
        // SAFETY: as above.
        unsafe { Self::register_with(rt, Methods::<T>::OF_PROTOTYPE) }
    }
}

/// Runs an internal method; `None` after an exception was thrown.
///
/// # Safety
/// The context and the object must be alive, and the object of a class with this data.
unsafe fn run<T: Exotic, R>(
    ctx: *mut qjs::JSContext,
    object: qjs::JSValue,
    atom: qjs::JSAtom,
    f: impl FnOnce(&T, &Internal<'_>) -> Fallible<R>,
) -> Option<R> {
    // SAFETY: see above. Somebody else owns the object during the call.
    let (realm, data, value) = unsafe {
        let value = ManuallyDrop::new(JsValue::view(object));
        (Realm::borrow_context(ctx)?, data_unchecked::<T>(object), value)
    };
    let result = match (data, value.as_object()) {
        (Some(data), Some(object)) => {
            let call = Internal { realm: &realm, object, atom };
            let body = AssertUnwindSafe(|| f(data, &call));
            catch_unwind(body).unwrap_or_else(|_| {
                log::error!("an internal method panicked");
                Err(Error::type_error("internal error"))
            })
        }
        _ => Err(Error::type_error("the object is not complete")),
    };
    result.map_err(|error| realm.throw(error)).ok()
}

/// What an internal method that returned false returns to the engine: an exception if the caller wants one, else false.
///
/// # Safety
/// The context must be alive.
unsafe fn refuse(ctx: *mut qjs::JSContext, atom: qjs::JSAtom, flags: c_int) -> c_int {
    let throwing = (qjs::JS_PROP_THROW | qjs::JS_PROP_THROW_STRICT) as c_int;
    // SAFETY: all are alive. Only the engine knows whether the running script is strict, so it is asked by a definition that
    // cannot succeed.
    unsafe {
        let Some(realm) = Realm::borrow_context(ctx) else { return -1 };
        let intrinsics = realm.intrinsics();
        let (object, undefined) = (intrinsics.frozen.as_raw(), qjs::JS_UNDEFINED);
        let flags = flags & throwing | qjs::JS_PROP_HAS_VALUE as c_int;
        if qjs::JS_DefineProperty(ctx, object, atom, undefined, undefined, undefined, flags) < 0 {
            drop(realm.take_exception());
            realm.throw(Error::type_error("the property cannot be set or defined"));
            return -1;
        }
    }
    0
}

unsafe extern "C" fn get_own_property<T: Exotic>(
    ctx: *mut qjs::JSContext,
    descriptor: *mut qjs::JSPropertyDescriptor,
    object: qjs::JSValue,
    atom: qjs::JSAtom,
) -> c_int {
    // SAFETY: the engine passes live values, and null or a descriptor to fill, whose values it then owns.
    unsafe {
        let wants_value = !descriptor.is_null();
        let found =
            run::<T, _>(ctx, object, atom, |data, call| data.get_own_property(call, wants_value));
        match (found, descriptor.as_mut()) {
            (None, _) => -1,
            (Some(None), _) => 0,
            (Some(Some(_)), None) => 1,
            (Some(Some(found)), Some(descriptor)) => {
                descriptor.flags = found.flags;
                descriptor.value = found.value.into_raw();
                descriptor.getter = found.getter.into_raw();
                descriptor.setter = found.setter.into_raw();
                1
            }
        }
    }
}

unsafe extern "C" fn get_own_property_names<T: Exotic>(
    ctx: *mut qjs::JSContext,
    table: *mut *mut qjs::JSPropertyEnum,
    length: *mut u32,
    object: qjs::JSValue,
) -> c_int {
    // SAFETY: the engine frees the table, which it wants from its own allocator, and its atoms; the table is large enough.
    unsafe {
        let filled = run::<T, _>(ctx, object, 0, |data, call| {
            let keys = data.own_keys(call)?;
            let count = u32::try_from(keys.len()).map_err(|_| Error::range_error("too many"))?;
            let bytes = size_of::<qjs::JSPropertyEnum>() * keys.len().max(1);
            let entries = qjs::js_malloc(ctx, bytes as _).cast::<qjs::JSPropertyEnum>();
            if entries.is_null() {
                return Err(Error::JsException);
            }
            for (index, key) in keys.into_iter().enumerate() {
                let entry = qjs::JSPropertyEnum { is_enumerable: true, atom: key.into_raw() };
                ptr::write(entries.add(index), entry);
            }
            *table = entries;
            *length = count;
            Ok(())
        });
        if filled.is_some() { 0 } else { -1 }
    }
}

unsafe extern "C" fn delete_property<T: Exotic>(
    ctx: *mut qjs::JSContext,
    object: qjs::JSValue,
    atom: qjs::JSAtom,
) -> c_int {
    // SAFETY: the engine passes live values.
    match unsafe { run::<T, _>(ctx, object, atom, |data, call| data.delete(call)) } {
        None => -1,
        Some(deleted) => c_int::from(deleted),
    }
}

unsafe extern "C" fn define_own_property<T: Exotic>(
    ctx: *mut qjs::JSContext,
    object: qjs::JSValue,
    atom: qjs::JSAtom,
    value: qjs::JSValue,
    getter: qjs::JSValue,
    setter: qjs::JSValue,
    flags: c_int,
) -> c_int {
    // SAFETY: the engine passes live values, which it still owns.
    unsafe {
        let parts = ManuallyDrop::new([value, getter, setter].map(JsValue::view));
        let definition =
            Definition { value: &parts[0], getter: &parts[1], setter: &parts[2], flags };
        let defined = run::<T, _>(ctx, object, atom, |data, call| {
            data.define_own_property(call, &definition)
        });
        match defined {
            None => -1,
            Some(true) => 1,
            Some(false) => refuse(ctx, atom, flags),
        }
    }
}

unsafe extern "C" fn get_property<T: Exotic>(
    ctx: *mut qjs::JSContext,
    object: qjs::JSValue,
    atom: qjs::JSAtom,
    receiver: qjs::JSValue,
) -> qjs::JSValue {
    // SAFETY: the engine passes live values, which it still owns.
    unsafe {
        let receiver = ManuallyDrop::new(JsValue::view(receiver));
        let found = run::<T, _>(ctx, object, atom, |data, call| data.get(call, &receiver));
        found.map_or(qjs::JS_EXCEPTION, JsValue::into_raw)
    }
}

unsafe extern "C" fn set_property<T: Exotic>(
    ctx: *mut qjs::JSContext,
    object: qjs::JSValue,
    atom: qjs::JSAtom,
    value: qjs::JSValue,
    receiver: qjs::JSValue,
    flags: c_int,
) -> c_int {
    // SAFETY: the engine passes live values, which it still owns.
    unsafe {
        let parts = ManuallyDrop::new([value, receiver].map(JsValue::view));
        let set = run::<T, _>(ctx, object, atom, |data, call| data.set(call, &parts[0], &parts[1]));
        match set {
            None => -1,
            Some(true) => 1,
            Some(false) => refuse(ctx, atom, flags),
        }
    }
}
