/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Freeing trees that nobody can reach.

use std::collections::HashSet;

use super::{NodeId, NodeKind, Tree};

impl Tree {
    /// Frees every tree that has become unreachable: no object of its nodes is left, and no parser holds
    /// any of them.
    ///
    /// To be called between tasks, when no Rust code knows a node by its id only.
    pub(crate) fn collect(&self) {
        let mut later = Vec::new();
        let mut held = None;
        loop {
            let candidates = std::mem::take(&mut *self.garbage.borrow_mut());
            if candidates.is_empty() {
                break;
            }
            for id in candidates {
                if !self.is_alive(id) || self.parent(id).is_some() {
                    continue;
                }
                let held = held.get_or_insert_with(|| self.roots_held_by_parsers());
                if held.contains(&id) {
                    later.push(id);
                } else if !self.is_reachable(id) {
                    self.free(id);
                }
            }
        }
        self.garbage.borrow_mut().append(&mut later);
    }

    /// Has a tree that script never saw freed, if nothing is done with it until the task ends.
    pub(crate) fn let_go(&self, root: NodeId) {
        self.garbage.borrow_mut().push(root);
    }

    fn roots_held_by_parsers(&self) -> HashSet<NodeId> {
        let held = self.held_by_parsers.borrow();
        held.values().flatten().map(|id| self.root(*id)).collect()
    }

    fn is_reachable(&self, root: NodeId) -> bool {
        // The objects of a tree hold that of its root.
        self.owner(root).is_some() || self.existing_object(root).is_some()
    }

    fn free(&self, root: NodeId) {
        let mut nodes: Vec<_> = self.inclusive_descendants(root).collect();
        let mut next = 0;
        while let Some(id) = nodes.get(next).copied() {
            next += 1;
            match &*self.kind(id) {
                NodeKind::Element(element) => {
                    nodes.extend(element.attributes.iter().filter_map(|it| it.node));
                    self.garbage.borrow_mut().extend(element.template_contents);
                }
                NodeKind::Document(document) => self.garbage.borrow_mut().extend(document.inert),
                _ => {}
            }
        }
        for id in nodes {
            let slot = &mut self.slots.borrow_mut()[id.index()];
            let node = slot.node.take();
            slot.generation = slot.generation.wrapping_add(1);
            self.free.borrow_mut().push(id.index);
            drop(node);
        }
    }

    /// A parser of the document starts. Returns its number.
    pub(crate) fn parser_started(&self, document: NodeId) -> u64 {
        let mut held = self.held_by_parsers.borrow_mut();
        let number = held.last_key_value().map_or(0, |(last, _)| last + 1);
        held.insert(number, vec![document]);
        number
    }

    /// A parser stops for a while, and holds these nodes.
    pub(crate) fn parser_stopped(&self, number: u64, holds: Vec<NodeId>) {
        self.held_by_parsers.borrow_mut().insert(number, holds);
    }

    /// A parser has ended.
    pub(crate) fn parser_ended(&self, number: u64) {
        self.held_by_parsers.borrow_mut().remove(&number);
    }

    /// How many nodes there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.slots.borrow().iter().filter(|slot| slot.node.is_some()).count()
    }
}
