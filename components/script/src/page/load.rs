/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From a response to a loaded document.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::QuirksMode;
use sordino_script_bindings::convert;
use sordino_traits::embedder::{ConsoleLevel, FetchEvent, FetchId, ResponseHead};

use super::Page;
use super::modules::ModuleMap;
use super::scripts::Scripts;
use crate::bindings::DocumentReadyState;
use crate::dom::{
    Event, HTMLScriptElement, PageTransitionEvent, body_parsed, dispatch, fire, fire_load,
    run_steps,
};
use crate::encoding::{DocumentDecoder, Hints};
use crate::parser::{Parser, Step};
use crate::tree::NodeId;

/// How far a page has come.
#[derive(Default)]
pub(super) struct Loader {
    parser: RefCell<Option<Parser>>,
    decoder: RefCell<Option<DocumentDecoder>>,
    /// The fetch that brings the body.
    body: Cell<Option<FetchId>>,
    /// Whether parsing goes on in a task that is queued.
    goes_on_later: Cell<bool>,
    /// Whether the body is text to be shown as it is.
    is_text: Cell<bool>,
    ready_state: Cell<Ready>,
    /// How many things [delay the load event](https://html.spec.whatwg.org/multipage/parsing.html#delay-the-load-event).
    delays: Cell<u32>,
    /// Whether what is deferred is being run.
    is_running_deferred: Cell<bool>,
    pub(super) scripts: Scripts,
    pub(super) modules: ModuleMap,
    /// Whether `DOMContentLoaded` was fired, or is queued.
    content_loaded: Cell<bool>,
    is_aborted: Cell<bool>,
    /// Whether it was told that it is left.
    is_hidden: Cell<bool>,
}

#[derive(Clone, Copy, Default, Eq, PartialEq)]
enum Ready {
    #[default]
    Loading,
    Interactive,
    Complete,
}

impl Loader {
    pub(super) fn ready_state(&self) -> DocumentReadyState {
        match self.ready_state.get() {
            Ready::Loading => DocumentReadyState::Loading,
            Ready::Interactive => DocumentReadyState::Interactive,
            Ready::Complete => DocumentReadyState::Complete,
        }
    }

    /// The fetch that brings the body, which ended if nothing knows it any more.
    pub(super) fn take_body_fetch(&self) -> Option<FetchId> {
        self.body.take()
    }

    /// Lets go of all that script made or waits for.
    pub(super) fn clear(&self) {
        let parser = self.parser.borrow_mut().take();
        drop((parser, self.decoder.take()));
        self.scripts.clear();
        self.modules.clear();
    }
}

/// Why a response is no page that can be shown in a tab.
pub(crate) fn why_not_a_page(head: &ResponseHead) -> Option<String> {
    if head.status >= 400 {
        return Some(format!("the server answered HTTP {}", head.status));
    }
    why_not_html(head)
}

/// Why a response is not parsed as HTML.
pub(crate) fn why_not_html(head: &ResponseHead) -> Option<String> {
    match head.mime_type.as_deref() {
        // A file without an ending, or a server that does not say, is given a chance.
        None | Some("text/html" | "application/xhtml+xml") => None,
        Some(other) => Some(format!("it is {other}, not HTML; open an HTML page that plays it")),
    }
}

impl Page {
    /// Makes the parser of the document, which goes on as the body arrives. A text is shown as it is:
    /// [loads a text document](https://html.spec.whatwg.org/multipage/document-lifecycle.html#read-text).
    pub(crate) fn start_parsing(&self, charset: Option<&str>, is_text: bool) {
        let container = self.context().and_then(|it| it.parent()).and_then(|it| it.page());
        let container = container.filter(|page| page.origin() == self.origin() && !is_text);
        let hints = Hints {
            charset,
            container: container.map(|page| page.encoding()),
            is_file: is_text || self.url.borrow().scheme() == "file",
        };
        *self.loader.decoder.borrow_mut() = Some(DocumentDecoder::new(hints));
        let is_srcdoc = self.url.borrow().as_str() == "about:srcdoc";
        let parser = Parser::new(self.tree.clone(), self.document, is_srcdoc);
        if is_text {
            parser.push("<pre>\n", false);
            self.loader.is_text.set(true);
        }
        *self.loader.parser.borrow_mut() = Some(parser);
    }

    /// Gives the parser more of the body, or the rest of it.
    fn push(&self, bytes: &[u8], is_last: bool) {
        let mut decoder = self.loader.decoder.borrow_mut();
        let Some(own) = &mut *decoder else { return };
        let mut text = own.push(bytes, is_last);
        if let Some(encoding) = own.encoding().filter(|encoding| *encoding != self.encoding()) {
            self.tree.update_document(self.document, |it| it.encoding = encoding);
        }
        if is_last {
            *decoder = None;
        }
        drop(decoder);
        if self.loader.is_text.get() {
            text = text.replace('&', "&amp;").replace('<', "&lt;");
        }
        if let Some(parser) = &*self.loader.parser.borrow() {
            parser.push(&text, is_last);
        }
    }

    /// Parses a body that is there, in a task.
    pub(crate) fn parse_all(self: &Rc<Self>, body: &[u8]) {
        self.push(body, true);
        self.parse_later();
    }

    /// Goes on after the tasks that wait already.
    fn parse_later(self: &Rc<Self>) {
        self.loader.goes_on_later.set(true);
        self.queue(|page| {
            page.loader.goes_on_later.set(false);
            page.continue_parsing();
        });
    }

    /// This fetch brings the body.
    pub(crate) fn set_body_fetch(&self, fetch: FetchId) {
        self.loader.body.set(Some(fetch));
    }

    /// More of the body arrives. What has arrived of one that breaks off is shown.
    pub(crate) fn receive(self: &Rc<Self>, event: FetchEvent) {
        if self.is_discarded() {
            return;
        }
        match event {
            FetchEvent::Response(_) => return,
            FetchEvent::Chunk(bytes) => self.push(&bytes, false),
            FetchEvent::Done => self.push(&[], true),
            FetchEvent::Failed(error) => {
                self.log(ConsoleLevel::Error, format!("the page is not complete: {error}"));
                self.push(&[], true);
            }
        }
        if !self.loader.goes_on_later.get() {
            self.continue_parsing();
        }
    }

    /// A navigation takes the place of what is loading still: it does not fire `load`.
    pub(crate) fn abort_loading(&self) {
        if self.loader.ready_state.get() != Ready::Complete {
            self.loader.is_aborted.set(true);
        }
    }

    /// Runs a script, and returns its result if that is a string.
    pub(crate) fn eval_text(&self, source: &str) -> Option<String> {
        let realm = self.realm();
        match realm.eval_at(source, self.url().as_str(), 1) {
            Ok(value) if value.is_string() => convert::usv_string(&realm, &value).ok(),
            Ok(_) => None,
            Err(error) => {
                self.report_exception(realm.exception_value(error));
                None
            }
        }
    }

    /// Goes on until a script or more text must be waited for, or to the end.
    pub(super) fn continue_parsing(self: &Rc<Self>) {
        if self.loader.scripts.parser_must_wait() {
            return;
        }
        loop {
            // The parser is put back before script runs, which may discard the page.
            let Some(parser) = self.loader.parser.borrow_mut().take() else { return };
            let step = parser.step();
            body_parsed(self);
            if step == Step::Done {
                drop(parser);
            } else {
                *self.loader.parser.borrow_mut() = Some(parser);
            }
            run_steps(&self.tree, self.tree.take_steps());
            match step {
                Step::Script(script) => {
                    self.agent().runtime().run_microtasks();
                    if self.is_discarded() {
                        return;
                    }
                    self.prepare_script_node(script);
                    if self.loader.scripts.parser_must_wait() || self.is_discarded() {
                        return;
                    }
                }
                Step::Starved => return,
                Step::Pause => return self.parse_later(),
                Step::Done => return self.parsed(),
            }
        }
    }

    /// A navigation has found nothing to show instead.
    pub(crate) fn resume_loading(self: &Rc<Self>) {
        self.loader.is_aborted.set(false);
        self.finish_if_all_is_there();
    }

    /// The document of a frame before anything is loaded into it:
    /// [completely loaded](https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-browsing-context)
    /// from the start.
    pub(crate) fn complete_initial(&self) {
        self.tree.update_document(self.document, |it| it.mode = QuirksMode::Quirks);
        let html = self.tree.create_html_element(self.document, "html");
        self.tree.link(self.document, html, None);
        for name in ["head", "body"] {
            let element = self.tree.create_html_element(self.document, name);
            self.tree.link(html, element, None);
        }
        self.loader.content_loaded.set(true);
        self.loader.ready_state.set(Ready::Complete);
    }

    /// [Unloads](https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document) the
    /// document, up to its destruction: the events.
    pub(crate) fn unload(&self) {
        // A handler may remove the frame that it is in.
        if self.loader.is_hidden.replace(true) {
            return;
        }
        let window = self.window().upcast();
        dispatch(&window, &PageTransitionEvent::new_trusted(&self.realm(), "pagehide").upcast());
        fire(&window, "unload");
    }

    /// Holds the `load` event back, until as many [`undelay_load_event`](Self::undelay_load_event)
    /// calls.
    pub(crate) fn delay_load_event(&self) {
        self.loader.delays.set(self.loader.delays.get() + 1);
    }

    pub(crate) fn undelay_load_event(self: &Rc<Self>) {
        self.loader.delays.set(self.loader.delays.get().saturating_sub(1));
        self.finish_if_all_is_there();
    }

    fn set_ready_state(&self, ready_state: Ready) {
        self.loader.ready_state.set(ready_state);
        fire(&self.document().upcast(), "readystatechange");
    }

    /// [The end](https://html.spec.whatwg.org/multipage/parsing.html#the-end) of parsing.
    fn parsed(self: &Rc<Self>) {
        self.set_ready_state(Ready::Interactive);
        self.finish_if_all_is_there();
    }

    /// A `script` that the parser has come to the end of, or that changed later.
    pub(crate) fn prepare_script_node(self: &Rc<Self>, script: NodeId) {
        if let Some(script) = self.node(script).downcast::<HTMLScriptElement>() {
            self.prepare_script(&script);
        }
    }

    /// Runs the deferred scripts that are there; then, in tasks, `DOMContentLoaded`, and when no
    /// script is missing, `load`.
    fn finish_if_all_is_there(self: &Rc<Self>) {
        if self.loader.ready_state.get() != Ready::Interactive
            || self.loader.is_running_deferred.replace(true)
        {
            return;
        }
        let all_ran = self.run_deferred_scripts();
        self.loader.is_running_deferred.set(false);
        if !all_ran || self.is_discarded() {
            return;
        }
        if !self.loader.content_loaded.replace(true) {
            self.queue(|page| {
                let event = Event::new_trusted(&page.realm(), "DOMContentLoaded", true, false);
                dispatch(&page.document().upcast(), &event);
            });
        }
        if self.loader.delays.get() == 0 {
            self.queue(Self::loaded);
        }
    }

    /// The last steps of [the end](https://html.spec.whatwg.org/multipage/parsing.html#the-end).
    fn loaded(self: &Rc<Self>) {
        if self.loader.ready_state.get() == Ready::Complete || self.loader.delays.get() > 0 {
            return;
        }
        if self.loader.is_aborted.get() {
            return;
        }
        self.set_ready_state(Ready::Complete);
        let window = self.window();
        fire_load(&window);
        let event = PageTransitionEvent::new_trusted(&self.realm(), "pageshow");
        dispatch(&window.upcast(), &event.upcast());
        if let Some(context) = self.context() {
            context.completely_loaded(self);
        }
    }
}
