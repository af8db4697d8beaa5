/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Makes interface objects, prototypes and namespaces, with the property shapes of
//! <https://webidl.spec.whatwg.org/#js-binding>.
//!
//! The module is unsafe because it hands function pointers to the engine.

#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_int};

use rquickjs::qjs;

use crate::convert::ToJs;
use crate::error::Fallible;
use crate::exception_interface;
use crate::glue::{Native, illegal_constructor};
use crate::interface::{
    Bindings, Constant, Features, InterfaceInfo, InterfaceSpec, Member, MemberKind,
};
use crate::legacy::NamedPropertiesObject;
use crate::object::{Atom, FLAGS_ALL};
use crate::realm::Realm;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};

struct Unforgeable {
    name: &'static CStr,
    /// A getter and setter, or a function.
    property: Property,
}

enum Property {
    Accessor(JsValue, JsValue),
    Function(JsValue),
}

pub(crate) struct InterfaceObjects {
    pub(crate) prototype: JsObject,
    pub(crate) constructor: JsObject,
    /// The prototype of the interface's pair iterators.
    pub(crate) iterator_prototype: Option<JsObject>,
    pub(crate) is_exposed: bool,
    unforgeable: Vec<Unforgeable>,
}

// SAFETY: each value once.
unsafe impl Trace for InterfaceObjects {
    fn trace(&self, tracer: &mut Tracer) {
        self.prototype.trace(tracer);
        self.constructor.trace(tracer);
        self.iterator_prototype.trace(tracer);
        for unforgeable in &self.unforgeable {
            match &unforgeable.property {
                Property::Accessor(get, set) => {
                    get.trace(tracer);
                    set.trace(tracer);
                }
                Property::Function(function) => function.trace(tracer),
            }
        }
    }
}

const ENUMERABLE: c_int = qjs::JS_PROP_ENUMERABLE as c_int;
const CONFIGURABLE: c_int = qjs::JS_PROP_CONFIGURABLE as c_int;
const HIDDEN: c_int = (qjs::JS_PROP_WRITABLE | qjs::JS_PROP_CONFIGURABLE) as c_int;

fn new_function(
    realm: &Realm,
    native: Native,
    name: &CStr,
    length: u8,
    parent: Option<&JsObject>,
) -> Fallible<JsObject> {
    let kind = if parent.is_some() {
        qjs::JSCFunctionEnum_JS_CFUNC_constructor_or_func
    } else {
        qjs::JSCFunctionEnum_JS_CFUNC_generic
    };
    // SAFETY: the function pointer has the C signature of its kind; the engine copies the name.
    let raw = unsafe {
        match parent {
            Some(parent) => qjs::JS_NewCFunction3(
                realm.ctx(),
                Some(native.raw),
                name.as_ptr(),
                c_int::from(length),
                kind,
                0,
                parent.as_value().as_raw(),
                0,
            ),
            None => qjs::JS_NewCFunction2(
                realm.ctx(),
                Some(native.raw),
                name.as_ptr(),
                c_int::from(length),
                kind,
                0,
            ),
        }
    };
    realm.own(raw)?.try_into()
}

fn accessor(
    realm: &Realm,
    name: &CStr,
    get: Native,
    set: Option<Native>,
) -> Fallible<(JsValue, JsValue)> {
    let prefixed = |prefix: &str| {
        let name = format!("{prefix} {}", name.to_string_lossy());
        CString::new(name).unwrap_or_default()
    };
    let getter = new_function(realm, get, &prefixed("get"), 0, None)?.into_value();
    let setter = match set {
        Some(set) => new_function(realm, set, &prefixed("set"), 1, None)?.into_value(),
        None => JsValue::undefined(),
    };
    Ok((getter, setter))
}

fn define_member(realm: &Realm, target: &JsObject, member: &Member) -> Fallible<()> {
    let atom = atom_of(realm, member.name)?;
    match &member.kind {
        MemberKind::Attribute { get, set } => {
            let (getter, setter) = accessor(realm, member.name, *get, *set)?;
            let flags = if member.unforgeable { ENUMERABLE } else { ENUMERABLE | CONFIGURABLE };
            target.define_accessor(realm, atom.raw(), getter, setter, flags)
        }
        MemberKind::Operation { call, length } => {
            let function = new_function(realm, *call, member.name, *length, None)?;
            let flags = if member.unforgeable { ENUMERABLE } else { FLAGS_ALL };
            target.define_with(realm, atom.raw(), function.into_value(), flags)
        }
        MemberKind::Constant(constant) => {
            let value = match constant {
                Constant::Bool(value) => JsValue::from_bool(*value),
                Constant::Number(value) => JsValue::from_f64(*value),
            };
            target.define_with(realm, atom.raw(), value, ENUMERABLE)
        }
    }
}

fn atom_of<'a>(realm: &'a Realm, name: &CStr) -> Fallible<Atom<'a>> {
    Atom::new(realm, &name.to_string_lossy())
}

/// Makes all interface objects, prototypes and namespaces of a realm, and puts the exposed ones on its global object.
///
/// An interface that is not exposed still gets its prototype, so that its objects can be made.
pub fn install(realm: &Realm, bindings: &Bindings, features: &Features<'_>) -> Fallible<()> {
    for spec in bindings.interfaces {
        install_interface(realm, spec, features)?;
    }
    let global = realm.global();
    for spec in bindings.namespaces {
        if !features.allow(spec.exposure) {
            continue;
        }
        let namespace = realm.new_object()?;
        for member in spec.members {
            if features.allow(member.exposure) {
                define_member(realm, &namespace, member)?;
            }
        }
        define_class_string(realm, &namespace, &spec.name.to_string_lossy())?;
        let atom = atom_of(realm, spec.name)?;
        global.define_with(realm, atom.raw(), namespace.into_value(), HIDDEN)?;
    }
    Ok(())
}

fn define_class_string(realm: &Realm, target: &JsObject, name: &str) -> Fallible<()> {
    let symbol = realm.runtime().symbols.to_string_tag;
    target.define_with(realm, symbol, name.to_js(realm)?, CONFIGURABLE)
}

fn install_interface(realm: &Realm, spec: &InterfaceSpec, features: &Features<'_>) -> Fallible<()> {
    let (parent_prototype, parent_constructor) = match spec.info.parent {
        Some(parent) => {
            (realm.prototype_of(parent.id)?.into_value(), realm.interface_object(parent.id)?)
        }
        None if spec.info.exception_message.is_some() => exception_interface::parent(realm)?,
        None => {
            // SAFETY: the context is alive; the result is owned.
            let function = realm.own(unsafe { qjs::JS_GetFunctionProto(realm.ctx()) })?;
            let object = realm.new_object()?.prototype(realm)?;
            (object, function.try_into()?)
        }
    };
    let parent_prototype = match spec.named_properties {
        Some(named) => {
            NamedPropertiesObject::create(realm, named, spec.info.name, &parent_prototype)?
                .into_value()
        }
        None => parent_prototype,
    };
    // SAFETY: all are alive.
    let prototype = unsafe { qjs::JS_NewObjectProto(realm.ctx(), parent_prototype.as_raw()) };
    let prototype: JsObject = realm.own(prototype)?.try_into()?;
    let (native, length) = spec.constructor.unwrap_or((Native::of(illegal_constructor), 0));
    let constructor = new_function(realm, native, spec.name, length, Some(&parent_constructor))?;
    link(realm, &constructor, &prototype)?;

    let global = realm.global();
    let instance = if spec.is_global { &global } else { &prototype };
    let mut unforgeable = Vec::new();
    let mut unscopables = Vec::new();
    let exposed = spec.members.iter();
    for member in exposed.filter(|member| features.allow(member.exposure)) {
        if matches!(member.kind, MemberKind::Constant(_)) {
            define_member(realm, &constructor, member)?;
            define_member(realm, &prototype, member)?;
        } else if member.is_static {
            define_member(realm, &constructor, member)?;
        } else if member.unforgeable && !spec.is_global {
            unforgeable.push(new_unforgeable(realm, member)?);
        } else {
            define_member(realm, instance, member)?;
        }
        if member.unscopable {
            unscopables.push(member.name);
        }
    }
    if !unscopables.is_empty() {
        define_unscopables(realm, &prototype, &unscopables)?;
    }
    let inherited = spec.info.parent.and_then(|parent| parent.indexed);
    if let (Some(indexed), None) = (spec.info.indexed, inherited) {
        define_iteration(realm, &prototype, indexed.iterable)?;
    }
    let iterator_prototype = match spec.pair_iterator {
        Some(next) => Some(define_pair_iteration(realm, &prototype, spec.info.name, next)?),
        None => None,
    };
    define_class_string(realm, &prototype, &spec.name.to_string_lossy())?;
    if spec.is_global {
        // The engine's own class string would hide that of the prototype.
        global.delete_atom(realm, realm.runtime().symbols.to_string_tag)?;
        global.set_prototype(realm, prototype.as_value())?;
    }
    let is_exposed = features.allow(spec.exposure);
    if is_exposed {
        let value = constructor.as_value().clone();
        global.define_with(realm, atom_of(realm, spec.name)?.raw(), value, HIDDEN)?;
        for alias in spec.window_aliases {
            let value = constructor.as_value().clone();
            global.define_with(realm, atom_of(realm, alias)?.raw(), value, HIDDEN)?;
        }
        for factory in spec.factories {
            let function = new_function(
                realm,
                factory.call,
                factory.name,
                factory.length,
                Some(&function_prototype(realm)?),
            )?;
            let atom = Atom::new(realm, "prototype")?;
            function.define_with(realm, atom.raw(), prototype.as_value().clone(), 0)?;
            let atom = atom_of(realm, factory.name)?;
            global.define_with(realm, atom.raw(), function.into_value(), HIDDEN)?;
        }
    }
    let objects =
        InterfaceObjects { prototype, constructor, iterator_prototype, is_exposed, unforgeable };
    let index = spec.info.id.index();
    let mut all = realm.inner().interfaces.borrow_mut();
    if all.len() <= index {
        all.resize_with(index + 1, || None);
    }
    all[index] = Some(objects);
    Ok(())
}

fn function_prototype(realm: &Realm) -> Fallible<JsObject> {
    // SAFETY: the context is alive; the result is owned.
    realm.own(unsafe { qjs::JS_GetFunctionProto(realm.ctx()) })?.try_into()
}

/// `constructor.prototype` and `prototype.constructor`.
fn link(realm: &Realm, constructor: &JsObject, prototype: &JsObject) -> Fallible<()> {
    let atom = Atom::new(realm, "prototype")?;
    constructor.define_with(realm, atom.raw(), prototype.as_value().clone(), 0)?;
    let atom = Atom::new(realm, "constructor")?;
    prototype.define_with(realm, atom.raw(), constructor.as_value().clone(), HIDDEN)
}

/// <https://webidl.spec.whatwg.org/#define-the-iteration-methods>, for an indexed getter.
fn define_iteration(realm: &Realm, prototype: &JsObject, iterable: bool) -> Fallible<()> {
    let array = realm.new_array::<JsValue>([])?;
    let values = array.get(realm, "values")?;
    if iterable {
        for name in ["entries", "forEach", "keys", "values"] {
            prototype.define(realm, name, array.get(realm, name)?)?;
        }
    }
    let symbol = realm.runtime().symbols.iterator;
    prototype.define_with(realm, symbol, values, HIDDEN)
}

/// <https://webidl.spec.whatwg.org/#define-the-iteration-methods>, for `iterable<K, V>`: what is not a member. Returns the
/// iterator prototype object.
fn define_pair_iteration(
    realm: &Realm,
    prototype: &JsObject,
    name: &str,
    next: Native,
) -> Fallible<JsObject> {
    let entries = prototype.get(realm, "entries")?;
    prototype.define_with(realm, realm.runtime().symbols.iterator, entries, HIDDEN)?;
    let array = realm.new_array::<JsValue>([])?;
    let iterator = realm.call(&array.get(realm, "values")?, array.as_value(), &[])?;
    let array_iterator: JsObject = JsObject::try_from(iterator)?.prototype(realm)?.try_into()?;
    let iterator_prototype = realm.new_object()?;
    iterator_prototype.set_prototype(realm, &array_iterator.prototype(realm)?)?;
    let next = new_function(realm, next, c"next", 0, None)?;
    iterator_prototype.define(realm, "next", next.into_value())?;
    define_class_string(realm, &iterator_prototype, &format!("{name} Iterator"))?;
    Ok(iterator_prototype)
}

fn define_unscopables(realm: &Realm, prototype: &JsObject, names: &[&CStr]) -> Fallible<()> {
    let list = realm.new_object()?;
    list.set_prototype(realm, &JsValue::null())?;
    for name in names {
        list.define(realm, &name.to_string_lossy(), JsValue::from_bool(true))?;
    }
    let symbol = realm.runtime().symbols.unscopables;
    prototype.define_with(realm, symbol, list.into_value(), CONFIGURABLE)
}

fn new_unforgeable(realm: &Realm, member: &Member) -> Fallible<Unforgeable> {
    let property = match &member.kind {
        MemberKind::Attribute { get, set } => {
            let (getter, setter) = accessor(realm, member.name, *get, *set)?;
            Property::Accessor(getter, setter)
        }
        MemberKind::Operation { call, length } => {
            Property::Function(new_function(realm, *call, member.name, *length, None)?.into_value())
        }
        MemberKind::Constant(_) => Property::Function(JsValue::undefined()),
    };
    Ok(Unforgeable { name: member.name, property })
}

/// Gives a new wrapper its `[LegacyUnforgeable]` members; the functions are shared by all wrappers of a realm.
pub(crate) fn define_unforgeable(
    realm: &Realm,
    info: &'static InterfaceInfo,
    wrapper: &JsObject,
) -> Fallible<()> {
    if let Some(parent) = info.parent {
        define_unforgeable(realm, parent, wrapper)?;
    }
    let all = realm.inner().interfaces.borrow();
    let Some(Some(objects)) = all.get(info.id.index()) else {
        return Ok(());
    };
    for unforgeable in &objects.unforgeable {
        let atom = atom_of(realm, unforgeable.name)?;
        match &unforgeable.property {
            Property::Accessor(getter, setter) => wrapper.define_accessor(
                realm,
                atom.raw(),
                getter.clone(),
                setter.clone(),
                ENUMERABLE,
            )?,
            Property::Function(function) => {
                wrapper.define_with(realm, atom.raw(), function.clone(), ENUMERABLE)?;
            }
        }
    }
    Ok(())
}
