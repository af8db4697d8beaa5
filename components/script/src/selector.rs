/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! CSS selectors on the node tree, for `querySelector` and for clicks on the user's behalf.

use std::fmt;
use std::ptr::NonNull;
use std::rc::Rc;

use cssparser::{Parser, ToCss};
use html5ever::{LocalName, Namespace, local_name};
use precomputed_hash::PrecomputedHash;
use selectors::attr::{AttrSelectorOperation, CaseSensitivity, NamespaceConstraint};
use selectors::bloom::BloomFilter;
use selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, QuirksMode,
    SelectorCaches,
};
use selectors::matching::{ElementSelectorFlags, matches_selector_list};
use selectors::parser::{ParseRelative, SelectorList, SelectorParseErrorKind};
use selectors::{OpaqueElement, SelectorImpl};

use crate::tree::{NodeId, NodeKind, Tree};

/// The first element below `root`, in tree order, that matches any of the selectors.
///
/// # Errors
///
/// What is wrong with the selectors, for a `SyntaxError`.
pub(crate) fn query(tree: &Rc<Tree>, root: NodeId, text: &str) -> Result<Option<NodeId>, String> {
    let list = SelectorList::parse(&NoExtras, &mut Parser::new(text), ParseRelative::No)
        .map_err(|_| format!("'{text}' is not a valid selector"))?;
    let mut caches = SelectorCaches::default();
    let quirks = if tree.is_quirky(tree.document_of(root)) {
        QuirksMode::Quirks
    } else {
        QuirksMode::NoQuirks
    };
    let mut context = MatchingContext::new(
        MatchingMode::Normal,
        None,
        &mut caches,
        quirks,
        NeedsSelectorFlags::No,
        MatchingForInvalidation::No,
    );
    let found = tree.descendants(root).find(|id| {
        tree.element(*id).is_some()
            && matches_selector_list(
                &list,
                &ElementRef { tree: tree.clone(), id: *id },
                &mut context,
            )
    });
    Ok(found)
}

/// No namespaces, pseudo-elements or pseudo-classes beyond the structural ones.
struct NoExtras;

impl<'i> selectors::parser::Parser<'i> for NoExtras {
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
}

#[derive(Clone, Debug)]
struct Simple;

/// A string of a selector.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Text(String);

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
struct Name(LocalName);

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

/// There is none; the type has no value.
#[derive(Clone, Debug, Eq, PartialEq)]
enum PseudoClass {}

impl selectors::parser::NonTSPseudoClass for PseudoClass {
    fn is_active_or_hover(&self) -> bool {
        match *self {}
    }

    fn is_user_action_state(&self) -> bool {
        match *self {}
    }
}

impl ToCss for PseudoClass {
    fn to_css<W: fmt::Write>(&self, _destination: &mut W) -> fmt::Result {
        match *self {}
    }
}

impl selectors::parser::PseudoElement for PseudoClass {}

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
    type PseudoElement = PseudoClass;
}

#[derive(Clone)]
struct ElementRef {
    tree: Rc<Tree>,
    id: NodeId,
}

impl fmt::Debug for ElementRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.id)
    }
}

impl ElementRef {
    fn at(&self, id: NodeId) -> Option<Self> {
        self.tree.element(id).is_some().then(|| Self { tree: self.tree.clone(), id })
    }

    fn with<R>(&self, read: impl FnOnce(&crate::tree::Element) -> R) -> R {
        read(&self.tree.element(self.id).expect("an ElementRef is made for elements only"))
    }

    fn is_same(&self, own: &str, wanted: &Name, case_sensitivity: CaseSensitivity) -> bool {
        case_sensitivity.eq(own.as_bytes(), wanted.0.as_bytes())
    }
}

impl selectors::Element for ElementRef {
    type Impl = Simple;

    fn opaque(&self) -> OpaqueElement {
        // Compared, never followed.
        OpaqueElement::from_non_null_ptr(NonNull::without_provenance(self.id.to_address()))
    }

    fn parent_element(&self) -> Option<Self> {
        self.at(self.tree.parent(self.id)?)
    }

    fn parent_node_is_shadow_root(&self) -> bool {
        false
    }

    fn containing_shadow_host(&self) -> Option<Self> {
        None
    }

    fn is_pseudo_element(&self) -> bool {
        false
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        let before = |id: &NodeId| self.tree.previous_sibling(*id);
        std::iter::successors(before(&self.id), before).find_map(|id| self.at(id))
    }

    fn next_sibling_element(&self) -> Option<Self> {
        let after = |id: &NodeId| self.tree.next_sibling(*id);
        std::iter::successors(after(&self.id), after).find_map(|id| self.at(id))
    }

    fn first_element_child(&self) -> Option<Self> {
        self.tree.children(self.id).find_map(|id| self.at(id))
    }

    fn is_html_element_in_html_document(&self) -> bool {
        self.with(|element| element.is_html())
    }

    fn has_local_name(&self, local_name: &Name) -> bool {
        self.with(|element| element.name.local == local_name.0)
    }

    fn has_namespace(&self, namespace: &Namespace) -> bool {
        self.with(|element| element.name.ns == *namespace)
    }

    fn is_same_type(&self, other: &Self) -> bool {
        self.with(|own| other.with(|other| own.name == other.name))
    }

    fn attr_matches(
        &self,
        namespace: &NamespaceConstraint<&Namespace>,
        local_name: &Name,
        operation: &AttrSelectorOperation<&Text>,
    ) -> bool {
        self.with(|element| {
            element.attributes.iter().any(|(name, value)| {
                let in_namespace = match namespace {
                    NamespaceConstraint::Any => true,
                    NamespaceConstraint::Specific(wanted) => name.ns == **wanted,
                };
                in_namespace && name.local == local_name.0 && operation.eval_str(value)
            })
        })
    }

    fn match_non_ts_pseudo_class(
        &self,
        pseudo_class: &PseudoClass,
        _context: &mut MatchingContext<'_, Simple>,
    ) -> bool {
        match *pseudo_class {}
    }

    fn match_pseudo_element(
        &self,
        pseudo_element: &PseudoClass,
        _context: &mut MatchingContext<'_, Simple>,
    ) -> bool {
        match *pseudo_element {}
    }

    fn apply_selector_flags(&self, _flags: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        self.with(|element| {
            element.is_html()
                && matches!(element.name.local, local_name!("a") | local_name!("area"))
                && element.attribute(&local_name!("href")).is_some()
        })
    }

    fn is_html_slot_element(&self) -> bool {
        false
    }

    fn has_id(&self, id: &Name, case_sensitivity: CaseSensitivity) -> bool {
        self.with(|element| {
            element
                .attribute(&local_name!("id"))
                .is_some_and(|own| self.is_same(own, id, case_sensitivity))
        })
    }

    fn has_class(&self, class: &Name, case_sensitivity: CaseSensitivity) -> bool {
        self.with(|element| {
            element.attribute(&local_name!("class")).is_some_and(|own| {
                own.split_ascii_whitespace().any(|own| self.is_same(own, class, case_sensitivity))
            })
        })
    }

    fn has_custom_state(&self, _name: &Name) -> bool {
        false
    }

    fn imported_part(&self, _name: &Name) -> Option<Name> {
        None
    }

    fn is_part(&self, _name: &Name) -> bool {
        false
    }

    fn is_empty(&self) -> bool {
        self.tree.children(self.id).all(|child| match &*self.tree.kind(child) {
            NodeKind::Element(_) => false,
            NodeKind::Text(text) => text.is_empty(),
            _ => true,
        })
    }

    fn is_root(&self) -> bool {
        self.tree.parent(self.id).is_some_and(|parent| self.tree.is_document(parent))
    }

    fn add_element_unique_hashes(&self, _filter: &mut BloomFilter) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::parse_for_test;

    #[test]
    fn selectors_find_the_first_match_in_tree_order() {
        let (tree, document) = parse_for_test(
            "<body><p class='a B'>one<p id=two data-n=2><span>x</span><ul><li>1<li>2</ul>",
        );
        let find = |selector: &str| {
            let found = query(&tree, document, selector).unwrap();
            found.and_then(|id| tree.text_content(id))
        };
        assert_eq!(find("p").as_deref(), Some("one"));
        assert_eq!(find("P.B").as_deref(), Some("one"));
        assert_eq!(find("#two > span").as_deref(), Some("x"));
        assert_eq!(find("p + p[data-n='2']").as_deref(), Some("x"));
        assert_eq!(find("li:last-child, li:nth-child(2)").as_deref(), Some("2"));
        assert_eq!(find("ul:not(:has(p)) li").as_deref(), Some("1"));
        assert_eq!(find(".missing"), None);
    }

    #[test]
    fn a_bad_selector_is_an_error() {
        let (tree, document) = parse_for_test("<p>");
        for bad in ["", "p >", "::before", "p:hover", "[", "a b,"] {
            let error = query(&tree, document, bad).unwrap_err();
            assert!(error.contains("not a valid selector"), "{bad}: {error}");
        }
    }
}
