/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The end of sources
// META: script=/webaudio/support/contexts.js

"use strict";

for (const name of ["createOscillator", "createConstantSource", "createBufferSource"]) {
  context_test(async context => {
    const source = context[name]();
    if (name === "createBufferSource") {
      source.buffer = context.createBuffer(1, 128, context.sampleRate);
      source.loop = true;
    }
    const ended = new Promise(resolve => { source.onended = resolve; });
    source.start();
    source.stop(context.currentTime + 0.02);
    const event = await ended;
    assert_equals(event.target, source);
    assert_equals(event.type, "ended");
    assert_greater_than_equal(context.currentTime, 0.02);
  }, `${name}: ended, though nobody hears it`);
}

context_test(async context => {
  await context.resume();
  const source = context.createBufferSource();
  source.buffer = context.createBuffer(1, 1000, context.sampleRate);
  source.connect(context.destination);
  source.start();
  await eventOf(source, "ended");
}, "A buffer that was played has ended");

context_test(async context => {
  await context.resume();
  const ended = new Promise(resolve => {
    const source = context.createOscillator();
    source.onended = resolve;
    source.start();
    source.stop(context.currentTime + 0.05);
  });
  for (let i = 0; i < 20; i++) {
    Array.from({ length: 10000 }, () => ({}));
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  await ended;
}, "What nobody holds ends and says so");

context_test(async context => {
  const buffer = context.createBuffer(2, 400, context.sampleRate);
  const data = buffer.getChannelData(0);
  structuredClone(data, { transfer: [data.buffer] });
  assert_equals(data.length, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  source.stop(0.01);
  await eventOf(source, "ended");
  const target = new Float32Array(4).fill(7);
  buffer.copyFromChannel(target, 0);
  buffer.copyToChannel(target, 0);
}, "A buffer that script has detached");
