/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=Templates and document fragments

"use strict";

test(() => {
  const parent = document.createElement("div");
  parent.innerHTML = "<template><td>a</td><td>b</td></template>";
  const template = parent.firstChild;
  assert_equals(template.childNodes.length, 0);
  assert_true(template.content instanceof DocumentFragment);
  assert_equals(template.content, template.content);
  assert_equals(template.content.children.length, 2, "cells are allowed, too");
  assert_equals(template.innerHTML, "<td>a</td><td>b</td>");
  assert_equals(parent.innerHTML, "<template><td>a</td><td>b</td></template>");
}, "The content is apart from the children");

test(() => {
  const template = document.createElement("template");
  template.innerHTML = "<b>x</b>";
  assert_equals(template.content.firstChild.localName, "b");
  assert_equals(template.childNodes.length, 0);
  assert_equals(template.textContent, "");
  assert_equals(template.querySelector("b"), null);
  assert_equals(template.content.querySelector("b").textContent, "x");
  assert_equals(template.content.ownerDocument.defaultView, null, "it belongs to an inert document");
}, "innerHTML sets the content");

test(() => {
  window.ran = [];
  const template = document.createElement("template");
  template.innerHTML = "<script>ran.push(1)</scr" + "ipt>";
  document.body.append(template);
  assert_array_equals(window.ran, []);
  const copy = document.importNode(template.content, true);
  assert_array_equals(window.ran, []);
  document.body.append(copy);
  assert_array_equals(window.ran, [], "it was made by innerHTML, so it never runs");
  template.remove();
}, "Scripts in a template are inert");

test(() => {
  const fragment = new DocumentFragment();
  assert_equals(fragment.ownerDocument, document);
  assert_equals(fragment.nodeName, "#document-fragment");
  const child = document.createElement("p");
  child.id = "inside";
  fragment.append(child, "text");
  assert_equals(fragment.getElementById("inside"), child);
  assert_equals(fragment.querySelector("#inside"), child);
  assert_equals(fragment.querySelectorAll("*").length, 1);
  assert_equals(document.getElementById("inside"), null);
  assert_false(child.isConnected);
  assert_equals(child.parentNode, fragment);
  assert_equals(child.parentElement, null);
}, "A fragment is a parent");

test(() => {
  const fragment = new DocumentFragment();
  const children = ["1", "2", "3"].map(text => new Text(text));
  fragment.append(...children);
  const parent = document.createElement("p");
  parent.append(fragment);
  assert_array_equals(parent.childNodes, children);
  assert_equals(fragment.firstChild, null);
  const other = new DocumentFragment();
  other.append(parent);
  parent.replaceWith(...parent.childNodes);
  assert_array_equals(other.childNodes, children);
}, "Its children move out when it is inserted");
