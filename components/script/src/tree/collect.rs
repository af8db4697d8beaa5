/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Freeing trees that nobody can reach.

use super::{NodeId, NodeKind, Tree};

impl Tree {
    /// Frees every tree that has become unreachable: no object of its nodes is left, and no parser
    /// builds its document.
    ///
    /// To be called between tasks, when no Rust code knows a node by its id only.
    pub(crate) fn collect(&self) {
        let mut later = Vec::new();
        loop {
            let candidates = std::mem::take(&mut *self.garbage.borrow_mut());
            if candidates.is_empty() {
                break;
            }
            for id in candidates {
                if !self.is_alive(id) || self.parent(id).is_some() {
                    continue;
                }
                if self.is_being_parsed(id) {
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

    fn is_being_parsed(&self, id: NodeId) -> bool {
        let document = self.document_of(id);
        self.is_alive(document)
            && matches!(&*self.kind(document), NodeKind::Document(it) if it.parsers > 0)
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

    /// A parser of the document starts to hold nodes.
    pub(crate) fn parser_started(&self, document: NodeId) {
        self.update_document(document, |it| it.parsers += 1);
    }

    /// A parser of the document has ended.
    pub(crate) fn parser_ended(&self, document: NodeId) {
        if self.is_alive(document) {
            self.update_document(document, |it| it.parsers -= 1);
        }
    }

    /// How many nodes there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.slots.borrow().iter().filter(|slot| slot.node.is_some()).count()
    }
}
