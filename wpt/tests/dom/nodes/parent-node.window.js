/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=append(), prepend() and replaceChildren()

"use strict";

function tree() {
  const parent = document.createElement("div");
  parent.innerHTML = "<a></a><b></b>";
  return parent;
}

test(() => {
  const parent = tree();
  const child = document.createElement("i");
  assert_equals(parent.append("x", child, "", "y"), undefined);
  assert_equals(parent.innerHTML, "<a></a><b></b>x<i></i>y");
  assert_equals(parent.childNodes.length, 6, "an empty string is a text node, too");
  parent.append();
  assert_equals(parent.childNodes.length, 6);
  parent.append(null, undefined, 5);
  assert_equals(parent.innerHTML, "<a></a><b></b>x<i></i>ynullundefined5");
}, "append() takes nodes and strings");

test(() => {
  const parent = tree();
  parent.prepend("x", parent.lastChild, "y");
  assert_equals(parent.innerHTML, "x<b></b>y<a></a>");
}, "prepend() puts them first, in their order");

test(() => {
  const parent = tree();
  const [a, b] = parent.children;
  parent.replaceChildren(b, "x");
  assert_equals(parent.innerHTML, "<b></b>x");
  assert_equals(a.parentNode, null);
  parent.replaceChildren();
  assert_equals(parent.innerHTML, "");
}, "replaceChildren() leaves only what it is given");

test(() => {
  const parent = tree();
  const a = parent.firstChild;
  for (const method of ["append", "prepend", "replaceChildren"]) {
    assert_throws_dom("HierarchyRequestError", () => a[method](parent));
  }
  assert_equals(parent.innerHTML, "<a></a><b></b>");
  assert_throws_dom("HierarchyRequestError", () => a.replaceChildren("x", parent));
}, "Nothing is inserted into itself");

test(() => {
  const fragment = document.createDocumentFragment();
  fragment.append("1", document.createElement("p"));
  fragment.prepend(document.createElement("q"));
  assert_equals(fragment.childElementCount, 2);
  assert_equals(fragment.firstElementChild.localName, "q");
  assert_equals(fragment.lastElementChild.localName, "p");
  const parent = tree();
  parent.append(fragment, "2");
  assert_equals(parent.innerHTML, "<a></a><b></b><q></q>1<p></p>2");
  assert_throws_dom("HierarchyRequestError", () => document.append("text"));
  assert_throws_dom("HierarchyRequestError", () => document.prepend(document.createElement("p")));
}, "Fragments and documents are parents, too");

test(() => {
  const parent = tree();
  parent.append("x");
  assert_equals(parent.childElementCount, 2);
  assert_equals(parent.children.length, 2);
  assert_equals(parent.lastElementChild.localName, "b");
  assert_equals(document.firstElementChild, document.documentElement);
  assert_equals(document.childElementCount, 1);
}, "Elements are counted apart");

test(() => {
  const unscopables = Element.prototype[Symbol.unscopables];
  for (const name of ["append", "prepend", "replaceChildren", "before", "after", "replaceWith", "remove"]) {
    assert_true(unscopables[name], name);
  }
}, "The names are hidden from handler attributes");
