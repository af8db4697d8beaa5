/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Engine classes whose objects own Rust data.
//!
//! The module is unsafe because the engine calls it back with raw pointers.

#![allow(unsafe_code)]

use std::ptr;

use rquickjs::qjs;

use crate::error::Fallible;
use crate::realm::Realm;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};
use crate::wrapper;

/// The Rust data behind the objects of one class.
pub(crate) trait ObjectData: Trace + 'static {
    /// Called when the object is being freed, before the data is dropped.
    fn finalizing(&self) {}
}

/// A class and the type of its data.
pub(crate) struct Class<T> {
    id: qjs::JSClassID,
    data: std::marker::PhantomData<fn() -> T>,
}

impl<T: ObjectData> Class<T> {
    /// Registers an ordinary class.
    ///
    /// # Safety
    /// The runtime must be alive.
    pub(crate) unsafe fn register(rt: *mut qjs::JSRuntime) -> Self {
        // SAFETY: see above.
        unsafe { Self::register_with(rt, ptr::null()) }
    }

    /// Registers a class with internal methods of its own; they must expect this type of data.
    ///
    /// # Safety
    /// The runtime must be alive.
    pub(crate) unsafe fn register_with(
        rt: *mut qjs::JSRuntime,
        exotic: *const qjs::JSClassExoticMethods,
    ) -> Self {
        let definition = qjs::JSClassDef {
            class_name: c"Object".as_ptr(),
            finalizer: Some(finalize::<T>),
            gc_mark: Some(mark::<T>),
            call: None,
            // The engine wants a mutable pointer but never writes through it.
            exotic: exotic.cast_mut(),
        };
        // SAFETY: see above.
        let id = unsafe { wrapper::register(rt, &definition) };
        Self { id, data: std::marker::PhantomData }
    }

    /// A new object of this class.
    pub(crate) fn create(&self, realm: &Realm, prototype: &JsValue, data: T) -> Fallible<JsObject> {
        // SAFETY: all are alive; the opaque pointer is freed by the finalizer.
        unsafe {
            let raw = qjs::JS_NewObjectProtoClass(realm.ctx(), prototype.as_raw(), self.id);
            let object: JsObject = realm.own(raw)?.try_into()?;
            let opaque = Box::into_raw(Box::new(data));
            qjs::JS_SetOpaque(object.as_value().as_raw(), opaque.cast());
            Ok(object)
        }
    }

    /// The data of an object, if it is of this class.
    pub(crate) fn data_of<'a>(&self, value: &'a JsValue) -> Option<&'a T> {
        if !value.is_object() {
            return None;
        }
        // SAFETY: the opaque pointer of an object of this class is null or a live box, which lives as long as the object does.
        unsafe { qjs::JS_GetOpaque(value.as_raw(), self.id).cast::<T>().as_ref() }
    }

    /// Whether a value is an object of this class.
    pub(crate) fn has(&self, value: &JsValue) -> bool {
        self.data_of(value).is_some()
    }
}

/// The data of an object whose class is known to have this type of data.
///
/// # Safety
/// The object must be alive for `'a`, and of such a class.
pub(crate) unsafe fn data_unchecked<'a, T: ObjectData>(object: qjs::JSValue) -> Option<&'a T> {
    let mut class = 0;
    // SAFETY: see above; the pointer is null if making the object failed midway.
    unsafe { qjs::JS_GetAnyOpaque(object, &mut class).cast::<T>().as_ref() }
}

unsafe extern "C" fn finalize<T: ObjectData>(_rt: *mut qjs::JSRuntime, value: qjs::JSValue) {
    let mut class = 0;
    // SAFETY: called once per object; the pointer is null if making the object failed midway.
    let data = unsafe {
        let opaque = qjs::JS_GetAnyOpaque(value, &mut class).cast::<T>();
        if opaque.is_null() {
            return;
        }
        Box::from_raw(opaque)
    };
    data.finalizing();
    wrapper::free(data);
}

unsafe extern "C" fn mark<T: ObjectData>(
    rt: *mut qjs::JSRuntime,
    value: qjs::JSValue,
    mark: qjs::JS_MarkFunc,
) {
    // SAFETY: the engine passes a live object of a class with this data.
    if let Some(data) = unsafe { data_unchecked::<T>(value) } {
        data.trace(&mut Tracer { runtime: rt, mark });
    }
}
