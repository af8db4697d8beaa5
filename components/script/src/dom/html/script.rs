/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLScriptElement](https://html.spec.whatwg.org/multipage/scripting.html#htmlscriptelement) and
//! [HTMLTemplateElement](https://html.spec.whatwg.org/multipage/scripting.html#htmltemplateelement).

use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, dom_object,
};
use sordino_traits::embedder::{CredentialsMode, ReferrerPolicy};

use super::{booleans, cross_origin, html_elements, keywords, strings, urls};
use crate::bindings::{HTMLScriptElementMethods, HTMLTemplateElementMethods};
use crate::dom::{DocumentFragment, Element, HTMLElement, Node};
use crate::tree::{NodeRef, ScriptFlags};

html_elements! {
    /// A `script`. How it comes to run is in [`crate::page`].
    HTMLScriptElement,
    /// A `template`.
    HTMLTemplateElement,
}

impl HTMLScriptElement {
    fn element(&self) -> &Element {
        self.upcast()
    }

    /// What it remembers.
    pub(crate) fn flags(&self) -> ScriptFlags {
        self.element().with_tree_element(ScriptFlags::default(), |own| own.script)
    }

    pub(crate) fn update_flags(&self, update: impl FnOnce(&mut ScriptFlags)) {
        let node: &Node = self.upcast();
        node.tree().update_element(node.id(), |own| update(&mut own.script));
    }

    /// Whether it runs as soon as it can, in no order.
    pub(crate) fn is_async(&self) -> bool {
        !self.flags().not_forced_async || self.element().has_plain_attribute("async")
    }

    /// The state of its [`referrerpolicy`](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#referrer-policy-attributes)
    /// attribute.
    pub(crate) fn referrer_policy_state(&self) -> Option<ReferrerPolicy> {
        let value = self.element().attribute("referrerpolicy")?;
        ReferrerPolicy::from_name(&value.to_ascii_lowercase())
    }
}

impl HTMLScriptElementMethods for HTMLScriptElement {
    urls! { src set_src "src" }
    strings! {
        type_ set_type "type",
        integrity set_integrity "integrity",
        charset set_charset "charset",
        event set_event "event",
        html_for set_html_for "for",
    }
    booleans! {
        defer set_defer "defer",
        no_module set_no_module "nomodule",
    }

    /// <https://html.spec.whatwg.org/multipage/scripting.html#dom-script-async>
    fn async_(&self, _realm: &Realm) -> bool {
        self.is_async()
    }

    fn set_async(&self, _realm: &Realm, value: bool) {
        self.update_flags(|flags| flags.not_forced_async = true);
        self.element().change_attribute("async", value.then_some(""));
    }

    cross_origin! { cross_origin set_cross_origin }

    keywords! {
        referrer_policy set_referrer_policy "referrerpolicy" [
            "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
            "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url"
        ] "" ""
    }

    fn text(&self, _realm: &Realm) -> DomString {
        self.upcast::<Node>().child_text_content()
    }

    fn set_text(&self, _realm: &Realm, value: DomString) {
        let node: &Node = self.upcast();
        node.tree().string_replace_all(value, node.id());
    }

    /// <https://html.spec.whatwg.org/multipage/scripting.html#dom-script-supports>
    fn supports(_realm: &Realm, type_: DomString) -> Fallible<bool> {
        Ok(matches!(&*type_.to_str_lossy(), "classic" | "module"))
    }
}

impl HTMLTemplateElementMethods for HTMLTemplateElement {
    fn content(&self, _realm: &Realm) -> Fallible<DomRoot<DocumentFragment>> {
        let node: &Node = self.upcast();
        let contents = node.tree().element(node.id()).and_then(|own| own.template_contents);
        let contents = contents.and_then(|contents| node.tree().object(contents).downcast());
        contents.ok_or_else(|| Error::type_error("the template has no contents"))
    }
}
