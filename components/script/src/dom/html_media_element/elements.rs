/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The kinds of media elements, and their errors.

use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, Error, Fallible, Realm, Reflector, dom_object,
};
use sordino_traits::ElementId;

use super::{ErrorCode, HTMLMediaElement, ready};
use crate::bindings::{HTMLAudioElementMethods, HTMLVideoElementMethods, MediaErrorMethods};
use crate::dom::Element;
use crate::dom::html::{booleans, unsigned_integers, urls};
use crate::page::Page;
use crate::tree::NodeRef;

/// An `audio`.
pub(crate) struct HTMLAudioElement {
    html_media_element: HTMLMediaElement,
}

dom_object!(HTMLAudioElement: HTMLMediaElement, html_media_element);

impl HTMLAudioElement {
    pub(crate) fn new(page: &Page, node: NodeRef, media_id: ElementId) -> Self {
        Self { html_media_element: HTMLMediaElement::new(page, node, media_id) }
    }
}

impl HTMLAudioElementMethods for HTMLAudioElement {
    /// <https://html.spec.whatwg.org/multipage/media.html#dom-audio>
    fn construct_audio(realm: &Realm, src: Option<DomString>) -> Fallible<DomRoot<Self>> {
        let page = Page::of(realm);
        let id = page.tree().create_html_element(page.document_node(), "audio");
        let audio = page
            .node(id)
            .downcast::<HTMLAudioElement>()
            .ok_or_else(|| Error::type_error("the element was not created"))?;
        let element = audio.upcast::<Element>();
        element.change_attribute("preload", Some("auto"));
        if let Some(src) = src {
            element.change_attribute("src", Some(&src.to_str_lossy()));
        }
        Ok(audio)
    }
}

/// A `video`, of which only the sound is played: nothing is drawn.
pub(crate) struct HTMLVideoElement {
    html_media_element: HTMLMediaElement,
}

dom_object!(HTMLVideoElement: HTMLMediaElement, html_media_element);

impl HTMLVideoElement {
    pub(crate) fn new(page: &Page, node: NodeRef, media_id: ElementId) -> Self {
        Self { html_media_element: HTMLMediaElement::new(page, node, media_id) }
    }

    /// The width and the height of the picture in pixels; 0 before they are known.
    fn size(&self) -> (u32, u32) {
        let media = &self.html_media_element;
        match media.video_size.get() {
            Some(size) if media.ready_state.get() > ready::NOTHING => size,
            _ => (0, 0),
        }
    }
}

impl HTMLVideoElementMethods for HTMLVideoElement {
    unsigned_integers! { width set_width "width", height set_height "height" }
    urls! { poster set_poster "poster" }
    booleans! { plays_inline set_plays_inline "playsinline" }

    fn video_width(&self, _realm: &Realm) -> u32 {
        self.size().0
    }

    fn video_height(&self, _realm: &Realm) -> u32 {
        self.size().1
    }
}

/// Why a media element failed.
pub(crate) struct MediaError {
    reflector: Reflector,
    code: u16,
    message: String,
}

dom_object!(MediaError, reflector);

impl MediaError {
    pub(super) fn new(code: ErrorCode, message: String) -> Self {
        Self { reflector: Reflector::new(), code: code as u16, message }
    }

    pub(super) fn is(&self, code: ErrorCode) -> bool {
        self.code == code as u16
    }
}

impl MediaErrorMethods for MediaError {
    fn code(&self, _realm: &Realm) -> u16 {
        self.code
    }

    fn message(&self, _realm: &Realm) -> DomString {
        self.message.as_str().into()
    }
}
