/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Module scripts: the [module map](https://html.spec.whatwg.org/multipage/webappapis.html#module-map), the graphs
//! of what they import, and `import()`.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use encoding_rs::UTF_8;
use sordino_script_bindings::{
    DynamicImport, Error, Fallible, JsValue, Module, ModuleRequest, ModuleSource, Realm, ToJs,
    convert,
};
use sordino_traits::embedder::{ConsoleLevel, Destination, RequestMode, ResponseHead};
use sordino_traits::headers::is_javascript_mime_type;
use url::Url;

use super::Page;
use super::fetch_script::{Fetched, ScriptFetchOptions};
use super::scripts::ScriptResult;

/// The modules of a document, by what was asked for.
#[derive(Default)]
pub(super) struct ModuleMap {
    entries: RefCell<HashMap<Key, Entry>>,
}

/// A URL and a [module type](https://html.spec.whatwg.org/multipage/webappapis.html#module-type-from-module-request).
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Key {
    url: Url,
    type_: ModuleType,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum ModuleType {
    JavaScript,
    Json,
}

enum Entry {
    /// It is being fetched for these.
    Fetching(Vec<Waiter>),
    /// `None`: it could not be had.
    Fetched(Option<Rc<ModuleScript>>),
}

type Waiter = Box<dyn FnOnce(&Rc<Page>, Option<Rc<ModuleScript>>)>;

/// A [module script](https://html.spec.whatwg.org/multipage/webappapis.html#module-script).
pub(super) struct ModuleScript {
    base_url: Url,
    options: ScriptFetchOptions,
    /// Its record, or its parse error.
    record: Result<Module, JsValue>,
    /// Whether its `import.meta` is complete.
    has_meta: Cell<bool>,
}

/// What keeps a graph from being run.
enum LoadError {
    /// One of its modules could not be had.
    Missing,
    /// One of its modules could not be parsed, or linked.
    Thrown(JsValue),
}

/// A graph whose modules are being fetched.
struct GraphLoad {
    root: Rc<ModuleScript>,
    seen: RefCell<HashSet<Key>>,
    scripts: RefCell<Vec<Rc<ModuleScript>>>,
    /// How many fetches go on.
    pending: Cell<usize>,
    /// Until it is linked or has failed.
    done: RefCell<Option<Loaded>>,
}

type Loaded = Box<dyn FnOnce(&Rc<Page>, Result<(), LoadError>)>;

impl ModuleMap {
    /// What is known already; the outer `None`: it was not fetched yet.
    fn get(&self, key: &Key) -> Option<Option<Rc<ModuleScript>>> {
        match self.entries.borrow().get(key)? {
            Entry::Fetching(_) => None,
            Entry::Fetched(script) => Some(script.clone()),
        }
    }

    pub(super) fn clear(&self) {
        let entries = self.entries.take();
        drop(entries);
    }
}

impl Key {
    /// The key of what a module with that base URL imports.
    fn of(base_url: &Url, request: &ModuleRequest) -> Fallible<Self> {
        Self::new(base_url, &request.specifier, &request.attributes)
    }

    fn new(base_url: &Url, specifier: &str, attributes: &[(String, String)]) -> Fallible<Self> {
        let url = resolve(base_url, specifier)?;
        let type_ = match attributes.iter().find(|(key, _)| key == "type") {
            None => ModuleType::JavaScript,
            Some((_, type_)) if type_ == "json" => ModuleType::Json,
            Some((_, type_)) => {
                return Err(Error::Type(format!("there are no modules of the type '{type_}'")));
            }
        };
        Ok(Self { url, type_ })
    }
}

/// [Resolves a module specifier](https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier),
/// without import maps.
fn resolve(base_url: &Url, specifier: &str) -> Fallible<Url> {
    let is_relative = ["/", "./", "../"].iter().any(|start| specifier.starts_with(start));
    let url = if is_relative { base_url.join(specifier) } else { Url::parse(specifier) };
    url.map_err(|_| {
        let hint = "it must be a URL, or begin with '/', './' or '../'";
        Error::Type(format!("'{specifier}' is no module: {hint}"))
    })
}

impl GraphLoad {
    fn is_over(&self) -> bool {
        self.done.borrow().is_none()
    }

    /// Takes a module of the graph up. `None`: the graph has failed.
    fn accept(
        &self,
        page: &Rc<Page>,
        script: Option<&Rc<ModuleScript>>,
    ) -> Option<Rc<ModuleScript>> {
        let error = match script.map(|script| (script, &script.record)) {
            None => LoadError::Missing,
            Some((_, Err(error))) => LoadError::Thrown(error.clone()),
            Some((script, Ok(_))) => {
                self.scripts.borrow_mut().push(script.clone());
                return Some(script.clone());
            }
        };
        self.finish(page, Err(error));
        None
    }

    fn finish(&self, page: &Rc<Page>, result: Result<(), LoadError>) {
        let done = self.done.take();
        if let Some(done) = done {
            done(page, result);
        }
    }

    /// One of what was pending is there.
    fn arrived(&self, page: &Rc<Page>) {
        self.pending.set(self.pending.get() - 1);
        if self.pending.get() == 0 && !self.is_over() {
            let linked = page.link_graph(self);
            self.finish(page, linked);
        }
    }
}

impl Page {
    fn module_map(&self) -> &ModuleMap {
        &self.loader.modules
    }

    /// [Fetches an external module script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-module-script-tree)
    /// for an element; `done` is a task.
    pub(super) fn fetch_module_element(
        self: &Rc<Self>,
        url: Url,
        options: ScriptFetchOptions,
        integrity: &str,
        done: impl FnOnce(&Rc<Self>, ScriptResult) + 'static,
    ) {
        let key = Key { url, type_: ModuleType::JavaScript };
        let waiter = Box::new(move |page: &Rc<Self>, script| match script {
            Some(script) => page.load_for_element(&script, done),
            None => page.queue(|page| done(page, ScriptResult::Null)),
        });
        self.fetch_module(key, options, None, integrity, waiter);
    }

    /// [Fetches an inline module script graph](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-an-inline-module-script-graph);
    /// `done` is a task.
    pub(super) fn fetch_inline_module(
        self: &Rc<Self>,
        text: &str,
        line: i32,
        options: ScriptFetchOptions,
        done: impl FnOnce(&Rc<Self>, ScriptResult) + 'static,
    ) {
        let (name, base_url) = (self.url().to_string(), self.base_url());
        let source = ModuleSource { text, name: &name, base_url: base_url.as_str(), line };
        let script = self.create_module(source, &base_url, options);
        self.load_for_element(&script, done);
    }

    fn load_for_element(
        self: &Rc<Self>,
        script: &Rc<ModuleScript>,
        done: impl FnOnce(&Rc<Self>, ScriptResult) + 'static,
    ) {
        let root = script.clone();
        self.load_graph(script, move |page, result| {
            let result = match result {
                Ok(()) => ScriptResult::Module(root, None),
                Err(LoadError::Thrown(error)) => ScriptResult::Module(root, Some(error)),
                Err(LoadError::Missing) => ScriptResult::Null,
            };
            page.queue(|page| done(page, result));
        });
    }

    /// [Creates a JavaScript module script](https://html.spec.whatwg.org/multipage/webappapis.html#creating-a-javascript-module-script).
    fn create_module(
        &self,
        source: ModuleSource<'_>,
        base_url: &Url,
        options: ScriptFetchOptions,
    ) -> Rc<ModuleScript> {
        let realm = self.realm();
        let parsed = Module::parse(&realm, source).and_then(|module| {
            for request in module.requests() {
                Key::of(base_url, request)?;
            }
            Ok(module)
        });
        self.loader.scripts.note_credentials(base_url.as_str(), options.credentials);
        self.new_module_script(&realm, parsed, base_url.clone(), options)
    }

    fn new_module_script(
        &self,
        realm: &Realm,
        parsed: Fallible<Module>,
        base_url: Url,
        options: ScriptFetchOptions,
    ) -> Rc<ModuleScript> {
        let record = parsed.map_err(|error| realm.exception_value(error));
        Rc::new(ModuleScript { base_url, options, record, has_meta: Cell::new(false) })
    }

    /// [Fetches a single module script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script),
    /// once for each key. `waiter` is called at once when it is there already.
    fn fetch_module(
        self: &Rc<Self>,
        key: Key,
        options: ScriptFetchOptions,
        referrer: Option<&Url>,
        integrity: &str,
        waiter: Waiter,
    ) {
        if self.is_discarded() {
            return;
        }
        if let Some(script) = self.module_map().get(&key) {
            return waiter(self, script);
        }
        let mut entries = self.module_map().entries.borrow_mut();
        if let Some(Entry::Fetching(waiters)) = entries.get_mut(&key) {
            return waiters.push(waiter);
        }
        entries.insert(key.clone(), Entry::Fetching(vec![waiter]));
        drop(entries);
        let destination = match key.type_ {
            ModuleType::JavaScript => Destination::Script,
            ModuleType::Json => Destination::Empty,
        };
        let mut request = self.new_request(&key.url, destination);
        request.mode = RequestMode::Cors;
        request.credentials = options.credentials;
        request.referrer_policy = options.referrer_policy;
        if let Some(referrer) = referrer {
            request.referrer = Some(referrer.to_string());
        }
        self.fetch_script(request, integrity, move |page, fetched| {
            let script = page.module_of_response(&key, options, fetched);
            let fetched = Entry::Fetched(script.clone());
            let before = page.module_map().entries.borrow_mut().insert(key, fetched);
            if let Some(Entry::Fetching(waiters)) = before {
                for waiter in waiters {
                    waiter(page, script.clone());
                }
            }
        });
    }

    fn module_of_response(
        &self,
        key: &Key,
        options: ScriptFetchOptions,
        fetched: Fetched,
    ) -> Option<Rc<ModuleScript>> {
        let (head, bytes) = fetched?;
        if let Err(reason) = check_type(key, &head) {
            let message = format!("the module {} cannot be used: {reason}", key.url);
            self.log(ConsoleLevel::Error, message);
            return None;
        }
        let text = UTF_8.decode_with_bom_removal(&bytes).0;
        let base_url = Url::parse(&head.url).unwrap_or_else(|_| key.url.clone());
        let name = key.url.as_str();
        Some(match key.type_ {
            ModuleType::JavaScript => {
                let source =
                    ModuleSource { text: &text, name, base_url: base_url.as_str(), line: 1 };
                self.create_module(source, &base_url, options)
            }
            ModuleType::Json => {
                let realm = self.realm();
                let parsed = Module::parse_json(&realm, &text, name);
                self.new_module_script(&realm, parsed, base_url, options)
            }
        })
    }

    /// [Fetches the descendants of and links](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-the-descendants-of-and-link-a-module-script)
    /// a module script. `done` is called at once when all is there already.
    fn load_graph(
        self: &Rc<Self>,
        root: &Rc<ModuleScript>,
        done: impl FnOnce(&Rc<Self>, Result<(), LoadError>) + 'static,
    ) {
        let load = Rc::new(GraphLoad {
            root: root.clone(),
            seen: RefCell::default(),
            scripts: RefCell::default(),
            pending: Cell::new(1),
            done: RefCell::new(Some(Box::new(done))),
        });
        if let Some(root) = load.accept(self, Some(root)) {
            self.load_requested(&load, root);
        }
        load.arrived(self);
    }

    /// [Loads the requested modules](https://tc39.es/ecma262/#sec-InnerModuleLoading) of a module, and
    /// theirs, as far as they are there; the others are fetched.
    fn load_requested(self: &Rc<Self>, load: &Rc<GraphLoad>, script: Rc<ModuleScript>) {
        let mut left = vec![script];
        while let Some(script) = left.pop() {
            let Ok(module) = &script.record else { continue };
            for request in module.requests() {
                if load.is_over() {
                    return;
                }
                // It was resolved when the script was created.
                let Ok(key) = Key::of(&script.base_url, request) else { continue };
                if !load.seen.borrow_mut().insert(key.clone()) {
                    continue;
                }
                if let Some(known) = self.module_map().get(&key) {
                    left.extend(load.accept(self, known.as_ref()));
                    continue;
                }
                load.pending.set(load.pending.get() + 1);
                let load = load.clone();
                let waiter = move |page: &Rc<Self>, script: Option<Rc<ModuleScript>>| {
                    if !load.is_over()
                        && let Some(script) = load.accept(page, script.as_ref())
                    {
                        page.load_requested(&load, script);
                    }
                    load.arrived(page);
                };
                let referrer = Some(&script.base_url);
                self.fetch_module(key, script.options, referrer, "", Box::new(waiter));
            }
        }
    }

    /// Links a graph that is complete. [Host-defined properties](https://html.spec.whatwg.org/multipage/webappapis.html#hostgetimportmetaproperties)
    /// of `import.meta` are added.
    fn link_graph(&self, load: &GraphLoad) -> Result<(), LoadError> {
        let realm = self.realm();
        let thrown = |error| LoadError::Thrown(realm.exception_value(error));
        let Ok(root) = &load.root.record else { return Ok(()) };
        let find = |module: &Module, request: &ModuleRequest| {
            let base_url = Url::parse(module.base_url()).ok()?;
            let script = self.module_map().get(&Key::of(&base_url, request).ok()?)??;
            script.record.as_ref().ok().cloned()
        };
        realm.link_module(root, find).map_err(thrown)?;
        for script in &*load.scripts.borrow() {
            if let Ok(module) = &script.record
                && !script.has_meta.replace(true)
            {
                add_import_meta(&realm, module, script.base_url.clone()).map_err(thrown)?;
            }
        }
        Ok(())
    }

    /// [Runs a module script](https://html.spec.whatwg.org/multipage/webappapis.html#run-a-module-script),
    /// or reports its error to rethrow.
    pub(super) fn run_module(&self, script: &ModuleScript, error: Option<JsValue>) {
        let realm = self.realm();
        // Microtasks run after somebody listens to the promise.
        realm.run_script(|| {
            let module = match (&script.record, error) {
                (_, Some(error)) => return self.report_exception(error),
                (Err(error), None) => return self.report_exception(error.clone()),
                (Ok(module), None) => module,
            };
            let report = |realm: &Realm, reason: &JsValue| {
                Page::of(realm).report_exception(reason.clone());
            };
            let evaluated = realm.evaluate_module(module);
            let listening = evaluated.and_then(|promise| promise.react(&realm, |_, _| {}, report));
            if let Err(error) = listening {
                self.report_exception(realm.exception_value(error));
            }
        });
    }

    /// `import()`: [HostLoadImportedModule](https://html.spec.whatwg.org/multipage/webappapis.html#hostloadimportedmodule),
    /// and then what the standard does with the graph.
    pub(crate) fn import(self: &Rc<Self>, import: DynamicImport) {
        let realm = self.realm();
        let base_url = self.base_url_of_code(&import.referrer);
        let key = match Key::new(&base_url, &import.specifier, &import.attributes) {
            Ok(key) => key,
            Err(error) => return import.reject(&realm, error),
        };
        let credentials = self.loader.scripts.credentials_of(base_url.as_str());
        let options = ScriptFetchOptions { credentials, ..ScriptFetchOptions::default() };
        let missing = Error::Type(format!("the module {} could not be loaded", key.url));
        let waiter = move |page: &Rc<Self>, script: Option<Rc<ModuleScript>>| {
            let Some(script) = script else { return import.reject(&page.realm(), missing) };
            let root = script.clone();
            page.load_graph(&script, move |page, result| {
                let realm = page.realm();
                match (result, &root.record) {
                    (Err(LoadError::Missing), _) => import.reject(&realm, missing),
                    (Err(LoadError::Thrown(error)), _) => import.reject_value(&realm, error),
                    (Ok(()), Err(error)) => import.reject_value(&realm, error.clone()),
                    // Microtasks run after the import listens to the promise of the module.
                    (Ok(()), Ok(module)) => realm.run_script(|| import.finish(&realm, module)),
                }
            });
        };
        self.fetch_module(key, options, Some(&base_url), "", Box::new(waiter));
    }
}

/// Whether a response has the type that was asked for; an error is its reason.
fn check_type(key: &Key, head: &ResponseHead) -> Result<(), String> {
    let essence = head.mime_type.as_deref().unwrap_or_default();
    let (is_fit, wanted) = match key.type_ {
        ModuleType::JavaScript => (is_javascript_mime_type(essence), "JavaScript"),
        ModuleType::Json => (is_json_mime_type(essence), "JSON"),
    };
    if is_fit { Ok(()) } else { Err(format!("its type is '{essence}', not {wanted}")) }
}

/// Whether it is a [JSON MIME type](https://mimesniff.spec.whatwg.org/#json-mime-type).
fn is_json_mime_type(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json") || essence.ends_with("+json")
}

/// Adds [`resolve()`](https://html.spec.whatwg.org/multipage/webappapis.html#hostgetimportmetaproperties)
/// to `import.meta`.
fn add_import_meta(realm: &Realm, module: &Module, base_url: Url) -> Fallible<()> {
    let resolve = realm.new_function("resolve", 1, move |call| {
        let specifier = convert::dom_string(call.realm(), call.arg(0))?.into_string_lossy();
        resolve(&base_url, &specifier)?.as_str().to_js(call.realm())
    })?;
    realm.import_meta(module)?.define(realm, "resolve", resolve.into_value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_are_urls_or_begin_as_paths_do() {
        let base_url = Url::parse("https://example.org/a/b.js").unwrap();
        for (specifier, expected) in [
            ("./c.js", Some("https://example.org/a/c.js")),
            ("../c.js", Some("https://example.org/c.js")),
            ("/c.js#d", Some("https://example.org/c.js#d")),
            ("//other.example/c.js", Some("https://other.example/c.js")),
            ("https://other.example", Some("https://other.example/")),
            ("data:text/javascript,1", Some("data:text/javascript,1")),
            ("c.js", None),
            (".c.js", None),
            ("", None),
            ("https://", None),
            ("?c", None),
        ] {
            let found = resolve(&base_url, specifier).ok();
            assert_eq!(found.as_ref().map(Url::as_str), expected, "'{specifier}'");
        }
        let opaque = Url::parse("data:text/javascript,1").unwrap();
        assert!(resolve(&opaque, "./c.js").is_err());
    }

    #[test]
    fn the_type_of_a_module_is_part_of_its_key() {
        let base_url = Url::parse("https://example.org/").unwrap();
        let type_of = |type_: &str| {
            let attributes = [("type".to_owned(), type_.to_owned())];
            Key::new(&base_url, "./a", &attributes).ok().map(|key| key.type_)
        };
        assert_eq!(type_of("json"), Some(ModuleType::Json));
        assert_eq!(type_of("css"), None);
        assert_eq!(type_of("javascript"), None);
        assert!(is_json_mime_type("image/x+json") && !is_json_mime_type("application/jsonp"));
    }
}
