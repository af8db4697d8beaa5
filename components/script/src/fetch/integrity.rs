/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Subresource Integrity](https://w3c.github.io/webappsec-subresource-integrity/).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384, Sha512};

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

/// The hashes that a body may have, of the strongest algorithm that was named.
#[derive(Debug, Default)]
pub(crate) struct Metadata(Vec<(Algorithm, Vec<u8>)>);

impl Metadata {
    /// [Parses metadata](https://w3c.github.io/webappsec-subresource-integrity/#parse-metadata) and
    /// [gets the strongest](https://w3c.github.io/webappsec-subresource-integrity/#get-the-strongest-metadata).
    /// What is none is left out.
    pub(crate) fn parse(text: &str) -> Self {
        let mut found: Vec<_> = text.split_ascii_whitespace().filter_map(parse_one).collect();
        let strongest = found.iter().map(|(algorithm, _)| *algorithm).max();
        found.retain(|(algorithm, _)| Some(*algorithm) == strongest);
        Self(found)
    }

    /// Whether every body will do.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether [bytes match](https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist).
    pub(crate) fn matches(&self, bytes: &[u8]) -> bool {
        self.is_empty()
            || self.0.iter().any(|(algorithm, expected)| match algorithm {
                Algorithm::Sha256 => Sha256::digest(bytes)[..] == **expected,
                Algorithm::Sha384 => Sha384::digest(bytes)[..] == **expected,
                Algorithm::Sha512 => Sha512::digest(bytes)[..] == **expected,
            })
    }
}

fn parse_one(item: &str) -> Option<(Algorithm, Vec<u8>)> {
    let (expression, _options) = item.split_once('?').unwrap_or((item, ""));
    let (algorithm, value) = expression.split_once('-')?;
    let algorithm = match &*algorithm.to_ascii_lowercase() {
        "sha256" => Algorithm::Sha256,
        "sha384" => Algorithm::Sha384,
        "sha512" => Algorithm::Sha512,
        _ => return None,
    };
    // The alphabet of URLs is taken, too.
    let value = value.replace('-', "+").replace('_', "/");
    Some((algorithm, STANDARD.decode(value).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256: &str = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    const SHA512: &str = "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9\
                          RU1EI2Q86A4qmslPpUyknw==";

    #[test]
    fn the_strongest_hash_counts() {
        assert!(Metadata::parse(SHA256).matches(b"abc"));
        assert!(Metadata::parse(&format!("{SHA256}?option x-y")).matches(b"abc"));
        assert!(!Metadata::parse(SHA256).matches(b"abd"));
        assert!(Metadata::parse(&format!("sha256-AAAA {SHA512}")).matches(b"abc"));
        assert!(!Metadata::parse(&format!("{SHA256} sha512-AAAA")).matches(b"abc"));
        assert!(Metadata::parse(&format!("sha256-AAAA {SHA256}")).matches(b"abc"));
    }

    #[test]
    fn what_is_no_hash_says_nothing() {
        for text in ["", "x", "md5-AAAA", "sha1-AAAA"] {
            assert!(Metadata::parse(text).is_empty(), "{text}");
        }
        assert!(!Metadata::parse("sha256-nonsense!").matches(b"abc"));
    }
}
