/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The options of addEventListener()

"use strict";

test(() => {
  const target = new EventTarget();
  let calls = 0;
  const listener = () => ++calls;
  target.addEventListener("x", listener);
  target.addEventListener("x", listener);
  target.addEventListener("x", listener, false);
  target.addEventListener("x", listener, { passive: true });
  target.dispatchEvent(new Event("x"));
  assert_equals(calls, 1, "the same listener counts once");
  target.addEventListener("x", listener, true);
  target.dispatchEvent(new Event("x"));
  assert_equals(calls, 3, "capture makes it another one");
  target.removeEventListener("x", listener, { capture: true });
  target.removeEventListener("x", listener, { once: true });
  target.dispatchEvent(new Event("x"));
  assert_equals(calls, 3);
}, "A listener is its type, its callback and capture");

test(() => {
  const target = new EventTarget();
  let calls = 0;
  target.addEventListener("x", () => {
    ++calls;
    target.dispatchEvent(new Event("x"));
  }, { once: true });
  target.dispatchEvent(new Event("x"));
  target.dispatchEvent(new Event("x"));
  assert_equals(calls, 1);
}, "once");

test(() => {
  const target = new EventTarget();
  let inside;
  target.addEventListener("x", event => {
    event.preventDefault();
    event.returnValue = false;
    inside = event.defaultPrevented;
  }, { passive: true });
  const event = new Event("x", { cancelable: true });
  assert_true(target.dispatchEvent(event));
  assert_false(inside);
  assert_false(event.defaultPrevented);
}, "passive");

test(() => {
  const target = new EventTarget();
  const controller = new AbortController();
  const { signal } = controller;
  let calls = 0;
  target.addEventListener("x", () => ++calls, { signal });
  target.addEventListener("y", () => ++calls, { signal });
  target.dispatchEvent(new Event("x"));
  assert_equals(calls, 1);
  controller.abort();
  target.dispatchEvent(new Event("x"));
  target.dispatchEvent(new Event("y"));
  target.addEventListener("x", () => ++calls, { signal });
  target.dispatchEvent(new Event("x"));
  assert_equals(calls, 1);
}, "signal");

test(() => {
  const target = new EventTarget();
  const controller = new AbortController();
  const log = [];
  target.addEventListener("x", () => {
    log.push("first");
    controller.abort();
  });
  target.addEventListener("x", () => log.push("second"), { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  assert_array_equals(log, ["first"]);
}, "A signal that aborts during the dispatch");

test(() => {
  const target = new EventTarget();
  for (const signal of [null, 5, {}]) {
    assert_throws_js(TypeError, () => target.addEventListener("x", () => {}, { signal }));
  }
  assert_throws_js(TypeError, () => target.addEventListener("x", null, { signal: null }));
  target.addEventListener("x", null);
  target.addEventListener("x", undefined);
  target.removeEventListener("x", null);
  for (const callback of [5, "f()", true, Symbol()]) {
    assert_throws_js(TypeError, () => target.addEventListener("x", callback));
    assert_throws_js(TypeError, () => target.removeEventListener("x", callback));
  }
  assert_throws_js(TypeError, () => target.addEventListener("x"));
}, "What is no listener");

test(() => {
  const read = [];
  const options = new Proxy({}, {
    get(_, name) {
      read.push(name);
    },
  });
  new EventTarget().addEventListener("x", () => {}, options);
  assert_array_equals(read.toSorted(), ["capture", "once", "passive", "signal"]);
  read.length = 0;
  new EventTarget().removeEventListener("x", () => {}, options);
  assert_array_equals(read, ["capture"]);
}, "Which options are read");
