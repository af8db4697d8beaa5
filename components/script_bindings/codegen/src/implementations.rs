/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Looks for the Rust side: is there an implementation for each interface, with every method?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::{ImplItem, Item, ItemImpl};

use crate::methods::{methods, trait_name, type_name};
use crate::model::Interface;
use crate::source::IdlError;
use crate::types::Types;

/// Trait name to the names of the functions implemented.
#[derive(Default)]
pub(crate) struct Implementations(BTreeMap<String, BTreeSet<String>>);

impl Implementations {
    /// Reads all Rust files of a folder. A file that does not parse is left to the compiler.
    pub(crate) fn read_dir(dir: &Path) -> std::io::Result<Self> {
        let mut found = Self::default();
        found.visit_dir(dir)?;
        Ok(found)
    }

    fn visit_dir(&mut self, dir: &Path) -> std::io::Result<()> {
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if path.is_dir() {
                self.visit_dir(&path)?;
            } else if path.extension().is_some_and(|ext| ext == "rs")
                && let Ok(file) = syn::parse_file(&fs::read_to_string(&path)?)
            {
                self.visit_items(&file.items);
            }
        }
        Ok(())
    }

    fn visit_items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Impl(item) => self.visit_impl(item),
                Item::Mod(module) => {
                    if let Some((_, items)) = &module.content {
                        self.visit_items(items);
                    }
                }
                _ => {}
            }
        }
    }

    fn visit_impl(&mut self, item: &ItemImpl) {
        let Some((_, path, _)) = &item.trait_ else {
            return;
        };
        let Some(name) = path.segments.last() else {
            return;
        };
        let methods = self.0.entry(name.ident.to_string()).or_default();
        for item in &item.items {
            match item {
                ImplItem::Fn(method) => {
                    methods.insert(method.sig.ident.to_string());
                }
                // A macro that is given a method's name makes that method.
                ImplItem::Macro(item) => {
                    methods.extend(names_in(item.mac.tokens.clone()));
                }
                _ => {}
            }
        }
    }

    /// Reports what an interface lacks.
    pub(crate) fn check(
        &self,
        types: &Types<'_>,
        interface: &Interface,
        errors: &mut Vec<IdlError>,
    ) {
        let needed = methods(types, interface);
        if needed.is_empty() {
            return;
        }
        let (name, rust) = (trait_name(interface), type_name(interface));
        let Some(found) = self.0.get(&name) else {
            errors.push(interface.position.error(format!(
                "`{}` has no implementation: write `impl {name} for {rust}`, or leave the IDL file out",
                interface.name
            )));
            return;
        };
        for method in needed.into_iter().filter(|method| method.default.is_none()) {
            if !found.contains(&method.name) {
                let signature = method.signature().replace("rt::", "");
                let signature = signature.replace("::std::rc::", "");
                errors.push(
                    method.position.error(format!(
                        "`impl {name} for {rust}` lacks a method: add `{signature}`"
                    )),
                );
            }
        }
    }
}

/// The identifiers at the top level of a macro's arguments.
fn names_in(tokens: TokenStream) -> impl Iterator<Item = String> {
    tokens.into_iter().filter_map(|token| match token {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    })
}
