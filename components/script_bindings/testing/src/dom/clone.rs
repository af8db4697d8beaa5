/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Objects that can be serialized or transferred.

use std::cell::Cell;
use std::rc::Rc;

use sordino_script_bindings::{
    DomRoot, DomString, Fallible, Realm, Reflector, Serializable, Transferable, dom_object,
};

use crate::bindings::{LabelledParcelMethods, ParcelMethods, PortMethods, SecretParcelMethods};

/// Holds a text, like `Blob`.
pub struct Parcel {
    reflector: Reflector,
    text: DomString,
}

dom_object!(Parcel, reflector);

impl ParcelMethods for Parcel {
    fn constructor(realm: &Realm, text: DomString) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new(), text }))
    }

    fn text(&self, _realm: &Realm) -> DomString {
        self.text.clone()
    }
}

impl Serializable for Parcel {
    type Data = DomString;

    fn serialize(&self, _realm: &Realm) -> Fallible<Rc<DomString>> {
        Ok(Rc::new(self.text.clone()))
    }

    fn deserialize(realm: &Realm, data: Rc<DomString>) -> Fallible<DomRoot<Self>> {
        Self::constructor(realm, (*data).clone())
    }
}

/// Holds a label besides, like `File`.
pub struct LabelledParcel {
    parcel: Parcel,
    label: DomString,
}

dom_object!(LabelledParcel: Parcel, parcel);

impl LabelledParcelMethods for LabelledParcel {
    fn constructor(realm: &Realm, text: DomString, label: DomString) -> Fallible<DomRoot<Self>> {
        let parcel = Parcel { reflector: Reflector::new(), text };
        Ok(DomRoot::new(realm, Self { parcel, label }))
    }

    fn label(&self, _realm: &Realm) -> DomString {
        self.label.clone()
    }
}

impl Serializable for LabelledParcel {
    type Data = (DomString, DomString);

    fn serialize(&self, _realm: &Realm) -> Fallible<Rc<Self::Data>> {
        Ok(Rc::new((self.parcel.text.clone(), self.label.clone())))
    }

    fn deserialize(realm: &Realm, data: Rc<Self::Data>) -> Fallible<DomRoot<Self>> {
        let (text, label) = (*data).clone();
        Self::constructor(realm, text, label)
    }
}

/// Can be moved once, like `MessagePort`.
pub struct Port {
    reflector: Reflector,
    number: i32,
    is_detached: Cell<bool>,
}

dom_object!(Port, reflector);

impl PortMethods for Port {
    fn constructor(realm: &Realm, number: i32) -> Fallible<DomRoot<Self>> {
        let is_detached = Cell::new(false);
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new(), number, is_detached }))
    }

    fn number(&self, _realm: &Realm) -> i32 {
        self.number
    }
}

impl Transferable for Port {
    type Data = i32;

    fn is_detached(&self) -> bool {
        self.is_detached.get()
    }

    fn transfer(&self, _realm: &Realm) -> Fallible<Rc<i32>> {
        self.is_detached.set(true);
        Ok(Rc::new(self.number))
    }

    fn receive(realm: &Realm, data: Rc<i32>) -> Fallible<DomRoot<Self>> {
        Self::constructor(realm, *data)
    }
}

/// Exists in secure contexts only.
#[derive(Default)]
pub struct SecretParcel {
    reflector: Reflector,
}

dom_object!(SecretParcel, reflector);

impl SecretParcelMethods for SecretParcel {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::default()))
    }
}

impl Serializable for SecretParcel {
    type Data = ();

    fn serialize(&self, _realm: &Realm) -> Fallible<Rc<()>> {
        Ok(Rc::new(()))
    }

    fn deserialize(realm: &Realm, _data: Rc<()>) -> Fallible<DomRoot<Self>> {
        Self::constructor(realm)
    }
}
