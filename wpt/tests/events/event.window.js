/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Event

"use strict";

test(() => {
  const event = new Event("x");
  assert_equals(event.type, "x");
  for (const name of ["bubbles", "cancelable", "composed", "defaultPrevented", "cancelBubble"]) {
    assert_false(event[name], name);
  }
  assert_true(event.returnValue);
  assert_equals(event.target, null);
  assert_equals(event.currentTarget, null);
  assert_array_equals([Event.NONE, Event.CAPTURING_PHASE, Event.AT_TARGET, Event.BUBBLING_PHASE],
    [0, 1, 2, 3]);
  assert_throws_js(TypeError, () => new Event());
  assert_throws_js(TypeError, () => Event("x"));
  assert_equals(new Event(null).type, "null");
}, "A new event");

test(() => {
  const event = new Event("x", { bubbles: 1, cancelable: "yes", composed: true });
  assert_true(event.bubbles && event.cancelable && event.composed);
  assert_throws_js(TypeError, () => new Event("x", 5));
  assert_false(new Event("x", null).bubbles);
}, "The members of its dictionary");

test(() => {
  const before = performance.now();
  const event = new Event("x");
  const after = performance.now();
  assert_greater_than_equal(event.timeStamp, before);
  assert_less_than_equal(event.timeStamp, after);
}, "timeStamp is on the clock of performance.now()");

test(() => {
  const event = new Event("x", { cancelable: true });
  event.initEvent("y", true, false);
  assert_equals(event.type, "y");
  assert_true(event.bubbles);
  assert_false(event.cancelable);
  event.preventDefault();
  assert_false(event.defaultPrevented);
  event.initEvent("z", false, true);
  event.returnValue = true;
  assert_false(event.defaultPrevented);
  event.returnValue = false;
  assert_true(event.defaultPrevented);
  event.initEvent("z");
  assert_false(event.defaultPrevented);
  assert_throws_js(TypeError, () => event.initEvent());
}, "initEvent() and returnValue");

test(() => {
  const event = new CustomEvent("x", { detail: { a: 1 } });
  assert_equals(event.detail.a, 1);
  assert_equals(new CustomEvent("x").detail, null);
  assert_equals(new CustomEvent("x", { detail: undefined }).detail, null);
  event.initCustomEvent("y", true, true, 5);
  assert_equals(event.detail, 5);
  assert_true(event instanceof Event);
}, "CustomEvent");

test(() => {
  assert_array_equals(new Event("x").composedPath(), []);
  const parent = document.createElement("p");
  const child = parent.appendChild(document.createElement("b"));
  let path;
  parent.addEventListener("x", event => { path = event.composedPath(); });
  const event = new Event("x", { bubbles: true });
  child.dispatchEvent(event);
  assert_array_equals(path, [child, parent]);
  assert_array_equals(event.composedPath(), []);
  document.body.append(parent);
  child.dispatchEvent(event);
  assert_array_equals(path, [child, parent, document.body, document.documentElement, document, window]);
  parent.remove();
}, "composedPath()");

test(() => {
  assert_equals(window.event, undefined);
  const target = new EventTarget();
  let inside;
  target.addEventListener("x", event => {
    inside = [window.event === event];
    target.dispatchEvent(new Event("y"));
    inside.push(window.event === event);
  });
  target.addEventListener("y", () => inside.push(window.event.type));
  target.dispatchEvent(new Event("x"));
  assert_array_equals(inside, [true, "y", true]);
  assert_equals(window.event, undefined);
}, "window.event is the event that is dispatched");
