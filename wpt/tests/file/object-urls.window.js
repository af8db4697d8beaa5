/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Object URLs
// META: script=/support/common.sub.js

"use strict";

promise_test(async () => {
  const blob = new Blob(["text"], { type: "text/x-test" });
  const url = URL.createObjectURL(blob);
  assert_true(url.startsWith(`blob:${location.origin}/`), url);
  assert_not_equals(URL.createObjectURL(blob), url);
  const response = await fetch(url);
  assert_equals(response.status, 200);
  assert_equals(response.headers.get("Content-Type"), "text/x-test");
  assert_equals(response.headers.get("Content-Length"), "4");
  assert_equals(response.url, url);
  assert_equals(await response.text(), "text");
}, "An object URL is fetched");

promise_test(async t => {
  const url = URL.createObjectURL(new Blob(["x"]));
  assert_equals(URL.revokeObjectURL(url), undefined);
  await promise_rejects_js(t, TypeError, fetch(url));
  URL.revokeObjectURL(url);
  URL.revokeObjectURL("blob:nonsense");
  URL.revokeObjectURL("http://example.org/");
  assert_throws_js(TypeError, () => URL.createObjectURL({}));
  assert_throws_js(TypeError, () => URL.createObjectURL("text"));
}, "Until it is revoked");

promise_test(async t => {
  const url = URL.createObjectURL(new Blob(["x"]));
  await promise_rejects_js(t, TypeError, fetch(url, { method: "POST" }));
  const head = fetch(`${url}#fragment`);
  assert_equals(await (await head).text(), "x", "a fragment does no harm");
  await promise_rejects_js(t, TypeError, fetch(`${url}?query`));
}, "Which requests it answers");

promise_test(async t => {
  window.fromBlob = 0;
  const script = document.createElement("script");
  t.add_cleanup(() => script.remove());
  script.src = URL.createObjectURL(new Blob(["fromBlob = 1"], { type: "text/javascript" }));
  document.body.append(script);
  await nextEvent(script, "load");
  assert_equals(window.fromBlob, 1);
}, "As a script");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = URL.createObjectURL(new Blob(["<p>in a frame"], { type: "text/html" }));
  document.body.append(frame);
  await nextEvent(frame, "load");
  assert_equals(frame.contentDocument.body.textContent, "in a frame");
  assert_equals(frame.contentWindow.origin, origin);
}, "As a frame, which has the origin of its maker");

promise_test(async () => {
  const text = "export default import.meta.url";
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  assert_equals((await import(url)).default, url);
}, "As a module");
