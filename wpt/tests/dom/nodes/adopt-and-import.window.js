/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=adoptNode() and importNode()

"use strict";

const other = document.implementation.createHTMLDocument("Other");

test(() => {
  const source = other.createElement("div");
  source.innerHTML = "<p id=x>text</p>";
  other.body.append(source);
  const copy = document.importNode(source);
  assert_equals(copy.ownerDocument, document);
  assert_equals(copy.childNodes.length, 0);
  assert_equals(source.parentNode, other.body, "the original stays");
  const deep = document.importNode(source, true);
  assert_equals(deep.outerHTML, source.outerHTML);
  assert_equals(deep.firstChild.firstChild.ownerDocument, document);
}, "importNode() copies");

test(() => {
  const source = other.createElement("div");
  source.innerHTML = "<p>text</p>";
  other.body.append(source);
  const inner = source.firstChild;
  assert_equals(document.adoptNode(source), source);
  assert_equals(source.parentNode, null);
  assert_equals(source.ownerDocument, document);
  assert_equals(inner.firstChild.ownerDocument, document);
  assert_equals(inner.parentNode, source);
}, "adoptNode() takes a node over, with all below it");

test(() => {
  const source = other.createElement("div");
  source.append("x");
  document.body.append(source);
  assert_equals(source.ownerDocument, document);
  assert_equals(source.firstChild.ownerDocument, document);
  source.remove();
  assert_equals(source.ownerDocument, document);
}, "To insert a node is to adopt it");

test(() => {
  assert_throws_dom("NotSupportedError", () => document.importNode(other));
  assert_throws_dom("NotSupportedError", () => document.adoptNode(other));
  assert_throws_js(TypeError, () => document.adoptNode(null));
}, "Documents are neither imported nor adopted");

test(() => {
  let clicks = 0;
  const source = other.createElement("p");
  source.addEventListener("click", () => ++clicks);
  source.expando = 1;
  document.adoptNode(source);
  source.click();
  assert_equals(clicks, 1);
  assert_equals(source.expando, 1);
}, "What is adopted keeps its listeners");

test(() => {
  const made = document.implementation.createHTMLDocument("Title");
  assert_equals(made.title, "Title");
  assert_equals(made.doctype.name, "html");
  assert_equals(made.body.childNodes.length, 0);
  assert_equals(made.defaultView, null);
  assert_equals(made.readyState, "complete");
  assert_equals(document.implementation.createHTMLDocument().title, "");
  assert_equals(made.URL, "about:blank");
}, "A document that was created has no window");
