/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioListener](https://webaudio.github.io/web-audio-api/#AudioListener).

use sordino_media::web_audio::{AudioContext as Rendered, NodeId, ParamInit, ParamName};
use sordino_script_bindings::{Dom, DomObjectExt, DomRoot, Fallible, Realm, Reflector, dom_object};

use super::audio_param::{ANY, ParamSlot};
use super::{AudioParam, BaseAudioContext};
use crate::bindings::AudioListenerMethods;

const PARAMS: [(ParamName, f32); 9] = [
    (ParamName::PositionX, 0.0),
    (ParamName::PositionY, 0.0),
    (ParamName::PositionZ, 0.0),
    (ParamName::ForwardX, 0.0),
    (ParamName::ForwardY, 0.0),
    (ParamName::ForwardZ, -1.0),
    (ParamName::UpX, 0.0),
    (ParamName::UpY, 1.0),
    (ParamName::UpZ, 0.0),
];

/// What the listener of a new context is made of.
pub(super) fn listener_params() -> Vec<ParamInit> {
    PARAMS.map(|(name, default)| ParamInit::new(name, default, ANY, true)).into()
}

/// Who hears what panners place.
pub(crate) struct AudioListener {
    reflector: Reflector,
    context: Dom<BaseAudioContext>,
    /// In the order of [`PARAMS`].
    params: Vec<ParamSlot>,
}

dom_object!(AudioListener, reflector, trace(context, params));

impl AudioListener {
    /// The listener of a context that was made with these parameters.
    pub(super) fn create(
        context: &BaseAudioContext,
        rendered: &Rendered,
        params: &[ParamInit],
    ) -> Fallible<DomRoot<Self>> {
        let slot = |init| ParamSlot::new(rendered, NodeId::LISTENER, init);
        let listener = Self {
            reflector: Reflector::new(),
            context: Dom::new(&context.root())?,
            params: params.iter().map(slot).collect(),
        };
        Ok(DomRoot::new(&context.realm(), listener))
    }

    fn object(&self, place: usize) -> DomRoot<AudioParam> {
        self.params[place].object(&self.realm(), &self.context.root(), None)
    }

    /// Sets the values of some, from this place on.
    fn set(&self, first: usize, values: &[f32]) -> Fallible<()> {
        for (slot, value) in self.params[first..].iter().zip(values) {
            slot.param().set_value(*value)?;
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

impl AudioListenerMethods for AudioListener {
    params! {
        position_x = 0,
        position_y = 1,
        position_z = 2,
        forward_x = 3,
        forward_y = 4,
        forward_z = 5,
        up_x = 6,
        up_y = 7,
        up_z = 8,
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audiolistener-setposition>
    fn set_position(&self, _realm: &Realm, x: f32, y: f32, z: f32) -> Fallible<()> {
        self.set(0, &[x, y, z])
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audiolistener-setorientation>
    fn set_orientation(
        &self,
        _realm: &Realm,
        x: f32,
        y: f32,
        z: f32,
        x_up: f32,
        y_up: f32,
        z_up: f32,
    ) -> Fallible<()> {
        self.set(3, &[x, y, z, x_up, y_up, z_up])
    }
}
