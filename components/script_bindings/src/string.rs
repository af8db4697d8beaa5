/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! DOMString and ByteString.
//!
//! A DOMString is a sequence of 16-bit units that need not be valid UTF-16: a page may set `title = "\uD800"` and must read
//! the same back. Nearly every string is valid, and Rust code wants `&str`. So a [`DomString`] is a `String` when the text is
//! valid, and 16-bit units only when there is a lone surrogate. The two forms never overlap, so comparison is simple.
//! A USVString is a Rust `String`: lone surrogates became U+FFFD when it was converted.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::ops::Deref;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// Well-formed text.
    Valid(String),
    /// 16-bit units with at least one lone surrogate.
    Ill(Box<[u16]>),
}

/// A string of 16-bit units, which may contain lone surrogates.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DomString(Repr);

impl DomString {
    /// The empty string.
    pub const fn new() -> Self {
        Self(Repr::Valid(String::new()))
    }

    /// A string from 16-bit units.
    pub fn from_utf16(units: &[u16]) -> Self {
        match String::from_utf16(units) {
            Ok(text) => Self(Repr::Valid(text)),
            Err(_) => Self(Repr::Ill(units.into())),
        }
    }

    /// The text, if it is well formed.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Repr::Valid(text) => Some(text),
            Repr::Ill(_) => None,
        }
    }

    /// The 16-bit units, if the text is not well formed.
    pub fn as_ill_formed(&self) -> Option<&[u16]> {
        match &self.0 {
            Repr::Valid(_) => None,
            Repr::Ill(units) => Some(units),
        }
    }

    /// The text, with U+FFFD in place of lone surrogates.
    pub fn to_str_lossy(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Valid(text) => Cow::Borrowed(text),
            Repr::Ill(units) => Cow::Owned(String::from_utf16_lossy(units)),
        }
    }

    /// The text, with U+FFFD in place of lone surrogates.
    pub fn into_string_lossy(self) -> String {
        match self.0 {
            Repr::Valid(text) => text,
            Repr::Ill(units) => String::from_utf16_lossy(&units),
        }
    }

    /// Whether there is no unit in it.
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Repr::Valid(text) if text.is_empty())
    }

    /// The 16-bit units.
    pub fn to_utf16(&self) -> Vec<u16> {
        match &self.0 {
            Repr::Valid(text) => text.encode_utf16().collect(),
            Repr::Ill(units) => units.to_vec(),
        }
    }
}

impl Default for DomString {
    fn default() -> Self {
        Self::new()
    }
}

impl From<&str> for DomString {
    fn from(text: &str) -> Self {
        Self(Repr::Valid(text.to_owned()))
    }
}

impl From<String> for DomString {
    fn from(text: String) -> Self {
        Self(Repr::Valid(text))
    }
}

impl From<DomString> for String {
    /// Lossy, see [`DomString::into_string_lossy`].
    fn from(string: DomString) -> String {
        string.into_string_lossy()
    }
}

impl PartialEq<str> for DomString {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for DomString {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(*other)
    }
}

impl fmt::Display for DomString {
    /// Lossy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_str_lossy())
    }
}

impl fmt::Debug for DomString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Valid(text) => fmt::Debug::fmt(text, f),
            Repr::Ill(units) => write!(f, "DomString({units:x?})"),
        }
    }
}

/// A `ByteString`: bytes that script sees as characters up to U+00FF, such as a header of HTTP.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteString(Vec<u8>);

impl ByteString {
    /// The bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl Deref for ByteString {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for ByteString {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for ByteString {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<&str> for ByteString {
    /// The text's UTF-8.
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl PartialEq<str> for ByteString {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for ByteString {
    fn eq(&self, other: &&str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl fmt::Display for ByteString {
    /// Each byte as a character: <https://infra.spec.whatwg.org/#isomorphic-decode>
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| f.write_char(char::from(*byte)))
    }
}

impl fmt::Debug for ByteString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_surrogate_survives_and_is_lossy_as_text() {
        let units = [0x61, 0xD800, 0x62];
        let string = DomString::from_utf16(&units);
        assert_eq!(string.to_utf16(), units);
        assert_eq!(string.as_str(), None);
        assert_eq!(string.to_str_lossy(), "a\u{FFFD}b");
        assert_ne!(string, DomString::from("a\u{FFFD}b"));
    }

    #[test]
    fn a_pair_is_plain_text() {
        let string = DomString::from_utf16(&[0xD83D, 0xDE00]);
        assert_eq!(string, "\u{1F600}");
        assert_eq!(string.to_utf16(), [0xD83D, 0xDE00]);
    }
}
