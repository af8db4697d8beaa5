/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A web server that does what no server should.

use std::io::{Read, Write};
use std::net::TcpStream;

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::PATIENCE;
use crate::http::{Listener, read_request};

/// What a [`RudeServer`] does once it is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Conduct {
    /// It says nothing, and stays.
    Never,
    /// It begins a head, and stays.
    HalfHead,
    /// It promises 100 bytes, sends `half`, and goes.
    HalfBody,
    /// It does the same, and stays.
    Stall,
    /// It begins a body without a length, and stays.
    StallWithoutLength,
    /// It promises 4 bytes and sends more.
    TooMuch,
    /// It breaks off in the middle of a chunk.
    HalfChunk,
    /// It answers, and goes at once without saying so.
    Once,
    /// It goes without a word.
    Hangup,
    /// It speaks another protocol.
    Garbage,
    /// A line of its head is no header.
    BadHeader,
    /// It says two lengths.
    TwoLengths,
    /// Its headers never end.
    EndlessHeaders,
    /// One of its headers never ends.
    EndlessHeader,
    /// Its body never ends.
    EndlessBody,
}

impl Conduct {
    /// Every conduct.
    pub const ALL: [Self; 15] = [
        Self::Never,
        Self::HalfHead,
        Self::HalfBody,
        Self::Stall,
        Self::StallWithoutLength,
        Self::TooMuch,
        Self::HalfChunk,
        Self::Once,
        Self::Hangup,
        Self::Garbage,
        Self::BadHeader,
        Self::TwoLengths,
        Self::EndlessHeaders,
        Self::EndlessHeader,
        Self::EndlessBody,
    ];

    fn name(self) -> String {
        format!("{self:?}")
    }

    fn begin(self) -> &'static [u8] {
        match self {
            Self::Never | Self::Hangup => b"",
            Self::HalfHead => b"HTTP/1.1 200 OK\r\nX-Begun: ",
            Self::HalfBody | Self::Stall => {
                b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: 100\r\n\r\nhalf"
            }
            Self::StallWithoutLength => b"HTTP/1.1 200 OK\r\n\r\nhalf",
            Self::TooMuch => b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwhole and more",
            Self::HalfChunk => b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf",
            Self::Once => b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nonce",
            Self::Garbage => b"220 mail.example ready\r\n\r\n",
            Self::BadHeader => b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
            Self::TwoLengths => {
                b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhalf"
            }
            Self::EndlessHeaders | Self::EndlessBody => b"HTTP/1.1 200 OK\r\n",
            Self::EndlessHeader => b"HTTP/1.1 200 OK\r\nX-More: ",
        }
    }

    fn act(self, stream: &mut TcpStream) -> std::io::Result<()> {
        stream.write_all(self.begin())?;
        match self {
            Self::Never | Self::HalfHead | Self::Stall | Self::StallWithoutLength => {
                stream.read_to_end(&mut Vec::new())?;
            }
            Self::EndlessHeaders => loop {
                stream.write_all(b"X-More: and more\r\n")?;
            },
            Self::EndlessHeader => loop {
                stream.write_all(b"and more ")?;
            },
            Self::EndlessBody => {
                stream.write_all(b"\r\n")?;
                loop {
                    stream.write_all(&[0; 64 * 1024])?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// What happened to a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Happened {
    /// A request came, which is answered with this conduct.
    Asked(Conduct),
    /// The connection is over.
    Over(Conduct),
}

/// The server.
#[derive(Debug)]
pub struct RudeServer {
    listener: Listener,
    happened: Receiver<Happened>,
}

impl RudeServer {
    /// Starts one.
    pub fn start() -> Self {
        let (sender, happened) = unbounded();
        Self { listener: Listener::start(move |stream| serve(stream, &sender)), happened }
    }

    /// A URL that is answered with this conduct.
    pub fn url(&self, conduct: Conduct) -> String {
        format!("http://{}/{}", self.listener.address, conduct.name())
    }

    /// Waits until this has happened.
    pub fn wait_for(&self, wanted: Happened) {
        loop {
            let happened = self.happened.recv_timeout(PATIENCE).expect("it happens in time");
            if happened == wanted {
                return;
            }
        }
    }
}

fn serve(mut stream: TcpStream, happened: &Sender<Happened>) {
    let Ok(Some(asked)) = read_request(&mut stream, &mut Vec::new()) else { return };
    let conduct = Conduct::ALL.into_iter().find(|it| it.name() == asked.name);
    let conduct = conduct.expect("a URL of this server");
    // The test may have ended, and the client may have gone.
    let _ = happened.send(Happened::Asked(conduct));
    let _ = conduct.act(&mut stream);
    drop(stream);
    let _ = happened.send(Happened::Over(conduct));
}
