/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The memory of the engine, and its limit.
//!
//! The limit is that of this allocator and not the engine's own: so the embedder hears that it was reached, and there is
//! some memory left to make the error with, and to tell it. The module is unsafe because the engine's memory is raw.

#![allow(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::ptr;
use std::rc::Rc;

use rquickjs::allocator::{Allocator, RustAllocator};

/// What is left beyond the limit for an error and its text, in bytes.
const RESERVE: usize = 64 * 1024;

/// What the system takes for each piece besides, in bytes.
const OVERHEAD: usize = 8;

type Hook = Rc<dyn Fn()>;

/// How much memory the engine has.
#[derive(Default)]
pub(crate) struct Memory {
    /// In bytes.
    used: Cell<usize>,
    /// In bytes; 0 is none.
    limit: Cell<usize>,
    /// In bytes beyond the limit.
    extra: Cell<usize>,
    has_run_out: Cell<bool>,
    /// Whether the hook was told, and since then the engine had never half of its memory again.
    is_told: Cell<bool>,
    hook: RefCell<Option<Hook>>,
}

impl Memory {
    /// Sets the limit, and returns the one before.
    pub(crate) fn set_limit(&self, bytes: usize) -> usize {
        self.limit.replace(bytes)
    }

    pub(crate) fn set_hook(&self, hook: impl Fn() + 'static) {
        *self.hook.borrow_mut() = Some(Rc::new(hook));
    }

    /// Whether the limit was reached since the last [`forgive`](Self::forgive).
    pub(crate) fn has_run_out(&self) -> bool {
        self.has_run_out.get()
    }

    /// Other script begins to run.
    pub(crate) fn forgive(&self) {
        self.has_run_out.set(false);
    }

    /// Runs `f` with some memory more than the limit allows.
    pub(crate) fn with_reserve<R>(&self, f: impl FnOnce() -> R) -> R {
        let outer = self.extra.replace(2 * RESERVE);
        let result = f();
        self.extra.set(outer);
        result
    }

    /// Whether so many bytes more may be taken. The first refusal is told to the hook, and from then on there is the reserve.
    fn may_take(&self, size: usize) -> bool {
        let limit = self.limit.get();
        let Some(wanted) = self.used.get().checked_add(size) else { return false };
        if limit == 0 || wanted <= limit.saturating_add(self.extra.get()) {
            if self.is_told.get() && wanted < limit / 2 {
                self.is_told.set(false);
            }
            return true;
        }
        if self.has_run_out.replace(true) {
            return wanted <= limit.saturating_add(RESERVE);
        }
        let hook = self.hook.borrow().clone();
        if !self.is_told.replace(true)
            && let Some(hook) = hook
        {
            hook();
        }
        false
    }

    fn took(&self, piece: *mut u8) -> *mut u8 {
        if !piece.is_null() {
            // SAFETY: the piece is of this allocator, see `EngineMemory`.
            let size = unsafe { RustAllocator::usable_size(piece) };
            self.used.set(self.used.get() + size + OVERHEAD);
        }
        piece
    }

    fn gave(&self, size: usize) {
        self.used.set(self.used.get().saturating_sub(size + OVERHEAD));
    }
}

/// The allocator of an engine.
pub(crate) struct EngineMemory(pub(crate) Rc<Memory>);

impl EngineMemory {
    /// Whether a piece of this size can be had. Beyond half of all addresses its size could not be rounded.
    fn may_take(&self, size: usize) -> bool {
        isize::try_from(size).is_ok() && self.0.may_take(size)
    }
}

// SAFETY: every piece is of `RustAllocator`, which does as the trait asks.
unsafe impl Allocator for EngineMemory {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        if !self.may_take(size) {
            return ptr::null_mut();
        }
        self.0.took(RustAllocator.alloc(size))
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        let whole = count.checked_mul(size);
        if !whole.is_some_and(|size| self.may_take(size)) {
            return ptr::null_mut();
        }
        self.0.took(RustAllocator.calloc(count, size))
    }

    unsafe fn dealloc(&mut self, piece: *mut u8) {
        // SAFETY: the engine gives back what it was given, once.
        unsafe {
            self.0.gave(RustAllocator::usable_size(piece));
            RustAllocator.dealloc(piece);
        }
    }

    unsafe fn realloc(&mut self, piece: *mut u8, new_size: usize) -> *mut u8 {
        // SAFETY: as above.
        let size = unsafe { RustAllocator::usable_size(piece) };
        if new_size > size
            && (isize::try_from(new_size).is_err() || !self.may_take(new_size - size))
        {
            return ptr::null_mut();
        }
        // SAFETY: as above; when it fails, the piece stays.
        let new = unsafe { RustAllocator.realloc(piece, new_size) };
        if !new.is_null() {
            self.0.gave(size);
        }
        self.0.took(new)
    }

    unsafe fn usable_size(piece: *mut u8) -> usize {
        // SAFETY: as above.
        unsafe { RustAllocator::usable_size(piece) }
    }
}
