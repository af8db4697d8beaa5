/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Document](https://dom.spec.whatwg.org/#interface-document).

use std::rc::Rc;

use html5ever::local_name;
use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, WindowProxy,
    dom_object,
};

use super::create_event::create_event;
use super::event_handlers::event_handlers;
use super::{
    Element, Event, EventTarget, HTMLCollection, HTMLElement, HTMLScriptElement, Node, Text,
};
use crate::bindings::{
    DocumentMethods, DocumentReadyState, EventHandlerNonNull, OnErrorEventHandlerNonNull,
    WindowMethods,
};
use crate::page::Page;
use crate::tree::{NodeId, NodeKind, NodeRef};

/// A document.
pub(crate) struct Document {
    node: Node,
}

dom_object!(Document: Node, node);

impl Document {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { node: Node::new(node) }
    }

    pub(crate) fn node_id(&self) -> NodeId {
        self.node.id()
    }

    fn page(&self) -> Rc<Page> {
        self.node.page()
    }

    /// The child of the root element with one of these names.
    fn child_of_root(&self, names: &[&str]) -> Option<DomRoot<HTMLElement>> {
        let page = self.page();
        let tree = page.tree();
        let root = tree.document_element(self.node.id())?;
        let child = tree.children(root).find(|id| {
            let is_one =
                |it: &crate::tree::Element| it.is_html() && names.contains(&&*it.name.local);
            tree.element(*id).is_some_and(|element| is_one(&element))
        })?;
        page.node(child).downcast()
    }
}

impl DocumentMethods for Document {
    fn url(&self, _realm: &Realm) -> String {
        self.page().url().to_string()
    }

    fn document_uri(&self, realm: &Realm) -> String {
        self.url(realm)
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-document-defaultview>
    fn default_view(&self, realm: &Realm) -> Option<WindowProxy> {
        let page = self.page();
        let context = page.context().filter(|_| page.document_node() == self.node.id())?;
        context.proxy_in(realm)
    }

    fn content_type(&self, _realm: &Realm) -> DomString {
        self.page().content_type().into()
    }

    fn referrer(&self, _realm: &Realm) -> String {
        self.page().document_referrer().to_owned()
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-document-location>
    fn location(&self, realm: &Realm) -> Option<DomRoot<super::Location>> {
        let page = self.page();
        (page.document_node() == self.node.id())
            .then(|| WindowMethods::location(&*page.window(), realm))
    }

    fn ready_state(&self, _realm: &Realm) -> DocumentReadyState {
        self.page().ready_state()
    }

    fn document_element(&self, _realm: &Realm) -> Option<DomRoot<Element>> {
        let page = self.page();
        let tree = page.tree();
        let root = tree.document_element(self.node.id())?;
        page.node(root).downcast()
    }

    fn head(&self, _realm: &Realm) -> Option<DomRoot<HTMLElement>> {
        self.child_of_root(&["head"])
    }

    fn body(&self, _realm: &Realm) -> Option<DomRoot<HTMLElement>> {
        self.child_of_root(&["body", "frameset"])
    }

    fn title(&self, _realm: &Realm) -> DomString {
        self.node.tree().title(self.node.id()).as_str().into()
    }

    /// <https://html.spec.whatwg.org/multipage/dom.html#document.title>
    fn set_title(&self, realm: &Realm, value: DomString) {
        let page = self.page();
        let tree = page.tree();
        let title = tree.first_html_element(self.node.id(), &local_name!("title")).or_else(|| {
            let head = self.head(realm)?;
            let title = tree.create_html_element(self.node.id(), "title");
            tree.append(head.upcast::<Element>().id(), title);
            Some(title)
        });
        if let Some(title) = title {
            tree.set_text_content(title, &value.to_str_lossy());
            page.tree_changed();
        }
    }

    fn current_script(&self, _realm: &Realm) -> Option<DomRoot<HTMLScriptElement>> {
        self.page().current_script()
    }

    fn get_element_by_id(
        &self,
        _realm: &Realm,
        element_id: DomString,
    ) -> Fallible<Option<DomRoot<Element>>> {
        let page = self.page();
        let id = element_id.to_str_lossy();
        let found =
            if id.is_empty() { None } else { page.tree().element_by_id(self.node.id(), &id) };
        Ok(found.and_then(|id| page.node(id).downcast()))
    }

    fn get_elements_by_tag_name(
        &self,
        realm: &Realm,
        qualified_name: DomString,
    ) -> Fallible<DomRoot<HTMLCollection>> {
        let name = qualified_name.into_string_lossy();
        Ok(DomRoot::new(realm, HTMLCollection::new(self.node.id(), name)))
    }

    fn query_selector(
        &self,
        _realm: &Realm,
        selectors: DomString,
    ) -> Fallible<Option<DomRoot<Element>>> {
        self.page().query_selector(self.node.id(), &selectors.to_str_lossy())
    }

    /// <https://dom.spec.whatwg.org/#dom-document-createelement>
    fn create_element(&self, _realm: &Realm, local_name: DomString) -> Fallible<DomRoot<Element>> {
        let name = local_name.to_str_lossy().to_ascii_lowercase();
        let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':')
            && !name.contains(|c: char| c.is_ascii_whitespace() || "\0/>".contains(c));
        if !is_name {
            let reason = format!("'{name}' is not a valid element name");
            return Err(Error::dom(DomExceptionName::InvalidCharacterError, reason));
        }
        let page = self.page();
        let id = page.tree().create_html_element(self.node.id(), &name);
        page.node(id).downcast().ok_or_else(|| Error::type_error("the element was not created"))
    }

    fn create_text_node(&self, _realm: &Realm, data: DomString) -> Fallible<DomRoot<Text>> {
        let page = self.page();
        let id = page.tree().create(self.node.id(), NodeKind::Text(data.into_string_lossy()));
        page.node(id).downcast().ok_or_else(|| Error::type_error("the text was not created"))
    }

    fn create_event(&self, realm: &Realm, interface: DomString) -> Fallible<DomRoot<Event>> {
        create_event(realm, &interface)
    }

    event_handlers! { EventHandlerNonNull: onreadystatechange set_onreadystatechange }
    event_handlers! { EventHandlerNonNull:
        onabort set_onabort, onauxclick set_onauxclick, onbeforeinput set_onbeforeinput,
        onbeforematch set_onbeforematch, onbeforetoggle set_onbeforetoggle, onblur set_onblur,
        oncancel set_oncancel, oncanplay set_oncanplay, oncanplaythrough set_oncanplaythrough,
        onchange set_onchange, onclick set_onclick, onclose set_onclose, oncommand set_oncommand,
        oncontextlost set_oncontextlost, oncontextmenu set_oncontextmenu,
        oncontextrestored set_oncontextrestored, oncopy set_oncopy, oncuechange set_oncuechange,
        oncut set_oncut, ondblclick set_ondblclick, ondrag set_ondrag, ondragend set_ondragend,
        ondragenter set_ondragenter, ondragleave set_ondragleave, ondragover set_ondragover,
        ondragstart set_ondragstart, ondrop set_ondrop, ondurationchange set_ondurationchange,
        onemptied set_onemptied, onended set_onended, onfocus set_onfocus,
        onformdata set_onformdata, oninput set_oninput, oninvalid set_oninvalid,
        onkeydown set_onkeydown, onkeypress set_onkeypress, onkeyup set_onkeyup, onload set_onload,
        onloadeddata set_onloadeddata, onloadedmetadata set_onloadedmetadata,
        onloadstart set_onloadstart, onmousedown set_onmousedown, onmouseenter set_onmouseenter,
        onmouseleave set_onmouseleave, onmousemove set_onmousemove, onmouseout set_onmouseout,
        onmouseover set_onmouseover, onmouseup set_onmouseup, onpaste set_onpaste,
        onpause set_onpause, onplay set_onplay, onplaying set_onplaying, onprogress set_onprogress,
        onratechange set_onratechange, onreset set_onreset, onresize set_onresize,
        onscroll set_onscroll, onscrollend set_onscrollend,
        onsecuritypolicyviolation set_onsecuritypolicyviolation, onseeked set_onseeked,
        onseeking set_onseeking, onselect set_onselect, onslotchange set_onslotchange,
        onstalled set_onstalled, onsubmit set_onsubmit, onsuspend set_onsuspend,
        ontimeupdate set_ontimeupdate, ontoggle set_ontoggle, onvolumechange set_onvolumechange,
        onwaiting set_onwaiting, onwebkitanimationend set_onwebkitanimationend,
        onwebkitanimationiteration set_onwebkitanimationiteration,
        onwebkitanimationstart set_onwebkitanimationstart,
        onwebkittransitionend set_onwebkittransitionend, onwheel set_onwheel,
        onpointerover set_onpointerover, onpointerenter set_onpointerenter,
        onpointerdown set_onpointerdown, onpointermove set_onpointermove,
        onpointerup set_onpointerup, onpointercancel set_onpointercancel,
        onpointerout set_onpointerout, onpointerleave set_onpointerleave,
        ongotpointercapture set_ongotpointercapture, onlostpointercapture set_onlostpointercapture,
    }
    event_handlers! { OnErrorEventHandlerNonNull: onerror set_onerror }
}
