/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The events of navigation:
//! [PageTransitionEvent](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-pagetransitionevent-interface) and
//! [HashChangeEvent](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-hashchangeevent-interface).

use sordino_script_bindings::{DomRoot, DomString, Fallible, Realm, dom_object};
use url::Url;

use super::Event;
use crate::bindings::{
    EventInit, HashChangeEventInit, HashChangeEventMethods, PageTransitionEventInit,
    PageTransitionEventMethods,
};

/// What a window hears when its document is shown, and when it is left.
pub(crate) struct PageTransitionEvent {
    event: Event,
    persisted: bool,
}

dom_object!(PageTransitionEvent: Event, event);

impl PageTransitionEvent {
    /// The [event of a page transition](https://html.spec.whatwg.org/multipage/nav-history-apis.html#fire-a-page-transition-event).
    /// No document is ever shown again.
    pub(crate) fn new_trusted(realm: &Realm, type_: &str) -> DomRoot<Self> {
        let init = EventInit { bubbles: true, cancelable: true, composed: false };
        let event = Event::new(type_.into(), &init);
        event.set_trusted(true);
        DomRoot::new(realm, Self { event, persisted: false })
    }
}

impl PageTransitionEventMethods for PageTransitionEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: PageTransitionEventInit,
    ) -> Fallible<DomRoot<Self>> {
        let event = Event::new(type_, &init.parent);
        Ok(DomRoot::new(realm, Self { event, persisted: init.persisted }))
    }

    fn persisted(&self, _realm: &Realm) -> bool {
        self.persisted
    }
}

/// What a window hears when its document's URL gets another fragment.
pub(crate) struct HashChangeEvent {
    event: Event,
    old_url: String,
    new_url: String,
}

dom_object!(HashChangeEvent: Event, event);

impl HashChangeEvent {
    pub(crate) fn new_trusted(realm: &Realm, old: &Url, new: &Url) -> DomRoot<Self> {
        let event = Event::new("hashchange".into(), &EventInit::default());
        event.set_trusted(true);
        let (old_url, new_url) = (old.to_string(), new.to_string());
        DomRoot::new(realm, Self { event, old_url, new_url })
    }
}

impl HashChangeEventMethods for HashChangeEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: HashChangeEventInit,
    ) -> Fallible<DomRoot<Self>> {
        let event = Event::new(type_, &init.parent);
        let HashChangeEventInit { old_url, new_url, .. } = init;
        Ok(DomRoot::new(realm, Self { event, old_url, new_url }))
    }

    fn old_url(&self, _realm: &Realm) -> String {
        self.old_url.clone()
    }

    fn new_url(&self, _realm: &Realm) -> String {
        self.new_url.clone()
    }
}
