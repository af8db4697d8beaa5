/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=decodeAudioData()
// META: script=/webaudio/support/contexts.js

"use strict";

const SAMPLES = Array.from({ length: 8000 }, (_, i) => Math.sin(i / 8) / 2);

promise_test(async t => {
  const context = newContext(t, { sampleRate: 8000 });
  const data = wav(SAMPLES, 8000);
  const decoded = context.decodeAudioData(data);
  assert_equals(data.byteLength, 0, "detached");
  const buffer = await decoded;
  assert_true(buffer instanceof AudioBuffer);
  assert_equals(buffer.numberOfChannels, 1);
  assert_equals(buffer.sampleRate, 8000);
  assert_equals(buffer.length, 8000);
  const samples = buffer.getChannelData(0);
  for (const i of [0, 1, 100, 4567, 7999]) assert_approx_equals(samples[i], SAMPLES[i], 1e-3);
}, "A file becomes samples");

promise_test(async t => {
  const context = newContext(t, { sampleRate: 16000 });
  const buffer = await context.decodeAudioData(wav(SAMPLES, 8000));
  assert_equals(buffer.sampleRate, 16000);
  assert_approx_equals(buffer.duration, 1, 0.01);
  assert_approx_equals(buffer.getChannelData(0)[2000], SAMPLES[1000], 0.02);
}, "They have the rate of the context");

promise_test(async t => {
  const context = newContext(t);
  const calls = [];
  const buffer = await context.decodeAudioData(
    wav(SAMPLES, 8000), it => calls.push(it), () => calls.push("error"));
  await until(() => calls.length > 0);
  assert_array_equals(calls, [buffer]);
}, "The callback of success");

promise_test(async t => {
  const context = newContext(t);
  await context.decodeAudioData(wav(SAMPLES, 8000), undefined, undefined);
  await context.decodeAudioData(wav(SAMPLES, 8000), null, null);
}, "No callbacks");

for (const [name, data] of Object.entries({
  "nothing": () => new ArrayBuffer(0),
  "one byte": () => new ArrayBuffer(1),
  "zeros": () => new ArrayBuffer(100000),
  "text": () => new TextEncoder().encode("this is no sound ".repeat(1000)).buffer,
  "noise": () => Uint8Array.from({ length: 500000 }, (_, i) => (i * 2654435761) >> 13).buffer,
  "half a head": () => wav(SAMPLES, 8000).slice(0, 30),
})) {
  promise_test(async t => {
    const context = newContext(t);
    let told;
    const promise = context.decodeAudioData(data(), () => { told = "success"; }, it => { told = it; });
    await promise_rejects_dom(t, "EncodingError", promise);
    await until(() => told);
    assert_equals(told.name, "EncodingError");
    assert_true(told instanceof DOMException);
  }, `What is no sound: ${name}`);
}

promise_test(async t => {
  const context = newContext(t);
  const data = new ArrayBuffer(10);
  structuredClone(data, { transfer: [data] });
  let told;
  const promise = context.decodeAudioData(data, undefined, it => { told = it; });
  await promise_rejects_dom(t, "DataCloneError", promise);
  await until(() => told);
  assert_equals(told.name, "DataCloneError");
}, "Data that are detached");

promise_test(async t => {
  const context = newContext(t);
  for (const wrong of [undefined, null, {}, new Uint8Array(10), "data"]) {
    await promise_rejects_js(t, TypeError, context.decodeAudioData(wrong));
  }
  await promise_rejects_js(t, TypeError, context.decodeAudioData());
  await promise_rejects_js(t, TypeError, context.decodeAudioData(new ArrayBuffer(1), 5));
}, "What is no buffer");

promise_test(async t => {
  const context = newContext(t);
  const lengths = [1000, 2000, 3000, 4000];
  const buffers = await Promise.all(
    lengths.map(length => context.decodeAudioData(wav(SAMPLES.slice(0, length), 8000))));
  buffers.forEach((buffer, i) => assert_approx_equals(buffer.duration, lengths[i] / 8000, 0.01));
}, "Several at once");

promise_test(async t => {
  const context = newContext(t);
  await context.close();
  const buffer = await context.decodeAudioData(wav(SAMPLES, 8000));
  assert_approx_equals(buffer.duration, 1, 0.01);
}, "A context that is closed decodes");
