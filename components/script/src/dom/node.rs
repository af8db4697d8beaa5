/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Node](https://dom.spec.whatwg.org/#interface-node): script's view of the node tree.

use std::cell::RefCell;
use std::rc::Rc;

use html5ever::ns;
use rustc_hash::FxHashMap;
use sordino_script_bindings::{
    Dom, DomObjectExt, DomRoot, DomString, Fallible, Realm, dom_object, impl_trace,
};

use super::live::Filter;
use super::mutation_observer::RegisteredObserver;
use super::{
    DOMStringMap, DOMTokenList, Document, Element, EventTarget, HTMLCollection, NamedNodeMap,
    NodeList, XMLDocument, run_steps, tag_name,
};
use crate::bindings::{GetRootNodeOptions, NodeMethods};
use crate::page::Page;
use crate::tree::{NodeId, NodeKind, NodeRef, Tree, qualified_name};

/// A node of a tree.
pub(crate) struct Node {
    event_target: EventTarget,
    node: NodeRef,
    /// The object of the root of its tree; of a root, that of its owner's root or of its document.
    holder: RefCell<Option<Dom<Node>>>,
    /// Of a root: the objects of the other nodes of its tree, and of what belongs to them.
    held: RefCell<FxHashMap<NodeId, Dom<Node>>>,
    rare: RefCell<Option<Box<Rare>>>,
}

dom_object!(Node: EventTarget, event_target, trace(holder, held, rare));

/// What few nodes have.
#[derive(Default)]
struct Rare {
    observers: Vec<RegisteredObserver>,
    child_nodes: Option<Dom<NodeList>>,
    collections: Vec<(&'static str, Dom<HTMLCollection>)>,
    attributes: Option<Dom<NamedNodeMap>>,
    token_lists: Vec<(&'static str, Dom<DOMTokenList>)>,
    dataset: Option<Dom<DOMStringMap>>,
}

impl_trace!(Rare { observers, child_nodes, collections, attributes, token_lists, dataset });

impl Drop for Node {
    fn drop(&mut self) {
        let rare = self.rare.borrow_mut().take();
        if let Some(rare) = rare {
            self.node.tree.observers().count(0, rare.observers.len());
        }
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
            rare: RefCell::default(),
        }
    }

    pub(crate) fn id(&self) -> NodeId {
        self.node.id
    }

    /// The page of its document; if no page shows that, the page of whose script made it.
    pub(crate) fn page(&self) -> Rc<Page> {
        Page::of(&self.document().realm())
    }

    pub(crate) fn tree(&self) -> &Rc<Tree> {
        &self.node.tree
    }

    /// The [node document](https://dom.spec.whatwg.org/#concept-node-document).
    pub(crate) fn document(&self) -> DomRoot<Document> {
        self.tree().document_object(self.id())
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

    /// The node whose object this holds: of a node with a parent, the root of its tree.
    pub(crate) fn holder_id(&self) -> Option<NodeId> {
        self.holder.borrow().as_ref().map(|holder| holder.id())
    }

    /// The parent, as script sees it.
    pub(crate) fn parent(&self) -> Option<DomRoot<Node>> {
        self.object(self.tree().parent(self.id()))
    }

    pub(super) fn object(&self, id: Option<NodeId>) -> Option<DomRoot<Node>> {
        id.map(|id| self.tree().object(id))
    }

    pub(super) fn element(&self, id: Option<NodeId>) -> Option<DomRoot<Element>> {
        self.object(id)?.downcast()
    }

    fn with_rare<R>(&self, change: impl FnOnce(&mut Rare) -> R) -> R {
        change(self.rare.borrow_mut().get_or_insert_default())
    }

    /// Looks at each [registered observer](https://dom.spec.whatwg.org/#registered-observer-list).
    pub(super) fn for_each_observer(&self, look: impl FnMut(&RegisteredObserver)) {
        if let Some(rare) = &*self.rare.borrow() {
            rare.observers.iter().for_each(look);
        }
    }

    pub(super) fn has_observer(&self, is_it: impl Fn(&RegisteredObserver) -> bool) -> bool {
        let mut found = false;
        self.for_each_observer(|registered| found |= is_it(registered));
        found
    }

    pub(super) fn update_observers(&self, change: impl FnMut(&mut RegisteredObserver)) {
        self.with_rare(|rare| rare.observers.iter_mut().for_each(change));
    }

    pub(super) fn register(&self, observer: RegisteredObserver) {
        self.with_rare(|rare| rare.observers.push(observer));
        self.tree().observers().count(1, 0);
    }

    /// Takes registered observers away.
    pub(super) fn unregister(&self, is_it: impl Fn(&RegisteredObserver) -> bool) {
        let mut gone = Vec::new();
        if let Some(rare) = &mut *self.rare.borrow_mut() {
            gone.extend(rare.observers.extract_if(.., |registered| is_it(registered)));
        }
        self.tree().observers().count(0, gone.len());
    }

    /// The collection that an attribute of this node returns each time.
    pub(super) fn same_collection(
        &self,
        name: &'static str,
        create: impl FnOnce() -> Fallible<DomRoot<HTMLCollection>>,
    ) -> Fallible<DomRoot<HTMLCollection>> {
        self.same(
            |rare| rare.collections.iter().find(|(own, _)| *own == name).map(|(_, it)| it.root()),
            create,
            |rare, collection| rare.collections.push((name, collection)),
        )
    }

    /// The token list that an attribute of this element returns each time.
    pub(super) fn same_token_list(
        &self,
        name: &'static str,
        create: impl FnOnce() -> Fallible<DomRoot<DOMTokenList>>,
    ) -> Fallible<DomRoot<DOMTokenList>> {
        self.same(
            |rare| rare.token_lists.iter().find(|(own, _)| *own == name).map(|(_, it)| it.root()),
            create,
            |rare, list| rare.token_lists.push((name, list)),
        )
    }

    /// The map of an element's attributes, which is the same each time.
    pub(super) fn same_attributes(
        &self,
        create: impl FnOnce() -> Fallible<DomRoot<NamedNodeMap>>,
    ) -> Fallible<DomRoot<NamedNodeMap>> {
        self.same(
            |rare| rare.attributes.as_ref().map(Dom::root),
            create,
            |rare, map| rare.attributes = Some(map),
        )
    }

    /// The map of an element's `data-*` attributes, which is the same each time.
    pub(super) fn same_dataset(
        &self,
        create: impl FnOnce() -> Fallible<DomRoot<DOMStringMap>>,
    ) -> Fallible<DomRoot<DOMStringMap>> {
        self.same(
            |rare| rare.dataset.as_ref().map(Dom::root),
            create,
            |rare, map| rare.dataset = Some(map),
        )
    }

    fn same<T>(
        &self,
        find: impl FnOnce(&Rare) -> Option<DomRoot<T>>,
        create: impl FnOnce() -> Fallible<DomRoot<T>>,
        keep: impl FnOnce(&mut Rare, Dom<T>),
    ) -> Fallible<DomRoot<T>> {
        if let Some(found) = self.rare.borrow().as_deref().and_then(find) {
            return Ok(found);
        }
        let created = create()?;
        let reference = Dom::new(&created)?;
        self.with_rare(|rare| keep(rare, reference));
        Ok(created)
    }

    /// The [child text content](https://dom.spec.whatwg.org/#concept-child-text-content).
    pub(crate) fn child_text_content(&self) -> DomString {
        self.tree().child_text_content(self.id())
    }
}

impl NodeMethods for Node {
    fn node_type(&self, _realm: &Realm) -> u16 {
        match &*self.tree().kind(self.id()) {
            NodeKind::Element(_) => 1,
            NodeKind::Attribute(_) => 2,
            NodeKind::Text(_) => 3,
            NodeKind::CdataSection(_) => 4,
            NodeKind::ProcessingInstruction(_) => 7,
            NodeKind::Comment(_) => 8,
            NodeKind::Document(_) => 9,
            NodeKind::Doctype(_) => 10,
            NodeKind::Fragment { .. } => 11,
        }
    }

    fn node_name(&self, _realm: &Realm) -> DomString {
        match &*self.tree().kind(self.id()) {
            NodeKind::Element(_) => tag_name(self.tree(), self.id()).as_str().into(),
            NodeKind::Attribute(attribute) => (&*qualified_name(&attribute.name)).into(),
            NodeKind::Text(_) => "#text".into(),
            NodeKind::CdataSection(_) => "#cdata-section".into(),
            NodeKind::ProcessingInstruction(instruction) => instruction.target.clone(),
            NodeKind::Comment(_) => "#comment".into(),
            NodeKind::Document(_) => "#document".into(),
            NodeKind::Doctype(doctype) => doctype.name.as_str().into(),
            NodeKind::Fragment { .. } => "#document-fragment".into(),
        }
    }

    fn base_uri(&self, _realm: &Realm) -> String {
        self.document().base_url().into()
    }

    fn is_connected(&self, _realm: &Realm) -> bool {
        self.tree().is_connected(self.id())
    }

    fn owner_document(&self, _realm: &Realm) -> Option<DomRoot<Document>> {
        (!self.tree().is_document(self.id())).then(|| self.document())
    }

    fn get_root_node(
        &self,
        _realm: &Realm,
        _options: GetRootNodeOptions,
    ) -> Fallible<DomRoot<Node>> {
        Ok(self.tree().object(self.tree().root(self.id())))
    }

    fn parent_node(&self, _realm: &Realm) -> Option<DomRoot<Node>> {
        self.parent()
    }

    fn parent_element(&self, _realm: &Realm) -> Option<DomRoot<Element>> {
        self.element(self.tree().parent(self.id()))
    }

    fn has_child_nodes(&self, _realm: &Realm) -> Fallible<bool> {
        Ok(self.tree().first_child(self.id()).is_some())
    }

    fn child_nodes(&self, _realm: &Realm) -> Fallible<DomRoot<NodeList>> {
        self.same(
            |rare| rare.child_nodes.as_ref().map(Dom::root),
            || NodeList::live(&self.realm(), &self.root(), Filter::ChildNodes),
            |rare, list| rare.child_nodes = Some(list),
        )
    }

    fn first_child(&self, _realm: &Realm) -> Option<DomRoot<Node>> {
        self.object(self.tree().first_child(self.id()))
    }

    fn last_child(&self, _realm: &Realm) -> Option<DomRoot<Node>> {
        self.object(self.tree().last_child(self.id()))
    }

    fn previous_sibling(&self, _realm: &Realm) -> Option<DomRoot<Node>> {
        self.object(self.tree().previous_sibling(self.id()))
    }

    fn next_sibling(&self, _realm: &Realm) -> Option<DomRoot<Node>> {
        self.object(self.tree().next_sibling(self.id()))
    }

    fn node_value(&self, _realm: &Realm) -> Option<DomString> {
        match &*self.tree().kind(self.id()) {
            NodeKind::Attribute(_) => Some(self.tree().attribute_value(self.id())),
            kind => kind.data().cloned(),
        }
    }

    fn set_node_value(&self, _realm: &Realm, value: Option<DomString>) {
        let (tree, id) = (self.tree(), self.id());
        let value = value.unwrap_or_default();
        if matches!(&*tree.kind(id), NodeKind::Attribute(_)) {
            tree.set_attribute_value(id, value);
        } else if tree.kind(id).data().is_some() {
            tree.replace_all_data(id, value);
        }
    }

    fn text_content(&self, realm: &Realm) -> Option<DomString> {
        let is_parent = matches!(
            &*self.tree().kind(self.id()),
            NodeKind::Element(_) | NodeKind::Fragment { .. }
        );
        match is_parent {
            true => Some(self.tree().descendant_text_content(self.id())),
            false => self.node_value(realm),
        }
    }

    fn set_text_content(&self, realm: &Realm, value: Option<DomString>) {
        let is_parent = matches!(
            &*self.tree().kind(self.id()),
            NodeKind::Element(_) | NodeKind::Fragment { .. }
        );
        match is_parent {
            true => self.tree().string_replace_all(value.unwrap_or_default(), self.id()),
            false => self.set_node_value(realm, value),
        }
    }

    fn normalize(&self, _realm: &Realm) -> Fallible<()> {
        self.tree().normalize(self.id());
        Ok(())
    }

    /// <https://dom.spec.whatwg.org/#dom-node-clonenode>
    fn clone_node(&self, _realm: &Realm, subtree: bool) -> Fallible<DomRoot<Node>> {
        let tree = self.tree();
        let copy = tree.clone_node(self.id(), tree.document_of(self.id()), subtree);
        let object = if !tree.is_document(copy) {
            tree.object(copy)
        } else if let Some(document) = self.root().downcast::<XMLDocument>() {
            XMLDocument::create(&document.upcast(), copy).upcast()
        } else {
            tree.create_document_object(&self.realm(), copy).upcast()
        };
        run_steps(tree, tree.take_steps());
        Ok(object)
    }

    fn is_equal_node(&self, _realm: &Realm, other_node: Option<DomRoot<Node>>) -> Fallible<bool> {
        Ok(other_node.is_some_and(|other| self.tree().is_equal(self.id(), other.id())))
    }

    fn is_same_node(&self, _realm: &Realm, other_node: Option<DomRoot<Node>>) -> Fallible<bool> {
        Ok(other_node.is_some_and(|other| self.id() == other.id()))
    }

    fn compare_document_position(&self, _realm: &Realm, other: DomRoot<Node>) -> Fallible<u16> {
        Ok(self.tree().compare_position(self.id(), other.id()))
    }

    fn contains(&self, _realm: &Realm, other: Option<DomRoot<Node>>) -> Fallible<bool> {
        Ok(other.is_some_and(|other| self.tree().is_inclusive_ancestor(self.id(), other.id())))
    }

    fn lookup_prefix(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
    ) -> Fallible<Option<DomString>> {
        let namespace = namespace.filter(|namespace| !namespace.is_empty());
        let prefix = namespace
            .and_then(|namespace| self.tree().locate_prefix(self.id(), &namespace.to_str_lossy()));
        Ok(prefix.map(DomString::from))
    }

    fn lookup_namespace_uri(
        &self,
        _realm: &Realm,
        prefix: Option<DomString>,
    ) -> Fallible<Option<DomString>> {
        let prefix = prefix.filter(|prefix| !prefix.is_empty());
        let prefix = prefix.as_ref().map(DomString::to_str_lossy);
        let namespace = self.tree().locate_namespace(self.id(), prefix.as_deref());
        Ok(namespace.map(|namespace| (&*namespace).into()))
    }

    fn is_default_namespace(&self, _realm: &Realm, namespace: Option<DomString>) -> Fallible<bool> {
        let default = self.tree().locate_namespace(self.id(), None).unwrap_or(ns!());
        Ok(namespace.unwrap_or_default() == *default)
    }

    fn insert_before(
        &self,
        _realm: &Realm,
        node: DomRoot<Node>,
        child: Option<DomRoot<Node>>,
    ) -> Fallible<DomRoot<Node>> {
        self.tree().pre_insert(node.id(), self.id(), child.map(|child| child.id()))?;
        Ok(node)
    }

    fn append_child(&self, _realm: &Realm, node: DomRoot<Node>) -> Fallible<DomRoot<Node>> {
        self.tree().append(node.id(), self.id())?;
        Ok(node)
    }

    fn replace_child(
        &self,
        _realm: &Realm,
        node: DomRoot<Node>,
        child: DomRoot<Node>,
    ) -> Fallible<DomRoot<Node>> {
        self.tree().replace(child.id(), node.id(), self.id())?;
        Ok(child)
    }

    fn remove_child(&self, _realm: &Realm, child: DomRoot<Node>) -> Fallible<DomRoot<Node>> {
        self.tree().pre_remove(child.id(), self.id())?;
        Ok(child)
    }
}
