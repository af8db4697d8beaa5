/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Event](https://dom.spec.whatwg.org/#interface-event) and
//! [CustomEvent](https://dom.spec.whatwg.org/#interface-customevent).

use std::cell::{Cell, RefCell};

use sordino_script_bindings::{
    Dom, DomObjectExt, DomRoot, DomString, Fallible, JsValue, Realm, Reflector, dom_object,
};
use sordino_traits::Timestamp;

use super::event_dispatch::phase;
use super::{EventTarget, Window};
use crate::bindings::{CustomEventInit, CustomEventMethods, EventInit, EventMethods};

#[derive(Clone, Copy, Default)]
struct Flags {
    bubbles: bool,
    cancelable: bool,
    composed: bool,
    trusted: bool,
    initialized: bool,
    dispatching: bool,
    propagation_stopped: bool,
    immediately_stopped: bool,
    canceled: bool,
    in_passive_listener: bool,
}

/// An event.
pub(crate) struct Event {
    reflector: Reflector,
    type_: RefCell<DomString>,
    flags: Cell<Flags>,
    phase: Cell<u16>,
    target: RefCell<Option<Dom<EventTarget>>>,
    current_target: RefCell<Option<Dom<EventTarget>>>,
    path: RefCell<Vec<Dom<EventTarget>>>,
    created: Timestamp,
}

dom_object!(Event, reflector, trace(target, current_target, path));

impl Event {
    pub(crate) fn new(type_: DomString, init: &EventInit) -> Self {
        let flags = Flags {
            bubbles: init.bubbles,
            cancelable: init.cancelable,
            composed: init.composed,
            initialized: true,
            ..Flags::default()
        };
        Self {
            reflector: Reflector::new(),
            type_: RefCell::new(type_),
            flags: Cell::new(flags),
            phase: Cell::new(phase::NONE),
            target: RefCell::default(),
            current_target: RefCell::default(),
            path: RefCell::default(),
            created: Timestamp::now(),
        }
    }

    /// An event that the engine makes.
    pub(crate) fn new_trusted(
        realm: &Realm,
        type_: &str,
        bubbles: bool,
        cancelable: bool,
    ) -> DomRoot<Self> {
        let init = EventInit { bubbles, cancelable, composed: false };
        let event = Self::new(type_.into(), &init);
        event.set_trusted(true);
        DomRoot::new(realm, event)
    }

    fn update(&self, change: impl FnOnce(&mut Flags)) {
        let mut flags = self.flags.get();
        change(&mut flags);
        self.flags.set(flags);
    }

    pub(crate) fn set_trusted(&self, trusted: bool) {
        self.update(|flags| flags.trusted = trusted);
    }

    pub(crate) fn is_initialized(&self) -> bool {
        self.flags.get().initialized
    }

    /// Unsets the initialized flag: the event has no type yet.
    pub(super) fn set_uninitialized(&self) {
        self.update(|flags| flags.initialized = false);
    }

    pub(crate) fn is_dispatching(&self) -> bool {
        self.flags.get().dispatching
    }

    pub(crate) fn set_dispatching(&self, dispatching: bool) {
        self.update(|flags| flags.dispatching = dispatching);
    }

    pub(crate) fn is_bubbling(&self) -> bool {
        self.flags.get().bubbles
    }

    pub(crate) fn is_canceled(&self) -> bool {
        self.flags.get().canceled
    }

    pub(crate) fn is_propagation_stopped(&self) -> bool {
        self.flags.get().propagation_stopped
    }

    pub(crate) fn is_immediately_stopped(&self) -> bool {
        self.flags.get().immediately_stopped
    }

    pub(crate) fn set_in_passive_listener(&self, passive: bool) {
        self.update(|flags| flags.in_passive_listener = passive);
    }

    /// Sets the [canceled flag](https://dom.spec.whatwg.org/#set-the-canceled-flag), if it may be.
    pub(crate) fn cancel(&self) {
        self.update(|flags| {
            flags.canceled |= flags.cancelable && !flags.in_passive_listener;
        });
    }

    pub(crate) fn has_type(&self, type_: &str) -> bool {
        self.type_.borrow().as_str() == Some(type_)
    }

    pub(crate) fn has_dom_type(&self, type_: &DomString) -> bool {
        *self.type_.borrow() == *type_
    }

    /// A target without a wrapper could not be seen by script; there is then none to be had.
    fn reference(target: Option<&DomRoot<EventTarget>>) -> Option<Dom<EventTarget>> {
        target.and_then(|target| Dom::new(target).ok())
    }

    pub(crate) fn set_target(&self, target: Option<&DomRoot<EventTarget>>) {
        *self.target.borrow_mut() = Self::reference(target);
    }

    pub(crate) fn set_current(&self, current: Option<&DomRoot<EventTarget>>, phase: u16) {
        self.phase.set(phase);
        *self.current_target.borrow_mut() = Self::reference(current);
    }

    pub(crate) fn set_path(&self, path: &[DomRoot<EventTarget>]) {
        *self.path.borrow_mut() =
            path.iter().filter_map(|target| Self::reference(Some(target))).collect();
    }

    /// The last steps of [dispatch](https://dom.spec.whatwg.org/#concept-event-dispatch).
    pub(crate) fn finish_dispatch(&self) {
        self.set_current(None, phase::NONE);
        self.path.borrow_mut().clear();
        self.update(|flags| {
            flags.dispatching = false;
            flags.propagation_stopped = false;
            flags.immediately_stopped = false;
        });
    }

    /// [Initializes](https://dom.spec.whatwg.org/#concept-event-initialize) the event again.
    pub(super) fn initialize(&self, type_: DomString, bubbles: bool, cancelable: bool) {
        *self.type_.borrow_mut() = type_;
        *self.target.borrow_mut() = None;
        self.update(|flags| {
            *flags = Flags {
                bubbles,
                cancelable,
                composed: flags.composed,
                initialized: true,
                ..Flags::default()
            };
        });
    }
}

impl EventMethods for Event {
    fn constructor(realm: &Realm, type_: DomString, init: EventInit) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::new(type_, &init)))
    }

    fn type_(&self, _realm: &Realm) -> DomString {
        self.type_.borrow().clone()
    }

    fn target(&self, _realm: &Realm) -> Option<DomRoot<EventTarget>> {
        self.target.borrow().as_ref().map(Dom::root)
    }

    fn src_element(&self, realm: &Realm) -> Option<DomRoot<EventTarget>> {
        self.target(realm)
    }

    fn current_target(&self, _realm: &Realm) -> Option<DomRoot<EventTarget>> {
        self.current_target.borrow().as_ref().map(Dom::root)
    }

    fn composed_path(&self, _realm: &Realm) -> Fallible<Vec<DomRoot<EventTarget>>> {
        Ok(self.path.borrow().iter().map(Dom::root).collect())
    }

    fn event_phase(&self, _realm: &Realm) -> u16 {
        self.phase.get()
    }

    fn stop_propagation(&self, _realm: &Realm) -> Fallible<()> {
        self.update(|flags| flags.propagation_stopped = true);
        Ok(())
    }

    fn cancel_bubble(&self, _realm: &Realm) -> bool {
        self.is_propagation_stopped()
    }

    fn set_cancel_bubble(&self, _realm: &Realm, value: bool) {
        self.update(|flags| flags.propagation_stopped |= value);
    }

    fn stop_immediate_propagation(&self, _realm: &Realm) -> Fallible<()> {
        self.update(|flags| {
            flags.propagation_stopped = true;
            flags.immediately_stopped = true;
        });
        Ok(())
    }

    fn bubbles(&self, _realm: &Realm) -> bool {
        self.flags.get().bubbles
    }

    fn cancelable(&self, _realm: &Realm) -> bool {
        self.flags.get().cancelable
    }

    fn return_value(&self, _realm: &Realm) -> bool {
        !self.is_canceled()
    }

    fn set_return_value(&self, _realm: &Realm, value: bool) {
        if !value {
            self.cancel();
        }
    }

    fn prevent_default(&self, _realm: &Realm) -> Fallible<()> {
        self.cancel();
        Ok(())
    }

    fn default_prevented(&self, _realm: &Realm) -> bool {
        self.is_canceled()
    }

    fn composed(&self, _realm: &Realm) -> bool {
        self.flags.get().composed
    }

    fn is_trusted(&self, _realm: &Realm) -> bool {
        self.flags.get().trusted
    }

    /// <https://dom.spec.whatwg.org/#dom-event-timestamp>
    fn time_stamp(&self, _realm: &Realm) -> f64 {
        let window = self.realm().global_object::<Window>();
        window.map_or(0.0, |window| window.clock().relative(self.created))
    }

    fn init_event(
        &self,
        _realm: &Realm,
        type_: DomString,
        bubbles: bool,
        cancelable: bool,
    ) -> Fallible<()> {
        if !self.is_dispatching() {
            self.initialize(type_, bubbles, cancelable);
        }
        Ok(())
    }
}

/// An event with data of the page.
pub(crate) struct CustomEvent {
    event: Event,
    detail: RefCell<JsValue>,
}

dom_object!(CustomEvent: Event, event, trace(detail));

impl CustomEventMethods for CustomEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: CustomEventInit,
    ) -> Fallible<DomRoot<Self>> {
        let event = Event::new(type_, &init.parent);
        Ok(DomRoot::new(realm, Self { event, detail: RefCell::new(init.detail) }))
    }

    fn detail(&self, _realm: &Realm) -> JsValue {
        self.detail.borrow().clone()
    }

    fn init_custom_event(
        &self,
        _realm: &Realm,
        type_: DomString,
        bubbles: bool,
        cancelable: bool,
        detail: JsValue,
    ) -> Fallible<()> {
        if !self.event.is_dispatching() {
            self.event.initialize(type_, bubbles, cancelable);
            *self.detail.borrow_mut() = detail;
        }
        Ok(())
    }
}
