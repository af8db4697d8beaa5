/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [NamedNodeMap](https://dom.spec.whatwg.org/#interface-namednodemap) and
//! [Attr](https://dom.spec.whatwg.org/#interface-attr).

use html5ever::{LocalName, Namespace, QualName, ns};
use rustc_hash::FxHashSet;
use sordino_script_bindings::{
    Dom, DomExceptionName, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, Reflector,
    dom_object,
};

use super::{Element, Node};
use crate::bindings::{AttrMethods, ElementMethods, NamedNodeMapMethods};
use crate::tree::{NodeRef, qualified_name};

/// The attributes of an element.
pub(crate) struct NamedNodeMap {
    reflector: Reflector,
    element: Dom<Element>,
}

dom_object!(NamedNodeMap, reflector, trace(element));

impl NamedNodeMap {
    pub(super) fn create(realm: &Realm, element: &DomRoot<Element>) -> Fallible<DomRoot<Self>> {
        let element = Dom::new(element)?;
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new(), element }))
    }
}

fn not_found(name: &DomString) -> Error {
    let reason = format!("there is no attribute '{name}'");
    Error::dom(DomExceptionName::NotFoundError, reason)
}

impl NamedNodeMapMethods for NamedNodeMap {
    fn length(&self, _realm: &Realm) -> u32 {
        self.element
            .with_tree_element(0, |own| u32::try_from(own.attributes.len()).unwrap_or(u32::MAX))
    }

    fn item(&self, _realm: &Realm, index: u32) -> Fallible<Option<DomRoot<Attr>>> {
        let name = self.element.with_tree_element(None, |own| {
            own.attributes.get(usize::try_from(index).ok()?).map(|own| own.name.clone())
        });
        Ok(name.and_then(|name| self.element.attr(&name)))
    }

    fn get_named_item(
        &self,
        _realm: &Realm,
        qualified_name: DomString,
    ) -> Fallible<Option<DomRoot<Attr>>> {
        Ok(self.element.attr_by_name(&qualified_name))
    }

    /// <https://dom.spec.whatwg.org/#interface-namednodemap>
    fn supported_property_names(&self, realm: &Realm) -> Vec<DomString> {
        let mut names = self.element.get_attribute_names(realm).unwrap_or_default();
        if self.element.is_html_in_html_document() {
            let has_upper_case =
                |name: &DomString| name.to_str_lossy().contains(|c: char| c.is_ascii_uppercase());
            names.retain(|name| !has_upper_case(name));
        }
        let mut seen = FxHashSet::default();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    fn get_named_item_ns(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
        local_name: DomString,
    ) -> Fallible<Option<DomRoot<Attr>>> {
        Ok(self.element.attr(&name_of(namespace, &local_name)))
    }

    fn set_named_item(
        &self,
        _realm: &Realm,
        attr: DomRoot<Attr>,
    ) -> Fallible<Option<DomRoot<Attr>>> {
        self.element.set_attr(&attr)
    }

    fn set_named_item_ns(
        &self,
        _realm: &Realm,
        attr: DomRoot<Attr>,
    ) -> Fallible<Option<DomRoot<Attr>>> {
        self.element.set_attr(&attr)
    }

    fn remove_named_item(
        &self,
        _realm: &Realm,
        qualified_name: DomString,
    ) -> Fallible<DomRoot<Attr>> {
        let found = self.element.attr_by_name(&qualified_name);
        let attr = found.ok_or_else(|| not_found(&qualified_name))?;
        self.element.remove_attr(&attr);
        Ok(attr)
    }

    fn remove_named_item_ns(
        &self,
        _realm: &Realm,
        namespace: Option<DomString>,
        local_name: DomString,
    ) -> Fallible<DomRoot<Attr>> {
        let found = self.element.attr(&name_of(namespace, &local_name));
        let attr = found.ok_or_else(|| not_found(&local_name))?;
        self.element.remove_attr(&attr);
        Ok(attr)
    }
}

/// The name that goes with a namespace and a local name; the empty namespace is none.
pub(super) fn name_of(namespace: Option<DomString>, local_name: &DomString) -> QualName {
    let namespace = namespace.unwrap_or_default();
    let namespace = Namespace::from(&*namespace.to_str_lossy());
    QualName::new(None, namespace, LocalName::from(&*local_name.to_str_lossy()))
}

/// An attribute as a node.
pub(crate) struct Attr {
    node: Node,
}

dom_object!(Attr: Node, node);

impl Attr {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { node: Node::new(node) }
    }

    fn name(&self) -> Option<QualName> {
        self.node.tree().attribute_parts(self.node.id()).map(|(name, _)| name)
    }

    /// The namespace and local name that the element knows it by.
    pub(super) fn key(&self) -> QualName {
        self.name().unwrap_or_else(|| QualName::new(None, ns!(), LocalName::default()))
    }
}

impl AttrMethods for Attr {
    fn namespace_uri(&self, _realm: &Realm) -> Option<DomString> {
        let name = self.name()?;
        (name.ns != ns!()).then(|| (&*name.ns).into())
    }

    fn prefix(&self, _realm: &Realm) -> Option<DomString> {
        self.name()?.prefix.map(|prefix| (&*prefix).into())
    }

    fn local_name(&self, _realm: &Realm) -> DomString {
        (&*self.key().local).into()
    }

    fn name(&self, _realm: &Realm) -> DomString {
        (&*qualified_name(&self.key())).into()
    }

    fn value(&self, _realm: &Realm) -> DomString {
        self.node.tree().attribute_value(self.node.id())
    }

    fn set_value(&self, _realm: &Realm, value: DomString) {
        self.node.tree().set_attribute_value(self.node.id(), value);
    }

    fn owner_element(&self, _realm: &Realm) -> Option<DomRoot<Element>> {
        let (_, element) = self.node.tree().attribute_parts(self.node.id())?;
        self.node.element(element)
    }

    fn specified(&self, _realm: &Realm) -> bool {
        true
    }
}

impl Attr {
    pub(super) fn node(&self) -> &Node {
        self.upcast()
    }
}
