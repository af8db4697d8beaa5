/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The Rust trait of an interface: which methods, with which signatures.

use crate::model::{Argument, Interface, Iterable, Member, MemberKind, Special, Type};
use crate::names::{snake, variant};
use crate::source::Position;
use crate::types::Types;

/// One method of a `…Methods` trait.
pub(crate) struct Method {
    pub(crate) name: String,
    /// Whether it takes `&self`.
    pub(crate) receiver: bool,
    /// Name and type, after `realm`.
    pub(crate) parameters: Vec<(String, String)>,
    /// The type without `Fallible`.
    pub(crate) ret: String,
    pub(crate) fallible: bool,
    /// The body that it has if the implementation does not write one.
    pub(crate) default: Option<String>,
    pub(crate) doc: String,
    pub(crate) position: Position,
}

impl Method {
    /// The Rust signature.
    pub(crate) fn signature(&self) -> String {
        let mut parameters = Vec::new();
        if self.receiver {
            parameters.push("&self".to_owned());
        }
        parameters.push("realm: &rt::Realm".to_owned());
        parameters.extend(self.parameters.iter().map(|(name, ty)| format!("{name}: {ty}")));
        let ret = match (self.fallible, self.ret.as_str()) {
            (false, "()") => String::new(),
            (false, ret) => format!(" -> {ret}"),
            (true, ret) => format!(" -> rt::Fallible<{ret}>"),
        };
        format!("fn {}({}){ret}", self.name, parameters.join(", "))
    }
}

/// The name of the Rust type behind an interface or namespace: that of the interface, `Console` for `console`.
pub(crate) fn type_name(interface: &Interface) -> String {
    let mut chars = interface.name.chars();
    match chars.next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(chars).collect(),
        _ => interface.name.clone(),
    }
}

pub(crate) fn trait_name(interface: &Interface) -> String {
    format!("{}Methods", type_name(interface))
}

pub(crate) fn getter_fallible(member: &Member) -> bool {
    member.attrs.has("Throws") || member.attrs.has("GetterThrows")
}

pub(crate) fn setter_fallible(member: &Member) -> bool {
    member.attrs.has("Throws") || member.attrs.has("SetterThrows")
}

/// Whether an attribute has a setter that the implementation writes.
pub(crate) fn has_own_setter(member: &Member) -> bool {
    matches!(member.kind, MemberKind::Attribute { readonly: false, .. })
}

/// The Rust type of an argument.
pub(crate) fn argument_type(types: &Types<'_>, arg: &Argument) -> String {
    let ty = types.incoming(&arg.ty);
    if arg.variadic {
        format!("Vec<{ty}>")
    } else if arg.optional && arg.default.is_none() && arg.ty != Type::Any {
        format!("Option<{ty}>")
    } else {
        ty
    }
}

fn parameters(types: &Types<'_>, args: &[Argument]) -> Vec<(String, String)> {
    args.iter().map(|arg| (snake(&arg.name), argument_type(types, arg))).collect()
}

/// The Rust name of an operation; `index` counts its overloads from 0.
pub(crate) fn operation_name(member: &Member, index: usize) -> String {
    let base = if member.name.is_empty() {
        member.special.map_or("stringifier", Special::method).to_owned()
    } else {
        snake(&member.name)
    };
    match index {
        0 => base,
        index => format!("{base}_{}", index + 1),
    }
}

/// The Rust name of a constructor.
pub(crate) fn constructor_name(index: usize) -> String {
    match index {
        0 => "constructor".to_owned(),
        index => format!("constructor_{}", index + 1),
    }
}

/// The legacy factory functions of an interface.
pub(crate) fn factories(interface: &Interface) -> Vec<(String, Vec<Argument>, Position)> {
    let attrs = interface.attrs.0.iter();
    attrs
        .filter(|attr| ["LegacyFactoryFunction", "NamedConstructor"].contains(&attr.name.as_str()))
        .filter_map(|attr| match &attr.value {
            crate::model::AttrValue::Named(name, args) => {
                Some((name.clone(), args.clone(), attr.position.clone()))
            }
            crate::model::AttrValue::Text(name) => {
                Some((name.clone(), Vec::new(), attr.position.clone()))
            }
            _ => None,
        })
        .collect()
}

/// The Rust name of a legacy factory function.
pub(crate) fn factory_name(name: &str) -> String {
    format!("construct_{}", snake(&variant(name)))
}

/// Operations and constructors of the same name, in IDL order.
pub(crate) fn overload_index(interface: &Interface, position: usize) -> usize {
    let member = &interface.members[position];
    interface.members[..position].iter().filter(|other| member.overloads(other)).count()
}

/// All methods that an implementation must have.
pub(crate) fn methods(types: &Types<'_>, interface: &Interface) -> Vec<Method> {
    let mut methods = Vec::new();
    for (place, member) in interface.members.iter().enumerate() {
        let index = overload_index(interface, place);
        match &member.kind {
            MemberKind::Constant { .. } => {}
            MemberKind::Attribute { ty, .. } => {
                methods.push(Method {
                    name: snake(&member.name),
                    receiver: !member.is_static,
                    parameters: Vec::new(),
                    ret: types.outgoing(ty),
                    fallible: getter_fallible(member) || matches!(ty, Type::Promise(_)),
                    default: None,
                    doc: format!("The getter of `{}`.", member.name),
                    position: member.position.clone(),
                });
                if has_own_setter(member) {
                    methods.push(Method {
                        name: format!("set_{}", snake(&member.name).trim_end_matches('_')),
                        receiver: !member.is_static,
                        parameters: vec![("value".to_owned(), types.incoming(ty))],
                        ret: "()".to_owned(),
                        fallible: setter_fallible(member),
                        default: None,
                        doc: format!("The setter of `{}`.", member.name),
                        position: member.position.clone(),
                    });
                }
            }
            MemberKind::Operation { ret, args } => {
                let what = match (member.name.as_str(), member.special) {
                    ("", Some(special)) => format!("The {}.", special.method().replace('_', " ")),
                    ("", None) => "The stringifier.".to_owned(),
                    (name, _) => format!("The operation `{name}`."),
                };
                methods.push(Method {
                    name: operation_name(member, index),
                    receiver: !member.is_static,
                    parameters: parameters(types, args),
                    ret: types.outgoing(ret),
                    fallible: true,
                    default: None,
                    doc: what,
                    position: member.position.clone(),
                });
            }
            MemberKind::Constructor { .. } if member.attrs.has("HTMLConstructor") => {}
            MemberKind::Constructor { args } => methods.push(Method {
                name: constructor_name(index),
                receiver: false,
                parameters: parameters(types, args),
                ret: "rt::DomRoot<Self>".to_owned(),
                fallible: true,
                default: None,
                doc: "The constructor.".to_owned(),
                position: member.position.clone(),
            }),
        }
    }
    if let Some(Iterable::Pairs(key, value)) = &interface.iterable {
        methods.push(Method {
            name: "value_pair".to_owned(),
            receiver: true,
            parameters: vec![("index".to_owned(), "usize".to_owned())],
            ret: format!("Option<({}, {})>", types.outgoing(key), types.outgoing(value)),
            fallible: false,
            default: None,
            doc: "One of the value pairs to iterate over, `None` past the last.".to_owned(),
            position: interface.position.clone(),
        });
    }
    if let Some(getter) = interface.special(Special::NamedGetter) {
        let method = |name: &str, parameters, ret: &str, default: Option<&str>, doc: &str| Method {
            name: name.to_owned(),
            receiver: true,
            parameters,
            ret: ret.to_owned(),
            fallible: false,
            default: default.map(str::to_owned),
            doc: doc.to_owned(),
            position: getter.position.clone(),
        };
        methods.push(method(
            "supported_property_names",
            Vec::new(),
            "Vec<rt::DomString>",
            None,
            "The supported property names, in order.",
        ));
        methods.push(method(
            "is_supported_property_name",
            vec![("name".to_owned(), "&rt::DomString".to_owned())],
            "bool",
            Some("self.supported_property_names(realm).contains(name)"),
            "Whether a name is a supported property name; to be written where that is faster.",
        ));
    }
    for (name, args, position) in factories(interface) {
        methods.push(Method {
            name: factory_name(&name),
            receiver: false,
            parameters: parameters(types, &args),
            ret: "rt::DomRoot<Self>".to_owned(),
            fallible: true,
            default: None,
            doc: format!("The legacy factory function `{name}`."),
            position,
        });
    }
    methods
}
