/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! [Web Audio](https://webaudio.github.io/web-audio-api/): what script sees. What sounds is
//! [`sordino_media::web_audio`]'s.
//!
//! * `base_audio_context`: what makes nodes and decodes; `audio_context`: its state, and the sessions
//!   of the document.
//! * `audio_node`, `audio_param`, `audio_buffer`, `audio_listener`: what nodes have in common.
//! * `sources`, `oscillator`, `buffer_source`: nodes that sound by themselves; `effects`, `panner`: those
//!   that change what others do.
//!
//! A wrapper can be collected as soon as nobody can do anything with its node; the node sounds to its
//! end. A context keeps what is playing, which may yet fire `ended`, and is kept itself while that goes
//! on.

mod audio_buffer;
mod audio_context;
mod audio_listener;
mod audio_node;
mod audio_param;
mod base_audio_context;
mod buffer_source;
mod effects;
mod oscillator;
mod panner;
mod sources;

use sordino_script_bindings::{DomExceptionName, Error, Fallible};

pub(crate) use audio_buffer::AudioBuffer;
pub(crate) use audio_context::AudioContext;
pub(crate) use audio_listener::AudioListener;
pub(crate) use audio_node::{AudioDestinationNode, AudioNode};
pub(crate) use audio_param::AudioParam;
pub(crate) use base_audio_context::BaseAudioContext;
pub(crate) use buffer_source::AudioBufferSourceNode;
pub(crate) use effects::{GainNode, StereoPannerNode};
pub(crate) use oscillator::{OscillatorNode, PeriodicWave};
pub(crate) use panner::PannerNode;
pub(crate) use sources::{AudioScheduledSourceNode, ConstantSourceNode};

/// An exception of this name.
fn refuse<T>(name: DomExceptionName, reason: impl Into<String>) -> Fallible<T> {
    Err(Error::dom(name, reason))
}

/// A time or a length that must not be negative.
fn not_negative(value: f64, what: &str) -> Fallible<f64> {
    if value >= 0.0 {
        return Ok(value);
    }
    Err(Error::range_error(format!("{what} is {value}; it must not be negative")))
}
