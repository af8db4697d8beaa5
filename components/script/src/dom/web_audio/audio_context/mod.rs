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
//!
//! * this file: what script calls, and how long a context is kept.
//! * `state`: what it asks of its rendering thread, and what that says.
//! * `sessions`: what the sessions do to it, and what they hear of it.

mod sessions;
mod state;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use sordino_dom::ElementKind;
use sordino_media::web_audio::{DEFAULT_SAMPLE_RATE, SAMPLE_RATES, SampleBuffer};
use sordino_script_bindings::{
    DomExceptionName, DomObject, DomObjectExt, DomRoot, Fallible, JsPromise, Realm, dom_object,
};
use sordino_traits::{DocumentId, ElementId};

use super::audio_listener::listener_params;
use super::base_audio_context::check_fully_active;
use super::{BaseAudioContext, refuse};
use crate::agent::Agent;
use crate::bindings::{
    AudioContextLatencyCategory, AudioContextLatencyCategoryOrDouble as LatencyHint,
    AudioContextMethods, AudioContextOptions, AudioContextState, AutoplayPolicy,
};
use crate::dom::EventTarget;
use crate::page::Page;

/// How many contexts a content process may have at work: each has threads, and a stream of the sound
/// server.
const MAX_CONTEXTS: usize = 75;

/// How much sound each category of latency keeps before that of the sink, in seconds.
const INTERACTIVE: f64 = 0.008;
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
    /// Whether the session knows it to be audible.
    is_reported: Cell<bool>,
    /// Whether the user has caused a start that is yet to be heard.
    started_by_user: Cell<bool>,
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
                is_reported: Cell::new(false),
                started_by_user: Cell::new(false),
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
