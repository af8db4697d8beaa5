/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Headers

"use strict";

test(() => {
  for (const init of [{ "A-b": "1", c: 2 }, [["a-B", "1"], ["C", "2"]], new Headers({ "A-B": "1", c: "2" }),
                      new Map([["A-B", "1"], ["c", "2"]])]) {
    const headers = new Headers(init);
    assert_equals(headers.get("a-b"), "1");
    assert_equals(headers.get("C"), "2");
  }
  assert_array_equals([...new Headers()], []);
  assert_array_equals([...new Headers(undefined)], []);
  for (const init of [null, 5, [["a"]], [["a", "b", "c"]], "x"]) {
    assert_throws_js(TypeError, () => new Headers(init));
  }
}, "From what they are made");

test(() => {
  const headers = new Headers();
  headers.append("A", "1");
  headers.append("a", "2");
  assert_equals(headers.get("A"), "1, 2");
  headers.set("a", "3");
  assert_equals(headers.get("A"), "3");
  assert_true(headers.has("A"));
  headers.delete("A");
  headers.delete("nothing");
  assert_false(headers.has("a"));
  assert_equals(headers.get("a"), null);
}, "append(), set(), delete()");

test(() => {
  const headers = new Headers();
  headers.set("a", " \t\n x y \r\n");
  assert_equals(headers.get("a"), "x y");
  headers.set("b", "");
  assert_equals(headers.get("b"), "");
  headers.set("c", "\xE9");
  assert_equals(headers.get("c"), "\xE9");
  for (const value of ["a\0b", "a\nb", "a\rb", "\u0100"]) {
    assert_throws_js(TypeError, () => headers.set("x", value));
  }
  for (const name of ["", "a b", "a:", "é", "a\n"]) {
    assert_throws_js(TypeError, () => headers.set(name, "x"));
    assert_throws_js(TypeError, () => headers.get(name));
    assert_throws_js(TypeError, () => headers.has(name));
    assert_throws_js(TypeError, () => headers.delete(name));
  }
}, "Names and values");

test(() => {
  const headers = new Headers([["b", "1"], ["A", "2"], ["b", "3"], ["Set-Cookie", "x"], ["set-cookie", "y"]]);
  assert_array_equals([...headers].map(pair => pair.join("=")),
    ["a=2", "b=1, 3", "set-cookie=x", "set-cookie=y"], "sorted, and joined");
  assert_array_equals([...headers.keys()], ["a", "b", "set-cookie", "set-cookie"]);
  assert_array_equals([...headers.values()], ["2", "1, 3", "x", "y"]);
  assert_array_equals(headers.getSetCookie(), ["x", "y"]);
  assert_equals(headers[Symbol.iterator], headers.entries);
  const seen = [];
  headers.forEach((value, name, all) => seen.push(name, value, all === headers));
  assert_array_equals(seen.slice(0, 3), ["a", "2", true]);
}, "They are iterated");

test(() => {
  const { headers } = new Request("http://h/", { headers: {
    "X-A": "1", Host: "h", Cookie: "c", "Sec-X": "s", "Proxy-X": "p", "Content-Length": "5", DNT: "1",
  } });
  assert_array_equals([...headers.keys()], ["x-a"]);
  headers.set("Origin", "x");
  headers.append("Referer", "x");
  assert_array_equals([...headers.keys()], ["x-a"]);
  const response = new Response("", { headers: { "Set-Cookie": "a", "X-B": "1" } });
  assert_array_equals([...response.headers.keys()].filter(it => it !== "content-type"), ["x-b"]);
}, "Forbidden names are left out without a word");

test(() => {
  const { headers } = Response.error();
  for (const method of ["append", "set"]) {
    assert_throws_js(TypeError, () => headers[method]("a", "b"));
  }
  assert_throws_js(TypeError, () => headers.delete("a"));
}, "Some cannot be changed");
