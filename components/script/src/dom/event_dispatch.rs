/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Dispatching events](https://dom.spec.whatwg.org/#dispatching-events).

use std::rc::Rc;

use sordino_script_bindings::{DomObjectExt, DomRoot, JsValue, ToJs};

use super::event_target::Listener;
use super::{Document, ErrorEvent, Event, EventTarget, Node};
use crate::bindings::EventOrDomString;

/// The phases of a dispatch, as `eventPhase` has them.
pub(crate) mod phase {
    pub(crate) const NONE: u16 = 0;
    pub(crate) const CAPTURING: u16 = 1;
    pub(crate) const AT_TARGET: u16 = 2;
    pub(crate) const BUBBLING: u16 = 3;
}

/// [Dispatches](https://dom.spec.whatwg.org/#concept-event-dispatch) an event. Returns whether
/// nobody canceled it.
pub(crate) fn dispatch(target: &DomRoot<EventTarget>, event: &DomRoot<Event>) -> bool {
    event.set_dispatching(true);
    event.set_target(Some(target));
    let path = event_path(target, event);
    event.set_path(&path);
    for (index, current) in path.iter().enumerate().rev() {
        let phase = if index == 0 { phase::AT_TARGET } else { phase::CAPTURING };
        invoke(current, event, phase, true);
    }
    for (index, current) in path.iter().enumerate() {
        if index == 0 {
            invoke(current, event, phase::AT_TARGET, false);
        } else if event.is_bubbling() {
            invoke(current, event, phase::BUBBLING, false);
        }
    }
    event.finish_dispatch();
    !event.is_canceled()
}

/// [Fires](https://dom.spec.whatwg.org/#concept-event-fire) a trusted event that does not bubble.
pub(crate) fn fire(target: &DomRoot<EventTarget>, type_: &str) -> bool {
    let event = Event::new_trusted(&target.realm(), type_, false, false);
    dispatch(target, &event)
}

/// The target and its [parents](https://dom.spec.whatwg.org/#get-the-parent), innermost first.
fn event_path(target: &DomRoot<EventTarget>, event: &Event) -> Vec<DomRoot<EventTarget>> {
    let mut path = vec![target.clone()];
    let Some(node) = target.downcast::<Node>() else { return path };
    let mut last = node.clone();
    while let Some(parent) = last.parent() {
        path.push(parent.upcast());
        last = parent;
    }
    if last.downcast::<Document>().is_some() && !event.has_type("load") {
        path.push(node.page().window().upcast());
    }
    path
}

/// [Invokes](https://dom.spec.whatwg.org/#concept-event-listener-invoke) the listeners of one
/// target.
fn invoke(current: &DomRoot<EventTarget>, event: &DomRoot<Event>, phase: u16, capturing: bool) {
    if event.is_propagation_stopped() {
        return;
    }
    event.set_current(Some(current), phase);
    for listener in current.listeners() {
        if listener.removed.get()
            || listener.capture != capturing
            || !event.has_dom_type(&listener.type_)
        {
            continue;
        }
        if listener.once {
            current.remove_listener(&listener);
        }
        event.set_in_passive_listener(listener.passive);
        call(current, event, &listener);
        event.set_in_passive_listener(false);
        if event.is_immediately_stopped() {
            return;
        }
    }
}

fn call(current: &DomRoot<EventTarget>, event: &DomRoot<Event>, listener: &Rc<Listener>) {
    // Without a wrapper there is no memory left; the exception would have none either.
    let Ok(this) = current.to_js(&current.realm()) else { return };
    if let Some(callback) = &listener.callback {
        callback.handle_event_reporting(&this, event);
        return;
    }
    // https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm
    let handler = listener.error_handler.borrow().clone();
    if let Some(handler) = handler {
        let error = event.downcast::<ErrorEvent>();
        // An exception is handled by `true`; any other event is canceled by `false`.
        let canceling = error.is_some();
        let returned = match error {
            Some(error) => handler.call_reporting(
                &this,
                &EventOrDomString::DomString(error.message_string()),
                Some(&error.filename_string().into()),
                Some(error.line()),
                Some(error.column()),
                Some(&error.error_value()),
            ),
            None => {
                let event = EventOrDomString::Event(event.clone());
                handler.call_reporting(&this, &event, None, None, None, None)
            }
        };
        if returned.as_ref().and_then(JsValue::as_bool) == Some(canceling) {
            event.cancel();
        }
        return;
    }
    let handler = listener.handler.borrow().clone();
    if let Some(handler) = handler {
        let returned = handler.call_reporting(&this, event);
        if returned.as_ref().and_then(JsValue::as_bool) == Some(false) {
            event.cancel();
        }
    }
}
