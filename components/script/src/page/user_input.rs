/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the user does with the page: clicks on the user's behalf, and [user activation](crate::user_activation).

use std::rc::Rc;

use sordino_script_bindings::{DerivedFrom, DomObject, DomObjectExt, DomRoot};
use sordino_traits::Timestamp;

use super::Page;
use crate::bindings::{MouseEventInit, PointerEventInit};
use crate::dom::{
    Element, Event, HTMLElement, HTMLIFrameElement, MouseEvent, PointerEvent, dispatch,
};
use crate::selector::first_match;

/// The mouse, as `pointerId`; there is one.
const MOUSE: i32 = 1;

/// The main button, as a bit of `buttons`.
const MAIN_BUTTON: u16 = 1;

impl Page {
    /// The [activation notification](https://html.spec.whatwg.org/multipage/interaction.html#activation-notification)
    /// steps: the user has done something with this page.
    pub(crate) fn activate(&self) {
        let now = Timestamp::now();
        self.activation.notify(now);
        let Some(context) = self.context() else { return };
        let ancestors = std::iter::successors(context.parent(), |context| context.parent());
        for page in ancestors.filter_map(|context| context.page()) {
            page.activation.notify(now);
        }
        let mut descendants = context.children();
        while let Some(context) = descendants.pop() {
            descendants.extend(context.children());
            if let Some(page) = context.page().filter(|page| page.origin() == self.origin()) {
                page.activation.notify(now);
            }
        }
    }

    /// Whether the window has [transient activation](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation).
    pub(crate) fn has_transient_activation(&self) -> bool {
        self.activation.is_transient(Timestamp::now())
    }

    /// Whether the window has [sticky activation](https://html.spec.whatwg.org/multipage/interaction.html#sticky-activation).
    pub(crate) fn has_sticky_activation(&self) -> bool {
        self.activation.is_sticky()
    }
}

impl Page {
    fn find(&self, selector: &str) -> Result<DomRoot<Element>, String> {
        let list = self.selectors().parse(selector)?;
        let found = first_match(self.tree(), self.document_node(), &list);
        let element = found.and_then(|id| self.node(id).downcast());
        element.ok_or_else(|| format!("no element matches '{selector}'"))
    }

    /// The page in the first frame that matches.
    pub(crate) fn frame(&self, selector: &str) -> Result<Rc<Self>, String> {
        let element = self.find(selector)?;
        let frame = element.downcast::<HTMLIFrameElement>();
        let context = frame.and_then(|frame| frame.context());
        context
            .and_then(|context| context.page())
            .ok_or_else(|| format!("{} is no frame", element.short_description()))
    }

    /// Clicks the first element that matches, on the user's behalf. Returns what it is.
    pub(crate) fn click(&self, selector: &str) -> Result<String, String> {
        let element = self.find(selector)?;
        match element.downcast::<HTMLElement>() {
            Some(html) => {
                click(self, &html);
                Ok(element.short_description())
            }
            None => Err(format!("{} has no click()", element.short_description())),
        }
    }
}

/// The user clicks an element with the mouse: the events are trusted. What a handler takes out of the
/// document is not under the mouse any more, and hears nothing further.
fn click(page: &Page, element: &DomRoot<HTMLElement>) {
    // https://html.spec.whatwg.org/multipage/interaction.html#activation-triggering-input-event
    page.activate();
    let mouse = Mouse { page, element };
    // A page that cancels this event wants no mouse events that stand for it:
    // https://w3c.github.io/pointerevents/#compatibility-mapping-with-mouse-events
    let wants_mouse_events = mouse.fire_pointer("pointerdown", MAIN_BUTTON);
    if wants_mouse_events {
        mouse.fire("mousedown", MAIN_BUTTON);
    }
    mouse.fire_pointer("pointerup", 0);
    if wants_mouse_events {
        mouse.fire("mouseup", 0);
    }
    if !element.is_disabled() {
        mouse.fire_click();
    }
}

/// The mouse over an element.
struct Mouse<'a> {
    page: &'a Page,
    element: &'a DomRoot<HTMLElement>,
}

impl Mouse<'_> {
    /// Returns whether nobody canceled the event.
    fn dispatch<T: DomObject + DerivedFrom<Event>>(&self, event: &DomRoot<T>) -> bool {
        let is_there = self.element.upcast::<Element>().is_connected_to_page();
        !is_there || dispatch(&self.element.upcast(), &event.upcast())
    }

    fn init(&self, detail: i32, buttons: u16) -> MouseEventInit {
        MouseEventInit { buttons, ..MouseEvent::user_init(Some(self.page.window()), detail) }
    }

    fn fire(&self, type_: &str, buttons: u16) {
        let event = MouseEvent::new_trusted(&self.element.realm(), type_, &self.init(1, buttons));
        self.dispatch(&event);
    }

    /// A [pointer event](https://w3c.github.io/pointerevents/#pointer-event-types) of the mouse.
    fn fire_pointer(&self, type_: &str, buttons: u16) -> bool {
        self.dispatch(&self.pointer_event(
            type_,
            PointerEventInit {
                parent: self.init(0, buttons),
                // Of devices that do not measure it, while a button is held.
                pressure: if buttons == 0 { 0.0 } else { 0.5 },
                is_primary: true,
                ..PointerEventInit::default()
            },
        ))
    }

    /// The [click](https://w3c.github.io/pointerevents/#the-click-auxclick-and-contextmenu-events), which has
    /// nothing else of a pointer event than whose it is.
    fn fire_click(&self) {
        let parent = self.init(1, 0);
        self.dispatch(
            &self.pointer_event("click", PointerEventInit { parent, ..Default::default() }),
        );
    }

    fn pointer_event(&self, type_: &str, init: PointerEventInit) -> DomRoot<PointerEvent> {
        let init = PointerEventInit { pointer_id: MOUSE, pointer_type: "mouse".into(), ..init };
        PointerEvent::new_trusted(&self.element.realm(), type_, init)
    }
}

#[cfg(test)]
mod tests;
