/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The node trees of all documents of the process: an arena.
//!
//! A [`NodeId`] is a node. Every node has a [node document](https://dom.spec.whatwg.org/#concept-node-document).
//! Nodes move freely between trees and documents. A tree lives as long as its root is a document that
//! script or a page holds, or script holds one of its nodes:
//!
//! * [`objects`]: the objects of nodes for script, which hold each other along the tree.
//! * [`collect`]: freeing what nobody can reach any more.

mod collect;
mod objects;

use std::cell::{Cell, Ref, RefCell};
use std::num::NonZeroUsize;
use std::rc::{Rc, Weak};

use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use sordino_script_bindings::DomWeak;

use crate::dom;
pub(crate) use objects::NodeRef;

/// A node of a [`Tree`]. Its number may be used again when the node is freed, then with another
/// generation.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct NodeId {
    index: u32,
    generation: u32,
}

impl NodeId {
    fn index(self) -> usize {
        self.index as usize
    }

    /// A number that no other node of the tree has.
    pub(crate) fn to_address(self) -> NonZeroUsize {
        NonZeroUsize::MIN.saturating_add(self.index())
    }
}

sordino_script_bindings::impl_trace!(NodeId);

/// What a node is.
#[derive(Debug)]
pub(crate) enum NodeKind {
    Document(DocumentNode),
    Fragment {
        /// The `template` whose contents these are.
        host: Option<NodeId>,
    },
    Doctype {
        name: String,
        public_id: String,
        system_id: String,
    },
    Text(String),
    Comment(String),
    Element(Element),
}

/// What the tree knows of a document.
#[derive(Debug, Default)]
pub(crate) struct DocumentNode {
    pub(crate) quirks: bool,
    /// How many parsers build it. Nothing that belongs to it is freed meanwhile.
    parsers: u32,
}

/// An element's name and attributes.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: QualName,
    pub(crate) attributes: Vec<(QualName, String)>,
    /// Of a `template`: the fragment with its contents.
    pub(crate) template_contents: Option<NodeId>,
    /// Of a `script`: ["already started"](https://html.spec.whatwg.org/multipage/scripting.html#already-started).
    pub(crate) already_started: bool,
    /// Whether a parser made it.
    pub(crate) by_parser: bool,
    /// Of a `script`: the line on which its text starts, from 1.
    pub(crate) line: u64,
}

impl Element {
    /// The value of an attribute without a namespace.
    pub(crate) fn attribute(&self, name: &LocalName) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own.ns == ns!() && own.local == *name)
            .map(|(_, value)| value.as_str())
    }

    /// The [qualified name, upper-cased](https://dom.spec.whatwg.org/#element-html-uppercased-qualified-name)
    /// for an HTML element.
    pub(crate) fn tag_name(&self) -> String {
        let name = match &self.name.prefix {
            Some(prefix) => format!("{prefix}:{}", self.name.local),
            None => self.name.local.to_string(),
        };
        if self.is_html() { name.to_ascii_uppercase() } else { name }
    }

    pub(crate) fn is_html(&self) -> bool {
        self.name.ns == ns!(html)
    }
}

struct Node {
    kind: NodeKind,
    document: NodeId,
    parent: Option<NodeId>,
    first_child: Option<NodeId>,
    last_child: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
    /// Whether the root of its tree is a document.
    connected: bool,
    /// What script sees of it.
    object: Option<DomWeak<dom::Node>>,
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
    free: RefCell<Vec<u32>>,
    /// Roots that may have become unreachable.
    garbage: RefCell<Vec<NodeId>>,
    /// Whether something changed since the last [`take_changed`](Self::take_changed).
    changed: Cell<bool>,
}

impl Tree {
    pub(crate) fn new() -> Rc<Self> {
        Rc::new_cyclic(|me| Self { me: me.clone(), ..Self::default() })
    }

    /// A document with nothing in it.
    pub(crate) fn create_document(&self) -> NodeId {
        self.create_with(None, NodeKind::Document(DocumentNode::default()))
    }

    /// A node of `document` that is in no tree yet.
    pub(crate) fn create(&self, document: NodeId, kind: NodeKind) -> NodeId {
        self.create_with(Some(document), kind)
    }

    fn create_with(&self, document: Option<NodeId>, kind: NodeKind) -> NodeId {
        let mut slots = self.slots.borrow_mut();
        let index = self.free.borrow_mut().pop().unwrap_or_else(|| {
            slots.push(Slot { generation: 0, node: None });
            u32::try_from(slots.len() - 1).expect("a process has fewer than 2^32 nodes")
        });
        let slot = &mut slots[index as usize];
        let id = NodeId { index, generation: slot.generation };
        slot.node = Some(Node {
            kind,
            document: document.unwrap_or(id),
            parent: None,
            first_child: None,
            last_child: None,
            previous: None,
            next: None,
            connected: document.is_none(),
            object: None,
        });
        id
    }

    pub(crate) fn create_element(
        &self,
        document: NodeId,
        name: QualName,
        attributes: Vec<Attribute>,
    ) -> NodeId {
        let attributes =
            attributes.into_iter().map(|it| (it.name, String::from(it.value))).collect();
        let is_template = name.ns == ns!(html) && name.local == local_name!("template");
        let id = self.create(
            document,
            NodeKind::Element(Element {
                name,
                attributes,
                template_contents: None,
                already_started: false,
                by_parser: false,
                line: 1,
            }),
        );
        if is_template {
            let contents = self.create(document, NodeKind::Fragment { host: Some(id) });
            self.update_element(id, |element| element.template_contents = Some(contents));
        }
        id
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

    /// The [root](https://dom.spec.whatwg.org/#concept-tree-root) of a node's tree.
    pub(crate) fn root(&self, id: NodeId) -> NodeId {
        let node = self.node(id);
        if node.connected {
            return node.document;
        }
        drop(node);
        std::iter::successors(Some(id), |id| self.parent(*id)).last().unwrap_or(id)
    }

    /// Makes a subtree one of another document: [adopt](https://dom.spec.whatwg.org/#concept-node-adopt),
    /// for a subtree that was taken out of its tree.
    pub(crate) fn adopt(&self, root: NodeId, document: NodeId) {
        if self.document_of(root) == document {
            return;
        }
        self.for_each_inclusive(root, |tree, id| {
            tree.with_node(id, |node| node.document = document);
            let contents = tree.element(id).and_then(|element| element.template_contents);
            if let Some(contents) = contents {
                tree.adopt(contents, document);
            }
        });
        self.tie_subtree(root);
    }

    fn for_each_inclusive(&self, root: NodeId, mut act: impl FnMut(&Self, NodeId)) {
        let mut next = Some(root);
        while let Some(id) = next {
            act(self, id);
            next = self.following(id, root);
        }
    }

    pub(crate) fn kind(&self, id: NodeId) -> Ref<'_, NodeKind> {
        Ref::map(self.node(id), |node| &node.kind)
    }

    pub(crate) fn element(&self, id: NodeId) -> Option<Ref<'_, Element>> {
        Ref::filter_map(self.node(id), |node| match &node.kind {
            NodeKind::Element(element) => Some(element),
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

    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent
    }

    pub(crate) fn first_child(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).first_child
    }

    pub(crate) fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).next
    }

    pub(crate) fn previous_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).previous
    }

    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.first_child(id), |child| self.next_sibling(*child))
    }

    /// Everything below a node, in tree order.
    pub(crate) fn descendants(&self, root: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.first_child(root), move |id| self.following(*id, root))
    }

    /// What comes after a node in tree order, within `root`.
    pub(crate) fn following(&self, id: NodeId, root: NodeId) -> Option<NodeId> {
        if let Some(child) = self.first_child(id) {
            return Some(child);
        }
        self.following_sibling(id, root)
    }

    /// What comes after a node and all below it in tree order, within `root`.
    pub(crate) fn following_sibling(&self, id: NodeId, root: NodeId) -> Option<NodeId> {
        let mut ancestor = id;
        loop {
            if ancestor == root {
                return None;
            }
            if let Some(sibling) = self.next_sibling(ancestor) {
                return Some(sibling);
            }
            ancestor = self.parent(ancestor)?;
        }
    }

    /// Whether `ancestor` is `id` or above it.
    pub(crate) fn is_inclusive_ancestor(&self, ancestor: NodeId, id: NodeId) -> bool {
        std::iter::successors(Some(id), |id| self.parent(*id)).any(|id| id == ancestor)
    }

    /// Takes a node out of its parent.
    pub(crate) fn remove(&self, id: NodeId) {
        if self.unlink(id) {
            self.moved(id);
            self.garbage.borrow_mut().push(id);
        }
    }

    fn unlink(&self, id: NodeId) -> bool {
        let mut slots = self.slots.borrow_mut();
        let node = get_mut(&mut slots, id);
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        let Some(parent) = parent else { return false };
        match previous {
            Some(previous) => get_mut(&mut slots, previous).next = next,
            None => get_mut(&mut slots, parent).first_child = next,
        }
        match next {
            Some(next) => get_mut(&mut slots, next).previous = previous,
            None => get_mut(&mut slots, parent).last_child = previous,
        }
        true
    }

    /// Puts a node into `parent`, before `sibling` or at the end; out of where it was, and if need be
    /// into the parent's document.
    pub(crate) fn insert(&self, parent: NodeId, id: NodeId, before: Option<NodeId>) {
        self.unlink(id);
        let mut slots = self.slots.borrow_mut();
        let previous = match before {
            Some(before) => get_mut(&mut slots, before).previous.replace(id),
            None => get_mut(&mut slots, parent).last_child.replace(id),
        };
        match previous {
            Some(previous) => get_mut(&mut slots, previous).next = Some(id),
            None => get_mut(&mut slots, parent).first_child = Some(id),
        }
        let document = get(&slots, parent).document;
        let node = get_mut(&mut slots, id);
        (node.parent, node.previous, node.next) = (Some(parent), previous, before);
        drop(slots);
        self.adopt(id, document);
        self.moved(id);
    }

    /// A subtree came to another place.
    fn moved(&self, root: NodeId) {
        self.changed.set(true);
        let parent = self.parent(root);
        let connected = parent.is_some_and(|parent| self.is_connected(parent));
        if self.is_connected(root) != connected {
            self.for_each_inclusive(root, |tree, id| {
                tree.with_node(id, |node| node.connected = connected);
            });
        }
        self.tie_subtree(root);
    }

    /// Whether anything changed since it was asked last.
    pub(crate) fn take_changed(&self) -> bool {
        self.changed.replace(false)
    }

    /// Notes a change that was not one of the tree's shape.
    pub(crate) fn note_change(&self) {
        self.changed.set(true);
    }

    pub(crate) fn append(&self, parent: NodeId, id: NodeId) {
        self.insert(parent, id, None);
    }

    /// Inserts text, joined to text that it comes to stand beside.
    pub(crate) fn insert_text(&self, parent: NodeId, text: &str, before: Option<NodeId>) {
        let neighbour = match before {
            Some(before) => self.node(before).previous,
            None => self.node(parent).last_child,
        };
        let joined = neighbour.is_some_and(|neighbour| {
            self.with_node(neighbour, |node| match &mut node.kind {
                NodeKind::Text(own) => {
                    own.push_str(text);
                    true
                }
                _ => false,
            })
        });
        if joined {
            return;
        }
        let id = self.create(self.document_of(parent), NodeKind::Text(text.to_owned()));
        self.insert(parent, id, before);
    }

    /// The text of all text nodes below a node, or of the node itself:
    /// [`textContent`](https://dom.spec.whatwg.org/#dom-node-textcontent); `None` for a document.
    pub(crate) fn text_content(&self, id: NodeId) -> Option<String> {
        match &*self.kind(id) {
            NodeKind::Document(_) | NodeKind::Doctype { .. } => return None,
            NodeKind::Text(text) | NodeKind::Comment(text) => return Some(text.clone()),
            NodeKind::Fragment { .. } | NodeKind::Element(_) => {}
        }
        let mut text = String::new();
        for descendant in self.descendants(id) {
            if let NodeKind::Text(own) = &*self.kind(descendant) {
                text.push_str(own);
            }
        }
        Some(text)
    }

    /// The setter of `textContent`.
    pub(crate) fn set_text_content(&self, id: NodeId, new: &str) {
        let has_children = self.with_node(id, |node| match &mut node.kind {
            NodeKind::Text(text) | NodeKind::Comment(text) => {
                new.clone_into(text);
                false
            }
            NodeKind::Document(_) | NodeKind::Doctype { .. } => false,
            NodeKind::Fragment { .. } | NodeKind::Element(_) => true,
        });
        self.changed.set(true);
        if !has_children {
            return;
        }
        while let Some(child) = self.first_child(id) {
            self.remove(child);
        }
        if !new.is_empty() {
            self.insert_text(id, new, None);
        }
    }

    /// The element child of a document.
    pub(crate) fn document_element(&self, document: NodeId) -> Option<NodeId> {
        self.children(document).find(|child| self.element(*child).is_some())
    }

    /// The first element in tree order below `root` that has this id.
    pub(crate) fn element_by_id(&self, root: NodeId, id: &str) -> Option<NodeId> {
        self.descendants(root).find(|node| {
            self.element(*node).is_some_and(|it| it.attribute(&local_name!("id")) == Some(id))
        })
    }

    /// The first HTML element with this name below the document.
    pub(crate) fn first_html_element(&self, document: NodeId, name: &LocalName) -> Option<NodeId> {
        self.descendants(document).find(|node| {
            self.element(*node).is_some_and(|it| it.is_html() && it.name.local == *name)
        })
    }

    /// [`document.title`](https://html.spec.whatwg.org/multipage/dom.html#document.title): the text
    /// of the first `title`, with white space stripped and collapsed.
    pub(crate) fn title(&self, document: NodeId) -> String {
        let title = self.first_html_element(document, &local_name!("title"));
        let text = title.and_then(|title| self.text_content(title)).unwrap_or_default();
        text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The last `link` that names an [icon](https://html.spec.whatwg.org/multipage/links.html#rel-icon).
    pub(crate) fn icon(&self, document: NodeId) -> Option<NodeId> {
        let names_icon = |node: &NodeId| {
            self.element(*node).is_some_and(|it| {
                let rel = it.attribute(&local_name!("rel")).unwrap_or_default();
                it.is_html()
                    && it.name.local == local_name!("link")
                    && it.attribute(&local_name!("href")).is_some_and(|href| !href.is_empty())
                    && rel.split_ascii_whitespace().any(|it| it.eq_ignore_ascii_case("icon"))
            })
        };
        self.descendants(document).filter(names_icon).last()
    }

    /// Changes what the tree knows of a document; does nothing to another node.
    pub(crate) fn update_document(&self, id: NodeId, change: impl FnOnce(&mut DocumentNode)) {
        self.with_node(id, |node| {
            if let NodeKind::Document(document) = &mut node.kind {
                change(document);
            }
        });
    }

    /// Whether the document is in [quirks mode](https://dom.spec.whatwg.org/#concept-document-quirks).
    pub(crate) fn is_quirky(&self, document: NodeId) -> bool {
        matches!(&*self.kind(document), NodeKind::Document(DocumentNode { quirks: true, .. }))
    }
}

/// # Panics
///
/// When the node was freed, which a node that anybody can reach is not.
fn get(slots: &[Slot], id: NodeId) -> &Node {
    let slot = slots.get(id.index()).filter(|slot| slot.generation == id.generation);
    slot.and_then(|slot| slot.node.as_ref()).expect(FREED)
}

/// As [`get`].
fn get_mut(slots: &mut [Slot], id: NodeId) -> &mut Node {
    let slot = slots.get_mut(id.index()).filter(|slot| slot.generation == id.generation);
    slot.and_then(|slot| slot.node.as_mut()).expect(FREED)
}

const FREED: &str = "a node is freed when nobody can reach it any more";

#[cfg(test)]
mod tests {
    use super::*;

    fn names(tree: &Tree, root: NodeId) -> Vec<String> {
        tree.descendants(root)
            .map(|id| match &*tree.kind(id) {
                NodeKind::Element(element) => element.name.local.to_string(),
                NodeKind::Text(text) => format!("'{text}'"),
                kind => format!("{kind:?}"),
            })
            .collect()
    }

    #[test]
    fn nodes_are_in_one_place_only() {
        let tree = Tree::new();
        let document = tree.create_document();
        let [a, b, c] = ["a", "b", "c"].map(|name| tree.create_html_element(document, name));
        tree.append(document, a);
        tree.append(a, b);
        tree.insert(a, c, Some(b));
        assert_eq!(names(&tree, document), ["a", "c", "b"]);
        tree.append(c, b);
        assert_eq!(names(&tree, document), ["a", "c", "b"]);
        assert_eq!(tree.parent(b), Some(c));
        assert_eq!(tree.next_sibling(c), None);
        tree.remove(c);
        assert_eq!(names(&tree, document), ["a"]);
        assert_eq!(names(&tree, c), ["b"]);
        assert!(tree.is_inclusive_ancestor(c, b) && !tree.is_inclusive_ancestor(a, b));
    }

    #[test]
    fn neighbouring_text_is_joined_and_replaced_as_one() {
        let tree = Tree::new();
        let document = tree.create_document();
        let a = tree.create_html_element(document, "a");
        let b = tree.create_html_element(document, "b");
        tree.append(a, b);
        tree.insert_text(a, "one", Some(b));
        tree.insert_text(a, " two", Some(b));
        tree.insert_text(b, "three", None);
        assert_eq!(names(&tree, a), ["'one two'", "b", "'three'"]);
        assert_eq!(tree.text_content(a).as_deref(), Some("one twothree"));
        tree.set_text_content(a, "new");
        assert_eq!(names(&tree, a), ["'new'"]);
        tree.set_text_content(a, "");
        assert_eq!(tree.first_child(a), None);
        assert_eq!(tree.text_content(document), None);
    }
}
