/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior): what elements do when
//! they are clicked.

use sordino_script_bindings::DomRoot;

use super::{
    Event, EventTarget, HTMLAnchorElement, HTMLAreaElement, HTMLInputElement, HTMLLabelElement,
    MouseEvent, PreActivation, follow_hyperlink,
};

/// An element that has activation behavior.
enum Element {
    Input(DomRoot<HTMLInputElement>),
    Label(DomRoot<HTMLLabelElement>),
    Link(DomRoot<super::Element>),
}

impl Element {
    fn with_behavior(target: &DomRoot<EventTarget>) -> Option<Self> {
        if let Some(input) = target.downcast() {
            return Some(Self::Input(input));
        }
        if let Some(label) = target.downcast() {
            return Some(Self::Label(label));
        }
        let is_link = target.downcast::<HTMLAnchorElement>().is_some()
            || target.downcast::<HTMLAreaElement>().is_some();
        is_link.then(|| target.downcast()).flatten().map(Self::Link)
    }
}

/// What the dispatch of a click activates.
pub(super) struct Activation {
    element: Element,
    /// What the [legacy-pre-activation behavior](https://dom.spec.whatwg.org/#eventtarget-legacy-pre-activation-behavior)
    /// has changed.
    changed: Option<PreActivation>,
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
            _ if event.is_canceled() => {}
            (Element::Input(input), _) => input.activate(),
            (Element::Label(label), _) => label.activate(event),
            (Element::Link(link), _) => follow_hyperlink(&link),
        }
    }
}
