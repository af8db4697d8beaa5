/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// The members of a URL, and what their setters change.

"use strict";

test(() => {
  const url = new URL("../c?d#e", "https://user:pw@example.org:8080/a/b/x");
  assert_equals(url.href, "https://user:pw@example.org:8080/a/c?d#e");
  assert_equals(url.origin, "https://example.org:8080");
  assert_equals(url.protocol, "https:");
  assert_equals(url.username, "user");
  assert_equals(url.password, "pw");
  assert_equals(url.host, "example.org:8080");
  assert_equals(url.hostname, "example.org");
  assert_equals(url.port, "8080");
  assert_equals(url.pathname, "/a/c");
  assert_equals(url.search, "?d");
  assert_equals(url.hash, "#e");
  assert_equals(String(url), url.href);
  assert_equals(JSON.stringify({ url }), JSON.stringify({ url: url.href }));
}, "A relative URL is resolved, and its parts are read");

test(() => {
  assert_throws_js(TypeError, () => new URL("a"));
  assert_throws_js(TypeError, () => new URL("a", "b"));
  assert_throws_js(TypeError, () => new URL("https://example.org:99999/"));
  assert_throws_js(TypeError, () => URL("https://example.org/"));
  assert_false(URL.canParse("a"));
  assert_true(URL.canParse("a", "https://example.org/"));
  assert_false(URL.canParse("https://example.org/", "a"));
  assert_equals(URL.parse("a"), null);
  assert_equals(URL.parse("a", "https://example.org/b").href, "https://example.org/a");
}, "What is no URL throws, or is null");

for (const [member, value, expected] of [
  ["protocol", "http", "http://u:p@example.org/a?b#c"],
  ["protocol", "1", "https://u:p@example.org/a?b#c"],
  ["username", "x y", "https://x%20y:p@example.org/a?b#c"],
  ["password", "", "https://u@example.org/a?b#c"],
  ["host", "h.test:81", "https://u:p@h.test:81/a?b#c"],
  ["host", "[x", "https://u:p@example.org/a?b#c"],
  ["hostname", "h.test", "https://u:p@h.test/a?b#c"],
  ["port", "90x", "https://u:p@example.org:90/a?b#c"],
  ["port", "443", "https://u:p@example.org/a?b#c"],
  ["pathname", "é/../x", "https://u:p@example.org/x?b#c"],
  ["search", "", "https://u:p@example.org/a#c"],
  ["search", "x y", "https://u:p@example.org/a?x%20y#c"],
  ["hash", "", "https://u:p@example.org/a?b"],
  ["hash", "x", "https://u:p@example.org/a?b#x"],
]) {
  test(() => {
    const url = new URL("https://u:p@example.org/a?b#c");
    url[member] = value;
    assert_equals(url.href, expected);
  }, `Setting ${member} to "${value}"`);
}

test(() => {
  const url = new URL("https://example.org/?a=1");
  assert_throws_js(TypeError, () => { url.href = "nothing"; });
  assert_equals(url.href, "https://example.org/?a=1");
  url.href = "data:text/plain,x";
  assert_equals(url.origin, "null");
  url.pathname = "y";
  assert_equals(url.href, "data:text/plain,x", "an opaque path does not change");
}, "href takes absolute URLs only");

test(() => {
  assert_equals(new URL("http://EXAMPLE.org:80/%7e/a b").href, "http://example.org/%7e/a%20b");
  assert_equals(new URL("http://faß.example/").hostname, "xn--fa-hia.example");
  assert_equals(new URL("http://0x7f.1/").hostname, "127.0.0.1");
  assert_equals(new URL("http://[::1]:8/").host, "[::1]:8");
  assert_equals(new URL("//x", "file:///a").href, "file://x/");
  assert_equals(new URL("blob:https://example.org/id").origin, "https://example.org");
}, "Hosts and paths are normalized");
