/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [DOMTokenList](https://dom.spec.whatwg.org/#interface-domtokenlist).

use std::collections::HashSet;

use html5ever::LocalName;
use sordino_script_bindings::{
    Dom, DomExceptionName, DomRoot, DomString, Error, Fallible, Realm, Reflector, dom_object,
};

use super::Element;
use crate::bindings::DOMTokenListMethods;

/// The tokens of an attribute.
pub(crate) struct DOMTokenList {
    reflector: Reflector,
    element: Dom<Element>,
    attribute: LocalName,
}

dom_object!(DOMTokenList, reflector, trace(element));

impl DOMTokenList {
    /// The tokens of an attribute without a namespace.
    pub(super) fn create(
        realm: &Realm,
        element: &DomRoot<Element>,
        attribute: LocalName,
    ) -> Fallible<DomRoot<Self>> {
        let element = Dom::new(element)?;
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new(), element, attribute }))
    }

    /// The [token set](https://dom.spec.whatwg.org/#concept-dtl-tokens).
    fn tokens(&self) -> Vec<String> {
        ordered_set(&self.element.attribute(&self.attribute).unwrap_or_default())
    }

    /// The [update steps](https://dom.spec.whatwg.org/#concept-dtl-update).
    fn update(&self, tokens: &[String]) {
        if tokens.is_empty() && self.element.attribute(&self.attribute).is_none() {
            return;
        }
        self.element.change_attribute(&self.attribute, Some(&tokens.join(" ")));
    }
}

/// The [ordered set parser](https://dom.spec.whatwg.org/#concept-ordered-set-parser).
fn ordered_set(text: &str) -> Vec<String> {
    let mut known = HashSet::new();
    let tokens = text.split_ascii_whitespace().filter(|token| known.insert(*token));
    tokens.map(str::to_owned).collect()
}

fn has_space(token: &str) -> bool {
    token.contains(|c: char| c.is_ascii_whitespace())
}

/// Tokens that are neither empty nor have white space.
fn checked(tokens: Vec<DomString>) -> Fallible<Vec<String>> {
    let check = |token: DomString| {
        let token = token.into_string_lossy();
        match token.is_empty() {
            true => Err(Error::dom(DomExceptionName::SyntaxError, "a token is empty")),
            false if has_space(&token) => {
                let reason = format!("'{token}' has white space");
                Err(Error::dom(DomExceptionName::InvalidCharacterError, reason))
            }
            false => Ok(token),
        }
    };
    tokens.into_iter().map(check).collect()
}

impl DOMTokenListMethods for DOMTokenList {
    fn length(&self, _realm: &Realm) -> u32 {
        u32::try_from(self.tokens().len()).unwrap_or(u32::MAX)
    }

    fn item(&self, _realm: &Realm, index: u32) -> Fallible<Option<DomString>> {
        let index = usize::try_from(index).ok();
        Ok(index.and_then(|index| self.tokens().into_iter().nth(index)).map(DomString::from))
    }

    fn contains(&self, _realm: &Realm, token: DomString) -> Fallible<bool> {
        let own = self.element.attribute(&self.attribute).unwrap_or_default();
        Ok(own.split_ascii_whitespace().any(|own| token == *own))
    }

    fn add(&self, _realm: &Realm, tokens: Vec<DomString>) -> Fallible<()> {
        let mut own = self.tokens();
        for token in checked(tokens)? {
            if !own.contains(&token) {
                own.push(token);
            }
        }
        self.update(&own);
        Ok(())
    }

    fn remove(&self, _realm: &Realm, tokens: Vec<DomString>) -> Fallible<()> {
        let tokens = checked(tokens)?;
        let mut own = self.tokens();
        own.retain(|token| !tokens.contains(token));
        self.update(&own);
        Ok(())
    }

    /// <https://dom.spec.whatwg.org/#dom-domtokenlist-toggle>
    fn toggle(&self, _realm: &Realm, token: DomString, force: Option<bool>) -> Fallible<bool> {
        let mut own = self.tokens();
        let Some(token) = checked(vec![token])?.pop() else { return Ok(false) };
        match (own.iter().position(|other| *other == token), force) {
            (Some(_), Some(true)) => Ok(true),
            (Some(place), _) => {
                own.remove(place);
                self.update(&own);
                Ok(false)
            }
            (None, Some(false)) => Ok(false),
            (None, _) => {
                own.push(token);
                self.update(&own);
                Ok(true)
            }
        }
    }

    /// <https://dom.spec.whatwg.org/#dom-domtokenlist-replace>
    fn replace(&self, _realm: &Realm, token: DomString, new_token: DomString) -> Fallible<bool> {
        // That one is empty comes before white space in the other.
        if new_token.is_empty() {
            checked(vec![new_token.clone()])?;
        }
        let mut tokens = checked(vec![token, new_token])?;
        let (Some(new), Some(old)) = (tokens.pop(), tokens.pop()) else { return Ok(false) };
        let mut own = self.tokens();
        let Some(place) = own.iter().position(|other| *other == old) else { return Ok(false) };
        // Infra's "replace" leaves one of the two where either was first.
        match own.iter().position(|other| *other == new) {
            Some(other) if other < place => {
                own.remove(place);
            }
            other => {
                if let Some(other) = other.filter(|other| *other != place) {
                    own.remove(other);
                }
                own[place] = new;
            }
        }
        self.update(&own);
        Ok(true)
    }

    /// <https://dom.spec.whatwg.org/#dom-domtokenlist-supports>
    fn supports(&self, _realm: &Realm, _token: DomString) -> Fallible<bool> {
        let reason = format!("the attribute {} has no supported tokens", self.attribute);
        Err(Error::type_error(reason))
    }

    fn value(&self, _realm: &Realm) -> DomString {
        self.element.attribute_value(&self.attribute).unwrap_or_default()
    }

    fn set_value(&self, _realm: &Realm, value: DomString) {
        self.element.set_attribute_value(&self.attribute, value);
    }
}
