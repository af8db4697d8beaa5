/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=AudioParam
// META: script=/webaudio/support/contexts.js

"use strict";

context_test(context => {
  const most = 3.4028234663852886e38;
  const nyquist = context.sampleRate / 2;
  const oscillator = context.createOscillator();
  const source = context.createBufferSource();
  const panner = context.createPanner();
  for (const [param, value, min, max, rate] of [
    [context.createGain().gain, 1, -most, most, "a-rate"],
    [context.createStereoPanner().pan, 0, -1, 1, "a-rate"],
    [context.createConstantSource().offset, 1, -most, most, "a-rate"],
    [oscillator.frequency, 440, -nyquist, nyquist, "a-rate"],
    [source.playbackRate, 1, -most, most, "k-rate"],
    [source.detune, 0, -most, most, "k-rate"],
    [panner.positionX, 0, -most, most, "a-rate"],
    [panner.orientationX, 1, -most, most, "a-rate"],
  ]) {
    assert_equals(param.value, value);
    assert_equals(param.defaultValue, value);
    assert_equals(param.minValue, min);
    assert_equals(param.maxValue, max);
    assert_equals(param.automationRate, rate);
  }
  assert_approx_equals(oscillator.detune.maxValue, 153600, 1);
  assert_equals(oscillator.frequency, oscillator.frequency);
}, "Values and ranges");

context_test(context => {
  const { gain } = context.createGain();
  gain.value = 0.25;
  assert_equals(gain.value, 0.25);
  gain.value = 1 / 3;
  assert_equals(gain.value, Math.fround(1 / 3));
  for (const value of [NaN, Infinity, -Infinity, 1e39, "loud", undefined, {}]) {
    assert_throws_js(TypeError, () => { gain.value = value; }, String(value));
  }
  assert_equals(gain.value, Math.fround(1 / 3));
  gain.automationRate = "k-rate";
  assert_equals(gain.automationRate, "k-rate");
  gain.automationRate = "a-rate";
  const { playbackRate } = context.createBufferSource();
  assert_throws_dom("InvalidStateError", () => { playbackRate.automationRate = "a-rate"; });
  gain.automationRate = "z-rate";
  assert_equals(gain.automationRate, "a-rate");
}, "What can be set");

context_test(context => {
  const { gain } = context.createGain();
  assert_equals(gain.setValueAtTime(0.5, 0), gain);
  assert_equals(gain.linearRampToValueAtTime(0.5, 1), gain);
  assert_equals(gain.exponentialRampToValueAtTime(0.5, 2), gain);
  assert_equals(gain.setTargetAtTime(0.5, 3, 1), gain);
  assert_equals(gain.setValueCurveAtTime([0, 1], 4, 1), gain);
  assert_equals(gain.cancelScheduledValues(0), gain);
}, "Automation can be chained");

context_test(context => {
  const { gain } = context.createGain();
  for (const call of [
    () => gain.setValueAtTime(1, -1),
    () => gain.linearRampToValueAtTime(1, -1),
    () => gain.exponentialRampToValueAtTime(1, -1),
    () => gain.exponentialRampToValueAtTime(0, 1),
    () => gain.exponentialRampToValueAtTime(1e-50, 1),
    () => gain.setTargetAtTime(1, -1, 1),
    () => gain.setTargetAtTime(1, 1, -1),
    () => gain.setValueCurveAtTime([0, 1], -1, 1),
    () => gain.setValueCurveAtTime([0, 1], 1, 0),
    () => gain.setValueCurveAtTime([0, 1], 1, -1),
    () => gain.cancelScheduledValues(-1),
  ]) {
    assert_throws_js(RangeError, call, String(call));
  }
  for (const wrong of [NaN, Infinity, -Infinity]) {
    for (const call of [
      () => gain.setValueAtTime(wrong, 1),
      () => gain.setValueAtTime(1, wrong),
      () => gain.linearRampToValueAtTime(wrong, 1),
      () => gain.exponentialRampToValueAtTime(1, wrong),
      () => gain.setTargetAtTime(1, 1, wrong),
      () => gain.setValueCurveAtTime([0, wrong], 1, 1),
      () => gain.setValueCurveAtTime([0, 1], 1, wrong),
      () => gain.cancelScheduledValues(wrong),
    ]) {
      assert_throws_js(TypeError, call, `${call} with ${wrong}`);
    }
  }
  for (const values of [[], [1]]) {
    assert_throws_dom("InvalidStateError", () => gain.setValueCurveAtTime(values, 1, 1));
  }
}, "Times and values that cannot be");

context_test(async context => {
  await context.suspend();
  const { gain } = context.createGain();
  gain.setValueCurveAtTime([0, 1], 10, 2);
  for (const call of [
    () => gain.setValueAtTime(1, 10),
    () => gain.setValueAtTime(1, 11),
    () => gain.linearRampToValueAtTime(1, 11),
    () => gain.setTargetAtTime(1, 11.5, 1),
    () => gain.setValueCurveAtTime([0, 1], 11, 5),
    () => gain.setValueCurveAtTime([0, 1], 5, 6),
  ]) {
    assert_throws_dom("NotSupportedError", call, String(call));
  }
  gain.setValueAtTime(1, 9);
  gain.setValueAtTime(1, 12);
  gain.setValueCurveAtTime([0, 1], 12, 1);
  gain.cancelScheduledValues(11);
  gain.setValueAtTime(1, 11);
}, "Nothing is at the time of a value curve");
