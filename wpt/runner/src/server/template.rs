/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a file with `.sub.` in its name leaves open, in doubled braces: `host`, `hosts[alt][]`,
//! `ports[http][0]`, `ports[http][1]`, `GET[name]` for a parameter of the query, and
//! `headers[name]` for a header of the request.

use super::http::{Request, Response};
use super::{HOST, Site};

/// Fills in a body. What is not known stays as it is.
pub(super) fn fill(response: &mut Response, request: &Request, site: &Site) {
    let body = String::from_utf8_lossy(&response.body);
    let mut filled = String::new();
    let mut rest = body.as_ref();
    while let Some((before, after)) = rest.split_once("{{") {
        filled += before;
        match after
            .split_once("}}")
            .and_then(|(name, rest)| value(name.trim(), request, site).map(|value| (value, rest)))
        {
            Some((value, after)) => {
                filled += &value;
                rest = after;
            }
            None => {
                filled += "{{";
                rest = after;
            }
        }
    }
    response.body = (filled + rest).into_bytes();
}

fn value(name: &str, request: &Request, site: &Site) -> Option<String> {
    let argument = |kind: &str| name.strip_prefix(kind)?.strip_prefix('[')?.strip_suffix(']');
    match name {
        "host" => Some(HOST.to_owned()),
        "hosts[alt][]" => Some("localhost".to_owned()),
        "ports[http][0]" => Some(site.ports[0].to_string()),
        "ports[http][1]" => Some(site.ports[1].to_string()),
        _ => match (argument("GET"), argument("headers")) {
            (Some(name), _) => Some(request.parameter(name).unwrap_or_default()),
            (_, Some(name)) => Some(request.header(name).unwrap_or_default().to_owned()),
            _ => None,
        },
    }
}
