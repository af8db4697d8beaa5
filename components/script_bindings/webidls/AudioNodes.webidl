/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* The nodes of Web Audio that are there: https://webaudio.github.io/web-audio-api/ */

/* https://webaudio.github.io/web-audio-api/#AudioScheduledSourceNode */
[Exposed=Window]
interface AudioScheduledSourceNode : AudioNode {
  attribute EventHandler onended;
  undefined start(optional double when = 0);
  undefined stop(optional double when = 0);
};

/* https://webaudio.github.io/web-audio-api/#AudioBufferSourceNode */
[Exposed=Window]
interface AudioBufferSourceNode : AudioScheduledSourceNode {
  constructor(BaseAudioContext context, optional AudioBufferSourceOptions options = {});
  [SetterThrows] attribute AudioBuffer? buffer;
  readonly attribute AudioParam playbackRate;
  readonly attribute AudioParam detune;
  attribute boolean loop;
  attribute double loopStart;
  attribute double loopEnd;
  undefined start(optional double when = 0, optional double offset, optional double duration);
};

dictionary AudioBufferSourceOptions {
  AudioBuffer? buffer;
  float detune = 0;
  boolean loop = false;
  double loopEnd = 0;
  double loopStart = 0;
  float playbackRate = 1;
};

/* https://webaudio.github.io/web-audio-api/#ConstantSourceNode */
[Exposed=Window]
interface ConstantSourceNode : AudioScheduledSourceNode {
  constructor(BaseAudioContext context, optional ConstantSourceOptions options = {});
  readonly attribute AudioParam offset;
};

dictionary ConstantSourceOptions {
  float offset = 1;
};

/* https://webaudio.github.io/web-audio-api/#GainNode */
[Exposed=Window]
interface GainNode : AudioNode {
  constructor(BaseAudioContext context, optional GainOptions options = {});
  readonly attribute AudioParam gain;
};

dictionary GainOptions : AudioNodeOptions {
  float gain = 1.0;
};

enum OscillatorType {
  "sine",
  "square",
  "sawtooth",
  "triangle",
  "custom"
};

/* https://webaudio.github.io/web-audio-api/#OscillatorNode */
[Exposed=Window]
interface OscillatorNode : AudioScheduledSourceNode {
  constructor(BaseAudioContext context, optional OscillatorOptions options = {});
  [SetterThrows] attribute OscillatorType type;
  readonly attribute AudioParam frequency;
  readonly attribute AudioParam detune;
  undefined setPeriodicWave(PeriodicWave periodicWave);
};

dictionary OscillatorOptions : AudioNodeOptions {
  OscillatorType type = "sine";
  float frequency = 440;
  float detune = 0;
  PeriodicWave periodicWave;
};

/* Without "HRTF". */
enum PanningModelType {
  "equalpower"
};

enum DistanceModelType {
  "linear",
  "inverse",
  "exponential"
};

/* https://webaudio.github.io/web-audio-api/#PannerNode */
[Exposed=Window]
interface PannerNode : AudioNode {
  constructor(BaseAudioContext context, optional PannerOptions options = {});
  attribute PanningModelType panningModel;
  readonly attribute AudioParam positionX;
  readonly attribute AudioParam positionY;
  readonly attribute AudioParam positionZ;
  readonly attribute AudioParam orientationX;
  readonly attribute AudioParam orientationY;
  readonly attribute AudioParam orientationZ;
  attribute DistanceModelType distanceModel;
  [SetterThrows] attribute double refDistance;
  [SetterThrows] attribute double maxDistance;
  [SetterThrows] attribute double rolloffFactor;
  attribute double coneInnerAngle;
  attribute double coneOuterAngle;
  [SetterThrows] attribute double coneOuterGain;
  undefined setPosition(float x, float y, float z);
  undefined setOrientation(float x, float y, float z);
};

dictionary PannerOptions : AudioNodeOptions {
  PanningModelType panningModel = "equalpower";
  DistanceModelType distanceModel = "inverse";
  float positionX = 0;
  float positionY = 0;
  float positionZ = 0;
  float orientationX = 1;
  float orientationY = 0;
  float orientationZ = 0;
  double refDistance = 1;
  double maxDistance = 10000;
  double rolloffFactor = 1;
  double coneInnerAngle = 360;
  double coneOuterAngle = 360;
  double coneOuterGain = 0;
};

/* https://webaudio.github.io/web-audio-api/#PeriodicWave */
[Exposed=Window]
interface PeriodicWave {
  constructor(BaseAudioContext context, optional PeriodicWaveOptions options = {});
};

dictionary PeriodicWaveConstraints {
  boolean disableNormalization = false;
};

dictionary PeriodicWaveOptions : PeriodicWaveConstraints {
  sequence<float> real;
  sequence<float> imag;
};

/* https://webaudio.github.io/web-audio-api/#stereopannernode */
[Exposed=Window]
interface StereoPannerNode : AudioNode {
  constructor(BaseAudioContext context, optional StereoPannerOptions options = {});
  readonly attribute AudioParam pan;
};

dictionary StereoPannerOptions : AudioNodeOptions {
  float pan = 0;
};
