/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioScheduledSourceNode](https://webaudio.github.io/web-audio-api/#AudioScheduledSourceNode) and
//! [ConstantSourceNode](https://webaudio.github.io/web-audio-api/#ConstantSourceNode).

use std::cell::Cell;
use std::rc::Rc;

use sordino_media::web_audio::{Channels, NodeKind, NodeMessage, ParamInit, ParamName};
use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, Fallible, Realm, dom_object,
};

use super::audio_node::{ChannelLimits, NodeParts};
use super::audio_param::{ANY, ParamSlot};
use super::{AudioNode, AudioParam, BaseAudioContext, not_negative, refuse};
use crate::bindings::{
    AudioNodeOptions, AudioScheduledSourceNodeMethods, ConstantSourceNodeMethods,
    ConstantSourceOptions, EventHandlerNonNull,
};
use crate::dom::event_handlers::event_handlers;
use crate::dom::{EventTarget, event_dispatch};

/// A node that sounds from a time to another.
pub(crate) struct AudioScheduledSourceNode {
    audio_node: AudioNode,
    /// [[[source started]]](https://webaudio.github.io/web-audio-api/#dom-audioscheduledsourcenode-source-started-slot)
    started: Cell<bool>,
}

dom_object!(AudioScheduledSourceNode: AudioNode, audio_node);

impl AudioScheduledSourceNode {
    pub(super) fn new(
        context: &BaseAudioContext,
        kind: NodeKind,
        params: Vec<ParamInit>,
        options: Option<&AudioNodeOptions>,
    ) -> Fallible<Self> {
        let channels = Channels::up_to_max(2);
        let limits = ChannelLimits::Any;
        let parts = NodeParts { kind, inputs: 0, params, channels, limits, options };
        let audio_node = AudioNode::new(context, parts)?;
        Ok(Self { audio_node, started: Cell::new(false) })
    }

    pub(super) fn node(&self) -> &AudioNode {
        &self.audio_node
    }

    pub(super) fn has_started(&self) -> bool {
        self.started.get()
    }

    /// [start()](https://webaudio.github.io/web-audio-api/#dom-audioscheduledsourcenode-start), before
    /// anything is done.
    pub(super) fn check_start(&self, when: f64) -> Fallible<()> {
        if self.started.get() {
            let reason = "a source can be started once";
            return refuse(DomExceptionName::InvalidStateError, reason);
        }
        not_negative(when, "the time to start").map(drop)
    }

    /// The rest of it.
    pub(super) fn start_at(&self, when: f64) -> Fallible<()> {
        self.started.set(true);
        self.audio_node.tell(NodeMessage::Start(when));
        self.audio_node.base_context().source_started(&self.root())
    }

    /// It came to its end.
    pub(super) fn ended(&self) {
        event_dispatch::fire(&self.root().upcast(), "ended");
    }
}

impl AudioScheduledSourceNodeMethods for AudioScheduledSourceNode {
    fn start(&self, _realm: &Realm, when: f64) -> Fallible<()> {
        self.check_start(when)?;
        self.start_at(when)
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audioscheduledsourcenode-stop>
    fn stop(&self, _realm: &Realm, when: f64) -> Fallible<()> {
        if !self.started.get() {
            let reason = "a source that was not started cannot be stopped";
            return refuse(DomExceptionName::InvalidStateError, reason);
        }
        let when = not_negative(when, "the time to stop")?;
        self.audio_node.tell(NodeMessage::Stop(when));
        Ok(())
    }

    event_handlers! { EventHandlerNonNull: onended set_onended, }
}

/// A source that is always the same.
pub(crate) struct ConstantSourceNode {
    source: AudioScheduledSourceNode,
    offset: ParamSlot,
}

dom_object!(ConstantSourceNode: AudioScheduledSourceNode, source, trace(offset));

impl ConstantSourceNode {
    pub(super) fn create(
        context: &BaseAudioContext,
        options: &ConstantSourceOptions,
    ) -> Fallible<DomRoot<Self>> {
        let offset = ParamInit::new(ParamName::Offset, 1.0, ANY, true);
        let kind = NodeKind::ConstantSource;
        let source = AudioScheduledSourceNode::new(context, kind, vec![offset.clone()], None)?;
        let slot = ParamSlot::new(context.rendered(), source.node().id(), &offset);
        set_first(&slot, options.offset, &offset)?;
        Ok(DomRoot::new(&context.realm(), Self { source, offset: slot }))
    }
}

/// Sets the value of a new parameter, if it is not the default.
pub(super) fn set_first(slot: &ParamSlot, value: f32, init: &ParamInit) -> Fallible<()> {
    if value == init.default { Ok(()) } else { slot.param().set_value(value) }
}

impl ConstantSourceNodeMethods for ConstantSourceNode {
    fn constructor(
        _realm: &Realm,
        context: DomRoot<BaseAudioContext>,
        options: ConstantSourceOptions,
    ) -> Fallible<DomRoot<Self>> {
        Self::create(&context, &options)
    }

    fn offset(&self, _realm: &Realm) -> DomRoot<AudioParam> {
        self.offset.object_of(self.source.node())
    }
}
