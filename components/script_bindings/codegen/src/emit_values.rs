/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Rust code for enumerations, dictionaries, unions and callbacks.

use crate::model::{Argument, Callback, Dictionary, Enum, Interface, MemberKind, Type};
use crate::names::{snake, variant};
use crate::select::{Choice, chain};
use crate::types::{Kind, Types};

/// Formats into a string, which cannot fail.
macro_rules! emit {
    ($out:expr, $($arg:tt)*) => {{
        use ::std::fmt::Write as _;
        let _ = writeln!($out, $($arg)*);
    }};
}
pub(crate) use emit;

pub(crate) fn enumeration(out: &mut String, found: &Enum) {
    let name = &found.name;
    emit!(out, "/// The enumeration `{name}`.");
    emit!(out, "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]");
    emit!(out, "pub enum {name} {{");
    for value in &found.values {
        emit!(out, "/// `\"{value}\"`\n{},", variant(value));
    }
    emit!(out, "}}\nrt::impl_trace!({name});");
    emit!(out, "impl {name} {{");
    emit!(out, "/// Every value, in the order of the IDL.\npub const ALL: &'static [Self] = &[");
    for value in &found.values {
        emit!(out, "Self::{},", variant(value));
    }
    emit!(out, "];\n/// The string that script sees.");
    emit!(out, "pub const fn as_str(self) -> &'static str {{ match self {{");
    for value in &found.values {
        emit!(out, "Self::{} => {value:?},", variant(value));
    }
    emit!(out, "}} }}\n/// The value with this string.");
    emit!(out, "pub fn parse(text: &str) -> Option<Self> {{ match text {{");
    for value in &found.values {
        emit!(out, "{value:?} => Some(Self::{}),", variant(value));
    }
    emit!(out, "_ => None, }} }}");
    emit!(
        out,
        "/// Converts from script; an unknown string is a `TypeError`.
        pub fn from_js(realm: &rt::Realm, value: &rt::JsValue) -> rt::Fallible<Self> {{
            rt::convert::enumeration(realm, value, Self::parse, {name:?})
        }} }}
        impl rt::ToJs for {name} {{
            fn to_js(&self, realm: &rt::Realm) -> rt::Fallible<rt::JsValue> {{
                rt::ToJs::to_js(self.as_str(), realm)
            }}
        }}
        impl ::std::fmt::Display for {name} {{
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {{
                f.write_str(self.as_str())
            }}
        }}
        impl ::std::str::FromStr for {name} {{
            type Err = rt::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {{
                Self::parse(text).ok_or_else(|| rt::Error::type_error(format!(\"'{{text}}' is not a {name}\")))
            }}
        }}"
    );
}

pub(crate) fn dictionary(out: &mut String, types: &Types<'_>, found: &Dictionary) {
    let name = &found.name;
    // In lexicographic order, in which script sees the members being read.
    let mut members: Vec<_> = found.members.iter().collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    let parent = found.parent.as_ref().map(|(parent, _)| parent);
    let is_plain = |ty: &Type| matches!(ty, Type::Any);

    emit!(out, "/// The dictionary `{name}`.\n#[derive(Clone, Debug)]\npub struct {name} {{");
    if let Some(parent) = parent {
        emit!(out, "/// The inherited members.\npub parent: {parent},");
    }
    for member in &found.members {
        let ty = types.incoming(&member.ty);
        let always = member.required || member.default.is_some() || is_plain(&member.ty);
        let ty = if always { ty } else { format!("Option<{ty}>") };
        emit!(out, "/// `{}`\npub {}: {ty},", member.name, snake(&member.name));
    }
    emit!(out, "}}");
    let parent_field = parent.map(|_| "parent".to_owned());
    let fields = found.members.iter().map(|member| snake(&member.name));
    let fields: Vec<String> = parent_field.into_iter().chain(fields).collect();
    let fields = fields.join(", ");
    emit!(out, "rt::impl_trace!({name} {{ {fields} }});");

    emit!(out, "impl {name} {{\n/// Converts from script.");
    emit!(out, "pub fn from_js(realm: &rt::Realm, value: &rt::JsValue) -> rt::Fallible<Self> {{");
    if let Some(parent) = parent {
        emit!(out, "let parent = {parent}::from_js(realm, value)?;");
    } else if members.is_empty() {
        emit!(out, "rt::convert::member(realm, value, {name:?}, \"\")?;");
    }
    for member in &members {
        let field = snake(&member.name);
        let missing = match (&member.default, member.required) {
            (Some(default), _) => types.default(&member.ty, default),
            (None, true) => format!(
                "return Err(rt::Error::type_error(\"{name}: required member '{}' is missing\"))",
                member.name
            ),
            (None, false) if is_plain(&member.ty) => "rt::JsValue::undefined()".into(),
            (None, false) => "None".into(),
        };
        let converted = format!("{}?", types.conversion(&member.ty, "&value"));
        let always = member.required || member.default.is_some() || is_plain(&member.ty);
        let present = if always { converted } else { format!("Some({converted})") };
        emit!(
            out,
            "let {field} = match rt::convert::member(realm, value, {name:?}, {:?})? {{
                Some(value) => {present},
                None => {missing},
            }};",
            member.name
        );
    }
    emit!(out, "Ok(Self {{ {fields} }}) }}");

    emit!(
        out,
        "fn define_members(&self, realm: &rt::Realm, object: &rt::JsObject) -> rt::Fallible<()> {{"
    );
    emit!(out, "let _ = (realm, object);");
    if parent.is_some() {
        emit!(out, "self.parent.define_members(realm, object)?;");
    }
    for member in &members {
        let (field, idl) = (snake(&member.name), &member.name);
        let define = |value: &str| {
            format!("object.define(realm, {idl:?}, rt::ToJs::to_js({value}, realm)?)?;")
        };
        if is_plain(&member.ty) {
            let define = define(&format!("&self.{field}"));
            emit!(out, "if !self.{field}.is_undefined() {{ {define} }}");
        } else if member.required || member.default.is_some() {
            emit!(out, "{}", define(&format!("&self.{field}")));
        } else {
            emit!(out, "if let Some(value) = &self.{field} {{ {} }}", define("value"));
        }
    }
    emit!(out, "Ok(()) }} }}");
    emit!(
        out,
        "impl rt::ToJs for {name} {{
            fn to_js(&self, realm: &rt::Realm) -> rt::Fallible<rt::JsValue> {{
                let object = realm.new_object()?;
                self.define_members(realm, &object)?;
                Ok(object.into_value())
            }}
        }}"
    );
    if !types.has_required(name) {
        emit!(out, "impl Default for {name} {{ fn default() -> Self {{ Self {{");
        if parent.is_some() {
            emit!(out, "parent: Default::default(),");
        }
        for member in &found.members {
            let value = match &member.default {
                Some(default) => types.default(&member.ty, default),
                None if is_plain(&member.ty) => "rt::JsValue::undefined()".into(),
                None => "None".into(),
            };
            emit!(out, "{}: {value},", snake(&member.name));
        }
        emit!(out, "}} }} }}");
    }
}

pub(crate) fn union(out: &mut String, types: &Types<'_>, name: &str, members: &[Type]) {
    emit!(out, "/// A union of types.\n#[derive(Clone, Debug)]\npub enum {name} {{");
    for member in members {
        let variant = types.type_name(member);
        emit!(out, "/// `{variant}`\n{variant}({}),", types.incoming(member));
    }
    emit!(out, "}}");
    let choices: Vec<Choice> = members
        .iter()
        .map(|member| Choice {
            ty: member.clone(),
            optional: false,
            action: format!(
                "{}.map(Self::{})",
                types.conversion(member, "value"),
                types.type_name(member)
            ),
        })
        .collect();
    let failure = format!("the value is none of the types of {name}");
    let body = chain(types, &choices, &failure);
    emit!(
        out,
        "impl {name} {{
            /// Converts from script.
            pub fn from_js(realm: &rt::Realm, value: &rt::JsValue) -> rt::Fallible<Self> {{ {body} }}
        }}"
    );
    emit!(out, "impl rt::ToJs for {name} {{");
    emit!(out, "fn to_js(&self, realm: &rt::Realm) -> rt::Fallible<rt::JsValue> {{ match self {{");
    for member in members {
        let variant = types.type_name(member);
        emit!(out, "Self::{variant}(value) => rt::ToJs::to_js(value, realm),");
    }
    emit!(out, "}} }} }}");
    let variants: Vec<String> = members.iter().map(|ty| types.type_name(ty)).collect();
    emit!(out, "rt::impl_trace!(enum {name} {{ {} }});", variants.join(", "));
}

fn is_copy(types: &Types<'_>, ty: &Type) -> bool {
    match ty {
        Type::Boolean | Type::Integer(..) | Type::Double { .. } | Type::Float { .. } => true,
        Type::Named(name, _) => types.kind(name) == Kind::Enum,
        Type::Nullable(inner) => is_copy(types, inner),
        _ => false,
    }
}

/// Parameters of a callback's `call`, and the code that makes the JavaScript arguments of them.
fn outgoing_arguments(types: &Types<'_>, args: &[Argument]) -> (String, String, String) {
    let mut parameters = String::new();
    let mut names = String::new();
    let mut code = String::from("let mut js_arguments = Vec::new(); let _ = realm;\n");
    for arg in args {
        let name = snake(&arg.name);
        let ty = types.outgoing(&arg.ty);
        let ty = if is_copy(types, &arg.ty) { ty } else { format!("&{ty}") };
        names += &format!(", {name}");
        if arg.variadic {
            parameters += &format!(", {name}: &[{}]", types.outgoing(&arg.ty));
            code += &format!(
                "for value in {name} {{ js_arguments.push(Some(rt::ToJs::to_js(value, realm)?)); }}\n"
            );
        } else if arg.optional {
            parameters += &format!(", {name}: Option<{ty}>");
            code += &format!(
                "js_arguments.push({name}.map(|value| rt::ToJs::to_js(&value, realm)).transpose()?);\n"
            );
        } else {
            parameters += &format!(", {name}: {ty}");
            code += &format!("js_arguments.push(Some(rt::ToJs::to_js(&{name}, realm)?));\n");
        }
    }
    code += "Ok(rt::Callback::arguments(js_arguments))";
    (parameters, names, code)
}

fn callback_type(out: &mut String, name: &str, what: &str, constructor: &str) {
    emit!(
        out,
        "/// The {what} `{name}`, as an object of script.
        #[derive(Clone, Debug, PartialEq)]
        pub struct {name} {{ callback: rt::Callback }}
        rt::impl_trace!({name} {{ callback }});
        impl rt::ToJs for {name} {{
            fn to_js(&self, realm: &rt::Realm) -> rt::Fallible<rt::JsValue> {{
                rt::ToJs::to_js(&self.callback, realm)
            }}
        }}
        impl {name} {{
            /// Converts from script.
            pub fn from_js(realm: &rt::Realm, value: &rt::JsValue) -> rt::Fallible<Self> {{
                Ok(Self {{ callback: rt::Callback::{constructor}(realm, value, {name:?})? }})
            }}
            /// The object and its realm.
            pub fn callback(&self) -> &rt::Callback {{ &self.callback }}
        }}"
    );
}

pub(crate) fn callback(out: &mut String, types: &Types<'_>, found: &Callback) {
    let name = &found.name;
    let constructor = if found.non_object_as_null { "object" } else { "function" };
    callback_type(out, name, "callback function", constructor);
    let (parameters, names, code) = outgoing_arguments(types, &found.args);
    let ret = types.incoming(&found.ret);
    let convert = types.conversion(&found.ret, "value");
    emit!(
        out,
        "impl {name} {{
            /// Calls it; what it throws is the error.
            pub fn call(&self, this: &rt::JsValue{parameters}) -> Result<{ret}, rt::JsValue> {{
                self.callback.invoke(this, |realm| {{ {code} }}, |realm, value| {convert})
            }}
            /// Calls it and reports what it throws.
            pub fn call_reporting(&self, this: &rt::JsValue{parameters}) -> Option<{ret}> {{
                self.callback.report(self.call(this{names}))
            }}
        }}"
    );
}

pub(crate) fn callback_interface(out: &mut String, types: &Types<'_>, found: &Interface) {
    let name = &found.name;
    callback_type(out, name, "callback interface", "object");
    for member in &found.members {
        let MemberKind::Operation { ret, args } = &member.kind else {
            continue;
        };
        let (parameters, names, code) = outgoing_arguments(types, args);
        let (idl, method) = (&member.name, snake(&member.name));
        let convert = types.conversion(ret, "value");
        let ret = types.incoming(ret);
        emit!(
            out,
            "impl {name} {{
                /// Calls `{idl}`; what it throws is the error.
                pub fn {method}(&self, this: &rt::JsValue{parameters}) -> Result<{ret}, rt::JsValue> {{
                    self.callback.call_operation({idl:?}, this, |realm| {{ {code} }}, |realm, value| {convert})
                }}
                /// Calls `{idl}` and reports what it throws.
                pub fn {method}_reporting(&self, this: &rt::JsValue{parameters}) -> Option<{ret}> {{
                    self.callback.report(self.{method}(this{names}))
                }}
            }}"
        );
    }
}
