/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A web server with a thread for each connection, so that a request that waits holds up no other one:
//! tiny_http forgets some of many connections that come at once.

use std::io::{Read, Result, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

/// The most headers of a request.
const MAX_HEADERS: usize = 128;

/// A request that came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The path with the query, without the first slash.
    pub name: String,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Asked {
    /// The value of a header, if it was there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.0 == name).map(|header| &*header.1)
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) phrase: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A listener, with a thread that accepts connections until it is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    /// How many connections there were.
    pub(crate) connections: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Calls `serve` in a thread of its own for each connection.
    pub(crate) fn start(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let connections = Arc::<AtomicUsize>::default();
        let (over, count, serve) = (is_over.clone(), connections.clone(), Arc::new(serve));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                count.fetch_add(1, Ordering::Relaxed);
                let serve = serve.clone();
                std::thread::spawn(move || serve(stream));
            }
        });
        Self { address, connections, is_over, thread: Some(thread) }
    }

    /// Answers requests.
    pub(crate) fn answer(reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(move |mut stream| {
            let mut unread = Vec::new();
            // The client may go at any moment.
            while let Ok(Some(asked)) = read_request(&mut stream, &mut unread)
                && write_reply(&mut stream, &asked, &reply(&asked)).is_ok()
            {}
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // It accepts this one, and looks.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads until there are so many bytes more; `false` at the end.
fn read_more(stream: &mut TcpStream, unread: &mut Vec<u8>) -> Result<bool> {
    let mut piece = [0; 16 * 1024];
    let read = stream.read(&mut piece)?;
    unread.extend_from_slice(&piece[..read]);
    Ok(read > 0)
}

/// The next request; `None` when there is none.
pub(crate) fn read_request(stream: &mut TcpStream, unread: &mut Vec<u8>) -> Result<Option<Asked>> {
    let (mut asked, head) = loop {
        if let Some(parsed) = parse(unread) {
            break parsed;
        }
        if !read_more(stream, unread)? {
            return Ok(None);
        }
    };
    let length = asked.header("content-length").map_or(0, |length| length.parse().unwrap());
    while unread.len() < head + length {
        if !read_more(stream, unread)? {
            return Ok(None);
        }
    }
    asked.body = String::from_utf8_lossy(&unread[head..head + length]).into_owned();
    unread.drain(..head + length);
    Ok(Some(asked))
}

/// A head, and how long it is; `None` when it is not all there.
fn parse(bytes: &[u8]) -> Option<(Asked, usize)> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let status = request.parse(bytes).expect("a request that is HTTP");
    let httparse::Status::Complete(length) = status else { return None };
    let header = |header: &httparse::Header<'_>| {
        let value = String::from_utf8_lossy(header.value).into_owned();
        (header.name.to_ascii_lowercase(), value)
    };
    let asked = Asked {
        method: request.method.unwrap_or_default().to_owned(),
        name: request.path.unwrap_or_default().trim_start_matches('/').to_owned(),
        headers: request.headers.iter().map(header).collect(),
        body: String::new(),
    };
    Some((asked, length))
}

fn write_reply(stream: &mut TcpStream, asked: &Asked, reply: &Reply) -> Result<()> {
    let Reply { status, phrase, headers, body } = reply;
    let mut bytes = format!("HTTP/1.1 {status} {phrase}\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        bytes.push_str(&format!("{name}: {value}\r\n"));
    }
    bytes.push_str("\r\n");
    let mut bytes = bytes.into_bytes();
    if asked.method != "HEAD" {
        bytes.extend_from_slice(body);
    }
    stream.write_all(&bytes)
}
