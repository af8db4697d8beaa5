/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `http:` and `https:`: one request and its answer, without redirects, by ureq.

use std::io::{Error as IoError, ErrorKind, Read};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sordino_traits::embedder::{ByteString, Header};
use sordino_traits::headers::HeaderList;
use ureq::http::{HeaderMap, Request};
use ureq::tls::TlsConfig;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, RustlsConnector};
use ureq::{Agent, Body, Error, Timeout};
use url::Url;

use super::connection::{InterruptibleConnector, InterruptibleResolver};
use super::interrupt::Interrupt;
use super::reason::ReasonPhrase;

/// The longest head of a response, in bytes.
const MAX_HEAD: usize = 64 * 1024;
/// The most clients of one content process that are kept for later fetches.
const MAX_IDLE_CLIENTS: usize = 8;

/// How long servers may take; `None` is for ever.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// For a connection, once its name is looked up, and for that.
    pub(crate) connect: Option<Duration>,
    /// For the whole head of a response, once the request is sent.
    pub(crate) answer: Option<Duration>,
    /// Between two pieces of a body.
    pub(crate) idle: Option<Duration>,
}

/// What one fetch uses at a time: connections, which are kept, and what interrupts them.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    limits: Limits,
    pub(super) interrupt: Interrupt,
    phrase: ReasonPhrase,
    /// Whether it may have connections that servers have closed meanwhile.
    is_used: bool,
}

/// The clients of one content process.
#[derive(Debug)]
pub(super) struct Clients {
    limits: Limits,
    tls: TlsConfig,
    idle: Mutex<Vec<Client>>,
    lookups: Arc<AtomicUsize>,
}

impl Clients {
    /// With what servers must show for `https:`.
    pub(super) fn new(limits: Limits, tls: TlsConfig) -> Self {
        Self { limits, tls, idle: Mutex::default(), lookups: Arc::default() }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Client>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one that was used last, or a new one.
    pub(super) fn take(&self) -> Result<Client, IoError> {
        match self.idle().pop() {
            Some(client) => Ok(client),
            None => Client::new(self.limits, self.lookups.clone(), self.tls.clone()),
        }
    }

    /// Keeps one that was not interrupted.
    pub(super) fn put_back(&self, mut client: Client) {
        let mut idle = self.idle();
        if idle.len() < MAX_IDLE_CLIENTS && !client.interrupt.is_set() {
            client.is_used = true;
            idle.push(client);
        }
    }
}

/// A request as it is on the wire.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a Url,
    pub(super) headers: &'a HeaderList,
    pub(super) body: Option<&'a [u8]>,
    /// Whether the user name and password of the URL go along.
    pub(super) with_user: bool,
}

/// A response whose body is still to be read.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) status_text: String,
    pub(super) headers: HeaderList,
    pub(super) body: Box<dyn Read + Send>,
    /// How many bytes the body has as it is on the wire, if that is known.
    pub(super) length: Option<u64>,
}

impl Client {
    fn new(limits: Limits, lookups: Arc<AtomicUsize>, tls: TlsConfig) -> Result<Self, IoError> {
        let (interrupt, phrase) = (Interrupt::new()?, ReasonPhrase::default());
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .tls_config(tls)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_resolve(limits.connect)
            .timeout_connect(limits.connect)
            .timeout_recv_response(limits.answer)
            .max_response_header_size(MAX_HEAD)
            .user_agent(sordino_traits::embedder::USER_AGENT)
            .accept("")
            .accept_encoding("")
            .build();
        let connector =
            ().chain(ConnectProxyConnector::default())
                .chain(InterruptibleConnector { interrupt: interrupt.clone(), idle: limits.idle })
                .chain(RustlsConnector::default())
                .chain(phrase.clone());
        let resolver = InterruptibleResolver { interrupt: interrupt.clone(), lookups };
        let agent = Agent::with_parts(config, connector, resolver);
        Ok(Self { agent, limits, interrupt, phrase, is_used: false })
    }

    /// Sends a request and waits for the head of its response. An error is its reason.
    pub(super) fn call(&self, call: &Call<'_>) -> Result<Answer, String> {
        let sent = match self.send(call) {
            // A server closes a connection that it has kept, while a request is on its way.
            Err(Error::Io(error)) if self.is_used && is_closed(&error) && is_idempotent(call) => {
                self.send(call)
            }
            sent => sent,
        };
        let response = sent.map_err(|error| reason(error, self.limits))?;
        let (head, body) = response.into_parts();
        Ok(Answer {
            status: head.status.as_u16(),
            status_text: self.phrase.take(),
            headers: header_list(&head.headers),
            length: body.content_length(),
            body: Box::new(BodyReader { body: body.into_reader(), limits: self.limits }),
        })
    }

    fn send(&self, call: &Call<'_>) -> Result<ureq::http::Response<Body>, Error> {
        let mut url = call.url.clone();
        if !call.with_user {
            // These fail for URLs without a host only.
            let _ = url.set_username("");
            let _ = url.set_password(None);
        }
        let mut request = Request::builder().method(call.method).uri(url.as_str());
        for Header { name, value } in &call.headers.0 {
            request = request.header(name, &*value.0);
        }
        match call.body {
            Some(body) => self.agent.run(request.body(body)?),
            None => self.agent.run(request.body(())?),
        }
    }
}

fn header_list(headers: &HeaderMap) -> HeaderList {
    let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| Header {
        name: name.as_str().to_owned(),
        value: ByteString(value.as_bytes().trim_ascii().to_vec()),
    };
    HeaderList(headers.iter().map(header).collect())
}

fn is_closed(error: &IoError) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};

    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

fn is_idempotent(call: &Call<'_>) -> bool {
    matches!(call.method, "GET" | "HEAD" | "OPTIONS")
}

/// Why there is no answer, or no whole one.
fn reason(error: Error, limits: Limits) -> String {
    let seconds = |limit: Option<Duration>| limit.unwrap_or_default().as_secs_f64();
    match error {
        Error::Timeout(Timeout::Resolve) => {
            format!("its name was not found within {} s", seconds(limits.connect))
        }
        Error::Timeout(Timeout::Connect) => {
            format!("no connection within {} s", seconds(limits.connect))
        }
        Error::Timeout(Timeout::RecvResponse) => {
            format!("no answer within {} s", seconds(limits.answer))
        }
        Error::Timeout(Timeout::PerRead) => {
            format!("the server sent nothing for {} s", seconds(limits.idle))
        }
        Error::Timeout(Timeout::PerWrite) => {
            format!("the server took nothing for {} s", seconds(limits.idle))
        }
        Error::Timeout(_) => "it took too long".into(),
        Error::HostNotFound => "there is no host of that name".into(),
        Error::LargeResponseHeader(..) => {
            format!("the head of the answer is longer than {MAX_HEAD} bytes")
        }
        Error::Protocol(error) => format!("the answer is not valid HTTP: {error}"),
        Error::Io(error) if is_closed(&error) => {
            "the server closed the connection before the end".into()
        }
        Error::Io(error) => error.to_string(),
        error => error.to_string(),
    }
}

/// The body, with errors that say what happened.
struct BodyReader {
    body: ureq::BodyReader<'static>,
    limits: Limits,
}

impl Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.body.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::Interrupted => error,
            _ => IoError::other(reason(error.into(), self.limits)),
        })
    }
}
