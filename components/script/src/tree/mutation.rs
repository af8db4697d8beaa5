/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Mutation algorithms](https://dom.spec.whatwg.org/#mutation-algorithms): the one place in which
//! script changes trees. They queue mutation records and run what elements do at their new places.

use sordino_script_bindings::{DomString, Fallible};

use super::text::{spliced, substring};
use super::{NodeId, NodeKind, Tree};
use crate::dom::{self, TreeRecord};

impl Tree {
    /// [Pre-inserts](https://dom.spec.whatwg.org/#concept-node-pre-insert) a node before a child, or at
    /// the end.
    ///
    /// # Errors
    ///
    /// A `HierarchyRequestError` or `NotFoundError`.
    pub(crate) fn pre_insert(
        &self,
        node: NodeId,
        parent: NodeId,
        child: Option<NodeId>,
    ) -> Fallible<()> {
        self.ensure_pre_insert_validity(node, parent, child, &[])?;
        // A node that goes before itself goes before what follows it.
        let reference = if child == Some(node) { self.next_sibling(node) } else { child };
        self.insert(node, parent, reference);
        Ok(())
    }

    /// [Appends](https://dom.spec.whatwg.org/#concept-node-append) a node.
    ///
    /// # Errors
    ///
    /// A `HierarchyRequestError`.
    pub(crate) fn append(&self, node: NodeId, parent: NodeId) -> Fallible<()> {
        self.pre_insert(node, parent, None)
    }

    /// The nodes that are inserted when this one is; a fragment is emptied.
    fn nodes_to_insert(&self, node: NodeId) -> Vec<NodeId> {
        if !matches!(&*self.kind(node), NodeKind::Fragment { .. }) {
            return vec![node];
        }
        let nodes: Vec<_> = self.children(node).collect();
        for child in &nodes {
            self.remove(*child, true);
        }
        if !nodes.is_empty() {
            self.queue_tree_record(node, &TreeRecord { removed: &nodes, ..Default::default() });
        }
        nodes
    }

    /// [Inserts](https://dom.spec.whatwg.org/#concept-node-insert) a node that may be where it goes.
    pub(crate) fn insert(&self, node: NodeId, parent: NodeId, child: Option<NodeId>) {
        let nodes = self.nodes_to_insert(node);
        if nodes.is_empty() {
            return;
        }
        let previous = self.insert_all(&nodes, parent, child);
        let record = TreeRecord { added: &nodes, removed: &[], previous, next: child };
        self.queue_tree_record(parent, &record);
        self.finish(parent);
    }

    /// Returns what then precedes the nodes. The specification says what preceded the child before the
    /// nodes were taken from their old places, which can be one of them; browsers do as this does.
    fn insert_all(
        &self,
        nodes: &[NodeId],
        parent: NodeId,
        child: Option<NodeId>,
    ) -> Option<NodeId> {
        let document = self.document_of(parent);
        for node in nodes {
            self.adopt(*node, document);
        }
        // Script that removals have run may have moved anything.
        let child = child.filter(|child| self.parent(*child) == Some(parent));
        let previous = match child {
            Some(child) => self.previous_sibling(child),
            None => self.last_child(parent),
        };
        for node in nodes {
            if !self.is_host_including_inclusive_ancestor(*node, parent) {
                self.link(parent, *node, child);
            }
        }
        previous
    }

    /// Runs the children changed steps and the post-connection steps.
    fn finish(&self, parent: NodeId) {
        let steps = self.take_steps();
        dom::children_changed(self, parent);
        dom::run_steps(self, steps);
    }

    /// [Replaces](https://dom.spec.whatwg.org/#concept-node-replace) a child with a node.
    ///
    /// # Errors
    ///
    /// A `HierarchyRequestError` or `NotFoundError`.
    pub(crate) fn replace(&self, child: NodeId, node: NodeId, parent: NodeId) -> Fallible<()> {
        self.ensure_pre_insert_validity(node, parent, Some(child), &[child])?;
        let mut reference = self.next_sibling(child);
        if reference == Some(node) {
            reference = self.next_sibling(node);
        }
        let previous = self.previous_sibling(child);
        self.adopt(node, self.document_of(parent));
        let mut removed = Vec::new();
        // A child that is replaced by itself is gone by now.
        if self.parent(child) == Some(parent) {
            removed.push(child);
            self.remove(child, true);
        }
        let nodes = self.nodes_to_insert(node);
        self.insert_all(&nodes, parent, reference);
        let record = TreeRecord { added: &nodes, removed: &removed, previous, next: reference };
        self.queue_tree_record(parent, &record);
        self.finish(parent);
        Ok(())
    }

    /// [Replaces all](https://dom.spec.whatwg.org/#concept-node-replace-all) children with a node, or
    /// with nothing.
    pub(crate) fn replace_all(&self, node: Option<NodeId>, parent: NodeId) {
        let removed: Vec<_> = self.children(parent).collect();
        let added = node.map(|node| self.nodes_in(node)).unwrap_or_default();
        for child in &removed {
            // Script that a removal runs may have moved the others.
            if self.parent(*child) == Some(parent) {
                self.remove(*child, true);
            }
        }
        if let Some(node) = node {
            let nodes = self.nodes_to_insert(node);
            self.insert_all(&nodes, parent, None);
        }
        if !added.is_empty() || !removed.is_empty() {
            let record =
                TreeRecord { added: &added, removed: &removed, previous: None, next: None };
            self.queue_tree_record(parent, &record);
        }
        self.finish(parent);
    }

    fn nodes_in(&self, node: NodeId) -> Vec<NodeId> {
        match &*self.kind(node) {
            NodeKind::Fragment { .. } => self.children(node).collect(),
            _ => vec![node],
        }
    }

    /// [String replaces all](https://dom.spec.whatwg.org/#string-replace-all) children.
    pub(crate) fn string_replace_all(&self, string: DomString, parent: NodeId) {
        let text = (!string.is_empty())
            .then(|| self.create(self.document_of(parent), NodeKind::Text(string)));
        self.replace_all(text, parent);
    }

    /// [Pre-removes](https://dom.spec.whatwg.org/#concept-node-pre-remove) a child.
    ///
    /// # Errors
    ///
    /// A `NotFoundError`.
    pub(crate) fn pre_remove(&self, child: NodeId, parent: NodeId) -> Fallible<()> {
        self.ensure_is_child(child, parent)?;
        self.remove(child, false);
        Ok(())
    }

    /// [Removes](https://dom.spec.whatwg.org/#concept-node-remove) a node from its parent, if it has one.
    pub(crate) fn remove(&self, node: NodeId, suppresses_observers: bool) {
        let Some(parent) = self.take_out(node, suppresses_observers) else { return };
        let steps = self.take_steps();
        dom::run_steps(self, steps);
        dom::children_changed(self, parent);
    }

    /// The steps of removing in which no script runs, which are all that the parser takes at once.
    /// Returns the parent, if there was one.
    pub(crate) fn take_out(&self, node: NodeId, suppresses_observers: bool) -> Option<NodeId> {
        let parent = self.parent(node)?;
        let (previous, next) = (self.previous_sibling(node), self.next_sibling(node));
        self.detach(node);
        self.add_transient_observers(node, parent);
        if !suppresses_observers {
            let record = TreeRecord { added: &[], removed: &[node], previous, next };
            self.queue_tree_record(parent, &record);
        }
        Some(parent)
    }

    /// Observers hear that the parser has put a node there.
    pub(crate) fn note_inserted(&self, node: NodeId) {
        if !self.observers().are_any() {
            return;
        }
        let Some(parent) = self.parent(node) else { return };
        let (previous, next) = (self.previous_sibling(node), self.next_sibling(node));
        let record = TreeRecord { added: &[node], removed: &[], previous, next };
        self.queue_tree_record(parent, &record);
    }

    /// [Adopts](https://dom.spec.whatwg.org/#concept-node-adopt) a node into a document.
    pub(crate) fn adopt(&self, node: NodeId, document: NodeId) {
        self.remove(node, false);
        self.adopt_detached(node, document);
    }

    /// [Replaces data](https://dom.spec.whatwg.org/#concept-cd-replace) of a `CharacterData` node, which
    /// has `length` units.
    pub(crate) fn replace_data(&self, node: NodeId, offset: usize, count: usize, data: &DomString) {
        let old = self.data(node);
        let new = spliced(&old, offset, count, data);
        self.set_data(node, &old, new);
    }

    /// Replaces all data of a `CharacterData` node.
    pub(crate) fn replace_all_data(&self, node: NodeId, data: DomString) {
        self.set_data(node, &self.data(node), data);
    }

    fn set_data(&self, node: NodeId, old: &DomString, new: DomString) {
        self.queue_data_record(node, old);
        self.update_kind(node, |kind| {
            if let Some(data) = kind.data_mut() {
                *data = new;
            }
        });
        if let Some(parent) = self.parent(node) {
            self.content_changed(parent);
            dom::children_changed(self, parent);
        }
    }

    /// [Splits](https://dom.spec.whatwg.org/#concept-text-split) a text node at an offset that is within
    /// its length. Returns the new node.
    pub(crate) fn split(&self, node: NodeId, offset: usize, length: usize) -> NodeId {
        let count = length - offset;
        let new = substring(&self.data(node), offset, count);
        let kind = match &*self.kind(node) {
            NodeKind::CdataSection(_) => NodeKind::CdataSection(new),
            _ => NodeKind::Text(new),
        };
        let new = self.create(self.document_of(node), kind);
        if let Some(parent) = self.parent(node) {
            self.insert(new, parent, self.next_sibling(node));
        }
        self.replace_data(node, offset, count, &DomString::new());
        new
    }

    /// Some units of the data of a node, within its length.
    pub(crate) fn substring_data(&self, node: NodeId, offset: usize, count: usize) -> DomString {
        self.kind(node).data().map(|data| substring(data, offset, count)).unwrap_or_default()
    }

    /// [`normalize()`](https://dom.spec.whatwg.org/#dom-node-normalize)
    pub(crate) fn normalize(&self, root: NodeId) {
        let mut next = self.following(root, root);
        while let Some(node) = next {
            if !matches!(&*self.kind(node), NodeKind::Text(_)) {
                next = self.following(node, root);
                continue;
            }
            if self.data(node).is_empty() {
                next = self.following(node, root);
                self.remove(node, false);
                continue;
            }
            let is_exclusive = |id: &NodeId| matches!(&*self.kind(*id), NodeKind::Text(_));
            let others: Vec<_> = self.following_siblings(node).take_while(is_exclusive).collect();
            if !others.is_empty() {
                let mut joined = vec![node];
                joined.extend(&others);
                self.replace_all_data(node, self.join_texts(joined.into_iter()));
                for other in others {
                    self.remove(other, false);
                }
            }
            next = self.following(node, root);
        }
    }
}
