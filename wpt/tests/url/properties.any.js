/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The properties of URL

"use strict";

const sample = "https://user:pass@example.org:8080/a/b?c=d#e";

test(() => {
  const url = new URL(sample);
  assert_equals(url.protocol, "https:");
  assert_equals(url.username, "user");
  assert_equals(url.password, "pass");
  assert_equals(url.host, "example.org:8080");
  assert_equals(url.hostname, "example.org");
  assert_equals(url.port, "8080");
  assert_equals(url.pathname, "/a/b");
  assert_equals(url.search, "?c=d");
  assert_equals(url.hash, "#e");
  assert_equals(url.origin, "https://example.org:8080");
  assert_equals(String(url), sample);
  assert_equals(url.toJSON(), sample);
  assert_equals(JSON.stringify({ url }), `{"url":"${sample}"}`);
}, "Reading");

for (const [property, value, expected] of [
  ["protocol", "http", "http://user:pass@example.org:8080/a/b?c=d#e"],
  ["protocol", "ftp:rest", "ftp://user:pass@example.org:8080/a/b?c=d#e"],
  ["protocol", "data", sample],
  ["username", "", "https://:pass@example.org:8080/a/b?c=d#e"],
  ["username", "a@b", "https://a%40b:pass@example.org:8080/a/b?c=d#e"],
  ["password", "", "https://user@example.org:8080/a/b?c=d#e"],
  ["host", "h:1", "https://user:pass@h:1/a/b?c=d#e"],
  ["host", "h", "https://user:pass@h:8080/a/b?c=d#e"],
  ["hostname", "h", "https://user:pass@h:8080/a/b?c=d#e"],
  ["hostname", "", sample],
  ["port", "443", "https://user:pass@example.org/a/b?c=d#e"],
  ["port", "", "https://user:pass@example.org/a/b?c=d#e"],
  ["port", "90x", "https://user:pass@example.org:90/a/b?c=d#e"],
  ["port", "99999", sample],
  ["pathname", "x?y#z", "https://user:pass@example.org:8080/x%3Fy%23z?c=d#e"],
  ["pathname", "", "https://user:pass@example.org:8080/?c=d#e"],
  ["search", "x y", "https://user:pass@example.org:8080/a/b?x%20y#e"],
  ["search", "?x", "https://user:pass@example.org:8080/a/b?x#e"],
  ["search", "", "https://user:pass@example.org:8080/a/b#e"],
  ["hash", "x", "https://user:pass@example.org:8080/a/b?c=d#x"],
  ["hash", "", "https://user:pass@example.org:8080/a/b?c=d"],
  ["href", "http://h", "http://h/"],
]) {
  test(() => {
    const url = new URL(sample);
    url[property] = value;
    assert_equals(url.href, expected);
  }, `${property} = ${JSON.stringify(value)}`);
}

test(() => {
  const url = new URL(sample);
  assert_throws_js(TypeError, () => { url.href = "no url"; });
  assert_equals(url.href, sample);
  assert_throws_js(TypeError, () => { url.origin = "http://h"; });
}, "href must be a URL, origin is read-only");

test(() => {
  for (const [input, origin] of [
    ["http://h:80/", "http://h"], ["data:x", "null"], ["about:blank", "null"],
    ["blob:https://h/1", "https://h"], ["blob:x", "null"],
  ]) {
    assert_equals(new URL(input).origin, origin, input);
  }
}, "Origins");

test(() => assert_equals(new URL("file:///a").origin, "null"), "The origin of a file");

test(() => {
  const url = new URL("mailto:a");
  url.host = "h";
  url.port = "1";
  url.pathname = "b";
  assert_equals(url.href, "mailto:a");
  assert_equals(url.pathname, "a");
}, "What an opaque path does not have");
