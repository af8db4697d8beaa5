/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [PointerEvent](https://w3c.github.io/pointerevents/#pointerevent-interface).

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use sordino_script_bindings::{Dom, DomObjectExt, DomRoot, DomString, Fallible, Realm, dom_object};

use super::MouseEvent;
use crate::bindings::{PointerEventInit, PointerEventMethods};
use crate::dom::{Element, Event, event_dispatch};

/// Something happened with a mouse, a pen or a finger.
pub(crate) struct PointerEvent {
    mouse_event: MouseEvent,
    pointer_id: i32,
    width: f64,
    height: f64,
    pressure: f32,
    tangential_pressure: f32,
    direction: Direction,
    twist: i32,
    pointer_type: DomString,
    is_primary: bool,
    persistent_device_id: i32,
    coalesced_events: Vec<Dom<PointerEvent>>,
    predicted_events: Vec<Dom<PointerEvent>>,
}

dom_object!(PointerEvent: MouseEvent, mouse_event, trace(coalesced_events, predicted_events));

/// Where a pen points, in both ways in which Pointer Events says it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Direction {
    /// Degrees.
    tilt: (i32, i32),
    /// Radians.
    altitude: f64,
    /// Radians.
    azimuth: f64,
}

impl Direction {
    /// What is not given follows from what is, as for
    /// [the dictionary](https://w3c.github.io/pointerevents/#dom-pointereventinit-tiltx).
    fn from_init(init: &PointerEventInit) -> Self {
        let tilt = (init.tilt_x.unwrap_or(0), init.tilt_y.unwrap_or(0));
        let altitude = init.altitude_angle.unwrap_or(FRAC_PI_2);
        let azimuth = init.azimuth_angle.unwrap_or(0.0);
        let has_tilt = init.tilt_x.is_some() || init.tilt_y.is_some();
        let has_angles = init.altitude_angle.is_some() || init.azimuth_angle.is_some();
        match (has_tilt, has_angles) {
            (true, false) => {
                let (altitude, azimuth) = angles_of_tilt(tilt);
                Self { tilt, altitude, azimuth }
            }
            (false, true) => Self { tilt: tilt_of_angles(altitude, azimuth), altitude, azimuth },
            _ => Self { tilt, altitude, azimuth },
        }
    }
}

/// [Converts tilt to altitude and azimuth](https://w3c.github.io/pointerevents/#converting-between-tiltx-tilty-and-altitudeangle-azimuthangle),
/// in radians.
fn angles_of_tilt((x, y): (i32, i32)) -> (f64, f64) {
    let (x_radians, y_radians) = (f64::from(x).to_radians(), f64::from(y).to_radians());
    let is_flat = x.unsigned_abs() == 90 || y.unsigned_abs() == 90;
    let azimuth = match (x, y) {
        (0, 0) => 0.0,
        (0, y) if y > 0 => FRAC_PI_2,
        (0, _) => 3.0 * FRAC_PI_2,
        (x, 0) if x > 0 => 0.0,
        (_, 0) => PI,
        // There are many azimuths of these.
        _ if is_flat => 0.0,
        _ => y_radians.tan().atan2(x_radians.tan()).rem_euclid(TAU),
    };
    let altitude = match (x, y) {
        _ if is_flat => 0.0,
        (0, _) => FRAC_PI_2 - y_radians.abs(),
        (_, 0) => FRAC_PI_2 - x_radians.abs(),
        _ => (1.0 / x_radians.tan().hypot(y_radians.tan())).atan(),
    };
    (altitude, azimuth)
}

/// Converts altitude and azimuth to tilt, in degrees.
fn tilt_of_angles(altitude: f64, azimuth: f64) -> (i32, i32) {
    let (x, y) = if altitude == 0.0 {
        // A pen that lies flat is tilted by 90° along each axis that it has a part in.
        let along = |part: f64| if part.abs() < 1e-9 { 0.0 } else { FRAC_PI_2.copysign(part) };
        (along(azimuth.cos()), along(azimuth.sin()))
    } else {
        let tangent = altitude.tan();
        ((azimuth.cos() / tangent).atan(), (azimuth.sin() / tangent).atan())
    };
    // From -90 to 90, so that nothing is lost.
    (x.to_degrees().round() as i32, y.to_degrees().round() as i32)
}

impl PointerEvent {
    fn new(type_: DomString, init: PointerEventInit) -> Self {
        // An event without a wrapper could not be seen by script.
        let kept = |events: &[DomRoot<PointerEvent>]| {
            events.iter().filter_map(|event| Dom::new(event).ok()).collect()
        };
        Self {
            mouse_event: MouseEvent::new(type_, &init.parent),
            pointer_id: init.pointer_id,
            width: init.width,
            height: init.height,
            pressure: init.pressure,
            tangential_pressure: init.tangential_pressure,
            direction: Direction::from_init(&init),
            twist: init.twist,
            is_primary: init.is_primary,
            persistent_device_id: init.persistent_device_id,
            coalesced_events: kept(&init.coalesced_events),
            predicted_events: kept(&init.predicted_events),
            pointer_type: init.pointer_type,
        }
    }

    /// An event that the engine makes.
    pub(crate) fn new_trusted(realm: &Realm, type_: &str, init: PointerEventInit) -> DomRoot<Self> {
        let event = Self::new(type_.into(), init);
        event.upcast::<Event>().set_trusted(true);
        DomRoot::new(realm, event)
    }
}

/// [Fires a synthetic pointer event](https://html.spec.whatwg.org/multipage/webappapis.html#fire-a-synthetic-pointer-event)
/// at an element; it comes from no device. Returns whether nobody canceled it.
pub(crate) fn fire_synthetic(target: &DomRoot<Element>, type_: &str, trusted: bool) -> bool {
    let view = Some(target.page().window());
    let parent = MouseEvent::user_init(view, 0);
    let init = PointerEventInit { parent, pointer_id: -1, ..PointerEventInit::default() };
    let event = PointerEvent::new_trusted(&target.realm(), type_, init);
    event.upcast::<Event>().set_trusted(trusted);
    event_dispatch::dispatch(&target.upcast(), &event.upcast())
}

impl PointerEventMethods for PointerEvent {
    fn constructor(
        realm: &Realm,
        type_: DomString,
        init: PointerEventInit,
    ) -> Fallible<DomRoot<Self>> {
        Ok(DomRoot::new(realm, Self::new(type_, init)))
    }

    fn pointer_id(&self, _realm: &Realm) -> i32 {
        self.pointer_id
    }

    fn width(&self, _realm: &Realm) -> f64 {
        self.width
    }

    fn height(&self, _realm: &Realm) -> f64 {
        self.height
    }

    fn pressure(&self, _realm: &Realm) -> f32 {
        self.pressure
    }

    fn tangential_pressure(&self, _realm: &Realm) -> f32 {
        self.tangential_pressure
    }

    fn tilt_x(&self, _realm: &Realm) -> i32 {
        self.direction.tilt.0
    }

    fn tilt_y(&self, _realm: &Realm) -> i32 {
        self.direction.tilt.1
    }

    fn twist(&self, _realm: &Realm) -> i32 {
        self.twist
    }

    fn altitude_angle(&self, _realm: &Realm) -> f64 {
        self.direction.altitude
    }

    fn azimuth_angle(&self, _realm: &Realm) -> f64 {
        self.direction.azimuth
    }

    fn pointer_type(&self, _realm: &Realm) -> DomString {
        self.pointer_type.clone()
    }

    fn is_primary(&self, _realm: &Realm) -> bool {
        self.is_primary
    }

    fn persistent_device_id(&self, _realm: &Realm) -> i32 {
        self.persistent_device_id
    }

    fn get_coalesced_events(&self, _realm: &Realm) -> Fallible<Vec<DomRoot<PointerEvent>>> {
        Ok(self.coalesced_events.iter().map(Dom::root).collect())
    }

    fn get_predicted_events(&self, _realm: &Realm) -> Fallible<Vec<DomRoot<PointerEvent>>> {
        Ok(self.predicted_events.iter().map(Dom::root).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::FRAC_PI_4;

    use super::*;

    #[test]
    fn tilt_and_angles_say_the_same() {
        for (tilt, altitude, azimuth) in [
            ((0, 0), FRAC_PI_2, 0.0),
            ((45, 0), FRAC_PI_4, 0.0),
            ((-45, 0), FRAC_PI_4, PI),
            ((0, 45), FRAC_PI_4, FRAC_PI_2),
            ((0, -45), FRAC_PI_4, 3.0 * FRAC_PI_2),
            ((90, 0), 0.0, 0.0),
            ((60, 60), (1.0 / 6.0_f64.sqrt()).atan(), FRAC_PI_4),
            ((-60, -60), (1.0 / 6.0_f64.sqrt()).atan(), PI + FRAC_PI_4),
        ] {
            let found = angles_of_tilt(tilt);
            assert!((found.0 - altitude).abs() < 1e-9, "altitude of {tilt:?}: {found:?}");
            assert!((found.1 - azimuth).abs() < 1e-9, "azimuth of {tilt:?}: {found:?}");
            assert_eq!(tilt_of_angles(altitude, azimuth), tilt);
        }
        assert_eq!(angles_of_tilt((90, 90)), (0.0, 0.0));
        assert_eq!(tilt_of_angles(0.0, 1.0), (90, 90));
        assert_eq!(tilt_of_angles(0.0, FRAC_PI_2), (0, 90));
        assert_eq!(tilt_of_angles(0.0, 4.0), (-90, -90));
    }
}
