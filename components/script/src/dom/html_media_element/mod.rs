/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLMediaElement](https://html.spec.whatwg.org/multipage/media.html#htmlmediaelement) and
//! [HTMLAudioElement](https://html.spec.whatwg.org/multipage/media.html#htmlaudioelement).
//!
//! * this file: what script sees.
//! * `autoplay`: what may play before the user has acted.
//! * `load`: from a URL to data.
//! * `playback`: playing, pausing, seeking, the end.
//! * `report`: what the two sessions of the document hear.

mod autoplay;
mod load;
mod playback;
mod report;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::rc::{Rc, Weak};

use sordino_dom::ElementKind;
use sordino_media::PlayerNumber;
use sordino_script_bindings::{
    Dom, DomExceptionName, DomObject, DomObjectExt, DomRoot, DomString, Error, Fallible, JsPromise,
    Realm, Reflector, dom_object, impl_trace,
};
use sordino_traits::embedder::FetchId;
use sordino_traits::media_session::StampedPosition;
use sordino_traits::{DocumentId, ElementId, PositionState, Timestamp};

use super::html::{booleans, urls};
use super::{Element, HTMLElement, event_dispatch};
use crate::agent::Agent;
use crate::bindings::{HTMLAudioElementMethods, HTMLMediaElementMethods, MediaErrorMethods};
use crate::page::Page;
use crate::tree::NodeRef;

/// [`networkState`](https://html.spec.whatwg.org/multipage/media.html#dom-media-networkstate).
mod network {
    pub(super) const EMPTY: u16 = 0;
    pub(super) const IDLE: u16 = 1;
    pub(super) const LOADING: u16 = 2;
    pub(super) const NO_SOURCE: u16 = 3;
}

/// [`readyState`](https://html.spec.whatwg.org/multipage/media.html#dom-media-readystate).
mod ready {
    pub(super) const NOTHING: u16 = 0;
    pub(super) const METADATA: u16 = 1;
    pub(super) const CURRENT_DATA: u16 = 2;
    pub(super) const FUTURE_DATA: u16 = 3;
    pub(super) const ENOUGH_DATA: u16 = 4;
}

/// [`MediaError`](https://html.spec.whatwg.org/multipage/media.html#mediaerror) codes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ErrorCode {
    Network = 2,
    Decode = 3,
    SrcNotSupported = 4,
}

/// Promises of `play()`, and what is to become of them.
struct Settlement {
    promises: Vec<JsPromise>,
    /// Why they are rejected; `None` resolves them.
    rejection: Option<(DomExceptionName, &'static str)>,
}

impl_trace!(Settlement { promises });

/// The playback rates that GStreamer can play, with some reserve.
const RATES: RangeInclusive<f64> = 0.0625..=16.0;

/// A media element.
pub(crate) struct HTMLMediaElement {
    html_element: HTMLElement,
    media_id: ElementId,
    /// The document that it was made in, to whose audio session it belongs.
    document_id: DocumentId,
    network_state: Cell<u16>,
    ready_state: Cell<u16>,
    error: RefCell<Option<Dom<MediaError>>>,
    current_src: RefCell<String>,
    /// Counts loads: what belongs to an older one is out of date.
    load_count: Cell<u64>,
    fetch: Cell<Option<FetchId>>,
    /// The number of the last player: what an older one says is out of date.
    player: Cell<PlayerNumber>,
    /// The `source` elements that are still to be tried.
    candidates: RefCell<Vec<String>>,

    paused: Cell<bool>,
    autoplaying: Cell<bool>,
    seeking: Cell<bool>,
    at_end: Cell<bool>,
    /// Seconds; NaN while unknown.
    duration: Cell<f64>,
    has_audio: Cell<bool>,
    /// The position in seconds at a moment, and whether it advances.
    clock: Cell<(f64, Timestamp, bool)>,
    /// Where to start, in seconds, when it was set before the media was there.
    default_start: Cell<f64>,
    playback_rate: Cell<f64>,
    default_playback_rate: Cell<f64>,
    volume: Cell<f64>,
    muted: Cell<bool>,
    pending_play_promises: RefCell<Vec<JsPromise>>,
    /// What the [pending tasks](https://html.spec.whatwg.org/multipage/media.html#media-element-event-task-source)
    /// that resolve or reject promises will do, in their order.
    settlements: RefCell<VecDeque<Settlement>>,
    was_connected: Cell<bool>,
    /// When it was paused last, in the order of all pauses of the page.
    paused_order: Cell<u64>,
    reported: Cell<Option<(StampedPosition, bool)>>,
    /// What was last reported.
    was_playing: Cell<bool>,
    was_audible: Cell<bool>,
    /// Whether what was started is a short sound; `None` until it sounds.
    is_short: Cell<Option<bool>>,
    /// Whether the user has caused a start that is yet to come.
    started_by_user: Cell<bool>,
    /// Whether it is kept though nobody may hold it.
    is_kept: Cell<bool>,
    agent: Weak<Agent>,
}

impl Drop for HTMLMediaElement {
    fn drop(&mut self) {
        // The agent is gone when the process ends.
        if let Some(agent) = self.agent.upgrade() {
            let (id, document) = (self.media_id, self.document_id);
            agent.events().queue(None, move |agent| agent.media_element_freed(id, document));
        }
    }
}

dom_object!(HTMLMediaElement: HTMLElement, html_element, trace(error, pending_play_promises, settlements));

impl HTMLMediaElement {
    fn new(page: &Page, node: NodeRef, media_id: ElementId) -> Self {
        Self {
            document_id: page.document_id(),
            html_element: HTMLElement::new(node),
            media_id,
            network_state: Cell::new(network::EMPTY),
            ready_state: Cell::new(ready::NOTHING),
            error: RefCell::default(),
            current_src: RefCell::default(),
            load_count: Cell::new(0),
            fetch: Cell::new(None),
            player: Cell::default(),
            candidates: RefCell::default(),
            paused: Cell::new(true),
            autoplaying: Cell::new(true),
            seeking: Cell::new(false),
            at_end: Cell::new(false),
            duration: Cell::new(f64::NAN),
            has_audio: Cell::new(false),
            clock: Cell::new((0.0, Timestamp::default(), false)),
            default_start: Cell::new(0.0),
            playback_rate: Cell::new(1.0),
            default_playback_rate: Cell::new(1.0),
            volume: Cell::new(1.0),
            muted: Cell::new(false),
            pending_play_promises: RefCell::default(),
            settlements: RefCell::default(),
            was_connected: Cell::new(false),
            paused_order: Cell::new(0),
            reported: Cell::new(None),
            was_playing: Cell::new(false),
            was_audible: Cell::new(false),
            is_short: Cell::new(None),
            started_by_user: Cell::new(false),
            is_kept: Cell::new(false),
            agent: page.agent().weak(),
        }
    }

    /// The element was made, by the parser or by script.
    pub(crate) fn created(&self) {
        self.muted.set(self.has_attribute("muted"));
        let page = self.page();
        let id = self.media_id;
        page.audio_session().update(&page, |core| core.add_element(id, ElementKind::MediaElement));
    }

    /// The element may have come into the document or left it. An element that has left pauses,
    /// unless it is back at the end of the task: the
    /// [removing steps](https://html.spec.whatwg.org/multipage/media.html#media-elements).
    pub(crate) fn connection_may_have_changed(&self) {
        let connected = self.element().is_connected_to_page();
        if self.was_connected.replace(connected) && !connected {
            self.pause_by_page();
        }
    }

    pub(crate) fn page(&self) -> Rc<Page> {
        self.element().page()
    }

    fn element(&self) -> &Element {
        self.upcast()
    }

    fn has_attribute(&self, name: &str) -> bool {
        self.element().has_plain_attribute(name)
    }

    fn fire(&self, type_: &str) {
        event_dispatch::fire(&self.root().upcast(), type_);
    }

    /// [Queues a media element task](https://html.spec.whatwg.org/multipage/media.html#queue-a-media-element-event-task)
    /// that is dropped when the element loads something else meanwhile.
    fn queue(&self, task: impl FnOnce(&HTMLMediaElement) + 'static) {
        let element = self.root();
        let load = self.load_count.get();
        self.page().queue(move |_| {
            if element.load_count.get() == load {
                task(&element);
            }
        });
    }

    fn queue_event(&self, type_: &'static str) {
        self.queue(move |element| element.fire(type_));
    }

    fn apply_volume(&self) {
        self.page().media().set_volume(self.media_id, self.volume.get(), self.muted.get());
    }

    /// Keeps the element, whoever holds it, while it plays or may yet do so by itself or by a command
    /// of the user: [it must not be garbage collected](https://html.spec.whatwg.org/multipage/media.html#playing-the-media-resource).
    fn keep_while_needed(&self) {
        let can_resume = self.paused_order.get() > 0
            && !self.at_end.get()
            && matches!(self.network_state.get(), network::IDLE | network::LOADING);
        let needed = !self.paused.get() || self.fetch.get().is_some() || can_resume;
        if self.is_kept.replace(needed) == needed || self.page().is_discarded() {
            return;
        }
        if needed {
            if let Err(error) = self.reflector().preserve() {
                log::error!("a media element cannot be kept: {error}");
            }
        } else {
            self.reflector().release();
        }
    }

    /// The document is discarded: no more sound.
    pub(crate) fn discard(&self) {
        self.page().media().remove_player(self.media_id);
        self.load_count.set(self.load_count.get() + 1);
        let promises = std::mem::take(&mut *self.pending_play_promises.borrow_mut());
        self.is_kept.set(false);
        let error = self.error.borrow_mut().take();
        let settlements = std::mem::take(&mut *self.settlements.borrow_mut());
        drop((promises, error, settlements));
    }
}

impl HTMLMediaElementMethods for HTMLMediaElement {
    fn error(&self, _realm: &Realm) -> Option<DomRoot<MediaError>> {
        self.error.borrow().as_ref().map(Dom::root)
    }

    urls! { src set_src "src" }
    booleans! {
        autoplay set_autoplay "autoplay",
        loop_ set_loop "loop",
        default_muted set_default_muted "muted",
    }

    fn current_src(&self, _realm: &Realm) -> String {
        self.current_src.borrow().clone()
    }

    fn network_state(&self, _realm: &Realm) -> u16 {
        self.network_state.get()
    }

    fn load(&self, _realm: &Realm) -> Fallible<()> {
        self.load_resource();
        Ok(())
    }

    fn ready_state(&self, _realm: &Realm) -> u16 {
        self.ready_state.get()
    }

    fn seeking(&self, _realm: &Realm) -> bool {
        self.seeking.get()
    }

    /// <https://html.spec.whatwg.org/multipage/media.html#dom-media-currenttime>
    fn current_time(&self, _realm: &Realm) -> f64 {
        if self.ready_state.get() == ready::NOTHING {
            self.default_start.get()
        } else {
            self.position(Timestamp::now())
        }
    }

    fn set_current_time(&self, _realm: &Realm, value: f64) {
        if self.ready_state.get() == ready::NOTHING {
            self.default_start.set(value);
        } else {
            self.seek(value);
        }
    }

    fn duration(&self, _realm: &Realm) -> f64 {
        self.duration.get()
    }

    fn paused(&self, _realm: &Realm) -> bool {
        self.paused.get()
    }

    fn default_playback_rate(&self, _realm: &Realm) -> f64 {
        self.default_playback_rate.get()
    }

    fn set_default_playback_rate(&self, _realm: &Realm, value: f64) {
        if self.default_playback_rate.replace(value) != value {
            self.queue_event("ratechange");
        }
    }

    fn playback_rate(&self, _realm: &Realm) -> f64 {
        self.playback_rate.get()
    }

    /// <https://html.spec.whatwg.org/multipage/media.html#dom-media-playbackrate>
    fn set_playback_rate(&self, _realm: &Realm, value: f64) -> Fallible<()> {
        if !RATES.contains(&value) {
            let (least, most) = (RATES.start(), RATES.end());
            let reason = format!("the rate {value} is outside {least} to {most}");
            return Err(Error::dom(DomExceptionName::NotSupportedError, reason));
        }
        self.change_rate(value);
        Ok(())
    }

    fn ended(&self, _realm: &Realm) -> bool {
        self.has_ended()
    }

    /// <https://html.spec.whatwg.org/multipage/media.html#dom-media-play>
    fn play(&self, realm: &Realm) -> Fallible<JsPromise> {
        if !self.is_allowed_to_play() {
            let reason = "the user has not acted with the page; it may not play by itself";
            return Err(Error::dom(DomExceptionName::NotAllowedError, reason));
        }
        let failed = self
            .error
            .borrow()
            .as_ref()
            .is_some_and(|error| error.code == ErrorCode::SrcNotSupported as u16);
        if failed {
            let reason = "the media cannot be played; see the element's error";
            return Err(Error::dom(DomExceptionName::NotSupportedError, reason));
        }
        let promise = JsPromise::new(realm)?;
        self.pending_play_promises.borrow_mut().push(promise.clone());
        self.internal_play();
        Ok(promise)
    }

    /// <https://html.spec.whatwg.org/multipage/media.html#dom-media-pause>
    fn pause(&self, _realm: &Realm) -> Fallible<()> {
        self.pause_by_page();
        Ok(())
    }

    fn volume(&self, _realm: &Realm) -> f64 {
        self.volume.get()
    }

    fn set_volume(&self, _realm: &Realm, value: f64) -> Fallible<()> {
        if !(0.0..=1.0).contains(&value) {
            let reason = format!("the volume {value} is outside 0 to 1");
            return Err(Error::dom(DomExceptionName::IndexSizeError, reason));
        }
        let was_inaudible = self.is_inaudible();
        if self.volume.replace(value) != value {
            self.volume_changed(was_inaudible);
        }
        Ok(())
    }

    fn muted(&self, _realm: &Realm) -> bool {
        self.muted.get()
    }

    fn set_muted(&self, _realm: &Realm, value: bool) {
        let was_inaudible = self.is_inaudible();
        if self.muted.replace(value) != value {
            self.volume_changed(was_inaudible);
        }
    }
}

/// An `audio`.
pub(crate) struct HTMLAudioElement {
    html_media_element: HTMLMediaElement,
}

dom_object!(HTMLAudioElement: HTMLMediaElement, html_media_element);

impl HTMLAudioElement {
    pub(crate) fn new(page: &Page, node: NodeRef, media_id: ElementId) -> Self {
        Self { html_media_element: HTMLMediaElement::new(page, node, media_id) }
    }
}

impl HTMLAudioElementMethods for HTMLAudioElement {
    /// <https://html.spec.whatwg.org/multipage/media.html#dom-audio>
    fn construct_audio(realm: &Realm, src: Option<DomString>) -> Fallible<DomRoot<Self>> {
        let page = Page::of(realm);
        let id = page.tree().create_html_element(page.document_node(), "audio");
        let audio = page
            .node(id)
            .downcast::<HTMLAudioElement>()
            .ok_or_else(|| Error::type_error("the element was not created"))?;
        let element = audio.upcast::<Element>();
        element.change_attribute("preload", Some("auto"));
        if let Some(src) = src {
            element.change_attribute("src", Some(&src.to_str_lossy()));
        }
        Ok(audio)
    }
}

/// Why a media element failed.
pub(crate) struct MediaError {
    reflector: Reflector,
    code: u16,
    message: String,
}

dom_object!(MediaError, reflector);

impl MediaError {
    fn new(code: ErrorCode, message: String) -> Self {
        Self { reflector: Reflector::new(), code: code as u16, message }
    }
}

impl MediaErrorMethods for MediaError {
    fn code(&self, _realm: &Realm) -> u16 {
        self.code
    }

    fn message(&self, _realm: &Realm) -> DomString {
        self.message.as_str().into()
    }
}

/// The position as the sessions have it; nothing while the duration is unknown.
fn position_state(duration: f64, playback_rate: f64, position: f64) -> Option<PositionState> {
    let position = position.clamp(0.0, if duration.is_nan() { 0.0 } else { duration });
    (!duration.is_nan()).then_some(PositionState { duration, playback_rate, position })
}
