/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [`srcObject`](https://html.spec.whatwg.org/multipage/media.html#dom-media-srcobject): what is played
//! without a URL. How an element plays a stream is in
//! [Media Capture and Streams](https://w3c.github.io/mediacapture-main/#mediastreams-in-media-elements).

use sordino_media::capture::{InputKind, TrackStream};
use sordino_script_bindings::{Dom, DomRoot, Fallible, impl_trace};
use url::Url;

use super::selection::Selection;
use super::{HTMLMediaElement, network, ready};
use crate::bindings::BlobOrMediaStream as MediaProvider;
use crate::dom::{Blob, MediaStream, MediaStreamTrack};
use crate::file_api::BlobData;

/// The [assigned media provider object](https://html.spec.whatwg.org/multipage/media.html#assigned-media-provider-object).
pub(super) enum Provider {
    Stream(Dom<MediaStream>),
    Blob(Dom<Blob>),
}

impl_trace!(
    enum Provider {
        Stream,
        Blob,
    }
);

impl Provider {
    fn new(provider: &MediaProvider) -> Fallible<Self> {
        Ok(match provider {
            MediaProvider::MediaStream(stream) => Self::Stream(Dom::new(stream)?),
            MediaProvider::Blob(blob) => Self::Blob(Dom::new(blob)?),
        })
    }

    fn object(&self) -> MediaProvider {
        match self {
            Self::Stream(stream) => MediaProvider::MediaStream(stream.root()),
            Self::Blob(blob) => MediaProvider::Blob(blob.root()),
        }
    }
}

/// The track of a stream that is played, and the way that its samples come.
pub(super) struct PlayedTrack {
    track: Dom<MediaStreamTrack>,
    _samples: TrackStream,
}

impl_trace!(PlayedTrack { track });

impl HTMLMediaElement {
    pub(super) fn provider(&self) -> Option<MediaProvider> {
        self.provider.borrow().as_ref().map(Provider::object)
    }

    pub(super) fn set_provider(&self, provider: Option<&MediaProvider>) -> Fallible<()> {
        let provider = provider.map(Provider::new).transpose()?;
        drop(self.provider.replace(provider));
        self.load_resource();
        Ok(())
    }

    /// The blob that the element plays without a URL.
    pub(super) fn provided_blob(&self) -> Option<BlobData> {
        match &*self.provider.borrow() {
            Some(Provider::Blob(blob)) => Some(blob.root().data().clone()),
            _ => None,
        }
    }

    /// The stream that it plays.
    pub(super) fn stream(&self) -> Option<DomRoot<MediaStream>> {
        match &*self.provider.borrow() {
            Some(Provider::Stream(stream)) => Some(stream.root()),
            _ => None,
        }
    }

    /// The object mode of the resource selection algorithm.
    pub(super) fn load_provider(&self) {
        *self.selection.borrow_mut() = Selection::Object;
        self.current_src.borrow_mut().clear();
        if let Some(blob) = self.provided_blob() {
            // It is only for messages: the blob is at hand.
            let url = Url::parse("blob:srcObject").expect("it is a URL");
            self.fetch_blob_or_url(url, Some(blob));
            return;
        }
        self.undelay_load_event();
        self.follow_stream();
    }

    /// Plays the first track of the stream with sound, or else the first one, as long as it is live.
    /// To be called when the stream may have become another one.
    pub(crate) fn follow_stream(&self) {
        let is_loaded = matches!(*self.selection.borrow(), Selection::Object);
        let Some(stream) = self.stream().filter(|_| is_loaded) else { return };
        let live: Vec<_> = stream.tracks().into_iter().filter(|track| !track.has_ended()).collect();
        let wanted =
            live.iter().find(|track| track.input_kind() == InputKind::Microphone).or(live.first());
        let played = self.played_track.borrow().as_ref().map(|played| played.track.root());
        match (wanted, played) {
            (Some(wanted), Some(played)) if *wanted == played => {}
            (Some(wanted), _) => self.play_track(wanted),
            (None, Some(_)) => {
                self.stop_track();
                if self.ready_state.get() > ready::NOTHING {
                    self.reached_end();
                    self.report();
                }
            }
            (None, None) => {}
        }
    }

    fn play_track(&self, track: &DomRoot<MediaStreamTrack>) {
        self.stop_track();
        let (Some(samples), Ok(kept)) = (track.open_stream(), Dom::new(track)) else { return };
        let page = self.page();
        let number = self.next_player();
        page.media().create_stream_player(self.session_id(), self.media_id, number, samples.id());
        *self.played_track.borrow_mut() = Some(PlayedTrack { track: kept, _samples: samples });
        self.apply_volume();
        if self.ready_state.get() == ready::NOTHING {
            self.network_state.set(network::LOADING);
            page.media_session().update(|core| core.media_resource_changed());
            return;
        }
        // A stream that was at its end goes on, if it may by itself.
        if self.at_end.replace(false) && self.has_attribute("autoplay") {
            self.autoplaying.set(true);
            self.autoplay_if_allowed();
        }
        self.start_player();
    }

    /// Drops the player of a stream, and its samples.
    pub(super) fn stop_track(&self) {
        let played = self.played_track.take();
        if played.is_some() {
            self.drop_player();
        }
    }

    /// What plays a stream goes on in another audio session with a new player.
    pub(super) fn play_stream_anew(&self) {
        let played = self.played_track.borrow().as_ref().map(|played| played.track.root());
        if let Some(track) = played {
            self.play_track(&track);
        }
    }
}
