/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which interface a node has: the
//! [element interface](https://html.spec.whatwg.org/multipage/dom.html#elements-in-the-dom:element-interface)
//! and its like.

use html5ever::ns;
use sordino_script_bindings::{DomRoot, Realm};

use super::{
    Element, HTMLAudioElement, HTMLBodyElement, HTMLElement, HTMLFrameSetElement,
    HTMLIFrameElement, HTMLInputElement, HTMLLabelElement, HTMLScriptElement, HTMLUnknownElement,
    Node, Text,
};
use crate::page::Page;
use crate::tree::{NodeKind, NodeRef};

/// The object of a node that has none; a document gets its own when it is made.
pub(crate) fn create_node_object(realm: &Realm, node: NodeRef) -> DomRoot<Node> {
    let name = match &*node.tree.kind(node.id) {
        NodeKind::Text(_) => return DomRoot::new(realm, Text::new(node.clone())).upcast(),
        NodeKind::Element(element) if element.name.ns == ns!(html) => element.name.local.clone(),
        NodeKind::Element(_) => return DomRoot::new(realm, Element::new(node.clone())).upcast(),
        NodeKind::Document(_)
        | NodeKind::Fragment { .. }
        | NodeKind::Doctype { .. }
        | NodeKind::Comment(_) => return DomRoot::new(realm, Node::new(node.clone())),
    };
    match &*name {
        "audio" => audio(realm, node),
        "body" => DomRoot::new(realm, HTMLBodyElement::new(node)).upcast(),
        "frameset" => DomRoot::new(realm, HTMLFrameSetElement::new(node)).upcast(),
        "iframe" => DomRoot::new(realm, HTMLIFrameElement::new(node)).upcast(),
        "input" => DomRoot::new(realm, HTMLInputElement::new(node)).upcast(),
        "label" => DomRoot::new(realm, HTMLLabelElement::new(node)).upcast(),
        "script" => DomRoot::new(realm, HTMLScriptElement::new(node)).upcast(),
        // Elements with an interface of their own that is not here are what HTML calls unknown.
        "video" | "canvas" | "object" => {
            DomRoot::new(realm, HTMLUnknownElement::new(node)).upcast()
        }
        _ => DomRoot::new(realm, HTMLElement::new(node)).upcast(),
    }
}

/// Media elements are elements of the document's audio session from the start.
fn audio(realm: &Realm, node: NodeRef) -> DomRoot<Node> {
    let page = Page::of(realm);
    let media = page.agent().add_media_element(|id| {
        DomRoot::new(realm, HTMLAudioElement::new(&page, node, id)).upcast()
    });
    media.created();
    media.upcast()
}
