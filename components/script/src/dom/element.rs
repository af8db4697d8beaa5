/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Element](https://dom.spec.whatwg.org/#interface-element).

use std::borrow::Cow;
use std::rc::Rc;

use html5ever::{LocalName, QualName, ns};
use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, dom_object,
};

use super::child_node::{
    self, child_node, element_collections, non_document_type_child_node, parent_node,
};
use super::event_handlers::content_attributes;
use super::named_node_map::name_of;
use super::names::{Context, check_local_name, tag_name, validate_and_extract};
use super::{Attr, DOMTokenList, HTMLCollection, NamedNodeMap, Node, NodeList, markup};
use crate::bindings::{ElementMethods, NodeOrDomString};
use crate::page::Page;
use crate::tree::{self, NodeId, NodeKind, NodeRef, qualified_name};

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
    }

    /// Reads the element in the tree.
    pub(crate) fn with_tree_element<R>(
        &self,
        default: R,
        read: impl FnOnce(&tree::Element) -> R,
    ) -> R {
        let tree = self.node.tree();
        tree.element(self.id()).map_or(default, |element| read(&element))
    }

    /// The value of an attribute without a namespace.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.attribute_value(name).map(DomString::into_string_lossy)
    }

    /// As [`attribute`](Self::attribute), with lone surrogates.
    pub(crate) fn attribute_value(&self, name: &str) -> Option<DomString> {
        self.with_tree_element(None, |own| {
            let mut attributes = own.attributes.iter();
            let found = attributes.find(|it| *it.name.local == *name && it.name.ns == ns!());
            found.map(|it| it.value.clone())
        })
    }

    pub(crate) fn has_plain_attribute(&self, name: &str) -> bool {
        self.attribute_value(name).is_some()
    }

    /// Changes an attribute without a namespace, or with `None` takes it away, and does what follows
    /// from that.
    pub(crate) fn change_attribute(&self, name: &str, value: Option<&str>) {
        self.node.tree().change_attribute(self.id(), name, value.map(DomString::from));
    }

    /// Sets an attribute without a namespace.
    pub(crate) fn set_attribute_value(&self, name: &str, value: DomString) {
        self.node.tree().change_attribute(self.id(), name, Some(value));
    }

    /// Whether it is in a document that is shown.
    pub(crate) fn is_connected_to_page(&self) -> bool {
        let page = self.page();
        let tree = self.node.tree();
        tree.is_connected(self.id())
            && tree.document_of(self.id()) == page.document_node()
            && !page.is_discarded()
    }

    /// Whether it is an HTML element with this local name.
    pub(crate) fn is(&self, name: &LocalName) -> bool {
        self.with_tree_element(false, |own| own.is(name))
    }

    /// `tag#id`, for messages.
    pub(crate) fn short_description(&self) -> String {
        let name = self.with_tree_element(String::new(), |own| own.name.local.to_string());
        match self.attribute("id") {
            Some(id) if !id.is_empty() => format!("{name}#{id}"),
            _ => name,
        }
    }

    pub(super) fn is_html_in_html_document(&self) -> bool {
        self.with_tree_element(false, tree::Element::is_html)
            && self.node.tree().is_in_html_document(self.id())
    }

    /// A qualified name as attributes of this element have it: HTML elements have lower-case names.
    fn own_name<'a>(&self, name: &'a DomString) -> Cow<'a, str> {
        let name = name.to_str_lossy();
        if name.contains(|c: char| c.is_ascii_uppercase()) && self.is_html_in_html_document() {
            return Cow::Owned(name.to_ascii_lowercase());
        }
        name
    }

    fn find_name(&self, name: &str) -> Option<QualName> {
        self.with_tree_element(None, |own| own.by_name(name).map(|it| it.name.clone()))
    }

    /// The node of the attribute with this namespace and local name.
    pub(super) fn attr(&self, name: &QualName) -> Option<DomRoot<Attr>> {
        let tree = self.node.tree();
        let node = tree.attribute_node(self.id(), name)?;
        tree.object(node).downcast()
    }

    pub(super) fn attr_by_name(&self, name: &DomString) -> Option<DomRoot<Attr>> {
        self.attr(&self.find_name(&self.own_name(name))?)
    }

    /// Returns the attribute that this one took the place of.
    pub(super) fn set_attr(&self, attr: &DomRoot<Attr>) -> Fallible<Option<DomRoot<Attr>>> {
        let tree = self.node.tree();
        let old = tree.set_attribute_node(self.id(), attr.node().id())?;
        Ok(old.and_then(|old| tree.object(old).downcast()))
    }

    pub(super) fn remove_attr(&self, attr: &DomRoot<Attr>) {
        self.node.tree().remove_attribute(self.id(), &attr.key());
    }

    fn has_attr(&self, attr: &DomRoot<Attr>) -> bool {
        let parts = self.node.tree().attribute_parts(attr.node().id());
        parts.is_some_and(|(_, element)| element == Some(self.id()))
    }

    /// The value of an attribute that [reflects](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflect)
    /// as a string.
    pub(super) fn string(&self, name: &str) -> DomString {
        self.attribute_value(name).unwrap_or_default()
    }

    /// The token list of an attribute, the same one each time.
    pub(super) fn token_list(&self, name: &'static str) -> Fallible<DomRoot<DOMTokenList>> {
        self.node.same_token_list(name, || {
            DOMTokenList::create(&self.realm(), &self.root(), LocalName::from(name))
        })
    }

    /// [Inserts adjacent](https://dom.spec.whatwg.org/#insert-adjacent) a node. Returns whether there was
    /// a place for it.
    fn insert_adjacent(&self, position: &str, node: NodeId) -> Fallible<bool> {
        let (tree, id) = (self.node.tree(), self.id());
        let (parent, child) = match position.to_ascii_lowercase().as_str() {
            "beforebegin" => (tree.parent(id), Some(id)),
            "afterbegin" => (Some(id), tree.first_child(id)),
            "beforeend" => (Some(id), None),
            "afterend" => (tree.parent(id), tree.next_sibling(id)),
            _ => return Err(bad_position(position)),
        };
        let Some(parent) = parent else { return Ok(false) };
        tree.pre_insert(node, parent, child)?;
        Ok(true)
    }
}

pub(super) fn bad_position(position: &str) -> Error {
    let reason = format!("'{position}' is none of beforebegin, afterbegin, beforeend, afterend");
    Error::dom(DomExceptionName::SyntaxError, reason)
}

impl ElementMethods for Element {
    fn namespace_uri(&self, _realm: &Realm) -> Option<DomString> {
        self.with_tree_element(None, |own| (own.name.ns != ns!()).then(|| (&*own.name.ns).into()))
    }

    fn prefix(&self, _realm: &Realm) -> Option<DomString> {
        self.with_tree_element(None, |own| own.name.prefix.as_deref().map(DomString::from))
    }

    fn local_name(&self, _realm: &Realm) -> DomString {
        self.with_tree_element(DomString::new(), |own| (&*own.name.local).into())
    }

    fn tag_name(&self, _realm: &Realm) -> DomString {
        tag_name(self.node.tree(), self.id()).into()
    }

    fn id(&self, _realm: &Realm) -> DomString {
        self.string("id")
    }

    fn set_id(&self, _realm: &Realm, value: DomString) {
        self.set_attribute_value("id", value);
    }

    fn class_name(&self, _realm: &Realm) -> DomString {
        self.string("class")
    }

    fn set_class_name(&self, _realm: &Realm, value: DomString) {
        self.set_attribute_value("class", value);
    }

    fn class_list(&self, _realm: &Realm) -> Fallible<DomRoot<DOMTokenList>> {
        self.token_list("class")
    }

    fn has_attributes(&self, _realm: &Realm) -> Fallible<bool> {
        Ok(self.with_tree_element(false, |own| !own.attributes.is_empty()))
    }

    fn attributes(&self, _realm: &Realm) -> Fallible<DomRoot<NamedNodeMap>> {
        self.node.same_attributes(|| NamedNodeMap::create(&self.realm(), &self.root()))
    }

    fn get_attribute_names(&self, _realm: &Realm) -> Fallible<Vec<DomString>> {
        let name = |it: &tree::Attribute| (&*qualified_name(&it.name)).into();
        Ok(self.with_tree_element(Vec::new(), |own| own.attributes.iter().map(name).collect()))
    }

    fn get_attribute(&self, _realm: &Realm, name: DomString) -> Fallible<Option<DomString>> {
        let name = self.own_name(&name);
        Ok(self.with_tree_element(None, |own| own.by_name(&name).map(|it| it.value.clone())))
    }

    fn get_attribute_ns(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
        local_name: DomString,
    ) -> Fallible<Option<DomString>> {
        let name = name_of(namespace, &local_name);
        Ok(self.with_tree_element(None, |own| {
            own.by_namespace(&name.ns, &name.local).map(|it| it.value.clone())
        }))
    }

    /// <https://dom.spec.whatwg.org/#dom-element-setattribute>
    fn set_attribute(&self, _realm: &Realm, name: DomString, value: DomString) -> Fallible<()> {
        check_local_name(Context::Attribute, &name.to_str_lossy())?;
        let name = self.own_name(&name);
        let name = self
            .find_name(&name)
            .unwrap_or_else(|| QualName::new(None, ns!(), LocalName::from(&*name)));
        self.node.tree().set_attribute(self.id(), name, value);
        Ok(())
    }

    fn set_attribute_ns(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
        qualified_name: DomString,
        value: DomString,
    ) -> Fallible<()> {
        let name = validate_and_extract(namespace, &qualified_name, Context::Attribute)?;
        self.node.tree().set_attribute(self.id(), name, value);
        Ok(())
    }

    fn remove_attribute(&self, _realm: &Realm, name: DomString) -> Fallible<()> {
        if let Some(name) = self.find_name(&self.own_name(&name)) {
            self.node.tree().remove_attribute(self.id(), &name);
        }
        Ok(())
    }

    fn remove_attribute_ns(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
        local_name: DomString,
    ) -> Fallible<()> {
        self.node.tree().remove_attribute(self.id(), &name_of(namespace, &local_name));
        Ok(())
    }

    /// <https://dom.spec.whatwg.org/#dom-element-toggleattribute>
    fn toggle_attribute(
        &self,
        _realm: &Realm,
        name: DomString,
        force: Option<bool>,
    ) -> Fallible<bool> {
        check_local_name(Context::Attribute, &name.to_str_lossy())?;
        let name = self.own_name(&name);
        match (self.find_name(&name), force) {
            (None, Some(false)) => Ok(false),
            (None, _) => {
                let name = QualName::new(None, ns!(), LocalName::from(&*name));
                self.node.tree().set_attribute(self.id(), name, DomString::new());
                Ok(true)
            }
            (Some(_), Some(true)) => Ok(true),
            (Some(name), _) => {
                self.node.tree().remove_attribute(self.id(), &name);
                Ok(false)
            }
        }
    }

    fn has_attribute(&self, _realm: &Realm, name: DomString) -> Fallible<bool> {
        let name = self.own_name(&name);
        Ok(self.with_tree_element(false, |own| own.by_name(&name).is_some()))
    }

    fn has_attribute_ns(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
        local_name: DomString,
    ) -> Fallible<bool> {
        let name = name_of(namespace, &local_name);
        Ok(self.with_tree_element(false, |own| own.by_namespace(&name.ns, &name.local).is_some()))
    }

    fn get_attribute_node(
        &self,
        _realm: &Realm,
        qualified_name: DomString,
    ) -> Fallible<Option<DomRoot<Attr>>> {
        Ok(self.attr_by_name(&qualified_name))
    }

    fn get_attribute_node_ns(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
        local_name: DomString,
    ) -> Fallible<Option<DomRoot<Attr>>> {
        Ok(self.attr(&name_of(namespace, &local_name)))
    }

    fn set_attribute_node(
        &self,
        _realm: &Realm,
        attr: DomRoot<Attr>,
    ) -> Fallible<Option<DomRoot<Attr>>> {
        self.set_attr(&attr)
    }

    fn set_attribute_node_ns(
        &self,
        _realm: &Realm,
        attr: DomRoot<Attr>,
    ) -> Fallible<Option<DomRoot<Attr>>> {
        self.set_attr(&attr)
    }

    fn remove_attribute_node(
        &self,
        _realm: &Realm,
        attr: DomRoot<Attr>,
    ) -> Fallible<DomRoot<Attr>> {
        if !self.has_attr(&attr) {
            let reason = "the attribute is not one of this element";
            return Err(Error::dom(DomExceptionName::NotFoundError, reason));
        }
        self.remove_attr(&attr);
        Ok(attr)
    }

    fn closest(&self, _realm: &Realm, selectors: DomString) -> Fallible<Option<DomRoot<Element>>> {
        child_node::closest(&self.node, &selectors.to_str_lossy())
    }

    fn matches(&self, _realm: &Realm, selectors: DomString) -> Fallible<bool> {
        child_node::matches(&self.node, &selectors.to_str_lossy())
    }

    fn webkit_matches_selector(&self, realm: &Realm, selectors: DomString) -> Fallible<bool> {
        self.matches(realm, selectors)
    }

    fn insert_adjacent_element(
        &self,
        _realm: &Realm,
        where_: DomString,
        element: DomRoot<Element>,
    ) -> Fallible<Option<DomRoot<Element>>> {
        let inserted = self.insert_adjacent(&where_.to_str_lossy(), element.id())?;
        Ok(inserted.then_some(element))
    }

    fn insert_adjacent_text(
        &self,
        _realm: &Realm,
        where_: DomString,
        data: DomString,
    ) -> Fallible<()> {
        let tree = self.node.tree();
        let text = tree.create(tree.document_of(self.id()), NodeKind::Text(data));
        tree.let_go(text);
        self.insert_adjacent(&where_.to_str_lossy(), text)?;
        Ok(())
    }

    fn inner_html(&self, _realm: &Realm) -> Fallible<DomString> {
        markup::inner_html(&self.node)
    }

    fn set_inner_html(&self, _realm: &Realm, value: DomString) -> Fallible<()> {
        markup::set_inner_html(&self.node, &value.to_str_lossy())
    }

    fn outer_html(&self, _realm: &Realm) -> Fallible<DomString> {
        markup::outer_html(&self.node)
    }

    fn set_outer_html(&self, _realm: &Realm, value: DomString) -> Fallible<()> {
        markup::set_outer_html(&self.node, &value.to_str_lossy())
    }

    fn insert_adjacent_html(
        &self,
        _realm: &Realm,
        position: DomString,
        string: DomString,
    ) -> Fallible<()> {
        let (position, string) = (position.to_str_lossy(), string.to_str_lossy());
        markup::insert_adjacent_html(&self.node, &position, &string)
    }

    child_node! { before after replace_with remove }
    non_document_type_child_node! { previous_element_sibling next_element_sibling }
    element_collections! {
        get_elements_by_tag_name get_elements_by_tag_name_ns get_elements_by_class_name
    }
    parent_node! {
        children first_element_child last_element_child child_element_count
        prepend append replace_children query_selector query_selector_all
    }
}
