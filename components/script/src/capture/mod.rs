/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! What documents capture: microphones and cameras, from `getUserMedia()` to the end of the last track.
//! The objects that scripts see are in [`crate::dom`], the devices in [`sordino_media::capture`].
//!
//! * this file: the devices, the sources and the tracks of the process.
//! * `request`: `getUserMedia()`, step by step.
//! * `source`: a device that a document captures.
//! * `device`: what pages may know of one.
//! * `constraints`: which device and which settings a page gets.
//!
//! Nothing here waits: the thread of the captures lists and opens devices, the shell asks the user, and
//! what they say is a task.

mod constraints;
mod device;
mod request;
mod source;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use sordino_dom::{CaptureKind, TrackMuting};
use sordino_media::capture::{InputDevice, InputKind, SourceEvent};
use sordino_script_bindings::{DomRoot, DomWeak, JsPromise};
use sordino_traits::embedder::{PermissionId, ShellRequest};
use sordino_traits::{ActionDetails, DocumentId, ElementId, MediaSessionAction};

use crate::agent::Agent;
use crate::dom::MediaStreamTrack;
use crate::page::Page;
pub(crate) use constraints::{Constraint, Constraints, Property, Settings, Value};
pub(crate) use device::{AUDIO, KnownDevice, SAMPLE_SIZE, VIDEO};
use request::Requests;
pub(crate) use request::Want;
pub(crate) use source::Source;

/// What the sessions call it.
pub(crate) fn capture_kind(kind: InputKind) -> CaptureKind {
    match kind {
        InputKind::Microphone => CaptureKind::Microphone,
        InputKind::Camera => CaptureKind::Camera,
    }
}

/// The captures of an agent.
#[derive(Default)]
pub(crate) struct Captures {
    /// The devices, once they were listed.
    devices: RefCell<Option<Vec<InputDevice>>>,
    is_started: Cell<bool>,
    /// Who waits for the devices: `enumerateDevices()`.
    enumerations: RefCell<Vec<(DocumentId, JsPromise)>>,
    requests: Requests,
    sources: RefCell<BTreeMap<ElementId, (DocumentId, Rc<Source>)>>,
    tracks: RefCell<BTreeMap<ElementId, DomWeak<MediaStreamTrack>>>,
    /// Whether a microphone and a camera are captured, as the shell was told.
    told: Cell<(bool, bool)>,
    /// Whether a stream has got other tracks, or a track has ended, since somebody asked.
    streams_changed: Cell<bool>,
}

impl Captures {
    /// Whether media streams may have become others since the last call: got tracks, lost some, or some have
    /// ended.
    pub(crate) fn take_streams_changed(&self) -> bool {
        self.streams_changed.take()
    }

    pub(crate) fn note_stream_changed(&self) {
        self.streams_changed.set(true);
    }

    /// The devices as a page knows them; none before they were listed.
    pub(crate) fn known_devices(&self, page: &Page) -> Vec<KnownDevice> {
        let devices = self.devices.borrow();
        let (agent, site) = (page.agent(), page.site());
        let known = |it: &InputDevice| KnownDevice::new(it.clone(), agent.device_salt(), &site);
        devices.iter().flatten().map(known).collect()
    }

    fn start(&self, agent: &Agent) {
        if !self.is_started.replace(true) {
            let media = &agent.outside().media;
            if agent.prefs().is_on("media.test_devices") {
                media.use_test_devices();
            }
            media.watch_devices();
        }
    }

    /// Tells from now on which devices there are.
    pub(crate) fn watch(&self, agent: &Agent) {
        self.start(agent);
    }

    /// Resolves a promise with the devices.
    pub(crate) fn enumerate(&self, page: &Rc<Page>, promise: JsPromise) {
        let agent = page.agent();
        self.start(&agent);
        self.enumerations.borrow_mut().push((page.document_id(), promise));
        agent.outside().media.list_devices();
    }

    /// The devices were listed, or have changed.
    pub(crate) fn devices_listed(&self, agent: &Rc<Agent>, devices: Vec<InputDevice>) {
        self.devices.replace(Some(devices));
        let enumerations = std::mem::take(&mut *self.enumerations.borrow_mut());
        for page in agent.all_pages() {
            page.queue(|page| {
                if let Some(devices) = page.window().existing_media_devices() {
                    devices.devices_may_have_changed(page);
                }
            });
        }
        for (document, promise) in enumerations {
            if let Some(page) = agent.page(document) {
                page.queue(move |page| page.window().media_devices().settle(page, &promise));
            }
        }
        self.requests.devices_listed(agent);
    }

    /// Something happened to a source.
    pub(crate) fn source_event(&self, agent: &Rc<Agent>, id: ElementId, event: SourceEvent) {
        // It may be closed.
        let Some((document, source)) = self.sources.borrow().get(&id).cloned() else { return };
        let Some(page) = agent.page(document) else { return };
        match event {
            SourceEvent::Opened => {
                source.is_open.set(true);
                self.requests.source_opened(agent, id, Ok(()));
            }
            SourceEvent::Failed(error) => {
                self.sources.borrow_mut().remove(&id);
                self.requests.source_opened(agent, id, Err(error));
            }
            SourceEvent::Ended => page.queue(move |page| page.agent().captures().end(page, id)),
            SourceEvent::VoiceActivity => page.queue(move |page| {
                let details = ActionDetails::new(MediaSessionAction::VoiceActivity);
                page.media_session().handle_action(page, &details);
            }),
            event => log::debug!("{event:?}"),
        }
    }

    fn source(&self, id: ElementId) -> Option<Rc<Source>> {
        self.sources.borrow().get(&id).map(|(_, source)| source.clone())
    }

    /// The source of a document for a device that it captures so already.
    fn open_source_of(&self, document: DocumentId, wanted: &Want) -> Option<Rc<Source>> {
        let sources = self.sources.borrow();
        let is_wanted = |source: &Source| {
            wanted
                .chosen()
                .is_some_and(|(device, mode)| source.device() == device && source.mode() == *mode)
        };
        let mut own = sources.values().filter(|(owner, _)| *owner == document);
        own.find(|(_, source)| is_wanted(source)).map(|(_, source)| source.clone())
    }

    fn add_source(&self, document: DocumentId, source: &Rc<Source>) {
        self.sources.borrow_mut().insert(source.id(), (document, source.clone()));
    }

    /// There is a new live track. A microphone is an element of the audio session then.
    pub(crate) fn add_track(&self, page: &Rc<Page>, track: &DomRoot<MediaStreamTrack>) {
        let source = track.source();
        source.add(track);
        self.tracks.borrow_mut().insert(track.track_id(), track.downgrade());
        let kind = capture_kind(source.kind());
        page.media_session().update(|core| core.captures().add_track(track.track_id(), kind));
        source.report(page);
    }

    /// A track has ended: so does its source with the last one.
    pub(crate) fn remove_track(&self, agent: &Agent, source: &Rc<Source>, track: ElementId) {
        if self.tracks.borrow_mut().remove(&track).is_none() {
            return;
        }
        source.remove(track);
        self.note_stream_changed();
        let Some((document, _)) = self.sources.borrow().get(&source.id()).cloned() else { return };
        if let Some(page) = agent.page(document) {
            page.media_session().update(|core| core.captures().remove_track(track));
            source.report(&page);
        }
        self.close_if_unused(agent, source);
    }

    fn close_if_unused(&self, agent: &Agent, source: &Source) {
        if source.is_needed() {
            return;
        }
        let Some((document, _)) = self.sources.borrow_mut().remove(&source.id()) else { return };
        agent.outside().media.close_source(source.id());
        if let Some(page) = agent.page(document) {
            page.audio_session().update(&page, |core| core.remove_element(source.id()));
        }
        self.tell_shell(agent);
    }

    /// [Ends](https://w3c.github.io/mediacapture-main/#ends-nostop) all tracks of a source: its device is gone,
    /// or its session must not record any more.
    fn end(&self, page: &Rc<Page>, id: ElementId) {
        let Some(source) = self.source(id) else { return };
        for track in source.tracks() {
            track.end();
        }
        let agent = page.agent();
        // Who waits for it gets no track of it either.
        self.requests.source_ended(&agent, page, id);
        self.close_if_unused(&agent, &source);
    }

    /// Runs the suspend or resume steps of a microphone. Returns whether it is one.
    pub(crate) fn set_suspended(&self, page: &Rc<Page>, id: ElementId, suspended: bool) -> bool {
        let source = self.source(id);
        source.inspect(|source| source.set_suspended(page, suspended)).is_some()
    }

    /// The audio session ends a microphone.
    pub(crate) fn end_microphone(&self, page: &Rc<Page>, id: ElementId) {
        self.end(page, id);
    }

    /// [Sets a track's muted state](https://w3c.github.io/mediacapture-main/#set-a-track-s-muted-state), as the
    /// user wants it.
    pub(crate) fn set_muted_by_user(&self, muting: TrackMuting) {
        let track = self.tracks.borrow().get(&muting.track).and_then(DomWeak::upgrade);
        if let Some(track) = track {
            track.set_muted_by_user(muting.muted);
        }
    }

    /// A document is discarded: it captures nothing any more.
    pub(crate) fn close_document(&self, agent: &Agent, document: DocumentId) {
        let is_other = |(owner, _): &(DocumentId, JsPromise)| *owner != document;
        let enumerations = std::mem::take(&mut *self.enumerations.borrow_mut());
        let others = enumerations.into_iter().filter(is_other).collect();
        self.enumerations.replace(others);
        self.requests.close_document(document);
        let sources = self.sources.borrow();
        let own = sources.values().filter(|(owner, _)| *owner == document);
        let own: Vec<_> = own.map(|(_, source)| source.clone()).collect();
        drop(sources);
        for source in own {
            for track in source.tracks() {
                self.tracks.borrow_mut().remove(&track.track_id());
                track.close();
            }
            self.sources.borrow_mut().remove(&source.id());
            agent.outside().media.close_source(source.id());
        }
        self.tell_shell(agent);
    }

    /// Tells the user whether the tab listens and watches.
    fn tell_shell(&self, agent: &Agent) {
        let captures = |kind| {
            let sources = self.sources.borrow();
            let mut sources = sources.values().map(|(_, source)| source);
            sources.any(|source| source.kind() == kind && !source.tracks().is_empty())
        };
        let (microphone, camera) = (captures(InputKind::Microphone), captures(InputKind::Camera));
        if self.told.replace((microphone, camera)) != (microphone, camera) {
            agent.send_shell(ShellRequest::Capturing { microphone, camera });
        }
    }

    /// The user, or whoever speaks for him, has answered.
    pub(crate) fn permission(&self, agent: &Rc<Agent>, id: PermissionId, granted: bool) {
        self.requests.answered(agent, id, granted);
    }

    /// Begins [`getUserMedia()`](https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia)'s part
    /// that is in parallel.
    pub(crate) fn request(&self, page: &Rc<Page>, wants: Vec<Want>, promise: JsPromise) {
        let agent = page.agent();
        self.start(&agent);
        self.requests.add(page, wants, promise);
        agent.outside().media.list_devices();
    }
}
