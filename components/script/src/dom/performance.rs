/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Performance](https://w3c.github.io/hr-time/#sec-performance).

use sordino_script_bindings::{DomObjectExt, DomRoot, Fallible, JsObject, Realm, ToJs, dom_object};
use sordino_traits::Timestamp;

use super::EventTarget;
use crate::bindings::PerformanceMethods;
use crate::hr_time::Clock;

/// `performance`: the time.
pub(crate) struct Performance {
    event_target: EventTarget,
    clock: Clock,
}

dom_object!(Performance: EventTarget, event_target);

impl Performance {
    pub(crate) fn create(realm: &Realm, clock: Clock) -> DomRoot<Self> {
        DomRoot::new(realm, Self { event_target: EventTarget::new(), clock })
    }
}

impl PerformanceMethods for Performance {
    fn now(&self, _realm: &Realm) -> Fallible<f64> {
        Ok(self.clock.relative(Timestamp::now()))
    }

    fn time_origin(&self, _realm: &Realm) -> f64 {
        self.clock.time_origin()
    }

    /// <https://webidl.spec.whatwg.org/#default-tojson-steps>
    fn to_json(&self, _realm: &Realm) -> Fallible<JsObject> {
        let realm = self.realm();
        let json = realm.new_object()?;
        json.define(&realm, "timeOrigin", self.clock.time_origin().to_js(&realm)?)?;
        Ok(json)
    }
}
