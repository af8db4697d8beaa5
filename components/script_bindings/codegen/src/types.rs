/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! IDL types as Rust types, and the Rust code that converts them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::check::{DOM_EXCEPTION, WINDOW_PROXY};
use crate::model::{Idl, Literal, Mode, Type};
use crate::names;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Interface,
    Dictionary,
    Enum,
    Callback,
    CallbackInterface,
    DomException,
    WindowProxy,
}

/// Knows all names, and collects the unions in use.
pub(crate) struct Types<'a> {
    pub(crate) idl: &'a Idl,
    /// The Rust path of a DOM type is this, `::`, and the interface's name.
    pub(crate) dom_path: String,
    pub(crate) unions: RefCell<BTreeMap<String, Vec<Type>>>,
}

impl Types<'_> {
    pub(crate) fn kind(&self, name: &str) -> Kind {
        if name == DOM_EXCEPTION {
            Kind::DomException
        } else if name == WINDOW_PROXY {
            Kind::WindowProxy
        } else if self.idl.dictionaries.contains_key(name) {
            Kind::Dictionary
        } else if self.idl.enums.contains_key(name) {
            Kind::Enum
        } else if self.idl.callbacks.contains_key(name) {
            Kind::Callback
        } else if self.idl.callback_interfaces.contains_key(name) {
            Kind::CallbackInterface
        } else {
            Kind::Interface
        }
    }

    pub(crate) fn dom_type(&self, interface: &str) -> String {
        format!("{}::{interface}", self.dom_path)
    }

    /// The Rust type of a value that comes from script. `FrozenArray` is a `Vec` in this direction.
    pub(crate) fn incoming(&self, ty: &Type) -> String {
        match ty {
            Type::FrozenArray(inner) => format!("Vec<{}>", self.incoming(inner)),
            Type::Nullable(inner) => format!("Option<{}>", self.incoming(inner)),
            ty => self.outgoing(ty),
        }
    }

    /// The Rust type of a value that goes to script.
    pub(crate) fn outgoing(&self, ty: &Type) -> String {
        match ty {
            Type::Any => "rt::JsValue".into(),
            Type::Undefined => "()".into(),
            Type::Boolean => "bool".into(),
            Type::Integer(integer, _) => integer.rust.into(),
            Type::Double { .. } => "f64".into(),
            Type::Float { .. } => "f32".into(),
            Type::DomString { .. } => "rt::DomString".into(),
            Type::UsvString => "String".into(),
            Type::ByteString => "rt::ByteString".into(),
            Type::Buffer(name, _) => format!("rt::{name}"),
            Type::Object => "rt::JsObject".into(),
            Type::Named(name, _) => match self.kind(name) {
                Kind::Interface => format!("rt::DomRoot<{}>", self.dom_type(name)),
                Kind::Dictionary | Kind::Enum => name.clone(),
                Kind::Callback | Kind::CallbackInterface => format!("::std::rc::Rc<{name}>"),
                Kind::DomException => "rt::DomException".into(),
                Kind::WindowProxy => "rt::WindowProxy".into(),
            },
            Type::Nullable(inner) => format!("Option<{}>", self.outgoing(inner)),
            Type::Sequence(inner) => format!("Vec<{}>", self.incoming(inner)),
            Type::FrozenArray(_) => "rt::FrozenArray".into(),
            Type::Record(key, value) => {
                format!("rt::Record<{}, {}>", self.incoming(key), self.incoming(value))
            }
            Type::Promise(_) => "rt::JsPromise".into(),
            Type::Union(members) => self.union_name(members),
        }
    }

    /// The name of the Rust enum for a union; remembers that it is needed.
    pub(crate) fn union_name(&self, members: &[Type]) -> String {
        let names: Vec<String> = members.iter().map(|ty| self.type_name(ty)).collect();
        let name = names.join("Or");
        let mut unions = self.unions.borrow_mut();
        if !unions.contains_key(&name) {
            unions.insert(name.clone(), members.to_vec());
        }
        name
    }

    /// A type's name as part of a union's name, and as the union's variant.
    pub(crate) fn type_name(&self, ty: &Type) -> String {
        match ty {
            Type::Any => "Any".into(),
            Type::Undefined => "Undefined".into(),
            Type::Boolean => "Boolean".into(),
            Type::Integer(integer, _) => integer.idl.into(),
            Type::Double { unrestricted: true } => "UnrestrictedDouble".into(),
            Type::Double { .. } => "Double".into(),
            Type::Float { unrestricted: true } => "UnrestrictedFloat".into(),
            Type::Float { .. } => "Float".into(),
            Type::DomString { .. } => "DomString".into(),
            Type::UsvString => "UsvString".into(),
            Type::ByteString => "ByteString".into(),
            Type::Buffer(name, _) => (*name).into(),
            Type::Object => "Object".into(),
            Type::Named(name, _) => name.clone(),
            Type::Nullable(inner) => self.type_name(inner) + "OrNull",
            Type::Sequence(inner) => self.type_name(inner) + "Sequence",
            Type::FrozenArray(inner) => self.type_name(inner) + "Array",
            Type::Record(_, value) => self.type_name(value) + "Record",
            Type::Promise(inner) => self.type_name(inner) + "Promise",
            Type::Union(members) => self.union_name(members),
        }
    }

    fn is_non_object_as_null(&self, ty: &Type) -> bool {
        match ty {
            Type::Named(name, _) => {
                let callback = self.idl.callbacks.get(name);
                callback.is_some_and(|callback| callback.non_object_as_null)
            }
            _ => false,
        }
    }

    /// Rust code of type `Fallible<incoming type>` that converts the `&JsValue` expression `value`.
    pub(crate) fn conversion(&self, ty: &Type, value: &str) -> String {
        let call = |function: &str| format!("rt::convert::{function}(realm, {value})");
        match ty {
            Type::Any => call("any"),
            Type::Undefined => call("undefined"),
            Type::Boolean => call("boolean"),
            Type::Integer(integer, mode) => {
                let mode = match mode {
                    Mode::Wrap => "Wrap",
                    Mode::EnforceRange => "EnforceRange",
                    Mode::Clamp => "Clamp",
                };
                let function = integer.convert;
                format!("rt::convert::{function}(realm, {value}, rt::convert::IntegerMode::{mode})")
            }
            Type::Double { unrestricted: true } => call("unrestricted_double"),
            Type::Double { .. } => call("double"),
            Type::Float { unrestricted: true } => call("unrestricted_float"),
            Type::Float { .. } => call("float"),
            Type::DomString { null_empty: true } => call("dom_string_null_empty"),
            Type::DomString { .. } => call("dom_string"),
            Type::UsvString => call("usv_string"),
            Type::ByteString => call("byte_string"),
            Type::Buffer(name, false) => call(&format!("buffer::<rt::{name}>")),
            Type::Buffer(name, true) => call(&format!("buffer_allow_resizable::<rt::{name}>")),
            Type::Object => call("object"),
            Type::Promise(_) => call("promise"),
            Type::Named(name, _) => match self.kind(name) {
                Kind::Interface => {
                    let ty = self.dom_type(name);
                    format!("rt::convert::interface::<{ty}>(realm, {value})")
                }
                Kind::Dictionary | Kind::Enum => format!("{name}::from_js(realm, {value})"),
                Kind::Callback | Kind::CallbackInterface => {
                    format!("{name}::from_js(realm, {value}).map(::std::rc::Rc::new)")
                }
                Kind::DomException => format!("rt::DomException::from_js(realm, {value})"),
                Kind::WindowProxy => format!("rt::WindowProxy::from_js(realm, {value})"),
            },
            Type::Nullable(inner) if self.is_non_object_as_null(inner) => {
                let inner = self.conversion(inner, "value");
                format!(
                    "{{ let value = {value}; if value.is_object() {{ {inner}.map(Some) }} else {{ Ok(None) }} }}"
                )
            }
            Type::Nullable(inner) => {
                let inner = self.conversion(inner, "value");
                format!("rt::convert::nullable(realm, {value}, |realm, value| {inner})")
            }
            Type::Sequence(inner) | Type::FrozenArray(inner) => {
                let inner = self.conversion(inner, "value");
                format!("rt::convert::sequence(realm, {value}, |realm, value| {inner})")
            }
            Type::Record(key, member) => {
                let (key, member) =
                    (self.conversion(key, "value"), self.conversion(member, "value"));
                format!(
                    "rt::convert::record(realm, {value}, |realm, value| {key}, |realm, value| {member})"
                )
            }
            Type::Union(members) => {
                format!("{}::from_js(realm, {value})", self.union_name(members))
            }
        }
    }

    /// Rust code of the incoming type for a default value.
    pub(crate) fn default(&self, ty: &Type, literal: &Literal) -> String {
        match (ty, literal) {
            (Type::Any, Literal::Null) => "rt::JsValue::null()".into(),
            (Type::Any, Literal::Boolean(value)) => format!("rt::JsValue::from_bool({value})"),
            (Type::Any, Literal::Integer(value)) => {
                format!("rt::JsValue::from_f64({value} as f64)")
            }
            (Type::Any, _) => "rt::JsValue::undefined()".into(),
            (Type::Nullable(_), Literal::Null) => "None".into(),
            (Type::Nullable(inner), literal) => format!("Some({})", self.default(inner, literal)),
            (Type::Double { .. }, literal) => float(literal, "f64"),
            (Type::Float { .. }, literal) => float(literal, "f32"),
            (Type::Union(members), literal) => {
                let name = self.union_name(members);
                let fits = |ty: &&Type| self.fits(ty, literal);
                match members.iter().find(fits) {
                    Some(member) => format!(
                        "{name}::{}({})",
                        self.type_name(member),
                        self.default(member, literal)
                    ),
                    None => "Default::default()".into(),
                }
            }
            (Type::Named(name, _), Literal::String(value)) => {
                format!("{name}::{}", names::variant(value))
            }
            (Type::DomString { .. }, Literal::String(value)) => {
                format!("rt::DomString::from({value:?})")
            }
            (Type::ByteString, Literal::String(value)) => {
                format!("rt::ByteString::from({value:?})")
            }
            (_, Literal::String(value)) => format!("String::from({value:?})"),
            (_, Literal::Boolean(value)) => value.to_string(),
            (_, Literal::Integer(value)) => value.to_string(),
            (_, Literal::Float(value)) => value.to_string(),
            (_, Literal::EmptyArray) => "Vec::new()".into(),
            (_, Literal::EmptyDictionary | Literal::Null) => "Default::default()".into(),
        }
    }

    fn fits(&self, ty: &Type, literal: &Literal) -> bool {
        match literal {
            Literal::Boolean(_) => matches!(ty, Type::Boolean),
            Literal::Integer(_) => {
                matches!(ty, Type::Integer(..) | Type::Double { .. } | Type::Float { .. })
            }
            Literal::Float(_) => matches!(ty, Type::Double { .. } | Type::Float { .. }),
            Literal::String(_) => {
                matches!(ty, Type::DomString { .. } | Type::UsvString | Type::ByteString)
                    || matches!(ty, Type::Named(name, _) if self.kind(name) == Kind::Enum)
            }
            Literal::EmptyArray => matches!(ty, Type::Sequence(_)),
            Literal::EmptyDictionary => {
                matches!(ty, Type::Record(..))
                    || matches!(ty, Type::Named(name, _) if self.kind(name) == Kind::Dictionary)
            }
            Literal::Null => false,
        }
    }

    /// Whether a dictionary can be made from nothing.
    pub(crate) fn has_required(&self, dictionary: &str) -> bool {
        let Some(found) = self.idl.dictionaries.get(dictionary) else {
            return false;
        };
        found.members.iter().any(|member| member.required)
            || found.parent.as_ref().is_some_and(|(parent, _)| self.has_required(parent))
    }
}

/// Rust source of a floating-point literal.
pub(crate) fn float(literal: &Literal, ty: &str) -> String {
    match literal {
        Literal::Integer(value) => format!("{value}.0"),
        Literal::Float(value) if value.is_nan() => format!("{ty}::NAN"),
        Literal::Float(value) if *value == f64::INFINITY => format!("{ty}::INFINITY"),
        Literal::Float(value) if *value == f64::NEG_INFINITY => format!("{ty}::NEG_INFINITY"),
        Literal::Float(value) => format!("{value:?}"),
        _ => "0.0".into(),
    }
}
