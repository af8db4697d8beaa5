/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `document.createEvent()`: events of old pages.

use sordino_script_bindings::{DomExceptionName, DomRoot, DomString, Error, Fallible, Realm};

use super::{CustomEvent, Event, KeyboardEvent, MessageEvent, MouseEvent, UIEvent};
use crate::bindings::{
    CustomEventMethods, EventMethods, KeyboardEventMethods, MessageEventMethods, MouseEventMethods,
    UIEventMethods,
};

/// <https://dom.spec.whatwg.org/#dom-document-createevent>, for the interfaces that exist.
pub(super) fn create_event(realm: &Realm, interface: &DomString) -> Fallible<DomRoot<Event>> {
    let type_ = DomString::default();
    let name = interface.to_str_lossy().to_ascii_lowercase();
    let event = match name.as_str() {
        "customevent" => CustomEvent::constructor(realm, type_, Default::default())?.upcast(),
        "event" | "events" | "htmlevents" | "svgevents" => {
            Event::constructor(realm, type_, Default::default())?
        }
        "keyboardevent" => KeyboardEvent::constructor(realm, type_, Default::default())?.upcast(),
        "messageevent" => MessageEvent::constructor(realm, type_, Default::default())?.upcast(),
        "mouseevent" | "mouseevents" => {
            MouseEvent::constructor(realm, type_, Default::default())?.upcast()
        }
        "uievent" | "uievents" => UIEvent::constructor(realm, type_, Default::default())?.upcast(),
        _ => {
            let reason = format!("'{name}' is no kind of event that can be made so");
            return Err(Error::dom(DomExceptionName::NotSupportedError, reason));
        }
    };
    event.set_uninitialized();
    Ok(event)
}
