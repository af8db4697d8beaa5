/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLCollection](https://dom.spec.whatwg.org/#interface-htmlcollection): elements of a tree, as they
//! are at the moment.

use sordino_script_bindings::{DomRoot, DomString, Fallible, Realm, Reflector, dom_object};

use super::live::{Filter, Live};
use super::{Element, Node};
use crate::bindings::HTMLCollectionMethods;

/// The elements below a node that pass a filter, in tree order.
pub(crate) struct HTMLCollection {
    reflector: Reflector,
    live: Live,
}

dom_object!(HTMLCollection, reflector, trace(live));

impl HTMLCollection {
    pub(super) fn create(
        realm: &Realm,
        root: &DomRoot<Node>,
        filter: Filter,
    ) -> Fallible<DomRoot<Self>> {
        let live = Live::new(root, filter)?;
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new(), live }))
    }
}

impl HTMLCollectionMethods for HTMLCollection {
    fn length(&self, _realm: &Realm) -> u32 {
        self.live.length()
    }

    fn item(&self, _realm: &Realm, index: u32) -> Fallible<Option<DomRoot<Element>>> {
        let found = self.live.item(index);
        Ok(found.and_then(|id| self.live.tree().object(id).downcast()))
    }

    fn named_item(&self, _realm: &Realm, name: DomString) -> Fallible<Option<DomRoot<Element>>> {
        let found = self.live.named(&name.to_str_lossy());
        Ok(found.and_then(|id| self.live.tree().object(id).downcast()))
    }

    fn supported_property_names(&self, _realm: &Realm) -> Vec<DomString> {
        self.live.names()
    }

    fn is_supported_property_name(&self, _realm: &Realm, name: &DomString) -> bool {
        self.live.named(&name.to_str_lossy()).is_some()
    }
}
