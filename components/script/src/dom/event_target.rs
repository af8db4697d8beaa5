/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [EventTarget](https://dom.spec.whatwg.org/#interface-eventtarget) and event handler attributes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, Reflector,
    dom_object, impl_trace,
};

use super::{Event, event_dispatch};
use crate::bindings::{
    AddEventListenerOptions, AddEventListenerOptionsOrBoolean, EventHandlerNonNull, EventListener,
    EventListenerOptions, EventListenerOptionsOrBoolean, EventTargetMethods,
    OnErrorEventHandlerNonNull,
};

/// An [event listener](https://dom.spec.whatwg.org/#concept-event-listener), or the one that stands
/// for an event handler attribute.
pub(crate) struct Listener {
    pub(crate) type_: DomString,
    pub(crate) callback: Option<Rc<EventListener>>,
    pub(crate) handler: RefCell<Option<Rc<EventHandlerNonNull>>>,
    pub(crate) error_handler: RefCell<Option<Rc<OnErrorEventHandlerNonNull>>>,
    pub(crate) capture: bool,
    pub(crate) once: bool,
    pub(crate) passive: bool,
    pub(crate) removed: Cell<bool>,
}

impl_trace!(Listener { callback, handler, error_handler });

impl Listener {
    fn for_handler(type_: &str) -> Self {
        Self {
            type_: type_.into(),
            callback: None,
            handler: RefCell::default(),
            error_handler: RefCell::default(),
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
}

dom_object!(EventTarget, reflector, trace(listeners));

impl EventTarget {
    pub(crate) fn new() -> Self {
        Self { reflector: Reflector::new(), listeners: RefCell::default() }
    }

    /// The listeners as they are now; those that are removed meanwhile say so.
    pub(crate) fn listeners(&self) -> Vec<Rc<Listener>> {
        self.listeners.borrow().clone()
    }

    /// [Removes an event listener](https://dom.spec.whatwg.org/#remove-an-event-listener).
    pub(crate) fn remove_listener(&self, listener: &Rc<Listener>) {
        listener.removed.set(true);
        self.listeners.borrow_mut().retain(|other| !Rc::ptr_eq(other, listener));
    }

    /// Forgets all listeners; the document is discarded.
    pub(crate) fn clear_listeners(&self) {
        let listeners = std::mem::take(&mut *self.listeners.borrow_mut());
        drop(listeners);
    }

    fn handler_listener(&self, type_: &str) -> Option<Rc<Listener>> {
        self.listeners
            .borrow()
            .iter()
            .find(|it| it.callback.is_none() && it.type_ == *type_)
            .cloned()
    }

    /// The getter of an event handler attribute.
    pub(crate) fn handler(&self, type_: &str) -> Option<Rc<EventHandlerNonNull>> {
        self.handler_listener(type_)?.handler.borrow().clone()
    }

    /// The setter of an event handler attribute. The listener keeps the place that it got when the
    /// attribute was first set.
    pub(crate) fn set_handler(&self, type_: &str, handler: Option<Rc<EventHandlerNonNull>>) {
        self.with_handler_listener(type_, handler.is_some(), |listener| {
            *listener.handler.borrow_mut() = handler;
        });
    }

    /// The getter of `onerror` of a window.
    pub(crate) fn error_handler(&self) -> Option<Rc<OnErrorEventHandlerNonNull>> {
        self.handler_listener("error")?.error_handler.borrow().clone()
    }

    /// The setter of `onerror` of a window.
    pub(crate) fn set_error_handler(&self, handler: Option<Rc<OnErrorEventHandlerNonNull>>) {
        self.with_handler_listener("error", handler.is_some(), |listener| {
            *listener.error_handler.borrow_mut() = handler;
        });
    }

    /// [Activates or deactivates an event handler](https://html.spec.whatwg.org/multipage/webappapis.html#activate-an-event-handler).
    fn with_handler_listener(&self, type_: &str, wanted: bool, set: impl FnOnce(&Listener)) {
        match self.handler_listener(type_) {
            Some(listener) if wanted => set(&listener),
            Some(listener) => self.remove_listener(&listener),
            None if wanted => {
                let listener = Listener::for_handler(type_);
                set(&listener);
                self.listeners.borrow_mut().push(Rc::new(listener));
            }
            None => {}
        }
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
                    && it.callback.as_deref() == Some(callback)
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
            let listener = Rc::new(Listener {
                type_,
                callback: Some(callback),
                handler: RefCell::default(),
                error_handler: RefCell::default(),
                capture: parent.capture,
                once,
                passive: passive.unwrap_or(false),
                removed: Cell::new(false),
            });
            if let Some(signal) = signal {
                signal.removes(&self.root(), &listener);
            }
            self.listeners.borrow_mut().push(listener);
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
