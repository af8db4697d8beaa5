/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Scripts of other origins
// META: script=/support/common.sub.js

"use strict";

setup({ allow_uncaught_exception: true });

const code = text => `${OTHER_ORIGIN}/handlers/body?type=text/javascript&text=${encodeURIComponent(text)}`;
const consent = "&pipe=header(Access-Control-Allow-Origin,*)";

async function run(t, src, attributes = {}) {
  const script = document.createElement("script");
  t.add_cleanup(() => script.remove());
  for (const [name, value] of Object.entries(attributes)) {
    script.setAttribute(name, value);
  }
  script.src = src;
  const outcome = new Promise(resolve => {
    script.onload = script.onerror = event => resolve(event.type);
  });
  document.body.append(script);
  return outcome;
}

async function firstError(t, src, attributes) {
  const reported = new Promise(resolve => addEventListener("error", event => {
    event.preventDefault();
    resolve(event);
  }, { once: true }));
  await run(t, src, attributes);
  return reported;
}

promise_test(async t => {
  assert_equals(await run(t, code("window.ran = 1")), "load");
  assert_equals(window.ran, 1);
}, "A classic script needs no consent");

promise_test(async t => {
  const error = await firstError(t, code("throw new Error('secret')"));
  assert_equals(error.message, "Script error.");
  assert_equals(error.error, null);
  assert_equals(error.filename, "");
  assert_equals(error.lineno, 0);
  assert_equals(error.colno, 0);
}, "But its errors tell nothing");

promise_test(async t => {
  const src = new URL(code("throw new Error(`open`)") + consent).href;
  const { message, error, filename } = await firstError(t, src, { crossorigin: "" });
  assert_true(message.includes("open"));
  assert_true(error instanceof Error);
  assert_equals(filename, src);
}, "Unless it was fetched with consent");

promise_test(async t => {
  assert_equals(await run(t, code("window.ran = 2"), { crossorigin: "anonymous" }), "error");
  assert_equals(await run(t, code("window.ran = 2"), { type: "module" }), "error");
  assert_not_equals(window.ran, 2);
  assert_equals(await run(t, code("window.ran = 3") + consent, { type: "module" }), "load");
  assert_equals(window.ran, 3);
}, "With crossorigin, and as a module, it needs consent");

promise_test(async t => {
  await promise_rejects_js(t, TypeError, import(code("")));
  assert_equals((await import(code("export default 5") + consent)).default, 5);
}, "As with import()");
