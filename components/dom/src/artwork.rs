/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The convert-artwork algorithm and the checks of chapters.

use sordino_traits::MediaImage;
use sordino_traits::media_session::Chapter;
use url::Url;

/// Why artwork or chapters are refused. The web sees a `TypeError`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ArtworkError {
    /// The URL of an image cannot be parsed.
    #[error("TypeError: '{src}' is not a valid URL for artwork")]
    InvalidUrl {
        /// The URL as the page gave it.
        src: String,
    },
    /// A chapter starts before 0.
    #[error("TypeError: the start time of chapter '{title}' is negative or not a number")]
    InvalidStart {
        /// The chapter's title.
        title: String,
    },
}

/// A chapter as the page gave it:
/// [ChapterInformationInit](https://w3c.github.io/mediasession/#dictdef-chapterinformationinit).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChapterInit {
    /// Its title.
    pub title: String,
    /// Where it starts, in seconds.
    pub start_time: f64,
    /// Its artwork, with URLs as the page wrote them.
    pub artwork: Vec<MediaImage>,
}

/// The [convert artwork algorithm](https://w3c.github.io/mediasession/#convert-artwork-algorithm):
/// every URL is made absolute against `base`, the API base URL of the entry settings object.
///
/// # Errors
///
/// [`ArtworkError::InvalidUrl`] for the first URL that cannot be parsed; nothing is converted then.
pub fn convert_artwork(input: &[MediaImage], base: &Url) -> Result<Vec<MediaImage>, ArtworkError> {
    input
        .iter()
        .map(|entry| {
            let src = base
                .join(&entry.src)
                .map_err(|_| ArtworkError::InvalidUrl { src: entry.src.clone() })?;
            Ok(MediaImage {
                src: src.into(),
                sizes: entry.sizes.clone(),
                type_: entry.type_.clone(),
            })
        })
        .collect()
}

/// [Create a ChapterInformation](https://w3c.github.io/mediasession/#create-a-chapterinformation)
/// for each entry. The draft compares the start with a duration that nobody has set at that point:
/// it counts as +∞.
///
/// # Errors
///
/// The first entry that is refused; nothing is created then.
pub fn chapters(input: &[ChapterInit], base: &Url) -> Result<Vec<Chapter>, ArtworkError> {
    input
        .iter()
        .map(|init| {
            if init.start_time.is_nan() || init.start_time < 0.0 {
                return Err(ArtworkError::InvalidStart { title: init.title.clone() });
            }
            Ok(Chapter {
                title: init.title.clone(),
                start_time: init.start_time,
                artwork: convert_artwork(&init.artwork, base)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(src: &str) -> MediaImage {
        MediaImage { src: src.into(), sizes: "96x96".into(), type_: "image/png".into() }
    }

    #[test]
    fn urls_are_resolved_against_the_base() {
        let base = Url::parse("https://example.org/music/player.html").unwrap();
        let converted = convert_artwork(&[image("cover.png"), image("/x.png")], &base).unwrap();
        assert_eq!(converted[0].src, "https://example.org/music/cover.png");
        assert_eq!(converted[1].src, "https://example.org/x.png");
        assert_eq!(converted[0].sizes, "96x96");
    }

    #[test]
    fn one_bad_url_refuses_all() {
        let base = Url::parse("https://example.org/").unwrap();
        assert_eq!(
            convert_artwork(&[image("a.png"), image("http://[")], &base),
            Err(ArtworkError::InvalidUrl { src: "http://[".into() })
        );
    }

    #[test]
    fn a_chapter_starts_at_zero_or_later() {
        let base = Url::parse("https://example.org/").unwrap();
        let chapter = |start_time| ChapterInit {
            title: "One".into(),
            start_time,
            artwork: vec![image("a.png")],
        };
        assert_eq!(
            chapters(&[chapter(0.0), chapter(-1.0)], &base),
            Err(ArtworkError::InvalidStart { title: "One".into() })
        );
        let created = chapters(&[chapter(1e9)], &base).unwrap();
        assert_eq!(created[0].artwork[0].src, "https://example.org/a.png");
    }
}
