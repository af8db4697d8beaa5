/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// Blob URLs of scripts and frames.

"use strict";

function element(name, src) {
  const made = document.createElement(name);
  made.src = src;
  return new Promise((resolve, reject) => {
    made.addEventListener("load", () => resolve(made));
    made.addEventListener("error", () => reject(new Error(`${name} did not load`)));
    document.body.appendChild(made);
  });
}

promise_test(async () => {
  const url = URL.createObjectURL(new Blob(["globalThis.ran = document.currentScript.src"]));
  assert_equals(new URL(url).protocol, "blob:");
  assert_equals(new URL(url).origin, new URL(document.URL).origin);
  assert_not_equals(url, URL.createObjectURL(new Blob()));
  await element("script", `${url}#fragment`);
  assert_equals(globalThis.ran, `${url}#fragment`);
}, "A script from a blob URL");

promise_test(async t => {
  const url = URL.createObjectURL(new Blob(["globalThis.ran = 0"]));
  URL.revokeObjectURL(url);
  URL.revokeObjectURL(url);
  URL.revokeObjectURL("https://example.org/");
  await promise_rejects_js(t, Error, element("script", url));
}, "A revoked URL leads to nothing");

promise_test(async () => {
  const url = URL.createObjectURL(new Blob(["globalThis.late = 1"]));
  const loaded = element("script", url);
  URL.revokeObjectURL(url);
  await loaded;
  assert_equals(globalThis.late, 1);
}, "A URL that is revoked after the load has begun");

promise_test(async () => {
  const html = "<!DOCTYPE html><title>In a blob</title>";
  const url = URL.createObjectURL(new Blob([html], { type: "text/html;charset=utf-8" }));
  const frame = await element("iframe", url);
  assert_equals(frame.contentDocument.title, "In a blob");
  assert_equals(frame.contentDocument.URL, url);
  frame.remove();
}, "A frame from a blob URL");
