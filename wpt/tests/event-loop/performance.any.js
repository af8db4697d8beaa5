/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=performance.now() and timeOrigin

"use strict";

test(() => {
  const first = performance.now();
  const second = performance.now();
  assert_equals(typeof first, "number");
  assert_greater_than(first, 0);
  assert_greater_than_equal(second, first);
}, "It never goes back");

test(() => {
  const wall = performance.timeOrigin + performance.now();
  assert_approx_equals(wall, Date.now(), 1000);
  assert_equals(performance.timeOrigin, performance.timeOrigin);
}, "timeOrigin is where it begins");

test(() => {
  assert_true(performance instanceof Performance);
  assert_true(performance instanceof EventTarget);
  assert_throws_js(TypeError, () => new Performance());
  assert_throws_js(TypeError, () => performance.now.call({}));
  const json = performance.toJSON();
  assert_equals(json.timeOrigin, performance.timeOrigin);
}, "The object");

promise_test(async () => {
  const begin = performance.now();
  await new Promise(resolve => setTimeout(resolve, 20));
  const passed = performance.now() - begin;
  assert_greater_than_equal(passed, 19);
  assert_less_than(passed, 5000);
}, "It counts milliseconds");
