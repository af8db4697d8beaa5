/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `script` elements: <https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model>.

use std::cell::{Cell, RefCell};
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use encoding_rs::Encoding;
use sordino_script_bindings::{DomRoot, JsValue};
use sordino_traits::embedder::{ConsoleLevel, CredentialsMode};
use url::{Position, Url};

use super::Page;
use super::fetch_script::ScriptFetchOptions;
use super::modules::ModuleScript;
use crate::dom::{Element, HTMLScriptElement, Node, fire};
use crate::tree::{self, NodeId, ScriptType};

type Script = DomRoot<HTMLScriptElement>;

/// The scripts of a document that wait for something.
///
/// Those that run [as soon as possible](https://html.spec.whatwg.org/multipage/scripting.html#set-of-scripts-that-will-execute-as-soon-as-possible)
/// are kept by their fetches.
#[derive(Default)]
pub(super) struct Scripts {
    /// [currentScript](https://html.spec.whatwg.org/multipage/dom.html#dom-document-currentscript)
    current: RefCell<Option<Script>>,
    /// The [pending parsing-blocking script](https://html.spec.whatwg.org/multipage/scripting.html#pending-parsing-blocking-script).
    parsing_blocking: RefCell<Option<Rc<Prepared>>>,
    /// The [list of scripts that will execute when the document has finished parsing](https://html.spec.whatwg.org/multipage/scripting.html#list-of-scripts-that-will-execute-when-the-document-has-finished-parsing).
    deferred: RefCell<VecDeque<Rc<Prepared>>>,
    /// The [list of scripts that will execute in order as soon as possible](https://html.spec.whatwg.org/multipage/scripting.html#list-of-scripts-that-will-execute-in-order-as-soon-as-possible).
    in_order: RefCell<VecDeque<Rc<Prepared>>>,
    /// What classic scripts with [muted errors](https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors)
    /// are called in stack traces.
    muted: RefCell<HashSet<String>>,
    /// Whether the classic script that runs is one of them.
    runs_muted: Cell<bool>,
    /// The base URLs of scripts whose imports are fetched with all credentials.
    with_credentials: RefCell<HashSet<String>>,
}

/// When a script runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum When {
    /// When it is there, and the parser waits.
    Blocking,
    /// After parsing, in order.
    Deferred,
    /// When it is there, and those that were inserted before it have run.
    InOrder,
    /// When it is there.
    AsSoonAsPossible,
}

/// A script element that was [prepared](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element).
pub(super) struct Prepared {
    element: Script,
    /// Its [preparation-time document](https://html.spec.whatwg.org/multipage/scripting.html#preparation-time-document).
    document: NodeId,
    when: When,
    is_external: bool,
    result: RefCell<Option<ScriptResult>>,
}

/// The [result](https://html.spec.whatwg.org/multipage/scripting.html#concept-script-result) of preparing.
pub(super) enum ScriptResult {
    /// `null`: it could not be had.
    Null,
    Classic(ClassicScript),
    /// With its [error to rethrow](https://html.spec.whatwg.org/multipage/webappapis.html#concept-script-error-to-rethrow).
    Module(Rc<ModuleScript>, Option<JsValue>),
}

/// A [classic script](https://html.spec.whatwg.org/multipage/webappapis.html#classic-script).
pub(super) struct ClassicScript {
    pub(super) text: String,
    /// What it is called in stack traces: its URL.
    pub(super) name: String,
    /// The number of its first line.
    pub(super) line: i32,
    pub(super) muted_errors: bool,
}

impl Scripts {
    pub(super) fn current(&self) -> Option<Script> {
        self.current.borrow().clone()
    }

    pub(super) fn parser_must_wait(&self) -> bool {
        self.parsing_blocking.borrow().is_some()
    }

    /// Whether nothing may be told of an exception that was thrown there.
    pub(super) fn has_muted_errors(&self, file: &str) -> bool {
        self.runs_muted() || self.is_muted(file)
    }

    /// Whether the classic script that runs has muted errors.
    pub(super) fn runs_muted(&self) -> bool {
        self.runs_muted.get()
    }

    pub(super) fn is_muted(&self, name: &str) -> bool {
        self.muted.borrow().contains(name)
    }

    pub(super) fn set_muted(&self, name: &str, is_muted: bool) {
        if is_muted {
            self.muted.borrow_mut().insert(name.to_owned());
        } else {
            self.muted.borrow_mut().remove(name);
        }
    }

    /// Notes with which credentials a script imports others.
    pub(super) fn note_credentials(&self, base_url: &str, credentials: CredentialsMode) {
        if credentials == CredentialsMode::Include {
            self.with_credentials.borrow_mut().insert(base_url.to_owned());
        }
    }

    /// With which credentials `import()` fetches in a script.
    pub(super) fn credentials_of(&self, base_url: &str) -> CredentialsMode {
        match self.with_credentials.borrow().contains(base_url) {
            true => CredentialsMode::Include,
            false => CredentialsMode::SameOrigin,
        }
    }

    pub(super) fn clear(&self) {
        let current = self.current.take();
        let parsing_blocking = self.parsing_blocking.take();
        let lists = (self.deferred.take(), self.in_order.take());
        drop((current, parsing_blocking, lists));
    }
}

impl Page {
    /// [Prepares the script element](https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element).
    pub(crate) fn prepare_script(self: &Rc<Self>, script: &Script) {
        let id = script.upcast::<Element>().id();
        let element = script.upcast::<Element>();
        if script.flags().already_started {
            return;
        }
        let by_parser = script.flags().parser_inserted;
        script.update_flags(|flags| flags.parser_inserted = false);
        if by_parser && !element.has_plain_attribute("async") {
            script.update_flags(|flags| flags.not_forced_async = false);
        }
        let text = script.upcast::<Node>().child_text_content().into_string_lossy();
        let src = element.attribute("src");
        if (src.is_none() && text.is_empty()) || !self.tree.is_connected(id) {
            return;
        }
        let Some(type_) = element.with_tree_element(None, tree::Element::script_type) else {
            return;
        };
        script.update_flags(|flags| {
            if by_parser {
                flags.parser_inserted = true;
                flags.not_forced_async = true;
            }
            flags.already_started = true;
        });
        // Other documents, and those that are shown no more, have no scripting.
        if self.tree.document_of(id) != self.document || self.is_discarded() {
            return;
        }
        if type_ == ScriptType::Classic
            && (element.has_plain_attribute("nomodule") || is_for_another_event(&element))
        {
            return;
        }
        let options = ScriptFetchOptions {
            credentials: script.upcast::<Element>().cors().unwrap_or(CredentialsMode::SameOrigin),
            referrer_policy: script.referrer_policy_state().unwrap_or_default(),
        };
        let prepared = Rc::new(Prepared {
            element: script.clone(),
            document: self.document,
            when: when(script, type_, by_parser),
            is_external: src.is_some(),
            result: RefCell::default(),
        });
        let line = self.tree.element(id).map_or(1, |element| element.line);
        let line = i32::try_from(line).unwrap_or(1);
        match (src, type_) {
            (Some(src), _) => self.prepare_external(prepared, &src, type_, options),
            (None, ScriptType::Module) => {
                self.enlist(&prepared);
                self.fetch_inline_module(&text, line, options, move |page, result| {
                    page.mark_as_ready(&prepared, result);
                });
            }
            (None, ScriptType::Classic) => {
                let name = self.url.borrow().to_string();
                let script = ClassicScript { text, name, line, muted_errors: false };
                self.scripts().note_credentials(&script.name, options.credentials);
                prepared.result.replace(Some(ScriptResult::Classic(script)));
                self.execute(&prepared);
            }
        }
    }

    /// The steps of preparing for an element with `src`.
    fn prepare_external(
        self: &Rc<Self>,
        prepared: Rc<Prepared>,
        src: &str,
        type_: ScriptType,
        options: ScriptFetchOptions,
    ) {
        let url = if src.is_empty() { None } else { self.base_url().join(src).ok() };
        let Some(url) = url else {
            self.log(ConsoleLevel::Error, format!("a script has a bad URL: '{src}'"));
            return self.queue(move |_| {
                fire(&prepared.element.upcast(), "error");
            });
        };
        self.enlist(&prepared);
        let script = prepared.element.clone();
        let integrity = script.upcast::<Element>().attribute("integrity").unwrap_or_default();
        let done = move |page: &Rc<Self>, result| page.mark_as_ready(&prepared, result);
        match type_ {
            ScriptType::Module => self.fetch_module_element(url, options, &integrity, done),
            ScriptType::Classic => {
                let encoding = self.script_encoding(&script);
                self.fetch_classic(
                    &url,
                    options,
                    script.upcast::<Element>().cors(),
                    (&integrity, encoding),
                    done,
                );
            }
        }
    }

    fn scripts(&self) -> &Scripts {
        &self.loader.scripts
    }

    /// The encoding of a script that does not say.
    fn script_encoding(&self, script: &Script) -> &'static Encoding {
        let charset = script.upcast::<Element>().attribute("charset");
        let found = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
        found.unwrap_or_else(|| self.encoding())
    }

    /// The steps of preparing that put a script where it waits.
    fn enlist(&self, prepared: &Rc<Prepared>) {
        self.delay_load_event();
        let scripts = self.scripts();
        match prepared.when {
            When::AsSoonAsPossible => {}
            When::InOrder => scripts.in_order.borrow_mut().push_back(prepared.clone()),
            When::Deferred => scripts.deferred.borrow_mut().push_back(prepared.clone()),
            When::Blocking => {
                let none = scripts.parsing_blocking.replace(Some(prepared.clone()));
                drop(none);
            }
        }
    }

    /// [Marks as ready](https://html.spec.whatwg.org/multipage/scripting.html#mark-as-ready).
    fn mark_as_ready(self: &Rc<Self>, prepared: &Rc<Prepared>, result: ScriptResult) {
        prepared.result.replace(Some(result));
        match prepared.when {
            When::AsSoonAsPossible => self.execute(prepared),
            When::InOrder => {
                while let Some(next) = take_ready(&self.scripts().in_order) {
                    self.execute(&next);
                }
            }
            When::Deferred => {}
            When::Blocking => {
                let own = self.scripts().parsing_blocking.take();
                drop(own);
                self.execute(prepared);
            }
        }
        self.undelay_load_event();
        if prepared.when == When::Blocking && !self.is_discarded() {
            self.continue_parsing();
        }
    }

    /// Runs the deferred scripts that are there. Returns whether there are no more.
    pub(super) fn run_deferred_scripts(self: &Rc<Self>) -> bool {
        while let Some(next) = take_ready(&self.scripts().deferred) {
            self.execute(&next);
        }
        self.scripts().deferred.borrow().is_empty()
    }

    /// [Executes the script element](https://html.spec.whatwg.org/multipage/scripting.html#execute-the-script-element).
    fn execute(self: &Rc<Self>, prepared: &Prepared) {
        let Some(result) = prepared.result.take() else { return };
        let element = &prepared.element;
        let document = self.tree.document_of(element.upcast::<Element>().id());
        if document != prepared.document || self.is_discarded() {
            return;
        }
        match result {
            ScriptResult::Null => {
                fire(&element.upcast(), "error");
                return;
            }
            ScriptResult::Classic(script) => {
                let outer = self.scripts().current.replace(Some(element.clone()));
                let outer_is_muted = self.scripts().runs_muted.replace(script.muted_errors);
                self.run_script_text(&script.text, &script.name, script.line);
                self.scripts().runs_muted.set(outer_is_muted);
                let own = self.scripts().current.replace(outer);
                drop(own);
            }
            ScriptResult::Module(script, error) => self.run_module(&script, error),
        }
        if prepared.is_external {
            fire(&element.upcast(), "load");
        }
    }

    /// [Runs a classic script](https://html.spec.whatwg.org/multipage/webappapis.html#run-a-classic-script);
    /// what it throws is reported.
    pub(crate) fn run_script_text(&self, text: &str, url: &str, line: i32) {
        let realm = self.realm();
        // Microtasks run after the report.
        realm.run_script(|| {
            if let Err(error) = realm.eval_at(text, url, line) {
                self.report_exception(realm.exception_value(error));
            }
        });
    }

    /// The base URL of code that is called `name` in stack traces.
    pub(super) fn base_url_of_code(&self, name: &str) -> Url {
        let Ok(mut url) = Url::parse(name) else { return self.base_url() };
        if self.scripts().is_muted(name) {
            // Nothing is relative to it.
            return Url::parse("about:blank").unwrap_or_else(|_| self.base_url());
        }
        if url[..Position::AfterQuery] == self.url()[..Position::AfterQuery] {
            url = self.base_url();
        }
        url
    }
}

/// Takes the first of a list when it can run.
fn take_ready(list: &RefCell<VecDeque<Rc<Prepared>>>) -> Option<Rc<Prepared>> {
    let mut list = list.borrow_mut();
    let is_ready = list.front().is_some_and(|first| first.result.borrow().is_some());
    if is_ready { list.pop_front() } else { None }
}

/// The steps of preparing that find out when a script runs.
fn when(script: &Script, type_: ScriptType, by_parser: bool) -> When {
    if script.is_async() {
        When::AsSoonAsPossible
    } else if !by_parser {
        When::InOrder
    } else if type_ == ScriptType::Module || script.upcast::<Element>().has_plain_attribute("defer")
    {
        When::Deferred
    } else {
        When::Blocking
    }
}

/// Whether `for` and `event` say that it is not for the load of the window.
fn is_for_another_event(script: &Element) -> bool {
    let (Some(for_), Some(event)) = (script.attribute("for"), script.attribute("event")) else {
        return false;
    };
    let trimmed =
        |text: &str| text.trim_matches(|c: char| c.is_ascii_whitespace()).to_ascii_lowercase();
    trimmed(&for_) != "window" || !matches!(&*trimmed(&event), "onload" | "onload()")
}
