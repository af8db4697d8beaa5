/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Elements that say something of the document.

use sordino_script_bindings::{DomObjectExt, DomRoot, DomString, Fallible, Realm, dom_object};

use super::{booleans, html_elements, strings, urls};
use crate::bindings::{
    HTMLBaseElementMethods, HTMLLinkElementMethods, HTMLMetaElementMethods,
    HTMLStyleElementMethods, HTMLTitleElementMethods,
};
use crate::dom::{DOMTokenList, Element, HTMLElement, Node};
use crate::tree::NodeRef;

html_elements! {
    /// A `base`.
    HTMLBaseElement,
    /// A `link`.
    HTMLLinkElement,
    /// A `meta`.
    HTMLMetaElement,
    /// A `style`.
    HTMLStyleElement,
    /// A `title`.
    HTMLTitleElement,
}

impl HTMLBaseElementMethods for HTMLBaseElement {
    /// <https://html.spec.whatwg.org/multipage/semantics.html#dom-base-href>
    fn href(&self, _realm: &Realm) -> String {
        let element: &Element = self.upcast();
        let href = element.attribute("href").unwrap_or_default();
        // A base is relative to the document's own URL, not to itself.
        let document = element.upcast::<Node>().document();
        document.fallback_base_url().join(&href).map_or(href, String::from)
    }

    fn set_href(&self, _realm: &Realm, value: String) {
        self.upcast::<Element>().change_attribute("href", Some(&value));
    }

    strings! { target set_target "target" }
}

impl HTMLLinkElementMethods for HTMLLinkElement {
    urls! { href set_href "href" }
    strings! {
        rel set_rel "rel",
        media set_media "media",
        integrity set_integrity "integrity",
        hreflang set_hreflang "hreflang",
        type_ set_type "type",
    }
    booleans! { disabled set_disabled "disabled" }

    fn sizes(&self, _realm: &Realm) -> Fallible<DomRoot<DOMTokenList>> {
        self.upcast::<Element>().token_list("sizes")
    }
}

impl HTMLMetaElementMethods for HTMLMetaElement {
    strings! {
        name set_name "name",
        http_equiv set_http_equiv "http-equiv",
        content set_content "content",
        media set_media "media",
    }
}

impl HTMLStyleElementMethods for HTMLStyleElement {
    strings! { media set_media "media" }
}

impl HTMLTitleElementMethods for HTMLTitleElement {
    fn text(&self, _realm: &Realm) -> DomString {
        self.upcast::<Node>().child_text_content()
    }

    fn set_text(&self, _realm: &Realm, value: DomString) {
        let node: &Node = self.upcast();
        node.tree().string_replace_all(value, node.id());
    }
}
