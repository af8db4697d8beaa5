/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioNode](https://webaudio.github.io/web-audio-api/#AudioNode) and
//! [AudioDestinationNode](https://webaudio.github.io/web-audio-api/#AudioDestinationNode).

use std::cell::{Cell, RefCell};

use sordino_media::web_audio::{
    AudioContext as Rendered, ChannelCountMode as Mode, ChannelInterpretation as Interpretation,
    Channels, MAX_CHANNELS, NodeId, NodeInit, NodeKind, NodeMessage, ParamInit, Port,
};
use sordino_script_bindings::{
    Dom, DomExceptionName, DomObjectExt, DomRoot, Fallible, Realm, dom_object,
};

use super::{AudioParam, BaseAudioContext, refuse};
use crate::bindings::{
    AudioDestinationNodeMethods, AudioNodeMethods, AudioNodeOptions, ChannelCountMode,
    ChannelInterpretation,
};
use crate::dom::EventTarget;

/// How many channels can be heard.
const HEARD_CHANNELS: u32 = 2;

/// What the channels of a node may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ChannelLimits {
    /// Up to [`MAX_CHANNELS`].
    Any,
    /// Those that can be heard.
    Heard,
    /// At most two, and never `max`.
    Stereo,
}

impl ChannelLimits {
    /// The [channelCount constraints](https://webaudio.github.io/web-audio-api/#audionode-channelcount-constraints).
    fn check_count(self, count: u32) -> Fallible<usize> {
        let (most, error) = match self {
            Self::Any => (MAX_CHANNELS, DomExceptionName::NotSupportedError),
            Self::Heard => (HEARD_CHANNELS, DomExceptionName::IndexSizeError),
            Self::Stereo => (2, DomExceptionName::NotSupportedError),
        };
        if !(1..=most).contains(&count) {
            return refuse(error, format!("the channel count {count} is outside 1 to {most}"));
        }
        Ok(count as usize)
    }

    /// The [channelCountMode constraints](https://webaudio.github.io/web-audio-api/#audionode-channelcountmode-constraints).
    fn check_mode(self, mode: ChannelCountMode) -> Fallible<Mode> {
        match mode {
            ChannelCountMode::Max if self == Self::Stereo => {
                refuse(DomExceptionName::NotSupportedError, "this node has no mode \"max\"")
            }
            ChannelCountMode::Max => Ok(Mode::Max),
            ChannelCountMode::ClampedMax => Ok(Mode::ClampedMax),
            ChannelCountMode::Explicit => Ok(Mode::Explicit),
        }
    }
}

fn interpretation(value: ChannelInterpretation) -> Interpretation {
    match value {
        ChannelInterpretation::Speakers => Interpretation::Speakers,
        ChannelInterpretation::Discrete => Interpretation::Discrete,
    }
}

/// A part of the graph of a context.
pub(crate) struct AudioNode {
    event_target: EventTarget,
    context: Dom<BaseAudioContext>,
    rendered: Rendered,
    id: NodeId,
    inputs: u32,
    outputs: u32,
    channels: Cell<Channels>,
    limits: ChannelLimits,
    /// To what its output is connected.
    connections: RefCell<Vec<Port>>,
}

dom_object!(AudioNode: EventTarget, event_target, trace(context));

impl Drop for AudioNode {
    fn drop(&mut self) {
        self.rendered.release(self.id);
    }
}

/// What a node is made of, besides its context.
pub(super) struct NodeParts<'a> {
    pub(super) kind: NodeKind,
    /// 0 or 1.
    pub(super) inputs: u32,
    pub(super) params: Vec<ParamInit>,
    pub(super) channels: Channels,
    pub(super) limits: ChannelLimits,
    pub(super) options: Option<&'a AudioNodeOptions>,
}

impl AudioNode {
    /// [Initializes](https://webaudio.github.io/web-audio-api/#audionode-constructor-init) a node.
    pub(super) fn new(context: &BaseAudioContext, parts: NodeParts<'_>) -> Fallible<Self> {
        let NodeParts { kind, inputs, params, mut channels, limits, options } = parts;
        if let Some(options) = options {
            if let Some(count) = options.channel_count {
                channels.count = limits.check_count(count)?;
            }
            if let Some(mode) = options.channel_count_mode {
                channels.mode = limits.check_mode(mode)?;
            }
            if let Some(value) = options.channel_interpretation {
                channels.interpretation = interpretation(value);
            }
        }
        let id = context.new_node();
        context.rendered().add(id, NodeInit { kind, params, channels });
        Self::existing(context, id, (inputs, 1), channels, limits)
    }

    /// A node that the rendering thread has already.
    fn existing(
        context: &BaseAudioContext,
        id: NodeId,
        (inputs, outputs): (u32, u32),
        channels: Channels,
        limits: ChannelLimits,
    ) -> Fallible<Self> {
        Ok(Self {
            event_target: EventTarget::new(),
            context: Dom::new(&context.root())?,
            rendered: context.rendered().clone(),
            id,
            inputs,
            outputs,
            channels: Cell::new(channels),
            limits,
            connections: RefCell::default(),
        })
    }

    pub(super) fn base_context(&self) -> DomRoot<BaseAudioContext> {
        self.context.root()
    }

    pub(super) fn id(&self) -> NodeId {
        self.id
    }

    /// Tells the node on the rendering thread something.
    pub(super) fn tell(&self, message: NodeMessage) {
        self.rendered.tell(self.id, message);
    }

    fn change_channels(&self, change: impl FnOnce(&mut Channels)) {
        let mut channels = self.channels.get();
        change(&mut channels);
        self.channels.set(channels);
        self.tell(NodeMessage::Channels(channels));
    }

    fn check_output(&self, output: u32) -> Fallible<()> {
        if output >= self.outputs {
            return refuse(
                DomExceptionName::IndexSizeError,
                format!("there is no output {output}"),
            );
        }
        Ok(())
    }

    fn check_input(&self, input: u32) -> Fallible<()> {
        if input >= self.inputs {
            return refuse(DomExceptionName::IndexSizeError, format!("there is no input {input}"));
        }
        Ok(())
    }

    fn connect_to(&self, port: Port) {
        let mut connections = self.connections.borrow_mut();
        if !connections.contains(&port) {
            connections.push(port);
            self.rendered.connect(self.id, port);
        }
    }

    fn disconnect_all(&self) {
        self.connections.borrow_mut().clear();
        self.rendered.disconnect(self.id, None);
    }

    fn disconnect_from(&self, port: Port) -> Fallible<()> {
        let mut connections = self.connections.borrow_mut();
        let Some(place) = connections.iter().position(|other| *other == port) else {
            return refuse(DomExceptionName::InvalidAccessError, "there is no such connection");
        };
        connections.remove(place);
        self.rendered.disconnect(self.id, Some(port));
        Ok(())
    }

    fn input_port(&self) -> Port {
        Port::Input(self.id)
    }
}

fn param_port(param: &AudioParam) -> Port {
    let (node, name) = param.address();
    Port::Param(node, name)
}

impl AudioNodeMethods for AudioNode {
    /// <https://webaudio.github.io/web-audio-api/#dom-audionode-connect>
    fn connect(
        &self,
        _realm: &Realm,
        destination_node: DomRoot<AudioNode>,
        output: u32,
        input: u32,
    ) -> Fallible<DomRoot<AudioNode>> {
        if destination_node.context != self.context {
            let reason = "the nodes are of different contexts";
            return refuse(DomExceptionName::InvalidAccessError, reason);
        }
        self.check_output(output)?;
        destination_node.check_input(input)?;
        self.connect_to(destination_node.input_port());
        Ok(destination_node)
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audionode-connect-destinationparam-output>
    fn connect_2(
        &self,
        _realm: &Realm,
        destination_param: DomRoot<AudioParam>,
        output: u32,
    ) -> Fallible<()> {
        if !destination_param.is_of(&self.context) {
            let reason = "the node and the parameter are of different contexts";
            return refuse(DomExceptionName::InvalidAccessError, reason);
        }
        self.check_output(output)?;
        self.connect_to(param_port(&destination_param));
        Ok(())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audionode-disconnect>
    fn disconnect(&self, _realm: &Realm) -> Fallible<()> {
        self.disconnect_all();
        Ok(())
    }

    fn disconnect_2(&self, _realm: &Realm, output: u32) -> Fallible<()> {
        self.check_output(output)?;
        self.disconnect_all();
        Ok(())
    }

    fn disconnect_3(&self, _realm: &Realm, destination_node: DomRoot<AudioNode>) -> Fallible<()> {
        self.disconnect_from(destination_node.input_port())
    }

    fn disconnect_4(
        &self,
        _realm: &Realm,
        destination_node: DomRoot<AudioNode>,
        output: u32,
    ) -> Fallible<()> {
        self.check_output(output)?;
        self.disconnect_from(destination_node.input_port())
    }

    fn disconnect_5(
        &self,
        _realm: &Realm,
        destination_node: DomRoot<AudioNode>,
        output: u32,
        input: u32,
    ) -> Fallible<()> {
        self.check_output(output)?;
        destination_node.check_input(input)?;
        self.disconnect_from(destination_node.input_port())
    }

    fn disconnect_6(&self, _realm: &Realm, destination_param: DomRoot<AudioParam>) -> Fallible<()> {
        self.disconnect_from(param_port(&destination_param))
    }

    fn disconnect_7(
        &self,
        _realm: &Realm,
        destination_param: DomRoot<AudioParam>,
        output: u32,
    ) -> Fallible<()> {
        self.check_output(output)?;
        self.disconnect_from(param_port(&destination_param))
    }

    fn context(&self, _realm: &Realm) -> DomRoot<BaseAudioContext> {
        self.context.root()
    }

    fn number_of_inputs(&self, _realm: &Realm) -> u32 {
        self.inputs
    }

    fn number_of_outputs(&self, _realm: &Realm) -> u32 {
        self.outputs
    }

    fn channel_count(&self, _realm: &Realm) -> u32 {
        self.channels.get().count as u32
    }

    fn set_channel_count(&self, _realm: &Realm, value: u32) -> Fallible<()> {
        let count = self.limits.check_count(value)?;
        self.change_channels(|channels| channels.count = count);
        Ok(())
    }

    fn channel_count_mode(&self, _realm: &Realm) -> ChannelCountMode {
        match self.channels.get().mode {
            Mode::Max => ChannelCountMode::Max,
            Mode::ClampedMax => ChannelCountMode::ClampedMax,
            Mode::Explicit => ChannelCountMode::Explicit,
        }
    }

    fn set_channel_count_mode(&self, _realm: &Realm, value: ChannelCountMode) -> Fallible<()> {
        let mode = self.limits.check_mode(value)?;
        self.change_channels(|channels| channels.mode = mode);
        Ok(())
    }

    fn channel_interpretation(&self, _realm: &Realm) -> ChannelInterpretation {
        match self.channels.get().interpretation {
            Interpretation::Speakers => ChannelInterpretation::Speakers,
            Interpretation::Discrete => ChannelInterpretation::Discrete,
        }
    }

    fn set_channel_interpretation(&self, _realm: &Realm, value: ChannelInterpretation) {
        self.change_channels(|channels| channels.interpretation = interpretation(value));
    }
}

/// What is heard of a context.
pub(crate) struct AudioDestinationNode {
    audio_node: AudioNode,
}

dom_object!(AudioDestinationNode: AudioNode, audio_node);

impl AudioDestinationNode {
    pub(super) fn create(context: &BaseAudioContext) -> Fallible<DomRoot<Self>> {
        let channels = Channels { mode: Mode::Explicit, ..Channels::up_to_max(2) };
        let limits = ChannelLimits::Heard;
        let id = NodeId::DESTINATION;
        let audio_node = AudioNode::existing(context, id, (1, 0), channels, limits)?;
        Ok(DomRoot::new(&context.realm(), Self { audio_node }))
    }
}

impl AudioDestinationNodeMethods for AudioDestinationNode {
    fn max_channel_count(&self, _realm: &Realm) -> u32 {
        HEARD_CHANNELS
    }
}
