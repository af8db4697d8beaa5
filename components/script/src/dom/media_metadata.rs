/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [MediaMetadata](https://w3c.github.io/mediasession/#the-mediametadata-interface) and
//! [ChapterInformation](https://w3c.github.io/mediasession/#the-chapterinformation-interface).

use std::cell::RefCell;
use std::rc::Rc;

use sordino_dom::{ArtworkError, ChapterInit, convert_artwork};
use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, DomWeak, Error, Fallible, FrozenArray, JsObject, Realm,
    Reflector, ToJs, dom_object,
};
use sordino_traits::media_session::Chapter;

use super::MediaSession;
use crate::bindings::{
    ChapterInformationInit, ChapterInformationMethods, MediaImage, MediaMetadataInit,
    MediaMetadataMethods,
};
use crate::page::Page;

/// What a page says about what it plays.
pub(crate) struct MediaMetadata {
    reflector: Reflector,
    title: RefCell<DomString>,
    artist: RefCell<DomString>,
    album: RefCell<DomString>,
    artwork: RefCell<Vec<MediaImage>>,
    /// The [converted artwork images](https://w3c.github.io/mediasession/#mediametadata-converted-artwork-images).
    converted_artwork: RefCell<Option<FrozenArray>>,
    chapters: Vec<Chapter>,
    chapter_info: FrozenArray,
    session: RefCell<Option<DomWeak<MediaSession>>>,
}

dom_object!(MediaMetadata, reflector, trace(converted_artwork, chapter_info));

/// An image of the web as one of ours.
fn image_of(image: &MediaImage) -> sordino_traits::MediaImage {
    sordino_traits::MediaImage {
        src: image.src.clone(),
        sizes: image.sizes.to_str_lossy().into_owned(),
        type_: image.type_.to_str_lossy().into_owned(),
    }
}

fn type_error(error: &ArtworkError) -> Error {
    let text = error.to_string();
    Error::type_error(text.strip_prefix("TypeError: ").unwrap_or(&text))
}

/// The [convert artwork algorithm](https://w3c.github.io/mediasession/#convert-artwork-algorithm)
/// against the entry settings object's base URL. Sizes and types stay as the page wrote them.
fn convert(realm: &Realm, images: &[MediaImage]) -> Fallible<Vec<MediaImage>> {
    let base = Page::of(&realm.entry()).base_url();
    let plain: Vec<_> = images.iter().map(image_of).collect();
    let converted = convert_artwork(&plain, &base).map_err(|error| type_error(&error))?;
    Ok(images
        .iter()
        .zip(converted)
        .map(|(image, converted)| MediaImage { src: converted.src, ..image.clone() })
        .collect())
}

impl MediaMetadata {
    /// The copy that the platform sees; lone surrogates are replaced in it.
    pub(crate) fn copy(&self) -> sordino_traits::MediaMetadata {
        let text = |text: &RefCell<DomString>| text.borrow().to_str_lossy().into_owned();
        sordino_traits::MediaMetadata {
            title: text(&self.title),
            artist: text(&self.artist),
            album: text(&self.album),
            artwork: self.artwork.borrow().iter().map(image_of).collect(),
            chapters: self.chapters.clone(),
        }
    }

    pub(crate) fn set_session(&self, session: Option<&DomRoot<MediaSession>>) {
        *self.session.borrow_mut() = session.map(DomRoot::downgrade);
    }

    fn session(&self) -> Option<DomRoot<MediaSession>> {
        self.session.borrow().as_ref()?.upgrade()
    }

    /// [When the metadata is modified](https://w3c.github.io/mediasession/#the-mediametadata-interface).
    fn modified(&self) {
        // 1
        if self.session().is_none() {
            return;
        }
        // 2
        let metadata = self.root();
        Page::of(&self.realm()).events().queue(move |_page: &Rc<Page>| {
            if let Some(session) = metadata.session() {
                session.update_metadata();
            }
        });
    }
}

impl MediaMetadataMethods for MediaMetadata {
    /// <https://w3c.github.io/mediasession/#dom-mediametadata-mediametadata>
    fn constructor(realm: &Realm, init: MediaMetadataInit) -> Fallible<DomRoot<Self>> {
        let artwork = convert(realm, &init.artwork)?;
        let base = Page::of(&realm.entry()).base_url();
        let mut chapters = Vec::new();
        let mut chapter_objects = Vec::new();
        for chapter in init.chapter_info {
            let ChapterInformationInit { title, start_time, artwork } = chapter;
            let plain = ChapterInit {
                title: title.to_str_lossy().into_owned(),
                start_time,
                artwork: artwork.iter().map(image_of).collect(),
            };
            chapters.extend(
                sordino_dom::chapters(&[plain], &base).map_err(|error| type_error(&error))?,
            );
            let artwork = FrozenArray::of_frozen(realm, convert(realm, &artwork)?)?;
            let information =
                ChapterInformation { reflector: Reflector::new(), title, start_time, artwork };
            chapter_objects.push(DomRoot::new(realm, information));
        }
        let chapter_info = FrozenArray::new(realm, chapter_objects)?;
        Ok(DomRoot::new(
            realm,
            Self {
                reflector: Reflector::new(),
                title: RefCell::new(init.title),
                artist: RefCell::new(init.artist),
                album: RefCell::new(init.album),
                artwork: RefCell::new(artwork),
                converted_artwork: RefCell::default(),
                chapters,
                chapter_info,
                session: RefCell::default(),
            },
        ))
    }

    fn title(&self, _realm: &Realm) -> DomString {
        self.title.borrow().clone()
    }

    fn set_title(&self, _realm: &Realm, value: DomString) {
        *self.title.borrow_mut() = value;
        self.modified();
    }

    fn artist(&self, _realm: &Realm) -> DomString {
        self.artist.borrow().clone()
    }

    fn set_artist(&self, _realm: &Realm, value: DomString) {
        *self.artist.borrow_mut() = value;
        self.modified();
    }

    fn album(&self, _realm: &Realm) -> DomString {
        self.album.borrow().clone()
    }

    fn set_album(&self, _realm: &Realm, value: DomString) {
        *self.album.borrow_mut() = value;
        self.modified();
    }

    /// <https://w3c.github.io/mediasession/#dom-mediametadata-artwork>
    fn artwork(&self, realm: &Realm) -> Fallible<FrozenArray> {
        if let Some(converted) = &*self.converted_artwork.borrow() {
            return Ok(converted.clone());
        }
        let images = self.artwork.borrow().clone();
        let converted = FrozenArray::of_frozen(realm, images)?;
        *self.converted_artwork.borrow_mut() = Some(converted.clone());
        Ok(converted)
    }

    fn set_artwork(&self, realm: &Realm, value: Vec<JsObject>) -> Fallible<()> {
        let images: Fallible<Vec<_>> =
            value.iter().map(|image| MediaImage::from_js(realm, &image.to_js(realm)?)).collect();
        let images = convert(realm, &images?)?;
        *self.artwork.borrow_mut() = images;
        let old = self.converted_artwork.borrow_mut().take();
        drop(old);
        self.modified();
        Ok(())
    }

    fn chapter_info(&self, _realm: &Realm) -> FrozenArray {
        self.chapter_info.clone()
    }
}

/// A chapter of a [`MediaMetadata`].
pub(crate) struct ChapterInformation {
    reflector: Reflector,
    title: DomString,
    start_time: f64,
    artwork: FrozenArray,
}

dom_object!(ChapterInformation, reflector, trace(artwork));

impl ChapterInformationMethods for ChapterInformation {
    fn title(&self, _realm: &Realm) -> DomString {
        self.title.clone()
    }

    fn start_time(&self, _realm: &Realm) -> f64 {
        self.start_time
    }

    fn artwork(&self, _realm: &Realm) -> FrozenArray {
        self.artwork.clone()
    }
}
