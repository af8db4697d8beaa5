/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [AudioBuffer](https://webaudio.github.io/web-audio-api/#AudioBuffer).

use std::cell::RefCell;
use std::sync::Arc;

use sordino_media::web_audio::{MAX_CHANNELS, SAMPLE_RATES, SampleBuffer};
use sordino_script_bindings::{
    DomExceptionName, DomObjectExt, DomRoot, Fallible, Float32Array, Realm, Reflector, dom_object,
    impl_trace,
};

use super::refuse;
use crate::bindings::{AudioBufferMethods, AudioBufferOptions};

/// The most samples of a buffer, of all channels: a gibibyte.
const MOST_SAMPLES: u64 = 1 << 28;

/// The samples of a channel. Without any they are zeros.
#[derive(Default)]
struct ChannelData {
    /// Nobody changes them.
    fixed: Option<Arc<[f32]>>,
    /// Script may change them.
    array: Option<Float32Array>,
}

impl_trace!(ChannelData { array });

/// Sound in memory.
pub(crate) struct AudioBuffer {
    reflector: Reflector,
    rate: f32,
    length: usize,
    channels: RefCell<Vec<ChannelData>>,
}

dom_object!(AudioBuffer, reflector, trace(channels));

impl AudioBuffer {
    /// A silent one. `NotSupportedError` if it cannot be.
    pub(super) fn create(
        realm: &Realm,
        channels: u32,
        length: u32,
        rate: f32,
    ) -> Fallible<DomRoot<Self>> {
        let reason = if !(1..=MAX_CHANNELS).contains(&channels) {
            format!("it cannot have {channels} channels, but 1 to {MAX_CHANNELS}")
        } else if length == 0 {
            "it cannot be empty".to_owned()
        } else if !SAMPLE_RATES.contains(&rate) {
            let (least, most) = (SAMPLE_RATES.start(), SAMPLE_RATES.end());
            format!("the sample rate {rate} is outside {least} to {most}")
        } else if u64::from(channels) * u64::from(length) > MOST_SAMPLES {
            format!("it cannot have more than {MOST_SAMPLES} samples")
        } else {
            let channels = (0..channels).map(|_| ChannelData::default()).collect();
            return Ok(Self::of(realm, rate, length as usize, channels));
        };
        refuse(DomExceptionName::NotSupportedError, reason)
    }

    /// One with these samples.
    pub(super) fn of_samples(realm: &Realm, samples: &SampleBuffer) -> DomRoot<Self> {
        let channel =
            |samples: &Option<Arc<[f32]>>| ChannelData { fixed: samples.clone(), array: None };
        let channels = samples.channels.iter().map(channel).collect();
        Self::of(realm, samples.rate, samples.length, channels)
    }

    fn of(realm: &Realm, rate: f32, length: usize, channels: Vec<ChannelData>) -> DomRoot<Self> {
        let channels = RefCell::new(channels);
        DomRoot::new(realm, Self { reflector: Reflector::new(), rate, length, channels })
    }

    /// [Acquires the content](https://webaudio.github.io/web-audio-api/#acquire-the-content). Nothing, if
    /// script has detached some of it.
    pub(super) fn acquire(&self) -> Option<Arc<SampleBuffer>> {
        let realm = self.realm();
        let mut channels = self.channels.borrow_mut();
        let is_detached =
            |channel: &ChannelData| channel.array.as_ref().is_some_and(|it| it.is_detached(&realm));
        if channels.iter().any(is_detached) {
            return None;
        }
        let mut taken = Vec::new();
        let samples = channels.iter_mut().map(|channel| {
            if let Some(array) = channel.array.take() {
                channel.fixed = Some(array.elements(&realm).into());
                // It is not detached, and no buffer of ours is immutable.
                let _ = array.buffer(&realm).and_then(|buffer| buffer.detach(&realm));
                taken.push(array);
            }
            channel.fixed.clone()
        });
        let channels_of_samples = samples.collect();
        drop(channels);
        drop(taken);
        let (rate, length) = (self.rate, self.length);
        Some(Arc::new(SampleBuffer { rate, length, channels: channels_of_samples }))
    }

    /// The samples of a channel, as script may change them.
    fn channel(&self, number: u32) -> Fallible<Float32Array> {
        let samples = {
            let channels = self.channels.borrow();
            let channel = get(&channels, number)?;
            if let Some(array) = &channel.array {
                return Ok(array.clone());
            }
            channel.fixed.clone()
        };
        let realm = self.realm();
        let array = match samples {
            Some(samples) => Float32Array::new(&realm, samples),
            None => Float32Array::new(&realm, vec![0.0; self.length]),
        }?;
        self.channels.borrow_mut()[number as usize] =
            ChannelData { fixed: None, array: Some(array.clone()) };
        Ok(array)
    }
}

impl AudioBufferMethods for AudioBuffer {
    fn constructor(realm: &Realm, options: AudioBufferOptions) -> Fallible<DomRoot<Self>> {
        Self::create(realm, options.number_of_channels, options.length, options.sample_rate)
    }

    fn sample_rate(&self, _realm: &Realm) -> f32 {
        self.rate
    }

    fn length(&self, _realm: &Realm) -> u32 {
        u32::try_from(self.length).unwrap_or(u32::MAX)
    }

    fn duration(&self, _realm: &Realm) -> f64 {
        self.length as f64 / f64::from(self.rate)
    }

    fn number_of_channels(&self, _realm: &Realm) -> u32 {
        self.channels.borrow().len() as u32
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audiobuffer-getchanneldata>
    fn get_channel_data(&self, _realm: &Realm, channel: u32) -> Fallible<Float32Array> {
        self.channel(channel)
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audiobuffer-copyfromchannel>
    fn copy_from_channel(
        &self,
        realm: &Realm,
        destination: Float32Array,
        channel_number: u32,
        buffer_offset: u32,
    ) -> Fallible<()> {
        let offset = buffer_offset as usize;
        let length = destination.length(realm).min(self.length.saturating_sub(offset));
        let samples: Vec<f32> = {
            let channels = self.channels.borrow();
            let channel = get(&channels, channel_number)?;
            match (&channel.array, &channel.fixed) {
                (Some(array), _) => {
                    array.elements(realm).into_iter().skip(offset).take(length).collect()
                }
                (None, Some(samples)) => {
                    samples.iter().skip(offset).take(length).copied().collect()
                }
                (None, None) => vec![0.0; length],
            }
        };
        destination.write(realm, 0, &bytes_of(&samples))
    }

    /// <https://webaudio.github.io/web-audio-api/#dom-audiobuffer-copytochannel>
    fn copy_to_channel(
        &self,
        realm: &Realm,
        source: Float32Array,
        channel_number: u32,
        buffer_offset: u32,
    ) -> Fallible<()> {
        let array = self.channel(channel_number)?;
        let offset = buffer_offset as usize;
        let length = array.length(realm).saturating_sub(offset);
        let mut samples = source.elements(realm);
        samples.truncate(length);
        if samples.is_empty() {
            return Ok(());
        }
        array.write(realm, offset * size_of::<f32>(), &bytes_of(&samples))
    }
}

fn get(channels: &[ChannelData], number: u32) -> Fallible<&ChannelData> {
    match channels.get(number as usize) {
        Some(channel) => Ok(channel),
        None => {
            let reason = format!("there is no channel {number}");
            refuse(DomExceptionName::IndexSizeError, reason)
        }
    }
}

fn bytes_of(samples: &[f32]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_ne_bytes()).collect()
}
