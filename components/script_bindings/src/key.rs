/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Property keys, as the engine passes them.

#![allow(unsafe_code)]

use rquickjs::qjs;

use crate::convert;
use crate::error::Fallible;
use crate::realm::Realm;
use crate::string::DomString;

/// Set in an atom that is a number below 2^31.
const INDEX_BIT: u32 = 1 << 31;

/// A property key.
pub(crate) enum Key {
    /// An array index.
    Index(u32),
    /// Any other string.
    Name(DomString),
    Symbol,
}

impl Key {
    /// The key that an atom is.
    pub(crate) fn of(realm: &Realm, atom: qjs::JSAtom) -> Fallible<Self> {
        if atom & INDEX_BIT != 0 {
            return Ok(Self::Index(atom & !INDEX_BIT));
        }
        // SAFETY: the engine passes a live atom; the result is owned.
        let value = realm.own(unsafe { qjs::JS_AtomToValue(realm.ctx(), atom) })?;
        if value.is_symbol() {
            return Ok(Self::Symbol);
        }
        let name = convert::dom_string(realm, &value)?;
        let index = name.as_str().and_then(array_index);
        Ok(index.map_or(Self::Name(name), Self::Index))
    }

    /// The key as a name, for objects whose indices are names like others.
    pub(crate) fn into_name(self) -> Option<DomString> {
        match self {
            Self::Index(index) => Some(index.to_string().into()),
            Self::Name(name) => Some(name),
            Self::Symbol => None,
        }
    }
}

/// <https://tc39.es/ecma262/#array-index>, for those that are no numbers in the engine's atoms.
fn array_index(name: &str) -> Option<u32> {
    if !name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let index: u32 = name.parse().ok()?;
    (index != u32::MAX && index.to_string() == name).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn array_indices_are_canonical() {
        for (name, expected) in [
            ("0", Some(0)),
            ("2147483648", Some(2_147_483_648)),
            ("4294967294", Some(4_294_967_294)),
            ("4294967295", None),
            ("01", None),
            ("+1", None),
            ("1.0", None),
            ("", None),
            ("length", None),
        ] {
            assert_eq!(array_index(name), expected, "{name}");
        }
    }
}
