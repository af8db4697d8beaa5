/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What HTML says of [form controls](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html),
//! by the tree alone.

use html5ever::{LocalName, local_name};

use crate::tree::{self, NodeId, Tree};

pub(super) fn is_one_of(element: &tree::Element, names: &[LocalName]) -> bool {
    element.is_html() && names.contains(&element.name.local)
}

/// [Listed elements](https://html.spec.whatwg.org/multipage/forms.html#category-listed).
pub(super) fn is_listed(element: &tree::Element) -> bool {
    is_one_of(
        element,
        &[
            local_name!("button"),
            local_name!("fieldset"),
            local_name!("input"),
            local_name!("object"),
            local_name!("output"),
            local_name!("select"),
            local_name!("textarea"),
        ],
    )
}

/// Whether it is an element that can be [enabled or disabled](https://html.spec.whatwg.org/multipage/semantics-other.html#concept-element-disabled).
pub(crate) fn is_form_control(tree: &Tree, id: NodeId) -> bool {
    let others = [local_name!("fieldset"), local_name!("optgroup"), local_name!("option")];
    tree.element(id).is_some_and(|it| is_field(&it) || is_one_of(&it, &others))
}

/// Whether it is a control that the user works with.
fn is_field(element: &tree::Element) -> bool {
    is_one_of(
        element,
        &[
            local_name!("button"),
            local_name!("input"),
            local_name!("select"),
            local_name!("textarea"),
        ],
    )
}

/// Whether an element is a form control that is
/// [disabled](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-disabled).
pub(crate) fn is_disabled_control(tree: &Tree, id: NodeId) -> bool {
    tree.element(id).is_some_and(|it| is_field(&it)) && is_disabled(tree, id)
}

/// Whether one of what [`is_form_control`] finds is [actually disabled](https://html.spec.whatwg.org/multipage/semantics-other.html#concept-element-disabled).
pub(crate) fn is_disabled(tree: &Tree, id: NodeId) -> bool {
    let has_disabled =
        |id: NodeId| tree.element(id).is_some_and(|it| it.has(&local_name!("disabled")));
    if has_disabled(id) || tree.is_html_element(id, &local_name!("optgroup")) {
        return has_disabled(id);
    }
    if tree.is_html_element(id, &local_name!("option")) {
        return tree.parent(id).is_some_and(|parent| {
            tree.is_html_element(parent, &local_name!("optgroup")) && has_disabled(parent)
        });
    }
    // In a disabled fieldset, but not in its first legend.
    let mut inside = id;
    tree.ancestors(id).any(|ancestor| {
        let child = std::mem::replace(&mut inside, ancestor);
        let is_legend = |id: &NodeId| tree.is_html_element(*id, &local_name!("legend"));
        tree.is_html_element(ancestor, &local_name!("fieldset"))
            && has_disabled(ancestor)
            && tree.children(ancestor).find(is_legend) != Some(child)
    })
}

/// The [form owner](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-owner), as
/// the tree has it now.
pub(crate) fn form_owner(tree: &Tree, id: NodeId) -> Option<NodeId> {
    let is_form = |id: &NodeId| tree.is_html_element(*id, &local_name!("form"));
    let named = {
        let element = tree.element(id)?;
        let is_listed = is_listed(&element);
        if !is_listed && !element.is(&local_name!("img")) {
            return None;
        }
        let named = element.attribute(&local_name!("form")).filter(|_| is_listed);
        named.map(String::from)
    };
    match named {
        Some(named) if tree.is_connected(id) => {
            tree.element_by_id(tree.root(id), &named).filter(is_form)
        }
        _ => tree.ancestors(id).find(is_form),
    }
}

fn is_hidden_input(element: &tree::Element) -> bool {
    let type_ = element.attribute(&local_name!("type")).unwrap_or_default();
    element.is(&local_name!("input")) && type_.eq_ignore_ascii_case("hidden")
}

/// The [labeled control](https://html.spec.whatwg.org/multipage/forms.html#labeled-control) of a `label`.
pub(super) fn labeled_control(tree: &Tree, label: NodeId) -> Option<NodeId> {
    let names = [
        local_name!("button"),
        local_name!("input"),
        local_name!("meter"),
        local_name!("output"),
        local_name!("progress"),
        local_name!("select"),
        local_name!("textarea"),
    ];
    let is_labelable = |id: &NodeId| {
        tree.element(*id).is_some_and(|it| is_one_of(&it, &names) && !is_hidden_input(&it))
    };
    let named = tree.element(label)?.attribute(&local_name!("for")).map(String::from);
    match named {
        Some(id) => tree.element_by_id(tree.root(label), &id).filter(is_labelable),
        None => tree.descendants(label).find(is_labelable),
    }
}

/// Whether an element is [interactive content](https://html.spec.whatwg.org/multipage/dom.html#interactive-content).
pub(super) fn is_interactive(tree: &Tree, id: NodeId) -> bool {
    let always = [
        local_name!("button"),
        local_name!("details"),
        local_name!("embed"),
        local_name!("iframe"),
        local_name!("label"),
        local_name!("select"),
        local_name!("textarea"),
    ];
    let media = [local_name!("audio"), local_name!("video")];
    tree.element(id).is_some_and(|it| {
        is_one_of(&it, &always)
            || (it.is(&local_name!("input")) && !is_hidden_input(&it))
            || (it.is(&local_name!("a")) && it.has(&local_name!("href")))
            || (is_one_of(&it, &media) && it.has(&local_name!("controls")))
            || (it.is(&local_name!("img")) && it.has(&local_name!("usemap")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::parse_for_test;

    #[test]
    fn controls_are_disabled_by_themselves_or_by_what_they_are_in() {
        let (tree, document) = parse_for_test(
            "<button id=a></button><button id=b disabled></button><p id=c disabled></p>\
             <fieldset disabled><legend><p><input id=d></p></legend><input id=e>\
             <legend><input id=f></legend><fieldset><select id=g></select></fieldset></fieldset>\
             <select><optgroup disabled><option id=h></select>",
        );
        let disabled = ["a", "b", "c", "d", "e", "f", "g", "h"].into_iter().filter(|id| {
            let id = tree.element_by_id(document, id).unwrap();
            is_form_control(&tree, id) && is_disabled(&tree, id)
        });
        assert_eq!(disabled.collect::<String>(), "befgh");
        let id = |id| tree.element_by_id(document, id).unwrap();
        assert!(is_disabled_control(&tree, id("e")) && !is_disabled_control(&tree, id("h")));
    }

    #[test]
    fn the_owner_of_a_control_is_its_form() {
        let (tree, document) = parse_for_test(
            "<form id=x><input id=a><p id=b></p><button id=c form=y></button>\
             <button id=d form=none></button></form><form id=y></form><input id=e form=y>",
        );
        let owner = |id: &str| form_owner(&tree, tree.element_by_id(document, id).unwrap());
        let form = |id: &str| tree.element_by_id(document, id);
        assert_eq!(
            ["a", "b", "c", "d", "e"].map(owner),
            [form("x"), None, form("y"), None, form("y")]
        );
    }
}
