/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLLabelElement](https://html.spec.whatwg.org/multipage/forms.html#htmllabelelement).

use sordino_script_bindings::{DomObjectExt, DomRoot, DomString, Realm, dom_object};

use super::form_controls::{is_interactive, labeled_control};
use super::{Element, Event, HTMLElement, Node, fire_synthetic};
use crate::bindings::{EventMethods, HTMLLabelElementMethods};
use crate::tree::NodeRef;

/// A `label`.
pub(crate) struct HTMLLabelElement {
    html_element: HTMLElement,
}

dom_object!(HTMLLabelElement: HTMLElement, html_element);

impl HTMLLabelElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { html_element: HTMLElement::new(node) }
    }

    fn element(&self) -> &Element {
        self.upcast()
    }

    fn labeled_control(&self) -> Option<DomRoot<HTMLElement>> {
        let page = self.element().page();
        page.node(labeled_control(page.tree(), self.element().id())?).downcast()
    }

    /// A click on the label is one on its control, unless it was meant for something else in the label.
    pub(super) fn activate(&self, event: &Event) {
        let own = self.element().id();
        let page = self.element().page();
        let tree = page.tree();
        let target = event.target(&self.realm()).and_then(|target| target.downcast::<Node>());
        let mut way = std::iter::successors(target.map(|it| it.id()), |id| tree.parent(*id))
            .take_while(|id| *id != own);
        if way.any(|id| is_interactive(tree, id)) {
            return;
        }
        if let Some(control) = self.labeled_control().filter(|control| !control.is_disabled()) {
            fire_synthetic(&control.upcast(), "click", event.is_trusted(&self.realm()));
        }
    }
}

impl HTMLLabelElementMethods for HTMLLabelElement {
    fn html_for(&self, _realm: &Realm) -> DomString {
        self.element().attribute("for").unwrap_or_default().as_str().into()
    }

    fn set_html_for(&self, _realm: &Realm, value: DomString) {
        self.element().change_attribute("for", Some(&value.to_str_lossy()));
    }

    fn control(&self, _realm: &Realm) -> Option<DomRoot<HTMLElement>> {
        self.labeled_control()
    }
}
