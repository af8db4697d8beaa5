/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Attributes](https://dom.spec.whatwg.org/#concept-attribute): the algorithms that change them, and
//! the nodes that script sees of them.

use html5ever::{LocalName, Namespace, QualName, local_name, ns};
use sordino_script_bindings::{DomExceptionName, DomString, Error, Fallible};

use super::{
    Attribute, AttributeNode, Element, NodeId, NodeKind, Tree, is_same_attribute, qualified_name,
};
use crate::dom;

/// What happened to an attribute: the arguments of the
/// [attribute change steps](https://dom.spec.whatwg.org/#concept-element-attributes-change-ext).
#[derive(Debug)]
pub(crate) struct AttributeChange {
    pub(crate) name: QualName,
    pub(crate) old: Option<DomString>,
    pub(crate) new: Option<DomString>,
}

impl AttributeChange {
    /// The local name of an attribute without a namespace.
    pub(crate) fn plain_name(&self) -> Option<&LocalName> {
        (self.name.ns == ns!()).then_some(&self.name.local)
    }
}

impl Element {
    fn place(&self, name: &QualName) -> Option<usize> {
        self.attributes.iter().position(|own| is_same_attribute(&own.name, name))
    }

    /// [Gets an attribute by namespace and local name](https://dom.spec.whatwg.org/#concept-element-attributes-get-by-namespace).
    pub(crate) fn by_namespace(
        &self,
        namespace: &Namespace,
        local: &LocalName,
    ) -> Option<&Attribute> {
        self.attributes.iter().find(|own| own.name.local == *local && own.name.ns == *namespace)
    }

    /// [Gets an attribute by name](https://dom.spec.whatwg.org/#concept-element-attributes-get-by-name),
    /// for a name that was put into lower case if need be.
    pub(crate) fn by_name(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|own| match &own.name.prefix {
            None => *own.name.local == *name,
            Some(_) => qualified_name(&own.name) == name,
        })
    }
}

impl Tree {
    /// [Sets an attribute value](https://dom.spec.whatwg.org/#concept-element-attributes-set-value): of
    /// the attribute with this namespace and local name, which is made if there is none.
    pub(crate) fn set_attribute(&self, element: NodeId, name: QualName, value: DomString) {
        let changed = self.update_element(element, |it| match it.place(&name) {
            Some(place) => {
                let attribute = &mut it.attributes[place];
                let old = std::mem::replace(&mut attribute.value, value.clone());
                AttributeChange {
                    name: attribute.name.clone(),
                    old: Some(old),
                    new: Some(value.clone()),
                }
            }
            None => {
                it.attributes.push(Attribute::new(name.clone(), value.clone()));
                AttributeChange { name, old: None, new: Some(value) }
            }
        });
        if let Some(change) = changed {
            self.handle_attribute_changes(element, &change);
        }
    }

    /// [Removes an attribute](https://dom.spec.whatwg.org/#concept-element-attributes-remove), if it is
    /// there. Returns it as a node if script has seen that.
    pub(crate) fn remove_attribute(&self, element: NodeId, name: &QualName) -> Option<NodeId> {
        let removed = self.update_element(element, |it| {
            let place = it.place(name)?;
            Some(it.attributes.remove(place))
        })??;
        let node = removed.node;
        if let Some(node) = node {
            let value = removed.value.clone();
            self.update_attribute_node(node, |it| {
                it.value = value;
                it.element = None;
            });
            self.retie(node);
        }
        let change = AttributeChange { name: removed.name, old: Some(removed.value), new: None };
        self.handle_attribute_changes(element, &change);
        node
    }

    /// [Handles attribute changes](https://dom.spec.whatwg.org/#handle-attribute-changes).
    fn handle_attribute_changes(&self, element: NodeId, change: &AttributeChange) {
        self.queue_attribute_record(element, &change.name, change.old.as_ref());
        if change.name.ns == ns!() {
            match change.name.local {
                local_name!("id") => {
                    self.id_changed(element, change.old.as_ref(), change.new.as_ref());
                    self.attributes_version.set(self.attributes_version.get() + 1);
                }
                local_name!("name") => {
                    self.name_changed(element, change.old.as_ref(), change.new.as_ref());
                    self.attributes_version.set(self.attributes_version.get() + 1);
                }
                local_name!("class") | local_name!("href") => {
                    self.attributes_version.set(self.attributes_version.get() + 1);
                }
                _ => {}
            }
        }
        self.content_changed(element);
        dom::attribute_changed(self, element, change);
    }

    /// Gives an element an attribute that the parser found later, if it has none of the name.
    pub(crate) fn add_attribute_if_missing(&self, element: NodeId, attribute: Attribute) {
        let id = attribute.is(&local_name!("id")).then(|| attribute.value.clone());
        let is_new = self.update_element(element, |it| {
            let is_new = it.place(&attribute.name).is_none();
            if is_new {
                it.attributes.push(attribute);
            }
            is_new
        });
        if is_new == Some(true) {
            self.id_changed(element, None, id.as_ref());
        }
    }

    /// The node of an attribute that the element has, made now if there is none.
    pub(crate) fn attribute_node(&self, element: NodeId, name: &QualName) -> Option<NodeId> {
        let (name, node) = {
            let own = self.element(element)?;
            let attribute = &own.attributes[own.place(name)?];
            (attribute.name.clone(), attribute.node)
        };
        if node.is_some() {
            return node;
        }
        let attribute =
            AttributeNode { name: name.clone(), value: DomString::new(), element: Some(element) };
        let node = self.create(self.document_of(element), NodeKind::Attribute(Box::new(attribute)));
        self.update_element(element, |own| {
            own.has_attribute_nodes = true;
            if let Some(place) = own.place(&name) {
                own.attributes[place].node = Some(node);
            }
        });
        Some(node)
    }

    fn update_attribute_node(&self, id: NodeId, change: impl FnOnce(&mut AttributeNode)) {
        self.update_kind(id, |kind| {
            if let NodeKind::Attribute(attribute) = kind {
                change(attribute);
            }
        });
    }

    /// What an attribute node is named, and its element.
    pub(crate) fn attribute_parts(&self, attribute: NodeId) -> Option<(QualName, Option<NodeId>)> {
        match &*self.kind(attribute) {
            NodeKind::Attribute(it) => Some((it.name.clone(), it.element)),
            _ => None,
        }
    }

    /// The [value](https://dom.spec.whatwg.org/#concept-attribute-value) of an attribute node.
    pub(crate) fn attribute_value(&self, attribute: NodeId) -> DomString {
        let kind = self.kind(attribute);
        let NodeKind::Attribute(it) = &*kind else { return DomString::new() };
        let element = it.element.and_then(|element| self.element(element));
        match element.as_ref().and_then(|own| Some(&own.attributes[own.place(&it.name)?])) {
            Some(attribute) => attribute.value.clone(),
            None => it.value.clone(),
        }
    }

    /// [Sets an existing attribute value](https://dom.spec.whatwg.org/#set-an-existing-attribute-value).
    pub(crate) fn set_attribute_value(&self, attribute: NodeId, value: DomString) {
        let Some((name, element)) = self.attribute_parts(attribute) else { return };
        match element {
            Some(element) => self.set_attribute(element, name, value),
            None => self.update_attribute_node(attribute, |it| it.value = value),
        }
    }

    /// [Sets an attribute](https://dom.spec.whatwg.org/#concept-element-attributes-set). Returns the one
    /// that it took the place of.
    ///
    /// # Errors
    ///
    /// An `InUseAttributeError` when it is another element's.
    pub(crate) fn set_attribute_node(
        &self,
        element: NodeId,
        attribute: NodeId,
    ) -> Fallible<Option<NodeId>> {
        let Some((name, owner)) = self.attribute_parts(attribute) else { return Ok(None) };
        if owner.is_some_and(|owner| owner != element) {
            let reason = "the attribute is in use by another element";
            return Err(Error::dom(DomExceptionName::InUseAttributeError, reason));
        }
        let old = self.attribute_node(element, &name);
        if old == Some(attribute) {
            return Ok(old);
        }
        let value = self.attribute_value(attribute);
        // Replaces an attribute in its place, or appends one.
        let mut before = None;
        self.update_element(element, |it| {
            it.has_attribute_nodes = true;
            let own = Attribute { name: name.clone(), value: value.clone(), node: Some(attribute) };
            match it.place(&name) {
                Some(place) => before = Some(std::mem::replace(&mut it.attributes[place], own)),
                None => it.attributes.push(own),
            }
        });
        let before = before.map(|it| it.value);
        if let (Some(old), Some(before)) = (old, &before) {
            let before = before.clone();
            self.update_attribute_node(old, |it| {
                it.value = before;
                it.element = None;
            });
            self.retie(old);
        }
        let document = self.document_of(element);
        self.with_node(attribute, |node| node.document = document);
        self.update_attribute_node(attribute, |it| it.element = Some(element));
        self.retie(attribute);
        let change = AttributeChange { name, old: before, new: Some(value) };
        self.handle_attribute_changes(element, &change);
        Ok(old)
    }

    /// Sets an attribute without a namespace, or with `None` takes it away.
    pub(crate) fn change_attribute(&self, element: NodeId, name: &str, value: Option<DomString>) {
        let name = QualName::new(None, ns!(), name.into());
        match value {
            Some(value) => self.set_attribute(element, name, value),
            None => {
                self.remove_attribute(element, &name);
            }
        }
    }
}
