/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `Promise<T>`.

#![allow(unsafe_code)]

use rquickjs::qjs;

use crate::convert::ToJs;
use crate::error::{Error, Fallible};
use crate::glue::Call;
use crate::impl_trace;
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};

type Steps = dyn Fn(&Realm, &JsValue);

/// A promise, with the functions that settle it if Rust made it.
#[derive(Clone, Debug)]
pub struct JsPromise {
    promise: JsObject,
    resolve: JsValue,
    reject: JsValue,
}

impl_trace!(JsPromise { promise, resolve, reject });

impl JsPromise {
    /// A new pending promise of `realm`.
    pub fn new(realm: &Realm) -> Fallible<Self> {
        let mut functions = [qjs::JS_UNDEFINED; 2];
        // SAFETY: the engine fills both functions, or throws.
        let raw = unsafe { qjs::JS_NewPromiseCapability(realm.ctx(), functions.as_mut_ptr()) };
        let promise = realm.own(raw)?.try_into()?;
        // SAFETY: the engine gave both references to us.
        let [resolve, reject] = functions.map(|raw| unsafe { JsValue::from_raw(raw) });
        Ok(Self { promise, resolve, reject })
    }

    /// A promise that the engine made.
    pub(crate) fn of_object(promise: JsObject) -> Self {
        Self { promise, resolve: JsValue::undefined(), reject: JsValue::undefined() }
    }

    fn settled(realm: &Realm, reject: bool, value: &JsValue) -> Fallible<Self> {
        // SAFETY: all are alive.
        let raw = unsafe { qjs::JS_NewSettledPromise(realm.ctx(), reject, value.as_raw()) };
        Ok(Self {
            promise: realm.own(raw)?.try_into()?,
            resolve: JsValue::undefined(),
            reject: JsValue::undefined(),
        })
    }

    /// A promise resolved with `value`; a promise is returned as it is. Also the conversion of `Promise<T>` arguments.
    pub fn resolved(realm: &Realm, value: &impl ToJs) -> Fallible<Self> {
        Self::settled(realm, false, &value.to_js(realm)?)
    }

    /// A promise rejected with `value`.
    pub fn rejected(realm: &Realm, value: &JsValue) -> Fallible<Self> {
        Self::settled(realm, true, value)
    }

    /// A promise rejected with the exception that `error` stands for.
    pub fn rejected_with(realm: &Realm, error: Error) -> Fallible<Self> {
        let exception = realm.exception_value(error);
        Self::rejected(realm, &exception)
    }

    /// Resolves it. Nothing happens if it is settled already, or was not made by [`JsPromise::new`].
    pub fn resolve(&self, realm: &Realm, value: &impl ToJs) {
        match value.to_js(realm) {
            Ok(value) => self.settle(realm, &self.resolve, value),
            Err(error) => self.reject(realm, error),
        }
    }

    /// Rejects it with the exception that `error` stands for.
    pub fn reject(&self, realm: &Realm, error: Error) {
        let exception = realm.exception_value(error);
        self.reject_value(realm, exception);
    }

    /// Rejects it with a value.
    pub fn reject_value(&self, realm: &Realm, value: JsValue) {
        self.settle(realm, &self.reject, value);
    }

    fn settle(&self, realm: &Realm, function: &JsValue, value: JsValue) {
        if function.is_undefined() {
            return;
        }
        if realm.call(function, &JsValue::undefined(), &[value]).is_err() {
            // The engine's own resolving functions only fail for want of memory.
            drop(realm.take_exception());
        }
    }

    /// Says that a rejection is no surprise: no `unhandledrejection`.
    pub fn mark_as_handled(&self, realm: &Realm) {
        // SAFETY: all are alive.
        unsafe { qjs::JS_PromiseMarkAsHandled(realm.ctx(), self.promise.as_value().as_raw()) };
    }

    /// Whether it is still pending.
    pub fn is_pending(&self, realm: &Realm) -> bool {
        // SAFETY: all are alive.
        let state = unsafe { qjs::JS_PromiseState(realm.ctx(), self.promise.as_value().as_raw()) };
        state == qjs::JSPromiseStateEnum_JS_PROMISE_PENDING
    }

    /// Runs Rust code when it is settled; a rejection counts as handled.
    /// <https://webidl.spec.whatwg.org/#dfn-perform-steps-once-promise-is-settled>
    pub fn react(
        &self,
        realm: &Realm,
        fulfilled: impl Fn(&Realm, &JsValue) + 'static,
        rejected: impl Fn(&Realm, &JsValue) + 'static,
    ) -> Fallible<()> {
        let steps = |steps: Box<Steps>| {
            realm.new_function("", 1, move |call: &Call<'_>| {
                steps(call.realm(), call.arg(0));
                Ok(JsValue::undefined())
            })
        };
        let (fulfilled, rejected) = (steps(Box::new(fulfilled))?, steps(Box::new(rejected))?);
        let (fulfilled, rejected) = (fulfilled.into_value(), rejected.into_value());
        self.then(realm, &fulfilled, &rejected)?.mark_as_handled(realm);
        Ok(())
    }

    /// `then()`, with functions or `undefined`. What they hold, the collector sees.
    pub(crate) fn then(
        &self,
        realm: &Realm,
        fulfilled: &JsValue,
        rejected: &JsValue,
    ) -> Fallible<Self> {
        // SAFETY: all are alive.
        let derived = realm.own(unsafe {
            qjs::JS_PromiseThen(
                realm.ctx(),
                self.promise.as_value().as_raw(),
                fulfilled.as_raw(),
                rejected.as_raw(),
            )
        })?;
        Ok(Self::of_object(derived.try_into()?))
    }

    /// The promise object.
    pub fn as_object(&self) -> &JsObject {
        &self.promise
    }
}

impl ToJs for JsPromise {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.promise.as_value().clone())
    }
}
