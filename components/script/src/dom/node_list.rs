/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [NodeList](https://dom.spec.whatwg.org/#interface-nodelist).

use sordino_script_bindings::{Dom, DomRoot, Fallible, Realm, Reflector, dom_object, impl_trace};

use super::Node;
use super::live::{Filter, Live};
use crate::bindings::NodeListMethods;

/// A list of nodes.
pub(crate) struct NodeList {
    reflector: Reflector,
    nodes: Nodes,
}

dom_object!(NodeList, reflector, trace(nodes));

enum Nodes {
    /// As they are at the moment.
    Live(Box<Live>),
    /// As they were.
    Static(Vec<Dom<Node>>),
}

impl_trace!(
    enum Nodes {
        Live,
        Static,
    }
);

impl NodeList {
    fn create(realm: &Realm, nodes: Nodes) -> DomRoot<Self> {
        DomRoot::new(realm, Self { reflector: Reflector::new(), nodes })
    }

    /// The nodes below a root that pass a filter.
    pub(super) fn live(
        realm: &Realm,
        root: &DomRoot<Node>,
        filter: Filter,
    ) -> Fallible<DomRoot<Self>> {
        Ok(Self::create(realm, Nodes::Live(Box::new(Live::new(root, filter)?))))
    }

    /// These nodes, whatever becomes of them.
    pub(super) fn of_nodes(realm: &Realm, nodes: &[DomRoot<Node>]) -> Fallible<DomRoot<Self>> {
        let nodes = nodes.iter().map(Dom::new).collect::<Fallible<_>>()?;
        Ok(Self::create(realm, Nodes::Static(nodes)))
    }
}

impl NodeListMethods for NodeList {
    fn item(&self, _realm: &Realm, index: u32) -> Fallible<Option<DomRoot<Node>>> {
        Ok(match &self.nodes {
            Nodes::Live(live) => live.item(index).map(|id| live.tree().object(id)),
            Nodes::Static(nodes) => {
                let index = usize::try_from(index).ok();
                index.and_then(|index| nodes.get(index)).map(Dom::root)
            }
        })
    }

    fn length(&self, _realm: &Realm) -> u32 {
        match &self.nodes {
            Nodes::Live(live) => live.length(),
            Nodes::Static(nodes) => u32::try_from(nodes.len()).unwrap_or(u32::MAX),
        }
    }
}
