/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioSession](https://w3c.github.io/audio-session/#audiosession-interface): the algorithms are
//! [`sordino_dom::AudioSession`]'s.

use std::cell::RefCell;
use std::rc::Rc;

use sordino_dom::{Output, Task};
use sordino_script_bindings::{DomObjectExt, Realm, dom_object};
use sordino_traits::ElementId;
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
            core.take_outputs()
        };
        self.act(page, outputs);
    }

    /// Whether an element waits for the end of an interruption.
    pub(crate) fn is_interrupted(&self, element: ElementId) -> bool {
        self.core.borrow().is_interrupted(element)
    }

    /// The state of the session, as script sees it.
    pub(crate) fn current_state(&self) -> sordino_traits::AudioSessionState {
        self.core.borrow().state()
    }

    /// The type that the page has set.
    pub(crate) fn wanted_type(&self) -> sordino_traits::AudioSessionType {
        self.core.borrow().set_type()
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
                    let document = page.document_id();
                    page.send_content(ContentMessage::AudioSession { document, message });
                }
                Output::FireStateChange => {
                    event_dispatch::fire(&self.root().upcast(), "statechange");
                }
                Output::Suspend(element) => {
                    page.with_media(element, |media| media.suspend());
                    page.with_audio_context(element, |context| context.interrupt());
                }
                Output::Resume(element) => {
                    page.with_media(element, |media| media.resume());
                    page.with_audio_context(element, |context| context.end_interruption());
                }
                // No microphone is ever added to the session: there is no capture.
                Output::EndMicrophone(id) => log::error!("there is no microphone {id}"),
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
