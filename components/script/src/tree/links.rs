/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Putting nodes into trees and taking them out, below the algorithms of the specification, which are
//! in [`mutation`](super::mutation). The parser uses this directly.

use super::{NodeId, NodeKind, Role, Tree, get, get_mut, linked};

/// Something that elements do when they have changed their place, see [`Tree::take_steps`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// The element came into a document, or it is a `source` or an `input` and came anywhere, or the
    /// parser made it.
    Inserted(NodeId),
    /// The `iframe` left its document.
    Removed(NodeId),
}

impl Tree {
    /// Puts a node into `parent`, before a child or at the end; out of where it was, and if need be
    /// into the parent's document.
    pub(crate) fn link(&self, parent: NodeId, id: NodeId, before: Option<NodeId>) {
        self.detach_quietly(id);
        let mut slots = self.slots.borrow_mut();
        let previous = match before {
            Some(before) => get_mut(&mut slots, before).previous.replace(id.index),
            None => get_mut(&mut slots, parent).last_child.replace(id.index),
        };
        match linked(&slots, previous) {
            Some(previous) => get_mut(&mut slots, previous).next = Some(id.index),
            None => get_mut(&mut slots, parent).first_child = Some(id.index),
        }
        let holder = get_mut(&mut slots, parent);
        holder.children_version = holder.children_version.wrapping_add(1);
        let (connected, document) = (holder.connected, holder.document);
        let node = get_mut(&mut slots, id);
        (node.parent, node.previous) = (Some(parent.index), previous);
        node.next = before.map(|before| before.index);
        // Most nodes are put into place before anything is in them, or script has seen them.
        let is_new = node.first_child.is_none() && node.object.is_none();
        let is_settled = is_new
            && !connected
            && node.document == document
            && {
                !matches!(&node.kind, NodeKind::Element(it) if matches!(it.role, Role::Source | Role::Input))
            };
        drop(slots);
        self.new_version();
        if !is_settled {
            self.settle(id);
        }
        self.content_changed(parent);
    }

    /// Takes a node out of its parent.
    pub(crate) fn detach(&self, id: NodeId) {
        if self.detach_quietly(id) {
            self.garbage.borrow_mut().push(id);
        }
    }

    fn detach_quietly(&self, id: NodeId) -> bool {
        let mut slots = self.slots.borrow_mut();
        let node = get_mut(&mut slots, id);
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        let Some(parent) = linked(&slots, parent) else { return false };
        match linked(&slots, previous) {
            Some(previous) => get_mut(&mut slots, previous).next = next,
            None => get_mut(&mut slots, parent).first_child = next,
        }
        match linked(&slots, next) {
            Some(next) => get_mut(&mut slots, next).previous = previous,
            None => get_mut(&mut slots, parent).last_child = previous,
        }
        let holder = get_mut(&mut slots, parent);
        holder.children_version = holder.children_version.wrapping_add(1);
        drop(slots);
        self.new_version();
        self.settle(id);
        self.content_changed(parent);
        true
    }

    /// Makes a subtree that came to another place what that place says: in a document or not, of which
    /// document, and whose objects hold which.
    fn settle(&self, subtree: NodeId) {
        let (connected, document, root) = match self.parent(subtree) {
            Some(parent) => {
                (self.is_connected(parent), self.document_of(parent), self.root(parent))
            }
            None => (false, self.document_of(subtree), subtree),
        };
        let was_connected = self.is_connected(subtree);
        // What takes part in templates is in other trees, which may have templates of their own.
        let mut templates = Vec::new();
        let changes_document = self.document_of(subtree) != document;
        let mut next = Some(subtree);
        while let Some(id) = next {
            if was_connected && !connected {
                self.index(id, false);
            }
            let role = self.with_node(id, |node| {
                node.connected = connected;
                node.document = document;
                match &node.kind {
                    NodeKind::Element(element) => {
                        if changes_document {
                            templates.extend(element.template_contents);
                        }
                        element.role
                    }
                    _ => Role::None,
                }
            });
            if !was_connected && connected {
                self.index(id, true);
            }
            self.note_step(id, role, was_connected, connected, id == subtree);
            self.tie(id, root, changes_document);
            next = self.following(id, subtree);
        }
        for contents in templates {
            self.adopt_contents(contents, document);
        }
    }

    fn note_step(&self, id: NodeId, role: Role, was: bool, is: bool, is_first: bool) {
        let step = match role {
            Role::Script | Role::Frame | Role::Media if is && !was => Step::Inserted(id),
            Role::Input if self.parent(id).is_some() => Step::Inserted(id),
            Role::Source if is_first && self.parent(id).is_some() => Step::Inserted(id),
            Role::Frame if was && !is => Step::Removed(id),
            Role::Media if was && !is => return self.media_moved.set(true),
            _ => return,
        };
        self.steps.borrow_mut().push(step);
    }

    /// The parser made a media element, which starts wherever it is.
    pub(crate) fn created_by_parser(&self, id: NodeId) {
        if self.element(id).is_some_and(|it| it.role == Role::Media) {
            self.steps.borrow_mut().push(Step::Inserted(id));
        }
    }

    /// Whether a media element has left its document, or has come to another one, since it was asked last.
    /// What follows from that waits until the script that runs is over, as it may be put back.
    pub(crate) fn take_media_moved(&self) -> bool {
        self.media_moved.replace(false)
    }

    pub(crate) fn role(&self, id: NodeId) -> Role {
        self.element(id).map_or(Role::None, |element| element.role)
    }

    /// What elements have to do because of their new places. Script may run in these steps: the nodes
    /// may be elsewhere by the time it is theirs.
    pub(crate) fn take_steps(&self) -> Vec<Step> {
        std::mem::take(&mut *self.steps.borrow_mut())
    }

    /// The [adopting steps](https://html.spec.whatwg.org/multipage/scripting.html#the-template-element:concept-node-adopt-ext)
    /// of templates, given their contents and their new document.
    fn adopt_contents(&self, contents: NodeId, document: NodeId) {
        let inert = self.inert_document(document);
        let mut pending = vec![contents];
        while let Some(root) = pending.pop() {
            if self.document_of(root) != inert {
                self.change_document(root, inert, &mut pending);
            }
        }
    }

    fn change_document(&self, root: NodeId, document: NodeId, templates: &mut Vec<NodeId>) {
        let mut next = Some(root);
        while let Some(id) = next {
            self.with_node(id, |node| {
                node.document = document;
                if let NodeKind::Element(element) = &node.kind {
                    templates.extend(element.template_contents);
                    if element.role == Role::Media {
                        self.media_moved.set(true);
                    }
                }
            });
            self.tie(id, root, true);
            next = self.following(id, root);
        }
    }

    /// Makes a subtree that is in no parent one of another document:
    /// [adopt](https://dom.spec.whatwg.org/#concept-node-adopt), after its first step.
    pub(super) fn adopt_detached(&self, root: NodeId, document: NodeId) {
        if self.document_of(root) == document || self.is_document(root) {
            return;
        }
        let mut templates = Vec::new();
        self.change_document(root, document, &mut templates);
        for contents in templates {
            self.adopt_contents(contents, document);
        }
    }

    /// The [root](https://dom.spec.whatwg.org/#concept-tree-root) of a node's tree.
    pub(crate) fn root(&self, id: NodeId) -> NodeId {
        let mut id = id;
        loop {
            let slots = self.slots.borrow();
            let node = get(&slots, id);
            if node.connected {
                return node.document;
            }
            let Some(parent) = linked(&slots, node.parent) else { return id };
            // An object knows the root's, so that deep trees are not climbed each time.
            let object = node.object.as_ref().and_then(|object| object.upgrade());
            drop(slots);
            if let Some(root) = object.and_then(|object| object.holder_id()) {
                return root;
            }
            id = parent;
        }
    }
}
