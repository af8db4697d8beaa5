/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// META: title=fetch() with integrity, keepalive and blob URLs
// META: script=/support/common.sub.js

"use strict";

const sha256 = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

promise_test(async t => {
  const url = "/handlers/body?text=abc";
  const fetched = await fetch(url, { integrity: sha256 });
  assert_equals(await fetched.text(), "abc");
  assert_equals((await fetch(url, { integrity: `sha256-AAAA ${sha256}` })).status, 200);
  assert_equals((await fetch(url, { integrity: "unknown-AAAA" })).status, 200);
  const other = fetch("/handlers/body?text=abd", { integrity: sha256 });
  await promise_rejects_js(t, TypeError, other);
  const opaque = `${OTHER_ORIGIN}/handlers/body?text=abc`;
  await promise_rejects_js(t, TypeError, fetch(opaque, { mode: "no-cors", integrity: sha256 }));
  assert_equals(new Request(url, { integrity: sha256 }).integrity, sha256);
}, "The body must be the expected one");

promise_test(async t => {
  const send = size => fetch("/handlers/echo", {
    method: "POST", keepalive: true, body: "x".repeat(size),
  });
  assert_true(new Request("/", { keepalive: true }).keepalive);
  assert_equals((await send(1000)).status, 200);
  await promise_rejects_js(t, TypeError, send(64 * 1024 + 1));
}, "What is kept alive is small");

promise_test(async () => {
  const url = URL.createObjectURL(new Blob(["kept"], { type: "text/kept" }));
  const request = new Request(url);
  const fetched = fetch(url);
  URL.revokeObjectURL(url);
  const response = await fetched;
  assert_equals(await response.text(), "kept");
  assert_equals(response.headers.get("content-type"), "text/kept");
  assert_equals(response.headers.get("content-length"), "4");
  assert_equals(await (await fetch(request)).text(), "kept");
}, "A blob URL is what it was when the request was made");

promise_test(async t => {
  const head = await fetch("/handlers/body?text=abc", { method: "HEAD" });
  assert_equals(await head.text(), "");
  await promise_rejects_js(t, TypeError, fetch("/", { cache: "only-if-cached" }));
  const cached = fetch(`/handlers/body?text=${uniqueKey()}`, {
    cache: "only-if-cached", mode: "same-origin",
  });
  await promise_rejects_js(t, TypeError, cached);
}, "Responses without a body");

test(() => {
  const request = init => new Request("/x", init);
  assert_equals(request({ referrer: "" }).referrer, "");
  assert_equals(request({ referrer: "/a" }).referrer, `${ORIGIN}/a`);
  assert_equals(request({ referrer: OTHER_ORIGIN }).referrer, "about:client");
  assert_equals(request({ referrerPolicy: "origin" }).referrerPolicy, "origin");
  assert_throws_js(TypeError, () => request({ referrer: "http://" }));
  assert_equals(request({ window: null }).method, "GET");
}, "Referrers");

promise_test(async () => {
  const echo = async init => (await (await fetch("/handlers/echo", init)).json()).headers.referer;
  assert_equals(await echo({ referrer: "/a?b" }), `${ORIGIN}/a?b`);
  assert_equals(await echo({ referrer: "" }), undefined);
  assert_equals(await echo({ referrerPolicy: "origin" }), `${ORIGIN}/`);
}, "Referrers that are sent");
