/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=fetch()
// META: script=/support/common.sub.js

"use strict";

promise_test(async () => {
  const response = await fetch("/handlers/body?type=text/plain&text=hello");
  assert_true(response instanceof Response);
  assert_equals(response.status, 200);
  assert_equals(response.statusText, "OK");
  assert_true(response.ok);
  assert_equals(response.type, "basic");
  assert_false(response.redirected);
  assert_equals(response.url, `${ORIGIN}/handlers/body?type=text/plain&text=hello`);
  assert_equals(response.headers.get("content-type"), "text/plain");
  assert_false(response.bodyUsed);
  assert_equals(await response.text(), "hello");
  assert_true(response.bodyUsed);
}, "A response");

promise_test(async () => {
  const response = await fetch("/handlers/echo?pipe=status(404)#fragment");
  assert_equals(response.status, 404);
  assert_false(response.ok);
  assert_equals(response.url, `${ORIGIN}/handlers/echo?pipe=status(404)`);
  assert_equals((await response.json()).method, "GET");
}, "An error status is a response, too");

promise_test(async () => {
  const response = await fetch("/handlers/echo", {
    method: "POST", body: "a=é", headers: { "X-Test": "yes", "Content-Type": "text/x-y" },
  });
  const { method, headers, body } = await response.json();
  assert_equals(method, "POST");
  assert_equals(headers["x-test"], "yes");
  assert_equals(headers["content-type"], "text/x-y");
  assert_equals(headers["content-length"], "4");
  assert_equals(body, "a=é");
  assert_equals(headers.origin, ORIGIN);
}, "A method, headers and a body");

for (const [name, body, type, text] of [
  ["a string", "ä", "text/plain;charset=UTF-8", "ä"],
  ["parameters", new URLSearchParams("a=b c"), "application/x-www-form-urlencoded;charset=UTF-8", "a=b+c"],
  ["a blob", new Blob(["x"], { type: "text/x-blob" }), "text/x-blob", "x"],
  ["a blob without a type", new Blob(["x"]), undefined, "x"],
  ["an array buffer", new Uint8Array([0x61, 0x62]).buffer, undefined, "ab"],
  ["a view", new Uint8Array([0x61, 0x62]).subarray(1), undefined, "b"],
  ["an object", {}, "text/plain;charset=UTF-8", "[object Object]"],
]) {
  promise_test(async () => {
    const echo = await (await fetch("/handlers/echo", { method: "PUT", body })).json();
    assert_equals(echo.headers["content-type"], type);
    assert_equals(echo.body, text);
  }, `The body can be ${name}`);
}

promise_test(async t => {
  for (const url of ["http://", "http://u:p@h/", "ftp://h/", "unknown:x", "mailto:a@b"]) {
    await promise_rejects_js(t, TypeError, fetch(url), url);
  }
  await promise_rejects_js(t, TypeError, fetch("/handlers/echo", { body: "x" }), "GET has no body");
  await promise_rejects_js(t, TypeError, fetch("/", { method: "CONNECT" }));
  await promise_rejects_js(t, TypeError, fetch("/", { method: "a b" }));
  await promise_rejects_js(t, TypeError, fetch("/", { mode: "navigate" }));
  await promise_rejects_js(t, TypeError, fetch());
}, "What is no request rejects");

promise_test(async t => {
  await promise_rejects_js(t, TypeError, fetch("http://127.0.0.1:1/"));
  const response = await fetch("/handlers/body?text=0123456789&pipe=truncate(4)");
  await promise_rejects_js(t, TypeError, response.text());
}, "Network errors are TypeErrors");

promise_test(async () => {
  const echo = async init => (await (await fetch("/handlers/echo", init)).json());
  assert_equals((await echo({ method: "post" })).method, "POST", "some methods are normalized");
  assert_equals((await echo({ method: "ChICKEN" })).method, "ChICKEN");
  const { headers } = await echo();
  assert_equals(headers.accept, "*/*");
  assert_equals(headers.referer, location.href);
  assert_equals(headers.origin, undefined, "a simple request of the same origin has none");
  assert_equals(headers["user-agent"], navigator.userAgent);
}, "What is sent along");

promise_test(async () => {
  const response = await fetch("data:text/plain;charset=x,a%20b");
  assert_equals(response.status, 200);
  assert_equals(response.headers.get("content-type"), "text/plain;charset=x");
  assert_equals(await response.text(), "a b");
  const binary = await fetch("data:;base64,AAH/");
  assert_array_equals([...new Uint8Array(await binary.arrayBuffer())], [0, 1, 255]);
  assert_equals(binary.headers.get("content-type"), "text/plain;charset=US-ASCII");
}, "A data URL");
