/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Event handlers](https://html.spec.whatwg.org/multipage/webappapis.html#event-handlers): the `on…`
//! attributes of objects and of elements.
//!
//! * this file: what a handler is, and how it is got, set and run.
//! * `content_attributes`: handlers that are written in HTML.
//! * `compile`: functions from their text.
//!
//! A handler goes by its name without `on`; that is its type of event, but for four old ones.

mod compile;
pub(super) mod content_attributes;

use std::rc::Rc;

use sordino_script_bindings::{
    DomObjectExt, DomRoot, Fallible, JsObject, JsValue, Realm, impl_trace,
};

use super::event_target::{Listener, Reaction};
use super::{ErrorEvent, Event, EventTarget, Node, Window};
use crate::bindings::{
    EventHandlerNonNull, EventOrDomString, OnBeforeUnloadEventHandlerNonNull,
    OnErrorEventHandlerNonNull,
};
use compile::Source;
use content_attributes::target_of;

/// Getters and setters of [event handler IDL attributes](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-idl-attributes)
/// with this type of callback. `DomObjectExt`, `EventTarget`, `Rc` and `Realm` must be imported.
macro_rules! event_handlers {
    ($type:ty: $($getter:ident $setter:ident),* $(,)?) => {
        $(
            fn $getter(&self, _realm: &Realm) -> Option<Rc<$type>> {
                self.upcast::<EventTarget>().handler(&stringify!($getter)[2..])
            }

            fn $setter(&self, _realm: &Realm, value: Option<Rc<$type>>) {
                self.upcast::<EventTarget>().set_handler(&stringify!($getter)[2..], value);
            }
        )*
    };
}
pub(super) use event_handlers;

/// The function or object that handles, by the type of its attribute.
#[derive(Clone)]
pub(crate) enum HandlerCallback {
    Any(Rc<EventHandlerNonNull>),
    Error(Rc<OnErrorEventHandlerNonNull>),
    BeforeUnload(Rc<OnBeforeUnloadEventHandlerNonNull>),
}

impl_trace!(
    enum HandlerCallback {
        Any,
        Error,
        BeforeUnload,
    }
);

impl HandlerCallback {
    /// A function that was compiled for the handler of this name.
    fn compiled(realm: &Realm, name: &str, function: JsObject) -> Fallible<Self> {
        let function = function.into_value();
        Ok(match name {
            "error" => Self::Error(Rc::new(OnErrorEventHandlerNonNull::from_js(realm, &function)?)),
            "beforeunload" => {
                let handler = OnBeforeUnloadEventHandlerNonNull::from_js(realm, &function)?;
                Self::BeforeUnload(Rc::new(handler))
            }
            _ => Self::Any(Rc::new(EventHandlerNonNull::from_js(realm, &function)?)),
        })
    }
}

/// A type of callback that event handler attributes have.
pub(crate) trait HandlerType: Sized {
    fn wrap(callback: Rc<Self>) -> HandlerCallback;
    /// The callback, if it is of this type.
    fn unwrap(callback: HandlerCallback) -> Option<Rc<Self>>;
}

macro_rules! handler_type {
    ($variant:ident, $type:ty) => {
        impl HandlerType for $type {
            fn wrap(callback: Rc<Self>) -> HandlerCallback {
                HandlerCallback::$variant(callback)
            }

            fn unwrap(callback: HandlerCallback) -> Option<Rc<Self>> {
                match callback {
                    HandlerCallback::$variant(callback) => Some(callback),
                    _ => None,
                }
            }
        }
    };
}
handler_type!(Any, EventHandlerNonNull);
handler_type!(Error, OnErrorEventHandlerNonNull);
handler_type!(BeforeUnload, OnBeforeUnloadEventHandlerNonNull);

/// The [value](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-value) of a handler
/// that has one.
enum Value {
    Callback(HandlerCallback),
    Uncompiled(Rc<Source>),
}

impl_trace!(
    enum Value {
        Callback,
        Uncompiled,
    }
);

/// An [event handler](https://html.spec.whatwg.org/multipage/webappapis.html#event-handlers), an entry of
/// its target's event handler map.
pub(super) struct Handler {
    name: &'static str,
    value: Option<Value>,
    /// The event listener that runs it, while it is active.
    listener: Option<Rc<Listener>>,
}

impl_trace!(Handler { value });

/// The [event handler event type](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-event-type).
fn event_type(name: &'static str) -> &'static str {
    match name {
        "webkitanimationend" => "webkitAnimationEnd",
        "webkitanimationiteration" => "webkitAnimationIteration",
        "webkitanimationstart" => "webkitAnimationStart",
        "webkittransitionend" => "webkitTransitionEnd",
        name => name,
    }
}

impl EventTarget {
    /// The getter of an event handler IDL attribute.
    pub(crate) fn handler<T: HandlerType>(&self, name: &'static str) -> Option<Rc<T>> {
        T::unwrap(target_of(&self.root(), name)?.current_handler(name)?)
    }

    /// The setter of an event handler IDL attribute.
    pub(crate) fn set_handler<T: HandlerType>(&self, name: &'static str, value: Option<Rc<T>>) {
        let Some(target) = target_of(&self.root(), name) else { return };
        match value {
            Some(callback) => target.activate_handler(name, Value::Callback(T::wrap(callback))),
            None => target.deactivate_handler(name),
        }
    }

    /// Whether the handler was ever set.
    fn knows_handler(&self, name: &str) -> bool {
        self.handlers.borrow().iter().any(|handler| handler.name == name)
    }

    /// Gives the handler a value and [activates](https://html.spec.whatwg.org/multipage/webappapis.html#activate-an-event-handler)
    /// it. Its listener keeps the place that it got when it was activated.
    fn activate_handler(&self, name: &'static str, value: Value) {
        let mut handlers = self.handlers.borrow_mut();
        let place = handlers.iter().position(|handler| handler.name == name);
        let place = place.unwrap_or_else(|| {
            handlers.push(Handler { name, value: None, listener: None });
            handlers.len() - 1
        });
        let handler = &mut handlers[place];
        let old = handler.value.replace(value);
        if handler.listener.is_none() {
            let listener = Listener::new(event_type(name).into(), Reaction::Handler(name));
            handler.listener = Some(self.append_listener(listener));
        }
        drop(handlers);
        drop(old);
    }

    /// [Deactivates](https://html.spec.whatwg.org/multipage/webappapis.html#deactivate-an-event-handler) the
    /// handler.
    fn deactivate_handler(&self, name: &str) {
        let mut handlers = self.handlers.borrow_mut();
        let Some(handler) = handlers.iter_mut().find(|handler| handler.name == name) else {
            return;
        };
        let (value, listener) = (handler.value.take(), handler.listener.take());
        drop(handlers);
        if let Some(listener) = listener {
            self.remove_listener(&listener);
        }
        drop(value);
    }

    fn set_handler_value(&self, name: &str, value: Option<Value>) {
        let mut handlers = self.handlers.borrow_mut();
        let Some(handler) = handlers.iter_mut().find(|handler| handler.name == name) else {
            return;
        };
        let old = std::mem::replace(&mut handler.value, value);
        drop(handlers);
        drop(old);
    }

    /// [Gets the current value of the event handler](https://html.spec.whatwg.org/multipage/webappapis.html#getting-the-current-value-of-the-event-handler).
    fn current_handler(&self, name: &'static str) -> Option<HandlerCallback> {
        let source = {
            let handlers = self.handlers.borrow();
            let handler = handlers.iter().find(|handler| handler.name == name)?;
            match handler.value.as_ref()? {
                Value::Callback(callback) => return Some(callback.clone()),
                Value::Uncompiled(source) => source.clone(),
            }
        };
        let node = self.root().downcast::<Node>();
        if node.is_some_and(|node| !node.tree().is_scripting_enabled(node.id())) {
            return None;
        }
        let realm = self.realm();
        let compiled = compile::compile(&self.root(), name, &source).and_then(|function| {
            HandlerCallback::compiled(&realm, name, function)
                .map_err(|error| realm.exception_value(error))
        });
        match compiled {
            Ok(callback) => {
                self.set_handler_value(name, Some(Value::Callback(callback.clone())));
                Some(callback)
            }
            Err(exception) => {
                self.set_handler_value(name, None);
                realm.report_exception(exception);
                None
            }
        }
    }
}

/// The [event handler processing algorithm](https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm).
/// What the handler throws is reported.
pub(super) fn process(
    target: &DomRoot<EventTarget>,
    name: &'static str,
    this: &JsValue,
    event: &DomRoot<Event>,
) {
    let returned = match target.current_handler(name) {
        None => return,
        // What a window's `onbeforeunload` returns is a string or null, which cancels a
        // BeforeUnloadEvent only. Nothing unloads here, so there are none.
        Some(HandlerCallback::BeforeUnload(handler)) => {
            handler.call_reporting(this, event);
            return;
        }
        Some(HandlerCallback::Any(handler)) => handler.call_reporting(this, event),
        Some(HandlerCallback::Error(handler)) => {
            let error = event.downcast::<ErrorEvent>();
            let is_special = event.has_type("error") && target.downcast::<Window>().is_some();
            if let (Some(error), true) = (error, is_special) {
                let returned = handler.call_reporting(
                    this,
                    &EventOrDomString::DomString(error.message_string()),
                    Some(&error.filename_string().into()),
                    Some(error.line()),
                    Some(error.column()),
                    Some(&error.error_value()),
                );
                if returned.as_ref().and_then(JsValue::as_bool) == Some(true) {
                    event.cancel();
                }
                return;
            }
            let event = EventOrDomString::Event(event.clone());
            handler.call_reporting(this, &event, None, None, None, None)
        }
    };
    if returned.as_ref().and_then(JsValue::as_bool) == Some(false) {
        event.cancel();
    }
}
