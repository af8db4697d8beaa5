/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Location](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-location-interface).

use std::rc::Rc;

use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, Error, Fallible, Realm, Reflector, dom_object,
};
use url::{Url, quirks};

use crate::bindings::LocationMethods;
use crate::browsing_context::Target;
use crate::page::Page;

/// `location`: the URL of a window's document, and its navigation.
pub(crate) struct Location {
    reflector: Reflector,
}

dom_object!(Location, reflector);

impl Location {
    pub(crate) fn new() -> Self {
        Self { reflector: Reflector::new() }
    }

    fn page(&self) -> Rc<Page> {
        Page::of(&self.realm())
    }

    fn url(&self) -> Url {
        self.page().url()
    }

    /// [Location-object navigates](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-object-navigate).
    /// Nothing, when the document is shown no more.
    fn navigate(&self, realm: &Realm, url: Url) {
        if let Some(context) = self.page().context() {
            context.navigate(Target::Url(url), Some(&Page::of(&realm.entry())));
        }
    }

    /// Sets a component of the URL and goes there, unless that changes nothing.
    fn change(&self, realm: &Realm, change: impl FnOnce(&mut Url) -> Result<(), ()>) {
        let mut url = self.url();
        // What cannot be set is left as it is, as by the URL parser with a state override.
        if change(&mut url).is_ok() {
            self.navigate(realm, url);
        }
    }
}

/// A URL given by script, [relative to the entry settings object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-href).
pub(crate) fn parse_for_entry(realm: &Realm, url: &str) -> Fallible<Url> {
    Page::of(&realm.entry()).base_url().join(url).map_err(|error| {
        Error::dom(DomExceptionName::SyntaxError, format!("'{url}' is not a valid URL: {error}"))
    })
}

impl LocationMethods for Location {
    fn href(&self, _realm: &Realm) -> Fallible<String> {
        Ok(self.url().into())
    }

    fn set_href(&self, realm: &Realm, value: String) -> Fallible<()> {
        self.navigate(realm, parse_for_entry(realm, &value)?);
        Ok(())
    }

    fn origin(&self, _realm: &Realm) -> String {
        quirks::origin(&self.url())
    }

    fn protocol(&self, _realm: &Realm) -> Fallible<String> {
        Ok(quirks::protocol(&self.url()).to_owned())
    }

    fn set_protocol(&self, realm: &Realm, value: String) -> Fallible<()> {
        let mut url = self.url();
        quirks::set_protocol(&mut url, &value).map_err(|()| {
            let reason = format!("'{value}' is not a scheme");
            Error::dom(DomExceptionName::SyntaxError, reason)
        })?;
        if matches!(url.scheme(), "http" | "https") {
            self.navigate(realm, url);
        }
        Ok(())
    }

    fn host(&self, _realm: &Realm) -> Fallible<String> {
        Ok(quirks::host(&self.url()).to_owned())
    }

    fn set_host(&self, realm: &Realm, value: String) -> Fallible<()> {
        self.change(realm, |url| quirks::set_host(url, &value));
        Ok(())
    }

    fn hostname(&self, _realm: &Realm) -> Fallible<String> {
        Ok(quirks::hostname(&self.url()).to_owned())
    }

    fn set_hostname(&self, realm: &Realm, value: String) -> Fallible<()> {
        self.change(realm, |url| quirks::set_hostname(url, &value));
        Ok(())
    }

    fn port(&self, _realm: &Realm) -> Fallible<String> {
        Ok(quirks::port(&self.url()).to_owned())
    }

    fn set_port(&self, realm: &Realm, value: String) -> Fallible<()> {
        self.change(realm, |url| quirks::set_port(url, &value));
        Ok(())
    }

    fn pathname(&self, _realm: &Realm) -> Fallible<String> {
        Ok(quirks::pathname(&self.url()).to_owned())
    }

    fn set_pathname(&self, realm: &Realm, value: String) -> Fallible<()> {
        self.change(realm, |url| {
            quirks::set_pathname(url, &value);
            Ok(())
        });
        Ok(())
    }

    fn search(&self, _realm: &Realm) -> Fallible<String> {
        Ok(quirks::search(&self.url()).to_owned())
    }

    fn set_search(&self, realm: &Realm, value: String) -> Fallible<()> {
        self.change(realm, |url| {
            quirks::set_search(url, &value);
            Ok(())
        });
        Ok(())
    }

    fn hash(&self, _realm: &Realm) -> Fallible<String> {
        Ok(quirks::hash(&self.url()).to_owned())
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-hash>
    fn set_hash(&self, realm: &Realm, value: String) -> Fallible<()> {
        let mut url = self.url();
        let new = value.strip_prefix('#').unwrap_or(&value);
        url.set_fragment(Some(new));
        if url.fragment() != self.url().fragment() {
            self.navigate(realm, url);
        }
        Ok(())
    }

    fn assign(&self, realm: &Realm, url: String) -> Fallible<()> {
        self.set_href(realm, url)
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-replace>; there is
    /// no history in which it would differ from `assign`.
    fn replace(&self, realm: &Realm, url: String) -> Fallible<()> {
        self.set_href(realm, url)
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-reload>
    fn reload(&self, _realm: &Realm) -> Fallible<()> {
        if let Some(context) = self.page().context() {
            context.reload();
        }
        Ok(())
    }
}
