/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [MutationRecord](https://dom.spec.whatwg.org/#interface-mutationrecord).

use html5ever::ns;
use sordino_script_bindings::{Dom, DomRoot, DomString, Fallible, Realm, Reflector, dom_object};

use super::mutation_observer::Mutation;
use super::{Node, NodeList};
use crate::bindings::MutationRecordMethods;
use crate::tree::NodeId;

/// What happened to a node.
pub(crate) struct MutationRecord {
    reflector: Reflector,
    type_: &'static str,
    target: Dom<Node>,
    added: Dom<NodeList>,
    removed: Dom<NodeList>,
    previous: Option<Dom<Node>>,
    next: Option<Dom<Node>>,
    attribute_name: Option<DomString>,
    attribute_namespace: Option<DomString>,
    old_value: Option<DomString>,
}

dom_object!(MutationRecord, reflector, trace(target, added, removed, previous, next));

impl MutationRecord {
    pub(super) fn create(
        realm: &Realm,
        target: &DomRoot<Node>,
        mutation: &Mutation<'_>,
        old_value: Option<DomString>,
    ) -> Fallible<DomRoot<Self>> {
        let tree = target.tree();
        let list = |nodes: &[NodeId]| -> Fallible<Dom<NodeList>> {
            let nodes: Vec<_> = nodes.iter().map(|id| tree.object(*id)).collect();
            Dom::new(&NodeList::of_nodes(realm, &nodes)?)
        };
        let node = |id: Option<NodeId>| id.map(|id| Dom::new(&tree.object(id))).transpose();
        let mut record = Self {
            reflector: Reflector::new(),
            type_: "characterData",
            target: Dom::new(target)?,
            added: list(&[])?,
            removed: list(&[])?,
            previous: None,
            next: None,
            attribute_name: None,
            attribute_namespace: None,
            old_value,
        };
        match mutation {
            Mutation::ChildList(children) => {
                record.type_ = "childList";
                record.added = list(children.added)?;
                record.removed = list(children.removed)?;
                record.previous = node(children.previous)?;
                record.next = node(children.next)?;
            }
            Mutation::Attributes(name) => {
                record.type_ = "attributes";
                record.attribute_name = Some((&*name.local).into());
                record.attribute_namespace = (name.ns != ns!()).then(|| (&*name.ns).into());
            }
            Mutation::CharacterData => {}
        }
        Ok(DomRoot::new(realm, record))
    }
}

impl MutationRecordMethods for MutationRecord {
    fn type_(&self, _realm: &Realm) -> DomString {
        self.type_.into()
    }

    fn target(&self, _realm: &Realm) -> DomRoot<Node> {
        self.target.root()
    }

    fn added_nodes(&self, _realm: &Realm) -> DomRoot<NodeList> {
        self.added.root()
    }

    fn removed_nodes(&self, _realm: &Realm) -> DomRoot<NodeList> {
        self.removed.root()
    }

    fn previous_sibling(&self, _realm: &Realm) -> Option<DomRoot<Node>> {
        self.previous.as_ref().map(Dom::root)
    }

    fn next_sibling(&self, _realm: &Realm) -> Option<DomRoot<Node>> {
        self.next.as_ref().map(Dom::root)
    }

    fn attribute_name(&self, _realm: &Realm) -> Option<DomString> {
        self.attribute_name.clone()
    }

    fn attribute_namespace(&self, _realm: &Realm) -> Option<DomString> {
        self.attribute_namespace.clone()
    }

    fn old_value(&self, _realm: &Realm) -> Option<DomString> {
        self.old_value.clone()
    }
}
