/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The node trees of all documents of the process: an arena.
//!
//! A [`NodeId`] is a node. Every node has a [node document](https://dom.spec.whatwg.org/#concept-node-document).
//! Nodes move freely between trees and documents. A tree lives as long as its root is a document that
//! script or a page holds, or script holds one of its nodes:
//!
//! * this file: the arena. `kinds`: what nodes are. `walk`: ways through a tree.
//! * `links`: putting nodes into trees and taking them out; what that changes for them.
//! * [`mutation`]: the DOM standard's algorithms that do so for script, and `validity`, their checks.
//! * `attributes`, `text`, `clone`, `equality`, `namespaces`: more algorithms of the DOM standard.
//! * `index`: elements by id, and the title of documents.
//! * `objects`: the objects of nodes for script, which hold each other along the tree.
//! * `collect`: freeing what nobody can reach any more.
//!
//! Nothing here recurses along a tree: pages can nest nodes as deeply as they like.

mod attributes;
mod clone;
mod collect;
mod equality;
mod index;
mod kinds;
mod links;
mod mutation;
mod namespaces;
mod objects;
mod text;
mod validity;
mod walk;

use std::cell::{Cell, Ref, RefCell};
use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::rc::{Rc, Weak};

use encoding_rs::{Encoding, UTF_8};
use html5ever::interface::QuirksMode;
use html5ever::{LocalName, QualName, local_name, ns};
use sordino_script_bindings::DomWeak;

use crate::dom::{self, MutationObservers};
pub(crate) use attributes::AttributeChange;
pub(crate) use index::is_named_on_window;
pub(crate) use kinds::{
    Attribute, AttributeNode, Doctype, DocumentNode, Element, FieldState, NodeKind,
    ProcessingInstruction, Role, ScriptFlags, ScriptType, is_same_attribute, qualified_name,
};
pub(crate) use links::Step;
pub(crate) use objects::NodeRef;
pub(crate) use text::utf16_length;

/// A node of a [`Tree`]. Its number may be used again when the node is freed, then with another
/// generation.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct NodeId {
    index: NonZeroU32,
    generation: u32,
}

impl NodeId {
    /// Its place among the slots.
    fn index(self) -> usize {
        self.index.get() as usize - 1
    }

    /// A number that no other node of the tree has.
    pub(crate) fn to_address(self) -> NonZeroUsize {
        NonZeroUsize::MIN.saturating_add(self.index())
    }
}

sordino_script_bindings::impl_trace!(NodeId);

/// Another node of the same tree, which is not freed before this one.
type Link = Option<NonZeroU32>;

/// A node. There are millions of them, so they are small.
struct Node {
    kind: NodeKind,
    /// What script sees of it.
    object: Option<Box<DomWeak<dom::Node>>>,
    document: NodeId,
    parent: Link,
    first_child: Link,
    last_child: Link,
    previous: Link,
    next: Link,
    /// Counts changes of its children.
    children_version: u32,
    /// Whether the root of its tree is a document.
    connected: bool,
}

/// A place in the arena.
struct Slot {
    generation: u32,
    node: Option<Node>,
}

/// The trees of all documents, and the nodes that were taken out of one or never put in.
#[derive(Default)]
pub(crate) struct Tree {
    me: Weak<Tree>,
    slots: RefCell<Vec<Slot>>,
    free: RefCell<Vec<NonZeroU32>>,
    /// Roots that may have become unreachable.
    garbage: RefCell<Vec<NodeId>>,
    /// The nodes that each parser of a document holds between its steps, by number.
    held_by_parsers: RefCell<BTreeMap<u64, Vec<NodeId>>>,
    /// What elements have still to do because of their new places.
    steps: RefCell<Vec<Step>>,
    media_moved: Cell<bool>,
    /// Counts changes of places.
    version: Cell<u64>,
    /// Counts changes of attributes that collections of elements go by.
    attributes_version: Cell<u64>,
    observers: MutationObservers,
}

impl Tree {
    pub(crate) fn new() -> Rc<Self> {
        Rc::new_cyclic(|me| Self { me: me.clone(), ..Self::default() })
    }

    /// A document with nothing in it.
    pub(crate) fn create_document(&self, init: DocumentNode) -> NodeId {
        self.create_with(None, NodeKind::Document(Box::new(init)))
    }

    /// A node of `document` that is in no tree yet.
    pub(crate) fn create(&self, document: NodeId, kind: NodeKind) -> NodeId {
        self.create_with(Some(document), kind)
    }

    fn create_with(&self, document: Option<NodeId>, kind: NodeKind) -> NodeId {
        let mut slots = self.slots.borrow_mut();
        let index = self.free.borrow_mut().pop().unwrap_or_else(|| {
            slots.push(Slot { generation: 0, node: None });
            u32::try_from(slots.len())
                .ok()
                .and_then(NonZeroU32::new)
                .expect("a process has fewer than 2^32 nodes")
        });
        let slot = &mut slots[index.get() as usize - 1];
        let id = NodeId { index, generation: slot.generation };
        slot.node = Some(Node {
            kind,
            document: document.unwrap_or(id),
            parent: None,
            first_child: None,
            last_child: None,
            previous: None,
            next: None,
            object: None,
            children_version: 0,
            connected: document.is_none(),
        });
        id
    }

    pub(crate) fn create_element(
        &self,
        document: NodeId,
        name: QualName,
        attributes: Vec<Attribute>,
    ) -> NodeId {
        let is_template = name.ns == ns!(html) && name.local == local_name!("template");
        let element = Element::new(name, attributes);
        let id = self.create(document, NodeKind::Element(Box::new(element)));
        if is_template {
            let inert = self.inert_document(document);
            let contents = self.create(inert, NodeKind::Fragment { host: Some(id) });
            self.update_element(id, |element| element.template_contents = Some(contents));
        }
        id
    }

    /// The [appropriate template contents owner document](https://html.spec.whatwg.org/multipage/scripting.html#appropriate-template-contents-owner-document).
    fn inert_document(&self, document: NodeId) -> NodeId {
        let (inert, is_html) = match &*self.kind(document) {
            NodeKind::Document(it) if it.inert_of.is_some() => return document,
            NodeKind::Document(it) => (it.inert, it.is_html),
            _ => (None, true),
        };
        inert.unwrap_or_else(|| {
            let url = url::Url::parse("about:blank").expect("it is a URL");
            let content_type = if is_html { "text/html" } else { "application/xml" };
            let mut init = DocumentNode::without_page(url, is_html, content_type);
            init.inert_of = Some(document);
            let inert = self.create_document(init);
            self.update_document(document, |it| it.inert = Some(inert));
            inert
        })
    }

    /// An HTML element with this local name and no attributes.
    pub(crate) fn create_html_element(&self, document: NodeId, local_name: &str) -> NodeId {
        let name = QualName::new(None, ns!(html), LocalName::from(local_name));
        self.create_element(document, name, Vec::new())
    }

    fn node(&self, id: NodeId) -> Ref<'_, Node> {
        Ref::map(self.slots.borrow(), |slots| get(slots, id))
    }

    fn with_node<R>(&self, id: NodeId, change: impl FnOnce(&mut Node) -> R) -> R {
        change(get_mut(&mut self.slots.borrow_mut(), id))
    }

    /// Whether the node was not freed.
    pub(crate) fn is_alive(&self, id: NodeId) -> bool {
        let slots = self.slots.borrow();
        slots.get(id.index()).is_some_and(|it| it.generation == id.generation && it.node.is_some())
    }

    /// The [node document](https://dom.spec.whatwg.org/#concept-node-document); a document's own is
    /// itself.
    pub(crate) fn document_of(&self, id: NodeId) -> NodeId {
        self.node(id).document
    }

    pub(crate) fn is_document(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, NodeKind::Document(_))
    }

    /// Whether the node is [in a document](https://dom.spec.whatwg.org/#in-a-document-tree).
    pub(crate) fn is_connected(&self, id: NodeId) -> bool {
        self.node(id).connected
    }

    pub(crate) fn kind(&self, id: NodeId) -> Ref<'_, NodeKind> {
        Ref::map(self.node(id), |node| &node.kind)
    }

    /// Changes what a node is, but not which kind.
    pub(crate) fn update_kind<R>(&self, id: NodeId, change: impl FnOnce(&mut NodeKind) -> R) -> R {
        self.with_node(id, |node| change(&mut node.kind))
    }

    pub(crate) fn element(&self, id: NodeId) -> Option<Ref<'_, Element>> {
        Ref::filter_map(self.node(id), |node| match &node.kind {
            NodeKind::Element(element) => Some(&**element),
            _ => None,
        })
        .ok()
    }

    /// Changes an element; does nothing to another node.
    pub(crate) fn update_element<R>(
        &self,
        id: NodeId,
        change: impl FnOnce(&mut Element) -> R,
    ) -> Option<R> {
        self.with_node(id, |node| match &mut node.kind {
            NodeKind::Element(element) => Some(change(element)),
            _ => None,
        })
    }

    /// Whether the node is an HTML element with this local name.
    pub(crate) fn is_html_element(&self, id: NodeId, name: &LocalName) -> bool {
        self.element(id).is_some_and(|element| element.is(name))
    }

    /// The [document element](https://dom.spec.whatwg.org/#document-element).
    pub(crate) fn document_element(&self, document: NodeId) -> Option<NodeId> {
        self.element_children(document).next()
    }

    /// Whether the document is in [quirks mode](https://dom.spec.whatwg.org/#concept-document-quirks).
    pub(crate) fn is_quirky(&self, document: NodeId) -> bool {
        matches!(&*self.kind(document), NodeKind::Document(it) if it.mode == QuirksMode::Quirks)
    }

    /// The [encoding](https://dom.spec.whatwg.org/#concept-document-encoding) of a document.
    pub(crate) fn encoding(&self, document: NodeId) -> &'static Encoding {
        match &*self.kind(document) {
            NodeKind::Document(it) => it.encoding,
            _ => UTF_8,
        }
    }

    /// Whether a node is of an [HTML document](https://dom.spec.whatwg.org/#html-document).
    pub(crate) fn is_in_html_document(&self, id: NodeId) -> bool {
        let document = self.document_of(id);
        matches!(&*self.kind(document), NodeKind::Document(it) if it.is_html)
    }

    /// Whether [scripting is enabled](https://html.spec.whatwg.org/multipage/webappapis.html#concept-n-script)
    /// for a node: whether its document was made to be shown.
    pub(crate) fn is_scripting_enabled(&self, id: NodeId) -> bool {
        self.own_url(self.document_of(id)).is_none()
    }

    /// The URL of a document that no page shows.
    pub(crate) fn own_url(&self, document: NodeId) -> Option<url::Url> {
        match &*self.kind(document) {
            NodeKind::Document(it) => it.url.clone(),
            _ => None,
        }
    }

    /// A number that is another whenever any node has changed its place.
    pub(crate) fn version(&self) -> u64 {
        self.version.get()
    }

    fn new_version(&self) {
        self.version.set(self.version.get() + 1);
    }

    /// A number that is another whenever an attribute has changed that a collection goes by.
    pub(crate) fn attributes_version(&self) -> u64 {
        self.attributes_version.get()
    }

    /// A number that is another whenever the children of the node are.
    pub(crate) fn children_version(&self, id: NodeId) -> u32 {
        self.node(id).children_version
    }

    pub(crate) fn observers(&self) -> &MutationObservers {
        &self.observers
    }
}

/// # Panics
///
/// When the node was freed, which a node that anybody can reach is not.
fn get(slots: &[Slot], id: NodeId) -> &Node {
    let slot = slots.get(id.index()).filter(|slot| slot.generation == id.generation);
    slot.and_then(|slot| slot.node.as_ref()).expect(FREED)
}

/// The id of a node that is linked to.
fn linked(slots: &[Slot], link: Link) -> Option<NodeId> {
    let index = link?;
    let slot = slots.get(index.get() as usize - 1)?;
    Some(NodeId { index, generation: slot.generation })
}

/// As [`get`].
fn get_mut(slots: &mut [Slot], id: NodeId) -> &mut Node {
    let slot = slots.get_mut(id.index()).filter(|slot| slot.generation == id.generation);
    slot.and_then(|slot| slot.node.as_mut()).expect(FREED)
}

const FREED: &str = "a node is freed when nobody can reach it any more";

#[cfg(test)]
mod tests;
