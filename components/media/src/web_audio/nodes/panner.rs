/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [PannerNode](https://webaudio.github.io/web-audio-api/#PannerNode), with the panning model
//! `equalpower`.

use euclid::default::Vector3D;

use super::Params;
use super::stereo_panner::{Place, place_frames};
use crate::web_audio::block::{Block, QUANTUM};
use crate::web_audio::param::ParamName;

/// [DistanceModelType](https://webaudio.github.io/web-audio-api/#enumdef-distancemodeltype).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs, reason = "they are the values of these names")]
pub enum DistanceModel {
    Linear,
    Inverse,
    Exponential,
}

/// The attributes of a `PannerNode` that are no parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PannerSettings {
    /// How the distance makes it softer.
    pub distance_model: DistanceModel,
    /// The distance up to which it is as loud as can be.
    pub ref_distance: f64,
    /// The distance from which on it is as soft as can be.
    pub max_distance: f64,
    /// How much softer it becomes.
    pub rolloff_factor: f64,
    /// In degrees.
    pub cone_inner_angle: f64,
    /// In degrees.
    pub cone_outer_angle: f64,
    /// Its gain outside of the outer cone.
    pub cone_outer_gain: f64,
}

impl PannerSettings {
    /// The [distance effects](https://webaudio.github.io/web-audio-api/#Spatialization-distance-effects).
    fn distance_gain(&self, distance: f64) -> f64 {
        let rolloff = self.rolloff_factor;
        let beyond = distance.max(self.ref_distance);
        match self.distance_model {
            DistanceModel::Linear => {
                let (near, far) = (
                    self.ref_distance.min(self.max_distance),
                    self.ref_distance.max(self.max_distance),
                );
                let rolloff = rolloff.clamp(0.0, 1.0);
                if near == far {
                    return 1.0 - rolloff;
                }
                1.0 - rolloff * (distance.clamp(near, far) - near) / (far - near)
            }
            _ if self.ref_distance == 0.0 => 0.0,
            DistanceModel::Inverse => {
                self.ref_distance / (self.ref_distance + rolloff * (beyond - self.ref_distance))
            }
            DistanceModel::Exponential => (beyond / self.ref_distance).powf(-rolloff),
        }
    }

    /// The [sound cones](https://webaudio.github.io/web-audio-api/#Spatialization-sound-cones), for an angle
    /// in degrees.
    fn cone_gain(&self, angle: f64) -> f64 {
        let (inner, outer) = (self.cone_inner_angle.abs() / 2.0, self.cone_outer_angle.abs() / 2.0);
        if angle <= inner {
            1.0
        } else if angle >= outer {
            self.cone_outer_gain
        } else {
            let part = (angle - inner) / (outer - inner);
            (1.0 - part) + self.cone_outer_gain * part
        }
    }
}

type Vector = Vector3D<f64>;

fn normalized(vector: Vector) -> Option<Vector> {
    let length = vector.length();
    (length.is_finite() && length > 0.0).then(|| vector / length)
}

/// In degrees, in 0..=180.
fn angle(cosine: f64) -> f64 {
    cosine.clamp(-1.0, 1.0).acos().to_degrees()
}

/// Who hears.
#[derive(Clone, Copy, Debug)]
struct Ears {
    position: Vector,
    forward: Vector,
    up: Vector,
}

impl Ears {
    const PARAMS: [ParamName; 9] = [
        ParamName::PositionX,
        ParamName::PositionY,
        ParamName::PositionZ,
        ParamName::ForwardX,
        ParamName::ForwardY,
        ParamName::ForwardZ,
        ParamName::UpX,
        ParamName::UpY,
        ParamName::UpZ,
    ];

    /// Of a frame of the listener's output.
    fn of(listener: &Block, frame: usize) -> Self {
        let value = |channel: usize| {
            listener.channels().get(channel).map_or(0.0, |channel| f64::from(channel[frame]))
        };
        let vector = |first: usize| Vector::new(value(first), value(first + 1), value(first + 2));
        Self { position: vector(0), forward: vector(3), up: vector(6) }
    }

    /// The [azimuth](https://webaudio.github.io/web-audio-api/#azimuth-elevation) of a source, in degrees.
    fn azimuth(&self, source: Vector) -> f64 {
        let Some(direction) = normalized(source - self.position) else { return 0.0 };
        let right = normalized(self.forward.cross(self.up));
        let (Some(right), Some(forward)) = (right, normalized(self.forward)) else { return 0.0 };
        let up = right.cross(forward);
        let projected = direction - up * direction.dot(up);
        // What is straight above or below has no direction.
        let projected = normalized(projected).unwrap_or_default();
        let azimuth = angle(projected.dot(right));
        let azimuth = if projected.dot(forward) < 0.0 { 360.0 - azimuth } else { azimuth };
        if azimuth <= 270.0 { 90.0 - azimuth } else { 450.0 - azimuth }
    }
}

/// Makes the listener's parameters its output.
pub(super) fn listen(params: Params<'_>, output: &mut Block) {
    let channels = output.clear_to(Ears::PARAMS.len());
    for (channel, name) in channels.iter_mut().zip(Ears::PARAMS) {
        let values = params.values(name);
        *channel = std::array::from_fn(|frame| values.at(frame));
    }
}

pub(crate) struct Panner {
    settings: PannerSettings,
}

impl Panner {
    pub(super) fn new(settings: PannerSettings) -> Self {
        Self { settings }
    }

    pub(super) fn set(&mut self, settings: PannerSettings) {
        self.settings = settings;
    }

    fn place(
        &self,
        source: Vector,
        orientation: Vector,
        ears: &Ears,
        is_mono: bool,
    ) -> (Place, f32) {
        let azimuth = ears.azimuth(source).clamp(-180.0, 180.0);
        let azimuth = match azimuth {
            behind if behind < -90.0 => -180.0 - behind,
            behind if behind > 90.0 => 180.0 - behind,
            before => before,
        };
        let distance = (source - ears.position).length();
        let to_ears = normalized(ears.position - source);
        let cone = match (normalized(orientation), to_ears) {
            (Some(orientation), Some(to_ears)) => {
                self.settings.cone_gain(angle(to_ears.dot(orientation)))
            }
            _ => 1.0,
        };
        let gain = self.settings.distance_gain(distance) * cone;
        let gain = if gain.is_nan() { 0.0 } else { gain as f32 };
        (Place::of(azimuth / 90.0, is_mono), gain)
    }

    pub(super) fn process(
        &self,
        input: &Block,
        params: Params<'_>,
        listener: &Block,
        output: &mut Block,
    ) {
        let vector = |names: [ParamName; 3], frame: usize| {
            let [x, y, z] = names.map(|name| f64::from(params.values(name).at(frame)));
            Vector::new(x, y, z)
        };
        const POSITION: [ParamName; 3] =
            [ParamName::PositionX, ParamName::PositionY, ParamName::PositionZ];
        const ORIENTATION: [ParamName; 3] =
            [ParamName::OrientationX, ParamName::OrientationY, ParamName::OrientationZ];
        let rests = POSITION
            .iter()
            .chain(&ORIENTATION)
            .all(|name| params.values(*name).constant().is_some())
            && listener.channels().iter().all(|channel| channel[0] == channel[QUANTUM - 1]);
        let mut known = None;
        place_frames(input, output, |frame, is_mono| {
            let make = || {
                let ears = Ears::of(listener, frame);
                self.place(vector(POSITION, frame), vector(ORIENTATION, frame), &ears, is_mono)
            };
            if rests { *known.get_or_insert_with(make) } else { make() }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: PannerSettings = PannerSettings {
        distance_model: DistanceModel::Inverse,
        ref_distance: 1.0,
        max_distance: 10.0,
        rolloff_factor: 1.0,
        cone_inner_angle: 360.0,
        cone_outer_angle: 360.0,
        cone_outer_gain: 0.0,
    };

    fn ears() -> Ears {
        Ears {
            position: Vector::zero(),
            forward: Vector::new(0.0, 0.0, -1.0),
            up: Vector::new(0.0, 1.0, 0.0),
        }
    }

    #[test]
    fn directions_are_seen_from_the_listener() {
        for (source, azimuth) in [
            ((0.0, 0.0, -1.0), 0.0),
            ((1.0, 0.0, 0.0), 90.0),
            ((-1.0, 0.0, 0.0), -90.0),
            ((1.0, 0.0, -1.0), 45.0),
            ((1.0, 0.0, 1.0), 135.0),
            ((0.0, 0.0, 0.0), 0.0),
            ((0.0, 5.0, 0.0), 0.0),
        ] {
            let found = ears().azimuth(source.into());
            assert!((found - azimuth).abs() < 1e-6, "{source:?} is at {found}");
        }
        let blind = Ears { up: Vector::new(0.0, 0.0, 2.0), ..ears() };
        assert_eq!(blind.azimuth(Vector::new(1.0, 0.0, 0.0)), 0.0);
    }

    #[test]
    fn what_is_far_is_softer() {
        let gain = |distance_model, distance| {
            PannerSettings { distance_model, ..SETTINGS }.distance_gain(distance)
        };
        for model in [DistanceModel::Linear, DistanceModel::Inverse, DistanceModel::Exponential] {
            assert_eq!(gain(model, 0.5), 1.0, "{model:?}");
        }
        assert_eq!(gain(DistanceModel::Linear, 5.5), 0.5);
        assert_eq!(gain(DistanceModel::Linear, 99.0), 0.0);
        assert_eq!(gain(DistanceModel::Inverse, 4.0), 0.25);
        assert_eq!(gain(DistanceModel::Exponential, 8.0), 0.125);
        let nowhere = PannerSettings { ref_distance: 0.0, ..SETTINGS };
        assert_eq!(nowhere.distance_gain(1.0), 0.0);
        let point = PannerSettings {
            distance_model: DistanceModel::Linear,
            max_distance: 1.0,
            rolloff_factor: 0.25,
            ..SETTINGS
        };
        assert_eq!(point.distance_gain(7.0), 0.75);
    }

    #[test]
    fn outside_of_its_cone_a_sound_is_softer() {
        let cone = PannerSettings {
            cone_inner_angle: 60.0,
            cone_outer_angle: 120.0,
            cone_outer_gain: 0.5,
            ..SETTINGS
        };
        assert_eq!([10.0, 45.0, 60.0, 180.0].map(|it| cone.cone_gain(it)), [1.0, 0.75, 0.5, 0.5]);
    }

    #[test]
    fn wild_places_make_no_wild_sound() {
        let panner = Panner::new(SETTINGS);
        let far = Vector::splat(f64::from(f32::MAX));
        for source in [far, -far, Vector::splat(f64::INFINITY), Vector::splat(f64::NAN)] {
            let (place, gain) = panner.place(source, far, &ears(), true);
            let (left, right) = place.apply(1.0, 1.0, true);
            assert!((left * gain).is_finite() && (right * gain).is_finite(), "{source:?}");
        }
    }
}
