/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The JavaScript objects in front of DOM objects.
//!
//! All wrappers are of one engine class (one more for legacy platform objects), whose opaque pointer is a boxed
//! `Rc<dyn DomObject>`: brand checks ask the object itself, so they work across realms. The module is unsafe because the
//! engine calls it back with raw pointers.

#![allow(unsafe_code)]

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;

use rquickjs::qjs;

use crate::dom_object::DomObject;
use crate::error::{Error, Fallible};
use crate::exception_interface;
use crate::install;
use crate::legacy::LegacyWrapper;
use crate::realm::{Realm, RealmInner};
use crate::runtime::current_runtime;
use crate::trace::{Trace, Tracer};
use crate::value::JsValue;
use crate::window_proxy;

type Owner = Rc<dyn DomObject>;

/// # Safety
/// The runtime must be alive, and the definition complete.
pub(crate) unsafe fn register(
    rt: *mut qjs::JSRuntime,
    definition: &qjs::JSClassDef,
) -> qjs::JSClassID {
    let mut id = 0;
    // SAFETY: the runtime is alive, and the engine copies the definition.
    unsafe {
        qjs::JS_NewClassID(rt, &mut id);
        qjs::JS_NewClass(rt, id, definition);
    }
    id
}

/// # Safety
/// The runtime must be alive.
pub(crate) unsafe fn register_wrapper_class(rt: *mut qjs::JSRuntime) -> qjs::JSClassID {
    let definition = qjs::JSClassDef {
        class_name: c"Object".as_ptr(),
        finalizer: Some(finalize_wrapper),
        gc_mark: Some(mark_wrapper),
        call: None,
        exotic: ptr::null_mut(),
    };
    // SAFETY: see above.
    unsafe { register(rt, &definition) }
}

/// # Safety
/// The runtime must be alive.
pub(crate) unsafe fn register_realm_class(rt: *mut qjs::JSRuntime) -> qjs::JSClassID {
    let definition = qjs::JSClassDef {
        class_name: c"Object".as_ptr(),
        finalizer: Some(finalize_realm),
        gc_mark: Some(mark_realm),
        call: None,
        exotic: ptr::null_mut(),
    };
    // SAFETY: see above.
    unsafe { register(rt, &definition) }
}

/// What script sees of an object: its wrapper, or the proxy of a global object.
pub(crate) fn for_script(owner: &Owner) -> Fallible<JsValue> {
    if owner.reflector().is_global()
        && let Some(proxy) = owner.reflector().realm().window_proxy()
    {
        return Ok(proxy.as_object().as_value().clone());
    }
    of(owner)
}

/// The wrapper of an object; made now if there is none.
pub(crate) fn of(owner: &Owner) -> Fallible<JsValue> {
    let address = owner.reflector().wrapper_address();
    if address != 0 {
        let raw = qjs::JS_MKPTR(qjs::JS_TAG_OBJECT, address as *mut c_void);
        // SAFETY: the finalizer resets the address, so the object is alive.
        return Ok(unsafe { JsValue::from_raw_borrowed(raw) });
    }
    let realm = owner.reflector().realm();
    let prototype = realm.prototype_of(owner.info().id)?;
    create(realm, owner, prototype.as_value())
}

/// Makes the wrapper of an object that has none, or gives the one it has another prototype.
pub(crate) fn with_prototype(owner: &Owner, prototype: &JsValue) -> Fallible<JsValue> {
    let realm = owner.reflector().realm();
    if owner.reflector().has_wrapper() {
        let wrapper = of(owner)?;
        if let Some(object) = wrapper.as_object() {
            object.set_prototype(realm, prototype)?;
        }
        return Ok(wrapper);
    }
    create(realm, owner, prototype)
}

/// A new object that owns a DOM object, and frees it with itself.
pub(crate) fn holder(realm: &Realm, owner: &Owner, prototype: &JsValue) -> Fallible<JsValue> {
    // SAFETY: all are alive; the opaque pointer is freed by the finalizer.
    unsafe {
        let class = realm.runtime().wrapper_class;
        let raw = qjs::JS_NewObjectProtoClass(realm.ctx(), prototype.as_raw(), class);
        let holder = realm.own(raw)?;
        let opaque = Box::into_raw(Box::new(Rc::clone(owner)));
        qjs::JS_SetOpaque(holder.as_raw(), opaque.cast());
        Ok(holder)
    }
}

fn create(realm: &Realm, owner: &Owner, prototype: &JsValue) -> Fallible<JsValue> {
    let runtime = realm.runtime();
    if runtime.finalizing.get() {
        return Err(Error::type_error("objects are being freed"));
    }
    let info = owner.info();
    let wrapper = if let Some(message) = info.exception_message {
        let exception = exception_interface::create(realm, owner, prototype, message)?;
        adopt(realm, owner, &exception);
        exception
    } else if info.is_legacy() {
        let data = LegacyWrapper::new(Rc::clone(owner));
        let wrapper = runtime.legacy_class.create(realm, prototype, data)?.into_value();
        adopt(realm, owner, &wrapper);
        wrapper
    } else {
        let wrapper = holder(realm, owner, prototype)?;
        adopt(realm, owner, &wrapper);
        wrapper
    };
    if info.has_unforgeable {
        let legacy = runtime.legacy_class.data_of(&wrapper);
        let target = match (legacy, wrapper.as_object()) {
            (Some(legacy), _) => legacy.expando(realm)?,
            (None, Some(wrapper)) => wrapper,
            (None, None) => return Ok(wrapper),
        };
        install::define_unforgeable(realm, info, target)?;
    }
    Ok(wrapper)
}

/// Tells an object what its wrapper is.
fn adopt(realm: &Realm, owner: &Owner, wrapper: &JsValue) {
    let wrappers = &realm.runtime().wrappers;
    wrappers.set(wrappers.get() + 1);
    owner.reflector().set_wrapper_address(wrapper.address().unwrap_or(0));
}

/// Tells an object that its wrapper is being freed.
pub(crate) fn forget(owner: &dyn DomObject) {
    owner.reflector().set_wrapper_address(0);
    if let Some(runtime) = current_runtime() {
        runtime.wrappers.set(runtime.wrappers.get() - 1);
    }
}

/// The DOM object behind a value: a wrapper's, or that of a global object or of its proxy.
pub(crate) fn owner_of(realm: &Realm, value: &JsValue) -> Option<Owner> {
    if !value.is_object() {
        return None;
    }
    let runtime = realm.runtime();
    // SAFETY: the opaque pointer of a wrapper is a live boxed `Owner`.
    let owner = unsafe {
        qjs::JS_GetOpaque(value.as_raw(), runtime.wrapper_class).cast::<Owner>().as_ref()
    };
    let owner = owner.or_else(|| runtime.legacy_class.data_of(value).map(LegacyWrapper::owner));
    owner.cloned().or_else(|| {
        if let Some(window) = window_proxy::window_of(value) {
            return owner_of(realm, window.as_value());
        }
        if let Some(holder) = exception_interface::holder_of(realm, value) {
            return owner_of(realm, &holder);
        }
        let globals = runtime.globals.borrow();
        let found = globals.get(&value.address()?)?.upgrade()?;
        let object = found.global_object.borrow();
        object.clone()
    })
}

/// Runs engine callbacks that may drop Rust objects: they must not make JavaScript objects, and must not unwind.
fn finalizing(f: impl FnOnce()) {
    let runtime = current_runtime();
    let before = runtime.map(|runtime| runtime.finalizing.replace(true));
    if catch_unwind(AssertUnwindSafe(f)).is_err() {
        log::error!("a DOM object panicked while it was freed");
    }
    if let (Some(runtime), Some(before)) = (runtime, before) {
        runtime.finalizing.set(before);
    }
}

/// Frees Rust data that a JavaScript object owned.
pub(crate) fn free<T>(data: Box<T>) {
    finalizing(|| drop(data));
}

unsafe extern "C" fn finalize_wrapper(_rt: *mut qjs::JSRuntime, value: qjs::JSValue) {
    let mut class = 0;
    // SAFETY: called once per wrapper; the opaque pointer is null if making the wrapper failed midway.
    unsafe {
        let opaque = qjs::JS_GetAnyOpaque(value, &mut class).cast::<Owner>();
        if opaque.is_null() {
            return;
        }
        let owner = Box::from_raw(opaque);
        forget(&**owner);
        free(owner);
    }
}

unsafe extern "C" fn mark_wrapper(
    rt: *mut qjs::JSRuntime,
    value: qjs::JSValue,
    mark: qjs::JS_MarkFunc,
) {
    let mut class = 0;
    // SAFETY: as in `finalize_wrapper`; the owner is only borrowed.
    let owner = unsafe { qjs::JS_GetAnyOpaque(value, &mut class).cast::<Owner>().as_ref() };
    if let Some(owner) = owner {
        trace_owner(owner, &mut Tracer { runtime: rt, mark });
    }
}

/// Reports what the object holds, if the wrapper is its only owner.
pub(crate) fn trace_owner(owner: &Owner, tracer: &mut Tracer) {
    if Rc::strong_count(owner) == 1 {
        // Not `owner.trace`: that is the implementation for any `Rc`, which knows of one owner only.
        (**owner).trace(tracer);
    }
}

unsafe extern "C" fn finalize_realm(_rt: *mut qjs::JSRuntime, value: qjs::JSValue) {
    let mut class = 0;
    // SAFETY: called once per realm holder.
    unsafe {
        let opaque = qjs::JS_GetAnyOpaque(value, &mut class).cast::<RealmInner>();
        if opaque.is_null() {
            return;
        }
        let inner = Rc::from_raw(opaque.cast_const());
        if let Some(runtime) = current_runtime() {
            runtime
                .globals
                .borrow_mut()
                .retain(|_, realm| !ptr::eq(realm.as_ptr(), Rc::as_ptr(&inner)));
        }
        finalizing(|| {
            inner.clear();
            drop(inner);
        });
    }
}

unsafe extern "C" fn mark_realm(
    rt: *mut qjs::JSRuntime,
    value: qjs::JSValue,
    mark: qjs::JS_MarkFunc,
) {
    let mut class = 0;
    // SAFETY: as in `finalize_realm`; only borrowed.
    let inner = unsafe { qjs::JS_GetAnyOpaque(value, &mut class).cast::<RealmInner>().as_ref() };
    let Some(inner) = inner else { return };
    let mut tracer = Tracer { runtime: rt, mark };
    inner.interfaces.trace(&mut tracer);
    inner.dom_exception.trace(&mut tracer);
    inner.exceptions.trace(&mut tracer);
    inner.intrinsics.trace(&mut tracer);
    inner.window_proxy.trace(&mut tracer);
    if let Ok(functions) = inner.cross_origin.try_borrow() {
        functions.values().for_each(|property| property.trace(&mut tracer));
    }
    if let Ok(global) = inner.global_object.try_borrow()
        && let Some(owner) = &*global
    {
        trace_owner(owner, &mut tracer);
    }
}
