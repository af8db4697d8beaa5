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

use super::event_target::Listener;
use super::{EventTarget, event_dispatch};
use crate::bindings::{AbortControllerMethods, AbortSignalMethods, EventHandlerNonNull};
use crate::page::Page;

/// Something that ends when a signal aborts: an
/// [abort algorithm](https://dom.spec.whatwg.org/#abortsignal-abort-algorithms).
pub(crate) trait AbortAlgorithm {
    /// Ends it. Script may run meanwhile.
    fn abort(&self, reason: &JsValue);
}

/// What tells of an abort.
pub(crate) struct AbortSignal {
    event_target: EventTarget,
    aborted: Cell<bool>,
    reason: RefCell<JsValue>,
    /// The [dependent signals](https://dom.spec.whatwg.org/#abortsignal-dependent-signals): they abort
    /// when this one does.
    dependents: RefCell<Vec<Dom<AbortSignal>>>,
    /// The [source signals](https://dom.spec.whatwg.org/#abortsignal-source-signals) of a dependent one,
    /// none of which is dependent itself.
    sources: RefCell<Vec<DomWeak<AbortSignal>>>,
    is_dependent: Cell<bool>,
    algorithms: RefCell<Vec<Weak<dyn AbortAlgorithm>>>,
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
                dependents: RefCell::default(),
                sources: RefCell::default(),
                is_dependent: Cell::new(false),
                algorithms: RefCell::default(),
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

    /// [Adds an algorithm](https://dom.spec.whatwg.org/#abortsignal-add). It is removed when it is
    /// dropped.
    pub(crate) fn add_algorithm(&self, algorithm: Weak<dyn AbortAlgorithm>) {
        let mut algorithms = self.algorithms.borrow_mut();
        algorithms.retain(|algorithm| algorithm.strong_count() > 0);
        algorithms.push(algorithm);
    }

    /// The abort reason; `undefined` while it has not aborted.
    pub(crate) fn abort_reason(&self) -> JsValue {
        self.reason.borrow().clone()
    }

    fn set_aborted(&self, reason: &JsValue) {
        self.aborted.set(true);
        let old = self.reason.replace(reason.clone());
        drop(old);
    }

    /// [Signals abort](https://dom.spec.whatwg.org/#abortsignal-signal-abort).
    fn signal(&self, realm: &Realm, reason: JsValue) -> Fallible<()> {
        if self.is_aborted() {
            return Ok(());
        }
        let reason = reason_or_default(realm, reason, DomExceptionName::AbortError)?;
        self.set_aborted(&reason);
        let dependents = std::mem::take(&mut *self.dependents.borrow_mut());
        let mut dependents: Vec<_> = dependents.iter().map(Dom::root).collect();
        dependents.retain(|dependent| !dependent.is_aborted());
        for dependent in &dependents {
            dependent.set_aborted(&reason);
        }
        self.run_abort_steps();
        for dependent in dependents {
            dependent.run_abort_steps();
        }
        Ok(())
    }

    /// [Runs the abort steps](https://dom.spec.whatwg.org/#run-the-abort-steps).
    fn run_abort_steps(&self) {
        let algorithms = std::mem::take(&mut *self.algorithms.borrow_mut());
        let reason = self.abort_reason();
        for algorithm in algorithms.iter().filter_map(Weak::upgrade) {
            algorithm.abort(&reason);
        }
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

    /// [Creates a dependent abort signal](https://dom.spec.whatwg.org/#create-a-dependent-abort-signal).
    pub(crate) fn create_dependent(
        realm: &Realm,
        signals: &[DomRoot<AbortSignal>],
    ) -> Fallible<DomRoot<AbortSignal>> {
        let result = Self::create(realm);
        if let Some(aborted) = signals.iter().find(|signal| signal.is_aborted()) {
            result.set_aborted(&aborted.abort_reason());
            return Ok(result);
        }
        result.is_dependent.set(true);
        let mut sources: Vec<DomRoot<AbortSignal>> = Vec::new();
        for signal in signals {
            let own = if signal.is_dependent.get() {
                signal.sources.borrow().iter().filter_map(DomWeak::upgrade).collect()
            } else {
                vec![signal.clone()]
            };
            for source in own {
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
        }
        for source in &sources {
            source.dependents.borrow_mut().push(Dom::new(&result)?);
        }
        *result.sources.borrow_mut() = sources.iter().map(DomRoot::downgrade).collect();
        Ok(result)
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
        signal.set_aborted(&reason_or_default(realm, reason, DomExceptionName::AbortError)?);
        Ok(signal)
    }

    fn timeout(realm: &Realm, milliseconds: u64) -> Fallible<DomRoot<AbortSignal>> {
        let signal = Self::create(realm);
        let page = Page::of(realm);
        let timer = page.new_timer();
        let aborted = signal.clone();
        let delay = Duration::from_millis(milliseconds);
        page.set_timer(timer, delay, move |_| {
            let realm = aborted.realm();
            let reason =
                reason_or_default(&realm, JsValue::undefined(), DomExceptionName::TimeoutError);
            if let Err(error) = reason.and_then(|reason| aborted.signal(&realm, reason)) {
                log::warn!("a time-out could not be signalled: {error}");
            }
        });
        Ok(signal)
    }

    /// <https://dom.spec.whatwg.org/#dom-abortsignal-any>
    fn any(realm: &Realm, signals: Vec<DomRoot<AbortSignal>>) -> Fallible<DomRoot<AbortSignal>> {
        Self::create_dependent(realm, &signals)
    }

    fn aborted(&self, _realm: &Realm) -> bool {
        self.aborted.get()
    }

    fn reason(&self, _realm: &Realm) -> JsValue {
        self.abort_reason()
    }

    fn throw_if_aborted(&self, realm: &Realm) -> Fallible<()> {
        if self.is_aborted() {
            return Err(realm.throw_value(self.abort_reason()));
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
