/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioSession](https://w3c.github.io/audio-session/#audiosession-interface): the algorithms are
//! [`sordino_dom::AudioSession`]'s.

use std::cell::RefCell;
use std::rc::Rc;

use sordino_dom::{Output, Task};
use sordino_script_bindings::{DomObjectExt, Realm, dom_object};
use sordino_traits::messages::{AudioSessionMessage, ContentMessage};

use super::{EventTarget, event_dispatch};
use crate::bindings::{
    AudioSessionMethods, AudioSessionState, AudioSessionType, EventHandlerNonNull,
};
use crate::page::Page;

/// The document's audio session.
pub(crate) struct AudioSession {
    event_target: EventTarget,
    core: RefCell<sordino_dom::AudioSession>,
}

dom_object!(AudioSession: EventTarget, event_target);

impl AudioSession {
    pub(crate) fn new() -> Self {
        Self {
            event_target: EventTarget::new(),
            core: RefCell::new(sordino_dom::AudioSession::new()),
        }
    }

    /// Lets something happen to the session, and does what follows from it.
    pub(crate) fn update(
        &self,
        page: &Rc<Page>,
        change: impl FnOnce(&mut sordino_dom::AudioSession),
    ) {
        let outputs = {
            let mut core = self.core.borrow_mut();
            change(&mut core);
            core.take_outputs_of_turn()
        };
        self.act(page, outputs);
    }

    /// A turn of the event loop is over: what is still wanted after it is asked for.
    pub(crate) fn end_turn(&self, page: &Rc<Page>) {
        let outputs = self.core.borrow_mut().take_outputs();
        self.act(page, outputs);
    }

    /// Asks the algorithms something.
    pub(crate) fn ask<R>(&self, question: impl FnOnce(&sordino_dom::AudioSession) -> R) -> R {
        question(&self.core.borrow())
    }

    fn run_task(&self, page: &Rc<Page>, task: Task) {
        self.update(page, |core| core.run_task(task));
        for context in page.agent().audio_contexts() {
            if context.is_of(page) {
                context.session_changed();
            }
        }
    }

    fn act(&self, page: &Rc<Page>, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::QueueTask(task) => page.queue(move |page| {
                    page.audio_session().run_task(page, task);
                }),
                Output::Send(message) => {
                    if let AudioSessionMessage::TryActivate { types, .. }
                    | AudioSessionMessage::TypesChanged { types } = message
                    {
                        page.media().expect_type(types.set_type);
                    }
                    let session = page.document_id().into();
                    page.send_content(ContentMessage::AudioSession { session, message });
                }
                Output::FireStateChange => {
                    event_dispatch::fire(&self.root().upcast(), "statechange");
                }
                Output::Suspend(element) => page.suspend_element(element),
                Output::Resume(element) => page.resume_element(element),
                Output::Unblock(element) => page.with_media(element, |media| media.unblock()),
                Output::Refuse(element) => page.with_media(element, |media| media.refuse()),
                Output::EndMicrophone(id) => page.agent().captures().end_microphone(page, id),
            }
        }
    }
}

impl AudioSessionMethods for AudioSession {
    /// <https://w3c.github.io/audio-session/#dom-audiosession-type>
    fn type_(&self, _realm: &Realm) -> AudioSessionType {
        let type_ = self.core.borrow().set_type();
        AudioSessionType::parse(type_.as_str()).expect("the IDL and the value type have one list")
    }

    fn set_type(&self, _realm: &Realm, value: AudioSessionType) {
        let all = sordino_traits::AudioSessionType::ALL;
        let type_ = all.into_iter().find(|type_| type_.as_str() == value.as_str());
        let type_ = type_.expect("the IDL and the value type have one list");
        self.update(&Page::of(&self.realm()), |core| core.change_type(type_));
    }

    /// <https://w3c.github.io/audio-session/#dom-audiosession-state>
    fn state(&self, _realm: &Realm) -> AudioSessionState {
        let state = self.core.borrow().state();
        AudioSessionState::parse(state.as_str()).expect("the IDL and the value type have one list")
    }

    fn onstatechange(&self, _realm: &Realm) -> Option<Rc<EventHandlerNonNull>> {
        self.event_target.handler("statechange")
    }

    fn set_onstatechange(&self, _realm: &Realm, value: Option<Rc<EventHandlerNonNull>>) {
        self.event_target.set_handler("statechange", value);
    }
}
