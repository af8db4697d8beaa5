/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! JavaScript values held by Rust.
//!
//! QuickJS counts references, so a [`JsValue`] is one counted reference and needs no lifetime: it may be kept in a field of a
//! DOM object. A kept value is a root of the garbage collector *unless* the object that keeps it reports it through
//! [`Trace`](crate::Trace); see there.
//!
//! There is one [`Runtime`](crate::Runtime) per thread, found through a thread local, so a value is two words and its drop
//! needs no handle. The module is unsafe because it is the one place that counts references by hand.

#![allow(unsafe_code)]

use std::cell::Cell;
use std::fmt;
use std::mem::ManuallyDrop;

use rquickjs::qjs;

use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::runtime::current_runtime_ptr;

thread_local! {
    /// Counted references (values and realms) that Rust holds on this thread.
    static HANDLES: Cell<usize> = const { Cell::new(0) };
}

/// How many counted references to the JS heap Rust holds on this thread.
///
/// A runtime can only be freed when this is zero; tests use it to find leaks.
pub fn live_handles() -> usize {
    HANDLES.with(Cell::get)
}

pub(crate) fn count_handle() {
    HANDLES.with(|handles| handles.set(handles.get() + 1));
}

pub(crate) fn uncount_handle() {
    HANDLES.with(|handles| handles.set(handles.get().wrapping_sub(1)));
}

/// Any JavaScript value.
#[repr(transparent)]
pub struct JsValue(qjs::JSValue);

impl JsValue {
    /// The value `undefined`.
    pub const fn undefined() -> Self {
        Self(qjs::JS_UNDEFINED)
    }

    /// The value `null`.
    pub const fn null() -> Self {
        Self(qjs::JS_NULL)
    }

    /// A boolean.
    pub const fn from_bool(value: bool) -> Self {
        Self(if value { qjs::JS_TRUE } else { qjs::JS_FALSE })
    }

    /// A number that is an integer.
    pub const fn from_i32(value: i32) -> Self {
        Self(qjs::JS_MKVAL(qjs::JS_TAG_INT, value))
    }

    /// A number.
    pub fn from_f64(value: f64) -> Self {
        Self(qjs::JS_NewFloat64(value))
    }

    /// Takes over one counted reference.
    ///
    /// # Safety
    /// `raw` must be a live value of this thread's runtime, not an exception marker, whose reference the caller gives away.
    pub unsafe fn from_raw(raw: qjs::JSValue) -> Self {
        let value = Self(raw);
        if value.is_counted() {
            count_handle();
        }
        value
    }

    /// Adds a reference to a value that somebody else owns.
    ///
    /// # Safety
    /// `raw` must be a live value of this thread's runtime.
    pub unsafe fn from_raw_borrowed(raw: qjs::JSValue) -> Self {
        let borrowed = ManuallyDrop::new(Self(raw));
        Self::clone(&borrowed)
    }

    /// A value without a reference of its own; it must not be dropped.
    pub(crate) const fn view(raw: qjs::JSValue) -> Self {
        Self(raw)
    }

    /// Gives the reference away.
    pub fn into_raw(self) -> qjs::JSValue {
        let this = ManuallyDrop::new(self);
        if this.is_counted() {
            uncount_handle();
        }
        this.0
    }

    /// The engine's own form of this value; the reference stays here.
    pub fn as_raw(&self) -> qjs::JSValue {
        self.0
    }

    /// Sees an array of raw values as values, without counting.
    ///
    /// # Safety
    /// All values must be alive for `'a`.
    pub(crate) unsafe fn slice_from_raw<'a>(
        data: *const qjs::JSValue,
        len: usize,
    ) -> &'a [JsValue] {
        if len == 0 || data.is_null() {
            return &[];
        }
        // SAFETY: `JsValue` is a transparent wrapper, and the caller vouches for the values.
        unsafe { std::slice::from_raw_parts(data.cast::<JsValue>(), len) }
    }

    fn is_counted(&self) -> bool {
        // SAFETY: reads the tag only.
        unsafe { qjs::JS_VALUE_HAS_REF_COUNT(self.0) }
    }

    fn tag(&self) -> i32 {
        // SAFETY: reads the tag only.
        unsafe { qjs::JS_VALUE_GET_NORM_TAG(self.0) }
    }

    /// Whether this is `undefined`.
    pub fn is_undefined(&self) -> bool {
        self.tag() == qjs::JS_TAG_UNDEFINED
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.tag() == qjs::JS_TAG_NULL
    }

    /// Whether this is `undefined` or `null`.
    pub fn is_nullish(&self) -> bool {
        self.is_undefined() || self.is_null()
    }

    /// Whether this is an object, functions included.
    pub fn is_object(&self) -> bool {
        self.tag() == qjs::JS_TAG_OBJECT
    }

    /// Whether this is a string.
    pub fn is_string(&self) -> bool {
        matches!(self.tag(), qjs::JS_TAG_STRING | qjs::JS_TAG_STRING_ROPE)
    }

    /// Whether this is a symbol.
    pub fn is_symbol(&self) -> bool {
        self.tag() == qjs::JS_TAG_SYMBOL
    }

    /// Whether this is a boolean.
    pub fn is_boolean(&self) -> bool {
        self.tag() == qjs::JS_TAG_BOOL
    }

    /// Whether this is a number (a BigInt is not).
    pub fn is_number(&self) -> bool {
        matches!(self.tag(), qjs::JS_TAG_INT | qjs::JS_TAG_FLOAT64)
    }

    /// Whether this is a BigInt.
    pub fn is_bigint(&self) -> bool {
        matches!(self.tag(), qjs::JS_TAG_BIG_INT | qjs::JS_TAG_SHORT_BIG_INT)
    }

    /// Whether this object can be called.
    pub fn is_callable(&self, realm: &Realm) -> bool {
        // SAFETY: both are alive.
        unsafe { qjs::JS_IsFunction(realm.ctx(), self.0) }
    }

    /// The boolean, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        // SAFETY: the tag says that it is a boolean.
        self.is_boolean().then(|| unsafe { qjs::JS_VALUE_GET_BOOL(self.0) })
    }

    /// The number, if this is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self.tag() {
            // SAFETY: the tag says what the union holds.
            qjs::JS_TAG_INT => Some(f64::from(unsafe { qjs::JS_VALUE_GET_INT(self.0) })),
            // SAFETY: as above.
            qjs::JS_TAG_FLOAT64 => Some(unsafe { qjs::JS_VALUE_GET_FLOAT64(self.0) }),
            _ => None,
        }
    }

    /// This value as an object, if it is one.
    pub fn as_object(&self) -> Option<&JsObject> {
        if !self.is_object() {
            return None;
        }
        // SAFETY: `JsObject` is a transparent wrapper of `JsValue`.
        Some(unsafe { &*std::ptr::from_ref(self).cast::<JsObject>() })
    }

    /// The `===` comparison.
    pub fn strict_equals(&self, realm: &Realm, other: &JsValue) -> bool {
        // SAFETY: all are alive; the function takes no ownership.
        unsafe { qjs::JS_IsStrictEqual(realm.ctx(), self.0, other.0) }
    }

    /// Whether both are the very same object.
    pub fn same_object(&self, other: &JsValue) -> bool {
        self.address().is_some() && self.address() == other.address()
    }

    /// The address of the object behind this value, for use as an identity.
    pub fn address(&self) -> Option<usize> {
        // SAFETY: the tag says that the union holds a pointer.
        self.is_object().then(|| unsafe { qjs::JS_VALUE_GET_PTR(self.0) } as usize)
    }

    /// Whether this is an exception that script cannot catch: the embedder stopped the script.
    pub fn is_uncatchable_error(&self) -> bool {
        // SAFETY: reads a flag of a live value.
        self.is_object() && unsafe { qjs::JS_IsUncatchableError(self.0) }
    }
}

impl Clone for JsValue {
    fn clone(&self) -> Self {
        if self.is_counted() {
            count_handle();
            // SAFETY: the runtime is alive as long as there are counted values, see `Runtime`.
            unsafe { qjs::JS_DupValueRT(current_runtime_ptr(), self.0) };
        }
        Self(self.0)
    }
}

impl Drop for JsValue {
    fn drop(&mut self) {
        if self.is_counted() {
            uncount_handle();
            let runtime = current_runtime_ptr();
            if !runtime.is_null() {
                // SAFETY: this value owned one reference.
                unsafe { qjs::JS_FreeValueRT(runtime, self.0) };
            }
        }
    }
}

impl Default for JsValue {
    fn default() -> Self {
        Self::undefined()
    }
}

impl fmt::Debug for JsValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tag() {
            qjs::JS_TAG_UNDEFINED => f.write_str("undefined"),
            qjs::JS_TAG_NULL => f.write_str("null"),
            qjs::JS_TAG_BOOL => write!(f, "{}", self.as_bool().unwrap_or_default()),
            qjs::JS_TAG_INT | qjs::JS_TAG_FLOAT64 => {
                write!(f, "{}", self.as_f64().unwrap_or_default())
            }
            qjs::JS_TAG_STRING | qjs::JS_TAG_STRING_ROPE => f.write_str("[string]"),
            qjs::JS_TAG_SYMBOL => f.write_str("[symbol]"),
            qjs::JS_TAG_OBJECT => write!(f, "[object at {:#x}]", self.address().unwrap_or(0)),
            tag => write!(f, "[value with tag {tag}]"),
        }
    }
}

/// A JavaScript object, functions included.
#[repr(transparent)]
#[derive(Clone)]
pub struct JsObject(JsValue);

impl JsObject {
    /// This object as a value.
    pub fn as_value(&self) -> &JsValue {
        &self.0
    }

    /// This object as a value.
    pub fn into_value(self) -> JsValue {
        self.0
    }

    /// The object's address, for use as an identity.
    pub fn address(&self) -> usize {
        self.0.address().unwrap_or(0)
    }

    /// Calls this object; `Error::JsException` means that the callee threw, or that it is not callable.
    pub fn call(&self, realm: &Realm, this: &JsValue, args: &[JsValue]) -> Fallible<JsValue> {
        realm.call(&self.0, this, args)
    }
}

impl TryFrom<JsValue> for JsObject {
    type Error = Error;

    fn try_from(value: JsValue) -> Fallible<Self> {
        if value.is_object() {
            Ok(Self(value))
        } else {
            Err(Error::Type("the value is not an object".into()))
        }
    }
}

impl From<JsObject> for JsValue {
    fn from(object: JsObject) -> JsValue {
        object.0
    }
}

impl PartialEq for JsObject {
    /// Identity.
    fn eq(&self, other: &Self) -> bool {
        self.address() == other.address()
    }
}

impl Eq for JsObject {}

impl fmt::Debug for JsObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
