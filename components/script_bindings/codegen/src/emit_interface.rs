/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Rust code for interfaces and namespaces: the trait.

use crate::emit_values::emit;
use crate::methods::{methods, trait_name, type_name};
use crate::model::{Argument, Interface, Member, MemberKind};
use crate::names::snake;
use crate::types::Types;

/// Writes one interface or namespace.
pub(crate) struct Emitter<'a> {
    pub(crate) types: &'a Types<'a>,
    pub(crate) interface: &'a Interface,
    pub(crate) is_namespace: bool,
}

impl Emitter<'_> {
    /// The Rust type.
    pub(crate) fn rust_type(&self) -> String {
        self.types.dom_type(&type_name(self.interface))
    }

    /// The Rust type as its trait.
    pub(crate) fn implementation(&self) -> String {
        format!("<{} as {}>", self.rust_type(), trait_name(self.interface))
    }

    /// The name of a glue function.
    pub(crate) fn function(&self, what: &str, name: &str) -> String {
        format!("js_{}_{what}_{name}", snake(&self.interface.name))
    }

    pub(crate) fn emit_trait(&self, out: &mut String) {
        let name = &self.interface.name;
        let what = if self.is_namespace { "namespace" } else { "interface" };
        let bound = if self.is_namespace { "Sized" } else { "rt::DomInterface + Sized" };
        let file = self.interface.position.file.file_name();
        let file = file.map(|file| file.to_string_lossy().into_owned());
        emit!(
            out,
            "/// What the implementation of {what} `{name}` (`{}`) must do.",
            file.unwrap_or_default()
        );
        emit!(out, "pub trait {}: {bound} {{", trait_name(self.interface));
        for method in methods(self.types, self.interface) {
            let body = match &method.default {
                Some(body) => format!(" {{ {body} }}"),
                None => ";".to_owned(),
            };
            emit!(out, "/// {}\n{}{body}", method.doc, method.signature());
        }
        emit!(out, "}}");
    }

    /// All operations or constructors of the same name.
    pub(crate) fn overloads(&self, member: &Member) -> Vec<&Member> {
        self.interface.members.iter().filter(|other| member.overloads(other)).collect()
    }
}

/// The arguments of an operation or constructor.
pub(crate) fn arguments_of(member: &Member) -> &[Argument] {
    match &member.kind {
        MemberKind::Operation { args, .. } | MemberKind::Constructor { args } => args,
        _ => &[],
    }
}

/// The number of required arguments.
pub(crate) fn required(args: &[Argument]) -> usize {
    args.iter().filter(|arg| !arg.optional && !arg.variadic).count()
}
