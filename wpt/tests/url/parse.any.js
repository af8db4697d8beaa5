/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=new URL()

"use strict";

for (const [input, base, expected] of [
  ["http://example.org", undefined, "http://example.org/"],
  ["HTTP://EXAMPLE.org:80/A", undefined, "http://example.org/A"],
  ["https://example.org:444", undefined, "https://example.org:444/"],
  [" \n http://example.org/a\tb ", undefined, "http://example.org/ab"],
  ["http://example.org/a/./b/../c/%2e%2E/d", undefined, "http://example.org/a/d"],
  ["http://example.org\\a\\b", undefined, "http://example.org/a/b"],
  ["http:example.org", undefined, "http://example.org/"],
  ["http://u:p@h/", undefined, "http://u:p@h/"],
  ["http://h/ü?ü#ü", undefined, "http://h/%C3%BC?%C3%BC#%C3%BC"],
  ["http://bücher.example/", undefined, "http://xn--bcher-kva.example/"],
  ["http://h/a b?c d#e f", undefined, "http://h/a%20b?c%20d#e%20f"],
  ["http://h/%zz", undefined, "http://h/%zz"],
  ["http://0x7f.1/", undefined, "http://127.0.0.1/"],
  ["http://[::1]:8080/", undefined, "http://[::1]:8080/"],
  ["http://[0:0:0:0:0:0:0:1]/", undefined, "http://[::1]/"],
  ["data:text/plain,a b", undefined, "data:text/plain,a b"],
  ["mailto:a@b", undefined, "mailto:a@b"],
  ["file:///C|/a", undefined, "file:///C:/a"],
  ["about:blank#x", undefined, "about:blank#x"],
  ["b", "http://h/a/c", "http://h/a/b"],
  ["../b", "http://h/a/c/d", "http://h/a/b"],
  ["/b", "http://h/a/c", "http://h/b"],
  ["//b/c", "https://h/a", "https://b/c"],
  ["?q", "http://h/a?x#y", "http://h/a?q"],
  ["#f", "http://h/a?x#y", "http://h/a?x#f"],
  ["", "http://h/a?x#y", "http://h/a?x"],
  ["http:b", "http://h/a/c", "http://h/a/b"],
  ["https:b", "http://h/a/c", "https://b/"],
  [".", "http://h/a/c", "http://h/a/"],
  ["#f", "data:x,y", "data:x,y#f"],
]) {
  test(() => {
    assert_equals(new URL(input, base).href, expected);
    assert_true(URL.canParse(input, base));
    assert_equals(URL.parse(input, base).href, expected);
  }, `${JSON.stringify(input)} with ${base ?? "no base"}`);
}

for (const [input, base] of [
  ["", undefined], ["a", undefined], ["//h", undefined], ["http://", undefined], ["http://a b", undefined],
  ["http://h:99999", undefined], ["http://h:x", undefined], ["http://[::1", undefined], ["http://256.1.1.1.1", undefined],
  ["http://%00/", undefined], ["http://a<b", undefined], ["a", "no base"], ["a", "data:x"], ["a", ""],
]) {
  test(() => {
    assert_throws_js(TypeError, () => new URL(input, base));
    assert_false(URL.canParse(input, base));
    assert_equals(URL.parse(input, base), null);
  }, `${JSON.stringify(input)} with ${JSON.stringify(base) ?? "no base"} fails`);
}

test(() => {
  assert_throws_js(TypeError, () => new URL());
  assert_throws_js(TypeError, () => URL("http://h"));
  assert_equals(new URL({ toString: () => "http://h" }).href, "http://h/");
  assert_equals(new URL("x", new URL("http://h/a")).href, "http://h/x");
}, "Anything is converted to a string");
