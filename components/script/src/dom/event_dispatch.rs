/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Dispatching events](https://dom.spec.whatwg.org/#dispatching-events).

use sordino_script_bindings::{Dom, DomObjectExt, DomRoot, ToJs};

use super::activation::Activation;
use super::event_target::{Listener, Reaction};
use super::{Event, EventTarget, Node, Window, event_handlers};
use crate::bindings::WindowMethods;

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
    dispatch_with_override(target, target, event)
}

/// Dispatches to `target` an event whose `target` attribute is `shown`.
fn dispatch_with_override(
    target: &DomRoot<EventTarget>,
    shown: &DomRoot<EventTarget>,
    event: &DomRoot<Event>,
) -> bool {
    event.set_dispatching(true);
    event.set_target(Some(shown));
    let path = event_path(target, event);
    event.set_path(&path);
    let mut activation = Activation::of_event(event, &path);
    if let Some(activation) = &mut activation {
        activation.prepare();
    }
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
    if let Some(activation) = activation {
        activation.finish(event);
    }
    !event.is_canceled()
}

/// [Fires](https://dom.spec.whatwg.org/#concept-event-fire) a trusted event that does not bubble.
pub(crate) fn fire(target: &DomRoot<EventTarget>, type_: &str) -> bool {
    let event = Event::new_trusted(&target.realm(), type_, false, false);
    dispatch(target, &event)
}

/// Fires `load` at a window, with the legacy target override flag: the event's target is the document.
pub(crate) fn fire_load(window: &DomRoot<Window>) {
    let document = window.document(&window.realm());
    let event = Event::new_trusted(&window.realm(), "load", false, false);
    dispatch_with_override(&window.upcast(), &document.upcast(), &event);
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
    let page = node.page();
    if last.id() == page.document_node() && !event.has_type("load") {
        path.push(page.window().upcast());
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
        call(current, event, &listener);
        if event.is_immediately_stopped() {
            return;
        }
    }
}

/// The part of an [inner invoke](https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke) that
/// runs one listener.
fn call(current: &DomRoot<EventTarget>, event: &DomRoot<Event>, listener: &Listener) {
    // Without a wrapper there is no memory left; the exception would have none either.
    let Ok(this) = current.to_js(&current.realm()) else { return };
    let realm = match &listener.reaction {
        Reaction::Callback(callback) => callback.callback().realm().clone(),
        Reaction::Handler(_) => current.realm(),
    };
    let window = realm.global_object::<Window>();
    let outer = window.as_ref().map(|window| window.set_current_event(Dom::new(event).ok()));
    event.set_in_passive_listener(listener.passive);
    match &listener.reaction {
        Reaction::Callback(callback) => {
            callback.handle_event_reporting(&this, event);
        }
        Reaction::Handler(name) => event_handlers::process(current, name, &this, event),
    }
    event.set_in_passive_listener(false);
    if let (Some(window), Some(outer)) = (window, outer) {
        drop(window.set_current_event(outer));
    }
}
