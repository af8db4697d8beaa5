/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLScriptElement](https://html.spec.whatwg.org/multipage/scripting.html#htmlscriptelement) and
//! [HTMLTemplateElement](https://html.spec.whatwg.org/multipage/scripting.html#htmltemplateelement).

use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, dom_object,
};

use super::{booleans, html_elements, strings, urls};
use crate::bindings::{HTMLScriptElementMethods, HTMLTemplateElementMethods};
use crate::dom::{DocumentFragment, Element, HTMLElement, Node};
use crate::tree::NodeRef;

html_elements! {
    /// A `script`.
    HTMLScriptElement,
    /// A `template`.
    HTMLTemplateElement,
}

impl HTMLScriptElementMethods for HTMLScriptElement {
    urls! { src set_src "src" }
    strings! { type_ set_type "type" }
    booleans! { defer set_defer "defer" }

    /// <https://html.spec.whatwg.org/multipage/scripting.html#dom-script-async>
    fn async_(&self, _realm: &Realm) -> bool {
        let element: &Element = self.upcast();
        element.with_tree_element(false, |own| !own.script.not_forced_async)
            || element.has_plain_attribute("async")
    }

    fn set_async(&self, _realm: &Realm, value: bool) {
        let element: &Element = self.upcast();
        let node: &Node = self.upcast();
        node.tree().update_element(node.id(), |own| own.script.not_forced_async = true);
        element.change_attribute("async", value.then_some(""));
    }

    fn text(&self, _realm: &Realm) -> DomString {
        self.upcast::<Node>().child_text_content()
    }

    fn set_text(&self, _realm: &Realm, value: DomString) {
        let node: &Node = self.upcast();
        node.tree().string_replace_all(value, node.id());
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
