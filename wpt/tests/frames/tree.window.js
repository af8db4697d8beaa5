/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=parent, top, frames, length and names
// META: script=/support/common.sub.js

"use strict";

function add(t, name) {
  const frame = document.createElement("iframe");
  t.add_cleanup(() => frame.remove());
  if (name !== undefined) {
    frame.name = name;
  }
  document.body.append(frame);
  return frame;
}

test(() => {
  assert_equals(window.parent, window);
  assert_equals(window.top, window);
  assert_equals(window.self, window);
  assert_equals(window.frames, window);
  assert_equals(window.length, 0);
  assert_equals(window.frameElement, null);
  assert_equals(window.opener, null);
  assert_equals(window.name, "");
  assert_false(window.closed);
  assert_equals(window[0], undefined);
}, "A window without frames");

test(t => {
  const [a, b] = [add(t), add(t)];
  assert_equals(window.length, 2);
  assert_equals(window[0], a.contentWindow);
  assert_equals(frames[1], b.contentWindow);
  assert_equals(window[2], undefined);
  assert_true(1 in window);
  assert_false(2 in window);
  assert_equals(a.contentWindow.parent, window);
  assert_equals(a.contentWindow.top, window);
  assert_equals(a.contentWindow.frameElement, a);
  assert_equals(a.contentWindow.self, a.contentWindow);
  a.remove();
  assert_equals(window.length, 1);
  assert_equals(window[0], b.contentWindow);
}, "Frames by index");

test(t => {
  const frame = add(t, "named");
  assert_equals(window.named, frame.contentWindow);
  assert_true("named" in window);
  assert_equals(frame.contentWindow.name, "named");
  frame.contentWindow.name = "renamed";
  assert_equals(window.renamed, frame.contentWindow);
  assert_equals(window.named, undefined);
  assert_equals(frame.name, "named", "the attribute stays");
  frame.remove();
  assert_equals(window.renamed, undefined);
}, "Frames by name");

test(t => {
  const element = document.createElement("p");
  element.id = "someElement";
  document.body.append(element);
  t.add_cleanup(() => element.remove());
  assert_equals(window.someElement, element);
  assert_true("someElement" in window);
  assert_false(Object.hasOwn(window, "someElement"));
  const frame = add(t, "someElement");
  assert_equals(window.someElement, frame.contentWindow, "frames go before elements");
  frame.remove();
  window.someElement = 5;
  assert_equals(window.someElement, 5, "and properties before both");
  delete window.someElement;
  assert_equals(window.someElement, element);
  const second = document.createElement("b");
  second.id = "someElement";
  element.append(second);
  assert_true(window.someElement instanceof HTMLCollection);
  assert_equals(window.someElement.length, 2);
}, "Elements by id");

test(t => {
  const outer = add(t);
  const inner = outer.contentDocument.createElement("iframe");
  outer.contentDocument.body.append(inner);
  assert_equals(inner.contentWindow.parent, outer.contentWindow);
  assert_equals(inner.contentWindow.top, window);
  assert_equals(outer.contentWindow.length, 1);
  assert_equals(window.length, 1);
  assert_equals(window[0][0], inner.contentWindow);
}, "A frame in a frame");

test(() => {
  for (const name of ["parent", "length", "frames", "self"]) {
    const descriptor = Object.getOwnPropertyDescriptor(window, name);
    assert_equals(typeof descriptor.set, "function", `${name} is replaceable`);
  }
  assert_throws_js(TypeError, () => { window.top = 5; });
  assert_equals(Object.getOwnPropertyDescriptor(window, "top").set, undefined);
  assert_throws_js(TypeError, () => { window[0] = 5; });
}, "What can be replaced");
