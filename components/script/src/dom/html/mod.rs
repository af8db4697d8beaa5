/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Elements of HTML with little of their own.
//!
//! * this file: [reflecting attributes](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflect),
//!   and interfaces without members.
//! * `metadata`: what is in a `head`. `script`: scripts and templates.
//! * `links`: what has an `href` that leads somewhere; `hyperlinks`: going there.
//! * `texts`: what marks text up.
//! * `forms`: forms and what is in them; `input`: `input`; `form_controls`: what they have in common.

mod form_controls;
mod forms;
mod hyperlinks;
mod input;
mod links;
mod metadata;
mod script;
mod texts;

use sordino_script_bindings::{DomObjectExt, dom_object};
use sordino_traits::embedder::CredentialsMode;

use super::{Element, HTMLElement, Node};
use crate::bindings::{
    HTMLBRElementMethods, HTMLDListElementMethods, HTMLDivElementMethods, HTMLHRElementMethods,
    HTMLHeadElementMethods, HTMLHeadingElementMethods, HTMLHtmlElementMethods,
    HTMLLegendElementMethods, HTMLMenuElementMethods, HTMLParagraphElementMethods,
    HTMLPictureElementMethods, HTMLPreElementMethods, HTMLSpanElementMethods,
    HTMLUListElementMethods,
};
use crate::tree::NodeRef;

pub(crate) use form_controls::{form_owner, is_disabled, is_disabled_control, is_form_control};
pub(crate) use forms::{
    HTMLButtonElement, HTMLDataListElement, HTMLFieldSetElement, HTMLFormElement, HTMLLabelElement,
    HTMLMeterElement, HTMLProgressElement, HTMLTextAreaElement,
};
pub(crate) use hyperlinks::follow_hyperlink;
pub(crate) use input::{
    HTMLInputElement, PreActivation, input_attribute_changed, input_inserted, is_checked,
};
pub(crate) use links::{HTMLAnchorElement, HTMLAreaElement, HTMLMapElement};
pub(crate) use metadata::{
    HTMLBaseElement, HTMLLinkElement, HTMLMetaElement, HTMLStyleElement, HTMLTitleElement,
};
pub(crate) use script::{HTMLScriptElement, HTMLTemplateElement};
pub(crate) use texts::{
    HTMLDataElement, HTMLDetailsElement, HTMLLIElement, HTMLModElement, HTMLOListElement,
    HTMLQuoteElement, HTMLSourceElement, HTMLTimeElement,
};

/// A kind of HTML element that holds nothing.
macro_rules! html_elements {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            pub(crate) struct $name {
                html_element: HTMLElement,
            }

            dom_object!($name: HTMLElement, html_element);

            impl $name {
                pub(crate) fn new(node: NodeRef) -> Self {
                    Self { html_element: HTMLElement::new(node) }
                }
            }
        )*
    };
}
pub(super) use html_elements;

/// Getters and setters that reflect a content attribute as a string.
macro_rules! strings {
    ($($getter:ident $setter:ident $attribute:literal),* $(,)?) => {
        $(
            fn $getter(&self, _realm: &Realm) -> DomString {
                self.upcast::<Element>().string($attribute)
            }

            fn $setter(&self, _realm: &Realm, value: DomString) {
                self.upcast::<Element>().set_attribute_value($attribute, value);
            }
        )*
    };
}
pub(super) use strings;

/// Getters and setters that reflect a content attribute as a boolean.
macro_rules! booleans {
    ($($getter:ident $setter:ident $attribute:literal),* $(,)?) => {
        $(
            fn $getter(&self, _realm: &Realm) -> bool {
                self.upcast::<Element>().has_plain_attribute($attribute)
            }

            fn $setter(&self, _realm: &Realm, value: bool) {
                let value = value.then_some("");
                self.upcast::<Element>().change_attribute($attribute, value);
            }
        )*
    };
}
pub(super) use booleans;

/// Getters and setters that reflect a content attribute as a URL.
macro_rules! urls {
    ($($getter:ident $setter:ident $attribute:literal),* $(,)?) => {
        $(
            fn $getter(&self, _realm: &Realm) -> String {
                self.upcast::<Element>().url($attribute)
            }

            fn $setter(&self, _realm: &Realm, value: String) {
                self.upcast::<Element>().change_attribute($attribute, Some(&value));
            }
        )*
    };
}
pub(super) use urls;

/// Getters and setters that reflect a content attribute as an
/// [unsigned integer](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflecting-content-attributes-in-idl-attributes:idl-unsigned-long).
macro_rules! unsigned_integers {
    ($($getter:ident $setter:ident $attribute:literal),* $(,)?) => {
        $(
            fn $getter(&self, _realm: &Realm) -> u32 {
                let value = self.upcast::<Element>().integer($attribute);
                value.and_then(|value| u32::try_from(value).ok()).unwrap_or(0)
            }

            fn $setter(&self, _realm: &Realm, value: u32) {
                let value = i32::try_from(value).unwrap_or(0);
                self.upcast::<Element>().set_integer($attribute, value);
            }
        )*
    };
}
pub(super) use unsigned_integers;

/// A getter and a setter that reflect a [CORS settings attribute](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes).
macro_rules! cross_origin {
    ($getter:ident $setter:ident) => {
        fn $getter(&self, _realm: &Realm) -> Option<DomString> {
            Some(match self.upcast::<Element>().cors()? {
                CredentialsMode::Include => "use-credentials".into(),
                CredentialsMode::SameOrigin | CredentialsMode::Omit => "anonymous".into(),
            })
        }

        fn $setter(&self, _realm: &Realm, value: Option<DomString>) {
            let element = self.upcast::<Element>();
            match value {
                Some(value) => element.set_attribute_value("crossorigin", value),
                None => element.change_attribute("crossorigin", None),
            }
        }
    };
}
pub(super) use cross_origin;

/// Getters and setters that reflect a content attribute, [limited to only known values](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#limited-to-only-known-values):
/// the values, then what a missing and what a wrong one stand for.
macro_rules! keywords {
    ($getter:ident $setter:ident $attribute:literal [$($known:literal),*] $missing:literal $invalid:literal) => {
        fn $getter(&self, _realm: &Realm) -> DomString {
            let element = self.upcast::<Element>();
            element.keyword($attribute, &[$($known),*], $missing, $invalid).into()
        }

        fn $setter(&self, _realm: &Realm, value: DomString) {
            self.upcast::<Element>().set_attribute_value($attribute, value);
        }
    };
}
pub(super) use keywords;

impl Element {
    /// A reflected URL: absolute if it can be parsed.
    pub(super) fn url(&self, attribute: &str) -> String {
        let Some(value) = self.attribute(attribute) else { return String::new() };
        let base = self.upcast::<Node>().document().base_url();
        base.join(&value).map_or(value, String::from)
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

    /// A reflected attribute that has only some values.
    pub(super) fn keyword(
        &self,
        attribute: &str,
        known: &[&'static str],
        missing: &'static str,
        invalid: &'static str,
    ) -> &'static str {
        match self.attribute(attribute) {
            None => missing,
            Some(value) => {
                let found = known.iter().find(|known| known.eq_ignore_ascii_case(&value));
                found.copied().unwrap_or(invalid)
            }
        }
    }

    /// A reflected attribute that is an [integer](https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-integers).
    pub(super) fn integer(&self, attribute: &str) -> Option<i32> {
        parse_integer(&self.attribute(attribute)?)
    }

    pub(super) fn set_integer(&self, attribute: &str, value: i32) {
        self.change_attribute(attribute, Some(&value.to_string()));
    }
}

/// [Parses an integer](https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-integers).
fn parse_integer(text: &str) -> Option<i32> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let number: i64 = digits[..end].parse().ok()?;
    i32::try_from(sign * number).ok()
}

html_elements! {
    /// A `br`.
    HTMLBRElement,
    /// A `dl`.
    HTMLDListElement,
    /// A `div`.
    HTMLDivElement,
    /// An `hr`.
    HTMLHRElement,
    /// A `head`.
    HTMLHeadElement,
    /// An `h1` to `h6`.
    HTMLHeadingElement,
    /// An `html`.
    HTMLHtmlElement,
    /// A `legend`.
    HTMLLegendElement,
    /// A `menu`.
    HTMLMenuElement,
    /// A `p`.
    HTMLParagraphElement,
    /// A `picture`.
    HTMLPictureElement,
    /// A `pre`.
    HTMLPreElement,
    /// A `span`.
    HTMLSpanElement,
    /// A `ul`.
    HTMLUListElement,
}

impl HTMLBRElementMethods for HTMLBRElement {}
impl HTMLDListElementMethods for HTMLDListElement {}
impl HTMLDivElementMethods for HTMLDivElement {}
impl HTMLHRElementMethods for HTMLHRElement {}
impl HTMLHeadElementMethods for HTMLHeadElement {}
impl HTMLHeadingElementMethods for HTMLHeadingElement {}
impl HTMLHtmlElementMethods for HTMLHtmlElement {}
impl HTMLLegendElementMethods for HTMLLegendElement {}
impl HTMLMenuElementMethods for HTMLMenuElement {}
impl HTMLParagraphElementMethods for HTMLParagraphElement {}
impl HTMLPictureElementMethods for HTMLPictureElement {}
impl HTMLPreElementMethods for HTMLPreElement {}
impl HTMLSpanElementMethods for HTMLSpanElement {}
impl HTMLUListElementMethods for HTMLUListElement {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_parsed_as_html_says() {
        for (text, number) in [
            ("12", Some(12)),
            (" \t-3px", Some(-3)),
            ("+4 5", Some(4)),
            ("", None),
            ("x1", None),
            ("2147483648", None),
            ("-2147483648", Some(i32::MIN)),
        ] {
            assert_eq!(parse_integer(text), number, "{text}");
        }
    }
}
