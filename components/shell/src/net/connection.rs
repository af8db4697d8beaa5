/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Connections that can be given up at any moment: what ureq looks up, dials, and reads and writes
//! through.
//!
//! ureq's own block in the kernel, where nobody can wake them; these wait with an [`Interrupt`].

use std::io::{Error as IoError, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;
use rustix::event::{EventfdFlags, PollFlags, eventfd};
use rustix::io::{Errno, write};
use rustix::net::sockopt::{set_tcp_nodelay, socket_error};
use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, socket_with};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Error, Timeout};

use sordino_traits::origin::is_localhost;

use super::interrupt::Interrupt;

/// The most names of one content process that are looked up at a time. The system's resolver cannot
/// be interrupted.
const MAX_LOOKUPS: usize = 32;
/// The most addresses of a name that are tried.
const MAX_ADDRESSES: usize = 16;

/// Looks names up.
#[derive(Debug)]
pub(super) struct InterruptibleResolver {
    pub(super) interrupt: Interrupt,
    /// How many threads look up a name.
    pub(super) lookups: Arc<AtomicUsize>,
}

impl Resolver for InterruptibleResolver {
    fn resolve(
        &self,
        uri: &Uri,
        _config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let bad = || Error::BadUri(uri.to_string());
        let host = uri.host().ok_or_else(bad)?;
        let host = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host);
        let default_port = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(default_port);
        let found: Vec<SocketAddr> = if let Ok(address) = host.parse::<IpAddr>() {
            vec![(address, port).into()]
        } else if is_localhost(host) {
            vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]
        } else {
            self.look_up(host.to_owned(), port, timeout)?
        };
        let mut addresses = self.empty();
        for address in found.into_iter().take(MAX_ADDRESSES) {
            addresses.push(address);
        }
        if addresses.is_empty() { Err(Error::HostNotFound) } else { Ok(addresses) }
    }
}

impl InterruptibleResolver {
    fn look_up(
        &self,
        host: String,
        port: u16,
        timeout: NextTimeout,
    ) -> Result<Vec<SocketAddr>, Error> {
        if self.lookups.fetch_add(1, Ordering::Relaxed) >= MAX_LOOKUPS {
            self.lookups.fetch_sub(1, Ordering::Relaxed);
            return Err(IoError::other("too many names are looked up already").into());
        }
        let lookups = self.lookups.clone();
        let (sender, answer) = bounded(1);
        let is_done = Arc::new(eventfd(0, EventfdFlags::CLOEXEC).map_err(IoError::from)?);
        let done = is_done.clone();
        let thread = std::thread::Builder::new().name("Lookup".into()).spawn(move || {
            let found = (host, port).to_socket_addrs().map(Iterator::collect);
            lookups.fetch_sub(1, Ordering::Relaxed);
            // Whoever asked may have given up.
            let _ = sender.send(found);
            let _ = write(&*done, &1_u64.to_ne_bytes());
        });
        if let Err(error) = thread {
            self.lookups.fetch_sub(1, Ordering::Relaxed);
            return Err(error.into());
        }
        wait(&self.interrupt, &*is_done, PollFlags::IN, limit_of(timeout), Timeout::Resolve)?;
        answer.recv().map_err(|_| Error::HostNotFound)?.map_err(|_| Error::HostNotFound)
    }
}

fn limit_of(timeout: NextTimeout) -> Option<Duration> {
    (!timeout.after.is_not_happening()).then(|| *timeout.after)
}

fn wait(
    interrupt: &Interrupt,
    descriptor: impl std::os::fd::AsFd,
    events: PollFlags,
    limit: Option<Duration>,
    reason: Timeout,
) -> Result<(), Error> {
    interrupt.wait(descriptor, events, limit).map_err(|error| match error.kind() {
        ErrorKind::TimedOut => Error::Timeout(reason),
        _ => error.into(),
    })
}

/// Opens TCP connections.
#[derive(Debug)]
pub(super) struct InterruptibleConnector {
    pub(super) interrupt: Interrupt,
    /// How long the other side may do nothing while a body is on its way; `None` for ever.
    pub(super) idle: Option<Duration>,
}

impl<In: Transport> Connector<In> for InterruptibleConnector {
    type Out = Either<In, InterruptibleTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        // A proxy has connected already.
        if let Some(transport) = chained {
            return Ok(Some(Either::A(transport)));
        }
        let deadline = limit_of(details.timeout).map(|limit| Instant::now() + limit);
        let mut last = Error::ConnectionFailed;
        for (index, address) in details.addrs.iter().enumerate() {
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            // An address that swallows everything leaves time for the next.
            let is_last = index + 1 == details.addrs.len();
            let limit = left.map(|left| if is_last { left } else { left / 2 });
            match self.dial(*address, limit) {
                Ok(stream) => {
                    let config = details.config;
                    let (input, output) = (config.input_buffer_size(), config.output_buffer_size());
                    return Ok(Some(Either::B(InterruptibleTransport {
                        stream,
                        interrupt: self.interrupt.clone(),
                        idle: self.idle,
                        buffers: LazyBuffers::new(input, output),
                    })));
                }
                Err(error) if self.interrupt.is_set() => return Err(error),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

impl InterruptibleConnector {
    fn dial(&self, address: SocketAddr, limit: Option<Duration>) -> Result<TcpStream, Error> {
        let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let io = |error: Errno| Error::Io(error.into());
        let socket: OwnedFd = socket_with(family, SocketType::STREAM, flags, None).map_err(io)?;
        match connect(&socket, &address) {
            Ok(()) => {}
            Err(Errno::INPROGRESS | Errno::INTR) => {
                wait(&self.interrupt, &socket, PollFlags::OUT, limit, Timeout::Connect)?;
                socket_error(&socket).map_err(io)?.map_err(io)?;
            }
            Err(error) => return Err(io(error)),
        }
        set_tcp_nodelay(&socket, true).map_err(io)?;
        Ok(socket.into())
    }
}

/// A TCP connection.
#[derive(Debug)]
pub(super) struct InterruptibleTransport {
    stream: TcpStream,
    interrupt: Interrupt,
    idle: Option<Duration>,
    buffers: LazyBuffers,
}

impl InterruptibleTransport {
    /// A phase with a limit of its own, such as the head of a response, ends with it; of others, each
    /// wait has a limit.
    fn wait(&self, events: PollFlags, timeout: NextTimeout, idle: Timeout) -> Result<(), Error> {
        let (limit, reason) = match limit_of(timeout) {
            Some(limit) => (Some(limit), timeout.reason),
            None => (self.idle, idle),
        };
        wait(&self.interrupt, &self.stream, events, limit, reason)
    }
}

impl Transport for InterruptibleTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let mut sent = 0;
        while sent < amount {
            match (&self.stream).write(&self.buffers.output()[sent..amount]) {
                Ok(0) => return Err(IoError::from(ErrorKind::WriteZero).into()),
                Ok(written) => sent += written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.wait(PollFlags::OUT, timeout, Timeout::PerWrite)?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        loop {
            match (&self.stream).read(self.buffers.input_append_buf()) {
                Ok(amount) => {
                    self.buffers.input_appended(amount);
                    return Ok(amount > 0);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.wait(PollFlags::IN, timeout, Timeout::PerRead)?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn is_open(&mut self) -> bool {
        // Bytes that nobody asked for are as bad as the end.
        let peeked = self.stream.peek(&mut [0]);
        matches!(peeked, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }
}
