/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioBufferSourceNode](https://webaudio.github.io/web-audio-api/#AudioBufferSourceNode).

use std::cell::{Cell, RefCell};

use sordino_media::web_audio::{NodeKind, NodeMessage, ParamInit, ParamName};
use sordino_script_bindings::{
    Dom, DomExceptionName, DomObjectExt, DomRoot, Fallible, Realm, dom_object,
};

use super::audio_param::{ANY, ParamSlot};
use super::sources::set_first;
use super::{
    AudioBuffer, AudioParam, AudioScheduledSourceNode, BaseAudioContext, not_negative, refuse,
};
use crate::bindings::{AudioBufferSourceNodeMethods, AudioBufferSourceOptions};

/// Plays a buffer.
pub(crate) struct AudioBufferSourceNode {
    source: AudioScheduledSourceNode,
    buffer: RefCell<Option<Dom<AudioBuffer>>>,
    /// [[[buffer set]]](https://webaudio.github.io/web-audio-api/#dom-audiobuffersourcenode-buffer-set-slot)
    buffer_set: Cell<bool>,
    playback_rate: ParamSlot,
    detune: ParamSlot,
    loop_: Cell<bool>,
    loop_start: Cell<f64>,
    loop_end: Cell<f64>,
}

dom_object!(AudioBufferSourceNode: AudioScheduledSourceNode, source, trace(
    buffer, playback_rate, detune
));

impl AudioBufferSourceNode {
    pub(super) fn create(
        context: &BaseAudioContext,
        options: &AudioBufferSourceOptions,
    ) -> Fallible<DomRoot<Self>> {
        let rendered = context.rendered();
        let playback_rate = ParamInit::new(ParamName::PlaybackRate, 1.0, ANY, false);
        let detune = ParamInit::new(ParamName::Detune, 0.0, ANY, false);
        let params = vec![playback_rate.clone(), detune.clone()];
        let kind = NodeKind::BufferSource;
        let source = AudioScheduledSourceNode::new(context, kind, params, None)?;
        let slot = |init| ParamSlot::with_fixed_rate(rendered, source.node().id(), init);
        let (rate_slot, detune_slot) = (slot(&playback_rate), slot(&detune));
        set_first(&rate_slot, options.playback_rate, &playback_rate)?;
        set_first(&detune_slot, options.detune, &detune)?;
        let node = Self {
            source,
            buffer: RefCell::default(),
            buffer_set: Cell::new(false),
            playback_rate: rate_slot,
            detune: detune_slot,
            loop_: Cell::new(options.loop_),
            loop_start: Cell::new(options.loop_start),
            loop_end: Cell::new(options.loop_end),
        };
        let node = DomRoot::new(&context.realm(), node);
        node.tell_loop();
        if let Some(buffer) = options.buffer.clone().flatten() {
            node.change_buffer(Some(buffer))?;
        }
        Ok(node)
    }

    /// The setter of [buffer](https://webaudio.github.io/web-audio-api/#dom-audiobuffersourcenode-buffer).
    fn change_buffer(&self, buffer: Option<DomRoot<AudioBuffer>>) -> Fallible<()> {
        if buffer.is_some() && self.buffer_set.replace(true) {
            let reason = "a source can be given a buffer once";
            return refuse(DomExceptionName::InvalidStateError, reason);
        }
        let traced = buffer.as_ref().map(Dom::new).transpose()?;
        let old = self.buffer.replace(traced);
        drop(old);
        if self.source.has_started() || buffer.is_none() {
            let samples = buffer.and_then(|buffer| buffer.acquire());
            self.source.node().tell(NodeMessage::Buffer(samples));
        }
        Ok(())
    }

    fn tell_loop(&self) {
        self.source.node().tell(NodeMessage::Loop {
            enabled: self.loop_.get(),
            start: self.loop_start.get(),
            end: self.loop_end.get(),
        });
    }
}

impl AudioBufferSourceNodeMethods for AudioBufferSourceNode {
    fn constructor(
        _realm: &Realm,
        context: DomRoot<BaseAudioContext>,
        options: AudioBufferSourceOptions,
    ) -> Fallible<DomRoot<Self>> {
        Self::create(&context, &options)
    }

    fn buffer(&self, _realm: &Realm) -> Option<DomRoot<AudioBuffer>> {
        self.buffer.borrow().as_ref().map(Dom::root)
    }

    fn set_buffer(&self, _realm: &Realm, value: Option<DomRoot<AudioBuffer>>) -> Fallible<()> {
        self.change_buffer(value)
    }

    fn playback_rate(&self, _realm: &Realm) -> DomRoot<AudioParam> {
        self.playback_rate.object_of(self.source.node())
    }

    fn detune(&self, _realm: &Realm) -> DomRoot<AudioParam> {
        self.detune.object_of(self.source.node())
    }

    fn loop_(&self, _realm: &Realm) -> bool {
        self.loop_.get()
    }

    fn set_loop(&self, _realm: &Realm, value: bool) {
        self.loop_.set(value);
        self.tell_loop();
    }

    fn loop_start(&self, _realm: &Realm) -> f64 {
        self.loop_start.get()
    }

    fn set_loop_start(&self, _realm: &Realm, value: f64) {
        self.loop_start.set(value);
        self.tell_loop();
    }

    fn loop_end(&self, _realm: &Realm) -> f64 {
        self.loop_end.get()
    }

    fn set_loop_end(&self, _realm: &Realm, value: f64) {
        self.loop_end.set(value);
        self.tell_loop();
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audiobuffersourcenode-start>
    fn start(
        &self,
        _realm: &Realm,
        when: f64,
        offset: Option<f64>,
        duration: Option<f64>,
    ) -> Fallible<()> {
        self.source.check_start(when)?;
        let offset = not_negative(offset.unwrap_or(0.0), "the offset")?;
        let duration = not_negative(duration.unwrap_or(f64::INFINITY), "the duration")?;
        let buffer = self.buffer.borrow().as_ref().map(Dom::root);
        if let Some(buffer) = buffer {
            self.source.node().tell(NodeMessage::Buffer(buffer.acquire()));
        }
        self.source.node().tell(NodeMessage::Range { offset, duration });
        self.source.start_at(when)
    }
}
