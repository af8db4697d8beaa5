/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

/* https://webaudio.github.io/web-audio-api/#AudioNode */
[Exposed=Window]
interface AudioNode : EventTarget {
  AudioNode connect(
    AudioNode destinationNode, optional unsigned long output = 0, optional unsigned long input = 0);
  undefined connect(AudioParam destinationParam, optional unsigned long output = 0);
  undefined disconnect();
  undefined disconnect(unsigned long output);
  undefined disconnect(AudioNode destinationNode);
  undefined disconnect(AudioNode destinationNode, unsigned long output);
  undefined disconnect(AudioNode destinationNode, unsigned long output, unsigned long input);
  undefined disconnect(AudioParam destinationParam);
  undefined disconnect(AudioParam destinationParam, unsigned long output);
  readonly attribute BaseAudioContext context;
  readonly attribute unsigned long numberOfInputs;
  readonly attribute unsigned long numberOfOutputs;
  [SetterThrows] attribute unsigned long channelCount;
  [SetterThrows] attribute ChannelCountMode channelCountMode;
  attribute ChannelInterpretation channelInterpretation;
};

enum ChannelCountMode {
  "max",
  "clamped-max",
  "explicit"
};

enum ChannelInterpretation {
  "speakers",
  "discrete"
};

dictionary AudioNodeOptions {
  unsigned long channelCount;
  ChannelCountMode channelCountMode;
  ChannelInterpretation channelInterpretation;
};

enum AutomationRate {
  "a-rate",
  "k-rate"
};

/* https://webaudio.github.io/web-audio-api/#AudioParam */
[Exposed=Window]
interface AudioParam {
  [SetterThrows] attribute float value;
  [SetterThrows] attribute AutomationRate automationRate;
  readonly attribute float defaultValue;
  readonly attribute float minValue;
  readonly attribute float maxValue;
  AudioParam setValueAtTime(float value, double startTime);
  AudioParam linearRampToValueAtTime(float value, double endTime);
  AudioParam exponentialRampToValueAtTime(float value, double endTime);
  AudioParam setTargetAtTime(float target, double startTime, float timeConstant);
  AudioParam setValueCurveAtTime(sequence<float> values, double startTime, double duration);
  AudioParam cancelScheduledValues(double cancelTime);
  AudioParam cancelAndHoldAtTime(double cancelTime);
};

/* https://webaudio.github.io/web-audio-api/#AudioDestinationNode */
[Exposed=Window]
interface AudioDestinationNode : AudioNode {
  readonly attribute unsigned long maxChannelCount;
};

/* https://webaudio.github.io/web-audio-api/#AudioListener */
[Exposed=Window]
interface AudioListener {
  readonly attribute AudioParam positionX;
  readonly attribute AudioParam positionY;
  readonly attribute AudioParam positionZ;
  readonly attribute AudioParam forwardX;
  readonly attribute AudioParam forwardY;
  readonly attribute AudioParam forwardZ;
  readonly attribute AudioParam upX;
  readonly attribute AudioParam upY;
  readonly attribute AudioParam upZ;
  undefined setPosition(float x, float y, float z);
  undefined setOrientation(float x, float y, float z, float xUp, float yUp, float zUp);
};
