/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Rust code for the data about interfaces: inheritance, members, constructors.

use crate::check::DOM_EXCEPTION;
use crate::emit_interface::{Emitter, arguments_of, required};
use crate::emit_values::emit;
use crate::methods::{factories, factory_name, has_own_setter, operation_name, overload_index};
use crate::model::{AttrValue, Interface, Iterable, Literal, Member, MemberKind, Special, Type};
use crate::names::{snake, upper};
use crate::types::float;

impl Emitter<'_> {
    /// The entry function of an operation or constructor, and its `length`.
    fn entry(&self, member: &Member, what: &str, name: &str) -> (String, usize) {
        let overloads = self.overloads(member);
        let length = overloads.iter().map(|member| required(arguments_of(member)));
        let length = length.min().unwrap_or(0);
        let function = self.function(what, name);
        if overloads.len() > 1 {
            (format!("{function}_overloaded"), length)
        } else {
            (function, length)
        }
    }

    /// The table of members.
    fn members(&self, out: &mut String) {
        for (place, member) in self.interface.members.iter().enumerate() {
            let is_overload = overload_index(self.interface, place) > 0;
            let flags = self.flags(member);
            let entry = |out: &mut String, name: &str, kind: &str| {
                emit!(out, "rt::Member {{ name: c{name:?}, kind: {kind}, {flags} }},");
            };
            match &member.kind {
                MemberKind::Constant { value } => {
                    let value = match value {
                        Literal::Boolean(value) => format!("Bool({value})"),
                        Literal::Integer(value) => format!("Number({value} as f64)"),
                        Literal::Float(_) => format!("Number({})", float(value, "f64")),
                        _ => "Number(0.0)".to_owned(),
                    };
                    let kind = format!("rt::MemberKind::Constant(rt::Constant::{value})");
                    entry(out, &member.name, &kind);
                }
                MemberKind::Attribute { ty, .. } => {
                    let name = snake(&member.name);
                    let get = self.function("get", &name);
                    let native = native(ty);
                    let has_setter = has_own_setter(member)
                        || member.attrs.has("PutForwards")
                        || member.attrs.has("Replaceable");
                    let set = match has_setter {
                        true => format!("Some(rt::Native::of({}))", self.function("set", &name)),
                        false => "None".to_owned(),
                    };
                    let kind = format!(
                        "rt::MemberKind::Attribute {{ get: rt::Native::{native}({get}), set: {set} }}"
                    );
                    entry(out, &member.name, &kind);
                    if member.stringifier {
                        let kind = format!(
                            "rt::MemberKind::Operation {{ call: rt::Native::of({get}), length: 0 }}"
                        );
                        entry(out, "toString", &kind);
                    }
                }
                MemberKind::Operation { .. } if is_overload => {}
                MemberKind::Operation { ret, .. } => {
                    let name = operation_name(member, 0);
                    let (function, length) = self.entry(member, "call", &name);
                    let kind = format!(
                        "rt::MemberKind::Operation {{ call: rt::Native::{}({function}), length: {length} }}",
                        native(ret)
                    );
                    if !member.name.is_empty() {
                        entry(out, &member.name, &kind);
                    }
                    if member.stringifier {
                        entry(out, "toString", &kind);
                    }
                }
                MemberKind::Constructor { .. } => {}
            }
        }
        self.pair_members(out);
    }

    /// The methods of `iterable<K, V>`.
    fn pair_members(&self, out: &mut String) {
        if !matches!(self.interface.iterable, Some(Iterable::Pairs(..))) {
            return;
        }
        let ty = self.rust_type();
        let exposure = exposure(false, None);
        for (name, function, length) in [
            ("entries", "entries", 0),
            ("keys", "keys", 0),
            ("values", "values", 0),
            ("forEach", "for_each", 1),
        ] {
            emit!(
                out,
                "rt::Member {{ name: c{name:?}, kind: rt::MemberKind::Operation {{
                    call: rt::Native::of(rt::pair_iterator::{function}::<{ty}>), length: {length} }},
                    exposure: {exposure}, is_static: false, unforgeable: false, unscopable: false }},"
            );
        }
    }

    /// What the runtime asks of an interface with `iterable<K, V>`.
    fn emit_pair_iterable(&self, out: &mut String) {
        let Some(Iterable::Pairs(key, value)) = &self.interface.iterable else {
            return;
        };
        emit!(
            out,
            "impl rt::PairIterable for {} {{
                type Key = {};
                type Value = {};
                fn value_pair(&self, realm: &rt::Realm, index: usize) -> Option<(Self::Key, Self::Value)> {{
                    {}::value_pair(self, realm, index)
                }}
            }}",
            self.rust_type(),
            self.types.outgoing(key),
            self.types.outgoing(value),
            self.implementation()
        );
    }

    fn flags(&self, member: &Member) -> String {
        format!(
            "exposure: {}, is_static: {}, unforgeable: {}, unscopable: {}",
            exposure(member.attrs.has("SecureContext"), member.attrs.text("Pref")),
            member.is_static,
            member.attrs.has("LegacyUnforgeable"),
            member.attrs.has("Unscopable")
        )
    }

    /// The table of named properties.
    fn emit_named(&self, out: &mut String, override_built_ins: bool, unenumerable: bool) {
        let Some(getter) = self.interface.special(Special::NamedGetter) else {
            return;
        };
        let implementation = self.implementation();
        let this = format!(
            "let this = rt::convert::interface::<{}>(realm, object.as_value())?;",
            self.rust_type()
        );
        let set = self.interface.special(Special::NamedSetter).map(|setter| {
            let value = arguments_of(setter).get(1).map(|arg| &arg.ty);
            let value = value.map(|ty| self.types.conversion(ty, "value")).unwrap_or_default();
            format!(
                "|realm, object, name, value| {{
                    {this}
                    let value = {value}?;
                    {implementation}::{}(&this, realm, name, value)?;
                    Ok(())
                }}",
                operation_name(setter, 0)
            )
        });
        let delete = self.interface.special(Special::NamedDeleter).map(|deleter| {
            let call =
                format!("{implementation}::{}(&this, realm, name)", operation_name(deleter, 0));
            let result = match &deleter.kind {
                MemberKind::Operation { ret: Type::Boolean, .. } => call,
                _ => format!("{call}.map(|_| true)"),
            };
            format!("|realm, object, name| {{ {this} {result} }}")
        });
        let option = |function: Option<String>| {
            function.map_or("None".to_owned(), |function| format!("Some({function})"))
        };
        emit!(
            out,
            "static NAMED_{}: rt::Named = rt::Named {{
                is_supported: |realm, object, name| {{
                    {this}
                    Ok({implementation}::is_supported_property_name(&this, realm, name))
                }},
                names: |realm, object| {{
                    {this}
                    Ok({implementation}::supported_property_names(&this, realm))
                }},
                get: |realm, object, name| {{
                    {this}
                    let result = {implementation}::{}(&this, realm, name)?;
                    rt::ToJs::to_js(&result, realm)
                }},
                set: {},
                delete: {},
                override_built_ins: {override_built_ins},
                unenumerable: {unenumerable},
            }};",
            upper(&self.interface.name),
            operation_name(getter, 0),
            option(set),
            option(delete)
        );
    }

    /// Everything about the interface that is data.
    pub(crate) fn emit_info(&self, out: &mut String, id: usize, ancestors: &[&Interface]) {
        let name = &self.interface.name;
        let constant = upper(name);
        let ty = self.rust_type();
        let parent = match ancestors.first() {
            Some(parent) => format!("Some(&INFO_{})", upper(&parent.name)),
            None => "None".to_owned(),
        };
        let chain = || std::iter::once(self.interface).chain(ancestors.iter().copied());
        let unforgeable = chain().any(|interface| {
            let mut members = interface.members.iter();
            members.any(|member| member.attrs.has("LegacyUnforgeable"))
        });
        let nearest = |special, table: &str| {
            let found = chain().find(|interface| interface.special(special).is_some());
            match found.filter(|interface| !interface.attrs.has("Global")) {
                Some(interface) => format!("Some(&{table}_{})", upper(&interface.name)),
                None => "None".to_owned(),
            }
        };
        let indexed = nearest(Special::IndexedGetter, "INDEXED");
        let named = nearest(Special::NamedGetter, "NAMED");
        let has = |attr: &str| chain().any(|interface| interface.attrs.has(attr));
        let steps = |attr: &str, steps: &str| match self.interface.attrs.has(attr) {
            true => format!("Some(rt::structured_clone::{steps}::of::<{ty}>())"),
            false => "None".to_owned(),
        };
        let serialization = steps("Serializable", "SerializationSteps");
        let transfer = steps("Transferable", "TransferSteps");
        self.emit_named(
            out,
            has("LegacyOverrideBuiltIns"),
            has("LegacyUnenumerableNamedProperties"),
        );
        if let Some(getter) = self.interface.special(Special::IndexedGetter) {
            let this = format!("rt::convert::interface::<{ty}>(realm, object.as_value())?");
            emit!(
                out,
                "static INDEXED_{constant}: rt::Indexed = rt::Indexed {{
                    length: |realm, object| {{ let this = {this}; Ok({0}::length(&this, realm)) }},
                    get: |realm, object, index| {{
                        let this = {this};
                        let result = {0}::{1}(&this, realm, index)?;
                        rt::ToJs::to_js(&result, realm)
                    }},
                    iterable: {2},
                }};",
                self.implementation(),
                operation_name(getter, 0),
                matches!(self.interface.iterable, Some(Iterable::Values))
            );
        }
        self.emit_pair_iterable(out);
        let root = chain().last().and_then(|interface| interface.parent.as_ref());
        let exception = match root.is_some_and(|(parent, _)| parent == DOM_EXCEPTION) {
            true => format!(
                "Some(|object| {{
                    let object = object.cast(::std::any::TypeId::of::<{ty}>());
                    let object = object.and_then(|object| object.downcast_ref::<{ty}>());
                    object.map(rt::ExceptionInterface::message).unwrap_or_default()
                }})"
            ),
            false => "None".to_owned(),
        };
        emit!(
            out,
            "static INFO_{constant}: rt::InterfaceInfo = rt::InterfaceInfo {{
                id: rt::InterfaceId({id}), name: {name:?}, parent: {parent},
                has_unforgeable: {unforgeable}, indexed: {indexed}, named: {named},
                serialization: {serialization}, transfer: {transfer},
                exception_message: {exception},
            }};
            impl rt::DomInterface for {ty} {{
                const INFO: &'static rt::InterfaceInfo = &INFO_{constant};
            }}
            impl rt::DerivedFrom<{ty}> for {ty} {{}}"
        );
        for ancestor in ancestors {
            let ancestor = self.types.dom_type(&ancestor.name);
            emit!(out, "impl rt::DerivedFrom<{ancestor}> for {ty} {{}}");
        }
        let base = match ancestors.first() {
            Some(parent) => self.types.dom_type(&parent.name),
            None => "()".to_owned(),
        };
        emit!(
            out,
            "const _: fn() = || {{
                /// The Rust type must embed the type of the interface that the IDL inherits from.
                fn embeds<T: rt::DomBase<Base = B>, B>() {{}}
                embeds::<{ty}, {base}>();
            }};"
        );
    }

    pub(crate) fn emit_spec(&self, out: &mut String) {
        let name = &self.interface.name;
        let attrs = &self.interface.attrs;
        let exposure = exposure(attrs.has("SecureContext"), attrs.text("Pref"));
        if self.is_namespace {
            emit!(out, "rt::NamespaceSpec {{ name: c{name:?}, exposure: {exposure}, members: &[");
            self.members(out);
            emit!(out, "] }},");
            return;
        }
        let mut members = self.interface.members.iter();
        let constructor = members.find(|member| {
            matches!(member.kind, MemberKind::Constructor { .. })
                && !member.attrs.has("HTMLConstructor")
        });
        let constructor = match constructor {
            Some(member) => {
                let (function, length) = self.entry(member, "new", "constructor");
                format!("Some((rt::Native::of({function}), {length}))")
            }
            None => "None".to_owned(),
        };
        let has_named = self.interface.special(Special::NamedGetter).is_some();
        let named_properties = match has_named && attrs.has("Global") {
            true => format!("Some(&NAMED_{})", upper(name)),
            false => "None".to_owned(),
        };
        let pair_iterator = match self.interface.iterable {
            Some(Iterable::Pairs(..)) => {
                format!("Some(rt::Native::of(rt::pair_iterator::next::<{}>))", self.rust_type())
            }
            _ => "None".to_owned(),
        };
        emit!(
            out,
            "rt::InterfaceSpec {{ info: &INFO_{}, name: c{name:?}, constructor: {constructor},
                exposure: {exposure}, is_global: {}, named_properties: {named_properties}, pair_iterator: {pair_iterator},
                factories: &[",
            upper(name),
            attrs.has("Global")
        );
        for (name, args, _) in factories(self.interface) {
            let function = self.function("new", &factory_name(&name));
            emit!(
                out,
                "rt::Function {{ name: c{name:?}, call: rt::Native::of({function}), length: {} }},",
                required(&args)
            );
        }
        let aliases = match attrs.get("LegacyWindowAlias").map(|attr| &attr.value) {
            Some(AttrValue::Text(alias)) => std::slice::from_ref(alias),
            Some(AttrValue::List(aliases)) => aliases,
            _ => &[],
        };
        let aliases: Vec<_> = aliases.iter().map(|alias| format!("c{alias:?}")).collect();
        emit!(out, "], window_aliases: &[{}], members: &[", aliases.join(", "));
        self.members(out);
        emit!(out, "] }},");
    }
}

fn native(ret: &Type) -> &'static str {
    match ret {
        Type::Promise(_) => "promise",
        _ => "of",
    }
}

fn exposure(secure_context: bool, pref: Option<&str>) -> String {
    let pref = match pref {
        Some(pref) => format!("Some({pref:?})"),
        None => "None".to_owned(),
    };
    format!("rt::Exposure {{ secure_context: {secure_context}, pref: {pref} }}")
}
