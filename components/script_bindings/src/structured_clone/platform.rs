/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! DOM objects that can be serialized or transferred.

use std::any::Any;
use std::rc::Rc;

use crate::convert::{self, ToJs};
use crate::dom_object::DomInterface;
use crate::dom_ref::DomRoot;
use crate::error::{Error, Fallible};
use crate::realm::Realm;
use crate::value::JsValue;

/// An interface with `[Serializable]`. <https://html.spec.whatwg.org/#serializable-objects>
pub trait Serializable: DomInterface + Sized {
    /// What is left of an object; without references to the engine.
    type Data: Any;

    /// The serialization steps.
    fn serialize(&self, realm: &Realm) -> Fallible<Rc<Self::Data>>;

    /// The deserialization steps, in the realm of the new object.
    fn deserialize(realm: &Realm, data: Rc<Self::Data>) -> Fallible<DomRoot<Self>>;
}

/// An interface with `[Transferable]`. <https://html.spec.whatwg.org/#transferable-objects>
pub trait Transferable: DomInterface + Sized {
    /// What is transferred; without references to the engine.
    type Data: Any;

    /// Whether the object was transferred already.
    fn is_detached(&self) -> bool;

    /// The transfer steps, which leave the object detached.
    fn transfer(&self, realm: &Realm) -> Fallible<Rc<Self::Data>>;

    /// The transfer-receiving steps, in the realm of the new object.
    fn receive(realm: &Realm, data: Rc<Self::Data>) -> Fallible<DomRoot<Self>>;
}

/// A [`Serializable`] interface as data; written by the generator.
#[derive(Clone, Copy)]
pub struct SerializationSteps {
    pub(super) serialize: fn(&Realm, &JsValue) -> Fallible<Rc<dyn Any>>,
    pub(super) deserialize: fn(&Realm, Rc<dyn Any>) -> Fallible<JsValue>,
}

impl SerializationSteps {
    /// Those of `T`.
    pub const fn of<T: Serializable>() -> Self {
        Self {
            serialize: |realm, value| {
                Ok(convert::interface::<T>(realm, value)?.serialize(realm)? as Rc<dyn Any>)
            },
            deserialize: |realm, data| {
                T::deserialize(realm, downcast::<T::Data>(data)?)?.to_js(realm)
            },
        }
    }
}

/// A [`Transferable`] interface as data; written by the generator.
#[derive(Clone, Copy)]
pub struct TransferSteps {
    pub(super) is_detached: fn(&Realm, &JsValue) -> Fallible<bool>,
    pub(super) transfer: fn(&Realm, &JsValue) -> Fallible<Rc<dyn Any>>,
    pub(super) receive: fn(&Realm, Rc<dyn Any>) -> Fallible<JsValue>,
}

impl TransferSteps {
    /// Those of `T`.
    pub const fn of<T: Transferable>() -> Self {
        Self {
            is_detached: |realm, value| Ok(convert::interface::<T>(realm, value)?.is_detached()),
            transfer: |realm, value| {
                Ok(convert::interface::<T>(realm, value)?.transfer(realm)? as Rc<dyn Any>)
            },
            receive: |realm, data| T::receive(realm, downcast::<T::Data>(data)?)?.to_js(realm),
        }
    }
}

fn downcast<T: Any>(data: Rc<dyn Any>) -> Fallible<Rc<T>> {
    data.downcast().map_err(|_| Error::type_error("the data is of another interface"))
}
