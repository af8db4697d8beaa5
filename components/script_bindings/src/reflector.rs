/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What ties a DOM object to its realm and its wrapper.

#![allow(unsafe_code)]

use std::cell::{Cell, OnceCell};
use std::rc::{Rc, Weak};

use crate::dom_object::DomObject;
use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::trace::{Trace, Tracer};
use crate::value::JsValue;
use crate::wrapper;

/// What every DOM object has at its root: its realm, its wrapper, and what keeps the wrapper alive.
#[derive(Default)]
pub struct Reflector {
    pub(crate) realm: OnceCell<Realm>,
    pub(crate) this: OnceCell<Weak<dyn DomObject>>,
    /// The wrapper's address, not counted; reset by the wrapper's finalizer. Zero for none.
    wrapper: Cell<usize>,
    preserved: Cell<usize>,
    /// Whether the wrapper is the realm's global object.
    is_global: Cell<bool>,
}

impl Reflector {
    /// A reflector for an object that is about to be made.
    pub fn new() -> Self {
        Self::default()
    }

    /// The realm the object was created in.
    pub fn realm(&self) -> &Realm {
        self.realm.get().expect("a DOM object is made by DomRoot::new, which sets its realm")
    }

    /// Keeps the wrapper, and with it all that the page attached to it, alive until as many
    /// [`release`](Self::release) calls. For objects that must not vanish while something goes on: a node in a document,
    /// a session that will fire `statechange`.
    pub fn preserve(&self) -> Fallible<()> {
        if self.preserved.get() == 0 {
            let wrapper = wrapper::of(&self.owner()?)?;
            self.realm().inner().preserve(wrapper);
        }
        self.preserved.set(self.preserved.get() + 1);
        Ok(())
    }

    /// Takes back one [`preserve`](Self::preserve). More calls than that do nothing.
    pub fn release(&self) {
        let count = self.preserved.get();
        self.preserved.set(count.saturating_sub(1));
        if count == 1 {
            self.realm().inner().release(self.wrapper.get());
        }
    }

    /// Whether the wrapper is being kept alive.
    pub fn is_preserved(&self) -> bool {
        self.preserved.get() > 0
    }

    /// Whether there is a wrapper now.
    pub fn has_wrapper(&self) -> bool {
        self.wrapper.get() != 0
    }

    pub(crate) fn owner(&self) -> Fallible<Rc<dyn DomObject>> {
        self.this
            .get()
            .and_then(Weak::upgrade)
            .ok_or_else(|| Error::type_error("the object is being destroyed"))
    }

    pub(crate) fn wrapper_address(&self) -> usize {
        self.wrapper.get()
    }

    pub(crate) fn set_wrapper_address(&self, address: usize) {
        self.wrapper.set(address);
    }

    /// Makes the realm's global object the wrapper. The context owns both, so no finalizer is needed.
    pub(crate) fn adopt_global(&self, global: &JsValue) -> Fallible<()> {
        if self.has_wrapper() {
            return Err(Error::type_error("the object has a wrapper already"));
        }
        self.wrapper.set(global.address().unwrap_or(0));
        self.is_global.set(true);
        Ok(())
    }

    pub(crate) fn is_global(&self) -> bool {
        self.is_global.get()
    }
}

// SAFETY: the realm handle is owned.
unsafe impl Trace for Reflector {
    fn trace(&self, tracer: &mut Tracer) {
        self.realm.trace(tracer);
    }
}
