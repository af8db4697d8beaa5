/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [MessageChannel](https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels) and
//! [MessagePort](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports).

use std::cell::RefCell;
use std::rc::Rc;

use sordino_script_bindings::structured_clone::{
    Deserialized, Serialized, deserialize_with_transfer, serialize,
};
use sordino_script_bindings::{
    Dom, DomExceptionName, DomObjectExt, DomRoot, Error, Fallible, JsObject, JsValue, Realm,
    Reflector, Transferable, dom_object,
};

use super::event_handlers::event_handlers;
use super::{EventTarget, MessageEvent, dispatch, fire};
use crate::bindings::{
    EventHandlerNonNull, MessageChannelMethods, MessagePortMethods, StructuredSerializeOptions,
};
use crate::message_ports::End;
use crate::page::Page;

/// Two ports that are entangled.
pub(crate) struct MessageChannel {
    reflector: Reflector,
    port1: Dom<MessagePort>,
    port2: Dom<MessagePort>,
}

dom_object!(MessageChannel, reflector, trace(port1, port2));

impl MessageChannelMethods for MessageChannel {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        let (one, two) = End::channel();
        let port1 = Dom::new(&MessagePort::create(realm, &one)?)?;
        let port2 = Dom::new(&MessagePort::create(realm, &two)?)?;
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new(), port1, port2 }))
    }

    fn port1(&self, _realm: &Realm) -> DomRoot<MessagePort> {
        self.port1.root()
    }

    fn port2(&self, _realm: &Realm) -> DomRoot<MessagePort> {
        self.port2.root()
    }
}

/// One of them.
pub(crate) struct MessagePort {
    event_target: EventTarget,
    /// Its end of the channel; none when it is detached.
    end: RefCell<Option<Rc<End>>>,
    /// The port at the other end, which lives as long as this one: it may yet hear from here.
    entangled: RefCell<Option<Dom<MessagePort>>>,
}

dom_object!(MessagePort: EventTarget, event_target, trace(entangled));

impl MessagePort {
    /// A port that has an end now. It is entangled with the port at the other end, if there is one.
    fn create(realm: &Realm, end: &Rc<End>) -> Fallible<DomRoot<Self>> {
        let other = end.other().and_then(|other| other.port());
        let port = Self {
            event_target: EventTarget::new(),
            end: RefCell::new(Some(end.clone())),
            entangled: RefCell::default(),
        };
        let port = DomRoot::new(realm, port);
        if let Some(other) = other {
            other.entangled.replace(Some(Dom::new(&port)?));
            port.entangled.replace(Some(Dom::new(&other)?));
        }
        end.set_port(Some(&port));
        let page = port.page();
        page.agent().message_ports().add(page.document_id(), end);
        Ok(port)
    }

    pub(crate) fn page(&self) -> Rc<Page> {
        Page::of(&self.realm())
    }

    /// Has no end any more, and is not entangled. Returns the end.
    fn detach(&self) -> Option<Rc<End>> {
        let end = self.end.take()?;
        let entangled = self.entangled.take();
        if let Some(other) = &entangled {
            let back = other.entangled.take();
            drop(back);
        }
        drop(entangled);
        end.set_port(None);
        Some(end)
    }

    /// The [close()](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messageport-close) steps. The
    /// other port hears of it after what was posted.
    pub(crate) fn close_end(&self) {
        let Some(end) = self.detach() else { return };
        let other = end.disentangle().and_then(|other| other.port());
        if let Some(other) = other {
            other.page().queue(move |_| {
                fire(&other.upcast(), "close");
            });
        }
    }

    /// The [message port post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps).
    fn post(&self, realm: &Realm, message: &JsValue, transfer: &[JsObject]) -> Fallible<()> {
        let own = self.root().wrapper()?;
        if transfer.contains(&own) {
            let reason = "a port cannot be transferred by itself";
            return Err(Error::dom(DomExceptionName::DataCloneError, reason));
        }
        let end = self.end.borrow().clone();
        let target = end.and_then(|end| end.other());
        let port = target.as_ref().and_then(|target| target.port());
        let message = serialize(realm, message, transfer)?;
        // A message that takes along the port that it is for is lost.
        let is_doomed = port.is_some() && target.as_ref().is_some_and(|it| it.port().is_none());
        if let Some(target) = target.filter(|_| !is_doomed) {
            target.push(message);
            if let Some(port) = port.filter(|_| target.is_enabled()) {
                port.queue_deliveries(1);
            }
        }
        Ok(())
    }

    /// Queues tasks for messages that wait.
    fn queue_deliveries(&self, count: usize) {
        for _ in 0..count {
            let port = self.root();
            self.page().queue(move |_| port.deliver());
        }
    }

    /// Delivers the next message, unless the port is closed or transferred by now.
    fn deliver(&self) {
        let end = self.end.borrow().clone();
        let Some(message) = end.and_then(|end| end.pop()) else { return };
        if let Err(error) = self.receive_message(message) {
            let realm = self.realm();
            self.page().report_exception(realm.exception_value(error));
        }
    }

    fn receive_message(&self, message: Serialized) -> Fallible<()> {
        let realm = self.realm();
        let origin = String::new();
        let event = match deserialize_with_transfer(&realm, message) {
            Ok(message) => MessageEvent::new_trusted(&realm, "message", &message, origin, None)?,
            Err(error) => {
                drop(realm.exception_value(error));
                let nothing = Deserialized { value: JsValue::null(), transferred: Vec::new() };
                MessageEvent::new_trusted(&realm, "messageerror", &nothing, origin, None)?
            }
        };
        dispatch(&self.root().upcast(), &event.upcast());
        Ok(())
    }

    fn enable(&self) {
        let end = self.end.borrow().clone();
        if let Some(end) = end {
            self.queue_deliveries(end.enable());
        }
    }
}

impl Transferable for MessagePort {
    type Data = End;

    fn is_detached(&self) -> bool {
        self.end.borrow().is_none()
    }

    /// <https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-steps>
    fn transfer(&self, _realm: &Realm) -> Fallible<Rc<End>> {
        self.detach().ok_or_else(|| {
            Error::dom(DomExceptionName::DataCloneError, "the port is detached already")
        })
    }

    /// <https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-receiving-steps>
    fn receive(realm: &Realm, data: Rc<End>) -> Fallible<DomRoot<Self>> {
        Self::create(realm, &data)
    }
}

impl MessagePortMethods for MessagePort {
    fn post_message(
        &self,
        realm: &Realm,
        message: JsValue,
        transfer: Vec<JsObject>,
    ) -> Fallible<()> {
        self.post(realm, &message, &transfer)
    }

    fn post_message_2(
        &self,
        realm: &Realm,
        message: JsValue,
        options: StructuredSerializeOptions,
    ) -> Fallible<()> {
        self.post(realm, &message, &options.transfer)
    }

    fn start(&self, _realm: &Realm) -> Fallible<()> {
        self.enable();
        Ok(())
    }

    fn close(&self, _realm: &Realm) -> Fallible<()> {
        self.close_end();
        Ok(())
    }

    fn onmessage(&self, _realm: &Realm) -> Option<Rc<EventHandlerNonNull>> {
        self.upcast::<EventTarget>().handler("message")
    }

    /// The first time that it is set, the port starts.
    fn set_onmessage(&self, _realm: &Realm, value: Option<Rc<EventHandlerNonNull>>) {
        self.upcast::<EventTarget>().set_handler("message", value);
        self.enable();
    }

    event_handlers! { EventHandlerNonNull:
        onmessageerror set_onmessageerror, onclose set_onclose,
    }
}
