/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Promises that are rejected with nobody to handle it:
//! <https://html.spec.whatwg.org/multipage/webappapis.html#unhandled-promise-rejections>.

use std::cell::{Cell, RefCell};
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use sordino_script_bindings::{JsObject, JsValue};
use sordino_traits::embedder::ConsoleLevel;

use super::Page;
use crate::dom::{PromiseRejectionEvent, dispatch};
use crate::exception::Exception;

/// The rejected promises of a page that nobody handles.
#[derive(Default)]
pub(super) struct Rejections {
    /// The [about-to-be-notified rejected promises list](https://html.spec.whatwg.org/multipage/webappapis.html#about-to-be-notified-rejected-promises-list),
    /// with the reasons.
    about_to_be_notified: RefCell<VecDeque<(JsValue, JsValue)>>,
    /// The [outstanding rejected promises weak set](https://html.spec.whatwg.org/multipage/webappapis.html#outstanding-rejected-promises-weak-set),
    /// by address. A promise that gets the address of one that was freed is told to be rejected
    /// before it is told to be handled.
    outstanding: RefCell<HashSet<usize>>,
    /// The one that the page is being told of, if it is not handled yet.
    notifying: Cell<Option<usize>>,
}

impl Rejections {
    pub(super) fn clear(&self) {
        let promises = self.about_to_be_notified.take();
        drop(promises);
        self.outstanding.take();
    }
}

impl Page {
    /// [HostPromiseRejectionTracker](https://html.spec.whatwg.org/multipage/webappapis.html#the-hostpromiserejectiontracker-implementation):
    /// a promise was rejected with nobody to handle it, or somebody handles it after all. Nothing is
    /// told of a script with muted errors.
    pub(crate) fn rejection(self: &Rc<Self>, promise: JsValue, reason: JsValue, handled: bool) {
        let Some(address) = promise.address() else { return };
        if self.is_discarded() {
            return;
        }
        let own = &self.rejections;
        if !handled {
            own.outstanding.borrow_mut().remove(&address);
            if !self.loader.scripts.runs_muted() {
                own.about_to_be_notified.borrow_mut().push_back((promise, reason));
            }
            return;
        }
        if own.notifying.get() == Some(address) {
            own.notifying.set(None);
            return;
        }
        let mut waiting = own.about_to_be_notified.borrow_mut();
        if let Some(place) = waiting.iter().position(|(other, _)| other.same_object(&promise)) {
            waiting.remove(place);
        } else if own.outstanding.borrow_mut().remove(&address) {
            self.queue(move |page| {
                page.fire_rejection("rejectionhandled", promise, &reason);
            });
        }
    }

    /// [Notifies about rejected promises](https://html.spec.whatwg.org/multipage/webappapis.html#notify-about-rejected-promises).
    pub(crate) fn notify_about_rejections(&self) {
        // What is rejected meanwhile has its turn later; what is handled meanwhile is not told.
        let count = self.rejections.about_to_be_notified.borrow().len();
        for _ in 0..count {
            let next = self.rejections.about_to_be_notified.borrow_mut().pop_front();
            let Some((promise, reason)) = next.filter(|_| !self.is_discarded()) else { return };
            self.rejections.notifying.set(promise.address());
            if self.fire_rejection("unhandledrejection", promise, &reason) {
                let exception = Exception::of(&self.realm(), &reason);
                self.log(ConsoleLevel::Error, format!("Uncaught (in promise) {exception}"));
            }
            self.rejections.outstanding.borrow_mut().extend(self.rejections.notifying.take());
        }
    }

    /// Returns whether the event was not canceled.
    fn fire_rejection(&self, type_: &str, promise: JsValue, reason: &JsValue) -> bool {
        let Ok(promise) = JsObject::try_from(promise) else { return false };
        let event =
            PromiseRejectionEvent::new_trusted(&self.realm(), type_, promise, reason.clone());
        dispatch(&self.window().upcast(), &event.upcast())
    }
}
