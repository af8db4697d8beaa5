/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [MouseEvent](https://w3c.github.io/pointerevents/#interface-mouseevent).

use std::cell::{Cell, RefCell};

use sordino_script_bindings::{Dom, DomObjectExt, DomRoot, DomString, Fallible, Realm, dom_object};

use super::modifiers::Modifiers;
use super::{UIEvent, Window};
use crate::bindings::{
    EventInit, EventModifierInit, MouseEventInit, MouseEventMethods, UIEventInit,
};
use crate::dom::{Event, EventTarget};

/// Something happened with a mouse.
pub(crate) struct MouseEvent {
    ui_event: UIEvent,
    screen: Cell<(i32, i32)>,
    client: Cell<(i32, i32)>,
    modifiers: Cell<Modifiers>,
    button: Cell<i16>,
    buttons: Cell<u16>,
    related_target: RefCell<Option<Dom<EventTarget>>>,
}

dom_object!(MouseEvent: UIEvent, ui_event, trace(related_target));

fn reference(target: Option<&DomRoot<EventTarget>>) -> Option<Dom<EventTarget>> {
    target.and_then(|target| Dom::new(target).ok())
}

impl MouseEvent {
    pub(in crate::dom) fn new(type_: DomString, init: &MouseEventInit) -> Self {
        Self {
            ui_event: UIEvent::new(type_, &init.parent.parent),
            screen: Cell::new((init.screen_x, init.screen_y)),
            client: Cell::new((init.client_x, init.client_y)),
            modifiers: Cell::new(Modifiers::from_init(&init.parent)),
            button: Cell::new(init.button),
            buttons: Cell::new(init.buttons),
            related_target: RefCell::new(reference(init.related_target.as_ref())),
        }
    }

    /// What all events have that a pointer of the user makes.
    pub(crate) fn user_init(view: Option<DomRoot<Window>>, detail: i32) -> MouseEventInit {
        let event = EventInit { bubbles: true, cancelable: true, composed: true };
        let ui_event = UIEventInit { parent: event, view, detail, ..UIEventInit::default() };
        let modifiers = EventModifierInit { parent: ui_event, ..EventModifierInit::default() };
        MouseEventInit { parent: modifiers, ..MouseEventInit::default() }
    }

    /// An event that the engine makes.
    pub(crate) fn new_trusted(realm: &Realm, type_: &str, init: &MouseEventInit) -> DomRoot<Self> {
        let event = Self::new(type_.into(), init);
        event.upcast::<Event>().set_trusted(true);
        DomRoot::new(realm, event)
    }
}

impl MouseEventMethods for MouseEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: MouseEventInit,
    ) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::new(type_, &init)))
    }

    fn screen_x(&self, _realm: &Realm) -> i32 {
        self.screen.get().0
    }

    fn screen_y(&self, _realm: &Realm) -> i32 {
        self.screen.get().1
    }

    fn client_x(&self, _realm: &Realm) -> i32 {
        self.client.get().0
    }

    fn client_y(&self, _realm: &Realm) -> i32 {
        self.client.get().1
    }

    fn page_x(&self, realm: &Realm) -> f64 {
        self.x(realm)
    }

    fn page_y(&self, realm: &Realm) -> f64 {
        self.y(realm)
    }

    fn x(&self, _realm: &Realm) -> f64 {
        self.client.get().0.into()
    }

    fn y(&self, _realm: &Realm) -> f64 {
        self.client.get().1.into()
    }

    fn ctrl_key(&self, _realm: &Realm) -> bool {
        self.modifiers.get().has(Modifiers::CONTROL)
    }

    fn shift_key(&self, _realm: &Realm) -> bool {
        self.modifiers.get().has(Modifiers::SHIFT)
    }

    fn alt_key(&self, _realm: &Realm) -> bool {
        self.modifiers.get().has(Modifiers::ALT)
    }

    fn meta_key(&self, _realm: &Realm) -> bool {
        self.modifiers.get().has(Modifiers::META)
    }

    fn button(&self, _realm: &Realm) -> i16 {
        self.button.get()
    }

    fn buttons(&self, _realm: &Realm) -> u16 {
        self.buttons.get()
    }

    fn related_target(&self, _realm: &Realm) -> Option<DomRoot<EventTarget>> {
        self.related_target.borrow().as_ref().map(Dom::root)
    }

    fn get_modifier_state(&self, _realm: &Realm, key: DomString) -> Fallible<bool> {
        Ok(key.as_str().is_some_and(|key| self.modifiers.get().has_key(key)))
    }

    /// <https://w3c.github.io/pointerevents/#dom-mouseevent-initmouseevent>
    fn init_mouse_event(
        &self,
        _realm: &Realm,
        type_: DomString,
        bubbles: bool,
        cancelable: bool,
        view: Option<DomRoot<Window>>,
        detail: i32,
        screen_x: i32,
        screen_y: i32,
        client_x: i32,
        client_y: i32,
        ctrl_key: bool,
        alt_key: bool,
        shift_key: bool,
        meta_key: bool,
        button: i16,
        related_target: Option<DomRoot<EventTarget>>,
    ) -> Fallible<()> {
        if self.ui_event.initialize(type_, bubbles, cancelable, view.as_ref(), detail) {
            self.screen.set((screen_x, screen_y));
            self.client.set((client_x, client_y));
            self.modifiers.set(Modifiers::of(&[
                (Modifiers::CONTROL, ctrl_key),
                (Modifiers::ALT, alt_key),
                (Modifiers::SHIFT, shift_key),
                (Modifiers::META, meta_key),
            ]));
            self.button.set(button);
            self.buttons.set(0);
            let old = self.related_target.replace(reference(related_target.as_ref()));
            drop(old);
        }
        Ok(())
    }
}
