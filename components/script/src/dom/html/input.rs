/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLInputElement](https://html.spec.whatwg.org/multipage/input.html#htmlinputelement), with the value
//! and the checkedness; no selection and no validation.

use html5ever::local_name;
use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, dom_object,
};

use super::forms::{form_of, form_owner, parse_float};
use super::{HTMLFormElement, booleans, html_elements, strings};
use crate::bindings::HTMLInputElementMethods;
use crate::dom::{Element, HTMLElement, Node};
use crate::tree::{self, AttributeChange, NodeId, NodeRef, Tree};

html_elements! {
    /// An `input`.
    HTMLInputElement,
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

fn set_checkedness(tree: &Tree, id: NodeId, checked: bool) {
    tree.update_element(id, |own| own.field.get_or_insert_default().checked = Some(checked));
}

/// The other buttons of a [radio button group](https://html.spec.whatwg.org/multipage/input.html#radio-button-group).
fn others_of_group(tree: &Tree, id: NodeId) -> Vec<NodeId> {
    let name_of_radio = |id: NodeId| {
        let own = tree.element(id)?;
        let is_radio = own.is(&local_name!("input")) && own_type(&own) == "radio";
        let name = own.attribute(&local_name!("name"));
        name.filter(|name| is_radio && !name.is_empty()).map(String::from)
    };
    let Some(name) = name_of_radio(id) else { return Vec::new() };
    let form = form_owner(tree, id);
    let is_other = |other: &NodeId| {
        *other != id
            && name_of_radio(*other) == Some(name.clone())
            && form_owner(tree, *other) == form
    };
    tree.inclusive_descendants(tree.root(id)).filter(is_other).collect()
}

/// The [`type` changed](https://html.spec.whatwg.org/multipage/input.html#input-type-change).
pub(crate) fn input_type_changed(tree: &Tree, id: NodeId, change: &AttributeChange) {
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

    fn set_checked(&self, _realm: &Realm, value: bool) {
        let node: &Node = self.upcast();
        set_checkedness(node.tree(), node.id(), value);
        if value {
            for other in others_of_group(node.tree(), node.id()) {
                set_checkedness(node.tree(), other, false);
            }
        }
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
                let node: &Node = self.upcast();
                node.tree().update_element(node.id(), |own| {
                    own.field.get_or_insert_default().value = Some(value);
                });
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
