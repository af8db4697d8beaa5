/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `EventTarget`, without phases.

use std::cell::RefCell;
use std::rc::Rc;

use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, Fallible, Realm, Reflector, ToJs, dom_object, impl_trace,
};

use super::Event;
use crate::bindings::{
    AddEventListenerOptionsOrBoolean, EventListener, EventMethods, EventTargetMethods,
};

struct Listener {
    kind: DomString,
    callback: Rc<EventListener>,
    once: bool,
}

impl_trace!(Listener { callback });

/// Something that events can be sent to.
#[derive(Default)]
pub struct EventTarget {
    reflector: Reflector,
    listeners: RefCell<Vec<Listener>>,
}

dom_object!(EventTarget, reflector, trace(listeners));

impl EventTargetMethods for EventTarget {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::default()))
    }

    fn add_event_listener(
        &self,
        _realm: &Realm,
        kind: DomString,
        callback: Option<Rc<EventListener>>,
        options: AddEventListenerOptionsOrBoolean,
    ) -> Fallible<()> {
        let Some(callback) = callback else {
            return Ok(());
        };
        let once = match options {
            AddEventListenerOptionsOrBoolean::AddEventListenerOptions(options) => options.once,
            AddEventListenerOptionsOrBoolean::Boolean(_) => false,
        };
        self.listeners.borrow_mut().push(Listener { kind, callback, once });
        Ok(())
    }

    fn dispatch_event(&self, realm: &Realm, event: DomRoot<Event>) -> Fallible<bool> {
        event.set_target(self)?;
        let kind = event.type_(realm);
        let callbacks: Vec<_> = {
            let mut listeners = self.listeners.borrow_mut();
            let matching = listeners.iter().filter(|listener| listener.kind == kind);
            let callbacks = matching.map(|listener| Rc::clone(&listener.callback));
            let callbacks = callbacks.collect();
            listeners.retain(|listener| !(listener.once && listener.kind == kind));
            callbacks
        };
        let this = self.root().to_js(realm)?;
        for callback in callbacks {
            callback.handle_event_reporting(&this, &event);
        }
        Ok(true)
    }
}
