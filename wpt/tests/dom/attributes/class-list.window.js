/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=classList

"use strict";

function sample(value) {
  const element = document.createElement("p");
  if (value !== undefined) {
    element.className = value;
  }
  return element;
}

test(() => {
  const list = sample(" a  b\ta\nc ").classList;
  assert_equals(list.length, 3);
  assert_array_equals([...list], ["a", "b", "c"]);
  assert_equals(list[1], "b");
  assert_equals(list.item(2), "c");
  assert_equals(list.item(3), null);
  assert_equals(list[3], undefined);
  assert_true(list.contains("a"));
  assert_false(list.contains("A"));
  assert_equals(list.value, " a  b\ta\nc ");
  assert_equals(String(list), list.value);
}, "It is an ordered set of the tokens");

test(() => {
  const element = sample("a");
  const list = element.classList;
  assert_equals(element.classList, list);
  list.add("b", "a", "c");
  assert_equals(element.className, "a b c");
  list.remove("a", "x");
  assert_equals(element.className, "b c");
  element.className = "  d  d ";
  assert_equals(list.length, 1);
  list.add("d");
  assert_equals(element.className, "d", "it is written anew");
  list.remove("d");
  assert_equals(element.getAttribute("class"), "");
}, "add() and remove() write the attribute");

test(() => {
  const element = sample();
  element.classList.remove("a");
  assert_false(element.hasAttribute("class"));
  assert_false(element.classList.toggle("a", false));
  assert_false(element.hasAttribute("class"));
}, "What changes nothing makes no attribute");

test(() => {
  const { classList } = sample("a");
  assert_false(classList.toggle("a"));
  assert_true(classList.toggle("a"));
  assert_true(classList.toggle("a", true));
  assert_false(classList.toggle("b", false));
  assert_equals(classList.value, "a");
}, "toggle()");

test(() => {
  const { classList } = sample("a b c");
  assert_true(classList.replace("a", "c"));
  assert_equals(classList.value, "c b");
  assert_false(classList.replace("x", "y"));
  assert_true(classList.replace("b", "d"));
  assert_equals(classList.value, "c d");
}, "replace()");

test(() => {
  const { classList } = sample("a");
  for (const method of ["add", "remove", "toggle"]) {
    assert_throws_dom("SyntaxError", () => classList[method](""));
    assert_throws_dom("InvalidCharacterError", () => classList[method]("a b"));
  }
  assert_throws_dom("SyntaxError", () => classList.replace("a", ""));
  assert_throws_dom("InvalidCharacterError", () => classList.add("x", "y\t"));
  assert_equals(classList.value, "a", "nothing of it was added");
}, "Tokens are not empty and have no space");

test(() => {
  const element = sample("a");
  element.classList = "x y";
  assert_equals(element.className, "x y");
  assert_equals(element.classList.length, 2);
  element.classList.value = "z";
  assert_equals(element.className, "z");
  const seen = [];
  element.classList.forEach((token, index) => seen.push(token, index));
  assert_array_equals(seen, ["z", 0]);
  assert_array_equals([...element.classList.entries()][0], [0, "z"]);
  assert_throws_js(TypeError, () => element.classList.supports("z"));
}, "It is set as a string, and iterated");
