/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a page may do with the objects of another origin.
//! <https://html.spec.whatwg.org/multipage/nav-history-apis.html#cross-origin-objects>

use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::c_int;
use std::rc::Rc;

use rquickjs::qjs;

use crate::class::ObjectData;
use crate::convert::ToJs;
use crate::error::{DomExceptionName, Error, Fallible};
use crate::exotic::{Exotic, Internal};
use crate::glue::Call;
use crate::key::Key;
use crate::object::Atom;
use crate::property::{Definition, OwnProperty};
use crate::realm::Realm;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};

/// What a page of another origin calls.
pub type CrossOriginFunction = Rc<dyn Fn(&Call<'_>) -> Fallible<JsValue>>;

/// A property that pages of other origins see.
pub enum CrossOriginProperty {
    /// An operation; without a setter, and not writable.
    Operation {
        /// The smallest number of required arguments.
        length: u8,
        /// The function.
        call: CrossOriginFunction,
    },
    /// An attribute; without what it must not be used for.
    Attribute {
        /// The getter.
        get: Option<CrossOriginFunction>,
        /// The setter.
        set: Option<CrossOriginFunction>,
    },
}

/// What an object shows to pages of other origins. <https://html.spec.whatwg.org/#crossoriginproperties-(-o-)>
///
/// Objects of script own it, and the collector does not look into it: refer weakly to what owns such objects in turn.
pub trait CrossOriginAccess {
    /// The names of all properties, in order.
    fn cross_origin_names(&self) -> &'static [&'static str];

    /// The property of one of these names. A function is made of it in each realm that looks, once.
    fn cross_origin_property(&self, name: &str) -> Option<CrossOriginProperty>;
}

/// The functions of cross-origin properties in one realm, by the number of the object and the name.
/// <https://html.spec.whatwg.org/#the-cross-origin-property-descriptor-map>
pub(crate) type CrossOriginFunctions = HashMap<(u64, &'static str), OwnProperty>;

thread_local! {
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
}

/// A number that no other object had.
pub(crate) fn next_id() -> u64 {
    NEXT_ID.with(|next| next.replace(next.get() + 1))
}

/// The `SecurityError` for everything else.
pub(crate) fn security_error() -> Error {
    Error::dom(DomExceptionName::SecurityError, "the object is of another origin")
}

/// <https://html.spec.whatwg.org/#crossorigingetownpropertyhelper-(-o,-p-)>
pub(crate) fn own_property(
    call: &Internal<'_>,
    access: &dyn CrossOriginAccess,
    id: u64,
) -> Fallible<Option<OwnProperty>> {
    let Key::Name(name) = Key::of(call.realm, call.atom)? else {
        return Ok(None);
    };
    let names = access.cross_origin_names();
    let Some(name) = names.iter().copied().find(|known| name == *known) else {
        return Ok(None);
    };
    let functions = &call.realm.inner().cross_origin;
    if let Some(found) = functions.borrow().get(&(id, name)) {
        return Ok(Some(found.clone()));
    }
    let Some(property) = access.cross_origin_property(name) else {
        return Ok(None);
    };
    let made = make(call.realm, name, property)?;
    functions.borrow_mut().insert((id, name), made.clone());
    Ok(Some(made))
}

/// The property with functions of the realm that looks.
fn make(realm: &Realm, name: &str, property: CrossOriginProperty) -> Fallible<OwnProperty> {
    let configurable = qjs::JS_PROP_CONFIGURABLE as c_int;
    let function = |name: &str, length, body: Option<CrossOriginFunction>| match body {
        Some(body) => Ok(realm.new_function(name, length, move |call| body(call))?.into_value()),
        None => Ok(JsValue::undefined()),
    };
    Ok(match property {
        CrossOriginProperty::Operation { length, call } => {
            OwnProperty::data(function(name, length, Some(call))?, configurable)
        }
        CrossOriginProperty::Attribute { get, set } => OwnProperty {
            flags: configurable | qjs::JS_PROP_GETSET as c_int,
            value: JsValue::undefined(),
            getter: function(&format!("get {name}"), 0, get)?,
            setter: function(&format!("set {name}"), 1, set)?,
        },
    })
}

/// <https://html.spec.whatwg.org/#crossoriginpropertyfallback-(-p-)>
pub(crate) fn fallback(call: &Internal<'_>) -> Fallible<OwnProperty> {
    let symbols = &call.realm.runtime().symbols;
    let is_then =
        || Ok(matches!(Key::of(call.realm, call.atom)?, Key::Name(name) if name == "then"));
    if symbols.cross_origin().contains(&call.atom) || is_then()? {
        let flags = qjs::JS_PROP_CONFIGURABLE as c_int;
        return Ok(OwnProperty::data(JsValue::undefined(), flags));
    }
    Err(security_error())
}

/// <https://html.spec.whatwg.org/#crossoriginownpropertykeys-(-o-)>
pub(crate) fn own_keys<'a>(realm: &'a Realm, access: &dyn CrossOriginAccess) -> Vec<Atom<'a>> {
    let names = access.cross_origin_names().iter();
    let names = names.filter(|name| access.cross_origin_property(name).is_some());
    let names = names.map(|name| Atom::new(realm, name));
    let symbols = realm.runtime().symbols.cross_origin();
    names
        .chain([Atom::new(realm, "then")])
        .chain(symbols.map(|symbol| Atom::of_raw(realm, symbol)))
        .collect()
}

/// <https://html.spec.whatwg.org/#crossoriginget-(-o,-p,-receiver-)>, after the property was found.
pub(crate) fn get(realm: &Realm, own: OwnProperty, receiver: &JsValue) -> Fallible<JsValue> {
    if !own.is_accessor() {
        return Ok(own.value);
    }
    if own.getter.is_undefined() {
        return Err(security_error());
    }
    realm.call(&own.getter, receiver, &[])
}

/// <https://html.spec.whatwg.org/#crossoriginset-(-o,-p,-v,-receiver-)>, after the property was found.
pub(crate) fn set(
    realm: &Realm,
    own: &OwnProperty,
    value: &JsValue,
    receiver: &JsValue,
) -> Fallible<bool> {
    if own.setter.is_undefined() {
        return Err(security_error());
    }
    realm.call(&own.setter, receiver, std::slice::from_ref(value))?;
    Ok(true)
}

/// An object that shows cross-origin properties and nothing else: what a page gets for the `Location` of another origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossOriginObject {
    object: JsObject,
}

crate::impl_trace!(CrossOriginObject { object });

impl CrossOriginObject {
    /// A new one. It belongs to no realm; pages of one origin should share it.
    pub fn new(realm: &Realm, access: Rc<dyn CrossOriginAccess>) -> Fallible<Self> {
        let data = CrossOriginData { access, id: next_id() };
        let class = &realm.runtime().cross_origin_class;
        Ok(Self { object: class.create(realm, &JsValue::null(), data)? })
    }

    /// The object.
    pub fn as_object(&self) -> &JsObject {
        &self.object
    }
}

impl ToJs for CrossOriginObject {
    fn to_js(&self, _realm: &Realm) -> Fallible<JsValue> {
        Ok(self.object.as_value().clone())
    }
}

/// What a [`CrossOriginObject`] owns.
pub(crate) struct CrossOriginData {
    access: Rc<dyn CrossOriginAccess>,
    id: u64,
}

impl CrossOriginData {
    fn property(&self, call: &Internal<'_>) -> Fallible<OwnProperty> {
        match own_property(call, &*self.access, self.id)? {
            Some(found) => Ok(found),
            None => fallback(call),
        }
    }
}

impl Exotic for CrossOriginData {
    fn get_own_property(
        &self,
        call: &Internal<'_>,
        _wants_value: bool,
    ) -> Fallible<Option<OwnProperty>> {
        self.property(call).map(Some)
    }

    fn own_keys<'a>(&self, call: &Internal<'a>) -> Fallible<Vec<Atom<'a>>> {
        Ok(own_keys(call.realm, &*self.access))
    }

    fn delete(&self, _call: &Internal<'_>) -> Fallible<bool> {
        Err(security_error())
    }

    fn define_own_property(
        &self,
        _call: &Internal<'_>,
        _definition: &Definition<'_>,
    ) -> Fallible<bool> {
        Err(security_error())
    }

    fn get(&self, call: &Internal<'_>, receiver: &JsValue) -> Fallible<JsValue> {
        get(call.realm, self.property(call)?, receiver)
    }

    fn set(&self, call: &Internal<'_>, value: &JsValue, receiver: &JsValue) -> Fallible<bool> {
        set(call.realm, &self.property(call)?, value, receiver)
    }
}

impl ObjectData for CrossOriginData {}

// SAFETY: reports nothing: owns no JavaScript value.
#[allow(unsafe_code)]
unsafe impl Trace for CrossOriginData {
    fn trace(&self, _tracer: &mut Tracer) {}
}
