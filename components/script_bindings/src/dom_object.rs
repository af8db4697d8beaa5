/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! DOM objects: Rust structs with a JavaScript wrapper.
//!
//! A DOM object embeds its base (`struct AudioSession { event_target: EventTarget, .. }`), down to the root's
//! [`Reflector`]. [`DomRoot`] is the counted reference that Rust code passes around; [`Dom`](crate::Dom) is the one to keep
//! in a field of another DOM object, since the collector sees through it. [`dom_object!`](crate::dom_object) ties a struct to
//! its interface. The module is unsafe because [`DomObject`] is an unsafe trait.

#![allow(unsafe_code)]

use std::any::{Any, TypeId};

use crate::dom_ref::DomRoot;
use crate::interface::InterfaceInfo;
use crate::realm::Realm;
use crate::reflector::Reflector;
use crate::trace::Trace;

/// A Rust object that JavaScript can see. Implemented by [`dom_object!`](crate::dom_object) only.
///
/// # Safety
/// `reflector` must return the same reflector each time, embedded in `self` and in no other object.
pub unsafe trait DomObject: Trace + Any {
    /// What ties the object to its wrapper.
    fn reflector(&self) -> &Reflector;

    /// The most derived interface.
    fn info(&self) -> &'static InterfaceInfo;

    /// `self`, or the embedded base, whichever has that type.
    fn cast(&self, id: TypeId) -> Option<&dyn Any>;
}

/// The interface that a Rust type implements; written by the generator.
pub trait DomInterface: DomObject {
    /// The interface.
    const INFO: &'static InterfaceInfo;
}

/// The base that a Rust type embeds; written by [`dom_object!`](crate::dom_object), compared with the IDL by the generated
/// code. `()` for a root.
pub trait DomBase {
    /// The embedded base.
    type Base;
}

/// Says that `Self` is a `T` or inherits from it; written by the generator.
pub trait DerivedFrom<T> {}

/// What every DOM object can do.
pub trait DomObjectExt: DomObject + Sized {
    /// A counted reference to this object.
    ///
    /// # Panics
    /// In `Drop` of the object, when there can be no more references.
    fn root(&self) -> DomRoot<Self> {
        let owner = self.reflector().owner().ok();
        owner
            .and_then(DomRoot::from_owner)
            .expect("a DOM object is alive while it is borrowed, unless it is being dropped")
    }

    /// The realm the object was created in (its *relevant realm*).
    fn realm(&self) -> Realm {
        self.reflector().realm().clone()
    }

    /// This object as one of its bases.
    fn upcast<U: DomObject>(&self) -> &U
    where
        Self: DerivedFrom<U>,
    {
        self.cast(TypeId::of::<U>())
            .and_then(|object| object.downcast_ref())
            .expect("the generator checked the inheritance")
    }
}

impl<T: DomObject> DomObjectExt for T {}

/// Makes a struct a DOM object.
///
/// ```text
/// // A root: the struct has the field `reflector: Reflector`; `listeners` is reported to the collector.
/// dom_object!(EventTarget, reflector, trace(listeners));
/// // A derived interface: the struct embeds its base in the field `event_target`.
/// dom_object!(AudioSession: EventTarget, event_target, trace(onstatechange));
/// ```
/// Name every field that holds a `JsValue`, a callback or a [`Dom`](crate::Dom).
#[macro_export]
macro_rules! dom_object {
    ($type:ident, $reflector:ident $(, trace($($field:ident),* $(,)?))?) => {
        $crate::impl_trace!($type { $reflector $(, $($field),*)? });

        // SAFETY: the reflector is a field of `self`.
        #[allow(unsafe_code)]
        unsafe impl $crate::DomObject for $type {
            fn reflector(&self) -> &$crate::Reflector {
                &self.$reflector
            }

            fn info(&self) -> &'static $crate::InterfaceInfo {
                <Self as $crate::DomInterface>::INFO
            }

            fn cast(&self, id: ::std::any::TypeId) -> Option<&dyn ::std::any::Any> {
                (id == ::std::any::TypeId::of::<Self>()).then_some(self as &dyn ::std::any::Any)
            }
        }

        impl $crate::DomBase for $type {
            type Base = ();
        }
    };
    ($type:ident : $base:ty, $field:ident $(, trace($($traced:ident),* $(,)?))?) => {
        $crate::impl_trace!($type { $field $(, $($traced),*)? });

        // SAFETY: the reflector is that of the embedded base.
        #[allow(unsafe_code)]
        unsafe impl $crate::DomObject for $type {
            fn reflector(&self) -> &$crate::Reflector {
                $crate::DomObject::reflector(&self.$field)
            }

            fn info(&self) -> &'static $crate::InterfaceInfo {
                <Self as $crate::DomInterface>::INFO
            }

            fn cast(&self, id: ::std::any::TypeId) -> Option<&dyn ::std::any::Any> {
                if id == ::std::any::TypeId::of::<Self>() {
                    Some(self)
                } else {
                    $crate::DomObject::cast(&self.$field, id)
                }
            }
        }

        impl $crate::DomBase for $type {
            type Base = $base;
        }
    };
}
