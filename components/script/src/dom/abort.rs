/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AbortController](https://dom.spec.whatwg.org/#interface-abortcontroller) and
//! [AbortSignal](https://dom.spec.whatwg.org/#interface-AbortSignal).

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use sordino_script_bindings::{
    Dom, DomException, DomExceptionName, DomObjectExt, DomRoot, DomWeak, Fallible, JsValue, Realm,
    Reflector, ToJs, dom_object,
};
use sordino_traits::Timestamp;

use super::event_target::Listener;
use super::{EventTarget, event_dispatch};
use crate::bindings::{AbortControllerMethods, AbortSignalMethods, EventHandlerNonNull};
use crate::page::Page;

/// What tells of an abort.
pub(crate) struct AbortSignal {
    event_target: EventTarget,
    aborted: Cell<bool>,
    reason: RefCell<JsValue>,
    /// Of a signal that depends on others: the signals that abort it, which depend on none.
    sources: RefCell<Option<Vec<DomWeak<AbortSignal>>>>,
    /// The signals that abort when this one does.
    dependents: RefCell<Vec<Dom<AbortSignal>>>,
    /// Listeners that go when this aborts, with their targets.
    listeners: RefCell<Vec<(DomWeak<EventTarget>, Weak<Listener>)>>,
}

dom_object!(AbortSignal: EventTarget, event_target, trace(reason, dependents));

impl AbortSignal {
    fn create(realm: &Realm) -> DomRoot<Self> {
        DomRoot::new(
            realm,
            Self {
                event_target: EventTarget::new(),
                aborted: Cell::new(false),
                reason: RefCell::default(),
                sources: RefCell::default(),
                dependents: RefCell::default(),
                listeners: RefCell::default(),
            },
        )
    }

    pub(crate) fn is_aborted(&self) -> bool {
        self.aborted.get()
    }

    /// Takes a listener away when the signal aborts.
    pub(crate) fn removes(&self, target: &DomRoot<EventTarget>, listener: &Rc<Listener>) {
        self.listeners.borrow_mut().push((target.downgrade(), Rc::downgrade(listener)));
    }

    /// [Signals abort](https://dom.spec.whatwg.org/#abortsignal-signal-abort).
    fn signal(&self, realm: &Realm, reason: JsValue) -> Fallible<()> {
        if self.is_aborted() {
            return Ok(());
        }
        let reason = reason_or_default(realm, reason, DomExceptionName::AbortError)?;
        let dependents = std::mem::take(&mut *self.dependents.borrow_mut());
        let mut aborting = vec![self.root()];
        aborting.extend(dependents.iter().map(Dom::root).filter(|it| !it.is_aborted()));
        // All of them are aborted before any script runs.
        for signal in &aborting {
            signal.aborted.set(true);
            let old = signal.reason.replace(reason.clone());
            drop(old);
        }
        for signal in &aborting {
            signal.run_abort_steps();
        }
        Ok(())
    }

    /// [Runs the abort steps](https://dom.spec.whatwg.org/#run-the-abort-steps).
    fn run_abort_steps(&self) {
        let listeners = std::mem::take(&mut *self.listeners.borrow_mut());
        for (target, listener) in &listeners {
            if let Some(listener) = listener.upgrade()
                && let Some(target) = target.upgrade()
            {
                target.remove_listener(&listener);
            }
        }
        drop(listeners);
        event_dispatch::fire(&self.root().upcast(), "abort");
    }
}

fn reason_or_default(realm: &Realm, reason: JsValue, name: DomExceptionName) -> Fallible<JsValue> {
    if reason.is_undefined() {
        DomException::new(realm, name, "the operation was aborted")?.to_js(realm)
    } else {
        Ok(reason)
    }
}

impl AbortSignalMethods for AbortSignal {
    fn abort(realm: &Realm, reason: JsValue) -> Fallible<DomRoot<AbortSignal>> {
        let signal = Self::create(realm);
        signal.aborted.set(true);
        *signal.reason.borrow_mut() =
            reason_or_default(realm, reason, DomExceptionName::AbortError)?;
        Ok(signal)
    }

    fn timeout(realm: &Realm, milliseconds: u64) -> Fallible<DomRoot<AbortSignal>> {
        let signal = Self::create(realm);
        let page = Page::of(realm);
        let timer = page.events().new_timer();
        let aborted = signal.clone();
        let delay = Duration::from_millis(milliseconds);
        page.events().set_timer(timer, delay, Timestamp::now(), move |_page: &Rc<Page>| {
            let realm = aborted.realm();
            let reason =
                reason_or_default(&realm, JsValue::undefined(), DomExceptionName::TimeoutError);
            if let Err(error) = reason.and_then(|reason| aborted.signal(&realm, reason)) {
                log::warn!("a time-out could not be signalled: {error}");
            }
        });
        Ok(signal)
    }

    /// <https://dom.spec.whatwg.org/#create-a-dependent-abort-signal>
    fn any(realm: &Realm, signals: Vec<DomRoot<AbortSignal>>) -> Fallible<DomRoot<AbortSignal>> {
        let dependent = Self::create(realm);
        if let Some(aborted) = signals.iter().find(|signal| signal.is_aborted()) {
            dependent.aborted.set(true);
            *dependent.reason.borrow_mut() = aborted.reason.borrow().clone();
            return Ok(dependent);
        }
        let mut sources: Vec<DomRoot<AbortSignal>> = Vec::new();
        for signal in signals {
            let own = signal
                .sources
                .borrow()
                .as_ref()
                .map(|sources| sources.iter().filter_map(DomWeak::upgrade).collect::<Vec<_>>());
            for source in own.unwrap_or_else(|| vec![signal]) {
                if !sources.contains(&source) {
                    source.dependents.borrow_mut().push(Dom::new(&dependent)?);
                    sources.push(source);
                }
            }
        }
        let weak = sources.iter().map(DomRoot::downgrade).collect();
        *dependent.sources.borrow_mut() = Some(weak);
        Ok(dependent)
    }

    fn aborted(&self, _realm: &Realm) -> bool {
        self.aborted.get()
    }

    fn reason(&self, _realm: &Realm) -> JsValue {
        self.reason.borrow().clone()
    }

    fn throw_if_aborted(&self, realm: &Realm) -> Fallible<()> {
        if self.is_aborted() {
            return Err(realm.throw_value(self.reason.borrow().clone()));
        }
        Ok(())
    }

    fn onabort(&self, _realm: &Realm) -> Option<Rc<EventHandlerNonNull>> {
        self.event_target.handler("abort")
    }

    fn set_onabort(&self, _realm: &Realm, value: Option<Rc<EventHandlerNonNull>>) {
        self.event_target.set_handler("abort", value);
    }
}

/// What aborts.
pub(crate) struct AbortController {
    reflector: Reflector,
    signal: Dom<AbortSignal>,
}

dom_object!(AbortController, reflector, trace(signal));

impl AbortControllerMethods for AbortController {
    fn constructor(realm: &Realm) -> Fallible<DomRoot<Self>> {
        let signal = Dom::new(&AbortSignal::create(realm))?;
        Ok(DomRoot::new(realm, Self { reflector: Reflector::new(), signal }))
    }

    fn signal(&self, _realm: &Realm) -> DomRoot<AbortSignal> {
        self.signal.root()
    }

    fn abort(&self, realm: &Realm, reason: JsValue) -> Fallible<()> {
        self.signal.signal(realm, reason)
    }
}
