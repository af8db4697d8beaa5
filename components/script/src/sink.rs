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

use crate::tree::{Element, NodeId, NodeKind, Tree};

/// The sink of one parse.
pub(crate) struct Sink {
    tree: Rc<Tree>,
    document: NodeId,
    line: Cell<u64>,
}

impl Sink {
    pub(crate) fn new(tree: Rc<Tree>, document: NodeId) -> Self {
        Self { tree, document, line: Cell::new(1) }
    }

    fn insert(&self, parent: NodeId, child: NodeOrText<NodeId>, before: Option<NodeId>) {
        match child {
            NodeOrText::AppendNode(id) => self.tree.insert(parent, id, before),
            NodeOrText::AppendText(text) => self.tree.insert_text(parent, &text, before),
        }
    }
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
        self.document
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
        let id = self.tree.create_element(self.document, name, attributes);
        self.tree.update_element(id, |element| {
            element.by_parser = true;
            element.line = self.line.get();
        });
        id
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.tree.create(self.document, NodeKind::Comment(text.into()))
    }

    fn create_pi(&self, _target: StrTendril, data: StrTendril) -> NodeId {
        // HTML has none: the tokenizer makes comments of them.
        self.tree.create(self.document, NodeKind::Comment(data.into()))
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
        let kind = NodeKind::Doctype {
            name: name.into(),
            public_id: public_id.into(),
            system_id: system_id.into(),
        };
        let doctype = self.tree.create(self.document, kind);
        self.tree.append(self.document, doctype);
    }

    fn mark_script_already_started(&self, script: &NodeId) {
        self.tree.update_element(*script, |element| element.already_started = true);
    }

    fn get_template_contents(&self, template: &NodeId) -> NodeId {
        let contents = self.tree.element(*template).and_then(|it| it.template_contents);
        contents.unwrap_or(*template)
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.tree.update_document(self.document, |it| it.quirks = mode == QuirksMode::Quirks);
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        if let Some(parent) = self.tree.parent(*sibling) {
            self.insert(parent, child, Some(*sibling));
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        self.tree.update_element(*target, |element| {
            for attribute in attributes {
                if !element.attributes.iter().any(|(name, _)| *name == attribute.name) {
                    element.attributes.push((attribute.name, attribute.value.into()));
                }
            }
        });
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.tree.remove(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let children: Vec<_> = self.tree.children(*node).collect();
        for child in children {
            self.tree.append(*new_parent, child);
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
    let document = tree.create_document();
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
        let script = tree.first_html_element(document, &local_name!("script")).unwrap();
        assert_eq!(tree.element(script).unwrap().line, 5);
        assert_eq!(
            tree.first_html_element(document, &local_name!("p")),
            None,
            "it is in the template"
        );
        let template = tree.first_html_element(document, &local_name!("template")).unwrap();
        let contents = tree.element(template).unwrap().template_contents.unwrap();
        assert_eq!(tree.text_content(contents).as_deref(), Some("t"));
    }
}
