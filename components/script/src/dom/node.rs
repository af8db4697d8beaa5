/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Node](https://dom.spec.whatwg.org/#interface-node) and
//! [Text](https://dom.spec.whatwg.org/#interface-text): script's view of the node tree.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use sordino_script_bindings::{
    Dom, DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, dom_object,
};

use super::{Document, EventTarget, HTMLScriptElement};
use crate::bindings::{NodeMethods, TextMethods};
use crate::page::Page;
use crate::tree::{NodeId, NodeKind, NodeRef, Tree};

/// A node of the page's tree.
pub(crate) struct Node {
    event_target: EventTarget,
    node: NodeRef,
    /// The object of the root of its tree; of a root, that of its document.
    holder: RefCell<Option<Dom<Node>>>,
    /// Of a root: the objects of the other nodes of its tree.
    held: RefCell<BTreeMap<NodeId, Dom<Node>>>,
}

dom_object!(Node: EventTarget, event_target, trace(holder, held));

impl Drop for Node {
    fn drop(&mut self) {
        self.node.tree.object_freed(self.node.id);
    }
}

impl Node {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self {
            event_target: EventTarget::new(),
            node,
            holder: RefCell::default(),
            held: RefCell::default(),
        }
    }

    pub(crate) fn id(&self) -> NodeId {
        self.node.id
    }

    /// The page of its document.
    pub(crate) fn page(&self) -> Rc<Page> {
        Page::of(&self.node.tree.document_object(self.node.id).realm())
    }

    pub(crate) fn tree(&self) -> &Rc<Tree> {
        &self.node.tree
    }

    /// Makes another object the one that this holds, and is held by if `mutual`.
    pub(crate) fn hold(&self, other: &DomRoot<Node>, mutual: bool) {
        let id = self.id();
        let old = self.holder.borrow().as_ref().map(Dom::root);
        let is_held = old.as_ref().is_some_and(|old| old.held.borrow().contains_key(&id));
        if old.as_ref() == Some(other) && is_held == mutual {
            return;
        }
        let (Ok(holder), Ok(own)) = (Dom::new(other), Dom::new(&self.root())) else {
            return log::error!("there is no memory for the objects of nodes");
        };
        let before = self.holder.replace(Some(holder));
        let held = old.and_then(|old| old.held.borrow_mut().remove(&id));
        if mutual {
            other.held.borrow_mut().insert(id, own);
        }
        drop((before, held));
    }

    /// The parent, as script sees it.
    pub(crate) fn parent(&self) -> Option<DomRoot<Node>> {
        let tree = self.tree();
        tree.parent(self.id()).map(|parent| tree.object(parent))
    }

    /// Takes the node out of its tree.
    pub(crate) fn remove_from_parent(&self) {
        self.tree().remove(self.id());
        self.page().removed();
    }

    /// [Ensures pre-insert validity](https://dom.spec.whatwg.org/#concept-node-ensure-pre-insertion-validity).
    fn check_insertion(&self, node: &Node, child: Option<&Node>) -> Fallible<()> {
        let tree = self.tree();
        let hierarchy_error =
            |reason: &str| Err(Error::dom(DomExceptionName::HierarchyRequestError, reason));
        if !matches!(
            &*tree.kind(self.id()),
            NodeKind::Element(_) | NodeKind::Document(_) | NodeKind::Fragment { .. }
        ) {
            return hierarchy_error("this node has no children");
        }
        if tree.is_inclusive_ancestor(node.id(), self.id()) {
            return hierarchy_error("a node cannot be put into itself");
        }
        if child.is_some_and(|child| tree.parent(child.id()) != Some(self.id())) {
            let reason = "the node before which to insert is not a child of this node";
            return Err(Error::dom(DomExceptionName::NotFoundError, reason));
        }
        if tree.is_document(self.id()) {
            let has_root = tree.children(self.id()).any(|child| tree.element(child).is_some());
            let is_element = tree.element(node.id()).is_some();
            if has_root || !is_element {
                return hierarchy_error("a document has one element and no text");
            }
        }
        Ok(())
    }
}

impl NodeMethods for Node {
    fn node_type(&self, _realm: &Realm) -> u16 {
        match &*self.tree().kind(self.id()) {
            NodeKind::Element(_) => 1,
            NodeKind::Text(_) => 3,
            NodeKind::Comment(_) => 8,
            NodeKind::Document(_) => 9,
            NodeKind::Doctype { .. } => 10,
            NodeKind::Fragment { .. } => 11,
        }
    }

    fn node_name(&self, _realm: &Realm) -> DomString {
        match &*self.tree().kind(self.id()) {
            NodeKind::Element(element) => element.tag_name().as_str().into(),
            NodeKind::Text(_) => "#text".into(),
            NodeKind::Comment(_) => "#comment".into(),
            NodeKind::Document(_) => "#document".into(),
            NodeKind::Doctype { name, .. } => name.as_str().into(),
            NodeKind::Fragment { .. } => "#document-fragment".into(),
        }
    }

    fn is_connected(&self, _realm: &Realm) -> bool {
        self.tree().is_connected(self.id())
    }

    fn owner_document(&self, _realm: &Realm) -> Option<DomRoot<Document>> {
        let tree = self.tree();
        (!tree.is_document(self.id())).then(|| tree.document_object(self.id()))
    }

    fn parent_node(&self, _realm: &Realm) -> Option<DomRoot<Node>> {
        self.parent()
    }

    fn first_child(&self, _realm: &Realm) -> Option<DomRoot<Node>> {
        let tree = self.tree();
        tree.first_child(self.id()).map(|child| tree.object(child))
    }

    fn next_sibling(&self, _realm: &Realm) -> Option<DomRoot<Node>> {
        let tree = self.tree();
        tree.next_sibling(self.id()).map(|sibling| tree.object(sibling))
    }

    fn text_content(&self, _realm: &Realm) -> Option<DomString> {
        self.tree().text_content(self.id()).map(|text| text.as_str().into())
    }

    fn set_text_content(&self, _realm: &Realm, value: Option<DomString>) {
        let text = value.map(DomString::into_string_lossy).unwrap_or_default();
        self.tree().set_text_content(self.id(), &text);
        self.page().removed();
        if let Some(script) = self.root().downcast::<HTMLScriptElement>() {
            script.children_changed();
        }
    }

    fn contains(&self, _realm: &Realm, other: Option<DomRoot<Node>>) -> Fallible<bool> {
        Ok(other.is_some_and(|other| self.tree().is_inclusive_ancestor(self.id(), other.id())))
    }

    fn append_child(&self, realm: &Realm, node: DomRoot<Node>) -> Fallible<DomRoot<Node>> {
        self.insert_before(realm, node, None)
    }

    /// <https://dom.spec.whatwg.org/#concept-node-pre-insert>
    fn insert_before(
        &self,
        _realm: &Realm,
        node: DomRoot<Node>,
        child: Option<DomRoot<Node>>,
    ) -> Fallible<DomRoot<Node>> {
        self.check_insertion(&node, child.as_deref())?;
        let tree = self.tree();
        // A node that goes before itself goes before what follows it.
        let before = match child {
            Some(child) if child.id() == node.id() => tree.next_sibling(node.id()),
            child => child.map(|child| child.id()),
        };
        tree.insert(self.id(), node.id(), before);
        let page = self.page();
        page.removed();
        page.inserted(&node);
        Ok(node)
    }

    fn remove_child(&self, _realm: &Realm, child: DomRoot<Node>) -> Fallible<DomRoot<Node>> {
        if self.tree().parent(child.id()) != Some(self.id()) {
            let reason = "the node is not a child of this node";
            return Err(Error::dom(DomExceptionName::NotFoundError, reason));
        }
        child.remove_from_parent();
        Ok(child)
    }
}

/// A text node.
pub(crate) struct Text {
    node: Node,
}

dom_object!(Text: Node, node);

impl Text {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { node: Node::new(node) }
    }
}

impl TextMethods for Text {
    fn data(&self, realm: &Realm) -> DomString {
        self.node.text_content(realm).unwrap_or_default()
    }

    fn set_data(&self, realm: &Realm, value: DomString) {
        self.node.set_text_content(realm, Some(value));
    }
}
