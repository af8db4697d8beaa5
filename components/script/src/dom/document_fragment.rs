/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [DocumentFragment](https://dom.spec.whatwg.org/#interface-documentfragment) and
//! [DocumentType](https://dom.spec.whatwg.org/#interface-documenttype).

use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, dom_object,
};

use super::child_node::{child_node, parent_node};
use super::{Element, HTMLCollection, Node, NodeList};
use crate::bindings::{DocumentFragmentMethods, DocumentTypeMethods, NodeOrDomString};
use crate::page::Page;
use crate::tree::{Doctype, NodeKind, NodeRef};

/// A document fragment.
pub(crate) struct DocumentFragment {
    node: Node,
}

dom_object!(DocumentFragment: Node, node);

impl DocumentFragment {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { node: Node::new(node) }
    }
}

impl DocumentFragmentMethods for DocumentFragment {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        let page = Page::of(realm);
        let tree = page.tree();
        let fragment = tree.create(page.document_node(), NodeKind::Fragment { host: None });
        let fragment = tree.object(fragment).downcast();
        fragment.ok_or_else(|| Error::type_error("the fragment was not created"))
    }

    fn get_element_by_id(
        &self,
        _realm: &Realm,
        element_id: DomString,
    ) -> Fallible<Option<DomRoot<Element>>> {
        let found = self.node.tree().element_by_id(self.node.id(), &element_id.to_str_lossy());
        Ok(self.node.element(found))
    }

    parent_node! {
        children first_element_child last_element_child child_element_count
        prepend append replace_children query_selector query_selector_all
    }
}

/// A doctype.
pub(crate) struct DocumentType {
    node: Node,
}

dom_object!(DocumentType: Node, node);

impl DocumentType {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { node: Node::new(node) }
    }

    fn read(&self, read: impl FnOnce(&Doctype) -> &str) -> DomString {
        match &*self.node.tree().kind(self.node.id()) {
            NodeKind::Doctype(doctype) => read(doctype).into(),
            _ => DomString::new(),
        }
    }
}

impl DocumentTypeMethods for DocumentType {
    fn name(&self, _realm: &Realm) -> DomString {
        self.read(|doctype| &doctype.name)
    }

    fn public_id(&self, _realm: &Realm) -> DomString {
        self.read(|doctype| &doctype.public_id)
    }

    fn system_id(&self, _realm: &Realm) -> DomString {
        self.read(|doctype| &doctype.system_id)
    }

    child_node! { before after replace_with remove }
}
