/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The events of errors that nobody caught:
//! [ErrorEvent](https://html.spec.whatwg.org/multipage/webappapis.html#errorevent) and
//! [PromiseRejectionEvent](https://html.spec.whatwg.org/multipage/webappapis.html#promiserejectionevent).

use sordino_script_bindings::{DomRoot, DomString, Fallible, JsObject, JsValue, Realm, dom_object};

use super::Event;
use crate::bindings::{
    ErrorEventInit, ErrorEventMethods, EventInit, PromiseRejectionEventInit,
    PromiseRejectionEventMethods,
};

/// What a window hears of an exception that nobody caught.
pub(crate) struct ErrorEvent {
    event: Event,
    message: DomString,
    filename: String,
    line: u32,
    column: u32,
    error: JsValue,
}

dom_object!(ErrorEvent: Event, event, trace(error));

impl ErrorEvent {
    /// The event of an exception; canceled means handled.
    pub(crate) fn new_trusted(
        realm: &Realm,
        info: &crate::exception::Exception,
        error: JsValue,
    ) -> DomRoot<Self> {
        let init = EventInit { bubbles: false, cancelable: true, composed: false };
        let event = Event::new("error".into(), &init);
        event.set_trusted(true);
        let error_event = Self {
            event,
            message: info.message.as_str().into(),
            filename: info.file.clone(),
            line: info.line,
            column: info.column,
            error,
        };
        DomRoot::new(realm, error_event)
    }

    pub(crate) fn message_string(&self) -> DomString {
        self.message.clone()
    }

    pub(crate) fn filename_string(&self) -> &str {
        &self.filename
    }

    pub(crate) fn line(&self) -> u32 {
        self.line
    }

    pub(crate) fn column(&self) -> u32 {
        self.column
    }

    pub(crate) fn error_value(&self) -> JsValue {
        self.error.clone()
    }
}

impl ErrorEventMethods for ErrorEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: ErrorEventInit,
    ) -> Fallible<DomRoot<Self>> {
        let event = Self {
            event: Event::new(type_, &init.parent),
            message: init.message,
            filename: init.filename,
            line: init.lineno,
            column: init.colno,
            error: init.error,
        };
        Ok(DomRoot::new(realm, event))
    }

    fn message(&self, _realm: &Realm) -> DomString {
        self.message.clone()
    }

    fn filename(&self, _realm: &Realm) -> String {
        self.filename.clone()
    }

    fn lineno(&self, _realm: &Realm) -> u32 {
        self.line
    }

    fn colno(&self, _realm: &Realm) -> u32 {
        self.column
    }

    fn error(&self, _realm: &Realm) -> JsValue {
        self.error.clone()
    }
}

/// What a window hears of a promise that was rejected with nobody to handle it.
pub(crate) struct PromiseRejectionEvent {
    event: Event,
    promise: JsObject,
    reason: JsValue,
}

dom_object!(PromiseRejectionEvent: Event, event, trace(promise, reason));

impl PromiseRejectionEvent {
    /// `unhandledrejection`, which can be canceled, or `rejectionhandled`.
    pub(crate) fn new_trusted(
        realm: &Realm,
        type_: &str,
        promise: JsObject,
        reason: JsValue,
    ) -> DomRoot<Self> {
        let cancelable = type_ == "unhandledrejection";
        let init = EventInit { bubbles: false, cancelable, composed: false };
        let event = Event::new(type_.into(), &init);
        event.set_trusted(true);
        DomRoot::new(realm, Self { event, promise, reason })
    }
}

impl PromiseRejectionEventMethods for PromiseRejectionEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: PromiseRejectionEventInit,
    ) -> Fallible<DomRoot<Self>> {
        let event = Self {
            event: Event::new(type_, &init.parent),
            promise: init.promise,
            reason: init.reason,
        };
        Ok(DomRoot::new(realm, event))
    }

    fn promise(&self, _realm: &Realm) -> JsObject {
        self.promise.clone()
    }

    fn reason(&self, _realm: &Realm) -> JsValue {
        self.reason.clone()
    }
}
