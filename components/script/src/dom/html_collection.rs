/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLCollection](https://dom.spec.whatwg.org/#interface-htmlcollection): the elements of a
//! document with a tag name, as they are at the moment.

use std::rc::Rc;

use sordino_script_bindings::{DomObjectExt, DomRoot, Fallible, Realm, Reflector, dom_object};

use super::Element;
use crate::bindings::HTMLCollectionMethods;
use crate::page::Page;
use crate::tree::NodeId;

/// The [elements with a qualified name](https://dom.spec.whatwg.org/#concept-getelementsbytagname)
/// below a node, in tree order.
pub(crate) struct HTMLCollection {
    reflector: Reflector,
    root: NodeId,
    qualified_name: String,
}

dom_object!(HTMLCollection, reflector);

impl HTMLCollection {
    pub(crate) fn new(root: NodeId, qualified_name: String) -> Self {
        Self { reflector: Reflector::new(), root, qualified_name }
    }

    fn page(&self) -> Rc<Page> {
        Page::of(&self.realm())
    }

    fn elements(&self, page: &Page) -> Vec<NodeId> {
        let tree = page.tree();
        let lower_case = self.qualified_name.to_ascii_lowercase();
        let matches = |id: &NodeId| {
            tree.element(*id).is_some_and(|element| {
                let name = if element.is_html() { &lower_case } else { &self.qualified_name };
                self.qualified_name == "*" || *element.name.local == **name
            })
        };
        tree.descendants(self.root).filter(matches).collect()
    }
}

impl HTMLCollectionMethods for HTMLCollection {
    fn length(&self, _realm: &Realm) -> u32 {
        let count = self.elements(&self.page()).len();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn item(&self, _realm: &Realm, index: u32) -> Fallible<Option<DomRoot<Element>>> {
        let page = self.page();
        let id = usize::try_from(index).ok().and_then(|it| self.elements(&page).get(it).copied());
        Ok(id.and_then(|id| page.node(id).downcast()))
    }
}
