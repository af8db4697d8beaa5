/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Cookies: [RFC 6265bis](https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html) and
//! [`document.cookie`](https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie).
//!
//! * `jar`: [`CookieJar`], which decides who may set and get what. The shell has one for a run, and one
//!   for each private tab.
//! * `date`: when they end.
//! * this file: what a content process knows of it. Script sees what it has written at once; the
//!   shell says later when something else became of it. What other tabs and servers change is seen with the
//!   next answer that the process gets.

mod date;
mod jar;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use sordino_traits::cookies::{DocumentCookies, MAX_COOKIE_TEXT};
use sordino_traits::embedder::ShellRequest;
use url::{Position, Url};

use crate::agent::Agent;
use crate::page::Page;
pub use jar::CookieJar;

/// How much may be written that the shell has not seen, in bytes. Then the oldest is taken for done.
const MAX_PENDING: usize = 1 << 20;

/// What script has written and the shell has not seen yet.
struct Writing {
    number: u64,
    url: Url,
    cookie: String,
}

/// What the documents of a content process write.
#[derive(Default)]
pub(crate) struct AgentCookies {
    written: Cell<u64>,
    pending: RefCell<VecDeque<Writing>>,
}

impl AgentCookies {
    /// The shell says what has changed.
    pub(crate) fn changed(&self, agent: &Agent, written: u64, documents: &[DocumentCookies]) {
        for page in agent.all_pages() {
            page.with_cookies(|own| {
                self.apply_written(own, written);
                let newer = |it: &&DocumentCookies| it.url == own.url && it.version > own.version;
                if let Some(found) = documents.iter().rfind(newer) {
                    let access = own.access;
                    *own = DocumentCookies { access, ..found.clone() };
                }
            });
        }
        self.pending.borrow_mut().retain(|writing| writing.number > written);
    }

    /// What is written up to a number becomes part of the copy of a document.
    fn apply_written(&self, own: &mut DocumentCookies, up_to: u64) {
        if own.written < up_to {
            let Some((url, jar)) = self.jar(own, up_to) else { return };
            own.cookies = jar.for_script(&url, own.access);
            own.written = up_to;
        }
    }

    /// A jar with the cookies of a document, and what is written up to a number.
    fn jar(&self, own: &DocumentCookies, up_to: u64) -> Option<(Url, CookieJar)> {
        let url = Url::parse(&own.url).ok()?;
        let jar = CookieJar::of_document(&url, own);
        for writing in self.pending.borrow().iter() {
            if writing.number > own.written && writing.number <= up_to {
                jar.set_by_script(&writing.url, &writing.cookie, own.access);
            }
        }
        Some((url, jar))
    }

    fn write(&self, agent: &Agent, url: Url, cookie: String) {
        let number = self.written.get() + 1;
        self.written.set(number);
        self.pending.borrow_mut().push_back(Writing { number, url, cookie });
        let bytes = |writings: &VecDeque<Writing>| {
            writings.iter().map(|it| it.url.as_str().len() + it.cookie.len()).sum::<usize>()
        };
        if number.is_multiple_of(64) && bytes(&self.pending.borrow()) > MAX_PENDING {
            self.changed(agent, number, &[]);
        }
    }
}

impl Page {
    /// What `document.cookie` is: nothing in a [cookie-averse document](https://html.spec.whatwg.org/multipage/dom.html#cookie-averse-document-object).
    pub(crate) fn cookie_text(&self) -> String {
        let agent = self.agent();
        let text = self.with_cookies(|own| {
            let (url, jar) = agent.cookies().jar(own, u64::MAX)?;
            Some(jar.script_text(&url, own.access))
        });
        text.flatten().unwrap_or_default()
    }

    /// Writes to `document.cookie`.
    pub(crate) fn write_cookie(&self, cookie: String) {
        if self.with_cookies(|_| ()).is_none() || cookie.len() > MAX_COOKIE_TEXT {
            return;
        }
        let (agent, url) = (self.agent(), self.url());
        let of = url[..Position::AfterQuery].to_owned();
        self.send_shell(ShellRequest::SetCookie { url: of, cookie: cookie.clone() });
        agent.cookies().write(&agent, url, cookie);
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
        agent.top().unwrap().show_text(&format!("{URL}#part"), "<p>");
        run_all_tasks(&agent);
        let page = agent.top().unwrap().page().unwrap();
        page.set_cookies(Some(state(1, 0, &["a=1; Path=/", "hidden=; HttpOnly"])));
        let seen = || page.realm().describe(&eval(&page, "document.cookie"));
        assert_eq!(seen(), "a=1");
        eval(
            &page,
            "document.cookie = 'b=2'; document.cookie = 'hidden=3'; document.cookie = 'c=3'",
        );
        assert_eq!(seen().split("; ").collect::<Vec<_>>(), ["a=1", "b=2", "c=3"]);

        let cookies = agent.cookies();
        cookies.changed(&agent, 1, &[state(3, 1, &["a=4; Path=/", "hidden=; HttpOnly"])]);
        assert_eq!(seen(), "a=4; c=3", "the shell refused b, and has not seen c");
        cookies.changed(&agent, 1, &[state(2, 1, &["late=1"])]);
        assert_eq!(seen(), "a=4; c=3");
        cookies.changed(&agent, 3, &[]);
        assert_eq!(seen(), "a=4; c=3", "nothing else is said");
        cookies.changed(&agent, 3, &[state(4, 3, &["a=5"])]);
        assert_eq!(seen(), "a=5");
        let long = "x".repeat(1000);
        eval(&page, &format!("for (let i = 0; i < 3000; i++) document.cookie = 'z={long}' + i"));
        assert!(agent.cookies().pending.borrow().len() < 2000, "what is written is folded");
        assert!(seen().ends_with("2999"));
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
