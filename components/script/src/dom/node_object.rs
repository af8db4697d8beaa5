/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which interface a node has: the
//! [element interface](https://html.spec.whatwg.org/multipage/dom.html#elements-in-the-dom:element-interface)
//! and its like.

use html5ever::ns;
use sordino_script_bindings::{DomRoot, Realm};
use sordino_traits::ElementId;

use super::{
    Attr, CDATASection, Comment, DocumentFragment, DocumentType, Element, HTMLAnchorElement,
    HTMLAreaElement, HTMLAudioElement, HTMLBRElement, HTMLBaseElement, HTMLBodyElement,
    HTMLButtonElement, HTMLDListElement, HTMLDataElement, HTMLDataListElement, HTMLDetailsElement,
    HTMLDivElement, HTMLElement, HTMLFieldSetElement, HTMLFormElement, HTMLFrameSetElement,
    HTMLHRElement, HTMLHeadElement, HTMLHeadingElement, HTMLHtmlElement, HTMLIFrameElement,
    HTMLInputElement, HTMLLIElement, HTMLLabelElement, HTMLLegendElement, HTMLLinkElement,
    HTMLMapElement, HTMLMediaElement, HTMLMenuElement, HTMLMetaElement, HTMLMeterElement,
    HTMLModElement, HTMLOListElement, HTMLParagraphElement, HTMLPictureElement, HTMLPreElement,
    HTMLProgressElement, HTMLQuoteElement, HTMLScriptElement, HTMLSourceElement, HTMLSpanElement,
    HTMLStyleElement, HTMLTemplateElement, HTMLTextAreaElement, HTMLTimeElement, HTMLTitleElement,
    HTMLUListElement, HTMLUnknownElement, HTMLVideoElement, Node, ProcessingInstruction, Text,
};
use crate::page::Page;
use crate::tree::{NodeKind, NodeRef};

/// The object of a node that has none; a document gets its own when it is made.
pub(crate) fn create_node_object(realm: &Realm, node: NodeRef) -> DomRoot<Node> {
    macro_rules! make {
        ($interface:ident) => {
            DomRoot::new(realm, $interface::new(node.clone())).upcast()
        };
    }
    let name = match &*node.tree.kind(node.id) {
        NodeKind::Element(element) if element.name.ns == ns!(html) => element.name.local.clone(),
        NodeKind::Element(_) => return make!(Element),
        NodeKind::Attribute(_) => return make!(Attr),
        NodeKind::Text(_) => return make!(Text),
        NodeKind::CdataSection(_) => return make!(CDATASection),
        NodeKind::ProcessingInstruction(_) => return make!(ProcessingInstruction),
        NodeKind::Comment(_) => return make!(Comment),
        NodeKind::Doctype(_) => return make!(DocumentType),
        NodeKind::Fragment { .. } => return make!(DocumentFragment),
        NodeKind::Document(_) => return DomRoot::new(realm, Node::new(node.clone())),
    };
    match &*name {
        "a" => make!(HTMLAnchorElement),
        "area" => make!(HTMLAreaElement),
        "audio" => media(realm, |page, id| {
            DomRoot::new(realm, HTMLAudioElement::new(page, node, id)).upcast()
        }),
        "video" => media(realm, |page, id| {
            DomRoot::new(realm, HTMLVideoElement::new(page, node, id)).upcast()
        }),
        "base" => make!(HTMLBaseElement),
        "body" => make!(HTMLBodyElement),
        "blockquote" | "q" => make!(HTMLQuoteElement),
        "br" => make!(HTMLBRElement),
        "button" => make!(HTMLButtonElement),
        "data" => make!(HTMLDataElement),
        "datalist" => make!(HTMLDataListElement),
        "del" | "ins" => make!(HTMLModElement),
        "details" => make!(HTMLDetailsElement),
        "div" => make!(HTMLDivElement),
        "dl" => make!(HTMLDListElement),
        "fieldset" => make!(HTMLFieldSetElement),
        "form" => make!(HTMLFormElement),
        "frameset" => make!(HTMLFrameSetElement),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => make!(HTMLHeadingElement),
        "head" => make!(HTMLHeadElement),
        "hr" => make!(HTMLHRElement),
        "html" => make!(HTMLHtmlElement),
        "iframe" => make!(HTMLIFrameElement),
        "input" => make!(HTMLInputElement),
        "label" => make!(HTMLLabelElement),
        "legend" => make!(HTMLLegendElement),
        "li" => make!(HTMLLIElement),
        "link" => make!(HTMLLinkElement),
        "map" => make!(HTMLMapElement),
        "menu" => make!(HTMLMenuElement),
        "meta" => make!(HTMLMetaElement),
        "meter" => make!(HTMLMeterElement),
        "ol" => make!(HTMLOListElement),
        "p" => make!(HTMLParagraphElement),
        "picture" => make!(HTMLPictureElement),
        "pre" | "listing" | "xmp" => make!(HTMLPreElement),
        "progress" => make!(HTMLProgressElement),
        "script" => make!(HTMLScriptElement),
        "source" => make!(HTMLSourceElement),
        "span" => make!(HTMLSpanElement),
        "style" => make!(HTMLStyleElement),
        "template" => make!(HTMLTemplateElement),
        "textarea" => make!(HTMLTextAreaElement),
        "time" => make!(HTMLTimeElement),
        "title" => make!(HTMLTitleElement),
        "ul" => make!(HTMLUListElement),
        name if is_plain(name) => make!(HTMLElement),
        _ => make!(HTMLUnknownElement),
    }
}

/// Whether an element with this name is an `HTMLElement` and no more; so are those with a
/// [valid custom element name](https://html.spec.whatwg.org/multipage/custom-elements.html#valid-custom-element-name).
/// Elements with an interface of their own that is not here are what HTML calls unknown.
fn is_plain(name: &str) -> bool {
    const NAMES: [&str; 51] = [
        "abbr",
        "acronym",
        "address",
        "article",
        "aside",
        "b",
        "basefont",
        "bdi",
        "bdo",
        "big",
        "center",
        "cite",
        "code",
        "dd",
        "dfn",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "header",
        "hgroup",
        "i",
        "kbd",
        "main",
        "mark",
        "nav",
        "nobr",
        "noembed",
        "noframes",
        "noscript",
        "plaintext",
        "rb",
        "rp",
        "rt",
        "rtc",
        "ruby",
        "s",
        "samp",
        "search",
        "section",
        "small",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "tt",
        "u",
        "var",
        "wbr",
    ];
    NAMES.contains(&name) || is_custom(name)
}

fn is_custom(name: &str) -> bool {
    const RESERVED: [&str; 8] = [
        "annotation-xml",
        "color-profile",
        "font-face",
        "font-face-src",
        "font-face-uri",
        "font-face-format",
        "font-face-name",
        "missing-glyph",
    ];
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.contains('-')
        && !name.contains(|c: char| c.is_ascii_uppercase())
        && !RESERVED.contains(&name)
}

/// Media elements are elements of the document's audio session from the start.
fn media(
    realm: &Realm,
    create: impl FnOnce(&Page, ElementId) -> DomRoot<HTMLMediaElement>,
) -> DomRoot<Node> {
    let page = Page::of(realm);
    let media = page.agent().add_media_element(|id| create(&page, id));
    media.created();
    media.upcast()
}
