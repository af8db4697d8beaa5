/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Posting messages](https://html.spec.whatwg.org/multipage/web-messaging.html#posting-messages) to windows.

use std::rc::Rc;

use sordino_script_bindings::{
    DomExceptionName, Error, Fallible, JsObject, JsValue, Realm, structured_clone,
};
use url::{Origin, Url};

use crate::browsing_context::BrowsingContext;
use crate::dom::{MessageEvent, dispatch};
use crate::page::Page;

/// To whom a message may go.
enum TargetOrigin {
    Any,
    Only(Origin),
}

impl TargetOrigin {
    fn parse(text: &str, sender: &Page) -> Fallible<Self> {
        match text {
            "*" => Ok(Self::Any),
            "/" => Ok(Self::Only(sender.origin().clone())),
            url => match Url::parse(url) {
                Ok(url) => Ok(Self::Only(url.origin())),
                Err(error) => {
                    let reason = format!("'{url}' is no target origin: {error}");
                    Err(Error::dom(DomExceptionName::SyntaxError, reason))
                }
            },
        }
    }

    fn matches(&self, origin: &Origin) -> bool {
        match self {
            Self::Any => true,
            Self::Only(wanted) => wanted == origin,
        }
    }
}

/// The [window post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps)
/// for the window that is in a context now. The sender is the page whose script runs.
///
/// # Errors
///
/// A `SyntaxError` for a bad target origin; a `DataCloneError`, or what script throws meanwhile.
pub(crate) fn post_message(
    realm: &Realm,
    context: &Rc<BrowsingContext>,
    message: &JsValue,
    target_origin: &str,
    transfer: &[JsObject],
) -> Fallible<()> {
    let sender_realm = realm.incumbent();
    let sender = Page::of(&sender_realm);
    let target_origin = TargetOrigin::parse(target_origin, &sender)?;
    let serialized = structured_clone::serialize(realm, message, transfer)?;
    let (Some(target), Some(source)) = (context.page(), sender.context()) else { return Ok(()) };
    let origin = sender.origin().ascii_serialization();
    target.queue(move |page| {
        if !target_origin.matches(page.origin()) {
            return;
        }
        let realm = page.realm();
        // The sender may be gone by now.
        let source = source.proxy_for(page.origin(), &realm).ok();
        let event = match structured_clone::deserialize_with_transfer(&realm, serialized) {
            Ok(message) => MessageEvent::new_trusted(&realm, "message", &message, origin, source),
            Err(error) => {
                log::debug!("a message cannot be read: {error}");
                drop(realm.exception_value(error));
                let nothing = structured_clone::Deserialized {
                    value: JsValue::null(),
                    transferred: Vec::new(),
                };
                MessageEvent::new_trusted(&realm, "messageerror", &nothing, origin, source)
            }
        };
        match event {
            Ok(event) => {
                dispatch(&page.window().upcast(), &event.upcast());
            }
            Err(error) => page.report_exception(realm.exception_value(error)),
        }
    });
    Ok(())
}
