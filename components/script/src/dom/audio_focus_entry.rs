/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `AudioFocusEntry`, which a page manages beside the audio session of its document: the algorithms are
//! [`sordino_dom::AudioFocusEntry`]'s.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use sordino_dom::FocusOutput;
use sordino_script_bindings::{
    DomExceptionName, DomObject, DomObjectExt, DomRoot, Error, Fallible, JsPromise, JsValue, Realm,
    dom_object,
};
use sordino_traits::SessionId;
use sordino_traits::messages::{AudioSessionMessage, ContentMessage};

use super::{EventTarget, event_dispatch};
use crate::agent::Agent;
use crate::bindings::{
    AudioFocusEntryMethods, AudioFocusState, AudioFocusType, EventHandlerNonNull,
};
use crate::page::Page;

/// An entry of a document. What is an element of it (a media element; an audio context may be one) tells
/// it by [`AudioFocusEntry::update`] what it does, as it tells the audio session of the document
/// otherwise, and makes its sound in the session [`AudioFocusEntry::session_id`].
pub(crate) struct AudioFocusEntry {
    event_target: EventTarget,
    session: SessionId,
    core: RefCell<sordino_dom::AudioFocusEntry>,
    /// Of `request()`, while they are pending.
    promises: RefCell<Vec<JsPromise>>,
    /// Whether it is kept though nobody may hold it.
    is_kept: Cell<bool>,
    agent: Weak<Agent>,
}

dom_object!(AudioFocusEntry: EventTarget, event_target, trace(promises));

impl Drop for AudioFocusEntry {
    fn drop(&mut self) {
        // The agent is gone when the process ends.
        if let Some(agent) = self.agent.upgrade() {
            let session = self.session;
            agent.events().queue(None, move |agent: &Rc<Agent>| {
                agent.focus_entries().freed(agent, session);
            });
        }
    }
}

impl AudioFocusEntry {
    fn create(page: &Page, type_: AudioFocusType) -> DomRoot<Self> {
        let agent = page.agent();
        let all = sordino_dom::AudioFocusType::ALL;
        let type_ = all.into_iter().find(|it| it.as_str() == type_.as_str());
        let type_ = type_.expect("the IDL and the value type have one list");
        let entry = Self {
            event_target: EventTarget::new(),
            session: agent.new_entry_session(page.document_id()),
            core: RefCell::new(sordino_dom::AudioFocusEntry::new(type_)),
            promises: RefCell::default(),
            is_kept: Cell::new(false),
            agent: agent.weak(),
        };
        let entry = DomRoot::new(&page.realm(), entry);
        agent.focus_entries().add(&entry);
        entry
    }

    /// Its audio session.
    pub(crate) fn session_id(&self) -> SessionId {
        self.session
    }

    /// The page of its document, which may be discarded.
    fn page(&self) -> Rc<Page> {
        Page::of(&self.realm())
    }

    /// Lets something happen to the entry, and does what follows from it.
    pub(crate) fn update(&self, change: impl FnOnce(&mut sordino_dom::AudioFocusEntry)) {
        let outputs = {
            let mut core = self.core.borrow_mut();
            change(&mut core);
            core.take_outputs_of_turn()
        };
        self.act(outputs);
    }

    /// A turn of the event loop is over: what is still wanted after it is asked for.
    pub(crate) fn end_turn(&self) {
        let outputs = self.core.borrow_mut().take_outputs();
        self.act(outputs);
    }

    /// Asks the algorithms something.
    pub(crate) fn ask<R>(&self, question: impl FnOnce(&sordino_dom::AudioFocusEntry) -> R) -> R {
        question(&self.core.borrow())
    }

    /// The document is discarded: nothing more happens to the entry.
    pub(crate) fn discard(&self) {
        self.is_kept.set(false);
        let promises = std::mem::take(&mut *self.promises.borrow_mut());
        drop(promises);
    }

    fn act(&self, outputs: Vec<FocusOutput>) {
        let page = self.page();
        if page.is_discarded() {
            return;
        }
        self.keep_while_needed();
        for output in outputs {
            match output {
                FocusOutput::Open if page.agent().focus_entries().open(&page, self.session) => {}
                FocusOutput::Open => {
                    self.update(sordino_dom::AudioFocusEntry::not_opened);
                    return;
                }
                FocusOutput::Send(message) => {
                    if let AudioSessionMessage::TryActivate { types, .. } = message {
                        page.media().expect_type(types.set_type);
                    }
                    let session = self.session;
                    page.send_content(ContentMessage::AudioSession { session, message });
                }
                FocusOutput::FireStateChange => {
                    event_dispatch::fire(&self.root().upcast(), "statechange");
                }
                FocusOutput::Suspend(element) => page.suspend_element(element),
                FocusOutput::Resume(element) => {
                    if self.ask(|core| core.is_to_resume(element)) {
                        page.resume_element(element);
                        self.update(|core| core.resumed(element));
                    }
                }
                FocusOutput::Unblock(element) => page.with_media(element, |media| media.unblock()),
                FocusOutput::Refuse(element) => page.with_media(element, |media| media.refuse()),
                FocusOutput::Grant => self.settle(None),
                FocusOutput::Deny => {
                    let reason = "other sound has priority, and this may not begin";
                    self.settle(Some((DomExceptionName::NotAllowedError, reason)));
                }
                FocusOutput::Abort => {
                    let reason = "the page has abandoned the entry";
                    self.settle(Some((DomExceptionName::AbortError, reason)));
                }
            }
        }
        self.keep_while_needed();
    }

    fn settle(&self, rejection: Option<(DomExceptionName, &'static str)>) {
        let promises = std::mem::take(&mut *self.promises.borrow_mut());
        let realm = self.realm();
        for promise in promises {
            match rejection {
                None => promise.resolve(&realm, &JsValue::undefined()),
                Some((name, reason)) => promise.reject(&realm, Error::dom(name, reason)),
            }
        }
    }

    /// Keeps the entry, whoever holds it, while it has focus or waits for an answer.
    fn keep_while_needed(&self) {
        let needed = self.core.borrow().is_in_use();
        if self.page().is_discarded() || self.is_kept.replace(needed) == needed {
            return;
        }
        if needed {
            if let Err(error) = self.reflector().preserve() {
                log::error!("an audio focus entry cannot be kept: {error}");
            }
        } else {
            self.reflector().release();
        }
    }
}

impl AudioFocusEntryMethods for AudioFocusEntry {
    fn constructor(realm: &Realm, type_: AudioFocusType) -> Fallible<DomRoot<Self>> {
        Ok(Self::create(&Page::of(realm), type_))
    }

    fn type_(&self, _realm: &Realm) -> AudioFocusType {
        let type_ = self.core.borrow().focus_type();
        AudioFocusType::parse(type_.as_str()).expect("the IDL and the value type have one list")
    }

    fn state(&self, _realm: &Realm) -> AudioFocusState {
        let state = self.core.borrow().state();
        AudioFocusState::parse(state.as_str()).expect("the IDL and the value type have one list")
    }

    fn request(&self, realm: &Realm) -> Fallible<JsPromise> {
        let page = self.page();
        if page.is_discarded() {
            let reason = "the document of the entry is shown no more";
            return Err(Error::dom(DomExceptionName::InvalidStateError, reason));
        }
        let promise = JsPromise::new(realm)?;
        self.promises.borrow_mut().push(promise.clone());
        self.update(|core| core.request(page.has_transient_activation()));
        Ok(promise)
    }

    fn abandon(&self, _realm: &Realm) -> Fallible<()> {
        self.update(sordino_dom::AudioFocusEntry::abandon);
        Ok(())
    }

    fn onstatechange(&self, _realm: &Realm) -> Option<Rc<EventHandlerNonNull>> {
        self.event_target.handler("statechange")
    }

    fn set_onstatechange(&self, _realm: &Realm, value: Option<Rc<EventHandlerNonNull>>) {
        self.event_target.set_handler("statechange", value);
    }
}
