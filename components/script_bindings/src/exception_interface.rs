/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Interfaces that inherit from `DOMException`, which is the engine's own class.
//!
//! What script sees of such an object is an exception of the engine, so that it has a stack and is taken for an error
//! everywhere. The Rust object is in a holder of its own, which a weak map of the realm finds by the exception.

use std::rc::Rc;

use crate::convert::ToJs;
use crate::dom_object::DomObject;
use crate::error::Fallible;
use crate::exception::DomException;
use crate::realm::Realm;
use crate::string::DomString;
use crate::value::{JsObject, JsValue};
use crate::wrapper;

/// What the type of an interface that inherits from `DOMException` must say. Its name is that of the interface.
pub trait ExceptionInterface: DomObject {
    /// The message.
    fn message(&self) -> DomString;
}

/// The prototype and the interface object of `DOMException`.
pub(crate) fn parent(realm: &Realm) -> Fallible<(JsValue, JsObject)> {
    let constructor: JsObject = realm.inner().dom_exception.borrow().clone().try_into()?;
    Ok((constructor.get(realm, "prototype")?, constructor))
}

/// The exception that script sees of an object.
pub(crate) fn create(
    realm: &Realm,
    owner: &Rc<dyn DomObject>,
    prototype: &JsValue,
    message: fn(&dyn DomObject) -> DomString,
) -> Fallible<JsValue> {
    let constructor = realm.inner().dom_exception.borrow().clone();
    let arguments = [message(&**owner).to_js(realm)?, owner.info().name.to_js(realm)?];
    let exception: JsObject = realm.construct(&constructor, &arguments)?.try_into()?;
    exception.set_prototype(realm, prototype)?;
    let holder = wrapper::holder(realm, owner, &JsValue::null())?;
    let intrinsics = realm.intrinsics();
    let exceptions = realm.inner().exceptions.borrow().clone();
    let exceptions = if exceptions.is_undefined() {
        let exceptions = realm.construct(&intrinsics.weak_map, &[])?;
        realm.inner().exceptions.replace(exceptions.clone());
        exceptions
    } else {
        exceptions
    };
    let entry = [exception.as_value().clone(), holder];
    realm.call(&intrinsics.weak_map_set, &exceptions, &entry)?;
    Ok(exception.into_value())
}

/// The holder of the Rust object behind an exception of any realm.
pub(crate) fn holder_of(realm: &Realm, value: &JsValue) -> Option<JsValue> {
    DomException::from_js(realm, value).ok()?;
    let found = |realm: &Realm| {
        let exceptions = realm.inner().exceptions.borrow().clone();
        if exceptions.is_undefined() {
            return None;
        }
        let get = &realm.intrinsics().weak_map_get;
        let holder = realm.call(get, &exceptions, std::slice::from_ref(value)).ok()?;
        holder.is_object().then_some(holder)
    };
    found(realm).or_else(|| realm.others().iter().find_map(found))
}
