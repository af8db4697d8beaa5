/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Lists of headers, and which headers are special, as the [Fetch Standard](https://fetch.spec.whatwg.org/)
//! has it: for script in a content process and for the network in the shell.

use std::str::FromStr;

use data_url::mime::Mime;

use crate::embedder::{ByteString, ContentRange, Header};
use crate::validate::{is_forbidden_method, is_token};

/// A [header list](https://fetch.spec.whatwg.org/#concept-header-list).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HeaderList(pub Vec<Header>);

impl HeaderList {
    /// Whether there is a header of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|header| header.name.eq_ignore_ascii_case(name))
    }

    /// The values of a header, one for each.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let of_name = self.0.iter().filter(move |it| it.name.eq_ignore_ascii_case(name));
        of_name.map(|header| &*header.value.0)
    }

    /// [Gets](https://fetch.spec.whatwg.org/#concept-header-list-get) all values of a header in one.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.values(name).map(<[u8]>::to_vec).reduce(|mut all, value| {
            all.extend_from_slice(b", ");
            all.extend(value);
            all
        })
    }

    /// The same as text, one character for each byte.
    pub fn get_text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| ByteString(value).decode())
    }

    /// Appends a header.
    pub fn append(&mut self, name: &str, value: impl Into<ByteString>) {
        self.0.push(Header::new(name, value));
    }

    /// Appends a header unless there is one of that name.
    pub fn append_default(&mut self, name: &str, value: impl Into<ByteString>) {
        if !self.contains(name) {
            self.append(name, value);
        }
    }

    /// [Combines](https://fetch.spec.whatwg.org/#concept-header-list-combine): the value goes to the end
    /// of what the first header of that name has.
    pub fn combine(&mut self, header: Header) {
        let is_it = |other: &&mut Header| other.name.eq_ignore_ascii_case(&header.name);
        match self.0.iter_mut().find(is_it) {
            Some(first) => {
                first.value.0.extend_from_slice(b", ");
                first.value.0.extend(header.value.0);
            }
            None => self.0.push(header),
        }
    }

    /// Takes all headers of that name away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|header| !header.name.eq_ignore_ascii_case(name));
    }

    /// [Gets, decodes, and splits](https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split):
    /// at the commas outside of quoted strings.
    pub fn split(&self, name: &str) -> Option<Vec<String>> {
        let text = self.get_text(name)?;
        let mut parts = vec![String::new()];
        let mut characters = text.chars();
        let mut is_quoted = false;
        while let Some(character) = characters.next() {
            let part = parts.last_mut().expect("there is a first part");
            match character {
                ',' if !is_quoted => parts.push(String::new()),
                '\\' if is_quoted => {
                    part.push('\\');
                    part.extend(characters.next());
                }
                _ => {
                    is_quoted ^= character == '"';
                    part.push(character);
                }
            }
        }
        let is_blank = |character| matches!(character, ' ' | '\t');
        Some(parts.iter().map(|part| part.trim_matches(is_blank).to_owned()).collect())
    }

    /// [Extracts header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) of a
    /// header that is a list of tokens. `None`: it is no such list.
    pub fn tokens(&self, name: &str) -> Option<Vec<String>> {
        let parts = self.split(name).unwrap_or_default();
        let tokens: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        tokens.iter().all(|token| is_token(token)).then_some(tokens)
    }

    /// [Extracts a MIME type](https://fetch.spec.whatwg.org/#concept-header-extract-mime-type).
    pub fn extract_mime_type(&self) -> Option<Mime> {
        let mut found: Option<Mime> = None;
        for value in self.split("content-type").unwrap_or_default() {
            let Ok(mut mime) = Mime::from_str(&value) else { continue };
            if mime.matches("*", "*") {
                continue;
            }
            let charset = found
                .filter(|before| essence_of(before) == essence_of(&mime))
                .and_then(|before| before.get_parameter("charset").map(str::to_owned));
            if let (Some(charset), None) = (charset, mime.get_parameter("charset")) {
                mime.parameters.push(("charset".to_owned(), charset));
            }
            found = Some(mime);
        }
        found
    }

    /// The essence of the extracted MIME type, and its charset.
    pub fn mime_type(&self) -> (Option<String>, Option<String>) {
        let mime = self.extract_mime_type();
        let charset = mime.as_ref().and_then(|mime| mime.get_parameter("charset"));
        (mime.as_ref().map(essence_of), charset.map(str::to_owned))
    }

    /// [Sets](https://fetch.spec.whatwg.org/#concept-header-list-set) a header: the first of that name
    /// gets the value, and the others go.
    pub fn set(&mut self, name: &str, value: impl Into<ByteString>) {
        let is_it = |header: &Header| header.name.eq_ignore_ascii_case(name);
        let Some(first) = self.0.iter().position(is_it) else { return self.append(name, value) };
        self.0[first].value = value.into();
        let mut index = 0;
        self.0.retain(|header| {
            index += 1;
            index <= first + 1 || !is_it(header)
        });
    }

    /// [Sorts and combines](https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine): names
    /// in lower case, each once but for `set-cookie`.
    pub fn sort_and_combine(&self) -> Vec<Header> {
        let mut names: Vec<_> = self.0.iter().map(|it| it.name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        let mut sorted = Vec::new();
        for name in names {
            if name == "set-cookie" {
                let value = |value: &[u8]| Header::new("set-cookie", ByteString(value.to_vec()));
                sorted.extend(self.values("set-cookie").map(value));
            } else if let Some(value) = self.get(&name) {
                sorted.push(Header::new(name, ByteString(value)));
            }
        }
        sorted
    }
}

/// [Normalizes](https://fetch.spec.whatwg.org/#concept-header-value-normalize) a header value: no white
/// space around it.
pub fn normalize_value(value: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let start = value.iter().position(|byte| !is_blank(byte)).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    &value[start..end]
}

/// The [essence](https://mimesniff.spec.whatwg.org/#mime-type-essence) of a MIME type.
pub fn essence_of(mime: &Mime) -> String {
    format!("{}/{}", mime.type_, mime.subtype)
}

/// Whether a page may not set it: a [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header).
pub fn is_forbidden_request_header(header: &Header) -> bool {
    const FORBIDDEN: [&str; 21] = [
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ];
    const OVERRIDES: [&str; 3] = ["x-http-method", "x-http-method-override", "x-method-override"];

    let name = header.name.to_ascii_lowercase();
    FORBIDDEN.contains(&&*name)
        || name.starts_with("proxy-")
        || name.starts_with("sec-")
        || (OVERRIDES.contains(&&*name)
            && header.value.decode().split(',').any(|method| is_forbidden_method(method.trim())))
}

/// Whether it is a [forbidden response-header name](https://fetch.spec.whatwg.org/#forbidden-response-header-name),
/// in lower case.
pub fn is_forbidden_response_header_name(name: &str) -> bool {
    matches!(name, "set-cookie" | "set-cookie2")
}

/// Whether it is a [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
pub fn is_cors_safelisted_request_header(header: &Header) -> bool {
    let value = &header.value.0;
    let is_language_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(byte);
    value.len() <= 128
        && match &*header.name.to_ascii_lowercase() {
            "accept" => !value.iter().any(is_cors_unsafe_byte),
            "accept-language" | "content-language" => value.iter().all(is_language_byte),
            "content-type" => {
                let mime = Mime::from_str(&header.value.decode());
                !value.iter().any(is_cors_unsafe_byte)
                    && mime.is_ok_and(|mime| {
                        matches!(
                            &*essence_of(&mime),
                            "application/x-www-form-urlencoded"
                                | "multipart/form-data"
                                | "text/plain"
                        )
                    })
            }
            "range" => is_simple_range(value),
            _ => false,
        }
}

/// Whether it is a [CORS-unsafe request-header byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
fn is_cors_unsafe_byte(byte: &u8) -> bool {
    (*byte < 0x20 && *byte != b'\t') || b"\"():<>?@[\\]{}\x7f".contains(byte)
}

/// Whether it is a [simple range header value](https://fetch.spec.whatwg.org/#simple-range-header-value)
/// that says where it begins.
fn is_simple_range(value: &[u8]) -> bool {
    let range = std::str::from_utf8(value).ok().and_then(|text| text.strip_prefix("bytes="));
    let Some((first, last)) = range.and_then(|range| range.split_once('-')) else { return false };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(first) || !is_digits(last) {
        return false;
    }
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) => first <= last,
        (Ok(_), Err(_)) => last.is_empty(),
        _ => false,
    }
}

/// The [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names),
/// in lower case and in order.
pub fn cors_unsafe_request_header_names(headers: &HeaderList) -> Vec<String> {
    let is_safe = is_cors_safelisted_request_header;
    let safe_size: usize =
        headers.0.iter().filter(|it| is_safe(it)).map(|it| it.value.0.len()).sum();
    let are_too_many = safe_size > 1_024;
    let unsafe_headers = headers.0.iter().filter(|it| are_too_many || !is_safe(it));
    let mut names: Vec<_> = unsafe_headers.map(|it| it.name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether a request without CORS may have it: a [no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header),
/// or a [privileged](https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name) one of
/// the engine.
pub fn is_no_cors_request_header(header: &Header) -> bool {
    header.name.eq_ignore_ascii_case("range") || is_cors_safelisted_request_header(header)
}

/// Whether a string in lower case is a [JavaScript MIME type essence](https://mimesniff.spec.whatwg.org/#javascript-mime-type).
pub fn is_javascript_mime_type(essence: &str) -> bool {
    matches!(
        essence,
        "application/ecmascript"
            | "application/javascript"
            | "application/x-ecmascript"
            | "application/x-javascript"
            | "text/ecmascript"
            | "text/javascript"
            | "text/javascript1.0"
            | "text/javascript1.1"
            | "text/javascript1.2"
            | "text/javascript1.3"
            | "text/javascript1.4"
            | "text/javascript1.5"
            | "text/jscript"
            | "text/livescript"
            | "text/x-ecmascript"
            | "text/x-javascript"
    )
}

/// [Parses a single range header value](https://fetch.spec.whatwg.org/#simple-range-header-value): the first
/// and the last byte. Without a first one, the last one is how many bytes of the end are meant.
pub fn parse_single_range(value: &[u8]) -> Option<(Option<u64>, Option<u64>)> {
    let value = std::str::from_utf8(value).ok()?.strip_prefix("bytes=")?;
    let (first, last) = value.split_once('-')?;
    let range = (parse_digits(first)?, parse_digits(last)?);
    match range {
        (None, None) => None,
        (Some(first), Some(last)) if first > last => None,
        range => Some(range),
    }
}

/// Nothing, or a number.
fn parse_digits(text: &str) -> Option<Option<u64>> {
    match text {
        "" => Some(None),
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok().map(Some),
        _ => None,
    }
}

/// The bytes of a resource that a `Range` header means, as an offset and a length. `None`: there are none,
/// or the value is no single range.
pub fn resolve_range(value: &[u8], length: u64) -> Option<(u64, u64)> {
    let (start, end) = match parse_single_range(value)? {
        (Some(first), last) => {
            (first, last.map_or(length, |last| length.min(last.saturating_add(1))))
        }
        (None, last) => (length.saturating_sub(last?), length),
    };
    (start < end).then(|| (start, end - start))
}

/// Parses a [`Content-Range`](https://httpwg.org/specs/rfc9110.html#field.content-range) of bytes.
pub fn parse_content_range(value: &[u8]) -> Option<ContentRange> {
    let value = std::str::from_utf8(value).ok()?.trim().strip_prefix("bytes ")?;
    let (range, total) = value.split_once('/')?;
    let (start, end) = range.split_once('-')?;
    let (start, end) = (parse_digits(start)??, parse_digits(end)??);
    let total = if total == "*" { None } else { Some(parse_digits(total)??) };
    (start <= end && total.is_none_or(|total| end < total)).then_some(ContentRange { start, total })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(headers: &[(&str, &str)]) -> HeaderList {
        HeaderList(headers.iter().map(|(name, value)| Header::new(*name, *value)).collect())
    }

    #[test]
    fn values_of_one_name_are_one_list() {
        let headers = list(&[("X", "a"), ("y", "b"), ("x", "c, \"d,\\\"e\"")]);
        assert_eq!(headers.get_text("x").unwrap(), "a, c, \"d,\\\"e\"");
        assert_eq!(headers.split("x").unwrap(), ["a", "c", "\"d,\\\"e\""]);
        assert_eq!(headers.get("z"), None);
        assert_eq!(headers.tokens("z"), Some(vec![]));
        assert_eq!(headers.tokens("x"), None);
        assert_eq!(list(&[("x", ",a,, b ")]).tokens("x").unwrap(), ["a", "b"]);
    }

    #[test]
    fn the_last_content_type_counts_and_keeps_its_charset() {
        for (values, essence, charset) in [
            (&[][..], None, None),
            (&["text/html"], Some("text/html"), None),
            (&["TEXT/HTML;Charset=UTF-8"], Some("text/html"), Some("UTF-8")),
            (&["text/plain;charset=gbk, text/html"], Some("text/html"), None),
            (&["text/html;charset=gbk;a=b, text/html;x=y"], Some("text/html"), Some("gbk")),
            (&["text/html", "nonsense"], Some("text/html"), None),
            (&["text/html;charset=\"gbk\"", "*/*"], Some("text/html"), Some("gbk")),
            (&["text"], None, None),
        ] {
            let pairs: Vec<_> = values.iter().map(|value| ("Content-Type", *value)).collect();
            let found = list(&pairs).mime_type();
            let expected = (essence.map(str::to_owned), charset.map(str::to_owned));
            assert_eq!(found, expected, "{values:?}");
        }
    }

    #[test]
    fn headers_are_set_sorted_and_combined() {
        let mut headers = list(&[("B", "1"), ("a", "2"), ("b", "3"), ("B", "4")]);
        assert_eq!(headers.sort_and_combine(), list(&[("a", "2"), ("b", "1, 3, 4")]).0);
        headers.set("b", "5");
        assert_eq!(headers, list(&[("B", "5"), ("a", "2")]));
        headers.set("c", "6");
        assert_eq!(headers, list(&[("B", "5"), ("a", "2"), ("c", "6")]));
        let cookies = list(&[("Set-Cookie", "x"), ("a", "1"), ("set-cookie", "y")]);
        let expected = list(&[("a", "1"), ("set-cookie", "x"), ("set-cookie", "y")]);
        assert_eq!(cookies.sort_and_combine(), expected.0);
    }

    #[test]
    fn values_have_no_white_space_around_them() {
        for (value, normalized) in [(" \t\r\na b \n", "a b"), ("a", "a"), (" ", ""), ("", "")] {
            assert_eq!(normalize_value(value.as_bytes()), normalized.as_bytes());
        }
    }

    #[test]
    fn pages_do_not_set_what_is_the_engines() {
        for (name, value, is_forbidden) in [
            ("Cookie", "a=b", true),
            ("Sec-Own", "x", true),
            ("proxy-x", "x", true),
            ("Origin", "x", true),
            ("X-Method-Override", "get, TRACE", true),
            ("X-Method-Override", "GET", false),
            ("Authorization", "x", false),
            ("Second", "x", false),
            ("User-Agent", "x", false),
        ] {
            let header = Header::new(name, value);
            assert_eq!(is_forbidden_request_header(&header), is_forbidden, "{name}: {value}");
        }
    }

    #[test]
    fn what_needs_a_preflight() {
        let long = "x".repeat(129);
        for (name, value, is_safe) in [
            ("Accept", "text/html", true),
            ("Accept", "(x)", false),
            ("Accept", &long, false),
            ("Accept-Language", "de-CH, *;q=0.5", true),
            ("Accept-Language", "de_CH", false),
            ("Content-Type", "text/plain;charset=UTF-8", true),
            ("Content-Type", "multipart/form-data; boundary=x", true),
            ("Content-Type", "application/json", false),
            ("Content-Type", "nonsense", false),
            ("Range", "bytes=0-99", true),
            ("Range", "bytes=5-", true),
            ("Range", "bytes=-5", false),
            ("Range", "bytes=9-5", false),
            ("Range", "bytes= 0-5", false),
            ("X-Own", "x", false),
        ] {
            let header = Header::new(name, value);
            assert_eq!(is_cors_safelisted_request_header(&header), is_safe, "{name}: {value}");
        }
        let headers = list(&[("X-B", "1"), ("accept", "x"), ("X-A", "2"), ("x-b", "3")]);
        assert_eq!(cors_unsafe_request_header_names(&headers), ["x-a", "x-b"]);
        let value = "x".repeat(128);
        let many = HeaderList(vec![Header::new("Accept", value); 9]);
        assert_eq!(cors_unsafe_request_header_names(&many), ["accept"]);
    }

    #[test]
    fn ranges_are_read() {
        for (value, expected) in [
            ("bytes=0-", Some((0, 10))),
            ("bytes=3-", Some((3, 7))),
            ("bytes=3-5", Some((3, 3))),
            ("bytes=3-99", Some((3, 7))),
            ("bytes=3-18446744073709551615", Some((3, 7))),
            ("bytes=-4", Some((6, 4))),
            ("bytes=-99", Some((0, 10))),
            ("bytes=-0", None),
            ("bytes=10-", None),
            ("bytes=5-3", None),
            ("bytes=-", None),
            ("bytes=a-", None),
            ("bytes=+1-", None),
            ("bytes=1-2,4-5", None),
            ("items=1-2", None),
            ("", None),
        ] {
            assert_eq!(resolve_range(value.as_bytes(), 10), expected, "{value}");
        }
        for (value, expected) in [
            ("bytes 0-9/10", Some((0, Some(10)))),
            ("bytes 5-9/10", Some((5, Some(10)))),
            ("bytes 5-9/*", Some((5, None))),
            ("bytes 5-10/10", None),
            ("bytes 9-5/10", None),
            ("bytes */10", None),
            ("5-9/10", None),
        ] {
            let found = parse_content_range(value.as_bytes()).map(|it| (it.start, it.total));
            assert_eq!(found, expected, "{value}");
        }
    }
}
