/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What HTML says of [form controls](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html),
//! by the tree alone.

use html5ever::{LocalName, local_name};

use crate::tree::{NodeId, Tree};

fn is_html(tree: &Tree, id: NodeId, names: &[LocalName]) -> bool {
    tree.element(id).is_some_and(|it| it.is_html() && names.contains(&it.name.local))
}

fn ancestors(tree: &Tree, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
    std::iter::successors(tree.parent(id), |id| tree.parent(*id))
}

/// The [form owner](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-owner), as
/// the tree has it now.
pub(super) fn form_owner(tree: &Tree, id: NodeId) -> Option<NodeId> {
    let listed = [
        local_name!("button"),
        local_name!("fieldset"),
        local_name!("input"),
        local_name!("object"),
        local_name!("output"),
        local_name!("select"),
        local_name!("textarea"),
    ];
    let form = [local_name!("form")];
    let is_listed = is_html(tree, id, &listed);
    if !is_listed && !is_html(tree, id, &[local_name!("img")]) {
        return None;
    }
    let named = tree.element(id)?.attribute(&form[0]).map(str::to_owned);
    if let (Some(named), true) = (named, is_listed) {
        return tree.element_by_id(tree.root(id), &named).filter(|id| is_html(tree, *id, &form));
    }
    ancestors(tree, id).find(|id| is_html(tree, *id, &form))
}

/// Whether an element is a form control that is
/// [disabled](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-disabled).
pub(super) fn is_disabled(tree: &Tree, id: NodeId) -> bool {
    let has_attribute = |id: NodeId| {
        tree.element(id).is_some_and(|it| it.attribute(&local_name!("disabled")).is_some())
    };
    let controls = [
        local_name!("button"),
        local_name!("input"),
        local_name!("select"),
        local_name!("textarea"),
    ];
    if !is_html(tree, id, &controls) {
        return false;
    }
    let is_in_its_legend = |fieldset: NodeId| {
        let is_legend = |id: &NodeId| is_html(tree, *id, &[local_name!("legend")]);
        let legend = tree.children(fieldset).find(is_legend);
        legend.is_some_and(|legend| tree.is_inclusive_ancestor(legend, id))
    };
    has_attribute(id)
        || ancestors(tree, id).any(|ancestor| {
            is_html(tree, ancestor, &[local_name!("fieldset")])
                && has_attribute(ancestor)
                && !is_in_its_legend(ancestor)
        })
}

/// The state of the `type` attribute of an `input`, as far as it matters here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum InputKind {
    Checkbox,
    Radio,
    Other,
}

pub(super) fn input_kind(tree: &Tree, id: NodeId) -> InputKind {
    let element =
        tree.element(id).filter(|it| it.is_html() && it.name.local == local_name!("input"));
    let type_ = element.as_ref().and_then(|it| it.attribute(&local_name!("type")));
    match type_.unwrap_or_default() {
        type_ if type_.eq_ignore_ascii_case("checkbox") => InputKind::Checkbox,
        type_ if type_.eq_ignore_ascii_case("radio") => InputKind::Radio,
        _ => InputKind::Other,
    }
}

/// The [radio button group](https://html.spec.whatwg.org/multipage/input.html#radio-button-group) of an
/// element, in tree order and with itself; empty if it is in none.
pub(super) fn radio_group(tree: &Tree, id: NodeId) -> Vec<NodeId> {
    let name = |id: NodeId| {
        let element = tree.element(id).filter(|_| input_kind(tree, id) == InputKind::Radio)?;
        element.attribute(&local_name!("name")).filter(|name| !name.is_empty()).map(str::to_owned)
    };
    let Some(own_name) = name(id) else { return Vec::new() };
    let owner = form_owner(tree, id);
    let root = ancestors(tree, id).last().unwrap_or(id);
    std::iter::once(root)
        .chain(tree.descendants(root))
        .filter(|other| {
            name(*other).as_ref() == Some(&own_name) && form_owner(tree, *other) == owner
        })
        .collect()
}

fn is_hidden_input(tree: &Tree, id: NodeId) -> bool {
    let element =
        tree.element(id).filter(|it| it.is_html() && it.name.local == local_name!("input"));
    let type_ = element.as_ref().and_then(|it| it.attribute(&local_name!("type")));
    type_.is_some_and(|type_| type_.eq_ignore_ascii_case("hidden"))
}

/// The [labeled control](https://html.spec.whatwg.org/multipage/forms.html#labeled-control) of a `label`.
pub(super) fn labeled_control(tree: &Tree, label: NodeId) -> Option<NodeId> {
    let labelable = [
        local_name!("button"),
        local_name!("input"),
        local_name!("meter"),
        local_name!("output"),
        local_name!("progress"),
        local_name!("select"),
        local_name!("textarea"),
    ];
    let is_labelable = |id: &NodeId| is_html(tree, *id, &labelable) && !is_hidden_input(tree, *id);
    let named = tree.element(label)?.attribute(&local_name!("for")).map(str::to_owned);
    match named {
        Some(named) => tree.element_by_id(tree.root(label), &named).filter(is_labelable),
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
    let with = |names: &[LocalName], attribute: LocalName| {
        is_html(tree, id, names)
            && tree.element(id).is_some_and(|it| it.attribute(&attribute).is_some())
    };
    is_html(tree, id, &always)
        || (is_html(tree, id, &[local_name!("input")]) && !is_hidden_input(tree, id))
        || with(&[local_name!("a")], local_name!("href"))
        || with(&[local_name!("audio"), local_name!("video")], local_name!("controls"))
        || with(&[local_name!("img")], local_name!("usemap"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::parse_for_test;

    #[test]
    fn controls_are_disabled_by_themselves_or_by_a_fieldset() {
        let (tree, document) = parse_for_test(
            "<button id=a></button><button id=b disabled></button><p id=c disabled></p>\
             <fieldset disabled><legend><input id=d></legend><input id=e>\
             <legend><input id=f></legend><fieldset><select id=g></select></fieldset></fieldset>",
        );
        let disabled = ["a", "b", "c", "d", "e", "f", "g"]
            .into_iter()
            .filter(|id| is_disabled(&tree, tree.element_by_id(document, id).unwrap()));
        assert_eq!(disabled.collect::<String>(), "befg");
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
