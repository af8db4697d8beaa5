/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Small interfaces: a factory function with a stringifier, an indexed getter, a secure one.

use std::cell::RefCell;

use sordino_script_bindings::{DomRoot, DomString, Fallible, Realm, Reflector, dom_object};

use crate::bindings::{HolderMethods, ListMethods, SecureOnlyMethods};

/// Holds a string.
pub struct Holder {
    reflector: Reflector,
    value: RefCell<String>,
}

dom_object!(Holder, reflector);

impl Holder {
    /// A new one.
    pub fn new(realm: &Realm, value: &str) -> DomRoot<Self> {
        let holder = Self { reflector: Reflector::new(), value: RefCell::new(value.to_owned()) };
        DomRoot::new(realm, holder)
    }
}

impl HolderMethods for Holder {
    fn value(&self, _realm: &Realm) -> String {
        self.value.borrow().clone()
    }

    fn set_value(&self, _realm: &Realm, value: String) {
        *self.value.borrow_mut() = value;
    }

    fn pinned(&self, _realm: &Realm) -> Fallible<DomString> {
        Ok("pinned".into())
    }

    fn construct_maker(realm: &Realm, value: Option<DomString>) -> Fallible<DomRoot<Self>> {
        let value = value.map_or_else(|| "made".to_owned(), String::from);
        Ok(Self::new(realm, &value))
    }
}

/// A list of three strings.
#[derive(Default)]
pub struct List {
    reflector: Reflector,
}

dom_object!(List, reflector);

const ITEMS: [&str; 3] = ["one", "two", "three"];

impl ListMethods for List {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::default()))
    }

    fn length(&self, _realm: &Realm) -> u32 {
        3
    }

    fn item(&self, _realm: &Realm, index: u32) -> Fallible<Option<DomString>> {
        Ok(ITEMS.get(index as usize).map(|item| (*item).into()))
    }
}

/// An interface for secure contexts.
pub struct SecureOnly {
    reflector: Reflector,
}

dom_object!(SecureOnly, reflector);

impl SecureOnlyMethods for SecureOnly {
    fn value(&self, _realm: &Realm) -> i32 {
        1
    }
}
