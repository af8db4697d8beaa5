/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [URLSearchParams](https://url.spec.whatwg.org/#interface-urlsearchparams).

use std::cell::RefCell;

use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, DomWeak, Error, Fallible, Realm, Reflector, dom_object,
};
use url::form_urlencoded;

use super::URL;
use crate::bindings::{
    URLSearchParamsMethods, UsvStringSequenceSequenceOrUsvStringRecordOrUsvString as Init,
};

type List = Vec<(String, String)>;

/// The names and values of a query.
pub(crate) struct URLSearchParams {
    reflector: Reflector,
    list: RefCell<List>,
    /// The URL whose query this is. Once script has lost it, nobody sees what is written to it.
    url: Option<DomWeak<URL>>,
}

dom_object!(URLSearchParams, reflector);

/// The [`application/x-www-form-urlencoded` parser](https://url.spec.whatwg.org/#concept-urlencoded-parser).
fn parse(query: &str) -> List {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

impl URLSearchParams {
    fn create(realm: &Realm, list: List, url: Option<DomWeak<URL>>) -> DomRoot<Self> {
        let list = RefCell::new(list);
        DomRoot::new(realm, Self { reflector: Reflector::new(), list, url })
    }

    /// An empty query object of a URL.
    pub(super) fn of_url(url: &DomRoot<URL>) -> DomRoot<Self> {
        Self::create(&url.realm(), List::new(), Some(url.downgrade()))
    }

    /// Replaces what is in it by what a query has.
    pub(super) fn set_list_from(&self, query: &str) {
        self.list.replace(parse(query));
    }

    /// The [`application/x-www-form-urlencoded` serializer](https://url.spec.whatwg.org/#concept-urlencoded-serializer).
    pub(crate) fn serialize(&self) -> String {
        let mut serializer = form_urlencoded::Serializer::new(String::new());
        serializer.extend_pairs(&*self.list.borrow());
        serializer.finish()
    }

    /// The [update steps](https://url.spec.whatwg.org/#concept-urlsearchparams-update).
    fn update(&self) {
        if let Some(url) = self.url.as_ref().and_then(DomWeak::upgrade) {
            let query = self.serialize();
            url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        }
    }

    /// The first value for a name.
    fn find(&self, name: &str) -> Option<String> {
        let list = self.list.borrow();
        list.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
    }
}

impl URLSearchParamsMethods for URLSearchParams {
    /// <https://url.spec.whatwg.org/#dom-urlsearchparams-urlsearchparams>
    fn constructor(realm: &Realm, init: Init) -> Fallible<DomRoot<Self>> {
        let list = match init {
            Init::UsvStringSequenceSequence(pairs) => {
                let pair = |pair: Vec<String>| {
                    <[String; 2]>::try_from(pair).map(Into::into).map_err(|pair| {
                        Error::Type(format!("a pair has a name and a value, not {}", pair.len()))
                    })
                };
                pairs.into_iter().map(pair).collect::<Fallible<_>>()?
            }
            Init::UsvStringRecord(record) => record.0,
            Init::UsvString(query) => parse(query.strip_prefix('?').unwrap_or(&query)),
        };
        Ok(Self::create(realm, list, None))
    }

    fn size(&self, _realm: &Realm) -> u32 {
        u32::try_from(self.list.borrow().len()).unwrap_or(u32::MAX)
    }

    fn append(&self, _realm: &Realm, name: String, value: String) -> Fallible<()> {
        self.list.borrow_mut().push((name, value));
        self.update();
        Ok(())
    }

    /// <https://url.spec.whatwg.org/#dom-urlsearchparams-delete>
    fn delete(&self, _realm: &Realm, name: String, value: Option<String>) -> Fallible<()> {
        let stays = |pair: &(String, String)| {
            pair.0 != name || value.as_ref().is_some_and(|value| pair.1 != *value)
        };
        self.list.borrow_mut().retain(stays);
        self.update();
        Ok(())
    }

    fn get(&self, _realm: &Realm, name: String) -> Fallible<Option<String>> {
        Ok(self.find(&name))
    }

    fn get_all(&self, _realm: &Realm, name: String) -> Fallible<Vec<String>> {
        let list = self.list.borrow();
        let named = list.iter().filter(|(other, _)| *other == name);
        Ok(named.map(|(_, value)| value.clone()).collect())
    }

    /// <https://url.spec.whatwg.org/#dom-urlsearchparams-has>
    fn has(&self, _realm: &Realm, name: String, value: Option<String>) -> Fallible<bool> {
        let is_it = |pair: &(String, String)| {
            pair.0 == name && value.as_ref().is_none_or(|value| pair.1 == *value)
        };
        Ok(self.list.borrow().iter().any(is_it))
    }

    /// <https://url.spec.whatwg.org/#dom-urlsearchparams-set>
    fn set(&self, _realm: &Realm, name: String, value: String) -> Fallible<()> {
        let mut list = self.list.borrow_mut();
        match list.iter().position(|(other, _)| *other == name) {
            Some(first) => {
                let mut index = 0;
                list.retain(|(other, _)| {
                    index += 1;
                    *other != name || index == first + 1
                });
                list[first].1 = value;
            }
            None => list.push((name, value)),
        }
        drop(list);
        self.update();
        Ok(())
    }

    /// <https://url.spec.whatwg.org/#dom-urlsearchparams-sort>
    fn sort(&self, _realm: &Realm) -> Fallible<()> {
        // By 16-bit units, which order characters beyond U+FFFF before some others.
        self.list.borrow_mut().sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        self.update();
        Ok(())
    }

    fn value_pair(&self, _realm: &Realm, index: usize) -> Option<(String, String)> {
        self.list.borrow().get(index).cloned()
    }

    fn stringifier(&self, _realm: &Realm) -> Fallible<DomString> {
        Ok(self.serialize().into())
    }
}
