/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Following hyperlinks](https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks-2): where
//! an `a` or an `area` leads.

use std::iter;
use std::rc::Rc;

use html5ever::local_name;
use sordino_script_bindings::DomObjectExt;
use sordino_traits::embedder::ConsoleLevel;

use super::links::link_url;
use crate::browsing_context::{BrowsingContext, Target};
use crate::dom::{Element, Node};

/// [Follows the hyperlink](https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks-2) of an
/// element, if it is one.
pub(crate) fn follow_hyperlink(element: &Element) {
    let page = element.page();
    let is_shown = page.document_node() == element.upcast::<Node>().document().node_id();
    let Some(context) = page.context().filter(|_| is_shown && can_navigate(element)) else {
        return;
    };
    let Some(url) = link_url(element) else { return };
    if element.has_plain_attribute("download") {
        return page.log(ConsoleLevel::Warn, format!("{url} is not downloaded: nothing is"));
    }
    let name = target_of(element);
    match choose_navigable(&context, &name) {
        Some(target) => target.navigate(Target::Url(url), Some(&page)),
        None => {
            let reason = format!("{url} is not opened: there is no frame named '{name}'");
            page.log(ConsoleLevel::Warn, reason);
        }
    }
}

/// The opposite of [cannot navigate](https://html.spec.whatwg.org/multipage/links.html#cannot-navigate), of an
/// element in a document that is shown.
fn can_navigate(element: &Element) -> bool {
    let node: &Node = element.upcast();
    element.is(&local_name!("a")) || node.tree().is_connected(node.id())
}

/// [Gets an element's target](https://html.spec.whatwg.org/multipage/semantics.html#get-an-element's-target).
fn target_of(element: &Element) -> String {
    let node: &Node = element.upcast();
    let (tree, document) = (node.tree(), node.document().node_id());
    let own = element.attribute("target");
    let target = own.or_else(|| tree.base_target(document)).unwrap_or_default();
    let is_broken = target.contains(['\t', '\n', '\r']) && target.contains('<');
    if is_broken { "_blank".to_owned() } else { target }
}

/// [Chooses a navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable)
/// by its name. No new one is made: where one would be, it is `None`.
fn choose_navigable(current: &Rc<BrowsingContext>, name: &str) -> Option<Rc<BrowsingContext>> {
    match name.to_ascii_lowercase().as_str() {
        "" | "_self" => Some(current.clone()),
        "_parent" => Some(current.parent().unwrap_or_else(|| current.clone())),
        "_top" => Some(current.top()),
        "_blank" => None,
        _ => find_by_name(current, name),
    }
}

/// [Finds a navigable by target name](https://html.spec.whatwg.org/multipage/document-sequences.html#find-a-navigable-by-target-name):
/// in the frame itself, then in what it is in.
fn find_by_name(current: &Rc<BrowsingContext>, name: &str) -> Option<Rc<BrowsingContext>> {
    let subtrees = iter::successors(Some(current.clone()), |context| context.parent());
    subtrees.into_iter().find_map(|root| {
        let mut pending = vec![root];
        while let Some(context) = pending.pop() {
            if context.name() == name {
                return Some(context);
            }
            pending.extend(context.document_tree_children().into_iter().rev());
        }
        None
    })
}
