/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What may be put where.

use sordino_script_bindings::{DomExceptionName, Error, Fallible};

use super::{NodeId, NodeKind, Tree};

fn hierarchy_error(reason: &str) -> Error {
    Error::dom(DomExceptionName::HierarchyRequestError, reason)
}

fn not_a_child() -> Error {
    let reason = "the node that was named is not a child of this node";
    Error::dom(DomExceptionName::NotFoundError, reason)
}

const ONE_ELEMENT: &str = "a document has one element at most";
const ONE_DOCTYPE: &str = "a document has one doctype at most, before its element";

impl Tree {
    fn has_doctype(&self, mut nodes: impl Iterator<Item = NodeId>) -> bool {
        nodes.any(|id| matches!(&*self.kind(id), NodeKind::Doctype(_)))
    }

    fn has_element(&self, mut nodes: impl Iterator<Item = NodeId>) -> bool {
        nodes.any(|id| self.is_element(id))
    }

    /// [Ensures pre-insert validity](https://dom.spec.whatwg.org/#concept-node-ensure-pre-insertion-validity).
    ///
    /// # Errors
    ///
    /// A `HierarchyRequestError` or `NotFoundError`.
    pub(crate) fn ensure_pre_insert_validity(
        &self,
        node: NodeId,
        parent: NodeId,
        child: Option<NodeId>,
    ) -> Fallible<()> {
        self.ensure_right_kinds(node, parent, child)?;
        if !self.is_document(parent) {
            return Ok(());
        }
        let precedes_doctype = |child: NodeId| self.has_doctype(self.following_siblings(child));
        let follows_element = || match child {
            Some(child) => self.has_element(self.preceding_siblings(child)),
            None => self.has_element(self.children(parent)),
        };
        let takes_element = || {
            let is_free = !self.has_element(self.children(parent));
            let is_after_doctype = child.is_none_or(|child| {
                !matches!(&*self.kind(child), NodeKind::Doctype(_)) && !precedes_doctype(child)
            });
            is_free && is_after_doctype
        };
        match &*self.kind(node) {
            NodeKind::Fragment { .. } => self.check_fragment(node, takes_element),
            NodeKind::Element(_) if !takes_element() => Err(hierarchy_error(ONE_ELEMENT)),
            NodeKind::Doctype(_)
                if self.has_doctype(self.children(parent)) || follows_element() =>
            {
                Err(hierarchy_error(ONE_DOCTYPE))
            }
            _ => Ok(()),
        }
    }

    /// [Replace](https://dom.spec.whatwg.org/#concept-node-replace), up to what it throws.
    ///
    /// # Errors
    ///
    /// A `HierarchyRequestError` or `NotFoundError`.
    pub(crate) fn ensure_replace_validity(
        &self,
        child: NodeId,
        node: NodeId,
        parent: NodeId,
    ) -> Fallible<()> {
        self.ensure_right_kinds(node, parent, Some(child))?;
        if !self.is_document(parent) {
            return Ok(());
        }
        let others = || self.children(parent).filter(|other| *other != child);
        let takes_element =
            || !self.has_element(others()) && !self.has_doctype(self.following_siblings(child));
        match &*self.kind(node) {
            NodeKind::Fragment { .. } => self.check_fragment(node, takes_element),
            NodeKind::Element(_) if !takes_element() => Err(hierarchy_error(ONE_ELEMENT)),
            NodeKind::Doctype(_)
                if self.has_doctype(others())
                    || self.has_element(self.preceding_siblings(child)) =>
            {
                Err(hierarchy_error(ONE_DOCTYPE))
            }
            _ => Ok(()),
        }
    }

    fn ensure_right_kinds(
        &self,
        node: NodeId,
        parent: NodeId,
        child: Option<NodeId>,
    ) -> Fallible<()> {
        let has_children = matches!(
            &*self.kind(parent),
            NodeKind::Document(_) | NodeKind::Fragment { .. } | NodeKind::Element(_)
        );
        if !has_children {
            return Err(hierarchy_error("this node has no children"));
        }
        if self.is_host_including_inclusive_ancestor(node, parent) {
            return Err(hierarchy_error("a node cannot be put into itself"));
        }
        if child.is_some_and(|child| self.parent(child) != Some(parent)) {
            return Err(not_a_child());
        }
        let kind = self.kind(node);
        let is_text = kind.text().is_some();
        let in_document = self.is_document(parent);
        match &*kind {
            NodeKind::Document(_) | NodeKind::Attribute(_) => {
                Err(hierarchy_error("this node cannot be a child"))
            }
            _ if is_text && in_document => Err(hierarchy_error("a document has no text")),
            NodeKind::Doctype(_) if !in_document => {
                Err(hierarchy_error("a doctype is a child of a document only"))
            }
            _ => Ok(()),
        }
    }

    fn check_fragment(&self, node: NodeId, takes_element: impl Fn() -> bool) -> Fallible<()> {
        let elements = self.element_children(node).take(2).count();
        if elements > 1 || (elements == 1 && !takes_element()) {
            return Err(hierarchy_error(ONE_ELEMENT));
        }
        if self.children(node).any(|child| self.is_text(child)) {
            return Err(hierarchy_error("a document has no text"));
        }
        Ok(())
    }

    /// The first step of [pre-remove](https://dom.spec.whatwg.org/#concept-node-pre-remove).
    ///
    /// # Errors
    ///
    /// A `NotFoundError`.
    pub(crate) fn ensure_is_child(&self, child: NodeId, parent: NodeId) -> Fallible<()> {
        if self.parent(child) == Some(parent) { Ok(()) } else { Err(not_a_child()) }
    }
}
