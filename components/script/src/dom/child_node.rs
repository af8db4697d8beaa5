/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The mixins [ChildNode](https://dom.spec.whatwg.org/#interface-childnode),
//! [NonDocumentTypeChildNode](https://dom.spec.whatwg.org/#interface-nondocumenttypechildnode) and
//! [ParentNode](https://dom.spec.whatwg.org/#interface-parentnode); and what documents and elements have in common.
//!
//! Each is a macro for the implementations of the interfaces that include it, given the names of its
//! methods, and functions that do the work.

use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible,
};

use super::live::Filter;
use super::{Element, HTMLCollection, Node, NodeList};
use crate::bindings::NodeOrDomString;
use crate::selector;
use crate::tree::{NodeId, NodeKind};

/// The methods of `ChildNode`.
macro_rules! child_node {
    ($($name:ident)*) => {
        fn before(&self, _realm: &Realm, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
            super::child_node::before(self.upcast(), nodes)
        }

        fn after(&self, _realm: &Realm, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
            super::child_node::after(self.upcast(), nodes)
        }

        fn replace_with(&self, _realm: &Realm, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
            super::child_node::replace_with(self.upcast(), nodes)
        }

        fn remove(&self, _realm: &Realm) -> Fallible<()> {
            let node: &Node = self.upcast();
            node.tree().remove(node.id(), false);
            Ok(())
        }
    };
}
pub(super) use child_node;

/// The methods of `NonDocumentTypeChildNode`.
macro_rules! non_document_type_child_node {
    ($($name:ident)*) => {
        fn previous_element_sibling(&self, _realm: &Realm) -> Option<DomRoot<Element>> {
            let node: &Node = self.upcast();
            let tree = node.tree();
            node.element(tree.preceding_siblings(node.id()).find(|id| tree.is_element(*id)))
        }

        fn next_element_sibling(&self, _realm: &Realm) -> Option<DomRoot<Element>> {
            let node: &Node = self.upcast();
            let tree = node.tree();
            node.element(tree.following_siblings(node.id()).find(|id| tree.is_element(*id)))
        }
    };
}
pub(super) use non_document_type_child_node;

/// The collections of descendants that documents and elements have.
macro_rules! element_collections {
    ($($name:ident)*) => {
        fn get_elements_by_tag_name(
            &self,
            _realm: &Realm,
            qualified_name: DomString,
        ) -> Fallible<DomRoot<HTMLCollection>> {
            super::child_node::elements_by_tag_name(self.upcast(), &qualified_name)
        }

        fn get_elements_by_tag_name_ns(
            &self,
            _realm: &Realm,
            namespace: Option<DomString>,
            local_name: DomString,
        ) -> Fallible<DomRoot<HTMLCollection>> {
            super::child_node::elements_by_name(self.upcast(), namespace, &local_name)
        }

        fn get_elements_by_class_name(
            &self,
            _realm: &Realm,
            class_names: DomString,
        ) -> Fallible<DomRoot<HTMLCollection>> {
            super::child_node::elements_by_class_name(self.upcast(), &class_names)
        }
    };
}
pub(super) use element_collections;

/// The methods of `ParentNode`.
macro_rules! parent_node {
    ($($name:ident)*) => {
        fn children(&self, _realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
            super::child_node::children(self.upcast())
        }

        fn first_element_child(&self, _realm: &Realm) -> Option<DomRoot<Element>> {
            let node: &Node = self.upcast();
            node.element(node.tree().element_children(node.id()).next())
        }

        fn last_element_child(&self, _realm: &Realm) -> Option<DomRoot<Element>> {
            let node: &Node = self.upcast();
            node.element(super::child_node::last_element_child(node))
        }

        fn child_element_count(&self, _realm: &Realm) -> u32 {
            let node: &Node = self.upcast();
            let count = node.tree().element_children(node.id()).count();
            u32::try_from(count).unwrap_or(u32::MAX)
        }

        fn prepend(&self, _realm: &Realm, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
            super::child_node::prepend(self.upcast(), nodes)
        }

        fn append(&self, _realm: &Realm, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
            super::child_node::append(self.upcast(), nodes)
        }

        fn replace_children(&self, _realm: &Realm, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
            super::child_node::replace_children(self.upcast(), nodes)
        }

        fn query_selector(
            &self,
            _realm: &Realm,
            selectors: DomString,
        ) -> Fallible<Option<DomRoot<Element>>> {
            super::child_node::query_selector(self.upcast(), &selectors.to_str_lossy())
        }

        fn query_selector_all(
            &self,
            _realm: &Realm,
            selectors: DomString,
        ) -> Fallible<DomRoot<NodeList>> {
            super::child_node::query_selector_all(self.upcast(), &selectors.to_str_lossy())
        }
    };
}
pub(super) use parent_node;

/// [Converts nodes into a node](https://dom.spec.whatwg.org/#convert-nodes-into-a-node).
fn convert(node: &Node, nodes: Vec<NodeOrDomString>) -> Fallible<NodeId> {
    let tree = node.tree();
    let document = tree.document_of(node.id());
    let convert = |node| match node {
        NodeOrDomString::Node(node) => node.id(),
        NodeOrDomString::DomString(text) => tree.create(document, NodeKind::Text(text)),
    };
    let nodes: Vec<_> = nodes.into_iter().map(convert).collect();
    // What is not put into place after all is not kept.
    if let [only] = nodes[..] {
        tree.let_go(only);
        return Ok(only);
    }
    let fragment = tree.create(document, NodeKind::Fragment { host: None });
    tree.let_go(fragment);
    for node in nodes {
        tree.append(node, fragment)?;
    }
    Ok(fragment)
}

/// Whether a node is none of those to be inserted, which are about to leave their places.
fn is_viable(nodes: &[NodeOrDomString], id: NodeId) -> bool {
    !nodes.iter().any(|node| matches!(node, NodeOrDomString::Node(node) if node.id() == id))
}

/// <https://dom.spec.whatwg.org/#dom-childnode-before>
pub(super) fn before(node: &Node, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
    let tree = node.tree();
    let Some(parent) = tree.parent(node.id()) else { return Ok(()) };
    let previous = tree.preceding_siblings(node.id()).find(|id| is_viable(&nodes, *id));
    let inserted = convert(node, nodes)?;
    let child = match previous {
        Some(previous) => tree.next_sibling(previous),
        None => tree.first_child(parent),
    };
    tree.pre_insert(inserted, parent, child)
}

/// <https://dom.spec.whatwg.org/#dom-childnode-after>
pub(super) fn after(node: &Node, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
    let tree = node.tree();
    let Some(parent) = tree.parent(node.id()) else { return Ok(()) };
    let next = tree.following_siblings(node.id()).find(|id| is_viable(&nodes, *id));
    let inserted = convert(node, nodes)?;
    tree.pre_insert(inserted, parent, next)
}

/// <https://dom.spec.whatwg.org/#dom-childnode-replacewith>
pub(super) fn replace_with(node: &Node, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
    let tree = node.tree();
    let Some(parent) = tree.parent(node.id()) else { return Ok(()) };
    let next = tree.following_siblings(node.id()).find(|id| is_viable(&nodes, *id));
    let inserted = convert(node, nodes)?;
    if tree.parent(node.id()) == Some(parent) {
        return tree.replace(node.id(), inserted, parent);
    }
    tree.pre_insert(inserted, parent, next)
}

fn elements(node: &Node, filter: Filter) -> Fallible<DomRoot<HTMLCollection>> {
    HTMLCollection::create(&node.realm(), &node.root(), filter)
}

pub(super) fn elements_by_tag_name(
    node: &Node,
    qualified_name: &DomString,
) -> Fallible<DomRoot<HTMLCollection>> {
    elements(node, Filter::qualified_name(&qualified_name.to_str_lossy()))
}

pub(super) fn elements_by_name(
    node: &Node,
    namespace: Option<DomString>,
    local_name: &DomString,
) -> Fallible<DomRoot<HTMLCollection>> {
    elements(node, Filter::name(namespace, local_name))
}

pub(super) fn elements_by_class_name(
    node: &Node,
    class_names: &DomString,
) -> Fallible<DomRoot<HTMLCollection>> {
    elements(node, Filter::class_names(&class_names.to_str_lossy()))
}

pub(super) fn children(node: &Node) -> Fallible<DomRoot<HTMLCollection>> {
    node.same_collection("children", || elements(node, Filter::Children))
}

pub(super) fn last_element_child(node: &Node) -> Option<NodeId> {
    let tree = node.tree();
    let last = tree.last_child(node.id())?;
    if tree.is_element(last) {
        return Some(last);
    }
    tree.preceding_siblings(last).find(|id| tree.is_element(*id))
}

/// <https://dom.spec.whatwg.org/#dom-parentnode-prepend>
pub(super) fn prepend(node: &Node, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
    let inserted = convert(node, nodes)?;
    node.tree().pre_insert(inserted, node.id(), node.tree().first_child(node.id()))
}

/// <https://dom.spec.whatwg.org/#dom-parentnode-append>
pub(super) fn append(node: &Node, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
    let inserted = convert(node, nodes)?;
    node.tree().append(inserted, node.id())
}

/// <https://dom.spec.whatwg.org/#dom-parentnode-replacechildren>
pub(super) fn replace_children(node: &Node, nodes: Vec<NodeOrDomString>) -> Fallible<()> {
    let inserted = convert(node, nodes)?;
    let tree = node.tree();
    let children: Vec<_> = tree.children(node.id()).collect();
    tree.ensure_pre_insert_validity(inserted, node.id(), None, &children)?;
    tree.replace_all(Some(inserted), node.id());
    Ok(())
}

fn syntax_error(reason: String) -> Error {
    Error::dom(DomExceptionName::SyntaxError, reason)
}

/// <https://dom.spec.whatwg.org/#dom-parentnode-queryselector>
pub(super) fn query_selector(node: &Node, selectors: &str) -> Fallible<Option<DomRoot<Element>>> {
    let list = node.page().selectors().parse(selectors).map_err(syntax_error)?;
    Ok(node.element(selector::first_match(node.tree(), node.id(), &list)))
}

/// <https://dom.spec.whatwg.org/#dom-parentnode-queryselectorall>
pub(super) fn query_selector_all(node: &Node, selectors: &str) -> Fallible<DomRoot<NodeList>> {
    let list = node.page().selectors().parse(selectors).map_err(syntax_error)?;
    let found = selector::all_matches(node.tree(), node.id(), &list);
    let found: Vec<_> = found.into_iter().map(|id| node.tree().object(id)).collect();
    NodeList::of_nodes(&node.realm(), &found)
}

/// <https://dom.spec.whatwg.org/#dom-element-matches>
pub(super) fn matches(node: &Node, selectors: &str) -> Fallible<bool> {
    let list = node.page().selectors().parse(selectors).map_err(syntax_error)?;
    Ok(selector::matches(node.tree(), node.id(), &list))
}

/// <https://dom.spec.whatwg.org/#dom-element-closest>
pub(super) fn closest(node: &Node, selectors: &str) -> Fallible<Option<DomRoot<Element>>> {
    let list = node.page().selectors().parse(selectors).map_err(syntax_error)?;
    Ok(node.element(selector::closest(node.tree(), node.id(), &list)))
}
