/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Interfaces with pair iterators.

use std::cell::RefCell;

use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, Reflector, dom_object,
};

use crate::bindings::{LongerPairListMethods, OtherPairsMethods, PairListMethods};

/// A list of names and numbers.
#[derive(Default)]
pub struct PairList {
    reflector: Reflector,
    pairs: RefCell<Vec<(DomString, i32)>>,
}

dom_object!(PairList, reflector);

impl PairListMethods for PairList {
    fn constructor(realm: &Realm, init: Vec<Vec<DomString>>) -> Fallible<DomRoot<Self>> {
        let list = Self::default();
        for pair in init {
            let [name, value] = pair.as_slice() else {
                return Err(Error::type_error("a pair has two strings"));
            };
            let value = value.to_str_lossy().parse().unwrap_or(0);
            list.pairs.borrow_mut().push((name.clone(), value));
        }
        Ok(DomRoot::new(realm, list))
    }

    fn append(&self, _realm: &Realm, name: DomString, value: i32) -> Fallible<()> {
        self.pairs.borrow_mut().push((name, value));
        Ok(())
    }

    fn remove(&self, _realm: &Realm, name: DomString) -> Fallible<()> {
        self.pairs.borrow_mut().retain(|(other, _)| *other != name);
        Ok(())
    }

    fn value_pair(&self, _realm: &Realm, index: usize) -> Option<(DomString, i32)> {
        self.pairs.borrow().get(index).cloned()
    }
}

/// Inherits its iterators.
#[derive(Default)]
pub struct LongerPairList {
    pair_list: PairList,
}

dom_object!(LongerPairList: PairList, pair_list);

impl LongerPairListMethods for LongerPairList {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::default()))
    }
}

/// One pair: a number and the object itself.
#[derive(Default)]
pub struct OtherPairs {
    reflector: Reflector,
}

dom_object!(OtherPairs, reflector);

impl OtherPairsMethods for OtherPairs {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::default()))
    }

    fn value_pair(
        &self,
        _realm: &Realm,
        index: usize,
    ) -> Option<(i32, Option<DomRoot<OtherPairs>>)> {
        (index == 0).then(|| (1, Some(self.root())))
    }
}
