/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Running script in a realm.

#![allow(unsafe_code)]

use std::ffi::CString;

use rquickjs::qjs;

use crate::error::Fallible;
use crate::realm::Realm;
use crate::value::JsValue;

impl Realm {
    /// Runs a classic script. Counts as entering script, see [`Runtime::set_script_exit`](crate::Runtime::set_script_exit).
    pub fn eval(&self, source: &str, filename: &str) -> Fallible<JsValue> {
        self.eval_at(source, filename, 1)
    }

    /// Runs a classic script whose first line is line `line` of `filename`.
    pub fn eval_at(&self, source: &str, filename: &str, line: i32) -> Fallible<JsValue> {
        let mut text = Vec::with_capacity(source.len() + 1);
        text.extend_from_slice(source.as_bytes());
        text.push(0);
        let filename = CString::new(filename.replace('\0', "")).unwrap_or_default();
        let mut options = qjs::JSEvalOptions {
            version: qjs::JS_EVAL_OPTIONS_VERSION as i32,
            eval_flags: qjs::JS_EVAL_TYPE_GLOBAL as i32,
            filename: filename.as_ptr(),
            line_num: line,
        };
        let this = self.global_this();
        self.run_script(|| {
            // SAFETY: `text` ends with a zero byte that its length leaves out; all pointers outlive the call.
            let raw = unsafe {
                let text = text.as_ptr().cast();
                let this = this.as_value().as_raw();
                qjs::JS_EvalThis2(self.ctx(), this, text, source.len() as _, &mut options)
            };
            self.own(raw)
        })
    }

    /// Calls a function. Does not count as entering script: use a callback type for that.
    pub fn call(&self, function: &JsValue, this: &JsValue, args: &[JsValue]) -> Fallible<JsValue> {
        let count = i32::try_from(args.len()).unwrap_or(i32::MAX);
        // SAFETY: the slice is an array of raw values, `JsValue` being transparent; the engine does not write to it.
        let raw = unsafe {
            qjs::JS_Call(
                self.ctx(),
                function.as_raw(),
                this.as_raw(),
                count,
                args.as_ptr().cast_mut().cast(),
            )
        };
        self.own(raw)
    }

    /// Constructs with `new function(...args)`.
    pub fn construct(&self, function: &JsValue, args: &[JsValue]) -> Fallible<JsValue> {
        let count = i32::try_from(args.len()).unwrap_or(i32::MAX);
        // SAFETY: as in `call`.
        let raw = unsafe {
            qjs::JS_CallConstructor(
                self.ctx(),
                function.as_raw(),
                count,
                args.as_ptr().cast_mut().cast(),
            )
        };
        self.own(raw)
    }

    /// Runs `f` as script entered from Rust: this realm is the entry realm meanwhile, and when the outermost such script
    /// ends, the script-exit hook runs.
    pub fn run_script<R>(&self, f: impl FnOnce() -> R) -> R {
        let runtime = self.runtime();
        runtime.entered.borrow_mut().push(self.clone());
        let result = f();
        let outermost = {
            let mut entered = runtime.entered.borrow_mut();
            let left = entered.pop();
            let outermost = entered.is_empty();
            drop(entered);
            drop(left);
            outermost
        };
        if outermost {
            runtime.leave_script(self);
        }
        result
    }

    /// The entry realm: the one whose script Rust entered last. Without any, this realm.
    pub fn entry(&self) -> Realm {
        let entered = self.runtime().entered.borrow();
        entered.last().unwrap_or(self).clone()
    }

    /// Runs all microtasks, see [`Runtime::run_microtasks`](crate::Runtime::run_microtasks).
    pub fn run_microtasks(&self) {
        self.runtime().run_microtasks();
    }

    /// Runs the cycle collector.
    pub fn run_gc(&self) {
        // SAFETY: the runtime is alive. The collector may run at any time script could.
        unsafe { qjs::JS_RunGC(self.runtime().rt) };
    }
}
