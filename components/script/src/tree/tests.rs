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
