/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What the [File API](https://w3c.github.io/FileAPI/) is about, without its objects: bytes with a type,
//! and the URLs that stand for them.
//!
//! * this file: the data of a blob.
//! * `blob_url_store`: blob URLs, and fetching them.

mod blob_url_store;

use bytes::Bytes;
use encoding_rs::Encoding;
use sordino_script_bindings::{Error, Fallible};

pub(crate) use blob_url_store::BlobUrlStore;

/// How large a blob can be, in bytes.
const MAX_BLOB_SIZE: usize = 512 * 1024 * 1024;

/// The bytes of a [blob](https://w3c.github.io/FileAPI/#dfn-Blob), and its type. Blobs that are parts of
/// another share its bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlobData {
    pub(crate) bytes: Bytes,
    /// In lower case; empty when it is not known.
    pub(crate) type_: String,
}

impl BlobData {
    /// The data of parts that were joined.
    ///
    /// # Errors
    ///
    /// A `RangeError` when they are too many.
    pub(crate) fn new(bytes: Vec<u8>, type_: &str) -> Fallible<Self> {
        if bytes.len() > MAX_BLOB_SIZE {
            return Err(Error::Range(format!("a blob has at most {MAX_BLOB_SIZE} bytes")));
        }
        Ok(Self { bytes: bytes.into(), type_: normalize_type(type_) })
    }

    /// [Slices](https://w3c.github.io/FileAPI/#slice-blob) it.
    pub(crate) fn slice(&self, start: Option<i64>, end: Option<i64>, type_: &str) -> Self {
        let size = self.bytes.len();
        let place = |relative: i64| match usize::try_from(relative) {
            Ok(place) => place.min(size),
            Err(_) => {
                let from_end = usize::try_from(relative.unsigned_abs()).unwrap_or(usize::MAX);
                size.saturating_sub(from_end)
            }
        };
        let start = start.map_or(0, place);
        let end = end.map_or(size, place).max(start);
        Self { bytes: self.bytes.slice(start..end), type_: normalize_type(type_) }
    }

    /// The [UTF-8 decoding](https://encoding.spec.whatwg.org/#utf-8-decode) of its bytes.
    pub(crate) fn text(&self) -> String {
        encoding_rs::UTF_8.decode_with_bom_removal(&self.bytes).0.into_owned()
    }

    /// The text as a [file reader](https://w3c.github.io/FileAPI/#blob-package-data) has it: by a byte
    /// order mark, else by the label, else by the type's charset.
    pub(crate) fn text_by_label(&self, label: Option<&str>) -> String {
        let by_type = || {
            let mime: data_url::mime::Mime = self.type_.parse().ok()?;
            Encoding::for_label(mime.get_parameter("charset")?.as_bytes())
        };
        let encoding = label.and_then(|label| Encoding::for_label(label.as_bytes()));
        let encoding = encoding.or_else(by_type).unwrap_or(encoding_rs::UTF_8);
        encoding.decode(&self.bytes).0.into_owned()
    }
}

/// A type with a character that types do not have is none.
fn normalize_type(type_: &str) -> String {
    if type_.chars().all(|c| matches!(c, ' '..='~')) {
        type_.to_ascii_lowercase()
    } else {
        String::new()
    }
}

/// [Converts line endings to native](https://w3c.github.io/FileAPI/#convert-line-endings-to-native): to
/// line feeds.
pub(crate) fn convert_line_endings(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_within_the_blob() {
        let blob = BlobData::new(b"0123456789".to_vec(), "Text/Plain").unwrap();
        assert_eq!(blob.type_, "text/plain");
        for (start, end, expected) in [
            (None, None, "0123456789"),
            (Some(2), Some(5), "234"),
            (Some(-3), None, "789"),
            (Some(-30), Some(-8), "01"),
            (Some(5), Some(2), ""),
            (Some(20), Some(i64::MAX), ""),
            (Some(i64::MIN), Some(3), "012"),
        ] {
            assert_eq!(&blob.slice(start, end, "é").bytes[..], expected.as_bytes());
        }
        assert_eq!(blob.slice(None, None, "é").type_, "");
    }

    #[test]
    fn text_is_decoded_by_mark_label_or_type() {
        let blob = BlobData::new(b"\xe9".to_vec(), "text/plain;charset=latin1").unwrap();
        assert_eq!(blob.text(), "\u{fffd}");
        assert_eq!(blob.text_by_label(None), "é");
        assert_eq!(blob.text_by_label(Some("koi8-r")), "И");
        let marked = BlobData::new(b"\xfe\xff\x00a".to_vec(), "").unwrap();
        assert_eq!(marked.text_by_label(Some("koi8-r")), "a");
    }

    #[test]
    fn line_endings_become_line_feeds() {
        assert_eq!(convert_line_endings("a\r\nb\rc\n\r"), "a\nb\nc\n\n");
    }
}
