/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=dataset

"use strict";

test(() => {
  const element = document.createElement("p");
  element.setAttribute("data-foo", "1");
  element.setAttribute("data-foo-bar", "2");
  element.setAttribute("data--x", "3");
  element.setAttribute("data-1", "4");
  element.setAttribute("data", "5");
  element.setAttribute("data-", "6");
  assert_equals(element.dataset.foo, "1");
  assert_equals(element.dataset.fooBar, "2");
  assert_equals(element.dataset.X, "3");
  assert_equals(element.dataset[1], "4");
  assert_equals(element.dataset[""], "6");
  assert_equals(element.dataset.bar, undefined);
  assert_array_equals(Object.keys(element.dataset), ["foo", "fooBar", "X", "1", ""]);
}, "Names are in camel case");

test(() => {
  const element = document.createElement("p");
  element.dataset.someName = 5;
  assert_equals(element.getAttribute("data-some-name"), "5");
  element.dataset.A = "x";
  assert_equals(element.getAttribute("data--a"), "x");
  element.dataset[""] = "y";
  assert_equals(element.getAttribute("data-"), "y");
  assert_throws_dom("SyntaxError", () => { element.dataset["a-b"] = "x"; });
  assert_throws_dom("InvalidCharacterError", () => { element.dataset["a b"] = "x"; });
  element.dataset["a-1"] = "ok";
  assert_equals(element.getAttribute("data-a-1"), "ok");
}, "Writing makes attributes");

test(() => {
  const element = document.createElement("p");
  element.dataset.a = "1";
  assert_true("a" in element.dataset);
  assert_true(delete element.dataset.a);
  assert_false("a" in element.dataset);
  assert_false(element.hasAttribute("data-a"));
  assert_true(delete element.dataset.a);
  assert_equals(element.dataset, element.dataset);
  assert_true(element.dataset instanceof DOMStringMap);
}, "Deleting removes them");

test(() => {
  const element = document.createElement("p");
  element.dataset.toString = "x";
  assert_equals(element.dataset.toString, "x");
  assert_equals(element.getAttribute("data-to-string"), "x");
  const descriptor = Object.getOwnPropertyDescriptor(element.dataset, "toString");
  assert_equals(descriptor.value, "x");
  assert_true(descriptor.writable && descriptor.enumerable && descriptor.configurable);
}, "A name hides what the prototype has");
