/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Aborting a fetch
// META: script=/support/common.sub.js

"use strict";

promise_test(async t => {
  const controller = new AbortController();
  controller.abort();
  await promise_rejects_dom(t, "AbortError", fetch("/handlers/echo", controller));
  await promise_rejects_exactly(t, "why", fetch("/", { signal: AbortSignal.abort("why") }));
}, "Before it begins");

promise_test(async t => {
  const controller = new AbortController();
  const promise = fetch("/handlers/echo?pipe=never", { signal: controller.signal });
  controller.abort();
  await promise_rejects_dom(t, "AbortError", promise);
  const later = fetch("/handlers/echo?pipe=never", { signal: AbortSignal.timeout(1) });
  await promise_rejects_dom(t, "TimeoutError", later);
}, "While it waits for the answer");

promise_test(async t => {
  const key = uniqueKey();
  const controller = new AbortController();
  const url = `/handlers/body?text=0123456789&pipe=hold(${key},4)`;
  const response = await fetch(url, { signal: controller.signal });
  const text = response.text();
  controller.abort("enough");
  await promise_rejects_exactly(t, "enough", text);
  assert_true(response.bodyUsed);
  release(key);
}, "While the body is read");

promise_test(async () => {
  const controller = new AbortController();
  const response = await fetch("/handlers/body?text=x", { signal: controller.signal });
  assert_equals(await response.text(), "x");
  controller.abort();
}, "Afterwards it does nothing");

promise_test(async t => {
  const controller = new AbortController();
  const request = new Request("/handlers/echo?pipe=never", { signal: controller.signal });
  assert_not_equals(request.signal, controller.signal);
  const promise = fetch(request);
  const copy = request.clone();
  controller.abort("both");
  assert_true(request.signal.aborted);
  assert_true(copy.signal.aborted);
  assert_equals(copy.signal.reason, "both");
  await promise_rejects_exactly(t, "both", promise);
  await promise_rejects_exactly(t, "both", fetch(copy));
}, "A request has a signal of its own that follows");

promise_test(async t => {
  const controller = new AbortController();
  const log = [];
  const promise = fetch("/handlers/echo?pipe=never", { signal: controller.signal })
    .catch(() => log.push("rejected"));
  controller.signal.addEventListener("abort", () => log.push("event"));
  controller.abort();
  log.push("sync");
  await promise;
  assert_array_equals(log, ["event", "sync", "rejected"]);
  await promise_rejects_js(t, TypeError, fetch("/", { signal: {} }));
}, "Order, and what is no signal");
