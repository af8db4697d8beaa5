/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=data: URLs as scripts and documents
// META: script=/support/common.sub.js

"use strict";

promise_test(async t => {
  const script = document.createElement("script");
  t.add_cleanup(() => script.remove());
  script.src = "data:text/javascript,window.fromData = 'a%20b'";
  document.body.append(script);
  await nextEvent(script, "load");
  assert_equals(window.fromData, "a b");
  const other = document.createElement("script");
  other.src = `data:text/javascript;base64,${btoa("window.fromData = 5")}`;
  document.body.append(other);
  await nextEvent(other, "load");
  other.remove();
  assert_equals(window.fromData, 5);
}, "A script");

promise_test(async () => {
  assert_equals((await import("data:text/javascript,export default 7")).default, 7);
}, "A module");

promise_test(async t => {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  const said = nextMessage();
  frame.src = "data:text/html,<script>parent.postMessage([origin, location.href], '*')</script>";
  document.body.append(frame);
  const { data, origin } = await said;
  assert_equals(data[0], "null");
  assert_equals(data[1], frame.src);
  assert_equals(origin, "null");
  assert_equals(frame.contentDocument, null);
  assert_throws_dom("SecurityError", () => frame.contentWindow.document);
}, "A frame, whose origin is opaque");
