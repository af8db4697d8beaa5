/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Cookies: [RFC 6265bis](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html) and
//! [`document.cookie`](https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie).
//!
//! * `jar`: [`CookieJar`], which decides who may set and get what. The shell has one for a run, and one
//!   for each private tab.
//! * this file: what a content process knows of it. Script sees what it has written at once; the
//!   shell says later what became of it. What other tabs and servers change is seen with the next
//!   answer that the process gets.

mod jar;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use sordino_traits::cookies::{DocumentCookies, MAX_COOKIE_TEXT};
use sordino_traits::embedder::ShellRequest;
use url::Url;

use crate::agent::Agent;
use crate::page::Page;
pub use jar::CookieJar;

/// How many documents may be about to come.
const MAX_EXPECTED: usize = 64;

/// What script has written and the shell has not seen yet.
struct Writing {
    number: u64,
    url: Url,
    cookie: String,
}

/// The cookies of the documents of a content process.
#[derive(Default)]
pub(crate) struct AgentCookies {
    /// Those of documents that are not here yet.
    expected: RefCell<VecDeque<DocumentCookies>>,
    written: Cell<u64>,
    pending: RefCell<VecDeque<Writing>>,
}

impl AgentCookies {
    /// The shell gives the cookies of a document that comes next.
    pub(crate) fn give(&self, given: DocumentCookies) {
        let mut expected = self.expected.borrow_mut();
        expected.retain(|it| it.url != given.url);
        if expected.len() >= MAX_EXPECTED {
            expected.pop_front();
        }
        expected.push_back(given);
    }

    /// Takes the cookies of a document that has come.
    pub(crate) fn take(&self, url: &Url) -> Option<DocumentCookies> {
        let url = without_fragment(url);
        let mut expected = self.expected.borrow_mut();
        let place = expected.iter().position(|it| it.url == url.as_str())?;
        expected.remove(place)
    }

    /// The shell says what has changed.
    pub(crate) fn changed(&self, agent: &Agent, written: u64, documents: Vec<DocumentCookies>) {
        self.pending.borrow_mut().retain(|writing| writing.number > written);
        for own in self.expected.borrow_mut().iter_mut() {
            update(own, &documents);
        }
        for page in agent.all_pages() {
            page.with_cookies(|own| update(own, &documents));
        }
    }
}

fn update(own: &mut DocumentCookies, documents: &[DocumentCookies]) {
    let newer = |it: &&DocumentCookies| it.url == own.url && it.version > own.version;
    if let Some(found) = documents.iter().rfind(newer) {
        *own = found.clone();
    }
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

impl Page {
    /// What `document.cookie` is: nothing in a [cookie-averse document](https://html.spec.whatwg.org/multipage/dom.html#cookie-averse-document-object).
    pub(crate) fn cookie_text(&self) -> String {
        let url = without_fragment(&self.url());
        let text = self.with_cookies(|own| {
            let jar = CookieJar::default();
            for cookie in &own.cookies {
                jar.set(&url, cookie.as_bytes(), own.access);
            }
            let agent = self.agent();
            let pending = agent.cookies().pending.borrow();
            for writing in pending.iter().filter(|writing| writing.number > own.written) {
                jar.set_by_script(&writing.url, &writing.cookie, own.access);
            }
            jar.script_text(&url, own.access)
        });
        text.unwrap_or_default()
    }

    /// Writes to `document.cookie`.
    pub(crate) fn write_cookie(&self, cookie: String) {
        if self.with_cookies(|_| ()).is_none() || cookie.len() > MAX_COOKIE_TEXT {
            return;
        }
        let (agent, url) = (self.agent(), without_fragment(&self.url()));
        let cookies = agent.cookies();
        cookies.written.set(cookies.written.get() + 1);
        self.send_shell(ShellRequest::SetCookie { url: url.to_string(), cookie: cookie.clone() });
        let writing = Writing { number: cookies.written.get(), url, cookie };
        cookies.pending.borrow_mut().push_back(writing);
    }
}

#[cfg(test)]
mod tests {
    use sordino_traits::cookies::CookieAccess;

    use super::*;
    use crate::testing::{agent, eval, run_all_tasks};

    const URL: &str = "https://example.org/page";

    fn state(version: u64, written: u64, cookies: &[&str]) -> DocumentCookies {
        let cookies = cookies.iter().map(|&it| it.to_owned()).collect();
        let access = CookieAccess::SameSite;
        DocumentCookies { url: URL.into(), access, cookies, version, written }
    }

    #[test]
    fn script_sees_what_it_wrote_until_the_shell_knows_better() {
        let agent = agent(&[]);
        agent.cookies().give(state(1, 0, &["a=1; Path=/", "hidden=; HttpOnly"]));
        agent.top().unwrap().show_text(&format!("{URL}#part"), "<p>");
        run_all_tasks(&agent);
        let page = agent.top().unwrap().page().unwrap();
        let seen = || page.realm().describe(&eval(&page, "document.cookie"));
        assert_eq!(seen(), "a=1");
        eval(
            &page,
            "document.cookie = 'b=2'; document.cookie = 'hidden=3'; document.cookie = 'c=3'",
        );
        assert_eq!(seen().split("; ").collect::<Vec<_>>(), ["a=1", "b=2", "c=3"]);

        let cookies = agent.cookies();
        cookies.changed(&agent, 1, vec![state(3, 1, &["a=4; Path=/", "hidden=; HttpOnly"])]);
        assert_eq!(seen(), "a=4; c=3", "the shell refused b, and has not seen c");
        cookies.changed(&agent, 1, vec![state(2, 1, &["late=1"])]);
        assert_eq!(seen(), "a=4; c=3");
        cookies.changed(&agent, 3, vec![]);
        assert_eq!(seen(), "a=4");
        agent.close();
    }

    #[test]
    fn documents_of_no_server_have_no_cookies() {
        let agent = agent(&[]);
        agent.top().unwrap().show_text("data:text/html,x", "<p>");
        run_all_tasks(&agent);
        let page = agent.top().unwrap().page().unwrap();
        let text = eval(&page, "document.cookie = 'a=1'; document.cookie");
        assert_eq!(page.realm().describe(&text), "");
        agent.close();
    }
}
