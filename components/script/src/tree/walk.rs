/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Ways through a tree. None of them recurses, however deep it is.

use std::cmp::Ordering;

use super::{Link, Node, NodeId, NodeKind, Tree, get, linked};

impl Tree {
    fn link_of(&self, id: NodeId, link: impl FnOnce(&Node) -> Link) -> Option<NodeId> {
        let slots = self.slots.borrow();
        linked(&slots, link(get(&slots, id)))
    }

    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.link_of(id, |node| node.parent)
    }

    pub(crate) fn first_child(&self, id: NodeId) -> Option<NodeId> {
        self.link_of(id, |node| node.first_child)
    }

    pub(crate) fn last_child(&self, id: NodeId) -> Option<NodeId> {
        self.link_of(id, |node| node.last_child)
    }

    pub(crate) fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.link_of(id, |node| node.next)
    }

    pub(crate) fn previous_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.link_of(id, |node| node.previous)
    }

    pub(crate) fn is_element(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, NodeKind::Element(_))
    }

    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.first_child(id), |child| self.next_sibling(*child))
    }

    pub(crate) fn element_children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.children(id).filter(|child| self.is_element(*child))
    }

    /// What follows a node among its siblings.
    pub(crate) fn following_siblings(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.next_sibling(id), |sibling| self.next_sibling(*sibling))
    }

    /// What precedes a node among its siblings, the nearest first.
    pub(crate) fn preceding_siblings(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.previous_sibling(id), |sibling| self.previous_sibling(*sibling))
    }

    /// The parent, its parent, and so on.
    pub(crate) fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(id), |ancestor| self.parent(*ancestor))
    }

    pub(crate) fn inclusive_ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(id), |ancestor| self.parent(*ancestor))
    }

    /// Everything below a node, in tree order.
    pub(crate) fn descendants(&self, root: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.first_child(root), move |id| self.following(*id, root))
    }

    /// A node and everything below it, in tree order.
    pub(crate) fn inclusive_descendants(&self, root: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(root), move |id| self.following(*id, root))
    }

    /// What comes after a node in tree order, within `root`.
    pub(crate) fn following(&self, id: NodeId, root: NodeId) -> Option<NodeId> {
        if let Some(child) = self.first_child(id) {
            return Some(child);
        }
        self.following_sibling(id, root)
    }

    /// What comes after a node and all below it in tree order, within `root`.
    pub(crate) fn following_sibling(&self, id: NodeId, root: NodeId) -> Option<NodeId> {
        let mut ancestor = id;
        loop {
            if ancestor == root {
                return None;
            }
            if let Some(sibling) = self.next_sibling(ancestor) {
                return Some(sibling);
            }
            ancestor = self.parent(ancestor)?;
        }
    }

    /// What comes before a node in tree order, within `root` and without it.
    pub(crate) fn preceding(&self, id: NodeId, root: NodeId) -> Option<NodeId> {
        if let Some(sibling) = self.previous_sibling(id) {
            let last = |id: &NodeId| self.last_child(*id);
            return std::iter::successors(Some(sibling), last).last();
        }
        self.parent(id).filter(|parent| *parent != root)
    }

    /// Whether `ancestor` is `id` or above it.
    pub(crate) fn is_inclusive_ancestor(&self, ancestor: NodeId, id: NodeId) -> bool {
        // What has no children is above nothing, and a document is above all that is in it.
        if ancestor == id || self.first_child(ancestor).is_none() {
            return ancestor == id;
        }
        if self.is_document(ancestor) {
            return self.is_connected(id) && self.document_of(id) == ancestor;
        }
        self.ancestors(id).any(|id| id == ancestor)
    }

    /// Whether `ancestor` is a [host-including inclusive ancestor](https://dom.spec.whatwg.org/#concept-tree-host-including-inclusive-ancestor)
    /// of `id`.
    pub(crate) fn is_host_including_inclusive_ancestor(
        &self,
        ancestor: NodeId,
        id: NodeId,
    ) -> bool {
        if ancestor == id {
            return true;
        }
        // What has nothing in it is above nothing.
        let contents = self.element(ancestor).and_then(|it| it.template_contents);
        let is_empty = |id| self.first_child(id).is_none();
        if is_empty(ancestor)
            && contents.is_none_or(|contents| contents != id && is_empty(contents))
        {
            return false;
        }
        let mut inner = id;
        loop {
            if self.inclusive_ancestors(inner).any(|id| id == ancestor) {
                return true;
            }
            match *self.kind(self.root(inner)) {
                NodeKind::Fragment { host: Some(host) } if self.is_alive(host) => inner = host,
                _ => return false,
            }
        }
    }

    /// Which of two different nodes comes first in [tree order](https://dom.spec.whatwg.org/#concept-tree-order).
    /// Of nodes in different trees neither does.
    pub(crate) fn tree_order(&self, a: NodeId, b: NodeId) -> Ordering {
        let path = |id| {
            let mut path: Vec<_> = self.inclusive_ancestors(id).collect();
            path.reverse();
            path
        };
        let (path_a, path_b) = (path(a), path(b));
        if path_a.first() != path_b.first() {
            return Ordering::Equal;
        }
        let shared = path_a.iter().zip(&path_b).take_while(|(a, b)| a == b).count();
        match (path_a.get(shared), path_b.get(shared)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => self.sibling_order(*a, *b),
        }
    }

    fn sibling_order(&self, a: NodeId, b: NodeId) -> Ordering {
        // From both at once, so that neighbours are found soon among many.
        let mut after = (self.next_sibling(a), self.next_sibling(b));
        loop {
            match after {
                (Some(next), _) if next == b => return Ordering::Less,
                (_, Some(next)) if next == a => return Ordering::Greater,
                (None, _) => return Ordering::Greater,
                (_, None) => return Ordering::Less,
                (Some(a), Some(b)) => after = (self.next_sibling(a), self.next_sibling(b)),
            }
        }
    }
}
