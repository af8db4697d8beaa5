/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! HTTP/1.1, one request for each connection.

use std::io::{self, Error, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use url::form_urlencoded;

use super::memory::Memory;

/// The longest head and the longest body of a request, in bytes.
const MAX_HEAD: usize = 64 * 1024;
const MAX_BODY: usize = 16 * 1024 * 1024;
const MAX_HEADERS: usize = 64;

pub(super) struct Request {
    pub(super) method: String,
    /// The path and the query, as they came.
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(super) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first parameter of the query with this name, decoded.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let mut parameters = form_urlencoded::parse(self.query().as_bytes());
        parameters.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A step in the writing of a response.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Writes the head, if it is not written yet, and the body up to this byte.
    Write { until: usize },
    /// Waits.
    Pause(Duration),
    /// Waits until a request releases this key.
    Hold(String),
    /// Waits until the client has gone.
    Never,
    /// Writes the rest, and closes the connection. Always the last, if it is there.
    Finish,
}

#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) reason: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) steps: Vec<Step>,
}

impl Response {
    pub(super) fn new(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            reason: reason(200).to_owned(),
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.into(),
            steps: vec![Step::Finish],
        }
    }

    pub(super) fn text(status: u16, text: &str) -> Self {
        let mut response = Self::new("text/plain", text);
        response.set_status(status);
        response
    }

    pub(super) fn set_status(&mut self, status: u16) {
        (self.status, self.reason) = (status, reason(status).to_owned());
    }

    pub(super) fn set_header(&mut self, name: &str, value: &str) {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.add_header(name, value);
    }

    pub(super) fn add_header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Leaves the part of the body that a
    /// [`Range` header](https://httpwg.org/specs/rfc9110.html#field.range) asks for: one range of
    /// bytes. Any other header changes nothing.
    pub(super) fn cut(&mut self, range: &str) {
        let length = self.body.len();
        let Some((first, last)) =
            range.strip_prefix("bytes=").and_then(|range| range.split_once('-'))
        else {
            return;
        };
        let (first, end) = match (first.parse::<usize>(), last.parse::<usize>()) {
            (Ok(first), Ok(last)) => (first, last.saturating_add(1).min(length)),
            (Ok(first), Err(_)) if last.is_empty() => (first, length),
            (Err(_), Ok(suffix)) if first.is_empty() => (length.saturating_sub(suffix), length),
            _ => return,
        };
        if first >= end {
            self.set_status(416);
            self.set_header("Content-Range", &format!("bytes */{length}"));
            self.body.clear();
            return;
        }
        self.set_status(206);
        self.set_header("Content-Range", &format!("bytes {first}-{}/{length}", end - 1));
        self.body = self.body[first..end].to_vec();
    }
}

/// Reads a request, or nothing when the client has sent none.
pub(super) fn read(stream: &mut TcpStream) -> io::Result<Option<Request>> {
    let bad = |what: &str| Error::new(ErrorKind::InvalidData, what.to_owned());
    let mut bytes = Vec::new();
    let (mut request, head) = loop {
        if let Some(parsed) = parse(&bytes).map_err(|error| bad(&error.to_string()))? {
            break parsed;
        }
        if bytes.len() > MAX_HEAD {
            return Err(bad("the head of the request is too long"));
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece)? {
            0 => return Ok(None),
            count => bytes.extend_from_slice(&piece[..count]),
        }
    };
    let length = request.header("content-length").map_or(Ok(0), str::parse::<usize>);
    let length = length.map_err(|_| bad("Content-Length is no number"))?;
    if length > MAX_BODY || request.header("transfer-encoding").is_some() {
        return Err(bad("such a body is not supported"));
    }
    request.body = bytes.split_off(head);
    let begun = request.body.len().min(length);
    request.body.resize(length, 0);
    stream.read_exact(&mut request.body[begun..])?;
    Ok(Some(request))
}

/// A request without its body and the length of its head, if all of that is here.
fn parse(bytes: &[u8]) -> Result<Option<(Request, usize)>, httparse::Error> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = parsed.parse(bytes)? else { return Ok(None) };
    let request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        target: parsed.path.unwrap_or_default().to_owned(),
        headers: parsed
            .headers
            .iter()
            .map(|it| (it.name.to_owned(), String::from_utf8_lossy(it.value).into_owned()))
            .collect(),
        body: Vec::new(),
    };
    Ok(Some((request, head)))
}

/// Writes a response as its steps say.
pub(super) fn write(
    stream: &mut TcpStream,
    request: &Request,
    response: &Response,
    memory: &Memory,
) -> io::Result<()> {
    let body: &[u8] = if request.method == "HEAD" { &[] } else { &response.body };
    let mut head = Some(head(response));
    let mut written = 0;
    for step in &response.steps {
        let until = match step {
            Step::Write { until } => (*until).clamp(written, body.len()),
            Step::Finish => body.len(),
            Step::Pause(time) => {
                std::thread::sleep(*time);
                continue;
            }
            Step::Hold(key) => {
                memory.hold(key);
                continue;
            }
            Step::Never => {
                wait_for_end(stream);
                return Ok(());
            }
        };
        if let Some(head) = head.take() {
            stream.write_all(head.as_bytes())?;
        }
        stream.write_all(&body[written..until])?;
        stream.flush()?;
        written = until;
    }
    Ok(())
}

fn head(response: &Response) -> String {
    let Response { status, reason, headers, body, steps: _ } = response;
    let mut head = format!("HTTP/1.1 {status} {reason}\r\n");
    let sets = |name: &str| headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
    // Such answers have no body and no length.
    if !matches!(status, 204 | 304) && !sets("Content-Length") {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    if !sets("Cache-Control") {
        head += "Cache-Control: no-store\r\n";
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head + "Connection: close\r\n\r\n"
}

/// Reads until there is no more: the client has closed the connection.
fn wait_for_end(stream: &mut TcpStream) {
    let mut rest = [0; 64];
    while matches!(stream.read(&mut rest), Ok(1..)) {}
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        416 => "Range Not Satisfiable",
        500 => "Internal Server Error",
        _ => "Other",
    }
}
