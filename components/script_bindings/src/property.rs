/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Own properties, and the internal methods of objects.

#![allow(unsafe_code)]

use std::ffi::c_int;
use std::ptr;

use rquickjs::qjs;

use crate::convert;
use crate::error::Fallible;
use crate::object::{Atom, check};
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};

/// An own property: a value, or a getter and a setter (`undefined` if there is none).
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnProperty {
    /// `JS_PROP_…`
    pub(crate) flags: c_int,
    pub(crate) value: JsValue,
    pub(crate) getter: JsValue,
    pub(crate) setter: JsValue,
}

impl OwnProperty {
    /// A data property. The flags say whether it is enumerable, configurable and writable.
    pub(crate) fn data(value: JsValue, flags: c_int) -> Self {
        Self { flags, value, ..Self::default() }
    }

    pub(crate) fn is_accessor(&self) -> bool {
        self.flags & qjs::JS_PROP_TMASK as c_int == qjs::JS_PROP_GETSET as c_int
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.flags & qjs::JS_PROP_WRITABLE as c_int != 0
    }
}

crate::impl_trace!(OwnProperty { value, getter, setter });

/// A property descriptor as an argument; the flags say what is there.
pub(crate) struct Definition<'a> {
    pub(crate) value: &'a JsValue,
    pub(crate) getter: &'a JsValue,
    pub(crate) setter: &'a JsValue,
    /// `JS_PROP_…`
    pub(crate) flags: c_int,
}

static UNDEFINED: Shared = Shared(JsValue::undefined());

/// `undefined` may be read from any thread, as it counts nothing.
struct Shared(JsValue);

// SAFETY: the value has no reference count.
unsafe impl Sync for Shared {}

impl<'a> Definition<'a> {
    /// A value for a property that exists, or for a new one that is enumerable, configurable and writable.
    pub(crate) fn of_value(value: &'a JsValue, is_new: bool) -> Self {
        let mut flags = qjs::JS_PROP_HAS_VALUE;
        if is_new {
            flags |= qjs::JS_PROP_HAS_WRITABLE
                | qjs::JS_PROP_HAS_ENUMERABLE
                | qjs::JS_PROP_HAS_CONFIGURABLE
                | qjs::JS_PROP_C_W_E;
        }
        Self { value, getter: &UNDEFINED.0, setter: &UNDEFINED.0, flags: flags as c_int }
    }

    /// <https://tc39.es/ecma262/#sec-isdatadescriptor>
    pub(crate) fn is_data(&self) -> bool {
        self.flags & (qjs::JS_PROP_HAS_VALUE | qjs::JS_PROP_HAS_WRITABLE) as c_int != 0
    }

    /// `object.[[DefineOwnProperty]](atom, this)`
    pub(crate) fn apply(
        &self,
        realm: &Realm,
        object: &JsObject,
        atom: qjs::JSAtom,
    ) -> Fallible<bool> {
        let flags = self.flags & !((qjs::JS_PROP_THROW | qjs::JS_PROP_THROW_STRICT) as c_int);
        // SAFETY: all are alive; the engine takes no reference that it does not count.
        truth(unsafe {
            qjs::JS_DefineProperty(
                realm.ctx(),
                object.as_value().as_raw(),
                atom,
                self.value.as_raw(),
                self.getter.as_raw(),
                self.setter.as_raw(),
                flags,
            )
        })
    }
}

/// Turns the engine's "negative is an exception" into a truth value.
fn truth(status: c_int) -> Fallible<bool> {
    check(status).map(|()| status > 0)
}

impl JsObject {
    /// `object.[[GetOwnProperty]](name)`
    pub(crate) fn own_property(&self, realm: &Realm, name: &str) -> Fallible<Option<OwnProperty>> {
        self.own_property_atom(realm, Atom::new(realm, name).raw())
    }

    pub(crate) fn own_property_atom(
        &self,
        realm: &Realm,
        atom: qjs::JSAtom,
    ) -> Fallible<Option<OwnProperty>> {
        let mut found = qjs::JSPropertyDescriptor {
            flags: 0,
            value: qjs::JS_UNDEFINED,
            getter: qjs::JS_UNDEFINED,
            setter: qjs::JS_UNDEFINED,
        };
        // SAFETY: all are alive; the engine fills the descriptor if there is such a property, and its values are then ours.
        unsafe {
            let object = self.as_value().as_raw();
            if !truth(qjs::JS_GetOwnProperty(realm.ctx(), &mut found, object, atom))? {
                return Ok(None);
            }
            Ok(Some(OwnProperty {
                flags: found.flags,
                value: JsValue::from_raw(found.value),
                getter: JsValue::from_raw(found.getter),
                setter: JsValue::from_raw(found.setter),
            }))
        }
    }

    /// Whether there is an own property.
    pub(crate) fn has_own_atom(&self, realm: &Realm, atom: qjs::JSAtom) -> Fallible<bool> {
        let object = self.as_value().as_raw();
        // SAFETY: all are alive; without a descriptor to fill, the engine only looks.
        truth(unsafe { qjs::JS_GetOwnProperty(realm.ctx(), ptr::null_mut(), object, atom) })
    }

    /// `object.[[Delete]](atom)`
    pub(crate) fn delete_own_atom(&self, realm: &Realm, atom: qjs::JSAtom) -> Fallible<bool> {
        // SAFETY: all are alive.
        truth(unsafe { qjs::JS_DeleteProperty(realm.ctx(), self.as_value().as_raw(), atom, 0) })
    }

    /// `object.[[OwnPropertyKeys]]()`
    pub(crate) fn own_keys<'a>(&self, realm: &'a Realm) -> Fallible<Vec<Atom<'a>>> {
        self.own_keys_with(realm, (qjs::JS_GPN_STRING_MASK | qjs::JS_GPN_SYMBOL_MASK) as c_int)
    }

    /// Own keys, as the `JS_GPN_…` flags select them.
    pub(crate) fn own_keys_with<'a>(
        &self,
        realm: &'a Realm,
        flags: c_int,
    ) -> Fallible<Vec<Atom<'a>>> {
        let (mut table, mut count) = (ptr::null_mut(), 0);
        let object = self.as_value().as_raw();
        // SAFETY: the engine fills the table, which is freed below with its atoms.
        unsafe {
            let status =
                qjs::JS_GetOwnPropertyNames(realm.ctx(), &mut table, &mut count, object, flags);
            check(status)?;
            let keys =
                (0..count as usize).map(|index| Atom::of_raw(realm, (*table.add(index)).atom));
            let keys = keys.collect();
            qjs::JS_FreePropertyEnum(realm.ctx(), table, count);
            Ok(keys)
        }
    }

    /// `object.[[IsExtensible]]()`
    pub(crate) fn is_extensible(&self, realm: &Realm) -> Fallible<bool> {
        // SAFETY: all are alive.
        truth(unsafe { qjs::JS_IsExtensible(realm.ctx(), self.as_value().as_raw()) })
    }

    /// Whether this is a `Proxy`.
    pub(crate) fn is_proxy(&self) -> bool {
        // SAFETY: reads the class of a live object.
        unsafe { qjs::JS_IsProxy(self.as_value().as_raw()) }
    }

    /// `object.[[Get]](atom, receiver)`
    pub(crate) fn reflect_get(
        &self,
        realm: &Realm,
        atom: qjs::JSAtom,
        receiver: &JsValue,
    ) -> Fallible<JsValue> {
        let key = Atom::of_raw(realm, atom).to_value()?;
        let arguments = [self.as_value().clone(), key, receiver.clone()];
        realm.call(&realm.intrinsics().reflect_get, &JsValue::undefined(), &arguments)
    }

    /// `object.[[Set]](atom, value, receiver)`
    pub(crate) fn reflect_set(
        &self,
        realm: &Realm,
        atom: qjs::JSAtom,
        value: &JsValue,
        receiver: &JsValue,
    ) -> Fallible<bool> {
        let key = Atom::of_raw(realm, atom).to_value()?;
        let arguments = [self.as_value().clone(), key, value.clone(), receiver.clone()];
        let set = &realm.intrinsics().reflect_set;
        convert::boolean(realm, &realm.call(set, &JsValue::undefined(), &arguments)?)
    }
}
