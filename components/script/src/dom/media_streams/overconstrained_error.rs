/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! [OverconstrainedError](https://w3c.github.io/mediacapture-main/#overconstrainederror-interface).

use sordino_script_bindings::{
    DomRoot, DomString, ExceptionInterface, Fallible, Realm, Reflector, dom_object,
};

use crate::bindings::OverconstrainedErrorMethods;

/// No device satisfies what the page requires.
pub(crate) struct OverconstrainedError {
    reflector: Reflector,
    constraint: DomString,
    message: DomString,
}

dom_object!(OverconstrainedError, reflector);

impl OverconstrainedError {
    pub(crate) fn create(realm: &Realm, constraint: &str, message: &str) -> DomRoot<Self> {
        Self::new(realm, constraint.into(), message.into())
    }

    fn new(realm: &Realm, constraint: DomString, message: DomString) -> DomRoot<Self> {
        DomRoot::new(realm, Self { reflector: Reflector::new(), constraint, message })
    }
}

impl ExceptionInterface for OverconstrainedError {
    fn message(&self) -> DomString {
        self.message.clone()
    }
}

impl OverconstrainedErrorMethods for OverconstrainedError {
    fn constructor(
        realm: &Realm,
        constraint: DomString,
        message: DomString,
    ) -> Fallible<DomRoot<Self>> {
        Ok(Self::new(realm, constraint, message))
    }

    fn constraint(&self, _realm: &Realm) -> DomString {
        self.constraint.clone()
    }
}
