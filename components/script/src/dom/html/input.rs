/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLInputElement](https://html.spec.whatwg.org/multipage/input.html#htmlinputelement), with the value
//! and the checkedness; no selection and no validation.

use html5ever::{LocalName, local_name};
use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, dom_object,
};

use super::form_controls::form_owner;
use super::forms::{form_of, parse_float};
use super::{HTMLFormElement, booleans, html_elements, strings};
use crate::bindings::{EventInit, HTMLInputElementMethods};
use crate::dom::{Element, Event, HTMLElement, Node, dispatch};
use crate::tree::{self, AttributeChange, FieldState, NodeId, NodeRef, Tree};

html_elements! {
    /// An `input`.
    HTMLInputElement,
}

/// What the legacy-pre-activation behavior has changed.
pub(crate) enum PreActivation {
    /// A checkbox, which was checked and indeterminate or not.
    Checkbox(bool, bool),
    /// A radio button, and the one that was checked in its group before.
    Radio(Option<DomRoot<Node>>),
}

/// The states of [`type`](https://html.spec.whatwg.org/multipage/input.html#attr-input-type).
const TYPES: [&str; 22] = [
    "hidden",
    "text",
    "search",
    "tel",
    "url",
    "email",
    "password",
    "date",
    "month",
    "week",
    "time",
    "datetime-local",
    "number",
    "range",
    "color",
    "checkbox",
    "radio",
    "file",
    "submit",
    "image",
    "reset",
    "button",
];

fn type_of(value: Option<&str>) -> &'static str {
    let value = value.unwrap_or_default();
    let found = TYPES.iter().find(|type_| type_.eq_ignore_ascii_case(value));
    found.copied().unwrap_or("text")
}

/// What [`value`](https://html.spec.whatwg.org/multipage/input.html#dom-input-value) is.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Mode {
    Value,
    Default,
    DefaultOn,
    Filename,
}

fn mode(type_: &str) -> Mode {
    match type_ {
        "hidden" | "submit" | "image" | "reset" | "button" => Mode::Default,
        "checkbox" | "radio" => Mode::DefaultOn,
        "file" => Mode::Filename,
        _ => Mode::Value,
    }
}

/// The [value sanitization algorithm](https://html.spec.whatwg.org/multipage/input.html#value-sanitization-algorithm)
/// of text and numbers; other values stay as they are.
fn sanitize(type_: &str, value: DomString) -> DomString {
    let has_breaks = value.to_str_lossy().contains(['\n', '\r']);
    let without_breaks = |value: DomString| match has_breaks {
        true => value.to_str_lossy().replace(['\n', '\r'], "").into(),
        false => value,
    };
    match type_ {
        "text" | "search" | "tel" | "password" => without_breaks(value),
        "url" | "email" => {
            let value = without_breaks(value).into_string_lossy();
            value.trim_matches(|c: char| c.is_ascii_whitespace()).into()
        }
        "number" => {
            let text = value.to_str_lossy();
            let is_number = !text.starts_with(['+', ' ']) && !text.ends_with('.');
            if is_number && text.parse::<f64>().is_ok() && parse_float(&text).is_some() {
                value
            } else {
                DomString::new()
            }
        }
        _ => value,
    }
}

fn own_type(element: &tree::Element) -> &'static str {
    type_of(element.attribute(&local_name!("type")).as_deref())
}

/// Whether an element is what the selector `:checked` finds.
pub(crate) fn is_checked(tree: &Tree, id: NodeId) -> bool {
    tree.element(id).is_some_and(|own| {
        let is_box = own.is(&local_name!("input")) && mode(own_type(&own)) == Mode::DefaultOn;
        let is_selected = own.is(&local_name!("option")) && own.has(&local_name!("selected"));
        is_selected || (is_box && checkedness(&own))
    })
}

fn checkedness(element: &tree::Element) -> bool {
    let dirty = element.field.as_ref().and_then(|field| field.checked);
    dirty.unwrap_or_else(|| element.has(&local_name!("checked")))
}

/// Sets the checkedness; the other buttons of a radio button's group lose theirs.
fn set_checkedness(tree: &Tree, id: NodeId, checked: bool) {
    tree.update_element(id, |own| own.field.get_or_insert_default().checked = Some(checked));
    if checked {
        uncheck_others(tree, id);
    }
}

fn is_checked_by_any_means(tree: &Tree, id: NodeId) -> bool {
    tree.element(id).is_some_and(|own| checkedness(&own))
}

fn uncheck_others(tree: &Tree, id: NodeId) {
    for other in others_of_group(tree, id) {
        if is_checked_by_any_means(tree, other) {
            tree.update_element(other, |own| {
                own.field.get_or_insert_default().checked = Some(false)
            });
        }
    }
}

fn is_of_type(tree: &Tree, id: NodeId, type_: &str) -> bool {
    tree.element(id).is_some_and(|own| own.is(&local_name!("input")) && own_type(&own) == type_)
}

/// The other buttons of a [radio button group](https://html.spec.whatwg.org/multipage/input.html#radio-button-group).
fn others_of_group(tree: &Tree, id: NodeId) -> Vec<NodeId> {
    let name_of_radio = |id: NodeId| {
        let own = tree.element(id).filter(|_| is_of_type(tree, id, "radio"))?;
        let name = own.attribute(&local_name!("name"));
        name.filter(|name| !name.is_empty()).map(String::from)
    };
    let Some(name) = name_of_radio(id) else { return Vec::new() };
    let form = form_owner(tree, id);
    let is_other = |other: &NodeId| {
        *other != id
            && name_of_radio(*other).as_ref() == Some(&name)
            && form_owner(tree, *other) == form
    };
    tree.inclusive_descendants(tree.root(id)).filter(is_other).collect()
}

/// A radio button that came to another place is in another group, perhaps.
pub(crate) fn input_inserted(tree: &Tree, id: NodeId) {
    if is_checked_by_any_means(tree, id) {
        uncheck_others(tree, id);
    }
}

/// An attribute of an `input` was set, changed or taken away.
pub(crate) fn input_attribute_changed(
    tree: &Tree,
    id: NodeId,
    name: &LocalName,
    change: &AttributeChange,
) {
    match *name {
        local_name!("checked") => {
            let is_dirty = tree.element(id).is_some_and(|own| {
                own.field.as_ref().is_some_and(|field| field.has_dirty_checkedness)
            });
            if !is_dirty && change.old.is_some() != change.new.is_some() {
                set_checkedness(tree, id, change.new.is_some());
            }
        }
        local_name!("type") => {
            type_changed(tree, id, change);
            input_inserted(tree, id);
        }
        local_name!("name") | local_name!("form") => input_inserted(tree, id),
        _ => {}
    }
}

/// The [`type` changed](https://html.spec.whatwg.org/multipage/input.html#input-type-change).
fn type_changed(tree: &Tree, id: NodeId, change: &AttributeChange) {
    let type_ =
        |value: &Option<DomString>| type_of(value.as_ref().map(DomString::to_str_lossy).as_deref());
    let (old, new) = (mode(type_(&change.old)), mode(type_(&change.new)));
    if old == new {
        return;
    }
    let dirty = tree.update_element(id, |own| own.field.as_mut()?.value.take()).flatten();
    let value = dirty.filter(|value| !value.is_empty());
    if let (Mode::Value, Mode::Default | Mode::DefaultOn, Some(value)) = (old, new, value) {
        tree.change_attribute(id, "value", Some(value));
    }
}

impl HTMLInputElement {
    fn own_type(&self) -> &'static str {
        self.upcast::<Element>().with_tree_element("text", own_type)
    }

    fn place(&self) -> (&Tree, NodeId) {
        let node: &Node = self.upcast();
        (node.tree(), node.id())
    }

    fn update_field<R>(&self, change: impl FnOnce(&mut FieldState) -> R) -> Option<R> {
        let (tree, id) = self.place();
        tree.update_element(id, |own| change(own.field.get_or_insert_default()))
    }

    /// The user or script changes the checkedness.
    fn set_dirty_checkedness(&self, checked: bool) {
        self.update_field(|field| field.has_dirty_checkedness = true);
        let (tree, id) = self.place();
        set_checkedness(tree, id, checked);
    }

    /// The [legacy-pre-activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-pre-activation-behavior).
    pub(crate) fn legacy_pre_activation(&self) -> Option<PreActivation> {
        let (tree, id) = self.place();
        let was_checked = is_checked_by_any_means(tree, id);
        match self.own_type() {
            "checkbox" => {
                self.set_dirty_checkedness(!was_checked);
                let indeterminate =
                    self.update_field(|field| std::mem::take(&mut field.indeterminate));
                Some(PreActivation::Checkbox(was_checked, indeterminate.unwrap_or_default()))
            }
            "radio" => {
                let checked = if was_checked {
                    Some(id)
                } else {
                    let mut others = others_of_group(tree, id).into_iter();
                    others.find(|other| is_checked_by_any_means(tree, *other))
                };
                self.set_dirty_checkedness(true);
                Some(PreActivation::Radio(checked.map(|id| tree.object(id))))
            }
            _ => None,
        }
    }

    /// The [legacy-canceled-activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-canceled-activation-behavior).
    pub(crate) fn legacy_canceled_activation(&self, before: PreActivation) {
        let (tree, id) = self.place();
        match (self.own_type(), before) {
            ("checkbox", PreActivation::Checkbox(checked, indeterminate)) => {
                set_checkedness(tree, id, checked);
                self.update_field(|field| field.indeterminate = indeterminate);
            }
            ("radio", PreActivation::Radio(checked)) => {
                let checked = checked.map(|it| it.id()).filter(|checked| {
                    *checked == id || others_of_group(tree, id).contains(checked)
                });
                match checked {
                    Some(checked) => set_checkedness(tree, checked, true),
                    None => set_checkedness(tree, id, false),
                }
            }
            _ => {}
        }
    }

    /// The [input activation behavior](https://html.spec.whatwg.org/multipage/input.html#input-activation-behavior)
    /// of checkboxes and radio buttons.
    pub(crate) fn activate(&self) {
        let (tree, id) = self.place();
        if !matches!(self.own_type(), "checkbox" | "radio") || !tree.is_connected(id) {
            return;
        }
        for (type_, composed) in [("input", true), ("change", false)] {
            let init = EventInit { bubbles: true, cancelable: false, composed };
            let event = Event::new(type_.into(), &init);
            event.set_trusted(true);
            let event = DomRoot::new(&self.realm(), event);
            dispatch(&self.root().upcast(), &event);
        }
    }
}

impl HTMLInputElementMethods for HTMLInputElement {
    strings! {
        accept set_accept "accept",
        alt set_alt "alt",
        autocomplete set_autocomplete "autocomplete",
        default_value set_default_value "value",
        max set_max "max",
        min set_min "min",
        name set_name "name",
        pattern set_pattern "pattern",
        placeholder set_placeholder "placeholder",
        step set_step "step",
    }
    booleans! {
        default_checked set_default_checked "checked",
        disabled set_disabled "disabled",
        multiple set_multiple "multiple",
        read_only set_read_only "readonly",
        required set_required "required",
    }

    fn form(&self, _realm: &Realm) -> Option<DomRoot<HTMLFormElement>> {
        form_of(self.upcast())
    }

    fn type_(&self, _realm: &Realm) -> DomString {
        self.own_type().into()
    }

    fn set_type(&self, _realm: &Realm, value: DomString) {
        self.upcast::<Element>().set_attribute_value("type", value);
    }

    fn checked(&self, _realm: &Realm) -> bool {
        self.upcast::<Element>().with_tree_element(false, checkedness)
    }

    /// <https://html.spec.whatwg.org/multipage/input.html#dom-input-checked>
    fn set_checked(&self, _realm: &Realm, value: bool) {
        self.set_dirty_checkedness(value);
    }

    fn indeterminate(&self, _realm: &Realm) -> bool {
        self.upcast::<Element>().with_tree_element(false, |own| {
            own.field.as_ref().is_some_and(|field| field.indeterminate)
        })
    }

    fn set_indeterminate(&self, _realm: &Realm, value: bool) {
        self.update_field(|field| field.indeterminate = value);
    }

    /// <https://html.spec.whatwg.org/multipage/input.html#dom-input-value>
    fn value(&self, _realm: &Realm) -> DomString {
        let element: &Element = self.upcast();
        let type_ = self.own_type();
        match mode(type_) {
            Mode::Default => element.string("value"),
            Mode::DefaultOn => element.attribute_value("value").unwrap_or_else(|| "on".into()),
            Mode::Filename => DomString::new(),
            Mode::Value => {
                let dirty = element.with_tree_element(None, |own| {
                    own.field.as_ref().and_then(|field| field.value.clone())
                });
                sanitize(type_, dirty.unwrap_or_else(|| element.string("value")))
            }
        }
    }

    fn set_value(&self, _realm: &Realm, value: DomString) -> Fallible<()> {
        let element: &Element = self.upcast();
        match mode(self.own_type()) {
            Mode::Default | Mode::DefaultOn => element.set_attribute_value("value", value),
            Mode::Value => {
                self.update_field(|field| field.value = Some(value));
            }
            Mode::Filename if value.is_empty() => {}
            Mode::Filename => {
                let reason = "only the user chooses files";
                return Err(Error::dom(DomExceptionName::InvalidStateError, reason));
            }
        }
        Ok(())
    }
}
