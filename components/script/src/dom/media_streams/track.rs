/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! [MediaStreamTrack](https://w3c.github.io/mediacapture-main/#mediastreamtrack).

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use sordino_media::capture::{InputKind, TrackGate, TrackStream};
use sordino_script_bindings::{
    DomObjectExt, DomRoot, DomString, Fallible, JsPromise, JsValue, Realm, ToJs, dom_object,
};
use sordino_traits::ElementId;

use super::OverconstrainedError;
use super::dictionaries::{capabilities_of, constraints_of, settings_for_script};
use super::media_stream::new_id;
use crate::agent::Agent;
use crate::bindings::{
    EventHandlerNonNull, MediaStreamTrackMethods, MediaStreamTrackState, MediaTrackCapabilities,
    MediaTrackConstraints, MediaTrackSettings,
};
use crate::capture::{AUDIO, Source, VIDEO};
use crate::dom::event_handlers::event_handlers;
use crate::dom::{EventTarget, event_dispatch};
use crate::page::Page;

/// A track of a device that the document captures.
pub(crate) struct MediaStreamTrack {
    event_target: EventTarget,
    id: String,
    /// Its number for the sessions of the document.
    track_id: ElementId,
    source: Rc<Source>,
    /// What its consumers get is under it.
    gate: TrackGate,
    enabled: Cell<bool>,
    /// Whether the user has muted it.
    muted_by_user: Cell<bool>,
    /// What script sees: the user has, or its audio session is interrupted.
    muted: Cell<bool>,
    ended: Cell<bool>,
    constraints: RefCell<MediaTrackConstraints>,
    agent: Weak<Agent>,
}

dom_object!(MediaStreamTrack: EventTarget, event_target);

impl Drop for MediaStreamTrack {
    fn drop(&mut self) {
        // The agent is gone when the process ends.
        if let (Some(agent), false) = (self.agent.upgrade(), self.ended.get()) {
            let (source, track) = (self.source.clone(), self.track_id);
            agent.events().queue(None, move |agent: &Rc<Agent>| {
                agent.captures().remove_track(agent, &source, track);
            });
        }
    }
}

impl MediaStreamTrack {
    /// [Creates a track](https://w3c.github.io/mediacapture-main/#dfn-create-a-mediastreamtrack) of a source
    /// that is open.
    pub(crate) fn create(
        page: &Rc<Page>,
        source: &Rc<Source>,
        constraints: MediaTrackConstraints,
        by_user: bool,
    ) -> DomRoot<Self> {
        let agent = page.agent();
        let muted_by_user = agent.captures().begins_muted(page, source.kind());
        let track = Self {
            event_target: EventTarget::new(),
            id: new_id(),
            track_id: agent.new_element_id(),
            source: source.clone(),
            gate: TrackGate::default(),
            enabled: Cell::new(true),
            muted_by_user: Cell::new(muted_by_user),
            muted: Cell::new(muted_by_user || source.is_suspended()),
            ended: Cell::new(false),
            constraints: RefCell::new(constraints),
            agent: agent.weak(),
        };
        let track = DomRoot::new(&page.realm(), track);
        track.apply();
        agent.captures().note_start(page, source, by_user);
        agent.captures().add_track(page, &track);
        track
    }

    /// The source, while it is live.
    pub(crate) fn source(&self) -> &Rc<Source> {
        &self.source
    }

    pub(crate) fn track_id(&self) -> ElementId {
        self.track_id
    }

    /// Its [id](https://w3c.github.io/mediacapture-main/#dom-mediastreamtrack-id).
    pub(crate) fn name(&self) -> &str {
        &self.id
    }

    pub(crate) fn input_kind(&self) -> InputKind {
        self.source.kind()
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.get()
    }

    pub(crate) fn is_muted(&self) -> bool {
        self.muted.get()
    }

    /// Whether what it gives is more than silence and darkness.
    pub(crate) fn is_heard(&self) -> bool {
        !self.ended.get() && self.enabled.get() && !self.muted.get()
    }

    /// A stream of it for one consumer, which obeys `enabled`, `muted` and the end of the track. `None` when
    /// it has ended.
    pub(crate) fn open_stream(&self) -> Option<TrackStream> {
        if self.ended.get() {
            return None;
        }
        self.page().media().open_track_stream(self.source.id(), &self.gate)
    }

    fn page(&self) -> Rc<Page> {
        Page::of(&self.realm())
    }

    fn apply(&self) {
        self.gate.set_open(self.is_heard());
    }

    fn report(&self) {
        self.apply();
        let page = self.page();
        if !page.is_discarded() {
            self.source.report(&page);
        }
    }

    /// [Sets the muted state](https://w3c.github.io/mediacapture-main/#set-a-track-s-muted-state) to what
    /// follows from all that mutes it.
    pub(crate) fn update_muted(&self) {
        let muted = self.muted_by_user.get() || self.source.is_suspended();
        if self.ended.get() || self.muted.replace(muted) == muted {
            return;
        }
        self.apply();
        event_dispatch::fire(&self.root().upcast(), if muted { "mute" } else { "unmute" });
    }

    pub(crate) fn set_muted_by_user(&self, muted: bool) {
        self.muted_by_user.set(muted);
        self.update_muted();
        self.report();
    }

    /// It gives nothing any more; nobody is told.
    pub(crate) fn close(&self) {
        self.ended.set(true);
        self.apply();
    }

    fn leave(&self) {
        self.close();
        let agent = self.page().agent();
        agent.captures().remove_track(&agent, &self.source, self.track_id);
    }

    /// The user agent [ends](https://w3c.github.io/mediacapture-main/#ends-nostop) it.
    pub(crate) fn end(&self) {
        if self.ended.get() {
            return;
        }
        self.leave();
        event_dispatch::fire(&self.root().upcast(), "ended");
    }

    /// [Clones a track](https://w3c.github.io/mediacapture-main/#dfn-clone-a-track).
    pub(super) fn clone_track(&self) -> Fallible<DomRoot<Self>> {
        let page = self.page();
        let clone = Self {
            event_target: EventTarget::new(),
            id: new_id(),
            track_id: page.agent().new_element_id(),
            source: self.source.clone(),
            gate: TrackGate::default(),
            enabled: self.enabled.clone(),
            muted_by_user: self.muted_by_user.clone(),
            muted: self.muted.clone(),
            ended: self.ended.clone(),
            constraints: self.constraints.clone(),
            agent: self.agent.clone(),
        };
        let clone = DomRoot::new(&self.realm(), clone);
        clone.apply();
        if !self.ended.get() {
            page.agent().captures().add_track(&page, &clone);
        }
        Ok(clone)
    }
}

impl MediaStreamTrackMethods for MediaStreamTrack {
    fn kind(&self, _realm: &Realm) -> DomString {
        match self.input_kind() {
            InputKind::Microphone => "audio".into(),
            InputKind::Camera => "video".into(),
        }
    }

    fn id(&self, _realm: &Realm) -> DomString {
        self.id.as_str().into()
    }

    fn label(&self, _realm: &Realm) -> DomString {
        self.source.device().device.label.as_str().into()
    }

    fn enabled(&self, _realm: &Realm) -> bool {
        self.enabled.get()
    }

    fn set_enabled(&self, _realm: &Realm, value: bool) {
        if self.enabled.replace(value) != value {
            self.report();
        }
    }

    fn muted(&self, _realm: &Realm) -> bool {
        self.muted.get()
    }

    fn ready_state(&self, _realm: &Realm) -> MediaStreamTrackState {
        match self.ended.get() {
            true => MediaStreamTrackState::Ended,
            false => MediaStreamTrackState::Live,
        }
    }

    fn clone(&self, _realm: &Realm) -> Fallible<DomRoot<MediaStreamTrack>> {
        self.clone_track()
    }

    /// <https://w3c.github.io/mediacapture-main/#dom-mediastreamtrack-stop>
    fn stop(&self, _realm: &Realm) -> Fallible<()> {
        if !self.ended.get() {
            self.leave();
        }
        Ok(())
    }

    fn get_capabilities(&self, _realm: &Realm) -> Fallible<MediaTrackCapabilities> {
        Ok(capabilities_of(self.source.device()))
    }

    fn get_constraints(&self, _realm: &Realm) -> Fallible<MediaTrackConstraints> {
        Ok(self.constraints.borrow().clone())
    }

    fn get_settings(&self, _realm: &Realm) -> Fallible<MediaTrackSettings> {
        let source = &self.source;
        Ok(settings_for_script(&source.device().settings(source.mode())))
    }

    /// <https://w3c.github.io/mediacapture-main/#dom-mediastreamtrack-applyconstraints>: what is captured stays
    /// as it is, and satisfies the constraints or does not.
    fn apply_constraints(
        &self,
        realm: &Realm,
        constraints: MediaTrackConstraints,
    ) -> Fallible<JsPromise> {
        let promise = JsPromise::new(realm)?;
        let mut wanted = constraints_of(&constraints);
        wanted.keep(match self.input_kind() {
            InputKind::Microphone => &AUDIO,
            InputKind::Camera => &VIDEO,
        });
        let current = self.source.device().settings(self.source.mode());
        let result = match self.ended.get() {
            true => Ok(0),
            false => wanted.select(&[current]),
        };
        let (track, settled) = (self.root(), promise.clone());
        self.page().queue(move |page| {
            let realm = page.realm();
            match result {
                Ok(_) => {
                    track.constraints.replace(constraints);
                    settled.resolve(&realm, &JsValue::undefined());
                }
                Err(constraint) => {
                    let message = "the device cannot be set to this while it is captured";
                    let error = OverconstrainedError::create(&realm, constraint, message);
                    match error.to_js(&realm) {
                        Ok(error) => settled.reject_value(&realm, error),
                        Err(error) => settled.reject(&realm, error),
                    }
                }
            }
        });
        Ok(promise)
    }

    event_handlers! { EventHandlerNonNull:
        onmute set_onmute, onunmute set_onunmute, onended set_onended,
    }
}
