/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Navigating](https://html.spec.whatwg.org/multipage/browsing-the-web.html): finding a document and
//! showing it instead of another. A response is shown when its body begins to arrive.

use std::cell::RefCell;
use std::rc::Rc;

use encoding_rs::UTF_8;
use percent_encoding::percent_decode_str;
use sordino_traits::cookies::DocumentCookies;
use sordino_traits::embedder::{
    ConsoleLevel, Destination, FetchEvent, Header, Request, ResponseHead,
};
use url::{Origin, Position, Url};

use super::{BrowsingContext, Shown};
use crate::bindings::DocumentReadyState;
use crate::dom::{HashChangeEvent, dispatch};
use crate::page::{DocumentInit, Page, why_not_a_page, why_not_html};
use crate::permissions_policy::{FrameOf, PermissionsPolicy};

/// Where to navigate.
pub(crate) enum Target {
    Url(Url),
    /// The text of `srcdoc`.
    Srcdoc(String),
}

/// What a navigation found.
pub(super) struct Found {
    url: Url,
    /// The base URL of a document whose own URL is none, and its origin.
    inherited: Option<(Url, Origin)>,
    /// All of the body; `None` when it is arriving.
    body: Option<Vec<u8>>,
    charset: Option<String>,
    /// Whether the body is [text to be shown as it is](https://html.spec.whatwg.org/multipage/document-lifecycle.html#read-text).
    is_text: bool,
    content_type: String,
    /// The values of its `Permissions-Policy` headers.
    policy_headers: Vec<Vec<u8>>,
    referrer: String,
    cookies: Option<Box<DocumentCookies>>,
}

impl Found {
    /// A document that no response brings.
    pub(super) fn local(url: Url, inherited: Option<(Url, Origin)>, html: String) -> Self {
        Self {
            url,
            inherited,
            body: Some(html.into_bytes()),
            charset: Some("utf-8".into()),
            is_text: false,
            content_type: "text/html".into(),
            policy_headers: Vec::new(),
            referrer: String::new(),
            cookies: None,
        }
    }

    pub(super) fn with_referrer(self, referrer: String) -> Self {
        Self { referrer, ..self }
    }

    /// The document of a response. What is neither HTML nor text is shown as an empty one.
    fn response(head: ResponseHead, asked: &Url) -> Self {
        let mut url = Url::parse(&head.url).unwrap_or_else(|_| asked.clone());
        if url.fragment().is_none() {
            url.set_fragment(asked.fragment());
        }
        let content_type = head.mime_type.clone().unwrap_or_else(|| "text/html".into());
        let is_html = why_not_html(&head).is_none();
        let is_text = !is_html && is_shown_as_text(&content_type);
        let is_policy = |it: &&Header| it.name == "permissions-policy";
        let policy_headers = head.headers.iter().filter(is_policy).map(|it| it.value.0.clone());
        Self {
            url,
            inherited: None,
            body: if is_html || is_text { None } else { Some(Vec::new()) },
            charset: head.charset,
            is_text,
            content_type,
            policy_headers: policy_headers.collect(),
            referrer: String::new(),
            cookies: head.cookies,
        }
    }
}

/// A [plain text document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document):
/// text, scripts and JSON.
fn is_shown_as_text(essence: &str) -> bool {
    essence.starts_with("text/")
        || essence.ends_with("json")
        || matches!(essence, "application/javascript" | "application/x-javascript")
}

impl BrowsingContext {
    /// Navigates the tab as its user does.
    pub(crate) fn navigate_top_level(self: &Rc<Self>, url: Url) {
        self.navigate(Target::Url(url), None);
    }

    /// [Navigates](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate). Without an
    /// initiator it is the user who does.
    pub(crate) fn navigate(self: &Rc<Self>, target: Target, initiator: Option<&Rc<Page>>) {
        if self.discarded.get() || self.unloading.get() {
            return;
        }
        if let Target::Url(url) = &target
            && self.is_navigation_to_fragment(url)
        {
            return self.navigate_to_fragment(url.clone());
        }
        self.start_navigation(target, initiator);
    }

    fn start_navigation(self: &Rc<Self>, target: Target, initiator: Option<&Rc<Page>>) {
        self.stop_navigation();
        let is_of_script = matches!(&target, Target::Url(url) if url.scheme() == "javascript");
        // What is loading still will not be complete, so it does not say that it is.
        if let Some(page) = self.page().filter(|_| !is_of_script) {
            page.abort_loading();
        }
        self.delay_load_of_container();
        let number = self.navigations.get();
        let inherited = initiator.map(|page| (page.base_url(), page.origin().clone()));
        let immediate = match target {
            Target::Srcdoc(html) => {
                let url = Url::parse("about:srcdoc").expect("it is a URL");
                // The container's document says what it inherits, whoever set the attribute.
                let creator = self.parent().and_then(|parent| parent.page());
                let inherited = creator.map(|page| (page.base_url(), page.origin().clone()));
                Found::local(url, inherited, html)
            }
            Target::Url(url) if url.scheme() == "javascript" => {
                return self.run_javascript_url(&url, initiator, number);
            }
            Target::Url(url) if url.scheme() == "about" => {
                Found::local(url, inherited, String::new())
            }
            Target::Url(url) => return self.fetch(url, number, initiator),
        };
        let context = self.clone();
        self.agent().events().queue(None, move |_| {
            if context.navigations.get() == number {
                context.show(immediate, false);
            }
        });
    }

    /// [Reloads](https://html.spec.whatwg.org/multipage/browsing-the-web.html#reload) the document.
    pub(crate) fn reload(self: &Rc<Self>) {
        let Some(page) = self.page() else { return };
        let url = page.url();
        match self.container() {
            Some(element) if url.as_str() == "about:srcdoc" => element.load_srcdoc(),
            _ => self.start_navigation(Target::Url(url), Some(&page)),
        }
    }

    fn is_navigation_to_fragment(&self, url: &Url) -> bool {
        let is_shown =
            |page: Rc<Page>| page.url()[..Position::AfterQuery] == url[..Position::AfterQuery];
        url.fragment().is_some() && self.page().is_some_and(is_shown)
    }

    /// [Navigates to a fragment](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-fragid).
    fn navigate_to_fragment(&self, url: Url) {
        let Some(page) = self.page() else { return };
        let old = page.url();
        page.set_url(url.clone());
        if old != url {
            page.queue(move |page| {
                let event = HashChangeEvent::new_trusted(&page.realm(), &old, &url);
                dispatch(&page.window().upcast(), &event.upcast());
            });
        }
    }

    fn delay_load_of_container(&self) {
        if let Some(page) = self.parent().and_then(|parent| parent.page())
            && !self.delays_load.replace(true)
        {
            page.delay_load_event();
        }
    }

    pub(super) fn undelay_load_of_container(&self) {
        if self.delays_load.replace(false)
            && let Some(page) = self.parent().and_then(|parent| parent.page())
        {
            page.undelay_load_event();
        }
    }

    /// [Navigates to a javascript: URL](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-to-a-javascript:-url):
    /// runs it in the document that is there, and shows what it returns, if that is a string.
    fn run_javascript_url(self: &Rc<Self>, url: &Url, initiator: Option<&Rc<Page>>, number: u64) {
        let origin = initiator.map(|page| page.origin().clone());
        let encoded = url.as_str().strip_prefix("javascript:").unwrap_or_default();
        let source = percent_decode_str(encoded).decode_utf8_lossy().into_owned();
        let context = self.clone();
        self.agent().events().queue(None, move |_| {
            let Some(page) = context.page().filter(|_| context.navigations.get() == number) else {
                return;
            };
            let result = match origin {
                Some(origin) if origin == *page.origin() => page.eval_text(&source),
                _ => None,
            };
            // It may have navigated itself.
            if context.navigations.get() != number {
                return;
            }
            match result {
                Some(html) => {
                    let inherited = Some((page.base_url(), page.origin().clone()));
                    let cookies = page.with_cookies(|own| Box::new(own.clone()));
                    let found = Found::local(page.url(), inherited, html);
                    context.show(Found { cookies, ..found }, false);
                }
                None => context.stay(),
            }
        });
    }

    /// A navigation has found nothing to show: what is there goes on.
    fn stay(&self) {
        let Some(page) = self.page() else { return };
        if self.shows_initial.get() {
            self.completely_loaded(&page);
        } else if page.ready_state() == DocumentReadyState::Complete {
            self.undelay_load_of_container();
        } else {
            page.resume_loading();
        }
    }

    /// Cancels the navigation that is under way, if any.
    pub(crate) fn stop_navigation(&self) {
        self.navigations.set(self.navigations.get() + 1);
        if let Some(fetch) = self.navigation.take() {
            self.agent().cancel_fetch(fetch);
        }
    }

    fn fetch(self: &Rc<Self>, url: Url, number: u64, initiator: Option<&Rc<Page>>) {
        let destination =
            if self.is_top_level() { Destination::Document } else { Destination::Frame };
        let request = match initiator {
            Some(page) => page.new_request(&url, destination),
            None => Request::new(url.as_str(), destination),
        };
        let request = Request { ancestors: self.ancestor_origins(), ..request };
        let context = self.clone();
        let asked = url;
        let referrer = initiator.and_then(|page| page.referrer());
        let referrer = referrer.map(|url| referrer_for(&url, &asked)).unwrap_or_default();
        let answered = RefCell::new(None::<ResponseHead>);
        let shown = RefCell::new(None::<Rc<Page>>);
        let fetch = self.agent().fetch(None, request, move |_, event| {
            let page = shown.borrow().clone();
            if let Some(page) = page {
                return page.receive(event);
            }
            if context.navigations.get() != number {
                return;
            }
            match event {
                FetchEvent::Response(head) => {
                    // https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-non-frag-sync
                    if matches!(head.status, 204 | 205) {
                        context.stop_navigation();
                        return context.stay();
                    }
                    if let Some(reason) = why_not_a_page(&head)
                        && context.is_top_level()
                    {
                        context.stop_navigation();
                        return context.fail(asked.clone(), reason);
                    }
                    *answered.borrow_mut() = Some(head);
                }
                FetchEvent::Chunk(_) | FetchEvent::Done => {
                    let head = answered.borrow_mut().take();
                    let (Some(head), Some(fetch)) = (head, context.navigation.take()) else {
                        return;
                    };
                    let found = Found::response(head, &asked);
                    let is_arriving = found.body.is_none();
                    let page = context.show(found.with_referrer(referrer.clone()), false);
                    match page.filter(|_| is_arriving) {
                        Some(page) => {
                            page.set_body_fetch(fetch);
                            *shown.borrow_mut() = Some(page.clone());
                            page.receive(event);
                        }
                        None => context.agent().cancel_fetch(fetch),
                    }
                }
                FetchEvent::Failed(error) => {
                    context.navigation.set(None);
                    context.fail(asked.clone(), error.to_string());
                }
            }
        });
        self.navigation.set(Some(fetch));
    }

    /// Shows an HTML text, as if it came from a URL.
    #[cfg(test)]
    pub(crate) fn show_text(self: &Rc<Self>, url: &str, html: &str) {
        let url = Url::parse(url).expect("it is a URL");
        self.show(Found::local(url, None, html.to_owned()), false);
    }

    /// What was navigated to cannot be shown. A tab that shows nothing yet ends; else what was there
    /// is replaced by an empty document of no origin, as browsers show an error.
    fn fail(self: &Rc<Self>, url: Url, reason: String) {
        let Some(page) = self.page() else {
            return self.agent().fail(reason);
        };
        page.log(ConsoleLevel::Error, format!("{url} cannot be shown: {reason}"));
        let inherited = Some((about_blank(), Origin::new_opaque()));
        // A file that may not be shown is not the URL of a document.
        let url = if url.scheme() == "file" { about_blank() } else { url };
        self.show(Found::local(url, inherited, String::new()), false);
    }

    /// Shows another document instead of the one that is there. Returns its page, unless that could
    /// not be opened or somebody has removed the frame.
    pub(super) fn show(self: &Rc<Self>, found: Found, is_initial: bool) -> Option<Rc<Page>> {
        let Found { url, inherited, body, charset, policy_headers, .. } = found;
        let (referrer, content_type) = (found.referrer, found.content_type);
        self.leave();
        // A handler of the old document may have removed the frame.
        if self.discarded.get() {
            return None;
        }
        let (fallback_base_url, origin) = match inherited {
            Some((base, origin)) => (Some(base), origin),
            None => (None, url.origin()),
        };
        let mut policy = self.policy_for(&origin);
        policy.declare(policy_headers.iter().map(Vec::as_slice));
        let creator = self.parent().and_then(|parent| parent.page());
        let encoding = creator.filter(|_| is_initial).map_or(UTF_8, |page| page.encoding());
        let init = DocumentInit {
            url,
            origin,
            fallback_base_url,
            policy,
            referrer,
            content_type,
            encoding,
            cookies: found.cookies,
        };
        let (page, realm) = match Page::open(&self.agent(), self, init) {
            Ok(opened) => opened,
            Err(error) => {
                self.agent().fail(error.to_string());
                return None;
            }
        };
        *self.shown.borrow_mut() = Some(Shown { page: page.clone(), _realm: realm.clone() });
        let proxied = self.proxy_for(page.origin(), &realm).and_then(|proxy| {
            self.proxies.show(&page, &realm)?;
            realm.set_window_proxy(&proxy)
        });
        if let Err(error) = proxied {
            self.agent().fail(format!("a page cannot be opened: {error}"));
            return None;
        }
        self.shows_initial.set(is_initial);
        if is_initial {
            page.complete_initial();
        } else {
            page.start_parsing(charset.as_deref(), found.is_text);
            if let Some(body) = body {
                page.parse_all(&body);
            }
        }
        Some(page)
    }

    /// The policy of a document of this origin in this context.
    fn policy_for(&self, origin: &Origin) -> PermissionsPolicy {
        let (Some(element), Some(parent)) =
            (self.container(), self.parent().and_then(|parent| parent.page()))
        else {
            return PermissionsPolicy::of_tab(origin.clone());
        };
        PermissionsPolicy::of_frame(&FrameOf {
            policy: parent.policy(),
            origin: parent.origin(),
            allow: &element.allow_attribute(),
            declared_origin: &element.declared_origin(),
            own_origin: origin,
        })
    }
}

/// What a document learns of the one that led to it:
/// [strict-origin-when-cross-origin](https://w3c.github.io/webappsec-referrer-policy/#referrer-policy-strict-origin-when-cross-origin).
fn referrer_for(from: &Url, to: &Url) -> String {
    if from.origin() == to.origin() {
        from[..Position::AfterQuery].to_owned()
    } else if matches!(from.scheme(), "http")
        || (from.scheme() == "https" && to.scheme() == "https")
    {
        format!("{}/", from.origin().ascii_serialization())
    } else {
        String::new()
    }
}

pub(super) fn about_blank() -> Url {
    Url::parse("about:blank").expect("it is a URL")
}
