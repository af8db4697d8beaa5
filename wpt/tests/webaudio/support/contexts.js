/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// What the tests of Web Audio have in common.

"use strict";

// A context that is closed after the test.
function newContext(t, options) {
  const context = new AudioContext(options);
  t.add_cleanup(async () => {
    if (context.state !== "closed") await context.close();
  });
  return context;
}

// A test with a context.
function context_test(check, name) {
  promise_test(async t => check(newContext(t), t), name);
}

// Waits until something is so. Time in contexts goes on without tasks.
async function until(condition) {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5));
}

function eventOf(target, type) {
  return new Promise(resolve => target.addEventListener(type, resolve, { once: true }));
}

// A WAV file with one channel of 16-bit samples.
function wav(samples, rate) {
  const bytes = new ArrayBuffer(44 + samples.length * 2);
  const view = new DataView(bytes);
  const text = (at, string) => [...string].forEach((c, i) => view.setUint8(at + i, c.charCodeAt()));
  text(0, "RIFF");
  view.setUint32(4, bytes.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, i) => view.setInt16(44 + i * 2, sample * 0x8000, true));
  return bytes;
}
