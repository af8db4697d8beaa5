/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The automation of AudioParam
// META: script=/webaudio/support/contexts.js

"use strict";

context_test(async context => {
  await context.resume();
  const node = context.createGain();
  const { gain } = node;
  node.connect(context.destination);
  gain.setValueAtTime(0.25, 0);
  await until(() => gain.value === 0.25);
  gain.setValueAtTime(0.5, context.currentTime);
  gain.linearRampToValueAtTime(4, context.currentTime + 0.1);
  await until(() => gain.value === 4);
  gain.setTargetAtTime(1, context.currentTime, 0.01);
  await until(() => gain.value < 2);
  assert_greater_than_equal(gain.value, 0.999);
  gain.cancelScheduledValues(0);
  gain.value = 7;
  assert_equals(gain.value, 7);
  gain.setValueCurveAtTime([3, 2, 1], context.currentTime + 0.01, 0.02);
  await until(() => gain.value === 1);
}, "The value follows its automation");

context_test(async context => {
  await context.resume();
  const node = context.createGain();
  const { gain } = node;
  node.connect(context.destination);
  for (let i = 0; i < 100; i++) {
    gain.value = i;
    assert_equals(gain.value, i);
    if (i % 10 === 0) await new Promise(resolve => setTimeout(resolve));
    assert_equals(gain.value, i);
  }
}, "What was set is read");

context_test(async context => {
  await context.resume();
  const node = context.createGain();
  const { gain } = node;
  node.connect(context.destination);
  gain.setValueAtTime(0, context.currentTime);
  gain.linearRampToValueAtTime(1000, context.currentTime + 1000);
  await until(() => gain.value > 0.02 && gain.value < 1);
  assert_equals(gain.cancelAndHoldAtTime(context.currentTime + 0.05), gain);
  let last = -1;
  await until(() => {
    const rests = gain.value === last;
    last = gain.value;
    return rests && last > 0.02;
  });
  assert_less_than(last, 1);
  assert_throws_js(RangeError, () => gain.cancelAndHoldAtTime(-1));
  assert_throws_js(TypeError, () => gain.cancelAndHoldAtTime(NaN));
}, "A ramp is held where it is then");
