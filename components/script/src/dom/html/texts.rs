/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Elements that mark text and lists up, and `source`.

use sordino_script_bindings::{DomObjectExt, DomString, Realm, dom_object};

use super::{booleans, html_elements, strings, unsigned_integers, urls};
use crate::bindings::{
    HTMLDataElementMethods, HTMLDetailsElementMethods, HTMLLIElementMethods, HTMLModElementMethods,
    HTMLOListElementMethods, HTMLQuoteElementMethods, HTMLSourceElementMethods,
    HTMLTimeElementMethods,
};
use crate::dom::{Element, HTMLElement};
use crate::tree::NodeRef;

html_elements! {
    /// A `data`.
    HTMLDataElement,
    /// A `details`.
    HTMLDetailsElement,
    /// An `li`.
    HTMLLIElement,
    /// An `ins` or a `del`.
    HTMLModElement,
    /// An `ol`.
    HTMLOListElement,
    /// A `blockquote` or a `q`.
    HTMLQuoteElement,
    /// A `source`.
    HTMLSourceElement,
    /// A `time`.
    HTMLTimeElement,
}

impl HTMLDataElementMethods for HTMLDataElement {
    strings! { value set_value "value" }
}

impl HTMLDetailsElementMethods for HTMLDetailsElement {
    strings! { name set_name "name" }
    booleans! { open set_open "open" }
}

impl HTMLLIElementMethods for HTMLLIElement {
    fn value(&self, _realm: &Realm) -> i32 {
        self.upcast::<Element>().integer("value").unwrap_or(0)
    }

    fn set_value(&self, _realm: &Realm, value: i32) {
        self.upcast::<Element>().set_integer("value", value);
    }
}

impl HTMLModElementMethods for HTMLModElement {
    urls! { cite set_cite "cite" }
    strings! { date_time set_date_time "datetime" }
}

impl HTMLOListElementMethods for HTMLOListElement {
    booleans! { reversed set_reversed "reversed" }
    strings! { type_ set_type "type" }

    fn start(&self, _realm: &Realm) -> i32 {
        self.upcast::<Element>().integer("start").unwrap_or(1)
    }

    fn set_start(&self, _realm: &Realm, value: i32) {
        self.upcast::<Element>().set_integer("start", value);
    }
}

impl HTMLQuoteElementMethods for HTMLQuoteElement {
    urls! { cite set_cite "cite" }
}

impl HTMLSourceElementMethods for HTMLSourceElement {
    urls! { src set_src "src" }
    strings! {
        type_ set_type "type",
        sizes set_sizes "sizes",
        media set_media "media",
    }
    unsigned_integers! { width set_width "width", height set_height "height" }

    fn srcset(&self, _realm: &Realm) -> String {
        self.upcast::<Element>().attribute("srcset").unwrap_or_default()
    }

    fn set_srcset(&self, _realm: &Realm, value: String) {
        self.upcast::<Element>().change_attribute("srcset", Some(&value));
    }
}

impl HTMLTimeElementMethods for HTMLTimeElement {
    strings! { date_time set_date_time "datetime" }
}
