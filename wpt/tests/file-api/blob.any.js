/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// Blob and File.

"use strict";

promise_test(async () => {
  const bytes = new Uint8Array([0x61, 0xc3, 0xa9, 0x62]);
  const blob = new Blob(["x\ud800", bytes.subarray(1, 3), bytes.buffer, new Blob(["z"])], { type: "Text/X" });
  assert_equals(blob.size, 11);
  assert_equals(blob.type, "text/x");
  assert_equals(await blob.text(), "x\ufffdéaébz");
  assert_array_equals(await blob.slice(4, 7).bytes(), [0xc3, 0xa9, 0x61].slice(0, 3));
  const buffer = await blob.slice(-1).arrayBuffer();
  assert_true(buffer instanceof ArrayBuffer);
  assert_equals(buffer.byteLength, 1);
}, "A blob joins its parts");

promise_test(async () => {
  const blob = new Blob(["0123456789"], { type: "a/b" });
  const cut = async (...args) => (await blob.slice(...args).text());
  assert_equals(await cut(), "0123456789");
  assert_equals(await cut(2, 4), "23");
  assert_equals(await cut(-4, -2), "67");
  assert_equals(await cut(4, 2), "");
  assert_equals(await cut(1.6, 2 ** 60), "23456789");
  assert_equals(blob.slice(0, 1).type, "");
  assert_equals(blob.slice(0, 1, "C/D").type, "c/d");
  assert_equals(blob.slice(0, 1, "é").type, "");
}, "slice()");

promise_test(async () => {
  const text = "a\r\nb\rc\n";
  assert_equals(await new Blob([text], { endings: "native" }).text(), "a\nb\nc\n");
  assert_equals(await new Blob([text]).text(), text);
  assert_throws_js(TypeError, () => new Blob([], { endings: "other" }));
  assert_throws_js(TypeError, () => new Blob("text"));
  assert_equals(new Blob().size, 0);
  assert_equals(new Blob(undefined).size, 0);
  assert_equals(await new Blob(["\ufeffa"]).text(), "a", "a byte order mark is no text");
}, "Line endings, and what is no sequence");

promise_test(async () => {
  const before = Date.now();
  const file = new File(["ab", "c"], "näme/x", { type: "text/plain" });
  assert_true(file instanceof Blob);
  assert_equals(file.name, "näme/x");
  assert_equals(file.type, "text/plain");
  assert_equals(await file.text(), "abc");
  assert_between_inclusive(file.lastModified, before, Date.now());
  assert_equals(new File([], "x", { lastModified: 5.7 }).lastModified, 5);
  assert_false(file.slice() instanceof File);
  assert_throws_js(TypeError, () => new File([]));
}, "A file is a blob with a name");
