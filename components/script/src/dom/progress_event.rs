/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [ProgressEvent](https://xhr.spec.whatwg.org/#interface-progressevent).

use sordino_script_bindings::{DomObjectExt, DomRoot, DomString, Fallible, Realm, dom_object};

use super::{Event, EventTarget, dispatch};
use crate::bindings::{EventInit, ProgressEventInit, ProgressEventMethods};

/// How far something has come.
pub(crate) struct ProgressEvent {
    event: Event,
    length_computable: bool,
    loaded: f64,
    total: f64,
}

dom_object!(ProgressEvent: Event, event);

/// How much of something is there, in bytes. The total is 0 when it is not known.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Progress {
    pub(crate) loaded: u64,
    pub(crate) total: u64,
}

/// [Fires a progress event](https://xhr.spec.whatwg.org/#concept-event-fire-progress).
pub(crate) fn fire_progress(target: &DomRoot<EventTarget>, type_: &str, progress: Progress) {
    let event = Event::new(type_.into(), &EventInit::default());
    event.set_trusted(true);
    let event = ProgressEvent {
        event,
        length_computable: progress.total != 0,
        loaded: progress.loaded as f64,
        total: progress.total as f64,
    };
    dispatch(target, &DomRoot::new(&target.realm(), event).upcast());
}

impl ProgressEventMethods for ProgressEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: ProgressEventInit,
    ) -> Fallible<DomRoot<Self>> {
        let ProgressEventInit { parent, length_computable, loaded, total } = init;
        let event = Event::new(type_, &parent);
        Ok(DomRoot::new(realm, Self { event, length_computable, loaded, total }))
    }

    fn length_computable(&self, _realm: &Realm) -> bool {
        self.length_computable
    }

    fn loaded(&self, _realm: &Realm) -> f64 {
        self.loaded
    }

    fn total(&self, _realm: &Realm) -> f64 {
        self.total
    }
}
