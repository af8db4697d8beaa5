/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=TextDecoder

"use strict";

const decode = (bytes, label, options) =>
  new TextDecoder(label, options).decode(new Uint8Array(bytes));

test(() => {
  const decoder = new TextDecoder();
  assert_equals(decoder.encoding, "utf-8");
  assert_false(decoder.fatal);
  assert_false(decoder.ignoreBOM);
  assert_equals(decoder.decode(), "");
  assert_equals(decode([0x61, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x8E, 0xB5]), "aé€\u{1F3B5}");
  assert_equals(decoder.decode(new Uint8Array([0x61]).buffer), "a");
  assert_equals(decoder.decode(new DataView(new Uint8Array([0x61, 0x62]).buffer, 1)), "b");
  assert_throws_js(TypeError, () => decoder.decode("text"));
  assert_throws_js(TypeError, () => decoder.decode([0x61]));
}, "UTF-8");

test(() => {
  for (const bytes of [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80]]) {
    assert_true(decode(bytes).startsWith("\uFFFD"));
    assert_throws_js(TypeError, () => decode(bytes, "utf-8", { fatal: true }));
  }
  assert_equals(decode([0x61, 0xE2, 0x82, 0x62]), "a\uFFFDb");
  assert_true(new TextDecoder("utf-8", { fatal: true }).fatal);
}, "Errors become U+FFFD, or are fatal");

test(() => {
  assert_equals(decode([0xEF, 0xBB, 0xBF, 0x61]), "a");
  assert_equals(decode([0xEF, 0xBB, 0xBF, 0x61], "utf-8", { ignoreBOM: true }), "\uFEFFa");
  assert_equals(decode([0xFF, 0xFE, 0x61, 0], "utf-16le"), "a");
  assert_equals(decode([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF]), "\uFEFF", "only the first");
}, "The byte order mark");

test(() => {
  const decoder = new TextDecoder();
  const stream = { stream: true };
  assert_equals(decoder.decode(new Uint8Array([0xE2]), stream), "");
  assert_equals(decoder.decode(new Uint8Array([0x82]), stream), "");
  assert_equals(decoder.decode(new Uint8Array([0xAC, 0x61]), stream), "€a");
  assert_equals(decoder.decode(new Uint8Array([0xE2]), stream), "");
  assert_equals(decoder.decode(), "\uFFFD", "the end of the stream");
  assert_equals(decoder.decode(new Uint8Array([0x61])), "a", "it can be used again");
}, "Characters that are cut in two");

for (const [label, encoding, bytes, text] of [
  ["latin1", "windows-1252", [0x80, 0xE9], "€é"],
  [" UTF8 ", "utf-8", [0x61], "a"],
  ["ascii", "windows-1252", [0x93], "\u201C"],
  ["iso-8859-2", "iso-8859-2", [0xB1], "ą"],
  ["windows-1251", "windows-1251", [0xC6], "Ж"],
  ["koi8-r", "koi8-r", [0xF6], "Ж"],
  ["sjis", "shift_jis", [0x82, 0xA0], "あ"],
  ["euc-jp", "euc-jp", [0xA4, 0xA2], "あ"],
  ["gb2312", "gbk", [0xC4, 0xE3], "你"],
  ["gb18030", "gb18030", [0x81, 0x30, 0x81, 0x30], "\x80"],
  ["big5", "big5", [0xA7, 0x41], "你"],
  ["euc-kr", "euc-kr", [0xB0, 0xA1], "가"],
  ["utf-16", "utf-16le", [0x61, 0, 0x3C, 0xD8, 0xB5, 0xDF], "a\u{1F3B5}"],
  ["utf-16be", "utf-16be", [0, 0x61], "a"],
  ["x-user-defined", "x-user-defined", [0x80, 0xFF], "\uF780\uF7FF"],
]) {
  test(() => {
    assert_equals(new TextDecoder(label).encoding, encoding);
    assert_equals(decode(bytes, label), text);
  }, `"${label}" is ${encoding}`);
}

test(() => {
  for (const label of ["", "utf", "utf-7", "replacement", "iso-2022-kr", "x"]) {
    assert_throws_js(RangeError, () => new TextDecoder(label), label);
  }
}, "Unknown labels");
