/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Content codings: `gzip`, `deflate` and `br`.

use std::io::{Cursor, Read, Result};

use brotli_decompressor::Decompressor;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use sordino_traits::headers::HeaderList;

/// What requests accept.
pub(super) const ACCEPTED: &str = "gzip, deflate, br";

/// How much of brotli's input is read at a time, in bytes.
const BROTLI_INPUT: usize = 8 * 1024;

type Body = Box<dyn Read + Send>;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
}

/// [Handles content codings](https://fetch.spec.whatwg.org/#handle-content-codings): undoes those of a
/// response. Returns the body and whether it was coded. With a coding that is not known, all stays
/// as it is.
pub(super) fn decode(headers: &HeaderList, body: Body) -> (Body, bool) {
    let names = headers.split("content-encoding").unwrap_or_default();
    let codings: Option<Vec<_>> = names
        .iter()
        .filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"))
        .map(|name| match &*name.to_ascii_lowercase() {
            "gzip" | "x-gzip" => Some(Coding::Gzip),
            "deflate" => Some(Coding::Deflate),
            "br" => Some(Coding::Brotli),
            _ => None,
        })
        .collect();
    let codings = codings.unwrap_or_default();
    let is_coded = !codings.is_empty();
    // The last was applied last.
    let undo =
        |body: Body, coding: Coding| -> Body { Box::new(Decoder::Unread(coding, Some(body))) };
    (codings.into_iter().rev().fold(body, undo), is_coded)
}

/// A decoder that is made when its first bytes are there: an empty body is coded by nobody, and what
/// is called deflate comes with a header or without.
enum Decoder {
    Unread(Coding, Option<Body>),
    Reading(Body),
}

impl Read for Decoder {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if let Self::Unread(coding, source) = self {
            let Some(source) = source.take() else { return Ok(0) };
            *self = Self::Reading(start(*coding, source)?);
        }
        match self {
            Self::Unread(..) => Ok(0),
            Self::Reading(body) => body.read(buffer),
        }
    }
}

fn start(coding: Coding, mut source: Body) -> Result<Body> {
    let mut first = Vec::new();
    source.by_ref().take(2).read_to_end(&mut first)?;
    if first.is_empty() {
        return Ok(source);
    }
    let has_zlib_header = matches!(*first, [method, flags]
        if method & 0xf == 8 && (u16::from(method) << 8 | u16::from(flags)) % 31 == 0);
    let source = Cursor::new(first).chain(source);
    Ok(match coding {
        Coding::Gzip => Box::new(MultiGzDecoder::new(source)),
        Coding::Deflate if has_zlib_header => Box::new(ZlibDecoder::new(source)),
        Coding::Deflate => Box::new(DeflateDecoder::new(source)),
        Coding::Brotli => Box::new(Decompressor::new(source, BROTLI_INPUT)),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use sordino_traits::embedder::Header;

    use super::*;

    const TEXT: &str = "again and again and again and again";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(coding: &str, bytes: Vec<u8>) -> (Result<String>, bool) {
        let headers = HeaderList(vec![Header::new("content-encoding", coding)]);
        let (mut body, is_coded) = decode(&headers, Box::new(Cursor::new(bytes)));
        let mut text = String::new();
        (body.read_to_string(&mut text).map(|_| text), is_coded)
    }

    #[test]
    fn each_coding_is_undone() {
        let text = TEXT.as_bytes();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(text).unwrap();
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
        deflate.write_all(text).unwrap();
        // The brotli stream of one uncompressed block.
        let brotli = [&[0x20, 0x02, 0x10][..], text, &[0x03]].concat();
        for (coding, bytes) in [
            ("gzip", gzip(text)),
            ("X-GZIP", gzip(text)),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", deflate.finish().unwrap()),
            ("br", brotli),
            ("gzip, gzip", gzip(&gzip(text))),
            ("identity, gzip", gzip(text)),
        ] {
            let (found, is_coded) = read(coding, bytes);
            assert_eq!(found.unwrap(), TEXT, "{coding}");
            assert!(is_coded);
        }
    }

    #[test]
    fn what_is_not_coded_stays_and_what_is_empty_is_empty() {
        let (found, is_coded) = read("strange", TEXT.into());
        assert_eq!((found.unwrap(), is_coded), (TEXT.to_owned(), false));
        assert_eq!(read("gzip", Vec::new()).0.unwrap(), "");
        assert_eq!(read("br", Vec::new()).0.unwrap(), "");
    }

    #[test]
    fn what_is_cut_or_garbled_is_an_error() {
        let whole = gzip(TEXT.as_bytes());
        assert!(read("gzip", whole[..whole.len() - 4].to_vec()).0.is_err());
        assert!(read("gzip", TEXT.into()).0.is_err());
        assert!(read("br", TEXT.into()).0.is_err());
    }
}
