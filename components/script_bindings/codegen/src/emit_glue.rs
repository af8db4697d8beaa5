/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Rust code for the functions that script calls: brand check, conversions, the call of the implementation.

use crate::emit_interface::{Emitter, arguments_of, required};
use crate::emit_values::emit;
use crate::methods::{
    argument_type, constructor_name, factories, factory_name, getter_fallible, has_own_setter,
    operation_name, overload_index, setter_fallible,
};
use crate::model::{Argument, Member, MemberKind, Type};
use crate::names::snake;
use crate::select::{Choice, chain};
use crate::types::Kind;

impl Emitter<'_> {
    fn begin(&self, out: &mut String, function: &str) {
        emit!(
            out,
            "fn {function}(call: &rt::Call<'_>) -> rt::Fallible<rt::JsValue> {{
                let realm = call.realm();"
        );
    }

    fn brand_check(&self, out: &mut String, is_static: bool) {
        if !is_static {
            emit!(out, "let this = call.this::<{}>()?;", self.rust_type());
        }
    }

    fn attribute_brand_check(&self, out: &mut String, member: &Member) {
        if member.attrs.has("LegacyLenientThis") {
            emit!(
                out,
                "let Some(this) = call.lenient_this::<{}>()? else {{
                    return Ok(rt::JsValue::undefined());
                }};",
                self.rust_type()
            );
        } else {
            self.brand_check(out, member.is_static);
        }
    }

    /// All functions of the interface.
    pub(crate) fn emit_glue(&self, out: &mut String) {
        for (place, member) in self.interface.members.iter().enumerate() {
            let index = overload_index(self.interface, place);
            match &member.kind {
                MemberKind::Constant { .. } => {}
                MemberKind::Attribute { ty, readonly } => {
                    self.getter(out, member);
                    if has_own_setter(member) {
                        self.setter(out, member, ty);
                    } else if *readonly {
                        self.special_setter(out, member);
                    }
                }
                // Only the tables of special operations call these.
                MemberKind::Operation { .. } if member.name.is_empty() && !member.stringifier => {}
                MemberKind::Operation { ret, args } => {
                    self.operation(out, member, index, ret, args);
                    if index == 0 {
                        self.dispatch(out, member, "call", &operation_name(member, 0));
                    }
                }
                MemberKind::Constructor { .. } if member.attrs.has("HTMLConstructor") => {}
                MemberKind::Constructor { args } => {
                    let name = constructor_name(index);
                    let function = self.function("new", &name);
                    self.constructor(out, &function, &name, args);
                    if index == 0 {
                        self.dispatch(out, member, "new", &name);
                    }
                }
            }
        }
        for (name, args, _) in factories(self.interface) {
            let method = factory_name(&name);
            self.constructor(out, &self.function("new", &method), &method, &args);
        }
    }

    fn getter(&self, out: &mut String, member: &Member) {
        let name = snake(&member.name);
        let MemberKind::Attribute { ty, .. } = &member.kind else {
            return;
        };
        self.begin(out, &self.function("get", &name));
        self.attribute_brand_check(out, member);
        let this = if member.is_static { "" } else { "&this, " };
        let fallible = getter_fallible(member) || matches!(ty, Type::Promise(_));
        emit!(
            out,
            "let result = {}::{name}({this}realm){};\nrt::ToJs::to_js(&result, realm) }}",
            self.implementation(),
            if fallible { "?" } else { "" }
        );
    }

    fn setter(&self, out: &mut String, member: &Member, ty: &Type) {
        let name = snake(&member.name);
        self.begin(out, &self.function("set", &name));
        self.attribute_brand_check(out, member);
        let is_enum = |ty: &Type| {
            matches!(ty, Type::Named(name, _) if self.types.kind(name) == Kind::Enum)
                .then(|| self.types.outgoing(ty))
        };
        let nullable_enum = match ty {
            Type::Nullable(inner) => is_enum(inner),
            _ => None,
        };
        let parse = |name: &str, wrap: &str| {
            format!(
                "match rt::convert::enumeration_or_ignore(realm, call.arg(0), {name}::parse)? {{
                    Some(value) => {wrap},
                    None => return Ok(rt::JsValue::undefined()),
                }}"
            )
        };
        if let Some(name) = is_enum(ty) {
            emit!(out, "let value = {};", parse(&name, "value"));
        } else if let Some(name) = nullable_enum {
            let parse = parse(&name, "Some(value)");
            emit!(out, "let value = if call.arg(0).is_nullish() {{ None }} else {{ {parse} }};");
        } else {
            let value = self.types.conversion(ty, "call.arg(0)");
            emit!(out, "let value = {value}?;");
        }
        let this = if member.is_static { "" } else { "&this, " };
        emit!(
            out,
            "{}::set_{}({this}realm, value){};\nOk(rt::JsValue::undefined()) }}",
            self.implementation(),
            name.trim_end_matches('_'),
            if setter_fallible(member) { "?" } else { "" }
        );
    }

    /// The setters of `[PutForwards]` and `[Replaceable]`.
    fn special_setter(&self, out: &mut String, member: &Member) {
        let (name, idl) = (snake(&member.name), &member.name);
        let body = match member.attrs.text("PutForwards") {
            Some(target) => format!("call.put_forwards({idl:?}, {target:?})"),
            None if member.attrs.has("Replaceable") => format!("call.replace({idl:?})"),
            None => return,
        };
        emit!(
            out,
            "fn {}(call: &rt::Call<'_>) -> rt::Fallible<rt::JsValue> {{",
            self.function("set", &name)
        );
        emit!(out, "call.this::<{}>()?;\n{body} }}", self.rust_type());
    }

    /// Converts the arguments into locals; returns their names.
    fn arguments(&self, out: &mut String, args: &[Argument]) -> String {
        let required = required(args);
        if required > 0 {
            emit!(out, "call.require({required})?;");
        }
        let mut names = String::new();
        for (index, arg) in args.iter().enumerate() {
            let value = format!("call.arg({index})");
            let converted = self.types.conversion(&arg.ty, &value);
            let name = format!("arg{index}");
            let ty = argument_type(self.types, arg);
            names += &format!(", {name}");
            if arg.variadic {
                let each = self.types.conversion(&arg.ty, "value");
                emit!(
                    out,
                    "let {name}: {ty} = call.rest({index}).iter().map(|value| {each}).collect::<rt::Fallible<_>>()?;"
                );
            } else if arg.optional && arg.ty != Type::Any {
                let missing = match &arg.default {
                    Some(default) => self.types.default(&arg.ty, default),
                    None => "None".to_owned(),
                };
                let present = match &arg.default {
                    Some(_) => format!("{converted}?"),
                    None => format!("Some({converted}?)"),
                };
                emit!(
                    out,
                    "let {name}: {ty} = if {value}.is_undefined() {{ {missing} }} else {{ {present} }};"
                );
            } else if let (Type::Any, Some(default)) = (&arg.ty, &arg.default) {
                let default = self.types.default(&arg.ty, default);
                emit!(
                    out,
                    "let {name}: {ty} = if {value}.is_undefined() {{ {default} }} else {{ {converted}? }};"
                );
            } else {
                emit!(out, "let {name}: {ty} = {converted}?;");
            }
        }
        names
    }

    fn operation(
        &self,
        out: &mut String,
        member: &Member,
        index: usize,
        ret: &Type,
        args: &[Argument],
    ) {
        let name = operation_name(member, index);
        self.begin(out, &self.function("call", &name));
        self.brand_check(out, member.is_static);
        let names = self.arguments(out, args);
        let this = if member.is_static { "" } else { "&this, " };
        let call = format!("{}::{name}({this}realm{names})?", self.implementation());
        if *ret == Type::Undefined {
            emit!(out, "{call};\nOk(rt::JsValue::undefined()) }}");
        } else {
            emit!(out, "let result = {call};\nrt::ToJs::to_js(&result, realm) }}");
        }
    }

    fn constructor(&self, out: &mut String, function: &str, method: &str, args: &[Argument]) {
        self.begin(out, function);
        emit!(out, "call.require_new({:?})?;", self.interface.name);
        let names = self.arguments(out, args);
        emit!(
            out,
            "let object = {}::{method}(realm{names})?;\ncall.construct(&object) }}",
            self.implementation()
        );
    }

    /// The function that chooses among overloads, if there are several.
    fn dispatch(&self, out: &mut String, member: &Member, what: &str, name: &str) {
        let overloads = self.overloads(member);
        if overloads.len() < 2 {
            return;
        }
        let args: Vec<&[Argument]> = overloads.iter().map(|member| arguments_of(member)).collect();
        let most = args.iter().map(|args| args.len()).max().unwrap_or(0);
        let function = |index: usize| match (what, index) {
            (_, 0) => self.function(what, name),
            (_, index) => self.function(what, &format!("{name}_{}", index + 1)),
        };
        let mut arms = String::new();
        for count in 0..=most {
            let fits = |args: &&[Argument]| {
                required(args) <= count
                    && (args.len() >= count || args.last().is_some_and(|arg| arg.variadic))
            };
            let candidates: Vec<usize> = (0..args.len()).filter(|i| fits(&args[*i])).collect();
            let body = match candidates.as_slice() {
                [] => "Err(rt::Error::type_error(\"no overload takes so few arguments\"))".into(),
                [one] => format!("{}(call)", function(*one)),
                several => {
                    let at = |i: usize, place: usize| args[i].get(place).or(args[i].last());
                    let differs = |place: &usize| {
                        let mut types = several.iter().map(|i| at(*i, *place).map(|arg| &arg.ty));
                        let first = types.next().flatten();
                        types.any(|ty| ty != first)
                    };
                    let place = (0..count).find(differs).unwrap_or(0);
                    let choices: Vec<Choice> = several
                        .iter()
                        .filter_map(|i| {
                            let arg = at(*i, place)?;
                            Some(Choice {
                                ty: arg.ty.clone(),
                                optional: arg.optional,
                                action: format!("{}(call)", function(*i)),
                            })
                        })
                        .collect();
                    let chain = chain(self.types, &choices, "no overload takes this value");
                    format!("{{ let value = call.arg({place}); {chain} }}")
                }
            };
            let pattern = if count == most { "_".to_owned() } else { count.to_string() };
            emit!(arms, "{pattern} => {body},");
        }
        let entry = format!("{}_overloaded", self.function(what, name));
        emit!(out, "fn {entry}(call: &rt::Call<'_>) -> rt::Fallible<rt::JsValue> {{");
        if arms.contains("realm") {
            emit!(out, "let realm = call.realm();");
        }
        emit!(out, "match call.len() {{ {arms} }} }}");
    }
}
