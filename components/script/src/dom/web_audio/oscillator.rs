/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [OscillatorNode](https://webaudio.github.io/web-audio-api/#OscillatorNode) and
//! [PeriodicWave](https://webaudio.github.io/web-audio-api/#PeriodicWave).

use std::cell::Cell;
use std::sync::Arc;

use sordino_media::web_audio::{
    NodeKind, NodeMessage, ParamInit, ParamName, PeriodicWave as Wave, Waveform,
};
use sordino_script_bindings::{
    Dom, DomExceptionName, DomObjectExt, DomRoot, Fallible, Realm, Reflector, dom_object,
};

use super::audio_param::ParamSlot;
use super::sources::set_first;
use super::{AudioParam, AudioScheduledSourceNode, BaseAudioContext, refuse};
use crate::bindings::{
    OscillatorNodeMethods, OscillatorOptions, OscillatorType, PeriodicWaveMethods,
    PeriodicWaveOptions,
};

/// The greatest detuning, in cents: 1200 times the binary logarithm of the greatest float.
const MOST_CENTS: f32 = 153_600.0;

/// A wave of a frequency.
pub(crate) struct OscillatorNode {
    source: AudioScheduledSourceNode,
    type_: Cell<OscillatorType>,
    frequency: ParamSlot,
    detune: ParamSlot,
}

dom_object!(OscillatorNode: AudioScheduledSourceNode, source, trace(frequency, detune));

/// The wave of a type, if it has one.
fn wave_of(type_: OscillatorType) -> Option<Arc<Wave>> {
    let waveform = match type_ {
        OscillatorType::Sine => Waveform::Sine,
        OscillatorType::Square => Waveform::Square,
        OscillatorType::Sawtooth => Waveform::Sawtooth,
        OscillatorType::Triangle => Waveform::Triangle,
        OscillatorType::Custom => return None,
    };
    Some(Wave::of(waveform))
}

const NO_WAVE: &str = "a wave of type \"custom\" is set by setPeriodicWave()";

impl OscillatorNode {
    pub(super) fn create(
        context: &BaseAudioContext,
        options: &OscillatorOptions,
    ) -> Fallible<DomRoot<Self>> {
        let (type_, wave) = match &options.periodic_wave {
            Some(wave) => {
                wave.check_context(context)?;
                (OscillatorType::Custom, wave.wave.clone())
            }
            None => match wave_of(options.type_) {
                Some(wave) => (options.type_, wave),
                None => return refuse(DomExceptionName::InvalidStateError, NO_WAVE),
            },
        };
        let rendered = context.rendered();
        let nyquist = rendered.sample_rate() / 2.0;
        let frequency = ParamInit::new(ParamName::Frequency, 440.0, (-nyquist, nyquist), true);
        let cents = (-MOST_CENTS, MOST_CENTS);
        let detune = ParamInit::new(ParamName::Detune, 0.0, cents, true);
        let params = vec![frequency.clone(), detune.clone()];
        let kind = NodeKind::Oscillator(wave);
        let source = AudioScheduledSourceNode::new(context, kind, params, Some(&options.parent))?;
        let slot = |init| ParamSlot::new(rendered, source.node().id(), init);
        let (frequency_slot, detune_slot) = (slot(&frequency), slot(&detune));
        set_first(&frequency_slot, options.frequency, &frequency)?;
        set_first(&detune_slot, options.detune, &detune)?;
        let node = Self {
            source,
            type_: Cell::new(type_),
            frequency: frequency_slot,
            detune: detune_slot,
        };
        Ok(DomRoot::new(&context.realm(), node))
    }
}

impl OscillatorNodeMethods for OscillatorNode {
    fn constructor(
        _realm: &Realm,
        context: DomRoot<BaseAudioContext>,
        options: OscillatorOptions,
    ) -> Fallible<DomRoot<Self>> {
        Self::create(&context, &options)
    }

    fn type_(&self, _realm: &Realm) -> OscillatorType {
        self.type_.get()
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-oscillatornode-type>
    fn set_type(&self, _realm: &Realm, value: OscillatorType) -> Fallible<()> {
        let Some(wave) = wave_of(value) else {
            return refuse(DomExceptionName::InvalidStateError, NO_WAVE);
        };
        self.type_.set(value);
        self.source.node().tell(NodeMessage::Wave(wave));
        Ok(())
    }

    fn frequency(&self, _realm: &Realm) -> DomRoot<AudioParam> {
        self.frequency.object_of(self.source.node())
    }

    fn detune(&self, _realm: &Realm) -> DomRoot<AudioParam> {
        self.detune.object_of(self.source.node())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-oscillatornode-setperiodicwave>
    fn set_periodic_wave(
        &self,
        _realm: &Realm,
        periodic_wave: DomRoot<PeriodicWave>,
    ) -> Fallible<()> {
        periodic_wave.check_context(&self.source.node().base_context())?;
        self.type_.set(OscillatorType::Custom);
        self.source.node().tell(NodeMessage::Wave(periodic_wave.wave.clone()));
        Ok(())
    }
}

/// The shape of a wave.
pub(crate) struct PeriodicWave {
    reflector: Reflector,
    context: Dom<BaseAudioContext>,
    wave: Arc<Wave>,
}

dom_object!(PeriodicWave, reflector, trace(context));

impl PeriodicWave {
    pub(super) fn create(
        context: &BaseAudioContext,
        real: Option<Vec<f32>>,
        imag: Option<Vec<f32>>,
        is_normalized: bool,
    ) -> Fallible<DomRoot<Self>> {
        let lengths = [&real, &imag].map(|list| list.as_ref().map(Vec::len));
        let is_too_short = lengths.iter().flatten().any(|length| *length < 2);
        let differ = matches!(lengths, [Some(real), Some(imag)] if real != imag);
        if is_too_short || differ {
            let reason = "a wave needs as many cosines as sines, and two at least";
            return refuse(DomExceptionName::IndexSizeError, reason);
        }
        let (real, imag) = match (real, imag) {
            (None, None) => (Vec::new(), vec![0.0, 1.0]),
            (real, imag) => (real.unwrap_or_default(), imag.unwrap_or_default()),
        };
        let wave = Self {
            reflector: Reflector::new(),
            context: Dom::new(&context.root())?,
            wave: Arc::new(Wave::new(real, imag, is_normalized)),
        };
        Ok(DomRoot::new(&context.realm(), wave))
    }

    /// A wave cannot be used in another context.
    fn check_context(&self, context: &BaseAudioContext) -> Fallible<()> {
        if self.context.root() != context.root() {
            let reason = "the wave is of another context";
            return refuse(DomExceptionName::InvalidAccessError, reason);
        }
        Ok(())
    }
}

impl PeriodicWaveMethods for PeriodicWave {
    /// <https://webaudio.github.io/web-audio-api/#dom-periodicwave-periodicwave>
    fn constructor(
        _realm: &Realm,
        context: DomRoot<BaseAudioContext>,
        options: PeriodicWaveOptions,
    ) -> Fallible<DomRoot<Self>> {
        let is_normalized = !options.parent.disable_normalization;
        Self::create(&context, options.real, options.imag, is_normalized)
    }
}
