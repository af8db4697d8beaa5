/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The [similar-origin window agent](https://html.spec.whatwg.org/multipage/webappapis.html#similar-origin-window-agent)
//! of a content process: the engine, and the opening of pages in it.

use std::rc::Rc;

use sordino_script_bindings::{DomRoot, Error, Realm, Runtime, RuntimeError};
use sordino_traits::id::IdAllocator;
use url::Url;

use crate::bindings::register_interfaces;
use crate::dom::Window;
use crate::page::{Outside, Page};
use crate::prefs::Prefs;

/// Why there is no engine or no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AgentError {
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    #[error("cannot set the page's global object up: {0}")]
    Realm(Error),
}

/// The engine, which tells each page of what its scripts leave behind.
pub(crate) struct Agent {
    runtime: Runtime,
    prefs: Prefs,
}

impl Agent {
    pub(crate) fn new(prefs: Prefs) -> Result<Self, AgentError> {
        let runtime = Runtime::new()?;
        runtime.set_script_exit(Realm::run_microtasks);
        let with_page = |realm: &Realm, act: &dyn Fn(Rc<Page>)| {
            // A page that is discarded hears nothing more.
            if let Some(page) = realm.data::<Page>() {
                act(page);
            }
        };
        runtime.set_report_exception(move |realm, exception| {
            with_page(realm, &|page| page.report_exception(exception.clone()));
        });
        runtime.set_promise_rejection(move |realm, promise, reason, handled| {
            with_page(realm, &|page| page.rejection(promise.clone(), reason.clone(), handled));
        });
        Ok(Self { runtime, prefs })
    }

    /// A page with an empty document, in a realm of its own. The window lives as long as the caller
    /// holds it.
    pub(crate) fn open_page(
        &self,
        url: Url,
        ids: IdAllocator,
        outside: Outside,
    ) -> Result<(Rc<Page>, DomRoot<Window>), AgentError> {
        let realm = self.runtime.new_realm()?;
        register_interfaces(&realm, &|pref| self.prefs.is_on(pref), is_trustworthy(&url))
            .map_err(AgentError::Realm)?;
        let window = DomRoot::new(&realm, Window::new());
        realm.set_global_object(&window).map_err(AgentError::Realm)?;
        Ok((Page::open(realm, url, ids, outside, &self.prefs), window))
    }
}

/// Whether the origin of a URL is [potentially trustworthy](https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy),
/// so that its page is a secure context.
fn is_trustworthy(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "file")
        || match url.host() {
            Some(url::Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name == "localhost" || name.ends_with(".localhost")
            }
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

#[cfg(test)]
mod tests;
