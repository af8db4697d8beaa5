/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Interfaces with named properties.

use std::cell::{Cell, RefCell};

use sordino_script_bindings::{
    Dom, DomExceptionName, DomRoot, DomString, Error, Fallible, Realm, Reflector, dom_object,
};

use super::Holder;
use crate::bindings::{
    CollectionMethods, HolderMethods, LongerCollectionMethods, NumberMapMethods, OverridingMethods,
    StoreMethods,
};

/// An ordered map, like `Storage`.
#[derive(Default)]
pub struct Store {
    reflector: Reflector,
    items: RefCell<Vec<(DomString, DomString)>>,
}

dom_object!(Store, reflector);

impl StoreMethods for Store {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::default()))
    }

    fn length(&self, _realm: &Realm) -> u32 {
        u32::try_from(self.items.borrow().len()).unwrap_or(u32::MAX)
    }

    fn get_item(&self, _realm: &Realm, key: DomString) -> Fallible<Option<DomString>> {
        let items = self.items.borrow();
        Ok(items.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone()))
    }

    fn set_item(&self, _realm: &Realm, key: DomString, value: DomString) -> Fallible<()> {
        if value == "too much" {
            return Err(Error::dom(DomExceptionName::QuotaExceededError, "it does not fit"));
        }
        let mut items = self.items.borrow_mut();
        match items.iter_mut().find(|(name, _)| *name == key) {
            Some(item) => item.1 = value,
            None => items.push((key, value)),
        }
        Ok(())
    }

    fn remove_item(&self, _realm: &Realm, key: DomString) -> Fallible<()> {
        self.items.borrow_mut().retain(|(name, _)| *name != key);
        Ok(())
    }

    fn supported_property_names(&self, _realm: &Realm) -> Vec<DomString> {
        self.items.borrow().iter().map(|(name, _)| name.clone()).collect()
    }
}

/// Names and numbers, like `DOMStringMap`; a name with a hyphen is refused, and `kept` cannot be deleted.
#[derive(Default)]
pub struct NumberMap {
    reflector: Reflector,
    numbers: RefCell<Vec<(DomString, i32)>>,
    total: Cell<i32>,
}

dom_object!(NumberMap, reflector);

impl NumberMapMethods for NumberMap {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::default()))
    }

    fn total(&self, _realm: &Realm) -> i32 {
        self.total.get()
    }

    fn set_total(&self, _realm: &Realm, value: i32) {
        self.total.set(value);
    }

    fn named_getter(&self, _realm: &Realm, name: DomString) -> Fallible<i32> {
        let numbers = self.numbers.borrow();
        let found = numbers.iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| *value).ok_or_else(|| Error::type_error("not supported"))
    }

    fn named_setter(&self, _realm: &Realm, name: DomString, value: i32) -> Fallible<()> {
        if name.to_str_lossy().contains('-') {
            return Err(Error::dom(DomExceptionName::SyntaxError, "there is a hyphen"));
        }
        let mut numbers = self.numbers.borrow_mut();
        numbers.retain(|(other, _)| *other != name);
        numbers.push((name, value));
        Ok(())
    }

    fn named_deleter(&self, _realm: &Realm, name: DomString) -> Fallible<bool> {
        if name == "kept" {
            return Ok(false);
        }
        self.numbers.borrow_mut().retain(|(other, _)| *other != name);
        Ok(true)
    }

    fn supported_property_names(&self, _realm: &Realm) -> Vec<DomString> {
        self.numbers.borrow().iter().map(|(name, _)| name.clone()).collect()
    }
}

/// Holders by index and by what they hold, like `HTMLCollection`.
#[derive(Default)]
pub struct Collection {
    reflector: Reflector,
    holders: RefCell<Vec<Dom<Holder>>>,
}

dom_object!(Collection, reflector, trace(holders));

impl Collection {
    fn with_names(realm: &Realm, names: Vec<DomString>) -> Fallible<Self> {
        let collection = Self::default();
        for name in names {
            collection.add(realm, name)?;
        }
        Ok(collection)
    }
}

impl CollectionMethods for Collection {
    fn constructor(realm: &Realm, names: Vec<DomString>) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::with_names(realm, names)?))
    }

    fn length(&self, _realm: &Realm) -> u32 {
        u32::try_from(self.holders.borrow().len()).unwrap_or(u32::MAX)
    }

    fn item(&self, _realm: &Realm, index: u32) -> Fallible<Option<DomRoot<Holder>>> {
        Ok(self.holders.borrow().get(index as usize).map(Dom::root))
    }

    fn named_item(&self, realm: &Realm, name: DomString) -> Fallible<Option<DomRoot<Holder>>> {
        let holders = self.holders.borrow();
        Ok(holders.iter().find(|holder| name == holder.value(realm).as_str()).map(Dom::root))
    }

    fn add(&self, realm: &Realm, name: DomString) -> Fallible<()> {
        let holder = Dom::new(&Holder::new(realm, &name.to_str_lossy()))?;
        self.holders.borrow_mut().push(holder);
        Ok(())
    }

    fn fixed(&self, _realm: &Realm) -> DomString {
        "fixed".into()
    }

    fn supported_property_names(&self, realm: &Realm) -> Vec<DomString> {
        let mut names: Vec<DomString> = Vec::new();
        for holder in self.holders.borrow().iter() {
            let name = holder.value(realm).into();
            if !names.contains(&name) && !name.is_empty() {
                names.push(name);
            }
        }
        names
    }

    fn is_supported_property_name(&self, realm: &Realm, name: &DomString) -> bool {
        !name.is_empty()
            && self.holders.borrow().iter().any(|holder| *name == holder.value(realm).as_str())
    }
}

/// Inherits both getters.
pub struct LongerCollection {
    collection: Collection,
}

dom_object!(LongerCollection: Collection, collection);

impl LongerCollectionMethods for LongerCollection {
    fn constructor(realm: &Realm, names: Vec<DomString>) -> Fallible<DomRoot<Self>> {
        let collection = Collection::with_names(realm, names)?;
        Ok(DomRoot::new(realm, Self { collection }))
    }
}

/// Its names hide the members of its interface, as those of `Document` do.
#[derive(Default)]
pub struct Overriding {
    reflector: Reflector,
    title: RefCell<DomString>,
    names: RefCell<Vec<DomString>>,
}

dom_object!(Overriding, reflector);

impl OverridingMethods for Overriding {
    fn constructor(realm: &Realm, names: Vec<DomString>) -> Fallible<DomRoot<Self>> {
        let object = Self { names: RefCell::new(names), ..Self::default() };
        Ok(DomRoot::new(realm, object))
    }

    fn title(&self, _realm: &Realm) -> DomString {
        self.title.borrow().clone()
    }

    fn set_title(&self, _realm: &Realm, value: DomString) {
        *self.title.borrow_mut() = value;
    }

    fn add(&self, _realm: &Realm, name: DomString) -> Fallible<()> {
        self.names.borrow_mut().push(name);
        Ok(())
    }

    fn named_getter(&self, _realm: &Realm, name: DomString) -> Fallible<DomString> {
        Ok(format!("named {name}").into())
    }

    fn supported_property_names(&self, _realm: &Realm) -> Vec<DomString> {
        self.names.borrow().clone()
    }
}
