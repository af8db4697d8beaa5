/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [DOMStringMap](https://html.spec.whatwg.org/multipage/dom.html#domstringmap): the `data-*` attributes of
//! an element.

use html5ever::ns;
use sordino_script_bindings::{
    Dom, DomExceptionName, DomRoot, DomString, Error, Fallible, Realm, Reflector, dom_object,
};

use super::Element;
use super::names::{Context, check_local_name};
use crate::bindings::DOMStringMapMethods;

/// The custom data attributes of an element.
pub(crate) struct DOMStringMap {
    reflector: Reflector,
    element: Dom<Element>,
}

dom_object!(DOMStringMap, reflector, trace(element));

impl DOMStringMap {
    pub(super) fn create(realm: &Realm, element: &DomRoot<Element>) -> Fallible<DomRoot<Self>> {
        let element = Dom::new(element)?;
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new(), element }))
    }
}

/// The name in camel case of a `data-*` attribute.
fn property_name(attribute: &str) -> Option<String> {
    let rest = attribute.strip_prefix("data-")?;
    if rest.contains(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let mut name = String::new();
    let mut characters = rest.chars().peekable();
    while let Some(c) = characters.next() {
        match characters.next_if(|next| c == '-' && next.is_ascii_lowercase()) {
            Some(letter) => name.push(letter.to_ascii_uppercase()),
            None => name.push(c),
        }
    }
    Some(name)
}

/// The `data-*` attribute of a name in camel case; none for a name that no attribute has.
fn attribute_name(property: &str) -> Option<String> {
    let mut name = "data-".to_owned();
    let mut after_hyphen = false;
    for c in property.chars() {
        if after_hyphen && c.is_ascii_lowercase() {
            return None;
        }
        after_hyphen = c == '-';
        if c.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    Some(name)
}

impl DOMStringMapMethods for DOMStringMap {
    fn named_getter(&self, _realm: &Realm, name: DomString) -> Fallible<DomString> {
        let attribute = attribute_name(&name.to_str_lossy());
        Ok(attribute.map(|attribute| self.element.string(&attribute)).unwrap_or_default())
    }

    /// <https://html.spec.whatwg.org/multipage/dom.html#dom-domstringmap-setitem>
    fn named_setter(&self, _realm: &Realm, name: DomString, value: DomString) -> Fallible<()> {
        let Some(attribute) = attribute_name(&name.to_str_lossy()) else {
            let reason = format!("'{name}' has a hyphen before a lower-case letter");
            return Err(Error::dom(DomExceptionName::SyntaxError, reason));
        };
        check_local_name(Context::Attribute, &attribute)?;
        self.element.set_attribute_value(&attribute, value);
        Ok(())
    }

    fn named_deleter(&self, _realm: &Realm, name: DomString) -> Fallible<()> {
        if let Some(attribute) = attribute_name(&name.to_str_lossy()) {
            self.element.change_attribute(&attribute, None);
        }
        Ok(())
    }

    fn supported_property_names(&self, _realm: &Realm) -> Vec<DomString> {
        self.element.with_tree_element(Vec::new(), |own| {
            let plain = own.attributes.iter().filter(|attribute| attribute.name.ns == ns!());
            plain.filter_map(|it| property_name(&it.name.local)).map(DomString::from).collect()
        })
    }

    fn is_supported_property_name(&self, _realm: &Realm, name: &DomString) -> bool {
        let attribute = name.as_str().and_then(attribute_name);
        attribute.is_some_and(|attribute| self.element.has_plain_attribute(&attribute))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_properties_and_attributes_stand_for_each_other() {
        for (attribute, property) in [
            ("data-a", "a"),
            ("data-", ""),
            ("data-long-name", "longName"),
            ("data--x", "X"),
            ("data-a-", "a-"),
            ("data-a-1", "a-1"),
            ("data-a--b", "a-B"),
        ] {
            assert_eq!(property_name(attribute).as_deref(), Some(property), "{attribute}");
            assert_eq!(attribute_name(property).as_deref(), Some(attribute), "{property}");
        }
        assert_eq!(property_name("data-A"), None);
        assert_eq!(property_name("other"), None);
        assert_eq!(attribute_name("a-b"), None);
    }
}
