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

impl Tree {
    fn is_doctype(&self, id: NodeId) -> bool {
        matches!(&*self.kind(id), NodeKind::Doctype(_))
    }

    /// [Ensures pre-insert validity](https://dom.spec.whatwg.org/#concept-node-ensure-pre-insertion-validity);
    /// `excluded` are children that leave before the node comes.
    ///
    /// # Errors
    ///
    /// A `HierarchyRequestError` or `NotFoundError`.
    pub(crate) fn ensure_pre_insert_validity(
        &self,
        node: NodeId,
        parent: NodeId,
        child: Option<NodeId>,
        excluded: &[NodeId],
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
        let in_document = self.is_document(parent);
        match &*self.kind(node) {
            NodeKind::Document(_) | NodeKind::Attribute(_) => {
                Err(hierarchy_error("this node cannot be a child"))
            }
            NodeKind::Doctype(_) if !in_document => {
                Err(hierarchy_error("a doctype is a child of a document only"))
            }
            _ if !in_document => Ok(()),
            kind if kind.text().is_some() => Err(hierarchy_error("a document has no text")),
            kind if kind.data().is_some() => Ok(()),
            NodeKind::Doctype(_) => self.ensure_takes_doctype(parent, child, excluded),
            NodeKind::Element(_) => self.ensure_takes_element(parent, child, excluded),
            _ if self.children(node).any(|child| self.is_text(child)) => {
                Err(hierarchy_error("a document has no text"))
            }
            _ => match self.element_children(node).take(2).count() {
                0 => Ok(()),
                1 => self.ensure_takes_element(parent, child, excluded),
                _ => Err(hierarchy_error("a document has one element at most")),
            },
        }
    }

    fn ensure_takes_element(
        &self,
        document: NodeId,
        child: Option<NodeId>,
        excluded: &[NodeId],
    ) -> Fallible<()> {
        let mut elements = self.element_children(document);
        let is_before_doctype = child.is_some_and(|child| {
            self.following_siblings(child).any(|id| self.is_doctype(id))
                || (self.is_doctype(child) && !excluded.contains(&child))
        });
        if is_before_doctype || elements.any(|id| !excluded.contains(&id)) {
            return Err(hierarchy_error("a document has one element, after its doctype"));
        }
        Ok(())
    }

    fn ensure_takes_doctype(
        &self,
        document: NodeId,
        child: Option<NodeId>,
        excluded: &[NodeId],
    ) -> Fallible<()> {
        let mut others = self.children(document).filter(|id| !excluded.contains(id));
        let is_after_element = match child {
            Some(child) => self.preceding_siblings(child).any(|id| self.is_element(id)),
            None => self.element_children(document).any(|id| !excluded.contains(&id)),
        };
        if is_after_element || others.any(|id| self.is_doctype(id)) {
            return Err(hierarchy_error("a document has one doctype, before its element"));
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
