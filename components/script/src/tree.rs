/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The node tree of a document: an arena that knows nothing of script. A [`NodeId`] is a node; nodes
//! live as long as their tree.

use std::cell::{Cell, Ref, RefCell};
use std::num::NonZeroUsize;

use html5ever::{Attribute, LocalName, QualName, local_name, ns};

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct NodeId(u32);

impl NodeId {
    fn index(self) -> usize {
        self.0 as usize
    }

    /// A number that no other node of the tree has.
    pub(crate) fn to_address(self) -> NonZeroUsize {
        NonZeroUsize::MIN.saturating_add(self.index())
    }
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum NodeKind {
    Document,
    Fragment,
    Doctype { name: String },
    Text(String),
    Comment(String),
    Element(Element),
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

#[derive(Debug)]
struct Node {
    kind: NodeKind,
    parent: Option<NodeId>,
    first_child: Option<NodeId>,
    last_child: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
}

/// A tree of nodes, and the nodes that were taken out of it or never put in.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: RefCell<Vec<Node>>,
    quirks: Cell<bool>,
}

impl Tree {
    /// A tree with a document and nothing in it.
    pub(crate) fn new() -> Self {
        let tree = Self { nodes: RefCell::default(), quirks: Cell::new(false) };
        tree.create(NodeKind::Document);
        tree
    }

    pub(crate) fn document(&self) -> NodeId {
        NodeId(0)
    }

    pub(crate) fn create(&self, kind: NodeKind) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        let id = NodeId(u32::try_from(nodes.len()).expect("a tree has fewer than 2^32 nodes"));
        nodes.push(Node {
            kind,
            parent: None,
            first_child: None,
            last_child: None,
            previous: None,
            next: None,
        });
        id
    }

    pub(crate) fn create_element(&self, name: QualName, attributes: Vec<Attribute>) -> NodeId {
        let attributes =
            attributes.into_iter().map(|it| (it.name, String::from(it.value))).collect();
        let is_template = name.ns == ns!(html) && name.local == local_name!("template");
        let template_contents = is_template.then(|| self.create(NodeKind::Fragment));
        self.create(NodeKind::Element(Element {
            name,
            attributes,
            template_contents,
            already_started: false,
            line: 1,
        }))
    }

    /// An HTML element with this local name and no attributes.
    pub(crate) fn create_html_element(&self, local_name: &str) -> NodeId {
        let name = QualName::new(None, ns!(html), LocalName::from(local_name));
        self.create_element(name, Vec::new())
    }

    fn node(&self, id: NodeId) -> Ref<'_, Node> {
        Ref::map(self.nodes.borrow(), |nodes| &nodes[id.index()])
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
        match &mut self.nodes.borrow_mut()[id.index()].kind {
            NodeKind::Element(element) => Some(change(element)),
            _ => None,
        }
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

    fn following(&self, id: NodeId, root: NodeId) -> Option<NodeId> {
        if let Some(child) = self.first_child(id) {
            return Some(child);
        }
        let mut ancestor = id;
        loop {
            if let Some(sibling) = self.next_sibling(ancestor) {
                return Some(sibling);
            }
            ancestor = self.parent(ancestor).filter(|parent| *parent != root)?;
        }
    }

    /// Whether `ancestor` is `id` or above it.
    pub(crate) fn is_inclusive_ancestor(&self, ancestor: NodeId, id: NodeId) -> bool {
        std::iter::successors(Some(id), |id| self.parent(*id)).any(|id| id == ancestor)
    }

    /// Takes a node out of its parent.
    pub(crate) fn remove(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let node = &mut nodes[id.index()];
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        let Some(parent) = parent else { return };
        match previous {
            Some(previous) => nodes[previous.index()].next = next,
            None => nodes[parent.index()].first_child = next,
        }
        match next {
            Some(next) => nodes[next.index()].previous = previous,
            None => nodes[parent.index()].last_child = previous,
        }
    }

    /// Puts a node into `parent`, before `sibling` or at the end; out of where it was.
    pub(crate) fn insert(&self, parent: NodeId, id: NodeId, before: Option<NodeId>) {
        self.remove(id);
        let mut nodes = self.nodes.borrow_mut();
        let previous = match before {
            Some(before) => nodes[before.index()].previous.replace(id),
            None => nodes[parent.index()].last_child.replace(id),
        };
        match previous {
            Some(previous) => nodes[previous.index()].next = Some(id),
            None => nodes[parent.index()].first_child = Some(id),
        }
        let node = &mut nodes[id.index()];
        (node.parent, node.previous, node.next) = (Some(parent), previous, before);
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
        if let Some(neighbour) = neighbour
            && let NodeKind::Text(own) = &mut self.nodes.borrow_mut()[neighbour.index()].kind
        {
            own.push_str(text);
            return;
        }
        let id = self.create(NodeKind::Text(text.to_owned()));
        self.insert(parent, id, before);
    }

    /// The text of all text nodes below a node, or of the node itself:
    /// [`textContent`](https://dom.spec.whatwg.org/#dom-node-textcontent); `None` for a document.
    pub(crate) fn text_content(&self, id: NodeId) -> Option<String> {
        match &*self.kind(id) {
            NodeKind::Document | NodeKind::Doctype { .. } => return None,
            NodeKind::Text(text) | NodeKind::Comment(text) => return Some(text.clone()),
            NodeKind::Fragment | NodeKind::Element(_) => {}
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
        match &mut self.nodes.borrow_mut()[id.index()].kind {
            NodeKind::Text(text) | NodeKind::Comment(text) => {
                new.clone_into(text);
                return;
            }
            NodeKind::Document | NodeKind::Doctype { .. } => return,
            NodeKind::Fragment | NodeKind::Element(_) => {}
        }
        let children: Vec<_> = self.children(id).collect();
        for child in children {
            self.remove(child);
        }
        if !new.is_empty() {
            self.insert_text(id, new, None);
        }
    }

    /// The first element in tree order that has this id.
    pub(crate) fn element_by_id(&self, id: &str) -> Option<NodeId> {
        self.descendants(self.document()).find(|node| {
            self.element(*node).is_some_and(|it| it.attribute(&local_name!("id")) == Some(id))
        })
    }

    /// The first HTML element with this name below the document.
    pub(crate) fn first_html_element(&self, name: &LocalName) -> Option<NodeId> {
        self.descendants(self.document()).find(|node| {
            self.element(*node).is_some_and(|it| it.is_html() && it.name.local == *name)
        })
    }

    /// [`document.title`](https://html.spec.whatwg.org/multipage/dom.html#document.title): the text
    /// of the first `title`, with white space stripped and collapsed.
    pub(crate) fn title(&self) -> String {
        let title = self.first_html_element(&local_name!("title"));
        let text = title.and_then(|title| self.text_content(title)).unwrap_or_default();
        text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The last `link` that names an [icon](https://html.spec.whatwg.org/multipage/links.html#rel-icon).
    pub(crate) fn icon(&self) -> Option<NodeId> {
        let names_icon = |node: &NodeId| {
            self.element(*node).is_some_and(|it| {
                let rel = it.attribute(&local_name!("rel")).unwrap_or_default();
                it.is_html()
                    && it.name.local == local_name!("link")
                    && it.attribute(&local_name!("href")).is_some_and(|href| !href.is_empty())
                    && rel.split_ascii_whitespace().any(|it| it.eq_ignore_ascii_case("icon"))
            })
        };
        self.descendants(self.document()).filter(names_icon).last()
    }

    pub(crate) fn set_quirks(&self, quirks: bool) {
        self.quirks.set(quirks);
    }

    pub(crate) fn is_quirky(&self) -> bool {
        self.quirks.get()
    }
}

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
        let [a, b, c] = ["a", "b", "c"].map(|name| tree.create_html_element(name));
        tree.append(tree.document(), a);
        tree.append(a, b);
        tree.insert(a, c, Some(b));
        assert_eq!(names(&tree, tree.document()), ["a", "c", "b"]);
        tree.append(c, b);
        assert_eq!(names(&tree, tree.document()), ["a", "c", "b"]);
        assert_eq!(tree.parent(b), Some(c));
        assert_eq!(tree.next_sibling(c), None);
        tree.remove(c);
        assert_eq!(names(&tree, tree.document()), ["a"]);
        assert_eq!(names(&tree, c), ["b"]);
        assert!(tree.is_inclusive_ancestor(c, b) && !tree.is_inclusive_ancestor(a, b));
    }

    #[test]
    fn neighbouring_text_is_joined_and_replaced_as_one() {
        let tree = Tree::new();
        let a = tree.create_html_element("a");
        let b = tree.create_html_element("b");
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
        assert_eq!(tree.text_content(tree.document()), None);
    }
}
