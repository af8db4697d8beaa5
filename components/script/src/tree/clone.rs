/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Cloning](https://dom.spec.whatwg.org/#concept-node-clone).

use super::{Attribute, AttributeNode, Element, NodeId, NodeKind, Tree};

impl Tree {
    /// [Clones a node](https://dom.spec.whatwg.org/#concept-node-clone), with all below it if `subtree`,
    /// for a document. The copy of a document is a document of its own.
    pub(crate) fn clone_node(&self, node: NodeId, document: NodeId, subtree: bool) -> NodeId {
        let copy = self.clone_single_node(node, document);
        // The roots whose children are still to be cloned, with their copies.
        let mut pending = vec![(node, copy, subtree)];
        while let Some((from, to, subtree)) = pending.pop() {
            self.clone_contents(from, to, subtree, &mut pending);
            if subtree {
                self.clone_children(from, to, &mut pending);
            }
        }
        copy
    }

    /// The [cloning steps](https://html.spec.whatwg.org/multipage/scripting.html#the-template-element:concept-node-clone-ext)
    /// of a template: what is in it is cloned with its subtree.
    fn clone_contents(
        &self,
        from: NodeId,
        to: NodeId,
        subtree: bool,
        pending: &mut Vec<(NodeId, NodeId, bool)>,
    ) {
        let contents = |id| self.element(id).and_then(|it| it.template_contents);
        if let (Some(from), Some(to), true) = (contents(from), contents(to), subtree) {
            pending.push((from, to, true));
        }
    }

    fn clone_children(&self, from: NodeId, to: NodeId, pending: &mut Vec<(NodeId, NodeId, bool)>) {
        let document = self.document_of(to);
        let (mut source, mut parent) = (self.first_child(from), to);
        while let Some(node) = source {
            let copy = self.clone_single_node(node, document);
            self.link(parent, copy, None);
            self.clone_contents(node, copy, true, pending);
            if let Some(child) = self.first_child(node) {
                (source, parent) = (Some(child), copy);
                continue;
            }
            let mut done = node;
            source = loop {
                if let Some(sibling) = self.next_sibling(done) {
                    break Some(sibling);
                }
                match (self.parent(done), self.parent(parent)) {
                    (Some(above), Some(parent_above)) if above != from => {
                        (done, parent) = (above, parent_above);
                    }
                    _ => break None,
                }
            };
        }
    }

    /// [Clones a single node](https://dom.spec.whatwg.org/#clone-a-single-node).
    fn clone_single_node(&self, node: NodeId, document: NodeId) -> NodeId {
        if let Some(element) = self.clone_of_element(node) {
            let Element { name, attributes, line, script, field, .. } = element;
            let copy = self.create_element(document, name, attributes);
            self.update_element(copy, |own| {
                own.line = line;
                // https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model:concept-node-clone-ext
                own.script.already_started = script.already_started;
                // https://html.spec.whatwg.org/multipage/input.html#the-input-element:concept-node-clone-ext
                own.field = field;
                if let Some(field) = &mut own.field {
                    field.indeterminate = false;
                }
            });
            return copy;
        }
        let value = self.attribute_value(node);
        let kind = match &*self.kind(node) {
            NodeKind::Document(it) => {
                let url = it.url.clone().or_else(|| self.shown_url(node));
                let url = url.expect("a document has a URL of its own or is shown");
                NodeKind::Document(Box::new(it.like(url)))
            }
            NodeKind::Attribute(it) => NodeKind::Attribute(Box::new(AttributeNode {
                name: it.name.clone(),
                value,
                element: None,
            })),
            NodeKind::Doctype(it) => NodeKind::Doctype(it.clone()),
            NodeKind::Text(data) => NodeKind::Text(data.clone()),
            NodeKind::CdataSection(data) => NodeKind::CdataSection(data.clone()),
            NodeKind::Comment(data) => NodeKind::Comment(data.clone()),
            NodeKind::ProcessingInstruction(it) => NodeKind::ProcessingInstruction(it.clone()),
            NodeKind::Fragment { .. } | NodeKind::Element(_) => NodeKind::Fragment { host: None },
        };
        match kind {
            NodeKind::Document(init) => self.create_document(*init),
            kind => self.create(document, kind),
        }
    }

    fn clone_of_element(&self, node: NodeId) -> Option<Element> {
        let own = self.element(node)?;
        let attributes = own.attributes.iter();
        let attributes = attributes.map(|it| Attribute::new(it.name.clone(), it.value.clone()));
        let mut copy = Element::new(own.name.clone(), attributes.collect());
        (copy.line, copy.script) = (own.line, own.script);
        copy.field = own.field.clone();
        Some(copy)
    }

    fn shown_url(&self, document: NodeId) -> Option<url::Url> {
        Some(self.document_object(document).url_of_page())
    }
}

#[cfg(test)]
mod tests {
    use super::super::utf16_length;
    use super::*;

    #[test]
    fn what_is_nested_deeply_is_cloned_compared_and_freed() {
        let _alone = crate::testing::MEMORY.lock();
        let tree = Tree::new();
        let document = tree.create_document(Default::default());
        let top = tree.create_html_element(document, "div");
        let mut inner = top;
        for name in ["p", "template"].iter().cycle().take(100_000) {
            let next = tree.create_html_element(document, name);
            tree.insert_text(inner, "x", None);
            let contents = tree.element(inner).and_then(|it| it.template_contents);
            tree.link(contents.unwrap_or(inner), next, None);
            inner = next;
        }
        let copy = tree.clone_node(top, document, true);
        assert!(tree.is_equal(top, copy));
        assert_eq!(utf16_length(&tree.descendant_text_content(copy)), 3);
        let nodes = tree.len();
        tree.let_go(copy);
        tree.let_go(top);
        tree.collect();
        assert_eq!(nodes - tree.len(), 400_000 + 2 + 100_000);
    }
}
