/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [MediaMetadata](https://w3c.github.io/mediasession/#the-mediametadata-interface) and
//! [ChapterInformation](https://w3c.github.io/mediasession/#the-chapterinformation-interface): the
//! algorithms are those of `sordino_dom`.

use std::cell::RefCell;

use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, DomWeak, Fallible, FrozenArray, JsObject, Realm, Reflector,
    ToJs, dom_object,
};
use url::Url;

use super::MediaSession;
use crate::bindings::{
    ChapterInformationInit, ChapterInformationMethods, MediaImage, MediaMetadataInit,
    MediaMetadataMethods,
};
use crate::exception::thrown_by;
use crate::page::Page;

type Image = sordino_dom::MediaImage<DomString>;
type Core = sordino_dom::MediaMetadata<DomWeak<MediaSession>, DomString>;

/// What a page says about what it plays.
pub(crate) struct MediaMetadata {
    reflector: Reflector,
    core: RefCell<Core>,
    /// The [converted artwork images](https://w3c.github.io/mediasession/#mediametadata-converted-artwork-images).
    converted_artwork: RefCell<Option<FrozenArray>>,
    chapter_info: FrozenArray,
}

dom_object!(MediaMetadata, reflector, trace(converted_artwork, chapter_info));

fn images_of_script(images: Vec<MediaImage>) -> Vec<Image> {
    let image = |MediaImage { src, sizes, type_ }| Image { src, sizes, type_ };
    images.into_iter().map(image).collect()
}

fn images_for_script(realm: &Realm, images: &[Image]) -> Fallible<FrozenArray> {
    let image = |Image { src, sizes, type_ }| MediaImage { src, sizes, type_ };
    FrozenArray::of_frozen(realm, images.iter().cloned().map(image).collect::<Vec<_>>())
}

/// The API base URL of the [entry settings object](https://html.spec.whatwg.org/multipage/webappapis.html#entry-settings-object).
fn entry_base_url(realm: &Realm) -> Url {
    Page::of(&realm.entry()).base_url()
}

impl MediaMetadata {
    pub(crate) fn core(&self) -> &RefCell<Core> {
        &self.core
    }

    /// [When the metadata is modified](https://w3c.github.io/mediasession/#the-mediametadata-interface).
    fn modified(&self, has_session: bool) {
        if !has_session {
            return;
        }
        let metadata = self.root();
        Page::of(&self.realm()).queue(move |_| {
            let session = metadata.core.borrow().session().and_then(DomWeak::upgrade);
            if let Some(session) = session {
                session.update_metadata();
            }
        });
    }
}

impl MediaMetadataMethods for MediaMetadata {
    /// <https://w3c.github.io/mediasession/#dom-mediametadata-mediametadata>
    fn constructor(realm: &Realm, init: MediaMetadataInit) -> Fallible<DomRoot<Self>> {
        let chapter = |ChapterInformationInit { title, start_time, artwork }| {
            let artwork = images_of_script(artwork);
            sordino_dom::ChapterInformationInit { title, start_time, artwork }
        };
        let init = sordino_dom::MediaMetadataInit {
            title: init.title,
            artist: init.artist,
            album: init.album,
            artwork: images_of_script(init.artwork),
            chapter_info: init.chapter_info.into_iter().map(chapter).collect(),
        };
        let core = Core::new(init, &entry_base_url(realm)).map_err(|error| thrown_by(&error))?;
        let chapters: Fallible<Vec<_>> =
            core.chapters().iter().map(|chapter| ChapterInformation::new(realm, chapter)).collect();
        let metadata = Self {
            reflector: Reflector::new(),
            core: RefCell::new(core),
            converted_artwork: RefCell::default(),
            chapter_info: FrozenArray::new(realm, chapters?)?,
        };
        Ok(DomRoot::new(realm, metadata))
    }

    fn title(&self, _realm: &Realm) -> DomString {
        self.core.borrow().title().clone()
    }

    fn set_title(&self, _realm: &Realm, value: DomString) {
        let session = self.core.borrow_mut().set_title(value);
        self.modified(session.is_some());
    }

    fn artist(&self, _realm: &Realm) -> DomString {
        self.core.borrow().artist().clone()
    }

    fn set_artist(&self, _realm: &Realm, value: DomString) {
        let session = self.core.borrow_mut().set_artist(value);
        self.modified(session.is_some());
    }

    fn album(&self, _realm: &Realm) -> DomString {
        self.core.borrow().album().clone()
    }

    fn set_album(&self, _realm: &Realm, value: DomString) {
        let session = self.core.borrow_mut().set_album(value);
        self.modified(session.is_some());
    }

    /// <https://w3c.github.io/mediasession/#dom-mediametadata-artwork>
    fn artwork(&self, realm: &Realm) -> Fallible<FrozenArray> {
        if let Some(converted) = &*self.converted_artwork.borrow() {
            return Ok(converted.clone());
        }
        let converted = images_for_script(realm, self.core.borrow().artwork())?;
        *self.converted_artwork.borrow_mut() = Some(converted.clone());
        Ok(converted)
    }

    fn set_artwork(&self, realm: &Realm, value: Vec<JsObject>) -> Fallible<()> {
        // 1
        let images: Fallible<Vec<_>> =
            value.iter().map(|image| MediaImage::from_js(realm, &image.to_js(realm)?)).collect();
        // 2
        let images = images_of_script(images?);
        let modified = self.core.borrow_mut().set_artwork(images, &entry_base_url(realm));
        let session = modified.map_err(|error| thrown_by(&error))?;
        // 3
        let old = self.converted_artwork.borrow_mut().take();
        drop(old);
        self.modified(session.is_some());
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

impl ChapterInformation {
    fn new(
        realm: &Realm,
        chapter: &sordino_dom::ChapterInformation<DomString>,
    ) -> Fallible<DomRoot<Self>> {
        let information = Self {
            reflector: Reflector::new(),
            title: chapter.title().clone(),
            start_time: chapter.start_time(),
            artwork: images_for_script(realm, chapter.artwork())?,
        };
        Ok(DomRoot::new(realm, information))
    }
}

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
