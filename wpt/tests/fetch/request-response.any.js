/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Request and Response

"use strict";

const url = "http://example.org/";

test(() => {
  const request = new Request(`${url}a#b`);
  assert_equals(request.url, `${url}a#b`);
  assert_equals(request.method, "GET");
  assert_equals(request.mode, "cors");
  assert_equals(request.credentials, "same-origin");
  assert_equals(request.cache, "default");
  assert_equals(request.redirect, "follow");
  assert_equals(request.referrer, "about:client");
  assert_equals(request.referrerPolicy, "");
  assert_equals(request.integrity, "");
  assert_false(request.keepalive);
  assert_false(request.bodyUsed);
  assert_true(request.signal instanceof AbortSignal);
  assert_true(request.headers instanceof Headers);
}, "A new request");

test(() => {
  const request = new Request(url, {
    method: "put", body: "x", headers: { a: "1" }, mode: "same-origin", credentials: "omit",
    redirect: "manual", cache: "no-store",
  });
  const copy = new Request(request, { method: "DELETE" });
  assert_equals(copy.method, "DELETE");
  assert_equals(copy.headers.get("a"), "1");
  assert_equals(copy.credentials, "omit");
  assert_equals(copy.redirect, "manual");
  assert_true(request.bodyUsed, "the body has moved");
  assert_throws_js(TypeError, () => new Request(request));
}, "A request from a request");

test(() => {
  for (const [input, init] of [
    ["http://", {}], ["http://u:p@h/", {}], [url, { method: "a b" }], [url, { method: "TRACE" }],
    [url, { body: "x" }], [url, { method: "HEAD", body: "x" }], [url, { mode: "navigate" }],
    [url, { mode: "x" }], [url, { credentials: "x" }], [url, { headers: { "": "" } }],
  ]) {
    assert_throws_js(TypeError, () => new Request(input, init), JSON.stringify(init));
  }
}, "What is no request");

promise_test(async t => {
  const response = new Response("text", { status: 201, statusText: "Made", headers: { a: "1" } });
  assert_equals(response.status, 201);
  assert_equals(response.statusText, "Made");
  assert_true(response.ok);
  assert_equals(response.type, "default");
  assert_equals(response.url, "");
  assert_equals(response.headers.get("content-type"), "text/plain;charset=UTF-8");
  assert_equals(await response.text(), "text");
  await promise_rejects_js(t, TypeError, response.text(), "a body is read once");
  assert_true(response.bodyUsed);
}, "A new response");

test(() => {
  for (const status of [0, 100, 199, 600, NaN]) {
    assert_throws_js(RangeError, () => new Response("", { status }));
  }
  for (const status of [204, 205, 304]) {
    assert_throws_js(TypeError, () => new Response("", { status }));
    assert_equals(new Response(null, { status }).status, status);
  }
  assert_throws_js(TypeError, () => new Response("", { statusText: "a\nb" }));
  const plain = new Response();
  assert_equals(plain.status, 200);
  assert_equals(plain.statusText, "");
}, "Statuses");

promise_test(async () => {
  const error = Response.error();
  assert_equals(error.type, "error");
  assert_equals(error.status, 0);
  const redirect = Response.redirect(url, 307);
  assert_equals(redirect.status, 307);
  assert_equals(redirect.headers.get("location"), url);
  assert_throws_js(RangeError, () => Response.redirect(url, 200));
  assert_throws_js(TypeError, () => Response.redirect("http://"));
  const json = Response.json({ a: [1] }, { status: 202 });
  assert_equals(json.status, 202);
  assert_equals(json.headers.get("content-type"), "application/json");
  assert_equals((await json.json()).a[0], 1);
  assert_throws_js(TypeError, () => Response.json(undefined));
}, "Response.error(), redirect() and json()");

promise_test(async t => {
  const response = new Response("{\"a\": 1}");
  const copy = response.clone();
  assert_equals((await response.json()).a, 1);
  assert_equals(await copy.text(), "{\"a\": 1}");
  assert_throws_js(TypeError, () => copy.clone());
  await promise_rejects_js(t, SyntaxError, new Response("{").json());
  const request = new Request(url, { method: "POST", body: "x" });
  assert_equals(await request.clone().text(), "x");
  assert_equals(await request.text(), "x");
}, "clone() and json()");

promise_test(async () => {
  const bytes = new Uint8Array([0xEF, 0xBB, 0xBF, 0xE2, 0x82, 0xAC, 0xFF]);
  assert_equals(await new Response(bytes).text(), "€\uFFFD");
  assert_equals((await new Response(bytes).arrayBuffer()).byteLength, 7);
  const blob = await new Response(bytes, { headers: { "Content-Type": "A/B" } }).blob();
  assert_equals(blob.type, "a/b");
  assert_equals(blob.size, 7);
  assert_equals(await new Response().text(), "");
}, "text(), arrayBuffer() and blob()");
