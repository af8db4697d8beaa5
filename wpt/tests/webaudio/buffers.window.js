/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=AudioBuffer
// META: script=/webaudio/support/contexts.js

"use strict";

context_test(context => {
  for (const buffer of [
    new AudioBuffer({ numberOfChannels: 2, length: 400, sampleRate: 8000 }),
    context.createBuffer(2, 400, 8000),
  ]) {
    assert_equals(buffer.numberOfChannels, 2);
    assert_equals(buffer.length, 400);
    assert_equals(buffer.sampleRate, 8000);
    assert_equals(buffer.duration, 0.05);
    const data = buffer.getChannelData(1);
    assert_true(data instanceof Float32Array);
    assert_equals(data.length, 400);
    assert_equals(buffer.getChannelData(1), data);
    assert_not_equals(buffer.getChannelData(0), data);
    assert_true(data.every(sample => sample === 0));
    assert_throws_dom("IndexSizeError", () => buffer.getChannelData(2));
    assert_throws_dom("IndexSizeError", () => buffer.getChannelData(-1));
  }
  assert_equals(new AudioBuffer({ length: 1, sampleRate: 8000 }).numberOfChannels, 1);
}, "What a buffer is");

context_test(context => {
  for (const [channels, length, rate] of [
    [0, 1, 8000], [33, 1, 8000], [1, 0, 8000], [1, 1, 0], [1, 1, 2999], [1, 1, 768001], [1, 1, -1],
  ]) {
    const args = [channels, length, rate].join();
    assert_throws_dom("NotSupportedError", () => context.createBuffer(channels, length, rate), args);
    const options = { numberOfChannels: channels, length, sampleRate: rate };
    assert_throws_dom("NotSupportedError", () => new AudioBuffer(options), args);
  }
  context.createBuffer(32, 1, 3000);
  assert_throws_js(TypeError, () => context.createBuffer(1, 1, NaN));
  assert_throws_js(TypeError, () => new AudioBuffer());
  assert_throws_js(TypeError, () => new AudioBuffer({ length: 1 }));
  assert_throws_js(TypeError, () => new AudioBuffer({ sampleRate: 8000 }));
}, "What a buffer cannot be");

test(() => {
  const buffer = new AudioBuffer({ length: 5, sampleRate: 8000 });
  buffer.copyToChannel(new Float32Array([1, 2, 3]), 0);
  buffer.copyToChannel(new Float32Array([7, 8, 9]), 0, 4);
  buffer.copyToChannel(new Float32Array([9]), 0, 5);
  buffer.copyToChannel(new Float32Array([9]), 0, 1e9);
  assert_array_equals(buffer.getChannelData(0), [1, 2, 3, 0, 7]);
  const target = new Float32Array(3).fill(-1);
  buffer.copyFromChannel(target, 0, 3);
  assert_array_equals(target, [0, 7, -1]);
  buffer.copyFromChannel(target, 0, 99);
  assert_array_equals(target, [0, 7, -1]);
  buffer.copyFromChannel(target, 0);
  assert_array_equals(target, [1, 2, 3]);
  const large = new Float32Array(10);
  buffer.copyFromChannel(large.subarray(2, 4), 0, 1);
  assert_array_equals(large, [0, 0, 2, 3, 0, 0, 0, 0, 0, 0]);
  assert_throws_dom("IndexSizeError", () => buffer.copyFromChannel(target, 1));
  assert_throws_dom("IndexSizeError", () => buffer.copyToChannel(target, 1));
  assert_throws_js(TypeError, () => buffer.copyFromChannel([1], 0));
  buffer.getChannelData(0)[0] = 5;
  buffer.copyFromChannel(target, 0);
  assert_equals(target[0], 5);
}, "Copies from and to channels");

context_test(context => {
  const buffer = context.createBuffer(1, 4, 8000);
  buffer.getChannelData(0).set([1, 2, 3, 4]);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.start();
  const data = buffer.getChannelData(0);
  assert_array_equals(data, [1, 2, 3, 4]);
  data[0] = 9;
  assert_equals(buffer.getChannelData(0)[0], 9);
}, "A buffer that is played keeps its samples");

context_test(context => {
  const buffer = context.createBuffer(1, 4, 8000);
  const before = buffer.getChannelData(0);
  new AudioBufferSourceNode(context, { buffer }).start();
  assert_equals(before.length, 0, "detached");
  assert_not_equals(buffer.getChannelData(0), before);
}, "What is played is taken from script");


test(() => {
  const context = new AudioContext();
  const most = 2 ** 32 - 1;
  for (const channels of [1, 32]) {
    try {
      context.createBuffer(channels, most, 48000);
    } catch (error) {
      assert_in_array(error.name, ["NotSupportedError", "RangeError", "TypeError"]);
    }
  }
  context.close();
}, "A buffer that is too large harms nobody");
