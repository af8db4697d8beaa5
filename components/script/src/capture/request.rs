/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
//! [`getUserMedia()`](https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia), as far as it is
//! in parallel: the devices are listed, one of each kind is chosen, the user is asked, the chosen ones are
//! opened, and then the page gets its tracks.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use sordino_media::capture::{InputKind, VideoMode};
use sordino_media::session::CaptureError;
use sordino_script_bindings::{DomExceptionName, DomRoot, Error, JsPromise};
use sordino_traits::embedder::{PermissionId, ShellRequest};
use sordino_traits::{DocumentId, ElementId};

use super::{AUDIO, Constraints, KnownDevice, Source, VIDEO, capture_kind};
use crate::agent::Agent;
use crate::bindings::MediaTrackConstraints;
use crate::dom::{MediaStream, MediaStreamTrack, OverconstrainedError};
use crate::exception::thrown_by;
use crate::page::Page;

/// What a page asks for of one kind.
pub(crate) struct Want {
    pub(crate) kind: InputKind,
    /// As the page gave it, which gets it back.
    pub(crate) given: MediaTrackConstraints,
    pub(crate) constraints: Constraints,
    chosen: Option<(KnownDevice, Option<VideoMode>)>,
    source: Option<Rc<Source>>,
}

/// Why a page gets nothing.
enum Failure {
    Overconstrained(&'static str, &'static str),
    Error(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

fn failure(name: DomExceptionName, reason: impl Into<String>) -> Failure {
    Error::dom(name, reason).into()
}

fn gone() -> Failure {
    failure(DomExceptionName::NotReadableError, "the device is gone")
}

fn noun(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Microphone => "microphone",
        InputKind::Camera => "camera",
    }
}

impl Want {
    pub(crate) fn new(
        kind: InputKind,
        given: MediaTrackConstraints,
        mut constraints: Constraints,
    ) -> Self {
        constraints.keep(match kind {
            InputKind::Microphone => &AUDIO,
            InputKind::Camera => &VIDEO,
        });
        Self { kind, given, constraints, chosen: None, source: None }
    }

    pub(super) fn chosen(&self) -> Option<&(KnownDevice, Option<VideoMode>)> {
        self.chosen.as_ref()
    }

    /// Chooses the device, and how it is captured.
    fn choose(&mut self, devices: &[KnownDevice]) -> Result<(), Failure> {
        let own = devices.iter().filter(|known| known.device.kind == self.kind);
        let candidates: Vec<_> = own
            .flat_map(|known| {
                known
                    .configurations()
                    .into_iter()
                    .map(move |(settings, mode)| (settings, (known.clone(), mode)))
            })
            .collect();
        if candidates.is_empty() {
            let reason = format!("there is no {}", noun(self.kind));
            return Err(failure(DomExceptionName::NotFoundError, reason));
        }
        let (settings, mut choices): (Vec<_>, Vec<_>) = candidates.into_iter().unzip();
        match self.constraints.select(&settings) {
            Ok(place) => {
                self.chosen = Some(choices.swap_remove(place));
                Ok(())
            }
            Err(constraint) => Err(Failure::Overconstrained(constraint, noun(self.kind))),
        }
    }
}

enum Step {
    Devices,
    Permission,
    Sources,
}

struct Request {
    document: DocumentId,
    promise: JsPromise,
    wants: Vec<Want>,
    step: Step,
    /// Whether the user has acted with the page when it asked.
    by_user: bool,
}

/// The requests that go on.
#[derive(Default)]
pub(super) struct Requests {
    last: Cell<u64>,
    all: RefCell<BTreeMap<u64, Request>>,
}

impl Requests {
    pub(super) fn add(&self, page: &Rc<Page>, wants: Vec<Want>, promise: JsPromise) {
        self.last.set(self.last.get() + 1);
        let (document, by_user) = (page.document_id(), page.has_transient_activation());
        let request = Request { document, promise, wants, step: Step::Devices, by_user };
        self.all.borrow_mut().insert(self.last.get(), request);
    }

    /// Takes the requests at a step of which this holds.
    fn take(&self, wanted: impl Fn(u64, &Request) -> bool) -> Vec<(u64, Request)> {
        let mut all = self.all.borrow_mut();
        let found: Vec<_> =
            all.iter().filter(|(id, request)| wanted(**id, request)).map(|(id, _)| *id).collect();
        found.into_iter().filter_map(|id| Some((id, all.remove(&id)?))).collect()
    }

    /// Chooses the devices of who waits for the list.
    pub(super) fn devices_listed(&self, agent: &Rc<Agent>) {
        for (id, mut request) in self.take(|_, it| matches!(it.step, Step::Devices)) {
            let Some(page) = agent.page(request.document) else { continue };
            let devices = agent.captures().known_devices(&page);
            let chosen = request.wants.iter_mut().try_for_each(|want| want.choose(&devices));
            if let Err(failure) = chosen {
                request.reject(agent, failure);
                continue;
            }
            let asks = |kind| request.wants.iter().any(|want| want.kind == kind);
            agent.send_shell(ShellRequest::AskPermission {
                id: PermissionId(id),
                site: page.site(),
                microphone: asks(InputKind::Microphone),
                camera: asks(InputKind::Camera),
            });
            request.step = Step::Permission;
            self.all.borrow_mut().insert(id, request);
        }
    }

    /// Opens the sources of a request that was granted.
    pub(super) fn answered(&self, agent: &Rc<Agent>, id: PermissionId, granted: bool) {
        let found = self.take(|it, request| it == id.0 && matches!(request.step, Step::Permission));
        let Some((id, mut request)) = found.into_iter().next() else { return };
        if !granted {
            let reason = "the user, or his settings, did not allow it";
            return request.reject(agent, failure(DomExceptionName::NotAllowedError, reason));
        }
        request.step = Step::Sources;
        for want in &mut request.wants {
            want.source = agent.captures().obtain(agent, request.document, want);
        }
        self.all.borrow_mut().insert(id, request);
        self.finish(agent);
    }

    /// A source was opened, or was not.
    pub(super) fn source_opened(
        &self,
        agent: &Rc<Agent>,
        id: ElementId,
        result: Result<(), CaptureError>,
    ) {
        match result {
            Ok(()) => self.finish(agent),
            Err(CaptureError::NotFound) => {
                let name = DomExceptionName::NotFoundError;
                self.fail(agent, id, || failure(name, CaptureError::NotFound.to_string()));
            }
            Err(error) => {
                let name = DomExceptionName::NotReadableError;
                self.fail(agent, id, || failure(name, error.to_string()));
            }
        }
    }

    /// A source has ended.
    pub(super) fn source_ended(&self, agent: &Rc<Agent>, page: &Rc<Page>, id: ElementId) {
        let refused = page.audio_session().ask(|core| core.check_microphone());
        self.fail(agent, id, || match &refused {
            Err(refused) => thrown_by(refused).into(),
            Ok(()) => gone(),
        });
    }

    /// Rejects those who wait for a source.
    fn fail(&self, agent: &Rc<Agent>, id: ElementId, failure: impl Fn() -> Failure) {
        let waits = |request: &Request| {
            let mut sources = request.wants.iter().filter_map(|want| want.source.as_ref());
            sources.any(|source| source.id() == id)
        };
        for (_, request) in self.take(|_, request| waits(request)) {
            request.reject(agent, failure());
        }
    }

    /// Gives the tracks to those whose sources are open.
    fn finish(&self, agent: &Rc<Agent>) {
        let is_ready = |request: &Request| {
            let mut sources = request.wants.iter().map(|want| &want.source);
            matches!(request.step, Step::Sources)
                && sources.all(|it| it.as_ref().is_some_and(|source| source.is_open.get()))
        };
        for (_, request) in self.take(|_, request| is_ready(request)) {
            let Some(page) = agent.page(request.document) else { continue };
            page.queue(move |page| request.resolve(page));
        }
    }

    /// Their document is discarded.
    pub(super) fn close_document(&self, document: DocumentId) {
        let requests = self.take(|_, request| request.document == document);
        drop(requests);
    }
}

impl Request {
    fn release(&self, agent: &Agent) {
        for source in self.wants.iter().filter_map(|want| want.source.as_ref()) {
            source.awaited.set(source.awaited.get().saturating_sub(1));
            agent.captures().close_if_unused(agent, source);
        }
    }

    /// Rejects the promise, in a task.
    fn reject(self, agent: &Agent, failure: Failure) {
        self.release(agent);
        let Some(page) = agent.page(self.document) else { return };
        page.queue(move |page| {
            let realm = page.realm();
            match failure {
                Failure::Error(error) => self.promise.reject(&realm, error),
                Failure::Overconstrained(constraint, noun) => {
                    let message = format!("no {noun} satisfies the constraints");
                    let error = OverconstrainedError::create(&realm, constraint, &message);
                    match sordino_script_bindings::ToJs::to_js(&error, &realm) {
                        Ok(error) => self.promise.reject_value(&realm, error),
                        Err(error) => self.promise.reject(&realm, error),
                    }
                }
            }
        });
    }

    /// Resolves the promise with a stream of new tracks.
    fn resolve(mut self, page: &Rc<Page>) {
        let (agent, realm) = (page.agent(), page.realm());
        let wants_microphone = self.wants.iter().any(|want| want.kind == InputKind::Microphone);
        // The page may have changed the type of its audio session meanwhile.
        if wants_microphone
            && let Err(refused) = page.audio_session().ask(|core| core.check_microphone())
        {
            return self.reject(&agent, thrown_by(&refused).into());
        }
        let is_lost = |source: &Rc<Source>| agent.captures().source(source.id()).is_none();
        if self.wants.iter().any(|want| want.source.as_ref().is_none_or(is_lost)) {
            return self.reject(&agent, gone());
        }
        let wants = std::mem::take(&mut self.wants);
        let tracks: Vec<DomRoot<MediaStreamTrack>> = wants
            .iter()
            .filter_map(|want| {
                let source = want.source.as_ref()?;
                page.window().media_devices().expose(want.kind);
                Some(MediaStreamTrack::create(page, source, want.given.clone(), self.by_user))
            })
            .collect();
        self.wants = wants;
        agent.captures().tell_shell(&agent);
        self.release(&agent);
        match MediaStream::create(&realm, &tracks) {
            Ok(stream) => self.promise.resolve(&realm, &stream),
            Err(error) => self.promise.reject(&realm, error),
        }
    }
}

impl super::Captures {
    /// The source that a request wants; it is opened if it is not.
    fn obtain(&self, agent: &Agent, document: DocumentId, want: &Want) -> Option<Rc<Source>> {
        let source = self.open_source_of(document, want).or_else(|| {
            let (device, mode) = want.chosen()?.clone();
            let (id, media) = (agent.new_element_id(), agent.outside().media.clone());
            media.open_source(document, id, want.kind, device.device.id.clone(), mode);
            let source = Rc::new(Source::new(id, device, mode, media));
            self.add_source(document, &source);
            Some(source)
        })?;
        source.awaited.set(source.awaited.get() + 1);
        Some(source)
    }

    /// Adds a microphone to the audio session of its document, with its first track.
    pub(crate) fn note_start(&self, page: &Rc<Page>, source: &Source, by_user: bool) {
        use sordino_dom::ElementKind;

        if source.kind() == InputKind::Microphone {
            page.audio_session().update(page, |core| {
                core.add_element(source.id(), ElementKind::Microphone);
                core.describe_start(source.id(), by_user, false);
            });
        }
    }

    /// Whether new tracks of this kind begin muted: the user has muted all.
    pub(crate) fn begins_muted(&self, page: &Page, kind: InputKind) -> bool {
        let mut begins_muted = false;
        page.media_session()
            .update(|core| begins_muted = !core.captures().is_active(capture_kind(kind)));
        begins_muted
    }
}
