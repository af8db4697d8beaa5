/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which resource is played: the [load](https://html.spec.whatwg.org/multipage/media.html#media-element-load-algorithm)
//! and [resource selection](https://html.spec.whatwg.org/multipage/media.html#concept-media-load-algorithm)
//! algorithms.

use std::cell::Cell;
use std::rc::Rc;

use html5ever::{LocalName, local_name};
use sordino_media::Support;
use sordino_script_bindings::{Dom, DomExceptionName, DomObjectExt, DomRoot, JsPromise, JsValue};
use sordino_traits::embedder::ConsoleLevel;

use super::formats::support_of;
use super::timeline::nearest_rate;
use super::{ErrorCode, HTMLMediaElement, MediaError, network, ready};
use crate::dom::{HTMLVideoElement, Node, event_dispatch};
use crate::tree::NodeId;

/// Where a resource comes from, as the resource selection algorithm goes through it.
#[derive(Clone, Debug, Default)]
pub(super) enum Selection {
    #[default]
    None,
    /// The assigned media provider object.
    Object,
    /// The `src` attribute.
    Attribute,
    /// The `source` children: those that were tried, the last one now.
    Children {
        tried: Vec<NodeId>,
        /// Whether all were, and the next one that comes is.
        waits: bool,
    },
}

impl HTMLMediaElement {
    /// An attribute was set or taken away.
    pub(crate) fn attribute_changed(&self, name: &str) {
        match name {
            "src" if self.has_attribute("src") => self.load_resource(),
            "autoplay" => self.autoplay_if_allowed(),
            "loop" => self.reconsider_length(),
            "preload" => self.preload_changed(),
            _ => {}
        }
    }

    /// The parser, or script, has put the element with its attributes and children into place.
    pub(crate) fn start_if_it_has_a_source(&self) {
        if self.network_state.get() == network::EMPTY
            && self.provider.borrow().is_none()
            && (self.has_attribute("src") || self.first_source().is_some())
        {
            self.select_resource();
        }
    }

    /// The [insertion steps](https://html.spec.whatwg.org/multipage/embedded-content.html#the-source-element:html-element-insertion-steps)
    /// of a `source` child.
    pub(crate) fn source_inserted(&self) {
        if self.network_state.get() == network::EMPTY {
            if !self.has_attribute("src") {
                self.select_resource();
            }
            return;
        }
        let waits = matches!(*self.selection.borrow(), Selection::Children { waits: true, .. });
        if waits && self.next_candidate().is_some() {
            // "Waiting", from where it goes on.
            self.delay_load_event();
            self.network_state.set(network::LOADING);
            self.await_stable_state(|element| element.try_next_candidate());
        }
    }

    /// The [media element load algorithm](https://html.spec.whatwg.org/multipage/media.html#media-element-load-algorithm).
    pub(super) fn load_resource(&self) {
        self.load_count.set(self.load_count.get() + 1);
        *self.selection.borrow_mut() = Selection::None;
        self.forget_interruption();
        self.settle_all();
        self.cancel_fetch();
        self.stop_track();
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
            if self.position_now() > 0.0 {
                self.queue_event("timeupdate");
            }
            self.forget_timeline();
            self.network_state.set(network::EMPTY);
            self.report();
        }
        self.change_rate(nearest_rate(self.default_playback_rate.get()));
        self.clear_error();
        self.autoplaying.set(true);
        self.select_resource();
    }

    /// The [resource selection algorithm](https://html.spec.whatwg.org/multipage/media.html#concept-media-load-algorithm).
    pub(super) fn select_resource(&self) {
        self.network_state.set(network::NO_SOURCE);
        self.delay_load_event();
        // Script that goes on after `src` was set belongs to it.
        self.await_stable_state(|element| {
            let src = element.element().attribute("src");
            let has_provider = element.provider.borrow().is_some();
            if !has_provider && src.is_none() && element.first_source().is_none() {
                element.network_state.set(network::EMPTY);
                element.undelay_load_event();
                return;
            }
            element.network_state.set(network::LOADING);
            element.queue_event("loadstart");
            match src {
                _ if has_provider => element.load_provider(),
                Some(src) => {
                    *element.selection.borrow_mut() = Selection::Attribute;
                    element.load_url(&src);
                }
                None => {
                    let (tried, waits) = (Vec::new(), false);
                    *element.selection.borrow_mut() = Selection::Children { tried, waits };
                    element.try_next_candidate();
                }
            }
        });
    }

    /// [Awaits a stable state](https://html.spec.whatwg.org/multipage/webappapis.html#await-a-stable-state),
    /// unless the element loads something else before.
    fn await_stable_state(&self, steps: impl FnOnce(&HTMLMediaElement) + 'static) {
        let element = self.root();
        let load = self.load_count.get();
        let realm = self.page().realm();
        let steps = Cell::new(Some(steps));
        let run = move |_: &_, _: &JsValue| {
            if element.load_count.get() == load
                && let Some(steps) = steps.take()
            {
                steps(&element);
            }
        };
        let promise = JsPromise::resolved(&realm, &JsValue::undefined());
        if let Err(error) = promise.and_then(|promise| promise.react(&realm, run, |_, _| {})) {
            log::error!("a media element cannot select its resource: {error}");
        }
    }

    fn load_url(&self, src: &str) {
        match self.parse_source(src) {
            Ok(url) => {
                *self.current_src.borrow_mut() = url.to_string();
                self.fetch_resource(url);
            }
            Err(reason) => self.failed_to_load(reason),
        }
    }

    fn parse_source(&self, src: &str) -> Result<url::Url, String> {
        let url = self.page().base_url().join(src);
        url.ok().filter(|_| !src.is_empty()).ok_or_else(|| format!("'{src}' is not a valid URL"))
    }

    fn first_source(&self) -> Option<NodeId> {
        self.sources().next()
    }

    /// The `source` children.
    fn sources(&self) -> impl Iterator<Item = NodeId> {
        let page = self.page();
        let tree = page.tree();
        let is_source = |child: &NodeId| {
            tree.element(*child).is_some_and(|element| element.is(&local_name!("source")))
        };
        let sources: Vec<_> = tree.children(self.element().id()).filter(is_source).collect();
        sources.into_iter()
    }

    /// The `source` child after the one that was tried last; if that is gone, the first that was not.
    fn next_candidate(&self) -> Option<NodeId> {
        let selection = self.selection.borrow();
        let Selection::Children { tried, .. } = &*selection else { return None };
        let sources: Vec<_> = self.sources().collect();
        let last = tried.last().and_then(|last| sources.iter().position(|source| source == last));
        match last {
            Some(last) => sources.get(last + 1).copied(),
            None => sources.into_iter().find(|source| !tried.contains(source)),
        }
    }

    /// The step "process candidate" of the children mode.
    fn try_next_candidate(&self) {
        let next = self.next_candidate();
        if let Selection::Children { tried, waits } = &mut *self.selection.borrow_mut() {
            tried.extend(next);
            *waits = next.is_none();
        }
        let Some(candidate) = next else {
            self.network_state.set(network::NO_SOURCE);
            self.undelay_load_event();
            self.report();
            return;
        };
        let page = self.page();
        let attribute = |name: LocalName| {
            let element = page.tree().element(candidate)?;
            element.attribute(&name).map(String::from)
        };
        let src = attribute(local_name!("src")).unwrap_or_default();
        let mime_type = attribute(local_name!("type"));
        match self.parse_source(&src) {
            Err(reason) => self.failed_to_load(reason),
            Ok(_) if mime_type.as_ref().is_some_and(|it| support_of(it) == Support::No) => {
                let mime_type = mime_type.unwrap_or_default();
                self.failed_to_load(format!("media of type '{mime_type}' cannot be played"));
            }
            Ok(url) => {
                *self.current_src.borrow_mut() = url.to_string();
                self.fetch_resource(url);
            }
        }
    }

    /// The resource cannot be used: the steps "failed with elements", or the
    /// [dedicated media source failure steps](https://html.spec.whatwg.org/multipage/media.html#dedicated-media-source-failure-steps).
    pub(super) fn failed_to_load(&self, reason: String) {
        self.cancel_fetch();
        self.drop_player();
        let candidate = match &*self.selection.borrow() {
            Selection::Children { tried, .. } => tried.last().copied(),
            Selection::None | Selection::Object | Selection::Attribute => None,
        };
        if let Some(candidate) = candidate {
            log::debug!("{reason}; trying the next source");
            let page = self.page();
            if page.tree().can_have_object(candidate) {
                let source = page.node(candidate);
                self.queue(move |_| {
                    event_dispatch::fire(&source.upcast(), "error");
                });
            }
            self.await_stable_state(|element| element.try_next_candidate());
            return;
        }
        self.queue(move |element| {
            let name = DomExceptionName::NotSupportedError;
            element.set_error(ErrorCode::SrcNotSupported, reason.clone());
            element.network_state.set(network::NO_SOURCE);
            element.fire("error");
            element.reject_pending(name, &reason);
            element.undelay_load_event();
            element.report();
        });
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
        self.stop_clock();
        self.set_error(code, reason);
        self.network_state.set(network::IDLE);
        self.undelay_load_event();
        self.fire("error");
        self.report();
    }

    fn set_error(&self, code: ErrorCode, reason: String) {
        let src = self.current_src.borrow().clone();
        let is_video = self.root().upcast::<Node>().downcast::<HTMLVideoElement>().is_some();
        let tag = if is_video { "video" } else { "audio" };
        self.page().log(ConsoleLevel::Warn, format!("<{tag}> cannot play {src}: {reason}"));
        let error = DomRoot::new(&self.realm(), MediaError::new(code, reason));
        *self.error.borrow_mut() = Dom::new(&error).ok();
    }

    fn clear_error(&self) {
        let error = self.error.borrow_mut().take();
        drop(error);
    }

    /// [Delays the load event](https://html.spec.whatwg.org/multipage/media.html#delaying-the-load-event-flag)
    /// of the document.
    fn delay_load_event(&self) {
        let page = self.page();
        let is_delaying = self.delayed_page.borrow().upgrade().is_some();
        if !is_delaying && !page.is_discarded() {
            page.delay_load_event();
            *self.delayed_page.borrow_mut() = Rc::downgrade(&page);
        }
    }

    pub(super) fn undelay_load_event(&self) {
        let page = std::mem::take(&mut *self.delayed_page.borrow_mut()).upgrade();
        if let Some(page) = page.filter(|page| !page.is_discarded()) {
            // `load` listeners may run.
            page.queue(|page| page.undelay_load_event());
        }
    }
}
