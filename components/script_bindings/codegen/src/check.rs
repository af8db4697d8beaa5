/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Resolves names and finds faults.

use std::collections::{BTreeMap, BTreeSet};

use crate::attributes;
use crate::merge::merge;
use crate::model::{
    Argument, AttrValue, Attrs, Idl, Interface, Iterable, Literal, Member, MemberKind, Special,
    Type, Typedef,
};
use crate::names::distance;
use crate::source::{IdlError, Position};

const UNSUPPORTED: [&str; 4] = ["symbol", "Error", "SharedArrayBuffer", "Float16Array"];

const NEEDS_INDEXED: &str = "needs an indexed getter and `readonly attribute unsigned long length`";

/// The interface that the engine provides.
pub(crate) const DOM_EXCEPTION: &str = "DOMException";

/// The type that is no interface, but is used like one.
pub(crate) const WINDOW_PROXY: &str = "WindowProxy";

/// Merges, resolves and checks. What is left in `idl` is exposed in one of `globals`.
pub(crate) fn check(idl: &mut Idl, globals: &[String], errors: &mut Vec<IdlError>) {
    merge(idl, errors);
    let typedefs = std::mem::take(&mut idl.typedefs);
    let mut names: BTreeSet<String> =
        [idl.interfaces.keys(), idl.namespaces.keys(), idl.callback_interfaces.keys()]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
    names.extend(idl.dictionaries.keys().cloned());
    names.extend(idl.enums.keys().cloned());
    names.extend(idl.callbacks.keys().cloned());
    let mut checker = Checker { typedefs, names, errors };
    checker.all(idl);
    inheritance(idl, checker.errors);
    exposure(idl, globals, checker.errors);
}

struct Checker<'a> {
    typedefs: BTreeMap<String, Typedef>,
    names: BTreeSet<String>,
    errors: &'a mut Vec<IdlError>,
}

impl Checker<'_> {
    fn error(&mut self, position: &Position, reason: String) {
        self.errors.push(position.error(reason));
    }

    fn all(&mut self, idl: &mut Idl) {
        for interface in idl.interfaces.values_mut() {
            self.interface(interface, attributes::INTERFACE);
        }
        for interface in idl.namespaces.values_mut() {
            self.interface(interface, attributes::NAMESPACE);
        }
        for interface in idl.callback_interfaces.values_mut() {
            self.interface(interface, attributes::CALLBACK_INTERFACE);
            let operations = interface.members.iter();
            if operations.filter(|m| matches!(m.kind, MemberKind::Operation { .. })).count() != 1
                || interface.members.len() != 1
            {
                let reason = format!(
                    "callback interface `{}` must have exactly one operation and nothing else",
                    interface.name
                );
                self.error(&interface.position, reason);
            }
        }
        for dictionary in idl.dictionaries.values_mut() {
            let mut seen = BTreeMap::new();
            for member in &mut dictionary.members {
                self.duplicate(&mut seen, &member.name, &member.position);
                self.resolve(&mut member.ty, &member.position);
                if let Some(default) = &member.default {
                    self.default(&member.ty, default, &member.position);
                }
                if member.required && member.default.is_some() {
                    let reason = format!("required member `{}` cannot have a default", member.name);
                    self.error(&member.position, reason);
                }
            }
        }
        for callback in idl.callbacks.values_mut() {
            self.resolve(&mut callback.ret, &callback.position);
            self.arguments(&mut callback.args);
        }
        for found in idl.enums.values() {
            let mut seen = BTreeSet::new();
            for value in &found.values {
                if !seen.insert(value) {
                    let reason = format!("enum `{}` has the value \"{value}\" twice", found.name);
                    self.errors.push(found.position.error(reason));
                }
            }
        }
    }

    fn duplicate(
        &mut self,
        seen: &mut BTreeMap<String, Position>,
        name: &str,
        position: &Position,
    ) {
        if let Some(first) = seen.insert(name.to_owned(), position.clone()) {
            let reason = format!("`{name}` is declared twice (first at {first}): remove one");
            self.error(position, reason);
        }
    }

    fn interface(&mut self, interface: &mut Interface, known: &[&str]) {
        self.attrs(&mut interface.attrs, known);
        self.indexed(interface);
        self.named(interface);
        let mut seen: BTreeMap<String, Position> = BTreeMap::new();
        let mut static_seen: BTreeMap<String, Position> = BTreeMap::new();
        let mut operations: BTreeMap<(String, bool), Position> = BTreeMap::new();
        let own: BTreeSet<String> = interface
            .members
            .iter()
            .filter(|member| !member.is_static)
            .map(|member| member.name.clone())
            .collect();
        for member in &mut interface.members {
            member.has_namesake = member.is_static && own.contains(&member.name);
            let seen = if member.is_static { &mut static_seen } else { &mut seen };
            let key = (member.name.clone(), member.is_static);
            let overloadable = matches!(
                member.kind,
                MemberKind::Operation { .. } | MemberKind::Constructor { .. }
            );
            if overloadable {
                if !member.name.is_empty() && !operations.contains_key(&key) {
                    self.duplicate(seen, &member.name, &member.position);
                    operations.insert(key, member.position.clone());
                }
            } else {
                self.duplicate(seen, &member.name, &member.position);
            }
            self.member(member);
        }
    }

    /// An indexed getter needs a length, and an iterable of values needs both; one of pairs has neither.
    fn indexed(&mut self, interface: &mut Interface) {
        let position = interface.position.clone();
        if let Some(Iterable::Pairs(key, value)) = &mut interface.iterable {
            self.resolve(key, &position);
            self.resolve(value, &position);
        }
        let getter = interface.special(Special::IndexedGetter).is_some();
        let mut members = interface.members.iter();
        let length = members.any(|member| member.name == "length");
        let reason = match interface.iterable {
            Some(Iterable::Pairs(..)) if getter => {
                "cannot have both `iterable<K, V>` and an indexed getter"
            }
            Some(Iterable::Values) if !getter => NEEDS_INDEXED,
            _ if getter && !length => NEEDS_INDEXED,
            _ => return,
        };
        let reason = format!("`{}` {reason}", interface.name);
        self.error(&position, reason);
    }

    /// Named properties need a getter, and those of a global object are only read.
    fn named(&mut self, interface: &Interface) {
        let has = |special| interface.special(special).is_some();
        let writes = has(Special::NamedSetter) || has(Special::NamedDeleter);
        let reason = match has(Special::NamedGetter) {
            false if writes => "has a named setter or deleter, and so needs a named getter",
            true if writes && interface.attrs.has("Global") => {
                "is [Global], and so cannot have a named setter or deleter"
            }
            _ => return,
        };
        self.error(&interface.position, format!("`{}` {reason}", interface.name));
    }

    fn member(&mut self, member: &mut Member) {
        self.attrs(&mut member.attrs, attributes::MEMBER);
        match &mut member.kind {
            MemberKind::Constant { .. } => {}
            MemberKind::Attribute { ty, readonly } => {
                self.resolve(ty, &member.position);
                let forwards = member.attrs.has("PutForwards") || member.attrs.has("Replaceable");
                if forwards && !*readonly {
                    let reason = format!(
                        "[PutForwards] and [Replaceable] are for read-only attributes: make `{}` readonly",
                        member.name
                    );
                    self.error(&member.position, reason);
                }
                if matches!(ty, Type::Sequence(_) | Type::Record(..)) {
                    let reason = format!(
                        "attribute `{}` cannot have a sequence or record type: use FrozenArray",
                        member.name
                    );
                    self.error(&member.position, reason);
                }
            }
            MemberKind::Operation { ret, args } => {
                self.resolve(ret, &member.position);
                self.arguments(args);
                if member.name.is_empty() && member.special.is_none() && !member.stringifier {
                    self.error(&member.position, "the operation has no name".to_owned());
                }
            }
            MemberKind::Constructor { args } => self.arguments(args),
        }
    }

    fn arguments(&mut self, args: &mut [Argument]) {
        let mut optional = false;
        let mut seen = BTreeMap::new();
        let count = args.len();
        for (index, arg) in args.iter_mut().enumerate() {
            self.duplicate(&mut seen, &arg.name, &arg.position);
            self.resolve(&mut arg.ty, &arg.position);
            if let Some(default) = &arg.default {
                self.default(&arg.ty, default, &arg.position);
            }
            if optional && !arg.optional && !arg.variadic {
                let reason = format!("required argument `{}` follows an optional one", arg.name);
                self.error(&arg.position, reason);
            }
            if arg.variadic && index + 1 != count {
                let reason = format!("variadic argument `{}` must be the last", arg.name);
                self.error(&arg.position, reason);
            }
            optional |= arg.optional;
        }
    }

    fn attrs(&mut self, attrs: &mut Attrs, known: &[&str]) {
        for attr in &mut attrs.0 {
            if !known.contains(&attr.name.as_str()) {
                let reason = format!(
                    "unknown extended attribute [{}] here; known are {}",
                    attr.name,
                    known.join(", ")
                );
                self.errors.push(attr.position.error(reason));
            }
            let wants_text = ["Pref", "PutForwards"].contains(&attr.name.as_str());
            if wants_text && !matches!(attr.value, AttrValue::Text(_)) {
                let reason = format!("[{}] needs a value: [{}=…]", attr.name, attr.name);
                self.errors.push(attr.position.error(reason));
            }
            if let AttrValue::Named(_, args) = &mut attr.value {
                self.arguments(args);
            }
        }
    }

    /// Replaces typedefs, flattens unions, and finds unknown names.
    fn resolve(&mut self, ty: &mut Type, user: &Position) {
        match ty {
            Type::Named(name, position) => {
                if let Some(typedef) = self.typedefs.get(name) {
                    *ty = typedef.ty.clone();
                    self.resolve(ty, user);
                } else if UNSUPPORTED.contains(&name.as_str()) {
                    let reason = format!("type `{name}` is not supported by this generator");
                    self.error(user, reason);
                } else if !self.names.contains(name.as_str())
                    && ![DOM_EXCEPTION, WINDOW_PROXY].contains(&name.as_str())
                {
                    let position = position.clone();
                    let hint = self.similar(name);
                    let reason = format!("unknown type `{name}`: define it in an IDL file{hint}");
                    self.error(&position, reason);
                }
            }
            Type::Nullable(inner) => {
                self.resolve(inner, user);
                match &**inner {
                    Type::Nullable(_) | Type::Any => *ty = (**inner).clone(),
                    Type::Promise(_) => {
                        self.error(user, "a promise type cannot be nullable".to_owned());
                    }
                    _ => {}
                }
            }
            Type::Sequence(inner) | Type::FrozenArray(inner) | Type::Promise(inner) => {
                self.resolve(inner, user);
            }
            Type::Record(key, value) => {
                self.resolve(key, user);
                self.resolve(value, user);
                if !matches!(**key, Type::DomString { .. } | Type::UsvString | Type::ByteString) {
                    self.error(user, "the key of a record must be a string type".to_owned());
                }
            }
            Type::Union(members) => {
                let mut flat = Vec::new();
                let mut is_nullable = false;
                for mut member in std::mem::take(members) {
                    self.resolve(&mut member, user);
                    if let Type::Nullable(inner) = member {
                        is_nullable = true;
                        member = *inner;
                    }
                    match member {
                        Type::Union(inner) => flat.extend(inner),
                        member => flat.push(member),
                    }
                }
                *ty = Type::Union(flat);
                if is_nullable {
                    *ty = Type::Nullable(Box::new(ty.clone()));
                }
            }
            _ => {}
        }
    }

    /// A hint for a mistyped name.
    fn similar(&self, name: &str) -> String {
        let lower = name.to_lowercase();
        let known = self.names.iter().chain(self.typedefs.keys());
        let close = known.filter(|known| {
            let known = known.to_lowercase();
            known != lower && distance(&known, &lower) <= 2
        });
        match close.min_by_key(|known| distance(&known.to_lowercase(), &lower)) {
            Some(close) => format!(", or did you mean `{close}`?"),
            None => String::new(),
        }
    }

    fn default(&mut self, ty: &Type, default: &Literal, position: &Position) {
        let fits = match (ty, default) {
            (Type::Nullable(_) | Type::Any, Literal::Null) => true,
            (Type::Nullable(inner), default) => return self.default(inner, default, position),
            (Type::Any, _) | (Type::Union(_), _) => true,
            (Type::Boolean, Literal::Boolean(_)) => true,
            (Type::Integer(..), Literal::Integer(_)) => true,
            (Type::Double { .. } | Type::Float { .. }, Literal::Integer(_) | Literal::Float(_)) => {
                true
            }
            (Type::DomString { .. } | Type::UsvString | Type::ByteString, Literal::String(_)) => {
                true
            }
            (Type::Sequence(_) | Type::FrozenArray(_), Literal::EmptyArray) => true,
            (Type::Named(..), Literal::String(_) | Literal::EmptyDictionary) => true,
            (Type::Record(..) | Type::Object, Literal::EmptyDictionary) => true,
            _ => false,
        };
        if !fits {
            let reason = "the default value does not fit the type".to_owned();
            self.error(position, reason);
        }
    }
}

fn inheritance(idl: &Idl, errors: &mut Vec<IdlError>) {
    for interface in idl.interfaces.values() {
        let mut seen = vec![interface.name.as_str()];
        let mut current = interface;
        while let Some((parent, position)) = &current.parent {
            if parent == DOM_EXCEPTION {
                break;
            }
            let Some(next) = idl.interfaces.get(parent) else {
                errors.push(position.error(format!(
                    "`{}` inherits from `{parent}`, and there is no such interface",
                    current.name
                )));
                break;
            };
            if seen.contains(&parent.as_str()) {
                errors.push(position.error(format!("`{}` inherits from itself", interface.name)));
                break;
            }
            seen.push(parent);
            current = next;
        }
    }
    for dictionary in idl.dictionaries.values() {
        if let Some((parent, position)) = &dictionary.parent
            && !idl.dictionaries.contains_key(parent)
        {
            errors.push(position.error(format!(
                "dictionary `{}` inherits from `{parent}`, and there is no such dictionary",
                dictionary.name
            )));
        }
    }
}

fn is_exposed(attrs: &Attrs, globals: &[String]) -> Option<bool> {
    let attr = attrs.get("Exposed")?;
    let named = |name: &str| globals.iter().any(|global| global == name);
    Some(match &attr.value {
        AttrValue::All => true,
        AttrValue::Text(name) => named(name),
        AttrValue::List(names) => names.iter().any(|name| named(name)),
        _ => false,
    })
}

/// Takes away what is not exposed in the globals.
fn exposure(idl: &mut Idl, globals: &[String], errors: &mut Vec<IdlError>) {
    for map in [&mut idl.interfaces, &mut idl.namespaces] {
        for interface in map.values_mut() {
            if !interface.attrs.has("Exposed") {
                errors.push(interface.position.error(format!(
                    "`{}` must say where it is exposed: add [Exposed=Window]",
                    interface.name
                )));
            }
            interface.members.retain(|member| is_exposed(&member.attrs, globals) != Some(false));
        }
        map.retain(|_, interface| is_exposed(&interface.attrs, globals) != Some(false));
    }
    idl.interfaces.remove(DOM_EXCEPTION);
}
