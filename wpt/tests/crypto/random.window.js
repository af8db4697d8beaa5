/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// META: title=Random values

"use strict";

for (const type of [Int8Array, Uint8ClampedArray, Uint16Array, Int32Array, BigUint64Array]) {
  test(() => {
    const array = new type(64);
    assert_equals(crypto.getRandomValues(array), array);
    assert_true(array.some(number => Number(number) !== 0));
    const whole = new Uint8Array(16);
    crypto.getRandomValues(new type(whole.buffer, 8, 8 / type.BYTES_PER_ELEMENT));
    assert_array_equals(whole.subarray(0, 8), new Uint8Array(8), "only the view is filled");
    assert_equals(crypto.getRandomValues(new type(0)).length, 0);
  }, `In a ${type.name}`);
}

test(() => {
  for (const array of [new Float32Array(1), new Float64Array(1), new DataView(new ArrayBuffer(1))]) {
    assert_throws_dom("TypeMismatchError", () => crypto.getRandomValues(array));
  }
  assert_throws_js(TypeError, () => crypto.getRandomValues([0]));
  assert_throws_js(TypeError, () => crypto.getRandomValues(new ArrayBuffer(1)));
  crypto.getRandomValues(new Uint8Array(65536));
  let error;
  try {
    crypto.getRandomValues(new Uint8Array(65537));
  } catch (thrown) {
    error = thrown;
  }
  assert_equals(error.name, "QuotaExceededError");
}, "What cannot be filled");

test(() => {
  const one = crypto.randomUUID();
  assert_true(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(one));
  assert_not_equals(one, crypto.randomUUID());
}, "randomUUID()");
