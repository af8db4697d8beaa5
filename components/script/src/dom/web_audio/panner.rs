/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [PannerNode](https://webaudio.github.io/web-audio-api/#PannerNode).

use std::cell::Cell;

use sordino_media::web_audio::{
    DistanceModel, NodeKind, NodeMessage, PannerSettings, ParamInit, ParamName,
};
use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, Error, Fallible, Realm, dom_object,
};

use super::audio_node::{ChannelLimits, NodeParts};
use super::audio_param::{ANY, ParamSlot};
use super::effects::STEREO;
use super::sources::set_first;
use super::{AudioNode, AudioParam, BaseAudioContext, not_negative, refuse};
use crate::bindings::{DistanceModelType, PannerNodeMethods, PannerOptions, PanningModelType};

const PARAMS: [(ParamName, f32); 6] = [
    (ParamName::PositionX, 0.0),
    (ParamName::PositionY, 0.0),
    (ParamName::PositionZ, 0.0),
    (ParamName::OrientationX, 1.0),
    (ParamName::OrientationY, 0.0),
    (ParamName::OrientationZ, 0.0),
];

/// Places in space.
pub(crate) struct PannerNode {
    audio_node: AudioNode,
    /// In the order of [`PARAMS`].
    params: Vec<ParamSlot>,
    settings: Cell<PannerSettings>,
}

dom_object!(PannerNode: AudioNode, audio_node, trace(params));

fn distance_model(value: DistanceModelType) -> DistanceModel {
    match value {
        DistanceModelType::Linear => DistanceModel::Linear,
        DistanceModelType::Inverse => DistanceModel::Inverse,
        DistanceModelType::Exponential => DistanceModel::Exponential,
    }
}

fn positive(value: f64, what: &str) -> Fallible<f64> {
    if value > 0.0 {
        return Ok(value);
    }
    Err(Error::range_error(format!("{what} is {value}; it must be positive")))
}

fn check_outer_gain(value: f64) -> Fallible<f64> {
    if !(0.0..=1.0).contains(&value) {
        let reason = format!("the gain {value} is outside 0 to 1");
        return refuse(DomExceptionName::InvalidStateError, reason);
    }
    Ok(value)
}

impl PannerNode {
    pub(super) fn create(
        context: &BaseAudioContext,
        options: &PannerOptions,
    ) -> Fallible<DomRoot<Self>> {
        let settings = PannerSettings {
            distance_model: distance_model(options.distance_model),
            ref_distance: not_negative(options.ref_distance, "the reference distance")?,
            max_distance: positive(options.max_distance, "the maximal distance")?,
            rolloff_factor: not_negative(options.rolloff_factor, "the rolloff factor")?,
            cone_inner_angle: options.cone_inner_angle,
            cone_outer_angle: options.cone_outer_angle,
            cone_outer_gain: check_outer_gain(options.cone_outer_gain)?,
        };
        let inits = PARAMS.map(|(name, default)| ParamInit::new(name, default, ANY, true));
        let parts = NodeParts {
            kind: NodeKind::Panner(settings),
            inputs: 1,
            params: inits.to_vec(),
            channels: STEREO,
            limits: ChannelLimits::Stereo,
            options: Some(&options.parent),
        };
        let audio_node = AudioNode::new(context, parts)?;
        let values = [
            options.position_x,
            options.position_y,
            options.position_z,
            options.orientation_x,
            options.orientation_y,
            options.orientation_z,
        ];
        let mut params = Vec::new();
        for (init, value) in inits.iter().zip(values) {
            let slot = ParamSlot::new(context.rendered(), audio_node.id(), init);
            set_first(&slot, value, init)?;
            params.push(slot);
        }
        let node = Self { audio_node, params, settings: Cell::new(settings) };
        Ok(DomRoot::new(&context.realm(), node))
    }

    fn change(&self, change: impl FnOnce(&mut PannerSettings)) {
        let mut settings = self.settings.get();
        change(&mut settings);
        self.settings.set(settings);
        self.audio_node.tell(NodeMessage::Panner(settings));
    }

    fn object(&self, place: usize) -> DomRoot<AudioParam> {
        self.params[place].object_of(&self.audio_node)
    }

    /// Sets the values of three, from this place on.
    fn set(&self, first: usize, values: [f32; 3]) -> Fallible<()> {
        for (slot, value) in self.params[first..].iter().zip(values) {
            slot.param().set_value(value)?;
        }
        Ok(())
    }
}

macro_rules! params {
    ($($getter:ident = $place:literal,)*) => {
        $(
            fn $getter(&self, _realm: &Realm) -> DomRoot<AudioParam> {
                self.object($place)
            }
        )*
    };
}

impl PannerNodeMethods for PannerNode {
    fn constructor(
        _realm: &Realm,
        context: DomRoot<BaseAudioContext>,
        options: PannerOptions,
    ) -> Fallible<DomRoot<Self>> {
        Self::create(&context, &options)
    }

    fn panning_model(&self, _realm: &Realm) -> PanningModelType {
        PanningModelType::Equalpower
    }

    /// There is one.
    fn set_panning_model(&self, _realm: &Realm, _value: PanningModelType) {}

    params! {
        position_x = 0,
        position_y = 1,
        position_z = 2,
        orientation_x = 3,
        orientation_y = 4,
        orientation_z = 5,
    }

    fn distance_model(&self, _realm: &Realm) -> DistanceModelType {
        match self.settings.get().distance_model {
            DistanceModel::Linear => DistanceModelType::Linear,
            DistanceModel::Inverse => DistanceModelType::Inverse,
            DistanceModel::Exponential => DistanceModelType::Exponential,
        }
    }

    fn set_distance_model(&self, _realm: &Realm, value: DistanceModelType) {
        self.change(|settings| settings.distance_model = distance_model(value));
    }

    fn ref_distance(&self, _realm: &Realm) -> f64 {
        self.settings.get().ref_distance
    }

    fn set_ref_distance(&self, _realm: &Realm, value: f64) -> Fallible<()> {
        let value = not_negative(value, "the reference distance")?;
        self.change(|settings| settings.ref_distance = value);
        Ok(())
    }

    fn max_distance(&self, _realm: &Realm) -> f64 {
        self.settings.get().max_distance
    }

    fn set_max_distance(&self, _realm: &Realm, value: f64) -> Fallible<()> {
        let value = positive(value, "the maximal distance")?;
        self.change(|settings| settings.max_distance = value);
        Ok(())
    }

    fn rolloff_factor(&self, _realm: &Realm) -> f64 {
        self.settings.get().rolloff_factor
    }

    fn set_rolloff_factor(&self, _realm: &Realm, value: f64) -> Fallible<()> {
        let value = not_negative(value, "the rolloff factor")?;
        self.change(|settings| settings.rolloff_factor = value);
        Ok(())
    }

    fn cone_inner_angle(&self, _realm: &Realm) -> f64 {
        self.settings.get().cone_inner_angle
    }

    fn set_cone_inner_angle(&self, _realm: &Realm, value: f64) {
        self.change(|settings| settings.cone_inner_angle = value);
    }

    fn cone_outer_angle(&self, _realm: &Realm) -> f64 {
        self.settings.get().cone_outer_angle
    }

    fn set_cone_outer_angle(&self, _realm: &Realm, value: f64) {
        self.change(|settings| settings.cone_outer_angle = value);
    }

    fn cone_outer_gain(&self, _realm: &Realm) -> f64 {
        self.settings.get().cone_outer_gain
    }

    fn set_cone_outer_gain(&self, _realm: &Realm, value: f64) -> Fallible<()> {
        let value = check_outer_gain(value)?;
        self.change(|settings| settings.cone_outer_gain = value);
        Ok(())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-pannernode-setposition>
    fn set_position(&self, _realm: &Realm, x: f32, y: f32, z: f32) -> Fallible<()> {
        self.set(0, [x, y, z])
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-pannernode-setorientation>
    fn set_orientation(&self, _realm: &Realm, x: f32, y: f32, z: f32) -> Fallible<()> {
        self.set(3, [x, y, z])
    }
}
