/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=The constructors of mouse, pointer and keyboard events

"use strict";

test(() => {
  const event = new UIEvent("x", { bubbles: true, view: window, detail: 5 });
  assert_equals(event.view, window);
  assert_equals(event.detail, 5);
  assert_true(event.bubbles);
  assert_equals(new UIEvent("x").view, null);
  assert_equals(new UIEvent("x").detail, 0);
  assert_throws_js(TypeError, () => new UIEvent("x", { view: {} }));
  assert_equals(new UIEvent("x", { view: null }).view, null);
}, "UIEvent");

test(() => {
  const event = new MouseEvent("click", {
    screenX: 1, screenY: 2, clientX: 3, clientY: 4, button: 2, buttons: 5,
    ctrlKey: true, shiftKey: true, relatedTarget: document.body,
  });
  assert_equals(event.screenX, 1);
  assert_equals(event.screenY, 2);
  assert_equals(event.clientX, 3);
  assert_equals(event.clientY, 4);
  assert_equals(event.button, 2);
  assert_equals(event.buttons, 5);
  assert_true(event.ctrlKey && event.shiftKey);
  assert_false(event.altKey || event.metaKey);
  assert_true(event.getModifierState("Control"));
  assert_false(event.getModifierState("Alt"));
  assert_equals(event.relatedTarget, document.body);
  assert_true(event instanceof UIEvent);
  assert_throws_js(TypeError, () => new MouseEvent("x", { relatedTarget: {} }));
}, "MouseEvent");

test(() => {
  const event = new MouseEvent("x");
  for (const name of ["screenX", "screenY", "clientX", "clientY", "button", "buttons", "detail"]) {
    assert_equals(event[name], 0, name);
  }
  assert_equals(event.relatedTarget, null);
  assert_equals(event.view, null);
}, "A MouseEvent without members");

test(() => {
  const event = new PointerEvent("pointerdown", {
    pointerId: 7, width: 2, height: 3, pressure: 0.5, tiltX: 10, tiltY: -20, twist: 90,
    tangentialPressure: -0.5, pointerType: "pen", isPrimary: true, clientX: 1,
  });
  assert_equals(event.pointerId, 7);
  assert_equals(event.width, 2);
  assert_equals(event.height, 3);
  assert_equals(event.pressure, 0.5);
  assert_equals(event.tiltX, 10);
  assert_equals(event.tiltY, -20);
  assert_equals(event.twist, 90);
  assert_equals(event.tangentialPressure, -0.5);
  assert_equals(event.pointerType, "pen");
  assert_true(event.isPrimary);
  assert_true(event instanceof MouseEvent);
  const plain = new PointerEvent("x");
  assert_equals(plain.pointerId, 0);
  assert_equals(plain.width, 1);
  assert_equals(plain.height, 1);
  assert_equals(plain.pressure, 0);
  assert_equals(plain.pointerType, "");
  assert_false(plain.isPrimary);
}, "PointerEvent");

test(() => {
  const event = new KeyboardEvent("keydown", {
    key: "a", code: "KeyA", location: 1, repeat: true, isComposing: true, altKey: true,
  });
  assert_equals(event.key, "a");
  assert_equals(event.code, "KeyA");
  assert_equals(event.location, KeyboardEvent.DOM_KEY_LOCATION_LEFT);
  assert_true(event.repeat && event.isComposing && event.altKey);
  assert_true(event.getModifierState("Alt"));
  assert_equals(new KeyboardEvent("x").key, "");
  assert_equals(new KeyboardEvent("x").code, "");
  assert_array_equals([0, 1, 2, 3], [
    KeyboardEvent.DOM_KEY_LOCATION_STANDARD, KeyboardEvent.DOM_KEY_LOCATION_LEFT,
    KeyboardEvent.DOM_KEY_LOCATION_RIGHT, KeyboardEvent.DOM_KEY_LOCATION_NUMPAD,
  ]);
}, "KeyboardEvent");

test(() => {
  for (const value of [NaN, Infinity, "x"]) {
    assert_throws_js(TypeError, () => new PointerEvent("x", { pressure: value }));
  }
  assert_equals(new MouseEvent("x", { button: 65536 + 3 }).button, 3, "a short wraps");
  assert_equals(new UIEvent("x", { detail: 2 ** 32 + 1 }).detail, 1, "a long wraps");
}, "Numbers are converted as their types say");
