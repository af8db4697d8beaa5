/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What one content process knows of the cookies: those of its documents, as far as script may read
//! them. It is told of changes with the next answer of the network, and after it has set one.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sordino_script::cookies::CookieJar;
use sordino_traits::cookies::{CookieAccess, DocumentCookies, MAX_COOKIE_TEXT};
use sordino_traits::embedder::ShellCommand;
use sordino_traits::validate::{MAX_DOCUMENTS, Violation};
use url::Url;

/// How many documents of a process hear of changes: the newest, as many as there can be at a time and some.
const MAX_KNOWN: usize = MAX_DOCUMENTS + 64;

/// The cookies of the documents of one content process.
#[derive(Debug)]
pub(super) struct TabCookies {
    jar: Arc<CookieJar>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What was said of each, the newest last.
    documents: VecDeque<DocumentCookies>,
    /// Of which it may set cookies, and which.
    origins: HashMap<String, CookieAccess>,
    written: u64,
    version: u64,
    /// The version of the jar that it knows.
    seen: u64,
}

impl TabCookies {
    pub(super) fn new(jar: Arc<CookieJar>) -> Self {
        Self { jar, state: Mutex::default() }
    }

    pub(super) fn jar(&self) -> &CookieJar {
        &self.jar
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The process is about to show a document from that URL: its cookies.
    pub(super) fn open(&self, url: &str, access: CookieAccess) -> Option<DocumentCookies> {
        let mut url = Url::parse(url).ok()?;
        url.set_fragment(None);
        let mut state = self.state();
        state.origins.entry(url.origin().ascii_serialization()).or_insert(access);
        state.version += 1;
        let document = DocumentCookies {
            cookies: self.jar.for_script(&url, access),
            url: url.into(),
            access,
            version: state.version,
            written: state.written,
        };
        state.documents.retain(|it| it.url != document.url);
        if state.documents.len() >= MAX_KNOWN {
            state.documents.pop_front();
        }
        state.documents.push_back(document.clone());
        Some(document)
    }

    /// Whether the process was given a document of this origin.
    pub(super) fn has_shown(&self, origin: &str) -> bool {
        self.state().origins.contains_key(origin)
    }

    /// What to say before an answer of the network, if cookies have changed.
    pub(super) fn changed(&self) -> Option<ShellCommand> {
        let mut state = self.state();
        let seen = self.jar.version();
        if state.seen == seen {
            return None;
        }
        state.seen = seen;
        let changed = self.refresh(&mut state);
        (!changed.is_empty())
            .then(|| ShellCommand::CookiesChanged { written: state.written, documents: changed })
    }

    fn refresh(&self, state: &mut State) -> Vec<DocumentCookies> {
        let State { documents, version, written, .. } = state;
        let mut changed = Vec::new();
        for document in documents {
            let Ok(url) = Url::parse(&document.url) else { continue };
            let cookies = self.jar.for_script(&url, document.access);
            if cookies != document.cookies {
                *version += 1;
                (document.version, document.written) = (*version, *written);
                document.cookies = cookies;
                changed.push(document.clone());
            }
        }
        changed
    }

    /// Script of the process has written to `document.cookie`. Returns what to answer.
    ///
    /// # Errors
    ///
    /// [`Violation::ForeignCookie`], or that it is too long.
    pub(super) fn set(&self, url: &str, cookie: &str) -> Result<ShellCommand, Violation> {
        if cookie.len() > MAX_COOKIE_TEXT {
            let (found, limit) = (cookie.len(), MAX_COOKIE_TEXT);
            return Err(Violation::TooLong { what: "cookie", found, limit });
        }
        let mut state = self.state();
        let url = Url::parse(url).map_err(|_| Violation::ForeignCookie)?;
        let own = state.origins.get(&url.origin().ascii_serialization());
        let own = *own.ok_or(Violation::ForeignCookie)?;
        let document = state.documents.iter().find(|it| it.url == url.as_str());
        let access = document.map_or(own, |it| it.access);
        self.jar.set_by_script(&url, cookie, access);
        let State { documents, written, version, .. } = &mut *state;
        *written += 1;
        let mut surprised = Vec::new();
        // Documents of other hosts hear of it with the next answer.
        let is_of_host = |it: &Url| it.host() == url.host();
        for document in documents {
            let Some(at) = Url::parse(&document.url).ok().filter(is_of_host) else { continue };
            let expected = CookieJar::of_document(&at, document);
            expected.set_by_script(&url, cookie, document.access);
            let expected = expected.for_script(&at, document.access);
            document.cookies = self.jar.for_script(&at, document.access);
            document.written = *written;
            if document.cookies != expected {
                *version += 1;
                document.version = *version;
                surprised.push(document.clone());
            }
        }
        Ok(ShellCommand::CookiesChanged { written: *written, documents: surprised })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://example.org/page";

    fn changed(command: Option<ShellCommand>) -> (u64, Vec<Vec<String>>) {
        match command {
            Some(ShellCommand::CookiesChanged { written, documents }) => {
                (written, documents.into_iter().map(|it| it.cookies).collect())
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_process_hears_of_the_cookies_of_its_documents() {
        let jar = Arc::new(CookieJar::default());
        let set = |url: &str, cookie: &str| {
            jar.set(&Url::parse(url).unwrap(), cookie.as_bytes(), CookieAccess::SameSite);
        };
        set(PAGE, "a=1; Path=/");
        let tab = TabCookies::new(jar.clone());
        let first = tab.open(&format!("{PAGE}#part"), CookieAccess::SameSite).unwrap();
        assert_eq!((&*first.url, first.cookies), (PAGE, vec!["a=1; Path=/".to_owned()]));
        let as_expected = Some(tab.set(PAGE, "b=2; Path=/").unwrap());
        assert_eq!(changed(as_expected), (1, vec![]), "the process knows that");

        set("https://other.example/", "c=3");
        assert_eq!(tab.changed(), None, "that is none of its documents");
        set(PAGE, "a=4; Path=/");
        let (written, cookies) = changed(tab.changed());
        assert_eq!((written, cookies.concat().concat().contains("a=4")), (1, true));
        assert_eq!(tab.changed(), None);
        let refused = Some(tab.set(PAGE, "d=1; Domain=other.example").unwrap());
        assert_eq!(changed(refused), (2, vec![]));
        set(PAGE, "e=5; Path=/");
        let (written, cookies) = changed(Some(tab.set(PAGE, "f=6; Path=/").unwrap()));
        let cookies = cookies.concat().concat();
        assert_eq!((written, cookies.contains("e=5"), cookies.contains("f=6")), (3, true, true));
    }

    #[test]
    fn nobody_sets_the_cookies_of_others() {
        let tab = TabCookies::new(Arc::default());
        tab.open(PAGE, CookieAccess::SameSite);
        let long = "x".repeat(MAX_COOKIE_TEXT + 1);
        assert!(matches!(tab.set(PAGE, &long), Err(Violation::TooLong { .. })));
        for url in ["https://other.example/", "http://example.org/page", "no URL"] {
            assert_eq!(tab.set(url, "a=1"), Err(Violation::ForeignCookie), "{url}");
        }
        tab.open(PAGE, CookieAccess::CrossSite).unwrap();
        tab.set(PAGE, "a=1").unwrap();
        let own = Url::parse(PAGE).unwrap();
        assert_eq!(tab.jar().header(&own, CookieAccess::SameSite), None, "in a page of another");
    }
}
