/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=unhandledrejection and rejectionhandled
// META: script=/support/common.sub.js

"use strict";

setup({ allow_uncaught_exception: true });

function collect(t) {
  const log = [];
  for (const type of ["unhandledrejection", "rejectionhandled"]) {
    const listener = event => {
      log.push(event);
      event.preventDefault();
    };
    addEventListener(type, listener);
    t.add_cleanup(() => removeEventListener(type, listener));
  }
  return log;
}

promise_test(async t => {
  const log = collect(t);
  const reason = new Error("x");
  const promise = Promise.reject(reason);
  await Promise.resolve();
  assert_equals(log.length, 0, "not in a microtask");
  await task();
  await task();
  assert_equals(log.length, 1);
  const [event] = log;
  assert_equals(event.type, "unhandledrejection");
  assert_equals(event.promise, promise);
  assert_equals(event.reason, reason);
  assert_true(event instanceof PromiseRejectionEvent);
  assert_true(event.cancelable);
  assert_false(event.bubbles);
  assert_true(event.isTrusted);
  assert_equals(event.target, window);
}, "A rejection that nobody handles");

promise_test(async t => {
  const log = collect(t);
  const promise = Promise.reject(1);
  queueMicrotask(() => promise.catch(() => {}));
  const other = Promise.reject(2);
  Promise.resolve().then(() => {}).then(() => {}).then(() => other.catch(() => {}));
  await task();
  await task();
  assert_array_equals(log, []);
}, "Handled before the microtasks end");

promise_test(async t => {
  const log = collect(t);
  const promise = Promise.reject("late");
  await task();
  await task();
  promise.catch(() => {});
  await task();
  await task();
  assert_array_equals(log.map(it => it.type), ["unhandledrejection", "rejectionhandled"]);
  assert_equals(log[1].promise, promise);
  assert_equals(log[1].reason, "late");
  assert_false(log[1].cancelable);
}, "Handled later");

promise_test(async t => {
  const log = collect(t);
  const promise = Promise.reject(1);
  const derived = promise.then(() => {});
  await task();
  await task();
  assert_array_equals(log.map(it => it.promise), [derived], "the first one is handled");
}, "Of a chain the last is told");

promise_test(async t => {
  const log = collect(t);
  (async () => { throw 1; })();
  Promise.all([Promise.reject(2)]);
  new Promise(() => { throw 3; });
  await task();
  await task();
  assert_array_equals(log.map(it => it.reason).toSorted(), [1, 2, 3]);
}, "However promises are rejected");

promise_test(async t => {
  let seen;
  window.onunhandledrejection = event => {
    seen = event.reason;
    return false;
  };
  t.add_cleanup(() => { window.onunhandledrejection = null; });
  Promise.reject("handler");
  await task();
  await task();
  assert_equals(seen, "handler");
  assert_true("onrejectionhandled" in window);
}, "As an event handler");

promise_test(async t => {
  const log = collect(t);
  const promise = Promise.reject("in the handler");
  addEventListener("unhandledrejection", () => promise.catch(() => {}), { once: true });
  await task();
  await task();
  await task();
  assert_array_equals(log.map(it => it.type), ["unhandledrejection"]);
}, "Handled while it is told");

promise_test(async t => {
  const log = collect(t);
  const first = Promise.reject("first");
  const second = Promise.reject("second");
  addEventListener("unhandledrejection", () => second.catch(() => {}), { once: true });
  await task();
  await task();
  await task();
  assert_array_equals(log.map(it => [it.type, it.promise]).flat(), ["unhandledrejection", first]);
}, "Handled while another is told");
