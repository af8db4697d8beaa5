/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Answers that are made, below `/handlers/`:
//!
//! | name | answers |
//! |---|---|
//! | `redirect?to=URL&status=302` | a redirect; 302 is the default |
//! | `echo` | the request as JSON: `method`, `path`, `query`, `headers` by their names in lower case, `body` |
//! | `body?text=…&type=…`, `body?hex=…&type=…` | these bytes with this content type |
//! | `release?key=…` | nothing, and lets go on what waits for the key, now or later |
//! | `noted?key=…` | the requests that the pipe `note` has kept under the key, as an array of what `echo` answers |

use serde_json::{Value, json};

use super::http::{Request, Response};
use super::memory::Memory;

pub(super) fn answer(name: &str, request: &Request, memory: &Memory) -> Option<Response> {
    let parameter = |name: &str| request.parameter(name).unwrap_or_default();
    match name {
        "redirect" => {
            let status = request.parameter("status").and_then(|status| status.parse().ok());
            let mut response = Response::text(status.unwrap_or(302), "elsewhere");
            response.set_header("Location", &parameter("to"));
            Some(response)
        }
        "echo" => Some(json_response(&describe(request))),
        "body" => {
            let bytes = match request.parameter("hex") {
                Some(hex) => match unhex(&hex) {
                    Some(bytes) => bytes,
                    None => return Some(Response::text(400, "that is not hexadecimal")),
                },
                None => parameter("text").into_bytes(),
            };
            Some(Response::new(&parameter("type"), bytes))
        }
        "release" => {
            memory.release(&parameter("key"));
            Some(Response::text(200, ""))
        }
        "noted" => Some(json_response(&memory.notes(&parameter("key")).into())),
        _ => None,
    }
}

fn json_response(value: &Value) -> Response {
    Response::new("application/json", value.to_string())
}

/// A request as tests read it.
pub(super) fn describe(request: &Request) -> Value {
    let mut headers = serde_json::Map::new();
    for (name, value) in &request.headers {
        headers.insert(name.to_ascii_lowercase(), value.as_str().into());
    }
    json!({
        "method": request.method,
        "path": request.path(),
        "query": request.query(),
        "headers": headers,
        "body": String::from_utf8_lossy(&request.body),
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect())
}
