/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [DOMImplementation](https://dom.spec.whatwg.org/#interface-domimplementation) and
//! [DOMParser](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#domparser).

use html5ever::{Namespace, QualName, ns};
use sordino_script_bindings::{
    Dom, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, Reflector, dom_object,
};
use url::Url;

use super::names::{Context, check_doctype_name, validate_and_extract};
use super::{Document, DocumentType, XMLDocument, run_steps};
use crate::bindings::{DOMImplementationMethods, DOMParserMethods, DOMParserSupportedType};
use crate::page::Page;
use crate::parser::parse_document;
use crate::tree::{Doctype, DocumentNode, NodeId, NodeKind, Tree};

/// The URL of documents that script makes.
pub(super) fn about_blank() -> Url {
    Url::parse("about:blank").expect("it is a URL")
}

/// What makes documents that are not shown, for another document.
pub(crate) struct DOMImplementation {
    reflector: Reflector,
    document: Dom<Document>,
}

dom_object!(DOMImplementation, reflector, trace(document));

impl DOMImplementation {
    pub(super) fn create(document: &DomRoot<Document>) -> Fallible<DomRoot<Self>> {
        let implementation = Self { reflector: Reflector::new(), document: Dom::new(document)? };
        Ok(DomRoot::new(&document.realm(), implementation))
    }
}

/// Puts new elements into each other, from the outside in. Returns the last.
fn nest(tree: &Tree, document: NodeId, parent: NodeId, names: &[&str]) -> NodeId {
    names.iter().fold(parent, |parent, name| {
        let element = tree.create_html_element(document, name);
        tree.link(parent, element, None);
        element
    })
}

impl DOMImplementationMethods for DOMImplementation {
    fn create_document_type(
        &self,
        _realm: &Realm,
        name: DomString,
        public_id: DomString,
        system_id: DomString,
    ) -> Fallible<DomRoot<DocumentType>> {
        let name = name.into_string_lossy();
        check_doctype_name(&name)?;
        let (public_id, system_id) = (public_id.into(), system_id.into());
        let tree = self.document.tree();
        let doctype = NodeKind::Doctype(Box::new(Doctype { name, public_id, system_id }));
        let doctype = tree.object(tree.create(self.document.node_id(), doctype)).downcast();
        doctype.ok_or_else(|| Error::type_error("the doctype was not created"))
    }

    /// <https://dom.spec.whatwg.org/#dom-domimplementation-createdocument>
    fn create_document(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
        qualified_name: DomString,
        doctype: Option<DomRoot<DocumentType>>,
    ) -> Fallible<DomRoot<XMLDocument>> {
        let content_type = match namespace.as_ref().and_then(DomString::as_str) {
            Some("http://www.w3.org/1999/xhtml") => "application/xhtml+xml",
            Some("http://www.w3.org/2000/svg") => "image/svg+xml",
            _ => "application/xml",
        };
        let name = (!qualified_name.is_empty())
            .then(|| validate_and_extract(namespace, &qualified_name, Context::Element))
            .transpose()?;
        let tree = self.document.tree();
        let init = DocumentNode::without_page(about_blank(), false, content_type);
        let document = tree.create_document(init);
        let object = XMLDocument::create(&self.document, document);
        if let Some(doctype) = doctype {
            tree.append(doctype.upcast::<super::Node>().id(), document)?;
        }
        if let Some(name) = name {
            tree.append(tree.create_element(document, name, Vec::new()), document)?;
        }
        Ok(object)
    }

    /// <https://dom.spec.whatwg.org/#dom-domimplementation-createhtmldocument>
    fn create_html_document(
        &self,
        _realm: &Realm,
        title: Option<DomString>,
    ) -> Fallible<DomRoot<Document>> {
        let tree = self.document.tree();
        let init = DocumentNode::without_page(about_blank(), true, "text/html");
        let object = tree.new_document(&self.document.realm(), init);
        let document = object.node_id();
        let doctype =
            Doctype { name: "html".to_owned(), public_id: String::new(), system_id: String::new() };
        let doctype = tree.create(document, NodeKind::Doctype(Box::new(doctype)));
        tree.link(document, doctype, None);
        let html = nest(tree, document, document, &["html"]);
        let head = nest(tree, document, html, &["head"]);
        if let Some(title) = title {
            let element = nest(tree, document, head, &["title"]);
            tree.link(element, tree.create(document, NodeKind::Text(title)), None);
        }
        nest(tree, document, html, &["body"]);
        Ok(object)
    }

    fn has_feature(&self, _realm: &Realm) -> Fallible<bool> {
        Ok(true)
    }
}

/// A parser of HTML.
pub(crate) struct DOMParser {
    reflector: Reflector,
}

dom_object!(DOMParser, reflector);

impl DOMParserMethods for DOMParser {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new() }))
    }

    /// <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-domparser-parsefromstring>
    fn parse_from_string(
        &self,
        _realm: &Realm,
        string: DomString,
        type_: DOMParserSupportedType,
    ) -> Fallible<DomRoot<Document>> {
        let page = Page::of(&self.realm());
        let tree = page.tree();
        let init = match type_ {
            DOMParserSupportedType::TextHtml => {
                DocumentNode::without_page(page.url(), true, "text/html")
            }
        };
        let document = tree.new_document(&self.realm(), init);
        parse_document(tree, document.node_id(), &string.to_str_lossy());
        run_steps(tree, tree.take_steps());
        Ok(document)
    }
}

/// The namespace that elements get which are created without one.
pub(super) fn default_namespace(is_html: bool, content_type: &str) -> Namespace {
    if is_html || content_type == "application/xhtml+xml" { ns!(html) } else { ns!() }
}

/// An element's name without a prefix.
pub(super) fn plain_name(namespace: Namespace, local_name: &str) -> QualName {
    QualName::new(None, namespace, local_name.into())
}
