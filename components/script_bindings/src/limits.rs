/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What script may use: time, memory (see the module `memory`) and stack.
//!
//! Time is counted from when Rust enters script to when the outermost script ends, and in the same way for a microtask
//! checkpoint. The engine asks between the instructions of script, and in its longer loops; it cannot be stopped within a
//! built-in function that does not ask. The module is unsafe because the engine calls it back.

#![allow(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rquickjs::qjs;

use crate::memory::Memory;
use crate::realm::Realm;
use crate::runtime::{Runtime, RuntimeInner, current_runtime};

/// What becomes of script whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverBudget {
    /// It ends, with an exception that it cannot catch and that is reported.
    Stop,
    /// It has the same time again.
    Continue,
}

type BudgetHook = Rc<dyn Fn() -> OverBudget>;

/// The time of the script that is running.
#[derive(Clone, Copy)]
struct Turn {
    since: Instant,
    /// When the engine asked last, for script that Rust runs without entering it.
    asked: Instant,
    is_entered: bool,
    is_stopped: bool,
}

/// What limits the script of a runtime.
#[derive(Default)]
pub(crate) struct Limits {
    budget: RefCell<Option<(Duration, BudgetHook)>>,
    turn: Cell<Option<Turn>>,
    stop: Arc<AtomicBool>,
    pub(crate) memory: Rc<Memory>,
    stack: Cell<usize>,
}

/// What the engine gives script unless it is told, in bytes.
const DEFAULT_STACK: usize = 1024 * 1024;

/// The stack that is left for telling that there is no more of it, in bytes.
const SPARE_STACK: usize = 64 * 1024;

/// Stops script from another thread.
#[derive(Clone, Debug)]
pub struct ScriptStopper {
    stop: Arc<AtomicBool>,
}

impl ScriptStopper {
    /// Ends the script that is running, as a script ends whose time is over. Does nothing if none is.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Limits {
    pub(crate) fn new(memory: Rc<Memory>) -> Self {
        Self { memory, stack: Cell::new(DEFAULT_STACK), ..Self::default() }
    }

    /// Script is entered, or a microtask checkpoint begins.
    pub(crate) fn begin(&self) {
        self.stop.store(false, Ordering::Relaxed);
        self.memory.forgive();
        let now = Instant::now();
        let turn = Turn { since: now, asked: now, is_entered: true, is_stopped: false };
        self.turn.set(Some(turn));
    }

    /// The outermost script, or the checkpoint, ended.
    pub(crate) fn end(&self) {
        self.turn.set(None);
    }

    /// Whether script was told to end, and has not yet.
    pub(crate) fn is_stopped(&self) -> bool {
        self.turn.get().is_some_and(|turn| turn.is_stopped && turn.is_entered)
    }

    /// Whether script must end.
    pub(crate) fn is_over(&self) -> bool {
        let now = Instant::now();
        let new = Turn { since: now, asked: now, is_entered: false, is_stopped: false };
        let mut turn = self.turn.get().unwrap_or(new);
        if self.stop.swap(false, Ordering::Relaxed) {
            turn.is_stopped = true;
        }
        if turn.is_entered && turn.is_stopped {
            self.turn.set(Some(turn));
            return true;
        }
        let budget = self.budget.borrow().clone();
        let Some((budget, hook)) = budget else {
            return turn.is_stopped;
        };
        // Running script asks all the time; so after a pause it is another one.
        if !turn.is_entered && now - turn.asked > budget {
            turn = new;
        }
        turn.asked = now;
        if !turn.is_stopped && now - turn.since > budget {
            match hook() {
                OverBudget::Stop => turn.is_stopped = true,
                OverBudget::Continue => turn.since = Instant::now(),
            }
        }
        self.turn.set(Some(turn));
        turn.is_stopped
    }
}

/// Whether the script that is running must end, for a method that takes long without running script: it then returns
/// anything, as nobody sees it.
pub fn script_must_end() -> bool {
    current_runtime().is_some_and(|runtime| runtime.limits.is_over())
}

impl RuntimeInner {
    /// Runs `f`, which makes a context, without a limit of memory: the engine does not survive that a context fails halfway.
    pub(crate) fn with_free_memory<R>(&self, f: impl FnOnce() -> R) -> R {
        let memory = &self.limits.memory;
        let limit = memory.set_limit(0);
        let result = f();
        memory.set_limit(limit);
        result
    }

    /// Runs `f`, which tells of an error, with some stack and memory more than script has: the error may be that there is no
    /// more of them.
    pub(crate) fn with_reserve<R>(&self, f: impl FnOnce() -> R) -> R {
        let stack = self.limits.stack.replace(0);
        // Within another such call, or with no limit, there is nothing to add.
        if stack > 0 {
            // SAFETY: the runtime is alive.
            unsafe { qjs::JS_SetMaxStackSize(self.rt, (stack + SPARE_STACK) as _) };
        }
        let result = self.limits.memory.with_reserve(f);
        if stack > 0 {
            // SAFETY: as above.
            unsafe { qjs::JS_SetMaxStackSize(self.rt, stack as _) };
        }
        self.limits.stack.set(stack);
        result
    }
}

impl Realm {
    /// Throws what script cannot catch. A method that Rust runs for script that was stopped ends so: it may have called
    /// script that ended, and reported that.
    pub(crate) fn throw_stopped(&self) {
        // SAFETY: the context is alive, the format takes one C string; the engine takes the error.
        unsafe {
            let message = c"interrupted".as_ptr();
            let error = qjs::JS_NewInternalError(self.ctx(), c"%s".as_ptr(), message);
            qjs::JS_SetUncatchableError(self.ctx(), error);
            qjs::JS_Throw(self.ctx(), error);
        }
    }
}

impl Runtime {
    /// Limits how long script may run at a stretch. When the time is over, `hook` says what becomes of the script; it must
    /// not run any.
    pub fn set_script_budget(&self, budget: Duration, hook: impl Fn() -> OverBudget + 'static) {
        *self.inner().limits.budget.borrow_mut() = Some((budget, Rc::new(hook)));
    }

    /// What stops the script of this runtime from any thread.
    pub fn script_stopper(&self) -> ScriptStopper {
        ScriptStopper { stop: Arc::clone(&self.inner().limits.stop) }
    }

    /// Limits the memory of the engine, in bytes; 0 is no limit. Beyond it script gets an `InternalError`, which it can
    /// catch; some 64 KiB more are there to make it. What Rust objects hold besides is not counted, and a new realm can be
    /// made always.
    pub fn set_memory_limit(&self, bytes: usize) {
        self.inner().limits.memory.set_limit(bytes);
    }

    /// Sets who hears that script reached the limit of memory, at most once for each time that Rust enters script, and not
    /// again before half of it was free. `hook` is called in the middle of the engine's work: it must not use the engine.
    pub fn set_out_of_memory(&self, hook: impl Fn() + 'static) {
        self.inner().limits.memory.set_hook(hook);
    }

    /// Limits the stack that script may use, in bytes (1 MiB unless set). It is counted from where the runtime was made, and
    /// with what Rust uses when script calls it and it calls script. Beyond it script gets a `RangeError`. The thread's own
    /// stack must be larger by some 200 KiB.
    pub fn set_max_stack_size(&self, bytes: usize) {
        self.inner().limits.stack.set(bytes);
        // SAFETY: the runtime is alive.
        unsafe { qjs::JS_SetMaxStackSize(self.inner().rt, bytes as _) };
    }
}

/// # Safety
/// The runtime must be alive.
pub(crate) unsafe fn install(rt: *mut qjs::JSRuntime) {
    // SAFETY: see above; the function finds everything through the thread local.
    unsafe { qjs::JS_SetInterruptHandler(rt, Some(is_over), ptr::null_mut()) };
}

unsafe extern "C" fn is_over(_rt: *mut qjs::JSRuntime, _opaque: *mut c_void) -> c_int {
    let ask = |runtime: &RuntimeInner| runtime.limits.is_over();
    let over = current_runtime().map(|runtime| catch_unwind(AssertUnwindSafe(|| ask(runtime))));
    c_int::from(matches!(over, Some(Ok(true))))
}
