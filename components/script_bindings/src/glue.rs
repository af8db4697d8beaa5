/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Functions that script calls and Rust runs.
//!
//! Generated code consists of safe functions `fn(&Call<'_>) -> Fallible<JsValue>`. [`Native`] turns such a function into one
//! the engine can call, without a table or an allocation: the function item has no size, so its type alone says what to call.
//! The module is unsafe because the engine passes raw pointers, and because it makes that function item out of nothing.

#![allow(unsafe_code)]

use std::any::Any;
use std::ffi::c_int;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rquickjs::qjs;

use crate::cross_origin;
use crate::dom_object::DomInterface;
use crate::dom_ref::DomRoot;
use crate::error::{Error, Fallible};
use crate::promise::JsPromise;
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};
use crate::window_proxy;
use crate::wrapper;

/// One call from script.
pub struct Call<'a> {
    realm: &'a Realm,
    this: &'a JsValue,
    args: &'a [JsValue],
    undefined: JsValue,
}

impl<'a> Call<'a> {
    /// The realm of the function that is running.
    pub fn realm(&self) -> &'a Realm {
        self.realm
    }

    /// `this`; in a constructor, `new.target`.
    pub fn this_value(&self) -> &JsValue {
        self.this
    }

    /// All arguments.
    pub fn args(&self) -> &[JsValue] {
        self.args
    }

    /// How many arguments were given.
    pub fn len(&self) -> usize {
        self.args.len()
    }

    /// Whether no argument was given.
    pub fn is_empty(&self) -> bool {
        self.args.is_empty()
    }

    /// An argument, `undefined` if it was not given.
    pub fn arg(&self, index: usize) -> &JsValue {
        self.args.get(index).unwrap_or(&self.undefined)
    }

    /// The arguments from `index` on.
    pub fn rest(&self, index: usize) -> &[JsValue] {
        self.args.get(index..).unwrap_or(&[])
    }

    /// The object the method was called on, after the brand check. A missing `this` is the global object.
    pub fn this<T: DomInterface>(&self) -> Fallible<DomRoot<T>> {
        let found = if self.this.is_nullish() {
            self.realm.note_incumbent();
            self.realm.inner().global_object.borrow().clone()
        } else {
            wrapper::owner_of(self.realm, self.this)
        };
        found.and_then(DomRoot::from_owner).ok_or_else(|| {
            if window_proxy::is_cross_origin(self.realm, self.this) {
                return cross_origin::security_error();
            }
            Error::Type(format!("the object does not implement interface {}", T::INFO.name))
        })
    }

    /// As [`this`](Self::this) for members with `[LegacyLenientThis]`: `None` for an object of
    /// another interface.
    pub fn lenient_this<T: DomInterface>(&self) -> Fallible<Option<DomRoot<T>>> {
        match self.this() {
            Ok(this) => Ok(Some(this)),
            Err(Error::Type(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Checks that enough arguments were given.
    pub fn require(&self, count: usize) -> Fallible<()> {
        if self.args.len() >= count {
            return Ok(());
        }
        Err(Error::Type(format!(
            "{count} argument{} required, but only {} present",
            if count == 1 { "" } else { "s" },
            self.args.len()
        )))
    }

    /// Checks that a constructor was called with `new`.
    pub fn require_new(&self, name: &str) -> Fallible<()> {
        if self.this.is_undefined() {
            return Err(Error::Type(format!("{name} must be called with new")));
        }
        Ok(())
    }

    /// The end of a constructor: the wrapper of the new object, with the prototype that `new.target` asks for.
    pub fn construct<T: DomInterface>(&self, object: &DomRoot<T>) -> Fallible<JsValue> {
        let prototype = self.new_target_prototype::<T>()?;
        wrapper::with_prototype(&object.owner(), prototype.as_value())
    }

    fn new_target_prototype<T: DomInterface>(&self) -> Fallible<JsObject> {
        let own = self.realm.interface_object(T::INFO.id)?;
        match self.this.as_object() {
            Some(target) if *target != own => match target.get(self.realm, "prototype")?.try_into()
            {
                Ok(prototype) => Ok(prototype),
                Err(_) => self.fallback_realm(target)?.prototype_of(T::INFO.id),
            },
            _ => self.realm.prototype_of(T::INFO.id),
        }
    }

    /// The realm of a constructor: the one whose `Object.prototype` the engine would give to its instances.
    fn fallback_realm(&self, target: &JsObject) -> Fallible<Realm> {
        let object = self.realm.global().get(self.realm, "Object")?;
        // SAFETY: all are alive.
        let sample = self.realm.own(unsafe {
            qjs::JS_CallConstructor2(
                self.realm.ctx(),
                object.as_raw(),
                target.as_value().as_raw(),
                0,
                std::ptr::null_mut(),
            )
        })?;
        let prototype = match sample.as_object() {
            Some(sample) => sample.prototype(self.realm)?,
            None => JsValue::undefined(),
        };
        Ok(self.realm.with_object_prototype(&prototype).unwrap_or_else(|| self.realm.clone()))
    }

    /// The setter of `[PutForwards=target]`.
    pub fn put_forwards(&self, attribute: &str, target: &str) -> Fallible<JsValue> {
        let this = match self.this.as_object() {
            Some(this) => this.clone(),
            None => self.realm.global(),
        };
        let value = this.get(self.realm, attribute)?;
        let Some(object) = value.as_object() else {
            return Err(Error::Type(format!("{attribute} is not an object")));
        };
        object.set(self.realm, target, self.arg(0).clone())?;
        Ok(JsValue::undefined())
    }

    /// The setter of `[Replaceable]`.
    pub fn replace(&self, attribute: &str) -> Fallible<JsValue> {
        let this = match self.this.as_object() {
            Some(this) => this.clone(),
            None => self.realm.global(),
        };
        this.define(self.realm, attribute, self.arg(0).clone())?;
        Ok(JsValue::undefined())
    }
}

/// A Rust function as the engine's function pointer.
#[derive(Clone, Copy)]
pub struct Native {
    pub(crate) raw: unsafe extern "C" fn(
        *mut qjs::JSContext,
        qjs::JSValue,
        c_int,
        *mut qjs::JSValue,
    ) -> qjs::JSValue,
}

impl Native {
    /// For a function item (not a closure that captures).
    pub const fn of<F>(_function: F) -> Self
    where
        F: Fn(&Call<'_>) -> Fallible<JsValue> + Copy + 'static,
    {
        const { assert!(size_of::<F>() == 0, "only functions without captures") };
        Self { raw: trampoline::<F, false> }
    }

    /// For an operation or attribute whose type is a promise: errors become rejections.
    pub const fn promise<F>(_function: F) -> Self
    where
        F: Fn(&Call<'_>) -> Fallible<JsValue> + Copy + 'static,
    {
        const { assert!(size_of::<F>() == 0, "only functions without captures") };
        Self { raw: trampoline::<F, true> }
    }
}

unsafe extern "C" fn trampoline<F, const PROMISE: bool>(
    ctx: *mut qjs::JSContext,
    this: qjs::JSValue,
    argc: c_int,
    argv: *mut qjs::JSValue,
) -> qjs::JSValue
where
    F: Fn(&Call<'_>) -> Fallible<JsValue> + Copy + 'static,
{
    // SAFETY: `F` has no size, as `Native` checked, and a value of it existed there.
    let function: F = unsafe { std::mem::zeroed() };
    // SAFETY: passes on what the engine gave.
    unsafe { run(ctx, this, argc, argv, PROMISE, &function) }
}

/// Runs a Rust function for the engine.
///
/// # Safety
/// The context, `this` and the arguments must be alive, as the engine guarantees for a call.
pub(crate) unsafe fn run(
    ctx: *mut qjs::JSContext,
    this: qjs::JSValue,
    argc: c_int,
    argv: *mut qjs::JSValue,
    promise: bool,
    function: &dyn Fn(&Call<'_>) -> Fallible<JsValue>,
) -> qjs::JSValue {
    // SAFETY: see above. `this` is only looked at.
    unsafe {
        let Some(realm) = Realm::borrow_context(ctx) else {
            return qjs::JS_ThrowInternalError(ctx, c"%s".as_ptr(), c"no such realm".as_ptr());
        };
        let this = ManuallyDrop::new(JsValue::view(this));
        let call = Call {
            realm: &realm,
            this: &this,
            args: JsValue::slice_from_raw(argv, usize::try_from(argc).unwrap_or(0)),
            undefined: JsValue::undefined(),
        };
        let result = catch_unwind(AssertUnwindSafe(|| function(&call)));
        if realm.runtime().limits.is_stopped() {
            drop(result);
            drop(realm.take_exception());
            realm.throw_stopped();
            return qjs::JS_EXCEPTION;
        }
        match result {
            Ok(Ok(value)) => value.into_raw(),
            Ok(Err(error)) => fail(&realm, error, promise),
            Err(panic) => {
                let text = panic_text(&*panic);
                log::error!("a DOM method panicked: {text}");
                qjs::JS_ThrowInternalError(ctx, c"%s".as_ptr(), c"internal error".as_ptr())
            }
        }
    }
}

fn fail(realm: &Realm, error: Error, promise: bool) -> qjs::JSValue {
    realm.throw(error);
    if promise {
        let exception = realm.take_exception();
        if exception.is_uncatchable_error() {
            realm.throw_value(exception);
        } else if let Ok(promise) = JsPromise::rejected(realm, &exception) {
            return promise.as_object().as_value().clone().into_raw();
        }
    }
    qjs::JS_EXCEPTION
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// The body of a constructor that only throws.
pub(crate) fn illegal_constructor(_call: &Call<'_>) -> Fallible<JsValue> {
    Err(Error::type_error("Illegal constructor"))
}
