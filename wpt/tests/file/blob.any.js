/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Blob and File

"use strict";

test(() => {
  const blob = new Blob();
  assert_equals(blob.size, 0);
  assert_equals(blob.type, "");
  assert_equals(new Blob([], { type: "Text/PLAIN;x=Y" }).type, "text/plain;x=y");
  assert_equals(new Blob([], { type: "text/\u00E9" }).type, "");
  assert_throws_js(TypeError, () => new Blob("text"));
  assert_throws_js(TypeError, () => new Blob(5));
  assert_throws_js(TypeError, () => new Blob({}));
}, "Constructor");

promise_test(async () => {
  const { buffer } = new Uint8Array([0x31, 0x32, 0x33, 0x34]);
  const blob = new Blob(["é", buffer, new Uint8Array(buffer, 1, 2), new Blob(["!"]), 5, null]);
  assert_equals(await blob.text(), "é123423!5null");
  assert_equals(blob.size, 2 + 4 + 2 + 1 + 1 + 4);
  assert_equals(await new Blob(["\uD800"]).text(), "\uFFFD");
  assert_equals(await new Blob(new Set(["a", "b"])).text(), "ab", "any iterable");
}, "Its parts");

promise_test(async () => {
  const blob = new Blob(["abcdef"], { type: "text/plain" });
  for (const [parameters, expected] of [
    [[], "abcdef"], [[2], "cdef"], [[1, 3], "bc"], [[-2], "ef"], [[0, -4], "ab"], [[4, 2], ""],
    [[-100, 100], "abcdef"], [[NaN], "abcdef"],
  ]) {
    const slice = blob.slice(...parameters);
    assert_equals(await slice.text(), expected, String(parameters));
    assert_equals(slice.type, "");
  }
  assert_equals(blob.slice(0, 1, "A/B").type, "a/b");
  assert_equals(blob.type, "text/plain");
}, "slice()");

promise_test(async () => {
  const bytes = new Uint8Array([1, 2, 255]);
  const blob = new Blob([bytes]);
  bytes[0] = 9;
  const buffer = await blob.arrayBuffer();
  assert_true(buffer instanceof ArrayBuffer);
  assert_array_equals([...new Uint8Array(buffer)], [1, 2, 255], "its bytes do not change");
  assert_not_equals(await blob.arrayBuffer(), buffer);
  assert_equals(await new Blob(["\uFEFFa"]).text(), "a", "text() is decoded without a mark");
}, "arrayBuffer() and text()");

promise_test(async () => {
  const file = new File(["abc"], "a/b.txt", { type: "text/plain", lastModified: 5.9 });
  assert_equals(file.name, "a/b.txt");
  assert_equals(file.lastModified, 5);
  assert_equals(file.size, 3);
  assert_equals(file.type, "text/plain");
  assert_true(file instanceof Blob);
  assert_false(file.slice() instanceof File);
  assert_approx_equals(new File([], "x").lastModified, Date.now(), 10000);
  assert_throws_js(TypeError, () => new File([]));
  assert_equals(await file.text(), "abc");
}, "File");

promise_test(async () => {
  const file = new File(["abc"], "name", { type: "a/b", lastModified: 1 });
  const clone = structuredClone({ file }).file;
  assert_true(clone instanceof File);
  assert_equals(clone.name, "name");
  assert_equals(clone.lastModified, 1);
  assert_equals(await clone.text(), "abc");
  const blob = structuredClone(new Blob(["x"], { type: "c/d" }));
  assert_equals(blob.type, "c/d");
  assert_false(blob instanceof File);
}, "They are cloned");
