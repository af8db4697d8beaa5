/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLScriptElement](https://html.spec.whatwg.org/multipage/scripting.html#htmlscriptelement). How it comes to
//! run is in [`crate::page`].

use std::cell::Cell;

use sordino_script_bindings::{DomObjectExt, DomString, Fallible, Realm, dom_object};
use sordino_traits::embedder::{CredentialsMode, ReferrerPolicy};

use super::{Element, HTMLElement};
use crate::bindings::HTMLScriptElementMethods;
use crate::tree::{NodeKind, NodeRef};

/// A `script`.
pub(crate) struct HTMLScriptElement {
    html_element: HTMLElement,
    /// Whether it has a [parser document](https://html.spec.whatwg.org/multipage/scripting.html#parser-document).
    parser_inserted: Cell<bool>,
    /// [force async](https://html.spec.whatwg.org/multipage/scripting.html#script-force-async)
    force_async: Cell<bool>,
}

dom_object!(HTMLScriptElement: HTMLElement, html_element);

impl HTMLScriptElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        let by_parser = node.tree.element(node.id).is_some_and(|element| element.by_parser);
        Self {
            html_element: HTMLElement::new(node),
            parser_inserted: Cell::new(by_parser),
            force_async: Cell::new(!by_parser),
        }
    }

    fn element(&self) -> &Element {
        self.upcast()
    }

    /// Whether it is [parser-inserted](https://html.spec.whatwg.org/multipage/scripting.html#parser-inserted).
    pub(crate) fn is_parser_inserted(&self) -> bool {
        self.parser_inserted.get()
    }

    pub(crate) fn set_parser_inserted(&self, parser_inserted: bool) {
        self.parser_inserted.set(parser_inserted);
    }

    pub(crate) fn has_force_async(&self) -> bool {
        self.force_async.get()
    }

    pub(crate) fn set_force_async(&self, force_async: bool) {
        self.force_async.set(force_async);
    }

    /// An attribute without a namespace.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.element().attribute(name)
    }

    /// Its [child text content](https://dom.spec.whatwg.org/#concept-child-text-content).
    pub(crate) fn source_text(&self) -> String {
        let element = self.element();
        let page = element.page();
        let mut text = String::new();
        for child in page.tree().children(element.id()) {
            if let NodeKind::Text(own) = &*page.tree().kind(child) {
                text.push_str(own);
            }
        }
        text
    }

    /// The state of its [`crossorigin`](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes)
    /// attribute, as a credentials mode; `None` is No CORS.
    pub(crate) fn cors(&self) -> Option<CredentialsMode> {
        let value = self.attribute("crossorigin")?;
        Some(match value.eq_ignore_ascii_case("use-credentials") {
            true => CredentialsMode::Include,
            false => CredentialsMode::SameOrigin,
        })
    }

    /// The state of its [`referrerpolicy`](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#referrer-policy-attributes)
    /// attribute.
    pub(crate) fn referrer_policy_state(&self) -> Option<ReferrerPolicy> {
        ReferrerPolicy::from_name(&self.attribute("referrerpolicy")?.to_ascii_lowercase())
    }

    /// Its [children changed steps](https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model):
    /// those of its insertion.
    pub(crate) fn children_changed(&self) {
        self.post_connection_steps();
    }

    /// Its attribute change steps, for an attribute that was not taken away.
    pub(crate) fn attribute_set(&self, name: &str, was_there: bool) {
        if was_there {
            return;
        }
        match name {
            "src" => self.post_connection_steps(),
            "async" => self.force_async.set(false),
            _ => {}
        }
    }

    /// Its [post-connection steps](https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model),
    /// for whatever changed of it.
    pub(crate) fn post_connection_steps(&self) {
        if !self.is_parser_inserted() {
            self.element().page().prepare_script(&self.root());
        }
    }

    fn reflected(&self, name: &str) -> DomString {
        self.attribute(name).unwrap_or_default().as_str().into()
    }

    fn set_string(&self, name: &str, value: &DomString) {
        self.element().change_attribute(name, Some(&value.to_str_lossy()));
    }

    fn set_flag(&self, name: &str, value: bool) {
        self.element().change_attribute(name, value.then_some(""));
    }
}

impl HTMLScriptElementMethods for HTMLScriptElement {
    fn type_(&self, _realm: &Realm) -> DomString {
        self.reflected("type")
    }

    fn set_type(&self, _realm: &Realm, value: DomString) {
        self.set_string("type", &value);
    }

    fn src(&self, _realm: &Realm) -> String {
        let src = self.attribute("src");
        src.map(|src| self.element().page().resolve_or_keep(&src)).unwrap_or_default()
    }

    fn set_src(&self, _realm: &Realm, value: String) {
        self.element().change_attribute("src", Some(&value));
    }

    fn no_module(&self, _realm: &Realm) -> bool {
        self.attribute("nomodule").is_some()
    }

    fn set_no_module(&self, _realm: &Realm, value: bool) {
        self.set_flag("nomodule", value);
    }

    /// <https://html.spec.whatwg.org/multipage/scripting.html#dom-script-async>
    fn async_(&self, _realm: &Realm) -> bool {
        self.force_async.get() || self.attribute("async").is_some()
    }

    fn set_async(&self, _realm: &Realm, value: bool) {
        self.force_async.set(false);
        self.set_flag("async", value);
    }

    fn defer(&self, _realm: &Realm) -> bool {
        self.attribute("defer").is_some()
    }

    fn set_defer(&self, _realm: &Realm, value: bool) {
        self.set_flag("defer", value);
    }

    fn cross_origin(&self, _realm: &Realm) -> Option<DomString> {
        Some(match self.cors()? {
            CredentialsMode::Include => "use-credentials".into(),
            CredentialsMode::SameOrigin | CredentialsMode::Omit => "anonymous".into(),
        })
    }

    fn set_cross_origin(&self, _realm: &Realm, value: Option<DomString>) {
        let value = value.map(DomString::into_string_lossy);
        self.element().change_attribute("crossorigin", value.as_deref());
    }

    fn referrer_policy(&self, _realm: &Realm) -> DomString {
        match self.referrer_policy_state() {
            Some(_) => {
                let value = self.attribute("referrerpolicy").unwrap_or_default();
                value.to_ascii_lowercase().as_str().into()
            }
            None => DomString::default(),
        }
    }

    fn set_referrer_policy(&self, _realm: &Realm, value: DomString) {
        self.set_string("referrerpolicy", &value);
    }

    fn integrity(&self, _realm: &Realm) -> DomString {
        self.reflected("integrity")
    }

    fn set_integrity(&self, _realm: &Realm, value: DomString) {
        self.set_string("integrity", &value);
    }

    fn text(&self, _realm: &Realm) -> DomString {
        self.source_text().as_str().into()
    }

    fn set_text(&self, _realm: &Realm, value: DomString) {
        let page = self.element().page();
        page.tree().set_text_content(self.element().id(), &value.to_str_lossy());
        page.removed();
        self.children_changed();
    }

    /// <https://html.spec.whatwg.org/multipage/scripting.html#dom-script-supports>
    fn supports(_realm: &Realm, type_: DomString) -> Fallible<bool> {
        Ok(matches!(&*type_.to_str_lossy(), "classic" | "module"))
    }

    fn charset(&self, _realm: &Realm) -> DomString {
        self.reflected("charset")
    }

    fn set_charset(&self, _realm: &Realm, value: DomString) {
        self.set_string("charset", &value);
    }

    fn event(&self, _realm: &Realm) -> DomString {
        self.reflected("event")
    }

    fn set_event(&self, _realm: &Realm, value: DomString) {
        self.set_string("event", &value);
    }

    fn html_for(&self, _realm: &Realm) -> DomString {
        self.reflected("for")
    }

    fn set_html_for(&self, _realm: &Realm, value: DomString) {
        self.set_string("for", &value);
    }
}
