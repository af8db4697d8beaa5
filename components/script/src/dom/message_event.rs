/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [MessageEvent](https://html.spec.whatwg.org/multipage/comms.html#messageevent).

use std::cell::RefCell;

use sordino_script_bindings::structured_clone::Deserialized;
use sordino_script_bindings::{
    DomRoot, DomString, Error, Fallible, FrozenArray, JsObject, JsValue, Realm, WindowProxy,
    dom_object,
};

use super::Event;
use crate::bindings::{EventInit, MessageEventInit, MessageEventMethods};

/// A message.
pub(crate) struct MessageEvent {
    event: Event,
    data: RefCell<JsValue>,
    origin: RefCell<String>,
    last_event_id: RefCell<DomString>,
    source: RefCell<Option<WindowProxy>>,
    ports: RefCell<FrozenArray>,
}

dom_object!(MessageEvent: Event, event, trace(data, source, ports));

impl MessageEvent {
    /// The event of a message that was received.
    pub(crate) fn new_trusted(
        realm: &Realm,
        type_: &str,
        message: &Deserialized,
        origin: String,
        source: Option<WindowProxy>,
    ) -> Fallible<DomRoot<Self>> {
        let event = Event::new(type_.into(), &EventInit::default());
        event.set_trusted(true);
        let event = Self {
            event,
            data: RefCell::new(message.value.clone()),
            origin: RefCell::new(origin),
            last_event_id: RefCell::default(),
            source: RefCell::new(source),
            ports: RefCell::new(frozen_ports(realm, &[])?),
        };
        Ok(DomRoot::new(realm, event))
    }
}

/// The frozen array of a message's ports. There is no `MessagePort`, so nothing is one.
fn frozen_ports(realm: &Realm, ports: &[JsObject]) -> Fallible<FrozenArray> {
    if ports.is_empty() {
        FrozenArray::new(realm, Vec::<JsObject>::new())
    } else {
        Err(Error::type_error("a member of ports is not a MessagePort"))
    }
}

impl MessageEventMethods for MessageEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: MessageEventInit,
    ) -> Fallible<DomRoot<Self>> {
        let event = Self {
            event: Event::new(type_, &init.parent),
            data: RefCell::new(init.data),
            origin: RefCell::new(init.origin),
            last_event_id: RefCell::new(init.last_event_id),
            source: RefCell::new(init.source),
            ports: RefCell::new(frozen_ports(realm, &init.ports)?),
        };
        Ok(DomRoot::new(realm, event))
    }

    fn data(&self, _realm: &Realm) -> JsValue {
        self.data.borrow().clone()
    }

    fn origin(&self, _realm: &Realm) -> String {
        self.origin.borrow().clone()
    }

    fn last_event_id(&self, _realm: &Realm) -> DomString {
        self.last_event_id.borrow().clone()
    }

    fn source(&self, _realm: &Realm) -> Option<WindowProxy> {
        self.source.borrow().clone()
    }

    fn ports(&self, _realm: &Realm) -> FrozenArray {
        self.ports.borrow().clone()
    }

    /// <https://html.spec.whatwg.org/multipage/comms.html#dom-messageevent-initmessageevent>
    fn init_message_event(
        &self,
        realm: &Realm,
        type_: DomString,
        bubbles: bool,
        cancelable: bool,
        data: JsValue,
        origin: String,
        last_event_id: DomString,
        source: Option<WindowProxy>,
        ports: Vec<JsObject>,
    ) -> Fallible<()> {
        let ports = frozen_ports(realm, &ports)?;
        if self.event.is_dispatching() {
            return Ok(());
        }
        self.event.initialize(type_, bubbles, cancelable);
        let old = (self.data.replace(data), self.source.replace(source), self.ports.replace(ports));
        self.origin.replace(origin);
        self.last_event_id.replace(last_event_id);
        drop(old);
        Ok(())
    }
}
