/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// URLSearchParams by itself, and as the query of a URL.

"use strict";

test(() => {
  const params = text => new URLSearchParams(text).toString();
  assert_equals(params("?a=1&b=2&a=3"), "a=1&b=2&a=3");
  assert_equals(params("a&&=b&c=d=e"), "a=&=b&c=d%3De");
  assert_equals(params("a+b=%E2%82%AC%zz"), "a+b=%E2%82%AC%25zz");
  assert_equals(params([["a", "b"], ["a", " "]]), "a=b&a=+");
  assert_equals(params({ a: "1", "b c": "ü~*-._" }), "a=1&b+c=%C3%BC%7E*-._");
  assert_equals(params(new URLSearchParams("x=y")), "x=y");
  assert_equals(params(undefined), "");
  assert_throws_js(TypeError, () => new URLSearchParams([["a"]]));
  assert_throws_js(TypeError, () => new URLSearchParams([["a", "b", "c"]]));
}, "What a list can be made of");

test(() => {
  const params = new URLSearchParams("a=1&b=2&a=3&c=4");
  assert_equals(params.size, 4);
  assert_equals(params.get("a"), "1");
  assert_equals(params.get("x"), null);
  assert_array_equals(params.getAll("a"), ["1", "3"]);
  assert_true(params.has("a", "3"));
  assert_false(params.has("a", "2"));
  params.set("a", "5");
  assert_equals(String(params), "a=5&b=2&c=4");
  params.append("b", "6");
  params.delete("b", "2");
  assert_equals(String(params), "a=5&c=4&b=6");
  params.delete("c");
  params.set("d", "7");
  assert_equals(String(params), "a=5&b=6&d=7");
}, "The methods of a list");

test(() => {
  const params = new URLSearchParams([["\uffff", "1"], ["\u{1f600}", "2"], ["a", "3"], ["a", "0"]]);
  params.sort();
  assert_array_equals([...params.values()], ["3", "0", "2", "1"]);
}, "sort() is by 16-bit units, and stable");

test(() => {
  const params = new URLSearchParams("a=1&b=2&c=3");
  const seen = [];
  for (const [name] of params) {
    seen.push(name);
    if (name === "a") {
      params.delete("b");
    }
  }
  assert_array_equals(seen, ["a", "c"]);
  params.forEach((value, name, own) => assert_equals(own, params));
  assert_array_equals([...params.keys()], ["a", "c"]);
}, "A list is iterated as it is at each step");

test(() => {
  const url = new URL("https://example.org/?a=1#h");
  const { searchParams } = url;
  assert_equals(url.searchParams, searchParams);
  searchParams.append("b", "x y");
  assert_equals(url.search, "?a=1&b=x+y");
  url.search = "?c=2";
  assert_equals(String(searchParams), "c=2");
  url.href = "https://example.org/?d=%C3%A9";
  assert_equals(searchParams.get("d"), "é");
  searchParams.delete("d");
  assert_equals(url.href, "https://example.org/");
}, "A URL and its list are the same query");
