/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Base64 utility methods](https://html.spec.whatwg.org/multipage/webappapis.html#atob).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_url::forgiving_base64::decode_to_vec;
use sordino_script_bindings::{ByteString, DomExceptionName, DomString, Error, Fallible};

fn invalid_character(reason: &str) -> Error {
    Error::dom(DomExceptionName::InvalidCharacterError, reason)
}

/// The [btoa](https://html.spec.whatwg.org/multipage/webappapis.html#dom-btoa) method's steps.
pub(crate) fn btoa(data: &DomString) -> Fallible<DomString> {
    let bytes: Result<Vec<u8>, _> = data.to_utf16().into_iter().map(u8::try_from).collect();
    let bytes = bytes.map_err(|_| invalid_character("there are characters above U+00FF"))?;
    Ok(STANDARD.encode(bytes).into())
}

/// The [atob](https://html.spec.whatwg.org/multipage/webappapis.html#dom-atob) method's steps.
pub(crate) fn atob(data: &DomString) -> Fallible<ByteString> {
    let bytes = decode_to_vec(data.to_str_lossy().as_bytes());
    bytes.map(ByteString::from).map_err(|_| invalid_character("the text is no base64"))
}
