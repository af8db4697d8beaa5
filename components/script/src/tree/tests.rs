/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

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

fn document(tree: &Tree) -> NodeId {
    tree.create_document(DocumentNode::default())
}

#[test]
fn nodes_are_in_one_place_only() {
    let tree = Tree::new();
    let document = document(&tree);
    let [a, b, c] = ["a", "b", "c"].map(|name| tree.create_html_element(document, name));
    tree.link(document, a, None);
    tree.link(a, b, None);
    tree.link(a, c, Some(b));
    assert_eq!(names(&tree, document), ["a", "c", "b"]);
    tree.link(c, b, None);
    assert_eq!(names(&tree, document), ["a", "c", "b"]);
    assert_eq!(tree.parent(b), Some(c));
    assert_eq!(tree.next_sibling(c), None);
    tree.detach(c);
    assert_eq!(names(&tree, document), ["a"]);
    assert_eq!(names(&tree, c), ["b"]);
    assert!(tree.is_inclusive_ancestor(c, b) && !tree.is_inclusive_ancestor(a, b));
    assert!(tree.is_connected(a) && !tree.is_connected(b));
    assert_eq!((tree.root(a), tree.root(b)), (document, c));
}

#[test]
fn nodes_are_walked_in_both_directions() {
    let tree = Tree::new();
    let document = document(&tree);
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| tree.create_html_element(document, name));
    for (parent, child) in [(document, a), (a, b), (b, c), (a, d)] {
        tree.link(parent, child, None);
    }
    let forwards: Vec<_> = tree.descendants(document).collect();
    assert_eq!(forwards, [a, b, c, d]);
    let before = |id: &NodeId| tree.preceding(*id, document);
    let backwards: Vec<_> = std::iter::successors(Some(d), before).collect();
    assert_eq!(backwards, [d, c, b, a]);
    for (place, one) in forwards.iter().enumerate() {
        for (other_place, other) in forwards.iter().enumerate() {
            assert_eq!(tree.tree_order(*one, *other), place.cmp(&other_place));
        }
    }
}

#[test]
fn templates_bring_their_contents_into_another_document() {
    let tree = Tree::new();
    let (one, other) = (document(&tree), document(&tree));
    let [outer, inner] = ["template"; 2].map(|name| tree.create_html_element(one, name));
    let contents = |id| tree.element(id).unwrap().template_contents.unwrap();
    tree.link(contents(outer), inner, None);
    let inert = tree.document_of(inner);
    assert_ne!(inert, one);
    assert_eq!(tree.document_of(contents(inner)), inert, "an inert document is its own");
    tree.link(other, outer, None);
    assert_eq!(tree.document_of(outer), other);
    let new_inert = tree.document_of(contents(outer));
    assert!(new_inert != inert && new_inert != other);
    assert_eq!(tree.document_of(inner), new_inert);
    assert_eq!(tree.document_of(contents(inner)), new_inert);
    assert!(tree.is_host_including_inclusive_ancestor(outer, inner));
    assert!(tree.pre_insert(outer, contents(inner), None).is_err());
}

#[test]
fn elements_with_steps_say_when_they_come_and_go() {
    let tree = Tree::new();
    let document = document(&tree);
    let [div, frame, media] =
        ["div", "iframe", "audio"].map(|name| tree.create_html_element(document, name));
    tree.link(div, frame, None);
    tree.link(div, media, None);
    assert_eq!(tree.take_steps(), []);
    tree.link(document, div, None);
    assert_eq!(tree.take_steps(), [Step::Inserted(frame), Step::Inserted(media)]);
    tree.link(div, frame, None);
    assert_eq!(tree.take_steps(), [Step::Removed(frame), Step::Inserted(frame)]);
    tree.detach(div);
    assert_eq!(tree.take_steps(), [Step::Removed(frame)]);
    assert!(tree.take_media_moved() && !tree.take_media_moved());
}

#[test]
fn nodes_are_small() {
    assert!(size_of::<Slot>() <= 88, "{}", size_of::<Slot>());
}
