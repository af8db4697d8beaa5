/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The objects of nodes for script.
//!
//! Script that holds any node can reach all others of its tree, with what it put on them. So the
//! objects of a tree are kept by the object of its root, and keep that: a cycle that the engine's
//! collector sees. The root of a tree that is not in a document keeps its node document. What belongs
//! to a node of another tree is kept by the root of that: the contents of a template, an attribute, an
//! inert template document. Nodes that script has never seen have no object.

use std::rc::Rc;

use sordino_script_bindings::{DomObjectExt, DomRoot, Realm};

use super::{DocumentNode, NodeId, NodeKind, Tree};
use crate::dom::{self, Document};

/// A node and the tree that it is in.
#[derive(Clone)]
pub(crate) struct NodeRef {
    pub(crate) tree: Rc<Tree>,
    pub(crate) id: NodeId,
}

impl Tree {
    /// The object of a node, made now if there is none.
    pub(crate) fn object(&self, id: NodeId) -> DomRoot<dom::Node> {
        if let Some(object) = self.existing_object(id) {
            return object;
        }
        if self.is_document(id) {
            return self.document_object(id).upcast();
        }
        let realm = self.document_object(id).realm();
        let object = dom::create_node_object(&realm, self.reference(id));
        self.set_object(id, &object);
        dom::Element::object_made(&object);
        object
    }

    /// A new document with its object, in a realm.
    pub(crate) fn new_document(&self, realm: &Realm, init: DocumentNode) -> DomRoot<Document> {
        self.create_document_object(realm, self.create_document(init))
    }

    /// The object of a document that has none.
    pub(crate) fn create_document_object(&self, realm: &Realm, id: NodeId) -> DomRoot<Document> {
        let document = DomRoot::new(realm, Document::new(self.reference(id)));
        self.set_object(id, &document.upcast());
        document
    }

    /// Makes this the object of a document that has none.
    pub(crate) fn adopt_object(&self, document: NodeId, object: &DomRoot<dom::Node>) {
        self.set_object(document, object);
    }

    /// The object of a node's document: there is one as long as there is one of any of its nodes.
    pub(crate) fn document_object(&self, id: NodeId) -> DomRoot<Document> {
        let document = self.document_of(id);
        if let Some(object) = self.existing_object(document) {
            return object.downcast().expect("the object of a document is a Document");
        }
        let owner = self.owner(document).expect("who can reach a node holds its document");
        let realm = self.document_object(owner).realm();
        self.create_document_object(&realm, document)
    }

    /// Whether the node is there, and anybody holds its document, without which it has no object.
    pub(crate) fn can_have_object(&self, id: NodeId) -> bool {
        let mut next = Some(id);
        while let Some(id) = next.filter(|id| self.is_alive(*id)) {
            let document = self.document_of(id);
            if !self.is_alive(document) {
                return false;
            }
            if self.existing_object(document).is_some() {
                return true;
            }
            next = self.owner(document);
        }
        false
    }

    fn reference(&self, id: NodeId) -> NodeRef {
        let tree = self.me.upgrade().expect("a tree that is used is there");
        NodeRef { tree, id }
    }

    /// The object of a node, if script or anything else has seen it.
    pub(crate) fn existing_object(&self, id: NodeId) -> Option<DomRoot<dom::Node>> {
        self.node(id).object.as_ref()?.upgrade()
    }

    fn set_object(&self, id: NodeId, object: &DomRoot<dom::Node>) {
        self.with_node(id, |node| node.object = Some(Box::new(object.downgrade())));
        self.tie_object(object, self.root(id));
    }

    /// The node of another tree that a root belongs to.
    pub(super) fn owner(&self, root: NodeId) -> Option<NodeId> {
        let owner = match &*self.kind(root) {
            NodeKind::Fragment { host } => *host,
            NodeKind::Attribute(attribute) => attribute.element,
            NodeKind::Document(document) => document.inert_of,
            _ => None,
        };
        owner.filter(|owner| self.is_alive(*owner))
    }

    /// Has the object of a node, if there is one, hold that of its root and the other way round,
    /// whatever it held; also the objects of what belongs to the node.
    pub(super) fn tie(&self, id: NodeId, root: NodeId, changes_document: bool) {
        let (has_object, has_belongings, document) = {
            let node = self.node(id);
            let has_belongings = match &node.kind {
                NodeKind::Element(it) => it.has_attribute_nodes || it.template_contents.is_some(),
                _ => false,
            };
            (node.object.is_some(), has_belongings, node.document)
        };
        if has_belongings {
            let (attributes, contents) = self.belongings(id);
            for attribute in attributes {
                if changes_document {
                    self.with_node(attribute, |node| node.document = document);
                }
                self.tie_existing(attribute, root);
            }
            if let Some(contents) = contents {
                self.tie_existing(contents, root);
            }
        }
        if has_object {
            self.tie_existing(id, root);
        }
    }

    fn belongings(&self, element: NodeId) -> (Vec<NodeId>, Option<NodeId>) {
        let Some(element) = self.element(element) else { return Default::default() };
        let attributes = element.attributes.iter().filter_map(|attribute| attribute.node);
        (attributes.collect(), element.template_contents)
    }

    fn tie_existing(&self, id: NodeId, root: NodeId) {
        if let Some(object) = self.existing_object(id) {
            self.tie_object(&object, root);
        }
    }

    /// Ties an object of a tree, or of what belongs to it, to the object of its root.
    fn tie_object(&self, object: &DomRoot<dom::Node>, root: NodeId) {
        let id = object.id();
        if id != root {
            object.hold(&self.object(root), true);
        } else if let Some(owner) = self.owner(id) {
            object.hold(&self.object(self.root(owner)), true);
        } else if !self.is_document(id) {
            object.hold(&self.document_object(id).upcast(), false);
        }
    }

    /// Ties the object of a node anew after its owner has changed.
    pub(super) fn retie(&self, id: NodeId) {
        self.tie_existing(id, self.root(id));
    }

    /// An object is being freed. It may have been the last of its tree.
    pub(crate) fn object_freed(&self, id: NodeId) {
        self.garbage.borrow_mut().push(id);
    }
}
