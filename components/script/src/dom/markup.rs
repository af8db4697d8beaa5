/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [DOM parsing and serialization](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-parsing-and-serialization):
//! `innerHTML` and its like. There is no XML here: in XML documents they throw.

use html5ever::local_name;
use sordino_script_bindings::{DomExceptionName, DomString, Error, Fallible};

use super::Node;
use super::element::bad_position;
use crate::parser::parse_fragment;
use crate::serialize;
use crate::tree::{NodeId, NodeKind, Tree};

fn check_is_html(node: &Node) -> Fallible<()> {
    if node.tree().is_in_html_document(node.id()) {
        return Ok(());
    }
    let reason = "there is no XML parser and no XML serializer";
    Err(Error::dom(DomExceptionName::NotSupportedError, reason))
}

fn no_modification_allowed() -> Error {
    let reason = "the parent of the element is a document, or there is none";
    Error::dom(DomExceptionName::NoModificationAllowedError, reason)
}

/// What a fragment is parsed for. Where no element stands for it, a `body` does.
fn context(node: &Node, parent: NodeId) -> NodeId {
    let tree = node.tree();
    let is_no_context = !tree.is_element(parent)
        || (tree.is_html_element(parent, &local_name!("html")) && tree.is_in_html_document(parent));
    if !is_no_context {
        return parent;
    }
    let body = tree.create_html_element(tree.document_of(node.id()), "body");
    tree.let_go(body);
    body
}

/// The [fragment parsing algorithm steps](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#fragment-parsing-algorithm-steps).
fn parse(node: &Node, context: NodeId, markup: &str) -> Fallible<NodeId> {
    check_is_html(node)?;
    let fragment = parse_fragment(node.tree(), context, markup);
    node.tree().let_go(fragment);
    Ok(fragment)
}

/// Media elements that were parsed start, also those that are in no document.
fn start(node: &Node) {
    let tree = node.tree();
    super::run_steps(tree, tree.take_steps());
}

/// <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-innerhtml>
pub(super) fn inner_html(node: &Node) -> Fallible<DomString> {
    check_is_html(node)?;
    Ok(serialize::children(node.tree(), node.id()).into())
}

/// <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-innerhtml>
pub(super) fn set_inner_html(node: &Node, markup: &str) -> Fallible<()> {
    let tree = node.tree();
    let fragment = parse(node, node.id(), markup)?;
    let contents = tree.element(node.id()).and_then(|it| it.template_contents);
    tree.replace_all(Some(fragment), contents.unwrap_or(node.id()));
    start(node);
    Ok(())
}

/// <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-outerhtml>
pub(super) fn outer_html(node: &Node) -> Fallible<DomString> {
    check_is_html(node)?;
    Ok(serialize::node(node.tree(), node.id()).into())
}

/// <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-outerhtml>
pub(super) fn set_outer_html(node: &Node, markup: &str) -> Fallible<()> {
    let tree = node.tree();
    let Some(parent) = tree.parent(node.id()) else { return Ok(()) };
    if tree.is_document(parent) {
        return Err(no_modification_allowed());
    }
    let context = match &*tree.kind(parent) {
        NodeKind::Fragment { .. } => None,
        _ => Some(parent),
    };
    let context = context.unwrap_or_else(|| self::context(node, parent));
    let fragment = parse(node, context, markup)?;
    tree.replace(node.id(), fragment, parent)?;
    start(node);
    Ok(())
}

/// <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-insertadjacenthtml>
pub(super) fn insert_adjacent_html(node: &Node, position: &str, markup: &str) -> Fallible<()> {
    let (tree, id) = (node.tree(), node.id());
    let outside = tree.parent(id).filter(|parent| !tree.is_document(*parent));
    let (parent, is_before) = match position.to_ascii_lowercase().as_str() {
        "beforebegin" => (outside.ok_or_else(no_modification_allowed)?, true),
        "afterend" => (outside.ok_or_else(no_modification_allowed)?, false),
        "afterbegin" => (id, true),
        "beforeend" => (id, false),
        _ => return Err(bad_position(position)),
    };
    let fragment = parse(node, context(node, parent), markup)?;
    let child = match (parent == id, is_before) {
        (true, true) => tree.first_child(id),
        (true, false) => None,
        (false, true) => Some(id),
        (false, false) => tree.next_sibling(id),
    };
    tree.insert(fragment, parent, child);
    start(node);
    Ok(())
}

/// The [rendered text fragment](https://html.spec.whatwg.org/multipage/dom.html#rendered-text-fragment) for
/// a text: its lines, with `br` elements between them.
fn rendered_text_fragment(node: &Node, text: &DomString) -> NodeId {
    let tree = node.tree();
    let document = tree.document_of(node.id());
    let fragment = tree.create(document, NodeKind::Fragment { host: None });
    tree.let_go(fragment);
    let units = text.to_utf16();
    let mut rest = &units[..];
    loop {
        let end = rest.iter().position(|unit| matches!(unit, 0x0a | 0x0d)).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        if !line.is_empty() {
            let line = tree.create(document, NodeKind::Text(DomString::from_utf16(line)));
            tree.link(fragment, line, None);
        }
        rest = match after {
            [] => return fragment,
            [0x0d, 0x0a, rest @ ..] | [_, rest @ ..] => rest,
        };
        tree.link(fragment, tree.create_html_element(document, "br"), None);
    }
}

/// <https://html.spec.whatwg.org/multipage/dom.html#dom-innertext>
pub(super) fn set_inner_text(node: &Node, text: &DomString) {
    let fragment = rendered_text_fragment(node, text);
    node.tree().replace_all(Some(fragment), node.id());
}

/// <https://html.spec.whatwg.org/multipage/dom.html#dom-outertext>
pub(super) fn set_outer_text(node: &Node, text: &DomString) -> Fallible<()> {
    let (tree, id) = (node.tree(), node.id());
    let parent = tree.parent(id).ok_or_else(no_modification_allowed)?;
    let (previous, next) = (tree.previous_sibling(id), tree.next_sibling(id));
    let fragment = rendered_text_fragment(node, text);
    if tree.first_child(fragment).is_none() {
        let empty = tree.create(tree.document_of(id), NodeKind::Text(DomString::new()));
        tree.link(fragment, empty, None);
    }
    tree.replace(id, fragment, parent)?;
    for text in [next.and_then(|next| tree.previous_sibling(next)), previous].into_iter().flatten()
    {
        merge_with_next(tree, text);
    }
    Ok(())
}

/// [Merges with the next text node](https://html.spec.whatwg.org/multipage/dom.html#merge-with-the-next-text-node).
fn merge_with_next(tree: &Tree, node: NodeId) {
    let Some(next) = tree.next_sibling(node).filter(|next| tree.is_text(*next)) else { return };
    if tree.is_text(node) {
        tree.replace_all_data(node, tree.join_texts([node, next].into_iter()));
        tree.remove(next, false);
    }
}
