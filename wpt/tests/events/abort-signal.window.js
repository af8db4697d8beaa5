/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=AbortSignal and AbortController

"use strict";

test(() => {
  const { signal } = new AbortController();
  assert_false(signal.aborted);
  assert_equals(signal.reason, undefined);
  assert_equals(signal.onabort, null);
  assert_equals(signal.throwIfAborted(), undefined);
  assert_throws_js(TypeError, () => new AbortSignal());
}, "A new signal");

test(() => {
  const controller = new AbortController();
  const log = [];
  controller.signal.onabort = event => log.push(event.type, event.isTrusted, event.bubbles);
  controller.abort();
  controller.abort("again");
  assert_array_equals(log, ["abort", true, false]);
  const { reason } = controller.signal;
  assert_true(reason instanceof DOMException);
  assert_equals(reason.name, "AbortError");
  assert_throws_exactly(reason, () => controller.signal.throwIfAborted());
}, "abort() happens once");

test(() => {
  for (const reason of ["why", 0, null, new Error("x")]) {
    const controller = new AbortController();
    controller.abort(reason);
    assert_equals(controller.signal.reason, reason);
    assert_equals(AbortSignal.abort(reason).reason, reason);
  }
  assert_equals(AbortSignal.abort().reason.name, "AbortError");
  assert_true(AbortSignal.abort().aborted);
}, "A reason of one's own");

promise_test(async () => {
  const signal = AbortSignal.timeout(1);
  assert_false(signal.aborted);
  await new Promise(resolve => { signal.onabort = resolve; });
  assert_equals(signal.reason.name, "TimeoutError");
  assert_throws_js(TypeError, () => AbortSignal.timeout(-1));
}, "AbortSignal.timeout()");

test(() => {
  const [one, two] = [new AbortController(), new AbortController()];
  const any = AbortSignal.any([one.signal, two.signal]);
  assert_false(any.aborted);
  const log = [];
  one.signal.onabort = () => log.push("one", any.aborted);
  any.onabort = () => log.push("any");
  one.abort("reason");
  two.abort("later");
  assert_array_equals(log, ["one", true, "any"]);
  assert_equals(any.reason, "reason");
  assert_true(AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]).aborted);
  assert_equals(AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]).reason, 1);
  assert_false(AbortSignal.any([]).aborted);
}, "AbortSignal.any()");

test(() => {
  const controller = new AbortController();
  const middle = AbortSignal.any([controller.signal]);
  const last = AbortSignal.any([middle]);
  controller.abort();
  assert_true(last.aborted);
  assert_equals(last.reason, controller.signal.reason);
}, "Signals that depend on such signals");
