/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Legacy platform objects: interfaces with an indexed getter (`NodeList`) or named properties (`Storage`).
//! <https://webidl.spec.whatwg.org/#js-legacy-platform-objects>
//!
//! - `exotic`: their internal methods. The wrapper itself has no properties: what script puts on it, or the IDL makes
//!   unforgeable, is on a hidden object behind it, so that what hides what, and the order of keys, are as the standard says.
//! - `named_properties`: the named properties object of a `[Global]` interface.
//!
//! Indexed setters and deleters are not supported.

mod exotic;
mod named_properties;

pub(crate) use exotic::LegacyWrapper;
pub(crate) use named_properties::NamedPropertiesObject;

use crate::error::Fallible;
use crate::realm::Realm;
use crate::string::DomString;
use crate::value::{JsObject, JsValue};

/// The indexed getter of an interface; written by the generator.
pub struct Indexed {
    /// How many indices there are.
    pub length: fn(&Realm, &JsObject) -> Fallible<u32>,
    /// The value at an index below the length.
    pub get: fn(&Realm, &JsObject, u32) -> Fallible<JsValue>,
    /// Whether there is `iterable<T>`: `entries`, `forEach`, `keys` and `values`.
    pub iterable: bool,
}

/// A named property setter.
pub type NamedSetter = fn(&Realm, &JsObject, DomString, &JsValue) -> Fallible<()>;

/// A named property deleter: whether the property could be deleted.
pub type NamedDeleter = fn(&Realm, &JsObject, DomString) -> Fallible<bool>;

/// The named properties of an interface; written by the generator.
pub struct Named {
    /// Whether a name is a supported property name.
    pub is_supported: fn(&Realm, &JsObject, &DomString) -> Fallible<bool>,
    /// The supported property names.
    pub names: fn(&Realm, &JsObject) -> Fallible<Vec<DomString>>,
    /// The value of a supported property name.
    pub get: fn(&Realm, &JsObject, DomString) -> Fallible<JsValue>,
    /// The named property setter.
    pub set: Option<NamedSetter>,
    /// The named property deleter.
    pub delete: Option<NamedDeleter>,
    /// `[LegacyOverrideBuiltIns]`
    pub override_built_ins: bool,
    /// `[LegacyUnenumerableNamedProperties]`
    pub unenumerable: bool,
}
