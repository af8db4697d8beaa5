/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=AudioNode
// META: script=/webaudio/support/contexts.js

"use strict";

context_test(context => {
  for (const [name, inputs, outputs, mode] of [
    ["createGain", 1, 1, "max"],
    ["createOscillator", 0, 1, "max"],
    ["createConstantSource", 0, 1, "max"],
    ["createBufferSource", 0, 1, "max"],
    ["createStereoPanner", 1, 1, "clamped-max"],
    ["createPanner", 1, 1, "clamped-max"],
  ]) {
    const node = context[name]();
    assert_true(node instanceof AudioNode, name);
    assert_equals(node.context, context, name);
    assert_equals(node.numberOfInputs, inputs, name);
    assert_equals(node.numberOfOutputs, outputs, name);
    assert_equals(node.channelCount, 2, name);
    assert_equals(node.channelCountMode, mode, name);
    assert_equals(node.channelInterpretation, "speakers", name);
  }
  const { destination } = context;
  assert_equals(destination.numberOfInputs, 1);
  assert_equals(destination.numberOfOutputs, 0);
  assert_equals(destination.channelCount, 2);
  assert_equals(destination.channelCountMode, "explicit");
}, "What nodes are made with");

context_test(context => {
  const [one, two] = [context.createGain(), context.createGain()];
  assert_equals(one.connect(two), two);
  assert_equals(one.connect(two), two, "twice is once");
  assert_equals(one.connect(two.gain), undefined);
  two.connect(one);
  one.connect(one);
  one.disconnect(two);
  assert_throws_dom("InvalidAccessError", () => one.disconnect(two));
  one.disconnect(two.gain);
  assert_throws_dom("InvalidAccessError", () => one.disconnect(two.gain));
  one.connect(two);
  one.disconnect(two, 0);
  one.connect(two);
  one.disconnect(two, 0, 0);
  one.connect(two.gain);
  one.disconnect(two.gain, 0);
  one.connect(two);
  one.disconnect(0);
  assert_throws_dom("InvalidAccessError", () => one.disconnect(two, 0, 0));
  one.disconnect();
}, "connect() and disconnect()");

context_test(context => {
  const [one, two] = [context.createGain(), context.createGain()];
  for (const call of [
    () => one.connect(two, 1),
    () => one.connect(two, 0, 1),
    () => one.connect(context.createOscillator()),
    () => one.connect(two.gain, 1),
    () => context.destination.connect(two),
    () => one.disconnect(1),
    () => one.disconnect(two, 1),
    () => one.disconnect(two.gain, 7),
  ]) {
    assert_throws_dom("IndexSizeError", call, String(call));
  }
  one.connect(two);
  assert_throws_dom("IndexSizeError", () => one.disconnect(two, 0, 1));
  for (const nothing of [null, undefined, {}, "node", context]) {
    assert_throws_js(TypeError, () => one.connect(nothing));
  }
}, "Ports that are not there");

promise_test(async t => {
  const [one, two] = [newContext(t), newContext(t)];
  const [here, there] = [one.createGain(), two.createGain()];
  assert_throws_dom("InvalidAccessError", () => here.connect(there));
  assert_throws_dom("InvalidAccessError", () => here.connect(there.gain));
  assert_throws_dom("InvalidAccessError", () => here.disconnect(there));
}, "Nodes of different contexts");

promise_test(async t => {
  const [one, two] = [newContext(t), newContext(t)];
  const node = one.createGain();
  assert_throws_dom("InvalidAccessError", () => node.connect(two.listener.positionX));
  node.connect(one.listener.positionX);
  node.disconnect(one.listener.positionX);
}, "The listener of another context");

context_test(context => {
  const gain = context.createGain();
  gain.channelCount = 32;
  assert_equals(gain.channelCount, 32);
  for (const count of [0, 33, 1000, -1]) {
    assert_throws_dom("NotSupportedError", () => { gain.channelCount = count; }, String(count));
  }
  gain.channelCountMode = "explicit";
  gain.channelCountMode = "none";
  assert_equals(gain.channelCountMode, "explicit");
  gain.channelInterpretation = "discrete";
  assert_equals(gain.channelInterpretation, "discrete");
  for (const panner of [context.createPanner(), context.createStereoPanner()]) {
    panner.channelCount = 1;
    panner.channelCountMode = "explicit";
    assert_throws_dom("NotSupportedError", () => { panner.channelCount = 3; });
    assert_throws_dom("NotSupportedError", () => { panner.channelCountMode = "max"; });
  }
}, "Channels");

context_test(context => {
  const { destination } = context;
  assert_greater_than_equal(destination.maxChannelCount, 2);
  destination.channelCount = 1;
  assert_equals(destination.channelCount, 1);
  for (const count of [0, destination.maxChannelCount + 1]) {
    assert_throws_dom("IndexSizeError", () => { destination.channelCount = count; });
  }
}, "The channels of the destination");

context_test(context => {
  const options = { channelCount: 4, channelCountMode: "explicit", channelInterpretation: "discrete" };
  const gain = new GainNode(context, { ...options, gain: 0.5 });
  assert_equals(gain.gain.value, 0.5);
  for (const [name, value] of Object.entries(options)) assert_equals(gain[name], value);
  assert_equals(new StereoPannerNode(context, { pan: -0.5 }).pan.value, -0.5);
  assert_equals(new ConstantSourceNode(context, { offset: 3 }).offset.value, 3);
  const oscillator = new OscillatorNode(context, { type: "square", frequency: 220, detune: 5 });
  assert_equals(oscillator.type, "square");
  assert_equals(oscillator.frequency.value, 220);
  assert_equals(oscillator.detune.value, 5);
  const panner = new PannerNode(context, { positionX: 1, orientationY: 2, refDistance: 3 });
  assert_equals(panner.positionX.value, 1);
  assert_equals(panner.orientationX.value, 1);
  assert_equals(panner.orientationY.value, 2);
  assert_equals(panner.refDistance, 3);
  assert_throws_dom("NotSupportedError", () => new GainNode(context, { channelCount: 0 }));
  assert_throws_dom("NotSupportedError", () => new PannerNode(context, { channelCountMode: "max" }));
  assert_throws_js(TypeError, () => new GainNode(context, { gain: NaN }));
  assert_throws_js(TypeError, () => new GainNode(context, { channelCountMode: "most" }));
  assert_throws_js(TypeError, () => new GainNode());
  assert_throws_js(TypeError, () => new GainNode({}));
  for (const Abstract of [AudioNode, AudioScheduledSourceNode, AudioDestinationNode, AudioParam]) {
    assert_throws_js(TypeError, () => new Abstract(context));
  }
}, "Constructors with options");

context_test(context => {
  const panner = context.createPanner();
  assert_equals(panner.panningModel, "equalpower");
  assert_equals(panner.distanceModel, "inverse");
  for (const distanceModel of ["linear", "exponential", "inverse"]) {
    panner.distanceModel = distanceModel;
    assert_equals(panner.distanceModel, distanceModel);
  }
  for (const [name, value, bad] of [
    ["refDistance", 1, [-1]],
    ["maxDistance", 10000, [0, -1]],
    ["rolloffFactor", 1, [-1]],
  ]) {
    assert_equals(panner[name], value, name);
    panner[name] = 7;
    assert_equals(panner[name], 7, name);
    for (const wrong of bad) {
      assert_throws_js(RangeError, () => { panner[name] = wrong; }, `${name} ${wrong}`);
    }
    assert_throws_js(TypeError, () => { panner[name] = Infinity; });
    assert_equals(panner[name], 7, name);
  }
  panner.coneInnerAngle = 30;
  panner.coneOuterAngle = -60;
  assert_equals(panner.coneOuterAngle, -60);
  panner.coneOuterGain = 0.5;
  for (const gain of [-0.1, 1.1]) {
    assert_throws_dom("InvalidStateError", () => { panner.coneOuterGain = gain; });
  }
}, "Panners");

context_test(context => {
  const panner = context.createPanner();
  panner.setPosition(1, 2, 3);
  panner.setOrientation(4, 5, 6);
  assert_equals(panner.positionZ.value, 3);
  assert_equals(panner.orientationZ.value, 6);
}, "setPosition() and setOrientation() of panners");

context_test(context => {
  const oscillator = context.createOscillator();
  for (const type of ["square", "sawtooth", "triangle", "sine"]) {
    oscillator.type = type;
    assert_equals(oscillator.type, type);
  }
  assert_throws_dom("InvalidStateError", () => { oscillator.type = "custom"; });
  oscillator.type = "round";
  assert_equals(oscillator.type, "sine");
  assert_throws_dom("InvalidStateError", () => new OscillatorNode(context, { type: "custom" }));
  const wave = context.createPeriodicWave([0, 1, 0.5], [0, 0, 1]);
  oscillator.setPeriodicWave(wave);
  assert_equals(oscillator.type, "custom");
  const other = new OscillatorNode(context, { periodicWave: wave, type: "square" });
  assert_equals(other.type, "custom");
  new PeriodicWave(context);
  new PeriodicWave(context, { imag: new Float32Array(8192), disableNormalization: true });
  assert_throws_dom("IndexSizeError", () => context.createPeriodicWave([0, 1], [0]));
  assert_throws_dom("IndexSizeError", () => new PeriodicWave(context, { real: [1] }));
  assert_throws_js(TypeError, () => context.createPeriodicWave([0, NaN], [0, 1]));
  assert_throws_js(TypeError, () => oscillator.setPeriodicWave(null));
}, "Oscillators and periodic waves");
