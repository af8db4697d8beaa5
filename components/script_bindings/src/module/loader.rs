/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the engine asks about modules: which module a specifier means, and to load it.

#![allow(unsafe_code)]

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use rquickjs::qjs;

use super::{ModuleRequest, dynamic_import};
use crate::realm::Realm;
use crate::runtime::{RuntimeInner, current_runtime};

/// Why the engine asks.
pub(crate) enum Mode {
    /// It compiles or reads a module: every request gets the placeholder, and is noted.
    Noting(RefCell<Vec<ModuleRequest>>),
    /// It links modules that the table knows.
    Linking,
    /// Script runs: it is `import()`.
    Running,
}

/// The name of a module that stands for all others until they are linked.
pub(super) const PLACEHOLDER: &CStr = c"placeholder:";

/// # Safety
/// The runtime must be alive.
pub(crate) unsafe fn install(rt: *mut qjs::JSRuntime) {
    // SAFETY: see above; the functions find everything through the thread local.
    unsafe {
        let none = ptr::null_mut();
        qjs::JS_SetModuleLoaderFunc2(rt, None, Some(load), Some(check_attributes), none);
        qjs::JS_SetModuleNormalizeFunc2(rt, Some(normalize));
    }
}

impl RuntimeInner {
    /// Runs `f` while the engine asks in that mode.
    pub(super) fn in_mode<R>(&self, mode: Mode, f: impl FnOnce() -> R) -> (R, Mode) {
        let before = self.module_mode.replace(mode);
        let result = f();
        (result, self.module_mode.replace(before))
    }
}

/// The text of a C string.
///
/// # Safety
/// It must be null or end with a zero byte.
unsafe fn text(string: *const c_char) -> String {
    if string.is_null() {
        return String::new();
    }
    // SAFETY: see above.
    unsafe { CStr::from_ptr(string).to_string_lossy().into_owned() }
}

/// The import attributes that an object holds.
///
/// # Safety
/// The context must be alive, and `attributes` an object that the engine made for them, or `undefined`.
unsafe fn attributes_of(
    ctx: *mut qjs::JSContext,
    attributes: qjs::JSValue,
) -> Vec<(String, String)> {
    let (mut table, mut count) = (ptr::null_mut(), 0);
    let flags = (qjs::JS_GPN_STRING_MASK | qjs::JS_GPN_ENUM_ONLY) as c_int;
    let mut found = Vec::new();
    // SAFETY: the object has data properties with strings only; all that the engine gives is freed once.
    unsafe {
        let string = |value: qjs::JSValue| {
            let string = qjs::JS_ToCStringLen2(ctx, ptr::null_mut(), value, false);
            let text = text(string);
            qjs::JS_FreeCString(ctx, string);
            qjs::JS_FreeValue(ctx, value);
            text
        };
        if !qjs::JS_IsObject(attributes)
            || qjs::JS_GetOwnPropertyNames(ctx, &mut table, &mut count, attributes, flags) < 0
        {
            return found;
        }
        for index in 0..count as usize {
            let atom = (*table.add(index)).atom;
            let key = string(qjs::JS_AtomToString(ctx, atom));
            found.push((key, string(qjs::JS_GetProperty(ctx, attributes, atom))));
        }
        qjs::JS_FreePropertyEnum(ctx, table, count);
    }
    found
}

/// <https://tc39.es/ecma262/#sec-hostgetsupportedimportattributes>
unsafe extern "C" fn check_attributes(
    ctx: *mut qjs::JSContext,
    _opaque: *mut c_void,
    attributes: qjs::JSValue,
) -> c_int {
    // SAFETY: the engine passes a live context and the attributes.
    let attributes = unsafe { attributes_of(ctx, attributes) };
    if attributes.iter().all(|(key, _)| key == "type") {
        return 0;
    }
    let is_import = current_runtime().is_some_and(|runtime| {
        let mode = runtime.module_mode.borrow();
        matches!(*mode, Mode::Running)
    });
    let message = c"the only import attribute is 'type'".as_ptr();
    // SAFETY: the context is alive, the format takes one C string.
    unsafe {
        match is_import {
            true => qjs::JS_ThrowTypeError(ctx, c"%s".as_ptr(), message),
            false => qjs::JS_ThrowSyntaxError(ctx, c"%s".as_ptr(), message),
        };
    }
    -1
}

/// The name of the module that a request means.
unsafe extern "C" fn normalize(
    ctx: *mut qjs::JSContext,
    referrer: *const c_char,
    specifier: *const c_char,
    attributes: qjs::JSValue,
    _opaque: *mut c_void,
) -> *mut c_char {
    let find = || {
        // SAFETY: the engine passes a live context, C strings and the attributes.
        let (referrer, specifier, attributes, realm) = unsafe {
            let attributes = attributes_of(ctx, attributes);
            (text(referrer), text(specifier), attributes, Realm::from_context(ctx))
        };
        let runtime = current_runtime()?;
        let mode = runtime.module_mode.borrow();
        match &*mode {
            Mode::Noting(requests) => {
                requests.borrow_mut().push(ModuleRequest { specifier, attributes });
                Some(PLACEHOLDER.to_owned())
            }
            Mode::Linking => realm?.inner().modules.borrow().target(&referrer, &specifier),
            Mode::Running => {
                let mut modules = realm.as_ref()?.inner().modules.borrow_mut();
                CString::new(modules.import_name(referrer, specifier, attributes)).ok()
            }
        }
    };
    let name = catch_unwind(AssertUnwindSafe(find)).ok().flatten();
    // SAFETY: the engine frees the name, which it wants from its own allocator.
    unsafe {
        match name {
            Some(name) => qjs::js_strdup(ctx, name.as_ptr()),
            None => {
                let message = c"the module is not linked".as_ptr();
                qjs::JS_ThrowTypeError(ctx, c"%s".as_ptr(), message);
                ptr::null_mut()
            }
        }
    }
}

/// Makes the placeholder, or what stands for an `import()`; all else was made before.
unsafe extern "C" fn load(
    ctx: *mut qjs::JSContext,
    name: *const c_char,
    _opaque: *mut c_void,
    _attributes: qjs::JSValue,
) -> *mut qjs::JSModuleDef {
    // SAFETY: the engine passes a live context and a C string.
    unsafe {
        if CStr::from_ptr(name) == PLACEHOLDER {
            return qjs::JS_NewCModule(ctx, name, Some(no_exports));
        }
        let make = || dynamic_import::load(&Realm::from_context(ctx)?, CStr::from_ptr(name));
        if let Ok(Some(module)) = catch_unwind(AssertUnwindSafe(make)) {
            return module;
        }
        if !qjs::JS_HasException(ctx) {
            let message = c"the module is not loaded".as_ptr();
            qjs::JS_ThrowTypeError(ctx, c"%s".as_ptr(), message);
        }
        ptr::null_mut()
    }
}

unsafe extern "C" fn no_exports(_ctx: *mut qjs::JSContext, _: *mut qjs::JSModuleDef) -> c_int {
    0
}
