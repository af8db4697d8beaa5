/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Content types of scripts and documents
// META: script=/support/common.sub.js

"use strict";

const url = (text, type, pipe = "") =>
  `/handlers/body?type=${encodeURIComponent(type)}&text=${encodeURIComponent(text)}&pipe=${pipe}`;
const nosniff = "header(X-Content-Type-Options,nosniff)";

async function runs(t, src, type = "") {
  const script = document.createElement("script");
  t.add_cleanup(() => script.remove());
  script.type = type;
  script.src = src;
  window.ran = false;
  const outcome = new Promise(resolve => {
    script.onload = script.onerror = event => resolve(event.type);
  });
  document.body.append(script);
  const expected = await outcome === "load";
  assert_equals(window.ran, expected, "the event tells whether it ran");
  return expected;
}

for (const [type, classic, strict] of [
  ["text/javascript", true, true],
  ["application/javascript", true, true],
  ["application/x-ecmascript", true, true],
  ["TEXT/JavaScript; charset=utf-8", true, true],
  ["text/plain", true, false],
  ["text/html", true, false],
  ["application/json", true, false],
  ["nonsense", true, false],
  ["", true, false],
  ["image/png", false, false],
  ["audio/ogg", false, false],
  ["video/mp4", false, false],
  ["text/csv", false, false],
]) {
  promise_test(async t => {
    assert_equals(await runs(t, url("ran = true", type)), classic, "classic");
    assert_equals(await runs(t, url("ran = true", type, nosniff)), strict, "nosniff");
    assert_equals(await runs(t, url("window.ran = true", type), "module"), strict, "module");
  }, `"${type}" as a script`);
}

promise_test(async t => {
  for (const status of [404, 500, 403]) {
    assert_false(await runs(t, url("ran = true", "text/javascript", `status(${status})`)));
    assert_false(await runs(t, url("window.ran = true", "text/javascript", `status(${status})`), "module"));
  }
  assert_true(await runs(t, url("ran = true", "text/javascript", "status(201)")));
}, "Error statuses are errors");

async function load(t, src) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = src;
  document.body.append(frame);
  await nextEvent(frame, "load");
  return frame.contentDocument;
}

promise_test(async t => {
  const { body, contentType } = await load(t, url("<b>a</b>\n&amp;", "text/plain"));
  assert_equals(body.textContent, "<b>a</b>\n&amp;");
  assert_equals(body.firstChild.localName, "pre");
  assert_equals(contentType, "text/plain");
}, "Text as a document");

promise_test(async t => {
  const { body, title } = await load(t, url("<title>T</title><p>x", "text/html", "status(404)"));
  assert_equals(title, "T");
  assert_equals(body.innerHTML, "<p>x</p>");
}, "The page of an error is shown");

promise_test(async t => {
  const there = await load(t, htmlURL("<title>first</title>"));
  const frame = document.querySelector("iframe");
  frame.contentWindow.location = url("", "text/html", "status(204)");
  await fetch("/handlers/echo");
  await task();
  assert_equals(frame.contentDocument, there, "204 leaves the old document");
}, "No content");
