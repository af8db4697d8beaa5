/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The setter of [`document.title`](https://html.spec.whatwg.org/multipage/dom.html#document.title).

use html5ever::{QualName, local_name, ns};
use sordino_script_bindings::DomString;

use super::Document;
use crate::tree::{NodeId, Tree};

pub(super) fn set_title(document: &Document, value: DomString) {
    let tree = document.tree();
    let Some(root) = tree.document_element(document.node_id()) else { return };
    let Some((namespace, local_name)) =
        tree.element(root).map(|it| (it.name.ns.clone(), it.name.local.clone()))
    else {
        return;
    };
    let title = match namespace {
        ns!(svg) if local_name == local_name!("svg") => Some(title_of_svg(tree, root)),
        ns!(html) => title_of_html(tree, document.node_id(), root),
        _ => None,
    };
    if let Some(title) = title {
        tree.string_replace_all(value, title);
    }
}

fn title_of_svg(tree: &Tree, root: NodeId) -> NodeId {
    let is_title = |id: &NodeId| {
        tree.element(*id)
            .is_some_and(|it| it.name.ns == ns!(svg) && it.name.local == local_name!("title"))
    };
    if let Some(title) = tree.children(root).find(is_title) {
        return title;
    }
    let name = QualName::new(None, ns!(svg), local_name!("title"));
    let title = tree.create_element(tree.document_of(root), name, Vec::new());
    tree.insert(title, root, tree.first_child(root));
    title
}

fn title_of_html(tree: &Tree, document: NodeId, root: NodeId) -> Option<NodeId> {
    if let Some(title) = tree.title_element(document) {
        return Some(title);
    }
    if !tree.is_html_element(root, &local_name!("html")) {
        return None;
    }
    let head = tree.children(root).find(|id| tree.is_html_element(*id, &local_name!("head")))?;
    let title = tree.create_html_element(document, "title");
    tree.insert(title, head, None);
    Some(title)
}
