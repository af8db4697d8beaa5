/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From a URL to data: the [resource fetch algorithm](https://html.spec.whatwg.org/multipage/media.html#concept-media-load-resource).
//!
//! The player says which bytes it wants, and a request for a range brings them, as long as the server
//! can do that.

use std::time::Duration;

use sordino_media::{PlayerNumber, Resource};
use sordino_script_bindings::DomObjectExt;
use sordino_traits::Timestamp;
use sordino_traits::embedder::{
    ByteString, ContentRange, Destination, FetchEvent, FetchId, Header, RequestMode, ResponseHead,
};
use url::Url;

use super::{ErrorCode, HTMLMediaElement, network, ready};
use crate::file_api::BlobData;

/// How long nothing may come before the fetch is [stalled](https://html.spec.whatwg.org/multipage/media.html#event-media-stalled).
const STALL: Duration = Duration::from_secs(3);
/// How often `progress` is fired, at most.
const PROGRESS: Duration = Duration::from_millis(350);
/// How much of a blob is taken at a time, in bytes.
const BLOB_PART: u64 = 4 * 1024 * 1024;
/// How many bytes a fetch must have brought for another one to be tried when it breaks off.
const WORTH_RETRY: u64 = 64 * 1024;

/// What is fetched, and how far that is.
#[derive(Debug)]
pub(super) struct Fetching {
    url: Url,
    /// What a blob URL stood for when it was parsed, or the assigned media provider object.
    blob: Option<BlobData>,
    id: Option<FetchId>,
    /// Which [wish](sordino_media::FetchWish) it follows.
    number: u64,
    /// The offset at which the request begins.
    from: u64,
    /// The offset of the byte that comes next.
    at: u64,
    is_paused: bool,
    /// What is known of the resource since the first response.
    resource: Option<Known>,
    last_data: Timestamp,
    last_progress: Timestamp,
    is_stalled: bool,
}

/// By what a resource is known again.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Known {
    total: Option<u64>,
    validator: Option<ByteString>,
    can_seek: bool,
}

/// How much is fetched before the element plays: the state of its
/// [`preload`](https://html.spec.whatwg.org/multipage/media.html#attr-media-preload) attribute.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Preload {
    None,
    Metadata,
    Auto,
}

impl HTMLMediaElement {
    /// What is fetched before it is known to play. Without the attribute, all is.
    fn preload_state(&self) -> Preload {
        let may_play = self.has_attribute("autoplay") || !self.paused.get();
        match self.element().attribute("preload") {
            _ if may_play => Preload::Auto,
            Some(value) if value.eq_ignore_ascii_case("none") => Preload::None,
            Some(value) if value.eq_ignore_ascii_case("metadata") => Preload::Metadata,
            _ => Preload::Auto,
        }
    }

    pub(super) fn preload_changed(&self) {
        if self.preload_state() != Preload::None {
            self.go_on_fetching();
        }
        if let Some(feed) = &*self.feed.borrow() {
            feed.set_eager(self.preload_state() == Preload::Auto);
        }
        self.follow_wish();
    }

    /// The [resource fetch algorithm](https://html.spec.whatwg.org/multipage/media.html#concept-media-load-resource).
    pub(super) fn fetch_resource(&self, url: Url) {
        let page = self.page();
        let blob = page.agent().blob_urls().resolve(&url, Some(page.origin()));
        self.fetch_blob_or_url(url, blob);
    }

    pub(super) fn fetch_blob_or_url(&self, url: Url, blob: Option<BlobData>) {
        let now = Timestamp::now();
        *self.fetching.borrow_mut() = Some(Fetching {
            url,
            blob,
            id: None,
            number: 0,
            from: 0,
            at: 0,
            is_paused: false,
            resource: None,
            last_data: now,
            last_progress: now,
            is_stalled: false,
        });
        if self.preload_state() == Preload::None {
            self.waits_to_fetch.set(true);
            self.network_state.set(network::IDLE);
            self.queue_event("suspend");
            self.queue(|element| element.undelay_load_event());
            return;
        }
        self.start_fetch(0);
    }

    /// What waited for `play()`, as `preload` is `none`, is fetched now.
    pub(super) fn go_on_fetching(&self) {
        if self.waits_to_fetch.replace(false) {
            self.network_state.set(network::LOADING);
            self.start_fetch(0);
        }
    }

    fn start_fetch(&self, from: u64) {
        let page = self.page();
        let source = self.fetching.borrow().as_ref().map(|it| (it.url.clone(), it.blob.clone()));
        let Some((url, blob)) = source else { return };
        let mut request = page.new_request(&url, Destination::Media);
        if let Some(credentials) = self.element().cors() {
            request.mode = RequestMode::Cors;
            request.credentials = credentials;
        }
        let end = match url.scheme() {
            "blob" => (from + BLOB_PART - 1).to_string(),
            _ => String::new(),
        };
        if url.scheme() != "data" {
            request.headers.push(Header::new("Range", format!("bytes={from}-{end}")));
        }
        let element = self.root();
        let load = self.load_count.get();
        let number = self.update_fetching(0, |it| it.number);
        let id = page.fetch_for_script(request, blob, false, move |_page, event| {
            let is_it = element.load_count.get() == load
                && element.update_fetching(false, |it| it.number == number);
            if is_it {
                element.handle_fetch(event);
            }
        });
        self.update_fetching((), |it| {
            (it.id, it.from, it.at, it.is_paused, it.is_stalled) = (id, from, from, false, false);
            it.last_data = Timestamp::now();
        });
        self.watch_for_stall();
        self.keep_while_needed();
    }

    fn update_fetching<R>(&self, default: R, update: impl FnOnce(&mut Fetching) -> R) -> R {
        self.fetching.borrow_mut().as_mut().map_or(default, update)
    }

    /// Whether something of the resource is on its way.
    pub(super) fn is_fetching(&self) -> bool {
        self.fetching.borrow().as_ref().is_some_and(|fetching| fetching.id.is_some())
    }

    /// A new number: whatever an older player still says is out of date.
    pub(super) fn next_player(&self) -> PlayerNumber {
        let number = PlayerNumber(self.player.get().0 + 1);
        self.player.set(number);
        number
    }

    pub(super) fn drop_player(&self) {
        self.next_player();
        *self.feed.borrow_mut() = None;
        self.page().media().remove_player(self.media_id);
    }

    /// Stops fetching, for good.
    pub(super) fn cancel_fetch(&self) {
        self.waits_to_fetch.set(false);
        let fetching = self.fetching.borrow_mut().take();
        if let Some(id) = fetching.and_then(|fetching| fetching.id) {
            self.page().cancel_fetch(id);
        }
    }

    /// The element is of another page now, which fetches for it.
    pub(super) fn fetch_for_page(&self) {
        let id = self.update_fetching(None, |it| it.id.take());
        let Some(id) = id else { return };
        self.page().cancel_fetch(id);
        let has_feed = self.feed.borrow().as_ref().map(|feed| feed.fetch_stopped()).is_some();
        if has_feed { self.follow_wish() } else { self.start_fetch(0) }
    }

    fn handle_fetch(&self, event: FetchEvent) {
        match event {
            FetchEvent::Response(head) => self.handle_response(head),
            FetchEvent::Chunk(bytes) => self.handle_chunk(&bytes),
            FetchEvent::Done => self.handle_end(),
            FetchEvent::Failed(error) => self.handle_failure(&error.to_string()),
        }
    }

    /// [Verifies a media response](https://html.spec.whatwg.org/multipage/media.html#verify-a-media-response),
    /// and makes a player for the first one.
    fn handle_response(&self, head: ResponseHead) {
        let (from, known) = self.update_fetching((0, None), |it| (it.from, it.resource.clone()));
        let range = match head.status {
            206 => head.range,
            200..=299 => Some(ContentRange { start: 0, total: head.length }),
            status => {
                self.give_up(format!("{} answered HTTP {status}", head.url));
                return;
            }
        };
        // A server may leave out of what it has said that it is a part.
        let range = range.or((from == 0).then_some(ContentRange { start: 0, total: None }));
        let Some(range) = range.filter(|range| range.start == from || range.start == 0) else {
            self.give_up(format!("{} sent another range than it was asked for", head.url));
            return;
        };
        let found =
            Known { total: range.total, validator: head.validator, can_seek: head.status == 206 };
        let Some(known) = known else {
            self.open(found);
            return;
        };
        let is_other = known.total != found.total && found.total.is_some()
            || known.validator.is_some()
                && found.validator.is_some()
                && known.validator != found.validator;
        if is_other {
            self.give_up(format!("{} has changed on the server; load it again", head.url));
            return;
        }
        if range.start != from {
            log::debug!("{} ignores ranges", head.url);
            self.update_fetching((), |it| (it.from, it.at) = (0, 0));
            if let Some(feed) = &*self.feed.borrow() {
                feed.fetch_restarted();
            }
        }
    }

    fn open(&self, known: Known) {
        let page = self.page();
        let resource = Resource { length: known.total, can_seek: known.can_seek };
        self.update_fetching((), |it| it.resource = Some(known));
        let number = self.next_player();
        let feed = page.media().create_player(self.session_id(), self.media_id, number, resource);
        feed.set_eager(self.preload_state() == Preload::Auto);
        *self.feed.borrow_mut() = Some(feed);
        self.apply_volume();
        page.media_session().update(|core| core.media_resource_changed());
    }

    /// What cannot go on, after the first response or instead of it.
    fn give_up(&self, reason: String) {
        self.failed(ErrorCode::Network, reason);
    }

    fn handle_chunk(&self, bytes: &[u8]) {
        let now = Timestamp::now();
        let (at, is_progress) = self.update_fetching((0, false), |it| {
            let at = it.at;
            it.at += bytes.len() as u64;
            it.last_data = now;
            it.is_stalled = false;
            let is_progress = now.since(it.last_progress) >= PROGRESS;
            if is_progress {
                it.last_progress = now;
            }
            (at, is_progress)
        });
        if let Some(feed) = &*self.feed.borrow() {
            feed.append(at, bytes);
        }
        self.follow_wish();
        if is_progress {
            self.fire("progress");
        }
    }

    fn handle_end(&self) {
        let at = self.update_fetching(0, |it| {
            it.id = None;
            it.at
        });
        if let Some(feed) = &*self.feed.borrow() {
            feed.fetch_ended(at);
        }
        self.follow_wish();
        self.keep_while_needed();
        if !self.is_fetching() && self.network_state.get() == network::LOADING {
            self.queue_event("progress");
            self.suspend_network();
        }
    }

    /// A fetch broke off. Where that can be, it goes on from there.
    fn handle_failure(&self, reason: &str) {
        let (brought, can_seek) = self.update_fetching((0, false), |it| {
            it.id = None;
            (it.at - it.from, it.resource.as_ref().is_some_and(|known| known.can_seek))
        });
        if can_seek && brought >= WORTH_RETRY {
            log::info!("{reason}; the rest is asked for");
            if let Some(feed) = &*self.feed.borrow() {
                feed.fetch_stopped();
            }
            self.follow_wish();
            return;
        }
        self.give_up(reason.to_owned());
    }

    /// Nothing more is fetched for now.
    fn suspend_network(&self) {
        self.network_state.set(network::IDLE);
        self.queue_event("suspend");
    }

    /// Does with the fetch what the player wants of it.
    pub(super) fn follow_wish(&self) {
        let Some(wish) = self.feed.borrow().as_ref().map(|feed| feed.wish()) else { return };
        let now = self.fetching.borrow().as_ref().map(|it| {
            let can_seek = it.resource.as_ref().is_some_and(|known| known.can_seek);
            (it.number, it.is_paused, it.id, it.at, can_seek)
        });
        let Some((number, is_paused, id, at, can_seek)) = now else { return };
        let page = self.page();
        if number != wish.number {
            if let Some(id) = id {
                page.cancel_fetch(id);
            }
            self.update_fetching((), |it| (it.number, it.id) = (wish.number, None));
            self.resume_network();
            self.start_fetch(wish.from);
        } else if is_paused != wish.paused {
            self.update_fetching((), |it| it.is_paused = wish.paused);
            match (wish.paused, id) {
                // A connection is not kept for what may not be wanted for long.
                (true, Some(id)) if can_seek => {
                    page.cancel_fetch(id);
                    self.update_fetching((), |it| it.id = None);
                }
                (false, None) => self.start_fetch(at),
                (paused, Some(id)) => page.pause_fetch(id, paused),
                (true, None) => {}
            }
            if wish.paused {
                self.suspend_network();
            } else {
                self.resume_network();
            }
            self.keep_while_needed();
        }
    }

    fn resume_network(&self) {
        if self.network_state.get() == network::IDLE {
            self.network_state.set(network::LOADING);
        }
    }

    /// Looks whether the fetch is stalled, now and then while it runs.
    fn watch_for_stall(&self) {
        if !self.is_fetching() || self.stall_timer.get().is_some() {
            return;
        }
        let element = self.root();
        let silent =
            self.update_fetching(Duration::ZERO, |it| Timestamp::now().since(it.last_data));
        let rest = STALL.checked_sub(silent).unwrap_or(STALL);
        let page = self.page();
        let timer = page.new_timer();
        self.stall_timer.set(Some(timer));
        page.set_timer(timer, rest, move |_| {
            element.stall_timer.set(None);
            let stalls = element.update_fetching(false, |it| {
                let stalls = it.id.is_some()
                    && !it.is_paused
                    && !it.is_stalled
                    && Timestamp::now().since(it.last_data) >= STALL;
                it.is_stalled |= stalls;
                stalls
            });
            if stalls && element.network_state.get() == network::LOADING {
                element.fire("stalled");
            }
            element.watch_for_stall();
        });
    }

    /// Whether anything can be played that is not there yet, by a request for it.
    pub(super) fn has_known_length(&self) -> bool {
        let fetching = self.fetching.borrow();
        let resource = fetching.as_ref().and_then(|fetching| fetching.resource.as_ref());
        self.ready_state.get() > ready::NOTHING && resource.is_some_and(|it| it.total.is_some())
    }
}
