/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! References to DOM objects.
//!
//! The module is unsafe because a `DomRoot<T>` points into an object whose concrete type it does not know.

#![allow(unsafe_code)]

use std::any::TypeId;
use std::fmt;
use std::ops::Deref;
use std::ptr::NonNull;
use std::rc::{Rc, Weak};

use crate::convert::ToJs;
use crate::dom_object::{DerivedFrom, DomObject};
use crate::error::Fallible;
use crate::realm::Realm;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};
use crate::wrapper;

/// A counted reference to a DOM object, seen as a `T` (its own type or one of its bases).
///
/// It is a root: as long as one exists, all the object holds stays alive. Keep a [`Dom`] in fields of other DOM objects.
pub struct DomRoot<T> {
    owner: Rc<dyn DomObject>,
    object: NonNull<T>,
}

impl<T: DomObject> DomRoot<T> {
    /// Makes `value` a DOM object of `realm`. The wrapper is made when script first sees it.
    pub fn new(realm: &Realm, value: T) -> Self {
        let owner: Rc<T> = Rc::new(value);
        let object = NonNull::from(&*owner);
        let owner: Rc<dyn DomObject> = owner;
        let reflector = owner.reflector();
        // A reflector is new here, since it is part of `value`; were it not, the first setting would stay.
        let _ = reflector.realm.set(realm.clone());
        let _ = reflector.this.set(Rc::downgrade(&owner));
        Self { owner, object }
    }

    pub(crate) fn from_owner(owner: Rc<dyn DomObject>) -> Option<Self> {
        let object = NonNull::from((*owner).cast(TypeId::of::<T>())?.downcast_ref::<T>()?);
        Some(Self { owner, object })
    }

    /// The same object as one of its bases.
    pub fn upcast<U: DomObject>(&self) -> DomRoot<U>
    where
        T: DerivedFrom<U>,
    {
        DomRoot::from_owner(self.owner()).expect("the generator checked the inheritance")
    }

    /// The same object as a `U`, if it is one.
    pub fn downcast<U: DomObject>(&self) -> Option<DomRoot<U>> {
        DomRoot::from_owner(self.owner())
    }

    /// A reference that does not keep the object alive.
    pub fn downgrade(&self) -> DomWeak<T> {
        DomWeak { owner: Rc::downgrade(&self.owner), object: self.object }
    }

    pub(crate) fn owner(&self) -> Rc<dyn DomObject> {
        Rc::clone(&self.owner)
    }
}

impl<T> DomRoot<T> {
    /// What script sees of the object, always the same while it can: its wrapper, or the proxy of a window.
    pub fn wrapper(&self) -> Fallible<JsObject> {
        wrapper::for_script(&self.owner)?.try_into()
    }

    /// The name of the most derived interface.
    pub fn interface_name(&self) -> &'static str {
        self.owner.info().name
    }

    /// The address, for use as an identity.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.owner).cast::<()>() as usize
    }
}

impl<T> Deref for DomRoot<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: points into the object that `owner` keeps alive and that never moves.
        unsafe { self.object.as_ref() }
    }
}

impl<T> Clone for DomRoot<T> {
    fn clone(&self) -> Self {
        Self { owner: Rc::clone(&self.owner), object: self.object }
    }
}

impl<T> PartialEq for DomRoot<T> {
    /// Identity.
    fn eq(&self, other: &Self) -> bool {
        self.address() == other.address()
    }
}

impl<T> Eq for DomRoot<T> {}

impl<T> fmt::Debug for DomRoot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{:#x}", self.interface_name(), self.address())
    }
}

impl<T> ToJs for DomRoot<T> {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        wrapper::for_script(&self.owner)
    }
}

// SAFETY: reports nothing: a root.
unsafe impl<T> Trace for DomRoot<T> {
    fn trace(&self, _tracer: &mut Tracer) {}
}

/// A reference to a DOM object that does not keep it alive.
pub struct DomWeak<T> {
    owner: Weak<dyn DomObject>,
    object: NonNull<T>,
}

impl<T> DomWeak<T> {
    /// The object, if it is still there.
    pub fn upgrade(&self) -> Option<DomRoot<T>> {
        Some(DomRoot { owner: self.owner.upgrade()?, object: self.object })
    }
}

impl<T> Clone for DomWeak<T> {
    fn clone(&self) -> Self {
        Self { owner: Weak::clone(&self.owner), object: self.object }
    }
}

// SAFETY: owns no JavaScript value.
unsafe impl<T> Trace for DomWeak<T> {
    fn trace(&self, _tracer: &mut Tracer) {}
}

/// A reference from one DOM object to another, through which the collector sees.
///
/// It must be a traced field of a DOM object. It holds the other object's wrapper (and makes one), which holds the object;
/// so objects that refer to each other are no cycle for Rust, only one for the collector, which finds it.
pub struct Dom<T> {
    weak: DomWeak<T>,
    wrapper: JsValue,
}

impl<T> Dom<T> {
    /// A traced reference to `root`.
    pub fn new(root: &DomRoot<T>) -> Fallible<Self> {
        let wrapper = wrapper::of(&root.owner)?;
        let weak = DomWeak { owner: Rc::downgrade(&root.owner), object: root.object };
        Ok(Self { weak, wrapper })
    }

    /// The object, as a root.
    ///
    /// # Panics
    /// In `Drop` of the object that holds this reference, if the collector freed the other one first.
    pub fn root(&self) -> DomRoot<T> {
        self.weak.upgrade().expect(FREED)
    }
}

const FREED: &str = "the wrapper keeps the object alive, except while both are being freed";

impl<T> Clone for Dom<T> {
    fn clone(&self) -> Self {
        Self { weak: self.weak.clone(), wrapper: self.wrapper.clone() }
    }
}

impl<T> Deref for Dom<T> {
    type Target = T;

    /// # Panics
    /// As [`Dom::root`].
    fn deref(&self) -> &T {
        assert!(self.weak.owner.strong_count() > 0, "{FREED}");
        // SAFETY: the object is alive, as was just checked, and stays so: its wrapper owns it, and this reference holds
        // the wrapper. Only the collector frees a wrapper that is referred to, and then it is freeing this one's holder too.
        unsafe { self.weak.object.as_ref() }
    }
}

impl<T> PartialEq for Dom<T> {
    /// Identity.
    fn eq(&self, other: &Self) -> bool {
        Weak::ptr_eq(&self.weak.owner, &other.weak.owner)
    }
}

impl<T> fmt::Debug for Dom<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.weak.upgrade() {
            Some(root) => root.fmt(f),
            None => f.write_str("[freed]"),
        }
    }
}

impl<T> ToJs for Dom<T> {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        match self.weak.owner.upgrade() {
            Some(owner) => wrapper::for_script(&owner),
            None => Ok(self.wrapper.clone()),
        }
    }
}

// SAFETY: owns one reference to the wrapper.
unsafe impl<T> Trace for Dom<T> {
    fn trace(&self, tracer: &mut Tracer) {
        self.wrapper.trace(tracer);
    }
}
