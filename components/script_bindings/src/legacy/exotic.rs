/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The internal methods of legacy platform objects.
//! <https://webidl.spec.whatwg.org/#legacy-platform-object-internal-methods>

use std::cell::OnceCell;
use std::ffi::c_int;
use std::rc::Rc;

use rquickjs::qjs;

use super::{Indexed, Named};
use crate::class::ObjectData;
use crate::convert::ToJs;
use crate::dom_object::DomObject;
use crate::error::Fallible;
use crate::exotic::{Exotic, Internal};
use crate::key::Key;
use crate::object::Atom;
use crate::property::{Definition, OwnProperty};
use crate::realm::Realm;
use crate::string::DomString;
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};
use crate::wrapper;

/// What the wrapper of a legacy platform object owns.
pub(crate) struct LegacyWrapper {
    owner: Rc<dyn DomObject>,
    /// The ordinary own properties.
    expando: OnceCell<JsObject>,
}

impl LegacyWrapper {
    pub(crate) fn new(owner: Rc<dyn DomObject>) -> Self {
        Self { owner, expando: OnceCell::new() }
    }

    pub(crate) fn owner(&self) -> &Rc<dyn DomObject> {
        &self.owner
    }

    /// The object with the ordinary own properties; made now if there is none.
    pub(crate) fn expando(&self, realm: &Realm) -> Fallible<&JsObject> {
        if self.expando.get().is_none() {
            let object = realm.new_object()?;
            object.set_prototype(realm, &JsValue::null())?;
            let _ = self.expando.set(object);
        }
        Ok(self.expando.get().expect("was just set"))
    }

    fn indexed(&self) -> Option<&'static Indexed> {
        self.owner.info().indexed
    }

    fn named(&self) -> Option<&'static Named> {
        self.owner.info().named
    }

    /// The index, if the interface has an indexed getter and the key is an index.
    fn index(&self, call: &Internal<'_>) -> Fallible<Option<(&'static Indexed, u32)>> {
        match (self.indexed(), Key::of(call.realm, call.atom)?) {
            (Some(indexed), Key::Index(index)) => Ok(Some((indexed, index))),
            _ => Ok(None),
        }
    }

    /// The name, if the interface has named properties and the key is a string (but no index that it has a getter for).
    fn name(&self, call: &Internal<'_>) -> Fallible<Option<(&'static Named, DomString)>> {
        let Some(named) = self.named() else {
            return Ok(None);
        };
        let key = Key::of(call.realm, call.atom)?;
        if matches!(key, Key::Index(_)) && self.indexed().is_some() {
            return Ok(None);
        }
        Ok(key.into_name().map(|name| (named, name)))
    }

    fn has_ordinary(&self, call: &Internal<'_>) -> Fallible<bool> {
        match self.expando.get() {
            Some(expando) => expando.has_own_atom(call.realm, call.atom),
            None => Ok(false),
        }
    }

    fn ordinary(&self, call: &Internal<'_>) -> Fallible<Option<OwnProperty>> {
        match self.expando.get() {
            Some(expando) => expando.own_property_atom(call.realm, call.atom),
            None => Ok(None),
        }
    }

    /// <https://webidl.spec.whatwg.org/#dfn-named-property-visibility>
    fn is_visible(&self, call: &Internal<'_>, named: &Named, name: &DomString) -> Fallible<bool> {
        // Whether the name is supported is asked last, since that costs most.
        if self.has_ordinary(call)? {
            return Ok(false);
        }
        if !named.override_built_ins && is_on_prototypes(call)? {
            return Ok(false);
        }
        (named.is_supported)(call.realm, call.object, name)
    }

    /// <https://webidl.spec.whatwg.org/#LegacyPlatformObjectGetOwnProperty>, without named properties.
    fn get_unnamed(&self, call: &Internal<'_>, wants_value: bool) -> Fallible<Option<OwnProperty>> {
        if let Some((indexed, index)) = self.index(call)? {
            if index >= (indexed.length)(call.realm, call.object)? {
                return Ok(None);
            }
            let value = match wants_value {
                true => (indexed.get)(call.realm, call.object, index)?,
                false => JsValue::undefined(),
            };
            let flags = qjs::JS_PROP_ENUMERABLE | qjs::JS_PROP_CONFIGURABLE;
            return Ok(Some(OwnProperty::data(value, flags as c_int)));
        }
        self.ordinary(call)
    }
}

/// Whether a prototype other than a named properties object has the property.
pub(super) fn is_on_prototypes(call: &Internal<'_>) -> Fallible<bool> {
    let realm = call.realm;
    let class = &realm.runtime().named_properties_class;
    let mut current = call.object.prototype(realm)?;
    while let Some(prototype) = current.as_object() {
        if !class.has(&current) && prototype.has_own_atom(realm, call.atom)? {
            return Ok(true);
        }
        let next = prototype.prototype(realm)?;
        current = next;
    }
    Ok(false)
}

/// The named property of a name that is visible.
pub(super) fn named_property(
    call: &Internal<'_>,
    object: &JsObject,
    named: &Named,
    name: DomString,
    is_writable: bool,
    wants_value: bool,
) -> Fallible<OwnProperty> {
    let mut flags = qjs::JS_PROP_CONFIGURABLE;
    if is_writable {
        flags |= qjs::JS_PROP_WRITABLE;
    }
    if !named.unenumerable {
        flags |= qjs::JS_PROP_ENUMERABLE;
    }
    let value = match wants_value {
        true => (named.get)(call.realm, object, name)?,
        false => JsValue::undefined(),
    };
    Ok(OwnProperty::data(value, flags as c_int))
}

impl Exotic for LegacyWrapper {
    fn get_own_property(
        &self,
        call: &Internal<'_>,
        wants_value: bool,
    ) -> Fallible<Option<OwnProperty>> {
        if let Some((named, name)) = self.name(call)?
            && self.is_visible(call, named, &name)?
        {
            let is_writable = named.set.is_some();
            return named_property(call, call.object, named, name, is_writable, wants_value)
                .map(Some);
        }
        self.get_unnamed(call, wants_value)
    }

    fn own_keys<'a>(&self, call: &Internal<'a>) -> Fallible<Vec<Atom<'a>>> {
        let realm = call.realm;
        let mut keys = Vec::new();
        if let Some(indexed) = self.indexed() {
            let length = (indexed.length)(realm, call.object)?;
            keys.extend((0..length).map(|index| Atom::of_index(realm, index)));
        }
        if let Some(named) = self.named() {
            for name in (named.names)(realm, call.object)? {
                let atom = Atom::of_value(realm, &name.to_js(realm)?)?;
                let call = Internal { atom: atom.raw(), ..*call };
                // An index hides a name that looks like one.
                if self.index(&call)?.is_none() && self.is_visible(&call, named, &name)? {
                    keys.push(atom);
                }
            }
        }
        if let Some(expando) = self.expando.get() {
            keys.extend(expando.own_keys(realm)?);
        }
        Ok(keys)
    }

    /// <https://webidl.spec.whatwg.org/#legacy-platform-object-delete>
    fn delete(&self, call: &Internal<'_>) -> Fallible<bool> {
        if let Some((indexed, index)) = self.index(call)? {
            return Ok(index >= (indexed.length)(call.realm, call.object)?);
        }
        if let Some((named, name)) = self.name(call)?
            && self.is_visible(call, named, &name)?
        {
            return match named.delete {
                Some(delete) => delete(call.realm, call.object, name),
                None => Ok(false),
            };
        }
        match self.expando.get() {
            Some(expando) => expando.delete_own_atom(call.realm, call.atom),
            None => Ok(true),
        }
    }

    /// <https://webidl.spec.whatwg.org/#legacy-platform-object-defineownproperty>
    fn define_own_property(
        &self,
        call: &Internal<'_>,
        definition: &Definition<'_>,
    ) -> Fallible<bool> {
        // Without an indexed property setter, an index can never be defined.
        if self.index(call)?.is_some() {
            return Ok(false);
        }
        if let Some((named, name)) = self.name(call)? {
            let has_own = self.has_ordinary(call)?;
            if named.override_built_ins || !has_own {
                let is_supported = (named.is_supported)(call.realm, call.object, &name)?;
                match named.set {
                    None if is_supported => return Ok(false),
                    Some(_) if !definition.is_data() => return Ok(false),
                    Some(set) => {
                        set(call.realm, call.object, name, definition.value)?;
                        return Ok(true);
                    }
                    None => {}
                }
            }
        }
        if !call.object.is_extensible(call.realm)? && !self.has_ordinary(call)? {
            return Ok(false);
        }
        definition.apply(call.realm, self.expando(call.realm)?, call.atom)
    }

    /// <https://webidl.spec.whatwg.org/#legacy-platform-object-set>
    fn set(&self, call: &Internal<'_>, value: &JsValue, receiver: &JsValue) -> Fallible<bool> {
        if receiver.same_object(call.object.as_value())
            && let Some((Named { set: Some(set), .. }, name)) = self.name(call)?
        {
            set(call.realm, call.object, name, value)?;
            return Ok(true);
        }
        let own = self.get_unnamed(call, true)?;
        call.ordinary_set(own, value, receiver)
    }
}

impl ObjectData for LegacyWrapper {
    fn finalizing(&self) {
        wrapper::forget(&*self.owner);
    }
}

// SAFETY: the owner is reported as for any wrapper, the hidden object once.
#[allow(unsafe_code)]
unsafe impl Trace for LegacyWrapper {
    fn trace(&self, tracer: &mut Tracer) {
        wrapper::trace_owner(&self.owner, tracer);
        self.expando.trace(tracer);
    }
}
