/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The objects of nodes for script.
//!
//! Script that holds any node can reach all others of its tree, with what it put on them. So the
//! objects of a tree are kept by the object of its root, and keep that: a cycle that the engine's
//! collector sees. The root of a tree that is not in a document keeps its node document. Nodes that
//! script has never seen have no object.

use std::rc::Rc;

use sordino_script_bindings::{DomObjectExt, DomRoot, Realm};

use super::{NodeId, Tree};
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
        let realm = self.document_object(id).realm();
        let object = dom::create_node_object(&realm, self.reference(id));
        self.set_object(id, &object);
        dom::Element::object_made(&object);
        object
    }

    /// A new document with its object, in a realm.
    pub(crate) fn new_document(&self, realm: &Realm) -> DomRoot<Document> {
        let id = self.create_document();
        let document = DomRoot::new(realm, Document::new(self.reference(id)));
        self.set_object(id, &document.upcast());
        document
    }

    /// The object of a node's document: there is one as long as there is one of any of its nodes.
    pub(crate) fn document_object(&self, id: NodeId) -> DomRoot<Document> {
        let document = self.existing_object(self.document_of(id));
        document
            .and_then(|document| document.downcast())
            .expect("who can reach a node holds its document")
    }

    fn reference(&self, id: NodeId) -> NodeRef {
        let tree = self.me.upgrade().expect("a tree that is used is there");
        NodeRef { tree, id }
    }

    /// The object of a node, if script or anything else has seen it.
    pub(crate) fn existing_object(&self, id: NodeId) -> Option<DomRoot<dom::Node>> {
        let object = self.node(id).object.clone();
        object?.upgrade()
    }

    fn set_object(&self, id: NodeId, object: &DomRoot<dom::Node>) {
        self.with_node(id, |node| node.object = Some(object.downgrade()));
        self.tie(object, self.root(id));
    }

    /// Has the objects of a subtree hold those of its root and its document, whatever they held.
    pub(super) fn tie_subtree(&self, subtree: NodeId) {
        let mut root = None;
        self.for_each_inclusive(subtree, |tree, id| {
            if let Some(object) = tree.existing_object(id) {
                tie_to(tree, &object, *root.get_or_insert_with(|| tree.root(id)));
            }
        });
    }

    fn tie(&self, object: &DomRoot<dom::Node>, root: NodeId) {
        tie_to(self, object, root);
    }

    /// An object is being freed. It may have been the last of its tree.
    pub(crate) fn object_freed(&self, id: NodeId) {
        self.garbage.borrow_mut().push(id);
    }
}

fn tie_to(tree: &Tree, object: &DomRoot<dom::Node>, root: NodeId) {
    if tree.is_document(object.id()) {
        return;
    }
    if root == object.id() {
        object.hold(&tree.document_object(root).upcast(), false);
    } else {
        object.hold(&tree.object(root), true);
    }
}
