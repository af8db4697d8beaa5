/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior): what elements do when
//! they are clicked.

use sordino_script_bindings::DomRoot;

use super::html_input_element::Changed;
use super::{Event, EventTarget, HTMLInputElement, HTMLLabelElement, MouseEvent};

/// An element that has activation behavior.
enum Element {
    Input(DomRoot<HTMLInputElement>),
    Label(DomRoot<HTMLLabelElement>),
}

impl Element {
    fn with_behavior(target: &DomRoot<EventTarget>) -> Option<Self> {
        let input = target.downcast().map(Self::Input);
        input.or_else(|| target.downcast().map(Self::Label))
    }
}

/// What the dispatch of a click activates.
pub(super) struct Activation {
    element: Element,
    /// What the [legacy-pre-activation behavior](https://dom.spec.whatwg.org/#eventtarget-legacy-pre-activation-behavior)
    /// has changed.
    changed: Option<Changed>,
}

impl Activation {
    /// The activation target of an event on this path, if there is one.
    pub(super) fn of_event(event: &DomRoot<Event>, path: &[DomRoot<EventTarget>]) -> Option<Self> {
        if !event.has_type("click") || event.downcast::<MouseEvent>().is_none() {
            return None;
        }
        let candidates = if event.is_bubbling() { path } else { path.get(..1)? };
        let element = candidates.iter().find_map(Element::with_behavior)?;
        Some(Self { element, changed: None })
    }

    /// Runs before the listeners.
    pub(super) fn prepare(&mut self) {
        if let Element::Input(input) = &self.element {
            self.changed = input.legacy_pre_activation();
        }
    }

    /// Runs after them.
    pub(super) fn finish(self, event: &DomRoot<Event>) {
        match (self.element, self.changed) {
            (Element::Input(input), Some(changed)) if event.is_canceled() => {
                input.legacy_canceled_activation(changed);
            }
            (Element::Input(input), _) if !event.is_canceled() => input.activate(),
            (Element::Label(label), _) if !event.is_canceled() => label.activate(event),
            _ => {}
        }
    }
}
