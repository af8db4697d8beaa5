/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The `MediaMetadata` and `ChapterInformation` objects of a page.
//!
//! Texts are of a type `T` that the engine chooses, so that a page reads back what it wrote, lone
//! surrogates too; `to_string()` must give the text that others may see.

use std::cell::RefCell;

use sordino_traits::media_session::Chapter;
use url::Url;

use crate::MediaSession;

/// Why `MediaMetadata` refuses what it is given. The web sees a `TypeError`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MediaMetadataError {
    /// The URL of an image cannot be parsed.
    #[error("TypeError: '{src}' is not a valid URL for artwork")]
    InvalidUrl {
        /// The URL as the page gave it.
        src: String,
    },
    /// A chapter starts before 0, or at no finite time.
    #[error("TypeError: the start time of chapter '{title}' is negative or not finite")]
    InvalidStart {
        /// The chapter's title.
        title: String,
    },
}

/// A [MediaImage](https://w3c.github.io/mediasession/#dictdef-mediaimage).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct MediaImage<T = String> {
    /// The URL: as the page wrote it, and absolute once it was converted.
    pub src: String,
    /// Declared sizes, such as `96x96 any`.
    pub sizes: T,
    /// Declared MIME type.
    pub type_: T,
}

/// A [ChapterInformationInit](https://w3c.github.io/mediasession/#dictdef-chapterinformationinit).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChapterInformationInit<T = String> {
    /// Its title.
    pub title: T,
    /// Where it starts, in seconds.
    pub start_time: f64,
    /// Its artwork.
    pub artwork: Vec<MediaImage<T>>,
}

/// A [MediaMetadataInit](https://w3c.github.io/mediasession/#dictdef-mediametadatainit).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MediaMetadataInit<T = String> {
    /// The title.
    pub title: T,
    /// The artist.
    pub artist: T,
    /// The album.
    pub album: T,
    /// The artwork.
    pub artwork: Vec<MediaImage<T>>,
    /// The chapters.
    pub chapter_info: Vec<ChapterInformationInit<T>>,
}

/// A [ChapterInformation](https://w3c.github.io/mediasession/#chapterinformation), which never
/// changes.
#[derive(Clone, Debug, PartialEq)]
pub struct ChapterInformation<T = String> {
    title: T,
    start_time: f64,
    artwork: Vec<MediaImage<T>>,
}

/// A [MediaMetadata](https://w3c.github.io/mediasession/#mediametadata). `S` is how the engine
/// refers to a media session.
#[derive(Clone, Debug)]
pub struct MediaMetadata<S, T = String> {
    title: T,
    artist: T,
    album: T,
    artwork: Vec<MediaImage<T>>,
    chapters: Vec<ChapterInformation<T>>,
    session: Option<S>,
}

/// The [convert artwork algorithm](https://w3c.github.io/mediasession/#convert-artwork-algorithm).
/// `base` is the API base URL of the entry settings object.
fn convert_artwork<T>(
    input: Vec<MediaImage<T>>,
    base: &Url,
) -> Result<Vec<MediaImage<T>>, MediaMetadataError> {
    // 1 and 3: nothing is converted when one entry cannot be.
    input
        .into_iter()
        .map(|entry| {
            // 2.3
            match base.join(&entry.src) {
                // 2.1, 2.4 to 2.6
                Ok(src) => Ok(MediaImage { src: src.into(), ..entry }),
                Err(_) => Err(MediaMetadataError::InvalidUrl { src: entry.src }),
            }
        })
        .collect()
}

fn plain_artwork<T: ToString>(artwork: &[MediaImage<T>]) -> Vec<sordino_traits::MediaImage> {
    artwork
        .iter()
        .map(|image| sordino_traits::MediaImage {
            src: image.src.clone(),
            sizes: image.sizes.to_string(),
            type_: image.type_.to_string(),
        })
        .collect()
}

impl<T: ToString> ChapterInformation<T> {
    /// [Create a ChapterInformation](https://w3c.github.io/mediasession/#create-a-chapterinformation).
    /// The draft compares the start with a duration that nobody has set at that point: it counts
    /// as +∞.
    fn new(init: ChapterInformationInit<T>, base: &Url) -> Result<Self, MediaMetadataError> {
        // 3
        if !init.start_time.is_finite() || init.start_time < 0.0 {
            return Err(MediaMetadataError::InvalidStart { title: init.title.to_string() });
        }
        // 1, 2, 4 to 6
        Ok(Self {
            title: init.title,
            start_time: init.start_time,
            artwork: convert_artwork(init.artwork, base)?,
        })
    }

    /// The [`title`](https://w3c.github.io/mediasession/#dom-chapterinformation-title) getter.
    pub fn title(&self) -> &T {
        &self.title
    }

    /// The [`startTime`](https://w3c.github.io/mediasession/#dom-chapterinformation-starttime)
    /// getter: seconds.
    pub fn start_time(&self) -> f64 {
        self.start_time
    }

    /// What the [`artwork`](https://w3c.github.io/mediasession/#dom-chapterinformation-artwork)
    /// getter returns as a frozen array of frozen objects.
    pub fn artwork(&self) -> &[MediaImage<T>] {
        &self.artwork
    }
}

impl<S: Clone, T: ToString> MediaMetadata<S, T> {
    /// The [constructor](https://w3c.github.io/mediasession/#dom-mediametadata-mediametadata).
    /// `base` is the API base URL of the entry settings object.
    ///
    /// # Errors
    ///
    /// The first image or chapter that is refused.
    pub fn new(init: MediaMetadataInit<T>, base: &Url) -> Result<Self, MediaMetadataError> {
        Ok(Self {
            // 1 to 4
            title: init.title,
            artist: init.artist,
            album: init.album,
            // 5
            artwork: convert_artwork(init.artwork, base)?,
            // 6 to 8
            chapters: init
                .chapter_info
                .into_iter()
                .map(|entry| ChapterInformation::new(entry, base))
                .collect::<Result<_, _>>()?,
            session: None,
        })
    }

    /// The [`title`](https://w3c.github.io/mediasession/#dom-mediametadata-title) getter.
    pub fn title(&self) -> &T {
        &self.title
    }

    /// The [`artist`](https://w3c.github.io/mediasession/#dom-mediametadata-artist) getter.
    pub fn artist(&self) -> &T {
        &self.artist
    }

    /// The [`album`](https://w3c.github.io/mediasession/#dom-mediametadata-album) getter.
    pub fn album(&self) -> &T {
        &self.album
    }

    /// What the [`artwork`](https://w3c.github.io/mediasession/#dom-mediametadata-artwork) getter
    /// returns as a frozen array of frozen objects, the same until artwork is set again.
    pub fn artwork(&self) -> &[MediaImage<T>] {
        &self.artwork
    }

    /// What the [`chapterInfo`](https://w3c.github.io/mediasession/#dom-mediametadata-chapterinfo)
    /// getter returns as a frozen array.
    pub fn chapters(&self) -> &[ChapterInformation<T>] {
        &self.chapters
    }

    /// The [media session](https://w3c.github.io/mediasession/#mediametadata-media-session) that
    /// this is the metadata of.
    pub fn session(&self) -> Option<&S> {
        self.session.as_ref()
    }

    /// Sets the [`title`](https://w3c.github.io/mediasession/#dom-mediametadata-title). See
    /// [`MediaMetadata::set_artwork`] for the result.
    #[must_use = "a task is to be queued for this session"]
    pub fn set_title(&mut self, value: T) -> Option<S> {
        self.title = value;
        self.modified()
    }

    /// Sets the [`artist`](https://w3c.github.io/mediasession/#dom-mediametadata-artist). See
    /// [`MediaMetadata::set_artwork`] for the result.
    #[must_use = "a task is to be queued for this session"]
    pub fn set_artist(&mut self, value: T) -> Option<S> {
        self.artist = value;
        self.modified()
    }

    /// Sets the [`album`](https://w3c.github.io/mediasession/#dom-mediametadata-album). See
    /// [`MediaMetadata::set_artwork`] for the result.
    #[must_use = "a task is to be queued for this session"]
    pub fn set_album(&mut self, value: T) -> Option<S> {
        self.album = value;
        self.modified()
    }

    /// Sets the [`artwork`](https://w3c.github.io/mediasession/#dom-mediametadata-artwork), which
    /// the engine has converted to a sequence of `MediaImage` (step 1), and whose frozen array it
    /// forgets (step 3).
    ///
    /// When there is a result, the engine queues a task. If [`MediaMetadata::session`] is some
    /// session by then, the task calls its [`MediaSession::update_metadata`].
    ///
    /// # Errors
    ///
    /// The first image that is refused; the artwork is as before then.
    pub fn set_artwork(
        &mut self,
        value: Vec<MediaImage<T>>,
        base: &Url,
    ) -> Result<Option<S>, MediaMetadataError> {
        // 2
        self.artwork = convert_artwork(value, base)?;
        Ok(self.modified())
    }

    /// [When the metadata is modified](https://w3c.github.io/mediasession/#the-mediametadata-interface),
    /// step 1: without a session there is nothing to do.
    fn modified(&self) -> Option<S> {
        self.session.clone()
    }

    /// The copy that leaves the document.
    pub fn to_plain(&self) -> sordino_traits::MediaMetadata {
        sordino_traits::MediaMetadata {
            title: self.title.to_string(),
            artist: self.artist.to_string(),
            album: self.album.to_string(),
            artwork: plain_artwork(&self.artwork),
            chapters: self
                .chapters
                .iter()
                .map(|chapter| Chapter {
                    title: chapter.title.to_string(),
                    start_time: chapter.start_time,
                    artwork: plain_artwork(&chapter.artwork),
                })
                .collect(),
        }
    }
}

impl MediaSession {
    /// The [`metadata`](https://w3c.github.io/mediasession/#dom-mediasession-metadata) setter.
    /// `this` is the session as the engine refers to it; `old` and `value`, which may be one
    /// object, are what its attribute was and is from now on.
    pub fn set_metadata<S: Clone, T: ToString>(
        &mut self,
        this: S,
        old: Option<&RefCell<MediaMetadata<S, T>>>,
        value: Option<&RefCell<MediaMetadata<S, T>>>,
    ) {
        // 1
        if let Some(old) = old {
            old.borrow_mut().session = None;
        }
        // 2 is the caller's.
        // 3
        if let Some(value) = value {
            value.borrow_mut().session = Some(this);
        }
        // 4
        self.update_metadata(value.map(|value| value.borrow().to_plain()));
    }
}

#[cfg(test)]
mod tests;
