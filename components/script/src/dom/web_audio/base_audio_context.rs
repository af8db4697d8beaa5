/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [BaseAudioContext](https://webaudio.github.io/web-audio-api/#BaseAudioContext).

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use sordino_media::web_audio::{AudioContext as Rendered, NodeId, ParamInit, SampleBuffer};
use sordino_script_bindings::{
    ArrayBuffer, Dom, DomException, DomExceptionName, DomObjectExt, DomRoot, Fallible, JsPromise,
    JsValue, Realm, dom_object, impl_trace,
};

use super::{
    AudioBuffer, AudioBufferSourceNode, AudioContext, AudioDestinationNode, AudioListener,
    AudioScheduledSourceNode, ConstantSourceNode, GainNode, OscillatorNode, PannerNode,
    PeriodicWave, StereoPannerNode, refuse,
};
use crate::bindings::{
    AudioBufferSourceOptions, AudioContextState, BaseAudioContextMethods, ConstantSourceOptions,
    DecodeErrorCallback, DecodeSuccessCallback, EventHandlerNonNull, GainOptions,
    OscillatorOptions, PannerOptions, PeriodicWaveConstraints, StereoPannerOptions,
};
use crate::dom::EventTarget;
use crate::dom::event_handlers::event_handlers;
use crate::page::Page;

/// What waits for samples.
struct Decoding {
    promise: JsPromise,
    success: Option<Rc<DecodeSuccessCallback>>,
    error: Option<Rc<DecodeErrorCallback>>,
}

impl_trace!(Decoding { promise, success, error });

impl Decoding {
    fn fail(&self, realm: &Realm, name: DomExceptionName, reason: &str) {
        // Without memory there is nothing to say it with.
        let Ok(error) = DomException::new(realm, name, reason) else { return };
        self.promise.reject_value(realm, error.as_object().as_value().clone());
        if let Some(callback) = &self.error {
            callback.call_reporting(&JsValue::undefined(), &error);
        }
    }
}

/// A graph of nodes, and what it does.
pub(crate) struct BaseAudioContext {
    event_target: EventTarget,
    rendered: Rendered,
    listener_params: Vec<ParamInit>,
    destination: RefCell<Option<Dom<AudioDestinationNode>>>,
    listener: RefCell<Option<Dom<AudioListener>>>,
    last_node: Cell<u64>,
    pub(super) state: Cell<AudioContextState>,
    /// The sources that were started and have not ended.
    playing: RefCell<BTreeMap<u64, Dom<AudioScheduledSourceNode>>>,
    decodings: RefCell<BTreeMap<u64, Decoding>>,
}

dom_object!(BaseAudioContext: EventTarget, event_target, trace(
    destination, listener, playing, decodings
));

impl BaseAudioContext {
    pub(super) fn new(rendered: Rendered, listener_params: Vec<ParamInit>) -> Self {
        Self {
            event_target: EventTarget::new(),
            rendered,
            listener_params,
            destination: RefCell::default(),
            listener: RefCell::default(),
            last_node: Cell::new(NodeId::LISTENER.0),
            state: Cell::new(AudioContextState::Suspended),
            playing: RefCell::default(),
            decodings: RefCell::default(),
        }
    }

    /// The context as it sounds.
    pub(super) fn rendered(&self) -> &Rendered {
        &self.rendered
    }

    pub(super) fn new_node(&self) -> NodeId {
        self.last_node.set(self.last_node.get() + 1);
        NodeId(self.last_node.get())
    }

    fn audio_context(&self) -> Option<DomRoot<AudioContext>> {
        self.root().downcast()
    }

    /// A source was started.
    pub(super) fn source_started(
        &self,
        source: &DomRoot<AudioScheduledSourceNode>,
    ) -> Fallible<()> {
        if self.state.get() == AudioContextState::Closed {
            return Ok(());
        }
        let traced = Dom::new(source)?;
        self.playing.borrow_mut().insert(source.node().id().0, traced);
        if let Some(context) = self.audio_context() {
            context.start_if_allowed();
        }
        Ok(())
    }

    /// A source came to its end.
    pub(super) fn source_ended(&self, id: NodeId) {
        let source = self.playing.borrow_mut().remove(&id.0);
        if let Some(source) = source {
            let root = source.root();
            drop(source);
            root.ended();
        }
    }

    pub(super) fn is_playing(&self) -> bool {
        !self.playing.borrow().is_empty()
    }

    pub(super) fn is_decoding(&self) -> bool {
        !self.decodings.borrow().is_empty()
    }

    /// Nothing plays any more.
    pub(super) fn forget_playing(&self) {
        let playing = std::mem::take(&mut *self.playing.borrow_mut());
        drop(playing);
    }

    /// The document is discarded.
    pub(super) fn forget_all(&self) {
        self.forget_playing();
        let decodings = std::mem::take(&mut *self.decodings.borrow_mut());
        drop(decodings);
    }

    /// The [queued decode operation](https://webaudio.github.io/web-audio-api/#dom-baseaudiocontext-decodeaudiodata)
    /// with this number is done. Returns whether it was of this context.
    pub(super) fn decoded(&self, number: u64, result: &Result<Arc<SampleBuffer>, String>) -> bool {
        let decoding = self.decodings.borrow_mut().remove(&number);
        let Some(decoding) = decoding else { return false };
        let realm = self.realm();
        match result {
            Ok(samples) => {
                let buffer = AudioBuffer::of_samples(&realm, samples);
                decoding.promise.resolve(&realm, &buffer);
                if let Some(callback) = &decoding.success {
                    callback.call_reporting(&JsValue::undefined(), &buffer);
                }
            }
            Err(reason) => {
                let reason = format!("the data cannot be decoded: {reason}");
                decoding.fail(&realm, DomExceptionName::EncodingError, &reason);
            }
        }
        true
    }

    fn decode(&self, data: &ArrayBuffer, decoding: Decoding) {
        let realm = self.realm();
        let page = Page::of(&realm);
        let Ok(bytes) = data.detach(&realm) else {
            let reason = "the data are detached";
            page.queue(move |_| decoding.fail(&realm, DomExceptionName::DataCloneError, reason));
            return;
        };
        let number = page.agent().new_decoding();
        self.decodings.borrow_mut().insert(number, decoding);
        page.media().decode(number, bytes, self.rendered.sample_rate());
        if let Some(context) = self.audio_context() {
            context.keep_while_needed();
        }
    }
}

impl BaseAudioContextMethods for BaseAudioContext {
    fn destination(&self, _realm: &Realm) -> Fallible<DomRoot<AudioDestinationNode>> {
        if let Some(destination) = &*self.destination.borrow() {
            return Ok(destination.root());
        }
        let destination = AudioDestinationNode::create(self)?;
        self.destination.replace(Some(Dom::new(&destination)?));
        Ok(destination)
    }

    fn sample_rate(&self, _realm: &Realm) -> f32 {
        self.rendered.sample_rate()
    }

    fn current_time(&self, _realm: &Realm) -> f64 {
        self.rendered.current_time()
    }

    fn listener(&self, _realm: &Realm) -> Fallible<DomRoot<AudioListener>> {
        if let Some(listener) = &*self.listener.borrow() {
            return Ok(listener.root());
        }
        let listener = AudioListener::create(self, &self.rendered, &self.listener_params)?;
        self.listener.replace(Some(Dom::new(&listener)?));
        Ok(listener)
    }

    fn state(&self, _realm: &Realm) -> AudioContextState {
        self.state.get()
    }

    event_handlers! { EventHandlerNonNull: onstatechange set_onstatechange, }

    /// <https://webaudio.github.io/web-audio-api/#dom-baseaudiocontext-createbuffer>
    fn create_buffer(
        &self,
        _realm: &Realm,
        number_of_channels: u32,
        length: u32,
        sample_rate: f32,
    ) -> Fallible<DomRoot<AudioBuffer>> {
        AudioBuffer::create(&self.realm(), number_of_channels, length, sample_rate)
    }

    fn create_buffer_source(&self, _realm: &Realm) -> Fallible<DomRoot<AudioBufferSourceNode>> {
        AudioBufferSourceNode::create(self, &AudioBufferSourceOptions::default())
    }

    fn create_constant_source(&self, _realm: &Realm) -> Fallible<DomRoot<ConstantSourceNode>> {
        ConstantSourceNode::create(self, &ConstantSourceOptions::default())
    }

    fn create_gain(&self, _realm: &Realm) -> Fallible<DomRoot<GainNode>> {
        GainNode::create(self, &GainOptions::default())
    }

    fn create_oscillator(&self, _realm: &Realm) -> Fallible<DomRoot<OscillatorNode>> {
        OscillatorNode::create(self, &OscillatorOptions::default())
    }

    fn create_panner(&self, _realm: &Realm) -> Fallible<DomRoot<PannerNode>> {
        PannerNode::create(self, &PannerOptions::default())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-baseaudiocontext-createperiodicwave>
    fn create_periodic_wave(
        &self,
        _realm: &Realm,
        real: Vec<f32>,
        imag: Vec<f32>,
        constraints: PeriodicWaveConstraints,
    ) -> Fallible<DomRoot<PeriodicWave>> {
        PeriodicWave::create(self, Some(real), Some(imag), !constraints.disable_normalization)
    }

    fn create_stereo_panner(&self, _realm: &Realm) -> Fallible<DomRoot<StereoPannerNode>> {
        StereoPannerNode::create(self, &StereoPannerOptions::default())
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-baseaudiocontext-decodeaudiodata>
    fn decode_audio_data(
        &self,
        realm: &Realm,
        audio_data: ArrayBuffer,
        success_callback: Option<Option<Rc<DecodeSuccessCallback>>>,
        error_callback: Option<Option<Rc<DecodeErrorCallback>>>,
    ) -> Fallible<JsPromise> {
        check_fully_active(&Page::of(&self.realm()))?;
        let promise = JsPromise::new(realm)?;
        let (success, error) = (success_callback.flatten(), error_callback.flatten());
        self.decode(&audio_data, Decoding { promise: promise.clone(), success, error });
        Ok(promise)
    }
}

/// Only a document that is shown has audio contexts at work.
pub(super) fn check_fully_active(page: &Page) -> Fallible<()> {
    if page.is_discarded() {
        let reason = "the document is not shown any more";
        return refuse(DomExceptionName::InvalidStateError, reason);
    }
    Ok(())
}
