/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Storage](https://html.spec.whatwg.org/multipage/webstorage.html#the-storage-interface) and
//! [StorageEvent](https://html.spec.whatwg.org/multipage/webstorage.html#the-storageevent-interface).

use std::cell::RefCell;
use std::rc::Rc;

use sordino_script_bindings::{
    Dom, DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, Reflector,
    dom_object,
};
use sordino_traits::storage::{StorageChange, StorageEffect};

use super::{Event, Window, dispatch};
use crate::bindings::{EventInit, StorageEventInit, StorageEventMethods, StorageMethods};
use crate::page::Page;
use crate::storage::{Area, StorageKind, from_dom, to_dom};

/// What pages of an origin keep.
pub(crate) struct Storage {
    reflector: Reflector,
    area: Rc<Area>,
}

dom_object!(Storage, reflector);

impl Storage {
    /// The storage object of a page.
    ///
    /// # Errors
    ///
    /// A `SecurityError` when its origin is opaque.
    pub(crate) fn of_page(page: &Page, kind: StorageKind) -> Fallible<DomRoot<Self>> {
        if !page.origin().is_tuple() {
            let reason = "a document of an opaque origin has no storage";
            return Err(Error::dom(DomExceptionName::SecurityError, reason));
        }
        let area = page.agent().storage_areas().area(kind, page.origin());
        Ok(DomRoot::new(&page.realm(), Self { reflector: Reflector::new(), area }))
    }

    fn change(&self, change: StorageChange) -> Fallible<()> {
        let changed = self.area.change(&Page::of(&self.realm()), change);
        changed.map_err(|error| Error::dom(DomExceptionName::QuotaExceededError, error.to_string()))
    }
}

impl Window {
    /// The document's [storage objects](https://html.spec.whatwg.org/multipage/webstorage.html#the-localstorage-attribute),
    /// if it may have them.
    pub(super) fn storage(&self, kind: StorageKind) -> Fallible<DomRoot<Storage>> {
        let field = match kind {
            StorageKind::Local => &self.local_storage,
            StorageKind::Session => &self.session_storage,
        };
        if let Some(storage) = &*field.borrow() {
            return Ok(storage.root());
        }
        let storage = Storage::of_page(&Page::of(&self.realm()), kind)?;
        *field.borrow_mut() = Some(Dom::new(&storage)?);
        Ok(storage)
    }

    /// A storage of this origin was changed by another document.
    pub(crate) fn fire_storage_event(
        &self,
        kind: StorageKind,
        effect: &StorageEffect,
        url: String,
    ) {
        if let Ok(storage) = self.storage(kind) {
            StorageEvent::fire(&Page::of(&self.realm()), &storage, effect, url);
        }
    }
}

impl StorageMethods for Storage {
    fn length(&self, _realm: &Realm) -> u32 {
        u32::try_from(self.area.len()).unwrap_or(u32::MAX)
    }

    fn key(&self, _realm: &Realm, index: u32) -> Fallible<Option<DomString>> {
        Ok(self.area.key(index as usize))
    }

    fn get_item(&self, _realm: &Realm, key: DomString) -> Fallible<Option<DomString>> {
        Ok(self.area.get(&key))
    }

    fn set_item(&self, _realm: &Realm, key: DomString, value: DomString) -> Fallible<()> {
        self.change(StorageChange::Set { key: from_dom(&key), value: from_dom(&value) })
    }

    fn remove_item(&self, _realm: &Realm, key: DomString) -> Fallible<()> {
        self.change(StorageChange::Remove { key: from_dom(&key) })
    }

    fn clear(&self, _realm: &Realm) -> Fallible<()> {
        self.change(StorageChange::Clear)
    }

    fn supported_property_names(&self, _realm: &Realm) -> Vec<DomString> {
        self.area.keys()
    }

    fn is_supported_property_name(&self, _realm: &Realm, name: &DomString) -> bool {
        self.area.get(name).is_some()
    }
}

/// What the event says.
#[derive(Default)]
struct Details {
    key: Option<DomString>,
    old_value: Option<DomString>,
    new_value: Option<DomString>,
    url: String,
}

/// A storage has changed.
pub(crate) struct StorageEvent {
    event: Event,
    details: RefCell<Details>,
    storage_area: RefCell<Option<Dom<Storage>>>,
}

dom_object!(StorageEvent: Event, event, trace(storage_area));

impl StorageEvent {
    /// Fires a `storage` event at the window of a storage object.
    pub(crate) fn fire(page: &Page, area: &DomRoot<Storage>, effect: &StorageEffect, url: String) {
        let event = Event::new("storage".into(), &EventInit::default());
        event.set_trusted(true);
        let StorageEffect { key, old_value, new_value } = effect;
        let [key, old_value, new_value] =
            [key, old_value, new_value].map(|string| string.as_ref().map(to_dom));
        let event = Self {
            event,
            details: RefCell::new(Details { key, old_value, new_value, url }),
            storage_area: RefCell::new(Dom::new(area).ok()),
        };
        dispatch(&page.window().upcast(), &DomRoot::new(&page.realm(), event).upcast());
    }
}

fn reference(area: Option<&DomRoot<Storage>>) -> Fallible<Option<Dom<Storage>>> {
    area.map(Dom::new).transpose()
}

impl StorageEventMethods for StorageEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: StorageEventInit,
    ) -> Fallible<DomRoot<Self>> {
        let StorageEventInit { parent, key, old_value, new_value, url, storage_area } = init;
        let event = Self {
            event: Event::new(type_, &parent),
            details: RefCell::new(Details { key, old_value, new_value, url }),
            storage_area: RefCell::new(reference(storage_area.as_ref())?),
        };
        Ok(DomRoot::new(realm, event))
    }

    fn key(&self, _realm: &Realm) -> Option<DomString> {
        self.details.borrow().key.clone()
    }

    fn old_value(&self, _realm: &Realm) -> Option<DomString> {
        self.details.borrow().old_value.clone()
    }

    fn new_value(&self, _realm: &Realm) -> Option<DomString> {
        self.details.borrow().new_value.clone()
    }

    fn url(&self, _realm: &Realm) -> String {
        self.details.borrow().url.clone()
    }

    fn storage_area(&self, _realm: &Realm) -> Option<DomRoot<Storage>> {
        self.storage_area.borrow().as_ref().map(Dom::root)
    }

    /// <https://html.spec.whatwg.org/multipage/webstorage.html#dom-storageevent-initstorageevent>
    fn init_storage_event(
        &self,
        _realm: &Realm,
        type_: DomString,
        bubbles: bool,
        cancelable: bool,
        key: Option<DomString>,
        old_value: Option<DomString>,
        new_value: Option<DomString>,
        url: String,
        storage_area: Option<DomRoot<Storage>>,
    ) -> Fallible<()> {
        let storage_area = reference(storage_area.as_ref())?;
        if !self.event.is_dispatching() {
            self.event.initialize(type_, bubbles, cancelable);
            self.details.replace(Details { key, old_value, new_value, url });
            let old = self.storage_area.replace(storage_area);
            drop(old);
        }
        Ok(())
    }
}
