/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Named properties objects. <https://webidl.spec.whatwg.org/#named-properties-object>

use rquickjs::qjs;

use super::Named;
use super::exotic::{is_on_prototypes, named_property};
use crate::class::ObjectData;
use crate::convert::ToJs;
use crate::error::Fallible;
use crate::exotic::{Exotic, Internal};
use crate::key::Key;
use crate::object::Atom;
use crate::property::{Definition, OwnProperty};
use crate::realm::{Realm, WeakRealm};
use crate::trace::{Trace, Tracer};
use crate::value::{JsObject, JsValue};

/// The named properties object of a realm's global object.
pub(crate) struct NamedPropertiesObject {
    realm: WeakRealm,
    named: &'static Named,
    class_string: String,
}

impl NamedPropertiesObject {
    /// Makes one for the interface of that name.
    pub(crate) fn create(
        realm: &Realm,
        named: &'static Named,
        interface: &str,
        parent_prototype: &JsValue,
    ) -> Fallible<JsObject> {
        let class_string = format!("{interface}Properties");
        let data = Self { realm: realm.downgrade(), named, class_string };
        realm.runtime().named_properties_class.create(realm, parent_prototype, data)
    }
}

impl Exotic for NamedPropertiesObject {
    fn get_own_property(
        &self,
        call: &Internal<'_>,
        wants_value: bool,
    ) -> Fallible<Option<OwnProperty>> {
        if call.atom == call.realm.runtime().symbols.to_string_tag {
            let value = self.class_string.to_js(call.realm)?;
            return Ok(Some(OwnProperty::data(value, qjs::JS_PROP_CONFIGURABLE as _)));
        }
        let (Some(name), Some(realm)) =
            (Key::of(call.realm, call.atom)?.into_name(), self.realm.upgrade())
        else {
            return Ok(None);
        };
        let global = realm.global();
        let on_global = Internal { object: &global, ..*call };
        if global.has_own_atom(call.realm, call.atom)?
            || (!self.named.override_built_ins && is_on_prototypes(&on_global)?)
            || !(self.named.is_supported)(call.realm, &global, &name)?
        {
            return Ok(None);
        }
        named_property(call, &global, self.named, name, true, wants_value).map(Some)
    }

    fn own_keys<'a>(&self, call: &Internal<'a>) -> Fallible<Vec<Atom<'a>>> {
        Ok(vec![Atom::of_raw(call.realm, call.realm.runtime().symbols.to_string_tag)])
    }

    fn delete(&self, _call: &Internal<'_>) -> Fallible<bool> {
        Ok(false)
    }

    fn define_own_property(
        &self,
        _call: &Internal<'_>,
        _definition: &Definition<'_>,
    ) -> Fallible<bool> {
        Ok(false)
    }
}

impl ObjectData for NamedPropertiesObject {}

// SAFETY: reports nothing: the realm is weak.
#[allow(unsafe_code)]
unsafe impl Trace for NamedPropertiesObject {
    fn trace(&self, _tracer: &mut Tracer) {}
}
