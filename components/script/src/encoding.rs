/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The encodings of documents and scripts, as
//! [HTML](https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding) and the
//! [Encoding Standard](https://encoding.spec.whatwg.org/) find them.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};

use crate::parser::DepthLimit;
use crate::sink::Sink;
use crate::tree::{DocumentNode, Tree};

/// How many bytes are searched for a `meta`.
const PRESCAN: usize = 1024;

/// What says how a document is encoded, besides its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hints<'a> {
    /// The `charset` of its `Content-Type`.
    pub(crate) charset: Option<&'a str>,
    /// The encoding of the document that it is a frame of, if that is of the same origin.
    pub(crate) container: Option<&'static Encoding>,
    /// Whether it is a file of this machine: what is not declared is UTF-8 if it can be.
    pub(crate) is_file: bool,
}

/// The text of a document that is there and its encoding, by the [encoding sniffing algorithm](https://html.spec.whatwg.org/multipage/parsing.html#encoding-sniffing-algorithm).
pub(crate) fn decode_document(bytes: &[u8], hints: Hints<'_>) -> (String, &'static Encoding) {
    let found = declared(hints.charset)
        .or_else(|| prescan_start(bytes))
        .or(hints.container)
        .unwrap_or_else(|| detect(bytes, hints.is_file));
    // A byte order mark is stronger than all.
    let (text, encoding, _) = found.decode(bytes);
    (text.into_owned(), encoding)
}

/// Decodes a document that arrives in pieces.
///
/// What declares its encoding in its first 1,024 bytes, or before, is decoded at once; anything else when
/// all of it is there, so that a `meta` further down [changes the encoding](https://html.spec.whatwg.org/multipage/parsing.html#changing-the-encoding-while-parsing)
/// before anything was made of it.
pub(crate) struct DocumentDecoder {
    declared: Option<&'static Encoding>,
    container: Option<&'static Encoding>,
    is_file: bool,
    /// What has come before the encoding is known.
    held: Vec<u8>,
    is_prescanned: bool,
    decoder: Option<Decoder>,
}

impl DocumentDecoder {
    pub(crate) fn new(hints: Hints<'_>) -> Self {
        Self {
            declared: declared(hints.charset),
            container: hints.container,
            is_file: hints.is_file,
            held: Vec::new(),
            is_prescanned: false,
            decoder: None,
        }
    }

    /// The text of the next bytes, as far as it is known. The last ones may be none.
    pub(crate) fn push(&mut self, bytes: &[u8], is_last: bool) -> String {
        if let Some(decoder) = &mut self.decoder {
            return decode_piece(decoder, bytes, is_last);
        }
        self.held.extend_from_slice(bytes);
        let Some(encoding) = self.find(is_last) else { return String::new() };
        // A byte order mark is stronger than all.
        let mut decoder = encoding.new_decoder();
        let text = decode_piece(&mut decoder, &std::mem::take(&mut self.held), is_last);
        self.decoder = Some(decoder);
        text
    }

    /// The encoding, once it is known.
    pub(crate) fn encoding(&self) -> Option<&'static Encoding> {
        self.decoder.as_ref().map(Decoder::encoding)
    }

    fn find(&mut self, is_last: bool) -> Option<&'static Encoding> {
        let marked = || Encoding::for_bom(&self.held).map(|(encoding, _)| encoding);
        if let Some(known) = self.declared.or_else(marked) {
            return Some(known);
        }
        if !self.is_prescanned && (is_last || self.held.len() >= PRESCAN) {
            self.is_prescanned = true;
            if let Some(found) = prescan_start(&self.held) {
                return Some(found);
            }
        }
        if !is_last {
            return None;
        }
        let late = || find_late_meta(&self.held);
        let found = late().or(self.container);
        Some(found.unwrap_or_else(|| detect(&self.held, self.is_file)))
    }
}

/// What a `charset` parameter says, if that is an encoding.
fn declared(charset: Option<&str>) -> Option<&'static Encoding> {
    Encoding::for_label(charset?.as_bytes())
}

fn prescan_start(bytes: &[u8]) -> Option<&'static Encoding> {
    prescan(&bytes[..bytes.len().min(PRESCAN)])
}

fn decode_piece(decoder: &mut Decoder, bytes: &[u8], is_last: bool) -> String {
    let longest = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len());
    let mut text = String::with_capacity(longest);
    let (result, ..) = decoder.decode_to_string(bytes, &mut text, is_last);
    debug_assert_eq!(result, CoderResult::InputEmpty, "there is room for all");
    text
}

/// What a `meta` after the first 1,024 bytes declares.
fn find_late_meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let is_charset = |bytes: &[u8]| bytes.eq_ignore_ascii_case(b"charset");
    let rest = bytes.get(PRESCAN..)?;
    if rest.windows(b"charset".len()).any(is_charset) { prescan(bytes) } else { None }
}

/// The text of a [classic script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script):
/// in the declared encoding, else in that of the element or the document.
pub(crate) fn decode_script(
    bytes: &[u8],
    charset: Option<&str>,
    fallback: &'static Encoding,
) -> String {
    declared(charset).unwrap_or(fallback).decode(bytes).0.into_owned()
}

/// [Prescans](https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding)
/// for a `meta`: found by html5ever, on a tree that is thrown away.
fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes);
    let tree = Tree::new();
    let document = tree.create_document(DocumentNode::default());
    let builder = TreeBuilder::new(Sink::new(tree, document), TreeBuilderOpts::default());
    let tokenizer = Tokenizer::new(DepthLimit(builder), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(&*head));
    loop {
        match tokenizer.feed(&input) {
            TokenizerResult::Done => return None,
            TokenizerResult::Script(_) => {}
            TokenizerResult::EncodingIndicator(label) => {
                let Some(encoding) = Encoding::for_label(label.as_bytes()) else { continue };
                // A page whose meta can be read is not UTF-16, whatever it says.
                return Some(match encoding {
                    it if it == encoding_rs::X_USER_DEFINED => WINDOWS_1252,
                    it if it == UTF_16LE || it == UTF_16BE => UTF_8,
                    it => it,
                });
            }
        }
    }
}

/// What the bytes look like: the [autodetection](https://html.spec.whatwg.org/multipage/parsing.html#encoding-sniffing-algorithm)
/// of the standard, which knows UTF-8 for files only, as in browsers.
fn detect(bytes: &[u8], is_file: bool) -> &'static Encoding {
    if bytes.is_ascii() {
        return if is_file { UTF_8 } else { WINDOWS_1252 };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, if is_file { Utf8Detection::Allow } else { Utf8Detection::Deny })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], charset: Option<&str>) -> (String, &'static str) {
        let (text, encoding) = decode_document(bytes, Hints { charset, ..Hints::default() });
        (text, encoding.name())
    }

    #[test]
    fn a_mark_is_stronger_than_the_header_and_that_than_the_document() {
        let meta = b"<meta charset=windows-1251>\xe9";
        assert_eq!(text(b"\xef\xbb\xbfx", Some("windows-1252")), ("x".into(), "UTF-8"));
        assert_eq!(text(b"\xff\xfex\0", Some("utf-8")), ("x".into(), "UTF-16LE"));
        assert_eq!(text(meta, Some("iso-8859-1")).1, "windows-1252");
        assert_eq!(text(meta, None), ("<meta charset=windows-1251>й".into(), "windows-1251"));
        assert_eq!(text(meta, Some("no-such-encoding")).1, "windows-1251");
    }

    #[test]
    fn a_meta_that_can_be_read_is_not_utf_16() {
        assert_eq!(text(b"<meta charset=utf-16>x", None).1, "UTF-8");
        assert_eq!(text(b"<meta charset=x-user-defined>x", None).1, "windows-1252");
        let pragma = b"<meta http-equiv=content-type content='text/html; charset=koi8-r'>";
        assert_eq!(text(pragma, None).1, "KOI8-R");
    }

    #[test]
    fn what_says_nothing_is_taken_for_what_it_looks_like() {
        assert_eq!(text(b"<p>plain", None).1, "windows-1252");
        let russian = encoding_rs::WINDOWS_1251.encode("Доброе утро, мы играем музыку весь день").0;
        assert_eq!(text(&russian, None).1, "windows-1251");
        let of_file = Hints { is_file: true, ..Hints::default() };
        assert_eq!(decode_document("é".as_bytes(), of_file).1, UTF_8);
        let in_frame = Hints { container: Some(encoding_rs::EUC_JP), ..Hints::default() };
        assert_eq!(decode_document(b"x", in_frame).1.name(), "EUC-JP");
    }

    #[test]
    fn pieces_are_decoded_as_soon_as_their_encoding_is_known() {
        let declared = |charset| DocumentDecoder::new(Hints { charset, ..Hints::default() });
        let mut decoder = declared(Some("utf-8"));
        assert_eq!(decoder.push(b"<p>\xc3", false), "<p>");
        assert_eq!(decoder.push(b"\xa9", true), "é");

        let mut decoder = declared(None);
        assert_eq!(decoder.push(b"\xef\xbb\xbf<p>", false), "<p>", "a mark");

        let mut decoder = declared(None);
        assert_eq!(decoder.push(b"<meta charset=windows-1251>\xe9", false), "");
        assert_eq!(
            decoder.push(&[b' '; PRESCAN], false).trim_end(),
            "<meta charset=windows-1251>й"
        );
        assert_eq!(decoder.push(b"\xe9", true), "й");

        let mut decoder = declared(None);
        assert_eq!(decoder.push(&[b' '; PRESCAN], false), "");
        assert_eq!(decoder.push(b"<meta charset=windows-1251>", false), "", "it may go on");
        assert_eq!(decoder.push(b"\xe9", true).trim_start(), "<meta charset=windows-1251>й");
        assert_eq!(decoder.encoding(), Some(encoding_rs::WINDOWS_1251));
    }

    #[test]
    fn bad_bytes_become_replacement_characters() {
        assert_eq!(text(b"a\xffb", Some("utf-8")).0, "a\u{fffd}b");
        assert_eq!(decode_script(b"\xe9", None, WINDOWS_1252), "é");
        assert_eq!(decode_script("é".as_bytes(), Some("utf8"), WINDOWS_1252), "é");
    }
}
