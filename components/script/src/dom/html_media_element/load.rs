/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! From a URL to data: the [load](https://html.spec.whatwg.org/multipage/media.html#media-element-load-algorithm),
//! [resource selection](https://html.spec.whatwg.org/multipage/media.html#concept-media-load-algorithm)
//! and [resource fetch](https://html.spec.whatwg.org/multipage/media.html#concept-media-load-resource)
//! algorithms.

use html5ever::local_name;
use sordino_media::PlayerNumber;
use sordino_script_bindings::{Dom, DomExceptionName, DomObjectExt, DomRoot};
use sordino_traits::Timestamp;
use sordino_traits::embedder::{ConsoleLevel, Destination, FetchEvent};

use super::{ErrorCode, HTMLMediaElement, MediaError, RATES, network, ready};

impl HTMLMediaElement {
    /// An attribute was set or taken away.
    pub(crate) fn attribute_changed(&self, name: &str) {
        match name {
            "src" if self.has_attribute("src") => self.load_resource(),
            "autoplay" => self.autoplay_if_allowed(),
            "loop" => self.reconsider_length(),
            _ => {}
        }
    }

    /// The parser, or script, has put the element with its attributes and children into place.
    pub(crate) fn start_if_it_has_a_source(&self) {
        if self.network_state.get() == network::EMPTY
            && (self.has_attribute("src") || !self.source_children().is_empty())
        {
            self.select_resource();
        }
    }

    /// The [media element load algorithm](https://html.spec.whatwg.org/multipage/media.html#media-element-load-algorithm).
    pub(super) fn load_resource(&self) {
        self.load_count.set(self.load_count.get() + 1);
        self.forget_interruption();
        self.settle_all();
        self.cancel_fetch();
        if matches!(self.network_state.get(), network::LOADING | network::IDLE) {
            self.queue_event("abort");
        }
        if self.network_state.get() != network::EMPTY {
            self.queue_event("emptied");
            self.drop_player();
            self.ready_state.set(ready::NOTHING);
            if !self.paused.replace(true) {
                self.reject_pending(DomExceptionName::AbortError, "a new resource is being loaded");
            }
            self.seeking.set(false);
            self.at_end.set(false);
            self.clock.set((0.0, Timestamp::now(), false));
            self.default_start.set(0.0);
            self.duration.set(f64::NAN);
            self.has_audio.set(false);
            self.network_state.set(network::EMPTY);
            self.report();
        }
        let rate = self.default_playback_rate.get();
        self.change_rate(rate.clamp(*RATES.start(), *RATES.end()));
        let error = self.error.borrow_mut().take();
        drop(error);
        self.autoplaying.set(true);
        self.select_resource();
    }

    /// The [resource selection algorithm](https://html.spec.whatwg.org/multipage/media.html#concept-media-load-algorithm).
    pub(super) fn select_resource(&self) {
        self.network_state.set(network::NO_SOURCE);
        // The rest awaits a stable state: script that goes on after `src` was set belongs to it.
        self.queue(|element| {
            let src = element.element().attribute("src");
            let sources = element.source_children();
            if src.is_none() && sources.is_empty() {
                element.network_state.set(network::EMPTY);
                return;
            }
            element.network_state.set(network::LOADING);
            element.fire("loadstart");
            *element.candidates.borrow_mut() = sources.into_iter().rev().collect();
            match src {
                Some(src) => {
                    element.candidates.borrow_mut().clear();
                    element.fetch_resource(&src);
                }
                None => element.try_next_candidate(),
            }
        });
    }

    /// The `src` of each child `source`, in order.
    fn source_children(&self) -> Vec<String> {
        let page = self.page();
        let tree = page.tree();
        tree.children(self.element().id())
            .filter_map(|child| {
                let element = tree.element(child)?;
                let is_source = element.is(&local_name!("source"));
                is_source.then(|| element.attribute(&local_name!("src")).map(String::from))?
            })
            .collect()
    }

    fn try_next_candidate(&self) {
        let next = self.candidates.borrow_mut().pop();
        match next {
            Some(src) => self.fetch_resource(&src),
            None => self.network_state.set(network::NO_SOURCE),
        }
    }

    /// The [resource fetch algorithm](https://html.spec.whatwg.org/multipage/media.html#concept-media-load-resource).
    fn fetch_resource(&self, src: &str) {
        let page = self.page();
        let url = match page.base_url().join(src) {
            Ok(url) if !src.is_empty() => url,
            _ => {
                self.failed_to_load(format!("'{src}' is not a valid URL"));
                return;
            }
        };
        *self.current_src.borrow_mut() = url.to_string();
        let element = self.root();
        let load = self.load_count.get();
        let fetch = page.fetch(&url, Destination::Media, move |_page, event| {
            if element.load_count.get() == load {
                element.handle_fetch(event);
            }
        });
        self.fetch.set(fetch);
        self.keep_while_needed();
    }

    /// A new number: whatever an older player still says is out of date.
    fn next_player(&self) -> PlayerNumber {
        let number = PlayerNumber(self.player.get().0 + 1);
        self.player.set(number);
        number
    }

    fn drop_player(&self) {
        self.next_player();
        self.page().media().remove_player(self.media_id);
    }

    fn cancel_fetch(&self) {
        if let Some(fetch) = self.fetch.take() {
            self.page().cancel_fetch(fetch);
        }
    }

    fn handle_fetch(&self, event: FetchEvent) {
        let media = self.page().media();
        match event {
            FetchEvent::Response(head) if head.status >= 400 => {
                self.cancel_fetch();
                self.failed_to_load(format!("{} answered HTTP {}", head.url, head.status));
            }
            FetchEvent::Response(head) => {
                let document = self.page().document_id();
                let number = self.next_player();
                media.create_player(document, self.media_id, number, head.length);
                self.apply_volume();
                self.page().media_session().update(|core| core.media_resource_changed());
            }
            FetchEvent::Chunk(bytes) => media.append(self.media_id, bytes),
            FetchEvent::Done => {
                self.fetch.set(None);
                self.keep_while_needed();
                media.end_of_input(self.media_id);
                if self.network_state.get() == network::LOADING {
                    self.network_state.set(network::IDLE);
                    self.fire("suspend");
                }
            }
            FetchEvent::Failed(error) => {
                self.fetch.set(None);
                self.failed(ErrorCode::Network, error.to_string());
            }
        }
    }

    /// Data cannot be had, or cannot be played.
    pub(super) fn failed(&self, code: ErrorCode, reason: String) {
        if self.ready_state.get() == ready::NOTHING {
            self.failed_to_load(reason);
            return;
        }
        // The media data processing steps for a fatal error after metadata.
        self.cancel_fetch();
        self.drop_player();
        self.set_error(code, reason);
        self.network_state.set(network::IDLE);
        self.stop_clock();
        self.fire("error");
        self.report();
    }

    /// The [dedicated media source failure steps](https://html.spec.whatwg.org/multipage/media.html#dedicated-media-source-failure-steps),
    /// unless there is another `source` to try.
    fn failed_to_load(&self, reason: String) {
        self.cancel_fetch();
        self.drop_player();
        if !self.candidates.borrow().is_empty() {
            log::debug!("{reason}; trying the next source");
            self.try_next_candidate();
            return;
        }
        self.queue(move |element| {
            let name = DomExceptionName::NotSupportedError;
            element.set_error(ErrorCode::SrcNotSupported, reason.clone());
            element.network_state.set(network::NO_SOURCE);
            element.fire("error");
            element.reject_pending(name, &reason);
            element.report();
        });
    }

    fn set_error(&self, code: ErrorCode, reason: String) {
        let src = self.current_src.borrow().clone();
        self.page().log(ConsoleLevel::Warn, format!("<audio> cannot play {src}: {reason}"));
        let error = DomRoot::new(&self.realm(), MediaError::new(code, reason));
        *self.error.borrow_mut() = Dom::new(&error).ok();
    }
}
