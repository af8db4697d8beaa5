/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [KeyboardEvent](https://w3c.github.io/uievents/#interface-keyboardevent).

use std::cell::{Cell, RefCell};

use sordino_script_bindings::{DomRoot, DomString, Fallible, Realm, dom_object};

use super::modifiers::Modifiers;
use super::{UIEvent, Window};
use crate::bindings::{KeyboardEventInit, KeyboardEventMethods};

/// A key was pressed or released.
pub(crate) struct KeyboardEvent {
    ui_event: UIEvent,
    key: RefCell<DomString>,
    code: RefCell<DomString>,
    location: Cell<u32>,
    modifiers: Cell<Modifiers>,
    repeat: Cell<bool>,
    is_composing: Cell<bool>,
    char_code: u32,
    key_code: u32,
}

dom_object!(KeyboardEvent: UIEvent, ui_event);

impl KeyboardEvent {
    pub(in crate::dom) fn new(type_: DomString, init: KeyboardEventInit) -> Self {
        Self {
            ui_event: UIEvent::new(type_, &init.parent.parent),
            key: RefCell::new(init.key),
            code: RefCell::new(init.code),
            location: Cell::new(init.location),
            modifiers: Cell::new(Modifiers::from_init(&init.parent)),
            repeat: Cell::new(init.repeat),
            is_composing: Cell::new(init.is_composing),
            char_code: init.char_code,
            key_code: init.key_code,
        }
    }
}

impl KeyboardEventMethods for KeyboardEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: KeyboardEventInit,
    ) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::new(type_, init)))
    }

    fn key(&self, _realm: &Realm) -> DomString {
        self.key.borrow().clone()
    }

    fn code(&self, _realm: &Realm) -> DomString {
        self.code.borrow().clone()
    }

    fn location(&self, _realm: &Realm) -> u32 {
        self.location.get()
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

    fn repeat(&self, _realm: &Realm) -> bool {
        self.repeat.get()
    }

    fn is_composing(&self, _realm: &Realm) -> bool {
        self.is_composing.get()
    }

    fn get_modifier_state(&self, _realm: &Realm, key: DomString) -> Fallible<bool> {
        Ok(key.as_str().is_some_and(|key| self.modifiers.get().has_key(key)))
    }

    fn char_code(&self, _realm: &Realm) -> u32 {
        self.char_code
    }

    fn key_code(&self, _realm: &Realm) -> u32 {
        self.key_code
    }

    /// <https://w3c.github.io/uievents/#dom-keyboardevent-initkeyboardevent>
    fn init_keyboard_event(
        &self,
        _realm: &Realm,
        type_: DomString,
        bubbles: bool,
        cancelable: bool,
        view: Option<DomRoot<Window>>,
        key: DomString,
        location: u32,
        ctrl_key: bool,
        alt_key: bool,
        shift_key: bool,
        meta_key: bool,
    ) -> Fallible<()> {
        if self.ui_event.initialize(type_, bubbles, cancelable, view.as_ref(), 0) {
            self.key.replace(key);
            self.code.replace(DomString::default());
            self.location.set(location);
            self.modifiers.set(Modifiers::of(&[
                (Modifiers::CONTROL, ctrl_key),
                (Modifiers::ALT, alt_key),
                (Modifiers::SHIFT, shift_key),
                (Modifiers::META, meta_key),
            ]));
            self.repeat.set(false);
            self.is_composing.set(false);
        }
        Ok(())
    }
}
