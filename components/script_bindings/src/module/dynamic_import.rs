/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `import()`. <https://html.spec.whatwg.org/#hostloadimportedmodule>
//!
//! The engine wants a module at once, evaluates it, and resolves the promise of `import()` with its namespace. It gets a
//! synthetic module with the one export `then`; so that namespace is a thenable, and the promise waits for what `then` is
//! told: the namespace that script sees, when the embedder has it.

#![allow(unsafe_code)]

use std::ffi::CStr;
use std::rc::Rc;

use rquickjs::qjs;

use super::Module;
use super::link::ImportKey;
use crate::convert::ToJs;
use crate::error::{Error, Fallible};
use crate::glue::Call;
use crate::impl_trace;
use crate::realm::Realm;
use crate::runtime::Runtime;
use crate::value::{JsObject, JsValue};

/// What names of modules that stand for an `import()` begin with.
pub(super) const PREFIX: &str = "import:";

pub(crate) type DynamicImportHook = Rc<dyn Fn(&Realm, DynamicImport)>;

/// An `import()` that waits for its module. Dropped, it waits forever.
#[derive(Clone, Debug)]
pub struct DynamicImport {
    /// The base URL of the module with the call; for other code, what it is called in stack traces.
    pub referrer: String,
    /// The specifier.
    pub specifier: String,
    /// The import attributes.
    pub attributes: Vec<(String, String)>,
    resolve: JsValue,
    reject: JsValue,
}

impl_trace!(DynamicImport { resolve, reject });

impl DynamicImport {
    /// Evaluates a linked module, and then settles the promise as the standard says: with its namespace, or with what it
    /// threw. <https://tc39.es/ecma262/#sec-ContinueDynamicImport>
    pub fn finish(self, realm: &Realm, module: &Module) {
        let promise = match realm.evaluate_module(module) {
            Ok(promise) => promise,
            Err(error) => return self.reject(realm, error),
        };
        // A module may await for ever: the closure holds no value, and what is settled is known to the collector.
        let module = module.clone();
        let namespace = realm.new_function("", 0, move |call| {
            call.realm().module_namespace(&module).map(JsObject::into_value)
        });
        let chained = namespace.and_then(|namespace| {
            let undefined = JsValue::undefined();
            let promise = promise.then(realm, &namespace.into_value(), &undefined)?;
            promise.then(realm, &self.resolve, &self.reject)
        });
        match chained {
            Ok(derived) => derived.mark_as_handled(realm),
            Err(error) => self.reject(realm, error),
        }
    }

    /// Rejects the promise.
    pub fn reject(self, realm: &Realm, error: Error) {
        let exception = realm.exception_value(error);
        self.reject_value(realm, exception);
    }

    /// Rejects the promise with a value, such as the error of a module that could not be parsed.
    pub fn reject_value(self, realm: &Realm, value: JsValue) {
        self.settle(realm, &self.reject, value);
    }

    fn settle(&self, realm: &Realm, function: &JsValue, value: JsValue) {
        if realm.call(function, &JsValue::undefined(), &[value]).is_err() {
            // The engine's own resolving functions only fail for want of memory.
            drop(realm.take_exception());
        }
    }
}

impl Runtime {
    /// Sets who hears of `import()`. Without, it is rejected with a `TypeError`.
    pub fn set_dynamic_import(&self, hook: impl Fn(&Realm, DynamicImport) + 'static) {
        *self.inner().dynamic_import.borrow_mut() = Some(Rc::new(hook));
    }
}

/// Makes what stands for an `import()`.
pub(super) fn load(realm: &Realm, name: &CStr) -> Option<*mut qjs::JSModuleDef> {
    let number: usize = name.to_str().ok()?.strip_prefix(PREFIX)?.parse().ok()?;
    let key = realm.inner().modules.borrow().imports.get(number)?.clone();
    let then = realm.new_function("then", 2, move |call| ask(call, &key));
    let made =
        then.and_then(|then: JsObject| realm.synthetic_module(name, c"then", then.into_value()));
    made.ok().map(|definition| definition.as_ptr())
}

/// Hands an `import()` to the embedder.
fn ask(call: &Call<'_>, key: &ImportKey) -> Fallible<JsValue> {
    let realm = call.realm();
    let base_url = realm.inner().modules.borrow().base_url(&key.referrer);
    let import = DynamicImport {
        referrer: base_url.unwrap_or_else(|| key.referrer.clone()),
        specifier: key.specifier.clone(),
        attributes: key.attributes.clone(),
        resolve: call.arg(0).clone(),
        reject: call.arg(1).clone(),
    };
    let hook = realm.runtime().dynamic_import.borrow().clone();
    match hook {
        Some(hook) => hook(realm, import),
        None => import.reject(realm, Error::type_error("import() is not supported here")),
    }
    ().to_js(realm)
}
