/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=URLSearchParams

"use strict";

const params = init => new URLSearchParams(init);

for (const [init, expected] of [
  ["a=1&b=2", "a=1&b=2"],
  ["?a=1", "a=1"],
  ["??a=1", "%3Fa=1"],
  ["a&b=&=c&&", "a=&b=&=c"],
  ["a=b=c", "a=b%3Dc"],
  ["a+b=c%20d", "a+b=c+d"],
  ["%C3%BC=\u00FC", "%C3%BC=%C3%BC"],
  ["a=%zz%", "a=%25zz%25"],
  ["*-._~!'()", "*-._%7E%21%27%28%29="],
  [[["a", 1], ["a", "2"]], "a=1&a=2"],
  [{ a: "1", b: null }, "a=1&b=null"],
  [new Map([["x", "y"]]), "x=y"],
  [undefined, ""],
  ["", ""],
  [null, "null="],
]) {
  test(() => assert_equals(String(params(init)), expected), `From ${JSON.stringify(init)} to "${expected}"`);
}

test(() => {
  assert_throws_js(TypeError, () => params([["a"]]));
  assert_throws_js(TypeError, () => params([["a", "b", "c"]]));
  assert_throws_js(TypeError, () => params([5]));
  const copy = params(params("a=1"));
  assert_equals(String(copy), "a=1");
  assert_equals(String(params(new (class { x = 1; })())), "x=1");
}, "Sequences are of pairs");

test(() => {
  const it = params("a=1&b=2&a=3");
  assert_equals(it.get("a"), "1");
  assert_array_equals(it.getAll("a"), ["1", "3"]);
  assert_equals(it.get("c"), null);
  assert_array_equals(it.getAll("c"), []);
  assert_true(it.has("b"));
  assert_true(it.has("a", "3"));
  assert_false(it.has("a", "2"));
  assert_equals(it.size, 3);
}, "Reading");

test(() => {
  const it = params("a=1&b=2&a=3");
  it.append("c", "4 5");
  assert_equals(String(it), "a=1&b=2&a=3&c=4+5");
  it.set("a", "x");
  assert_equals(String(it), "a=x&b=2&c=4+5");
  it.set("d", "");
  it.delete("b");
  assert_equals(String(it), "a=x&c=4+5&d=");
  it.append("a", "y");
  it.delete("a", "x");
  assert_equals(String(it), "c=4+5&d=&a=y");
}, "Writing");

test(() => {
  const it = params("z=1&\uFFFD=2&\u{1F3B5}=3&a=4&z=0");
  it.sort();
  assert_array_equals([...it.keys()], ["a", "z", "z", "\u{1F3B5}", "\uFFFD"], "by UTF-16 units");
  assert_array_equals(it.getAll("z"), ["1", "0"], "and it is stable");
}, "sort()");

test(() => {
  const it = params("a=1&b=2");
  assert_equals(it[Symbol.iterator], it.entries);
  assert_array_equals([...it].flat(), ["a", "1", "b", "2"]);
  assert_array_equals([...it.values()], ["1", "2"]);
  const seen = [];
  it.forEach((value, key, all) => seen.push(value, key, all === it));
  assert_array_equals(seen, ["1", "a", true, "2", "b", true]);
  const left = [];
  for (const [key] of it) {
    left.push(key);
    it.delete("b");
  }
  assert_array_equals(left, ["a"], "the iterator lives");
}, "It is iterated");

test(() => {
  const url = new URL("http://h/?a=1#x");
  const { searchParams } = url;
  assert_equals(url.searchParams, searchParams);
  searchParams.append("b", "c d");
  assert_equals(url.href, "http://h/?a=1&b=c+d#x");
  url.search = "?new=1";
  assert_equals(searchParams.get("new"), "1");
  assert_equals(searchParams.size, 1);
  searchParams.delete("new");
  assert_equals(url.href, "http://h/#x");
  url.href = "http://h/?z=9";
  assert_equals(searchParams.get("z"), "9");
  assert_throws_js(TypeError, () => { url.searchParams = searchParams; });
}, "That of a URL lives with it");
