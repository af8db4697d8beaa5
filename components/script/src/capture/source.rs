/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! A device that a document captures, with all of its tracks: a
//! [source](https://w3c.github.io/mediacapture-main/#dfn-source).
//!
//! For the document's audio session a microphone is one element, whatever number of tracks it has.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use sordino_media::Media;
use sordino_media::capture::{InputKind, VideoMode};
use sordino_script_bindings::{DomRoot, DomWeak};
use sordino_traits::ElementId;

use super::device::KnownDevice;
use crate::dom::MediaStreamTrack;
use crate::page::Page;

/// A source.
pub(crate) struct Source {
    id: ElementId,
    device: KnownDevice,
    mode: Option<VideoMode>,
    media: Media,
    /// Whether it is captured already.
    pub(super) is_open: Cell<bool>,
    /// How many requests wait for it.
    pub(super) awaited: Cell<u32>,
    /// Whether its audio session is interrupted.
    is_suspended: Cell<bool>,
    /// Those that are live.
    tracks: RefCell<Vec<DomWeak<MediaStreamTrack>>>,
}

impl Source {
    pub(super) fn new(
        id: ElementId,
        device: KnownDevice,
        mode: Option<VideoMode>,
        media: Media,
    ) -> Self {
        Self {
            id,
            device,
            mode,
            media,
            is_open: Cell::new(false),
            awaited: Cell::new(0),
            is_suspended: Cell::new(false),
            tracks: RefCell::default(),
        }
    }

    pub(crate) fn id(&self) -> ElementId {
        self.id
    }

    pub(crate) fn kind(&self) -> InputKind {
        self.device.device.kind
    }

    pub(crate) fn device(&self) -> &KnownDevice {
        &self.device
    }

    pub(crate) fn mode(&self) -> Option<VideoMode> {
        self.mode
    }

    pub(crate) fn is_suspended(&self) -> bool {
        self.is_suspended.get()
    }

    /// Its live tracks.
    pub(crate) fn tracks(&self) -> Vec<DomRoot<MediaStreamTrack>> {
        self.tracks.borrow().iter().filter_map(DomWeak::upgrade).collect()
    }

    pub(super) fn add(&self, track: &DomRoot<MediaStreamTrack>) {
        self.tracks.borrow_mut().push(track.downgrade());
    }

    /// A track has ended, or was freed.
    pub(super) fn remove(&self, track: ElementId) {
        let is_other = |it: &DomWeak<MediaStreamTrack>| {
            it.upgrade().is_some_and(|other| other.track_id() != track)
        };
        self.tracks.borrow_mut().retain(is_other);
    }

    pub(super) fn is_needed(&self) -> bool {
        !self.tracks.borrow().is_empty() || self.awaited.get() > 0
    }

    /// Something changed about who may hear it: a voice that nobody can hear is told of.
    pub(crate) fn report(&self, page: &Rc<Page>) {
        if self.kind() == InputKind::Camera {
            return;
        }
        let tracks = self.tracks();
        self.media.mute_source(self.id, !tracks.iter().any(|track| track.is_heard()));
        // https://w3c.github.io/audio-session/#microphone-track-source
        let audible = tracks.iter().any(|track| !track.is_muted());
        page.audio_session().update(page, |core| core.set_audible(self.id, audible));
    }

    /// The [element suspend steps](https://w3c.github.io/audio-session/#element-suspend-steps) and the resume
    /// steps of a microphone.
    pub(super) fn set_suspended(&self, page: &Rc<Page>, suspended: bool) {
        self.is_suspended.set(suspended);
        for track in self.tracks() {
            track.update_muted();
        }
        self.report(page);
    }
}
