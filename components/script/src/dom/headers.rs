/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Headers](https://fetch.spec.whatwg.org/#headers-class).

use std::cell::{Cell, RefCell};

use sordino_script_bindings::{ByteString, DomRoot, Error, Fallible, Realm, Reflector, dom_object};
use sordino_traits::embedder::{self, Header};
use sordino_traits::headers::{
    HeaderList, is_cors_safelisted_request_header, is_forbidden_request_header,
    is_forbidden_response_header_name, normalize_value,
};
use sordino_traits::validate::{is_header_value, is_token};

use crate::bindings::{
    ByteStringSequenceSequenceOrByteStringRecord as HeadersInit, HeadersMethods,
};

/// The [headers guard](https://fetch.spec.whatwg.org/#concept-headers-guard): what script may change.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Guard {
    None,
    Immutable,
    Request,
    RequestNoCors,
    Response,
}

/// A header list that script can see.
pub(crate) struct Headers {
    reflector: Reflector,
    list: RefCell<HeaderList>,
    guard: Cell<Guard>,
}

dom_object!(Headers, reflector);

/// A name, if it is one.
fn name_of(name: &ByteString) -> Fallible<String> {
    let text = std::str::from_utf8(name).ok().filter(|name| is_token(name));
    text.map(str::to_owned).ok_or_else(|| Error::Type(format!("'{name}' is no name of a header")))
}

/// A [no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header).
fn is_no_cors_safelisted(header: &Header) -> bool {
    is_no_cors_safelisted_name(&header.name) && is_cors_safelisted_request_header(header)
}

fn is_no_cors_safelisted_name(name: &str) -> bool {
    ["accept", "accept-language", "content-language", "content-type"]
        .iter()
        .any(|safe| safe.eq_ignore_ascii_case(name))
}

impl Headers {
    pub(crate) fn new(realm: &Realm, list: HeaderList, guard: Guard) -> DomRoot<Self> {
        let (list, guard) = (RefCell::new(list), Cell::new(guard));
        DomRoot::new(realm, Self { reflector: Reflector::new(), list, guard })
    }

    /// The header list.
    pub(crate) fn list(&self) -> &RefCell<HeaderList> {
        &self.list
    }

    pub(crate) fn guard(&self) -> Guard {
        self.guard.get()
    }

    /// [Validates](https://fetch.spec.whatwg.org/#headers-validate) a header. Returns whether it may be
    /// changed.
    fn validate(&self, header: &Header) -> Fallible<bool> {
        if !is_header_value(&header.value.0) {
            return Err(Error::Type(format!("the value of '{}' is no header value", header.name)));
        }
        match self.guard.get() {
            Guard::Immutable => Err(Error::type_error("these headers cannot be changed")),
            Guard::Request => Ok(!is_forbidden_request_header(header)),
            Guard::Response => {
                Ok(!is_forbidden_response_header_name(&header.name.to_ascii_lowercase()))
            }
            Guard::None | Guard::RequestNoCors => Ok(true),
        }
    }

    /// [Removes privileged no-CORS request-headers](https://fetch.spec.whatwg.org/#concept-headers-remove-privileged-no-cors-request-headers).
    fn remove_privileged(&self) {
        if self.guard.get() == Guard::RequestNoCors {
            self.list.borrow_mut().remove("range");
        }
    }

    /// [Appends](https://fetch.spec.whatwg.org/#concept-headers-append) a header.
    fn append_header(&self, name: &ByteString, value: &[u8]) -> Fallible<()> {
        let value = embedder::ByteString(normalize_value(value).to_vec());
        let header = Header::new(name_of(name)?, value);
        if !self.validate(&header)? {
            return Ok(());
        }
        if self.guard.get() == Guard::RequestNoCors {
            let mut whole = HeaderList(vec![header.clone()]);
            if let Some(before) = self.list.borrow().get(&header.name) {
                whole.0.insert(0, Header::new(&*header.name, embedder::ByteString(before)));
            }
            let value = embedder::ByteString(whole.get(&header.name).unwrap_or_default());
            if !is_no_cors_safelisted(&Header::new(&*header.name, value)) {
                return Ok(());
            }
        }
        self.list.borrow_mut().0.push(header);
        self.remove_privileged();
        Ok(())
    }

    /// [Fills](https://fetch.spec.whatwg.org/#concept-headers-fill) it.
    pub(crate) fn fill(&self, init: HeadersInit) -> Fallible<()> {
        match init {
            HeadersInit::ByteStringSequenceSequence(pairs) => {
                for pair in pairs {
                    let [name, value] = &*pair else {
                        let count = pair.len();
                        let reason = format!("a header has a name and a value, not {count}");
                        return Err(Error::Type(reason));
                    };
                    self.append_header(name, value)?;
                }
            }
            HeadersInit::ByteStringRecord(record) => {
                for (name, value) in &record.0 {
                    self.append_header(name, value)?;
                }
            }
        }
        Ok(())
    }

    /// Fills it with the headers of a list.
    pub(crate) fn fill_from(&self, list: HeaderList) -> Fallible<()> {
        list.0.into_iter().try_for_each(|header| {
            self.append_header(&ByteString::from(&*header.name), &header.value.0)
        })
    }
}

impl HeadersMethods for Headers {
    /// <https://fetch.spec.whatwg.org/#dom-headers>
    fn constructor(realm: &Realm, init: Option<HeadersInit>) -> Fallible<DomRoot<Self>> {
        let headers = Self::new(realm, HeaderList::default(), Guard::None);
        init.map_or(Ok(()), |init| headers.fill(init))?;
        Ok(headers)
    }

    fn append(&self, _realm: &Realm, name: ByteString, value: ByteString) -> Fallible<()> {
        self.append_header(&name, &value)
    }

    /// <https://fetch.spec.whatwg.org/#dom-headers-delete>
    fn delete(&self, _realm: &Realm, name: ByteString) -> Fallible<()> {
        let name = name_of(&name)?;
        if !self.validate(&Header::new(&*name, ""))? {
            return Ok(());
        }
        let is_privileged = name.eq_ignore_ascii_case("range");
        if self.guard.get() == Guard::RequestNoCors
            && !is_no_cors_safelisted_name(&name)
            && !is_privileged
        {
            return Ok(());
        }
        self.list.borrow_mut().remove(&name);
        self.remove_privileged();
        Ok(())
    }

    fn get(&self, _realm: &Realm, name: ByteString) -> Fallible<Option<ByteString>> {
        Ok(self.list.borrow().get(&name_of(&name)?).map(ByteString::from))
    }

    fn get_set_cookie(&self, _realm: &Realm) -> Fallible<Vec<ByteString>> {
        Ok(self.list.borrow().values("set-cookie").map(ByteString::from).collect())
    }

    fn has(&self, _realm: &Realm, name: ByteString) -> Fallible<bool> {
        Ok(self.list.borrow().contains(&name_of(&name)?))
    }

    /// <https://fetch.spec.whatwg.org/#dom-headers-set>
    fn set(&self, _realm: &Realm, name: ByteString, value: ByteString) -> Fallible<()> {
        let value = embedder::ByteString(normalize_value(&value).to_vec());
        let header = Header::new(name_of(&name)?, value);
        if !self.validate(&header)? {
            return Ok(());
        }
        if self.guard.get() == Guard::RequestNoCors && !is_no_cors_safelisted(&header) {
            return Ok(());
        }
        self.list.borrow_mut().set(&header.name, header.value);
        self.remove_privileged();
        Ok(())
    }

    fn value_pair(&self, _realm: &Realm, index: usize) -> Option<(ByteString, ByteString)> {
        let header = self.list.borrow().sort_and_combine().into_iter().nth(index)?;
        Some((ByteString::from(&*header.name), ByteString::from(header.value.0)))
    }
}
