/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Callbacks that are objects

"use strict";

setup({ allow_uncaught_exception: true });

test(() => {
  const target = new EventTarget();
  const log = [];
  const listener = {
    handleEvent(event) {
      log.push(this === listener, event.type);
    },
  };
  target.addEventListener("x", listener);
  target.dispatchEvent(new Event("x"));
  listener.handleEvent = () => log.push("new");
  target.dispatchEvent(new Event("x"));
  assert_array_equals(log, [true, "x", "new"], "it is looked up at each call");
  target.removeEventListener("x", listener);
  target.dispatchEvent(new Event("x"));
  assert_equals(log.length, 3);
}, "handleEvent() is called on its object");

test(() => {
  const target = new EventTarget();
  const listener = function() {
    this.called = true;
  };
  listener.handleEvent = () => assert_unreached();
  target.addEventListener("x", listener);
  target.dispatchEvent(new Event("x"));
  assert_true(target.called, "this is the current target");
}, "A function is called itself");

function reported(listener) {
  const errors = [];
  const note = event => {
    errors.push(event.error);
    event.preventDefault();
  };
  addEventListener("error", note);
  const target = new EventTarget();
  target.addEventListener("x", listener);
  let later = false;
  target.addEventListener("x", () => { later = true; });
  target.dispatchEvent(new Event("x"));
  removeEventListener("error", note);
  assert_true(later, "the next listener is called");
  assert_equals(errors.length, 1);
  return errors[0];
}

test(() => {
  const error = new Error("thrown");
  assert_equals(reported(() => { throw error; }), error);
  assert_equals(reported({ handleEvent() { throw error; } }), error);
  assert_equals(reported({ get handleEvent() { throw error; } }), error);
  assert_equals(reported(() => { throw 5; }), 5);
}, "Exceptions are reported");

test(() => {
  for (const handleEvent of [undefined, null, 5, {}]) {
    const error = reported({ handleEvent });
    assert_true(error instanceof TypeError);
  }
}, "An object without handleEvent() is a TypeError");
