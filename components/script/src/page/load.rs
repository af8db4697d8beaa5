/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From a response to a loaded document, with scripts at the right moments.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use html5ever::interface::QuirksMode;
use html5ever::local_name;
use sordino_script_bindings::{DomRoot, Error, convert};
use sordino_traits::embedder::{ConsoleLevel, Destination, FetchEvent, ResponseHead};

use super::Page;
use crate::bindings::DocumentReadyState;
use crate::dom::{
    Event, HTMLScriptElement, PageTransitionEvent, body_parsed, dispatch, fire, fire_load,
    run_steps,
};
use crate::encoding::{Hints, decode_document, decode_script};
use crate::parser::{Parser, Step};
use crate::tree::NodeId;

/// How far a page has come.
#[derive(Default)]
pub(super) struct Loader {
    parser: RefCell<Option<Parser>>,
    ready_state: Cell<Ready>,
    current_script: RefCell<Option<Script>>,
    /// How many things [delay the load event](https://html.spec.whatwg.org/multipage/parsing.html#delay-the-load-event).
    delays: Cell<u32>,
    /// `defer` scripts in order: the element, and its text when that is there.
    deferred: Waiting,
    /// The same of scripts that [execute in order as soon as possible](https://html.spec.whatwg.org/multipage/scripting.html#list-of-scripts-that-will-execute-in-order-as-soon-as-possible).
    in_order: Waiting,
    /// Whether `DOMContentLoaded` was fired, or is queued.
    content_loaded: Cell<bool>,
    is_aborted: Cell<bool>,
}

type Script = DomRoot<HTMLScriptElement>;

#[derive(Clone, Copy, Default, Eq, PartialEq)]
enum Ready {
    #[default]
    Loading,
    Interactive,
    Complete,
}

/// The text of a script and where it is from; the text is `None` when it could not be had.
#[derive(Clone)]
struct ScriptText {
    url: String,
    line: i32,
    text: Option<String>,
}

/// When a script runs.
#[derive(Clone, Copy, Eq, PartialEq)]
enum When {
    /// Now, and the parser waits.
    Blocking,
    /// After parsing, in order.
    Deferred,
    /// As soon as it is there.
    Async,
    /// As soon as it and those before it are there.
    InOrder,
}

impl Loader {
    pub(super) fn ready_state(&self) -> DocumentReadyState {
        match self.ready_state.get() {
            Ready::Loading => DocumentReadyState::Loading,
            Ready::Interactive => DocumentReadyState::Interactive,
            Ready::Complete => DocumentReadyState::Complete,
        }
    }

    pub(super) fn current_script(&self) -> Option<Script> {
        self.current_script.borrow().clone()
    }

    pub(super) fn clear(&self) {
        let parser = self.parser.borrow_mut().take();
        drop(parser);
        let deferred = std::mem::take(&mut *self.deferred.borrow_mut());
        let in_order = std::mem::take(&mut *self.in_order.borrow_mut());
        drop((deferred, in_order));
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
    /// Parses a page from its bytes.
    pub(crate) fn parse(self: &Rc<Self>, bytes: &[u8], charset: Option<&str>) {
        let container = self.context().and_then(|it| it.parent()).and_then(|it| it.page());
        let container = container.filter(|page| page.origin() == self.origin());
        let hints = Hints {
            charset,
            container: container.map(|page| page.encoding()),
            is_file: self.url.borrow().scheme() == "file",
        };
        let (html, encoding) = decode_document(bytes, hints);
        self.tree.update_document(self.document, |it| it.encoding = encoding);
        let is_srcdoc = self.url.borrow().as_str() == "about:srcdoc";
        let parser = Parser::new(self.tree.clone(), self.document, &html, is_srcdoc);
        *self.loader.parser.borrow_mut() = Some(parser);
        self.queue(|page| page.continue_parsing());
    }

    /// Shows a text as it is: [loads a text document](https://html.spec.whatwg.org/multipage/document-lifecycle.html#read-text).
    pub(crate) fn parse_text(self: &Rc<Self>, bytes: &[u8], charset: Option<&str>) {
        let hints = Hints { charset, container: None, is_file: true };
        let (text, encoding) = decode_document(bytes, hints);
        self.tree.update_document(self.document, |it| it.encoding = encoding);
        let html = text.replace('&', "&amp;").replace('<', "&lt;");
        let html = format!("<pre>\n{html}");
        let parser = Parser::new(self.tree.clone(), self.document, &html, false);
        *self.loader.parser.borrow_mut() = Some(parser);
        self.queue(|page| page.continue_parsing());
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

    /// Goes on until a script must be waited for, or to the end.
    fn continue_parsing(self: &Rc<Self>) {
        loop {
            // The parser is put back before script runs, which may discard the page.
            let Some(parser) = self.loader.parser.borrow_mut().take() else { return };
            let step = parser.step();
            body_parsed(self);
            match step {
                Step::Script(script) => {
                    *self.loader.parser.borrow_mut() = Some(parser);
                    run_steps(&self.tree, self.tree.take_steps());
                    if self.prepare_script(script, true) || self.is_discarded() {
                        return;
                    }
                }
                Step::Pause => {
                    *self.loader.parser.borrow_mut() = Some(parser);
                    run_steps(&self.tree, self.tree.take_steps());
                    return self.queue(|page| page.continue_parsing());
                }
                Step::Done => {
                    drop(parser);
                    run_steps(&self.tree, self.tree.take_steps());
                    self.parsed();
                    return;
                }
            }
        }
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
        let window = self.window().upcast();
        dispatch(&window, &PageTransitionEvent::new_trusted(&self.realm(), "pagehide").upcast());
        fire(&window, "unload");
    }

    /// Prepares a script that script put into the document, or changed there.
    pub(crate) fn prepare_inserted_script(self: &Rc<Self>, script: NodeId) {
        // Scripting is disabled in a document that is shown no more.
        if !self.is_discarded() {
            self.prepare_script(script, false);
        }
    }

    /// [Prepares the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element).
    /// Returns whether the parser must wait.
    fn prepare_script(self: &Rc<Self>, script: NodeId, by_parser: bool) -> bool {
        let text = self.tree.child_text_content(script).into_string_lossy();
        let is_connected = self.tree.is_connected(script);
        let prepared = self.tree.update_element(script, |element| {
            let is_async = element.has(&local_name!("async"));
            let flags = &mut element.script;
            if flags.already_started {
                return None;
            }
            // A script that the parser made and that does not run now is one of script from then on.
            if std::mem::take(&mut flags.parser_inserted) && !is_async {
                flags.not_forced_async = false;
            }
            let src = element.attribute(&local_name!("src")).map(String::from);
            let type_ = element.attribute(&local_name!("type"));
            let type_ = type_.or_else(|| {
                let language = element.attribute(&local_name!("language"))?;
                Some(if language.is_empty() { language } else { format!("text/{language}").into() })
            });
            let is_empty = src.is_none() && text.is_empty();
            if is_empty || !is_connected || !is_javascript(&type_.unwrap_or_default()) {
                return None;
            }
            let is_deferred = by_parser && element.has(&local_name!("defer"));
            let flags = &mut element.script;
            if by_parser {
                flags.parser_inserted = true;
                flags.not_forced_async = true;
            }
            flags.already_started = true;
            let when = match &src {
                None => When::Blocking,
                Some(_) if is_async || !flags.not_forced_async => When::Async,
                Some(_) if is_deferred => When::Deferred,
                Some(_) if by_parser => When::Blocking,
                Some(_) => When::InOrder,
            };
            Some((src, when, element.line))
        });
        let Some(Some((src, when, line))) = prepared else { return false };
        let Some(script) = self.node(script).downcast() else { return false };
        match src {
            None => {
                let url = self.url.borrow().to_string();
                let line = i32::try_from(line).unwrap_or(1);
                self.run_script(&script, &ScriptText { url, line, text: Some(text) });
                false
            }
            Some(src) => self.fetch_script(&script, &src, when),
        }
    }

    /// Returns whether the parser must wait.
    fn fetch_script(self: &Rc<Self>, script: &Script, src: &str, when: When) -> bool {
        let Ok(url) = self.base_url().join(src) else {
            self.log(ConsoleLevel::Error, format!("a script has a bad URL: '{src}'"));
            fire(&script.upcast(), "error");
            return false;
        };
        match when {
            When::Deferred => self.loader.deferred.borrow_mut().push_back((script.clone(), None)),
            When::InOrder => self.loader.in_order.borrow_mut().push_back((script.clone(), None)),
            When::Blocking | When::Async => {}
        }
        self.delay_load_event();
        let script = script.clone();
        let collected = RefCell::new((None::<ResponseHead>, Vec::new()));
        let script_url = url.to_string();
        self.fetch(&url, Destination::Script, move |page, event| match event {
            FetchEvent::Response(head) => collected.borrow_mut().0 = Some(head),
            FetchEvent::Chunk(bytes) => collected.borrow_mut().1.extend_from_slice(&bytes),
            FetchEvent::Done => {
                let (head, bytes) = collected.take();
                let text = match head {
                    Some(head) if head.status < 400 => {
                        Some(decode_script(&bytes, head.charset.as_deref(), page.encoding()))
                    }
                    head => {
                        let status = head.map_or(0, |head| head.status);
                        let message = format!("the script {script_url} answered HTTP {status}");
                        page.log(ConsoleLevel::Error, message);
                        None
                    }
                };
                page.script_arrived(
                    &script,
                    when,
                    ScriptText { url: script_url.clone(), line: 1, text },
                );
            }
            FetchEvent::Failed(error) => {
                page.log(ConsoleLevel::Error, format!("a script is missing: {error}"));
                let text = ScriptText { url: script_url.clone(), line: 1, text: None };
                page.script_arrived(&script, when, text);
            }
        });
        when == When::Blocking
    }

    fn script_arrived(self: &Rc<Self>, script: &Script, when: When, text: ScriptText) {
        self.loader.delays.set(self.loader.delays.get() - 1);
        match when {
            When::Blocking => {
                self.run_script(script, &text);
                self.continue_parsing();
            }
            When::Async => {
                self.run_script(script, &text);
                self.finish_if_all_is_there();
            }
            When::Deferred => {
                put(&self.loader.deferred, script, text);
                self.finish_if_all_is_there();
            }
            When::InOrder => {
                put(&self.loader.in_order, script, text);
                while let Some((script, text)) = take_first(&self.loader.in_order) {
                    self.run_script(&script, &text);
                }
                self.finish_if_all_is_there();
            }
        }
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

    fn run_script(self: &Rc<Self>, script: &Script, source: &ScriptText) {
        let Some(text) = &source.text else {
            fire(&script.upcast(), "error");
            return;
        };
        let outer = self.loader.current_script.replace(Some(script.clone()));
        self.run_script_text(text, &source.url, source.line);
        self.loader.current_script.replace(outer);
        if source.url != self.url.borrow().as_str() {
            fire(&script.upcast(), "load");
        }
    }

    /// Runs a classic script; what it throws is reported.
    pub(crate) fn run_script_text(&self, text: &str, url: &str, line: i32) {
        let realm = self.realm();
        if let Err(error) = realm.eval_at(text, url, line) {
            let exception = match error {
                Error::JsException => realm.take_exception(),
                error => realm.exception_value(error),
            };
            self.report_exception(exception);
        }
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

    /// Runs the deferred scripts that are there; then, in tasks, `DOMContentLoaded`, and when no
    /// script is missing, `load`.
    fn finish_if_all_is_there(self: &Rc<Self>) {
        if self.loader.ready_state.get() != Ready::Interactive {
            return;
        }
        while let Some((script, text)) = take_first(&self.loader.deferred) {
            self.run_script(&script, &text);
        }
        if !self.loader.deferred.borrow().is_empty() {
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

type Waiting = RefCell<VecDeque<(Script, Option<ScriptText>)>>;

/// The text of a script that waits for those before it is there.
fn put(waiting: &Waiting, script: &Script, text: ScriptText) {
    if let Some(entry) = waiting.borrow_mut().iter_mut().find(|(other, _)| other == script) {
        entry.1 = Some(text);
    }
}

/// The first of the scripts that wait, if its text is there.
fn take_first(waiting: &Waiting) -> Option<(Script, ScriptText)> {
    let mut waiting = waiting.borrow_mut();
    match waiting.pop_front()? {
        (script, Some(text)) => Some((script, text)),
        missing => {
            waiting.push_front(missing);
            None
        }
    }
}

/// Whether a `type` attribute says [JavaScript](https://mimesniff.spec.whatwg.org/#javascript-mime-type-essence-match).
fn is_javascript(type_: &str) -> bool {
    let essence = type_.trim().to_ascii_lowercase();
    matches!(
        essence.as_str(),
        "" | "text/javascript"
            | "application/javascript"
            | "application/ecmascript"
            | "application/x-javascript"
            | "text/ecmascript"
            | "text/jscript"
            | "text/x-javascript"
    )
}
