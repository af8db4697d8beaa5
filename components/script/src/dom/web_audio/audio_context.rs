/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioContext](https://webaudio.github.io/web-audio-api/#AudioContext): its state, and what the
//! sessions of the document hear of it.
//!
//! A context is *rendered* between what its rendering thread says; its *state* is what script sees.
//! While the session of the document is interrupted, a context that is silent goes on, and one that
//! begins to sound asks for the session as any element does. What sounded when the session was taken is
//! `interrupted` until it is given back; `resume()` asks for it then, and its promise waits.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use sordino_dom::{ElementKind, MediaState};
use sordino_media::web_audio::{
    AudioContextEvent, DEFAULT_SAMPLE_RATE, SAMPLE_RATES, SampleBuffer,
};
use sordino_script_bindings::{
    DomExceptionName, DomObject, DomObjectExt, DomRoot, Error, Fallible, JsPromise, JsValue, Realm,
    dom_object,
};
use sordino_traits::{AudioSessionState, AudioSessionType, DocumentId, ElementId, Timestamp};

use super::audio_listener::listener_params;
use super::base_audio_context::check_fully_active;
use super::{BaseAudioContext, refuse};
use crate::agent::Agent;
use crate::bindings::{
    AudioContextLatencyCategory, AudioContextLatencyCategoryOrDouble as LatencyHint,
    AudioContextMethods, AudioContextOptions, AudioContextState, AutoplayPolicy,
};
use crate::dom::{EventTarget, event_dispatch};
use crate::page::Page;

/// How many contexts a content process may have at work: each has threads, and a stream of the sound
/// server.
const MAX_CONTEXTS: usize = 75;

/// How much sound each category of latency keeps before that of the sink, in seconds.
const INTERACTIVE: f64 = 0.0;
const BALANCED: f64 = 0.02;
const PLAYBACK: f64 = 0.1;

/// A promise, with the number of the request that is to settle it.
type Pending = RefCell<Vec<(u64, JsPromise)>>;

/// A graph that is heard.
pub(crate) struct AudioContext {
    base: BaseAudioContext,
    id: ElementId,
    document_id: DocumentId,
    agent: Weak<Agent>,
    /// The number of the last request to the rendering thread.
    last_request: Cell<u64>,
    /// The [control thread state](https://webaudio.github.io/web-audio-api/#dom-baseaudiocontext-control-thread-state-slot),
    /// as far as it is to run.
    is_to_run: Cell<bool>,
    /// Whether the rendering thread runs, since the last request to stop.
    is_rendered: Cell<bool>,
    /// What the rendering thread says of earlier requests to run is out of date.
    stopped_by: Cell<u64>,
    /// Whether the session manager silences the session.
    is_silenced: Cell<bool>,
    is_audible: Cell<bool>,
    /// [[[suspended by user]]](https://webaudio.github.io/web-audio-api/#dom-audiocontext-suspended-by-user-slot)
    suspended_by_user: Cell<bool>,
    is_closing: Cell<bool>,
    pending_resumes: Pending,
    pending_suspends: Pending,
    pending_closes: Pending,
    /// When a command of the user has paused it, in the order of all pauses of the page.
    paused_order: Cell<Option<u64>>,
    /// Whether it is kept though nobody may hold it.
    is_kept: Cell<bool>,
}

impl Drop for AudioContext {
    fn drop(&mut self) {
        // The agent is gone when the process ends.
        if let Some(agent) = self.agent.upgrade() {
            let (id, document) = (self.id, self.document_id);
            agent.events().queue(None, move |agent| agent.audio_context_freed(id, document));
        }
    }
}

dom_object!(AudioContext: BaseAudioContext, base, trace(
    pending_resumes, pending_suspends, pending_closes
));

fn seconds_of(hint: &LatencyHint) -> f64 {
    match hint {
        LatencyHint::Double(seconds) => *seconds,
        LatencyHint::AudioContextLatencyCategory(category) => match category {
            AudioContextLatencyCategory::Interactive => INTERACTIVE,
            AudioContextLatencyCategory::Balanced => BALANCED,
            AudioContextLatencyCategory::Playback => PLAYBACK,
        },
    }
}

impl AudioContext {
    pub(crate) fn page(&self) -> Rc<Page> {
        Page::of(&self.realm())
    }

    pub(crate) fn is_of(&self, page: &Page) -> bool {
        self.document_id == page.document_id()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closing.get() || self.base.state.get() == AudioContextState::Closed
    }

    fn next_request(&self) -> u64 {
        self.last_request.set(self.last_request.get() + 1);
        self.last_request.get()
    }

    /// [Allowed to start](https://webaudio.github.io/web-audio-api/#allowed-to-start).
    fn is_allowed_to_start(&self) -> bool {
        self.page().autoplay_policy() == AutoplayPolicy::Allowed
    }

    /// Queues a task to fire `statechange`, if the state is another than this.
    fn change_state(&self, state: AudioContextState) {
        if self.base.state.replace(state) != state {
            let context = self.root();
            self.page().queue(move |_| context.fire_statechange());
        }
    }

    fn fire_statechange(&self) {
        event_dispatch::fire(&self.root().upcast(), "statechange");
    }

    /// Lets the rendering thread run. Returns the request.
    fn run(&self) -> u64 {
        let request = self.next_request();
        self.is_to_run.set(true);
        self.paused_order.set(None);
        let page = self.page();
        let by_user = page.has_transient_activation();
        page.audio_session().update(&page, |core| core.describe_start(self.id, by_user, false));
        self.base.rendered().resume(request);
        self.keep_while_needed();
        request
    }

    /// Lets it stop. Returns the request.
    fn stop(&self) -> u64 {
        let request = self.next_request();
        self.stopped_by.set(request);
        self.is_rendered.set(false);
        self.base.rendered().suspend(request);
        request
    }

    /// A source was started: it [starts the context](https://webaudio.github.io/web-audio-api/#dom-audioscheduledsourcenode-start)
    /// that may start and that the page has not suspended.
    pub(super) fn start_if_allowed(&self) {
        let rests = !self.is_to_run.get() && self.base.state.get() == AudioContextState::Suspended;
        if rests && !self.suspended_by_user.get() && !self.is_closed() && self.is_allowed_to_start()
        {
            self.run();
        }
        self.keep_while_needed();
    }

    /// Something happened on the rendering thread. Runs as a task of its own.
    pub(crate) fn handle_event(&self, event: &AudioContextEvent) {
        match *event {
            AudioContextEvent::Running(request) => self.runs_since(request),
            AudioContextEvent::Suspended(request) => self.suspended(request),
            AudioContextEvent::Silenced(is_silenced) => {
                self.is_silenced.set(is_silenced);
                self.settle();
            }
            AudioContextEvent::Audible(is_audible) => {
                self.is_audible.set(is_audible);
                self.report();
            }
            AudioContextEvent::Ended(node) => self.base.source_ended(node),
            AudioContextEvent::Closed => self.closed(),
            _ => {}
        }
        self.keep_while_needed();
    }

    /// Whether its interruption goes on.
    fn is_held(&self) -> bool {
        let page = self.page();
        let session = page.audio_session();
        let is_taken = session.current_state() == AudioSessionState::Interrupted;
        self.base.state.get() == AudioContextState::Interrupted
            && (is_taken || session.is_interrupted(self.id))
            && self.is_silenced.get()
    }

    /// The rendering thread runs since a request.
    fn runs_since(&self, request: u64) {
        if request > self.stopped_by.get() {
            self.is_rendered.set(true);
            self.settle();
            self.report();
        } else if !self.is_held() {
            self.resolve_resumes(request);
        }
    }

    /// [Runs](https://webaudio.github.io/web-audio-api/#context-resume), if the rendering thread does and
    /// nothing holds it.
    fn settle(&self) {
        if self.is_rendered.get() && !self.is_held() {
            self.resolve_resumes(u64::MAX);
            self.change_state(AudioContextState::Running);
        }
    }

    /// Resolves what was asked for up to a request.
    fn resolve_resumes(&self, request: u64) {
        let mut pending = self.pending_resumes.borrow_mut();
        let is_done = |(number, _): &mut (u64, JsPromise)| *number <= request;
        let done: Vec<_> = pending.extract_if(.., is_done).collect();
        drop(pending);
        let realm = self.realm();
        for (_, promise) in done {
            promise.resolve(&realm, &JsValue::undefined());
        }
    }

    /// The page has [suspended](https://webaudio.github.io/web-audio-api/#dom-audiocontext-suspend) it, or
    /// the session has.
    fn suspended(&self, request: u64) {
        let mut pending = self.pending_suspends.borrow_mut();
        let is_done = |(number, _): &mut (u64, JsPromise)| *number <= request;
        let done: Vec<_> = pending.extract_if(.., is_done).collect();
        drop(pending);
        if done.is_empty() {
            return;
        }
        self.reject_resumes(request, DomExceptionName::AbortError, "the context was suspended");
        let realm = self.realm();
        for (_, promise) in done {
            promise.resolve(&realm, &JsValue::undefined());
        }
        if !self.is_to_run.get() {
            self.change_state(AudioContextState::Suspended);
        }
        self.report();
    }

    /// Rejects what was asked for before a request.
    fn reject_resumes(&self, request: u64, name: DomExceptionName, reason: &str) {
        let mut pending = self.pending_resumes.borrow_mut();
        let is_older = |(number, _): &mut (u64, JsPromise)| *number < request;
        let older: Vec<_> = pending.extract_if(.., is_older).collect();
        drop(pending);
        let realm = self.realm();
        for (_, promise) in older {
            promise.reject(&realm, Error::dom(name, reason));
        }
    }

    /// It is [closed](https://webaudio.github.io/web-audio-api/#dom-audiocontext-close).
    fn closed(&self) {
        self.is_closing.set(true);
        self.is_to_run.set(false);
        self.is_rendered.set(false);
        self.is_audible.set(false);
        let realm = self.realm();
        for (_, promise) in self.pending_closes.take() {
            promise.resolve(&realm, &JsValue::undefined());
        }
        let name = DomExceptionName::InvalidStateError;
        for (_, promise) in
            self.pending_resumes.take().into_iter().chain(self.pending_suspends.take())
        {
            promise.reject(&realm, Error::dom(name, "the context is closed"));
        }
        self.change_state(AudioContextState::Closed);
        self.base.forget_playing();
        self.leave();
    }

    /// It is no element of the document's sessions any more.
    fn leave(&self) {
        let page = self.page();
        if !page.is_discarded() {
            page.audio_session().update(&page, |core| core.remove_element(self.id));
            page.media_session().forget_media(self.id);
        }
    }

    /// The [element suspend steps](https://w3c.github.io/audio-session/#audiocontext-sink):
    /// [interrupts](https://webaudio.github.io/web-audio-api/#interruption-handling) it. One that the
    /// session does not give back is only suspended, and what the page asked for is refused.
    pub(crate) fn interrupt(&self) {
        if self.is_closed() {
            return;
        }
        let request = self.stop();
        let comes_back = self.page().audio_session().is_interrupted(self.id);
        let state =
            if comes_back { AudioContextState::Interrupted } else { AudioContextState::Suspended };
        if !comes_back {
            self.is_to_run.set(false);
            let reason = "other sound has taken the audio session";
            self.reject_resumes(request, DomExceptionName::NotAllowedError, reason);
        }
        if self.base.state.replace(state) != state {
            self.fire_statechange();
        }
        self.report_media();
        self.keep_while_needed();
    }

    /// The [element resume steps](https://w3c.github.io/audio-session/#audiocontext-sink): ends the
    /// interruption. The session hears what has come of it when the first quantum is rendered.
    pub(crate) fn end_interruption(&self) {
        if !self.is_closed() && self.base.state.get() == AudioContextState::Interrupted {
            self.run();
        } else {
            self.report();
        }
    }

    /// The session may have changed its mind: what it does not give back any more is suspended.
    pub(crate) fn session_changed(&self) {
        self.settle();
        let waits = self.page().audio_session().is_interrupted(self.id) || self.is_rendered.get();
        if self.base.state.get() == AudioContextState::Interrupted && !waits {
            let reason = "the audio session was not given back";
            self.reject_resumes(u64::MAX, DomExceptionName::NotAllowedError, reason);
            self.is_to_run.set(false);
            self.change_state(AudioContextState::Suspended);
        }
        self.report_media();
        self.keep_while_needed();
    }

    /// The default handler of `pause`.
    pub(crate) fn pause_by_user(&self) {
        if !self.is_closed() && self.is_to_run.get() {
            self.suspend_by_hand();
            self.paused_order.set(Some(self.page().next_pause()));
            self.change_state(AudioContextState::Suspended);
            self.report_media();
        }
    }

    /// The default handler of `play`.
    pub(crate) fn play_by_user(&self) {
        if !self.is_closed() {
            self.suspended_by_user.set(false);
            self.run();
        }
    }

    /// The page or the user suspends it, which an interruption does not undo. Returns the request.
    fn suspend_by_hand(&self) -> u64 {
        self.suspended_by_user.set(true);
        self.is_to_run.set(false);
        self.paused_order.set(None);
        let request = self.stop();
        let page = self.page();
        page.audio_session().update(&page, |core| core.forget_interruption(self.id));
        request
    }

    /// Tells both sessions what it does now; the same twice changes nothing.
    fn report(&self) {
        if self.is_closed() {
            return;
        }
        let page = self.page();
        let is_audible = self.is_audible.get();
        page.audio_session().update(&page, |core| core.set_audible(self.id, is_audible));
        self.report_media();
    }

    /// A context is [media of the document](https://w3c.github.io/mediasession/#playback-state-model) while
    /// it sounds, if the page says that its sound is more than ambience: what a game sounds like is not
    /// what the user listens to. What the user has paused stays until it runs again.
    fn report_media(&self) {
        let page = self.page();
        if page.is_discarded() || self.is_closed() {
            return;
        }
        let is_listened_to = matches!(
            page.audio_session().wanted_type(),
            AudioSessionType::Playback
                | AudioSessionType::TransientSolo
                | AudioSessionType::PlayAndRecord
        );
        let is_running = self.base.state.get() == AudioContextState::Running;
        let playing = is_running && self.is_audible.get() && is_listened_to;
        let interrupted = page.audio_session().is_interrupted(self.id) && is_listened_to;
        let paused_order = self.paused_order.get();
        if !playing && !interrupted && paused_order.is_none() {
            page.media_session().forget_media(self.id);
            return;
        }
        let state = MediaState {
            playing,
            paused: !playing,
            muted: false,
            interrupted,
            position: None,
            paused_order: paused_order.unwrap_or(0),
        };
        let now = Timestamp::now();
        page.media_session().update(|core| core.set_media(self.id, state, now));
    }

    /// Keeps the context, whoever holds it, while it sounds or script may yet hear of it.
    pub(super) fn keep_while_needed(&self) {
        let is_closed = self.base.state.get() == AudioContextState::Closed;
        let is_listened_to = !self.upcast::<EventTarget>().listeners().is_empty()
            || !self.pending_resumes.borrow().is_empty();
        let is_starting = self.is_to_run.get()
            && self.base.state.get() != AudioContextState::Running
            && is_listened_to;
        let is_playing = self.is_to_run.get() && self.base.is_playing();
        let is_asked =
            !self.pending_suspends.borrow().is_empty() || !self.pending_closes.borrow().is_empty();
        let needed =
            !is_closed && (is_starting || is_playing || is_asked) || self.base.is_decoding();
        if self.is_kept.get() == needed || self.page().is_discarded() {
            return;
        }
        self.is_kept.set(needed);
        if needed {
            if let Err(error) = self.reflector().preserve() {
                log::error!("an audio context cannot be kept: {error}");
            }
        } else {
            self.reflector().release();
        }
    }

    /// What it has decoded. Returns whether it was of this context.
    pub(crate) fn decoded(&self, number: u64, result: &Result<Arc<SampleBuffer>, String>) -> bool {
        let is_mine = self.base.decoded(number, result);
        self.keep_while_needed();
        is_mine
    }

    /// The document is [unloaded](https://webaudio.github.io/web-audio-api/#unloading-a-document): no more
    /// sound.
    pub(crate) fn discard(&self) {
        self.base.rendered().close();
        self.is_closing.set(true);
        self.is_to_run.set(false);
        self.is_kept.set(false);
        self.base.state.set(AudioContextState::Closed);
        self.base.forget_all();
        for pending in [&self.pending_resumes, &self.pending_suspends, &self.pending_closes] {
            drop(pending.take());
        }
    }

    fn check_open(&self) -> Fallible<()> {
        check_fully_active(&self.page())?;
        if self.is_closed() {
            return refuse(DomExceptionName::InvalidStateError, "the context is closed");
        }
        Ok(())
    }
}

impl AudioContextMethods for AudioContext {
    /// <https://webaudio.github.io/web-audio-api/#dom-audiocontext-audiocontext>
    fn constructor(realm: &Realm, context_options: AudioContextOptions) -> Fallible<DomRoot<Self>> {
        let page = Page::of(realm);
        check_fully_active(&page)?;
        let rate = context_options.sample_rate.unwrap_or(DEFAULT_SAMPLE_RATE);
        if !SAMPLE_RATES.contains(&rate) {
            let (least, most) = (SAMPLE_RATES.start(), SAMPLE_RATES.end());
            let reason = format!("the sample rate {rate} is outside {least} to {most}");
            return refuse(DomExceptionName::NotSupportedError, reason);
        }
        let agent = page.agent();
        if !agent.has_room_for_audio_contexts(MAX_CONTEXTS) {
            let reason = format!("the page has {MAX_CONTEXTS} audio contexts already; close some");
            return refuse(DomExceptionName::NotSupportedError, reason);
        }
        let latency = seconds_of(&context_options.latency_hint);
        let context = agent.add_audio_context(|id| {
            let params = listener_params();
            let document = page.document_id();
            let rendered =
                page.media().create_audio_context(document, id, rate, latency, params.clone());
            let context = Self {
                base: BaseAudioContext::new(rendered, params),
                id,
                document_id: document,
                agent: agent.weak(),
                last_request: Cell::new(0),
                is_to_run: Cell::new(false),
                is_rendered: Cell::new(false),
                stopped_by: Cell::new(0),
                is_silenced: Cell::new(false),
                is_audible: Cell::new(false),
                suspended_by_user: Cell::new(false),
                is_closing: Cell::new(false),
                pending_resumes: RefCell::default(),
                pending_suspends: RefCell::default(),
                pending_closes: RefCell::default(),
                paused_order: Cell::new(None),
                is_kept: Cell::new(false),
            };
            DomRoot::new(realm, context)
        });
        let id = context.id;
        page.audio_session().update(&page, |core| core.add_element(id, ElementKind::AudioContext));
        if context.is_allowed_to_start() {
            context.run();
        }
        Ok(context)
    }

    fn base_latency(&self, _realm: &Realm) -> f64 {
        self.base.rendered().base_latency()
    }

    fn output_latency(&self, _realm: &Realm) -> f64 {
        let is_running = self.base.state.get() == AudioContextState::Running;
        if is_running { self.base.rendered().output_latency() } else { 0.0 }
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audiocontext-resume>
    fn resume(&self, realm: &Realm) -> Fallible<JsPromise> {
        self.check_open()?;
        let promise = JsPromise::new(realm)?;
        self.suspended_by_user.set(false);
        let is_allowed = self.is_allowed_to_start();
        // The standard rejects while the context is interrupted. Its interruption may end soon.
        let request = if is_allowed { self.run() } else { self.last_request.get() };
        self.pending_resumes.borrow_mut().push((request, promise.clone()));
        Ok(promise)
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audiocontext-suspend>
    fn suspend(&self, realm: &Realm) -> Fallible<JsPromise> {
        self.check_open()?;
        let promise = JsPromise::new(realm)?;
        let request = self.suspend_by_hand();
        self.pending_suspends.borrow_mut().push((request, promise.clone()));
        self.keep_while_needed();
        Ok(promise)
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audiocontext-close>
    fn close(&self, realm: &Realm) -> Fallible<JsPromise> {
        self.check_open()?;
        let promise = JsPromise::new(realm)?;
        let request = self.next_request();
        self.is_closing.set(true);
        self.pending_closes.borrow_mut().push((request, promise.clone()));
        self.base.rendered().close();
        self.keep_while_needed();
        Ok(promise)
    }
}
