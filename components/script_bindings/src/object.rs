/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Properties of JavaScript objects, and functions made from closures.

#![allow(unsafe_code)]

use std::ffi::{CString, c_int, c_void};
use std::mem::ManuallyDrop;

use rquickjs::qjs;

use crate::error::{Error, Fallible};
use crate::glue::{self, Call};
use crate::realm::{Realm, WeakRealm};
use crate::value::{JsObject, JsValue};
use crate::wrapper;

/// Enumerable, configurable, writable.
pub(crate) const FLAGS_ALL: c_int =
    (qjs::JS_PROP_CONFIGURABLE | qjs::JS_PROP_WRITABLE | qjs::JS_PROP_ENUMERABLE) as c_int;

/// An interned property name that is freed with its scope.
pub(crate) struct Atom<'a> {
    realm: &'a Realm,
    atom: qjs::JSAtom,
}

impl<'a> Atom<'a> {
    pub(crate) fn new(realm: &'a Realm, name: &str) -> Self {
        // SAFETY: pointer and length are those of `name`.
        let atom =
            unsafe { qjs::JS_NewAtomLen(realm.ctx(), name.as_ptr().cast(), name.len() as _) };
        Self { realm, atom }
    }

    /// The name of an index.
    pub(crate) fn of_index(realm: &'a Realm, index: u32) -> Self {
        // SAFETY: the context is alive.
        let atom = unsafe { qjs::JS_NewAtomUInt32(realm.ctx(), index) };
        Self { realm, atom }
    }

    /// The name that a string or symbol is.
    pub(crate) fn of_value(realm: &'a Realm, value: &JsValue) -> Fallible<Self> {
        // SAFETY: all are alive.
        match unsafe { qjs::JS_ValueToAtom(realm.ctx(), value.as_raw()) } {
            0 => Err(Error::JsException),
            atom => Ok(Self { realm, atom }),
        }
    }

    /// One more reference to an atom.
    pub(crate) fn of_raw(realm: &'a Realm, atom: qjs::JSAtom) -> Self {
        // SAFETY: the caller has a live atom.
        let atom = unsafe { qjs::JS_DupAtom(realm.ctx(), atom) };
        Self { realm, atom }
    }

    /// The name as a value.
    pub(crate) fn to_value(&self) -> Fallible<JsValue> {
        // SAFETY: all are alive.
        self.realm.own(unsafe { qjs::JS_AtomToValue(self.realm.ctx(), self.atom) })
    }

    pub(crate) fn raw(&self) -> qjs::JSAtom {
        self.atom
    }

    /// Gives the reference away.
    pub(crate) fn into_raw(self) -> qjs::JSAtom {
        ManuallyDrop::new(self).atom
    }
}

impl Drop for Atom<'_> {
    fn drop(&mut self) {
        // SAFETY: the atom was made by `new` and is freed once.
        unsafe { qjs::JS_FreeAtom(self.realm.ctx(), self.atom) };
    }
}

impl JsObject {
    /// `Get(object, name)`.
    pub fn get(&self, realm: &Realm, name: &str) -> Fallible<JsValue> {
        self.get_atom(realm, Atom::new(realm, name).raw())
    }

    pub(crate) fn get_atom(&self, realm: &Realm, atom: qjs::JSAtom) -> Fallible<JsValue> {
        // SAFETY: all are alive.
        realm.own(unsafe { qjs::JS_GetProperty(realm.ctx(), self.as_value().as_raw(), atom) })
    }

    /// `Get(object, index)`.
    pub fn get_index(&self, realm: &Realm, index: u32) -> Fallible<JsValue> {
        // SAFETY: all are alive.
        realm
            .own(unsafe { qjs::JS_GetPropertyUint32(realm.ctx(), self.as_value().as_raw(), index) })
    }

    /// `Set(object, name, value, true)`: a setter may run, a failure throws.
    pub fn set(&self, realm: &Realm, name: &str, value: JsValue) -> Fallible<()> {
        let atom = Atom::new(realm, name);
        // SAFETY: all are alive; the engine takes the value.
        check(unsafe {
            qjs::JS_SetProperty(realm.ctx(), self.as_value().as_raw(), atom.raw(), value.into_raw())
        })
    }

    /// `CreateDataPropertyOrThrow(object, name, value)`.
    pub fn define(&self, realm: &Realm, name: &str, value: JsValue) -> Fallible<()> {
        self.define_with(realm, Atom::new(realm, name).raw(), value, FLAGS_ALL)
    }

    pub(crate) fn define_index(&self, realm: &Realm, index: u32, value: JsValue) -> Fallible<()> {
        // SAFETY: all are alive; the engine takes the value.
        check(unsafe {
            qjs::JS_DefinePropertyValueUint32(
                realm.ctx(),
                self.as_value().as_raw(),
                index,
                value.into_raw(),
                FLAGS_ALL | qjs::JS_PROP_THROW as c_int,
            )
        })
    }

    pub(crate) fn define_with(
        &self,
        realm: &Realm,
        atom: qjs::JSAtom,
        value: JsValue,
        flags: c_int,
    ) -> Fallible<()> {
        // SAFETY: all are alive; the engine takes the value.
        check(unsafe {
            qjs::JS_DefinePropertyValue(
                realm.ctx(),
                self.as_value().as_raw(),
                atom,
                value.into_raw(),
                flags | qjs::JS_PROP_THROW as c_int,
            )
        })
    }

    pub(crate) fn define_accessor(
        &self,
        realm: &Realm,
        atom: qjs::JSAtom,
        getter: JsValue,
        setter: JsValue,
        flags: c_int,
    ) -> Fallible<()> {
        // SAFETY: all are alive; the engine takes both functions.
        check(unsafe {
            qjs::JS_DefinePropertyGetSet(
                realm.ctx(),
                self.as_value().as_raw(),
                atom,
                getter.into_raw(),
                setter.into_raw(),
                flags | qjs::JS_PROP_THROW as c_int,
            )
        })
    }

    /// `HasProperty(object, name)`.
    pub fn has(&self, realm: &Realm, name: &str) -> Fallible<bool> {
        let atom = Atom::new(realm, name);
        // SAFETY: all are alive.
        match unsafe { qjs::JS_HasProperty(realm.ctx(), self.as_value().as_raw(), atom.raw()) } {
            status if status < 0 => Err(Error::JsException),
            status => Ok(status > 0),
        }
    }

    pub(crate) fn delete_atom(&self, realm: &Realm, atom: qjs::JSAtom) -> Fallible<()> {
        // SAFETY: all are alive.
        check(unsafe { qjs::JS_DeleteProperty(realm.ctx(), self.as_value().as_raw(), atom, 0) })
    }

    /// Freezes the object, as `Object.freeze` does.
    pub fn freeze(&self, realm: &Realm) -> Fallible<()> {
        // SAFETY: all are alive.
        check(unsafe { qjs::JS_FreezeObject(realm.ctx(), self.as_value().as_raw()) })
    }

    /// The object's prototype, `null` if it has none.
    pub fn prototype(&self, realm: &Realm) -> Fallible<JsValue> {
        // SAFETY: all are alive.
        realm.own(unsafe { qjs::JS_GetPrototype(realm.ctx(), self.as_value().as_raw()) })
    }

    pub(crate) fn set_prototype(&self, realm: &Realm, prototype: &JsValue) -> Fallible<()> {
        // SAFETY: all are alive.
        check(unsafe {
            qjs::JS_SetPrototype(realm.ctx(), self.as_value().as_raw(), prototype.as_raw())
        })
    }
}

/// Turns the engine's "negative is an exception" into a result.
pub(crate) fn check(status: c_int) -> Fallible<()> {
    if status < 0 { Err(Error::JsException) } else { Ok(()) }
}

type Body = dyn Fn(&Call<'_>) -> Fallible<JsValue>;

struct Closure {
    /// The realm the function was made in; the engine itself passes the caller's.
    realm: WeakRealm,
    body: Box<Body>,
}

impl Realm {
    /// A function of this realm that runs a Rust closure.
    ///
    /// What the closure captures stays alive as long as the function does, and the collector does not look into it.
    pub fn new_function(
        &self,
        name: &str,
        length: u8,
        closure: impl Fn(&Call<'_>) -> Fallible<JsValue> + 'static,
    ) -> Fallible<JsObject> {
        let name = CString::new(name.replace('\0', "")).unwrap_or_default();
        let opaque =
            Box::into_raw(Box::new(Closure { realm: self.downgrade(), body: Box::new(closure) }));
        // SAFETY: `opaque` is freed by the finalizer, which runs once.
        let raw = unsafe {
            qjs::JS_NewCClosure(
                self.ctx(),
                Some(run_closure),
                name.as_ptr(),
                Some(free_closure),
                c_int::from(length),
                0,
                opaque.cast(),
            )
        };
        self.own(raw)?.try_into()
    }
}

unsafe extern "C" fn run_closure(
    ctx: *mut qjs::JSContext,
    this: qjs::JSValue,
    argc: c_int,
    argv: *mut qjs::JSValue,
    _magic: c_int,
    opaque: *mut c_void,
) -> qjs::JSValue {
    // SAFETY: the engine passes the opaque of `new_function`, and live arguments.
    unsafe {
        let closure = &*opaque.cast::<Closure>();
        let realm = closure.realm.upgrade();
        let ctx = realm.as_ref().map_or(ctx, Realm::ctx);
        glue::run(ctx, this, argc, argv, false, &closure.body)
    }
}

unsafe extern "C" fn free_closure(opaque: *mut c_void) {
    // SAFETY: made by `Box::into_raw` in `new_function`.
    wrapper::free(unsafe { Box::from_raw(opaque.cast::<Closure>()) });
}
