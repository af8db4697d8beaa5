/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What a context does: what it asks of its rendering thread, and what that says.

use sordino_media::web_audio::AudioContextEvent;
use sordino_script_bindings::{DomExceptionName, DomObjectExt, Error, JsPromise, JsValue};
use sordino_traits::AudioSessionState;

use super::AudioContext;
use crate::bindings::AudioContextState;
use crate::dom::event_dispatch;

impl AudioContext {
    /// Queues a task to fire `statechange`, if the state is another than this.
    pub(super) fn change_state(&self, state: AudioContextState) {
        if self.base.state.replace(state) != state {
            let context = self.root();
            self.page().queue(move |_| context.fire_statechange());
        }
    }

    pub(super) fn fire_statechange(&self) {
        event_dispatch::fire(&self.root().upcast(), "statechange");
    }

    /// Lets the rendering thread run. Returns the request.
    pub(super) fn run(&self) -> u64 {
        let request = self.next_request();
        self.is_to_run.set(true);
        self.paused_order.set(None);
        self.started_by_user.set(self.page().has_transient_activation());
        self.base.rendered().resume(request);
        self.keep_while_needed();
        request
    }

    /// Lets it stop. Returns the request.
    pub(super) fn stop(&self) -> u64 {
        let request = self.next_request();
        self.stopped_by.set(request);
        self.is_rendered.set(false);
        self.base.rendered().suspend(request);
        request
    }

    /// A source was started: it [starts the context](https://webaudio.github.io/web-audio-api/#dom-audioscheduledsourcenode-start)
    /// that may start and that the page has not suspended.
    pub(in crate::dom::web_audio) fn start_if_allowed(&self) {
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
    pub(super) fn is_held(&self) -> bool {
        let page = self.page();
        let session = page.audio_session();
        let is_taken = session.ask(|core| core.state()) == AudioSessionState::Interrupted;
        self.base.state.get() == AudioContextState::Interrupted
            && (is_taken || session.ask(|core| core.is_interrupted(self.id)))
            && self.is_silenced.get()
    }

    /// The rendering thread runs since a request.
    pub(super) fn runs_since(&self, request: u64) {
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
    pub(super) fn settle(&self) {
        if self.is_rendered.get() && !self.is_held() {
            self.resolve_resumes(u64::MAX);
            self.change_state(AudioContextState::Running);
        }
    }

    /// Resolves what was asked for up to a request.
    pub(super) fn resolve_resumes(&self, request: u64) {
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
    pub(super) fn suspended(&self, request: u64) {
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
    pub(super) fn reject_resumes(&self, request: u64, name: DomExceptionName, reason: &str) {
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
    pub(super) fn closed(&self) {
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
}
