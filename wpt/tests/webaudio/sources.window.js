/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Sources
// META: script=/webaudio/support/contexts.js

"use strict";

const SOURCES = ["createOscillator", "createConstantSource", "createBufferSource"];

for (const name of SOURCES) {
  context_test(context => {
    const source = context[name]();
    assert_throws_dom("InvalidStateError", () => source.stop());
    for (const when of [-1, -1e-9]) assert_throws_js(RangeError, () => source.start(when));
    for (const when of [NaN, Infinity]) assert_throws_js(TypeError, () => source.start(when));
    source.start();
    assert_throws_dom("InvalidStateError", () => source.start());
    assert_throws_js(RangeError, () => source.stop(-1));
    assert_throws_js(TypeError, () => source.stop(Infinity));
    source.stop(1e6);
    source.stop(1);
    source.stop();
    source.stop();
    assert_throws_dom("InvalidStateError", () => source.start(1));
  }, `${name}: start() and stop()`);
}


context_test(context => {
  const source = context.createBufferSource();
  assert_equals(source.buffer, null);
  const buffer = context.createBuffer(1, 10, 8000);
  source.buffer = null;
  source.buffer = buffer;
  assert_equals(source.buffer, buffer);
  assert_throws_dom("InvalidStateError", () => { source.buffer = buffer; });
  source.buffer = null;
  assert_throws_dom("InvalidStateError", () => { source.buffer = buffer; });
  assert_throws_js(TypeError, () => { source.buffer = new Float32Array(10); });
  const other = new AudioBufferSourceNode(context, { buffer, loop: true, loopStart: 1, loopEnd: 2 });
  assert_equals(other.buffer, buffer);
  assert_true(other.loop);
  assert_equals(other.loopStart, 1);
  assert_equals(other.loopEnd, 2);
  assert_throws_dom("InvalidStateError", () => { other.buffer = buffer; });
  assert_equals(new AudioBufferSourceNode(context, { buffer: null }).buffer, null);
}, "The buffer of a source is set once");

context_test(context => {
  const source = context.createBufferSource();
  for (const args of [[0, -1], [0, 0, -1], [-1, 0, 0]]) {
    assert_throws_js(RangeError, () => source.start(...args), args.join());
  }
  for (const args of [[0, NaN], [0, 0, Infinity]]) {
    assert_throws_js(TypeError, () => source.start(...args), args.join());
  }
  source.start(0, 1e5, 1e5);
  const odd = context.createBufferSource();
  odd.buffer = context.createBuffer(32, 1, 8000);
  odd.loop = true;
  odd.loopStart = -5;
  odd.loopEnd = 1e300;
  odd.playbackRate.value = -3.4e38;
  odd.detune.value = 3.4e38;
  odd.connect(context.destination);
  odd.start();
}, "Odd offsets, durations, loops and speeds");
