/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLElement](https://html.spec.whatwg.org/multipage/dom.html#htmlelement) and elements with
//! little of their own.

use std::rc::Rc;

use sordino_script_bindings::{DomObjectExt, DomString, Fallible, Realm, dom_object};

use super::{Element, Event, EventTarget, event_dispatch};
use crate::bindings::{
    EventHandlerNonNull, HTMLElementMethods, HTMLScriptElementMethods, HTMLUnknownElementMethods,
};
use crate::tree::NodeRef;

/// An HTML element.
pub(crate) struct HTMLElement {
    element: Element,
}

dom_object!(HTMLElement: Element, element);

impl HTMLElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { element: Element::new(node) }
    }

    /// [Fires a synthetic pointer event](https://html.spec.whatwg.org/multipage/webappapis.html#fire-a-synthetic-pointer-event)
    /// named `click`.
    pub(crate) fn fire_click(&self, trusted: bool) {
        let event = Event::new_trusted(&self.realm(), "click", true, true);
        event.set_trusted(trusted);
        event_dispatch::dispatch(&self.root().upcast(), &event);
    }
}

impl HTMLElementMethods for HTMLElement {
    /// <https://html.spec.whatwg.org/multipage/interaction.html#dom-click>
    fn click(&self, _realm: &Realm) -> Fallible<()> {
        self.fire_click(false);
        Ok(())
    }

    fn onclick(&self, _realm: &Realm) -> Option<Rc<EventHandlerNonNull>> {
        self.upcast::<EventTarget>().handler("click")
    }

    fn set_onclick(&self, _realm: &Realm, value: Option<Rc<EventHandlerNonNull>>) {
        self.upcast::<EventTarget>().set_handler("click", value);
    }
}

/// An element that HTML does not know, or of which there is no more here.
pub(crate) struct HTMLUnknownElement {
    html_element: HTMLElement,
}

dom_object!(HTMLUnknownElement: HTMLElement, html_element);

impl HTMLUnknownElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { html_element: HTMLElement::new(node) }
    }
}

impl HTMLUnknownElementMethods for HTMLUnknownElement {}

/// A `script`.
pub(crate) struct HTMLScriptElement {
    html_element: HTMLElement,
}

dom_object!(HTMLScriptElement: HTMLElement, html_element);

impl HTMLScriptElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { html_element: HTMLElement::new(node) }
    }

    fn element(&self) -> &Element {
        self.upcast()
    }
}

impl HTMLScriptElementMethods for HTMLScriptElement {
    fn src(&self, _realm: &Realm) -> String {
        let element = self.element();
        element.attribute("src").map(|src| element.page().resolve_or_keep(&src)).unwrap_or_default()
    }

    fn set_src(&self, _realm: &Realm, value: String) {
        self.element().change_attribute("src", Some(&value));
    }

    fn type_(&self, _realm: &Realm) -> DomString {
        self.element().attribute("type").unwrap_or_default().as_str().into()
    }

    fn set_type(&self, _realm: &Realm, value: DomString) {
        self.element().change_attribute("type", Some(&value.to_str_lossy()));
    }

    fn text(&self, _realm: &Realm) -> DomString {
        let page = self.element().page();
        page.tree().text_content(self.element().id()).unwrap_or_default().as_str().into()
    }

    fn set_text(&self, _realm: &Realm, value: DomString) {
        let page = self.element().page();
        page.tree().set_text_content(self.element().id(), &value.to_str_lossy());
    }
}
