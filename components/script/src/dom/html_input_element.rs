/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLInputElement](https://html.spec.whatwg.org/multipage/input.html#htmlinputelement), as far as it is about
//! checkboxes and radio buttons.

use std::cell::Cell;

use html5ever::local_name;
use sordino_script_bindings::{DomObjectExt, DomRoot, DomString, Realm, dom_object};

use super::form_controls::{InputKind, input_kind, radio_group};
use super::{Element, Event, HTMLElement, event_dispatch};
use crate::bindings::{EventInit, HTMLInputElementMethods};
use crate::tree::{NodeId, NodeRef};

/// The [keywords of `type`](https://html.spec.whatwg.org/multipage/input.html#attr-input-type).
const TYPES: [&str; 22] = [
    "button",
    "checkbox",
    "color",
    "date",
    "datetime-local",
    "email",
    "file",
    "hidden",
    "image",
    "month",
    "number",
    "password",
    "radio",
    "range",
    "reset",
    "search",
    "submit",
    "tel",
    "text",
    "time",
    "url",
    "week",
];

/// An `input`.
pub(crate) struct HTMLInputElement {
    html_element: HTMLElement,
    /// The [checkedness](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-checked).
    is_checked: Cell<bool>,
    /// The [dirty checkedness flag](https://html.spec.whatwg.org/multipage/input.html#concept-input-checked-dirty-flag).
    is_dirty: Cell<bool>,
    is_indeterminate: Cell<bool>,
}

dom_object!(HTMLInputElement: HTMLElement, html_element);

/// What the legacy-pre-activation behavior has changed.
pub(super) enum Changed {
    /// A checkbox, which was checked and indeterminate or not.
    Checkbox(bool, bool),
    /// A radio button, and the one that was checked in its group before.
    Radio(Option<DomRoot<HTMLInputElement>>),
}

impl HTMLInputElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self {
            html_element: HTMLElement::new(node),
            is_checked: Cell::new(false),
            is_dirty: Cell::new(false),
            is_indeterminate: Cell::new(false),
        }
    }

    /// The element got its object, which is as its attributes say. Of the radio buttons of a group the
    /// last one that is to be checked is.
    pub(super) fn created(&self) {
        let page = self.element().page();
        let tree = page.tree();
        let has_attribute = |id: NodeId| {
            tree.element(id).is_some_and(|it| it.attribute(&local_name!("checked")).is_some())
        };
        let group = radio_group(tree, self.id());
        let last = group.into_iter().rfind(|id| has_attribute(*id));
        self.is_checked.set(has_attribute(self.id()) && last.is_none_or(|last| last == self.id()));
    }

    /// An attribute was set or taken away.
    pub(super) fn attribute_changed(&self, name: &str) {
        match name {
            "checked" if !self.is_dirty.get() => {
                self.set_checkedness(self.has_attribute("checked"))
            }
            "name" | "type" | "form" if self.is_checked.get() => self.uncheck_others(),
            _ => {}
        }
    }

    fn element(&self) -> &Element {
        self.upcast()
    }

    fn id(&self) -> NodeId {
        self.element().id()
    }

    fn kind(&self) -> InputKind {
        input_kind(self.element().page().tree(), self.id())
    }

    fn has_attribute(&self, name: &str) -> bool {
        self.element().attribute(name).is_some()
    }

    fn set_boolean_attribute(&self, name: &str, value: bool) {
        self.element().change_attribute(name, value.then_some(""));
    }

    fn set_checkedness(&self, checked: bool) {
        self.is_checked.set(checked);
        if checked {
            self.uncheck_others();
        }
    }

    /// The other radio buttons of the group.
    fn others(&self) -> Vec<DomRoot<HTMLInputElement>> {
        let page = self.element().page();
        let group = radio_group(page.tree(), self.id()).into_iter();
        let others = group.filter(|id| *id != self.id());
        others.filter_map(|id| page.node(id).downcast()).collect()
    }

    fn uncheck_others(&self) {
        for other in self.others() {
            other.is_checked.set(false);
        }
    }

    /// The [legacy-pre-activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-pre-activation-behavior).
    pub(super) fn legacy_pre_activation(&self) -> Option<Changed> {
        match self.kind() {
            InputKind::Checkbox => {
                let checked = self.is_checked.get();
                self.set_checkedness(!checked);
                Some(Changed::Checkbox(checked, self.is_indeterminate.replace(false)))
            }
            InputKind::Radio => {
                let was_checked = if self.is_checked.get() {
                    Some(self.root())
                } else {
                    self.others().into_iter().find(|other| other.is_checked.get())
                };
                self.set_checkedness(true);
                Some(Changed::Radio(was_checked))
            }
            InputKind::Other => None,
        }
    }

    /// The [legacy-canceled-activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-canceled-activation-behavior).
    pub(super) fn legacy_canceled_activation(&self, changed: Changed) {
        match (self.kind(), changed) {
            (InputKind::Checkbox, Changed::Checkbox(checked, indeterminate)) => {
                self.set_checkedness(checked);
                self.is_indeterminate.set(indeterminate);
            }
            (InputKind::Radio, Changed::Radio(was_checked)) => {
                let id = self.id();
                let group = radio_group(self.element().page().tree(), id);
                match was_checked.filter(|it| it.id() == id || group.contains(&it.id())) {
                    Some(was_checked) => was_checked.set_checkedness(true),
                    None => self.set_checkedness(false),
                }
            }
            _ => {}
        }
    }

    /// The [input activation behavior](https://html.spec.whatwg.org/multipage/input.html#input-activation-behavior).
    pub(super) fn activate(&self) {
        let is_connected = self.element().page().tree().is_connected(self.id());
        if self.kind() == InputKind::Other || !is_connected {
            return;
        }
        for (type_, composed) in [("input", true), ("change", false)] {
            let init = EventInit { bubbles: true, cancelable: false, composed };
            let event = Event::new(type_.into(), &init);
            event.set_trusted(true);
            let event = DomRoot::new(&self.realm(), event);
            event_dispatch::dispatch(&self.root().upcast(), &event);
        }
    }
}

impl HTMLInputElementMethods for HTMLInputElement {
    fn default_checked(&self, _realm: &Realm) -> bool {
        self.has_attribute("checked")
    }

    fn set_default_checked(&self, _realm: &Realm, value: bool) {
        self.set_boolean_attribute("checked", value);
    }

    fn checked(&self, _realm: &Realm) -> bool {
        self.is_checked.get()
    }

    /// <https://html.spec.whatwg.org/multipage/input.html#dom-input-checked>
    fn set_checked(&self, _realm: &Realm, value: bool) {
        self.is_dirty.set(true);
        self.set_checkedness(value);
    }

    fn disabled(&self, _realm: &Realm) -> bool {
        self.has_attribute("disabled")
    }

    fn set_disabled(&self, _realm: &Realm, value: bool) {
        self.set_boolean_attribute("disabled", value);
    }

    fn indeterminate(&self, _realm: &Realm) -> bool {
        self.is_indeterminate.get()
    }

    fn set_indeterminate(&self, _realm: &Realm, value: bool) {
        self.is_indeterminate.set(value);
    }

    fn name(&self, _realm: &Realm) -> DomString {
        self.element().attribute("name").unwrap_or_default().as_str().into()
    }

    fn set_name(&self, _realm: &Realm, value: DomString) {
        self.element().change_attribute("name", Some(&value.to_str_lossy()));
    }

    /// <https://html.spec.whatwg.org/multipage/input.html#dom-input-type>
    fn type_(&self, _realm: &Realm) -> DomString {
        let type_ = self.element().attribute("type").unwrap_or_default().to_ascii_lowercase();
        TYPES.into_iter().find(|known| *known == type_).unwrap_or("text").into()
    }

    fn set_type(&self, _realm: &Realm, value: DomString) {
        self.element().change_attribute("type", Some(&value.to_str_lossy()));
    }
}
