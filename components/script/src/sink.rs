/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Where html5ever's tree builder puts what it builds: into a [`Tree`].

use std::borrow::Cow;
use std::cell::{Cell, Ref};
use std::rc::Rc;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName};

use crate::tree::{self, Doctype, Element, NodeId, NodeKind, Tree};

/// The sink of one parse.
pub(crate) struct Sink {
    tree: Rc<Tree>,
    /// The node document of what is made.
    document: NodeId,
    /// What stands for the document: itself, or for a part of one, a fragment.
    root: NodeId,
    line: Cell<u64>,
    /// The element that is probably the [current node](https://html.spec.whatwg.org/multipage/parsing.html#current-node),
    /// and how deep it is.
    current: Cell<Option<(NodeId, u32)>>,
}

impl Sink {
    /// A sink for a whole document.
    pub(crate) fn new(tree: Rc<Tree>, document: NodeId) -> Self {
        Self::of_fragment(tree, document, document)
    }

    /// A sink for a part of a document, which comes into `root`.
    pub(crate) fn of_fragment(tree: Rc<Tree>, document: NodeId, root: NodeId) -> Self {
        Self { tree, document, root, line: Cell::new(1), current: Cell::new(None) }
    }

    fn insert(&self, parent: NodeId, child: NodeOrText<NodeId>, before: Option<NodeId>) {
        match child {
            NodeOrText::AppendNode(id) => {
                if self.may_be_in(id, parent) {
                    self.link(parent, id, before);
                    self.note_current(parent, id);
                }
            }
            NodeOrText::AppendText(text) => self.tree.insert_text(parent, &text, before),
        }
    }

    /// Whether a node can be put there, which script may have put into that node.
    fn may_be_in(&self, id: NodeId, parent: NodeId) -> bool {
        self.tree.first_child(id).is_none()
            || !self.tree.inclusive_ancestors(parent).any(|ancestor| ancestor == id)
    }

    /// The node that was put into place last.
    pub(crate) fn current(&self) -> Option<NodeId> {
        self.current.get().map(|(current, _)| current)
    }

    fn link(&self, parent: NodeId, id: NodeId, before: Option<NodeId>) {
        self.tree.link(parent, id, before);
        self.tree.note_inserted(id);
    }

    fn note_current(&self, parent: NodeId, id: NodeId) {
        let is_open = self.tree.element(id).is_some_and(|it| !it.has_no_end_tag());
        if !is_open {
            return;
        }
        let depth = match self.current.get() {
            Some((current, depth)) if current == parent => depth + 1,
            Some((current, depth)) if self.tree.parent(current) == Some(parent) => depth,
            _ => u32::try_from(self.tree.ancestors(id).count()).unwrap_or(u32::MAX),
        };
        self.current.set(Some((id, depth)));
    }

    /// The name of the current node, if it is at least so deep.
    pub(crate) fn name_of_current_beyond(&self, depth: u32) -> Option<LocalName> {
        let (current, _) = self.current.get().filter(|(_, own)| *own >= depth)?;
        self.tree.element(current).map(|element| element.name.local.clone())
    }
}

fn attribute(attribute: Attribute) -> tree::Attribute {
    tree::Attribute::new(attribute.name, String::from(attribute.value).into())
}

/// A borrowed element name.
#[derive(Debug)]
pub(crate) struct Name<'a>(Ref<'a, Element>);

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.name.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.name.local
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = ();
    type ElemName<'a> = Name<'a>;

    fn finish(self) {}

    fn parse_error(&self, message: Cow<'static, str>) {
        log::debug!("line {}: {message}", self.line.get());
    }

    fn get_document(&self) -> NodeId {
        self.root
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Name<'a> {
        Name(self.tree.element(*target).expect("the tree builder asks for the names of elements"))
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _flags: ElementFlags,
    ) -> NodeId {
        let attributes = attributes.into_iter().map(attribute).collect();
        let id = self.tree.create_element(self.document, name, attributes);
        self.tree.update_element(id, |element| {
            element.line = u32::try_from(self.line.get()).unwrap_or(u32::MAX);
            element.script.parser_inserted = true;
            element.script.not_forced_async = true;
        });
        self.tree.created_by_parser(id);
        id
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.tree.create(self.document, NodeKind::Comment(String::from(text).into()))
    }

    fn create_pi(&self, _target: StrTendril, data: StrTendril) -> NodeId {
        // HTML has none: the tokenizer makes comments of them.
        self.tree.create(self.document, NodeKind::Comment(String::from(data).into()))
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.insert(*parent, child, None);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        match self.tree.parent(*element) {
            Some(parent) => self.insert(parent, child, Some(*element)),
            None => self.insert(*previous, child, None),
        }
    }

    fn append_doctype_to_document(
        &self,
        name: StrTendril,
        public_id: StrTendril,
        system_id: StrTendril,
    ) {
        let doctype =
            Doctype { name: name.into(), public_id: public_id.into(), system_id: system_id.into() };
        let doctype = self.tree.create(self.document, NodeKind::Doctype(Box::new(doctype)));
        self.link(self.root, doctype, None);
    }

    fn mark_script_already_started(&self, script: &NodeId) {
        self.tree.update_element(*script, |element| element.script.already_started = true);
    }

    fn pop(&self, node: &NodeId) {
        if let Some((current, depth)) = self.current.get()
            && current == *node
        {
            let parent = self.tree.parent(*node).filter(|parent| self.tree.is_element(*parent));
            self.current.set(parent.map(|parent| (parent, depth.saturating_sub(1))));
        }
    }

    fn get_template_contents(&self, template: &NodeId) -> NodeId {
        let contents = self.tree.element(*template).and_then(|it| it.template_contents);
        contents.unwrap_or(*template)
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        if self.root == self.document {
            self.tree.update_document(self.document, |it| it.mode = mode);
        }
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        if let Some(parent) = self.tree.parent(*sibling) {
            self.insert(parent, child, Some(*sibling));
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        for found in attributes {
            self.tree.add_attribute_if_missing(*target, attribute(found));
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.tree.take_out(*target, false);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let children: Vec<_> = self.tree.children(*node).collect();
        for child in children {
            if self.may_be_in(child, *new_parent) {
                self.tree.take_out(child, false);
                self.link(*new_parent, child, None);
            }
        }
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(line);
    }
}

/// Parses a page without running its scripts.
#[cfg(test)]
pub(crate) fn parse_for_test(html: &str) -> (Rc<Tree>, NodeId) {
    use html5ever::tendril::TendrilSink;

    let tree = Tree::new();
    let document = tree.create_document(Default::default());
    html5ever::parse_document(Sink::new(tree.clone(), document), Default::default()).one(html);
    (tree, document)
}

#[cfg(test)]
mod tests {
    use html5ever::local_name;

    use super::*;

    #[test]
    fn a_page_becomes_a_tree() {
        let (tree, document) = parse_for_test(
            "<!doctype html>\n<title> A \n page </title>\n<body id=b>\n<script>\nx</script>\
             <template><p>t</template>",
        );
        assert_eq!(tree.title(document), "A page");
        assert!(!tree.is_quirky(document));
        assert!(tree.element_by_id(document, "b").is_some());
        let first = |name: LocalName| {
            tree.descendants(document).find(|id| tree.is_html_element(*id, &name))
        };
        let script = first(local_name!("script")).unwrap();
        assert_eq!(tree.element(script).unwrap().line, 5);
        assert_eq!(first(local_name!("p")), None, "it is in the template");
        let template = first(local_name!("template")).unwrap();
        let contents = tree.element(template).unwrap().template_contents.unwrap();
        assert_eq!(tree.descendant_text_content(contents), "t");
    }
}
