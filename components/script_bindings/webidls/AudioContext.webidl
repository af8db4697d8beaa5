/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* Web Audio: https://webaudio.github.io/web-audio-api/
 *
 * Without offline contexts, worklets, a choice of the sink or of the size of the render quantum, statistics, and the
 * nodes that are not there. */

enum AudioContextState {
  "suspended",
  "running",
  "closed",
  "interrupted"
};

callback DecodeErrorCallback = undefined (DOMException error);

callback DecodeSuccessCallback = undefined (AudioBuffer decodedData);

/* https://webaudio.github.io/web-audio-api/#BaseAudioContext */
[Exposed=Window]
interface BaseAudioContext : EventTarget {
  [Throws] readonly attribute AudioDestinationNode destination;
  readonly attribute float sampleRate;
  readonly attribute double currentTime;
  [Throws] readonly attribute AudioListener listener;
  readonly attribute AudioContextState state;
  attribute EventHandler onstatechange;

  AudioBuffer createBuffer(
    unsigned long numberOfChannels, unsigned long length, float sampleRate);
  AudioBufferSourceNode createBufferSource();
  ConstantSourceNode createConstantSource();
  GainNode createGain();
  OscillatorNode createOscillator();
  PannerNode createPanner();
  PeriodicWave createPeriodicWave(
    sequence<float> real, sequence<float> imag, optional PeriodicWaveConstraints constraints = {});
  StereoPannerNode createStereoPanner();

  Promise<AudioBuffer> decodeAudioData(
    ArrayBuffer audioData,
    optional DecodeSuccessCallback? successCallback,
    optional DecodeErrorCallback? errorCallback);
};

enum AudioContextLatencyCategory {
  "balanced",
  "interactive",
  "playback"
};

/* https://webaudio.github.io/web-audio-api/#AudioContext */
[Exposed=Window]
interface AudioContext : BaseAudioContext {
  constructor(optional AudioContextOptions contextOptions = {});
  readonly attribute double baseLatency;
  readonly attribute double outputLatency;
  Promise<undefined> resume();
  Promise<undefined> suspend();
  Promise<undefined> close();
};

dictionary AudioContextOptions {
  (AudioContextLatencyCategory or double) latencyHint = "interactive";
  float sampleRate;
};
