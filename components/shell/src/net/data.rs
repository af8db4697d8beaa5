/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `data:`.

use std::io::Cursor;

use data_url::DataUrl;
use sordino_traits::embedder::{FetchError, Header, ResponseHead};

use super::fetch::Response;
use super::request::Request;
use sordino_traits::headers::essence_of;

pub(super) fn fetch(request: &Request) -> Result<Response, FetchError> {
    if request.method != "GET" {
        return Err(request.failed("data: can only be read, with GET"));
    }
    let data = DataUrl::process(request.url().as_str())
        .map_err(|reason| request.failed(format!("{reason:?}")))?;
    let (body, _fragment) =
        data.decode_to_vec().map_err(|reason| request.failed(reason.to_string()))?;
    let mime_type = data.mime_type();
    let head = ResponseHead {
        url: request.url().to_string(),
        status: 200,
        status_text: "OK".into(),
        headers: vec![Header::new("content-type", mime_type.to_string())],
        mime_type: Some(essence_of(mime_type)),
        charset: mime_type.get_parameter("charset").map(str::to_owned),
        length: Some(body.len() as u64),
        ..Default::default()
    };
    Ok(Response { head, body: Box::new(Cursor::new(body)), cookie_access: None })
}
