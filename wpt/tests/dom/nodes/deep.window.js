/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Deep trees
// META: timeout=long

"use strict";

const DEPTH = 10000;

function nested() {
  const top = document.createElement("div");
  let inner = top;
  for (let depth = 1; depth < DEPTH; depth++) {
    inner = inner.appendChild(document.createElement("div"));
  }
  inner.append("text");
  return [top, inner];
}

test(() => {
  const [top, inner] = nested();
  assert_equals(top.getElementsByTagName("div").length, DEPTH - 1);
  assert_equals(top.querySelectorAll("div > div:not(:empty)").length, DEPTH - 1);
  assert_equals(top.textContent, "text");
  assert_true(top.contains(inner));
  assert_equals(inner.getRootNode(), top);
  assert_equals(inner.closest(":scope > div"), null);
  assert_equals(top.compareDocumentPosition(inner.firstChild),
    Node.DOCUMENT_POSITION_CONTAINED_BY | Node.DOCUMENT_POSITION_FOLLOWING);
}, "They are searched");

test(() => {
  const [top] = nested();
  assert_equals(top.outerHTML, "<div>".repeat(DEPTH) + "text" + "</div>".repeat(DEPTH));
  const copy = top.cloneNode(true);
  assert_true(copy.isEqualNode(top));
  copy.normalize();
  const other = document.implementation.createHTMLDocument("");
  other.adoptNode(copy);
  assert_equals(copy.getElementsByTagName("div")[DEPTH - 2].ownerDocument, other);
}, "They are written, copied, compared and adopted");

test(() => {
  const [top, inner] = nested();
  const fragment = document.createDocumentFragment();
  fragment.append(top);
  inner.expando = "kept";
  fragment.replaceChildren();
  assert_throws_dom("HierarchyRequestError", () => inner.append(top));
  let outermost = inner;
  while (outermost.parentNode) {
    outermost = outermost.parentNode;
  }
  assert_equals(outermost, top);
  assert_equals(top.querySelector("div:not(:has(div))").expando, "kept");
  inner.remove();
  assert_equals(inner.parentNode, null);
  assert_equals(top.textContent, "");
}, "They are moved and taken apart");

test(() => {
  const element = document.createElement("div");
  element.innerHTML = "<b>".repeat(DEPTH) + "x" + "</b>".repeat(DEPTH) + "<i>y</i>";
  assert_equals(element.getElementsByTagName("b").length, DEPTH);
  assert_equals(element.textContent, "xy");
  assert_equals(element.lastChild.outerHTML, "<i>y</i>");
}, "They are parsed, at least as flat as the parser likes");
