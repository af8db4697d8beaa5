/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLElement](https://html.spec.whatwg.org/multipage/dom.html#htmlelement) and elements with
//! little of their own.

use std::rc::Rc;

use sordino_script_bindings::{DomObjectExt, DomRoot, DomString, Fallible, Realm, dom_object};

use super::html::{booleans, keywords, strings};
use super::{DOMStringMap, Element, Event, EventTarget, Node, event_dispatch, markup};
use crate::bindings::{EventHandlerNonNull, HTMLElementMethods, HTMLUnknownElementMethods};
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

    strings! {
        title set_title "title",
        lang set_lang "lang",
        access_key set_access_key "accesskey",
    }
    keywords! { dir set_dir "dir" ["ltr", "rtl", "auto"] "" "" }
    booleans! { hidden set_hidden "hidden" }

    fn dataset(&self, _realm: &Realm) -> Fallible<DomRoot<DOMStringMap>> {
        let node: &Node = self.upcast();
        let element = self.upcast::<Element>().root();
        node.same_dataset(|| DOMStringMap::create(&self.realm(), &element))
    }

    /// <https://html.spec.whatwg.org/multipage/dom.html#dom-innertext>: nothing is rendered.
    fn inner_text(&self, _realm: &Realm) -> DomString {
        let node: &Node = self.upcast();
        node.tree().descendant_text_content(node.id())
    }

    fn set_inner_text(&self, _realm: &Realm, value: DomString) {
        markup::set_inner_text(self.upcast(), &value);
    }

    /// <https://html.spec.whatwg.org/multipage/dom.html#dom-outertext>
    fn outer_text(&self, realm: &Realm) -> DomString {
        self.inner_text(realm)
    }

    fn set_outer_text(&self, _realm: &Realm, value: DomString) -> Fallible<()> {
        markup::set_outer_text(self.upcast(), &value)
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
