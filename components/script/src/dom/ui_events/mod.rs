/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [UIEvent](https://w3c.github.io/uievents/#interface-uievent) and what inherits from it.
//!
//! * this file: `UIEvent` itself.
//! * `mouse`, `pointer`, `keyboard`: the events of devices.
//! * `modifiers`: the modifier keys of these.

mod keyboard;
mod modifiers;
mod mouse;
mod pointer;

use std::cell::{Cell, RefCell};

use sordino_script_bindings::{Dom, DomRoot, DomString, Fallible, Realm, dom_object};

use super::{Event, Window};
use crate::bindings::{UIEventInit, UIEventMethods};
pub(crate) use keyboard::KeyboardEvent;
pub(crate) use mouse::MouseEvent;
pub(crate) use pointer::{PointerEvent, fire_synthetic};

/// An event of the user interface.
pub(crate) struct UIEvent {
    event: Event,
    view: RefCell<Option<Dom<Window>>>,
    detail: Cell<i32>,
    which: u32,
}

dom_object!(UIEvent: Event, event, trace(view));

/// A reference to a window, whose wrapper is always there.
fn reference(window: Option<&DomRoot<Window>>) -> Option<Dom<Window>> {
    window.and_then(|window| Dom::new(window).ok())
}

impl UIEvent {
    pub(super) fn new(type_: DomString, init: &UIEventInit) -> Self {
        Self {
            event: Event::new(type_, &init.parent),
            view: RefCell::new(reference(init.view.as_ref())),
            detail: Cell::new(init.detail),
            which: init.which,
        }
    }

    /// [Initializes](https://w3c.github.io/uievents/#initialize-a-uievent) the event again, unless it
    /// is being dispatched. Returns whether it did.
    fn initialize(
        &self,
        type_: DomString,
        bubbles: bool,
        cancelable: bool,
        view: Option<&DomRoot<Window>>,
        detail: i32,
    ) -> bool {
        if self.event.is_dispatching() {
            return false;
        }
        self.event.initialize(type_, bubbles, cancelable);
        let old = self.view.replace(reference(view));
        self.detail.set(detail);
        drop(old);
        true
    }
}

impl UIEventMethods for UIEvent {
    fn constructor(realm: &Realm, type_: DomString, init: UIEventInit) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::new(type_, &init)))
    }

    fn view(&self, _realm: &Realm) -> Option<DomRoot<Window>> {
        self.view.borrow().as_ref().map(Dom::root)
    }

    fn detail(&self, _realm: &Realm) -> i32 {
        self.detail.get()
    }

    fn which(&self, _realm: &Realm) -> u32 {
        self.which
    }

    /// <https://w3c.github.io/uievents/#dom-uievent-inituievent>
    fn init_ui_event(
        &self,
        _realm: &Realm,
        type_: DomString,
        bubbles: bool,
        cancelable: bool,
        view: Option<DomRoot<Window>>,
        detail: i32,
    ) -> Fallible<()> {
        self.initialize(type_, bubbles, cancelable, view.as_ref(), detail);
        Ok(())
    }
}
