/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Namespaces and prefixes](https://dom.spec.whatwg.org/#locate-a-namespace) as nodes see them.

use html5ever::{Namespace, local_name, ns};

use super::{NodeId, NodeKind, Tree};

impl Tree {
    /// The element whose names decide for a node, if any.
    fn naming_element(&self, node: NodeId) -> Option<NodeId> {
        match &*self.kind(node) {
            NodeKind::Element(_) => Some(node),
            NodeKind::Document(_) => self.document_element(node),
            NodeKind::Doctype(_) | NodeKind::Fragment { .. } => None,
            NodeKind::Attribute(attribute) => attribute.element,
            _ => self.parent(node).filter(|parent| self.is_element(*parent)),
        }
    }

    /// [Locates a namespace](https://dom.spec.whatwg.org/#locate-a-namespace).
    pub(crate) fn locate_namespace(&self, node: NodeId, prefix: Option<&str>) -> Option<Namespace> {
        match prefix {
            Some("xml") if self.naming_element(node).is_some() => return Some(ns!(xml)),
            Some("xmlns") if self.naming_element(node).is_some() => return Some(ns!(xmlns)),
            _ => {}
        }
        let mut next = self.naming_element(node);
        while let Some(id) = next {
            let element = self.element(id)?;
            if element.name.ns != ns!() && element.name.prefix.as_deref() == prefix {
                return Some(element.name.ns.clone());
            }
            let declaration = element.attributes.iter().find(|it| {
                it.name.ns == ns!(xmlns)
                    && match prefix {
                        Some(prefix) => {
                            it.name.prefix.as_deref() == Some("xmlns") && *it.name.local == *prefix
                        }
                        None => it.name.prefix.is_none() && it.name.local == local_name!("xmlns"),
                    }
            });
            if let Some(declaration) = declaration {
                let namespace = Namespace::from(&*declaration.value.to_str_lossy());
                return (namespace != ns!()).then_some(namespace);
            }
            next = self.parent(id).filter(|parent| self.is_element(*parent));
        }
        None
    }

    /// [Locates a namespace prefix](https://dom.spec.whatwg.org/#locate-a-namespace-prefix).
    pub(crate) fn locate_prefix(&self, node: NodeId, namespace: &str) -> Option<String> {
        let mut next = self.naming_element(node);
        while let Some(id) = next {
            let element = self.element(id)?;
            if *element.name.ns == *namespace
                && let Some(prefix) = &element.name.prefix
            {
                return Some(prefix.to_string());
            }
            let declaration = element
                .attributes
                .iter()
                .find(|it| it.name.prefix.as_deref() == Some("xmlns") && it.value == *namespace);
            if let Some(declaration) = declaration {
                return Some(declaration.name.local.to_string());
            }
            next = self.parent(id).filter(|parent| self.is_element(*parent));
        }
        None
    }
}
