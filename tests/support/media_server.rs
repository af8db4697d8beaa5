/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A web server for one large sound, which knows how to give parts of it, or does not, or does it wrongly.

use std::io::{Result, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::PATIENCE;
use crate::http::{Asked, Listener, read_request};

/// What a [`MediaServer`] does with requests for a part.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Manner {
    /// It gives it.
    Ranges,
    /// It gives the whole.
    Whole,
    /// It gives the begin of it, and then nothing, until it is [told to](MediaServer::go_on).
    Stalls,
    /// It gives some of it, and closes the connection.
    BreaksOff,
    /// It gives it, of another sound each time.
    Changes,
    /// It gives another part.
    OtherPart,
}

/// Samples a second: mono, 16 bit.
const RATE: u32 = 8_000;
const HEAD: u64 = 44;
/// How many bytes are given before a stall, and before a connection is closed.
const BEGIN: u64 = 200_000;
/// One period of the tone, of 400 Hz, in samples.
const PERIOD: usize = 20;

/// The server. Its sound is a tone of 400 Hz.
#[derive(Debug)]
pub struct MediaServer {
    listener: Listener,
    shared: Arc<Shared>,
    go_on: Sender<()>,
}

#[derive(Debug)]
struct Shared {
    manner: Manner,
    seconds: u32,
    /// What was asked for, as the values of `Range`.
    ranges: Mutex<Vec<String>>,
    /// How many bytes of the sound were given.
    given: AtomicU64,
    may_go_on: Receiver<()>,
}

impl MediaServer {
    /// Starts one, for a sound of this length.
    pub fn start(manner: Manner, seconds: u32) -> Self {
        let (go_on, may_go_on) = unbounded();
        let (ranges, given) = (Mutex::default(), AtomicU64::new(0));
        let shared = Arc::new(Shared { manner, seconds, ranges, given, may_go_on });
        let served = shared.clone();
        let listener = Listener::start(move |mut stream| {
            let mut unread = Vec::new();
            // The client may go at any moment.
            while let Ok(Some(asked)) = read_request(&mut stream, &mut unread)
                && matches!(served.answer(&mut stream, &asked), Ok(true))
            {}
        });
        Self { listener, shared, go_on }
    }

    /// The URL of the sound.
    pub fn url(&self) -> String {
        format!("http://{}/tone.wav", self.listener.address)
    }

    /// The length of the sound in bytes.
    pub fn length(&self) -> u64 {
        self.shared.length()
    }

    /// How many bytes were given.
    pub fn given(&self) -> u64 {
        self.shared.given.load(Ordering::SeqCst)
    }

    /// The `Range` headers of the requests.
    pub fn ranges(&self) -> Vec<String> {
        self.shared.ranges.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the stall.
    pub fn go_on(&self) {
        self.go_on.send(()).expect("the server runs");
    }
}

impl Shared {
    fn length(&self) -> u64 {
        HEAD + u64::from(self.seconds) * u64::from(RATE) * 2
    }

    fn head(&self) -> Vec<u8> {
        let data = u32::try_from(self.length() - HEAD).expect("WAV files are below 4 GiB");
        let mut head = b"RIFF".to_vec();
        head.extend((36 + data).to_le_bytes());
        head.extend(b"WAVEfmt ");
        head.extend(16_u32.to_le_bytes());
        head.extend([1_u16, 1].map(u16::to_le_bytes).concat());
        head.extend([RATE, RATE * 2].map(u32::to_le_bytes).concat());
        head.extend([2_u16, 16].map(u16::to_le_bytes).concat());
        head.extend(b"data");
        head.extend(data.to_le_bytes());
        head
    }

    /// The bytes of a part.
    fn part(&self, from: u64, to: u64) -> Vec<u8> {
        let period: Vec<u8> = (0..PERIOD)
            .flat_map(|n| {
                let phase = n as f64 * std::f64::consts::TAU / PERIOD as f64;
                ((phase.sin() * 8_000.0) as i16).to_le_bytes()
            })
            .collect();
        let head = self.head();
        (from..to)
            .map(|at| match head.get(at as usize) {
                Some(byte) => *byte,
                None => period[((at - HEAD) % period.len() as u64) as usize],
            })
            .collect()
    }

    /// Answers; whether the connection stays.
    fn answer(&self, stream: &mut TcpStream, asked: &Asked) -> Result<bool> {
        let length = self.length();
        let range = asked.header("range");
        let number = {
            let mut ranges = self.ranges.lock().unwrap_or_else(PoisonError::into_inner);
            ranges.push(range.unwrap_or_default().to_owned());
            ranges.len()
        };
        let wanted =
            range.and_then(|it| it.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
        let wanted = wanted.filter(|_| self.manner != Manner::Whole);
        let begin = match (self.manner, wanted) {
            (Manner::OtherPart, Some(begin)) if begin > 0 => begin + 1,
            _ => wanted.unwrap_or(0),
        };
        let mut head = match wanted {
            Some(_) => "HTTP/1.1 206 Partial Content\r\n".to_owned(),
            None => "HTTP/1.1 200 OK\r\n".to_owned(),
        };
        if wanted.is_some() {
            head += &format!("Content-Range: bytes {begin}-{}/{length}\r\n", length - 1);
        }
        let version = if self.manner == Manner::Changes { number } else { 1 };
        head += &format!("Content-Length: {}\r\nETag: \"{version}\"\r\n", length - begin);
        head += "Content-Type: audio/wav\r\n\r\n";
        stream.write_all(head.as_bytes())?;
        let mut at = begin;
        while at < length {
            let given = at - begin;
            match self.manner {
                Manner::Stalls if given == BEGIN => {
                    // The test is over when nobody says anything.
                    let _ = self.may_go_on.recv_timeout(PATIENCE);
                }
                Manner::BreaksOff if given == BEGIN => return Ok(false),
                _ => {}
            }
            let piece = if given < BEGIN { BEGIN - given } else { 64 * 1024 };
            let end = (at + piece.min(64 * 1024)).min(length);
            stream.write_all(&self.part(at, end))?;
            self.given.fetch_add(end - at, Ordering::SeqCst);
            at = end;
        }
        Ok(true)
    }
}
