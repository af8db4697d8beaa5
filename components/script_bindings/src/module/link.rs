/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Making the modules of a graph in a realm, and running them.

#![allow(unsafe_code)]

use std::collections::{HashMap, HashSet};
use std::ffi::{CString, c_int};
use std::ptr::NonNull;

use rquickjs::qjs;

use super::loader::Mode;
use super::parse::parse_json;
use super::{Code, Module, ModuleInner, ModuleRequest};
use crate::convert::ToJs;
use crate::error::{DomExceptionName, Error, Fallible};
use crate::object::check;
use crate::promise::JsPromise;
use crate::realm::Realm;
use crate::value::{JsObject, JsValue};

/// The longest chain of imports; the engine goes through them by recursion.
const MAX_DEPTH: usize = 1000;

/// The modules of a realm.
#[derive(Default)]
pub(crate) struct ModuleTable {
    instances: HashMap<*const ModuleInner, Instance>,
    /// Which module is imported under a name.
    targets: HashMap<String, *const ModuleInner>,
    /// By the name of the referrer and the specifier: the name of what is imported.
    resolutions: HashMap<(String, String), String>,
    /// `import()` calls that differ, by number.
    pub(super) imports: Vec<ImportKey>,
    import_numbers: HashMap<ImportKey, usize>,
    /// The engine failed in the midst of a graph, for want of memory. It would not notice that modules are missing there.
    is_broken: bool,
}

/// What an `import()` asked for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct ImportKey {
    pub(super) referrer: String,
    pub(super) specifier: String,
    pub(super) attributes: Vec<(String, String)>,
}

struct Instance {
    /// Keeps the key from being used again.
    module: Module,
    /// Owned by the context.
    definition: NonNull<qjs::JSModuleDef>,
    imports: Vec<*const ModuleInner>,
    is_linked: bool,
    /// Whether the engine bound its imports, so that it has a namespace.
    is_bound: bool,
}

impl ModuleTable {
    /// The name of the module that a linked module imports.
    pub(super) fn target(&self, referrer: &str, specifier: &str) -> Option<CString> {
        let key = (referrer.to_owned(), specifier.to_owned());
        CString::new(self.resolutions.get(&key)?.as_str()).ok()
    }

    /// The name of what stands for an `import()`.
    pub(super) fn import_name(
        &mut self,
        referrer: String,
        specifier: String,
        attributes: Vec<(String, String)>,
    ) -> String {
        let key = ImportKey { referrer, specifier, attributes };
        let number = *self.import_numbers.entry(key.clone()).or_insert_with(|| {
            self.imports.push(key);
            self.imports.len() - 1
        });
        format!("{}{number}", super::dynamic_import::PREFIX)
    }

    /// The base URL of the module that stack traces call so.
    pub(super) fn base_url(&self, name: &str) -> Option<String> {
        let mut instances = self.instances.values();
        let found = instances.find(|instance| instance.module.name() == name)?;
        Some(found.module.base_url().to_owned())
    }

    fn definition(&self, module: &Module) -> Option<NonNull<qjs::JSModuleDef>> {
        self.instances.get(&module.id()).map(|instance| instance.definition)
    }

    /// Notes that the engine bound the imports of a module, and of all that it imports.
    fn bind(&mut self, root: *const ModuleInner) {
        let mut left = vec![root];
        while let Some(id) = left.pop() {
            if let Some(instance) = self.instances.get_mut(&id)
                && !instance.is_bound
            {
                instance.is_bound = true;
                left.extend(&instance.imports);
            }
        }
    }

    fn check(&self) -> Fallible<()> {
        if self.is_broken {
            return Err(Error::dom(
                DomExceptionName::InvalidStateError,
                "the modules of this page could not be linked for want of memory",
            ));
        }
        Ok(())
    }
}

fn value_of(definition: NonNull<qjs::JSModuleDef>) -> qjs::JSValue {
    qjs::JS_MKPTR(qjs::JS_TAG_MODULE, definition.as_ptr().cast())
}

/// The modules of a graph, each after what it imports (but for cycles), and what each imports.
struct Graph {
    order: Vec<Module>,
    imports: Vec<(Module, ModuleRequest, Module)>,
}

impl Graph {
    /// Visits the modules as the engine will.
    fn walk(
        root: &Module,
        resolve: &dyn Fn(&Module, &ModuleRequest) -> Option<Module>,
    ) -> Fallible<Self> {
        let mut graph = Self { order: Vec::new(), imports: Vec::new() };
        let mut seen = HashSet::from([root.id()]);
        let mut stack = vec![(root.clone(), 0)];
        while let Some((module, next)) = stack.last_mut() {
            let Some(request) = module.requests().get(*next) else {
                let done = stack.pop().map(|(module, _)| module);
                graph.order.extend(done);
                continue;
            };
            *next += 1;
            let target = resolve(module, request).ok_or_else(|| {
                Error::Type(format!("'{}' was not loaded for {}", request.specifier, module.name()))
            })?;
            graph.imports.push((module.clone(), request.clone(), target.clone()));
            if seen.insert(target.id()) {
                if stack.len() >= MAX_DEPTH {
                    return Err(Error::range_error("the chain of imports is too long"));
                }
                stack.push((target, 0));
            }
        }
        Ok(graph)
    }
}

impl Realm {
    /// Makes a module, and all that it imports, modules of this realm. `resolve` says which module a request is; `None`
    /// is a `TypeError`.
    ///
    /// Modules that are linked here already stay what they are.
    pub fn link_module(
        &self,
        root: &Module,
        resolve: impl Fn(&Module, &ModuleRequest) -> Option<Module>,
    ) -> Fallible<()> {
        self.inner().modules.borrow().check()?;
        let graph = Graph::walk(root, &resolve)?;
        self.name_targets(&graph)?;
        for module in &graph.order {
            self.instantiate(module)?;
        }
        for (referrer, _, target) in &graph.imports {
            let mut modules = self.inner().modules.borrow_mut();
            if let Some(instance) = modules.instances.get_mut(&referrer.id())
                && !instance.is_linked
            {
                instance.imports.push(target.id());
            }
        }
        let mut new = Vec::new();
        for module in &graph.order {
            let modules = self.inner().modules.borrow();
            if let Some(instance) = modules.instances.get(&module.id())
                && !instance.is_linked
            {
                new.push((module.clone(), instance.definition));
            }
        }
        for (module, definition) in new {
            // SAFETY: the definition is the context's, and no script runs.
            let (status, _) = self.runtime().in_mode(Mode::Linking, || unsafe {
                check(qjs::JS_ResolveModule(self.ctx(), value_of(definition)))
            });
            if let Err(error) = status {
                self.break_modules();
                return Err(error);
            }
            if let Some(instance) =
                self.inner().modules.borrow_mut().instances.get_mut(&module.id())
            {
                instance.is_linked = true;
            }
        }
        Ok(())
    }

    /// Enters what is imported into the table; a name means one module only.
    fn name_targets(&self, graph: &Graph) -> Fallible<()> {
        let mut modules = self.inner().modules.borrow_mut();
        for (referrer, request, target) in &graph.imports {
            let name = target.name();
            let id = *modules.targets.entry(name.to_owned()).or_insert(target.id());
            let mut instances = modules.instances.values();
            let is_other =
                |other: &Instance| other.module.name() == name && other.module != *target;
            if id != target.id() || instances.any(is_other) {
                return Err(Error::Type(format!("there are two modules with the name {name}")));
            }
            let key = (referrer.name().to_owned(), request.specifier.clone());
            modules.resolutions.insert(key, name.to_owned());
        }
        Ok(())
    }

    fn instantiate(&self, module: &Module) -> Fallible<()> {
        if self.inner().modules.borrow().instances.contains_key(&module.id()) {
            return Ok(());
        }
        let definition = match &module.inner.code {
            Code::Script(code) => self.read_module(code)?,
            Code::Json(text) => self.json_module(module.name(), text)?,
        };
        let instance = Instance {
            module: module.clone(),
            definition,
            imports: Vec::new(),
            is_linked: false,
            is_bound: false,
        };
        self.inner().modules.borrow_mut().instances.insert(module.id(), instance);
        let url = module.base_url().to_js(self)?;
        self.import_meta_of(definition)?.define(self, "url", url)
    }

    fn read_module(&self, code: &[u8]) -> Fallible<NonNull<qjs::JSModuleDef>> {
        let flags = qjs::JS_READ_OBJ_BYTECODE as c_int;
        // SAFETY: the engine wrote the code itself, in `Module::parse`.
        let (raw, _) = self.runtime().in_mode(Mode::Noting(Default::default()), || unsafe {
            qjs::JS_ReadObject(self.ctx(), code.as_ptr(), code.len() as _, flags)
        });
        let value = self.own(raw)?;
        // SAFETY: the engine returned a module, which the context owns too.
        let definition = unsafe { qjs::JS_VALUE_GET_PTR(value.as_raw()) };
        NonNull::new(definition.cast()).ok_or(Error::JsException)
    }

    fn json_module(&self, name: &str, text: &str) -> Fallible<NonNull<qjs::JSModuleDef>> {
        let value = parse_json(self, text, name)?;
        let name = CString::new(name).unwrap_or_default();
        self.synthetic_module(&name, c"default", value)
    }

    /// A module with one export. <https://tc39.es/ecma262/#sec-synthetic-module-records>
    pub(super) fn synthetic_module(
        &self,
        name: &std::ffi::CStr,
        export: &'static std::ffi::CStr,
        value: JsValue,
    ) -> Fallible<NonNull<qjs::JSModuleDef>> {
        // SAFETY: the context is alive and owns the definition; the value's reference goes to it.
        unsafe {
            let init = if export == c"then" { export_then } else { export_default };
            let definition = qjs::JS_NewCModule(self.ctx(), name.as_ptr(), Some(init));
            let definition = NonNull::new(definition).ok_or(Error::JsException)?;
            check(qjs::JS_AddModuleExport(self.ctx(), definition.as_ptr(), export.as_ptr()))?;
            let value = value.into_raw();
            check(qjs::JS_SetModulePrivateValue(self.ctx(), definition.as_ptr(), value))?;
            Ok(definition)
        }
    }

    fn break_modules(&self) {
        let mut modules = self.inner().modules.borrow_mut();
        modules.is_broken = true;
        modules.instances.clear();
    }

    /// Runs a module, after all that it imports. Counts as entering script.
    ///
    /// The promise is rejected with what a module threw; run again, it is the same promise. An import that no module
    /// exports is an error (a `SyntaxError` exception), and so is a module that was not linked, or that is run by a module
    /// that is just running.
    pub fn evaluate_module(&self, module: &Module) -> Fallible<JsPromise> {
        let definition = {
            let modules = self.inner().modules.borrow();
            modules.check()?;
            let found = modules.instances.get(&module.id()).filter(|found| found.is_linked);
            found.ok_or_else(|| Error::type_error("the module is not linked"))?.definition
        };
        if self.runtime().evaluating_module.replace(true) {
            return Err(Error::dom(
                DomExceptionName::InvalidStateError,
                "a module is being evaluated",
            ));
        }
        let result = self.run_script(|| {
            // SAFETY: the definition is the context's; the engine takes the reference that is added here.
            let raw = unsafe {
                let value = qjs::JS_DupValue(self.ctx(), value_of(definition));
                qjs::JS_EvalFunction(self.ctx(), value)
            };
            let result = self.own(raw);
            self.runtime().evaluating_module.set(false);
            result
        });
        match result {
            Ok(promise) => {
                self.inner().modules.borrow_mut().bind(module.id());
                Ok(JsPromise::of_object(promise.try_into()?))
            }
            Err(error) => Err(self.linking_failed(error)),
        }
    }

    /// An import without an export leaves the engine in order; nothing else does.
    fn linking_failed(&self, error: Error) -> Error {
        let exception = self.exception_value(error);
        let is_syntax_error = exception.as_object().is_some_and(|exception| {
            let constructor = &self.intrinsics().syntax_error;
            let own = constructor.as_object().map(|object| object.get(self, "prototype"));
            let prototype = exception.prototype(self);
            matches!((own, prototype), (Some(Ok(own)), Ok(found)) if own.same_object(&found))
        });
        if !is_syntax_error {
            self.break_modules();
        }
        self.throw_value(exception)
    }

    /// The namespace object of a module that was evaluated.
    pub fn module_namespace(&self, module: &Module) -> Fallible<JsObject> {
        let modules = self.inner().modules.borrow();
        let found = modules.instances.get(&module.id()).filter(|found| found.is_bound);
        let definition = found.map(|found| found.definition);
        drop(modules);
        let definition =
            definition.ok_or_else(|| Error::type_error("the module was not evaluated"))?;
        // SAFETY: the definition is the context's.
        self.own(unsafe { qjs::JS_GetModuleNamespace(self.ctx(), definition.as_ptr()) })?.try_into()
    }

    /// `import.meta` of a linked module: it has `url`, and the embedder may add to it.
    pub fn import_meta(&self, module: &Module) -> Fallible<JsObject> {
        let definition = self.inner().modules.borrow().definition(module);
        self.import_meta_of(definition.ok_or_else(|| Error::type_error("it is not linked"))?)
    }

    fn import_meta_of(&self, definition: NonNull<qjs::JSModuleDef>) -> Fallible<JsObject> {
        // SAFETY: the definition is the context's.
        self.own(unsafe { qjs::JS_GetImportMeta(self.ctx(), definition.as_ptr()) })?.try_into()
    }
}

unsafe extern "C" fn export_default(
    ctx: *mut qjs::JSContext,
    module: *mut qjs::JSModuleDef,
) -> c_int {
    // SAFETY: the engine passes a live module of `synthetic_module`.
    unsafe { export(ctx, module, c"default") }
}

unsafe extern "C" fn export_then(ctx: *mut qjs::JSContext, module: *mut qjs::JSModuleDef) -> c_int {
    // SAFETY: as above.
    unsafe { export(ctx, module, c"then") }
}

/// # Safety
/// The module must be one of `synthetic_module`, with that export.
unsafe fn export(
    ctx: *mut qjs::JSContext,
    module: *mut qjs::JSModuleDef,
    name: &std::ffi::CStr,
) -> c_int {
    // SAFETY: see above; the reference to the value goes on.
    unsafe {
        let value = qjs::JS_GetModulePrivateValue(ctx, module);
        qjs::JS_SetModuleExport(ctx, module, name.as_ptr(), value)
    }
}
