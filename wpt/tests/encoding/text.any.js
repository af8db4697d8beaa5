/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// TextDecoder and TextEncoder.

"use strict";

const bytes = (...numbers) => new Uint8Array(numbers);

for (const [label, encoding, input, expected] of [
  ["utf8", "utf-8", [0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0xff], "é\ufffd"],
  [" Latin1 ", "windows-1252", [0xe9, 0x80], "é€"],
  ["utf-16", "utf-16le", [0xff, 0xfe, 0x41, 0x00, 0x3d, 0xd8], "A\ufffd"],
  ["utf-16be", "utf-16be", [0x00, 0x41], "A"],
  ["shift_jis", "shift_jis", [0x82, 0xa0], "あ"],
  ["gb2312", "gbk", [0xc4, 0xe3], "你"],
  ["x-user-defined", "x-user-defined", [0x41, 0xff], "A\uf7ff"],
]) {
  test(() => {
    const decoder = new TextDecoder(label);
    assert_equals(decoder.encoding, encoding);
    assert_equals(decoder.decode(bytes(...input)), expected);
  }, `The label "${label}"`);
}

test(() => {
  assert_throws_js(RangeError, () => new TextDecoder("nothing"));
  assert_throws_js(RangeError, () => new TextDecoder("replacement"));
  assert_equals(new TextDecoder().encoding, "utf-8");
  assert_equals(new TextDecoder().decode(), "");
}, "Labels that are none");

test(() => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  assert_true(decoder.fatal);
  assert_true(decoder.ignoreBOM);
  assert_throws_js(TypeError, () => decoder.decode(bytes(0x61, 0xff)));
  assert_throws_js(TypeError, () => decoder.decode(bytes(0xc3)));
  assert_equals(decoder.decode(bytes(0xef, 0xbb, 0xbf, 0x61)), "\ufeffa");
}, "fatal and ignoreBOM");

test(() => {
  const decoder = new TextDecoder();
  let text = "";
  for (const byte of [0xef, 0xbb, 0xbf, 0xf0, 0x9f, 0x98, 0x80, 0xe2]) {
    text += decoder.decode(bytes(byte), { stream: true });
  }
  assert_equals(text, "\u{1f600}");
  assert_equals(decoder.decode(), "\ufffd");
  assert_equals(decoder.decode(bytes(0xef, 0xbb, 0xbf, 0x61)), "a", "a new text has its own BOM");
}, "A text in pieces");

test(() => {
  const buffer = bytes(0x61, 0x62, 0x63, 0x64).buffer;
  const decoder = new TextDecoder();
  assert_equals(decoder.decode(buffer), "abcd");
  assert_equals(decoder.decode(new DataView(buffer, 1, 2)), "bc");
  assert_equals(decoder.decode(new Uint16Array(buffer, 2)), "cd");
  assert_throws_js(TypeError, () => decoder.decode("abcd"));
}, "Buffers and their views");

test(() => {
  const encoder = new TextEncoder();
  assert_equals(encoder.encoding, "utf-8");
  assert_array_equals(encoder.encode("aé\ud83d"), [0x61, 0xc3, 0xa9, 0xef, 0xbf, 0xbd]);
  assert_equals(encoder.encode().length, 0);
}, "encode()");

test(() => {
  const encoder = new TextEncoder();
  const into = (text, length) => {
    const target = new Uint8Array(8).fill(9);
    const { read, written } = encoder.encodeInto(text, target.subarray(0, length));
    return [read, written, ...target.subarray(0, written + 1)];
  };
  assert_array_equals(into("aé", 8), [2, 3, 0x61, 0xc3, 0xa9, 9]);
  assert_array_equals(into("aé", 2), [1, 1, 0x61, 9], "no half characters");
  assert_array_equals(into("\u{1f600}b", 4), [2, 4, 0xf0, 0x9f, 0x98, 0x80, 9]);
  assert_array_equals(into("a", 0), [0, 0, 9]);
}, "encodeInto()");
