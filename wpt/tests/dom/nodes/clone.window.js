/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=cloneNode()

"use strict";

test(() => {
  const source = document.createElement("div");
  source.id = "a";
  source.setAttribute("data-x", "1");
  source.innerHTML = "<p class=b>text<!--c--></p>";
  const shallow = source.cloneNode();
  assert_equals(shallow.outerHTML, `<div id="a" data-x="1"></div>`);
  assert_equals(shallow.parentNode, null);
  assert_equals(shallow.ownerDocument, document);
  const deep = source.cloneNode(true);
  assert_equals(deep.outerHTML, source.outerHTML);
  assert_not_equals(deep.firstChild, source.firstChild);
  deep.firstChild.className = "c";
  assert_equals(source.firstChild.className, "b");
}, "A clone has the attributes, and the children when it is asked for them");

test(() => {
  const source = document.createElement("div");
  source.expando = 1;
  let clicks = 0;
  source.addEventListener("click", () => ++clicks);
  source.onclick = () => ++clicks;
  const clone = source.cloneNode(true);
  clone.click();
  assert_equals(clicks, 0);
  assert_equals(clone.expando, undefined);
  assert_equals(clone.onclick, null);
}, "Listeners and properties of script are not cloned");

test(() => {
  const source = document.createElement("div");
  source.setAttribute("onclick", "this.title = 'clicked'");
  const clone = source.cloneNode();
  clone.click();
  assert_equals(clone.title, "clicked");
  assert_equals(source.title, "");
}, "A handler in an attribute is");

test(() => {
  const text = document.createTextNode("t");
  assert_equals(text.cloneNode().data, "t");
  assert_equals(document.createComment("c").cloneNode().data, "c");
  const doctype = document.doctype.cloneNode();
  assert_equals(doctype.name, "html");
  assert_equals(doctype.ownerDocument, document);
  const fragment = document.createDocumentFragment();
  fragment.append("x");
  assert_equals(fragment.cloneNode().childNodes.length, 0);
  assert_equals(fragment.cloneNode(true).textContent, "x");
}, "Every kind of node can be cloned");

test(() => {
  const template = document.createElement("template");
  template.innerHTML = "<b>x</b>";
  assert_equals(template.cloneNode(true).innerHTML, "<b>x</b>");
  assert_equals(template.cloneNode().innerHTML, "");
}, "The content of a template is cloned with its children");

test(() => {
  const element = document.createElementNS("urn:a", "p:local");
  element.setAttributeNS("urn:b", "q:name", "v");
  const clone = element.cloneNode();
  assert_equals(clone.namespaceURI, "urn:a");
  assert_equals(clone.prefix, "p");
  assert_equals(clone.localName, "local");
  assert_equals(clone.getAttributeNS("urn:b", "name"), "v");
}, "Namespaces stay");
