/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! Interfaces that inherit from `DOMException`.

use sordino_script_bindings::{
    DomRoot, DomString, ExceptionInterface, Fallible, Realm, Reflector, dom_object,
};

use crate::bindings::{DetailedFailureMethods, FailureMethods};

/// An exception that says where it was.
#[derive(Default)]
pub struct Failure {
    reflector: Reflector,
    message: DomString,
    place: DomString,
}

dom_object!(Failure, reflector);

impl Failure {
    fn new(place: DomString, message: DomString) -> Self {
        Self { reflector: Reflector::new(), message, place }
    }
}

impl ExceptionInterface for Failure {
    fn message(&self) -> DomString {
        self.message.clone()
    }
}

impl FailureMethods for Failure {
    fn constructor(realm: &Realm, place: DomString, message: DomString) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::new(place, message)))
    }

    fn place(&self, _realm: &Realm) -> DomString {
        self.place.clone()
    }

    fn same(&self, _realm: &Realm, other: DomRoot<Failure>) -> Fallible<DomRoot<Failure>> {
        Ok(other)
    }
}

/// One that says more.
#[derive(Default)]
pub struct DetailedFailure {
    failure: Failure,
}

dom_object!(DetailedFailure: Failure, failure);

impl ExceptionInterface for DetailedFailure {
    fn message(&self) -> DomString {
        self.failure.message()
    }
}

impl DetailedFailureMethods for DetailedFailure {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        let failure = Failure::new("here".into(), "details".into());
        Ok(DomRoot::new(realm, Self { failure }))
    }

    fn depth(&self, _realm: &Realm) -> i32 {
        3
    }
}
