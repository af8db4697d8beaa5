/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Activation ends after a while
// META: script=/support/common.sub.js
// META: script=/resources/testdriver.js
// META: script=/resources/testdriver-vendor.js
// META: timeout=long

"use strict";

const { userActivation } = navigator;

promise_test(async () => {
  const begin = performance.now();
  await test_driver.bless("something");
  assert_true(userActivation.isActive);
  while (userActivation.isActive) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  assert_greater_than(performance.now() - begin, 500, "a user is not that quick");
  assert_true(userActivation.hasBeenActive, "but that stays");
}, "It is transient, and sticky");

promise_test(async () => {
  await test_driver.bless("something");
  assert_true(userActivation.isActive);
}, "It comes back with the next click");
