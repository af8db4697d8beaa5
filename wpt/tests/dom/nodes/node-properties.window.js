/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */
// META: title=What every node has

"use strict";

const doctype = document.doctype;
const samples = [
  [document.createElement("p"), 1, "P", null],
  [document.createTextNode("t"), 3, "#text", "t"],
  [document.createComment("c"), 8, "#comment", "c"],
  [document, 9, "#document", null],
  [doctype, 10, "html", null],
  [document.createDocumentFragment(), 11, "#document-fragment", null],
];

for (const [node, type, name, value] of samples) {
  test(() => {
    assert_equals(node.nodeType, type);
    assert_equals(node.nodeName, name);
    assert_equals(node.nodeValue, value);
    assert_equals(node.ownerDocument, node === document ? null : document);
    assert_true(node instanceof Node);
    node.nodeValue = "new";
    assert_equals(node.nodeValue, value === null ? null : "new");
    node.nodeValue = null;
    assert_equals(node.nodeValue, value === null ? null : "");
    assert_equals(node.baseURI, document.URL);
  }, `nodeType and so on of ${name}`);
}

test(() => {
  const parent = document.createElement("div");
  parent.innerHTML = "a<b></b>c";
  const [a, b, c] = parent.childNodes;
  assert_equals(parent.firstChild, a);
  assert_equals(parent.lastChild, c);
  assert_equals(a.nextSibling, b);
  assert_equals(c.previousSibling, b);
  assert_equals(a.previousSibling, null);
  assert_equals(c.nextSibling, null);
  assert_equals(b.parentNode, parent);
  assert_equals(b.parentElement, parent);
  assert_equals(parent.parentElement, null);
  assert_equals(document.documentElement.parentElement, null);
  assert_equals(document.documentElement.parentNode, document);
  assert_true(parent.hasChildNodes());
  assert_false(b.hasChildNodes());
  assert_equals(a.nextElementSibling, b);
  assert_equals(c.previousElementSibling, b);
  assert_equals(b.nextElementSibling, null);
}, "The way from node to node");

test(() => {
  assert_equals(doctype.name, "html");
  assert_equals(doctype.publicId, "");
  assert_equals(doctype.systemId, "");
  assert_equals(doctype.parentNode, document);
  assert_equals(document.childNodes[0], doctype);
}, "The doctype");

test(() => {
  assert_throws_js(TypeError, () => new Node());
  assert_throws_js(TypeError, () => Node.prototype.nodeType);
  assert_throws_js(TypeError, () => Node.prototype.appendChild.call({}, document));
}, "Node is abstract");
