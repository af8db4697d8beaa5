/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Turns Web IDL into Rust: called from the build script of the crate that implements the interfaces.
//!
//! ```no_run
//! use sordino_script_bindings_codegen::{Config, Generator};
//!
//! fn main() -> std::process::ExitCode {
//!     let config = Config {
//!         source_dir: Some("src".into()),
//!         ..Config::default()
//!     };
//!     Generator::new("../script_bindings/webidls", config).build("bindings.rs")
//! }
//! ```
//!
//! The steps, a module each: `parse` (text to weedle's tree), `lower` (to our `model`, with positions), `merge` (partials and
//! mixins), `check` (names, inheritance, extended attributes), `implementations` (is there Rust for it?), `emit_*`.
//! What the Rust looks like is described in the crate `sordino-script-bindings`.
//!
//! Not supported, and reported when met: `symbol`, `SharedArrayBuffer`, `inherit`, maplike and setlike, async
//! iterables, indexed setters and deleters.

mod attributes;
mod check;
mod emit_glue;
mod emit_interface;
mod emit_tables;
mod emit_values;
mod implementations;
mod lower;
mod lower_interface;
mod lower_type;
mod lower_value;
mod merge;
mod methods;
mod model;
mod names;
mod parse;
mod select;
mod source;
mod types;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::emit_interface::Emitter;
use crate::emit_values::emit;
use crate::implementations::Implementations;
use crate::lower::Lowering;
use crate::model::{Idl, Interface};
use crate::source::Source;
use crate::types::Types;

pub use crate::source::IdlError;

/// What the generator must know about its consumer.
#[derive(Clone, Debug)]
pub struct Config {
    /// The module with one Rust type per interface, named like it. Default `crate::dom`.
    pub dom_path: String,
    /// The consumer's source folder, in which the implementations are looked for. `None`: no check.
    pub source_dir: Option<PathBuf>,
    /// What `[Exposed]` must name for an interface to be generated. Default `Window`.
    pub globals: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            dom_path: "crate::dom".to_owned(),
            source_dir: None,
            globals: vec!["Window".to_owned()],
        }
    }
}

/// Reads IDL files and writes one Rust file.
pub struct Generator {
    dirs: Vec<PathBuf>,
    config: Config,
}

impl Generator {
    /// A generator for all `*.webidl` files of a folder.
    pub fn new(webidl_dir: impl Into<PathBuf>, config: Config) -> Self {
        Self { dirs: vec![webidl_dir.into()], config }
    }

    /// Adds another folder.
    #[must_use]
    pub fn add_dir(mut self, webidl_dir: impl Into<PathBuf>) -> Self {
        self.dirs.push(webidl_dir.into());
        self
    }

    /// Writes the Rust code to `out_file`, or returns every fault found.
    pub fn generate(&self, out_file: &Path) -> Result<(), Vec<IdlError>> {
        let code = self.code()?;
        fs::write(out_file, code).map_err(|error| vec![file_error(out_file, &error)])
    }

    /// For a build script: writes `file_name` to Cargo's output folder, tells Cargo what to watch, and prints faults as
    /// build errors.
    pub fn build(&self, file_name: &str) -> ExitCode {
        for dir in self.dirs.iter().chain(&self.config.source_dir) {
            println!("cargo::rerun-if-changed={}", dir.display());
        }
        let Some(out_dir) = std::env::var_os("OUT_DIR") else {
            println!("cargo::error=OUT_DIR is not set: this belongs in a build script");
            return ExitCode::FAILURE;
        };
        match self.generate(&Path::new(&out_dir).join(file_name)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(errors) => {
                for error in errors {
                    println!("cargo::error={error}");
                }
                ExitCode::FAILURE
            }
        }
    }

    /// The Rust code.
    pub fn code(&self) -> Result<String, Vec<IdlError>> {
        let mut errors = Vec::new();
        let mut idl = Idl::default();
        for dir in &self.dirs {
            for source in Source::read_dir(dir).map_err(|error| vec![error])? {
                match parse::parse(&source) {
                    Ok(definitions) => {
                        Lowering { source: &source, idl: &mut idl, errors: &mut errors }
                            .definitions(&definitions)
                    }
                    Err(error) => errors.push(error),
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        check::check(&mut idl, &self.config.globals, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let types =
            Types { idl: &idl, dom_path: self.config.dom_path.clone(), unions: RefCell::default() };
        if let Some(dir) = &self.config.source_dir {
            let found =
                Implementations::read_dir(dir).map_err(|error| vec![file_error(dir, &error)])?;
            for interface in idl.interfaces.values().chain(idl.namespaces.values()) {
                found.check(&types, interface, &mut errors);
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        format_code(&emit_all(&types))
    }
}

fn file_error(path: &Path, error: &std::io::Error) -> IdlError {
    IdlError { file: path.to_path_buf(), line: 0, reason: error.to_string() }
}

fn format_code(code: &str) -> Result<String, Vec<IdlError>> {
    match syn::parse_file(code) {
        Ok(file) => Ok(prettyplease::unparse(&file)),
        Err(error) => Err(vec![IdlError {
            file: PathBuf::from("generated code"),
            line: 0,
            reason: format!("the generator wrote bad Rust, please report it: {error}\n{code}"),
        }]),
    }
}

/// The interfaces an interface inherits from, nearest first.
fn ancestors<'a>(idl: &'a Idl, interface: &'a Interface) -> Vec<&'a Interface> {
    let mut found = Vec::new();
    let mut current = interface;
    while let Some(parent) = &current.parent {
        // `DOMException` is the engine's.
        let Some(next) = idl.interfaces.get(&parent.0) else {
            break;
        };
        found.push(next);
        current = next;
    }
    found
}

fn emit_all(types: &Types<'_>) -> String {
    let idl = types.idl;
    let mut out = String::new();
    emit!(out, "use ::sordino_script_bindings as rt;");
    for found in idl.enums.values() {
        emit_values::enumeration(&mut out, found);
    }
    for found in idl.dictionaries.values() {
        emit_values::dictionary(&mut out, types, found);
    }
    for found in idl.callbacks.values() {
        emit_values::callback(&mut out, types, found);
    }
    for found in idl.callback_interfaces.values() {
        emit_values::callback_interface(&mut out, types, found);
    }
    // Parents first, since the tables are installed in order.
    let mut interfaces: Vec<(&Interface, Vec<&Interface>)> =
        idl.interfaces.values().map(|interface| (interface, ancestors(idl, interface))).collect();
    interfaces.sort_by_key(|(interface, ancestors)| (ancestors.len(), &interface.name));
    let mut specs = String::new();
    for (id, (interface, ancestors)) in interfaces.iter().enumerate() {
        let emitter = Emitter { types, interface, is_namespace: false };
        emitter.emit_trait(&mut out);
        emitter.emit_glue(&mut out);
        emitter.emit_info(&mut out, id, ancestors);
        emitter.emit_spec(&mut specs);
    }
    let mut namespaces = String::new();
    for namespace in idl.namespaces.values() {
        let emitter = Emitter { types, interface: namespace, is_namespace: true };
        emitter.emit_trait(&mut out);
        emitter.emit_glue(&mut out);
        emitter.emit_spec(&mut namespaces);
    }
    emit_unions(&mut out, types);
    emit!(
        out,
        "/// Everything that this file exposes.
        pub static BINDINGS: rt::Bindings = rt::Bindings {{
            interfaces: &[{specs}],
            namespaces: &[{namespaces}],
        }};
        /// Makes the interface objects and prototypes of a realm, and exposes what `pref` and `secure_context` allow.
        pub fn register_interfaces(
            realm: &rt::Realm,
            pref: &dyn Fn(&str) -> bool,
            secure_context: bool,
        ) -> rt::Fallible<()> {{
            rt::install(realm, &BINDINGS, &rt::Features {{ pref, secure_context }})
        }}"
    );
    out
}

/// Unions are found while the rest is written; a union may contain another.
fn emit_unions(out: &mut String, types: &Types<'_>) {
    let mut done: BTreeMap<String, ()> = BTreeMap::new();
    loop {
        let unions = types.unions.borrow().clone();
        let next = unions.iter().find(|(name, _)| !done.contains_key(*name));
        let Some((name, members)) = next else { return };
        emit_values::union(out, types, name, members);
        done.insert(name.clone(), ());
    }
}
