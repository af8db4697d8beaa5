/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Which types can be played](https://html.spec.whatwg.org/multipage/media.html#mime-types).

use data_url::mime::Mime;
use sordino_media::{Support, support};
use sordino_traits::headers::essence_of;

/// What is known of a MIME type with its parameters.
pub(super) fn support_of(mime_type: &str) -> Support {
    // A type may end with the semicolon of a parameter that is not there.
    let Ok(mime) = mime_type.trim_end_matches([';', ' ']).parse::<Mime>() else {
        return Support::No;
    };
    support(&essence_of(&mime), mime.get_parameter("codecs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_parsed_as_mime_types() {
        for (mime_type, expected) in [
            ("audio/ogg; codecs=\"vorbis\"", Support::Probably),
            (" Audio/OGG ;codecs=opus", Support::Probably),
            ("audio/mpeg;", Support::Maybe),
            ("audio/wav; rate=1", Support::Maybe),
            ("audio", Support::No),
            ("", Support::No),
        ] {
            assert_eq!(support_of(mime_type), expected, "{mime_type}");
        }
    }
}
