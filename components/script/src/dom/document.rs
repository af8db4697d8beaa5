/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Document](https://dom.spec.whatwg.org/#interface-document).

use std::cell::RefCell;
use std::rc::Rc;

use html5ever::interface::QuirksMode;
use html5ever::local_name;
use sordino_script_bindings::{
    Dom, DomExceptionName, DomObject, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm,
    WindowProxy, dom_object,
};
use url::Url;

use super::child_node::{element_collections, parent_node};
use super::create_event::create_event;
use super::dom_implementation::{about_blank, default_namespace, plain_name};
use super::event_handlers::event_handlers;
use super::live::Filter;
use super::names::{Context, check_local_name, check_xml_name, validate_and_extract};
use super::{
    Attr, CDATASection, Comment, DOMImplementation, DocumentFragment, DocumentType, Element, Event,
    EventTarget, HTMLCollection, HTMLElement, HTMLHeadElement, HTMLScriptElement, Location, Node,
    NodeList, ProcessingInstruction, Text, run_steps,
};
use crate::bindings::{
    BooleanOrImportNodeOptions, DocumentMethods, DocumentReadyState, DocumentVisibilityState,
    EventHandlerNonNull, NodeOrDomString, OnErrorEventHandlerNonNull, WindowMethods,
    XMLDocumentMethods,
};
use crate::page::Page;
use crate::tree::{
    self, AttributeNode, DocumentNode, NodeId, NodeKind, NodeRef,
    ProcessingInstruction as Instruction, Tree,
};

/// A document.
pub(crate) struct Document {
    node: Node,
    implementation: RefCell<Option<Dom<DOMImplementation>>>,
}

dom_object!(Document: Node, node, trace(implementation));

impl Document {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { node: Node::new(node), implementation: RefCell::default() }
    }

    pub(crate) fn node_id(&self) -> NodeId {
        self.node.id()
    }

    pub(crate) fn tree(&self) -> &Rc<Tree> {
        self.node.tree()
    }

    /// The page that shows it, or the page of whose script made it.
    fn page(&self) -> Rc<Page> {
        Page::of(&self.realm())
    }

    /// The page that shows it.
    pub(super) fn shown_by(&self) -> Option<Rc<Page>> {
        Some(self.page()).filter(|page| page.document_node() == self.node_id())
    }

    pub(crate) fn url_of_page(&self) -> Url {
        self.page().url()
    }

    pub(super) fn current_url(&self) -> Url {
        self.tree().own_url(self.node_id()).unwrap_or_else(|| self.url_of_page())
    }

    /// The [fallback base URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#fallback-base-url).
    pub(super) fn fallback_base_url(&self) -> Url {
        match self.shown_by() {
            Some(page) => page.fallback_base_url(),
            None => self.current_url(),
        }
    }

    /// The [document base URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-url).
    pub(crate) fn base_url(&self) -> Url {
        self.tree().base_url(self.node_id(), self.fallback_base_url())
    }

    fn read<R>(&self, read: impl FnOnce(&DocumentNode) -> R) -> R {
        match &*self.tree().kind(self.node_id()) {
            NodeKind::Document(document) => read(document),
            _ => read(&DocumentNode::default()),
        }
    }

    fn is_html(&self) -> bool {
        self.read(|it| it.is_html)
    }

    /// The child of the `html` element that passes.
    fn child_of_html(&self, passes: impl Fn(&tree::Element) -> bool) -> Option<NodeId> {
        let tree = self.tree();
        let root = tree.document_element(self.node_id())?;
        if !tree.is_html_element(root, &local_name!("html")) {
            return None;
        }
        tree.children(root).find(|id| tree.element(*id).is_some_and(|it| passes(&it)))
    }

    /// [The body element](https://html.spec.whatwg.org/multipage/dom.html#the-body-element-2).
    fn body_element(&self) -> Option<NodeId> {
        self.child_of_html(|it| it.is(&local_name!("body")) || it.is(&local_name!("frameset")))
    }

    fn create<T: DomObject>(&self, kind: NodeKind) -> Fallible<DomRoot<T>> {
        self.object(self.tree().create(self.node_id(), kind))
    }

    fn object<T: DomObject>(&self, id: NodeId) -> Fallible<DomRoot<T>> {
        let object = self.tree().object(id).downcast();
        object.ok_or_else(|| Error::type_error("the node was not created"))
    }

    fn all(
        &self,
        name: &'static str,
        is_chosen: fn(&tree::Element) -> bool,
    ) -> Fallible<DomRoot<HTMLCollection>> {
        self.node.same_collection(name, || {
            HTMLCollection::create(&self.realm(), &self.node.root(), Filter::Chosen(is_chosen))
        })
    }

    fn attribute(&self, name: html5ever::QualName) -> Fallible<DomRoot<Attr>> {
        let attribute = AttributeNode { name, value: DomString::new(), element: None };
        self.create(NodeKind::Attribute(Box::new(attribute)))
    }
}

fn not_supported(reason: &str) -> Error {
    Error::dom(DomExceptionName::NotSupportedError, reason)
}

/// Why nothing is written into a document.
fn no_writing() -> Error {
    let reason = "documents are not written to while they are parsed, and not opened again";
    Error::dom(DomExceptionName::InvalidStateError, reason)
}

impl DocumentMethods for Document {
    /// <https://dom.spec.whatwg.org/#dom-document-document>
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        let init = DocumentNode::without_page(about_blank(), false, "application/xml");
        Ok(Page::of(realm).tree().new_document(realm, init))
    }

    fn implementation(&self, _realm: &Realm) -> Fallible<DomRoot<DOMImplementation>> {
        if let Some(implementation) = &*self.implementation.borrow() {
            return Ok(implementation.root());
        }
        let implementation = DOMImplementation::create(&self.root())?;
        *self.implementation.borrow_mut() = Some(Dom::new(&implementation)?);
        Ok(implementation)
    }

    fn url(&self, _realm: &Realm) -> String {
        self.current_url().into()
    }

    fn document_uri(&self, realm: &Realm) -> String {
        self.url(realm)
    }

    fn compat_mode(&self, _realm: &Realm) -> DomString {
        match self.read(|it| it.mode) {
            QuirksMode::Quirks => "BackCompat".into(),
            QuirksMode::LimitedQuirks | QuirksMode::NoQuirks => "CSS1Compat".into(),
        }
    }

    fn character_set(&self, _realm: &Realm) -> DomString {
        self.read(|it| it.encoding.name().into())
    }

    fn charset(&self, realm: &Realm) -> DomString {
        self.character_set(realm)
    }

    fn input_encoding(&self, realm: &Realm) -> DomString {
        self.character_set(realm)
    }

    fn content_type(&self, _realm: &Realm) -> DomString {
        self.read(|it| (*it.content_type).into())
    }

    fn doctype(&self, _realm: &Realm) -> Option<DomRoot<DocumentType>> {
        let tree = self.tree();
        let is_doctype = |id: &NodeId| matches!(&*tree.kind(*id), NodeKind::Doctype(_));
        let doctype = tree.children(self.node_id()).find(is_doctype)?;
        tree.object(doctype).downcast()
    }

    fn document_element(&self, _realm: &Realm) -> Option<DomRoot<Element>> {
        self.node.element(self.tree().document_element(self.node_id()))
    }

    /// <https://dom.spec.whatwg.org/#dom-document-createelement>
    fn create_element(&self, _realm: &Realm, local_name: DomString) -> Fallible<DomRoot<Element>> {
        let mut name = local_name.into_string_lossy();
        check_local_name(Context::Element, &name)?;
        let (is_html, content_type) = self.read(|it| (it.is_html, it.content_type.clone()));
        if is_html {
            name.make_ascii_lowercase();
        }
        let name = plain_name(default_namespace(is_html, &content_type), &name);
        self.object(self.tree().create_element(self.node_id(), name, Vec::new()))
    }

    fn create_element_ns(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
        qualified_name: DomString,
    ) -> Fallible<DomRoot<Element>> {
        let name = validate_and_extract(namespace, &qualified_name, Context::Element)?;
        self.object(self.tree().create_element(self.node_id(), name, Vec::new()))
    }

    fn create_document_fragment(&self, _realm: &Realm) -> Fallible<DomRoot<DocumentFragment>> {
        self.create(NodeKind::Fragment { host: None })
    }

    fn create_text_node(&self, _realm: &Realm, data: DomString) -> Fallible<DomRoot<Text>> {
        self.create(NodeKind::Text(data))
    }

    fn create_cdata_section(
        &self,
        _realm: &Realm,
        data: DomString,
    ) -> Fallible<DomRoot<CDATASection>> {
        if self.is_html() {
            return Err(not_supported("an HTML document has no CDATA sections"));
        }
        if data.to_str_lossy().contains("]]>") {
            let reason = "']]>' ends a CDATA section";
            return Err(Error::dom(DomExceptionName::InvalidCharacterError, reason));
        }
        self.create(NodeKind::CdataSection(data))
    }

    fn create_comment(&self, _realm: &Realm, data: DomString) -> Fallible<DomRoot<Comment>> {
        self.create(NodeKind::Comment(data))
    }

    fn create_processing_instruction(
        &self,
        _realm: &Realm,
        target: DomString,
        data: DomString,
    ) -> Fallible<DomRoot<ProcessingInstruction>> {
        check_xml_name(&target.to_str_lossy())?;
        if data.to_str_lossy().contains("?>") {
            let reason = "'?>' ends a processing instruction";
            return Err(Error::dom(DomExceptionName::InvalidCharacterError, reason));
        }
        self.create(NodeKind::ProcessingInstruction(Box::new(Instruction { target, data })))
    }

    /// <https://dom.spec.whatwg.org/#dom-document-importnode>
    fn import_node(
        &self,
        _realm: &Realm,
        node: DomRoot<Node>,
        options: BooleanOrImportNodeOptions,
    ) -> Fallible<DomRoot<Node>> {
        if self.tree().is_document(node.id()) {
            return Err(not_supported("a document is not imported"));
        }
        let subtree = match options {
            BooleanOrImportNodeOptions::Boolean(subtree) => subtree,
            BooleanOrImportNodeOptions::ImportNodeOptions(options) => !options.self_only,
        };
        let copy = self.tree().clone_node(node.id(), self.node_id(), subtree);
        let object = self.tree().object(copy);
        run_steps(self.tree(), self.tree().take_steps());
        Ok(object)
    }

    /// <https://dom.spec.whatwg.org/#dom-document-adoptnode>
    fn adopt_node(&self, _realm: &Realm, node: DomRoot<Node>) -> Fallible<DomRoot<Node>> {
        if self.tree().is_document(node.id()) {
            return Err(not_supported("a document is not adopted"));
        }
        // The contents of a template stay with it.
        if !matches!(&*self.tree().kind(node.id()), NodeKind::Fragment { host: Some(_) }) {
            self.tree().adopt(node.id(), self.node_id());
        }
        Ok(node)
    }

    fn create_attribute(&self, _realm: &Realm, local_name: DomString) -> Fallible<DomRoot<Attr>> {
        let mut name = local_name.into_string_lossy();
        check_local_name(Context::Attribute, &name)?;
        if self.is_html() {
            name.make_ascii_lowercase();
        }
        self.attribute(plain_name(html5ever::ns!(), &name))
    }

    fn create_attribute_ns(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
        qualified_name: DomString,
    ) -> Fallible<DomRoot<Attr>> {
        self.attribute(validate_and_extract(namespace, &qualified_name, Context::Attribute)?)
    }

    /// <https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie>
    fn cookie(&self, _realm: &Realm) -> String {
        self.shown_by().map(|page| page.cookie_text()).unwrap_or_default()
    }

    fn set_cookie(&self, _realm: &Realm, value: String) {
        if let Some(page) = self.shown_by() {
            page.write_cookie(value);
        }
    }

    fn referrer(&self, _realm: &Realm) -> String {
        self.shown_by().map(|page| page.document_referrer().to_owned()).unwrap_or_default()
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-document-location>
    fn location(&self, realm: &Realm) -> Option<DomRoot<Location>> {
        self.shown_by().map(|page| page.window().location(realm))
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-document-defaultview>
    fn default_view(&self, realm: &Realm) -> Option<WindowProxy> {
        self.shown_by()?.context()?.proxy_in(realm)
    }

    fn ready_state(&self, _realm: &Realm) -> DocumentReadyState {
        let shown = self.shown_by();
        shown.map_or(DocumentReadyState::Complete, |page| page.ready_state())
    }

    fn title(&self, _realm: &Realm) -> DomString {
        self.tree().title_units(self.node_id())
    }

    fn set_title(&self, _realm: &Realm, value: DomString) {
        super::document_title::set_title(self, value);
    }

    fn body(&self, _realm: &Realm) -> Option<DomRoot<HTMLElement>> {
        self.node.object(self.body_element())?.downcast()
    }

    /// <https://html.spec.whatwg.org/multipage/dom.html#dom-document-body>
    fn set_body(&self, _realm: &Realm, value: Option<DomRoot<HTMLElement>>) -> Fallible<()> {
        let hierarchy_error =
            |reason: &str| Error::dom(DomExceptionName::HierarchyRequestError, reason);
        let new = value.map(|value| value.upcast::<Element>().root());
        let is_body =
            |it: &DomRoot<Element>| it.is(&local_name!("body")) || it.is(&local_name!("frameset"));
        let Some(new) = new.filter(is_body) else {
            return Err(hierarchy_error("it is neither a body nor a frameset"));
        };
        let tree = self.tree();
        match (self.body_element(), tree.document_element(self.node_id())) {
            (Some(old), _) if old == new.id() => Ok(()),
            (Some(old), _) => match tree.parent(old) {
                Some(parent) => tree.replace(old, new.id(), parent),
                None => Ok(()),
            },
            (None, Some(root)) => tree.append(new.id(), root),
            (None, None) => Err(hierarchy_error("the document has no element")),
        }
    }

    fn head(&self, _realm: &Realm) -> Option<DomRoot<HTMLHeadElement>> {
        self.node.object(self.child_of_html(|it| it.is(&local_name!("head"))))?.downcast()
    }

    fn images(&self, _realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
        self.all("images", |it| it.is(&local_name!("img")))
    }

    fn embeds(&self, _realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
        self.all("embeds", |it| it.is(&local_name!("embed")))
    }

    fn plugins(&self, realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
        self.embeds(realm)
    }

    fn links(&self, _realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
        self.all("links", |it| {
            (it.is(&local_name!("a")) || it.is(&local_name!("area")))
                && it.has(&local_name!("href"))
        })
    }

    fn forms(&self, _realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
        self.all("forms", |it| it.is(&local_name!("form")))
    }

    fn scripts(&self, _realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
        self.all("scripts", |it| it.is(&local_name!("script")))
    }

    fn anchors(&self, _realm: &Realm) -> Fallible<DomRoot<HTMLCollection>> {
        self.all("anchors", |it| it.is(&local_name!("a")) && it.has(&local_name!("name")))
    }

    fn get_elements_by_name(
        &self,
        _realm: &Realm,
        element_name: DomString,
    ) -> Fallible<DomRoot<NodeList>> {
        let filter = Filter::NameAttribute(element_name.into_string_lossy());
        NodeList::live(&self.realm(), &self.node.root(), filter)
    }

    fn current_script(&self, _realm: &Realm) -> Option<DomRoot<HTMLScriptElement>> {
        self.shown_by()?.current_script()
    }

    fn open(
        &self,
        _realm: &Realm,
        _unused1: Option<DomString>,
        _unused2: Option<DomString>,
    ) -> Fallible<DomRoot<Document>> {
        Err(no_writing())
    }

    fn close(&self, _realm: &Realm) -> Fallible<()> {
        Err(no_writing())
    }

    fn write(&self, _realm: &Realm, _text: Vec<DomString>) -> Fallible<()> {
        Err(no_writing())
    }

    fn writeln(&self, _realm: &Realm, _text: Vec<DomString>) -> Fallible<()> {
        Err(no_writing())
    }

    fn has_focus(&self, _realm: &Realm) -> Fallible<bool> {
        Ok(self.shown_by().is_some())
    }

    fn hidden(&self, realm: &Realm) -> bool {
        self.visibility_state(realm) == DocumentVisibilityState::Hidden
    }

    fn visibility_state(&self, _realm: &Realm) -> DocumentVisibilityState {
        match self.shown_by() {
            Some(_) => DocumentVisibilityState::Visible,
            None => DocumentVisibilityState::Hidden,
        }
    }

    fn create_event(&self, realm: &Realm, interface: DomString) -> Fallible<DomRoot<Event>> {
        create_event(realm, &interface)
    }

    fn get_element_by_id(
        &self,
        _realm: &Realm,
        element_id: DomString,
    ) -> Fallible<Option<DomRoot<Element>>> {
        let found = self.tree().element_by_id(self.node_id(), &element_id.to_str_lossy());
        Ok(self.node.element(found))
    }

    element_collections! {
        get_elements_by_tag_name get_elements_by_tag_name_ns get_elements_by_class_name
    }
    parent_node! {
        children first_element_child last_element_child child_element_count
        prepend append replace_children query_selector query_selector_all
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

/// A document that `createDocument()` made.
pub(crate) struct XMLDocument {
    document: Document,
}

dom_object!(XMLDocument: Document, document);

impl XMLDocument {
    /// The object of a document that has none yet, in the realm of another.
    pub(super) fn create(creator: &Document, document: NodeId) -> DomRoot<Self> {
        let tree = creator.tree();
        let node = NodeRef { tree: tree.clone(), id: document };
        let object = DomRoot::new(&creator.realm(), Self { document: Document::new(node) });
        tree.adopt_object(document, &object.upcast());
        object
    }
}

impl XMLDocumentMethods for XMLDocument {}
