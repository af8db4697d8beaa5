/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [MediaSession](https://w3c.github.io/mediasession/#the-mediasession-interface): the algorithms
//! are [`sordino_dom::MediaSession`]'s.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use sordino_dom::{CaptureKind, CaptureTask, Handling, PositionStateInit};
use sordino_script_bindings::{
    Dom, DomObjectExt, DomRoot, Fallible, JsPromise, JsValue, Realm, Reflector, dom_object,
};
use sordino_traits::embedder::ConsoleLevel;
use sordino_traits::messages::{ActionOutcome, MediaSessionUpdate};
use sordino_traits::{ActionDetails, ElementId, Timestamp};
use url::Url;

use super::MediaMetadata;
use crate::bindings::{
    MediaPositionState, MediaSessionAction, MediaSessionActionDetails, MediaSessionActionHandler,
    MediaSessionEnterPictureInPictureReason, MediaSessionMethods, MediaSessionPlaybackState,
};
use crate::exception::thrown_by;
use crate::page::Page;

/// The document's media session.
pub(crate) struct MediaSession {
    reflector: Reflector,
    core: RefCell<sordino_dom::MediaSession>,
    metadata: RefCell<Option<Dom<MediaMetadata>>>,
    /// By the action's name.
    handlers: RefCell<BTreeMap<&'static str, Rc<MediaSessionActionHandler>>>,
}

dom_object!(MediaSession, reflector, trace(metadata, handlers));

impl MediaSession {
    /// The session of the document with this URL.
    pub(crate) fn new(url: &Url) -> Self {
        Self {
            reflector: Reflector::new(),
            core: RefCell::new(sordino_dom::MediaSession::of_document(url)),
            metadata: RefCell::default(),
            handlers: RefCell::default(),
        }
    }

    /// Lets something happen to the session.
    pub(crate) fn update(&self, change: impl FnOnce(&mut sordino_dom::MediaSession)) {
        change(&mut self.core.borrow_mut());
    }

    /// What the session manager must hear since the last call.
    pub(crate) fn flush(&self) -> Option<MediaSessionUpdate> {
        self.core.borrow_mut().flush(Timestamp::now())
    }

    /// The [update metadata algorithm](https://w3c.github.io/mediasession/#update-metadata-algorithm),
    /// up to the platform.
    pub(crate) fn update_metadata(&self) {
        let metadata = self.metadata.borrow().as_ref().map(Dom::root);
        let plain = metadata.map(|metadata| metadata.core().borrow().to_plain());
        self.core.borrow_mut().update_metadata(plain);
        self.warn();
    }

    fn warn(&self) {
        let warnings = self.core.borrow_mut().take_warnings();
        let Some(page) = self.realm().data::<Page>() else { return };
        for warning in warnings {
            page.log(ConsoleLevel::Warn, warning);
        }
    }

    /// [Handles a media session action](https://w3c.github.io/mediasession/#handle-media-session-action),
    /// steps 4 to 7.
    pub(crate) fn handle_action(&self, page: &Rc<Page>, details: &ActionDetails) -> ActionOutcome {
        let handling = self.core.borrow_mut().handle_action(details, Timestamp::now());
        match handling {
            Handling::PageHandler { details, toggled } => {
                let handler = self.handlers.borrow().get(details.action.as_str()).cloned();
                let Some(handler) = handler else { return ActionOutcome::Unhandled };
                handler.call_reporting(&JsValue::undefined(), &details_for_script(&details));
                let mutings = toggled.map(|kind| self.core.borrow_mut().captures().mutings(kind));
                for muting in mutings.into_iter().flatten() {
                    page.queue(move |page| page.set_track_muted(muting));
                }
                ActionOutcome::PageHandler
            }
            Handling::Default(actions) => {
                for action in actions {
                    page.run_default_action(action);
                }
                ActionOutcome::DefaultHandler
            }
            Handling::Unhandled => ActionOutcome::Unhandled,
        }
    }

    /// A media element has no resource any more.
    pub(crate) fn forget_media(&self, element: ElementId) {
        self.core.borrow_mut().remove_media(element, Timestamp::now());
    }
}

impl MediaSession {
    /// The [update capture state algorithm](https://w3c.github.io/mediasession/#update-capture-state-algorithm),
    /// and the tasks that it queues. No document is hidden: there are no windows.
    fn update_capture_state(
        &self,
        realm: &Realm,
        active: bool,
        kind: CaptureKind,
    ) -> Fallible<JsPromise> {
        let page = self.realm().data::<Page>();
        let mut core = self.core.borrow_mut();
        let tasks = core.captures().update(page.is_some(), true, active, kind);
        drop(core);
        let tasks = tasks.map_err(|error| thrown_by(&error))?;
        let promise = JsPromise::new(realm)?;
        let Some(page) = page else { return Ok(promise) };
        for task in tasks {
            match task {
                CaptureTask::Resolve => {
                    let promise = promise.clone();
                    page.queue(move |page| {
                        promise.resolve(&page.media_session().realm(), &JsValue::undefined());
                    });
                }
                CaptureTask::SetMuted(muting) => {
                    page.queue(move |page| page.set_track_muted(muting));
                }
            }
        }
        Ok(promise)
    }
}

fn details_for_script(details: &ActionDetails) -> MediaSessionActionDetails {
    let action = MediaSessionAction::parse(details.action.as_str());
    MediaSessionActionDetails {
        action: action.expect("the IDL and the value type have one list"),
        seek_offset: details.seek_offset,
        seek_time: details.seek_time,
        fast_seek: details.fast_seek,
        is_activating: details.is_activating,
        enter_picture_in_picture_reason: details
            .enter_picture_in_picture_reason
            .and_then(|reason| MediaSessionEnterPictureInPictureReason::parse(reason.as_str())),
    }
}

impl MediaSessionMethods for MediaSession {
    fn metadata(&self, _realm: &Realm) -> Option<DomRoot<MediaMetadata>> {
        self.metadata.borrow().as_ref().map(Dom::root)
    }

    /// <https://w3c.github.io/mediasession/#dom-mediasession-metadata>
    fn set_metadata(&self, _realm: &Realm, value: Option<DomRoot<MediaMetadata>>) {
        let new = value.as_ref().and_then(|metadata| Dom::new(metadata).ok());
        let old = std::mem::replace(&mut *self.metadata.borrow_mut(), new);
        let old = old.as_ref().map(Dom::root);
        self.core.borrow_mut().set_metadata(
            self.root().downgrade(),
            old.as_ref().map(|metadata| metadata.core()),
            value.as_ref().map(|metadata| metadata.core()),
        );
        self.warn();
    }

    /// <https://w3c.github.io/mediasession/#dom-mediasession-playbackstate>
    fn playback_state(&self, _realm: &Realm) -> MediaSessionPlaybackState {
        let state = self.core.borrow().playback_state();
        MediaSessionPlaybackState::parse(state.as_str())
            .expect("the IDL and the value type have one list")
    }

    fn set_playback_state(&self, _realm: &Realm, value: MediaSessionPlaybackState) {
        use sordino_traits::MediaSessionPlaybackState as State;

        let state = match value {
            MediaSessionPlaybackState::None => State::None,
            MediaSessionPlaybackState::Paused => State::Paused,
            MediaSessionPlaybackState::Playing => State::Playing,
        };
        self.core.borrow_mut().set_playback_state(state, Timestamp::now());
    }

    /// <https://w3c.github.io/mediasession/#dom-mediasession-setactionhandler>
    fn set_action_handler(
        &self,
        _realm: &Realm,
        action: MediaSessionAction,
        handler: Option<Rc<MediaSessionActionHandler>>,
    ) -> Fallible<()> {
        let all = sordino_traits::MediaSessionAction::ALL;
        let known = all.into_iter().find(|known| known.as_str() == action.as_str());
        let known = known.expect("the IDL and the value type have one list");
        self.core.borrow_mut().set_action_handler(known, handler.is_some());
        let mut handlers = self.handlers.borrow_mut();
        let old = match handler {
            Some(handler) => handlers.insert(known.as_str(), handler),
            None => handlers.remove(known.as_str()),
        };
        drop(handlers);
        drop(old);
        Ok(())
    }

    /// <https://w3c.github.io/mediasession/#dom-mediasession-setmicrophoneactive>
    fn set_microphone_active(&self, realm: &Realm, active: bool) -> Fallible<JsPromise> {
        self.update_capture_state(realm, active, CaptureKind::Microphone)
    }

    /// <https://w3c.github.io/mediasession/#dom-mediasession-setcameraactive>
    fn set_camera_active(&self, realm: &Realm, active: bool) -> Fallible<JsPromise> {
        self.update_capture_state(realm, active, CaptureKind::Camera)
    }

    /// <https://w3c.github.io/mediasession/#dom-mediasession-setscreenshareactive>
    fn set_screenshare_active(&self, realm: &Realm, active: bool) -> Fallible<JsPromise> {
        self.update_capture_state(realm, active, CaptureKind::Screenshare)
    }

    /// <https://w3c.github.io/mediasession/#dom-mediasession-setpositionstate>
    fn set_position_state(&self, _realm: &Realm, state: MediaPositionState) -> Fallible<()> {
        let init = PositionStateInit {
            duration: state.duration,
            playback_rate: state.playback_rate,
            position: state.position,
        };
        let result = self.core.borrow_mut().set_position_state(init, Timestamp::now());
        result.map_err(|error| thrown_by(&error))
    }
}
