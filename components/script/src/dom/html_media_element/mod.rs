/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [HTMLMediaElement](https://html.spec.whatwg.org/multipage/media.html#htmlmediaelement).
//!
//! * this file: what an element is; `elements`: `audio` and `video`; `interface`: what script sees.
//! * `selection`: which resource is played; `fetching`: from its URL to data; `formats`: the types that
//!   can be played.
//! * `src_object`: streams and blobs without a URL.
//! * `playback`: playing and pausing; `timeline`: the position, seeking, the end.
//! * `player`: what the player says.
//! * `autoplay`: what may play before the user has acted.
//! * `report`: what the two sessions of the document hear; `session`: which audio session it is.

mod autoplay;
mod elements;
mod fetching;
mod formats;
mod interface;
mod playback;
mod player;
mod report;
mod selection;
mod session;
mod src_object;
mod time_ranges;
mod timeline;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use sordino_dom::ElementKind;
use sordino_media::{PlayerNumber, ResourceFeed};
use sordino_script_bindings::{
    Dom, DomExceptionName, DomObject, DomObjectExt, JsPromise, dom_object, impl_trace,
};
use sordino_traits::media_session::StampedPosition;
use sordino_traits::{DocumentId, ElementId, PositionState, Timestamp};

pub(crate) use elements::{HTMLAudioElement, HTMLVideoElement, MediaError};
pub(crate) use time_ranges::TimeRanges;

use super::{AudioFocusEntry, Element, HTMLElement, event_dispatch};
use crate::agent::Agent;
use crate::event_loop::TimerId;
use crate::page::Page;
use crate::tree::NodeRef;
use fetching::Fetching;
use selection::Selection;
use src_object::{PlayedTrack, Provider};
use time_ranges::Ranges;

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

/// Why promises of `play()` are rejected.
type Rejection = (DomExceptionName, &'static str);

/// Promises of `play()`, and what is to become of them.
struct Settlement {
    promises: Vec<JsPromise>,
    /// `None` resolves them.
    rejection: Option<Rejection>,
}

impl_trace!(Settlement { promises });

/// A media element.
pub(crate) struct HTMLMediaElement {
    html_element: HTMLElement,
    media_id: ElementId,
    /// The document to whose audio session it belongs: its node document, as far as it was seen.
    document_id: Cell<DocumentId>,
    /// The entry to which it belongs instead.
    focus_entry: RefCell<Option<Dom<AudioFocusEntry>>>,
    network_state: Cell<u16>,
    ready_state: Cell<u16>,
    error: RefCell<Option<Dom<MediaError>>>,
    current_src: RefCell<String>,
    /// Counts loads: what belongs to an older one is out of date.
    load_count: Cell<u64>,
    selection: RefCell<Selection>,
    provider: RefCell<Option<Provider>>,
    played_track: RefCell<Option<PlayedTrack>>,
    fetching: RefCell<Option<Fetching>>,
    /// Whether `preload` holds the fetch up until the element is to play.
    waits_to_fetch: Cell<bool>,
    /// Looks for a stall.
    stall_timer: Cell<Option<TimerId>>,
    /// The page whose `load` event it [delays](https://html.spec.whatwg.org/multipage/media.html#delaying-the-load-event-flag).
    delayed_page: RefCell<Weak<Page>>,
    /// The number of the last player: what an older one says is out of date.
    player: Cell<PlayerNumber>,
    /// Where the bytes for it go.
    feed: RefCell<Option<ResourceFeed>>,

    paused: Cell<bool>,
    autoplaying: Cell<bool>,
    seeking: Cell<bool>,
    /// Whether the player is on its way to a position, and where it is to go then, in seconds.
    is_seek_under_way: Cell<bool>,
    next_seek: Cell<Option<f64>>,
    at_end: Cell<bool>,
    /// Seconds; NaN while unknown.
    duration: Cell<f64>,
    has_audio: Cell<bool>,
    /// The width and height of the picture, in pixels.
    video_size: Cell<Option<(u32, u32)>>,
    buffered: RefCell<Ranges>,
    played: RefCell<Ranges>,
    /// Where time began to advance, in seconds, while it does.
    played_from: Cell<Option<f64>>,
    /// Fires `timeupdate`.
    tick_timer: Cell<Option<TimerId>>,
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
    /// Whether it has begun to play, so that `playing` was fired or is about to be. A
    /// [blocked media element](https://html.spec.whatwg.org/multipage/media.html#blocked-media-element)
    /// has not.
    has_begun: Cell<bool>,
    /// Whether it is kept though nobody may hold it.
    is_kept: Cell<bool>,
    agent: Weak<Agent>,
}

impl Drop for HTMLMediaElement {
    fn drop(&mut self) {
        // The agent is gone when the process ends.
        if let Some(agent) = self.agent.upgrade() {
            let (id, document) = (self.media_id, self.document_id.get());
            agent.events().queue(None, move |agent| agent.media_element_freed(id, document));
        }
    }
}

dom_object!(HTMLMediaElement: HTMLElement, html_element, trace(error, focus_entry, pending_play_promises, settlements, provider, played_track));

impl HTMLMediaElement {
    fn new(page: &Page, node: NodeRef, media_id: ElementId) -> Self {
        Self {
            document_id: Cell::new(page.document_id()),
            focus_entry: RefCell::default(),
            html_element: HTMLElement::new(node),
            media_id,
            network_state: Cell::new(network::EMPTY),
            ready_state: Cell::new(ready::NOTHING),
            error: RefCell::default(),
            current_src: RefCell::default(),
            load_count: Cell::new(0),
            selection: RefCell::default(),
            provider: RefCell::default(),
            played_track: RefCell::default(),
            fetching: RefCell::default(),
            waits_to_fetch: Cell::new(false),
            stall_timer: Cell::new(None),
            delayed_page: RefCell::default(),
            player: Cell::default(),
            feed: RefCell::default(),
            paused: Cell::new(true),
            autoplaying: Cell::new(true),
            seeking: Cell::new(false),
            is_seek_under_way: Cell::new(false),
            next_seek: Cell::new(None),
            at_end: Cell::new(false),
            duration: Cell::new(f64::NAN),
            has_audio: Cell::new(false),
            video_size: Cell::new(None),
            buffered: RefCell::default(),
            played: RefCell::default(),
            played_from: Cell::new(None),
            tick_timer: Cell::new(None),
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
            has_begun: Cell::new(false),
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
        self.go_home();
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
        let needed = !self.paused.get() || self.is_fetching() || can_resume;
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

    /// [When the node document is changing](https://w3c.github.io/audio-session/#media-element-sink): it
    /// is an element of the audio session of its new document.
    fn go_home(&self) {
        let page = self.page();
        let (document, id) = (page.document_id(), self.media_id);
        let previous = self.document_id.replace(document);
        if previous == document {
            return;
        }
        // An entry is of one document.
        self.leave_entry();
        if let Some(page) = self.agent.upgrade().and_then(|agent| agent.page(previous)) {
            page.audio_session().update(&page, |core| core.remove_element(id));
            page.media_session().forget_media(id);
        }
        self.reported.set(None);
        if page.is_discarded() {
            return;
        }
        self.join_session(&page);
        self.move_player();
        for timer in [&self.stall_timer, &self.tick_timer] {
            if let Some(timer) = timer.take() {
                page.clear_timer(timer);
            }
        }
        if self.clock.get().2 {
            self.tick_later();
        }
        self.undelay_load_event();
        self.fetch_for_page();
        self.report();
    }

    /// The document is discarded: no more sound.
    pub(crate) fn discard(&self) {
        self.page().media().remove_player(self.media_id);
        self.load_count.set(self.load_count.get() + 1);
        *self.selection.borrow_mut() = Selection::None;
        // In another document it can load anew.
        self.network_state.set(network::EMPTY);
        self.ready_state.set(ready::NOTHING);
        self.paused.set(true);
        let promises = std::mem::take(&mut *self.pending_play_promises.borrow_mut());
        self.is_kept.set(false);
        let error = self.error.borrow_mut().take();
        let settlements = std::mem::take(&mut *self.settlements.borrow_mut());
        let (fetching, feed, track) =
            (self.fetching.take(), self.feed.take(), self.played_track.take());
        drop((promises, error, settlements, fetching, feed, track));
    }
}

/// The position as the sessions have it; nothing while the duration is unknown.
fn position_state(duration: f64, playback_rate: f64, position: f64) -> Option<PositionState> {
    let position = position.clamp(0.0, if duration.is_nan() { 0.0 } else { duration });
    (!duration.is_nan()).then_some(PositionState { duration, playback_rate, position })
}
