/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=before(), after(), replaceWith() and remove()

"use strict";

function tree() {
  const parent = document.createElement("div");
  parent.innerHTML = "<a></a><b></b><c></c>";
  return [parent, ...parent.children];
}

test(() => {
  const [parent, a, b] = tree();
  assert_equals(b.before("x", document.createElement("i")), undefined);
  assert_equals(parent.innerHTML, "<a></a>x<i></i><b></b><c></c>");
  a.before("y");
  assert_equals(parent.firstChild.data, "y");
}, "before()");

test(() => {
  const [parent, , b, c] = tree();
  b.after("x", document.createElement("i"));
  assert_equals(parent.innerHTML, "<a></a><b></b>x<i></i><c></c>");
  c.after("y");
  assert_equals(parent.lastChild.data, "y");
}, "after()");

test(() => {
  const [parent, a, b, c] = tree();
  b.before(a, b, c);
  assert_equals(parent.innerHTML, "<a></a><b></b><c></c>");
  b.before(c, a);
  assert_equals(parent.innerHTML, "<c></c><a></a><b></b>");
  a.after(b, c);
  assert_equals(parent.innerHTML, "<a></a><b></b><c></c>");
  b.after(b, a);
  assert_equals(parent.innerHTML, "<b></b><a></a><c></c>");
}, "Siblings, and the node itself, may be among the arguments");

test(() => {
  const [parent, a, b, c] = tree();
  b.replaceWith("x", c);
  assert_equals(parent.innerHTML, "<a></a>x<c></c>");
  assert_equals(b.parentNode, null);
  a.replaceWith("y", a);
  assert_equals(parent.innerHTML, "y<a></a>x<c></c>");
  c.replaceWith();
  assert_equals(parent.innerHTML, "y<a></a>x");
}, "replaceWith()");

test(() => {
  const [parent, a, b] = tree();
  a.remove();
  a.remove();
  assert_equals(parent.innerHTML, "<b></b><c></c>");
  const text = document.createTextNode("t");
  const comment = document.createComment("c");
  b.after(text, comment);
  text.remove();
  comment.replaceWith("x");
  assert_equals(parent.innerHTML, "<b></b>x<c></c>");
}, "remove(), and the same on text and comments");

test(() => {
  const alone = document.createElement("p");
  alone.before("x");
  alone.after("x");
  alone.replaceWith("x");
  alone.remove();
  assert_equals(alone.parentNode, null);
  assert_equals(alone.nextSibling, null);
}, "Without a parent nothing happens");

test(() => {
  const [parent, a] = tree();
  assert_throws_dom("HierarchyRequestError", () => a.before(parent));
  assert_throws_dom("HierarchyRequestError", () => a.replaceWith(parent));
  assert_equals(a.parentNode, parent);
}, "An ancestor cannot be inserted");
