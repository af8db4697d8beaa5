/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=appendChild(), insertBefore(), replaceChild() and removeChild()

"use strict";

function names(parent) {
  return Array.from(parent.childNodes, child => child.nodeName).join();
}

function tree() {
  const parent = document.createElement("div");
  parent.append(document.createElement("a"), document.createElement("b"));
  return parent;
}

test(() => {
  const parent = tree();
  const child = document.createElement("i");
  assert_equals(parent.appendChild(child), child);
  assert_equals(names(parent), "A,B,I");
  assert_equals(parent.appendChild(parent.firstChild).nodeName, "A");
  assert_equals(names(parent), "B,I,A", "a child moves");
  assert_equals(child.parentNode, parent);
  assert_equals(child.previousSibling.nodeName, "B");
  assert_equals(child.nextSibling, parent.lastChild);
}, "appendChild() puts a node at the end");

test(() => {
  const parent = tree();
  const child = document.createElement("i");
  assert_equals(parent.insertBefore(child, parent.lastChild), child);
  assert_equals(names(parent), "A,I,B");
  parent.insertBefore(child, child);
  assert_equals(names(parent), "A,I,B", "before itself");
  parent.insertBefore(child, null);
  assert_equals(names(parent), "A,B,I");
  parent.insertBefore(child, undefined);
  assert_equals(names(parent), "A,B,I");
  assert_throws_js(TypeError, () => parent.insertBefore(child));
  assert_throws_dom("NotFoundError", () => parent.insertBefore(child, document.body));
}, "insertBefore() puts a node before a child, or at the end");

test(() => {
  const parent = tree();
  const [a, b] = parent.childNodes;
  const child = document.createElement("i");
  assert_equals(parent.replaceChild(child, a), a);
  assert_equals(names(parent), "I,B");
  assert_equals(a.parentNode, null);
  parent.replaceChild(b, child);
  assert_equals(names(parent), "B", "the new child was a sibling");
  parent.replaceChild(b, b);
  assert_equals(names(parent), "B", "a child replaces itself");
  assert_throws_dom("NotFoundError", () => parent.replaceChild(child, a));
  assert_throws_dom("HierarchyRequestError", () => b.replaceChild(parent, a));
}, "replaceChild() puts one in the place of another");

test(() => {
  const parent = tree();
  const child = parent.firstChild;
  assert_equals(parent.removeChild(child), child);
  assert_equals(names(parent), "B");
  assert_equals(child.nextSibling, null);
  assert_throws_dom("NotFoundError", () => parent.removeChild(child));
  assert_throws_js(TypeError, () => parent.removeChild(null));
}, "removeChild() takes a child out");

test(() => {
  const parent = tree();
  const child = parent.firstChild;
  for (const node of [parent, document, child.ownerDocument]) {
    assert_throws_dom("HierarchyRequestError", () => child.appendChild(node));
  }
  const text = document.createTextNode("x");
  assert_throws_dom("HierarchyRequestError", () => text.appendChild(child));
  assert_throws_dom("HierarchyRequestError", () => document.appendChild(text));
  assert_throws_dom("HierarchyRequestError", () => document.appendChild(child), "a second root");
  assert_throws_dom("HierarchyRequestError", () => document.appendChild(document.doctype.cloneNode()));
  assert_throws_dom("HierarchyRequestError", () => parent.appendChild(document.doctype));
  assert_equals(names(parent), "A,B");
}, "A tree stays a tree");

test(() => {
  const parent = tree();
  const fragment = document.createDocumentFragment();
  fragment.append(document.createElement("i"), "text");
  assert_equals(parent.insertBefore(fragment, parent.lastChild), fragment);
  assert_equals(names(parent), "A,I,#text,B");
  assert_false(fragment.hasChildNodes());
  parent.appendChild(fragment);
  assert_equals(names(parent), "A,I,#text,B", "an empty one changes nothing");
}, "Of a fragment the children are inserted");
