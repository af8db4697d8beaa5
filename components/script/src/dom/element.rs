/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Element](https://dom.spec.whatwg.org/#interface-element).

use std::rc::Rc;

use html5ever::{LocalName, QualName, ns};
use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, dom_object,
};

use super::event_handlers::content_attributes;
use super::{HTMLIFrameElement, HTMLInputElement, HTMLMediaElement, HTMLScriptElement, Node};
use crate::bindings::ElementMethods;
use crate::page::Page;
use crate::tree::{NodeId, NodeRef};

/// An element.
pub(crate) struct Element {
    node: Node,
}

dom_object!(Element: Node, node);

impl Element {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { node: Node::new(node) }
    }

    pub(crate) fn id(&self) -> NodeId {
        self.node.id()
    }

    pub(crate) fn page(&self) -> Rc<Page> {
        self.node.page()
    }

    /// An element has got its object, with the attributes of the parser.
    pub(crate) fn object_made(node: &DomRoot<Node>) {
        content_attributes::read_all(node);
        if let Some(input) = node.downcast::<HTMLInputElement>() {
            input.created();
        }
    }

    /// The value of an attribute without a namespace.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let element = self.node.tree().element(self.id())?;
        element.attribute(&LocalName::from(name)).map(str::to_owned)
    }

    /// Changes an attribute without a namespace, or with `None` takes it away, and does what follows
    /// from that.
    pub(crate) fn change_attribute(&self, name: &str, value: Option<&str>) {
        let local = LocalName::from(name);
        let was_there = self.node.tree().update_element(self.id(), |element| {
            let place = element
                .attributes
                .iter()
                .position(|(own, _)| own.ns == ns!() && own.local == local);
            match (place, value) {
                (Some(place), Some(value)) => value.clone_into(&mut element.attributes[place].1),
                (Some(place), None) => {
                    element.attributes.remove(place);
                }
                (None, Some(value)) => {
                    let name = QualName::new(None, ns!(), local);
                    element.attributes.push((name, value.to_owned()));
                }
                (None, None) => {}
            }
            place.is_some()
        });
        if was_there == Some(true) || value.is_some() {
            content_attributes::attribute_changed(self, name, value);
        }
        if let Some(input) = self.root().downcast::<HTMLInputElement>() {
            input.attribute_changed(name);
        }
        self.node.tree().note_change();
        let own = self.root();
        if let Some(media) = own.downcast::<HTMLMediaElement>() {
            media.attribute_changed(name);
        }
        if let Some(iframe) = own.downcast::<HTMLIFrameElement>() {
            iframe.attribute_changed(name);
        }
        if let (Some(script), Some(_)) = (own.downcast::<HTMLScriptElement>(), value) {
            script.attribute_set(name, was_there == Some(true));
        }
    }

    /// Whether it is in a document that is shown.
    pub(crate) fn is_connected_to_page(&self) -> bool {
        let page = self.page();
        let tree = self.node.tree();
        tree.is_connected(self.id())
            && tree.document_of(self.id()) == page.document_node()
            && !page.is_discarded()
    }

    /// `tag#id`, for messages.
    pub(crate) fn short_description(&self) -> String {
        let tree = self.node.tree();
        let name = tree.element(self.id()).map(|it| it.name.local.to_string()).unwrap_or_default();
        match self.attribute("id") {
            Some(id) if !id.is_empty() => format!("{name}#{id}"),
            _ => name,
        }
    }

    /// An attribute's name as this element has it: HTML elements have lower-case names.
    fn attribute_name(&self, name: DomString) -> String {
        let name = name.into_string_lossy();
        let tree = self.node.tree();
        let is_html = tree.element(self.id()).is_some_and(|element| element.is_html());
        if is_html { name.to_ascii_lowercase() } else { name }
    }
}

/// An attribute that [reflects](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflect)
/// as a string.
fn reflected(element: &Element, name: &str) -> DomString {
    element.attribute(name).unwrap_or_default().as_str().into()
}

impl ElementMethods for Element {
    fn namespace_uri(&self, _realm: &Realm) -> Option<DomString> {
        let tree = self.node.tree();
        let element = tree.element(self.id())?;
        (element.name.ns != ns!()).then(|| (&*element.name.ns).into())
    }

    fn local_name(&self, _realm: &Realm) -> DomString {
        let tree = self.node.tree();
        let name = tree.element(self.id()).map(|element| element.name.local.clone());
        name.as_deref().unwrap_or_default().into()
    }

    fn tag_name(&self, _realm: &Realm) -> DomString {
        let tree = self.node.tree();
        let name = tree.element(self.id()).map(|element| element.tag_name());
        name.unwrap_or_default().as_str().into()
    }

    fn id(&self, _realm: &Realm) -> DomString {
        reflected(self, "id")
    }

    fn set_id(&self, _realm: &Realm, value: DomString) {
        self.change_attribute("id", Some(&value.to_str_lossy()));
    }

    fn class_name(&self, _realm: &Realm) -> DomString {
        reflected(self, "class")
    }

    fn set_class_name(&self, _realm: &Realm, value: DomString) {
        self.change_attribute("class", Some(&value.to_str_lossy()));
    }

    fn get_attribute(&self, _realm: &Realm, name: DomString) -> Fallible<Option<DomString>> {
        let name = self.attribute_name(name);
        Ok(self.attribute(&name).map(|value| value.as_str().into()))
    }

    fn set_attribute(&self, _realm: &Realm, name: DomString, value: DomString) -> Fallible<()> {
        let name = self.attribute_name(name);
        let is_invalid = |c: char| c.is_ascii_whitespace() || "\0/=>".contains(c);
        if name.is_empty() || name.contains(is_invalid) {
            let reason = format!("'{name}' is not a valid attribute name");
            return Err(Error::dom(DomExceptionName::InvalidCharacterError, reason));
        }
        self.change_attribute(&name, Some(&value.to_str_lossy()));
        Ok(())
    }

    fn remove_attribute(&self, _realm: &Realm, name: DomString) -> Fallible<()> {
        let name = self.attribute_name(name);
        self.change_attribute(&name, None);
        Ok(())
    }

    fn has_attribute(&self, _realm: &Realm, name: DomString) -> Fallible<bool> {
        let name = self.attribute_name(name);
        Ok(self.attribute(&name).is_some())
    }

    fn query_selector(
        &self,
        _realm: &Realm,
        selectors: DomString,
    ) -> Fallible<Option<DomRoot<Element>>> {
        self.page().query_selector(self.id(), &selectors.to_str_lossy())
    }

    fn remove(&self, _realm: &Realm) -> Fallible<()> {
        self.node.remove_from_parent();
        Ok(())
    }
}
