/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Crypto](https://w3c.github.io/webcrypto/#crypto-interface), as far as it is about random values.

use sordino_script_bindings::{
    ArrayBufferView, DomExceptionName, DomString, Error, Fallible, Realm, Reflector, ViewType,
    dom_object,
};
use uuid::Uuid;

use crate::bindings::CryptoMethods;

/// How many random bytes can be had at a time.
const MAX_RANDOM_BYTES: usize = 65_536;

/// `crypto`: where random values are from.
pub(crate) struct Crypto {
    reflector: Reflector,
}

dom_object!(Crypto, reflector);

impl Crypto {
    pub(crate) fn new() -> Self {
        Self { reflector: Reflector::new() }
    }
}

impl CryptoMethods for Crypto {
    /// <https://w3c.github.io/webcrypto/#Crypto-method-getRandomValues>
    fn get_random_values(
        &self,
        realm: &Realm,
        array: ArrayBufferView,
    ) -> Fallible<ArrayBufferView> {
        let view_type = array.view_type();
        if matches!(
            view_type,
            ViewType::DataView
                | ViewType::Float16Array
                | ViewType::Float32Array
                | ViewType::Float64Array
        ) {
            let reason = format!("a {} has no random values", view_type.name());
            return Err(Error::dom(DomExceptionName::TypeMismatchError, reason));
        }
        let length = array.byte_length(realm);
        if length > MAX_RANDOM_BYTES {
            let reason = format!("{length} bytes are more than {MAX_RANDOM_BYTES}");
            return Err(Error::dom(DomExceptionName::QuotaExceededError, reason));
        }
        let mut bytes = vec![0; length];
        getrandom::fill(&mut bytes).map_err(|error| {
            let reason = format!("the system has no random bytes: {error}");
            Error::dom(DomExceptionName::OperationError, reason)
        })?;
        if length > 0 {
            array.write(realm, 0, &bytes)?;
        }
        Ok(array)
    }

    fn random_uuid(&self, _realm: &Realm) -> Fallible<DomString> {
        Ok(Uuid::new_v4().to_string().into())
    }
}
