/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [XMLHttpRequestEventTarget](https://xhr.spec.whatwg.org/#xmlhttprequesteventtarget) and
//! [XMLHttpRequestUpload](https://xhr.spec.whatwg.org/#xmlhttprequestupload).

use std::rc::Rc;

use sordino_script_bindings::{DomObjectExt, Realm, dom_object};

use super::{EventTarget, event_handlers};
use crate::bindings::{
    EventHandlerNonNull, XMLHttpRequestEventTargetMethods, XMLHttpRequestUploadMethods,
};

/// A request, or its upload.
pub(crate) struct XMLHttpRequestEventTarget {
    event_target: EventTarget,
}

dom_object!(XMLHttpRequestEventTarget: EventTarget, event_target);

impl XMLHttpRequestEventTarget {
    pub(super) fn new() -> Self {
        Self { event_target: EventTarget::new() }
    }
}

impl XMLHttpRequestEventTargetMethods for XMLHttpRequestEventTarget {
    event_handlers! { EventHandlerNonNull:
        onloadstart set_onloadstart, onprogress set_onprogress, onabort set_onabort,
        onerror set_onerror, onload set_onload, ontimeout set_ontimeout, onloadend set_onloadend,
    }
}

/// How the sending of a request's body goes.
pub(crate) struct XMLHttpRequestUpload {
    event_target: XMLHttpRequestEventTarget,
}

dom_object!(XMLHttpRequestUpload: XMLHttpRequestEventTarget, event_target);

impl XMLHttpRequestUpload {
    pub(super) fn new() -> Self {
        Self { event_target: XMLHttpRequestEventTarget::new() }
    }
}

impl XMLHttpRequestUploadMethods for XMLHttpRequestUpload {}
