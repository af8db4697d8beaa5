/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=fetch() across origins
// META: script=/support/common.sub.js

"use strict";

const echo = `${OTHER_ORIGIN}/handlers/echo`;
const allow = (...headers) =>
  "pipe=" + headers.map(([name, value]) =>
    `header(Access-Control-${name},${String(value).replaceAll(",", "\\,")})`).join("|");
const anyone = allow(["Allow-Origin", "*"]);
const us = allow(["Allow-Origin", ORIGIN], ["Allow-Credentials", "true"]);

promise_test(async t => {
  await promise_rejects_js(t, TypeError, fetch(echo));
  await promise_rejects_js(t, TypeError, fetch(`${echo}?${allow(["Allow-Origin", OTHER_ORIGIN])}`));
  await promise_rejects_js(t, TypeError, fetch(echo, { mode: "same-origin" }));
}, "Without consent there is no answer");

promise_test(async () => {
  for (const pipe of [anyone, us]) {
    const response = await fetch(`${echo}?${pipe}`);
    assert_equals(response.type, "cors");
    const { headers } = await response.json();
    assert_equals(headers.origin, ORIGIN);
    assert_equals(headers.referer, `${ORIGIN}/`);
  }
}, "With consent there is");

promise_test(async () => {
  const response = await fetch(echo, { mode: "no-cors" });
  assert_equals(response.type, "opaque");
  assert_equals(response.status, 0);
  assert_equals(response.url, "");
  assert_equals(await response.text(), "");
  assert_array_equals([...response.headers], []);
}, "no-cors gives an opaque answer");

promise_test(async () => {
  const expose = allow(["Allow-Origin", "*"], ["Expose-Headers", "x-one"]);
  const url = `${echo}?${expose}|header(X-One,1)|header(X-Two,2)|header(Cache-Control,no-store)`;
  const { headers } = await fetch(url);
  assert_equals(headers.get("x-one"), "1");
  assert_equals(headers.get("x-two"), null);
  assert_equals(headers.get("cache-control"), "no-store", "one that is always shown");
  assert_equals(headers.get("content-type"), "application/json");
}, "Only some headers are shown");

promise_test(async t => {
  const key = uniqueKey();
  const consent = allow(["Allow-Origin", "*"], ["Allow-Methods", "PUT"], ["Allow-Headers", "x-test"]);
  const url = `${echo}?${consent}|note(${key})`;
  const response = await fetch(url, { method: "PUT", body: "x", headers: { "X-Test": "1" } });
  assert_equals((await response.json()).headers["x-test"], "1");
  const [preflight, actual] = await (await fetch(`/handlers/noted?key=${key}`)).json();
  assert_equals(preflight.method, "OPTIONS");
  assert_equals(preflight.headers["access-control-request-method"], "PUT");
  assert_equals(preflight.headers["access-control-request-headers"], "x-test");
  assert_equals(preflight.headers["x-test"], undefined);
  assert_equals(preflight.headers.origin, ORIGIN);
  assert_equals(actual.method, "PUT");
}, "A preflight asks first");

promise_test(async t => {
  const put = { method: "PUT" };
  const header = { headers: { "X-Test": "1" } };
  await promise_rejects_js(t, TypeError, fetch(`${echo}?${anyone}`, put));
  await promise_rejects_js(t, TypeError, fetch(`${echo}?${anyone}`, header));
  const status = `${allow(["Allow-Origin", "*"], ["Allow-Methods", "PUT"])}|status(404)`;
  await promise_rejects_js(t, TypeError, fetch(`${echo}?${status}`, put));
  const all = allow(["Allow-Origin", "*"], ["Allow-Methods", "*"], ["Allow-Headers", "*"]);
  assert_equals((await fetch(`${echo}?${all}`, { ...put, ...header })).status, 200);
}, "What the preflight does not allow is not sent");

promise_test(async () => {
  const key = uniqueKey();
  const url = `${echo}?${anyone}|note(${key})`;
  await fetch(url, { method: "POST", body: "x", headers: { "Content-Type": "text/plain" } });
  await fetch(url, { headers: { Accept: "a/b", "Accept-Language": "de" } });
  const noted = await (await fetch(`/handlers/noted?key=${key}`)).json();
  assert_array_equals(noted.map(it => it.method), ["POST", "GET"]);
}, "Simple requests need none");

promise_test(async t => {
  const credentials = "include";
  await promise_rejects_js(t, TypeError, fetch(`${echo}?${anyone}`, { credentials }));
  assert_equals((await fetch(`${echo}?${us}`, { credentials })).status, 200);
  await promise_rejects_js(t, TypeError,
    fetch(`${echo}?${allow(["Allow-Origin", ORIGIN])}`, { credentials }));
}, "With credentials the consent names the origin");

promise_test(async t => {
  const to = encodeURIComponent(`${echo}?${anyone}`);
  const response = await fetch(`/handlers/redirect?to=${to}`);
  assert_equals(response.type, "cors");
  assert_equals((await response.json()).headers.origin, ORIGIN);
  const bare = encodeURIComponent(echo);
  await promise_rejects_js(t, TypeError, fetch(`/handlers/redirect?to=${bare}`));
  const back = encodeURIComponent(`${ORIGIN}/handlers/echo?${allow(["Allow-Origin", "*"])}`);
  const there = `${OTHER_ORIGIN}/handlers/redirect?to=${back}&${anyone}`;
  assert_equals((await (await fetch(there)).json()).headers.origin, "null", "and back again");
}, "A redirect to another origin");
