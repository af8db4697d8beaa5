/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Whether nodes are the same to look at, and where they are to each other.

use std::cmp::Ordering;

use super::{Element, NodeId, NodeKind, Tree, is_same_attribute};

/// The bits of [`compareDocumentPosition()`](https://dom.spec.whatwg.org/#dom-node-comparedocumentposition).
pub(crate) mod position {
    pub(crate) const DISCONNECTED: u16 = 0x01;
    pub(crate) const PRECEDING: u16 = 0x02;
    pub(crate) const FOLLOWING: u16 = 0x04;
    pub(crate) const CONTAINS: u16 = 0x08;
    pub(crate) const CONTAINED_BY: u16 = 0x10;
    pub(crate) const IMPLEMENTATION_SPECIFIC: u16 = 0x20;
}

impl Tree {
    /// Whether a node [equals](https://dom.spec.whatwg.org/#concept-node-equals) another, with all below
    /// them.
    pub(crate) fn is_equal(&self, a: NodeId, b: NodeId) -> bool {
        // Both trees are walked in step; where one goes deeper, the other must.
        let (mut left, mut right) = (a, b);
        loop {
            if !self.is_equal_alone(left, right) {
                return false;
            }
            match (self.first_child(left), self.first_child(right)) {
                (Some(child), Some(other)) => (left, right) = (child, other),
                (None, None) => {
                    let (Some(next), Some(other)) =
                        (self.following_within(left, a), self.following_within(right, b))
                    else {
                        return self.following_within(left, a).is_none()
                            && self.following_within(right, b).is_none();
                    };
                    if next.1 != other.1 {
                        return false;
                    }
                    (left, right) = (next.0, other.0);
                }
                _ => return false,
            }
        }
    }

    /// What follows a node and all below it, within `root`, and how many levels further up it is.
    fn following_within(&self, id: NodeId, root: NodeId) -> Option<(NodeId, usize)> {
        let mut ancestor = id;
        for levels in 0.. {
            if ancestor == root {
                return None;
            }
            if let Some(sibling) = self.next_sibling(ancestor) {
                return Some((sibling, levels));
            }
            ancestor = self.parent(ancestor)?;
        }
        None
    }

    fn is_equal_alone(&self, a: NodeId, b: NodeId) -> bool {
        match (&*self.kind(a), &*self.kind(b)) {
            (NodeKind::Document(_), NodeKind::Document(_))
            | (NodeKind::Fragment { .. }, NodeKind::Fragment { .. }) => true,
            (NodeKind::Doctype(a), NodeKind::Doctype(b)) => a == b,
            (NodeKind::Text(a), NodeKind::Text(b))
            | (NodeKind::CdataSection(a), NodeKind::CdataSection(b))
            | (NodeKind::Comment(a), NodeKind::Comment(b)) => a == b,
            (NodeKind::ProcessingInstruction(a), NodeKind::ProcessingInstruction(b)) => a == b,
            (NodeKind::Element(a), NodeKind::Element(b)) => is_equal_element(a, b),
            (NodeKind::Attribute(one), NodeKind::Attribute(other)) => {
                is_same_attribute(&one.name, &other.name)
                    && self.attribute_value(a) == self.attribute_value(b)
            }
            _ => false,
        }
    }

    /// [`compareDocumentPosition()`](https://dom.spec.whatwg.org/#dom-node-comparedocumentposition), of
    /// `this` with `other`.
    pub(crate) fn compare_position(&self, this: NodeId, other: NodeId) -> u16 {
        use position::{
            CONTAINED_BY, CONTAINS, DISCONNECTED, FOLLOWING, IMPLEMENTATION_SPECIFIC, PRECEDING,
        };
        if this == other {
            return 0;
        }
        let element = |id| self.attribute_parts(id).and_then(|(_, element)| element);
        let (other_attribute, this_attribute) = (element(other), element(this));
        let (mut node1, mut node2) = (other, this);
        if let Some(element) = other_attribute {
            node1 = element;
        }
        if let Some(element) = this_attribute {
            node2 = element;
            if other_attribute.is_some() && node1 == node2 {
                let order = self.attribute_order(element, other, this);
                return IMPLEMENTATION_SPECIFIC
                    | if order == Ordering::Less { PRECEDING } else { FOLLOWING };
            }
        }
        if self.root(node1) != self.root(node2) {
            // Any order that stays the same.
            let order = if node1 < node2 { PRECEDING } else { FOLLOWING };
            return DISCONNECTED | IMPLEMENTATION_SPECIFIC | order;
        }
        if node1 == node2 {
            // One is an attribute of the other.
            return if this_attribute.is_some() {
                CONTAINS | PRECEDING
            } else {
                CONTAINED_BY | FOLLOWING
            };
        }
        if other_attribute.is_none() && self.is_inclusive_ancestor(node1, node2) {
            return CONTAINS | PRECEDING;
        }
        if this_attribute.is_none() && self.is_inclusive_ancestor(node2, node1) {
            return CONTAINED_BY | FOLLOWING;
        }
        match self.tree_order(node1, node2) {
            Ordering::Less => PRECEDING,
            _ => FOLLOWING,
        }
    }

    fn attribute_order(&self, element: NodeId, a: NodeId, b: NodeId) -> Ordering {
        let own = self.element(element);
        let place = |id| {
            own.as_ref().and_then(|it| it.attributes.iter().position(|at| at.node == Some(id)))
        };
        place(a).cmp(&place(b))
    }
}

fn is_equal_element(a: &Element, b: &Element) -> bool {
    a.name == b.name
        && a.attributes.len() == b.attributes.len()
        && a.attributes.iter().all(|own| {
            b.by_namespace(&own.name.ns, &own.name.local)
                .is_some_and(|other| own.value == other.value)
        })
}
