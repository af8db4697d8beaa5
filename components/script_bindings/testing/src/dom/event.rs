/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `Event` and `CustomEvent`.

use std::cell::RefCell;

use sordino_script_bindings::{
    Dom, DomObjectExt, DomRoot, DomString, Fallible, JsValue, Realm, Reflector, dom_object,
};

use super::EventTarget;
use crate::bindings::{CustomEventInit, CustomEventMethods, EventInit, EventMethods};

/// An event.
pub struct Event {
    reflector: Reflector,
    kind: DomString,
    bubbles: bool,
    target: RefCell<Option<Dom<EventTarget>>>,
}

dom_object!(Event, reflector, trace(target));

impl Event {
    /// For embedding in a derived event.
    pub fn new_inherited(kind: DomString, init: &EventInit) -> Self {
        Self {
            reflector: Reflector::new(),
            kind,
            bubbles: init.bubbles,
            target: RefCell::default(),
        }
    }

    /// Sets the target.
    pub fn set_target(&self, target: &EventTarget) -> Fallible<()> {
        *self.target.borrow_mut() = Some(Dom::new(&target.root())?);
        Ok(())
    }
}

impl EventMethods for Event {
    fn constructor(realm: &Realm, kind: DomString, init: EventInit) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::new_inherited(kind, &init)))
    }

    fn type_(&self, _realm: &Realm) -> DomString {
        self.kind.clone()
    }

    fn target(&self, _realm: &Realm) -> Option<DomRoot<EventTarget>> {
        self.target.borrow().as_ref().map(Dom::root)
    }

    fn is_trusted(&self, _realm: &Realm) -> bool {
        false
    }

    fn bubbles(&self, _realm: &Realm) -> bool {
        self.bubbles
    }
}

/// An event with data of the page.
pub struct CustomEvent {
    event: Event,
    detail: JsValue,
}

dom_object!(CustomEvent: Event, event, trace(detail));

impl CustomEventMethods for CustomEvent {
    fn constructor(
        realm: &Realm,
        kind: DomString,
        init: CustomEventInit,
    ) -> Fallible<DomRoot<Self>> {
        let event = Event::new_inherited(kind, &init.parent);
        let detail = init.detail;
        Ok(DomRoot::new(realm, Self { event, detail }))
    }

    fn detail(&self, _realm: &Realm) -> JsValue {
        self.detail.clone()
    }
}
