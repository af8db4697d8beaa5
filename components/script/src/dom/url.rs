/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [URL](https://url.spec.whatwg.org/#url-class). Parsing and the setters' rules are those of the crate
//! `url`.

use std::cell::RefCell;

use sordino_script_bindings::{
    Dom, DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, Reflector, dom_object,
};
use url::{ParseError, Url, quirks};

use super::{Blob, URLSearchParams};
use crate::bindings::URLMethods;
use crate::page::Page;

/// A URL that script can take apart and change.
#[allow(clippy::upper_case_acronyms, reason = "the name of the interface")]
pub(crate) struct URL {
    reflector: Reflector,
    url: RefCell<Url>,
    /// The [query object](https://url.spec.whatwg.org/#dom-url-searchparams), once script has asked
    /// for it.
    query: RefCell<Option<Dom<URLSearchParams>>>,
}

dom_object!(URL, reflector, trace(query));

/// The [API URL parser](https://url.spec.whatwg.org/#api-url-parser).
fn parse(url: &str, base: Option<&str>) -> Result<Url, ParseError> {
    let base = base.map(Url::parse).transpose()?;
    Url::options().base_url(base.as_ref()).parse(url)
}

fn thrown(url: &str, error: ParseError) -> Error {
    Error::Type(format!("'{url}' is not a valid URL: {error}"))
}

impl URL {
    fn create(realm: &Realm, url: Url) -> DomRoot<Self> {
        let query = RefCell::default();
        DomRoot::new(realm, Self { reflector: Reflector::new(), url: RefCell::new(url), query })
    }

    /// Sets the query, or takes it away: the query object has changed.
    pub(super) fn set_query(&self, query: Option<&str>) {
        self.url.borrow_mut().set_query(query);
    }

    /// The query has changed: the query object follows.
    fn update_query_object(&self) {
        if let Some(query) = &*self.query.borrow() {
            query.set_list_from(self.url.borrow().query().unwrap_or_default());
        }
    }

    /// A setter's steps; a value that does not fit changes nothing.
    fn change<R>(&self, set: impl FnOnce(&mut Url, &str) -> R, value: &str) {
        drop(set(&mut self.url.borrow_mut(), value));
    }

    fn read(&self, part: impl FnOnce(&Url) -> &str) -> String {
        part(&self.url.borrow()).to_owned()
    }
}

impl URLMethods for URL {
    /// <https://url.spec.whatwg.org/#dom-url-url>
    fn constructor(realm: &Realm, url: String, base: Option<String>) -> Fallible<DomRoot<Self>> {
        let parsed = parse(&url, base.as_deref()).map_err(|error| thrown(&url, error))?;
        Ok(Self::create(realm, parsed))
    }

    /// <https://url.spec.whatwg.org/#dom-url-parse>
    fn parse(realm: &Realm, url: String, base: Option<String>) -> Fallible<Option<DomRoot<URL>>> {
        Ok(parse(&url, base.as_deref()).ok().map(|url| Self::create(realm, url)))
    }

    /// <https://url.spec.whatwg.org/#dom-url-canparse>
    fn can_parse(_realm: &Realm, url: String, base: Option<String>) -> Fallible<bool> {
        Ok(parse(&url, base.as_deref()).is_ok())
    }

    /// <https://w3c.github.io/FileAPI/#dfn-createObjectURL>
    fn create_object_url(realm: &Realm, obj: DomRoot<Blob>) -> Fallible<DomString> {
        let page = Page::of(realm);
        Ok(page.agent().blob_urls().add(&page, obj.data().clone()).into())
    }

    /// <https://w3c.github.io/FileAPI/#dfn-revokeObjectURL>
    fn revoke_object_url(realm: &Realm, url: DomString) -> Fallible<()> {
        let page = Page::of(realm);
        page.agent().blob_urls().revoke(&url.to_str_lossy(), page.origin());
        Ok(())
    }

    fn href(&self, _realm: &Realm) -> String {
        self.read(quirks::href)
    }

    /// <https://url.spec.whatwg.org/#dom-url-href>
    fn set_href(&self, _realm: &Realm, value: String) -> Fallible<()> {
        let parsed = Url::parse(&value).map_err(|error| thrown(&value, error))?;
        self.url.replace(parsed);
        self.update_query_object();
        Ok(())
    }

    fn origin(&self, _realm: &Realm) -> String {
        quirks::origin(&self.url.borrow())
    }

    fn protocol(&self, _realm: &Realm) -> String {
        self.read(quirks::protocol)
    }

    fn set_protocol(&self, _realm: &Realm, value: String) {
        self.change(quirks::set_protocol, &value);
    }

    fn username(&self, _realm: &Realm) -> String {
        self.read(quirks::username)
    }

    fn set_username(&self, _realm: &Realm, value: String) {
        self.change(quirks::set_username, &value);
    }

    fn password(&self, _realm: &Realm) -> String {
        self.read(quirks::password)
    }

    fn set_password(&self, _realm: &Realm, value: String) {
        self.change(quirks::set_password, &value);
    }

    fn host(&self, _realm: &Realm) -> String {
        self.read(quirks::host)
    }

    fn set_host(&self, _realm: &Realm, value: String) {
        self.change(quirks::set_host, &value);
    }

    fn hostname(&self, _realm: &Realm) -> String {
        self.read(quirks::hostname)
    }

    fn set_hostname(&self, _realm: &Realm, value: String) {
        self.change(quirks::set_hostname, &value);
    }

    fn port(&self, _realm: &Realm) -> String {
        self.read(quirks::port)
    }

    fn set_port(&self, _realm: &Realm, value: String) {
        self.change(quirks::set_port, &value);
    }

    fn pathname(&self, _realm: &Realm) -> String {
        self.read(quirks::pathname)
    }

    fn set_pathname(&self, _realm: &Realm, value: String) {
        self.change(quirks::set_pathname, &value);
    }

    fn search(&self, _realm: &Realm) -> String {
        self.read(quirks::search)
    }

    /// <https://url.spec.whatwg.org/#dom-url-search>
    fn set_search(&self, _realm: &Realm, value: String) {
        self.change(quirks::set_search, &value);
        self.update_query_object();
    }

    /// <https://url.spec.whatwg.org/#dom-url-searchparams>
    fn search_params(&self, _realm: &Realm) -> DomRoot<URLSearchParams> {
        if let Some(query) = &*self.query.borrow() {
            return query.root();
        }
        let query = URLSearchParams::of_url(&self.root());
        query.set_list_from(self.url.borrow().query().unwrap_or_default());
        *self.query.borrow_mut() = Dom::new(&query).ok();
        query
    }

    fn hash(&self, _realm: &Realm) -> String {
        self.read(quirks::hash)
    }

    fn set_hash(&self, _realm: &Realm, value: String) {
        self.change(quirks::set_hash, &value);
    }

    fn to_json(&self, realm: &Realm) -> Fallible<String> {
        Ok(self.href(realm))
    }
}
