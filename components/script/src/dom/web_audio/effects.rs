/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [GainNode](https://webaudio.github.io/web-audio-api/#GainNode) and
//! [StereoPannerNode](https://webaudio.github.io/web-audio-api/#stereopannernode).

use sordino_media::web_audio::{ChannelCountMode, Channels, NodeKind, ParamInit, ParamName};
use sordino_script_bindings::{DomObjectExt, DomRoot, Fallible, Realm, dom_object};

use super::audio_node::{ChannelLimits, NodeParts};
use super::audio_param::{ANY, ParamSlot};
use super::sources::set_first;
use super::{AudioNode, AudioParam, BaseAudioContext};
use crate::bindings::{GainNodeMethods, GainOptions, StereoPannerNodeMethods, StereoPannerOptions};

/// The channels of nodes that place what they get between left and right.
pub(super) const STEREO: Channels =
    Channels { mode: ChannelCountMode::ClampedMax, ..Channels::up_to_max(2) };

/// Makes louder or softer.
pub(crate) struct GainNode {
    audio_node: AudioNode,
    gain: ParamSlot,
}

dom_object!(GainNode: AudioNode, audio_node, trace(gain));

impl GainNode {
    pub(super) fn create(
        context: &BaseAudioContext,
        options: &GainOptions,
    ) -> Fallible<DomRoot<Self>> {
        let init = ParamInit::new(ParamName::Gain, 1.0, ANY, true);
        let parts = NodeParts {
            kind: NodeKind::Gain,
            inputs: 1,
            params: vec![init.clone()],
            channels: Channels::up_to_max(2),
            limits: ChannelLimits::Any,
            options: Some(&options.parent),
        };
        let audio_node = AudioNode::new(context, parts)?;
        let gain = ParamSlot::new(context.rendered(), audio_node.id(), &init);
        set_first(&gain, options.gain, &init)?;
        Ok(DomRoot::new(&context.realm(), Self { audio_node, gain }))
    }
}

impl GainNodeMethods for GainNode {
    fn constructor(
        _realm: &Realm,
        context: DomRoot<BaseAudioContext>,
        options: GainOptions,
    ) -> Fallible<DomRoot<Self>> {
        Self::create(&context, &options)
    }

    fn gain(&self, _realm: &Realm) -> DomRoot<AudioParam> {
        self.gain.object_of(&self.audio_node)
    }
}

/// Places between left and right.
pub(crate) struct StereoPannerNode {
    audio_node: AudioNode,
    pan: ParamSlot,
}

dom_object!(StereoPannerNode: AudioNode, audio_node, trace(pan));

impl StereoPannerNode {
    pub(super) fn create(
        context: &BaseAudioContext,
        options: &StereoPannerOptions,
    ) -> Fallible<DomRoot<Self>> {
        let init = ParamInit::new(ParamName::Pan, 0.0, (-1.0, 1.0), true);
        let parts = NodeParts {
            kind: NodeKind::StereoPanner,
            inputs: 1,
            params: vec![init.clone()],
            channels: STEREO,
            limits: ChannelLimits::Stereo,
            options: Some(&options.parent),
        };
        let audio_node = AudioNode::new(context, parts)?;
        let pan = ParamSlot::new(context.rendered(), audio_node.id(), &init);
        set_first(&pan, options.pan, &init)?;
        Ok(DomRoot::new(&context.realm(), Self { audio_node, pan }))
    }
}

impl StereoPannerNodeMethods for StereoPannerNode {
    fn constructor(
        _realm: &Realm,
        context: DomRoot<BaseAudioContext>,
        options: StereoPannerOptions,
    ) -> Fallible<DomRoot<Self>> {
        Self::create(&context, &options)
    }

    fn pan(&self, _realm: &Realm) -> DomRoot<AudioParam> {
        self.pan.object_of(&self.audio_node)
    }
}
