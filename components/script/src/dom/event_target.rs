/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [EventTarget](https://dom.spec.whatwg.org/#interface-eventtarget).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, Reflector,
    dom_object, impl_trace,
};

use super::event_handlers::Handler;
use super::{Event, Node, Window, event_dispatch};
use crate::bindings::{
    AddEventListenerOptions, AddEventListenerOptionsOrBoolean, DocumentMethods, EventListener,
    EventListenerOptions, EventListenerOptionsOrBoolean, EventTargetMethods,
};

/// What an event listener does.
pub(crate) enum Reaction {
    /// Calls back what script gave.
    Callback(Rc<EventListener>),
    /// Runs the event handler of this name.
    Handler(&'static str),
}

impl_trace!(
    enum Reaction {
        Callback,
        Handler,
    }
);

/// An [event listener](https://dom.spec.whatwg.org/#concept-event-listener).
pub(crate) struct Listener {
    pub(crate) type_: DomString,
    pub(crate) reaction: Reaction,
    pub(crate) capture: bool,
    pub(crate) once: bool,
    pub(crate) passive: bool,
    pub(crate) removed: Cell<bool>,
}

impl_trace!(Listener { reaction });

impl Listener {
    /// A listener without any option.
    pub(super) fn new(type_: DomString, reaction: Reaction) -> Self {
        Self {
            type_,
            reaction,
            capture: false,
            once: false,
            passive: false,
            removed: Cell::new(false),
        }
    }
}

/// Something that events are dispatched to.
pub(crate) struct EventTarget {
    reflector: Reflector,
    listeners: RefCell<Vec<Rc<Listener>>>,
    /// The [event handler map](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-map).
    pub(super) handlers: RefCell<Vec<Handler>>,
}

dom_object!(EventTarget, reflector, trace(listeners, handlers));

impl EventTarget {
    pub(crate) fn new() -> Self {
        Self {
            reflector: Reflector::new(),
            listeners: RefCell::default(),
            handlers: RefCell::default(),
        }
    }

    /// The listeners as they are now; those that are removed meanwhile say so.
    pub(crate) fn listeners(&self) -> Vec<Rc<Listener>> {
        self.listeners.borrow().clone()
    }

    pub(super) fn append_listener(&self, listener: Listener) -> Rc<Listener> {
        let listener = Rc::new(listener);
        self.listeners.borrow_mut().push(listener.clone());
        listener
    }

    /// [Removes an event listener](https://dom.spec.whatwg.org/#remove-an-event-listener).
    pub(crate) fn remove_listener(&self, listener: &Rc<Listener>) {
        listener.removed.set(true);
        self.listeners.borrow_mut().retain(|other| !Rc::ptr_eq(other, listener));
    }

    /// Forgets all listeners and event handlers; the document is discarded.
    pub(crate) fn clear_listeners(&self) {
        let listeners = std::mem::take(&mut *self.listeners.borrow_mut());
        let handlers = std::mem::take(&mut *self.handlers.borrow_mut());
        drop((listeners, handlers));
    }

    /// The [default passive value](https://dom.spec.whatwg.org/#default-passive-value) of a listener.
    fn default_passive(&self, type_: &DomString) -> bool {
        let is_scrolling =
            matches!(type_.as_str(), Some("touchstart" | "touchmove" | "wheel" | "mousewheel"));
        if !is_scrolling {
            return false;
        }
        let target = self.root();
        if target.downcast::<Window>().is_some() {
            return true;
        }
        let Some(node) = target.downcast::<Node>() else { return false };
        let document = node.page().document();
        let realm = document.realm();
        let is = |other: Option<DomRoot<Node>>| other.is_some_and(|other| other == node);
        is(Some(document.upcast()))
            || is(document.document_element(&realm).map(|root| root.upcast()))
            || is(document.body(&realm).map(|body| body.upcast()))
    }

    fn find(
        &self,
        type_: &DomString,
        callback: &EventListener,
        capture: bool,
    ) -> Option<Rc<Listener>> {
        self.listeners
            .borrow()
            .iter()
            .find(|it| {
                it.type_ == *type_
                    && it.capture == capture
                    && matches!(&it.reaction, Reaction::Callback(own) if **own == *callback)
            })
            .cloned()
    }
}

impl EventTargetMethods for EventTarget {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::new()))
    }

    /// <https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener>
    fn add_event_listener(
        &self,
        _realm: &Realm,
        type_: DomString,
        callback: Option<Rc<EventListener>>,
        options: AddEventListenerOptionsOrBoolean,
    ) -> Fallible<()> {
        let options = match options {
            AddEventListenerOptionsOrBoolean::AddEventListenerOptions(options) => options,
            AddEventListenerOptionsOrBoolean::Boolean(capture) => AddEventListenerOptions {
                parent: EventListenerOptions { capture },
                ..Default::default()
            },
        };
        let AddEventListenerOptions { parent, passive, once, signal } = options;
        let is_aborted = signal.as_ref().is_some_and(|signal| signal.is_aborted());
        let Some(callback) = callback.filter(|_| !is_aborted) else { return Ok(()) };
        if self.find(&type_, &callback, parent.capture).is_none() {
            let passive = passive.unwrap_or_else(|| self.default_passive(&type_));
            let listener = self.append_listener(Listener {
                capture: parent.capture,
                once,
                passive,
                ..Listener::new(type_, Reaction::Callback(callback))
            });
            if let Some(signal) = signal {
                signal.removes(&self.root(), &listener);
            }
        }
        Ok(())
    }

    /// <https://dom.spec.whatwg.org/#dom-eventtarget-removeeventlistener>
    fn remove_event_listener(
        &self,
        _realm: &Realm,
        type_: DomString,
        callback: Option<Rc<EventListener>>,
        options: EventListenerOptionsOrBoolean,
    ) -> Fallible<()> {
        let capture = match options {
            EventListenerOptionsOrBoolean::EventListenerOptions(options) => options.capture,
            EventListenerOptionsOrBoolean::Boolean(capture) => capture,
        };
        if let Some(callback) = callback
            && let Some(listener) = self.find(&type_, &callback, capture)
        {
            self.remove_listener(&listener);
        }
        Ok(())
    }

    /// <https://dom.spec.whatwg.org/#dom-eventtarget-dispatchevent>
    fn dispatch_event(&self, _realm: &Realm, event: DomRoot<Event>) -> Fallible<bool> {
        if event.is_dispatching() || !event.is_initialized() {
            let reason = "the event is being dispatched already, or has no type";
            return Err(Error::dom(DomExceptionName::InvalidStateError, reason));
        }
        event.set_trusted(false);
        Ok(event_dispatch::dispatch(&self.root(), &event))
    }
}
