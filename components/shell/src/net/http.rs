/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `http:` and `https:`.

use std::time::Duration;

use sordino_traits::embedder::{FetchError, ResponseHead};
use ureq::ResponseExt;
use ureq::http::header;
use url::Url;

use super::Response;

/// How long to wait for a connection, and then for the response's head.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

pub(super) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_recv_response(Some(RESPONSE_TIMEOUT))
        .max_redirects(20)
        .user_agent(concat!("Sordino/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent()
}

pub(super) fn fetch(agent: &ureq::Agent, url: &Url) -> Result<Response, FetchError> {
    let response = agent
        .get(url.as_str())
        .call()
        .map_err(|error| FetchError::Network { url: url.to_string(), reason: error.to_string() })?;
    let text_of = |name| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let content_type: Option<mime::Mime> =
        text_of(header::CONTENT_TYPE).and_then(|text| text.parse().ok());
    // The length is that of the encoded body, if it is encoded.
    let is_encoded = response.headers().contains_key(header::CONTENT_ENCODING);
    let length =
        text_of(header::CONTENT_LENGTH).filter(|_| !is_encoded).and_then(|text| text.parse().ok());
    let head = ResponseHead {
        url: response.get_uri().to_string(),
        status: response.status().as_u16(),
        mime_type: content_type.as_ref().map(|it| it.essence_str().to_ascii_lowercase()),
        charset: content_type
            .as_ref()
            .and_then(|it| it.get_param(mime::CHARSET))
            .map(|charset| charset.as_str().to_owned()),
        length,
    };
    Ok(Response { head, body: Box::new(response.into_body().into_reader()) })
}
