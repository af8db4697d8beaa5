/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! [MediaStream](https://w3c.github.io/mediacapture-main/#mediastream).

use std::cell::RefCell;
use std::rc::Rc;

use sordino_media::capture::InputKind;
use sordino_script_bindings::{Dom, DomObjectExt, DomRoot, DomString, Fallible, Realm, dom_object};
use uuid::Uuid;

use super::MediaStreamTrack;
use crate::bindings::{EventHandlerNonNull, MediaStreamMethods};
use crate::dom::EventTarget;
use crate::dom::event_handlers::event_handlers;
use crate::page::Page;

/// Tracks that belong together.
pub(crate) struct MediaStream {
    event_target: EventTarget,
    id: String,
    /// The [track set](https://w3c.github.io/mediacapture-main/#track-set).
    tracks: RefCell<Vec<Dom<MediaStreamTrack>>>,
}

dom_object!(MediaStream: EventTarget, event_target, trace(tracks));

/// A new [id](https://w3c.github.io/mediacapture-main/#dom-mediastream-id) of a stream or a track.
pub(super) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

impl MediaStream {
    /// A stream of these tracks; one that is there twice counts once.
    pub(crate) fn create(
        realm: &Realm,
        tracks: &[DomRoot<MediaStreamTrack>],
    ) -> Fallible<DomRoot<Self>> {
        let stream =
            Self { event_target: EventTarget::new(), id: new_id(), tracks: RefCell::default() };
        let stream = DomRoot::new(realm, stream);
        for track in tracks {
            stream.add(track)?;
        }
        Ok(stream)
    }

    /// Its tracks.
    pub(crate) fn tracks(&self) -> Vec<DomRoot<MediaStreamTrack>> {
        self.tracks.borrow().iter().map(Dom::root).collect()
    }

    fn tracks_of(&self, kind: InputKind) -> Vec<DomRoot<MediaStreamTrack>> {
        self.tracks().into_iter().filter(|track| track.input_kind() == kind).collect()
    }

    /// Whether a track of it is live: it is [active](https://w3c.github.io/mediacapture-main/#stream-active).
    pub(crate) fn is_active(&self) -> bool {
        self.tracks().iter().any(|track| !track.has_ended())
    }

    fn add(&self, track: &DomRoot<MediaStreamTrack>) -> Fallible<()> {
        if !self.tracks().contains(track) {
            self.tracks.borrow_mut().push(Dom::new(track)?);
        }
        Ok(())
    }

    fn note_change(&self) {
        Page::of(&self.realm()).agent().captures().note_stream_changed();
    }
}

impl MediaStreamMethods for MediaStream {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        Self::create(realm, &[])
    }

    fn constructor_2(realm: &Realm, stream: DomRoot<MediaStream>) -> Fallible<DomRoot<Self>> {
        Self::create(realm, &stream.tracks())
    }

    fn constructor_3(
        realm: &Realm,
        tracks: Vec<DomRoot<MediaStreamTrack>>,
    ) -> Fallible<DomRoot<Self>> {
        Self::create(realm, &tracks)
    }

    fn id(&self, _realm: &Realm) -> DomString {
        self.id.as_str().into()
    }

    fn get_audio_tracks(&self, _realm: &Realm) -> Fallible<Vec<DomRoot<MediaStreamTrack>>> {
        Ok(self.tracks_of(InputKind::Microphone))
    }

    fn get_video_tracks(&self, _realm: &Realm) -> Fallible<Vec<DomRoot<MediaStreamTrack>>> {
        Ok(self.tracks_of(InputKind::Camera))
    }

    fn get_tracks(&self, _realm: &Realm) -> Fallible<Vec<DomRoot<MediaStreamTrack>>> {
        Ok(self.tracks())
    }

    fn get_track_by_id(
        &self,
        _realm: &Realm,
        track_id: DomString,
    ) -> Fallible<Option<DomRoot<MediaStreamTrack>>> {
        let is_wanted = |track: &DomRoot<MediaStreamTrack>| track_id.as_str() == Some(track.name());
        Ok(self.tracks().into_iter().find(is_wanted))
    }

    /// <https://w3c.github.io/mediacapture-main/#dom-mediastream-addtrack>
    fn add_track(&self, _realm: &Realm, track: DomRoot<MediaStreamTrack>) -> Fallible<()> {
        self.add(&track)?;
        self.note_change();
        Ok(())
    }

    /// <https://w3c.github.io/mediacapture-main/#dom-mediastream-removetrack>
    fn remove_track(&self, _realm: &Realm, track: DomRoot<MediaStreamTrack>) -> Fallible<()> {
        let place = self.tracks().iter().position(|other| *other == track);
        let removed = place.map(|place| self.tracks.borrow_mut().remove(place));
        drop(removed);
        self.note_change();
        Ok(())
    }

    /// <https://w3c.github.io/mediacapture-main/#dom-mediastream-clone>
    fn clone(&self, _realm: &Realm) -> Fallible<DomRoot<MediaStream>> {
        let clones: Fallible<Vec<_>> = self.tracks().iter().map(|it| it.clone_track()).collect();
        Self::create(&self.realm(), &clones?)
    }

    fn active(&self, _realm: &Realm) -> bool {
        self.is_active()
    }

    event_handlers! { EventHandlerNonNull:
        onaddtrack set_onaddtrack, onremovetrack set_onremovetrack,
    }
}
