/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Elements as selectors see them.

use std::fmt;
use std::ptr::NonNull;

use html5ever::{LocalName, Namespace, local_name};
use selectors::OpaqueElement;
use selectors::attr::{AttrSelectorOperation, CaseSensitivity, NamespaceConstraint};
use selectors::bloom::BloomFilter;
use selectors::context::MatchingContext;
use selectors::matching::ElementSelectorFlags;

use super::syntax::{Name, PseudoClass, PseudoElement, Simple, Text};
use crate::tree::{NodeId, NodeKind, Tree};

/// An element of a tree.
#[derive(Clone, Copy)]
pub(super) struct ElementRef<'a> {
    pub(super) tree: &'a Tree,
    pub(super) id: NodeId,
    /// How far below an element that is asked this is, as far as the way led down.
    depth: u32,
}

/// How deep `:has()` looks. The matching calls itself for each level.
const MAX_DEPTH: u32 = 1024;

impl fmt::Debug for ElementRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.id)
    }
}

impl<'a> ElementRef<'a> {
    pub(super) fn new(tree: &'a Tree, id: NodeId) -> Self {
        Self { tree, id, depth: 0 }
    }

    fn at(&self, id: NodeId) -> Option<Self> {
        self.tree.is_element(id).then_some(Self { id, ..*self })
    }

    pub(super) fn with<R>(&self, read: impl FnOnce(&crate::tree::Element) -> R) -> R {
        read(&self.tree.element(self.id).expect("an ElementRef is made for elements only"))
    }

    pub(super) fn has(&self, attribute: &LocalName) -> bool {
        self.with(|own| own.has(attribute))
    }

    /// What can be [required](https://html.spec.whatwg.org/multipage/semantics-other.html#selector-required).
    pub(super) fn is_field(&self) -> bool {
        self.with(|own| {
            own.is_html()
                && matches!(
                    own.name.local,
                    local_name!("input") | local_name!("select") | local_name!("textarea")
                )
        })
    }

    /// For comparison; it is never followed.
    pub(super) fn address(&self) -> OpaqueElement {
        OpaqueElement::from_non_null_ptr(NonNull::without_provenance(self.id.to_address()))
    }
}

fn is_same(own: &str, wanted: &Name, case_sensitivity: CaseSensitivity) -> bool {
    case_sensitivity.eq(own.as_bytes(), wanted.0.as_bytes())
}

impl selectors::Element for ElementRef<'_> {
    type Impl = Simple;

    fn opaque(&self) -> OpaqueElement {
        self.address()
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
        self.tree.preceding_siblings(self.id).find_map(|id| self.at(id))
    }

    fn next_sibling_element(&self) -> Option<Self> {
        self.tree.following_siblings(self.id).find_map(|id| self.at(id))
    }

    fn first_element_child(&self) -> Option<Self> {
        let depth = self.depth + 1;
        let first = self.tree.children(self.id).find_map(|id| self.at(id));
        first.filter(|_| depth <= MAX_DEPTH).map(|child| Self { depth, ..child })
    }

    fn is_html_element_in_html_document(&self) -> bool {
        self.with(crate::tree::Element::is_html) && self.tree.is_in_html_document(self.id)
    }

    fn has_local_name(&self, local_name: &Name) -> bool {
        self.with(|element| element.name.local == local_name.0)
    }

    fn has_namespace(&self, namespace: &Namespace) -> bool {
        self.with(|element| element.name.ns == *namespace)
    }

    fn is_same_type(&self, other: &Self) -> bool {
        self.with(|own| {
            other.with(|other| own.name.local == other.name.local && own.name.ns == other.name.ns)
        })
    }

    fn attr_matches(
        &self,
        namespace: &NamespaceConstraint<&Namespace>,
        local_name: &Name,
        operation: &AttrSelectorOperation<&Text>,
    ) -> bool {
        self.with(|element| {
            element.attributes.iter().any(|own| {
                let in_namespace = match namespace {
                    NamespaceConstraint::Any => true,
                    NamespaceConstraint::Specific(wanted) => own.name.ns == **wanted,
                };
                in_namespace
                    && own.name.local == local_name.0
                    && operation.eval_str(&own.value.to_str_lossy())
            })
        })
    }

    fn match_non_ts_pseudo_class(
        &self,
        pseudo_class: &PseudoClass,
        _context: &mut MatchingContext<'_, Simple>,
    ) -> bool {
        pseudo_class.matches(self)
    }

    fn match_pseudo_element(
        &self,
        _pseudo_element: &PseudoElement,
        _context: &mut MatchingContext<'_, Simple>,
    ) -> bool {
        false
    }

    fn apply_selector_flags(&self, _flags: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        self.with(|element| {
            element.is_html()
                && matches!(element.name.local, local_name!("a") | local_name!("area"))
                && element.has(&local_name!("href"))
        })
    }

    fn is_html_slot_element(&self) -> bool {
        false
    }

    fn has_id(&self, id: &Name, case_sensitivity: CaseSensitivity) -> bool {
        self.with(|element| {
            let own = element.attribute(&local_name!("id"));
            own.is_some_and(|own| is_same(&own, id, case_sensitivity))
        })
    }

    fn has_class(&self, class: &Name, case_sensitivity: CaseSensitivity) -> bool {
        self.with(|element| {
            element.attribute(&local_name!("class")).is_some_and(|own| {
                own.split_ascii_whitespace().any(|own| is_same(own, class, case_sensitivity))
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
            NodeKind::Text(text) | NodeKind::CdataSection(text) => text.is_empty(),
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
