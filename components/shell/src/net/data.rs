/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `data:`.

use std::io::Cursor;

use data_url::DataUrl;
use sordino_traits::embedder::{FetchError, ResponseHead};
use url::Url;

use super::Response;

pub(super) fn fetch(url: &Url) -> Result<Response, FetchError> {
    let error = |reason: String| FetchError::Network {
        url: url.as_str().chars().take(80).collect(),
        reason,
    };
    let data = DataUrl::process(url.as_str()).map_err(|reason| error(format!("{reason:?}")))?;
    let (body, _fragment) = data.decode_to_vec().map_err(|reason| error(reason.to_string()))?;
    let mime_type = data.mime_type();
    let head = ResponseHead {
        url: url.to_string(),
        status: 200,
        mime_type: Some(format!("{}/{}", mime_type.type_, mime_type.subtype)),
        charset: mime_type.get_parameter("charset").map(str::to_owned),
        length: Some(body.len() as u64),
    };
    Ok(Response { head, body: Box::new(Cursor::new(body)) })
}
