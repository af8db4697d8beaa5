/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! JavaScript modules. <https://tc39.es/ecma262/#sec-modules>
//!
//! The engine wants to load what a module imports while it compiles the module, and at once. An embedder fetches, which
//! takes its time. So there are three steps:
//!
//! 1. [`Module::parse`] compiles a module in a context that is nobody's realm, and keeps its code as data; what it imports
//!    is in [`Module::requests`], for the embedder to fetch.
//! 2. [`Realm::link_module`] makes the modules of a whole graph in a realm, and tells the engine which request is which
//!    module.
//! 3. [`Realm::evaluate_module`] runs it; its errors are the engine's to remember.
//!
//! `import()` reaches [`Runtime::set_dynamic_import`](crate::Runtime::set_dynamic_import), and is settled whenever the
//! embedder has the module.
//!
//! - `parse`, `link`: these steps. `loader`: what the engine asks meanwhile. `dynamic_import`: `import()`.
//!
//! The same specifier in one module means one module, whatever its attributes are.

mod dynamic_import;
mod link;
mod loader;
mod parse;

pub use dynamic_import::DynamicImport;
pub(crate) use dynamic_import::DynamicImportHook;
pub(crate) use link::ModuleTable;
pub(crate) use loader::{Mode, install};
pub(crate) use parse::Parser;

use std::fmt;
use std::rc::Rc;

#[cfg(doc)]
use crate::realm::Realm;

/// The text of a module, and where it is from.
#[derive(Clone, Copy, Debug)]
pub struct ModuleSource<'a> {
    /// The text.
    pub text: &'a str,
    /// What stack traces call it: its URL. One module of a realm can be imported under a name.
    pub name: &'a str,
    /// `import.meta.url`, and the referrer of its `import()`.
    pub base_url: &'a str,
    /// The number of its first line.
    pub line: i32,
}

/// A module that a module imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleRequest {
    /// The specifier, as it is written.
    pub specifier: String,
    /// The import attributes. Other keys than `type` are a `SyntaxError`.
    pub attributes: Vec<(String, String)>,
}

/// A module that was parsed. It is plain data: it may be linked in several realms. Clones are the same module.
#[derive(Clone)]
pub struct Module {
    inner: Rc<ModuleInner>,
}

struct ModuleInner {
    name: String,
    base_url: String,
    code: Code,
    requests: Vec<ModuleRequest>,
}

enum Code {
    /// The engine's own form.
    Script(Vec<u8>),
    Json(String),
}

impl Module {
    /// What stack traces call it.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// `import.meta.url`
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    /// What it imports, without repetitions.
    pub fn requests(&self) -> &[ModuleRequest] {
        &self.inner.requests
    }

    fn id(&self) -> *const ModuleInner {
        Rc::as_ptr(&self.inner)
    }
}

impl PartialEq for Module {
    /// Identity.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Eq for Module {}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Module({})", self.inner.name)
    }
}
