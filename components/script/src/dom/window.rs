/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Window](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object).

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use sordino_script_bindings::{
    Dom, DomObject, DomObjectExt, DomRoot, Fallible, JsPromise, JsValue, Realm, ToJs, dom_object,
};

use super::{AudioSession, Document, EventTarget, Location, MediaSession, Navigator};
use crate::bindings::{
    DomStringOrFunction, EventHandlerNonNull, OnErrorEventHandlerNonNull, VoidFunction,
    WindowMethods,
};
use crate::event_loop::TimerId;
use crate::page::Page;

/// Timers that set each other this deep wait at least [`NESTED_DELAY`].
const NESTING_LIMIT: u32 = 5;
const NESTED_DELAY: Duration = Duration::from_millis(4);

/// The global object of a page.
pub(crate) struct Window {
    event_target: EventTarget,
    document: Dom<Document>,
    location: RefCell<Option<Dom<Location>>>,
    navigator: RefCell<Option<Dom<Navigator>>>,
    audio_session: RefCell<Option<Dom<AudioSession>>>,
    media_session: RefCell<Option<Dom<MediaSession>>>,
    timers: RefCell<BTreeMap<i32, Rc<Timer>>>,
    /// How deep the timer that runs now is nested.
    nesting: Cell<u32>,
}

dom_object!(Window: EventTarget, event_target, trace(document, location, navigator, audio_session, media_session));

/// A timer that script set.
struct Timer {
    id: TimerId,
    handler: DomStringOrFunction,
    arguments: Vec<JsValue>,
    delay: Duration,
    repeats: bool,
    nesting: u32,
}

impl Window {
    /// # Panics
    ///
    /// When there is no memory for one object.
    pub(crate) fn new(document: &DomRoot<Document>) -> Self {
        Self {
            event_target: EventTarget::new(),
            document: Dom::new(document).expect("a new realm has room for its document"),
            location: RefCell::default(),
            navigator: RefCell::default(),
            audio_session: RefCell::default(),
            media_session: RefCell::default(),
            timers: RefCell::default(),
            nesting: Cell::new(0),
        }
    }

    fn page(&self) -> Rc<Page> {
        Page::of(&self.realm())
    }

    /// Forgets what script left here; the document is discarded.
    pub(crate) fn clear(&self) {
        self.upcast::<EventTarget>().clear_listeners();
        let timers = std::mem::take(&mut *self.timers.borrow_mut());
        drop(timers);
    }

    /// The document's audio session. It lives as long as the window, whoever holds it: it may fire
    /// events.
    pub(crate) fn audio_session(&self) -> DomRoot<AudioSession> {
        get_or_make(&self.audio_session, || DomRoot::new(&self.realm(), AudioSession::new()))
    }

    /// The document's media session, which lives as long.
    pub(crate) fn media_session(&self) -> DomRoot<MediaSession> {
        let make = || DomRoot::new(&self.realm(), MediaSession::new(&self.page().url()));
        get_or_make(&self.media_session, make)
    }

    /// The [timer initialization steps](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps).
    fn set_timer(
        &self,
        handler: DomStringOrFunction,
        timeout: i32,
        arguments: Vec<JsValue>,
        repeats: bool,
    ) -> i32 {
        let delay = Duration::from_millis(u64::try_from(timeout).unwrap_or(0));
        let id = self.page().new_timer();
        let nesting = self.nesting.get();
        self.start(Rc::new(Timer { id, handler, arguments, delay, repeats, nesting }));
        id.0
    }

    fn start(&self, timer: Rc<Timer>) {
        let delay =
            if timer.nesting > NESTING_LIMIT { timer.delay.max(NESTED_DELAY) } else { timer.delay };
        let id = timer.id;
        self.timers.borrow_mut().insert(id.0, timer);
        let window = self.root();
        self.page().set_timer(id, delay, move |_| window.fire(id));
    }

    fn fire(&self, id: TimerId) {
        let Some(timer) = self.timers.borrow_mut().remove(&id.0) else { return };
        if timer.repeats {
            // It is there while the handler runs, which may clear it.
            self.timers.borrow_mut().insert(id.0, timer.clone());
        }
        self.nesting.set(timer.nesting + 1);
        match &timer.handler {
            DomStringOrFunction::Function(function) => {
                let this = self.root().to_js(&self.realm()).unwrap_or_default();
                function.call_reporting(&this, &timer.arguments);
            }
            DomStringOrFunction::DomString(source) => {
                self.page().run_script_text(&source.to_str_lossy(), "setTimeout", 1);
            }
        }
        self.nesting.set(0);
        if timer.repeats && self.timers.borrow().contains_key(&id.0) {
            let nesting = timer.nesting + 1;
            let Timer { id, handler, arguments, delay, repeats, .. } = &*timer;
            self.start(Rc::new(Timer {
                id: *id,
                handler: handler.clone(),
                arguments: arguments.clone(),
                delay: *delay,
                repeats: *repeats,
                nesting,
            }));
        }
    }

    fn clear_timer(&self, id: i32) {
        if self.timers.borrow_mut().remove(&id).is_some() {
            self.page().clear_timer(TimerId(id));
        }
    }
}

fn get_or_make<T: DomObject>(
    field: &RefCell<Option<Dom<T>>>,
    make: impl FnOnce() -> DomRoot<T>,
) -> DomRoot<T> {
    if let Some(object) = &*field.borrow() {
        return object.root();
    }
    let object = make();
    *field.borrow_mut() = Dom::new(&object).ok();
    object
}

impl WindowMethods for Window {
    fn window(&self, _realm: &Realm) -> DomRoot<Window> {
        self.root()
    }

    fn self_(&self, _realm: &Realm) -> DomRoot<Window> {
        self.root()
    }

    fn frames(&self, _realm: &Realm) -> DomRoot<Window> {
        self.root()
    }

    fn top(&self, _realm: &Realm) -> Option<DomRoot<Window>> {
        Some(self.root())
    }

    fn opener(&self, _realm: &Realm) -> Option<DomRoot<Window>> {
        None
    }

    fn parent(&self, _realm: &Realm) -> Option<DomRoot<Window>> {
        Some(self.root())
    }

    fn document(&self, _realm: &Realm) -> DomRoot<Document> {
        self.document.root()
    }

    fn location(&self, _realm: &Realm) -> DomRoot<Location> {
        get_or_make(&self.location, || DomRoot::new(&self.realm(), Location::new()))
    }

    fn navigator(&self, _realm: &Realm) -> DomRoot<Navigator> {
        get_or_make(&self.navigator, || DomRoot::new(&self.realm(), Navigator::new()))
    }

    /// <https://html.spec.whatwg.org/multipage/webappapis.html#dom-reporterror>
    fn report_error(&self, realm: &Realm, e: JsValue) -> Fallible<()> {
        realm.report_exception(e);
        Ok(())
    }

    fn set_timeout(
        &self,
        _realm: &Realm,
        handler: DomStringOrFunction,
        timeout: i32,
        arguments: Vec<JsValue>,
    ) -> Fallible<i32> {
        Ok(self.set_timer(handler, timeout, arguments, false))
    }

    fn clear_timeout(&self, _realm: &Realm, id: i32) -> Fallible<()> {
        self.clear_timer(id);
        Ok(())
    }

    fn set_interval(
        &self,
        _realm: &Realm,
        handler: DomStringOrFunction,
        timeout: i32,
        arguments: Vec<JsValue>,
    ) -> Fallible<i32> {
        Ok(self.set_timer(handler, timeout, arguments, true))
    }

    fn clear_interval(&self, _realm: &Realm, id: i32) -> Fallible<()> {
        self.clear_timer(id);
        Ok(())
    }

    /// <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#microtask-queuing>
    fn queue_microtask(&self, realm: &Realm, callback: Rc<VoidFunction>) -> Fallible<()> {
        let promise = JsPromise::resolved(realm, &JsValue::undefined())?;
        let run = move |_realm: &Realm, _result: &JsValue| {
            callback.call_reporting(&JsValue::undefined());
        };
        promise.react(realm, run, |_realm, _reason| {})
    }

    fn onload(&self, _realm: &Realm) -> Option<Rc<EventHandlerNonNull>> {
        self.event_target.handler("load")
    }

    fn set_onload(&self, _realm: &Realm, value: Option<Rc<EventHandlerNonNull>>) {
        self.event_target.set_handler("load", value);
    }

    fn onerror(&self, _realm: &Realm) -> Option<Rc<OnErrorEventHandlerNonNull>> {
        self.event_target.error_handler()
    }

    fn set_onerror(&self, _realm: &Realm, value: Option<Rc<OnErrorEventHandlerNonNull>>) {
        self.event_target.set_error_handler(value);
    }

    fn onunhandledrejection(&self, _realm: &Realm) -> Option<Rc<EventHandlerNonNull>> {
        self.event_target.handler("unhandledrejection")
    }

    fn set_onunhandledrejection(&self, _realm: &Realm, value: Option<Rc<EventHandlerNonNull>>) {
        self.event_target.set_handler("unhandledrejection", value);
    }
}
