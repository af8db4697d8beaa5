/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Forms](https://html.spec.whatwg.org/multipage/forms.html) and what is in them, without submission.

use html5ever::local_name;
use sordino_script_bindings::{DomObjectExt, DomRoot, DomString, Fallible, Realm, dom_object};

use super::form_controls::{form_owner, is_interactive, is_listed, labeled_control};
use super::{booleans, html_elements, keywords, strings};
use crate::bindings::{
    EventMethods, HTMLButtonElementMethods, HTMLDataListElementMethods, HTMLFieldSetElementMethods,
    HTMLFormElementMethods, HTMLLabelElementMethods, HTMLMeterElementMethods,
    HTMLProgressElementMethods, HTMLTextAreaElementMethods,
};
use crate::dom::live::Filter;
use crate::dom::{Element, Event, HTMLCollection, HTMLElement, Node, fire_synthetic};
use crate::tree::{self, NodeRef, utf16_length};

html_elements! {
    /// A `button`.
    HTMLButtonElement,
    /// A `datalist`.
    HTMLDataListElement,
    /// A `fieldset`.
    HTMLFieldSetElement,
    /// A `form`.
    HTMLFormElement,
    /// A `label`.
    HTMLLabelElement,
    /// A `meter`.
    HTMLMeterElement,
    /// A `progress`.
    HTMLProgressElement,
    /// A `textarea`.
    HTMLTextAreaElement,
}

/// The object of the form owner.
pub(super) fn form_of(node: &Node) -> Option<DomRoot<HTMLFormElement>> {
    node.object(form_owner(node.tree(), node.id()))?.downcast()
}

fn collection(
    node: &Node,
    name: &'static str,
    is_chosen: fn(&tree::Element) -> bool,
) -> Fallible<DomRoot<HTMLCollection>> {
    node.same_collection(name, || {
        HTMLCollection::create(&node.realm(), &node.root(), Filter::Chosen(is_chosen))
    })
}

impl HTMLButtonElementMethods for HTMLButtonElement {
    booleans! { disabled set_disabled "disabled" }
    strings! { name set_name "name", value set_value "value" }
    keywords! { type_ set_type "type" ["submit", "reset", "button"] "submit" "submit" }

    fn form(&self, _realm: &Realm) -> Option<DomRoot<HTMLFormElement>> {
        form_of(self.upcast())
    }
}

impl HTMLDataListElementMethods for HTMLDataListElement {
    fn options(&self, _realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
        collection(self.upcast(), "options", |it| it.is(&local_name!("option")))
    }
}

impl HTMLFieldSetElementMethods for HTMLFieldSetElement {
    booleans! { disabled set_disabled "disabled" }
    strings! { name set_name "name" }

    fn form(&self, _realm: &Realm) -> Option<DomRoot<HTMLFormElement>> {
        form_of(self.upcast())
    }

    fn type_(&self, _realm: &Realm) -> DomString {
        "fieldset".into()
    }

    fn elements(&self, _realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
        collection(self.upcast(), "elements", is_listed)
    }
}

impl HTMLFormElementMethods for HTMLFormElement {
    strings! {
        accept_charset set_accept_charset "accept-charset",
        name set_name "name",
        target set_target "target",
        rel set_rel "rel",
    }
    booleans! { no_validate set_no_validate "novalidate" }
    keywords! { autocomplete set_autocomplete "autocomplete" ["on", "off"] "on" "on" }
    keywords! { method set_method "method" ["get", "post", "dialog"] "get" "get" }
    keywords! {
        enctype set_enctype "enctype"
        ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]
        "application/x-www-form-urlencoded" "application/x-www-form-urlencoded"
    }

    /// <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-fs-action>
    fn action(&self, _realm: &Realm) -> String {
        let element: &Element = self.upcast();
        match element.attribute("action") {
            Some(action) if !action.is_empty() => element.url("action"),
            _ => self.upcast::<Node>().document().current_url().into(),
        }
    }

    fn set_action(&self, _realm: &Realm, value: String) {
        self.upcast::<Element>().change_attribute("action", Some(&value));
    }
}

impl HTMLLabelElement {
    fn labeled_control(&self) -> Option<DomRoot<HTMLElement>> {
        let node: &Node = self.upcast();
        node.object(labeled_control(node.tree(), node.id()))?.downcast()
    }

    /// A click on the label is one on its control, unless it was meant for something else in the label.
    pub(crate) fn activate(&self, event: &Event) {
        let own: &Node = self.upcast();
        let tree = own.tree();
        let target = event.target(&self.realm()).and_then(|target| target.downcast::<Node>());
        let mut way = target.iter().flat_map(|target| tree.inclusive_ancestors(target.id()));
        if way.by_ref().take_while(|id| *id != own.id()).any(|id| is_interactive(tree, id)) {
            return;
        }
        if let Some(control) = self.labeled_control().filter(|control| !control.is_disabled()) {
            fire_synthetic(&control.upcast(), "click", event.is_trusted(&self.realm()));
        }
    }
}

impl HTMLLabelElementMethods for HTMLLabelElement {
    strings! { html_for set_html_for "for" }

    fn form(&self, _realm: &Realm) -> Option<DomRoot<HTMLFormElement>> {
        form_of(&self.labeled_control()?.upcast())
    }

    fn control(&self, _realm: &Realm) -> Option<DomRoot<HTMLElement>> {
        self.labeled_control()
    }
}

impl Element {
    /// An attribute that is a [floating-point number](https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-floating-point-number-values).
    fn float(&self, attribute: &str) -> Option<f64> {
        parse_float(&self.attribute(attribute)?)
    }

    fn set_float(&self, attribute: &str, value: f64) {
        self.change_attribute(attribute, Some(&value.to_string()));
    }
}

/// [Parses a floating-point number](https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-floating-point-number-values),
/// which something else may follow.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    // The longest part that is a number; there are few that could be one.
    (1..=end).rev().find_map(|end| text[..end].parse().ok()).filter(|it: &f64| it.is_finite())
}

impl HTMLMeterElement {
    fn bound(&self, attribute: &str, default: f64, least: f64, greatest: f64) -> f64 {
        let value = self.upcast::<Element>().float(attribute).unwrap_or(default);
        value.min(greatest).max(least)
    }
}

/// <https://html.spec.whatwg.org/multipage/form-elements.html#the-meter-element>
impl HTMLMeterElementMethods for HTMLMeterElement {
    fn value(&self, realm: &Realm) -> f64 {
        self.bound("value", 0.0, self.min(realm), self.max(realm))
    }

    fn set_value(&self, _realm: &Realm, value: f64) {
        self.upcast::<Element>().set_float("value", value);
    }

    fn min(&self, _realm: &Realm) -> f64 {
        self.upcast::<Element>().float("min").unwrap_or(0.0)
    }

    fn set_min(&self, _realm: &Realm, value: f64) {
        self.upcast::<Element>().set_float("min", value);
    }

    fn max(&self, realm: &Realm) -> f64 {
        self.bound("max", 1.0, self.min(realm), f64::INFINITY)
    }

    fn set_max(&self, _realm: &Realm, value: f64) {
        self.upcast::<Element>().set_float("max", value);
    }

    fn low(&self, realm: &Realm) -> f64 {
        self.bound("low", self.min(realm), self.min(realm), self.max(realm))
    }

    fn set_low(&self, _realm: &Realm, value: f64) {
        self.upcast::<Element>().set_float("low", value);
    }

    fn high(&self, realm: &Realm) -> f64 {
        self.bound("high", self.max(realm), self.low(realm), self.max(realm))
    }

    fn set_high(&self, _realm: &Realm, value: f64) {
        self.upcast::<Element>().set_float("high", value);
    }

    fn optimum(&self, realm: &Realm) -> f64 {
        let middle = f64::midpoint(self.min(realm), self.max(realm));
        self.bound("optimum", middle, self.min(realm), self.max(realm))
    }

    fn set_optimum(&self, _realm: &Realm, value: f64) {
        self.upcast::<Element>().set_float("optimum", value);
    }
}

/// <https://html.spec.whatwg.org/multipage/form-elements.html#the-progress-element>
impl HTMLProgressElementMethods for HTMLProgressElement {
    fn value(&self, realm: &Realm) -> f64 {
        let value = self.upcast::<Element>().float("value").unwrap_or(0.0);
        value.min(self.max(realm)).max(0.0)
    }

    fn set_value(&self, _realm: &Realm, value: f64) {
        self.upcast::<Element>().set_float("value", value);
    }

    fn max(&self, _realm: &Realm) -> f64 {
        self.upcast::<Element>().float("max").filter(|max| *max > 0.0).unwrap_or(1.0)
    }

    fn set_max(&self, _realm: &Realm, value: f64) {
        if value > 0.0 {
            self.upcast::<Element>().set_float("max", value);
        }
    }

    fn position(&self, realm: &Realm) -> f64 {
        match self.upcast::<Element>().has_plain_attribute("value") {
            true => self.value(realm) / self.max(realm),
            false => -1.0,
        }
    }
}

impl HTMLTextAreaElement {
    /// The [raw value](https://html.spec.whatwg.org/multipage/form-elements.html#concept-textarea-raw-value),
    /// with the line breaks of the API.
    fn api_value(&self) -> DomString {
        let element: &Element = self.upcast();
        let dirty = element.with_tree_element(None, |own| {
            own.field.as_ref().and_then(|field| field.value.clone())
        });
        let raw = dirty.unwrap_or_else(|| self.upcast::<Node>().child_text_content());
        let text = raw.to_str_lossy();
        match text.contains('\r') {
            true => text.replace("\r\n", "\n").replace('\r', "\n").into(),
            false => raw,
        }
    }
}

impl HTMLTextAreaElementMethods for HTMLTextAreaElement {
    strings! {
        name set_name "name",
        placeholder set_placeholder "placeholder",
        wrap set_wrap "wrap",
    }
    booleans! {
        disabled set_disabled "disabled",
        read_only set_read_only "readonly",
        required set_required "required",
    }

    fn form(&self, _realm: &Realm) -> Option<DomRoot<HTMLFormElement>> {
        form_of(self.upcast())
    }

    fn type_(&self, _realm: &Realm) -> DomString {
        "textarea".into()
    }

    fn default_value(&self, _realm: &Realm) -> DomString {
        self.upcast::<Node>().child_text_content()
    }

    fn set_default_value(&self, _realm: &Realm, value: DomString) {
        let node: &Node = self.upcast();
        node.tree().string_replace_all(value, node.id());
    }

    fn value(&self, _realm: &Realm) -> DomString {
        self.api_value()
    }

    fn set_value(&self, _realm: &Realm, value: DomString) {
        let node: &Node = self.upcast();
        node.tree().update_element(node.id(), |own| {
            own.field.get_or_insert_default().value = Some(value);
        });
    }

    fn text_length(&self, _realm: &Realm) -> u32 {
        u32::try_from(utf16_length(&self.api_value())).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_parsed_as_html_says() {
        for (text, number) in [
            (" 1.5px", Some(1.5)),
            ("-.5e1x", Some(-5.0)),
            ("1e", Some(1.0)),
            ("", None),
            ("e1", None),
            ("1e999", None),
        ] {
            assert_eq!(parse_float(text), number, "{text}");
        }
    }
}
