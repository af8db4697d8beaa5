/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The encoding of scripts
// META: script=/support/common.sub.js

"use strict";

// text = "é" in windows-1252.
const latin = "74657874203d2022e922";
const utf8 = "74657874203d2022c3a922";

async function run(t, type, bytes, attributes = {}) {
  const script = document.createElement("script");
  t.add_cleanup(() => script.remove());
  Object.assign(script, attributes);
  script.src = `/handlers/body?type=${encodeURIComponent(type)}&hex=${bytes}`;
  window.text = undefined;
  document.body.append(script);
  await nextEvent(script, "load");
  return window.text;
}

promise_test(async t => {
  assert_equals(await run(t, "text/javascript", utf8), "é", "that of the document");
  assert_equals(await run(t, "text/javascript; charset=windows-1252", latin), "é", "of the header");
  assert_equals(await run(t, "text/javascript", latin), "\uFFFD");
  assert_equals(await run(t, "text/javascript; charset=windows-1252", "efbbbf" + utf8), "é",
    "the byte order mark");
}, "Of a classic script");

promise_test(async t => {
  assert_equals(await run(t, "text/javascript", latin, { charset: "windows-1252" }), "é");
  assert_equals(await run(t, "text/javascript; charset=utf-8", utf8, { charset: "windows-1252" }), "é");
}, "The attribute is for scripts whose header says nothing");

promise_test(async t => {
  const type = "text/javascript; charset=windows-1252";
  assert_equals(await run(t, type, "77696e646f772e" + utf8, { type: "module" }), "é");
}, "Modules are UTF-8");
