/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLIFrameElement](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#htmliframeelement).

use std::cell::RefCell;
use std::rc::Rc;

use sordino_script_bindings::{DomObjectExt, DomRoot, DomString, Realm, WindowProxy, dom_object};
use sordino_traits::embedder::ConsoleLevel;
use sordino_traits::validate::MAX_DOCUMENTS;
use url::{Origin, Position, Url};

use super::html::{strings, urls};
use super::{Document, Element, HTMLElement, event_dispatch};
use crate::bindings::HTMLIFrameElementMethods;
use crate::browsing_context::{BrowsingContext, Target};
use crate::page::Page;
use crate::tree::NodeRef;

/// An `iframe`.
pub(crate) struct HTMLIFrameElement {
    html_element: HTMLElement,
    /// The [content navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#content-navigable),
    /// while the element is in a document that is shown.
    context: RefCell<Option<Rc<BrowsingContext>>>,
}

dom_object!(HTMLIFrameElement: HTMLElement, html_element);

impl HTMLIFrameElement {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { html_element: HTMLElement::new(node), context: RefCell::default() }
    }

    fn element(&self) -> &Element {
        self.upcast()
    }

    fn page(&self) -> Rc<Page> {
        self.element().page()
    }

    pub(crate) fn context(&self) -> Option<Rc<BrowsingContext>> {
        self.context.borrow().clone()
    }

    /// The [insertion steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element:html-element-insertion-steps)
    /// and the [removing steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element:html-element-removing-steps),
    /// whichever are due.
    pub(crate) fn connection_may_have_changed(&self) {
        let connected = self.element().is_connected_to_page();
        let context = self.context();
        match (connected, context) {
            (true, None) => {
                let page = self.page();
                let Some(parent) = page.context() else { return };
                if let Err(reason) = has_room_for_a_frame(&parent) {
                    let src = self.element().attribute("src").unwrap_or_default();
                    let text =
                        format!("the iframe '{src}' of {} stays empty: {reason}", page.url());
                    return page.log(ConsoleLevel::Error, text);
                }
                let child = parent.new_child(&page, &self.root());
                *self.context.borrow_mut() = Some(child);
                self.process_attributes(true);
            }
            (false, Some(context)) => {
                self.context.borrow_mut().take();
                context.remove();
            }
            _ => {}
        }
    }

    pub(crate) fn name_attribute(&self) -> String {
        self.element().attribute("name").unwrap_or_default()
    }

    pub(crate) fn allow_attribute(&self) -> String {
        self.element().attribute("allow").unwrap_or_default()
    }

    /// The [declared origin](https://www.w3.org/TR/permissions-policy/#declared-origin).
    pub(crate) fn declared_origin(&self) -> Origin {
        let page = self.page();
        match self.element().attribute("src").map(|src| page.base_url().join(&src)) {
            Some(Ok(url))
                if self.element().attribute("srcdoc").is_none() && url.scheme() != "about" =>
            {
                url.origin()
            }
            _ => page.origin().clone(),
        }
    }

    /// Loads the `srcdoc` attribute again.
    pub(crate) fn load_srcdoc(&self) {
        self.process_attributes(false);
    }

    /// An attribute was set or taken away.
    pub(crate) fn attribute_changed(&self, name: &str) {
        if name == "name"
            && let Some(context) = self.context()
        {
            context.set_name(self.name_attribute());
        }
        let has_srcdoc = self.element().attribute("srcdoc").is_some();
        if self.context().is_some() && (name == "srcdoc" || (name == "src" && !has_srcdoc)) {
            self.process_attributes(false);
        }
    }

    /// [Processes the iframe attributes](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#process-the-iframe-attributes).
    fn process_attributes(&self, initial: bool) {
        let Some(context) = self.context() else { return };
        let page = self.page();
        if let Some(srcdoc) = self.element().attribute("srcdoc") {
            return context.navigate(Target::Srcdoc(srcdoc), Some(&page));
        }
        // The shared attribute processing steps.
        let src = self.element().attribute("src").filter(|src| !src.is_empty());
        let url = src.and_then(|src| page.base_url().join(&src).ok());
        let blank = || Url::parse("about:blank").expect("it is a URL");
        let mut url = url.unwrap_or_else(blank);
        if is_one_of_its_own_ancestors(&page, &url) {
            url = blank();
        }
        if initial && url.scheme() == "about" && url.path() == "blank" {
            return self.load_event_steps();
        }
        context.navigate(Target::Url(url), Some(&page));
    }

    /// The [iframe load event steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#iframe-load-event-steps).
    pub(crate) fn load_event_steps(&self) {
        event_dispatch::fire(&self.root().upcast(), "load");
    }
}

/// How many documents can be in each other.
const MAX_DEPTH: usize = 16;

/// Whether one frame more can be in this context; if not, why.
fn has_room_for_a_frame(parent: &Rc<BrowsingContext>) -> Result<(), String> {
    fn count(context: &Rc<BrowsingContext>) -> usize {
        context.children().iter().map(count).sum::<usize>() + 1
    }
    let ancestors: Vec<_> =
        std::iter::successors(Some(parent.clone()), |context| context.parent()).collect();
    if ancestors.len() >= MAX_DEPTH {
        return Err(format!("at most {MAX_DEPTH} documents can be in each other"));
    }
    // Each has a document. A process with more of them is ended.
    if ancestors.last().is_some_and(|top| count(top) >= MAX_DOCUMENTS) {
        return Err(format!("a tab can have at most {MAX_DOCUMENTS} documents"));
    }
    Ok(())
}

/// A page that is in itself, at any depth, would never end.
fn is_one_of_its_own_ancestors(page: &Rc<Page>, url: &Url) -> bool {
    let context = page.context();
    std::iter::successors(context, |context| context.parent())
        .filter_map(|context| context.page())
        .any(|page| {
            url.scheme() != "about"
                && page.url()[..Position::AfterQuery] == url[..Position::AfterQuery]
        })
}

impl HTMLIFrameElementMethods for HTMLIFrameElement {
    urls! { src set_src "src" }
    strings! { srcdoc set_srcdoc "srcdoc", name set_name "name", allow set_allow "allow" }

    /// <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#dom-iframe-contentdocument>
    fn content_document(&self, realm: &Realm) -> Option<DomRoot<Document>> {
        let page = self.context()?.page()?;
        let asker = Page::of(realm);
        (page.origin() == asker.origin()).then(|| page.document())
    }

    fn content_window(&self, realm: &Realm) -> Option<WindowProxy> {
        self.context()?.proxy_in(realm)
    }
}
