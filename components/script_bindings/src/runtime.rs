/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The JavaScript runtime of this thread.
//!
//! A content process has one runtime; its frames are [`Realm`](crate::Realm)s of it. The module is unsafe because it owns
//! the engine's runtime and finds it again through a thread local.

#![allow(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr;
use std::rc::{Rc, Weak};

use rquickjs::qjs;
use thiserror::Error as ThisError;

use crate::class::Class;
use crate::cross_origin::CrossOriginData;
use crate::legacy::{LegacyWrapper, NamedPropertiesObject};
use crate::limits::{self, Limits};
use crate::memory::{EngineMemory, Memory};
use crate::module::{self, DynamicImportHook, Mode, Parser};
use crate::pair_iterator::PairIterator;
use crate::realm::{Realm, RealmInner, WeakRealm};
use crate::value::{JsValue, live_handles};
use crate::window_proxy::WindowProxyData;
use crate::wrapper;

thread_local! {
    static CURRENT: Cell<*const RuntimeInner> = const { Cell::new(ptr::null()) };
}

/// The engine's runtime of this thread, or null.
pub(crate) fn current_runtime_ptr() -> *mut qjs::JSRuntime {
    let inner = CURRENT.with(Cell::get);
    if inner.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: the thread local is reset before the runtime is freed.
    unsafe { (*inner).rt }
}

/// The runtime data of this thread, if there is a runtime.
pub(crate) fn current_runtime<'a>() -> Option<&'a RuntimeInner> {
    let inner = CURRENT.with(Cell::get);
    // SAFETY: as above. The reference is used within one engine call, during which the runtime lives.
    unsafe { inner.as_ref() }
}

/// Why a runtime could not be made.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum RuntimeError {
    /// There is a runtime on this thread already.
    #[error("this thread has a JavaScript runtime already, or had one that could not be freed")]
    Exists,
    /// The engine had no memory.
    #[error("the JavaScript engine could not be started: {0}")]
    Engine(#[from] rquickjs::Error),
}

type ExceptionHook = Rc<dyn Fn(&Realm, JsValue)>;
type RealmHook = Rc<dyn Fn(&Realm)>;
type RejectionHook = Rc<dyn Fn(&Realm, JsValue, JsValue, bool)>;

/// Atoms of the well-known symbols that bindings use.
pub(crate) struct Symbols {
    pub(crate) iterator: qjs::JSAtom,
    pub(crate) to_string_tag: qjs::JSAtom,
    pub(crate) unscopables: qjs::JSAtom,
    has_instance: qjs::JSAtom,
    is_concat_spreadable: qjs::JSAtom,
}

impl Symbols {
    /// Those that objects of other origins have, to be like nothing in particular.
    pub(crate) fn cross_origin(&self) -> [qjs::JSAtom; 3] {
        [self.to_string_tag, self.has_instance, self.is_concat_spreadable]
    }

    fn all(&self) -> [qjs::JSAtom; 5] {
        let [a, b, c] = self.cross_origin();
        [a, b, c, self.iterator, self.unscopables]
    }
}

/// Classes of the engine's own objects that it has no function to ask for.
pub(crate) struct ObjectClasses {
    pub(crate) object: qjs::JSClassID,
    pub(crate) boolean: qjs::JSClassID,
    pub(crate) number: qjs::JSClassID,
    pub(crate) string: qjs::JSClassID,
    pub(crate) big_int: qjs::JSClassID,
}

impl ObjectClasses {
    /// Looks at a sample of each.
    ///
    /// # Safety
    /// `ctx` must be alive and have the base objects.
    unsafe fn new(ctx: *mut qjs::JSContext) -> Self {
        // SAFETY: see above; each value is freed once.
        let class = |object: qjs::JSValue| unsafe {
            let class = qjs::JS_GetClassID(object);
            qjs::JS_FreeValue(ctx, object);
            class
        };
        // SAFETY: as above.
        let of_primitive = |primitive: qjs::JSValue| unsafe {
            let class = class(qjs::JS_ToObject(ctx, primitive));
            qjs::JS_FreeValue(ctx, primitive);
            class
        };
        // SAFETY: as above.
        unsafe {
            Self {
                object: class(qjs::JS_NewObject(ctx)),
                boolean: of_primitive(qjs::JS_TRUE),
                number: of_primitive(qjs::JS_NewFloat64(0.5)),
                string: of_primitive(qjs::JS_NewStringLen(ctx, c"".as_ptr(), 0)),
                big_int: of_primitive(qjs::JS_NewBigInt64(ctx, 1)),
            }
        }
    }

    /// The class of any value.
    pub(crate) fn of(&self, value: &JsValue) -> qjs::JSClassID {
        // SAFETY: reads the class of a live value.
        unsafe { qjs::JS_GetClassID(value.as_raw()) }
    }
}

pub(crate) struct RuntimeInner {
    pub(crate) rt: *mut qjs::JSRuntime,
    engine: ManuallyDrop<rquickjs::Runtime>,
    pub(crate) wrapper_class: qjs::JSClassID,
    pub(crate) legacy_class: Class<LegacyWrapper>,
    pub(crate) named_properties_class: Class<NamedPropertiesObject>,
    pub(crate) realm_class: qjs::JSClassID,
    pub(crate) iterator_class: Class<PairIterator>,
    pub(crate) window_proxy_class: Class<WindowProxyData>,
    pub(crate) cross_origin_class: Class<CrossOriginData>,
    pub(crate) dom_exception_class: Cell<qjs::JSClassID>,
    pub(crate) object_classes: ObjectClasses,
    pub(crate) symbols: Symbols,
    /// Global object address to realm, for brand checks on a `Window`.
    pub(crate) globals: RefCell<HashMap<usize, Weak<RealmInner>>>,
    /// Set while the engine frees objects: no JavaScript may be created then.
    pub(crate) finalizing: Cell<bool>,
    /// DOM objects that have a wrapper.
    pub(crate) wrappers: Cell<usize>,
    /// The realms whose script Rust has entered; the last is the entry realm.
    pub(crate) entered: RefCell<Vec<Realm>>,
    /// The realm whose script has last reached for a window.
    pub(crate) incumbent: RefCell<WeakRealm>,
    pub(crate) module_mode: RefCell<Mode>,
    pub(crate) module_parser: RefCell<Option<Parser>>,
    pub(crate) evaluating_module: Cell<bool>,
    pub(crate) dynamic_import: RefCell<Option<DynamicImportHook>>,
    pub(crate) limits: Limits,
    running_jobs: Cell<bool>,
    report_exception: RefCell<Option<ExceptionHook>>,
    script_exit: RefCell<Option<RealmHook>>,
    rejection: RefCell<Option<RejectionHook>>,
}

/// The JavaScript runtime of one thread. It is freed when this is dropped, after everything in it.
///
/// Drop order matters: drop all realms and values first. If some are left (those of preserved wrappers and of
/// [`Realm::set_data`] excepted), the runtime is leaked with an error in the log rather than freed under them, and the thread
/// cannot make another one.
pub struct Runtime {
    inner: *const RuntimeInner,
}

impl Runtime {
    /// Starts the engine on this thread.
    pub fn new() -> Result<Self, RuntimeError> {
        if !CURRENT.with(Cell::get).is_null() {
            return Err(RuntimeError::Exists);
        }
        let memory = Rc::<Memory>::default();
        let engine = rquickjs::Runtime::new_with_alloc(EngineMemory(Rc::clone(&memory)))?;
        let scratch = rquickjs::Context::full(&engine)?;
        let ctx = scratch.as_raw().as_ptr();
        // SAFETY: the context is alive; the classes are registered before any object of them exists.
        let inner = unsafe {
            let rt = qjs::JS_GetRuntime(ctx);
            RuntimeInner {
                rt,
                wrapper_class: wrapper::register_wrapper_class(rt),
                legacy_class: Class::register_exotic(rt),
                named_properties_class: Class::register_exotic_prototype(rt),
                realm_class: wrapper::register_realm_class(rt),
                iterator_class: Class::register(rt),
                window_proxy_class: Class::register_exotic(rt),
                cross_origin_class: Class::register_exotic(rt),
                dom_exception_class: Cell::new(0),
                object_classes: ObjectClasses::new(ctx),
                symbols: Symbols {
                    iterator: well_known(ctx, c"iterator"),
                    to_string_tag: well_known(ctx, c"toStringTag"),
                    unscopables: well_known(ctx, c"unscopables"),
                    has_instance: well_known(ctx, c"hasInstance"),
                    is_concat_spreadable: well_known(ctx, c"isConcatSpreadable"),
                },
                globals: RefCell::default(),
                finalizing: Cell::new(false),
                wrappers: Cell::new(0),
                entered: RefCell::default(),
                incumbent: RefCell::default(),
                module_mode: RefCell::new(Mode::Running),
                module_parser: RefCell::default(),
                evaluating_module: Cell::new(false),
                dynamic_import: RefCell::default(),
                limits: Limits::new(memory),
                running_jobs: Cell::new(false),
                report_exception: RefCell::default(),
                script_exit: RefCell::default(),
                rejection: RefCell::default(),
                engine: ManuallyDrop::new(engine),
            }
        };
        drop(scratch);
        let inner = Box::into_raw(Box::new(inner));
        CURRENT.with(|current| current.set(inner));
        // SAFETY: `rt` is the runtime just made; the tracker uses the thread local only.
        unsafe {
            qjs::JS_SetHostPromiseRejectionTracker(
                (*inner).rt,
                Some(promise_rejection),
                ptr::null_mut(),
            );
            module::install((*inner).rt);
            limits::install((*inner).rt);
        }
        Ok(Self { inner })
    }

    pub(crate) fn inner(&self) -> &RuntimeInner {
        // SAFETY: freed in drop only.
        unsafe { &*self.inner }
    }

    /// The rquickjs runtime, for its statistics. What it offers to set (limits, the interrupt handler, the module loader) is
    /// this type's to set.
    ///
    /// Its methods take a lock: do not call one while another is running script.
    pub fn engine(&self) -> &rquickjs::Runtime {
        &self.inner().engine
    }

    /// Makes a new realm: a global object with the language's own built-ins and `DOMException`.
    pub fn new_realm(&self) -> Result<Realm, RuntimeError> {
        Realm::create(self.inner()).ok_or(RuntimeError::Engine(rquickjs::Error::Allocation))
    }

    /// Runs the cycle collector.
    pub fn run_gc(&self) {
        // SAFETY: no object is being freed here, since script or finalizers cannot reach a `Runtime`.
        unsafe { qjs::JS_RunGC(self.inner().rt) };
    }

    /// How many DOM objects have a wrapper now.
    pub fn live_wrappers(&self) -> usize {
        self.inner().wrappers.get()
    }

    /// How many references to the JS heap Rust holds now.
    pub fn live_handles(&self) -> usize {
        live_handles()
    }

    /// Sets who hears of an exception that nobody caught: from a callback, an event listener or a microtask.
    pub fn set_report_exception(&self, hook: impl Fn(&Realm, JsValue) + 'static) {
        *self.inner().report_exception.borrow_mut() = Some(Rc::new(hook));
    }

    /// Sets what is done when the outermost script that Rust entered ends: the microtask checkpoint of
    /// <https://html.spec.whatwg.org/#clean-up-after-running-script>.
    pub fn set_script_exit(&self, hook: impl Fn(&Realm) + 'static) {
        *self.inner().script_exit.borrow_mut() = Some(Rc::new(hook));
    }

    /// Sets who hears of promises rejected without a handler (`false`) and of those that get one later (`true`):
    /// `hook(realm, promise, reason, handled)`.
    pub fn set_promise_rejection(&self, hook: impl Fn(&Realm, JsValue, JsValue, bool) + 'static) {
        *self.inner().rejection.borrow_mut() = Some(Rc::new(hook));
    }

    /// Runs all microtasks, as far as the [budget](Self::set_script_budget) of script goes. Does nothing when called from
    /// within a microtask.
    pub fn run_microtasks(&self) {
        self.inner().run_microtasks();
    }
}

impl RuntimeInner {
    pub(crate) fn is_running_microtasks(&self) -> bool {
        self.running_jobs.get()
    }

    pub(crate) fn run_microtasks(&self) {
        if self.running_jobs.replace(true) {
            return;
        }
        let is_outermost = self.entered.borrow().is_empty();
        if is_outermost {
            self.limits.begin();
        }
        // A chain of microtasks without end is stopped like a loop; what is left of it runs at the next checkpoint.
        while !self.limits.is_over() {
            let mut ctx: *mut qjs::JSContext = ptr::null_mut();
            // SAFETY: the runtime is alive.
            let status = unsafe { qjs::JS_ExecutePendingJob(self.rt, &mut ctx) };
            if status == 0 {
                break;
            }
            if status < 0 {
                // SAFETY: a failed job names its context, which the pending exception keeps alive.
                if let Some(realm) = unsafe { Realm::from_context(ctx) } {
                    let exception = realm.take_exception();
                    realm.report_exception(exception);
                }
            }
        }
        if is_outermost {
            self.limits.end();
        }
        self.running_jobs.set(false);
    }

    pub(crate) fn report_exception(&self, realm: &Realm, exception: JsValue) {
        let hook = self.report_exception.borrow().clone();
        match hook {
            Some(hook) => hook(realm, exception),
            None => log::warn!("uncaught exception: {}", realm.describe(&exception)),
        }
    }

    pub(crate) fn leave_script(&self, realm: &Realm) {
        let hook = self.script_exit.borrow().clone();
        if let Some(hook) = hook {
            hook(realm);
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        let inner = self.inner();
        drop(inner.report_exception.borrow_mut().take());
        drop(inner.script_exit.borrow_mut().take());
        drop(inner.rejection.borrow_mut().take());
        drop(inner.dynamic_import.borrow_mut().take());
        drop(inner.module_parser.borrow_mut().take());
        let realms: Vec<_> = inner.globals.borrow().values().cloned().collect();
        for realm in realms.iter().filter_map(Weak::upgrade) {
            realm.let_go();
        }
        drop(realms);
        for _ in 0..3 {
            self.run_gc();
        }
        if live_handles() > 0 {
            log::error!("{} JavaScript values outlive their runtime; it is leaked", live_handles());
            return;
        }
        // SAFETY: nothing on the Rust side refers to the runtime any more. The thread local stays until the engine is
        // gone, because finalizers of what is left inside use it.
        unsafe {
            for atom in inner.symbols.all() {
                qjs::JS_FreeAtomRT(inner.rt, atom);
            }
            let mut inner = Box::from_raw(self.inner.cast_mut());
            ManuallyDrop::drop(&mut inner.engine);
            CURRENT.with(|current| current.set(ptr::null()));
            drop(inner);
        }
    }
}

/// The atom of `Symbol[name]`.
///
/// # Safety
/// `ctx` must be alive and have the base objects.
unsafe fn well_known(ctx: *mut qjs::JSContext, name: &std::ffi::CStr) -> qjs::JSAtom {
    // SAFETY: see above; each value is freed once.
    unsafe {
        let global = qjs::JS_GetGlobalObject(ctx);
        let symbol = qjs::JS_GetPropertyStr(ctx, global, c"Symbol".as_ptr());
        let value = qjs::JS_GetPropertyStr(ctx, symbol, name.as_ptr());
        let atom = qjs::JS_ValueToAtom(ctx, value);
        qjs::JS_FreeValue(ctx, value);
        qjs::JS_FreeValue(ctx, symbol);
        qjs::JS_FreeValue(ctx, global);
        atom
    }
}

/// <https://html.spec.whatwg.org/#the-hostpromiserejectiontracker-implementation>, up to the hook.
unsafe extern "C" fn promise_rejection(
    ctx: *mut qjs::JSContext,
    promise: qjs::JSValue,
    reason: qjs::JSValue,
    is_handled: bool,
    _opaque: *mut c_void,
) {
    let Some(runtime) = current_runtime() else {
        return;
    };
    let hook = runtime.rejection.borrow().clone();
    // SAFETY: the engine passes a live context and borrowed values.
    let (realm, promise, reason) = unsafe {
        (
            Realm::from_context(ctx),
            JsValue::from_raw_borrowed(promise),
            JsValue::from_raw_borrowed(reason),
        )
    };
    if let (Some(hook), Some(realm)) = (hook, realm) {
        let call = std::panic::AssertUnwindSafe(|| hook(&realm, promise, reason, is_handled));
        if std::panic::catch_unwind(call).is_err() {
            log::error!("the promise rejection hook panicked");
        }
    }
}
