/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=TextEncoder

"use strict";

const bytes = text => [...new TextEncoder().encode(text)];

test(() => {
  const encoder = new TextEncoder();
  assert_equals(encoder.encoding, "utf-8");
  assert_true(encoder.encode() instanceof Uint8Array);
  assert_equals(encoder.encode().length, 0);
  assert_equals(encoder.encode(undefined).length, 0);
  assert_array_equals(bytes("aé€\u{1F3B5}"),
    [0x61, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x8E, 0xB5]);
  assert_array_equals(bytes(null), [...bytes("null")]);
}, "encode()");

test(() => {
  assert_array_equals(bytes("\uD800"), [0xEF, 0xBF, 0xBD]);
  assert_array_equals(bytes("\uDC00\uD800"), [0xEF, 0xBF, 0xBD, 0xEF, 0xBF, 0xBD]);
  assert_array_equals(bytes("a\0b"), [0x61, 0, 0x62]);
}, "Lone surrogates become U+FFFD");

test(() => {
  const into = (text, length) => {
    const view = new Uint8Array(length);
    const { read, written } = new TextEncoder().encodeInto(text, view);
    return [read, written, ...view];
  };
  assert_array_equals(into("ab", 3), [2, 2, 0x61, 0x62, 0]);
  assert_array_equals(into("a€", 3), [1, 1, 0x61, 0, 0], "no half characters");
  assert_array_equals(into("\u{1F3B5}x", 5), [3, 5, 0xF0, 0x9F, 0x8E, 0xB5, 0x78]);
  assert_array_equals(into("\uD800", 3), [1, 3, 0xEF, 0xBF, 0xBD]);
  assert_array_equals(into("x", 0), [0, 0]);
  const buffer = new ArrayBuffer(4);
  new TextEncoder().encodeInto("z", new Uint8Array(buffer, 2, 1));
  assert_array_equals([...new Uint8Array(buffer)], [0, 0, 0x7A, 0]);
  assert_throws_js(TypeError, () => new TextEncoder().encodeInto("x", new Int8Array(1)));
  assert_throws_js(TypeError, () => new TextEncoder().encodeInto("x", buffer));
}, "encodeInto()");
