/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What is in selectors: names, and the pseudo-classes that say something without a layout.

use std::fmt;

use cssparser::{CowRcStr, ParseError, ToCss};
use html5ever::{LocalName, Namespace, local_name};
use precomputed_hash::PrecomputedHash;
use selectors::SelectorImpl;
use selectors::parser::SelectorParseErrorKind;

use super::element::ElementRef;
use crate::dom::{is_checked, is_disabled, is_form_control};

/// The syntax: no namespace prefixes, and the pseudo-classes that say something without a layout.
pub(super) struct Syntax;

fn unsupported() -> ParseError<SelectorParseErrorKind> {
    ParseError::custom(SelectorParseErrorKind::UnsupportedPseudoClassOrElement)
}

impl<'i> selectors::parser::Parser<'i> for Syntax {
    type Impl = Simple;
    type Error = SelectorParseErrorKind;

    fn parse_is_and_where(&self) -> bool {
        true
    }

    fn parse_has(&self) -> bool {
        true
    }

    fn parse_nth_child_of(&self) -> bool {
        true
    }

    fn parse_non_ts_pseudo_class(
        &self,
        name: CowRcStr<'i>,
    ) -> Result<PseudoClass, ParseError<Self::Error>> {
        PseudoClass::named(&name).ok_or_else(unsupported)
    }

    fn parse_pseudo_element(
        &self,
        name: CowRcStr<'i>,
    ) -> Result<PseudoElement, ParseError<Self::Error>> {
        let name = name.to_ascii_lowercase();
        let found = PSEUDO_ELEMENTS.iter().find(|known| **known == name);
        found.map(|name| PseudoElement(name)).ok_or_else(unsupported)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Simple;

/// A string of a selector.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Text(String);

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl ToCss for Text {
    fn to_css<W: fmt::Write>(&self, destination: &mut W) -> fmt::Result {
        cssparser::serialize_string(&self.0, destination)
    }
}

/// An interned name of a selector.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Name(pub(super) LocalName);

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(LocalName::from(text))
    }
}

impl ToCss for Name {
    fn to_css<W: fmt::Write>(&self, destination: &mut W) -> fmt::Result {
        cssparser::serialize_identifier(&self.0, destination)
    }
}

impl PrecomputedHash for Name {
    fn precomputed_hash(&self) -> u32 {
        self.0.precomputed_hash()
    }
}

/// A pseudo-class that needs no arguments.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum PseudoClass {
    /// A link: nothing was visited.
    AnyLink(&'static str),
    /// No element is pointed at, has the focus or was visited.
    Never(&'static str),
    Checked,
    Disabled,
    Enabled,
    Required,
    Optional,
    Defined,
}

impl PseudoClass {
    fn named(name: &str) -> Option<Self> {
        const NAMES: [(&str, PseudoClass); 13] = [
            ("any-link", PseudoClass::AnyLink("any-link")),
            ("link", PseudoClass::AnyLink("link")),
            ("visited", PseudoClass::Never("visited")),
            ("hover", PseudoClass::Never("hover")),
            ("active", PseudoClass::Never("active")),
            ("focus", PseudoClass::Never("focus")),
            ("focus-visible", PseudoClass::Never("focus-visible")),
            ("focus-within", PseudoClass::Never("focus-within")),
            ("checked", PseudoClass::Checked),
            ("disabled", PseudoClass::Disabled),
            ("enabled", PseudoClass::Enabled),
            ("required", PseudoClass::Required),
            ("optional", PseudoClass::Optional),
        ];
        if name.eq_ignore_ascii_case("defined") {
            return Some(Self::Defined);
        }
        let found = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, class)| *class)
    }

    fn name(self) -> &'static str {
        match self {
            Self::AnyLink(name) | Self::Never(name) => name,
            Self::Checked => "checked",
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::Required => "required",
            Self::Optional => "optional",
            Self::Defined => "defined",
        }
    }

    pub(super) fn matches(self, element: &ElementRef<'_>) -> bool {
        let ElementRef { tree, id, .. } = *element;
        match self {
            Self::AnyLink(_) => selectors::Element::is_link(element),
            Self::Never(_) => false,
            Self::Checked => is_checked(tree, id),
            Self::Disabled => is_form_control(tree, id) && is_disabled(tree, id),
            Self::Enabled => is_form_control(tree, id) && !is_disabled(tree, id),
            Self::Required => element.is_field() && element.has(&local_name!("required")),
            Self::Optional => element.is_field() && !element.has(&local_name!("required")),
            // https://html.spec.whatwg.org/multipage/semantics-other.html#selector-defined
            Self::Defined => element.with(|own| !own.is_html() || !own.name.local.contains('-')),
        }
    }
}

impl selectors::parser::NonTSPseudoClass for PseudoClass {
    fn is_active_or_hover(&self) -> bool {
        matches!(self, Self::Never("active" | "hover"))
    }

    fn is_user_action_state(&self) -> bool {
        matches!(self, Self::Never("active" | "hover" | "focus" | "focus-visible" | "focus-within"))
    }
}

impl ToCss for PseudoClass {
    fn to_css<W: fmt::Write>(&self, destination: &mut W) -> fmt::Result {
        write!(destination, ":{}", self.name())
    }
}

/// Pseudo-elements that are known; none is ever found.
const PSEUDO_ELEMENTS: [&str; 9] = [
    "before",
    "after",
    "first-line",
    "first-letter",
    "marker",
    "placeholder",
    "selection",
    "backdrop",
    "file-selector-button",
];

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct PseudoElement(&'static str);

impl ToCss for PseudoElement {
    fn to_css<W: fmt::Write>(&self, destination: &mut W) -> fmt::Result {
        write!(destination, "::{}", self.0)
    }
}

impl selectors::parser::PseudoElement for PseudoElement {}

impl SelectorImpl for Simple {
    type ExtraMatchingData<'a> = ();
    type AttrValue = Text;
    type Identifier = Name;
    type LocalName = Name;
    type NamespaceUrl = Namespace;
    type NamespacePrefix = Name;
    type BorrowedNamespaceUrl = Namespace;
    type BorrowedLocalName = Name;
    type NonTSPseudoClass = PseudoClass;
    type PseudoElement = PseudoElement;
}
