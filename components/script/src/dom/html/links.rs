/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLAnchorElement](https://html.spec.whatwg.org/multipage/text-level-semantics.html#htmlanchorelement)
//! and elements like it, with the mixin
//! [HTMLHyperlinkElementUtils](https://html.spec.whatwg.org/multipage/links.html#htmlhyperlinkelementutils).

use html5ever::local_name;
use sordino_script_bindings::{DomObjectExt, DomRoot, DomString, Fallible, Realm, dom_object};
use url::{Url, quirks};

use super::{html_elements, strings};
use crate::bindings::{HTMLAnchorElementMethods, HTMLAreaElementMethods, HTMLMapElementMethods};
use crate::dom::live::Filter;
use crate::dom::{Element, HTMLCollection, HTMLElement, Node};
use crate::tree::NodeRef;

html_elements! {
    /// An `a`.
    HTMLAnchorElement,
    /// An `area`.
    HTMLAreaElement,
    /// A `map`.
    HTMLMapElement,
}

/// The [url](https://html.spec.whatwg.org/multipage/links.html#concept-hyperlink-url) of a link.
pub(super) fn link_url(element: &Element) -> Option<Url> {
    let href = element.attribute("href")?;
    element.upcast::<Node>().document().base_url().join(&href).ok()
}

fn part(element: &Element, read: impl FnOnce(&Url) -> &str) -> String {
    link_url(element).as_ref().map(read).unwrap_or_default().to_owned()
}

/// Changes a part of the URL, and [updates the href](https://html.spec.whatwg.org/multipage/links.html#update-href).
fn set_part<R>(element: &Element, change: impl FnOnce(&mut Url) -> R) {
    if let Some(mut url) = link_url(element) {
        change(&mut url);
        element.change_attribute("href", Some(url.as_str()));
    }
}

/// The methods of `HTMLHyperlinkElementUtils`.
macro_rules! hyperlink_utils {
    (
        href set_href origin protocol set_protocol
        $($getter:ident $setter:ident),*
    ) => {
        fn href(&self, _realm: &Realm) -> String {
            self.upcast::<Element>().url("href")
        }

        fn set_href(&self, _realm: &Realm, value: String) {
            self.upcast::<Element>().change_attribute("href", Some(&value));
        }

        fn origin(&self, _realm: &Realm) -> String {
            link_url(self.upcast()).as_ref().map(quirks::origin).unwrap_or_default()
        }

        fn protocol(&self, _realm: &Realm) -> String {
            let url = link_url(self.upcast());
            url.as_ref().map_or(":", quirks::protocol).to_owned()
        }

        fn set_protocol(&self, _realm: &Realm, value: String) {
            set_part(self.upcast(), |url| quirks::set_protocol(url, &value));
        }

        $(
            fn $getter(&self, _realm: &Realm) -> String {
                part(self.upcast(), quirks::$getter)
            }

            fn $setter(&self, _realm: &Realm, value: String) {
                set_part(self.upcast(), |url| quirks::$setter(url, &value));
            }
        )*
    };
}

impl HTMLAnchorElementMethods for HTMLAnchorElement {
    strings! {
        name set_name "name",
        target set_target "target",
        download set_download "download",
        rel set_rel "rel",
        hreflang set_hreflang "hreflang",
        type_ set_type "type",
    }

    fn text(&self, _realm: &Realm) -> DomString {
        let node: &Node = self.upcast();
        node.tree().descendant_text_content(node.id())
    }

    fn set_text(&self, _realm: &Realm, value: DomString) {
        let node: &Node = self.upcast();
        node.tree().string_replace_all(value, node.id());
    }

    hyperlink_utils! {
        href set_href origin protocol set_protocol
        username set_username, password set_password, host set_host, hostname set_hostname,
        port set_port, pathname set_pathname, search set_search, hash set_hash
    }
}

impl HTMLAreaElementMethods for HTMLAreaElement {
    strings! {
        alt set_alt "alt",
        coords set_coords "coords",
        shape set_shape "shape",
        target set_target "target",
        download set_download "download",
        rel set_rel "rel",
    }

    hyperlink_utils! {
        href set_href origin protocol set_protocol
        username set_username, password set_password, host set_host, hostname set_hostname,
        port set_port, pathname set_pathname, search set_search, hash set_hash
    }
}

impl HTMLMapElementMethods for HTMLMapElement {
    strings! { name set_name "name" }

    fn areas(&self, _realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
        let node: &Node = self.upcast();
        node.same_collection("areas", || {
            let filter = Filter::Chosen(|it| it.is(&local_name!("area")));
            HTMLCollection::create(&self.realm(), &node.root(), filter)
        })
    }
}
