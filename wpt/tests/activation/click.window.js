/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=navigator.userActivation and a click
// META: script=/support/common.sub.js
// META: script=/resources/testdriver.js
// META: script=/resources/testdriver-vendor.js

"use strict";

const { userActivation } = navigator;

function button(t, attributes = {}) {
  const element = document.createElement("button");
  element.id = "button";
  element.textContent = "button";
  Object.assign(element, attributes);
  document.body.append(element);
  t.add_cleanup(() => element.remove());
  return element;
}

test(t => {
  assert_true(userActivation instanceof UserActivation);
  assert_equals(navigator.userActivation, userActivation);
  assert_false(userActivation.isActive);
  assert_false(userActivation.hasBeenActive);
  assert_throws_js(TypeError, () => new UserActivation());
  assert_throws_js(TypeError, () => { userActivation.isActive = true; });
}, "Before the user has done anything");

promise_test(async t => {
  const element = button(t);
  element.click();
  element.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  element.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
  element.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "a" }));
  await task();
  assert_false(userActivation.isActive);
  assert_false(userActivation.hasBeenActive);
}, "What script makes does not activate");

promise_test(async t => {
  const element = button(t);
  let during;
  element.onclick = event => {
    during = [event.isTrusted, userActivation.isActive, userActivation.hasBeenActive];
  };
  await test_driver.click(element);
  assert_array_equals(during, [true, true, true]);
  assert_true(userActivation.isActive, "a task later it is still active");
}, "A click of the user does");

promise_test(async t => {
  const element = button(t);
  const log = [];
  for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
    element.addEventListener(type, event => log.push(`${event.type} ${event.isTrusted}`));
  }
  await test_driver.click(element);
  assert_equals(log.at(-1), "click true");
  assert_equals(log.filter(it => it.startsWith("click")).length, 1);
}, "A click is one trusted click event");

promise_test(async t => {
  let ran;
  const result = await test_driver.bless("something", () => {
    ran = userActivation.isActive;
    return "result";
  });
  assert_true(ran);
  assert_equals(result, "result");
}, "bless() runs a function while the user is active");

promise_test(async t => {
  const element = button(t);
  await test_driver.click(element);
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  frame.src = htmlURL("x");
  document.body.append(frame);
  await nextEvent(frame, "load");
  assert_false(frame.contentWindow.navigator.userActivation.isActive);
  assert_false(frame.contentWindow.navigator.userActivation.hasBeenActive);
}, "A frame that comes later has not been active");
