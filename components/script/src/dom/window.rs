/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Window](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object).

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;
use std::time::Duration;

use sordino_script_bindings::{
    ByteString, Dom, DomObject, DomObjectExt, DomRoot, DomString, Error, Fallible, JsObject,
    JsPromise, JsValue, Realm, ToJs, WindowProxy, dom_object, structured_clone,
};
use sordino_traits::embedder::ConsoleLevel;

use super::event_handlers::event_handlers;
use super::live::Filter;
use super::{
    AudioSession, Crypto, Document, Element, Event, EventTarget, HTMLCollection, Location,
    MediaDevices, MediaSession, Navigator, Node, Performance, Storage,
};
use crate::base64::{atob, btoa};
use crate::bindings::{
    DomStringOrFunction, EventHandlerNonNull, EventOrUndefined, OnBeforeUnloadEventHandlerNonNull,
    OnErrorEventHandlerNonNull, RequestInit, RequestOrUsvString, StructuredSerializeOptions,
    VoidFunction, WindowMethods, WindowPostMessageOptions,
};
use crate::browsing_context::BrowsingContext;
use crate::event_loop::TimerId;
use crate::fetch::fetch;
use crate::hr_time::Clock;
use crate::messaging::post_message;
use crate::page::Page;
use crate::storage::StorageKind;

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
    media_devices: RefCell<Option<Dom<MediaDevices>>>,
    clock: Clock,
    performance: RefCell<Option<Dom<Performance>>>,
    crypto: RefCell<Option<Dom<Crypto>>>,
    pub(super) local_storage: RefCell<Option<Dom<Storage>>>,
    pub(super) session_storage: RefCell<Option<Dom<Storage>>>,
    /// The [current event](https://dom.spec.whatwg.org/#window-current-event).
    current_event: RefCell<Option<Dom<Event>>>,
    timers: RefCell<BTreeMap<i32, Rc<Timer>>>,
    /// How deep the timer that runs now is nested.
    nesting: Cell<u32>,
}

dom_object!(Window: EventTarget, event_target, trace(
    document, location, navigator, audio_session, media_session, media_devices, performance, crypto,
    local_storage, session_storage, current_event
));

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
            media_devices: RefCell::default(),
            clock: Clock::start(),
            performance: RefCell::default(),
            crypto: RefCell::default(),
            local_storage: RefCell::default(),
            session_storage: RefCell::default(),
            current_event: RefCell::default(),
            timers: RefCell::default(),
            nesting: Cell::new(0),
        }
    }

    fn page(&self) -> Rc<Page> {
        Page::of(&self.realm())
    }

    /// The clock of the document.
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Sets the current event; returns the one before.
    pub(crate) fn set_current_event(&self, event: Option<Dom<Event>>) -> Option<Dom<Event>> {
        self.current_event.replace(event)
    }

    /// Forgets what script left here; the document is discarded.
    pub(crate) fn clear(&self) {
        self.upcast::<EventTarget>().clear_listeners();
        let timers = std::mem::take(&mut *self.timers.borrow_mut());
        drop(timers);
    }

    fn proxy(&self) -> Fallible<WindowProxy> {
        let proxy = self.realm().window_proxy();
        proxy.ok_or_else(|| Error::type_error("the window has no browsing context"))
    }

    fn named_frame(&self, name: &str) -> Option<Rc<BrowsingContext>> {
        let children = self.page().context()?.document_tree_children();
        children.into_iter().find(|child| !name.is_empty() && child.name() == name)
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

    /// `navigator.mediaDevices`, which lives as long: it may fire events.
    pub(crate) fn media_devices(&self) -> DomRoot<MediaDevices> {
        get_or_make(&self.media_devices, || MediaDevices::create(&self.realm()))
    }

    /// The same, if script has seen it.
    pub(crate) fn existing_media_devices(&self) -> Option<DomRoot<MediaDevices>> {
        self.media_devices.borrow().as_ref().map(Dom::root)
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
        // Nobody would ever take it away again.
        if self.page().is_discarded() {
            return;
        }
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
    fn window(&self, _realm: &Realm) -> Fallible<WindowProxy> {
        self.proxy()
    }

    fn self_(&self, _realm: &Realm) -> Fallible<WindowProxy> {
        self.proxy()
    }

    fn frames(&self, _realm: &Realm) -> Fallible<WindowProxy> {
        self.proxy()
    }

    fn name(&self, _realm: &Realm) -> DomString {
        let context = self.page().context();
        context.map(|context| context.name()).unwrap_or_default().as_str().into()
    }

    fn set_name(&self, _realm: &Realm, value: DomString) {
        if let Some(context) = self.page().context() {
            context.set_name(value.into_string_lossy());
        }
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-closed>
    fn closed(&self, _realm: &Realm) -> bool {
        self.page().context().is_none()
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-close>: script may close
    /// only what script opened, and it opens nothing.
    fn close(&self, _realm: &Realm) -> Fallible<()> {
        let reason = "close() does nothing: the window was not opened by script";
        self.page().log(ConsoleLevel::Warn, reason.into());
        Ok(())
    }

    /// Nothing has the focus of a system here.
    fn focus(&self, _realm: &Realm) -> Fallible<()> {
        Ok(())
    }

    fn blur(&self, _realm: &Realm) -> Fallible<()> {
        Ok(())
    }

    fn length(&self, _realm: &Realm) -> u32 {
        let context = self.page().context();
        let count = context.map_or(0, |context| context.document_tree_children().len());
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn top(&self, realm: &Realm) -> Option<WindowProxy> {
        self.page().context()?.top().proxy_in(realm)
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-opener>: nothing opens windows.
    fn opener(&self, _realm: &Realm) -> JsValue {
        JsValue::null()
    }

    fn set_opener(&self, realm: &Realm, value: JsValue) -> Fallible<()> {
        if value.is_null() {
            return Ok(());
        }
        self.realm().global().define(realm, "opener", value)
    }

    fn parent(&self, realm: &Realm) -> Option<WindowProxy> {
        let context = self.page().context()?;
        context.parent().unwrap_or(context).proxy_in(realm)
    }

    /// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-frameelement>
    fn frame_element(&self, realm: &Realm) -> Option<DomRoot<Element>> {
        let container = self.page().context()?.container()?;
        let is_visible = container.upcast::<Node>().page().origin() == Page::of(realm).origin();
        is_visible.then(|| container.upcast())
    }

    /// [Named access](https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object):
    /// the first frame with the name, else the element, or all if there are several.
    fn named_getter(&self, realm: &Realm, name: DomString) -> Fallible<JsObject> {
        let name = name.into_string_lossy();
        let not_found = || Error::type_error("there is nothing with this name");
        if let Some(frame) = self.named_frame(&name) {
            let proxy = frame.proxy_in(realm).ok_or_else(not_found)?;
            return Ok(proxy.as_object().clone());
        }
        let page = self.page();
        let elements = page.tree().elements_of_window(page.document_node(), &name);
        match (elements.len(), elements.first()) {
            (1, Some(element)) => page.node(*element).wrapper(),
            (0, _) | (_, None) => Err(not_found()),
            _ => {
                let filter = Filter::WindowName(name);
                let document = page.document().upcast();
                HTMLCollection::create(&self.realm(), &document, filter)?.wrapper()
            }
        }
    }

    fn supported_property_names(&self, _realm: &Realm) -> Vec<DomString> {
        let page = self.page();
        let context = page.context();
        let children = context.map(|context| context.document_tree_children()).unwrap_or_default();
        let mut names: Vec<_> = children.iter().map(|child| child.name()).collect();
        names.extend(page.tree().names_of_window(page.document_node()));
        let mut seen = HashSet::new();
        names.retain(|name| !name.is_empty() && seen.insert(name.clone()));
        names.iter().map(|name| name.as_str().into()).collect()
    }

    fn is_supported_property_name(&self, _realm: &Realm, name: &DomString) -> bool {
        let name = name.to_str_lossy();
        let page = self.page();
        self.named_frame(&name).is_some()
            || !page.tree().elements_of_window(page.document_node(), &name).is_empty()
    }

    fn document(&self, _realm: &Realm) -> DomRoot<Document> {
        self.document.root()
    }

    fn post_message(
        &self,
        realm: &Realm,
        message: JsValue,
        target_origin: String,
        transfer: Vec<JsObject>,
    ) -> Fallible<()> {
        match self.page().context() {
            Some(context) => post_message(realm, &context, &message, &target_origin, &transfer),
            None => Ok(()),
        }
    }

    fn post_message_2(
        &self,
        realm: &Realm,
        message: JsValue,
        options: WindowPostMessageOptions,
    ) -> Fallible<()> {
        let WindowPostMessageOptions { parent, target_origin } = options;
        self.post_message(realm, message, target_origin, parent.transfer)
    }

    fn location(&self, _realm: &Realm) -> DomRoot<Location> {
        get_or_make(&self.location, || DomRoot::new(&self.realm(), Location::new()))
    }

    fn origin(&self, _realm: &Realm) -> String {
        self.page().origin().ascii_serialization()
    }

    fn is_secure_context(&self, _realm: &Realm) -> bool {
        self.page().is_secure_context()
    }

    /// There are no cross-origin isolated documents.
    fn cross_origin_isolated(&self, _realm: &Realm) -> bool {
        false
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

    /// <https://html.spec.whatwg.org/multipage/structured-data.html#dom-structuredclone>
    fn structured_clone(
        &self,
        realm: &Realm,
        value: JsValue,
        options: StructuredSerializeOptions,
    ) -> Fallible<JsValue> {
        let serialized = structured_clone::serialize(realm, &value, &options.transfer)?;
        structured_clone::deserialize(&self.realm(), serialized)
    }

    fn btoa(&self, _realm: &Realm, data: DomString) -> Fallible<DomString> {
        btoa(&data)
    }

    fn atob(&self, _realm: &Realm, data: DomString) -> Fallible<ByteString> {
        atob(&data)
    }

    fn local_storage(&self, _realm: &Realm) -> Fallible<DomRoot<Storage>> {
        self.storage(StorageKind::Local)
    }

    fn session_storage(&self, _realm: &Realm) -> Fallible<DomRoot<Storage>> {
        self.storage(StorageKind::Session)
    }

    fn crypto(&self, _realm: &Realm) -> DomRoot<Crypto> {
        get_or_make(&self.crypto, || DomRoot::new(&self.realm(), Crypto::new()))
    }

    fn fetch(
        &self,
        realm: &Realm,
        input: RequestOrUsvString,
        init: RequestInit,
    ) -> Fallible<JsPromise> {
        fetch(realm, input, init)
    }

    /// <https://w3c.github.io/hr-time/#the-performance-attribute>
    fn performance(&self, _realm: &Realm) -> DomRoot<Performance> {
        if let Some(performance) = &*self.performance.borrow() {
            return performance.root();
        }
        let performance = Performance::create(&self.realm(), self.clock);
        *self.performance.borrow_mut() = Dom::new(&performance).ok();
        performance
    }

    /// <https://dom.spec.whatwg.org/#dom-window-event>
    fn event(&self, _realm: &Realm) -> EventOrUndefined {
        let event = self.current_event.borrow().as_ref().map(Dom::root);
        event.map_or(EventOrUndefined::Undefined(()), EventOrUndefined::Event)
    }

    event_handlers! { EventHandlerNonNull:
        onabort set_onabort, onauxclick set_onauxclick, onbeforeinput set_onbeforeinput,
        onbeforematch set_onbeforematch, onbeforetoggle set_onbeforetoggle, onblur set_onblur,
        oncancel set_oncancel, oncanplay set_oncanplay, oncanplaythrough set_oncanplaythrough,
        onchange set_onchange, onclick set_onclick, onclose set_onclose, oncommand set_oncommand,
        oncontextlost set_oncontextlost, oncontextmenu set_oncontextmenu,
        oncontextrestored set_oncontextrestored, oncopy set_oncopy, oncuechange set_oncuechange,
        oncut set_oncut, ondblclick set_ondblclick, ondrag set_ondrag, ondragend set_ondragend,
        ondragenter set_ondragenter, ondragleave set_ondragleave, ondragover set_ondragover,
        ondragstart set_ondragstart, ondrop set_ondrop, ondurationchange set_ondurationchange,
        onemptied set_onemptied, onended set_onended, onfocus set_onfocus,
        onformdata set_onformdata, oninput set_oninput, oninvalid set_oninvalid,
        onkeydown set_onkeydown, onkeypress set_onkeypress, onkeyup set_onkeyup, onload set_onload,
        onloadeddata set_onloadeddata, onloadedmetadata set_onloadedmetadata,
        onloadstart set_onloadstart, onmousedown set_onmousedown, onmouseenter set_onmouseenter,
        onmouseleave set_onmouseleave, onmousemove set_onmousemove, onmouseout set_onmouseout,
        onmouseover set_onmouseover, onmouseup set_onmouseup, onpaste set_onpaste,
        onpause set_onpause, onplay set_onplay, onplaying set_onplaying, onprogress set_onprogress,
        onratechange set_onratechange, onreset set_onreset, onresize set_onresize,
        onscroll set_onscroll, onscrollend set_onscrollend,
        onsecuritypolicyviolation set_onsecuritypolicyviolation, onseeked set_onseeked,
        onseeking set_onseeking, onselect set_onselect, onslotchange set_onslotchange,
        onstalled set_onstalled, onsubmit set_onsubmit, onsuspend set_onsuspend,
        ontimeupdate set_ontimeupdate, ontoggle set_ontoggle, onvolumechange set_onvolumechange,
        onwaiting set_onwaiting, onwebkitanimationend set_onwebkitanimationend,
        onwebkitanimationiteration set_onwebkitanimationiteration,
        onwebkitanimationstart set_onwebkitanimationstart,
        onwebkittransitionend set_onwebkittransitionend, onwheel set_onwheel,
        onpointerover set_onpointerover, onpointerenter set_onpointerenter,
        onpointerdown set_onpointerdown, onpointermove set_onpointermove,
        onpointerup set_onpointerup, onpointercancel set_onpointercancel,
        onpointerout set_onpointerout, onpointerleave set_onpointerleave,
        ongotpointercapture set_ongotpointercapture, onlostpointercapture set_onlostpointercapture,
    }
    event_handlers! { OnErrorEventHandlerNonNull: onerror set_onerror }
    event_handlers! { EventHandlerNonNull:
        onafterprint set_onafterprint, onbeforeprint set_onbeforeprint,
        onhashchange set_onhashchange, onlanguagechange set_onlanguagechange,
        onmessage set_onmessage, onmessageerror set_onmessageerror, onoffline set_onoffline,
        ononline set_ononline, onpagehide set_onpagehide, onpagereveal set_onpagereveal,
        onpageshow set_onpageshow, onpageswap set_onpageswap, onpopstate set_onpopstate,
        onrejectionhandled set_onrejectionhandled, onstorage set_onstorage,
        onunhandledrejection set_onunhandledrejection, onunload set_onunload,
    }
    event_handlers! { OnBeforeUnloadEventHandlerNonNull: onbeforeunload set_onbeforeunload }
}
