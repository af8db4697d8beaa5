/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [MessageEvent](https://html.spec.whatwg.org/multipage/comms.html#messageevent).

use std::cell::RefCell;

use sordino_script_bindings::structured_clone::Deserialized;
use sordino_script_bindings::{
    Dom, DomRoot, DomString, Fallible, FrozenArray, JsValue, Realm, WindowProxy, convert,
    dom_object, impl_trace,
};

use super::{Event, MessagePort};
use crate::bindings::{
    EventInit, MessageEventInit, MessageEventMethods,
    WindowProxyOrMessagePort as MessageEventSource,
};

/// Who sent a message.
enum Source {
    Window(WindowProxy),
    Port(Dom<MessagePort>),
}

impl_trace!(
    enum Source {
        Window,
        Port,
    }
);

/// A message.
pub(crate) struct MessageEvent {
    event: Event,
    data: RefCell<JsValue>,
    origin: RefCell<String>,
    last_event_id: RefCell<DomString>,
    source: RefCell<Option<Source>>,
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
        let transferred = message.transferred.iter();
        let is_port = |value: &&JsValue| convert::is_interface::<MessagePort>(realm, value);
        let ports: Vec<_> = transferred.filter(is_port).cloned().collect();
        let event = Self {
            event,
            data: RefCell::new(message.value.clone()),
            origin: RefCell::new(origin),
            last_event_id: RefCell::default(),
            source: RefCell::new(source.map(Source::Window)),
            ports: RefCell::new(FrozenArray::new(realm, ports)?),
        };
        Ok(DomRoot::new(realm, event))
    }
}

fn source_of(source: MessageEventSource) -> Fallible<Source> {
    Ok(match source {
        MessageEventSource::WindowProxy(window) => Source::Window(window),
        MessageEventSource::MessagePort(port) => Source::Port(Dom::new(&port)?),
    })
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
            source: RefCell::new(init.source.map(source_of).transpose()?),
            ports: RefCell::new(FrozenArray::new(realm, init.ports)?),
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

    fn source(&self, _realm: &Realm) -> Option<MessageEventSource> {
        self.source.borrow().as_ref().map(|source| match source {
            Source::Window(window) => MessageEventSource::WindowProxy(window.clone()),
            Source::Port(port) => MessageEventSource::MessagePort(port.root()),
        })
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
        source: Option<MessageEventSource>,
        ports: Vec<DomRoot<MessagePort>>,
    ) -> Fallible<()> {
        let ports = FrozenArray::new(realm, ports)?;
        let source = source.map(source_of).transpose()?;
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
